//! This module is the catalogue: each measure is defined in exactly one place, as data.
//!
//! Tables, `list`, `explain`, `docs/measures.md`, the JSON Schema and the loops of the tests read [`RATES`],
//! [`STATISTICS`] and [`CRITERIA`]. Adding a row there adds it everywhere. [`METHODS`] are the statistical methods.

mod cells;
mod citations;
mod criteria;
pub mod measures;
pub(crate) mod methods;
mod rates;
mod statistics;

pub use self::cells::Cells;
pub use self::citations::Citation;
pub use self::criteria::{CRITERIA, Criterion, DefaultLevel, is_for_scale};
pub use self::measures::{MEASURES, Measure, Unit};
pub use self::methods::{Compute, INTERVALS, METHODS, Method, MethodOf, NAMED, default_method, find_method};
pub(crate) use self::methods::{
    MIETTINEN_NURMINEN_DIFFERENCE, MIETTINEN_NURMINEN_ODDS_RATIO, MIETTINEN_NURMINEN_RATIO, WILSON,
};
pub(crate) use self::rates::{
    ACCURACY, FALSE_POSITIVE_RATE, NEGATIVE_PREDICTIVE_VALUE, POSITIVE_PREDICTIVE_VALUE, SELECTION_RATE,
    TRUE_POSITIVE_RATE,
};
pub use self::rates::{RATES, Rate};
pub use self::statistics::{STATISTICS, Statistic, Table};
use crate::inference::Comparison;

/// Whether a higher value means that the model does better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// It depends on what the event means.
    Neither,
}

/// The family of fairness definitions that comparing a rate belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The decision does not depend on the group.
    Independence,
    /// Given what is true, the decision does not depend on the group.
    Separation,
    /// Given the decision, what is true does not depend on the group.
    Sufficiency,
    /// How often the model is right or wrong, all in all.
    Overall,
    /// What is true, whatever was decided.
    BaseRates,
}

impl Family {
    /// The name of the family.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Independence => "independence",
            Self::Separation => "separation",
            Self::Sufficiency => "sufficiency",
            Self::Overall => "overall accuracy",
            Self::BaseRates => "base rates",
        }
    }
}

/// One row of the catalogue.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// A share of rows.
    Rate(&'static Rate),
    /// Another function of the 2x2 table.
    Statistic(&'static Statistic),
    /// A number from scores, amounts or lists.
    Measure(&'static Measure),
    /// A condition on differences between groups.
    Criterion(&'static Criterion),
    /// How an interval or a named test is computed.
    Method(&'static Method),
}

impl Entry {
    /// The id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Rate(rate) => rate.id,
            Self::Statistic(statistic) => statistic.id,
            Self::Measure(measure) => measure.id,
            Self::Criterion(criterion) => criterion.id,
            Self::Method(method) => method.id,
        }
    }

    /// The name in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate(rate) => rate.name,
            Self::Statistic(statistic) => statistic.name,
            Self::Measure(measure) => measure.name,
            Self::Criterion(criterion) => criterion.name,
            Self::Method(method) => method.name,
        }
    }

    /// Other names that are understood.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Rate(rate) => rate.aliases,
            Self::Statistic(statistic) => statistic.aliases,
            Self::Measure(measure) => measure.aliases,
            Self::Criterion(criterion) => criterion.aliases,
            Self::Method(method) => method.aliases,
        }
    }

    /// `rate`, `statistic`, `measure`, `criterion` or `method`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Rate(_) => "rate",
            Self::Statistic(_) => "statistic",
            Self::Measure(_) => "measure",
            Self::Criterion(_) => "criterion",
            Self::Method(_) => "method",
        }
    }

    /// The explanation: first a paragraph on what it means, then one on its limits.
    #[must_use]
    pub fn doc(self) -> &'static str {
        match self {
            Self::Rate(rate) => rate.doc,
            Self::Statistic(statistic) => statistic.doc,
            Self::Measure(measure) => measure.doc,
            Self::Criterion(criterion) => criterion.doc,
            Self::Method(method) => method.doc,
        }
    }

    /// The sources.
    #[must_use]
    pub fn citations(self) -> &'static [&'static Citation] {
        match self {
            Self::Rate(rate) => rate.citations,
            Self::Statistic(statistic) => statistic.citations,
            Self::Measure(measure) => measure.citations,
            Self::Criterion(criterion) => criterion.citations,
            Self::Method(method) => method.citations,
        }
    }

    /// The printed formula.
    #[must_use]
    pub fn formula(self) -> String {
        match self {
            Self::Rate(rate) => rate.formula(),
            Self::Statistic(statistic) => statistic.formula.to_owned(),
            Self::Measure(measure) => measure.formula.to_owned(),
            Self::Criterion(criterion) => criterion.formula(),
            Self::Method(method) => method.formula.to_owned(),
        }
    }

    /// When there is no value, in words.
    #[must_use]
    pub fn undefined_when(self) -> String {
        match self {
            Self::Rate(rate) => rate.undefined_when(),
            Self::Statistic(statistic) => statistic.undefined_when.to_owned(),
            Self::Measure(measure) => measure.undefined_when.to_owned(),
            Self::Criterion(criterion) => criterion.undefined_when(),
            Self::Method(method) => method.undefined_when.to_owned(),
        }
    }

    /// The roles it needs, as the words that flags use.
    #[must_use]
    pub fn needs(self) -> Vec<&'static str> {
        let (label, prediction, strata) = match self {
            Self::Measure(measure) => return measure.needs.to_vec(),
            Self::Criterion(Criterion {
                measure: Some(measure), ..
            }) => return measure.needs.to_vec(),
            Self::Rate(rate) => (rate.needs().label, rate.needs().prediction, false),
            Self::Statistic(_) => (true, true, false),
            // It needs whatever the rates need that it is used for.
            Self::Method(_) => (false, false, false),
            Self::Criterion(criterion) => (
                criterion.rates.iter().any(|rate| rate.needs().label),
                criterion.rates.iter().any(|rate| rate.needs().prediction),
                criterion.per_stratum,
            ),
        };
        [(prediction, "prediction"), (label, "label"), (strata, "strata")]
            .into_iter()
            .filter_map(|(needed, role)| needed.then_some(role))
            .collect()
    }
}

