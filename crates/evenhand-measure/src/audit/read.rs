//! This module reads a tally as a policy says: which level is the event, which levels are groups.

use crate::catalogue::closest;
use crate::confusion::Event;
use crate::policy::{Digits, Policy};
use crate::positive;
use crate::problem::{Problem, listed, thousands};
use crate::tally::{
    AT_LEAST, Axis, Coding, Counts, Cube, Dimension, Level, Margins, Quantity, Tally, published, written,
};

use super::asked_of_lists;
use super::model::EventColumn;

/// A tally's dimensions with their meaning.
pub(super) struct Reading<'a> {
    pub(super) cube: &'a Cube<Counts>,
    pub(super) prediction: Option<Events>,
    /// What another model decided on the same rows.
    pub(super) compared: Option<Events>,
    pub(super) label: Option<Events>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) strata: Vec<Attribute>,
    pub(super) bucket: Option<usize>,
    pub(super) sets: Vec<Vec<usize>>,
    /// How the digits of published rates ended, if the decisions come from such rates.
    pub(super) published: Option<Digits>,
    /// Their attributes, where each has the same people again.
    pub(super) margins: Option<Margins>,
}

/// A dimension whose levels are events or not.
pub(super) struct Events {
    pub(super) position: usize,
    pub(super) column: EventColumn,
    pub(super) by_level: Vec<Event>,
}

/// A dimension whose levels are groups.
pub(super) struct Attribute {
    pub(super) position: usize,
    pub(super) column: String,
    /// The group of each level: `None` is missing.
    pub(super) by_level: Vec<Option<String>>,
    /// Which of the texts are declared non-answers.
    pub(super) non_answers: Vec<String>,
}

impl<'a> Reading<'a> {
    /// Finds every role in the tally, or says all that is wrong.
    pub(super) fn of(tally: &'a Tally, policy: &Policy) -> Result<Self, Vec<Problem>> {
        let cube = &tally.decisions;
        let mut problems = Vec::new();
        let published = published(cube);
        let missing = &policy.values.missing;
        let attributes = chosen(
            cube,
            Axis::Protected,
            &policy.roles.protected,
            missing,
            policy,
            &mut problems,
        );
        let strata = chosen(cube, Axis::Strata, &policy.roles.strata, missing, policy, &mut problems);
        let prediction = events(
            cube,
            Axis::Prediction,
            // A published share is one of the event.
            policy.values.positive.as_deref().or(published.map(|_| AT_LEAST)),
            missing,
            &mut problems,
        );
        let label = events(
            cube,
            Axis::Label,
            policy.values.positive_label.as_deref(),
            missing,
            &mut problems,
        );
        let compared = compared(tally, prediction.as_ref(), missing, &mut problems);
        let has_others = !tally.measured.is_empty() || tally.lists.is_some();
        if prediction.is_none() && cube.positions(Axis::Prediction).next().is_none() && !has_others {
            problems.push(Problem::usage(
                "the data have no column of decisions, scores or amounts, and no lists",
                "name decisions with --prediction COLUMN, a score with --score COLUMN, an amount with --amount COLUMN, or \
                 lists with --list COLUMN --item COLUMN",
            ));
        }
        if attributes.is_empty() && problems.is_empty() {
            problems.push(Problem::usage(
                "no protected attribute is named, so there are no groups to compare",
                "name one or more with --protected COLUMN,COLUMN",
            ));
        }
        let sets = sets(tally, &attributes, policy, &mut problems);
        check_margins(published, &attributes, &sets, &mut problems);
        check_references(&attributes, policy, &mut problems);
        asked_of_lists::check(tally, &attributes, &sets, policy, &mut problems);
        check_scope(&attributes, &sets, policy, &mut problems);
        check_size(cube, &attributes, &sets, &mut problems);
        let bucket = cube.positions(Axis::Bucket).next();
        if problems.is_empty() {
            Ok(Self {
                cube,
                prediction,
                compared,
                label,
                attributes,
                strata,
                bucket,
                sets,
                published,
                margins: Margins::of(cube),
            })
        } else {
            Err(problems)
        }
    }

    /// The same with another event: any of these values of the decision, and of the label where it has the same values.
    pub(super) fn with_event(mut self, name: &str, values: &[String]) -> Self {
        let counts = |level: &Level| {
            level
                .text()
                .is_some_and(|text| values.iter().any(|value| value == text))
        };
        for events in [&mut self.prediction, &mut self.label].into_iter().flatten() {
            let levels = &self.cube.dimensions()[events.position].levels;
            if !levels.iter().any(counts) {
                continue;
            }
            for (event, level) in events.by_level.iter_mut().zip(levels) {
                *event = match *event {
                    Event::Unknown => Event::Unknown,
                    _ if counts(level) => Event::Positive,
                    _ => Event::Negative,
                };
            }
            events.column.positive = name.to_owned();
        }
        self
    }

