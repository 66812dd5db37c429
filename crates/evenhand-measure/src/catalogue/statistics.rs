//! This module is the table of statistics that are no share of rows: each is one function of the four cells.
//!
//! They are reported by group and have no interval: none of them is binomial.

use super::Better;
use super::citations::{
    BERK_2018, COHEN_1960, Citation, FAWCETT_2006, FOWLKES_1983, GLAS_2003, MATTHEWS_1975, POWERS_2011,
    VAN_RIJSBERGEN_1979,
};

/// The four cells as real numbers (weights, when the data are weighted).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Table {
    /// True positives.
    pub tp: f64,
    /// False positives.
    pub fp: f64,
    /// False negatives.
    pub fn_: f64,
    /// True negatives.
    pub tn: f64,
}

impl Table {
    fn share(self, part: f64, whole: f64) -> Option<f64> {
        (whole > 0.0).then(|| part / whole)
    }

    fn tpr(self) -> Option<f64> {
        self.share(self.tp, self.tp + self.fn_)
    }

    fn tnr(self) -> Option<f64> {
        self.share(self.tn, self.tn + self.fp)
    }

    fn ppv(self) -> Option<f64> {
        self.share(self.tp, self.tp + self.fp)
    }

    fn npv(self) -> Option<f64> {
        self.share(self.tn, self.tn + self.fn_)
    }

    fn total(self) -> f64 {
        self.tp + self.fp + self.fn_ + self.tn
    }
}

/// A number computed from the 2x2 table that is not a share of rows.
#[derive(Debug)]
pub struct Statistic {
    /// The id, in kebab-case.
    pub id: &'static str,
    /// The name in a sentence.
    pub name: &'static str,
    /// Short symbol for table heads.
    pub symbol: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// The printed formula.
    pub formula: &'static str,
    /// Lowest and highest possible value; `None` has no limit on that side.
    pub range: (Option<f64>, Option<f64>),
    /// Whether a higher value means that the model does better.
    pub better: Better,
    /// When there is no value, in words.
    pub undefined_when: &'static str,
    /// What it means, and what it does not.
    pub doc: &'static str,
    /// Sources.
    pub citations: &'static [&'static Citation],
    /// The value, or `None` when undefined.
    pub value: fn(Table) -> Option<f64>,
}

macro_rules! statistics {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, $symbol:literal, [$($alias:literal),*],
        $formula:literal, ($low:expr, $high:expr), $better:ident, $undefined:literal, [$($cite:ident),+], $value:expr;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Statistic = Statistic {
                id: $id,
                name: $title,
                symbol: $symbol,
                aliases: &[$($alias),*],
                formula: $formula,
                range: ($low, $high),
                better: Better::$better,
                undefined_when: $undefined,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+],
                value: $value,
            };
        )+
        /// Every statistic, in the order in which it is listed everywhere.
        pub static STATISTICS: &[&Statistic] = &[$(&$name),+];
    };
}

