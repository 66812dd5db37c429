//! This module is the part of the catalogue about scores.

use super::{Measure, Of, Unit};
use crate::audit::measured::of_scores as of;
use crate::catalogue::Better;
use crate::catalogue::citations::{
    BRIER_1950, COX_1958, DELONG_1988, GARDNER_2019, GOOD_1952, HEDGES_OLKIN_1985, KALLUS_ZHOU_2019, KLEINBERG_2017,
    MANN_WHITNEY_1947, MURPHY_1973, NAEINI_2015, NYC_2023, SMIRNOV_1939, STEPHENSON_2008, VALLENDER_1974,
    VAN_CALSTER_2019,
};

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[
    &AUC,
    &CROSS_GROUP_AUC,
    &ROC_AREA_BETWEEN,
    &CALIBRATION_IN_THE_LARGE,
    &CALIBRATION_ERROR,
    &LARGEST_CALIBRATION_ERROR,
    &CALIBRATION_SLOPE,
    &CALIBRATION_INTERCEPT,
    &BRIER_SCORE,
    &BRIER_PART,
    &LOG_LOSS,
    &MEAN_SCORE,
    &STANDARDIZED_SCORE_GAP,
    &SCORE_DISTANCE,
    &SCORING_RATE,
];

const RANKED: &[&str] = &["score", "label"];
const NO_PROBABILITY: &str = "no row of the group has a score and a label, or scores are not within 0 and 1";

/// How well scores rank within a group.
pub static AUC: Measure = Measure {
    id: "auc",
    name: "area under the ROC curve",
    symbol: "AUC",
    aliases: &["roc-auc", "area-under-the-curve", "c-statistic", "concordance"],
    formula: "P(S+ > S-) + P(S+ = S-) / 2",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Number,
    better: Better::Higher,
    needs: RANKED,
    undefined_when: "there is no positive or no negative with a score",
    doc: "How often somebody for whom the event happened scores above somebody of the same group for whom it did not; ties \
          count half. 0.5 is a score that says nothing, 1 one that never errs.\n\nIt looks at the order of scores within a group and at \
          nothing else: a group whose scores are all too low has the same AUC. Its error is DeLong's; where rows repeat, that of \
          the jackknife over units. It is exact up to 4,096 different scores, and with `--exact` beyond; otherwise with more, those that are counted together are \
          ties, and a note gives the lowest and highest value that their order allows.\n",
    citations: &[&MANN_WHITNEY_1947, &DELONG_1988],
    of: Of::Scores(of::AUC),
};

/// How well scores rank positives of one group against negatives of others.
pub static CROSS_GROUP_AUC: Measure = Measure {
    id: "cross-group-auc",
    name: "cross-group AUC",
    symbol: "xAUC",
    aliases: &["xauc"],
    formula: "P(S+ of the group > S- of the others) + P(equal) / 2",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Number,
    better: Better::Higher,
    needs: RANKED,
    undefined_when: "the group has no positive with a score, or the others no negative",
    doc: "How often somebody of the group for whom the event happened scores above somebody of another group for whom it did \
          not. Two groups are compared by how much it differs between the two ways about.\n\nWithin-group AUCs can be equal while \
          all positives of one group score below the negatives of another; this sees it.\n",
    citations: &[&KALLUS_ZHOU_2019],
    of: Of::Scores(of::CROSS_AUC),
};

/// How far the ROC curves of a group and of the others are apart.
pub static ROC_AREA_BETWEEN: Measure = Measure {
    id: "roc-area-between",
    name: "area between ROC curves",
    symbol: "ABROC",
    aliases: &["abroc", "abroca"],
    formula: "integral over FPR from 0 to 1 of |TPR of the group - TPR of the others|",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Number,
    better: Better::Lower,
    needs: RANKED,
    undefined_when: "the group or the others have no positive or no negative with a score",
    doc: "The area between the ROC curve of the group and that of everybody else. It is 0 only where the curves are the same, also \
          where they cross and their AUCs are equal.\n\nIt is never below 0, so chance puts it above between groups that are \
          alike, the more the smaller they are. It has no interval here and is not judged.\n",
    citations: &[&GARDNER_2019],
    of: Of::Scores(of::AREA_BETWEEN),
};

/// How much scores promise above what happens.
pub static CALIBRATION_IN_THE_LARGE: Measure = Measure {
    id: "calibration-in-the-large",
    name: "calibration in the large",
    symbol: "CITL",
    aliases: &["mean-calibration", "calibration-bias"],
    formula: "mean of (S - Y)",
    range: (Some(-1.0), Some(1.0)),
    unit: Unit::Share,
    better: Better::Neither,
    needs: RANKED,
    undefined_when: NO_PROBABILITY,
    doc: "The mean score minus the share for whom the event happened, as points of probability. Above 0 scores promise more of \
          the event than happens to the group, below 0 less; 0 is best.\n\nIt needs no bins and has a proper interval. Errors that \
          cancel, too high here and too low there, do not show in it: see calibration-slope and calibration-error.\n",
    citations: &[&COX_1958, &VAN_CALSTER_2019],
    of: Of::Scores(of::IN_THE_LARGE),
};

