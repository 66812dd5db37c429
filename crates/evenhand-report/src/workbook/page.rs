//! This module is a sheet while it is written: text from the top, then a table that can be filtered and printed.

use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, Format, FormatAlign, FormatBorder, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::cell::{Cell, fitted};
use crate::arrange::outcome_token;
use crate::document::{Document, Letterhead};
use crate::numbers::count;
use crate::safe::visible;

/// The last row that anything is written to, which leaves room for a table's end.
const LAST_ROW: u32 = 1_048_000;
/// Points that a line of text is high.
const LINE: f64 = 15.0;
/// Lines of a paragraph before it is cut from view; a row can be 409 points high.
const MOST_LINES: usize = 26;

const FAIL: Pair = (0x00A6_3A00, 0x00FB_E9E1);
const PASS: Pair = (0x0000_664B, 0x00E0_F2EC);
const OPEN: Pair = (0x004A_4A4A, 0x00EE_EEEE);

/// Colours of letters and ground.
type Pair = (u32, u32);

/// What all sheets have in common.
pub(super) struct Dress {
    accent: Color,
    footer: String,
    header: String,
}

impl Dress {
    pub(super) fn new(document: &Document, letterhead: &Letterhead) -> Self {
        let accent = letterhead.accent.map_or(0x001F_3A5F, |[red, green, blue]| {
            u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue)
        });
        let line = document.confidentiality.as_deref().map(marginal).unwrap_or_default();
        Self {
            accent: Color::RGB(accent),
            header: format!("&L{}&R&A", marginal(&document.title)),
            footer: format!("&L{line}&RPage &P of &N"),
        }
    }
}

/// Text for the margin of a page, where `&` begins a command and there is room for little.
fn marginal(text: &str) -> String {
    const ROOM: usize = 110;
    let start: String = text.chars().take(ROOM).collect();
    let mut out = String::new();
    let mut used = 0;
    for c in visible(&start).chars() {
        let piece = if c == '&' { "&&".to_owned() } else { c.to_string() };
        used += piece.encode_utf16().count();
        if used > ROOM {
            out.push('…');
            break;
        }
        out.push_str(&piece);
    }
    // Digits directly after a command would be read as a size.
    format!(" {out}")
}

/// A column of a table.
pub(super) type Head<'a> = (&'a str, f64);

/// A table.
pub(super) struct Table {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// Where a table stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// The row of its header.
    pub(super) header: u32,
    /// Its first row.
    pub(super) first: u32,
}

/// A sheet.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) name: String,
    dress: &'a Dress,
    row: u32,
    widths: Vec<f64>,
}

