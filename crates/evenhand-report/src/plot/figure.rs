//! This module puts the parts of one kind into a figure, and the foremost of all kinds into an overview.

use evenhand_measure::audit::model::{Audit, Verdict, series_kind};

use super::canvas::{Anchor, Ink, Weight, paint};
use super::panel::{MARGIN, WIDTH};
use super::{Fonts, Part, Remark, accessible, boxed, draw_all, forest, map, rates, series};
use crate::order::worse_off_first;
use crate::words;

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Each group's rates with their intervals.
    Rates,
    /// Each comparison with its interval and bound.
    Forest,
    /// The rates of the groups of two attributes, as a table of shaded cells.
    Map,
    /// Every curve, strip and set of bars.
    Curves,
    /// Those of one kind: the id of one of [`SERIES`](evenhand_measure::audit::model::SERIES).
    Series(&'static str),
    /// The verdict, then the foremost of all.
    Overview,
}

impl Figure {
    fn id(self) -> String {
        let name = match self {
            Self::Rates => "rates",
            Self::Forest => "forest",
            Self::Map => "map",
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
            Self::Map => "Rates where two attributes meet",
            Self::Curves => "Curves by group",
            Self::Series(kind) => series_kind(kind).map_or("Curves by group", |kind| kind.title),
            Self::Overview => "Bias audit: rates by group and disparities between groups",
        }
    }

    fn parts(self, audit: &Audit, fonts: &Fonts) -> Vec<Box<dyn Part>> {
        match self {
            Self::Rates => rates::panels(audit, fonts).into_iter().map(boxed).collect(),
            Self::Forest => forest::panels(audit, fonts).into_iter().map(boxed).collect(),
            Self::Map => map::maps(audit, fonts).into_iter().map(boxed).collect(),
            Self::Curves => series::parts(audit, None, fonts),
            Self::Series(kind) => series::parts(audit, Some(kind), fonts),
            Self::Overview => overview(audit, fonts),
        }
    }
}

/// Panels of rates, and rows of each, in an overview.
const RATES: (usize, usize) = (3, 10);
/// Comparisons in an overview.
const COMPARISONS: forest::Extent = forest::Extent {
    rows: 10,
    judged: 4,
    reported: 1,
};
/// Curves in an overview.
const CURVES: usize = 2;

/// A figure grows no higher by another part; a taller picture would not fit into the memory that a PNG may take.
const TALLEST: i32 = 12_000;

const HEADLINE_SIZE: f64 = 14.0;
const HEADLINE_LEADING: i32 = 21;
const GAP: i32 = 28;
/// Between the verdict and what it says of other sides.
const BESIDE_GAP: i32 = 8;

/// The foremost parts of each kind, and a remark on what is left out.
fn overview(audit: &Audit, fonts: &Fonts) -> Vec<Box<dyn Part>> {
    let (panels, rates_left) = rates::foremost(audit, RATES.0, RATES.1, fonts);
    let mut parts: Vec<Box<dyn Part>> = panels.into_iter().map(boxed).collect();
    let (panels, comparisons_left) = forest::foremost(audit, COMPARISONS, fonts);
    parts.extend(panels.into_iter().map(boxed));
    let mut curves = series::parts(audit, None, fonts);
    let curves_left = curves.len().saturating_sub(CURVES);
    curves.truncate(CURVES);
    parts.extend(curves);
    let left: Vec<String> = [
        (rates_left, "picture", "of rates"),
        (comparisons_left, "picture", "of comparisons"),
        (curves_left, "picture", "of curves"),
    ]
    .into_iter()
    .filter(|(left, _, _)| *left > 0)
    .map(|(left, thing, of)| format!("{} {of}", words::plural(left as u64, thing)))
    .collect();
    if !left.is_empty() {
        let text = format!(
            "Not in this overview: {}. The figures of each kind (rates, forest, curves) have more of them, and the report has all.",
            left.join(", ")
        );
        parts.push(boxed(Remark::new(&text, fonts)));
    }
    parts
}

