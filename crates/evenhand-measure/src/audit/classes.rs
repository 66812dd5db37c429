//! This module audits decisions with more than two values: each against all others, or, where they have an order, each
//! value or better against what is worse.
//!
//! Every such event is compared between groups as a decision of its own; all comparisons together are one family.

use std::rc::Rc;

use super::family::Family;
use super::model::{Audit, EventColumn, GroupRates, Note, Provenance, SCHEMA_VERSION, Severity};
use super::read::Reading;
use super::{Run, applied_policy, data, findings, measured, notes, provenance, roles, verdict};
use crate::policy::{Level, Policy};
use crate::problem::{Problem, listed};
use crate::tally::{Axis, Tally};

/// More classes than this are no decision that anybody reads a verdict on.
const MOST_CLASSES: usize = 20;

/// One event: what it is called, and the values that count as it.
struct Event {
    name: String,
    values: Vec<String>,
}

/// Two models are compared by one event.
fn is_no_pair(column: &str) -> Problem {
    Problem::usage(
        format!("`{column}` is compared with the decision by one event, and several are asked for"),
        "name the event with --positive, or leave --compare out",
    )
}

/// Whether a policy asks for several events.
pub(super) fn are_asked(policy: &Policy) -> bool {
    policy.values.each_class || !policy.values.ordered.is_empty()
}

/// The audit of all events.
pub(super) fn audit(tally: &Tally, policy: &Policy) -> Result<Audit, Vec<Problem>> {
    if policy.values.adverse.is_some() {
        return Err(vec![is_no_direction(policy)]);
    }
    if let Some(place) = tally.decisions.positions(Axis::Compared).next() {
        return Err(vec![is_no_pair(&tally.decisions.dimensions()[place].column)]);
    }
    let events = events(tally, policy).map_err(|problem| vec![problem])?;
    let checks = policy.effective_checks(&|role| measured::has(tally, role));
    let adverse = false;
    let mut readings = Vec::new();
    for event in &events {
        let mut of_event = policy.clone();
        of_event.values.positive = event.values.first().cloned();
        let is_class = |text: &String| tally_has(tally, Axis::Label, text);
        if let Some(label) = event.values.iter().find(|text| is_class(text)) {
            of_event.values.positive_label = Some(label.clone());
        }
        readings.push(Reading::of(tally, &of_event)?.with_event(&event.name, &event.values));
    }
    let runs: Vec<Run<'_>> = readings
        .iter()
        .zip(&events)
        .enumerate()
        .map(|(index, (reading, event))| {
            let run = Run::new(reading, tally, policy, &checks, adverse);
            Run {
                event: Some(event.name.clone()),
                // What is there beside decisions is the same for all of them.
                views: if index == 0 {
                    Rc::clone(&run.views)
                } else {
                    Rc::default()
                },
                ..run
            }
        })
        .collect();
    let Some(first) = runs.first() else {
        return Err(vec![too_few(0)]);
    };
    let errors = family(&runs, policy, Level::Error);
    let warned = family(&runs, policy, Level::Warn);
    let verdict = verdict::overall(&errors);
    let mut all = Vec::new();
    let mut families = Vec::new();
    for (level, family) in [(Level::Error, &errors), (Level::Warn, &warned)] {
        let (written, summary) = findings::write(policy, level, family, None);
        all.extend(written);
        families.push(summary);
    }
    let mut rates = rates(&runs);
    first.add_measured_values(&mut rates);
    let mut notes: Vec<Note> = first.views.iter().flat_map(|view| view.notes()).collect();
    notes.push(about(&events, policy));
    notes.extend(unused(tally, policy));
    notes.extend(notes::about(first, &all, &families));
    notes.sort_by_key(|note| note.severity);
    let mut roles = roles(first.reading, tally, policy, adverse);
    if let Some(prediction) = &mut roles.prediction {
        *prediction = EventColumn {
            positive: listed(
                &events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(),
                MOST_CLASSES,
            ),
            others: Vec::new(),
            declared: true,
            ..prediction.clone()
        };
    }
    Ok(Audit {
        schema_version: SCHEMA_VERSION,
        verdict,
        data: data(tally, &first.split.overall.whole, first.reading),
        roles,
        policy: applied_policy(tally, policy, &checks, adverse),
        rates,
        families,
        findings: all,
        tests: first.views.iter().flat_map(|view| view.tests()).collect(),
        practical: Vec::new(),
        paired: None,
        publication: None,
        series: first.views.iter().flat_map(|view| view.series()).collect(),
        sensitivity: Vec::new(),
        notes,
        provenance: Provenance {
            seed: None,
            ..provenance(tally, policy)
        },
    })
}

