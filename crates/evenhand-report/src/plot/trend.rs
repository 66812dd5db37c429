//! This module draws one value over time or over versions, with its intervals and with what is allowed.

use evenhand_measure::audit::model::Bound;

use super::axis::{Axis, Unit};
use super::canvas::paint;
use super::canvas::{Anchor, At, Canvas, Ink, Shape, Weight};
use super::panel::{Captions, LEADING, Lettering, MARGIN, SMALL, TEXT, TICKS_HEIGHT, WIDTH};
use super::{Drawing, Fonts, Part, Remark, accessible, alone, boxed};

/// One point of a trend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrendPoint {
    /// What stands under it, such as a day or a version.
    pub label: String,
    /// The value; none where there was none.
    pub value: Option<f64>,
    /// The lower end of its interval.
    pub lower: Option<f64>,
    /// The upper end of its interval.
    pub upper: Option<f64>,
    /// What was allowed at the time.
    pub bound: Option<Bound>,
}

const LEFT: i32 = 96;
const RIGHT: i32 = 110;
const HEIGHT: i32 = 300;
/// Between one trend and the next.
const GAP: i32 = 24;
/// More points have no interval of their own at each, and no mark: a band and a line show them.
const MARKED: usize = 40;
/// As many points have their value beside them.
const NAMED: usize = 10;
/// A name below the axis may be so wide, and wider where there are few.
const WIDEST_NAME: i32 = 120;

/// A trend, ready to draw.
struct Trend<'a> {
    words: Lettering,
    points: &'a [TrendPoint],
    names: Vec<String>,
    axis: Axis,
    unit: Unit,
}

/// A picture of a value from point to point, in the order given, under the title and with numbers of the unit. `id` names
/// it in a document: ASCII letters, digits and hyphens.
#[must_use]
pub fn trend(id: &str, title: &str, unit: Unit, points: &[TrendPoint]) -> Drawing {
    trend_with(id, title, unit, points, &Fonts::default())
}

/// A picture of a value from point to point, as [`trend`] makes it, with further fonts.
#[must_use]
pub fn trend_with(id: &str, title: &str, unit: Unit, points: &[TrendPoint], fonts: &Fonts) -> Drawing {
    alone(id, &part(title, unit, points, fonts), fonts)
}

/// Several trends below each other, as one picture with a size of its own: title, unit and points of each.
#[must_use]
pub fn trends_with(id: &str, title: &str, of: &[(String, Unit, Vec<TrendPoint>)], fonts: &Fonts) -> String {
    let mut parts: Vec<Box<dyn Part + '_>> = Vec::new();
    for (title, unit, points) in of {
        parts.push(Box::new(part(title, *unit, points, fonts)));
    }
    stack(id, title, parts, fonts)
}

fn stack(id: &str, title: &str, mut parts: Vec<Box<dyn Part + '_>>, fonts: &Fonts) -> String {
    if parts.is_empty() {
        parts.push(boxed(Remark::new("There is no comparison yet.", fonts)));
    }
    let gaps = GAP * (parts.len() as i32 - 1);
    let height = 2 * MARGIN + gaps + parts.iter().map(|part| part.height()).sum::<i32>();
    let drawing = paint(fonts, WIDTH, height, |canvas| {
        let mut y = MARGIN;
        for part in &parts {
            part.draw(canvas, y);
            y += part.height() + GAP;
        }
    });
    let summaries: Vec<&str> = parts.iter().map(|part| part.words().summary()).collect();
    let size = format!(" width=\"{WIDTH}\" height=\"{height}\"");
    accessible(&drawing, (id, title, &summaries.join(" ")), height, &size)
}

