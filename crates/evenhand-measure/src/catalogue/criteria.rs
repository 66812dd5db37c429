//! This module is the table of fairness criteria: rates, how they are compared, and the default bound.
//!
//! To add a criterion, add one entry here. Bounds are defaults that a policy overrides, never law.

use std::sync::LazyLock;

use super::citations::{
    BERK_2018, CHOULDECHOVA_2017, CORBETT_DAVIES_2017, Citation, DWORK_2012, FELDMAN_2015, HARDT_2016, KAMIRAN_2013,
    KLEINBERG_2017, UGESP_1978, VERMA_2018,
};
use super::measures::Measure;
use super::rates::{
    ACCURACY, FALSE_POSITIVE_RATE, MISS_SHARE_OF_ERRORS, NEGATIVE_PREDICTIVE_VALUE, POSITIVE_PREDICTIVE_VALUE, Rate,
    SELECTION_RATE, TRUE_POSITIVE_RATE,
};
use crate::inference::Comparison;

mod measured;

pub use self::measured::is_for_scale;

/// What a criterion is judged by when no policy says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultLevel {
    /// Breaches fail the audit.
    Error,
    /// Breaches are printed.
    Warn,
    /// Breaches fail the audit, unless one of these roles is there and something nearer to the point is judged.
    ErrorUnless(&'static [&'static str]),
}

/// A named condition on how far a rate may differ between groups.
#[derive(Debug)]
pub struct Criterion {
    /// The id, in kebab-case.
    pub id: &'static str,
    /// The name in a sentence.
    pub name: &'static str,
    /// Other names that are understood.
    pub aliases: &'static [&'static str],
    /// The rates; the criterion fails if any fails, and passes only if all pass.
    pub rates: &'static [&'static Rate],
    /// The measure that is compared in place of rates.
    pub measure: Option<&'static Measure>,
    /// Ratio or difference.
    pub comparison: Comparison,
    /// Whether it compares the favourable outcome, so that an adverse event turns the rate into its complement.
    pub favourable: bool,
    /// Whether every group is held against every other one-sidedly, because the reference is whichever does best.
    pub against_highest: bool,
    /// Whether it is judged within each stratum.
    pub per_stratum: bool,
    /// The lowest ratio, or the largest absolute difference.
    pub bound: f64,
    /// What a breach means when no policy says otherwise.
    pub level: DefaultLevel,
    /// What it asks, what it is blind to.
    pub doc: &'static str,
    /// Sources.
    pub citations: &'static [&'static Citation],
}

/// A criterion is its id: there is one definition of each.
impl PartialEq for Criterion {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

macro_rules! criteria {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, [$($alias:literal),*],
        [$($rate:ident),+] $comparison:ident $bound:literal, favourable: $favourable:literal, against_highest: $highest:literal, per_stratum: $stratum:literal,
        $level:ident, [$($cite:ident),+];)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Criterion = Criterion {
                id: $id,
                name: $title,
                aliases: &[$($alias),*],
                rates: &[$(&$rate),+],
                measure: None,
                comparison: Comparison::$comparison,
                favourable: $favourable,
                against_highest: $highest,
                per_stratum: $stratum,
                bound: $bound,
                level: DefaultLevel::$level,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+],
            };
        )+
        /// Criteria on rates.
        static OF_RATES: &[&Criterion] = &[$(&$name),+];
    };
}

/// Every criterion, in the order in which it is judged and listed everywhere.
pub static CRITERIA: LazyLock<Vec<&'static Criterion>> = LazyLock::new(|| {
    [OF_RATES]
        .into_iter()
        .chain(measured::MEASURED.iter().copied())
        .flatten()
        .copied()
        .collect()
});

