//! This module compares groups on what is no share of rows: scores, amounts and recommended lists.
//!
//! Each domain has a *view*: what a tally holds of it, sorted by the groups of one set of protected attributes. From views
//! follow values, comparisons, curves and tests; the catalogue says which function of which view a measure is.

pub(crate) mod amounts;
pub(crate) mod controls;
mod cross;
mod customer;
mod never;
mod provider;
mod scores;
mod units;

use std::collections::BTreeMap;
use std::fmt;

pub(crate) use self::amounts::AmountView;
pub(crate) use self::controls::ControlView;
pub(crate) use self::cross::CrossView;
pub(crate) use self::customer::{CustomerView, MEAN_GAP, SPREAD};
pub(crate) use self::provider::ProviderView;
pub(crate) use self::scores::{ScoreView, values as of_scores};
use super::model::{Group, GroupKind, NamedTest, Note, Sensitivity, Series, Value};
use super::read::{Attribute, Reading};
use crate::catalogue::measures::Measure;
use crate::inference::Comparison;
use crate::inference::estimate::Estimate;
use crate::lists::customer::LIFT_HISTORY;
use crate::policy::Policy;
use crate::tally::{Axis, Cell, Cube, NumberRole, Tally};

/// An estimate, or why there is none, as a clause.
pub(crate) type Found = Result<Estimate, String>;

/// The values of a measure, each with the setting that its key names, where it has one.
pub(crate) type Values = Vec<(Option<String>, Found)>;

/// The value of a measure in a group of a view, or in all rows.
type ValueOf<V> = fn(&V, Option<usize>) -> Values;

/// The comparison of two groups of a view.
type ComparisonOf<V> = fn(&V, usize, usize, Comparison) -> Found;

/// The functions of one measure.
pub(crate) struct Function<V> {
    /// Its value in a group, or in all rows; several where it has a setting, which the key names.
    pub(crate) value: ValueOf<V>,
    /// Of two groups; `None` where it is only reported.
    pub(crate) compare: Option<ComparisonOf<V>>,
}

impl<V> Clone for Function<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Function<V> {}

impl<V> fmt::Debug for Function<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function")
    }
}

/// What views are made from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) tally: &'a Tally,
    pub(crate) policy: &'a Policy,
    pub(super) reading: &'a Reading<'a>,
}

/// A group of a view.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) group: Group,
    pub(crate) kind: GroupKind,
    /// How many rows, items or users it has.
    pub(crate) rows: u64,
}

/// What a tally holds of one domain, by the groups of one set of protected attributes.
pub(crate) trait View {
    /// The attributes.
    fn by(&self) -> &[String];
    /// What all of it is looked at within, such as a group of users.
    fn within(&self) -> &Group;
    /// The groups, sorted by name.
    fn groups(&self) -> &[Named];
    /// The values of a measure, if it is one of this domain, by setting.
    fn value(&self, measure: &Measure, group: Option<usize>) -> Option<Values>;
    /// The comparison of two groups, if the measure is one of this domain that is compared.
    fn compare(&self, measure: &Measure, group: usize, reference: usize, comparison: Comparison) -> Option<Found>;
    /// Whether the measure is one of this domain that is compared.
    fn compares(&self, measure: &Measure) -> bool;
    /// Whether the data can have the measure at all. Where not, it is compared only if somebody asked for that, and a
    /// note says why.
    fn can_have(&self, _measure: &Measure) -> bool {
        true
    }
    /// Curves and bars.
    fn series(&self) -> Vec<Series> {
        Vec::new()
    }
    /// Named tests that stand beside the verdict.
    fn tests(&self) -> Vec<NamedTest> {
        Vec::new()
    }
    /// What a reader has to know.
    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }
}

/// Implements what every view does in the same way: its fields are `by`, `within` and `named`.
macro_rules! view {
    ($view:ident, $of:ident $(, $($own:tt)*)?) => {
        impl crate::audit::measured::View for $view {
            fn by(&self) -> &[String] {
                &self.by
            }

            fn within(&self) -> &crate::audit::model::Group {
                &self.within
            }

            fn groups(&self) -> &[crate::audit::measured::Named] {
                &self.named
            }

            fn value(
                &self,
                measure: &crate::catalogue::measures::Measure,
                group: Option<usize>,
            ) -> Option<crate::audit::measured::Values> {
                match measure.of {
                    crate::catalogue::measures::Of::$of(function) => Some((function.value)(self, group)),
                    _ => None,
                }
            }

            fn compare(
                &self,
                measure: &crate::catalogue::measures::Measure,
                group: usize,
                reference: usize,
                comparison: crate::inference::Comparison,
            ) -> Option<crate::audit::measured::Found> {
                match measure.of {
                    crate::catalogue::measures::Of::$of(function) => {
                        function.compare.map(|compare| compare(self, group, reference, comparison))
                    }
                    _ => None,
                }
            }

            fn compares(&self, measure: &crate::catalogue::measures::Measure) -> bool {
                match measure.of {
                    crate::catalogue::measures::Of::$of(function) => function.compare.is_some(),
                    _ => false,
                }
            }

            $($($own)*)?
        }
    };
}
use view;

/// Every view of one set of attributes.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let mut views: Vec<Box<dyn View>> = Vec::new();
    views.extend(provider::views(context, by));
    views.extend(customer::views(context, by));
    views.extend(cross::views(context, by));
    views.extend(amounts::views(context, by));
    views.extend(controls::views(context, by));
    views.extend(scores::views(context, by));
    views
}

