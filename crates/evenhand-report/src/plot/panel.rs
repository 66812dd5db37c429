//! This module lays out one panel: a title, a scale, and rows of a label, a mark with its interval, and numbers.

use super::axis::Axis;
use super::canvas::{Anchor, Canvas, Ink, Shape, Weight};
use super::{Fonts, Part};

/// Width of every figure.
pub(super) const WIDTH: i32 = 960;
/// Space around a figure.
pub(super) const MARGIN: i32 = 24;
/// Where the scale begins and ends.
pub(super) const SCALE: (i32, i32) = (330, 610);

pub(super) const LABEL_ROOM: f64 = 282.0;
const NUMBERS_END: i32 = 780;
const ASIDE_START: i32 = 800;
pub(super) const TEXT: f64 = 13.0;
pub(super) const SMALL: f64 = 12.0;
const TITLE: f64 = 16.0;
pub(super) const LEADING: i32 = 18;
const TITLE_HEIGHT: i32 = 26;
pub(super) const TICKS_HEIGHT: i32 = 22;
const ROW_PADDING: i32 = 8;
const BAR: i32 = 14;

/// What is at the right end of a row.
pub(super) enum Aside {
    /// Counts, or nothing.
    Text(String),
    /// An outcome, with its shape and the ink of its words.
    Outcome(&'static str, Ink),
}

/// A row of a panel.
pub(super) struct Row {
    pub(super) label: String,
    /// The label, broken into lines.
    lines: Vec<String>,
    pub(super) shape: Shape,
    pub(super) ink: Ink,
    pub(super) point: Option<f64>,
    /// Lower and upper end; without an upper end the interval goes on.
    pub(super) interval: Option<(f64, Option<f64>)>,
    pub(super) numbers: String,
    pub(super) aside: Aside,
    /// Whether a bar goes from 0 to the point, in place of a mark.
    pub(super) bar: bool,
    /// Where an upright line says what the point should be.
    pub(super) target: Option<f64>,
}

impl Row {
    pub(super) fn new(label: &str, shape: Shape, ink: Ink, numbers: &str, aside: Aside) -> Self {
        Self {
            label: label.to_owned(),
            lines: Vec::new(),
            shape,
            ink,
            point: None,
            interval: None,
            numbers: numbers.to_owned(),
            aside,
            bar: false,
            target: None,
        }
    }

    fn height(&self) -> i32 {
        self.lines.len().max(1) as i32 * LEADING + ROW_PADDING
    }
}

/// A panel, ready to draw.
pub(super) struct Panel {
    words: Lettering,
    axis: Axis,
    /// The range that is allowed.
    allowed: Option<(f64, f64)>,
    /// Where there is no difference.
    equal: Option<f64>,
    rows: Vec<Row>,
    /// Where the numbers of a row end.
    numbers_end: i32,
}

/// The words of a panel, broken into lines.
pub(super) struct Lettering {
    name: String,
    title: Vec<String>,
    subtitle: Vec<String>,
    footer: Vec<String>,
    summary: String,
}

impl Lettering {
    pub(super) fn new(captions: Captions<'_>) -> Self {
        let fonts = captions.fonts;
        let room = f64::from(WIDTH - 2 * MARGIN);
        let lines = |text: &str, size, weight| match text {
            "" => Vec::new(),
            _ => fonts.wrap(&fonts.drawable(text), room, size, weight, 6),
        };
        Self {
            name: captions.title.to_owned(),
            title: lines(captions.title, TITLE, Weight::Bold),
            subtitle: lines(captions.subtitle, TEXT, Weight::Regular),
            footer: lines(captions.footer, TEXT, Weight::Regular),
            summary: captions.summary,
        }
    }

    /// The title, whole.
    pub(super) fn title(&self) -> &str {
        &self.name
    }

    /// What it shows, in a sentence.
    pub(super) fn summary(&self) -> &str {
        &self.summary
    }

    /// The height of title and subtitle.
    pub(super) fn head(&self) -> i32 {
        self.title.len() as i32 * TITLE_HEIGHT + self.subtitle.len() as i32 * LEADING
    }

