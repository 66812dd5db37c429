//! This module chooses the sheet of a workbook: the only one that is a table, or else the one that was named.

use evenhand_measure::Problem;
use evenhand_measure::audit::model::{Note, Severity};
use evenhand_measure::policy::Data;

use super::book::{Book, Listed};
use super::marks::Marks;
use super::sheet::Sheet;
use crate::kernel::shown;

/// More sheets are not looked through.
const MOST_SHEETS: usize = 64;

/// The sheet to read.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) sheet: Sheet,
    pub(super) marks: Marks,
    pub(super) notes: Vec<Note>,
}

/// Chooses the sheet, by the name in `data` if there is one.
///
/// # Errors
/// When there is no such sheet, none has values, or several could be meant.
pub(super) fn choose(book: &mut dyn Book, data: &Data, name: &str) -> Result<Chosen, Problem> {
    let sheets = book.sheets();
    let (index, notes) = match &data.sheet {
        Some(wanted) => (named(&sheets, wanted, name)?, Vec::new()),
        None => only(book, &sheets, name)?,
    };
    let sheet = book.read(index).map_err(|trouble| trouble.at(name))?;
    if sheet.rows == 0 {
        return Err(Problem::data(
            format!("{name}: the sheet {} is empty", shown(&sheet.name)),
            format!("name another with --sheet; there are {}", list(sheets.iter())),
        ));
    }
    Ok(Chosen {
        sheet,
        marks: book.marks(index).map_err(|trouble| trouble.at(name))?,
        notes,
    })
}

fn named(sheets: &[Listed], wanted: &str, name: &str) -> Result<usize, Problem> {
    let is_like = |sheet: &Listed| sheet.name.trim().to_lowercase() == wanted.trim().to_lowercase();
    let exact = sheets.iter().position(|sheet| sheet.name == wanted);
    let mut alike = (0..sheets.len()).filter(|index| sheets.get(*index).is_some_and(is_like));
    exact
        .or_else(|| alike.next().filter(|_| alike.next().is_none()))
        .ok_or_else(|| {
            Problem::usage(
                format!("{name} has no sheet {} (--sheet)", shown(wanted)),
                format!("its sheets are {}", list(sheets.iter())),
            )
        })
}

/// What is known of a sheet from looking at it.
struct Look {
    index: usize,
    name: String,
    rows: u64,
    /// Whether it is text for people rather than a table.
    is_prose: bool,
}

/// The only sheet that people see and that is a table.
fn only(book: &mut dyn Book, sheets: &[Listed], name: &str) -> Result<(usize, Vec<Note>), Problem> {
    let visible: Vec<usize> = (0..sheets.len())
        .filter(|index| sheets.get(*index).is_some_and(|sheet| !sheet.is_hidden))
        .collect();
    let hidden = sheets.iter().filter(|sheet| sheet.is_hidden);
    let hidden = list(hidden);
    if visible.len() > MOST_SHEETS {
        return Err(Problem::usage(
            format!("{name} has {} sheets", visible.len()),
            format!("name one with --sheet; there are {}", list(sheets.iter())),
        ));
    }
    let mut looks = Vec::new();
    for index in visible {
        let sheet = book.read(index).map_err(|trouble| trouble.at(name))?;
        if sheet.rows > 0 {
            looks.push(Look {
                index,
                is_prose: is_prose(&sheet),
                rows: sheet.rows,
                name: sheet.name,
            });
        }
    }
    let (prose, mut tables): (Vec<Look>, Vec<Look>) = looks.into_iter().partition(|look| look.is_prose);
    let mut passed_over = prose;
    if tables.is_empty() {
        // A table of one column looks like prose.
        tables = std::mem::take(&mut passed_over);
    }
    let mut notes = Vec::new();
    if !passed_over.is_empty() {
        let names: Vec<String> = passed_over.iter().map(|look| shown(&look.name)).collect();
        notes.push(Note {
            code: "sheets-passed-over".to_owned(),
            severity: Severity::Info,
            message: match names.as_slice() {
                [only] => format!("{name}: the sheet {only} holds notes and was passed over."),
                names => format!(
                    "{name}: the sheets {} hold notes and were passed over.",
                    names.join(", ")
                ),
            },
            help: Some("--sheet NAME reads another sheet".to_owned()),
        });
    }
    if !hidden.is_empty() {
        notes.push(Note {
            code: "hidden-sheets".to_owned(),
            severity: Severity::Info,
            message: format!("{name} has hidden sheets, which were not read: {hidden}."),
            help: Some("--sheet NAME reads one of them".to_owned()),
        });
    }
    match tables.as_slice() {
        [one] => Ok((one.index, notes)),
        [] if hidden.is_empty() => Err(Problem::data(
            format!("{name} has no sheet with values"),
            "export the data again",
        )),
        [] => Err(Problem::usage(
            format!("{name} has values in hidden sheets only"),
            format!("name one with --sheet; there are {hidden}"),
        )),
        several => {
            let rows = several
                .iter()
                .map(|look| format!("{} ({} rows)", shown(&look.name), look.rows));
            let first = several.first().map_or("", |look| look.name.as_str());
            Err(Problem::usage(
                format!(
                    "{name} has {} sheets that could be meant: {}",
                    several.len(),
                    rows.collect::<Vec<_>>().join(", ")
                ),
                format!("name one of them, as with --sheet '{}'", shown(first).trim_matches('`')),
            ))
        }
    }
}

/// Whether no row has more than one cell, or the sheet is called like notes and is short and narrow.
fn is_prose(sheet: &Sheet) -> bool {
    const CALLED: [&str; 22] = [
        "readme",
        "read me",
        "legend",
        "notes",
        "note",
        "info",
        "information",
        "about",
        "glossary",
        "cover",
        "help",
        "instructions",
        "definitions",
        "documentation",
        "contents",
        "legende",
        "hinweise",
        "erläuterungen",
        "lisez-moi",
        "notice",
        "leyenda",
        "notas",
    ];
    let called = sheet.name.trim().to_lowercase();
    sheet.widest <= 1 || (sheet.widest <= 3 && sheet.rows <= 60 && CALLED.contains(&called.as_str()))
}

fn list<'a>(sheets: impl Iterator<Item = &'a Listed>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = sheets.map(|sheet| shown(&sheet.name)).collect();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    let names = names.join(", ");
    if more > 0 {
        format!("{names} and {more} more")
    } else {
        names
    }
}