impl Criterion {
    /// What it asks, as a formula.
    #[must_use]
    pub fn formula(&self) -> String {
        let rates = self.rates.iter().map(|rate| rate.symbol);
        let symbols: Vec<&str> = rates.chain(self.measure.map(|measure| measure.symbol)).collect();
        let rates = symbols.join(", ");
        match self.comparison {
            Comparison::Ratio if self.against_highest => format!("{rates}: group / highest >= {}", self.bound),
            Comparison::Ratio => format!("{rates}: group / reference within [{0}, 1 / {0}]", self.bound),
            Comparison::Difference => format!("{rates}: |group - reference| <= {}", self.bound),
        }
    }

    /// When a comparison has no value, in words.
    #[must_use]
    pub fn undefined_when(&self) -> String {
        if let Some(measure) = self.measure {
            return format!("for one of the two groups: {}", measure.undefined_when);
        }
        let sides: Vec<String> = self.rates.iter().map(|rate| rate.denominator.to_string()).collect();
        let mut text = format!("one of the two groups has no row in {}", sides.join(", or none in "));
        if self.comparison == Comparison::Ratio {
            text.push_str(", or neither group has a favourable row");
        }
        text
    }
}

/// Every entry: rates, statistics, measures, criteria, methods.
pub fn entries() -> impl Iterator<Item = Entry> {
    let rates = RATES.iter().map(|rate| Entry::Rate(rate));
    let statistics = STATISTICS.iter().map(|statistic| Entry::Statistic(statistic));
    let measures = MEASURES.iter().map(|measure| Entry::Measure(measure));
    let criteria = CRITERIA.iter().map(|criterion| Entry::Criterion(criterion));
    let methods = METHODS.iter().map(|method| Entry::Method(method));
    rates.chain(statistics).chain(measures).chain(criteria).chain(methods)
}

/// The entry with this id or alias; letter case, spaces and underscores do not matter.
///
/// # Errors
/// The closest known names, best first, when there is none.
///
/// ```
/// use evenhand_measure::catalogue::find;
/// assert_eq!(find("Recall").unwrap().id(), "true-positive-rate");
/// assert_eq!(find("four_fifths").unwrap().id(), "disparate-impact");
/// assert_eq!(find("selection-rat").unwrap_err()[0], "selection-rate");
/// ```
pub fn find(name: &str) -> Result<Entry, Vec<&'static str>> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    entries()
        .find(|entry| entry.id() == wanted || entry.aliases().contains(&wanted.as_str()))
        .ok_or_else(|| {
            let known = entries().flat_map(|entry| entry.aliases().iter().copied().chain([entry.id()]));
            closest(&wanted, known)
        })
}

/// The criterion with this id or alias.
///
/// # Errors
/// The closest names of criteria when there is none.
pub fn find_criterion(name: &str) -> Result<&'static Criterion, Vec<&'static str>> {
    match find(name) {
        Ok(Entry::Criterion(criterion)) => Ok(criterion),
        _ => Err(closest(name, CRITERIA.iter().map(|criterion| criterion.id))),
    }
}

/// The names most like `wanted`, best first, at most three, none that is unlike it.
pub fn closest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // Below 0.84 suggestions were more puzzling than helpful on misspelt column names.
    const ALIKE: f64 = 0.84;
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(&wanted, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().map(|(_, name)| name).take(3).collect()
}
