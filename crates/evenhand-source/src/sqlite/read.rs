//! This module gives the rows of a database one after the other.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use evenhand_measure::Problem;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::choose::Database;
use super::trouble::trouble;
use super::value;
use crate::parquet_file::Shown;
use crate::records::{Points, Record, Records};

impl Database {
    /// Shows these columns of every row, with its number from 1, until `take` says that it is enough.
    pub(super) fn each(
        &self,
        connection: &Connection,
        wanted: &str,
        take: &mut dyn FnMut(u64, &Row<'_>) -> Result<bool, Problem>,
    ) -> Result<(), Problem> {
        let trouble = |error| trouble(&self.stored, &error);
        let mut statement = connection.prepare(&self.sql(wanted, "")).map_err(trouble)?;
        let mut rows = statement.query([]).map_err(trouble)?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(trouble)? {
            number += 1;
            if !take(number, row)? {
                return Ok(());
            }
        }
        self.stored.check_unchanged()
    }

    /// Where a row is.
    pub(super) fn row(&self, number: u64) -> String {
        format!("{}, row {number}", self.place)
    }
}

/// Shows the first records, at most so many; says whether these are all.
pub(crate) fn sample(database: &Database, most: u64, take: &mut dyn FnMut(usize, Shown<'_>)) -> Result<bool, Problem> {
    let mut complete = true;
    // Whether all pages hang together is not asked for a look at the first.
    let connection = database.connect_unchecked()?;
    database.each(&connection, "*", &mut |number, row| {
        if number > most {
            complete = false;
            return Ok(false);
        }
        for column in 0..database.columns.len() {
            let value = row.get_ref(column).map_err(|error| trouble(&database.stored, &error))?;
            let glimpse = value::glimpse(value);
            take(
                column,
                match (glimpse.as_deref(), value) {
                    (None, _) => Shown::Missing,
                    (Some(text), ValueRef::Real(_)) => Shown::Amount(text),
                    (Some(text), _) => Shown::Text(text),
                },
            );
        }
        Ok(true)
    })?;
    Ok(complete)
}

/// Its records, in order.
pub(crate) fn records(database: &Database) -> Result<Box<dyn Records>, Problem> {
    let (sender, receiver) = sync_channel(2);
    let columns = database.columns.clone();
    let database = database.clone();
    // A statement borrows its connection, so both stay with a thread that sends what it reads.
    std::thread::spawn(move || {
        let sent = send(&database, &sender);
        // Nobody may be listening any more.
        let _ = sender.send(sent.map_or_else(Part::Stopped, Part::End));
    });
    Ok(Box::new(Sent {
        columns,
        receiver,
        part: Vec::new().into_iter(),
        row: 0,
        points: None,
    }))
}

/// What the thread sends.
enum Part {
    Records(Vec<Record>),
    Stopped(Problem),
    /// Without this, a thread that broke off would look like the end of the table.
    End(Points),
}

fn send(database: &Database, sender: &SyncSender<Part>) -> Result<Points, Problem> {
    const ROWS: usize = 1 << 10;
    let mut part = Vec::with_capacity(ROWS);
    let mut points = Points::default();
    let connection = database.connect()?;
    database.each(&connection, "*", &mut |number, row| {
        let mut record = Record::with_capacity(database.columns.len());
        for (index, column) in database.columns.iter().enumerate() {
            let value = row.get_ref(index).map_err(|error| trouble(&database.stored, &error))?;
            let text = value::text(column, value).map_err(|unusable| unusable.at(&database.row(number)))?;
            if let (ValueRef::Real(_), Some(text)) = (value, &text) {
                points.see(index, text);
            }
            record.push(text);
        }
        part.push(record);
        let is_full = part.len() >= ROWS;
        Ok(!is_full || sender.send(Part::Records(std::mem::take(&mut part))).is_ok())
    })?;
    let _ = sender.send(Part::Records(part));
    Ok(points)
}

/// The records that a thread reads.
struct Sent {
    columns: Vec<String>,
    receiver: Receiver<Part>,
    part: std::vec::IntoIter<Record>,
    row: u64,
    /// At the end, the columns of numbers with a point.
    points: Option<Points>,
}

impl Records for Sent {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, record: &mut Record) -> Result<Option<u64>, Problem> {
        loop {
            if let Some(next) = self.part.next() {
                *record = next;
                self.row += 1;
                return Ok(Some(self.row));
            }
            if self.points.is_some() {
                return Ok(None);
            }
            match self.receiver.recv() {
                Ok(Part::Records(part)) => self.part = part.into_iter(),
                Ok(Part::End(points)) => self.points = Some(points),
                Ok(Part::Stopped(problem)) => return Err(problem),
                Err(_) => {
                    return Err(Problem::data(
                        "the reader of the database broke off",
                        "this is a defect of the program, not of your data; please report it",
                    ));
                }
            }
        }
    }
    fn typed(&self) -> Vec<String> {
        let points = self.points.as_ref();
        points.map(|points| points.among(&self.columns)).unwrap_or_default()
    }
}
