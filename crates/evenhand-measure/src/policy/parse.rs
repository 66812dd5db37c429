//! This module reads a policy file, and reports everything that is wrong with it at once, with line and column.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::section::{Located, Section};
use super::{Check, Inference, Judge, Level, Policy, Roles, Values};
use crate::catalogue::{CRITERIA, find_criterion};
use crate::problem::{Problem, listed};

/// Reads the text of a policy file; `name` is how messages call it.
///
/// ```
/// use evenhand_measure::policy::parse;
/// let policy = parse("evenhand.toml", r#"
///     [roles]
///     prediction = "hired"
///     protected = ["sex", "race"]
///     intersections = [["sex", "race"]]
///     [inference]
///     min-denominator = 30
///     [[check]]
///     criterion = "four-fifths"
///     bound = 0.9
/// "#).unwrap();
/// assert_eq!(policy.checks[0].criterion.id, "disparate-impact");
///
/// let problems = parse("evenhand.toml", "[roles]\npredction = 'hired'\nprotected = 'sex'").unwrap_err();
/// assert_eq!(problems.len(), 2);
/// assert!(problems[0].message.contains("line 2"));
/// ```
///
/// # Errors
/// Every unknown key, wrong type and impossible value.
pub fn parse(name: &str, text: &str) -> Result<Policy, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Located> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let message = format!("{name}, {}: {}", place(text, offset), error.message());
            (offset, Problem::usage(message, "correct the TOML there"))
        })
        .collect();
    let policy = read(name, text, document.get_ref(), &mut problems);
    if problems.is_empty() {
        return Ok(policy);
    }
    problems.sort_by_key(|(offset, _)| *offset);
    Err(problems.into_iter().map(|(_, problem)| problem).collect())
}

/// `line L, column C` of a byte offset.
pub(super) fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    format!("line {line}, column {column}")
}

fn read(name: &str, text: &str, document: &DeTable<'_>, problems: &mut Vec<Located>) -> Policy {
    let mut root = Section::new(name, text, "the policy", document);
    let policy = Policy {
        roles: root
            .section("roles", problems)
            .map_or_else(Roles::default, |s| roles(s, problems)),
        values: root
            .section("values", problems)
            .map_or_else(Values::default, |s| values(s, problems)),
        bins: root
            .section("bins", problems)
            .map_or_else(BTreeMap::new, |s| bins(s, problems)),
        inference: root
            .section("inference", problems)
            .map_or_else(Inference::default, |s| inference(s, problems)),
        checks: root
            .sections("check", problems)
            .into_iter()
            .filter_map(|section| check(section, problems))
            .collect(),
    };
    root.finish(problems);
    policy
}