criteria! {
    /// No group's favourable rate is below four fifths of another's.
    ///
    /// A rule of thumb of US employment law for a first look, not a definition of discrimination: small samples
    /// break it by chance and large ones satisfy it while differing significantly. It asks nothing about who was qualified.
    DISPARATE_IMPACT = "disparate-impact", "disparate impact",
        ["four-fifths", "four-fifths-rule", "adverse-impact-ratio", "impact-ratio", "air"],
        [SELECTION_RATE] Ratio 0.8, favourable: true, against_highest: true, per_stratum: false, Error, [UGESP_1978, FELDMAN_2015];
    /// Among those for whom the event truly happened, groups are selected alike.
    ///
    /// Where the event is good ("would repay"), these are the people who deserve selection. Where it is bad ("will
    /// reoffend"), it asks whether they are caught alike, and predictive equality is what protects the innocent. It
    /// trusts the label, and looks only at the truly positive: false alarms may still differ.
    EQUAL_OPPORTUNITY = "equal-opportunity", "equal opportunity", ["true-positive-rate-parity", "tpr-parity"],
        [TRUE_POSITIVE_RATE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Error, [HARDT_2016];
    /// Groups are selected at the same rate.
    ///
    /// Blind to qualification: it can be met by selecting the wrong people.
    STATISTICAL_PARITY = "statistical-parity", "statistical parity",
        ["demographic-parity", "group-fairness", "mean-difference", "acceptance-rate-parity"],
        [SELECTION_RATE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn, [DWORK_2012, VERMA_2018];
    /// Both error rates are the same: the truly positive are selected alike, and so are the truly negative.
    ///
    /// Judged rate by rate, never averaged: a gap one way does not make up for a gap the other way.
    EQUALIZED_ODDS = "equalized-odds", "equalized odds", ["separation", "conditional-procedure-accuracy"],
        [TRUE_POSITIVE_RATE, FALSE_POSITIVE_RATE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn, [HARDT_2016];
    /// The truly negative are selected alike.
    ///
    /// Where selection harms, it asks that the innocent of all groups run the same risk.
    PREDICTIVE_EQUALITY = "predictive-equality", "predictive equality", ["false-positive-rate-parity", "fpr-parity"],
        [FALSE_POSITIVE_RATE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn, [CORBETT_DAVIES_2017];
    /// Being selected means the same in all groups: the same share of the selected is truly positive.
    ///
    /// With unequal base rates it cannot hold together with equalized odds.
    PREDICTIVE_PARITY = "predictive-parity", "predictive parity", ["outcome-test", "ppv-parity", "precision-parity"],
        [POSITIVE_PREDICTIVE_VALUE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn,
        [CHOULDECHOVA_2017, KLEINBERG_2017];
    /// Being selected means the same in all groups, and so does being turned away.
    ///
    /// With unequal base rates it cannot hold together with equalized odds.
    CONDITIONAL_USE_ACCURACY_EQUALITY = "conditional-use-accuracy-equality", "conditional use accuracy equality",
        ["sufficiency"],
        [POSITIVE_PREDICTIVE_VALUE, NEGATIVE_PREDICTIVE_VALUE] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn,
        [BERK_2018];
    /// The model is right equally often in all groups.
    ///
    /// Lets one group suffer misses and another false alarms.
    OVERALL_ACCURACY_EQUALITY = "overall-accuracy-equality", "overall accuracy equality", ["accuracy-parity"],
        [ACCURACY] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn, [BERK_2018];
    /// The balance between misses and false alarms is the same in all groups.
    ///
    /// The literature compares FN / FP, which has no bound and no value without false positives; this compares
    /// FN / (FN + FP), which is equal exactly when FN / FP is.
    TREATMENT_EQUALITY = "treatment-equality", "treatment equality", [],
        [MISS_SHARE_OF_ERRORS] Difference 0.1, favourable: false, against_highest: false, per_stratum: false, Warn, [BERK_2018];
    /// Within each stratum, groups are selected at the same rate.
    ///
    /// A stratum is a legitimate reason for different rates only if it is not itself the fruit of discrimination.
    CONDITIONAL_STATISTICAL_PARITY = "conditional-statistical-parity", "conditional statistical parity",
        ["conditional-demographic-parity"],
        [SELECTION_RATE] Difference 0.1, favourable: false, against_highest: false, per_stratum: true, Warn, [CORBETT_DAVIES_2017, KAMIRAN_2013];
}
