//! This module is the criteria on what controls leave of gaps in amounts.

use super::ON_A_MEASURE;
use crate::catalogue::citations::{ANGRIST_PISCHKE_2009, LIANG_ZEGER_1986, MACKINNON_WHITE_1985};
use crate::catalogue::criteria::{Criterion, DefaultLevel};
use crate::catalogue::measures::controls::ADJUSTED_PRICE_GAP;
use crate::inference::Comparison;

/// On what controls leave of gaps in amounts.
pub(super) static CRITERIA: &[&Criterion] = &[&CONDITIONAL_PRICE_PARITY];

/// Groups with the same controls pay alike.
pub static CONDITIONAL_PRICE_PARITY: Criterion = Criterion {
    id: "conditional-price-parity",
    name: "conditional price parity",
    aliases: &["adjusted-price-parity", "residual-price-parity"],
    measure: Some(&ADJUSTED_PRICE_GAP),
    comparison: Comparison::Ratio,
    bound: 0.95,
    level: DefaultLevel::Error,
    doc: "Groups with the same controls pay alike: the adjusted price gap is within 5 %.\n\
        \n\
        It is as good as the controls: one that is missing leaves a gap that is nobody's fault, and one that stands in for the \
        group hides one that is.\n",
    citations: &[&MACKINNON_WHITE_1985, &LIANG_ZEGER_1986, &ANGRIST_PISCHKE_2009],
    ..ON_A_MEASURE
};
