//! This module is the criteria on scores.

use super::ON_A_MEASURE;
use crate::catalogue::citations::{
    CHOULDECHOVA_2017, DELONG_1988, HEDGES_OLKIN_1985, KALLUS_ZHOU_2019, KLEINBERG_2017, NYC_2023, UGESP_1978,
};
use crate::catalogue::criteria::{Criterion, DefaultLevel};
use crate::catalogue::measures::scores;
use crate::inference::Comparison;

/// Every one of them, in the order in which it is judged and listed everywhere.
pub(super) static CRITERIA: &[&Criterion] = &[
    &AUC_PARITY,
    &CALIBRATION_PARITY,
    &CROSS_GROUP_AUC_PARITY,
    &SCORE_PARITY,
    &SCORING_RATE_PARITY,
];

/// Scores rank all groups as well.
static AUC_PARITY: Criterion = Criterion {
    id: "auc-parity",
    name: "AUC parity",
    aliases: &["roc-auc-parity"],
    measure: Some(&scores::AUC),
    comparison: Comparison::Difference,
    bound: 0.05,
    level: DefaultLevel::ErrorUnless(&["prediction"]),
    doc: "Within each group, those for whom the event happened score above the others equally often.\n\nA score can rank each \
          group well and still put one group below the other: calibration-parity and cross-group-auc-parity see that. The bound is a \
          convention.\n",
    citations: &[&DELONG_1988],
    ..ON_A_MEASURE
};

/// Scores promise all groups as much of what happens.
static CALIBRATION_PARITY: Criterion = Criterion {
    id: "calibration-parity",
    name: "calibration parity",
    aliases: &["calibration-in-the-large-parity"],
    measure: Some(&scores::CALIBRATION_IN_THE_LARGE),
    comparison: Comparison::Difference,
    bound: 0.05,
    level: DefaultLevel::ErrorUnless(&["prediction"]),
    doc: "Scores overstate or understate the event equally in all groups.\n\nEqually wrong passes: look at the values too. With \
          unequal base rates a calibrated score cannot have equal error rates as well. It trusts the label. The bound, five \
          points of probability, is a convention.\n",
    citations: &[&KLEINBERG_2017, &CHOULDECHOVA_2017],
    ..ON_A_MEASURE
};

/// Positives of one group score above negatives of another as often as the other way about.
static CROSS_GROUP_AUC_PARITY: Criterion = Criterion {
    id: "cross-group-auc-parity",
    name: "cross-group AUC parity",
    aliases: &["xauc-parity"],
    measure: Some(&scores::CROSS_GROUP_AUC),
    comparison: Comparison::Difference,
    bound: 0.05,
    level: DefaultLevel::Warn,
    doc: "A positive of one group outranks a negative of another as often as the other way about.\n\nGroups with different base \
          rates differ in it under well calibrated scores too.\n",
    citations: &[&KALLUS_ZHOU_2019],
    ..ON_A_MEASURE
};

/// Groups score alike.
static SCORE_PARITY: Criterion = Criterion {
    id: "score-parity",
    name: "score parity",
    aliases: &["mean-score-parity"],
    measure: Some(&scores::STANDARDIZED_SCORE_GAP),
    comparison: Comparison::Difference,
    bound: 0.2,
    level: DefaultLevel::ErrorUnless(&["prediction", "label"]),
    doc: "The mean scores of groups lie less than a fifth of a standard deviation apart: Hedges' g of the two groups, whose \
          values by group are against everybody else.\n\nBlind to what happened: where groups really differ, so should scores. The \
          bound is what convention calls a small effect.\n",
    citations: &[&HEDGES_OLKIN_1985],
    ..ON_A_MEASURE
};

/// Groups score above the median alike.
static SCORING_RATE_PARITY: Criterion = Criterion {
    id: "scoring-rate-parity",
    name: "scoring rate parity",
    aliases: &["scoring-impact-ratio"],
    measure: Some(&scores::SCORING_RATE),
    comparison: Comparison::Ratio,
    bound: 0.8,
    level: DefaultLevel::Warn,
    doc: "The shares of two groups that score above the median of everybody are within four fifths of one another.\n\nNew York's \
          rules ask for these ratios and set no pass mark; four fifths is that of the Uniform Guidelines.\n",
    citations: &[&NYC_2023, &UGESP_1978],
    ..ON_A_MEASURE
};
