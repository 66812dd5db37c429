//! This module writes every text with characters that a font at hand can print.
//!
//! Neither of the two standards allows the empty box that stands for a missing character, and a name that comes out as
//! boxes is no name. So what cannot be printed is spelled out before anything is set.

use std::collections::{BTreeMap, BTreeSet};

use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};
use typst::foundations::Bytes;
use typst::text::Font;
use unicode_width::UnicodeWidthChar;

use super::PdfError;
use crate::{bundled, safe};

/// What is trusted to be printable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// All that a font has.
    Fonts,
    /// Letters of European scripts, and the signs that the report itself uses.
    Plain,
}

/// The bundled fonts, then those of the owner.
pub(super) fn fonts(given: &[Vec<u8>]) -> Result<Vec<Font>, PdfError> {
    let bundled = bundled::FONTS.into_iter().chain(bundled::SIGNS).map(Bytes::new);
    let mut fonts: Vec<Font> = bundled.flat_map(Font::iter).collect();
    for (at, file) in given.iter().enumerate() {
        let refused = |why: &str| PdfError::new(format!("font {} of {} {why}", at + 1, given.len()));
        let before = fonts.len();
        for font in Font::iter(Bytes::new(file.clone())) {
            if is_restricted(file, font.index()) {
                return Err(refused("does not permit that it is embedded in a file"));
            }
            fonts.push(font);
        }
        if fonts.len() == before {
            return Err(refused("is no font in the form TrueType or OpenType"));
        }
    }
    Ok(fonts)
}

/// Whether a font's licence forbids to embed it: the second bit of its permissions, alone.
fn is_restricted(file: &[u8], index: u32) -> bool {
    let os2 = FontRef::from_index(file, index).and_then(|font| font.os2());
    os2.is_ok_and(|os2| os2.fs_type() & 0xf == 2)
}

/// The characters at hand, and those that were missed.
pub(super) struct Glyphs<'a> {
    fonts: &'a [Font],
    care: Care,
    missed: BTreeSet<char>,
    advances: BTreeMap<char, f64>,
}

impl<'a> Glyphs<'a> {
    pub(super) fn new(fonts: &'a [Font], care: Care) -> Self {
        Self {
            fonts,
            care,
            missed: BTreeSet::new(),
            advances: BTreeMap::new(),
        }
    }

    pub(super) fn fonts(&self) -> &'a [Font] {
        self.fonts
    }

    /// How wide a character is, in the size of its letters.
    pub(super) fn advance(&mut self, c: char) -> f64 {
        let fonts = self.fonts;
        *self
            .advances
            .entry(c)
            .or_insert_with(|| fonts.iter().find_map(|font| advance(font, c)).unwrap_or(UNKNOWN))
    }

    /// The characters that had to be spelled out, in order.
    pub(super) fn missed(&self) -> impl Iterator<Item = char> + '_ {
        self.missed.iter().copied()
    }

    /// The text with what is hidden, and what no font has, spelled out; after each `run` of letters without a place to
    /// break, a place to break.
    ///
    /// Words of a script that runs from right to left are closed off, so that a number after a name stays after it.
    pub(super) fn print(&mut self, text: &str, run: usize) -> String {
        let visible = safe::visible(text);
        let mut out = String::with_capacity(visible.len());
        let mut base = ' ';
        let mut since_break = 0;
        let mut right_to_left = RightToLeft::default();
        for c in visible.chars() {
            let is_mark = c.width() == Some(0);
            let has = if is_mark { self.joins(base, c) } else { self.has(c) };
            if !is_mark {
                base = c;
                since_break = if is_break(c) { 0 } else { since_break + room(c) };
                if since_break > run * UNITS {
                    out.push(BREAK);
                    since_break = room(c);
                }
            }
            if has {
                right_to_left.before(c, is_mark, &mut out);
                out.push(c);
                right_to_left.after(out.len(), c);
            } else {
                right_to_left.before('[', false, &mut out);
                out.push_str(&code(c));
                since_break = 0;
                self.missed.insert(c);
                base = ']';
            }
        }
        right_to_left.close(&mut out);
        out
    }

    fn has(&self, c: char) -> bool {
        if c.is_ascii() {
            return true;
        }
        match self.care {
            Care::Fonts => !is_private(c) && self.fonts.iter().any(|font| covers(font, c)),
            Care::Plain => matches!(c, '\u{a0}'..='\u{24f}' | '\u{370}'..='\u{45f}' | '–' | '…' | '✗' | '✓' | '○'),
        }
    }

    /// Whether a mark can stand on a letter: one font must have both.
    fn joins(&self, base: char, mark: char) -> bool {
        let both = |font: &Font| covers(font, base) && covers(font, mark);
        self.care == Care::Fonts && !is_private(mark) && self.fonts.iter().any(both)
    }
}

/// A place where a line may break, of no width.
pub(super) const BREAK: char = '\u{200b}';
/// What ends a stretch of text from right to left, of no width.
const LEFT_TO_RIGHT: char = '\u{200e}';

/// A character as its code.
pub(super) fn code(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

fn covers(font: &Font, c: char) -> bool {
    font.info().coverage.contains(u32::from(c))
}

/// Whether a character means what its font likes. PDF/A forbids those.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

fn is_break(c: char) -> bool {
    matches!(c, ' ' | '-' | '–' | '/') || c.width() == Some(2)
}

/// How wide a character is that is in no font.
const UNKNOWN: f64 = 0.6;

/// The room of a small letter.
const UNITS: usize = 2;

/// How wide a character is in a font that has it.
fn advance(font: &Font, c: char) -> Option<f64> {
    let font = FontRef::from_index(font.data(), font.index()).ok()?;
    let glyph = font.charmap().map(c)?;
    let advance = font
        .glyph_metrics(Size::new(1.0), LocationRef::default())
        .advance_width(glyph)?;
    Some(f64::from(advance))
}

/// How much room a character takes, roughly.
fn room(c: char) -> usize {
    let is_wide = c.is_uppercase() || matches!(c, 'm' | 'w' | '@' | '%' | '&' | '=' | '+' | '<' | '>');
    if is_wide { UNITS + 1 } else { UNITS }
}

/// Where a stretch of text from right to left ends.
#[derive(Default)]
struct RightToLeft {
    /// The length of what is written, up to the last letter of the stretch.
    end: Option<usize>,
}

impl RightToLeft {
    /// Closes the stretch before a character that is no part of one. Spaces may still be.
    fn before(&mut self, c: char, is_mark: bool, out: &mut String) {
        if !is_mark && c != ' ' && !is_right_to_left(c) {
            self.close(out);
        }
    }

    fn after(&mut self, length: usize, c: char) {
        if is_right_to_left(c) || (self.end.is_some() && c.width() == Some(0)) {
            self.end = Some(length);
        }
    }

    fn close(&mut self, out: &mut String) {
        if let Some(end) = self.end.take() {
            out.insert(end, LEFT_TO_RIGHT);
        }
    }
}

/// Whether a letter belongs to a script that runs from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}
