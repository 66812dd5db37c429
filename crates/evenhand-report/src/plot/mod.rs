//! This module draws an audit: rates by group, and disparities against their bounds, as SVG and PNG.
//!
//! Colour is never alone: each mark has a shape, and the outcome stands beside it in words. The four colours are
//! those of Okabe and Ito that keep a contrast of 3:1 on white.

mod axis;
mod canvas;
mod fonts;
mod forest;
mod panel;
mod png;
mod rates;

use evenhand_measure::audit::model::{Audit, Verdict};

use self::canvas::{Anchor, Ink, Weight, paint};
use self::panel::{MARGIN, Panel, WIDTH};
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
    /// The verdict, then both.
    Overview,
}

impl Figure {
    fn id(self) -> &'static str {
        match self {
            Self::Rates => "evenhand-rates",
            Self::Forest => "evenhand-forest",
            Self::Overview => "evenhand-overview",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Rates => "Rates by group",
            Self::Forest => "Disparities between groups",
            Self::Overview => "Bias audit: rates by group and disparities between groups",
        }
    }
}

const HEADLINE_SIZE: f64 = 14.0;
const HEADLINE_LEADING: i32 = 21;
const GAP: i32 = 28;

/// The figure as SVG, 960 wide and as high as its rows need, with a title and a summary for screen readers.
#[must_use]
pub fn svg(audit: &Audit, figure: Figure) -> String {
    let audit = &*lower_first(audit);
    let panels: Vec<Panel> = match figure {
        Figure::Rates => rates::panels(audit),
        Figure::Forest => forest::panels(audit),
        Figure::Overview => rates::panels(audit).into_iter().chain(forest::panels(audit)).collect(),
    };
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
    let head = lines.len() as i32 * HEADLINE_LEADING;
    let gaps = GAP * (panels.len() as i32 - 1).max(0) + if lines.is_empty() { 0 } else { GAP };
    let height = MARGIN * 2 + head + gaps + panels.iter().map(Panel::height).sum::<i32>();

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
        if !lines.is_empty() {
            y += GAP;
        }
        for panel in &panels {
            panel.draw(canvas, y);
            y += panel.height() + GAP;
        }
    });
    let summaries: Vec<&str> = panels.iter().map(Panel::summary).collect();
    let summary = format!("{} {}", words::headline(audit), summaries.join(" "));
    accessible(&drawing, figure, height, summary.trim())
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