    /// Whether the people of a cell belong to everybody, among whom nobody may be counted twice.
    pub(super) fn is_in_total(&self, key: &[u32]) -> bool {
        let margins = self.margins.as_ref();
        margins.is_none_or(|margins| margins.attribute(key) == Some(margins.largest().0))
    }

    /// Whether the people of a cell belong to the groups of these attributes.
    pub(super) fn is_in_set(&self, key: &[u32], attributes: &[&Attribute]) -> bool {
        let margins = self.margins.as_ref();
        let own = |margins: &Margins| attributes.iter().any(|a| margins.attribute(key) == Some(a.position));
        margins.is_none_or(own)
    }

    /// The decision and the truth of a cell.
    pub(super) fn events_of(&self, key: &[u32]) -> (Event, Event) {
        let event = |events: &Option<Events>| {
            events
                .as_ref()
                .map_or(Event::Unknown, |events| events.by_level[key[events.position] as usize])
        };
        (event(&self.prediction), event(&self.label))
    }
}

/// The dimensions of `role` in the order that the policy names, or all of them when it names none.
fn chosen(
    cube: &Cube<Counts>,
    role: Axis,
    wanted: &[String],
    missing: &[String],
    policy: &Policy,
    problems: &mut Vec<Problem>,
) -> Vec<Attribute> {
    let known: Vec<&Dimension> = cube
        .positions(role)
        .map(|position| &cube.dimensions()[position])
        .collect();
    let names: Vec<&str> = known.iter().map(|dimension| dimension.column.as_str()).collect();
    let columns: Vec<String> = match wanted {
        [] => names.iter().map(|&name| name.to_owned()).collect(),
        _ => wanted.to_vec(),
    };
    let mut attributes = Vec::new();
    for column in columns {
        let Some(position) = cube.position(role, &column) else {
            let near = closest(&column, names.iter().copied());
            let help = match near.as_slice() {
                [] => format!("it has {}", listed(&names, 8)),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            problems.push(Problem::usage(format!("the tally has no such column `{column}`"), help));
            continue;
        };
        let texts = cube.dimensions()[position]
            .levels
            .iter()
            .map(|level| present(level, missing));
        let by_level: Vec<Option<String>> = texts.map(|text| text.map(str::to_owned)).collect();
        let mut non_answers: Vec<String> = by_level.iter().flatten().cloned().collect();
        non_answers.retain(|text| positive::is_non_answer(text, &policy.values.non_answers));
        // A non-answer that is named as the reference is a group like any other.
        non_answers.retain(|text| policy.inference.reference.get(&column) != Some(text));
        attributes.push(Attribute {
            position,
            column,
            by_level,
            non_answers,
        });
    }
    attributes
}

fn present<'l>(level: &'l Level, missing: &[String]) -> Option<&'l str> {
    level.text().filter(|text| !missing.iter().any(|token| token == text))
}

