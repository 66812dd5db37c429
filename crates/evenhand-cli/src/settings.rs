//! This module makes a policy of a policy file and flags; flags go first.

use std::io;
use std::path::Path;

use evenhand::measure::listed;
use evenhand::measure::policy::{HIGHEST_CONFIDENCE, Preset, check_edges, find_preset, parse_onto};
use evenhand::{Judge, Policy, Problem, Roles};

use crate::args::{AuditArgs, Input, JudgeBy};

/// The policy that a command line asks for.
pub fn policy(input: &Input) -> Result<Policy, Vec<Problem>> {
    let base = match &input.preset {
        Some(name) => preset(name)?.policy.clone(),
        None => Policy::default(),
    };
    let mut policy = match &input.policy {
        Some(path) => from_file(base, path)?,
        None => base,
    };
    let mut problems = Vec::new();
    let roles = &mut policy.roles;
    if input.prediction.is_some() {
        roles.prediction.clone_from(&input.prediction);
        (roles.score, roles.threshold) = (None, None);
    }
    if input.score.is_some() {
        roles.score.clone_from(&input.score);
        roles.threshold = input.threshold;
        roles.prediction = None;
    }
    let named = [
        (&mut roles.label, &input.label),
        (&mut roles.weight, &input.weight),
        (&mut roles.count, &input.count),
        (&mut roles.cluster, &input.cluster),
        (&mut policy.values.positive, &input.positive),
        (&mut policy.values.positive_label, &input.positive_label),
    ];
    for (setting, flag) in named {
        if flag.is_some() {
            setting.clone_from(flag);
        }
    }
    if !input.protected.is_empty() {
        roles.protected.clone_from(&input.protected);
    }
    if !input.strata.is_empty() {
        roles.strata.clone_from(&input.strata);
    }
    if !input.intersections.is_empty() {
        let sets = input.intersections.iter();
        roles.intersections = sets.map(|set| set.split('+').map(str::to_owned).collect()).collect();
    }
    // Without protected attributes, these are guessed before those of the intersections are added.
    if !roles.protected.is_empty() {
        protect_crossed(roles);
    }
    policy.values.adverse = input.adverse.or(policy.values.adverse);
    policy.values.missing.extend(input.missing.iter().cloned());
    problems.extend(given_twice("--bins", &input.bins));
    for given in &input.bins {
        match bins(given) {
            Ok((column, edges)) => {
                policy.bins.insert(column, edges);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

/// Adds the attributes of the intersections to the protected ones.
pub fn protect_crossed(roles: &mut Roles) {
    for column in roles.intersections.iter().flatten() {
        if !roles.protected.contains(column) {
            roles.protected.push(column.clone());
        }
    }
}

/// The same with what only an audit takes.
pub fn audit_policy(args: &AuditArgs) -> Result<Policy, Vec<Problem>> {
    let mut policy = policy(&args.input)?;
    let mut problems = Vec::new();
    let inference = &mut policy.inference;
    problems.extend(given_twice("--reference", &args.reference));
    for given in &args.reference {
        match given.split_once('=') {
            Some((column, value)) if !column.is_empty() && !value.is_empty() => {
                inference.reference.insert(column.to_owned(), value.to_owned());
            }
            _ => problems.push(Problem::usage(
                format!("`{given}` names no reference"),
                "write --reference COLUMN=VALUE, such as --reference race=White",
            )),
        }
    }
    if let Some(minimum) = args.min_denominator {
        inference.min_denominator = minimum;
    }
    if let Some(confidence) = args.confidence {
        if (0.5..=HIGHEST_CONFIDENCE).contains(&confidence) {
            inference.confidence = confidence;
        } else {
            problems.push(Problem::usage(
                format!("a confidence of {confidence} is not between 0.5 and {HIGHEST_CONFIDENCE}"),
                "write --confidence 0.95 for 95 %",
            ));
        }
    }
    inference.simultaneous |= args.simultaneous;
    inference.partial_pooling |= args.partial_pooling;
    if args.seed.is_some() && !inference.simultaneous {
        problems.push(Problem::usage(
            "--seed is of no use without --simultaneous: nothing else is resampled",
            "add --simultaneous, or leave out --seed",
        ));
    }
    inference.seed = args.seed.unwrap_or(inference.seed);
    if let Some(judge) = args.judge {
        inference.judge = match judge {
            JudgeBy::Interval => Judge::Interval,
            JudgeBy::Point => Judge::Point,
        };
    }
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

/// Columns that a flag of the form `COLUMN=…` names more than once: only one of them could count.
fn given_twice(flag: &str, given: &[String]) -> Vec<Problem> {
    let column = |given: &String| given.split_once('=').map(|(column, _)| column.to_owned());
    let columns: Vec<String> = given.iter().filter_map(column).collect();
    let again = |(index, column): &(usize, &String)| columns[..*index].contains(column);
    columns
        .iter()
        .enumerate()
        .filter(again)
        .map(|(_, column)| {
            Problem::usage(
                format!("{flag} is given twice for `{column}`"),
                format!("give {flag} once for each column"),
            )
        })
        .collect()
}

fn preset(name: &str) -> Result<&'static Preset, Vec<Problem>> {
    find_preset(name).map_err(|near| {
        vec![Problem::usage(
            format!("there is no preset `{name}`"),
            format!("did you mean {}?", listed(&near, near.len())),
        )]
    })
}

fn from_file(base: Policy, path: &Path) -> Result<Policy, Vec<Problem>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let (why, help) = match error.kind() {
            io::ErrorKind::NotFound => ("it does not exist".to_owned(), "check the name and the folder"),
            io::ErrorKind::InvalidData => ("it is not UTF-8 text".to_owned(), "save it again as UTF-8"),
            io::ErrorKind::IsADirectory => ("it is a folder".to_owned(), "name the policy file in it"),
            _ => (error.to_string(), "check the file and its permissions"),
        };
        vec![Problem::usage(
            format!("the policy `{name}` cannot be read: {why}"),
            help,
        )]
    })?;
    parse_onto(base, &name, &text)
}

/// `age=25,40,60`
fn bins(given: &str) -> Result<(String, Vec<f64>), Problem> {
    let parsed = given.split_once('=').and_then(|(column, edges)| {
        let edges: Result<Vec<f64>, _> = edges.split(',').map(|edge| edge.trim().parse()).collect();
        Some((column.to_owned(), edges.ok()?))
    });
    let (column, edges) = parsed.ok_or_else(|| {
        Problem::usage(
            format!("`{given}` names no bins"),
            "write --bins COLUMN=EDGES, such as --bins age=25,40,60",
        )
    })?;
    check_edges(&column, &edges)?;
    Ok((column, edges))
}
