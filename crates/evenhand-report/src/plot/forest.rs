//! This module turns the findings of an audit into panels: each group against one reference, with the bound.

use evenhand_measure::audit::model::{Audit, Finding, Group, Outcome, Value};

use super::Fonts;
use super::axis::{Axis, Unit};
use super::canvas::{Ink, Shape};
use super::panel::{Aside, Captions, Panel, Row, SCALE};
use crate::numbers::{confidence, count};
use crate::order::{Block, Outcomes, blocks, strata_together};
use crate::words;

/// How much is drawn.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Rows of one panel; the worst of them are drawn.
    pub(super) rows: usize,
    /// Panels of criteria that can change the verdict.
    pub(super) judged: usize,
    /// Panels of criteria that cannot.
    pub(super) reported: usize,
}

/// Where nothing else has to fit beside it.
const WHOLE: Extent = Extent {
    rows: 60,
    judged: usize::MAX,
    reported: 6,
};

/// Comparisons that the description for screen readers names.
const NAMED: usize = 6;

/// The panels of an audit.
pub(super) fn panels(audit: &Audit, fonts: &Fonts) -> Vec<Panel> {
    let blocks = blocks(audit);
    let (drawn, left) = chosen(&blocks, WHOLE);
    draw(audit, &drawn, WHOLE, left, fonts)
}

/// The panels of one set of attributes.
pub(super) fn of_set(audit: &Audit, by: &[String], within: &Group, fonts: &Fonts) -> Vec<Panel> {
    let mut blocks = blocks(audit);
    blocks.retain(|block| block.first().by == by && block.first().within == *within && !block.compares_nothing());
    let (drawn, left) = chosen(&blocks, WHOLE);
    draw(audit, &drawn, WHOLE, left, fonts)
}

/// The panels that count most, and how many criteria are left out.
pub(super) fn foremost(audit: &Audit, extent: Extent, fonts: &Fonts) -> (Vec<Panel>, usize) {
    let blocks = blocks(audit);
    let (drawn, left) = chosen(&blocks, extent);
    (draw(audit, &drawn, extent, 0, fonts), left)
}

/// What is drawn: what counts, then what is open or failed of the rest; and how much of both is not.
fn chosen<'a>(blocks: &[Block<'a>], extent: Extent) -> (Vec<Block<'a>>, usize) {
    let (judged, reported): (Vec<&Block<'_>>, Vec<&Block<'_>>) = blocks.iter().partition(|block| block.counts());
    let (judged, reported) = (strata_together(&judged), strata_together(&reported));
    let all = judged.len() + reported.len();
    let open = |block: &Block<'_>| matches!(block.first().outcome, Outcome::Fail | Outcome::Inconclusive);
    let mut drawn = judged;
    drawn.truncate(extent.judged);
    drawn.extend(reported.into_iter().filter(open).take(extent.reported));
    let left = all - drawn.len();
    (drawn, left)
}