statistics! {
    /// Mean of the true positive and the true negative rate.
    ///
    /// Unlike accuracy it is not flattered by a lopsided base rate.
    BALANCED_ACCURACY = "balanced-accuracy", "balanced accuracy", "BA", ["bac"],
        "(TPR + TNR) / 2", (Some(0.0), Some(1.0)), Higher, "the group has no positives or no negatives",
        [POWERS_2011], |t| Some(f64::midpoint(t.tpr()?, t.tnr()?));
    /// Harmonic mean of precision and recall.
    ///
    /// Ignores true negatives, so it changes when the event is renamed.
    F1_SCORE = "f1-score", "F1 score", "F1", ["f1", "f-measure", "dice"],
        "2 TP / (2 TP + FP + FN)", (Some(0.0), Some(1.0)), Higher, "no row is positive in prediction or label",
        [VAN_RIJSBERGEN_1979], |t| t.share(2.0 * t.tp, 2.0 * t.tp + t.fp + t.fn_);
    /// Correlation between prediction and label.
    ///
    /// 1 is perfect, 0 no better than chance, -1 always wrong. Uses all four cells alike.
    MATTHEWS_CORRELATION = "matthews-correlation", "Matthews correlation coefficient", "MCC", ["mcc", "phi-coefficient"],
        "(TP TN - FP FN) / sqrt((TP + FP)(TP + FN)(TN + FP)(TN + FN))", (Some(-1.0), Some(1.0)), Higher,
        "predictions or labels are all alike", [MATTHEWS_1975], |t| {
            // Two roots of two factors, so that large counts do not overflow.
            let spread = ((t.tp + t.fp) * (t.tn + t.fn_)).sqrt() * ((t.tp + t.fn_) * (t.tn + t.fp)).sqrt();
            t.share(t.tp * t.tn - t.fp * t.fn_, spread)
        };
    /// Agreement of prediction and label beyond what the margins alone would give.
    ///
    /// 1 is perfect, 0 is chance. It depends on the base rate.
    COHEN_KAPPA = "cohen-kappa", "Cohen's kappa", "kappa", ["kappa"],
        "(ACC - E) / (1 - E), E = agreement expected from the margins", (Some(-1.0), Some(1.0)), Higher,
        "predictions and labels are all one and the same value", [COHEN_1960], |t| {
            let n = t.total();
            let accuracy = t.share(t.tp + t.tn, n)?;
            let expected = ((t.tp + t.fp) / n) * ((t.tp + t.fn_) / n) + ((t.fn_ + t.tn) / n) * ((t.fp + t.tn) / n);
            t.share(accuracy - expected, 1.0 - expected)
        };
    /// Youden's J: how much better than chance the model tells positives from negatives.
    ///
    /// The height of the ROC point above the diagonal.
    INFORMEDNESS = "informedness", "informedness", "J", ["youden-j", "bookmaker-informedness"],
        "TPR + TNR - 1", (Some(-1.0), Some(1.0)), Higher, "the group has no positives or no negatives",
        [POWERS_2011], |t| Some(t.tpr()? + t.tnr()? - 1.0);
    /// How much more often a prediction is right than its opposite would be.
    ///
    /// The twin of informedness with prediction and label swapped.
    MARKEDNESS = "markedness", "markedness", "MK", ["delta-p"],
        "PPV + NPV - 1", (Some(-1.0), Some(1.0)), Higher, "the model selects nobody or everybody",
        [POWERS_2011], |t| Some(t.ppv()? + t.npv()? - 1.0);
    /// Geometric mean of precision and recall.
    ///
    /// Ignores true negatives.
    FOWLKES_MALLOWS = "fowlkes-mallows", "Fowlkes-Mallows index", "FM", ["fm-index"],
        "sqrt(PPV TPR)", (Some(0.0), Some(1.0)), Higher, "nobody is selected or nobody is positive",
        [FOWLKES_1983], |t| Some((t.ppv()? * t.tpr()?).sqrt());
    /// How much more often the truly positive are selected than the truly negative.
    ///
    /// 1 says that selection carries no information.
    POSITIVE_LIKELIHOOD_RATIO = "positive-likelihood-ratio", "positive likelihood ratio", "LR+", ["lr-plus"],
        "TPR / FPR", (Some(0.0), None), Higher, "the group has no positives, no negatives or no false positives",
        [FAWCETT_2006], |t| t.share(t.tpr()?, 1.0 - t.tnr()?).filter(|_| t.fp > 0.0);
    /// How much more often the truly positive are turned away than the truly negative.
    ///
    /// 1 says that rejection carries no information.
    NEGATIVE_LIKELIHOOD_RATIO = "negative-likelihood-ratio", "negative likelihood ratio", "LR-", ["lr-minus"],
        "FNR / TNR", (Some(0.0), None), Lower, "the group has no positives, no negatives or no true negatives",
        [FAWCETT_2006], |t| t.share(t.fn_ / (t.tp + t.fn_), t.tnr()?).filter(|_| t.tpr().is_some());
    /// Odds of selection of the truly positive over those of the truly negative.
    ///
    /// 1 says that the model is uninformative.
    DIAGNOSTIC_ODDS_RATIO = "diagnostic-odds-ratio", "diagnostic odds ratio", "DOR", ["dor"],
        "(TP TN) / (FP FN)", (Some(0.0), None), Higher, "there are no false positives or no false negatives",
        [GLAS_2003], |t| t.share(t.tp * t.tn, t.fp * t.fn_);
    /// Misses per false alarm.
    ///
    /// Treatment equality asks that it be the same in all groups.
    FALSE_NEGATIVES_PER_FALSE_POSITIVE = "fn-fp-ratio", "misses per false alarm", "FN/FP", ["treatment-ratio"],
        "FN / FP", (Some(0.0), None), Neither, "there are no false positives",
        [BERK_2018], |t| t.share(t.fn_, t.fp);
}
