//! This module draws lines over a horizontal and a vertical scale, with the names of the lines beside them.

use super::Part;
use super::axis::Axis;
use super::canvas::{Anchor, At, Canvas, Ink, Shape, Weight};
use super::panel::{Captions, LEADING, Lettering, MARGIN, SMALL, TEXT, TICKS_HEIGHT, WIDTH};

/// How a line looks: no two share a colour, a pattern or a mark, so that each is told apart without colour.
const LOOKS: [(Ink, &[f64], Shape); 6] = [
    (Ink::BLUE, &[], Shape::Disc),
    (Ink::TEXT, &[9.0, 5.0], Shape::Square),
    (Ink::PURPLE, &[2.0, 4.0], Shape::Triangle),
    (Ink::FAIL, &[12.0, 4.0, 2.0, 4.0], Shape::Diamond),
    (Ink::PASS, &[5.0, 3.0], Shape::Ring),
    (Ink::GREY, &[16.0, 6.0], Shape::Dash),
];

/// As many lines as one chart keeps apart.
pub(super) const LINES: usize = LOOKS.len();

/// A line of more points has no mark at each of them.
const MARKED: usize = 24;

const LEFT: i32 = 96;
const SAMPLE: i32 = 44;
const GAP: i32 = 28;

/// A value with its interval; `None` where there is none.
pub(super) type Point = (f64, Option<f64>, Option<(f64, f64)>);

/// One line: its name, what stands under the name, and its points from left to right.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) aside: String,
    pub(super) points: Vec<Point>,
}

/// What a chart shows besides its lines.
#[derive(Default)]
pub(super) struct Backdrop {
    /// Lines between two points that say what would be perfect, or nothing.
    pub(super) guides: Vec<((f64, f64), (f64, f64))>,
    /// The vertical range that is allowed.
    pub(super) allowed: Option<(f64, f64)>,
    /// The lines of groups that have no name here.
    pub(super) faint: Vec<Vec<Point>>,
    /// A place of the horizontal scale, with what it is.
    pub(super) marked: Option<(f64, String)>,
}

/// The scales of a chart, as ranges with what they are.
pub(super) struct Scales<'a> {
    pub(super) x: &'a dyn Fn((i32, i32)) -> Axis,
    pub(super) y: &'a dyn Fn((i32, i32)) -> Axis,
    pub(super) x_label: &'a str,
    pub(super) y_label: &'a str,
    /// Width and height of the plane in pixels.
    pub(super) size: (i32, i32),
}

/// A chart, ready to draw.
pub(super) struct Chart {
    words: Lettering,
    x: Axis,
    y: Axis,
    x_label: String,
    y_label: Vec<String>,
    size: (i32, i32),
    lines: Vec<Line>,
    names: Vec<Vec<String>>,
    backdrop: Backdrop,
}

impl Chart {
    pub(super) fn new(captions: Captions<'_>, scales: &Scales<'_>, lines: Vec<Line>, backdrop: Backdrop) -> Self {
        let (width, height) = scales.size;
        let fonts = captions.fonts;
        let room = f64::from(WIDTH - MARGIN - (LEFT + width + GAP + SAMPLE + 10));
        let names = lines.iter().map(|line| {
            let mut name = fonts.wrap(&fonts.drawable(&line.name), room, TEXT, Weight::Regular, 2);
            if !line.aside.is_empty() {
                name.push(fonts.fit(&fonts.drawable(&line.aside), room, SMALL, Weight::Regular));
            }
            name
        });
        let names = names.collect();
        let label = |text: &str, room: i32| fonts.wrap(text, f64::from(room), SMALL, Weight::Regular, 2);
        Self {
            words: Lettering::new(captions),
            x: (scales.x)((0, width)),
            y: (scales.y)((height, 0)),
            x_label: label(scales.x_label, width).join(" "),
            y_label: label(&fonts.drawable(scales.y_label), WIDTH / 2),
            size: scales.size,
            lines,
            names,
            backdrop,
        }
    }

    fn head(&self) -> i32 {
        self.words.head() + self.y_label.len() as i32 * LEADING + 10
    }

    fn legend_height(&self) -> i32 {
        self.names.iter().map(|name| name.len() as i32 * LEADING + 8).sum()
    }