fn part<'a>(title: &str, unit: Unit, points: &'a [TrendPoint], fonts: &Fonts) -> Trend<'a> {
    let ends = |point: &TrendPoint| {
        let bound = point.bound.unwrap_or(UNBOUNDED);
        [point.value, point.lower, point.upper, bound.at_least, bound.at_most]
    };
    let values = points.iter().flat_map(ends).flatten();
    let pixels = (HEIGHT, 0);
    let axis = match unit {
        Unit::Percent => Axis::shares(values, pixels),
        Unit::Points | Unit::Change => Axis::numbers(unit, values, true, pixels),
        Unit::Ratio => Axis::numbers(unit, values.chain([1.0]), false, pixels),
        Unit::Number => Axis::numbers(unit, values, false, pixels),
    };
    let is_bounded = points
        .iter()
        .any(|point| point.bound.is_some_and(|bound| bound != UNBOUNDED));
    let has_beyond = points.iter().any(is_beyond);
    let has_intervals = points
        .iter()
        .any(|point| point.lower.is_some() && point.upper.is_some());
    let intervals = match points.len() > MARKED {
        true => "Grey: the interval of each value.",
        false => "Thin upright lines: the interval of each value.",
    };
    let is_empty = points.iter().all(|point| point.value.is_none());
    let parts = [
        is_empty.then_some("There is no value yet."),
        has_intervals.then_some(intervals),
        is_bounded.then_some("Shaded: allowed."),
        has_beyond.then_some("Squares: the value lies beyond it, whatever the evidence for that is."),
    ];
    let subtitle: Vec<&str> = parts.into_iter().flatten().collect();
    let captions = Captions {
        fonts,
        title,
        subtitle: &subtitle.join(" "),
        footer: "",
        summary: summary(title, unit, points),
    };
    let names = points.iter().map(|point| {
        let name = fonts.drawable(&crate::words::name(&point.label));
        let room = WIDEST_NAME.max((WIDTH - MARGIN - RIGHT - LEFT) / points.len().max(1) as i32 - 12);
        fonts.fit(&name, f64::from(room), SMALL, Weight::Regular)
    });
    let names = names.collect();
    Trend {
        words: Lettering::new(captions),
        points,
        names,
        axis,
        unit,
    }
}

const UNBOUNDED: Bound = Bound {
    at_least: None,
    at_most: None,
};

fn is_beyond(point: &TrendPoint) -> bool {
    let (Some(value), Some(bound)) = (point.value, point.bound) else {
        return false;
    };
    bound.at_least.is_some_and(|least| value < least) || bound.at_most.is_some_and(|most| value > most)
}

fn said(point: &TrendPoint, unit: Unit) -> String {
    match point.value {
        Some(value) => unit.text(value, &point.bound.unwrap_or(UNBOUNDED)),
        None => "no value".to_owned(),
    }
}

fn summary(title: &str, unit: Unit, points: &[TrendPoint]) -> String {
    let named = |point: &TrendPoint| format!("{} at {}", said(point, unit), crate::words::name(&point.label));
    let course = match points {
        [] => "no points".to_owned(),
        [only] => named(only),
        [first, .., last] => format!("from {} to {}", named(first), named(last)),
    };
    let beyond = match points.iter().filter(|point| is_beyond(point)).count() {
        0 => String::new(),
        some => format!("; {some} of {} lie beyond what is allowed", points.len()),
    };
    format!("{title}: {course}{beyond}.")
}