    /// The height of the footer.
    pub(super) fn foot(&self) -> i32 {
        self.footer.len() as i32 * LEADING
    }

    /// Writes title and subtitle from `top` downwards.
    pub(super) fn write_head(&self, canvas: &mut Canvas<'_>, top: i32) {
        let mut y = top;
        for line in &self.title {
            let at = (MARGIN, y + TITLE_HEIGHT / 2);
            canvas.text(at, line, TITLE, Anchor::Start, Ink::TEXT, Weight::Bold);
            y += TITLE_HEIGHT;
        }
        write_lines(canvas, &self.subtitle, y);
    }

    /// Writes the footer from `top` downwards.
    pub(super) fn write_foot(&self, canvas: &mut Canvas<'_>, top: i32) {
        write_lines(canvas, &self.footer, top);
    }
}

/// The words of a panel.
pub(super) struct Captions<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) title: &'a str,
    pub(super) subtitle: &'a str,
    pub(super) footer: &'a str,
    pub(super) summary: String,
}

impl Panel {
    pub(super) fn new(captions: Captions<'_>, axis: Axis, mut rows: Vec<Row>) -> Self {
        let fonts = captions.fonts;
        for row in &mut rows {
            row.lines = fonts.wrap(&fonts.drawable(&row.label), LABEL_ROOM, TEXT, Weight::Regular, 3);
        }
        Self {
            words: Lettering::new(captions),
            axis,
            allowed: None,
            equal: None,
            numbers_end: match rows
                .iter()
                .all(|row| matches!(&row.aside, Aside::Text(text) if text.is_empty()))
            {
                true => WIDTH - MARGIN,
                false => NUMBERS_END,
            },
            rows,
        }
    }

    /// Shades what is allowed, where anything is not, and marks where there is no difference.
    pub(super) fn with_bound(mut self, allowed: Option<(f64, f64)>, equal: f64) -> Self {
        self.allowed = allowed;
        self.equal = Some(equal);
        self
    }

    fn head(&self) -> i32 {
        self.words.head() + TICKS_HEIGHT + 4
    }

    fn body(&self) -> i32 {
        self.rows.iter().map(Row::height).sum()
    }
}

impl Part for Panel {
    fn words(&self) -> &Lettering {
        &self.words
    }

    fn height(&self) -> i32 {
        self.head() + self.body() + TICKS_HEIGHT + self.words.foot()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.words.write_head(canvas, top);
        let (from, to) = (top + self.head(), top + self.head() + self.body());
        self.draw_scale(canvas, from, to);
        let mut y = from;
        for row in &self.rows {
            self.draw_row(canvas, row, y);
            y += row.height();
        }
        self.words.write_foot(canvas, to + TICKS_HEIGHT);
    }
}

impl Panel {
    fn draw_scale(&self, canvas: &mut Canvas<'_>, from: i32, to: i32) {
        let (left, right) = self.axis.pixels();
        let mut y = from;
        for (at, row) in self.rows.iter().enumerate() {
            if at % 2 == 1 {
                canvas.rect((MARGIN - 8, y), (WIDTH - MARGIN + 8, y + row.height()), Ink::STRIPE);
            }
            y += row.height();
        }
        if let Some((low, high)) = self.allowed {
            canvas.rect((self.axis.at(low), from), (self.axis.at(high), to), Ink::ALLOWED);
        }
        for (x, label) in self.axis.ticks() {
            canvas.line((x, from), (x, to), Ink::GRID, 1);
            for middle in [from - TICKS_HEIGHT / 2, to + TICKS_HEIGHT / 2] {
                canvas.text(
                    (x, middle),
                    &label,
                    SMALL,
                    Anchor::Middle,
                    Ink::FAINT_TEXT,
                    Weight::Regular,
                );
            }
        }
        canvas.line((left, from), (right, from), Ink::GREY, 1);
        canvas.line((left, to), (right, to), Ink::GREY, 1);
        if let Some(equal) = self.equal {
            canvas.line((self.axis.at(equal), from), (self.axis.at(equal), to), Ink::GREY, 1);
        }
        if let Some((low, high)) = self.allowed {
            // An edge of the shading that is an edge of the scale is no bound.
            for bound in [low, high]
                .into_iter()
                .filter(|bound| self.axis.off(*bound) == (false, false))
            {
                canvas.dashes(self.axis.at(bound), from, to, Ink::BLUE);
            }
        }
    }

