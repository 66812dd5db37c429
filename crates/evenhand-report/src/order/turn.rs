//! This module turns differences round, so that they speak of the group with the lower value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use evenhand_measure::audit::model::{Audit, Bound, Finding, Group};

/// The audit with each difference as people read it: the group with the lower value against the one with the
/// higher. In the audit two groups stand in the order of their names, which keeps a finding's identity stable.
///
/// A difference from a declared reference stays as it is, and so do ratios. Within strata, and pooled over them, a pair
/// stands as it does without them, so that a sign means the same in each stratum. Every renderer for people begins here.
#[must_use]
pub fn lower_first(audit: &Audit) -> Cow<'_, Audit> {
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
    let upside_down = |finding: &Finding| {
        finding.comparison == "difference" && finding.point.is_some_and(|point| point > 0.0) && !declared(finding)
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