/// The comparisons of all events, judged together.
fn family<'r>(runs: &'r [Run<'_>], policy: &Policy, level: Level) -> Family<'r> {
    let mut family = Family::default();
    for (index, run) in runs.iter().enumerate() {
        // What is no decision is compared once.
        run.compare(&mut family, level, index == 0);
    }
    if let Some(first) = runs.first() {
        verdict::judge(policy, findings::adjustment(policy, level), &first.memo, &mut family);
    }
    family
}

/// The rates of all events side by side, each under its id and the name of the event.
fn rates(runs: &[Run<'_>]) -> Vec<GroupRates> {
    let mut all: Vec<GroupRates> = Vec::new();
    for run in runs {
        let event = run.event.as_deref().unwrap_or_default();
        for row in run.rates() {
            let values = row
                .values
                .into_iter()
                .map(|(id, value)| (format!("{id}@{event}"), value));
            match all
                .iter_mut()
                .find(|other| (&other.by, &other.group) == (&row.by, &row.group))
            {
                Some(other) => other.values.extend(values),
                None => all.push(GroupRates {
                    values: values.collect(),
                    ..row
                }),
            }
        }
    }
    all
}

/// The column of decisions and its values, without those that mean that there is none.
fn values<'t>(tally: &'t Tally, policy: &Policy) -> Option<(&'t str, Vec<&'t str>)> {
    let cube = &tally.decisions;
    let position = cube.positions(Axis::Prediction).next()?;
    let dimension = &cube.dimensions()[position];
    let missing = &policy.values.missing;
    let texts = dimension.levels.iter().filter_map(|level| level.text());
    let values = texts.filter(|text| !missing.iter().any(|token| token == text));
    Some((&dimension.column, values.collect()))
}

fn events(tally: &Tally, policy: &Policy) -> Result<Vec<Event>, Problem> {
    let Some((column, values)) = values(tally, policy) else {
        return Err(Problem::usage(
            "classes are asked for, and the data have no column of decisions",
            "name it with --prediction COLUMN",
        ));
    };
    if values.len() < 2 {
        return Err(too_few(values.len()));
    }
    let order = &policy.values.ordered;
    if order.is_empty() {
        if values.len() > MOST_CLASSES {
            return Err(Problem::usage(
                format!(
                    "column `{column}` has {} different values, too many to judge each",
                    values.len()
                ),
                "name the one that counts with --positive VALUE, or give their order with --ordered",
            ));
        }
        let each = values.iter().map(|value| Event {
            name: (*value).to_owned(),
            values: vec![(*value).to_owned()],
        });
        return Ok(each.collect());
    }
    let unknown: Vec<&str> = values
        .iter()
        .copied()
        .filter(|value| !order.iter().any(|known| known == value))
        .collect();
    if !unknown.is_empty() {
        return Err(Problem::usage(
            format!(
                "column `{column}` has values that the order does not name: {}",
                listed(&unknown, 5)
            ),
            "name all of them, from the worst for the person to the best; or say with --missing that one means no decision",
        ));
    }
    // A step that nobody stands on, or that everybody is above, tells nobody apart.
    let is_had = |value: &String| values.contains(&value.as_str());
    let steps = (1..order.len()).filter(|from| is_had(&order[*from]) && order[..*from].iter().any(is_had));
    let events = steps.map(|from| Event {
        name: match order.len() - from {
            1 => order[from].clone(),
            _ => format!("at least {}", order[from]),
        },
        values: order[from..].to_vec(),
    });
    Ok(events.collect())
}

fn tally_has(tally: &Tally, axis: Axis, text: &str) -> bool {
    let cube = &tally.decisions;
    let mut levels = cube
        .positions(axis)
        .flat_map(|position| &cube.dimensions()[position].levels);
    levels.any(|level| level.text() == Some(text))
}

/// Of several events one is good and another bad, so a single word for all of them is wrong for some.
fn is_no_direction(policy: &Policy) -> Problem {
    if policy.values.ordered.is_empty() {
        Problem::usage(
            "each decision is compared, and whether the event is bad for the person was said of all of them at once",
            "leave --adverse out; or name one decision with --positive VALUE, and say with --adverse that it is bad",
        )
    } else {
        Problem::usage(
            "the order of decisions says what is good for the person, and --adverse says it once more",
            "leave --adverse out, and name the values from the worst for the person to the best",
        )
    }
}

fn too_few(values: usize) -> Problem {
    Problem::data(
        format!("the decisions have {values} different values, and classes are compared where there are two or more"),
        "leave --each-class or --ordered out, or choose another column",
    )
}

/// Says which values of the order no row has: a slip of the pen would otherwise go unseen.
fn unused(tally: &Tally, policy: &Policy) -> Option<Note> {
    let (column, values) = values(tally, policy)?;
    let order = policy.values.ordered.iter().map(String::as_str);
    let unused: Vec<&str> = order.filter(|known| !values.contains(known)).collect();
    let (what, them) = match unused.len() {
        0 => return None,
        1 => ("a value", "it"),
        _ => ("values", "them"),
    };
    Some(Note {
        code: "unused-class".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "the order of decisions names {what} that no row has: {}; the values of `{column}` are {}",
            listed(&unused, MOST_CLASSES),
            listed(&values, MOST_CLASSES)
        ),
        help: Some(format!(
            "check how {} written; if nobody got {them}, the order is right as it is",
            if unused.len() == 1 { "it is" } else { "they are" }
        )),
    })
}

fn about(events: &[Event], policy: &Policy) -> Note {
    let names: Vec<&str> = events.iter().map(|event| event.name.as_str()).collect();
    let names = listed(&names, MOST_CLASSES);
    let message = if policy.values.ordered.is_empty() {
        format!(
            "each decision is compared against all others: {names}. Whether it is good to get one of them is not asked: a \
             low ratio says that a group rarely gets it"
        )
    } else {
        format!("decisions have an order, and each step of it is compared: {names}")
    };
    Note {
        code: "several-classes".to_owned(),
        severity: Severity::Info,
        message,
        help: Some(
            "what other assumptions would change is only worked out for a single decision that counts: --positive VALUE"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
#[path = "classes_tests.rs"]
mod tests;
