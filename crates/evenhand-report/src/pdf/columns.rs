//! This module decides how wide the columns of a table are, how large its letters, and whether its page is turned, so
//! that it takes as little paper as it can and still be read.
//!
//! Left to itself, the typesetter gives every column that is too wide the same room, and a remark becomes a strip of
//! one word a line. Here each column gets what saves the most lines. All widths are in the size of the letters.

use unicode_width::UnicodeWidthChar;

use super::glyphs::BREAK;

/// The room of a page, in points, as the template sets it.
struct Sheet {
    width: f64,
    height: f64,
}

const UPRIGHT: Sheet = Sheet {
    width: 493.0,
    height: 705.0,
};
const TURNED: Sheet = Sheet {
    width: 739.0,
    height: 455.0,
};

/// Letters of a table in the body, the largest first.
const BODY: [f64; 2] = [9.0, 8.0];
/// Letters of a table that only a reviewer reads.
const SMALL: f64 = 7.0;

/// What is kept free beside a cell; the template has the same.
const BESIDE: f64 = 0.9;
/// What an estimate of a width may be wrong by.
const SLACK: f64 = 0.15;
/// Titles and outcomes are in bold letters, which are wider.
const BOLD: f64 = 1.08;
/// Beyond this even a number is broken: it is a remark in place of one.
const WIDEST_NUMBER: f64 = 14.0;
/// Beyond this a cell of text is not set in one line, however much room there is.
const WIDEST_TEXT: f64 = 48.0;
/// By how much a column may be narrowed at a time.
const STEPS: [f64; 6] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0];
/// Rows that are looked at to fit the columns of all.
const LOOKED_AT: usize = 240;
/// Between the lines of a cell, and above and below it.
const LINE: f64 = 1.17;
const AROUND: f64 = 0.5;
/// The part of a turned page that a table has to fill to be given one.
const WORTH_A_PAGE: f64 = 0.6;
/// Pages that a turned table has to save, as what stands before and after it cannot share its pages.
const WORTH_TURNING: f64 = 1.5;

/// How a table is set.
pub(super) struct Fit {
    pub(super) turned: bool,
    /// In points.
    pub(super) size: f64,
    /// Of each column, with what is free beside it.
    pub(super) widths: Vec<f64>,
}

/// A text by the widths of the pieces that no line is broken in, each with the space after it.
pub(super) struct Pieces(Vec<(f64, f64)>);

impl Pieces {
    pub(super) fn of(text: &str, mut advance: impl FnMut(char) -> f64) -> Self {
        let mut pieces = Vec::new();
        let (mut word, mut space) = (0.0, 0.0);
        let mut last = ' ';
        for c in text.chars() {
            let before = std::mem::replace(&mut last, c);
            if c == ' ' {
                space += advance(c);
                continue;
            }
            let breaks = space > 0.0 || may_break(before, c);
            if breaks && word > 0.0 {
                pieces.push((word, space));
                (word, space) = (0.0, 0.0);
            }
            word += if c == BREAK { 0.0 } else { advance(c) };
        }
        if word > 0.0 {
            pieces.push((word, 0.0));
        }
        Self(pieces)
    }

    pub(super) fn bold(self) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|(word, space)| (word * BOLD, space * BOLD))
                .collect(),
        )
    }

    /// In one line.
    fn whole(&self) -> f64 {
        self.0.iter().map(|(word, space)| word + space).sum()
    }

    fn longest(&self) -> f64 {
        self.0.iter().map(|(word, _)| *word).fold(0.0, f64::max)
    }

    /// How many lines it takes in a column.
    fn lines(&self, width: f64) -> usize {
        let (mut lines, mut at) = (1, 0.0);
        for (word, space) in &self.0 {
            if at > 0.0 && at + word > width {
                lines += 1;
                at = 0.0;
            }
            at += word + space;
        }
        lines
    }
}

/// Whether a number may be parted from the counts behind it.
#[derive(Clone, Copy)]
enum Numbers {
    Whole,
    Broken,
}

/// Whether a line may end between two characters that have no space between them.
fn may_break(before: char, c: char) -> bool {
    let is_wide = |c: char| c.width() == Some(2);
    c == BREAK
        || (before == ']' && c == '[')
        || (matches!(before, '-' | '–') && c.is_alphabetic())
        || (is_wide(before) && is_wide(c))
}

/// A column, with its title.
pub(super) struct Column {
    title: Pieces,
    cells: Vec<Pieces>,
    /// No line is broken within a word.
    words: f64,
    /// Nor within a number.
    least: f64,
    /// Nothing is broken.
    most: f64,
}

impl Column {
    pub(super) fn new(title: Pieces, cells: Vec<Pieces>, is_number: bool) -> Self {
        let title_needs = title.longest();
        let widest = cells.iter().map(Pieces::whole).fold(0.0, f64::max);
        let words = cells.iter().map(Pieces::longest).fold(title_needs, f64::max);
        let numbers = cells.iter().map(Pieces::whole).filter(|&cell| cell <= WIDEST_NUMBER);
        let least = if is_number {
            numbers.fold(words, f64::max)
        } else {
            words
        };
        // Titles may take three lines; a column that is narrow beside its title is not made as wide as that.
        let title_wants = title.whole().min(title_needs.max(title.whole() / 2.0 + 1.0));
        Self {
            most: widest.min(WIDEST_TEXT).max(least).max(title_wants) + SLACK,
            least: least + SLACK,
            words: words + SLACK,
            title,
            cells,
        }
    }