/// How far the observed shares of bins are from their mean scores.
pub static CALIBRATION_ERROR: Measure = Measure {
    id: "calibration-error",
    name: "expected calibration error",
    symbol: "ECE",
    aliases: &["ece", "expected-calibration-error"],
    formula: "sum over bins of n_b / n |mean S in b - share of Y in b|",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Share,
    better: Better::Lower,
    needs: RANKED,
    undefined_when: NO_PROBABILITY,
    doc: "Scores are sorted into bins of equal width over 0 to 1 (10, unless the policy says otherwise; an upper border belongs \
          to its bin), and the distance between mean score and observed share is averaged over rows.\n\nIt depends on the bins, \
          and chance makes it larger in small groups: 0.05 is nothing special among 200 rows. It has no interval here and is not \
          judged; calibration-in-the-large is.\n",
    citations: &[&NAEINI_2015],
    of: Of::Scores(of::CALIBRATION_ERROR),
};

/// The largest distance of a bin.
pub static LARGEST_CALIBRATION_ERROR: Measure = Measure {
    id: "largest-calibration-error",
    name: "largest calibration error",
    symbol: "MCE",
    aliases: &["mce", "maximum-calibration-error"],
    formula: "largest over bins of |mean S in b - share of Y in b|",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Share,
    better: Better::Lower,
    needs: RANKED,
    undefined_when: NO_PROBABILITY,
    doc: "As the expected calibration error, but of the worst bin.\n\nThe worst bin is often one with a handful of rows: look at \
          how many it has.\n",
    citations: &[&NAEINI_2015],
    of: Of::Scores(of::LARGEST_CALIBRATION_ERROR),
};

/// Whether scores are too extreme or too timid.
pub static CALIBRATION_SLOPE: Measure = Measure {
    id: "calibration-slope",
    name: "calibration slope",
    symbol: "slope",
    aliases: &[],
    formula: "b in logit P(Y) = a + b logit S, by maximum likelihood",
    range: (None, None),
    unit: Unit::Number,
    better: Better::Neither,
    needs: RANKED,
    undefined_when: "there is no positive or no negative, scores are not within 0 and 1, one is exactly 0 or 1, or one threshold \
                     parts positives and negatives",
    doc: "1 is best. Below 1 scores are too extreme for the group: high ones promise too much and low ones too little. Above 1 \
          they are too timid.\n\nIt says nothing of whether scores are right on the whole. Its error is that of independent rows; where they repeat \
          it has none.\n",
    citations: &[&COX_1958, &VAN_CALSTER_2019],
    of: Of::Scores(of::SLOPE),
};

/// Where the line of the calibration slope lies.
pub static CALIBRATION_INTERCEPT: Measure = Measure {
    id: "calibration-intercept",
    name: "calibration intercept",
    symbol: "intercept",
    aliases: &[],
    formula: "a in logit P(Y) = a + b logit S, by maximum likelihood",
    range: (None, None),
    unit: Unit::Number,
    better: Better::Neither,
    needs: RANKED,
    undefined_when: CALIBRATION_SLOPE.undefined_when,
    doc: "0 is best, with a slope of 1: the log-odds of the event where the score is one half.\n\nThe slope is free here. \
          The intercept at a slope of 1, which other software calls calibration in the large as well, is another number; ours of \
          that name is a difference of probabilities.\n",
    citations: &[&COX_1958, &VAN_CALSTER_2019],
    of: Of::Scores(of::INTERCEPT),
};

/// How far scores are from what happened, squared.
pub static BRIER_SCORE: Measure = Measure {
    id: "brier-score",
    name: "Brier score",
    symbol: "Brier",
    aliases: &["brier", "brier-score-loss", "mean-squared-error-of-scores"],
    formula: "mean of (S - Y)^2",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Number,
    better: Better::Lower,
    needs: RANKED,
    undefined_when: NO_PROBABILITY,
    doc: "0 is best; scores that all are the base rate b get b (1 - b).\n\nIt depends on the base rate, so groups with different \
          base rates differ in it even under equally good scores: compare its parts.\n",
    citations: &[&BRIER_1950],
    of: Of::Scores(of::BRIER),
};

/// What the Brier score is made of.
pub static BRIER_PART: Measure = Measure {
    id: "brier-part",
    name: "parts of the Brier score",
    symbol: "Brier part",
    aliases: &["murphy-decomposition"],
    formula: "Brier = reliability - resolution + uncertainty + within-bins",
    range: (Some(-1.0), Some(1.0)),
    unit: Unit::Number,
    better: Better::Neither,
    needs: RANKED,
    undefined_when: NO_PROBABILITY,
    doc: "Over the bins of calibration-error. reliability: squared distance of observed shares from mean scores, 0 is best. \
          resolution: squared distance of observed shares from the base rate b, more is better. uncertainty: b (1 - b), what the \
          group brings.\n\nThey depend on the bins. within-bins: what scores that differ within a bin add; 0 where each bin has one score.\n",
    citations: &[&MURPHY_1973, &STEPHENSON_2008],
    of: Of::Scores(of::BRIER_PARTS),
};