/// What another assumption than the policy's would do to the verdict, such as another model of attention: each is a
/// policy that is otherwise the same.
pub(super) fn other_assumptions(context: Context<'_>) -> Vec<(Otherwise, Policy)> {
    provider::other_assumptions(context)
}

/// What is assumed otherwise: a stable word, and a clause after "if".
pub(super) struct Otherwise {
    pub(super) code: &'static str,
    pub(super) assumption: String,
}

impl Otherwise {
    pub(super) fn with(self, verdict: super::model::Verdict, usual: super::model::Verdict) -> Sensitivity {
        Sensitivity {
            code: self.code.to_owned(),
            assumption: self.assumption,
            verdict,
            changes: verdict != usual,
        }
    }
}

/// Whether a tally has what a role stands for, as flags call roles.
pub(super) fn has(tally: &Tally, role: &str) -> bool {
    let in_lists = |role: &str| {
        tally
            .lists
            .as_ref()
            .is_some_and(|lists| lists.columns.contains_key(role))
    };
    let measures = |start: &str| {
        let cells = tally.lists.iter().flat_map(|lists| lists.measured.cells());
        cells
            .flat_map(|(_, sums)| sums.of.keys())
            .any(|key| key.starts_with(start))
    };
    match role {
        "score" => tally.numbers(NumberRole::Score).is_some(),
        "amount" => tally.numbers(NumberRole::Amount).is_some(),
        "true-amount" => tally.numbers(NumberRole::Error).is_some(),
        "controls" => tally.controls.is_some(),
        "list" => tally.lists.is_some(),
        // Files say these as well as columns.
        "relevance" => in_lists(role) || tally.lists.as_ref().is_some_and(|lists| lists.knows_wanted),
        "history" => measures("narrowing") || measures(LIFT_HISTORY) || has_history(tally),
        "prediction" | "label" | "strata" => {
            let axis = match role {
                "prediction" => Axis::Prediction,
                "label" => Axis::Label,
                _ => Axis::Strata,
            };
            tally.decisions.positions(axis).next().is_some()
        }
        _ => in_lists(role),
    }
}

fn has_history(tally: &Tally) -> bool {
    tally.lists.as_ref().is_some_and(|lists| lists.history.is_some())
}

/// Cells with their keys.
type CellsOf<'t, V> = Vec<(&'t [u32], &'t V)>;

/// The cells of one group.
pub(crate) struct Parted<'t, V> {
    pub(crate) group: Group,
    pub(crate) kind: GroupKind,
    pub(crate) cells: CellsOf<'t, V>,
}

/// The cells of a cube, sorted by the groups of these attributes; `None` where it does not have them all.
pub(crate) fn parted<'t, V: Cell>(
    context: Context<'_>,
    cube: &'t Cube<V>,
    by: &[String],
) -> Option<Vec<Parted<'t, V>>> {
    let missing = &context.policy.values.missing;
    let positions: Vec<usize> = by
        .iter()
        .map(|column| cube.position(Axis::Protected, column))
        .collect::<Option<_>>()?;
    let attributes: Vec<&Attribute> = by
        .iter()
        .map(|column| {
            context
                .reading
                .attributes
                .iter()
                .find(|attribute| attribute.column == *column)
        })
        .collect::<Option<_>>()?;
    let text = |position: usize, key: &[u32]| {
        let level = &cube.dimensions()[position].levels[key[position] as usize];
        level.text().filter(|text| !missing.iter().any(|token| token == text))
    };
    let mut groups: BTreeMap<Vec<Option<&str>>, CellsOf<'_, V>> = BTreeMap::new();
    for (key, value) in cube.cells() {
        let name = positions.iter().map(|&position| text(position, key)).collect();
        groups.entry(name).or_default().push((key, value));
    }
    let parted = groups.into_iter().map(|(name, cells)| {
        let is_silent = attributes.iter().zip(&name).any(|(attribute, text)| {
            attribute
                .non_answers
                .iter()
                .any(|silent| Some(silent.as_str()) == *text)
        });
        let kind = match () {
            () if name.iter().any(Option::is_none) => GroupKind::Missing,
            () if is_silent => GroupKind::NonAnswer,
            () => GroupKind::Judged,
        };
        let columns = by.iter().cloned();
        Parted {
            group: columns
                .zip(name.into_iter().map(|text| text.map(str::to_owned)))
                .collect(),
            kind,
            cells,
        }
    });
    Some(parted.collect())
}

/// The bucket of a cell.
pub(crate) fn bucket_of<V: Cell>(cube: &Cube<V>, key: &[u32]) -> Option<u32> {
    cube.positions(Axis::Bucket).next().map(|position| key[position])
}

/// A found value as the audit prints it. An interval says nothing of what the measure cannot be.
pub(super) fn written(found: &Found, measure: &Measure, confidence: f64) -> Value {
    match found {
        Err(why) => Value::undefined(why.clone()),
        Ok(estimate) => {
            let interval = estimate.interval(confidence);
            let (lowest, highest) = measure.range;
            let within = |end: f64| {
                end.max(lowest.unwrap_or(f64::NEG_INFINITY))
                    .min(highest.unwrap_or(f64::INFINITY))
            };
            Value::Number {
                point: estimate.point,
                lower: interval.map(|interval| within(interval.lower)),
                upper: interval
                    .map(|interval| within(interval.upper))
                    .filter(|upper| upper.is_finite()),
            }
        }
    }
}