impl<'a> Page<'a> {
    pub(super) fn new(sheet: &'a mut Worksheet, name: &str, dress: &'a Dress) -> Result<Self, XlsxError> {
        sheet.set_name(name)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.75, 0.75, 0.3, 0.3);
        sheet
            .set_header(dress.header.as_str())
            .set_footer(dress.footer.as_str());
        Ok(Self {
            sheet,
            name: name.to_owned(),
            dress,
            row: 0,
            widths: Vec::new(),
        })
    }

    /// The sheet with columns so many characters wide.
    pub(super) fn wide(mut self, widths: &[f64]) -> Result<Self, XlsxError> {
        for (column, width) in (0..).zip(widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        self.widths = widths.to_vec();
        Ok(self)
    }

    /// The row that is written next.
    pub(super) fn row(&self) -> u32 {
        self.row
    }

    pub(super) fn skip(&mut self) {
        self.row += 1;
    }

    pub(super) fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        let format = Format::new()
            .set_bold()
            .set_font_size(15)
            .set_font_color(self.dress.accent);
        self.sheet.set_row_height(self.row, 24)?;
        self.line(0, text, &format)
    }

    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let format = Format::new()
            .set_bold()
            .set_font_size(12)
            .set_font_color(self.dress.accent);
        self.sheet.set_row_height(self.row, 20)?;
        self.line(0, text, &format)
    }

    /// One line that runs on over the empty cells beside it.
    fn line(&mut self, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        if self.row <= LAST_ROW {
            self.sheet
                .write_string_with_format(self.row, column, fitted(text), format)?;
            self.row += 1;
        }
        Ok(())
    }

    /// A line as it stands, in letters of one width.
    pub(super) fn code(&mut self, text: &str) -> Result<(), XlsxError> {
        self.line(0, text, &Format::new().set_font_name("Consolas").set_font_size(9))
    }

    /// Text across the sheet, over as many lines as it takes.
    pub(super) fn paragraph(&mut self, text: &str) -> Result<(), XlsxError> {
        self.block(0, text, &Format::new(), 1.0)
    }

    /// Text from a column to the end of the sheet; `scale` is how large its letters are.
    pub(super) fn block(&mut self, from: u16, text: &str, format: &Format, scale: f64) -> Result<(), XlsxError> {
        let last = u16::try_from(self.widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let format = format
            .clone()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_align(FormatAlign::Left);
        let text = fitted(text);
        if self.row > LAST_ROW || text.is_empty() {
            return Ok(());
        }
        if from < last {
            self.sheet.merge_range(self.row, from, self.row, last, &text, &format)?;
        } else {
            self.sheet.write_string_with_format(self.row, from, &text, &format)?;
        }
        // Cells that are joined do not grow by themselves.
        let room: f64 = self.widths.iter().skip(usize::from(from)).sum::<f64>() / scale;
        let lines = (text.width() as f64 / room.max(10.0))
            .ceil()
            .max(1.0)
            .min(MOST_LINES as f64);
        self.sheet.set_row_height(self.row, lines * LINE * scale + 3.0)?;
        self.row += 1;
        Ok(())
    }

    /// Points, each of them a paragraph.
    pub(super) fn list(&mut self, lines: &[String]) -> Result<(), XlsxError> {
        for line in lines {
            self.paragraph(&format!("• {line}"))?;
        }
        Ok(())
    }

    /// Names and what they stand for.
    pub(super) fn facts<'b>(&mut self, facts: impl IntoIterator<Item = (&'b str, &'b str)>) -> Result<(), XlsxError> {
        let label = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
        for (name, value) in facts {
            if self.row <= LAST_ROW {
                self.sheet.write_string_with_format(self.row, 0, fitted(name), &label)?;
                let row = self.row;
                self.block(1, value, &Format::new(), 1.0)?;
                self.row = self.row.max(row + 1);
            }
        }
        Ok(())
    }

    /// A word in the colours of an outcome, and the sentence after it.
    pub(super) fn verdict(&mut self, word: &str, sentence: &str, tone: Tone) -> Result<(), XlsxError> {
        let format = tone
            .format()
            .set_bold()
            .set_font_size(13)
            .set_align(FormatAlign::Top)
            .set_text_wrap();
        let row = self.row;
        self.sheet.write_string_with_format(row, 0, fitted(word), &format)?;
        self.block(1, sentence, &Format::new().set_font_size(12), 1.15)?;
        self.row = self.row.max(row + 1);
        Ok(())
    }

    /// A line above a table, which runs on over the empty cells beside it.
    pub(super) fn note(&mut self, text: &str) -> Result<(), XlsxError> {
        self.line(0, text, &Format::new())
    }

    /// Heads of columns that stand beside a table.
    pub(super) fn head(&mut self, row: u32, column: u16, heads: &[&str]) -> Result<(), XlsxError> {
        let format = Format::new().set_italic().set_text_wrap().set_align(FormatAlign::Top);
        for (column, head) in (column..).zip(heads) {
            self.sheet.write_string_with_format(row, column, *head, &format)?;
        }
        Ok(())
    }

    /// For a sheet of text: upright.
    pub(super) fn portrait(&mut self) {
        self.sheet.set_portrait();
    }

    /// For a sheet of many columns: three pages side by side, each with the first columns.
    pub(super) fn side_by_side(&mut self, kept: u16) -> Result<(), XlsxError> {
        self.sheet.set_print_fit_to_pages(3, 0).set_repeat_columns(0, kept)?;
        Ok(())
    }

    /// What a table leaves out, where it does.
    pub(super) fn left_out(&mut self, most: usize, total: usize) -> Result<(), XlsxError> {
        match total > most {
            true => self.paragraph(&format!(
                "These are the first {} of {} rows; the JSON form of the audit has all of them.",
                count(most as u64),
                count(total as u64)
            )),
            false => Ok(()),
        }
    }

    /// A table in the middle of a sheet.
    pub(super) fn table(&mut self, table: &Table) -> Result<Placed, XlsxError> {
        let header = self.row;
        let format = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_color(Color::White)
            .set_background_color(self.dress.accent);
        for (column, head) in (0..).zip(&table.header) {
            // A head stands where its numbers stand.
            let mut cells = table.rows.iter().filter_map(|row| row.get(usize::from(column)));
            let format = match cells.any(Cell::is_number) {
                true => format.clone().set_align(FormatAlign::Right),
                // Words keep their distance from the numbers before them.
                false if column > 0 => format.clone().set_indent(1),
                false => format.clone(),
            };
            self.sheet
                .write_string_with_format(header, column, fitted(head), &format)?;
        }
        let heads = table.header.iter().map(String::as_str).enumerate();
        self.grow(heads.map(|(column, head)| (column, head.width() + 1)))?;
        self.row += 1;
        for row in &table.rows {
            if self.row > LAST_ROW {
                break;
            }
            for (column, cell) in (0..).zip(row) {
                self.put(self.row, column, cell)?;
            }
            let prose = row.iter().enumerate().filter_map(|(column, cell)| match cell {
                Cell::Prose(text) => Some((column, text.width())),
                _ => None,
            });
            self.grow(prose)?;
            self.row += 1;
        }
        let outcomes = (0..).zip(table.rows.first().into_iter().flatten());
        for (column, _) in outcomes.filter(|(_, cell)| matches!(cell, Cell::Outcome(_))) {
            self.tones(header + 1, column)?;
        }
        Ok(Placed {
            header,
            first: header + 1,
        })
    }

    /// Makes the row as high as its longest text needs, by how wide the text of each column is. Not every program does
    /// that by itself.
    fn grow(&mut self, texts: impl Iterator<Item = (usize, usize)>) -> Result<(), XlsxError> {
        let lines = texts.map(|(column, wide)| {
            let room = self.widths.get(column).copied().unwrap_or(8.0).max(1.0);
            (wide as f64 / room).ceil()
        });
        let lines = lines.fold(1.0, f64::max).min(MOST_LINES as f64);
        if lines > 1.0 {
            self.sheet.set_row_height(self.row, lines * LINE)?;
        }
        Ok(())
    }

    /// The one table that a sheet is about: its header stays in sight and on every page, and filters.
    pub(super) fn main_table(&mut self, table: &Table, kept: u16) -> Result<Placed, XlsxError> {
        let placed = self.table(table)?;
        let last = u16::try_from(table.header.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.sheet
            .autofilter(placed.header, 0, self.row.max(placed.first) - 1, last)?;
        self.sheet.set_freeze_panes(placed.first, kept)?;
        self.sheet.set_repeat_rows(placed.header, placed.header)?;
        Ok(placed)
    }

    /// A cell anywhere, such as one that stands beside a table.
    pub(super) fn put(&mut self, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        let top = Format::new().set_align(FormatAlign::Top);
        let aside = || top.clone().set_italic().set_font_color(Color::RGB(0x0059_5959));
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                let format = if column > 0 { top.set_indent(1) } else { top };
                self.sheet
                    .write_string_with_format(row, column, fitted(text), &format)?;
            }
            Cell::Prose(text) => {
                let format = if column > 0 { top.set_indent(1) } else { top };
                let format = format.set_text_wrap();
                self.sheet
                    .write_string_with_format(row, column, fitted(text), &format)?;
            }
            Cell::Why(text) => {
                self.sheet
                    .write_string_with_format(row, column, fitted(text), &aside())?;
            }
            Cell::Outcome(outcome) => {
                let format = top.set_bold();
                self.sheet
                    .write_string_with_format(row, column, outcome_token(*outcome), &format)?;
            }
            // What is no finite number cannot be written as one.
            Cell::Number(value, _) | Cell::Estimate(value, _) | Cell::Formula(_, value, _) if !value.is_finite() => {
                self.sheet
                    .write_string_with_format(row, column, "no finite value", &aside())?;
            }
            Cell::Number(value, form) => {
                let format = top.set_num_format(form.code());
                self.sheet.write_number_with_format(row, column, *value, &format)?;
            }
            Cell::Estimate(value, form) => {
                let format = aside().set_num_format(form.code());
                self.sheet.write_number_with_format(row, column, *value, &format)?;
            }
            Cell::Formula(formula, value, form) => {
                let format = top.set_num_format(form.code());
                let formula = rust_xlsxwriter::Formula::new(formula.in_row(row)).set_result(value.to_string());
                self.sheet.write_formula_with_format(row, column, formula, &format)?;
            }
        }
        Ok(())
    }

    /// Colours for the words of outcomes in a column.
    fn tones(&mut self, first: u32, column: u16) -> Result<(), XlsxError> {
        let last = self.row.max(first + 1) - 1;
        for (word, tone) in [("fail", Tone::Fail), ("pass", Tone::Pass), ("inconclusive", Tone::Open)] {
            let rule = ConditionalFormatText::new()
                .set_rule(ConditionalFormatTextRule::Contains(word.to_owned()))
                .set_format(tone.format());
            self.sheet.add_conditional_format(first, column, last, column, &rule)?;
        }
        Ok(())
    }

    /// What is printed: from the first cell to this one.
    pub(super) fn print_to(&mut self, row: u32, column: u16) -> Result<(), XlsxError> {
        self.sheet.set_print_area(0, 0, row.min(LAST_ROW), column)?;
        Ok(())
    }
}

/// The colours of a verdict or outcome; its word always stands in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Fail,
    Pass,
    Open,
}

impl Tone {
    fn format(self) -> Format {
        let (ink, ground) = match self {
            Self::Fail => FAIL,
            Self::Pass => PASS,
            Self::Open => OPEN,
        };
        Format::new()
            .set_font_color(Color::RGB(ink))
            .set_background_color(Color::RGB(ground))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00D0_D0D0))
    }
}
