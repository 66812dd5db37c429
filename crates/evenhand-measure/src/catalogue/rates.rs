//! This module is the table of rates: each is two sets of cells, and everything else follows from them.
//!
//! To add a rate, add one entry here; the order here is the order everywhere.

use super::citations::{
    BERK_2018, Citation, FAWCETT_2006, HARDT_2016, POWERS_2011, SCHAEFER_1990, UGESP_1978, VERMA_2018,
};
use super::{Better, Cells, Family};
use crate::confusion::{Confusion, Needs};

/// A share of rows: how many of the rows in `denominator` are in `numerator`. Its range is 0 to 1.
#[derive(Debug)]
pub struct Rate {
    /// The id, in kebab-case.
    pub id: &'static str,
    /// The name in a sentence.
    pub name: &'static str,
    /// Short symbol for table heads.
    pub symbol: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// The rows that count.
    pub numerator: Cells,
    /// The rows it is a share of.
    pub denominator: Cells,
    /// Whether a higher value means that the model does better.
    pub better: Better,
    /// What it means, and what it does not.
    pub doc: &'static str,
    /// Sources.
    pub citations: &'static [&'static Citation],
}

impl Rate {
    /// What must be known of a row.
    #[must_use]
    pub const fn needs(&self) -> Needs {
        self.numerator.needs(self.denominator)
    }

    /// The printed formula, such as `TP / (TP + FN)`.
    #[must_use]
    pub fn formula(&self) -> String {
        let side = |cells: Cells| {
            let text = cells.to_string();
            if text.contains('+') { format!("({text})") } else { text }
        };
        format!("{} / {}", side(self.numerator), side(self.denominator))
    }

    /// When the rate has no value, in words.
    #[must_use]
    pub fn undefined_when(&self) -> String {
        format!("no row of the group is in {}", self.denominator)
    }

    /// The family of fairness definitions that comparing this rate belongs to.
    #[must_use]
    pub fn family(&self) -> Family {
        let Needs { label, prediction } = self.needs();
        let fixes_label = self.denominator == Cells::TP | Cells::FN || self.denominator == Cells::FP | Cells::TN;
        let fixes_prediction = self.denominator == Cells::TP | Cells::FP || self.denominator == Cells::FN | Cells::TN;
        match () {
            () if !label => Family::Independence,
            () if !prediction => Family::BaseRates,
            () if fixes_label => Family::Separation,
            () if fixes_prediction => Family::Sufficiency,
            () => Family::Overall,
        }
    }

    /// Rows in the numerator and in the denominator of a group.
    #[must_use]
    pub fn counts(&self, group: &Confusion) -> (u64, u64) {
        let needs = self.needs();
        (
            group.select(self.numerator, needs).rows,
            group.select(self.denominator, needs).rows,
        )
    }
}

macro_rules! rates {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, $symbol:literal,
        [$($alias:literal),*], ($($num:ident)|+) / ($($den:ident)|+), $better:ident, [$($cite:ident),+];)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Rate = Rate {
                id: $id,
                name: $title,
                symbol: $symbol,
                aliases: &[$($alias),*],
                numerator: Cells::EMPTY$(.and(Cells::$num))+,
                denominator: Cells::EMPTY$(.and(Cells::$den))+,
                better: Better::$better,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+],
            };
            // A rate is a share: its numerator lies within its denominator and leaves something out.
            const _: () = assert!(
                $name.denominator.contains($name.numerator)
                    && !$name.numerator.is_empty()
                    && !$name.denominator.without($name.numerator).is_empty()
            );
        )+
        /// Every rate, in the order in which it is listed everywhere.
        pub static RATES: &[&Rate] = &[$(&$name),+];
    };
}

