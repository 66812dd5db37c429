//! This module is the view of controls: what they leave of gaps in amounts.

mod beside;
mod strata;
#[cfg(test)]
mod tests;

use super::{Context, Found, Function, Named, View, parted, view};
use crate::audit::model::{Group, GroupKind, NamedTest, Note, Series};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale};
use crate::regression::{Equation, Errors, Rows, decompose};
use crate::tally::{Controls, Level, NumberRole};

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct ControlView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    /// Whether logarithms are explained.
    log: bool,
    /// The gap of each group to each other one, in the unit of what is explained; empty without controls.
    gaps: Vec<Vec<Gap>>,
    /// The means of the amounts, where they are explained themselves.
    means: Vec<Option<Mean>>,
    /// What controls explain of each group's gap to the reference.
    explained: Vec<Result<f64, String>>,
    /// The group that the others are held against where only one can be: the one that the policy names, else the judged
    /// group with the most rows.
    reference: Option<usize>,
    method: &'static str,
    series: Vec<Series>,
    tests: Vec<NamedTest>,
    notes: Vec<Note>,
}

/// A gap, and its standard error with its degrees of freedom.
pub(super) type Gap = Result<(f64, Result<(f64, f64), String>), String>;

view! {
    ControlView,
    Controls,
    fn series(&self) -> Vec<Series> {
        self.series.clone()
    }

    fn tests(&self) -> Vec<NamedTest> {
        self.tests.clone()
    }

    fn notes(&self) -> Vec<Note> {
        self.notes.clone()
    }
}

/// [`crate::catalogue::measures::controls::ADJUSTED_PRICE_GAP`].
pub(crate) static ADJUSTED_PRICE_GAP: Function<ControlView> = Function {
    value: |view, group| view.of_group(group, |view, group, reference| view.ratio(group, reference)),
    compare: Some(|view, group, reference, comparison| match comparison {
        Comparison::Ratio => view.ratio(group, reference),
        _ => Err("it is compared by its ratio".to_owned()),
    }),
};

/// [`crate::catalogue::measures::controls::ADJUSTED_MEAN_GAP`].
pub(crate) static ADJUSTED_MEAN_GAP: Function<ControlView> = Function {
    value: |view, group| view.of_group(group, |view, group, reference| view.difference(group, reference)),
    compare: None,
};

/// [`crate::catalogue::measures::controls::EXPLAINED_GAP`].
pub(crate) static EXPLAINED_GAP: Function<ControlView> = Function {
    value: |view, group| {
        view.of_group(group, |view, group, _| {
            let part = view
                .explained
                .get(group)
                .cloned()
                .unwrap_or_else(|| Err(NOT_THERE.to_owned()))?;
            let (point, scale) = if view.log {
                (part.exp(), Scale::Log)
            } else {
                (part, Scale::Linear)
            };
            Ok(Estimate::bare(point, scale, "the parts of a gap have no interval here"))
        })
    },
    compare: None,
};

/// A mean amount and its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Mean {
    mean: f64,
    se: f64,
}

/// Standard errors that a mean has to lie above 0 for something to be a share of it.
const CLEARLY: f64 = 3.0;

const NO_SHARE: &str = "the mean amount of the reference is not clearly above 0, so nothing is a share of it";

const NOT_THERE: &str = "the group has no row with an amount and all controls";

/// The views of one set of attributes.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let found = match &context.tally.controls {
        Some(controls) => ControlView::of_controls(context, controls, by),
        None => ControlView::of_strata(context, by),
    };
    found
        .map(|mut view| {
            view.tests.extend(strata::kitagawa(context, &view));
            Box::new(view) as Box<dyn View>
        })
        .into_iter()
        .collect()
}

impl ControlView {
    /// A view without controls, for what strata say of amounts.
    fn of_strata(context: Context<'_>, by: &[String]) -> Option<Self> {
        let amounts = context.tally.numbers(NumberRole::Amount)?;
        strata::are_there(amounts).then_some(())?;
        let parted = parted(context, &amounts.cells, by)?;
        let named: Vec<Named> = parted
            .into_iter()
            .map(|part| Named {
                rows: part.cells.iter().map(|(_, numbers)| numbers.n()).sum(),
                group: part.group,
                kind: part.kind,
            })
            .collect();
        Some(Self::empty(
            context,
            by,
            named,
            context.policy.amounts.scale == crate::policy::Scale::Log,
        ))
    }

