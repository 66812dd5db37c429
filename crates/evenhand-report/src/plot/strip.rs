//! This module draws a table of shares as cells that are darker the larger the share.

use super::Part;
use super::canvas::{Anchor, Canvas, Ink, Weight};
use super::panel::{Captions, LABEL_ROOM, LEADING, Lettering, MARGIN, SMALL, TEXT, TICKS_HEIGHT, WIDTH};
use crate::numbers::percent;

const LEFT: i32 = 330;
const ROW: i32 = 30;
/// A cell is at most so wide, and has its number in it when it is at least so wide.
const CELL: (i32, i32) = (56, 30);

/// One row: its name and a share for each column, none where nothing was there.
pub(super) struct Cells {
    pub(super) name: String,
    pub(super) shares: Vec<Option<f64>>,
}

/// A strip, ready to draw.
pub(super) struct Strip {
    words: Lettering,
    columns: Vec<String>,
    x_label: String,
    rows: Vec<(Vec<String>, Vec<Option<f64>>)>,
    largest: f64,
}

impl Strip {
    pub(super) fn new(captions: Captions<'_>, columns: Vec<String>, x_label: &str, rows: Vec<Cells>) -> Self {
        let fonts = captions.fonts;
        let shares = rows.iter().flat_map(|row| row.shares.iter().flatten().copied());
        let largest = shares.fold(0.0, f64::max);
        let rows = rows.into_iter().map(|row| {
            let name = fonts.wrap(&fonts.drawable(&row.name), LABEL_ROOM, TEXT, Weight::Regular, 2);
            (name, row.shares)
        });
        let rows = rows.collect();
        Self {
            words: Lettering::new(captions),
            columns: columns.iter().map(|column| fonts.drawable(column)).collect(),
            x_label: x_label.to_owned(),
            rows,
            largest,
        }
    }

    fn head(&self) -> i32 {
        self.words.head() + LEADING + TICKS_HEIGHT + 4
    }

    fn row_height(name: &[String]) -> i32 {
        (name.len() as i32 * LEADING + 8).max(ROW)
    }

    fn body(&self) -> i32 {
        self.rows.iter().map(|(name, _)| Self::row_height(name)).sum()
    }

    fn cell(&self) -> i32 {
        ((WIDTH - MARGIN - LEFT) / self.columns.len().max(1) as i32).clamp(1, CELL.0)
    }

    fn depth(&self, share: f64) -> f64 {
        if self.largest > 0.0 { share / self.largest } else { 0.0 }
    }

    fn draw_columns(&self, canvas: &mut Canvas<'_>, top: i32) {
        let cell = self.cell();
        let at = (LEFT, top - TICKS_HEIGHT - LEADING / 2);
        canvas.text(
            at,
            &self.x_label,
            SMALL,
            Anchor::Start,
            Ink::FAINT_TEXT,
            Weight::Regular,
        );
        let widest = self
            .columns
            .iter()
            .map(|name| canvas.fonts.width(name, SMALL, Weight::Regular));
        let every = (widest.fold(0.0, f64::max).min(80.0) as i32 + 6) / cell + 1;
        for (index, name) in self.columns.iter().enumerate() {
            if index as i32 % every == 0 {
                let room = f64::from(cell * every);
                let name = canvas.fonts.fit(name, room, SMALL, Weight::Regular);
                let at = (LEFT + index as i32 * cell + cell / 2, top - TICKS_HEIGHT / 2);
                canvas.text(at, &name, SMALL, Anchor::Middle, Ink::FAINT_TEXT, Weight::Regular);
            }
        }
    }

    /// The scale of the shading, with the shares at its ends.
    fn draw_key(&self, canvas: &mut Canvas<'_>, top: i32) {
        const STEPS: i32 = 10;
        let middle = top + TICKS_HEIGHT / 2 + 4;
        let write = |canvas: &mut Canvas<'_>, x: i32, text: &str, anchor: Anchor| {
            canvas.text((x, middle), text, SMALL, anchor, Ink::FAINT_TEXT, Weight::Regular);
        };
        write(canvas, LEFT, "0%", Anchor::Start);
        let from = LEFT + 28;
        for step in 0..STEPS {
            let x = from + step * 14;
            let shade = Ink::shade(f64::from(step) / f64::from(STEPS - 1));
            canvas.rect((x, middle - 6), (x + 14, middle + 6), shade);
        }
        write(canvas, from + STEPS * 14 + 6, &percent(self.largest), Anchor::Start);
    }
}

impl Part for Strip {
    fn words(&self) -> &Lettering {
        &self.words
    }

    fn height(&self) -> i32 {
        self.head() + self.body() + TICKS_HEIGHT + 8 + self.words.foot()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.words.write_head(canvas, top);
        let cell = self.cell();
        let mut y = top + self.head();
        self.draw_columns(canvas, y);
        for (name, shares) in &self.rows {
            let height = Self::row_height(name);
            let middle = y + height / 2;
            let first = middle - (name.len() as i32 - 1) * LEADING / 2;
            for (at, line) in name.iter().enumerate() {
                let place = (MARGIN, first + at as i32 * LEADING);
                canvas.text(place, line, TEXT, Anchor::Start, Ink::TEXT, Weight::Regular);
            }
            let gap = i32::from(cell > 6);
            for (index, share) in shares.iter().enumerate() {
                let x = LEFT + index as i32 * cell;
                let (text, ink) = match share {
                    Some(share) => {
                        let depth = self.depth(*share);
                        canvas.rect((x, y), (x + cell - gap, y + height - 1), Ink::shade(depth));
                        // Whole percents; a share that rounds to none and is some says so.
                        let text = match share * 100.0 {
                            some if some > 0.0 && some < 0.5 => "<1".to_owned(),
                            percent => format!("{percent:.0}"),
                        };
                        (text, Ink::on_shade(depth))
                    }
                    None => ("–".to_owned(), Ink::FAINT_TEXT),
                };
                if cell >= CELL.1 {
                    let at = (x + cell / 2, middle);
                    canvas.text(at, &text, SMALL, Anchor::Middle, ink, Weight::Regular);
                }
            }
            y += height;
        }
        self.draw_key(canvas, y);
        self.words.write_foot(canvas, y + TICKS_HEIGHT + 8);
    }
}
