//! This module finds out which rows of a database are meant: those of a table, a view or a query.

use std::sync::Arc;

use evenhand_measure::catalogue::closest;
use evenhand_measure::policy::Data;
use evenhand_measure::{Problem, listed};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};

use super::file::{Stored, guard};
use super::trouble::{damaged, said, short, trouble};
use crate::input::Input;
use crate::reading::{Format, Reading};

/// A table or query of a database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) columns: Vec<String>,
    pub(super) stored: Arc<Stored>,
    /// What messages call it.
    pub(super) place: String,
    /// The query whose rows it is.
    select: String,
    /// Its table, if it is one.
    table: Option<String>,
    /// A name for the rows that occurs nowhere in the query.
    alias: String,
}

/// What a database calls its tables.
struct Relation {
    name: String,
    kind: String,
}

/// The table or query that `data` names, or the only one.
pub(crate) fn open(input: &Input, data: &Data) -> Result<(Database, Reading), Problem> {
    let (stored, notes) = Stored::new(input)?;
    let mut connection = stored.connect()?;
    check_names(&stored, &connection)?;
    let relations = relations(&connection).map_err(|error| trouble(&stored, &error))?;
    guard(&mut connection).map_err(|error| trouble(&stored, &error))?;
    let (place, select, table) = match (&data.table, &data.query) {
        (Some(_), Some(_)) => {
            return Err(Problem::usage(
                format!("{} is asked for a table and for a query", stored.name),
                "leave out `--table` or `--query`",
            ));
        }
        (None, Some(query)) => {
            let query = query.trim_end().trim_end_matches(';');
            (format!("{}, the query", stored.name), query.to_owned(), None)
        }
        (table, None) => {
            let relation = match table {
                Some(wanted) => named(&stored, &relations, wanted)?,
                None => only(&stored, &connection, &relations)?,
            };
            (
                format!("{}, {} `{}`", stored.name, relation.kind(), relation.name),
                all_of(&relation.name),
                Some(relation.name.clone()),
            )
        }
    };
    let columns = match &data.query {
        Some(_) => columns_of_query(&stored, &connection, &select)?,
        None => connection
            .prepare(&select)
            .map(|statement| columns(&statement))
            .map_err(|error| trouble(&stored, &error))?,
    };
    let reading = Reading {
        format: Format::Sqlite,
        data: Data {
            table: table.clone(),
            query: data.query.clone(),
            ..Data::default()
        },
        notes,
        ..Reading::default()
    };
    let database = Database {
        columns,
        alias: alias(&select),
        stored: Arc::new(stored),
        place,
        select,
        table,
    };
    // What is no query of rows by itself is none within another either.
    let within = connection.prepare(&database.sql("*", "")).map(|_| ());
    within.map_err(|error| no_query(&database.stored, &said(&error)))?;
    Ok((database, reading))
}

impl Database {
    /// A query of its rows, in which its columns are called `c0`, `c1` and so on.
    pub(super) fn sql(&self, wanted: &str, rest: &str) -> String {
        let Self { alias, select, .. } = self;
        let names: Vec<String> = (0..self.columns.len()).map(|index| format!("c{index}")).collect();
        // A line of its own, because a query may end with a comment.
        format!(
            "WITH {alias}({}) AS (\n{select}\n) SELECT {wanted} FROM {alias} {rest}",
            names.join(", ")
        )
    }

    /// A connection that runs queries only, to a database whose pages hang together.
    pub(super) fn connect(&self) -> Result<Connection, Problem> {
        let mut connection = self.stored.connect()?;
        self.check_sound(&connection)?;
        guard(&mut connection).map_err(|error| trouble(&self.stored, &error))?;
        Ok(connection)
    }

    /// A connection that runs queries only.
    pub(super) fn connect_unchecked(&self) -> Result<Connection, Problem> {
        let mut connection = self.stored.connect()?;
        guard(&mut connection).map_err(|error| trouble(&self.stored, &error))?;
        Ok(connection)
    }

    /// Looks for pages that do not hang together, of which SQLite may read some rows twice and others not at all.
    fn check_sound(&self, connection: &Connection) -> Result<(), Problem> {
        if self.stored.sound.get().is_some() {
            return Ok(());
        }
        let trouble = |error| trouble(&self.stored, &error);
        let of = self
            .table
            .as_ref()
            .map_or(String::new(), |table| format!("('{}')", table.replace('\'', "''")));
        let mut statement = connection
            .prepare(&format!("PRAGMA main.quick_check{of}"))
            .map_err(trouble)?;
        let mut rows = statement.query([]).map_err(trouble)?;
        while let Some(row) = rows.next().map_err(trouble)? {
            let ValueRef::Text(found) = row.get_ref(0).map_err(trouble)? else {
                continue;
            };
            // It also tells of values that break the table's own rules, which is no damage.
            let found = String::from_utf8_lossy(found);
            if let Some(damage) = found.strip_prefix("*** in database main ***") {
                return Err(damaged(&self.stored.name, short(damage).trim()));
            }
        }
        let _ = self.stored.sound.set(());
        Ok(())
    }
}

