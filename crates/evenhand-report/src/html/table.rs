//! This module writes tables.

use evenhand_measure::audit::model::Outcome;

use crate::arrange::outcome_token;
use crate::document::{Cell, Table};
use crate::safe;
use crate::words;

use super::blocks::Writer;
use super::mark::Mark;

/// Steps of shade, each a class of the style sheet.
pub(super) const SHADES: usize = 10;
/// Characters of a column of numbers before they are words that have to be wrapped.
const NUMBER_LENGTH: usize = 40;

/// Columns that the style sheet can align as a whole.
const COLUMNS: usize = 16;

/// Rows of a table that no page of paper breaks.
const SHORT: usize = 12;

const OUTCOMES: [Outcome; 5] = [
    Outcome::Fail,
    Outcome::Inconclusive,
    Outcome::Pass,
    Outcome::NotJudged,
    Outcome::NotApplicable,
];

impl Writer {
    pub(super) fn table(&mut self, table: &Table) {
        let is_map = table.rows.iter().flatten().any(|cell| cell.shade.is_some());
        let map = if is_map { " map" } else { "" };
        let short = if table.rows.len() <= SHORT { " short" } else { "" };
        self.open_box(&format!("table{map}{short}"), &table.caption);
        // A column of numbers is said once and not in each of its cells: tables may have thousands of rows.
        let columns: Vec<usize> = (0..table.header.len().min(COLUMNS))
            .filter(|&column| table.is_right(column))
            .collect();
        let aligned = |column: usize| columns.contains(&column);
        let classes: Vec<String> = columns.iter().map(|column| format!("n{}", column + 1)).collect();
        match classes.is_empty() {
            true => self.raw("<table>\n"),
            false => self.raw(&format!("<table class=\"{}\">\n", classes.join(" "))),
        }
        if !table.caption.is_empty() {
            self.raw(&format!(
                "<caption><span>{}</span></caption>\n",
                safe::xml(&table.caption)
            ));
        }
        self.raw("<thead>\n<tr>");
        for (column, name) in table.header.iter().enumerate() {
            let class = if table.is_right(column) { " class=\"n\"" } else { "" };
            match name.as_str() {
                // A corner says nothing, and heads nothing.
                "" => self.raw("<td></td>"),
                name => self.raw(&format!("<th scope=\"col\"{class}>{}</th>", safe::xml(name))),
            }
        }
        self.raw("</tr>\n</thead>\n<tbody>\n");
        for row in &table.rows {
            self.raw("<tr>");
            // What a row is of may stand behind what was found of it.
            let named = row.iter().position(|cell| outcome(cell).is_none());
            for (column, cell) in row.iter().enumerate() {
                self.cell(
                    cell,
                    (table.is_right(column), aligned(column)),
                    named == Some(column),
                    is_map,
                );
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n</div>\n");
        for line in &table.legend {
            self.element("p", "legend", line);
        }
    }

    fn cell(&mut self, cell: &Cell, (right, aligned): (bool, bool), names: bool, is_map: bool) {
        let mut classes: Vec<String> = Vec::new();
        let is_long = cell.text.chars().nth(NUMBER_LENGTH).is_some();
        match (right, is_long) {
            (true, false) if aligned => {}
            (true, false) => classes.push("n".to_owned()),
            (true, true) => classes.push("long".to_owned()),
            (false, _) => {}
        }
        match cell.shade {
            Some(shade) => classes.push(format!("s{}", step(shade))),
            None if is_map && !names && cell.text.is_empty() => classes.push("hatched".to_owned()),
            None => {}
        }
        let text = match outcome(cell) {
            Some(outcome) => {
                classes.push(Mark::from(outcome).class().to_owned());
                outcome_text(&cell.text, outcome)
            }
            None if right => number(&cell.text),
            None => safe::xml(&cell.text),
        };
        let class = match classes.is_empty() {
            true => String::new(),
            false => format!(" class=\"{}\"", classes.join(" ")),
        };
        self.raw(&match names {
            true => format!("<th scope=\"row\"{class}>{text}</th>"),
            false => format!("<td{class}>{text}</td>"),
        });
    }
}

/// What a cell says was found: by itself, or because it says nothing else.
fn outcome(cell: &Cell) -> Option<Outcome> {
    let said = || {
        OUTCOMES
            .into_iter()
            .find(|outcome| outcome_token(*outcome) == cell.text)
    };
    cell.outcome.or_else(said)
}

/// The outcome with its symbol and its word, and what else the cell says.
fn outcome_text(text: &str, outcome: Outcome) -> String {
    let token = outcome_token(outcome);
    let badge = format!("<strong class=\"badge\">{}</strong>", safe::xml(&token));
    if text.is_empty() || text == token || text.eq_ignore_ascii_case(words::outcome_word(outcome)) {
        return badge;
    }
    format!(
        "{badge} {}",
        safe::xml(text.strip_prefix(token.as_str()).unwrap_or(text).trim_start())
    )
}

/// A number, with the interval behind it in an element of its own: `41.6% (40.2 to 43.1)`.
fn number(text: &str) -> String {
    match text.split_once(" (") {
        Some((point, interval)) if interval.contains(" to ") && interval.ends_with(')') => format!(
            "{}<span class=\"interval\"> ({}</span>",
            safe::xml(point),
            safe::xml(interval)
        ),
        _ => safe::xml(text),
    }
}

/// The class of a shade, from 0.
fn step(shade: f64) -> usize {
    let step = (shade.clamp(0.0, 1.0) * SHADES as f64).floor() as usize;
    step.min(SHADES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::from(text.to_owned())
    }

    #[test]
    fn intervals_are_apart_from_their_numbers_and_counts_are_not() {
        assert_eq!(
            number("41.6% (40.2 to 43.1)"),
            "41.6%<span class=\"interval\"> (40.2 to 43.1)</span>"
        );
        assert_eq!(number("41.2% (10 of 20)"), "41.2% (10 of 20)");
    }

    #[test]
    fn an_outcome_has_its_symbol_and_its_word() {
        assert_eq!(outcome(&cell("✗ fail")), Some(Outcome::Fail));
        assert_eq!(outcome(&cell("failing")), None);
        for text in ["", "fail", "✗ fail"] {
            assert_eq!(
                outcome_text(text, Outcome::Fail),
                "<strong class=\"badge\">✗ fail</strong>"
            );
        }
        assert!(outcome_text("0.62", Outcome::Pass).ends_with("✓ pass</strong> 0.62"));
    }

    #[test]
    fn shades_fill_their_steps() {
        assert_eq!([-1.0, 0.0, 0.55, 1.0, 7.0].map(step), [0, 0, 5, 9, 9]);
        assert_eq!(step(f64::NAN), 0);
    }

    #[test]
    fn maps_say_what_they_have_no_value_for() {
        let mut shaded = cell("41%");
        shaded.shade = Some(0.95);
        let table = Table {
            caption: "Map".to_owned(),
            header: ["", "a", "b"].map(str::to_owned).to_vec(),
            right: vec![false, true, true],
            rows: vec![vec![cell("x"), shaded, cell("")]],
            legend: vec!["What it shows".to_owned()],
        };
        let mut writer = Writer::new();
        writer.table(&table);
        let markup = writer.finish();
        for part in [
            "<thead>\n<tr><td></td><th scope=\"col\" class=\"n\">a</th>",
            "<table class=\"n2 n3\">",
            "<th scope=\"row\">x</th><td class=\"s9\">41%</td><td class=\"hatched\"></td>",
            "aria-label=\"Map (1)\"",
            "<p class=\"legend\">What it shows</p>",
        ] {
            assert!(markup.contains(part), "{part} in {markup}");
        }
    }
}
