//! This module is the part of the catalogue about what controls leave of gaps in amounts.

use super::{Measure, Of, Unit};
use crate::audit::measured::controls as view;
use crate::catalogue::Better;
use crate::catalogue::citations::{
    ANGRIST_PISCHKE_2009, CAMERON_MILLER_2015, JANN_2008, LIANG_ZEGER_1986, LONG_ERVIN_2000, MACKINNON_WHITE_1985,
};

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[&ADJUSTED_PRICE_GAP, &ADJUSTED_MEAN_GAP, &EXPLAINED_GAP];

/// What a group pays for each unit that the reference pays for the same controls.
pub static ADJUSTED_PRICE_GAP: Measure = Measure {
    id: "adjusted-price-gap",
    name: "adjusted price gap",
    symbol: "adj gap",
    aliases: &["conditional-price-gap", "residual-price-gap"],
    formula: "exp(b_a - b_r), b the coefficients of the groups in ln(amount) ~ 1 + controls + groups; on the plain scale \
              1 + (b_a - b_r) / mean of the reference",
    range: (Some(0.0), None),
    unit: Unit::Ratio,
    better: Better::Neither,
    needs: &["amount", "controls"],
    undefined_when: "the controls cannot be told from the groups, there are fewer rows than coefficients, or, on the plain \
                     scale, the reference's mean is 0 or less",
    doc: "What a group pays for each unit of money that the reference pays for the same controls: 1.04 is 4 % more.\n\
        \n\
        To the named reference, else to the judged group with the most rows. Rows without an amount or a control are left out \
        and counted; on the scale of logarithms so are amounts of 0 or less. Intervals are those of HC3 standard errors, which \
        need the rows a second time, or clustered ones where customers repeat; after a merge there is neither without \
        clusters. On the plain scale the reference's mean is taken as given. The controls are declared legitimate, not found \
        to be: one that is itself a stand-in for the group explains bias away, and a note says so where it looks like one. \
        What is no straight line, and what is not declared, is not adjusted for.\n",
    citations: &[
        &MACKINNON_WHITE_1985,
        &LONG_ERVIN_2000,
        &LIANG_ZEGER_1986,
        &CAMERON_MILLER_2015,
        &ANGRIST_PISCHKE_2009,
    ],
    of: Of::Controls(view::ADJUSTED_PRICE_GAP),
};

/// How much more a group has than the reference with the same controls.
pub static ADJUSTED_MEAN_GAP: Measure = Measure {
    id: "adjusted-mean-gap",
    name: "adjusted mean gap",
    symbol: "adj diff",
    aliases: &["residual-mean-gap"],
    formula: "b_a - b_r, b the coefficients of the groups in amount ~ 1 + controls + groups",
    range: (None, None),
    unit: Unit::Amount,
    better: Better::Neither,
    needs: &["amount", "controls"],
    undefined_when: "amounts are compared by ratios, the controls cannot be told from the groups, or there are fewer rows \
                     than coefficients",
    doc: "How much more a group has than the reference with the same controls, in the unit of the amount.\n\
        \n\
        Only where amounts are compared on the plain scale. Limits are those of the adjusted price gap.\n",
    citations: &[&MACKINNON_WHITE_1985, &LIANG_ZEGER_1986],
    of: Of::Controls(view::ADJUSTED_MEAN_GAP),
};

/// The part of the gap that the controls explain.
pub static EXPLAINED_GAP: Measure = Measure {
    id: "explained-gap",
    name: "gap explained by controls",
    symbol: "expl",
    aliases: &["explained-price-gap"],
    formula: "(mean x_a - mean x_r) b, b the coefficients of the controls in the equation with the groups; its exponential \
              where amounts are compared by ratios",
    range: (None, None),
    unit: Unit::Number,
    better: Better::Neither,
    needs: &["amount", "controls"],
    undefined_when: "the rows leave open what the controls do",
    doc: "The gap that would be there if groups were treated alike and had the controls they have.\n\
        \n\
        By ratios, times the adjusted price gap it is the gap before controls over the same rows; on the plain scale, plus the \
        adjusted mean gap. This is the pooled decomposition of Oaxaca and Blinder with the groups in the equation. An account \
        that adds up, no cause.\n",
    citations: &[&JANN_2008],
    of: Of::Controls(view::EXPLAINED_GAP),
};
