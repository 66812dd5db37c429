//! This module says what an audit does not tell: first what everybody must know, then the rest.

use evenhand_measure::audit::model::{Audit, GroupKind, GroupRates, Note, Severity, Verdict};
use evenhand_measure::policy::{Preset, find_preset};
use serde_json::Value as Json;

use super::terms::setting;
use super::{attributes, event, name, rows};
use crate::numbers::count;

/// What has to be read beside the verdict, in at most four sentences.
pub(crate) fn not_told(audit: &Audit) -> Vec<String> {
    let said = [
        Some(of_verdict(audit)),
        Some(of_scope(audit)),
        of_direction(audit).or_else(|| of_guesses(audit)),
        of_controls(audit).or_else(|| of_truth(audit)),
    ];
    said.into_iter().flatten().collect()
}

fn of_verdict(audit: &Audit) -> String {
    match audit.verdict {
        Verdict::Pass => format!(
            "A pass means: shown to be within the bounds that were set, for these groups, these measures and these {}. It \
             does not mean that every person was treated as they should be, and it does not hold for measures that were not \
             taken.",
            rows(audit.data.rows_read)
        ),
        Verdict::Fail => "It does not say why. The numbers show that groups fare differently and how sure that is. Whether \
                          the cause is the system, the data it learnt from, who came to be in the file, or a reason that \
                          stands up has to be found out."
            .to_owned(),
        Verdict::Inconclusive => "That no breach is shown does not mean that all is within bounds. There may be a \
                                  difference that these data are too few, or too unclear, to show."
            .to_owned(),
        Verdict::NotJudged => "Nothing was held against a bound, so this report says neither that groups are treated alike \
                               nor that they are not."
            .to_owned(),
    }
}

fn of_scope(audit: &Audit) -> String {
    let looked_at = match audit.roles.protected.as_slice() {
        [] => "It looked at no attribute of people".to_owned(),
        [columns @ .., last] if !columns.is_empty() => {
            let first: Vec<String> = columns.iter().map(|column| name(column)).collect();
            format!("It looked at {} and {} alone", first.join(", "), name(last))
        }
        columns => format!("It looked at {} alone", attributes(columns)),
    };
    let left_out = audit.notes.iter().any(|note| note.code == "role-possible");
    let more = match left_out {
        true => " The file has further columns that could be looked at: the notes name them.",
        false => "",
    };
    format!(
        "{looked_at}, as the file records them. Groups that are not in the file, and people who never got that far, are not \
         seen.{more}"
    )
}

/// What really happened: not known, or known for some, or itself decided by people.
fn of_truth(audit: &Audit) -> Option<String> {
    let missing = audit
        .data
        .partial
        .iter()
        .chain(&audit.data.excluded)
        .find(|exclusion| exclusion.reason == "label-missing");
    Some(match (&audit.roles.label, missing) {
        (None, _) if has_labelled_rates(audit) => return None,
        (None, _) => format!(
            "The file does not say for whom it was right that {}, so whether mistakes fall on some groups more than on others \
             could not be looked at.",
            event(audit.roles.prediction.as_ref()?)
        ),
        (Some(label), None) => format!(
            "What {} says is taken for the truth. Where people decided that as well, their own leanings are in it.",
            name(&label.column)
        ),
        (Some(label), Some(missing)) => format!(
            "What {} says is taken for the truth, and it is missing in {}. Where people decided that as well, their own \
             leanings are in it.",
            name(&label.column),
            rows(missing.rows)
        ),
    })
}

/// Reasons for other amounts are somebody's choice.
fn of_controls(audit: &Audit) -> Option<String> {
    let controls = audit.policy.pointer("/roles/controls").and_then(Json::as_array)?;
    let named: Vec<String> = controls.iter().filter_map(Json::as_str).map(name).collect();
    (!named.is_empty()).then(|| {
        format!(
            "That {} are good reasons for other amounts is what the policy says, not what was found. Reasons that it does not name are \
             not taken into account, and one that it names can stand in for the attribute.",
            named.join(", ")
        )
    })
}

fn has_labelled_rates(audit: &Audit) -> bool {
    audit
        .rates
        .iter()
        .any(|rates| rates.values.contains_key("true-positive-rate"))
}

pub(super) fn of_direction(audit: &Audit) -> Option<String> {
    let note = audit
        .notes
        .iter()
        .find(|note| note.code == "direction-not-declared" || note.code == "direction-assumed")?;
    (note.severity != Severity::Info).then(|| {
        "Nobody said whether the decision is good or bad for the person, and the result depends on it: see the notes on the \
         data."
            .to_owned()
    })
}

/// Columns that were recognised, not named.
fn of_guesses(audit: &Audit) -> Option<String> {
    let guessed = audit.notes.iter().filter(|note| note.code == GUESSED).count();
    (guessed > 0).then(|| {
        format!(
            "{} recognised by name and contents; nobody said what they are. If one was taken for something else, so \
             is the result: the list is under \"How the data were read\".",
            match guessed {
                1 => "One column was".to_owned(),
                many => format!("{} columns were", count(many as u64)),
            }
        )
    })
}

