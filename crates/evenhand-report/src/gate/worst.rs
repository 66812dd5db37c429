//! This module orders the lines of a gate for whoever may see the first ones only.

use std::cmp::Ordering;

use evenhand_measure::audit::change::Change;
use evenhand_measure::gate::{Gate, Item, Subject};

use super::line::{Line, lines_of};
use crate::order::worse_first;

/// The lines of a gate as [`super::lines`] has them, of each kind the worst first.
pub(super) fn worst_first(gate: &Gate) -> Vec<Line> {
    let mut items: Vec<&Item> = gate.items.iter().collect();
    items.sort_by(|a, b| compare(gate, a.subject, b.subject));
    lines_of(gate, items.into_iter())
}

fn compare(gate: &Gate, a: Subject, b: Subject) -> Ordering {
    let finding = |index: usize| gate.audit.findings.get(index);
    let change = |index: usize| gate.changes.as_ref()?.changes.get(index);
    match (a, b) {
        (Subject::Finding(a), Subject::Finding(b)) => match (finding(a), finding(b)) {
            (Some(a), Some(b)) => worse_first(a, b),
            _ => Ordering::Equal,
        },
        (Subject::Change(a), Subject::Change(b)) => match (change(a), change(b)) {
            (Some(a), Some(b)) => more_worsened_first(a, b),
            _ => Ordering::Equal,
        },
        // What is beyond its bound comes before what has only moved.
        (Subject::Finding(_), Subject::Change(_)) => Ordering::Less,
        (Subject::Change(_), Subject::Finding(_)) => Ordering::Greater,
    }
}

/// The strongest evidence first, then the larger worsening; what has neither comes last.
pub(super) fn more_worsened_first(a: &Change, b: &Change) -> Ordering {
    let evidence = |change: &Change| change.p_adjusted.unwrap_or(f64::INFINITY);
    let size = |change: &Change| change.worsening.unwrap_or(f64::NEG_INFINITY);
    evidence(a)
        .total_cmp(&evidence(b))
        .then_with(|| size(b).total_cmp(&size(a)))
}