/// As many parts as a figure has room for, and a remark on how many it has not.
fn held(mut parts: Vec<Box<dyn Part>>, fonts: &Fonts) -> Vec<Box<dyn Part>> {
    let heights = parts.iter().scan(0, |height, part| {
        *height += part.height() + GAP;
        Some(*height)
    });
    let fitting = heights
        .take_while(|height| *height <= TALLEST)
        .count()
        .max(1)
        .min(parts.len());
    let left = parts.len() - fitting;
    if left > 0 {
        parts.truncate(fitting);
        let text = format!(
            "{} would not fit into this figure; the report has them.",
            words::capital(&words::plural(left as u64, "more picture"))
        );
        parts.push(boxed(Remark::new(&text, fonts)));
    }
    parts
}

/// The figure as SVG, 960 wide and as high as its rows need, with a title and a summary for screen readers.
#[must_use]
pub fn svg(audit: &Audit, figure: Figure) -> String {
    svg_with(audit, figure, &Fonts::default())
}

/// The figure as SVG, as [`svg`] makes it, with further fonts for what the bundled ones lack.
#[must_use]
pub fn svg_with(audit: &Audit, figure: Figure, fonts: &Fonts) -> String {
    let audit = &*worse_off_first(audit);
    let mut parts = held(figure.parts(audit, fonts), fonts);
    let room = f64::from(WIDTH - 2 * MARGIN);
    let wrapped = |text: &str, weight, most| fonts.wrap(&fonts.drawable(text), room, HEADLINE_SIZE, weight, most);
    let headline = match (figure, parts.is_empty()) {
        (Figure::Overview, _) | (_, true) => wrapped(&words::headline(audit), Weight::Bold, 12),
        _ => Vec::new(),
    };
    // What the verdict says of the others, below it and less loud.
    let beside: Vec<String> = match figure {
        Figure::Overview => words::other_sides(audit)
            .iter()
            .flat_map(|text| wrapped(text, Weight::Regular, 8))
            .collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() && figure != Figure::Overview {
        parts.push(boxed(Remark::new(
            "This audit has nothing of this kind to draw.",
            fonts,
        )));
    }
    let beside_gap = if beside.is_empty() { 0 } else { BESIDE_GAP };
    let head = (headline.len() + beside.len()) as i32 * HEADLINE_LEADING + beside_gap;
    let gaps = GAP * (parts.len() as i32 - 1).max(0) + if headline.is_empty() { 0 } else { GAP };
    let height = MARGIN * 2 + head + gaps + parts.iter().map(|part| part.height()).sum::<i32>();

    let drawing = paint(fonts, WIDTH, height, |canvas| {
        let mut y = MARGIN;
        let mut write = |lines: &[String], ink, weight, y: &mut i32| {
            for line in lines {
                let at = (MARGIN, *y + HEADLINE_LEADING / 2);
                canvas.text(at, line, HEADLINE_SIZE, Anchor::Start, ink, weight);
                *y += HEADLINE_LEADING;
            }
        };
        write(&headline, verdict_ink(audit.verdict), Weight::Bold, &mut y);
        y += beside_gap;
        write(&beside, Ink::TEXT, Weight::Regular, &mut y);
        if !headline.is_empty() {
            y += GAP;
        }
        draw_all(canvas, &parts, y, GAP);
    });
    let summaries: Vec<&str> = parts.iter().map(|part| part.words().summary()).collect();
    let summary = format!("{} {}", words::headline(audit), summaries.join(" "));
    let size = format!(" width=\"{WIDTH}\" height=\"{height}\"");
    accessible(&drawing, (&figure.id(), figure.title(), summary.trim()), height, &size)
}

fn verdict_ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Pass => Ink::PASS_TEXT,
        Verdict::Fail => Ink::FAIL_TEXT,
        Verdict::Inconclusive | Verdict::NotJudged => Ink::TEXT,
    }
}
