//! This module turns the rates of an audit into panels: one per set of attributes and rate.

use evenhand_measure::audit::model::{Audit, GroupKind, GroupRates, Value};

use super::Fonts;
use super::axis::Axis;
use super::canvas::{Ink, Shape};
use super::panel::{Aside, Captions, Panel, Row, SCALE};
use crate::numbers::{amount, percent};
use crate::order::blocks;
use crate::text::{Groups, group_sets, interval_confidence};
use crate::words;

/// The rates that are drawn, where the audit has them.
const DRAWN: [&str; 3] = ["selection-rate", "true-positive-rate", "false-positive-rate"];
/// What is drawn where there is no decision.
const BASE: &str = "base-rate";

/// Groups of one panel, the largest of them; more would make a picture that nobody scrolls through.
const GROUPS_DRAWN: usize = 60;

/// Groups that the description for screen readers names.
const GROUPS_NAMED: usize = 12;

/// The panels of an audit.
pub(super) fn panels(audit: &Audit, fonts: &Fonts) -> Vec<Panel> {
    let sets = group_sets(audit);
    sets.iter().flat_map(|set| of_set(audit, set, fonts)).collect()
}

/// The panels of one set of attributes.
pub(super) fn of_set(audit: &Audit, set: &Groups<'_>, fonts: &Fonts) -> Vec<Panel> {
    let rates = drawn(set).into_iter();
    rates.map(|rate| panel(audit, set, rate, GROUPS_DRAWN, fonts)).collect()
}

/// The rates of a set that are drawn.
pub(super) fn drawn(set: &Groups<'_>) -> Vec<&'static str> {
    let has = |rate: &&str| set.groups.iter().any(|group| group.values.contains_key(*rate));
    let rates: Vec<&str> = DRAWN.into_iter().filter(has).collect();
    match rates.contains(&DRAWN[0]) {
        true => rates,
        false => std::iter::once(BASE).filter(has).chain(rates).collect(),
    }
}

/// At most `most` panels of at most `rows` groups, of the rates that the verdict is about, the worst first; and how many
/// are left out.
pub(super) fn foremost(audit: &Audit, most: usize, rows: usize, fonts: &Fonts) -> (Vec<Panel>, usize) {
    let sets = group_sets(audit);
    let all: Vec<(&Groups<'_>, &str)> = sets
        .iter()
        .flat_map(|set| drawn(set).into_iter().map(move |rate| (set, rate)))
        .collect();
    let mut chosen: Vec<(&Groups<'_>, &str)> = Vec::new();
    for block in blocks(audit).iter().filter(|block| block.counts()) {
        let about = block.first();
        let is_about = |(set, rate): &&(&Groups<'_>, &str)| {
            (set.by, set.within, *rate) == (&about.by[..], &about.within, about.rate.as_str())
        };
        let is_new = |(set, rate): &&(&Groups<'_>, &str)| {
            let mut known = chosen.iter();
            !known.any(|(other, of)| (other.by, other.within, of) == (set.by, set.within, rate))
        };
        let found = all.iter().find(is_about).filter(is_new).copied();
        chosen.extend(found);
    }
    if chosen.is_empty() {
        chosen.clone_from(&all);
    }
    chosen.truncate(most);
    let panels: Vec<Panel> = chosen
        .into_iter()
        .map(|(set, rate)| panel(audit, set, rate, rows, fonts))
        .collect();
    let left = all.len() - panels.len();
    (panels, left)
}

fn panel(audit: &Audit, groups: &Groups<'_>, rate: &str, most: usize, fonts: &Fonts) -> Panel {
    let shown = groups.largest(most);
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
        fonts,
        title: &title,
        subtitle: &subtitle(audit, rate),
        footer: &footer(groups, shown.len()),
        summary: format!("{title}: {}{more}.", named.join(", ")),
    };
    Panel::new(captions, axis, rows)
}

fn subtitle(audit: &Audit, rate: &str) -> String {
    let lines = interval_confidence(audit).map(|confidence| format!("Lines: {confidence} intervals."));
    let parts: Vec<String> = std::iter::once(meaning(audit, rate)).chain(lines).collect();
    parts.join(" ").trim().to_owned()
}

/// What a rate is a share of, in a sentence.
pub(super) fn meaning(audit: &Audit, rate: &str) -> String {
    match &audit.roles.prediction {
        Some(prediction) if rate == "selection-rate" => format!(
            "Share of rows where {}{}.",
            words::event(prediction),
            words::direction(audit)
        ),
        _ => words::gist(rate).unwrap_or_default(),
    }
}

fn footer(groups: &Groups<'_>, shown: usize) -> String {
    let hidden = groups.groups.len() - shown;
    match hidden {
        0 => String::new(),
        1 => format!("The {shown} largest groups are drawn; 1 smaller one is not."),
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
