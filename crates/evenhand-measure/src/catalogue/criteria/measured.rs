//! This module is the table of criteria on measures that are no share of rows.
//!
//! To add a criterion, add one entry to the list of its domain.

use super::{Criterion, DefaultLevel};
use crate::catalogue::citations::{ANGRIST_PISCHKE_2009, LIANG_ZEGER_1986, MACKINNON_WHITE_1985};
use crate::catalogue::measures::controls::ADJUSTED_PRICE_GAP;
use crate::inference::Comparison;

/// Every such criterion, in the order in which it is judged and listed everywhere.
pub static MEASURED: &[&[&Criterion]] = &[PROVIDER, CUSTOMER, AMOUNTS, CONTROLS, SCORES];

/// On what lists give to groups of items.
static PROVIDER: &[&Criterion] = &[];

/// On what lists are worth to groups of users.
static CUSTOMER: &[&Criterion] = &[];

/// On amounts.
static AMOUNTS: &[&Criterion] = &[];

/// On what controls leave of gaps in amounts.
static CONTROLS: &[&Criterion] = &[&CONDITIONAL_PRICE_PARITY];

/// Groups with the same controls pay alike.
pub static CONDITIONAL_PRICE_PARITY: Criterion = Criterion {
    id: "conditional-price-parity",
    name: "conditional price parity",
    aliases: &["adjusted-price-parity", "residual-price-parity"],
    rates: &[],
    measure: Some(&ADJUSTED_PRICE_GAP),
    comparison: Comparison::Ratio,
    favourable: false,
    against_highest: false,
    per_stratum: false,
    bound: 0.95,
    level: DefaultLevel::Error,
    doc: "Groups with the same controls pay alike: the adjusted price gap is within 5 %.\n\
        \n\
        It is as good as the controls: one that is missing leaves a gap that is nobody's fault, and one that stands in for the \
        group hides one that is.\n",
    citations: &[&MACKINNON_WHITE_1985, &LIANG_ZEGER_1986, &ANGRIST_PISCHKE_2009],
};

/// On scores.
static SCORES: &[&Criterion] = &[];
