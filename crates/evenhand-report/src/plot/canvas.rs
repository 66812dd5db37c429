//! This module draws shapes and text with plotters' SVG backend, in pixels.
//!
//! plotters guesses the size of text from its bytes, so nothing here lets it place any: the caller measures.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::fonts::{FAMILY, Fonts};

/// A point in pixels.
pub(super) type At = (i32, i32);

/// A colour of ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(u8, u8, u8);

impl Ink {
    pub(super) const BLACK: Self = Self(0, 0, 0);
    pub(super) const TEXT: Self = Self(0x1a, 0x1a, 0x1a);
    pub(super) const FAINT_TEXT: Self = Self(0x4d, 0x4d, 0x4d);
    pub(super) const GREY: Self = Self(0x59, 0x59, 0x59);
    pub(super) const GRID: Self = Self(0xdd, 0xdd, 0xdd);
    pub(super) const FAINT_LINE: Self = Self(0xb4, 0xb4, 0xb4);
    pub(super) const PAPER: Self = Self(0xff, 0xff, 0xff);
    pub(super) const STRIPE: Self = Self(0xf6, 0xf6, 0xf6);
    pub(super) const ALLOWED: Self = Self(0xdc, 0xec, 0xf6);
    pub(super) const BLUE: Self = Self(0x00, 0x72, 0xb2);
    pub(super) const FAIL: Self = Self(0xd5, 0x5e, 0x00);
    pub(super) const PASS: Self = Self(0x00, 0x9e, 0x73);
    pub(super) const FAIL_TEXT: Self = Self(0xa6, 0x3a, 0x00);
    pub(super) const PASS_TEXT: Self = Self(0x00, 0x66, 0x4b);

    pub(super) const PURPLE: Self = Self(0x9a, 0x4f, 0x7c);

    /// A blue that is darker the nearer `depth` is to 1; for cells that also say their value.
    pub(super) fn shade(depth: f64) -> Self {
        let depth = depth.clamp(0.0, 1.0);
        let mix = |light: f64, dark: f64| (light + (dark - light) * depth).round() as u8;
        Self(mix(241.0, 0.0), mix(246.0, 76.0), mix(250.0, 120.0))
    }

    /// Ink that is read on [`Ink::shade`] of this depth, with a contrast of 4.5:1 at least.
    pub(super) fn on_shade(depth: f64) -> Self {
        if depth > 0.72 { Self::PAPER } else { Self::BLACK }
    }

    fn color(self) -> RGBColor {
        RGBColor(self.0, self.1, self.2)
    }

    fn style(self, width: u32, filled: bool) -> ShapeStyle {
        ShapeStyle {
            color: self.color().into(),
            filled,
            stroke_width: width,
        }
    }
}

/// Where a text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How heavy a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A filled disc.
    Disc,
    /// A filled square.
    Square,
    /// A hollow triangle.
    Triangle,
    /// A hollow ring.
    Ring,
    /// A filled diamond.
    Diamond,
    /// A short line.
    Dash,
}

/// A drawing under way.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    pub(super) fonts: &'a Fonts,
}

/// Draws on white paper and returns the SVG.
pub(super) fn paint(fonts: &Fonts, width: i32, height: i32, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
    let mut drawing = String::new();
    {
        let backend = SVGBackend::with_string(&mut drawing, (width.unsigned_abs(), height.unsigned_abs()));
        let mut canvas = Canvas { backend, fonts };
        canvas.rect((0, 0), (width, height), Ink::PAPER);
        draw(&mut canvas);
        let _ = canvas.backend.present();
    }
    fonts.switched(&drawing)
}