/// The dimension of `role` with its event decided by `declared`, or by what its values mean.
fn events(
    cube: &Cube<Counts>,
    role: Axis,
    declared: Option<&str>,
    missing: &[String],
    problems: &mut Vec<Problem>,
) -> Option<Events> {
    let position = cube.positions(role).next()?;
    let dimension = &cube.dimensions()[position];
    let column = &dimension.column;
    let values: Vec<&str> = dimension
        .levels
        .iter()
        .filter_map(|level| present(level, missing))
        .collect();
    let (what, flag) = match role {
        Axis::Label => ("label", "--positive-label"),
        _ => ("prediction", "--positive"),
    };
    let positive = match declared {
        Some(value) if values.contains(&value) || values.is_empty() => value,
        // Nobody has the event: its opposite alone is there.
        Some(value) if positive::guess(&values).is_some_and(|usual| usual.eq_ignore_ascii_case(value)) => value,
        Some(value) => {
            let near = closest(value, values.iter().copied());
            let help = match near.as_slice() {
                [] => format!("use one of its values: {}", listed(&values, 8)),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            problems.push(Problem::usage(
                format!("no {what} in column `{column}` is `{value}`"),
                help,
            ));
            return None;
        }
        None if values.is_empty() => "",
        None => match positive::guess(&values) {
            Some(value) => value,
            None => {
                let found = match values.len() {
                    1 => format!("has the single value {}", listed(&values, 1)),
                    count => format!("has {count} distinct values ({})", listed(&values, 5)),
                };
                let several = if values.len() > 2 && role == Axis::Prediction {
                    "; or compare all of them with --each-class, or with --ordered from the worst to the best"
                } else {
                    ""
                };
                problems.push(Problem::data(
                    format!("column `{column}` {found}, and it is not plain which of them counts as the event"),
                    format!("name the {what} that counts with {flag} VALUE; every other value then counts as its opposite{several}"),
                ));
                return None;
            }
        },
    };
    let by_level = dimension
        .levels
        .iter()
        .map(|level| match present(level, missing) {
            None => Event::Unknown,
            Some(text) if text == positive => Event::Positive,
            Some(_) => Event::Negative,
        })
        .collect();
    if let [only] = values.as_slice()
        && let Some(problem) = one_for_all(dimension, *only == positive)
    {
        problems.push(problem);
        return None;
    }
    // The rule is that of the scores that reach the threshold; the others may have been declared the event.
    let rule = dimension.coding.rule().filter(|_| positive == AT_LEAST);
    let others = values
        .iter()
        .filter(|value| **value != positive)
        .map(|&value| value.to_owned())
        .collect();
    let column = EventColumn {
        column: column.clone(),
        declared: declared.is_some() || rule.is_some(),
        rule,
        positive: positive.to_owned(),
        others,
    };
    Some(Events {
        position,
        column,
        by_level,
    })
}

/// The other model's decisions, of which the same value is the event.
fn compared(
    tally: &Tally,
    prediction: Option<&Events>,
    missing: &[String],
    problems: &mut Vec<Problem>,
) -> Option<Events> {
    let dimensions = tally.decisions.dimensions();
    let position = tally.decisions.positions(Axis::Compared).next()?;
    let (of, prediction) = (&dimensions[position], prediction?);
    let column = &of.column;
    if let Some(weight) = tally.quantities.get(&Quantity::Weight) {
        problems.push(weighted(column, weight));
        return None;
    }
    let EventColumn { positive, others, .. } = &prediction.column;
    let values: Vec<&str> = of.levels.iter().filter_map(|level| present(level, missing)).collect();
    // Nobody has the event only if all have what is its opposite for the first model as well.
    if !values.contains(&positive.as_str()) && values.iter().any(|value| !others.iter().any(|other| other == value)) {
        problems.push(Problem::data(
            format!(
                "no decision in column `{column}` (compared) is `{positive}`, which counts in `{}`: it has {}",
                prediction.column.column,
                listed(&values, 5)
            ),
            format!("write both alike, with a map of values under [values.map.\"{column}\"] in a policy"),
        ));
        return None;
    }
    let by_level = of.levels.iter().map(|level| match present(level, missing) {
        None => Event::Unknown,
        Some(text) if text == positive => Event::Positive,
        Some(_) => Event::Negative,
    });
    let unlike = values.iter().filter(|value| **value != positive);
    Some(Events {
        position,
        column: EventColumn {
            column: column.clone(),
            rule: of.coding.rule().filter(|_| positive == AT_LEAST),
            positive: positive.clone(),
            others: unlike.map(|&value| value.to_owned()).collect(),
            declared: prediction.column.declared,
        },
        by_level: by_level.collect(),
    })
}

fn weighted(column: &str, weight: &str) -> Problem {
    Problem::usage(
        format!("paired tests know no weights yet: `{column}` is compared, and `{weight}` is the weight"),
        "leave the weight out, or audit the two models one by one",
    )
}

/// The problem of a score that a threshold puts on one side for everybody: above or below it.
fn one_for_all(dimension: &Dimension, above: bool) -> Option<Problem> {
    let column = &dimension.column;
    match &dimension.coding {
        Coding::AtLeast(threshold) => {
            let side = if above { "reaches" } else { "is below" };
            let threshold = written(*threshold);
            Some(Problem::usage(
                format!("every score in `{column}` {side} the threshold {threshold}, so there is one decision for all"),
                "choose a threshold within the scores' range; `evenhand inspect FILE` shows it",
            ))
        }
        Coding::AboveMedian(median) => {
            let median = written(*median);
            Some(Problem::usage(
                format!(
                    "no score in `{column}` is above the median {median}, because at least half of them are equal to \
                     it and none is higher; so there is one decision for all"
                ),
                format!(
                    "use a column with finer scores, or, unless all scores are the same, say --threshold {median}, which \
                     takes those equal to it as well"
                ),
            ))
        }
        Coding::AsWritten | Coding::Bins(_) | Coding::Buckets | Coding::Share(_) => None,
    }
}

/// Indices into `attributes` of every set that is reported.
fn sets(tally: &Tally, attributes: &[Attribute], policy: &Policy, problems: &mut Vec<Problem>) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = (0..attributes.len()).map(|index| vec![index]).collect();
    let all: Vec<String> = attributes.iter().map(|attribute| attribute.column.clone()).collect();
    let together = asked_of_lists::sides(tally, all)
        .into_iter()
        .filter(|all| all.len() > 1);
    let together: Vec<Vec<String>> = together.filter(|_| policy.roles.intersect_all).collect();
    for wanted in policy.roles.intersections.iter().chain(&together) {
        let mut set = Vec::new();
        for column in wanted {
            match attributes.iter().position(|attribute| &attribute.column == column) {
                Some(index) if !set.contains(&index) => set.push(index),
                Some(_) => {}
                None => problems.push(Problem::usage(
                    format!(
                        "the intersection `{}` names `{column}`, which is no protected attribute here",
                        wanted.join("+")
                    ),
                    format!(
                        "add it with --protected, which now has {}",
                        listed(&names(attributes), 8)
                    ),
                )),
            }
        }
        if !set.is_empty() && !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

fn names(attributes: &[Attribute]) -> Vec<&str> {
    attributes.iter().map(|attribute| attribute.column.as_str()).collect()
}

/// Of published rates each attribute is known by itself: who is a woman and how old is not.
fn check_margins(
    published: Option<Digits>,
    attributes: &[Attribute],
    sets: &[Vec<usize>],
    problems: &mut Vec<Problem>,
) {
    for set in sets.iter().filter(|set| published.is_some() && set.len() > 1) {
        let columns: Vec<&str> = set.iter().map(|&index| attributes[index].column.as_str()).collect();
        problems.push(Problem::usage(
            format!(
                "published rates are known by one attribute at a time, so `{}` cannot be judged in combination",
                columns.join("+")
            ),
            "leave out --intersections, or give a table with the counts of each combination",
        ));
    }
}

fn check_references(attributes: &[Attribute], policy: &Policy, problems: &mut Vec<Problem>) {
    for (column, value) in &policy.inference.reference {
        let Some(attribute) = attributes.iter().find(|attribute| &attribute.column == column) else {
            problems.push(Problem::usage(
                format!("a reference is given for `{column}`, which is no protected attribute here"),
                format!("the protected attributes are {}", listed(&names(attributes), 8)),
            ));
            continue;
        };
        let values: Vec<&str> = attribute.by_level.iter().flatten().map(String::as_str).collect();
        if !values.contains(&value.as_str()) {
            let near = closest(value, values.iter().copied());
            let help = match near.as_slice() {
                [] => format!("use one of its groups: {}", listed(&values, 8)),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            problems.push(Problem::usage(
                format!("the reference `{value}` is no group of `{column}`"),
                help,
            ));
        }
    }
}

/// A check for a set of attributes that is not reported would judge nothing in silence.
fn check_scope(attributes: &[Attribute], sets: &[Vec<usize>], policy: &Policy, problems: &mut Vec<Problem>) {
    let known: Vec<Vec<&str>> = sets
        .iter()
        .map(|set| set.iter().map(|&index| attributes[index].column.as_str()).collect())
        .collect();
    for check in &policy.checks {
        for by in &check.by {
            let found = known
                .iter()
                .any(|set| set.len() == by.len() && by.iter().all(|c| set.contains(&c.as_str())));
            if !found {
                let names: Vec<String> = known.iter().map(|set| set.join("+")).collect();
                problems.push(Problem::usage(
                    format!(
                        "the check of {} is by `{}`, which is not reported",
                        check.criterion.id,
                        by.join("+")
                    ),
                    format!(
                        "the sets of attributes are {}; declare intersections in [roles]",
                        listed(&names, 8)
                    ),
                ));
            }
        }
    }
}

/// More groups than this in one set of attributes are not compared: a thousand groups are a million pairs.
const MOST_GROUPS: usize = 1_000;

/// An intersection of attributes with many groups each can have more groups than can be compared pair by pair.
fn check_size(cube: &Cube<Counts>, attributes: &[Attribute], sets: &[Vec<usize>], problems: &mut Vec<Problem>) {
    for set in sets {
        let positions: Vec<usize> = set.iter().map(|&index| attributes[index].position).collect();
        let most: usize = positions.iter().map(|&p| cube.dimensions()[p].levels.len()).product();
        let groups = if most <= MOST_GROUPS {
            most
        } else {
            cube.margin(&positions).cells().len()
        };
        if groups > MOST_GROUPS {
            let columns: Vec<&str> = set.iter().map(|&index| attributes[index].column.as_str()).collect();
            problems.push(Problem::data(
                format!(
                    "`{}` has {} groups, and {} are the most that can be compared",
                    columns.join("+"),
                    thousands(groups as u64),
                    thousands(MOST_GROUPS as u64)
                ),
                "leave one of its columns out, or make fewer groups of it with --bins",
            ));
        }
    }
}
