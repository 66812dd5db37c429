//! This module arranges text in a terminal's columns: paragraphs, tables and colour.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use evenhand_measure::audit::model::{Outcome, Verdict};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::safe::terminal;
use crate::words;

/// Text on its way to a terminal.
pub(crate) struct Page {
    out: String,
    width: usize,
    color: bool,
}

/// What colour says; it never says anything that the words beside it do not.
#[derive(Clone, Copy)]
pub(crate) enum Ink {
    Good,
    Bad,
    Open,
    Quiet,
    Bold,
}

impl Ink {
    fn code(self) -> &'static str {
        match self {
            Self::Good => "32",
            Self::Bad => "1;31",
            Self::Open => "33",
            Self::Quiet => "2",
            Self::Bold => "1",
        }
    }

    pub(crate) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Good,
            Outcome::Fail => Self::Bad,
            Outcome::Inconclusive => Self::Open,
            Outcome::NotJudged | Outcome::NotApplicable => Self::Quiet,
        }
    }

    pub(crate) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Good,
            Verdict::Fail => Self::Bad,
            Verdict::Inconclusive | Verdict::NotJudged => Self::Open,
        }
    }
}

impl Page {
    pub(crate) fn new(width: usize, color: bool) -> Self {
        // Under forty columns tables are unreadable; such a terminal wraps by itself.
        Self {
            out: String::new(),
            width: width.clamp(40, 400),
            color,
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// Text as it stands, wrapped; later lines are indented by `hang`.
    pub(crate) fn paragraph(&mut self, text: &str, indent: usize, hang: usize) {
        for line in wrap(&terminal(text), self.width, indent, hang) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    /// A label, and its text in a column of its own that begins at `column`.
    pub(crate) fn labelled(&mut self, label: &str, text: &str, column: usize) {
        let lines = wrap(&terminal(text), self.width, column, 0);
        for (at, line) in lines.iter().enumerate() {
            let head = if at == 0 { label } else { "" };
            self.out.push_str(&format!("{head:<column$}{}\n", line.trim_start()));
        }
    }

    /// A paragraph in one colour, of which `lead` is the only part that is coloured when it is the start.
    pub(crate) fn inked(&mut self, text: &str, lead: usize, ink: Ink) {
        for (at, line) in wrap(&terminal(text), self.width, 0, 0).into_iter().enumerate() {
            if at == 0 && self.color && line.is_char_boundary(lead) && lead <= line.len() {
                let (head, tail) = line.split_at(lead);
                self.out
                    .push_str(&format!("\u{1b}[{}m{head}\u{1b}[0m{tail}", ink.code()));
            } else {
                self.out.push_str(&line);
            }
            self.out.push('\n');
        }
    }

    /// A heading over what follows.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        for line in wrap(&terminal(text), self.width, 0, 2) {
            self.out.push_str(&self.colored(&line, Ink::Bold));
            self.out.push('\n');
        }
    }

    /// A title with a line of `mark` below it.
    pub(crate) fn title(&mut self, text: &str, mark: char) {
        let lines = wrap(&terminal(text), self.width, 0, 0);
        let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
        for line in lines {
            self.out.push_str(&line);
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(mark, widest));
        self.out.push('\n');
    }

    /// A line as it stands, however long, such as one of a file.
    pub(crate) fn line(&mut self, text: &str) {
        self.out.push_str(&terminal(text));
        self.out.push('\n');
    }

    fn colored(&self, text: &str, ink: Ink) -> String {
        if self.color {
            format!("\u{1b}[{}m{text}\u{1b}[0m", ink.code())
        } else {
            text.to_owned()
        }
    }

    /// A table without vertical lines; `right` says which columns hold numbers.
    pub(crate) fn table(&mut self, header: &[String], rows: &[Vec<String>], right: &[bool]) {
        self.wide_table(header, rows, right, self.width);
    }

    /// A table that may take more room than sentences do.
    pub(crate) fn wide_table(&mut self, header: &[String], rows: &[Vec<String>], right: &[bool], width: usize) {
        let mut table = Table::new();
        table
            .load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')))
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(width).unwrap_or(u16::MAX))
            .set_header(header.iter().map(|cell| terminal(cell)));
        for row in rows {
            table.add_row(row.iter().map(|cell| terminal(cell)));
        }
        let outcomes = header
            .first()
            .is_some_and(|head| head.to_lowercase().ends_with("outcome"));
        let last = header.len().saturating_sub(1);
        let rigid = rigid(&table.column_max_content_widths(), right, outcomes, width);
        for (index, column) in table.column_iter_mut().enumerate() {
            if rigid.contains(&index) {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
            column.set_padding((0, u16::from(index < last)));
            if right.get(index).copied().unwrap_or(false) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for line in table.lines() {
            let line = line.trim_end();
            let outcome = OUTCOMES.iter().find_map(|outcome| {
                let token = outcome_token(*outcome);
                line.strip_prefix(token.as_str()).map(|rest| (*outcome, token, rest))
            });
            match outcome {
                Some((outcome, token, rest)) => {
                    self.out.push_str(&self.colored(&token, Ink::of(outcome)));
                    self.out.push_str(rest);
                }
                None => self.out.push_str(line),
            }
            self.out.push('\n');
        }
    }
}

impl Page {
    /// Whether a table fits without breaking a word or a number.
    pub(crate) fn fits(&self, header: &[String], rows: &[Vec<String>], right: &[bool]) -> bool {
        let widest = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).chain(header.get(column));
            let whole = column == 0 || right.get(column) == Some(&true);
            let width = |cell: &String| match whole {
                true => terminal(cell).width(),
                false => terminal(cell).split(' ').map(str::width).max().unwrap_or(0),
            };
            cells.map(width).max().unwrap_or(0)
        };
        let gaps = 2 * header.len().saturating_sub(1);
        (0..header.len()).map(widest).sum::<usize>() + gaps <= self.width
    }
}

