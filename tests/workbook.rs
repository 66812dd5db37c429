//! Workbooks of the fixtures, read back by another library: the numbers in their cells are those of the audit, and
//! every formula gives the number that is cached beside it.
//! `tests/office/check.sh` has LibreOffice do the same with the sample reports.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::LazyLock;

use calamine::{Data, Range, Reader as _, Xlsx};
use evenhand::measure::policy::{find_preset, parse_onto};
use evenhand::{Audit, Policy, audit};
use evenhand_report::document::Letterhead;
use evenhand_report::{json, workbook};
use serde_json::Value as Json;

/// What is read from a file and divided here was divided there in the same way, but perhaps in another order.
const TOLERANCE: f64 = 1e-12;

/// The sample reports, and the fixtures that they are of.
const REPORTS: [(&str, &str); 8] = [
    ("vendor-export", "vendor-export"),
    ("compas", "compas"),
    ("berkeley", "berkeley"),
    ("dcwp-example-2", "dcwp-example-2"),
    ("ll144", "dcwp-example-2"),
    ("vendor-lists", "vendor-lists"),
    ("prices", "prices"),
    ("compas-scores", "compas"),
];

struct Book {
    name: &'static str,
    json: Json,
    bytes: Vec<u8>,
}

static BOOKS: LazyLock<Vec<Book>> =
    LazyLock::new(|| REPORTS.iter().map(|(name, fixture)| made(name, fixture)).collect());

fn root() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..")
}

/// The audit of a sample report, by the policy that the report says was applied.
fn audited(name: &str, fixture: &str) -> Audit {
    let report = std::fs::read_to_string(format!("{}/reports/{name}/audit.json", root())).unwrap();
    let report: Json = serde_json::from_str(&report).unwrap();
    let mut policy = report["policy"].as_object().unwrap().clone();
    let base = match policy.remove("preset") {
        Some(preset) => find_preset(preset.as_str().unwrap()).unwrap().policy.clone(),
        None => Policy::default(),
    };
    let policy = parse_onto(base, "policy", &toml::to_string(&policy).unwrap());
    let policy = policy.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let path = format!("{}/fixtures/{fixture}.csv", root());
    audit(path.as_str(), &policy).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

fn made(name: &'static str, fixture: &str) -> Book {
    let audit = audited(name, fixture);
    let bytes = workbook(&audit, &Letterhead::default()).unwrap();
    let json = serde_json::from_str(&json(&audit).unwrap()).unwrap();
    Book { name, json, bytes }
}

impl Book {
    fn open(&self) -> Xlsx<Cursor<&[u8]>> {
        Xlsx::new(Cursor::new(self.bytes.as_slice())).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// The rows of a sheet's table, by the heads of their columns.
    fn table(&self, sheet: &str, first_head: &str) -> Vec<BTreeMap<String, Data>> {
        let Ok(range) = self.open().worksheet_range(sheet) else {
            return Vec::new();
        };
        let mut rows = range.rows().skip_while(|row| row[0] != *first_head);
        let header: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
        rows.map(|row| header.iter().cloned().zip(row.iter().cloned()).collect())
            .collect()
    }
}

fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(value) => Some(*value),
        Data::Int(value) => Some(*value as f64),
        _ => None,
    }
}

