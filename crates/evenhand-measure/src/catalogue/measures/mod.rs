//! This module is the table of measures that are no function of the four cells: of scores, amounts and recommended lists.
//!
//! To add a measure, add one entry in the module of its domain; the order there is the order everywhere.

pub mod amounts;
pub mod controls;
pub mod customer;
pub mod provider;
pub mod scores;

use std::sync::LazyLock;

use super::Better;
use super::citations::Citation;
use crate::audit::measured::{AmountView, ControlView, CrossView, CustomerView, Function, ProviderView, ScoreView};

/// What a number is in, so that nobody has to guess it from its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A part of a whole: told in percent, its differences in percentage points.
    Share,
    /// How much more or less, relative to something: told in percent with a sign, its differences in percentage points.
    Change,
    /// How many times as much as something else; 1 is equal.
    Ratio,
    /// The unit of the column of amounts.
    Amount,
    /// The unit of the column of scores.
    Score,
    /// Standard deviations.
    Deviations,
    /// A number of its own, as the formula has it.
    Number,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Share => "share: told in percent, its differences in percentage points",
            Self::Change => "relative change: told in percent, its differences in percentage points",
            Self::Ratio => "ratio: how many times as much; 1 is equal",
            Self::Amount => "the unit of the amounts",
            Self::Score => "the unit of the scores",
            Self::Deviations => "standard deviations",
            Self::Number => "a number without a unit",
        }
    }

    /// Whether numbers are told in percent, so that their differences are percentage points.
    #[must_use]
    pub fn is_in_percent(self) -> bool {
        matches!(self, Self::Share | Self::Change)
    }
}

/// A number of a group that comes from scores, amounts or lists.
#[derive(Debug)]
pub struct Measure {
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
    /// What its numbers, their differences and the bounds of these are in.
    pub unit: Unit,
    /// Whether a higher value means that the model does better.
    pub better: Better,
    /// The roles that it needs, as the words that flags use.
    pub needs: &'static [&'static str],
    /// When there is no value, in words.
    pub undefined_when: &'static str,
    /// What it means, and what it does not.
    pub doc: &'static str,
    /// Sources.
    pub citations: &'static [&'static Citation],
    /// How it is computed.
    pub(crate) of: Of,
}

/// What a measure is a function of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of {
    Scores(Function<ScoreView>),
    Amounts(Function<AmountView>),
    Controls(Function<ControlView>),
    Provider(Function<ProviderView>),
    Customer(Function<CustomerView>),
    Cross(Function<CrossView>),
}

impl Of {
    /// What it is about.
    fn domain(self) -> &'static str {
        match self {
            Self::Scores(_) => "scores",
            Self::Amounts(_) | Self::Controls(_) => "amounts",
            Self::Provider(_) => "lists, items and their providers",
            Self::Customer(_) => "lists, users",
            Self::Cross(_) => "lists, items and users",
        }
    }
}

impl Measure {
    /// What it is about: scores, amounts, or one side of lists.
    #[must_use]
    pub fn domain(&self) -> &'static str {
        self.of.domain()
    }
}

/// Every measure, in the order in which it is listed everywhere.
pub static MEASURES: LazyLock<Vec<&'static Measure>> = LazyLock::new(|| {
    [
        provider::MEASURES,
        customer::MEASURES,
        amounts::MEASURES,
        controls::MEASURES,
        scores::MEASURES,
    ]
    .concat()
});
