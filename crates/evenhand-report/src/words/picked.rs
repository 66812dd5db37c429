//! This module says how far apart the worst pair of a block is, allowing for its having been looked for.

use evenhand_measure::audit::model::{Audit, Bound, NamedTest};
use evenhand_measure::catalogue::Entry;
use evenhand_measure::inference::Comparison;

use super::entry;
use super::written::unit_of;
use crate::numbers::{points, ratio};
use crate::order::Block;

/// `Worst of all: 0.59, with an interval that allows for having been picked: 0.51 to 0.69.`; `None` where that was not
/// asked for.
#[must_use]
pub fn picked_line(block: &Block<'_>, audit: &Audit) -> Option<String> {
    let first = block.first();
    let is_plain = first.within.is_empty() && first.pooled_over.is_empty() && first.event.is_none();
    let test = audit.tests.iter().find(|test| {
        test.id == "max-t"
            && test.criterion.as_ref() == Some(&first.criterion)
            && (&test.rate, test.complement, &test.by) == (&first.rate, first.complement, &first.by)
    })?;
    let estimate = test.estimate.filter(|_| is_plain && block.counts())?;
    let in_points = is_in_points(test);
    let text = |value: f64| match in_points {
        true => points(value, &first.bound),
        false => ratio(value, &first.bound),
    };
    let (unit, way) = match in_points {
        true => (" points", " points in whichever direction"),
        false => ("", ""),
    };
    let interval = match (test.lower, test.upper) {
        (Some(lower), Some(upper)) => format!("{} to {}{unit}", text(lower), text(upper)),
        (Some(lower), None) => format!("{}{unit} or more", text(lower)),
        (None, _) => return None,
    };
    Some(format!(
        "Worst of all: {}{way}, with an interval that allows for having been picked: {interval}.",
        text(estimate)
    ))
}

/// Whether what is estimated is a difference of shares, which is told in percentage points.
pub(crate) fn is_in_points(test: &NamedTest) -> bool {
    let criterion = test.criterion.as_deref().and_then(entry);
    matches!(criterion, Some(Entry::Criterion(criterion)) if criterion.comparison == Comparison::Difference)
        && unit_of(&test.rate).is_in_percent()
}

/// A difference of shares in points, held against nothing.
pub(crate) fn plain_difference(value: f64) -> String {
    let unbounded = Bound {
        at_least: None,
        at_most: None,
    };
    points(value, &unbounded)
}