    fn draw_row(&self, canvas: &mut Canvas<'_>, row: &Row, top: i32) {
        let middle = top + row.height() / 2;
        let first = middle - (row.lines.len() as i32 - 1) * LEADING / 2;
        for (at, line) in row.lines.iter().enumerate() {
            let y = first + at as i32 * LEADING;
            canvas.text((MARGIN, y), line, TEXT, Anchor::Start, Ink::TEXT, Weight::Regular);
        }
        let (left, right) = self.axis.pixels();
        if let Some(point) = row.point.filter(|_| row.bar) {
            let (from, to) = (self.axis.at(0.0), self.axis.at(point));
            let (low, high) = (middle - BAR / 2, middle + BAR / 2);
            canvas.rect((from.min(to), low), (from.max(to), high), row.ink);
        }
        if let Some((lower, upper)) = row.interval {
            // On a bar of its own colour an interval would not be seen.
            let ink = if row.bar { Ink::TEXT } else { row.ink };
            let high = upper.unwrap_or(f64::INFINITY);
            let (from, to) = (self.axis.at(lower), self.axis.at(high));
            canvas.line((from, middle), (to, middle), ink, 2);
            match self.axis.off(lower) {
                (true, _) => canvas.arrow((left, middle), false, ink),
                // All of the interval lies beyond the scale; the arrow at its right end says so.
                (_, true) => {}
                _ => canvas.line((from, middle - 4), (from, middle + 4), ink, 2),
            }
            match self.axis.off(high) {
                (_, true) => canvas.arrow((right, middle), true, ink),
                (true, _) => {}
                _ => canvas.line((to, middle - 4), (to, middle + 4), ink, 2),
            }
        }
        if let Some(target) = row.target {
            let (x, reach) = (self.axis.at(target), BAR / 2 + 4);
            canvas.rect((x - 2, middle - reach), (x + 2, middle + reach), Ink::PAPER);
            canvas.rect((x - 1, middle - reach), (x + 1, middle + reach), Ink::TEXT);
        }
        if let Some(point) = row.point
            && !row.bar
            && self.axis.off(point) == (false, false)
        {
            canvas.mark((self.axis.at(point), middle), row.shape, row.ink);
        }
        canvas.text(
            (self.numbers_end, middle),
            &row.numbers,
            TEXT,
            Anchor::End,
            Ink::TEXT,
            Weight::Regular,
        );
        match &row.aside {
            Aside::Text(text) => {
                let room = f64::from(WIDTH - MARGIN - ASIDE_START);
                let text = canvas.fonts.fit(text, room, TEXT, Weight::Regular);
                canvas.text(
                    (WIDTH - MARGIN, middle),
                    &text,
                    TEXT,
                    Anchor::End,
                    Ink::FAINT_TEXT,
                    Weight::Regular,
                );
            }
            Aside::Outcome(word, ink) => {
                canvas.mark((ASIDE_START + 8, middle), row.shape, row.ink);
                canvas.text(
                    (ASIDE_START + 24, middle),
                    word,
                    TEXT,
                    Anchor::Start,
                    *ink,
                    Weight::Bold,
                );
            }
        }
    }
}

/// Small print from `top` downwards.
fn write_lines(canvas: &mut Canvas<'_>, lines: &[String], top: i32) {
    let mut y = top + LEADING / 2;
    for line in lines {
        canvas.text((MARGIN, y), line, TEXT, Anchor::Start, Ink::FAINT_TEXT, Weight::Regular);
        y += LEADING;
    }
}
