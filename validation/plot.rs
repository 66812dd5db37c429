//! Charts of ranges: rows of labelled marks on one scale.
//!
//! Each series has a shape, a colour of Okabe and Ito's palette and its name in the legend, so colour is never alone.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{IntoFont, RGBColor, ShapeStyle, TextStyle};

/// A point in pixels.
type At = (i32, i32);

const WIDTH: i32 = 960;
const LABELS_END: i32 = 300;
const SCALE: (i32, i32) = (320, 920);
const LEADING: i32 = 17;
const TOP: i32 = 24;

const TEXT: RGBColor = RGBColor(0x1a, 0x1a, 0x1a);
const FAINT: RGBColor = RGBColor(0x4d, 0x4d, 0x4d);
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
const STRIPE: RGBColor = RGBColor(0xf6, 0xf6, 0xf6);
const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// Blue, vermilion, bluish green, black, reddish purple: 3:1 or more on white.
const INKS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0x1a, 0x1a, 0x1a),
    RGBColor(0xa8, 0x4b, 0x84),
];

/// A chart, drawn from the top down.
pub struct Chart {
    pub title: String,
    /// What it shows, for those who do not see it.
    pub description: String,
    /// Names of the series, at most five.
    pub series: Vec<&'static str>,
    /// The ends of the scale.
    pub range: (f64, f64),
    pub ticks: Vec<(f64, String)>,
    /// Dashed lines with their names.
    pub lines: Vec<(f64, &'static str)>,
    pub rows: Vec<Row>,
}

/// One row: a label, and for each series a mark with the range around it, or nothing.
pub struct Row {
    pub label: String,
    pub marks: Vec<Option<Mark>>,
}

/// A value and the range around it.
#[derive(Clone, Copy)]
pub struct Mark {
    pub low: f64,
    pub at: f64,
    pub high: f64,
}

impl Mark {
    /// A value without a range.
    pub fn point(at: f64) -> Self {
        Self { low: at, at, high: at }
    }
}

impl Chart {
    /// The chart as SVG, with a title and a description for screen readers.
    pub fn svg(&self) -> String {
        let legend_end = TOP + 16 + LEADING * (self.series.len() as i32 + 1);
        let body = legend_end + 2 * LEADING;
        let end = body + self.rows.iter().map(Row::height).sum::<i32>();
        let height = end + 2 * LEADING;
        let mut drawing = String::new();
        {
            let mut paper = Paper {
                backend: SVGBackend::with_string(&mut drawing, (WIDTH.unsigned_abs(), height.unsigned_abs())),
            };
            paper.rect((0, 0), (WIDTH, height), PAPER);
            paper.text((24, TOP), &self.title, 16.0, HPos::Left, TEXT);
            for (at, name) in self.series.iter().enumerate() {
                let y = TOP + 16 + LEADING * (at as i32 + 1);
                paper.mark((32, y), at);
                paper.text((48, y), name, 13.0, HPos::Left, TEXT);
            }
            self.draw_scale(&mut paper, body, end);
            let mut y = body;
            for row in &self.rows {
                self.draw_row(&mut paper, row, y);
                y += row.height();
            }
            let _ = paper.backend.present();
        }
        self.accessible(&drawing, height)
    }

    fn x(&self, value: f64) -> i32 {
        let (low, high) = self.range;
        let part = ((value - low) / (high - low)).clamp(0.0, 1.0);
        SCALE.0 + (part * f64::from(SCALE.1 - SCALE.0)).round() as i32
    }

    fn draw_scale(&self, paper: &mut Paper<'_>, from: i32, to: i32) {
        let mut y = from;
        for (at, row) in self.rows.iter().enumerate() {
            if at % 2 == 1 {
                paper.rect((16, y), (WIDTH - 16, y + row.height()), STRIPE);
            }
            y += row.height();
        }
        for (value, label) in &self.ticks {
            let x = self.x(*value);
            paper.line((x, from), (x, to), GRID, 1);
            paper.text((x, to + LEADING), label, 12.0, HPos::Center, FAINT);
        }
        for (at, (value, name)) in self.lines.iter().enumerate() {
            let x = self.x(*value);
            let mut y = from;
            while y < to {
                paper.line((x, y), (x, (y + 5).min(to)), TEXT, 1);
                y += 9;
            }
            // Names of neighbouring lines stand above each other.
            paper.text((x, from - 8 - 15 * (at as i32 % 2)), name, 12.0, HPos::Center, TEXT);
        }
    }

    fn draw_row(&self, paper: &mut Paper<'_>, row: &Row, top: i32) {
        let middle = top + row.height() / 2;
        paper.text((LABELS_END, middle), &row.label, 13.0, HPos::Right, TEXT);
        for (series, mark) in row.marks.iter().enumerate() {
            let Some(mark) = mark else { continue };
            let y = top + 4 + Row::LANE / 2 + Row::LANE * series as i32;
            paper.line(
                (self.x(mark.low), y),
                (self.x(mark.high), y),
                INKS[series % INKS.len()],
                2,
            );
            paper.mark((self.x(mark.at), y), series);
        }
    }

    fn accessible(&self, drawing: &str, height: i32) -> String {
        let body = drawing.split_once('>').map_or("", |(_, body)| body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\" style=\"max-width:100%;height:auto\">\n\
             <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>{body}",
            escaped(&self.title),
            escaped(&self.description),
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Row {
    const LANE: i32 = 13;

    fn height(&self) -> i32 {
        8 + Self::LANE * self.marks.len().max(1) as i32
    }
}

struct Paper<'a> {
    backend: SVGBackend<'a>,
}

fn filled(color: RGBColor) -> ShapeStyle {
    ShapeStyle {
        color: color.into(),
        filled: true,
        stroke_width: 0,
    }
}

// The calls below ignore the backend's result: writing to a String cannot fail.
impl Paper<'_> {
    fn rect(&mut self, from: At, to: At, color: RGBColor) {
        let _ = self.backend.draw_rect(from, to, &filled(color), true);
    }

    fn line(&mut self, from: At, to: At, color: RGBColor, width: u32) {
        let style = ShapeStyle {
            color: color.into(),
            filled: false,
            stroke_width: width,
        };
        let _ = self.backend.draw_line(from, to, &style);
    }

    /// The shape of a series: disc, square, triangle, diamond, cross bar.
    fn mark(&mut self, (x, y): At, series: usize) {
        let style = filled(INKS[series % INKS.len()]);
        let backend = &mut self.backend;
        let _ = match series % INKS.len() {
            0 => backend.draw_circle((x, y), 4, &style, true),
            1 => backend.draw_rect((x - 4, y - 4), (x + 4, y + 4), &style, true),
            2 => backend.fill_polygon([(x, y - 5), (x + 5, y + 4), (x - 5, y + 4)], &style),
            3 => backend.fill_polygon([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], &style),
            _ => backend.draw_rect((x - 1, y - 5), (x + 2, y + 5), &style, true),
        };
    }

    fn text(&mut self, at: At, text: &str, size: f64, hold: HPos, color: RGBColor) {
        // The backend divides sizes by 1.24; the nearest double may come back a hair larger.
        let scaled = size * 1.24;
        let scaled = if scaled / 1.24 > size {
            scaled.next_down()
        } else {
            scaled
        };
        let font = ("sans-serif", scaled).into_font();
        let style = TextStyle::from(font).color(&color).pos(Pos::new(hold, VPos::Center));
        let _ = self.backend.draw_text(text, &style, at);
    }
}
