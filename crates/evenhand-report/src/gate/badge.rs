//! This module draws the badge of a gate: what it says stands there in words, with a shape and a colour beside them.

use evenhand_measure::audit::model::Verdict;
use evenhand_measure::gate::{Gate, Result};
use evenhand_measure::policy::Level;
use serde::Serialize;

use crate::safe::xml;
use crate::{plot, words};

const LABEL: &str = "evenhand";
const HEIGHT: f64 = 20.0;
const SIZE: f64 = 11.0;
/// Room before and after a text.
const SIDE: f64 = 7.0;
/// Room for the shape and for the gap after it.
const SHAPE: f64 = 15.0;

/// The badge as SVG.
#[must_use]
pub fn badge(gate: &Gate) -> String {
    let message = message(gate);
    let (left, right) = (plot::text_width(LABEL, SIZE), plot::text_width(&message, SIZE));
    let split = (left + 2.0 * SIDE).ceil();
    let width = (split + SHAPE + right + 2.0 * SIDE).ceil();
    let (message_at, shape_at) = (split + SIDE + SHAPE, split + SIDE);
    let title = xml(&format!("{LABEL}: {}", words::gate_headline(gate)));
    // A text keeps its width in whatever font it is shown.
    let text = |at: f64, width: f64, text: &str| {
        format!(
            "<text x=\"{at}\" y=\"14\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            xml(text)
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\" \
         role=\"img\" aria-label=\"{title}\">\n\
         <title>{title}</title>\n\
         <clipPath id=\"evenhand-badge\"><rect width=\"{width}\" height=\"{HEIGHT}\" rx=\"3\"/></clipPath>\n\
         <g clip-path=\"url(#evenhand-badge)\">\n\
         <rect width=\"{split}\" height=\"{HEIGHT}\" fill=\"{LABEL_COLOR}\"/>\n\
         <rect x=\"{split}\" width=\"{}\" height=\"{HEIGHT}\" fill=\"{}\"/>\n\
         </g>\n\
         {}\n\
         <g fill=\"#ffffff\" font-family=\"Noto Sans, Verdana, DejaVu Sans, sans-serif\" font-size=\"{SIZE}\">\n{}\n{}\n</g>\n\
         </svg>\n",
        width - split,
        color(gate.verdict),
        shape(gate.verdict, shape_at),
        text(SIDE, left, LABEL),
        text(message_at, right, &message),
    )
}

const LABEL_COLOR: &str = "#333333";

/// White on each of these has a contrast of more than 6 to 1.
fn color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "#00664B",
        Verdict::Fail => "#A63A00",
        Verdict::Inconclusive | Verdict::NotJudged => "#595959",
    }
}

/// A tick, a cross, half a disc, or a ring: white, ten wide, and as high.
fn shape(verdict: Verdict, x: f64) -> String {
    let stroke =
        "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"";
    let drawn = match verdict {
        Verdict::Pass => format!("<path d=\"M1 5.5 4 8.5 9.5 2\" {stroke}/>"),
        Verdict::Fail => format!("<path d=\"M1.5 1.5 8.5 8.5M8.5 1.5 1.5 8.5\" {stroke}/>"),
        Verdict::Inconclusive => {
            format!("<circle cx=\"5\" cy=\"5\" r=\"4\" {stroke}/><path d=\"M5 1A4 4 0 0 1 5 9Z\" fill=\"#ffffff\"/>")
        }
        Verdict::NotJudged => format!("<circle cx=\"5\" cy=\"5\" r=\"4\" {stroke}/>"),
    };
    format!("<g transform=\"translate({x} 5)\">{drawn}</g>")
}

fn message(gate: &Gate) -> String {
    let counted = |result: Result| {
        let of = gate
            .items
            .iter()
            .filter(|item| item.level == Level::Error && item.result == result);
        of.count() as u64
    };
    let waived = match counted(Result::Waived) {
        0 => String::new(),
        waived => format!(", {waived} waived"),
    };
    match (gate.verdict, counted(Result::Open)) {
        (Verdict::Pass, _) => format!("pass{waived}"),
        (Verdict::Fail, _) => format!("fail: {}{waived}", words::plural(counted(Result::Fail), "check")),
        (Verdict::Inconclusive, 0) => format!("inconclusive{waived}"),
        (Verdict::Inconclusive, open) => format!("inconclusive: {open} open{waived}"),
        (Verdict::NotJudged, _) => "nothing judged".to_owned(),
    }
}

/// What shields.io reads of an endpoint.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    schema_version: u32,
    label: &'static str,
    message: String,
    color: &'static str,
    is_error: bool,
}

/// The badge for shields.io, which draws it itself.
#[must_use]
pub fn badge_json(gate: &Gate) -> String {
    let sign = super::told::verdict_symbol(gate.verdict);
    let endpoint = Endpoint {
        schema_version: 1,
        label: LABEL,
        message: format!("{sign} {}", message(gate)),
        color: color(gate.verdict),
        is_error: gate.verdict == Verdict::Fail,
    };
    // It holds text, a number and a truth value, so it can always be written.
    serde_json::to_string(&endpoint).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests;