impl Relation {
    fn kind(&self) -> &str {
        if self.kind == "view" { "view" } else { "table" }
    }

    /// It and how many columns it has, for a list.
    fn described(&self, connection: &Connection) -> String {
        let columns = match connection.prepare(&all_of(&self.name)) {
            Ok(statement) if statement.column_count() == 1 => "1 column".to_owned(),
            Ok(statement) => format!("{} columns", statement.column_count()),
            Err(_) => "cannot be read".to_owned(),
        };
        let is_view = if self.kind == "view" { "a view, " } else { "" };
        format!("`{}` ({is_view}{columns})", self.name)
    }
}

/// Names are text from outside, and must be text at all.
fn check_names(stored: &Stored, connection: &Connection) -> Result<(), Problem> {
    let trouble = |error| trouble(stored, &error);
    let mut statement = connection
        .prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema")
        .map_err(trouble)?;
    let mut rows = statement.query([]).map_err(trouble)?;
    while let Some(row) = rows.next().map_err(trouble)? {
        for column in 0..3 {
            if let ValueRef::Text(text) = row.get_ref(column).map_err(trouble)?
                && std::str::from_utf8(text).is_err()
            {
                return Err(damaged(&stored.name, "the name of a table or column is no text"));
            }
        }
    }
    Ok(())
}

/// The tables and views, by name, without those that SQLite and its full-text tables keep for themselves.
fn relations(connection: &Connection) -> rusqlite::Result<Vec<Relation>> {
    let mut statement = connection.prepare(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name COLLATE BINARY",
    )?;
    let relation = |row: &rusqlite::Row<'_>| {
        Ok(Relation {
            name: row.get(0)?,
            kind: row.get(1)?,
        })
    };
    statement.query_map([], relation)?.collect()
}

/// The table of this name. SQLite does not tell large letters from small ones.
fn named<'a>(stored: &Stored, relations: &'a [Relation], wanted: &str) -> Result<&'a Relation, Problem> {
    let found = relations
        .iter()
        .find(|relation| relation.name.eq_ignore_ascii_case(wanted));
    found.ok_or_else(|| {
        let names: Vec<&str> = relations.iter().map(|relation| relation.name.as_str()).collect();
        let help = match (names.as_slice(), closest(wanted, names.iter().copied()).as_slice()) {
            ([], _) => "it has no tables at all; check that this is the right file".to_owned(),
            (_, []) => format!("it has {}", listed(&names, 20)),
            (_, near) => format!("did you mean {}?", listed(near, 3)),
        };
        Problem::usage(format!("{} has no table or view `{wanted}`", stored.name), help)
    })
}

/// The table, if there is only one.
fn only<'a>(stored: &Stored, connection: &Connection, relations: &'a [Relation]) -> Result<&'a Relation, Problem> {
    const NAMED: usize = 20;
    match relations {
        [] => Err(Problem::data(
            format!("{} has no tables", stored.name),
            "check that this is the right file",
        )),
        [only] => Ok(only),
        [first, ..] => {
            let mut names: Vec<String> = relations
                .iter()
                .take(NAMED)
                .map(|relation| relation.described(connection))
                .collect();
            if relations.len() > NAMED {
                names.push(format!("and {} more", relations.len() - NAMED));
            }
            Err(Problem::data(
                format!(
                    "{} has {} tables, and which one to read is not said: {}",
                    stored.name,
                    relations.len(),
                    names.join(", ")
                ),
                format!(
                    "name one with `--table`, such as `--table '{}'`, or join several with `--query \"SELECT …\"`",
                    first.name
                ),
            ))
        }
    }
}

/// The columns of a query, once it is known to be one.
fn columns_of_query(stored: &Stored, connection: &Connection, query: &str) -> Result<Vec<String>, Problem> {
    let statement = connection
        .prepare(query)
        .map_err(|error| no_query(stored, &said(&error)))?;
    if !statement.readonly() || statement.column_count() == 0 || statement.parameter_count() > 0 {
        return Err(no_query(stored, "it gives no rows by itself"));
    }
    Ok(columns(&statement))
}

fn columns(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

fn no_query(stored: &Stored, why: &str) -> Problem {
    Problem::usage(
        format!("the query cannot be run on {}: {why}", stored.name),
        "give one SELECT, such as `--query \"SELECT sex, hired FROM people\"`",
    )
}

fn all_of(table: &str) -> String {
    format!("SELECT * FROM main.{}", quoted(table))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A name that occurs nowhere in `select`.
fn alias(select: &str) -> String {
    let mut alias = "given".to_owned();
    let select = select.to_ascii_lowercase();
    while select.contains(&alias) {
        alias.push('_');
    }
    alias
}
