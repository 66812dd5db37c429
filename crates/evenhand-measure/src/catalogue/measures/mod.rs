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