    fn body(&self) -> i32 {
        self.size.1.max(self.legend_height())
    }

    fn draw_plane(&self, canvas: &mut Canvas<'_>, (left, top): At) {
        let (width, height) = self.size;
        let (right, bottom) = (left + width, top + height);
        if let Some((low, high)) = self.backdrop.allowed {
            canvas.rect(
                (left, top + self.y.at(high)),
                (right, top + self.y.at(low)),
                Ink::ALLOWED,
            );
        }
        for (x, label) in self.x.ticks() {
            canvas.line((left + x, top), (left + x, bottom), Ink::GRID, 1);
            let at = (left + x, bottom + TICKS_HEIGHT / 2);
            canvas.text(at, &label, SMALL, Anchor::Middle, Ink::FAINT_TEXT, Weight::Regular);
        }
        for (y, label) in self.y.ticks() {
            canvas.line((left, top + y), (right, top + y), Ink::GRID, 1);
            let at = (left - 8, top + y);
            canvas.text(at, &label, SMALL, Anchor::End, Ink::FAINT_TEXT, Weight::Regular);
        }
        canvas.line((left, top), (left, bottom), Ink::GREY, 1);
        canvas.line((left, bottom), (right, bottom), Ink::GREY, 1);
        let at = (left + width / 2, bottom + TICKS_HEIGHT + LEADING / 2);
        canvas.text(
            at,
            &self.x_label,
            SMALL,
            Anchor::Middle,
            Ink::FAINT_TEXT,
            Weight::Regular,
        );
        for ((x0, y0), (x1, y1)) in &self.backdrop.guides {
            let (from, to) = ((self.x.at(*x0), self.y.at(*y0)), (self.x.at(*x1), self.y.at(*y1)));
            let moved = |(x, y): At| (left + x, top + y);
            canvas.path(&[moved(from), moved(to)], &[], Ink::GREY, 1);
        }
        for run in self.backdrop.faint.iter().flat_map(|points| runs(points)) {
            let place = |(x, y): &(f64, f64)| (left + self.x.at(*x), top + self.y.at(*y));
            canvas.path(&thinned(run.iter().map(place)), &[], Ink::FAINT_LINE, 1);
        }
        if let Some((x, label)) = &self.backdrop.marked {
            let x = left + self.x.at(*x);
            canvas.dashes(x, top, bottom, Ink::TEXT);
            let room = canvas.fonts.width(label, SMALL, Weight::Regular) as i32 + 8;
            let (at, anchor) = match x + room > right {
                true => (x - 6, Anchor::End),
                false => (x + 6, Anchor::Start),
            };
            canvas.text((at, top + 9), label, SMALL, anchor, Ink::TEXT, Weight::Regular);
        }
    }

    fn draw_line(&self, canvas: &mut Canvas<'_>, index: usize, (left, top): At) {
        let Some(line) = self.lines.get(index) else { return };
        let (ink, dash, shape) = LOOKS[index % LINES];
        let place = |x: f64, y: f64| (left + self.x.at(x), top + self.y.at(y));
        // Lines that share their places stand a little apart, so that their intervals can be told apart.
        let apart = if self.lines.len() > 3 { 3 } else { 5 };
        let step = (index as i32 * 2 - (self.lines.len() as i32 - 1)) * apart / 2;
        let is_marked = line.points.len() <= MARKED;
        for (x, y, interval) in line.points.iter().filter(|_| is_marked) {
            if let Some((lower, upper)) = interval.filter(|_| y.is_some()) {
                let (from, to) = (place(*x, lower), place(*x, upper));
                let x = from.0 + step;
                canvas.line((x, to.1), (x, from.1), ink, 1);
                for y in [from.1, to.1] {
                    canvas.line((x - 3, y), (x + 3, y), ink, 1);
                }
            }
        }
        let step = if line.points.iter().any(|(_, _, interval)| interval.is_some()) && is_marked {
            step
        } else {
            0
        };
        let mut places: Vec<At> = Vec::new();
        for run in runs(&line.points) {
            let path = thinned(run.iter().map(|(x, y)| place(*x, *y)).map(|(x, y)| (x + step, y)));
            canvas.path(&path, dash, ink, 2);
            // A point between two gaps is no line, so a mark must show it.
            match is_marked || path.len() == 1 {
                true => places.extend(run.iter().map(|(x, y)| place(*x, *y)).map(|(x, y)| (x + step, y))),
                false => places.extend(spread(&path, index)),
            }
        }
        for at in places {
            canvas.mark(at, shape, ink);
        }
    }

