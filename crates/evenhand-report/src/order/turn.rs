//! This module turns differences round, so that they speak of the group that is worse off.

use std::borrow::Cow;
use std::collections::BTreeMap;

use evenhand_measure::audit::model::{Audit, Bound, Finding, Group};
use evenhand_measure::catalogue::{Better, Cells, Entry, RATES};

use crate::words::entry;

/// The audit with each difference as people read it: the group that is worse off against the other. In the audit two
/// groups stand in the order of their names, which keeps a finding's identity stable.
///
/// Worse off is who gets what is good less often, or what is bad more often; where a rate does not say, the group with
/// the lower value.
///
/// A difference from a declared reference stays as it is, and so do ratios. Within strata, and pooled over them, a pair
/// stands as it does without them, so that a sign means the same in each stratum. Every renderer for people begins here.
#[must_use]
pub fn worse_off_first(audit: &Audit) -> Cow<'_, Audit> {
    let declared = |finding: &Finding| {
        let named = |column: &String| audit.policy.pointer("/inference/reference")?.get(column)?.as_str();
        let is_named = |column: &String| {
            let value = finding
                .reference
                .as_ref()
                .and_then(|reference| reference.get(column)?.as_deref());
            value.is_some() && value == named(column)
        };
        finding.by.iter().all(is_named)
    };
    let adverse = audit.roles.adverse == Some(true);
    let upside_down = |finding: &Finding| {
        let turned = |point: f64| match more_is_worse(finding, adverse) {
            true => point < 0.0,
            false => point > 0.0,
        };
        finding.comparison == "difference" && finding.point.is_some_and(turned) && !declared(finding)
    };
    let leads = leads(&audit.findings, upside_down);
    let turned = |finding: &Finding| match pair(finding).and_then(|pair| leads.get(&pair)) {
        Some(lead) => finding.group != **lead,
        None => upside_down(finding),
    };
    let turns: Vec<usize> = (0..audit.findings.len())
        .filter(|&index| turned(&audit.findings[index]))
        .collect();
    if turns.is_empty() {
        return Cow::Borrowed(audit);
    }
    let mut arranged = audit.clone();
    for index in turns {
        turn(&mut arranged.findings[index]);
    }
    Cow::Owned(arranged)
}

/// Whether a group with more of what a finding compares stands first, as the one that is worse off.
fn more_is_worse(finding: &Finding, adverse: bool) -> bool {
    worse(finding, adverse).unwrap_or_else(|| better(&finding.rate) == Some(Better::Lower))
}

/// Whether more of what a finding compares is worse for a group, or less; nothing where that is not plain.
fn worse(finding: &Finding, adverse: bool) -> Option<bool> {
    // A share of what is good, whatever the event is.
    if finding.complement {
        return Some(false);
    }
    let (selected, passed_over) = (Cells::TP | Cells::FP, Cells::FN | Cells::TN);
    if let Some(rate) = RATES.iter().find(|rate| rate.id == finding.rate) {
        // Of those who were decided alike, who is right more often was let in, or off, with more or with less reason.
        if [selected, passed_over].contains(&rate.denominator) {
            return None;
        }
        // Of people for whom the same is true, of all, or of those who were judged wrongly: who gets what was decided.
        let of_people = [
            Cells::TP | Cells::FN,
            Cells::FP | Cells::TN,
            Cells::ALL,
            Cells::FN | Cells::FP,
        ];
        match of_people.contains(&rate.denominator) {
            true if selected.contains(rate.numerator) => return Some(adverse),
            true if passed_over.contains(rate.numerator) => return Some(!adverse),
            _ => {}
        }
    }
    match (better(&finding.rate)?, entry(&finding.rate)) {
        (Better::Lower, _) => Some(true),
        (Better::Higher, _) => Some(false),
        // To be shown is good for whoever is; a price or a score can be good or bad.
        (Better::Neither, Some(Entry::Measure(measure))) if measure.domain().starts_with("lists") => Some(false),
        (Better::Neither, _) => None,
    }
}

/// Whether a model does better with more of a rate, statistic or measure.
fn better(id: &str) -> Option<Better> {
    Some(match entry(id)? {
        Entry::Rate(rate) => rate.better,
        Entry::Statistic(statistic) => statistic.better,
        Entry::Measure(measure) => measure.better,
        _ => return None,
    })
}

/// Whether it is plain that the group of a failing comparison is the one that is worse off.
#[must_use]
pub fn is_worse_off(finding: &Finding, adverse: bool) -> bool {
    let Some(point) = finding.point else { return false };
    let rate = RATES.iter().find(|rate| rate.id == finding.rate);
    // What is bad strikes those more often of whom it is true: whom that harms depends on what it is.
    let is_true_of_all = rate.is_some_and(|rate| rate.denominator == Cells::TP | Cells::FN);
    if adverse && !finding.complement && is_true_of_all {
        return false;
    }
    match worse(finding, adverse) {
        Some(true) => finding.bound.at_most.is_some_and(|most| point > most),
        Some(false) => finding.bound.at_least.is_some_and(|least| point < least),
        None => false,
    }
}

/// Two groups whose difference is taken in some rate, whichever of them comes first.
type Pair<'a> = (&'a str, Option<&'a str>, bool, &'a [String], &'a Group, &'a Group);

fn pair(finding: &Finding) -> Option<Pair<'_>> {
    let reference = finding
        .reference
        .as_ref()
        .filter(|_| finding.comparison == "difference")?;
    let (first, second) = (reference.min(&finding.group), reference.max(&finding.group));
    let event = finding.event.as_deref();
    Some((&finding.rate, event, finding.complement, &finding.by, first, second))
}

/// Which group of each pair stands first: as in the comparison without strata, or else as in the one pooled over them.
fn leads(findings: &[Finding], upside_down: impl Fn(&Finding) -> bool) -> BTreeMap<Pair<'_>, &Group> {
    let has_sign = |finding: &&Finding| finding.within.is_empty() && finding.point.is_some();
    let (plain, pooled): (Vec<&Finding>, Vec<&Finding>) = findings
        .iter()
        .filter(has_sign)
        .partition(|finding| finding.pooled_over.is_empty());
    let mut leads = BTreeMap::new();
    for finding in plain.into_iter().chain(pooled) {
        let (Some(pair), Some(reference)) = (pair(finding), &finding.reference) else {
            continue;
        };
        let lead = if upside_down(finding) {
            reference
        } else {
            &finding.group
        };
        leads.entry(pair).or_insert(lead);
    }
    leads
}

/// Swaps the two sides of a difference. The p-values stay: each asks about both directions.
fn turn(finding: &mut Finding) {
    let Some(reference) = finding.reference.take() else {
        return;
    };
    finding.reference = Some(std::mem::replace(&mut finding.group, reference));
    std::mem::swap(&mut finding.group_value, &mut finding.reference_value);
    let minus = |value: Option<f64>| value.map(|value| -value);
    finding.point = minus(finding.point);
    (finding.lower, finding.upper) = (minus(finding.upper), minus(finding.lower));
    if let Some(simultaneous) = &mut finding.simultaneous {
        // A difference of shares without a limit ends at 1.
        let upper = simultaneous.upper.unwrap_or(1.0);
        (simultaneous.lower, simultaneous.upper) = (-upper, Some(-simultaneous.lower));
    }
    finding.detectable = minus(finding.detectable);
    finding.bound = Bound {
        at_least: minus(finding.bound.at_most),
        at_most: minus(finding.bound.at_least),
    };
}
