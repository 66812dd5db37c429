//! This module is when a new baseline would let through what the old one stopped.
//!
//! A comparison that counts is loosened when its disparity has grown by more than the tolerance, by the bare estimates,
//! and its outcome is no better than it was; or when it has no value any more. The estimates and not a test: a baseline
//! that follows every worsening too small to prove would drift as far as anybody likes, a step at a time.

use crate::audit::change::{Change, ChangeOutcome, Changes};
use crate::audit::model::{Audit, Group, Outcome};
use crate::policy::{Counts, Level, Policy};

/// The places of the changes that a new baseline would loosen.
#[must_use]
pub fn loosened(changes: &Changes, before: &Audit, now: &Audit, policy: &Policy) -> Vec<usize> {
    let counts = |change: &Change| change.level.max(policy.baseline.level) == Level::Error;
    let is_loosened = |change: &Change| match change.outcome {
        ChangeOutcome::Appeared => false,
        ChangeOutcome::Vanished => policy.baseline.vanished != Counts::Pass,
        ChangeOutcome::Undefined => change.before.is_some(),
        ChangeOutcome::Worse | ChangeOutcome::NotWorse => {
            change
                .worsening
                .is_some_and(|worsening| worsening > changes.tolerance + ROUNDING)
                && !is_better(outcome(before, change), outcome(now, change))
        }
    };
    let places = changes.changes.iter().enumerate();
    places
        .filter(|(_, change)| counts(change) && is_loosened(change))
        .map(|(place, _)| place)
        .collect()
}

/// A growth of exactly the tolerance is within it, whatever the last digits of the subtraction.
const ROUNDING: f64 = 1e-12;

fn is_better(before: Option<u8>, now: Option<u8>) -> bool {
    before.zip(now).is_some_and(|(before, now)| now < before)
}

/// How bad a comparison is by its bound: the worse of both directions, where both are listed.
fn outcome(audit: &Audit, change: &Change) -> Option<u8> {
    let pair = |group: &Group, reference: Option<&Group>| {
        (*group == change.group && reference == change.reference.as_ref())
            || (Some(group) == change.reference.as_ref() && reference == Some(&change.group))
    };
    let same = audit.findings.iter().filter(|finding| {
        finding.criterion == change.criterion
            && finding.rate == change.rate
            && finding.event == change.event
            && finding.by == change.by
            && finding.within == change.within
            && finding.pooled_over == change.pooled_over
            && pair(&finding.group, finding.reference.as_ref())
    });
    same.filter_map(|finding| match finding.outcome {
        Outcome::Pass => Some(0),
        Outcome::Inconclusive => Some(1),
        Outcome::Fail => Some(2),
        Outcome::NotJudged | Outcome::NotApplicable => None,
    })
    .max()
}