/// How surprised scores are by what happened.
pub static LOG_LOSS: Measure = Measure {
    id: "log-loss",
    name: "log-loss",
    symbol: "log-loss",
    aliases: &["cross-entropy", "logarithmic-score"],
    formula: "mean of -ln S where Y = 1 and -ln (1 - S) where Y = 0",
    range: (Some(0.0), None),
    unit: Unit::Number,
    better: Better::Lower,
    needs: RANKED,
    undefined_when: "no row of the group has a score and a label, scores are not within 0 and 1, or a score of exactly 0 or 1 is \
                     wrong",
    doc: "In nats; 0 is best. One certain and wrong score has no finite loss, and then the group has none: other software moves \
          such scores by a tiny number of its own choice, on which the answer then depends.\n\nIt depends on the base rate, as the \
          Brier score does.\n",
    citations: &[&GOOD_1952],
    of: Of::Scores(of::LOG_LOSS),
};

/// The mean score.
pub static MEAN_SCORE: Measure = Measure {
    id: "mean-score",
    name: "mean score",
    symbol: "mean S",
    aliases: &["average-score"],
    formula: "mean of S",
    range: (None, None),
    unit: Unit::Score,
    better: Better::Neither,
    needs: &["score"],
    undefined_when: "no row of the group has a score",
    doc: "In the unit of the score.\n\nNeeds no label. A higher mean is right where the event is commoner in the group: see \
          calibration-in-the-large.\n",
    citations: &[&KLEINBERG_2017],
    of: Of::Scores(of::MEAN),
};

/// The mean difference in standard deviations.
pub static STANDARDIZED_SCORE_GAP: Measure = Measure {
    id: "standardized-score-gap",
    name: "standardized gap of scores",
    symbol: "SMD",
    aliases: &["score-smd", "score-cohens-d", "score-hedges-g"],
    formula: "(mean S of the group - mean S of the others) / pooled standard deviation, times 1 - 3 / (4 (n - 2) - 1)",
    range: (None, None),
    unit: Unit::Deviations,
    better: Better::Neither,
    needs: &["score"],
    undefined_when: "one side has fewer than two scores, or no score differs from another of its side",
    doc: "Hedges' g: how many standard deviations the mean score of the group lies above that of everybody else. By \
          convention 0.2 is small, 0.5 medium and 0.8 large.\n\nNeeds no label, and does not ask whether the gap is right.\n",
    citations: &[&HEDGES_OLKIN_1985],
    of: Of::Scores(of::STANDARDIZED),
};

/// How far two distributions of scores lie apart.
pub static SCORE_DISTANCE: Measure = Measure {
    id: "score-distance",
    name: "distance of scores",
    symbol: "distance",
    aliases: &[],
    formula: "kolmogorov-smirnov: largest |F - G|; wasserstein: integral of |F - G|",
    range: (Some(0.0), None),
    unit: Unit::Number,
    better: Better::Lower,
    needs: &["score"],
    undefined_when: "the group or the others have no score",
    doc: "How far the scores of the group and of everybody else lie apart as distributions F and G. Kolmogorov and \
          Smirnov's distance, from 0 to 1, is the largest gap in selection rates that any threshold makes. Wasserstein's, in the \
          unit of the score, is how far scores would have to move on average.\n\nNeither is ever below 0, so chance puts \
          both above. They have no interval here and are not judged.\n",
    citations: &[&SMIRNOV_1939, &VALLENDER_1974],
    of: Of::Scores(of::DISTANCE),
};

/// Who scores above the median of everybody.
pub static SCORING_RATE: Measure = Measure {
    id: "scoring-rate",
    name: "scoring rate",
    symbol: "above median",
    aliases: &[],
    formula: "share of the group with S above the median of S over everybody",
    range: (Some(0.0), Some(1.0)),
    unit: Unit::Share,
    better: Better::Neither,
    needs: &["score"],
    undefined_when: "no row of the group has a score, or so many scores fall together that some may lie on either side of the median",
    doc: "The scoring rate of New York's rules on automated hiring tools: a score that equals the median is not above it. The \
          median is that of everybody, as the rules say \"the sample\"; the value of `scoring-rate@known-groups` takes it over \
          those whose group is known, which auditors also do. Compared as a ratio, the impact ratio of those rules.\n\nAn audit with \
          `--threshold median` makes decisions of it, with exact tests.\n",
    citations: &[&NYC_2023],
    of: Of::Scores(of::SCORING_RATE),
};