rates! {
    /// Share of everyone that the model selects. Needs no ground truth.
    ///
    /// Equal selection rates say nothing about whether the right people were selected.
    SELECTION_RATE = "selection-rate", "selection rate", "SR",
        ["predicted-prevalence", "positive-rate", "pprev", "success-rate", "acceptance-rate"],
        (TP | FP) / (TP | FP | FN | TN), Neither, [UGESP_1978, VERMA_2018];
    /// Share of everyone that the model turns away: one minus the selection rate. Needs no ground truth.
    ///
    /// With an adverse event (`--adverse`) this is the favourable rate that disparate impact compares.
    REJECTION_RATE = "rejection-rate", "rejection rate", "RR",
        ["non-selection-rate", "negative-rate"],
        (FN | TN) / (TP | FP | FN | TN), Neither, [UGESP_1978];
    /// Share of everyone for whom the event really happened. Needs no prediction.
    ///
    /// Groups with different base rates cannot have equal error rates and equal predictive values at once
    /// unless prediction is perfect.
    BASE_RATE = "base-rate", "base rate", "prev",
        ["prevalence", "prev"],
        (TP | FN) / (TP | FP | FN | TN), Neither, [FAWCETT_2006];
    /// Share of the truly positive that the model selects.
    ///
    /// Low values mean that qualified people are missed. It trusts the label: where the label itself is
    /// biased, so is this.
    TRUE_POSITIVE_RATE = "true-positive-rate", "true positive rate", "TPR",
        ["tpr", "recall", "sensitivity"],
        (TP) / (TP | FN), Higher, [HARDT_2016, FAWCETT_2006];
    /// Share of the truly negative that the model selects all the same.
    ///
    /// Where selection harms ("high risk"), these are the people who are wrongly harmed.
    FALSE_POSITIVE_RATE = "false-positive-rate", "false positive rate", "FPR",
        ["fpr", "fall-out", "type-i-error-rate"],
        (FP) / (FP | TN), Lower, [HARDT_2016, FAWCETT_2006];
    /// Share of the truly negative that the model does not select.
    ///
    /// One minus the false positive rate.
    TRUE_NEGATIVE_RATE = "true-negative-rate", "true negative rate", "TNR",
        ["tnr", "specificity", "selectivity"],
        (TN) / (FP | TN), Higher, [FAWCETT_2006];
    /// Share of the truly positive that the model misses.
    ///
    /// One minus the true positive rate.
    FALSE_NEGATIVE_RATE = "false-negative-rate", "false negative rate", "FNR",
        ["fnr", "miss-rate", "type-ii-error-rate"],
        (FN) / (TP | FN), Lower, [HARDT_2016, FAWCETT_2006];
    /// Share of the selected who are truly positive.
    ///
    /// Depends on the base rate: a group with fewer positives has a lower value at the same error rates.
    POSITIVE_PREDICTIVE_VALUE = "positive-predictive-value", "positive predictive value", "PPV",
        ["ppv", "precision"],
        (TP) / (TP | FP), Higher, [VERMA_2018, FAWCETT_2006];
    /// Share of the not selected who are truly negative.
    ///
    /// Depends on the base rate, as the positive predictive value does.
    NEGATIVE_PREDICTIVE_VALUE = "negative-predictive-value", "negative predictive value", "NPV",
        ["npv"],
        (TN) / (FN | TN), Higher, [VERMA_2018, FAWCETT_2006];
    /// Share of the selected who are truly negative.
    ///
    /// One minus the positive predictive value.
    FALSE_DISCOVERY_RATE = "false-discovery-rate", "false discovery rate", "FDR",
        ["fdr"],
        (FP) / (TP | FP), Lower, [VERMA_2018];
    /// Share of the not selected who are truly positive.
    ///
    /// One minus the negative predictive value.
    FALSE_OMISSION_RATE = "false-omission-rate", "false omission rate", "FOR",
        ["for"],
        (FN) / (FN | TN), Lower, [VERMA_2018];
    /// Share of everyone whom the model judges rightly.
    ///
    /// Weighs both kinds of error alike, which those who suffer them seldom do, and is flattered by a lopsided base rate.
    ACCURACY = "accuracy", "accuracy", "ACC",
        ["acc"],
        (TP | TN) / (TP | FP | FN | TN), Higher, [BERK_2018, FAWCETT_2006];
    /// Share of everyone whom the model judges wrongly.
    ///
    /// One minus the accuracy.
    ERROR_RATE = "error-rate", "error rate", "ERR",
        ["zero-one-loss", "misclassification-rate"],
        (FP | FN) / (TP | FP | FN | TN), Lower, [BERK_2018];
    /// Share of all errors that are misses rather than false alarms.
    ///
    /// It rises and falls with FN / FP, the ratio that treatment equality compares, and unlike that ratio stays
    /// within 0 and 1 and has a proper interval.
    MISS_SHARE_OF_ERRORS = "miss-share-of-errors", "share of errors that are misses", "FN/ERR",
        ["false-negative-share"],
        (FN) / (FP | FN), Neither, [BERK_2018];
    /// Share of everyone who is both selected and truly positive.
    ///
    /// It cannot exceed the base rate, so groups with different base rates differ in it even under a perfect model.
    DETECTION_RATE = "detection-rate", "detection rate", "DR",
        ["true-positive-share"],
        (TP) / (TP | FP | FN | TN), Higher, [POWERS_2011];
    /// Of all who were selected or should have been, the share that was both.
    ///
    /// Leaves out the true negatives, for events so rare that these would drown everything else.
    CRITICAL_SUCCESS_INDEX = "critical-success-index", "critical success index", "CSI",
        ["threat-score", "jaccard-index"],
        (TP) / (TP | FP | FN), Higher, [SCHAEFER_1990, POWERS_2011];
}