    fn narrowest(&self, numbers: Numbers) -> f64 {
        match numbers {
            Numbers::Whole => self.least,
            Numbers::Broken => self.words,
        }
    }

    /// The least room that it takes on a page.
    pub(super) fn least(&self) -> f64 {
        self.words + BESIDE
    }

    /// Lines of the title and of the rows that are looked at.
    fn lines(&self, width: f64) -> Vec<usize> {
        let step = self.cells.len().div_ceil(LOOKED_AT).max(1);
        let cells = self.cells.iter().step_by(step);
        [&self.title]
            .into_iter()
            .chain(cells)
            .map(|cell| cell.lines(width))
            .collect()
    }
}

/// The room across a page that is turned, in the smallest letters.
pub(super) fn broadest() -> f64 {
    TURNED.width / SMALL
}

/// How a table is set: `is_small` where only a reviewer reads it.
pub(super) fn fit(columns: &[&Column], is_small: bool) -> Fit {
    let wanted: f64 = columns.iter().map(|column| column.most + BESIDE).sum();
    let body = BODY.into_iter().filter(|_| !is_small);
    if let Some(size) = body.clone().find(|size| wanted * size <= UPRIGHT.width) {
        return Fit::new(false, size, columns.iter().map(|column| column.most).collect());
    }
    for size in body.skip(1).chain([SMALL]) {
        let (widths, upright) = shrunk(columns, &UPRIGHT, size, Numbers::Whole);
        let Some(widths) = widths else { continue };
        if upright > WORTH_TURNING
            && let (Some(widths), turned) = shrunk(columns, &TURNED, size, Numbers::Whole)
            && turned + WORTH_TURNING < upright
        {
            return Fit::new(true, size, widths);
        }
        return Fit::new(false, size, widths);
    }
    let (widths, turned) = shrunk(columns, &TURNED, SMALL, Numbers::Whole);
    // A few rows are not worth a page of their own.
    if (widths.is_none() || turned < WORTH_A_PAGE)
        && let (Some(widths), _) = shrunk(columns, &UPRIGHT, SMALL, Numbers::Broken)
    {
        return Fit::new(false, SMALL, widths);
    }
    let widths = widths.or_else(|| shrunk(columns, &TURNED, SMALL, Numbers::Broken).0);
    Fit::new(
        true,
        SMALL,
        widths.unwrap_or_else(|| columns.iter().map(|column| column.words).collect()),
    )
}

impl Fit {
    fn new(turned: bool, size: f64, widths: Vec<f64>) -> Self {
        Self {
            turned,
            size,
            widths: widths.into_iter().map(|width| width + BESIDE).collect(),
        }
    }
}

/// The widths that fit a page, where there are any, and how many pages the table takes with them.
fn shrunk(columns: &[&Column], sheet: &Sheet, size: f64, numbers: Numbers) -> (Option<Vec<f64>>, f64) {
    let room = sheet.width / size - BESIDE * columns.len() as f64;
    if columns.iter().map(|column| column.narrowest(numbers)).sum::<f64>() > room {
        return (None, f64::INFINITY);
    }
    let mut widths: Vec<f64> = columns.iter().map(|column| column.most).collect();
    let mut rows = vec![1; columns.first().map_or(0, |column| column.lines(column.most).len())];
    for (column, width) in columns.iter().zip(&widths) {
        rows = higher(&rows, &column.lines(*width));
    }
    loop {
        let over = widths.iter().sum::<f64>() - room;
        if over <= 0.0 {
            break;
        }
        let Some(step) = best_step(columns, (&widths, numbers), &rows, over) else {
            break;
        };
        rows = higher(&rows, &step.lines);
        widths[step.column] = step.width;
    }
    let looked_at = rows.len().saturating_sub(1).max(1);
    let all = columns.first().map_or(0, |column| column.cells.len());
    let heights = rows
        .iter()
        .skip(1)
        .map(|&lines| lines as f64 * LINE + AROUND)
        .sum::<f64>();
    let height = heights * size * all as f64 / looked_at as f64;
    (Some(widths), height / sheet.height)
}

/// A column to be narrowed.
struct Step {
    column: usize,
    width: f64,
    lines: Vec<usize>,
}

/// What costs the fewest lines for the room that it frees. A small step may cost as much as a large one: once a cell
/// is broken in two, there is room to be had for nothing.
fn best_step(columns: &[&Column], (widths, numbers): (&[f64], Numbers), rows: &[usize], over: f64) -> Option<Step> {
    let mut best: Option<(f64, f64, Step)> = None;
    for (at, (column, &width)) in columns.iter().zip(widths).enumerate() {
        for step in STEPS {
            let narrower = (width - step.min(over)).max(column.narrowest(numbers));
            let freed = width - narrower;
            if freed <= 0.0 {
                continue;
            }
            let lines = column.lines(narrower);
            let more: usize = lines.iter().zip(rows).map(|(new, old)| new.saturating_sub(*old)).sum();
            let price = more as f64 / freed;
            // Of those that cost the same, the widest.
            let is_better = best
                .as_ref()
                .is_none_or(|(least, widest, _)| price < *least || (price <= *least && width > *widest));
            if is_better {
                let step = Step {
                    column: at,
                    width: narrower,
                    lines,
                };
                best = Some((price, width, step));
            }
            if step >= over {
                break;
            }
        }
    }
    best.map(|(.., step)| step)
}

fn higher(rows: &[usize], others: &[usize]) -> Vec<usize> {
    rows.iter().zip(others).map(|(a, b)| *a.max(b)).collect()
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