fn roles(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Roles {
    let roles = Roles {
        prediction: section.text("prediction", problems),
        compared: section.text("compared", problems),
        label: section.text("label", problems),
        score: section.text("score", problems),
        threshold: section.number("threshold", problems),
        protected: section.texts("protected", problems).unwrap_or_default(),
        intersections: section.text_lists("intersections", problems).unwrap_or_default(),
        strata: section.texts("strata", problems).unwrap_or_default(),
        period: section.text("period", problems),
        weight: section.text("weight", problems),
        count: section.text("count", problems),
        cluster: section.text("cluster", problems),
    };
    section.finish(problems);
    roles
}

fn values(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Values {
    let values = Values {
        positive: section.text("positive", problems),
        positive_label: section.text("positive-label", problems),
        adverse: section.flag("adverse", problems),
        missing: section.texts("missing", problems).unwrap_or_default(),
        non_answers: section.texts("non-answers", problems).unwrap_or_default(),
    };
    section.finish(problems);
    values
}

fn bins(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> BTreeMap<String, Vec<f64>> {
    let mut bins = BTreeMap::new();
    for column in section.keys() {
        let Some(edges) = section.numbers(&column, problems) else {
            continue;
        };
        if let Err(problem) = check_edges(&column, &edges) {
            problems.push(section.at(&column, &problem.message, &problem.help));
        } else {
            bins.insert(column, edges);
        }
    }
    bins
}

/// Whether edges can be bins: at least one, finite, rising.
///
/// # Errors
/// What is wrong with them.
pub fn check_edges(column: &str, edges: &[f64]) -> Result<(), Problem> {
    let rising = edges.windows(2).all(|pair| pair[0] < pair[1]);
    if edges.is_empty() || !rising || edges.iter().any(|edge| !edge.is_finite()) {
        return Err(Problem::usage(
            format!("the bins of `{column}` are not rising numbers"),
            "write the edges from low to high, such as 25, 40, 60",
        ));
    }
    Ok(())
}

fn inference(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Inference {
    let defaults = Inference::default();
    let confidence = section.number("confidence", problems).unwrap_or(defaults.confidence);
    if !(0.5..1.0).contains(&confidence) {
        problems.push(section.at(
            "confidence",
            &format!("a confidence of {confidence} is not at least 0.5 and below 1"),
            "write 0.95 for 95 %",
        ));
    }
    let min_denominator = section
        .whole("min-denominator", problems)
        .unwrap_or(defaults.min_denominator);
    let judge = match section.text("judge", problems).as_deref() {
        None | Some("interval") => Judge::Interval,
        Some("point") => Judge::Point,
        Some(other) => {
            problems.push(section.at(
                "judge",
                &format!("`{other}` is no way of judging"),
                "write \"interval\" or \"point\"",
            ));
            Judge::Interval
        }
    };
    let mut reference = BTreeMap::new();
    if let Some(mut table) = section.section("reference", problems) {
        for column in table.keys() {
            if let Some(value) = table.text(&column, problems) {
                reference.insert(column, value);
            }
        }
    }
    section.finish(problems);
    Inference {
        confidence,
        min_denominator,
        judge,
        reference,
    }
}

fn check(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Option<Check> {
    let name = section.text("criterion", problems);
    let by = section.text_lists("by", problems).unwrap_or_default();
    let bound = section.number("bound", problems);
    let level = match section.text("level", problems).as_deref() {
        None | Some("error") => Level::Error,
        Some("warn") => Level::Warn,
        Some("off") => Level::Off,
        Some(other) => {
            problems.push(section.at(
                "level",
                &format!("`{other}` is no level"),
                "write \"error\", \"warn\" or \"off\"",
            ));
            Level::Error
        }
    };
    let criterion = match name.as_deref() {
        None => {
            problems.push(section.here(
                "a check names no criterion",
                "add criterion = \"disparate-impact\" or another",
            ));
            None
        }
        Some(name) => match find_criterion(name) {
            Ok(criterion) => Some(criterion),
            Err(near) => {
                let all: Vec<&str> = CRITERIA.iter().map(|criterion| criterion.id).collect();
                let help = match near.as_slice() {
                    [] => format!("the criteria are {}", listed(&all, all.len())),
                    _ => format!("did you mean {}?", listed(&near, 3)),
                };
                problems.push(section.at("criterion", &format!("there is no criterion `{name}`"), &help));
                None
            }
        },
    };
    if let (Some(criterion), Some(bound)) = (criterion, bound)
        && let Err(problem) = check_bound(criterion, bound)
    {
        problems.push(section.at("bound", &problem.message, &problem.help));
    }
    section.finish(problems);
    criterion.map(|criterion| Check {
        criterion,
        by,
        bound: bound.unwrap_or(criterion.bound),
        level,
    })
}

/// Whether a bound can hold at all.
///
/// # Errors
/// What it has to be.
pub fn check_bound(criterion: &crate::catalogue::Criterion, bound: f64) -> Result<(), Problem> {
    let (possible, help) = match criterion.comparison {
        crate::inference::Comparison::Ratio => (
            bound > 0.0 && bound <= 1.0,
            "a ratio is above 0 and at most 1, such as 0.8",
        ),
        crate::inference::Comparison::Difference => (
            bound > 0.0 && bound < 1.0,
            "a difference is above 0 and below 1, such as 0.1",
        ),
    };
    if possible {
        Ok(())
    } else {
        Err(Problem::usage(
            format!("{bound} cannot be the bound of {}", criterion.id),
            help,
        ))
    }
}

/// The type of a value in the words of a policy's author.
pub(super) fn kind(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
