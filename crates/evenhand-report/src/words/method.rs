//! This module says how the numbers were made: in plain words, then entry by entry of the catalogue.

use evenhand_measure::audit::model::{Audit, Outcome};
use evenhand_measure::catalogue::{Better, Citation, Entry, entries, find_method};
use evenhand_measure::catalogue::{Criterion, MethodOf};
use evenhand_measure::policy::Level;
use serde_json::Value as Json;

use super::limits::preset;
use super::measured::allowed_of;
use super::terms::setting;
use super::{capital, is_unbounded, name, plural};
use crate::catalog::{better, paragraphs};
use crate::numbers::{confidence, count};
use crate::order::family;
use crate::text::interval_confidence;

/// How intervals, tests and the verdict are made, a paragraph each.
pub(crate) fn how(audit: &Audit) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(of_preset(audit));
    said.push(
        "The rows are first summed up by group, and everything else is computed from these counts and sums. A number without a \
         value, such as a share of no rows, is reported as such. It is never taken as 0, and never as a pass."
            .to_owned(),
    );
    said.extend(of_intervals(audit));
    if audit.findings.iter().any(|finding| !is_unbounded(&finding.bound)) {
        said.extend(of_judging(audit));
    }
    if !audit.tests.is_empty() {
        said.push(
            "Named tests are computed beside the verdict, because other people will ask for them. They ask whether there is any \
             difference at all, not whether it is larger than allowed, and decide nothing here."
                .to_owned(),
        );
    }
    said
}

fn of_preset(audit: &Audit) -> Option<String> {
    let preset = preset(audit)?;
    Some(format!(
        "The policy goes on from the preset {} ({}), whose sources were last read on {}.",
        preset.id, preset.title, preset.as_of
    ))
}

fn of_intervals(audit: &Audit) -> Option<String> {
    let level = interval_confidence(audit)?;
    let mut text = format!(
        "Next to a number stands its {level} interval: the range in which the true value lies, as far as these data can tell. It is \
         wide where rows are few."
    );
    if let Some(cluster) = &audit.roles.cluster {
        text.push_str(&format!(
            " Rows with the same {} belong together, so intervals are computed over these units and not over rows (a jackknife \
             over groups of units).",
            name(cluster)
        ));
    }
    if let Some(weight) = &audit.roles.weight {
        text.push_str(&format!(
            " Each row weighs what {} says; how many rows the weights are worth is taken into account.",
            name(weight)
        ));
    }
    Some(text)
}

fn of_judging(audit: &Audit) -> Vec<String> {
    if setting(audit, "/inference/judge") == Some("point") {
        return vec![
            "The policy asks to hold the bare numbers against their bounds. Chance is then left out of account: what is on the wrong \
             side fails, however few the rows."
                .to_owned(),
        ];
    }
    let level = audit.policy.pointer("/inference/confidence").and_then(Json::as_f64);
    let hard = match level {
        Some(0.95) | None => "chance would show such data less than once in 40 audits".to_owned(),
        Some(level) => format!(
            "chance would show such data more seldom than one side of a {} interval allows",
            confidence(level)
        ),
    };
    let mut said = vec![format!(
        "Each comparison is asked two questions. Would these data be hard to explain if the groups were within the bound? Then it \
         fails. Would they be hard to explain if the groups were beyond it? Then it passes. If neither, it is inconclusive. \
         Hard to explain means: {hard}. The tests are those that the printed intervals are made from. An interval is of its \
         comparison alone, while a fail has to hold against all of them: so an interval can lie beyond the bound where the \
         comparison is open."
    )];
    if let Some(family) = family(audit, Level::Error).filter(|family| family.size > 1) {
        said.push(format!(
            "Who compares often finds something by chance. So the more comparisons there are, the clearer a failure has to be \
             (Holm's adjustment): {} were tested at once here. A pass needs no such adjustment, because an overall pass asks it \
             of every single one.",
            count(family.size as u64)
        ));
    }
    let exact = |finding: &&evenhand_measure::audit::model::Finding| {
        finding.p_breach_exact.is_some() || finding.p_comply_exact.is_some()
    };
    let few = audit.findings.iter().filter(exact).count();
    if few > 0 {
        said.push(format!(
            "Where counts are small, an exact test has to agree as well; that was so for {}.",
            plural(few as u64, "comparison")
        ));
    }
    said.push(
        "The verdict is fail if one comparison that counts fails. Otherwise it is inconclusive if one of them is. It is pass only if \
         every one of them passes."
            .to_owned(),
    );
    if has_against_highest(audit) {
        said.push(
            "Ratios of favourable outcomes are taken of every group to every other, so that nobody has to choose a reference: a group \
             with more than another passes, and the other one's ratio says by how much it has less."
                .to_owned(),
        );
    }
    if audit.findings.iter().any(|finding| finding.rows_to_settle.is_some()) {
        said.push(
            "For what is open, the report says how many rows would settle it with a chance of 8 in 10, if the rates stay as they \
             are."
                .to_owned(),
        );
    }
    said
}

fn has_against_highest(audit: &Audit) -> bool {
    let declared = audit.policy.pointer("/inference/reference").is_some();
    let against = |finding: &evenhand_measure::audit::model::Finding| matches!(super::entry(&finding.criterion), Some(Entry::Criterion(criterion)) if criterion.against_highest);
    !declared && audit.findings.iter().any(against)
}

