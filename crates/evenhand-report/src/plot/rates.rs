//! This module turns the rates of an audit into panels: one per set of attributes and rate.

use evenhand_measure::audit::model::{Audit, GroupKind, GroupRates, Value};

use super::axis::Axis;
use super::canvas::{Ink, Shape};
use super::panel::{Aside, Captions, Panel, Row, SCALE};
use crate::numbers::{amount, percent};
use crate::text::{Groups, group_sets, interval_confidence};
use crate::words;

/// The rates that are drawn, where the audit has them.
const DRAWN: [&str; 2] = ["selection-rate", "true-positive-rate"];

/// Groups of one panel, the largest of them; more would make a picture that nobody scrolls through.
const GROUPS_DRAWN: usize = 60;

/// Groups that the description for screen readers names.
const GROUPS_NAMED: usize = 12;

pub(super) fn panels(audit: &Audit) -> Vec<Panel> {
    let sets = group_sets(audit);
    let mut panels = Vec::new();
    for groups in &sets {
        for rate in DRAWN {
            if groups.groups.iter().any(|group| group.values.contains_key(rate)) {
                panels.push(panel(audit, groups, rate));
            }
        }
    }
    panels
}

fn panel(audit: &Audit, groups: &Groups<'_>, rate: &str) -> Panel {
    let shown = groups.largest(GROUPS_DRAWN);
    let everyone: Vec<&GroupRates> = shown.iter().copied().chain(groups.overall).collect();
    let shares = everyone.iter().filter_map(|group| group.values.get(rate)?.share());
    let axis = Axis::shares(shares.map(|share| share.upper), SCALE);
    let rows = everyone.iter().map(|group| row(groups, group, rate)).collect();
    let within = words::within(groups.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
    let title = format!(
        "{} by {}{within}",
        words::capital(&words::entry_name(rate)),
        words::attributes(groups.by)
    );
    let named: Vec<String> = shown
        .iter()
        .take(GROUPS_NAMED)
        .filter_map(|group| {
            let share = group.values.get(rate)?.share()?;
            Some(format!(
                "{} {}",
                words::group_name(groups.by, &group.group),
                percent(share.point)
            ))
        })
        .collect();
    let more = if shown.len() > GROUPS_NAMED { " and more" } else { "" };
    let captions = Captions {
        title: &title,
        subtitle: &subtitle(audit, rate),
        footer: &footer(groups, shown.len()),
        summary: format!("{title}: {}{more}.", named.join(", ")),
    };
    Panel::new(captions, axis, rows)
}

fn subtitle(audit: &Audit, rate: &str) -> String {
    let mut parts = Vec::new();
    match &audit.roles.prediction {
        Some(prediction) if rate == "selection-rate" => {
            parts.push(format!(
                "Share of rows where {}{}.",
                words::event(prediction),
                words::direction(audit)
            ));
        }
        _ => parts.extend(words::gist(rate)),
    }
    if let Some(confidence) = interval_confidence(audit) {
        parts.push(format!("Lines: {confidence} intervals."));
    }
    parts.join(" ")
}

fn footer(groups: &Groups<'_>, shown: usize) -> String {
    let hidden = groups.groups.len() - shown;
    match hidden {
        0 => String::new(),
        _ => format!("The {shown} largest groups are drawn; {hidden} smaller ones are not."),
    }
}

fn row(groups: &Groups<'_>, group: &GroupRates, rate: &str) -> Row {
    let (shape, ink) = match group.kind {
        GroupKind::Judged => (Shape::Disc, Ink::BLUE),
        GroupKind::Overall => (Shape::Diamond, Ink::TEXT),
        GroupKind::Missing | GroupKind::NonAnswer => (Shape::Ring, Ink::GREY),
    };
    let label = words::group_with_kind(groups.by, &group.group, group.kind);
    match group.values.get(rate) {
        Some(Value::Share(share)) => {
            let ends = [share.lower, share.upper]
                .map(percent)
                .map(|text| text.trim_end_matches('%').to_owned());
            let numbers = format!("{} ({} to {})", percent(share.point), ends[0], ends[1]);
            let counts = format!("{} of {}", amount(share.numerator), amount(share.denominator));
            let mut row = Row::new(&label, shape, ink, &numbers, Aside::Text(counts));
            row.point = Some(share.point);
            row.interval = Some((share.lower, Some(share.upper)));
            row
        }
        _ => Row::new(&label, shape, ink, "no value", Aside::Text(String::new())),
    }
}