/// The columns that are not wrapped: outcomes and numbers, as long as names keep some room.
fn rigid(widths: &[u16], right: &[bool], outcomes: bool, width: usize) -> Vec<usize> {
    const NAME: usize = 10;
    let keeps = |index: &usize| right.get(*index) == Some(&true) || (*index == 0 && outcomes);
    let rigid: Vec<usize> = (0..widths.len()).filter(keeps).collect();
    let fixed: usize = rigid.iter().map(|index| usize::from(widths[*index])).sum();
    let names = widths.len() - rigid.len();
    let gaps = 2 * widths.len();
    if fixed + gaps + names * NAME <= width {
        rigid
    } else {
        Vec::new()
    }
}

const OUTCOMES: [Outcome; 5] = [
    Outcome::Fail,
    Outcome::Inconclusive,
    Outcome::Pass,
    Outcome::NotJudged,
    Outcome::NotApplicable,
];

/// An outcome as symbol and word.
pub(crate) fn outcome_token(outcome: Outcome) -> String {
    format!("{} {}", words::outcome_symbol(outcome), words::outcome_word(outcome))
}

/// Lines of at most `width` columns, the first indented by `indent`, the others by `indent + hang`.
pub(crate) fn wrap(text: &str, width: usize, indent: usize, hang: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    let mut empty = true;
    let fresh = " ".repeat(indent + hang);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = usize::from(!empty);
        if !empty && line.width() + gap + word.width() > width {
            lines.push(std::mem::replace(&mut line, fresh.clone()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        // A word longer than a whole line is broken where the line ends.
        for c in word.chars() {
            if line.width() + c.width().unwrap_or(0) > width {
                lines.push(std::mem::replace(&mut line, fresh.clone()));
            }
            line.push(c);
        }
        empty = false;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width() {
        let text = format!("one two {} three", "x".repeat(100));
        let lines = wrap(&text, 40, 2, 2);
        assert!(lines.iter().all(|line| line.width() <= 40), "{lines:?}");
        assert!(lines[0].starts_with("  one two"));
        assert_eq!(lines.concat().replace(' ', "").len(), text.replace(' ', "").len());
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert!(wrap(&"名".repeat(50), 40, 0, 0).iter().all(|line| line.width() <= 40));
    }
}
