//! This module is the criteria on what lists give to groups of items, or to those who provide them.

use super::ON_A_MEASURE;
use crate::catalogue::citations::{BEUTEL_2019, SINGH_JOACHIMS_2018};
use crate::catalogue::criteria::{Criterion, DefaultLevel};
use crate::catalogue::measures::provider::{EXPOSURE_MERIT_RATIO, EXPOSURE_RATIO, PAIRWISE_ACCURACY};
use crate::inference::Comparison;

/// Every one of them, in the order in which it is judged and listed everywhere.
pub(super) static CRITERIA: &[&Criterion] = &[&EXPOSURE_PARITY, &EXPOSURE_MERIT_PARITY, &PAIRWISE_PARITY];

/// No group's attention, for its target share, is below four fifths of another's.
static EXPOSURE_PARITY: Criterion = Criterion {
    id: "exposure-parity",
    name: "exposure parity",
    aliases: &["fairness-of-exposure"],
    measure: Some(&EXPOSURE_RATIO),
    comparison: Comparison::Ratio,
    favourable: true,
    against_highest: true,
    bound: 0.8,
    level: DefaultLevel::Error,
    doc: "No group's share of the attention, over the share that it should have, is below four fifths of another's.\n\nThe \
          four fifths are borrowed from employment law as a first look. The verdict holds for the attention model and the \
          target that are named with it; what others would make of it stands among what could change the verdict. Its \
          interval is over users and items (over users alone where the target is what users wanted).\n",
    citations: &[&SINGH_JOACHIMS_2018],
    ..ON_A_MEASURE
};

/// No group's attention, for its merit, is below four fifths of another's.
static EXPOSURE_MERIT_PARITY: Criterion = Criterion {
    id: "exposure-merit-parity",
    name: "exposure in proportion to merit",
    aliases: &["disparate-treatment-of-exposure"],
    measure: Some(&EXPOSURE_MERIT_RATIO),
    comparison: Comparison::Ratio,
    favourable: true,
    against_highest: true,
    bound: 0.8,
    level: DefaultLevel::Warn,
    doc: "No group's share of the attention, over its share of merit, is below four fifths of another's.\n\nIt trusts merit: \
          a score of the ranking itself, or clicks on what it put first, make any ranking look deserved.\n",
    citations: &[&SINGH_JOACHIMS_2018],
    ..ON_A_MEASURE
};

/// Wanted items of all groups stand above unwanted ones of others alike.
static PAIRWISE_PARITY: Criterion = Criterion {
    id: "pairwise-parity",
    name: "pairwise parity",
    aliases: &["inter-group-pairwise-fairness"],
    measure: Some(&PAIRWISE_ACCURACY),
    comparison: Comparison::Difference,
    bound: 0.1,
    level: DefaultLevel::Warn,
    doc: "Wanted items of all groups stand above unwanted items of other groups about as often.\n\nClicks depend on places, so \
          that it judges the ranking only where places were dealt at random, or clicks are corrected for them.\n",
    citations: &[&BEUTEL_2019],
    ..ON_A_MEASURE
};
