//! This module is the criteria on what lists are worth to groups of users, and on which items reach whom.

use super::ON_A_MEASURE;
use crate::catalogue::citations::{BURKE_2017, Citation, EKSTRAND_2018, NGUYEN_2014};
use crate::catalogue::criteria::{Criterion, DefaultLevel};
use crate::catalogue::measures::Measure;
use crate::catalogue::measures::customer::{CROSS_EXPOSURE, HIT_RATE, LIST_PRECISION, LIST_RECALL, NARROWING, NDCG};
use crate::inference::Comparison;

const fn parity(
    (id, name): (&'static str, &'static str),
    measure: &'static Measure,
    (comparison, bound, level): (Comparison, f64, DefaultLevel),
    doc: &'static str,
    citations: &'static [&'static Citation],
) -> Criterion {
    Criterion {
        id,
        name,
        measure: Some(measure),
        comparison,
        bound,
        level,
        doc,
        citations,
        ..ON_A_MEASURE
    }
}

/// Lists are worth as much to all.
pub static NDCG_PARITY: Criterion = parity(
    ("ndcg-parity", "NDCG parity"),
    &NDCG,
    (Comparison::Difference, 0.05, DefaultLevel::Error),
    "Lists show all groups of users what they want as early.\n\n\
     The bound is ours: five points of NDCG. A group of whom less is known is harder to serve; that explains a gap, and \
     does not close it.",
    &[&EKSTRAND_2018],
);

/// As many find something.
pub static HIT_RATE_PARITY: Criterion = parity(
    ("hit-rate-parity", "hit rate parity"),
    &HIT_RATE,
    (Comparison::Difference, 0.1, DefaultLevel::Warn),
    "As many users of all groups find something that they want.\n\n\
     Users who want more items are hit more easily, so a group that buys more looks better served. The bound is ours.",
    &[&EKSTRAND_2018],
);

/// As much of what is wanted is found.
pub static LIST_RECALL_PARITY: Criterion = parity(
    ("list-recall-parity", "recall parity of lists"),
    &LIST_RECALL,
    (Comparison::Difference, 0.1, DefaultLevel::Warn),
    "Lists hold as much of what the users of all groups want.\n\n\
     Users who want more than fits into a list hold it down. The bound is ours.",
    &[&EKSTRAND_2018],
);

/// As much of what is shown is wanted.
pub static LIST_PRECISION_PARITY: Criterion = parity(
    ("list-precision-parity", "precision parity of lists"),
    &LIST_PRECISION,
    (Comparison::Difference, 0.05, DefaultLevel::Warn),
    "As many places of the lists of all groups hold something that is wanted.\n\n\
     Users who want little hold it down. The bound is ours.",
    &[&EKSTRAND_2018],
);

/// Lists narrow the taste of all alike.
pub static NARROWING_PARITY: Criterion = parity(
    ("narrowing-parity", "narrowing parity"),
    &NARROWING,
    (Comparison::Difference, 0.1, DefaultLevel::Warn),
    "Lists are as wide, beside what users chose before, for all groups.\n\n\
     It asks whether one group is kept more to what it knows than another, and not whether all are. Histories of other \
     lengths give other values. The bound is ours.",
    &[&NGUYEN_2014],
);

/// The items of a group reach all users alike.
pub static CROSS_EXPOSURE_PARITY: Criterion = parity(
    ("cross-exposure-parity", "cross exposure parity"),
    &CROSS_EXPOSURE,
    (Comparison::Ratio, 0.8, DefaultLevel::Warn),
    "The items of each group get as large a share of the attention of all groups of users.\n\n\
     Groups that like other things should see other things, so a breach is a question and no fault. The bound is \
     borrowed from the four-fifths rule.",
    &[&BURKE_2017],
);

/// In the order in which they are judged and listed everywhere.
pub(super) static CRITERIA: &[&Criterion] = &[
    &NDCG_PARITY,
    &HIT_RATE_PARITY,
    &LIST_RECALL_PARITY,
    &LIST_PRECISION_PARITY,
    &NARROWING_PARITY,
    &CROSS_EXPOSURE_PARITY,
];