    fn empty(context: Context<'_>, by: &[String], named: Vec<Named>, log: bool) -> Self {
        let references = &context.policy.inference.reference;
        let declared = |column: &String| Some((column.clone(), Some(references.get(column)?.clone())));
        let declared: Option<Group> = by.iter().map(declared).collect();
        let judged = |place: &usize| named[*place].kind == GroupKind::Judged && named[*place].rows > 0;
        let reference = match declared {
            Some(group) => named.iter().position(|named| named.group == group),
            // Of several with as many, the first by name.
            None => (0..named.len()).filter(judged).reduce(|kept, next| {
                if named[next].rows > named[kept].rows {
                    next
                } else {
                    kept
                }
            }),
        };
        Self {
            by: by.to_vec(),
            within: Group::new(),
            named,
            log,
            gaps: Vec::new(),
            means: Vec::new(),
            explained: Vec::new(),
            reference,
            method: "none",
            series: Vec::new(),
            tests: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn of_controls(context: Context<'_>, controls: &Controls, by: &[String]) -> Option<Self> {
        let columns: Vec<&str> = by.iter().map(String::as_str).collect();
        let rows = Rows::of(controls, &columns)?;
        let parted = parted(context, &controls.cells, by)?;
        // What the policy takes for missing is several groups of the equation, if there are several such texts.
        let places: Vec<Option<usize>> = parted
            .iter()
            .map(|part| {
                let level = |column: &String| match part.group.get(column)? {
                    Some(text) => Some(Level::of(text)),
                    None => Some(Level::Missing),
                };
                rows.group(&by.iter().map(level).collect::<Option<Vec<_>>>()?)
            })
            .collect();
        let named = parted
            .into_iter()
            .zip(&places)
            .map(|(part, place)| Named {
                group: part.group,
                kind: part.kind,
                rows: place.map_or(0, |place| rows.sizes[place]),
            })
            .collect();
        let mut view = Self::empty(context, by, named, controls.log);
        view.means = places
            .iter()
            .map(|place| {
                place.and_then(|place| {
                    Some(Mean {
                        mean: rows.mean(place)?,
                        se: rows.error_of_mean(place)?,
                    })
                })
            })
            .collect();
        let equation = rows.explain();
        let errors = match &equation {
            Ok(equation) => equation.errors(&controls.robust),
            Err(why) => Err(why.clone()),
        };
        if let Ok(errors) = &errors {
            view.method = errors.kind.word();
        }
        let gap = |one: &Option<usize>, other: &Option<usize>| -> Gap {
            let (Some(one), Some(other)) = (*one, *other) else {
                return Err(NOT_THERE.to_owned());
            };
            gap_of(&equation, &errors, one, other)
        };
        view.gaps = places
            .iter()
            .map(|one| places.iter().map(|other| gap(one, other)).collect())
            .collect();
        let reference = view.reference.and_then(|reference| places[reference]);
        view.explained = places
            .iter()
            .map(|place| {
                let (Some(place), Some(reference)) = (*place, reference) else {
                    return Err(NOT_THERE.to_owned());
                };
                let equation = equation.as_ref().map_err(String::clone)?;
                Ok(decompose(equation, place, reference)?.explained)
            })
            .collect();
        beside::fill(&mut view, context, &rows, &places, (&equation, &errors));
        Some(view)
    }

    /// The value of a measure in one group, held against the reference.
    fn of_group(
        &self,
        group: Option<usize>,
        value: impl Fn(&Self, usize, usize) -> Found,
    ) -> Vec<(Option<String>, Found)> {
        let Some(group) = group.filter(|_| !self.gaps.is_empty()) else {
            return Vec::new();
        };
        let found = match self.reference {
            None => Err("there is no group to hold it against".to_owned()),
            Some(reference) if reference == group => Err("it is the reference".to_owned()),
            Some(reference) => value(self, group, reference),
        };
        vec![(None, found)]
    }

    fn gap(&self, group: usize, reference: usize) -> Gap {
        let of_group = self.gaps.get(group).and_then(|gaps| gaps.get(reference));
        of_group.cloned().unwrap_or_else(|| Err(NOT_THERE.to_owned()))
    }

    /// The adjusted gap as a ratio.
    fn ratio(&self, group: usize, reference: usize) -> Found {
        let (gap, spread) = self.gap(group, reference)?;
        if self.log {
            return Ok(self.estimate(gap.exp(), Scale::Log, 1.0, spread));
        }
        let Mean { mean, se } = self.means.get(reference).copied().flatten().unwrap_or_default();
        if mean <= CLEARLY * se || mean <= 0.0 {
            return Err(NO_SHARE.to_owned());
        }
        let share = gap / mean;
        // What it is a share of is itself known by some rows only.
        let spread = spread.map(|(own, freedom)| (own.hypot(share * se), freedom));
        Ok(self.estimate(1.0 + share, Scale::Linear, mean, spread))
    }

    /// The adjusted gap as a difference.
    fn difference(&self, group: usize, reference: usize) -> Found {
        if self.log {
            return Err("amounts are compared by ratios here".to_owned());
        }
        let (gap, spread) = self.gap(group, reference)?;
        Ok(self.estimate(gap, Scale::Linear, 1.0, spread))
    }

    /// An estimate whose error is that of the gap in so large units.
    fn estimate(&self, point: f64, scale: Scale, unit: f64, spread: Result<(f64, f64), String>) -> Estimate {
        match spread {
            Ok((se, freedom)) => Estimate::new(point, scale, se / unit, freedom, self.method),
            Err(why) => Estimate::bare(point, scale, why),
        }
    }
}

fn gap_of(
    equation: &Result<Equation<'_>, String>,
    errors: &Result<Errors<'_>, String>,
    group: usize,
    reference: usize,
) -> Gap {
    let gap = equation.as_ref().map_err(String::clone)?.gap(group, reference)?;
    let spread = match errors {
        Ok(errors) => errors.of_gap(group, reference).map(|se| (se, errors.freedom)),
        Err(why) => Err(why.clone()),
    };
    Ok((gap, spread))
}