/// The code of the note on a column that was recognised.
pub(crate) const GUESSED: &str = "role-guessed";

/// The limits of this audit, besides [`not_told`].
pub(crate) fn limits(audit: &Audit) -> Vec<String> {
    let mut limits = vec![
        "It describes these data. Other years, places and versions of the system may differ, so it has to be done again when \
         one of them changes."
            .to_owned(),
        "A difference between groups is no proof of its cause, and no difference is no proof that there is none for single \
         people or for smaller groups within these."
            .to_owned(),
        "It is a measurement and no legal advice. The bounds are what the policy sets; what a law or a contract asks for is \
         for others to say."
            .to_owned(),
    ];
    limits.extend(of_guesses(audit).filter(|_| of_direction(audit).is_some()));
    limits.extend(of_likeness(audit));
    limits.extend(of_intersections(audit));
    limits.extend(of_unknown(audit));
    limits.extend(of_minimum(audit));
    limits.extend(of_independence(audit));
    limits.extend(of_point(audit));
    limits.extend(of_incompatible(audit));
    if audit.sensitivity.is_empty() {
        limits.push("What other assumptions would do to the verdict was not examined.".to_owned());
    }
    limits.push(
        "Counts of small groups can show who was meant. Look at the tables before handing this report on.".to_owned(),
    );
    limits.extend(
        preset(audit)
            .into_iter()
            .flat_map(|preset| preset.does_not_establish.clone())
            .map(|line| format!("The preset itself says that it does not establish this: {line}")),
    );
    limits
}

/// The preset that the policy goes on from.
pub(crate) fn preset(audit: &Audit) -> Option<&'static Preset> {
    find_preset(setting(audit, "/preset")?).ok()
}

fn of_likeness(audit: &Audit) -> Option<String> {
    let is_alike = !audit.roles.strata.is_empty() || audit.policy.pointer("/roles/controls").is_some();
    (!is_alike && !audit.roles.protected.is_empty()).then(|| {
        "Groups were compared as they are, not like with like: no column was named within which to compare. Where groups \
         differ in what the decision may rest on, part of a difference may come from that."
            .to_owned()
    })
}

fn of_intersections(audit: &Audit) -> Option<String> {
    let combined = audit.rates.iter().any(|rates| rates.by.len() > 1);
    (audit.roles.protected.len() > 1 && !combined).then(|| {
        "Each attribute was looked at by itself. A group that is worse off by two attributes together can be hidden in that."
            .to_owned()
    })
}

/// People whose group is not known.
fn of_unknown(audit: &Audit) -> Option<String> {
    let unknown = |rates: &&GroupRates| {
        rates.within.is_empty()
            && rates.by.len() == 1
            && matches!(rates.kind, GroupKind::Missing | GroupKind::NonAnswer)
            && rates.n > 0
    };
    let named: Vec<String> = audit
        .rates
        .iter()
        .filter(unknown)
        .map(|rates| {
            let why = match rates.kind {
                GroupKind::NonAnswer => "no answer",
                _ => "missing",
            };
            format!("{} of {} ({why})", rows(rates.n), attributes(&rates.by))
        })
        .collect();
    (!named.is_empty()).then(|| {
        format!(
            "Rows whose group is not known are reported and not judged: {}.",
            named.join(", ")
        )
    })
}

fn of_minimum(audit: &Audit) -> Option<String> {
    let least = audit
        .policy
        .pointer("/inference/min-denominator")
        .and_then(Json::as_u64)?;
    (least > 0).then(|| {
        format!(
            "Rates of fewer than {} are reported and not judged, as the policy asks. What happens to such small groups is \
             left open.",
            rows(least)
        )
    })
}

fn of_independence(audit: &Audit) -> Option<String> {
    let repeats = audit.roles.cluster.is_some() || audit.policy.pointer("/roles/list").is_some();
    (!repeats).then(|| {
        "Intervals take the rows for independent of each other. If the same person or case stands in several rows, they are too \
         narrow: the column that says so can be named with --cluster."
            .to_owned()
    })
}

fn of_point(audit: &Audit) -> Option<String> {
    (setting(audit, "/inference/judge") == Some("point")).then(|| {
        "The policy asks to judge bare estimates. A small group can then pass or fail by chance alone.".to_owned()
    })
}

fn of_incompatible(audit: &Audit) -> Option<String> {
    let is_it = |note: &&Note| note.code == "base-rates-differ";
    audit.notes.iter().find(is_it)?;
    Some(
        "Groups differ in how often the event really happened. Not all criteria can then be met at once: meeting one can mean \
         breaking another, and which of them matters is for people to decide."
            .to_owned(),
    )
}