/// The panels of these blocks; the last says how many others there are.
fn draw(audit: &Audit, blocks: &[Block<'_>], extent: Extent, left: usize, fonts: &Fonts) -> Vec<Panel> {
    let last = blocks.len().saturating_sub(1);
    let left_at = |at: usize| if at == last { left } else { 0 };
    let panels = blocks.iter().enumerate();
    panels
        .map(|(at, block)| panel(audit, block, extent.rows, left_at(at), fonts))
        .collect()
}

fn panel(audit: &Audit, block: &Block<'_>, most: usize, panels_left: usize, fonts: &Fonts) -> Panel {
    let first = block.first();
    let mut shown = if block.spans_strata() {
        block.worst_per_stratum()
    } else {
        block.in_a_picture()
    };
    shown.truncate(most);
    let numbers = shown.iter().flat_map(|f| [f.point, f.lower, f.upper]).flatten();
    let (axis, equal) = match (first.comparison.as_str(), words::unit(first)) {
        ("ratio", _) => (Axis::disparities(Unit::Ratio, numbers, &first.bound, SCALE), 1.0),
        (_, "") => {
            let edges = first.bound.at_least.into_iter().chain(first.bound.at_most);
            (Axis::numbers(Unit::Number, numbers.chain(edges), true, SCALE), 0.0)
        }
        _ => (Axis::disparities(Unit::Points, numbers, &first.bound, SCALE), 0.0),
    };
    let allowed = (!words::is_unbounded(&first.bound)).then(|| {
        (
            first.bound.at_least.unwrap_or(f64::NEG_INFINITY),
            first.bound.at_most.unwrap_or(f64::INFINITY),
        )
    });
    let common = block.against_highest().first().map(|finding| &finding.reference);
    let rows = shown
        .iter()
        .map(|finding| {
            // What is of two groups from the start has both named.
            let is_common = Some(&finding.reference) == common && !words::measured::is_of_pairs(finding);
            row(finding, block.spans_strata(), is_common)
        })
        .collect();
    let mut title = words::block_title(block, audit);
    if !block.counts() {
        title.push_str(" (does not change the verdict)");
    }
    let captions = Captions {
        fonts,
        title: &title,
        subtitle: &subtitle(audit, block, &shown),
        footer: &footer(audit, block, &shown, (most, panels_left)),
        summary: summary(&title, &shown),
    };
    Panel::new(captions, axis, rows).with_bound(allowed, equal)
}

fn subtitle(audit: &Audit, block: &Block<'_>, shown: &[&Finding]) -> String {
    let first = block.first();
    if block.compares_nothing() {
        return format!("{}.", words::capital(&words::compared_with_nothing(first, audit)));
    }
    let common = block.against_highest();
    let against = common.first().map_or(first, |finding| finding);
    let other = shown.iter().any(|finding| finding.reference != against.reference) && !block.spans_strata();
    let unless = if other {
        ", or of another where the row says so"
    } else {
        ""
    };
    let how = if first.comparison == "ratio" {
        "divided by"
    } else {
        "minus"
    };
    let reference = match (&against.reference, &against.reference_value) {
        (Some(reference), Some(value)) if !block.spans_strata() && !words::measured::is_of_pairs(against) => format!(
            "that of {} at {}",
            words::group_phrase(&against.by, reference),
            side(first, value)
        ),
        _ => "that of the one it is compared with".to_owned(),
    };
    let of_whom = match words::measured::is_of_pairs(first) {
        true => " of the first group named against the second".to_owned(),
        false => format!(" of each group {how} {reference}{unless}"),
    };
    let allowed = match words::is_unbounded(&first.bound) {
        true => "No pass mark is set".to_owned(),
        false => format!("Shaded: allowed ({})", words::measured::allowed_of(first)),
    };
    format!(
        "{}{of_whom}{}. {allowed}. Lines: {} intervals.",
        words::capital(&words::measured(first, audit)),
        match words::pooled(first) {
            like if like.is_empty() => like,
            like => format!(",{like}"),
        },
        confidence(first.confidence)
    )
}

fn side(finding: &Finding, value: &Value) -> String {
    match words::written::is_measured(finding) {
        true => words::measured_value(&finding.rate, value),
        false => words::rate_with_counts(value),
    }
}

fn footer(audit: &Audit, block: &Block<'_>, shown: &[&Finding], (most, panels_left): (usize, usize)) -> String {
    let mut parts = Vec::new();
    let hidden = block.findings.len() - shown.len();
    if hidden > 0 {
        let rest = block
            .findings
            .iter()
            .copied()
            .filter(|f| !shown.iter().any(|s| std::ptr::eq(*s, *f)));
        let outcomes = words::outcomes_phrase(Outcomes::of(rest));
        let (noun, verb) = if hidden == 1 {
            ("comparison", "is")
        } else {
            ("comparisons", "are")
        };
        let listed = if block.partly_listed(audit) { "listed " } else { "" };
        let which = if block.spans_strata() {
            "milder in their stratum"
        } else if shown.len() == most {
            "milder or against other references"
        } else {
            "against other references"
        };
        parts.push(format!(
            "{} more {listed}{noun}, {which}, {verb} not drawn ({outcomes}).",
            count(hidden as u64)
        ));
    }
    parts.extend(words::listing(audit, block.first().level));
    if panels_left > 0 {
        let (noun, verb) = if panels_left == 1 {
            ("criterion", "is")
        } else {
            ("criteria", "are")
        };
        parts.push(format!(
            "{panels_left} more {noun} that cannot change the verdict {verb} not drawn."
        ));
    }
    parts.join(" ")
}

fn summary(title: &str, shown: &[&Finding]) -> String {
    let named: Vec<String> = shown
        .iter()
        .take(NAMED)
        .map(|finding| {
            let group = words::group_name(&finding.by, &finding.group);
            format!(
                "{group} {} ({})",
                words::point(finding),
                words::outcome_word(finding.outcome)
            )
        })
        .collect();
    let more = if shown.len() > NAMED { " and more" } else { "" };
    format!("{title}: {}{more}.", named.join(", "))
}

fn row(finding: &Finding, with_stratum: bool, common_reference: bool) -> Row {
    let (shape, ink, text) = match finding.outcome {
        Outcome::Fail => (Shape::Square, Ink::FAIL, Ink::FAIL_TEXT),
        Outcome::Inconclusive => (Shape::Triangle, Ink::GREY, Ink::TEXT),
        Outcome::Pass => (Shape::Disc, Ink::PASS, Ink::PASS_TEXT),
        Outcome::NotJudged => (Shape::Ring, Ink::GREY, Ink::FAINT_TEXT),
        Outcome::NotApplicable => (Shape::Dash, Ink::GREY, Ink::FAINT_TEXT),
    };
    let numbers = match words::interval(finding) {
        Some(interval) => format!("{} ({interval})", words::point(finding)),
        None => words::point(finding),
    };
    let group = words::group_name(&finding.by, &finding.group);
    let label = match words::within(&finding.within).filter(|_| with_stratum) {
        Some(stratum) => format!("{stratum}: {}", words::pair(finding)),
        None if finding.by.is_empty() => words::entry_name(&finding.criterion),
        None if common_reference => group,
        None => words::pair(finding),
    };
    let aside = Aside::Outcome(words::outcome_word(finding.outcome), text);
    let mut row = Row::new(&label, shape, ink, &numbers, aside);
    row.point = finding.point;
    row.interval = finding.lower.map(|lower| (lower, finding.upper));
    row
}
