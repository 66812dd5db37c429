//! This module says what was read and how: rows in and out, files, which column was taken for what, notes.

use evenhand_measure::audit::model::{Audit, EventColumn, Note};
use serde_json::Value as Json;

use super::{Block, Place, Section, Table};
use crate::numbers::count;
use crate::text::note_lines;
use crate::words;
use crate::words::limits::GUESSED;

pub(super) fn section(audit: &Audit) -> Section {
    let mut out = vec![Block::Table(rows(audit))];
    if !audit.provenance.inputs.is_empty() {
        out.push(Block::Table(inputs(audit)));
    }
    let roles = roles(audit);
    if !roles.is_empty() {
        let header = ["Taken for", "Column", "Counts when", "How that was decided"];
        let table = Table::new(
            "What each column was taken for",
            header.map(str::to_owned).to_vec(),
            &[],
            roles,
        );
        out.push(Block::Table(table));
    }
    out.extend(Block::list(readings(audit)));
    let notes: Vec<String> = note_lines(audit).iter().map(|line| words::capital(line)).collect();
    if !notes.is_empty() {
        out.push(Block::Heading("Notes".to_owned()));
        out.extend(Block::list(notes));
    }
    Section::new("data", "How the data were read", Place::Background, out)
}

/// Rows in, each reason for leaving some out, rows counted: what is left out and what is counted add up to what was read.
fn rows(audit: &Audit) -> Table {
    let data = &audit.data;
    let mut rows = Vec::new();
    let mut row = |what: String, number: u64| rows.push(vec![what, count(number)]);
    if data.records_read != data.rows_read {
        row("Lines of input".to_owned(), data.records_read);
    }
    row("Rows read".to_owned(), data.rows_read);
    for left_out in &data.excluded {
        row(format!("– left out: {}", words::long(&left_out.message)), left_out.rows);
    }
    if data.excluded.is_empty() {
        row("– left out".to_owned(), 0);
    }
    row("= Rows counted".to_owned(), data.rows_counted);
    for partial in &data.partial {
        row(
            format!("of these, with a part missing: {}", words::long(&partial.message)),
            partial.rows,
        );
    }
    let legend = (data.records_read != data.rows_read)
        .then(|| "A line of input can stand for several rows, or for none.".to_owned());
    Table::new(
        "Rows in and out",
        vec!["What".to_owned(), "Rows".to_owned()],
        &[false, true],
        rows,
    )
    .with_legend(legend)
}

fn inputs(audit: &Audit) -> Table {
    let row = |input: &evenhand_measure::audit::model::Input| {
        let hash = input.sha256.as_deref();
        vec![
            words::long(&input.name),
            count(input.bytes),
            hash.map_or_else(|| "not taken".to_owned(), words::long),
        ]
    };
    let files = &audit.provenance.inputs;
    let untaken = files.iter().any(|input| input.sha256.is_none());
    Table::new(
        "Files read",
        ["File", "Bytes", "SHA-256"].map(str::to_owned).to_vec(),
        &[false, true, false],
        files.iter().map(row).collect(),
    )
    .with_legend(untaken.then(|| "Of large files no hash is taken unless asked for: --hash-inputs.".to_owned()))
}

/// The roles that a column can have, by their flags.
const ROLES: [(&str, &str); 22] = [
    ("prediction", "the decision"),
    ("compared", "another system's decision"),
    ("rate", "a published share"),
    ("score", "a score"),
    ("label", "what really happened"),
    ("amount", "an amount"),
    ("true-amount", "what the amount should have been"),
    ("list", "a list"),
    ("user", "whose list it is"),
    ("item", "an item of a list"),
    ("rank", "the place in a list"),
    ("relevance", "whether an item was wanted"),
    ("category", "the kind of item"),
    ("merit", "how good an item is"),
    ("popularity", "how often an item was wanted so far"),
    ("protected", "a protected attribute"),
    ("strata", "what like is compared with like within"),
    ("controls", "a reason for other amounts"),
    ("count", "how many rows a line stands for"),
    ("weight", "what a row weighs"),
    ("cluster", "what repeats, such as a person"),
    ("period", "when it was decided"),
];

fn roles(audit: &Audit) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (role, what) in ROLES {
        for column in columns(audit, role) {
            let event = match role {
                "prediction" => audit.roles.prediction.as_ref(),
                "compared" => audit.roles.compared.as_ref(),
                "label" => audit.roles.label.as_ref(),
                _ => None,
            };
            rows.push(vec![
                words::capital(what),
                words::name(&column),
                event.map_or_else(String::new, |event| counts_when(event, role, audit)),
                decided(audit, role, &column),
            ]);
        }
    }
    rows
}

/// The columns in a role, in the order in which they are reported.
fn columns(audit: &Audit, role: &str) -> Vec<String> {
    let read = &audit.roles;
    let of_events = |event: &Option<EventColumn>| event.iter().map(|event| event.column.clone()).collect();
    let one = |column: &Option<String>| column.iter().cloned().collect();
    let asked = || match audit.policy.get("roles").and_then(|roles| roles.get(role)) {
        Some(Json::String(column)) => vec![column.clone()],
        Some(Json::Array(columns)) => columns.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    // What was read also knows the columns of a kept tally, which no policy names.
    let known: Vec<String> = match role {
        "prediction" => of_events(&read.prediction),
        "label" => of_events(&read.label),
        "protected" => read.protected.clone(),
        "strata" => read.strata.clone(),
        "weight" => one(&read.weight),
        "count" => one(&read.count),
        "cluster" => one(&read.cluster),
        _ => Vec::new(),
    };
    match known.is_empty() {
        true => asked(),
        false => known,
    }
}

fn counts_when(event: &EventColumn, role: &str, audit: &Audit) -> String {
    let several = words::classes::decision_line(audit).filter(|_| role == "prediction");
    if let Some(several) = several {
        return several;
    }
    let origin = if event.declared {
        ""
    } else {
        " (taken from its meaning)"
    };
    let direction = match role {
        "prediction" => words::direction(audit),
        _ => "",
    };
    format!("{}{origin}{direction}", words::event(event))
}

/// Whether a column was named or recognised, and by what.
fn decided(audit: &Audit, role: &str, column: &str) -> String {
    let taken = format!("`{column}` was taken for ");
    let flag = format!("--{role} ");
    let is_it = |note: &&Note| {
        note.code == GUESSED
            && note.message.starts_with(&taken)
            && note.help.as_deref().is_some_and(|help| help.starts_with(&flag))
    };
    let Some(note) = audit.notes.iter().find(is_it) else {
        return "named".to_owned();
    };
    let reason = note.message[taken.len()..].split_once(": ").map(|(_, reason)| reason);
    match reason {
        Some(reason) => format!("recognised by {}", words::long(reason)),
        None => "recognised".to_owned(),
    }
}

/// What else was assumed in reading lists, amounts and scores, and the direction of the decision.
fn readings(audit: &Audit) -> Vec<String> {
    let mut lines: Vec<String> = words::terms::reading_lines(audit)
        .into_iter()
        .map(|line| format!("{line}."))
        .collect();
    let direction = match (audit.roles.adverse, audit.roles.adverse_declared) {
        (Some(true), true) => "The event is bad for the person, as declared.",
        (Some(true), false) => "The event was taken to be bad for the person, going by its name.",
        (Some(false), true) => "The event is good for the person, as declared.",
        (Some(false), false) => "The event was taken to be good for the person: nothing in its name says otherwise.",
        (None, _) => return lines,
    };
    lines.push(direction.to_owned());
    lines
}