/// The bounds that were judged: criterion, what is compared, what is allowed, whether it counts, what became of it.
pub(crate) fn bounds(audit: &Audit) -> Vec<Vec<String>> {
    let mut seen: Vec<(&str, &str, String, Level)> = Vec::new();
    let mut rows = Vec::new();
    for finding in audit.findings.iter().filter(|finding| finding.level != Level::Off) {
        let allowed = match is_unbounded(&finding.bound) {
            true => "no pass mark".to_owned(),
            false => allowed_of(finding),
        };
        let key = (
            finding.criterion.as_str(),
            finding.rate.as_str(),
            allowed.clone(),
            finding.level,
        );
        if finding.outcome == Outcome::NotApplicable || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let comparison = match finding.comparison.as_str() {
            "ratio" => "ratio",
            _ => "difference",
        };
        rows.push(vec![
            capital(&super::entry_name(&finding.criterion)),
            super::entry_name(&finding.rate),
            comparison.to_owned(),
            allowed,
            match finding.level {
                Level::Error => "yes",
                Level::Warn | Level::Off => "no",
            }
            .to_owned(),
        ]);
    }
    rows
}

pub(crate) fn bounds_header() -> Vec<String> {
    ["Criterion", "Of", "Compared as", "Allowed", "Counts"]
        .map(str::to_owned)
        .to_vec()
}

/// What the cells in formulas are.
pub(crate) const CELLS: &str = "In formulas TP, FP, FN and TN are counts of rows: true positives (the event was decided and \
    happened), false positives (decided, did not happen), false negatives (not decided, happened), true negatives (neither).";

/// Entries of one kind, by the name of the kind.
pub(crate) struct Kind {
    /// What they are.
    pub(crate) title: &'static str,
    /// Those that the audit used, in the catalogue's order.
    pub(crate) entries: Vec<Entry>,
}

/// What of the catalogue this audit used.
pub(crate) fn used(audit: &Audit) -> Vec<Kind> {
    let mut ids: Vec<&str> = audit
        .rates
        .iter()
        .flat_map(|rates| rates.values.keys())
        .map(|key| bare(key))
        .collect();
    for finding in &audit.findings {
        ids.extend([finding.criterion.as_str(), finding.rate.as_str()]);
        // The id of a method comes first; what follows says how it was used.
        ids.extend(finding.method.split(", ").next());
    }
    ids.extend(audit.tests.iter().map(|test| test.id.as_str()));
    ids.extend(
        audit
            .families
            .iter()
            .filter(|family| family.size > 1)
            .map(|family| family.adjustment.as_str()),
    );
    ids.extend(interval_methods(audit));
    ids.sort_unstable();
    ids.dedup();
    let of_kind = |kind: &'static str| -> Vec<Entry> {
        entries()
            .filter(|entry| entry.kind() == kind && ids.binary_search(&entry.id()).is_ok())
            .collect()
    };
    [
        ("criterion", "Criteria: what was judged or reported"),
        ("rate", "Rates: shares of rows"),
        ("statistic", "Statistics: other numbers from the same counts"),
        ("measure", "Measures of scores, amounts and lists"),
        ("method", "Methods of intervals and tests"),
    ]
    .into_iter()
    .map(|(kind, title)| Kind {
        title,
        entries: of_kind(kind),
    })
    .filter(|kind| !kind.entries.is_empty())
    .collect()
}

fn bare(key: &str) -> &str {
    key.split_once('@').map_or(key, |(id, _)| id)
}

/// The method of the intervals of single rates; comparisons name theirs.
fn interval_methods(audit: &Audit) -> Option<&'static str> {
    let named = setting(audit, "/inference/methods/rate")?;
    let has_share = audit
        .rates
        .iter()
        .any(|rates| rates.values.values().any(|value| value.share().is_some()));
    let method = find_method(MethodOf::Rate, named).ok()?;
    has_share.then_some(method.id)
}

pub(crate) fn used_header() -> Vec<String> {
    ["Name", "What it is", "Formula", "Better", "No value when", "Sources"]
        .map(str::to_owned)
        .to_vec()
}

/// An entry as a row of the table of its kind.
pub(crate) fn used_row(entry: Entry) -> Vec<String> {
    let direction = match entry {
        Entry::Rate(rate) => direction(rate.better),
        Entry::Statistic(statistic) => direction(statistic.better),
        Entry::Measure(measure) => direction(measure.better),
        Entry::Criterion(criterion) => adverse(criterion).to_owned(),
        Entry::Method(_) => "–".to_owned(),
    };
    let keys: Vec<&str> = entry.citations().iter().map(|citation| citation.key).collect();
    vec![
        format!("{} ({})", capital(entry.name()), entry.id()),
        paragraphs(entry).into_iter().next().unwrap_or_default(),
        entry.formula(),
        direction,
        entry.undefined_when(),
        keys.join("; "),
    ]
}

fn direction(of: Better) -> String {
    match of {
        Better::Higher | Better::Lower => better(of).to_owned(),
        Better::Neither => "it depends".to_owned(),
    }
}

fn adverse(criterion: &Criterion) -> &'static str {
    match criterion.favourable && criterion.measure.is_none() {
        true => "equal; if the event is bad for the person, one minus the rate is compared",
        false => "equal",
    }
}

/// The texts that these entries rest on, each once, by their keys.
pub(crate) fn sources(kinds: &[Kind]) -> Vec<(String, String)> {
    let mut cited: Vec<&Citation> = kinds
        .iter()
        .flat_map(|kind| &kind.entries)
        .flat_map(|entry| entry.citations().iter().copied())
        .collect();
    cited.sort_by_key(|citation| citation.key);
    cited.dedup_by_key(|citation| citation.key);
    cited
        .into_iter()
        .map(|citation| (citation.key.to_owned(), citation.text.to_owned()))
        .collect()
}
