//! This module is the table of methods: how the interval of a rate or a comparison is computed, and what each test is.
//!
//! To add a method, add one entry to `methods/intervals.rs`, if it gives an interval that a policy may choose, or to
//! `methods/named.rs`, if it is a test or an adjustment that is named and computed elsewhere; what is said of amounts and
//! their controls is in `methods/controls.rs`.

mod controls;
mod intervals;
#[cfg(test)]
mod laws;
mod named;

use super::{Citation, closest};
use crate::inference::{Interval, Sample};

pub use self::controls::CONTROLS;
pub(crate) use self::controls::{
    ADJUSTED_GAP_CLASSIC, KITAGAWA_AMOUNTS, LEAVE_ONE_CONTROL_OUT, OAXACA_BLINDER, OAXACA_GROUP, OAXACA_REFERENCE,
    OAXACA_THREE_FOLD, REGRESSION_COEFFICIENT,
};
pub use self::intervals::INTERVALS;
pub(crate) use self::intervals::{
    MIETTINEN_NURMINEN_DIFFERENCE, MIETTINEN_NURMINEN_ODDS_RATIO, MIETTINEN_NURMINEN_RATIO, WILSON,
};
pub use self::named::NAMED;
pub(crate) use self::named::{
    JACKKNIFE_T, KOLMOGOROV_SMIRNOV_TEST, MCNEMAR_MID_P, PAIRED_DISPARITY, PAIRED_Z, PERMUTATION_OF_MEANS, WELCH_T,
};

/// What a method is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodOf {
    /// One rate.
    Rate,
    /// The difference of two rates.
    Difference,
    /// The ratio of two rates.
    Ratio,
    /// The odds ratio of two rates.
    OddsRatio,
    /// A named test, adjustment or decomposition: no choice among intervals.
    Test,
}

impl MethodOf {
    /// What it is about, in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Difference => "difference",
            Self::Ratio => "ratio",
            Self::OddsRatio => "odds ratio",
            Self::Test => "test",
        }
    }
}

/// How a method is computed.
#[derive(Clone, Copy)]
pub enum Compute {
    /// The interval of one rate from its sample and the z of its confidence; always defined.
    Rate(fn(Sample, f64) -> Interval),
    /// The two sides of a comparison of group a with reference b, which agree: the one-sided p of `z` at a bound is
    /// under alpha exactly when the interval at `z(1 - alpha)` leaves the bound out on that side.
    Pair {
        /// The statistic against a bound: positive when the evidence says "above the bound", `None` when undefined.
        z: fn(Sample, Sample, f64) -> Option<f64>,
        /// The interval at the z of its confidence, `None` when undefined.
        interval: fn(Sample, Sample, f64) -> Option<Interval>,
    },
    /// A named result that is computed where its data are: strata, families of p-values, exact tests.
    Named,
}

/// A statistical method: what it computes, on what assumptions, from which source.
pub struct Method {
    /// The id, in kebab-case; unique among all methods.
    pub id: &'static str,
    /// The name in a sentence.
    pub name: &'static str,
    /// Other names that are understood where the context says what the method is about.
    pub aliases: &'static [&'static str],
    /// What it is about.
    pub of: MethodOf,
    /// The printed formula.
    pub formula: &'static str,
    /// What must hold for its confidence or its p-value to be right.
    pub assumptions: &'static str,
    /// When it has no value, in words.
    pub undefined_when: &'static str,
    /// What it means and when to choose it, then its limits.
    pub doc: &'static str,
    /// Sources.
    pub citations: &'static [&'static Citation],
    /// How it is computed.
    pub compute: Compute,
}

/// A method is its id: there is one definition of each.
impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Method {}

impl std::fmt::Debug for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.id)
    }
}

/// A method is written as its id.
impl serde::Serialize for Method {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// Defines the methods of one table; the doc comments become the explanation.
macro_rules! define_methods {
    ($(#[doc = $about:literal])+ $table:ident;
        $($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, [$($alias:literal),*], $of:ident,
        $formula:literal, $assumptions:literal, $undefined:literal, [$($cite:ident),+], $compute:expr;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Method = Method {
                id: $id,
                name: $title,
                aliases: &[$($alias),*],
                of: MethodOf::$of,
                formula: $formula,
                assumptions: $assumptions,
                undefined_when: $undefined,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+],
                compute: $compute,
            };
        )+
        $(#[doc = $about])+
        pub static $table: &[&Method] = &[$(&$name),+];
    };
}
use define_methods;

/// Every method: intervals of a rate, a difference, a ratio and an odds ratio, then named tests, and what is said of
/// amounts and their controls.
pub static METHODS: &[&Method] = &ALL;

static ALL: [&Method; INTERVALS.len() + NAMED.len() + CONTROLS.len()] = {
    let mut all = [INTERVALS[0]; INTERVALS.len() + NAMED.len() + CONTROLS.len()];
    let tables = [INTERVALS, NAMED, CONTROLS];
    let (mut place, mut table) = (0, 0);
    while table < tables.len() {
        let mut entry = 0;
        while entry < tables[table].len() {
            all[place] = tables[table][entry];
            place += 1;
            entry += 1;
        }
        table += 1;
    }
    all
};

/// The method for this subject with this id or alias; letter case, spaces and underscores do not matter.
///
/// # Errors
/// The closest known names for this subject, best first, when there is none.
///
/// ```
/// use evenhand_measure::catalogue::{MethodOf, find_method};
/// assert_eq!(find_method(MethodOf::Ratio, "Miettinen_Nurminen").unwrap().id, "miettinen-nurminen-ratio");
/// assert_eq!(find_method(MethodOf::Rate, "wilsen").unwrap_err()[0], "wilson");
/// ```
pub fn find_method(of: MethodOf, name: &str) -> Result<&'static Method, Vec<&'static str>> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    let candidates = || METHODS.iter().copied().filter(move |method| method.of == of);
    let names = |method: &'static Method| method.aliases.iter().copied().chain([method.id]);
    candidates()
        .find(|&method| names(method).any(|known| known == wanted))
        .ok_or_else(|| closest(&wanted, candidates().flat_map(names)))
}

/// The method that is used when none is chosen: Wilson for a rate, the score method of Miettinen and Nurminen for
/// comparisons. `None` for tests, each of which answers a question of its own.
#[must_use]
pub fn default_method(of: MethodOf) -> Option<&'static Method> {
    match of {
        MethodOf::Rate => Some(&intervals::WILSON),
        MethodOf::Difference => Some(&intervals::MIETTINEN_NURMINEN_DIFFERENCE),
        MethodOf::Ratio => Some(&intervals::MIETTINEN_NURMINEN_RATIO),
        MethodOf::OddsRatio => Some(&intervals::MIETTINEN_NURMINEN_ODDS_RATIO),
        MethodOf::Test => None,
    }
}