/// A row of the audit's rates as the workbook names it: attributes, stratum, id, group.
fn named(rates: &Json, id: &str) -> [String; 4] {
    let value = |value: &Json| value.as_str().unwrap_or("(missing)").to_owned();
    let by: Vec<&str> = rates["by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column.as_str().unwrap())
        .collect();
    let group: Vec<String> = by.iter().map(|column| value(&rates["group"][column])).collect();
    let within = rates["within"].as_object();
    let within: Vec<String> = within
        .into_iter()
        .flatten()
        .map(|(column, of)| format!("{column} = {}", value(of)))
        .collect();
    let everyone = |text: String| if by.is_empty() { "everyone".to_owned() } else { text };
    let not_judged = match rates["kind"].as_str().unwrap() {
        "missing" | "non-answer" => ", not judged",
        _ => "",
    };
    [
        everyone(by.join(" × ")),
        within.join(", "),
        id.to_owned(),
        everyone(format!("{}{not_judged}", group.join(" / "))),
    ]
}

#[test]
fn every_value_of_every_group_is_that_of_the_audit() {
    for book in BOOKS.iter() {
        let mut rows = BTreeMap::new();
        for row in book
            .table("Counts", "By")
            .into_iter()
            .chain(book.table("Measures", "By"))
        {
            let key = ["By", "Within", "Id", "Group"].map(|head| row[head].to_string());
            assert!(rows.insert(key.clone(), row).is_none(), "{}: {key:?} twice", book.name);
        }
        let mut compared = 0;
        for rates in book.json["rates"].as_array().unwrap() {
            for (id, value) in rates["values"].as_object().unwrap() {
                let key = named(rates, id);
                let row = rows.remove(&key).unwrap_or_else(|| panic!("{}: no {key:?}", book.name));
                let same = |head: &str, field: &str| {
                    let shown = row.get(head).and_then(number);
                    assert_eq!(shown, value[field].as_f64(), "{} {key:?}: {head}", book.name);
                };
                assert_eq!(number(&row["Rows"]), rates["n"].as_f64());
                if let Some(why) = value["undefined"].as_str() {
                    let shown = row["Value"].to_string();
                    assert!(
                        shown.starts_with("no value: ") && !why.is_empty(),
                        "{} {key:?}: {shown}",
                        book.name
                    );
                } else if value["numerator"].is_null() {
                    same("Value", "point");
                    same("Lower", "lower");
                    same("Upper", "upper");
                } else {
                    same("Count", "numerator");
                    same("Of", "denominator");
                    same("Rate", "point");
                    same("Lower", "lower");
                    same("Upper", "upper");
                }
                compared += 1;
            }
        }
        assert!(
            compared > 0 && rows.is_empty(),
            "{}: rows that the audit has not: {:?}",
            book.name,
            rows.keys()
        );
    }
}

#[test]
fn every_finding_is_there_with_its_numbers() {
    for book in BOOKS.iter() {
        let size = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |value| value.abs().to_string());
        let mut shown: Vec<[String; 7]> = book
            .table("Findings", "Outcome")
            .iter()
            .map(|row| {
                let number = |head: &str| size(number(&row[head]));
                [
                    row["Outcome"]
                        .to_string()
                        .split_once(' ')
                        .unwrap()
                        .1
                        .replace("not compared", "not applicable"),
                    row["Level"].to_string(),
                    number("Ratio or difference"),
                    number("p beyond the bound"),
                    number("The same, adjusted"),
                    number("p within the bound"),
                    number("Rows to settle"),
                ]
            })
            .collect();
        let findings = book.json["findings"].as_array().unwrap().iter();
        let mut listed: Vec<[String; 7]> = findings
            .filter(|finding| finding["level"] != "off")
            .map(|finding| {
                let number = |field: &str| size(finding[field].as_f64());
                [
                    finding["outcome"].as_str().unwrap().replace('-', " "),
                    finding["level"].as_str().unwrap().to_owned(),
                    number("point"),
                    number("p_breach"),
                    number("p_breach_adjusted"),
                    number("p_comply"),
                    number("rows_to_settle"),
                ]
            })
            .collect();
        shown.sort();
        listed.sort();
        assert_eq!(shown, listed, "{}", book.name);
    }
}

/// A cell by its name, such as `$AB$12`: row and column from 0.
fn place(name: &str) -> (u32, u32) {
    let name = name.replace('$', "");
    let digits = name.find(|c: char| c.is_ascii_digit()).unwrap();
    let column = name[..digits]
        .bytes()
        .fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (name[digits..].parse::<u32>().unwrap() - 1, column - 1)
}

/// What a formula gives, from the values in the other cells.
fn result(formula: &str, cells: &Range<Data>) -> f64 {
    let value = |name: &str| {
        cells
            .get_value(place(name))
            .and_then(number)
            .unwrap_or_else(|| panic!("{formula}: {name}"))
    };
    let inside = |start: &str| formula.strip_prefix(start).and_then(|rest| rest.strip_suffix(')'));
    if let Some(range) = inside("SUM(") {
        let (first, last) = range.split_once(':').unwrap();
        let ((top, column), (bottom, _)) = (place(first), place(last));
        return (top..=bottom)
            .filter_map(|row| cells.get_value((row, column)).and_then(number))
            .sum();
    }
    let guarded = match inside("IFERROR(") {
        Some(inner) => inner.strip_suffix(",\"no value\"").unwrap(),
        None => inside("IF(").unwrap().split_once(",\"no value\",").unwrap().1,
    };
    match (guarded.split_once('/'), guarded.split_once('-')) {
        (Some((above, below)), _) => value(above) / value(below),
        (None, Some((from, what))) => value(from) - value(what),
        _ => panic!("{formula}"),
    }
}

#[test]
fn every_formula_gives_the_number_beside_it() {
    for book in BOOKS.iter() {
        let mut open = book.open();
        let mut checked = 0;
        for sheet in open.sheet_names() {
            let cells = open.worksheet_range(&sheet).unwrap();
            let formulas = open.worksheet_formula(&sheet).unwrap();
            let start = formulas.start().unwrap_or_default();
            for (row, column, formula) in formulas.used_cells() {
                let at = (start.0 + row as u32, start.1 + column as u32);
                let cached = cells.get_value(at).and_then(number);
                let cached = cached.unwrap_or_else(|| panic!("{}: {sheet} {at:?} has no number", book.name));
                let given = result(formula, &cells);
                assert!(
                    (given - cached).abs() <= TOLERANCE * cached.abs().max(1.0),
                    "{}: {sheet} {at:?} {formula} gives {given}, not {cached}",
                    book.name
                );
                checked += 1;
            }
        }
        assert!(checked > 0, "{} has no formula", book.name);
    }
}

#[test]
fn rates_are_formulas() {
    for book in BOOKS.iter() {
        let rates = book.table("Counts", "By").len();
        let formulas = book
            .open()
            .worksheet_formula("Counts")
            .map_or(0, |formulas| formulas.used_cells().count());
        // Weighted and plain counts alike: nothing but what is pooled or adjusted is a bare number.
        assert_eq!(formulas, rates, "{}", book.name);
    }
}
