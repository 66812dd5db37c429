//! This module is the criteria on amounts.

use super::ON_A_MEASURE;
use crate::catalogue::citations::{COHEN_1988, HEDGES_1981, UGESP_1978, WELCH_1947, WILLMOTT_2005};
use crate::catalogue::criteria::{Criterion, DefaultLevel};
use crate::catalogue::measures::amounts::{
    MEAN_ABSOLUTE_ERROR, PRICE_GAP, SHARE_AT_MOST_MEDIAN, SHARE_OVERESTIMATED, STANDARDIZED_MEAN_DIFFERENCE,
};
use crate::inference::Comparison;
use crate::policy::Scale;

/// Every one of them, in the order in which it is judged and listed everywhere.
pub(super) static CRITERIA: &[&Criterion] = &[
    &PRICE_PARITY,
    &AMOUNT_PARITY,
    &BELOW_MEDIAN_PARITY,
    &ERROR_PARITY,
    &OVERESTIMATION_PARITY,
];

/// Groups pay alike: the ratio of geometric means.
pub static PRICE_PARITY: Criterion = Criterion {
    id: "price-parity",
    name: "price parity",
    aliases: &["price-gap-parity"],
    measure: Some(&PRICE_GAP),
    comparison: Comparison::Ratio,
    bound: 0.95,
    level: DefaultLevel::ErrorUnless(&["controls"]),
    doc: "Groups pay alike: the ratio of their geometric means is within 5 %.\n\
        \n\
        Legitimate reasons for a price are in it, so a breach is a question and not yet an answer; name controls, and what \
        they leave is judged in its place. Where amounts are compared on the plain scale, amount parity is judged in its place.\n",
    citations: &[&WELCH_1947],
    ..ON_A_MEASURE
};

/// Groups have amounts alike, whatever their unit: the standardized mean difference.
pub static AMOUNT_PARITY: Criterion = Criterion {
    id: "amount-parity",
    name: "amount parity",
    aliases: &["smd-parity"],
    measure: Some(&STANDARDIZED_MEAN_DIFFERENCE),
    comparison: Comparison::Difference,
    bound: 0.2,
    level: DefaultLevel::ErrorUnless(&["controls"]),
    doc: "Groups have amounts alike: their means are within a fifth of a standard deviation, which Cohen calls small.\n\
        \n\
        Judged in place of price parity where amounts are compared on the plain scale, as those that may be 0 or less must \
        be. A wide spread within groups hides a gap.\n",
    citations: &[&COHEN_1988, &HEDGES_1981],
    ..ON_A_MEASURE
};

/// Groups are served at the median or below alike.
pub static BELOW_MEDIAN_PARITY: Criterion = Criterion {
    id: "below-median-parity",
    name: "parity below the median",
    aliases: &["median-parity"],
    measure: Some(&SHARE_AT_MOST_MEDIAN),
    comparison: Comparison::Ratio,
    bound: 0.8,
    level: DefaultLevel::Warn,
    doc: "Groups get an amount at the median of everybody or below alike: the four-fifths rule of thumb, read on amounts.\n\
        \n\
        It counts on which side of the median a row is, and not how far.\n",
    citations: &[&UGESP_1978],
    ..ON_A_MEASURE
};

/// Amounts are as far from the true ones in all groups.
pub static ERROR_PARITY: Criterion = Criterion {
    id: "error-parity",
    name: "error parity",
    aliases: &["mae-parity", "group-loss-parity"],
    measure: Some(&MEAN_ABSOLUTE_ERROR),
    comparison: Comparison::Ratio,
    bound: 0.8,
    level: DefaultLevel::Error,
    doc: "Amounts are as far from the true ones in all groups: the ratio of mean absolute errors is at least four fifths.\n\
        \n\
        It does not see in which direction amounts are wrong; parity of overestimation does. A group with larger true amounts \
        often has larger errors.\n",
    citations: &[&WILLMOTT_2005],
    ..ON_A_MEASURE
};

/// Amounts are too high as often in all groups.
pub static OVERESTIMATION_PARITY: Criterion = Criterion {
    id: "overestimation-parity",
    name: "parity of overestimation",
    aliases: &[],
    measure: Some(&SHARE_OVERESTIMATED),
    comparison: Comparison::Difference,
    bound: 0.1,
    level: DefaultLevel::Warn,
    doc: "Amounts are above the true ones as often in all groups.\n\
        \n\
        However small the error is, it counts.\n",
    citations: &[&WILLMOTT_2005],
    ..ON_A_MEASURE
};

/// Whether a criterion is one that is judged of amounts on this scale, if nobody asks for it.
#[must_use]
pub fn is_for_scale(criterion: &Criterion, scale: Scale) -> bool {
    let of_other = match scale {
        Scale::Log => &AMOUNT_PARITY,
        Scale::Plain => &PRICE_PARITY,
    };
    criterion != of_other
}
