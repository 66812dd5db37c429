//! This module puts what became of the comparisons since a baseline into tables, and says what these data could have
//! shown: a gate that sees little must not look like a gate that found nothing.

use evenhand_measure::audit::change::{Change, ChangeOutcome, Changes};

use super::worst::more_worsened_first;
use crate::numbers::{one_decimal, p_value, plain_ratio};
use crate::words;

/// Comparisons by one criterion, the most worsened first.
pub(super) struct Block<'a> {
    /// The criterion, what it is by, and in what its numbers are.
    pub(super) title: String,
    /// The comparisons.
    pub(super) changes: Vec<&'a Change>,
}

/// What the changes are since, or against.
pub(super) fn title(changes: &Changes) -> &'static str {
    match changes.paired {
        true => "Against the other model, on the same rows",
        false => "Since the baseline",
    }
}

/// How both sides were compared.
pub(super) fn how(changes: &Changes) -> String {
    let test = match changes.paired {
        true => {
            "Compared as pairs: both decided on the same rows, and what changed for the same person is what is tested"
        }
        false => {
            "Compared unpaired: a baseline holds counts, so its rows are taken for other rows than these; the intervals of \
             both sides are combined (MOVER)"
        }
    };
    format!(
        "{test}. \"Worse by\" is what the disparity has grown by; \"could show\" is the smallest worsening that these data \
         would have shown in 8 runs of 10; p is adjusted for all comparisons of a level (Holm), against {}.",
        plain_ratio(changes.alpha)
    )
}

/// The smallest worsening that could have been seen, from the comparison that sees most to the one that sees least.
pub(super) fn could_show(changes: &Changes) -> Vec<String> {
    let mut lines = Vec::new();
    for (comparison, name) in [("ratio", "ratios"), ("difference", "differences")] {
        let of: Vec<&Change> = tested(changes)
            .filter(|change| change.comparison == comparison)
            .collect();
        let mut sizes: Vec<f64> = of.iter().filter_map(|change| change.detectable).collect();
        sizes.sort_by(f64::total_cmp);
        let blind = of.len() - sizes.len();
        let unit = if comparison == "ratio" { "" } else { " points" };
        if let (Some(least), Some(most)) = (sizes.first(), sizes.last()) {
            let (least, most) = (size(comparison, *least), size(comparison, *most));
            let range = match least == most {
                true => format!("{least}{unit}"),
                false => format!("{least} to {most}{unit}, depending on the groups"),
            };
            lines.push(format!(
                "Of {name} the smallest worsening that these data could have shown is {range}; a smaller one may have gone \
                 unseen."
            ));
        }
        if blind > 0 {
            lines.push(format!(
                "For {} of {name} no worsening, however large, could have been shown.",
                words::plural(blind as u64, "comparison")
            ));
        }
    }
    if lines.is_empty() {
        lines.push(
            "Nothing could be compared on both sides, so no worsening of any size could have been shown.".to_owned(),
        );
    }
    lines
}

fn tested(changes: &Changes) -> impl Iterator<Item = &Change> {
    changes
        .changes
        .iter()
        .filter(|change| matches!(change.outcome, ChangeOutcome::Worse | ChangeOutcome::NotWorse))
}

/// The changes by criterion, in the order of the answer.
pub(super) fn blocks(changes: &Changes) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for change in &changes.changes {
        let title = block_title(change);
        match blocks.iter_mut().find(|block| block.title == title) {
            Some(block) => block.changes.push(change),
            None => blocks.push(Block {
                title,
                changes: vec![change],
            }),
        }
    }
    for block in &mut blocks {
        block.changes.sort_by(|a, b| {
            rank(a.outcome)
                .cmp(&rank(b.outcome))
                .then_with(|| more_worsened_first(a, b))
        });
    }
    blocks
}

fn rank(outcome: ChangeOutcome) -> usize {
    match outcome {
        ChangeOutcome::Worse => 0,
        ChangeOutcome::Vanished => 1,
        ChangeOutcome::Undefined => 2,
        ChangeOutcome::NotWorse => 3,
        ChangeOutcome::Appeared => 4,
    }
}

fn block_title(change: &Change) -> String {
    let rate = match words::entry_name(&change.rate) {
        rate if rate == words::entry_name(&change.criterion) => String::new(),
        rate => format!(", {rate}"),
    };
    let event = change
        .event
        .as_deref()
        .map_or_else(String::new, |event| format!(" of \"{}\"", words::name(event)));
    let within = words::within(&change.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
    let pooled = match change.pooled_over.is_empty() {
        true => String::new(),
        false => format!(" like with like over {}", words::attributes(&change.pooled_over)),
    };
    format!(
        "{}{rate}{event} by {}{within}{pooled}, as {}",
        words::capital(&words::entry_name(&change.criterion)),
        words::attributes(&change.by),
        match change.comparison.as_str() {
            "ratio" => "ratios (of both directions the one below 1)",
            _ => "differences (points, without sign)",
        }
    )
}

/// Which columns of the tables hold numbers.
pub(super) const RIGHT: [bool; 7] = [false, false, true, true, true, true, true];

pub(super) fn header() -> Vec<String> {
    ["Found", "Groups", "Before", "Now", "Worse by", "p", "Could show"]
        .map(str::to_owned)
        .to_vec()
}

pub(super) fn row(change: &Change) -> Vec<String> {
    let dash = || "–".to_owned();
    let value = |value: Option<f64>| value.map_or_else(dash, |value| number(&change.comparison, value));
    vec![
        found(change.outcome).to_owned(),
        words::change_pair(change),
        value(change.before.map(|before| before.point)),
        value(change.now.map(|now| now.point)),
        value(change.worsening),
        change.p_adjusted.map_or_else(dash, p_value),
        match (change.outcome, change.detectable) {
            (_, Some(detectable)) => size(&change.comparison, detectable),
            (ChangeOutcome::Worse | ChangeOutcome::NotWorse, None) => "nothing".to_owned(),
            (_, None) => dash(),
        },
    ]
}

fn found(outcome: ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Worse => "✗ worse",
        ChangeOutcome::NotWorse => "✓ not worse",
        ChangeOutcome::Undefined => "? no value",
        ChangeOutcome::Appeared => "+ new",
        ChangeOutcome::Vanished => "? gone",
    }
}

fn number(comparison: &str, value: f64) -> String {
    match comparison {
        "ratio" if format!("{value:.3}") == "-0.000" => "0.000".to_owned(),
        "ratio" => format!("{value:.3}"),
        _ => one_decimal(value * 100.0),
    }
}

/// A size that could have been shown, rounded up: nothing smaller is claimed.
fn size(comparison: &str, size: f64) -> String {
    let up = |size: f64| (size * 1e3 - 1e-9).ceil() / 1e3;
    match comparison {
        "ratio" => format!("{:.3}", up(size)),
        _ => one_decimal(up(size) * 100.0),
    }
}