    fn draw_legend(&self, canvas: &mut Canvas<'_>, left: i32, top: i32) {
        let mut y = top;
        for (name, (ink, dash, shape)) in self.names.iter().zip(LOOKS.iter().cycle()) {
            let middle = y + LEADING / 2;
            canvas.path(&[(left, middle), (left + SAMPLE, middle)], dash, *ink, 2);
            canvas.mark((left + SAMPLE / 2, middle), *shape, *ink);
            for (at, line) in name.iter().enumerate() {
                let place = (left + SAMPLE + 10, middle + at as i32 * LEADING);
                canvas.text(place, line, TEXT, Anchor::Start, Ink::TEXT, Weight::Regular);
            }
            y += name.len() as i32 * LEADING + 8;
        }
    }
}

/// The runs of points that have a value.
fn runs(points: &[Point]) -> Vec<Vec<(f64, f64)>> {
    let mut runs = vec![Vec::new()];
    for (x, y, _) in points {
        match (y, runs.last_mut()) {
            (Some(y), Some(run)) => run.push((*x, *y)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The points without those that lie on the one before, as far as eyes can tell; pixels are whole, and so many steps of one
/// would look ragged.
fn thinned(points: impl Iterator<Item = At>) -> Vec<At> {
    const APART: i32 = 4;
    let mut kept: Vec<At> = Vec::new();
    let mut last = None;
    for (x, y) in points {
        let is_near = kept
            .last()
            .is_some_and(|(a, b)| (x - a).abs() < APART && (y - b).abs() < APART);
        if !is_near {
            kept.push((x, y));
        }
        last = Some((x, y));
    }
    // The end of a line is a place of its own.
    match (last, kept.len()) {
        (Some(end), length) if length > 1 && kept.last() != Some(&end) => {
            kept.pop();
            kept.push(end);
        }
        _ => {}
    }
    kept
}

/// Where a line of many points has a mark: a few places, which differ from line to line.
fn spread(path: &[At], index: usize) -> Vec<At> {
    const MARKS: f64 = 4.0;
    let length = |pair: &[At]| f64::from(pair[1].0 - pair[0].0).hypot(f64::from(pair[1].1 - pair[0].1));
    let whole: f64 = path.windows(2).map(length).sum();
    let first = (index as f64 + 0.5) / LINES as f64;
    let mut wanted = (0..MARKS as i32)
        .map(|mark| (f64::from(mark) + first) / MARKS * whole)
        .peekable();
    let (mut gone, mut places) = (0.0, Vec::new());
    for pair in path.windows(2) {
        let long = length(pair);
        while let Some(at) = wanted.next_if(|at| *at <= gone + long) {
            let part = if long > 0.0 { (at - gone) / long } else { 0.0 };
            let along = |from: i32, to: i32| from + (f64::from(to - from) * part).round() as i32;
            places.push((along(pair[0].0, pair[1].0), along(pair[0].1, pair[1].1)));
        }
        gone += long;
    }
    places
}

impl Part for Chart {
    fn words(&self) -> &Lettering {
        &self.words
    }

    fn height(&self) -> i32 {
        self.head() + self.body() + TICKS_HEIGHT + LEADING + 6 + self.words.foot()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.words.write_head(canvas, top);
        let mut y = top + self.words.head() + 4;
        for line in &self.y_label {
            let at = (MARGIN, y + LEADING / 2);
            canvas.text(at, line, SMALL, Anchor::Start, Ink::FAINT_TEXT, Weight::Regular);
            y += LEADING;
        }
        let from = (LEFT, top + self.head());
        self.draw_plane(canvas, from);
        for index in 0..self.lines.len() {
            self.draw_line(canvas, index, from);
        }
        self.draw_legend(canvas, LEFT + self.size.0 + GAP, from.1);
        let foot = from.1 + self.body() + TICKS_HEIGHT + LEADING + 6;
        self.words.write_foot(canvas, foot);
    }
}