// The calls below ignore the backend's result: writing to a String cannot fail.
impl Canvas<'_> {
    pub(super) fn rect(&mut self, from: At, to: At, ink: Ink) {
        let _ = self.backend.draw_rect(from, to, &ink.style(0, true), true);
    }

    pub(super) fn line(&mut self, from: At, to: At, ink: Ink, width: u32) {
        let _ = self.backend.draw_line(from, to, &ink.style(width, false));
    }

    /// Slanted lines over a box, for cells whose shade would mislead.
    pub(super) fn hatch(&mut self, (left, top): At, (right, bottom): At, ink: Ink) {
        const APART: usize = 8;
        let height = bottom - top;
        for foot in (left..right + height).step_by(APART).skip(1) {
            // The line falls to the left; what would lie outside is cut off.
            let from = (foot.min(right), top + (foot - right).max(0));
            let to = ((foot - height).max(left), top + (foot - left).min(height));
            self.line(from, to, ink, 1);
        }
    }

    /// A dashed vertical line.
    pub(super) fn dashes(&mut self, x: i32, from: i32, to: i32, ink: Ink) {
        let mut y = from;
        while y < to {
            self.line((x, y), (x, (y + 5).min(to)), ink, 2);
            y += 9;
        }
    }

    /// A line through points; `dash` is lengths of ink and gap by turns, none for a whole line.
    pub(super) fn path(&mut self, points: &[At], dash: &[f64], ink: Ink, width: u32) {
        let style = ink.style(width, false);
        if dash.is_empty() {
            let _ = self.backend.draw_path(points.iter().copied(), &style);
            return;
        }
        for piece in dashed(points, dash) {
            let _ = self.backend.draw_path(piece, &style);
        }
    }

    /// An arrow head that says that a line goes on; `right` is where it points.
    pub(super) fn arrow(&mut self, (x, y): At, right: bool, ink: Ink) {
        let back = if right { -7 } else { 7 };
        let _ = self
            .backend
            .fill_polygon([(x, y), (x + back, y - 5), (x + back, y + 5)], &ink.style(0, true));
    }

    pub(super) fn mark(&mut self, (x, y): At, shape: Shape, ink: Ink) {
        let (fill, edge, paper) = (ink.style(0, true), ink.style(2, false), Ink::PAPER.style(0, true));
        let triangle = [(x, y - 6), (x + 6, y + 5), (x - 6, y + 5), (x, y - 6)];
        let backend = &mut self.backend;
        let _ = match shape {
            Shape::Disc => backend.draw_circle((x, y), 5, &fill, true),
            Shape::Ring => backend
                .draw_circle((x, y), 5, &paper, true)
                .and_then(|()| backend.draw_circle((x, y), 5, &edge, false)),
            Shape::Square => backend.draw_rect((x - 5, y - 5), (x + 5, y + 5), &fill, true),
            Shape::Dash => backend.draw_rect((x - 5, y - 1), (x + 5, y + 1), &fill, true),
            Shape::Diamond => backend.fill_polygon([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)], &fill),
            Shape::Triangle => backend
                .fill_polygon(triangle, &paper)
                .and_then(|()| backend.draw_path(triangle, &edge)),
        };
    }

    /// A text with its middle at the height of `at`.
    pub(super) fn text(&mut self, at: At, text: &str, size: f64, anchor: Anchor, ink: Ink, weight: Weight) {
        let hold = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let style = match weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        // The backend divides sizes by 1.24; the nearest double may come back a hair larger.
        let scaled = size * 1.24;
        let scaled = if scaled / 1.24 > size {
            scaled.next_down()
        } else {
            scaled
        };
        let font = (FAMILY, scaled).into_font().style(style);
        let color = ink.color();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(hold, VPos::Center));
        let _ = self.backend.draw_text(&self.fonts.marked(text), &style, at);
    }
}

/// The inked pieces of a dashed line. A dash goes round corners, so that a fine curve has the same pattern as a long line.
fn dashed(points: &[At], dash: &[f64]) -> Vec<Vec<At>> {
    let mut pieces: Vec<Vec<At>> = Vec::new();
    let (mut turn, mut left) = (0, dash.first().copied().unwrap_or(f64::INFINITY));
    let mut fresh = true;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = dx.hypot(dy);
        let mut gone = 0.0;
        while gone < length {
            let at = |way: f64| {
                let part = way / length;
                (from.0 + (dx * part).round() as i32, from.1 + (dy * part).round() as i32)
            };
            let step = left.min(length - gone);
            if turn % 2 == 0 {
                if fresh {
                    pieces.push(vec![at(gone)]);
                    fresh = false;
                }
                if let Some(piece) = pieces.last_mut() {
                    piece.push(at(gone + step));
                }
            }
            gone += step;
            left -= step;
            if left <= 0.0 {
                turn += 1;
                left = dash.get(turn % dash.len()).copied().unwrap_or(f64::INFINITY).max(1.0);
                fresh = true;
            }
        }
    }
    pieces
}