impl Trend<'_> {
    fn right() -> i32 {
        WIDTH - MARGIN - RIGHT
    }

    /// Where a point stands, and where what belongs to it begins and ends.
    fn across(&self, at: usize) -> (i32, i32, i32) {
        let (wide, all) = (i64::from(Self::right() - LEFT), self.points.len().max(1) as i64);
        let edge = |at: i64, halves: i64| LEFT + ((2 * at + halves) * wide / (2 * all)) as i32;
        let at = at as i64;
        (edge(at, 1), edge(at, 0), edge(at, 2))
    }

    /// The edges of what is allowed, each with where it begins and ends.
    fn edges(&self) -> Vec<(f64, i32, i32)> {
        let ends: [fn(&Bound) -> Option<f64>; 2] = [|bound| bound.at_least, |bound| bound.at_most];
        let mut edges: Vec<(f64, i32, i32)> = Vec::new();
        for end in ends {
            let mut before = None;
            for (at, point) in self.points.iter().enumerate() {
                let (_, from, to) = self.across(at);
                let value = point.bound.as_ref().and_then(end);
                match (value, edges.last_mut()) {
                    // The same edge goes on.
                    (Some(_), Some(edge)) if value == before => edge.2 = to,
                    (Some(value), _) => edges.push((value, from, to)),
                    (None, _) => {}
                }
                before = value;
            }
        }
        edges
    }

    fn draw_plane(&self, canvas: &mut Canvas<'_>, top: i32) {
        let bottom = top + HEIGHT;
        for (at, point) in self.points.iter().enumerate() {
            let Some(bound) = point.bound.filter(|bound| *bound != UNBOUNDED) else {
                continue;
            };
            let (_, from, to) = self.across(at);
            let edge = |end: Option<f64>, open: f64| top + self.axis.at(end.unwrap_or(open));
            let high = edge(bound.at_most, f64::INFINITY);
            let low = edge(bound.at_least, f64::NEG_INFINITY);
            canvas.rect((from, high), (to, low), Ink::ALLOWED);
        }
        for (y, label) in self.axis.ticks() {
            canvas.line((LEFT, top + y), (Self::right(), top + y), Ink::GRID, 1);
            let at = (LEFT - 8, top + y);
            canvas.text(at, &label, SMALL, Anchor::End, Ink::FAINT_TEXT, Weight::Regular);
        }
        for (value, from, to) in self.edges() {
            let y = top + self.axis.at(value);
            canvas.path(&[(from, y), (to, y)], &[5.0, 4.0], Ink::BLUE, 2);
        }
        canvas.line((LEFT, top), (LEFT, bottom), Ink::GREY, 1);
        canvas.line((LEFT, bottom), (Self::right(), bottom), Ink::GREY, 1);
    }

    fn draw_names(&self, canvas: &mut Canvas<'_>, y: i32) {
        let widths = self.names.iter();
        let widest = widths.map(|name| canvas.fonts.width(name, SMALL, Weight::Regular));
        let room = widest.fold(0.0, f64::max) as i32 + 12;
        let step = (Self::right() - LEFT) / self.points.len().max(1) as i32;
        let every = (room / step.max(1) + 1) as usize;
        let last = self.names.len().saturating_sub(1);
        for (at, name) in self.names.iter().enumerate() {
            // Counted from the end, because the newest is what people look for.
            if (last - at).is_multiple_of(every) {
                let (x, _, _) = self.across(at);
                canvas.line((x, y), (x, y + 4), Ink::GREY, 1);
                let place = (x, y + 4 + TICKS_HEIGHT / 2);
                canvas.text(place, name, SMALL, Anchor::Middle, Ink::FAINT_TEXT, Weight::Regular);
            }
        }
    }

    fn draw_points(&self, canvas: &mut Canvas<'_>, top: i32) {
        let place = |at: usize, value: f64| -> At { (self.across(at).0, top + self.axis.at(value)) };
        let is_marked = self.points.len() <= MARKED;
        for (at, point) in self.points.iter().enumerate() {
            let (Some(lower), Some(upper)) = (point.lower, point.upper) else {
                continue;
            };
            let (from, to) = (place(at, upper), place(at, lower));
            let (_, left, right) = self.across(at);
            if is_marked {
                canvas.line(from, to, Ink::BLUE, 1);
                for y in [from.1, to.1] {
                    canvas.line((from.0 - 4, y), (from.0 + 4, y), Ink::BLUE, 1);
                }
            } else {
                canvas.rect((left, from.1), (right, to.1), Ink::FAINT_LINE);
            }
        }
        let mut run: Vec<At> = Vec::new();
        for (at, point) in self.points.iter().enumerate() {
            match point.value {
                Some(value) => run.push(place(at, value)),
                None => canvas.path(&std::mem::take(&mut run), &[], Ink::BLUE, 2),
            }
        }
        canvas.path(&run, &[], Ink::BLUE, 2);
        let last = self.points.iter().rposition(|point| point.value.is_some());
        for (at, point) in self.points.iter().enumerate() {
            let Some(value) = point.value else { continue };
            let (spot, beyond) = (place(at, value), is_beyond(point));
            if beyond {
                canvas.mark(spot, Shape::Square, Ink::FAIL);
            } else if is_marked || Some(at) == last {
                canvas.mark(spot, Shape::Disc, Ink::BLUE);
            }
            let text = said(point, self.unit);
            let ink = if beyond { Ink::FAIL_TEXT } else { Ink::TEXT };
            if Some(at) == last {
                let x = Self::right() + 8;
                canvas.line((spot.0 + 8, spot.1), (x - 4, spot.1), Ink::FAINT_LINE, 1);
                canvas.text((x, spot.1), &text, TEXT, Anchor::Start, ink, Weight::Bold);
            } else if self.points.len() <= NAMED {
                // Above the interval, where no line goes through it.
                let top = point.upper.map_or(spot.1 - 6, |upper| place(at, upper).1);
                let at = (spot.0, top - 10);
                canvas.text(at, &text, SMALL, Anchor::Middle, ink, Weight::Regular);
            }
        }
    }
}

impl Part for Trend<'_> {
    fn words(&self) -> &Lettering {
        &self.words
    }

    fn height(&self) -> i32 {
        self.words.head() + 10 + HEIGHT + 4 + TICKS_HEIGHT + LEADING / 2
    }

    fn draw(&self, canvas: &mut Canvas<'_>, top: i32) {
        self.words.write_head(canvas, top);
        let plane = top + self.words.head() + 10;
        self.draw_plane(canvas, plane);
        self.draw_points(canvas, plane);
        self.draw_names(canvas, plane + HEIGHT);
    }
}
