//! This module draws an audit: rates by group, and disparities against their bounds, as SVG and PNG.
//!
//! Colour is never alone: each mark has a shape, and the outcome stands beside it in words. The four colours are
//! those of Okabe and Ito that keep a contrast of 3:1 on white.

mod axis;
mod canvas;
mod chart;
mod figure;
mod fonts;
mod forest;
mod map;
mod page;
mod panel;
mod picture;
mod png;
mod rates;
mod series;
mod strip;
mod trend;

use self::canvas::{Canvas, paint};
use self::panel::{Captions, Lettering, MARGIN, WIDTH};
use crate::safe;

pub use self::axis::Unit;
pub use self::figure::{Figure, svg, svg_with};
pub use self::fonts::{Fonts, is_font};
pub use self::page::{Drawing, curve_drawings, curve_drawings_with, drawings, drawings_with};
pub use self::png::{PlotError, png, png_with};
pub use self::trend::{TrendPoint, trend, trend_with, trends_with};

/// How wide a text is in the bundled font.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    Fonts::default().width(text, size, canvas::Weight::Regular)
}

/// A part of a figure, one below another.
trait Part {
    fn words(&self) -> &Lettering;
    fn height(&self) -> i32;
    fn draw(&self, canvas: &mut Canvas<'_>, top: i32);
}

fn boxed(part: impl Part + 'static) -> Box<dyn Part> {
    Box::new(part)
}

/// A sentence of its own below the others.
struct Remark(Lettering);

impl Remark {
    fn new(text: &str, fonts: &Fonts) -> Self {
        Self(Lettering::new(Captions {
            fonts,
            title: "",
            subtitle: "",
            footer: text,
            summary: text.to_owned(),
        }))
    }
}

impl Part for Remark {
    fn words(&self) -> &Lettering {
        &self.0
    }

    fn height(&self) -> i32 {
        self.0.foot()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.0.write_foot(canvas, top);
    }
}

/// Draws parts one below another, from `top` on and `gap` apart.
fn draw_all(canvas: &mut Canvas<'_>, parts: &[Box<dyn Part>], top: i32, gap: i32) {
    let mut y = top;
    for part in parts {
        part.draw(canvas, y);
        y += part.height() + gap;
    }
}

/// A drawing of one part alone, as an SVG that takes the width it is given.
fn alone(id: &str, part: &dyn Part, fonts: &Fonts) -> Drawing {
    let height = part.height() + 2 * MARGIN;
    let drawing = paint(fonts, WIDTH, height, |canvas| part.draw(canvas, MARGIN));
    let (title, description) = (part.words().title(), part.words().summary());
    Drawing {
        svg: accessible(&drawing, (id, title, description), height, ""),
        title: title.to_owned(),
        description: description.to_owned(),
    }
}

/// The drawing with a role, a title, a description and a view box; no attribute of it is a style, which pages that forbid
/// styles would drop.
fn accessible(drawing: &str, (id, title, description): (&str, &str, &str), height: i32, size: &str) -> String {
    let body = drawing.split_once('>').map_or("", |(_, body)| body);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\"{size} role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>{body}",
        safe::xml(title),
        safe::xml(description),
    )
}

#[cfg(test)]
mod tests;
