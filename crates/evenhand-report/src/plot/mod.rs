//! This module draws an audit: rates by group, and disparities against their bounds, as SVG and PNG.
//!
//! Colour is never alone: each mark has a shape, and the outcome stands beside it in words. The four colours are
//! those of Okabe and Ito that keep a contrast of 3:1 on white.

mod axis;
mod canvas;
mod chart;
mod fonts;
mod forest;
mod panel;
mod picture;
mod png;
mod rates;
mod series;
mod strip;

use evenhand_measure::audit::model::{Audit, Group, Series, Verdict, series_kind};

use self::canvas::Canvas;
use self::canvas::{Anchor, Ink, Weight, paint};
use self::panel::{MARGIN, WIDTH};
use crate::order::lower_first;
use crate::safe;
use crate::words;

pub use self::png::{PlotError, png};

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Each group's rates with their intervals.
    Rates,
    /// Each comparison with its interval and bound.
    Forest,
    /// Every curve, strip and set of bars.
    Curves,
    /// Those of one kind: the id of one of [`SERIES`](evenhand_measure::audit::model::SERIES).
    Series(&'static str),
    /// The verdict, then all.
    Overview,
}

/// A part of a figure, one below another.
trait Part {
    /// What it shows, in a sentence.
    fn summary(&self) -> &str;
    fn height(&self) -> i32;
    fn draw(&self, canvas: &mut Canvas<'_>, top: i32);
}

impl Figure {
    fn id(self) -> String {
        let name = match self {
            Self::Rates => "rates",
            Self::Forest => "forest",
            Self::Curves => "curves",
            Self::Series(kind) => kind,
            Self::Overview => "overview",
        };
        format!("evenhand-{name}")
    }

    fn title(self) -> &'static str {
        match self {
            Self::Rates => "Rates by group",
            Self::Forest => "Disparities between groups",
            Self::Curves => "Curves by group",
            Self::Series(kind) => series_kind(kind).map_or("Curves by group", |kind| kind.title),
            Self::Overview => "Bias audit: rates by group and disparities between groups",
        }
    }
}

/// One picture of a report, with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The drawing, as SVG with ids of its own.
    pub svg: String,
    /// What it is of.
    pub title: String,
    /// What it shows, for who cannot see it.
    pub description: String,
}

/// The pictures of one set of attributes: rates, then disparities, then, of two attributes, a map.
#[must_use]
pub fn drawings(audit: &Audit, by: &[String], within: &Group) -> Vec<Drawing> {
    let _ = (audit, by, within);
    Vec::new()
}

/// The pictures of curves, bars and strips, each with the series that it draws.
#[must_use]
pub fn curve_drawings(audit: &Audit) -> Vec<(Drawing, Vec<&Series>)> {
    let _ = audit;
    Vec::new()
}

const HEADLINE_SIZE: f64 = 14.0;
const HEADLINE_LEADING: i32 = 21;
const GAP: i32 = 28;
/// Between the verdict and what it says of other sides.
const BESIDE_GAP: i32 = 8;

/// The figure as SVG, 960 wide and as high as its rows need, with a title and a summary for screen readers.
#[must_use]
pub fn svg(audit: &Audit, figure: Figure) -> String {
    let audit = &*lower_first(audit);
    let (with_rates, with_forest, with_series) = match figure {
        Figure::Rates => (true, false, false),
        Figure::Forest => (false, true, false),
        Figure::Curves | Figure::Series(_) => (false, false, true),
        Figure::Overview => (true, true, true),
    };
    let mut panels: Vec<Box<dyn Part>> = Vec::new();
    if with_rates {
        panels.extend(rates::panels(audit).into_iter().map(boxed));
    }
    if with_forest {
        panels.extend(forest::panels(audit).into_iter().map(boxed));
    }
    if with_series {
        let wanted = match figure {
            Figure::Series(kind) => Some(kind),
            _ => None,
        };
        panels.extend(series::parts(audit, wanted));
    }
    let headline = fonts::drawable(&words::headline(audit));
    let lines = match (figure, panels.is_empty()) {
        (Figure::Overview, _) | (_, true) => fonts::wrap(
            &headline,
            f64::from(WIDTH - 2 * MARGIN),
            HEADLINE_SIZE,
            Weight::Bold,
            12,
        ),
        _ => Vec::new(),
    };
    // What the verdict says of the others, below it and less loud.
    let beside: Vec<String> = match figure {
        Figure::Overview => words::other_sides(audit),
        Figure::Rates | Figure::Forest | Figure::Curves | Figure::Series(_) => Vec::new(),
    };
    let beside: Vec<String> = beside
        .iter()
        .flat_map(|text| {
            let room = f64::from(WIDTH - 2 * MARGIN);
            fonts::wrap(&fonts::drawable(text), room, HEADLINE_SIZE, Weight::Regular, 8)
        })
        .collect();
    let head = (lines.len() + beside.len()) as i32 * HEADLINE_LEADING + if beside.is_empty() { 0 } else { BESIDE_GAP };
    let gaps = GAP * (panels.len() as i32 - 1).max(0) + if lines.is_empty() { 0 } else { GAP };
    let height = MARGIN * 2 + head + gaps + panels.iter().map(|panel| panel.height()).sum::<i32>();

    let drawing = paint(WIDTH, height, |canvas| {
        let mut y = MARGIN;
        for line in &lines {
            let middle = y + HEADLINE_LEADING / 2;
            canvas.text(
                (MARGIN, middle),
                line,
                HEADLINE_SIZE,
                Anchor::Start,
                verdict_ink(audit.verdict),
                Weight::Bold,
            );
            y += HEADLINE_LEADING;
        }
        if !beside.is_empty() {
            y += BESIDE_GAP;
        }
        for line in &beside {
            let middle = y + HEADLINE_LEADING / 2;
            canvas.text(
                (MARGIN, middle),
                line,
                HEADLINE_SIZE,
                Anchor::Start,
                Ink::TEXT,
                Weight::Regular,
            );
            y += HEADLINE_LEADING;
        }
        if !lines.is_empty() {
            y += GAP;
        }
        for panel in &panels {
            panel.draw(canvas, y);
            y += panel.height() + GAP;
        }
    });
    let summaries: Vec<&str> = panels.iter().map(|panel| panel.summary()).collect();
    let summary = format!("{} {}", words::headline(audit), summaries.join(" "));
    accessible(&drawing, figure, height, summary.trim())
}

fn boxed(part: impl Part + 'static) -> Box<dyn Part> {
    Box::new(part)
}

/// The drawing with a role, a title, a description and a view box in place of a fixed size.
fn accessible(drawing: &str, figure: Figure, height: i32, summary: &str) -> String {
    let body = drawing.split_once('>').map_or("", |(_, body)| body);
    let id = figure.id();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" style=\"max-width:100%;height:auto\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>{body}",
        safe::xml(figure.title()),
        safe::xml(summary),
    )
}

fn verdict_ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::PASS_TEXT,
        Verdict::Fail => Ink::FAIL_TEXT,
        Verdict::Inconclusive | Verdict::NotJudged => Ink::TEXT,
    }
}

#[cfg(test)]
mod tests;
