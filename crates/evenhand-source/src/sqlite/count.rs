//! This module counts the rows of a database.
//!
//! Where an index has the rows in order, the database counts them itself: one group per combination of values, each
//! coded once. Without one it would have to sort all rows first, in files if they are many, which takes ten times as
//! long as to read them; then the rows are counted as they come.

use evenhand_measure::{Problem, thousands};
use rusqlite::{Connection, Row};

use super::choose::Database;
use super::trouble::{changed, trouble};
use super::value;
use crate::input::{Input, unreadable};
use crate::kernel::{Batch, Coded, Coder, Counter, Partial, Unusable};
use crate::plan::Plan;
use crate::tally::Progress;

/// Counts the rows of `database`.
pub(crate) fn tally(
    input: &Input,
    database: &Database,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<Partial, Problem> {
    let trouble = |error| trouble(&database.stored, &error);
    let connection = database.connect()?;
    let grouped = if is_sorted(database, plan, &connection).map_err(trouble)? {
        groups(database, plan, &connection)?
    } else {
        None
    };
    let partial = match grouped {
        Some(partial) => partial,
        None => each_row(database, plan, &connection)?,
    };

    // Counted apart, perhaps by an index: what differs is damaged, or the rows are others each time.
    let count = database.sql("COUNT(*)", "");
    let rows: i64 = connection.query_row(&count, [], |row| row.get(0)).map_err(trouble)?;
    if rows.unsigned_abs() != partial.tally.records {
        return Err(Problem::data(
            format!(
                "{} has {} rows and {} were counted",
                database.place,
                thousands(rows.unsigned_abs()),
                thousands(partial.tally.records)
            ),
            "the rows are others each time, or an index is damaged: copy the database and run `sqlite3 FILE REINDEX`",
        ));
    }
    database.stored.check_unchanged()?;
    progress.advance(input.length().map_err(|error| unreadable(input.path(), &error))?);
    Ok(partial)
}

/// Whether the groups can be counted without sorting all rows.
pub(super) fn is_sorted(database: &Database, plan: &Plan, connection: &Connection) -> rusqlite::Result<bool> {
    let (sql, _) = grouped(database, plan);
    let mut steps = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let mut rows = steps.query([])?;
    while let Some(row) = rows.next()? {
        if row.get::<_, String>(3)?.contains("TEMP B-TREE") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The query for the groups, and the place of the last of its columns: how many rows, the columns of the plan, and
/// whether any of them has values of two kinds.
fn grouped(database: &Database, plan: &Plan) -> (String, usize) {
    let columns = wanted(database, plan);
    if columns.is_empty() {
        return (database.sql("COUNT(*), 0", ""), 1);
    }
    // 1 and 1.0 are equal and written otherwise.
    let mixed: Vec<String> = columns
        .iter()
        .map(|c| format!("MIN(typeof({c})) <> MAX(typeof({c}))"))
        .collect();
    // By its bytes, because a column may say that `F` and `f` are equal.
    let by: Vec<String> = columns.iter().map(|c| format!("{c} COLLATE BINARY")).collect();
    let select = format!("COUNT(*), {}, {}", columns.join(", "), mixed.join(" OR "));
    let sql = database.sql(&select, &format!("GROUP BY {}", by.join(", ")));
    (sql, columns.len() + 1)
}

/// The columns of the plan, each once, as [`Database::sql`] calls them.
fn wanted(database: &Database, plan: &Plan) -> Vec<String> {
    let named = |name: &str| database.columns.iter().position(|column| column == name);
    // That they are there was checked before anything is counted.
    let columns = plan.columns().into_iter().map(|name| named(name).unwrap_or_default());
    columns.map(|column| format!("c{column}")).collect()
}

/// The rows as the database counts them; nothing where a group has values of two kinds.
fn groups(database: &Database, plan: &Plan, connection: &Connection) -> Result<Option<Partial>, Problem> {
    let trouble = |error| trouble(&database.stored, &error);
    let mut counting = Counting::new(plan, database);
    let (sql, last) = grouped(database, plan);
    let mut statement = connection.prepare(&sql).map_err(trouble)?;
    let mut rows = statement.query([]).map_err(trouble)?;
    while let Some(row) = rows.next().map_err(trouble)? {
        if row.get::<_, i64>(last).map_err(trouble)? != 0 {
            return Ok(None);
        }
        let same: i64 = row.get(0).map_err(trouble)?;
        let coded = counting.code(row, 1).map_err(trouble)?;
        coded.map_err(|unusable| first(database, plan, &unusable))?;
        let added = counting.add(same.unsigned_abs());
        added.map_err(|unusable| unusable.at(&database.place))?;
    }
    counting.finish(&database.place).map(Some)
}

/// The rows as they come.
fn each_row(database: &Database, plan: &Plan, connection: &Connection) -> Result<Partial, Problem> {
    let mut counting = Counting::new(plan, database);
    database.each(connection, &wanted(database, plan).join(", "), &mut |_, row| {
        let coded = counting
            .code(row, 0)
            .map_err(|error| trouble(&database.stored, &error))?;
        // An index may give them in another order than the table's.
        coded.map_err(|unusable| first(database, plan, &unusable))?;
        let added = counting.add(1);
        added.map_err(|unusable| unusable.at(&database.place))?;
        Ok(true)
    })?;
    counting.finish(&database.place)
}

/// The first problem in the order of the rows, which is the same whatever order a database reads them in.
fn first(database: &Database, plan: &Plan, found: &Unusable) -> Problem {
    let mut counting = Counting::new(plan, database);
    let mut first = None;
    let looked = database.connect().and_then(|connection| {
        database.each(&connection, "*", &mut |number, row| {
            let coded = counting
                .code_at(row)
                .map_err(|error| trouble(&database.stored, &error))?;
            first = coded.err().map(|unusable| unusable.at(&database.row(number)));
            Ok(first.is_none())
        })
    });
    match (looked, first) {
        (Ok(()), Some(problem)) | (Err(problem), _) => problem,
        (Ok(()), None) if database.stored.check_unchanged().is_err() => changed(&database.stored.name),
        (Ok(()), None) => found.at(&database.place),
    }
}

/// Counts rows that are alike.
struct Counting<'a> {
    plan: &'a Plan,
    /// For each slot the place of its column among those of the plan, and among those of the table.
    /// Nothing where all rows have the same.
    places: Vec<Option<(usize, usize)>>,
    coders: Vec<Coder>,
    coded: Vec<(usize, Coded)>,
    batch: Batch,
    counter: Counter,
}

/// A batch has so many rows, if not all of them are alike.
const ROWS: u64 = 1 << 13;

impl<'a> Counting<'a> {
    fn new(plan: &'a Plan, database: &Database) -> Self {
        let columns = plan.columns();
        // That they are there was checked before anything is counted.
        let places = plan.slots.iter().map(|slot| {
            if !slot.is_read() {
                return None;
            }
            let in_plan = columns.iter().position(|name| *name == slot.column);
            let in_table = database.columns.iter().position(|name| *name == slot.column);
            Some((in_plan.unwrap_or_default(), in_table.unwrap_or_default()))
        });
        Self {
            places: places.collect(),
            coders: plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect(),
            coded: Vec::with_capacity(plan.slots.len()),
            batch: Batch::new(plan),
            counter: Counter::new(plan),
            plan,
        }
    }

    /// Codes the values of a row whose columns are those of the plan, from `offset` on.
    fn code(&mut self, row: &Row<'_>, offset: usize) -> rusqlite::Result<Result<(), Unusable>> {
        self.code_by(row, |(place, _)| place + offset)
    }

    /// Codes the values of a row of the table.
    fn code_at(&mut self, row: &Row<'_>) -> rusqlite::Result<Result<(), Unusable>> {
        self.code_by(row, |(_, column)| column)
    }

    fn code_by(
        &mut self,
        row: &Row<'_>,
        index: impl Fn((usize, usize)) -> usize,
    ) -> rusqlite::Result<Result<(), Unusable>> {
        self.coded.clear();
        for (slot, (coder, place)) in self.coders.iter_mut().zip(&self.places).enumerate() {
            let Some(place) = place else { continue };
            match value::coded(coder, row.get_ref(index(*place))?, &self.plan.texts) {
                Ok(coded) => self.coded.push((slot, coded)),
                Err(unusable) => return Ok(Err(unusable)),
            }
        }
        Ok(Ok(()))
    }

    /// Adds so many rows of the values that were coded last.
    fn add(&mut self, mut rows: u64) -> Result<(), Unusable> {
        let is_large = rows >= ROWS;
        if is_large {
            self.flush()?;
        }
        // Codes that are all alike take no room, however many they are; numbers do.
        let has_numbers = self.coded.iter().any(|(_, coded)| !matches!(coded, Coded::Code(_)));
        let most = if has_numbers { ROWS } else { u64::from(u32::MAX) };
        while rows > 0 {
            let some = rows.min(most);
            for (slot, coded) in &self.coded {
                self.batch.columns[*slot].push_run(*coded, some as usize);
            }
            self.batch.rows += some as usize;
            rows -= some;
            if is_large || self.batch.rows as u64 >= ROWS {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Unusable> {
        if self.batch.rows > 0 {
            self.batch.complete();
            self.counter.add(&self.batch)?;
            self.batch.clear();
        }
        Ok(())
    }

    fn finish(mut self, place: &str) -> Result<Partial, Problem> {
        self.flush().map_err(|unusable| unusable.at(place))?;
        self.counter.finish(self.coders)
    }
}
