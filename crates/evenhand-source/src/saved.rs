//! This module reads tallies that were saved, and checks that they hold what is asked of them.

use std::io::Read as _;

use evenhand_measure::catalogue::closest;
use evenhand_measure::policy::{Bins, Scale, Threshold};
use evenhand_measure::tally::{Axis, Coding, Dimension, NumberRole, Quantity, Tally};
use evenhand_measure::{Policy, Problem, listed};

use crate::input::{Input, shown, unreadable};
use crate::plan::{role_name, unit};
use crate::tally::Progress;

/// Reads a tally.
///
/// # Errors
/// When it cannot be read, is no tally, or contradicts itself.
pub(crate) fn saved(input: &Input, progress: &dyn Progress) -> Result<Tally, Problem> {
    let path = input.path();
    let help = "make it again with `evenhand tally FILE -o NAME.tally.json`";
    let mut bytes = Vec::new();
    let read = input.open().and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|error| unreadable(path, &error))?;
    progress.advance(bytes.len() as u64);
    let text = String::from_utf8(bytes)
        .map_err(|_| Problem::data(format!("{} is not a tally: it is not text", shown(path)), help))?;
    let tally =
        Tally::from_json(&text).map_err(|mismatch| Problem::data(format!("{}: {mismatch}", shown(path)), help))?;
    let counted = tally.counted();
    if let Some(measured) = tally.measured.iter().find(|measured| measured.rows() != counted) {
        return Err(Problem::data(
            format!(
                "{} contradicts itself: {counted} rows in its cells, and {} of `{}`",
                shown(path),
                measured.rows(),
                measured.column
            ),
            help,
        ));
    }
    // Without a count column every record is one row.
    if !tally.quantities.contains_key(&Quantity::Count) && tally.records != tally.counted() {
        return Err(Problem::data(
            format!(
                "{} contradicts itself: {} records and {} rows in its cells",
                shown(path),
                tally.records,
                tally.rows()
            ),
            help,
        ));
    }
    Ok(tally)
}

/// Checks that the roles that `policy` names are those of the tally: a flag that does nothing misleads.
pub(crate) fn check_roles(tally: &Tally, policy: &Policy, place: &str) -> Result<(), Vec<Problem>> {
    let roles = &policy.roles;
    let one = |column: &Option<String>| column.iter().cloned().collect::<Vec<_>>();
    let asked = [
        (Axis::Protected, roles.protected.clone()),
        (Axis::Strata, roles.strata.clone()),
        (Axis::Period, one(&roles.period)),
        (Axis::Label, one(&roles.label)),
        (
            Axis::Prediction,
            one(&roles
                .prediction
                .clone()
                .or_else(|| roles.score.clone().filter(|_| roles.threshold.is_some()))
                .or_else(|| roles.rate.clone())),
        ),
        (Axis::Compared, one(&roles.compared)),
        (Axis::Bucket, unit(roles).cloned().into_iter().collect()),
    ];
    let mut problems = Vec::new();
    for (axis, columns) in asked {
        let has: Vec<&Dimension> = tally.decisions.dimensions().iter().filter(|d| d.role == axis).collect();
        let names: Vec<&str> = has.iter().map(|dimension| dimension.column.as_str()).collect();
        for column in columns {
            match has.iter().find(|dimension| dimension.column == column) {
                None => problems.push(absent(place, role_name(axis), &column, &names)),
                Some(dimension) => problems.extend(unlike_coding(place, dimension, policy)),
            }
        }
    }
    for (role, name, column) in [
        (NumberRole::Score, "score", &roles.score),
        (NumberRole::Amount, "amount", &roles.amount),
        (NumberRole::Error, "true-amount", &roles.true_amount),
    ] {
        // A score may be kept as the decisions that a threshold made of it.
        let is_decided = role == NumberRole::Score && (roles.prediction.is_some() || roles.threshold.is_some());
        let has = tally.numbers(role).map(|measured| measured.column.as_str());
        if let Some(column) = column
            && has != Some(column.as_str())
            && !(is_decided && has.is_none())
        {
            problems.push(absent(place, name, column, &has.into_iter().collect::<Vec<_>>()));
        }
    }
    problems.extend(unlike_controls(tally, policy, place));
    problems.extend(unlike_scale(tally, policy, place));
    problems.extend(unkept_numbers(tally, policy, place));
    problems.extend(unlike_lists(tally, policy, place));
    for (quantity, name, column) in [
        (Quantity::Count, "count", &roles.count),
        (Quantity::Weight, "weight", &roles.weight),
    ] {
        let has = tally.quantities.get(&quantity);
        if let Some(column) = column
            && has != Some(column)
        {
            let names: Vec<&str> = has.iter().map(|name| name.as_str()).collect();
            problems.push(absent(place, name, column, &names));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Controls that are asked for and are not those of the tally.
fn unlike_controls(tally: &Tally, policy: &Policy, place: &str) -> Vec<Problem> {
    let has = tally.controls.iter().flat_map(|controls| {
        let words = controls
            .cells
            .dimensions()
            .iter()
            .filter(|dimension| dimension.role == Axis::Control);
        let words = words.map(|dimension| dimension.column.as_str());
        controls.numeric.iter().map(String::as_str).chain(words)
    });
    let has: Vec<&str> = has.collect();
    let asked = policy.roles.controls.iter();
    asked
        .filter(|column| !has.contains(&column.as_str()))
        .map(|column| absent(place, "controls", column, &has))
        .collect()
}

/// What controls explain was settled when the rows were counted: amounts, or their logarithms.
fn unlike_scale(tally: &Tally, policy: &Policy, place: &str) -> Option<Problem> {
    let controls = tally.controls.as_ref()?;
    let has = if controls.log { Scale::Log } else { Scale::Plain };
    let asked = policy.amounts.scale;
    let what = |scale| match scale {
        Scale::Log => "ratios",
        Scale::Plain => "differences",
    };
    (has != asked).then(|| {
        Problem::usage(
            format!(
                "{place} is a tally, whose controls explain {} of `{}`, and {} are to be compared",
                what(has),
                controls.amount,
                what(asked)
            ),
            format!("say `--scale {has}`, or make the tally again from the rows with `--scale {asked}`"),
        )
    })
}

/// Numbers that fell together when the rows were counted cannot be told apart any more.
fn unkept_numbers(tally: &Tally, policy: &Policy, place: &str) -> Option<Problem> {
    let measured = tally.measured.iter().find(|measured| !measured.is_exact())?;
    policy.scores.exact.then(|| {
        Problem::usage(
            format!(
                "{place} is a tally, in which numbers of `{}` that begin alike were counted together",
                measured.column
            ),
            "make the tally again from the rows with `--exact`, or leave the flag out",
        )
    })
}

/// Columns of lists that are asked for and are not those of the tally.
fn unlike_lists(tally: &Tally, policy: &Policy, place: &str) -> Vec<Problem> {
    // Without lists, a user is only the unit that repeats, and is looked for there.
    let columns = policy.roles.of_lists().into_iter();
    let asked = columns.filter(|(role, _)| *role != "user" || tally.lists.is_some());
    asked
        .filter_map(|(role, column)| {
            let column = column?;
            let has = tally.lists.as_ref().and_then(|lists| lists.columns.get(role));
            let names: Vec<&str> = has.iter().map(|name| name.as_str()).collect();
            (has != Some(&column)).then(|| absent(place, role, &column, &names))
        })
        .collect()
}

fn absent(place: &str, role: &str, column: &str, names: &[&str]) -> Problem {
    let near = closest(column, names.iter().copied());
    let help = match (names, near.as_slice()) {
        ([], _) => format!("leave it out, or make the tally again with --{role}"),
        (_, []) => format!("it has {}", listed(names, 8)),
        _ => format!("did you mean {}?", listed(&near, 3)),
    };
    Problem::usage(
        format!("{place} is a tally and has no column `{column}` ({role})"),
        help,
    )
}

/// Bins and thresholds were applied when the rows were counted.
fn unlike_coding(place: &str, dimension: &Dimension, policy: &Policy) -> Option<Problem> {
    let column = &dimension.column;
    let wanted = match dimension.role {
        Axis::Protected | Axis::Strata => match policy.bins.get(column)? {
            Bins::Edges(edges) => Coding::Bins(edges.clone()),
            // The quantiles were found when the rows were counted, whatever they are.
            Bins::Quantiles(_) if matches!(dimension.coding, Coding::Bins(_)) => return None,
            Bins::Quantiles(_) => Coding::Bins(Vec::new()),
        },
        Axis::Prediction if policy.roles.rate.is_some() => return unlike_share(place, dimension, policy),
        Axis::Prediction if policy.roles.prediction.is_none() => match policy.roles.threshold? {
            Threshold::AtLeast(threshold) => Coding::AtLeast(threshold + 0.0),
            // The median was found when the rows were counted, whatever it is.
            Threshold::Median if matches!(dimension.coding, Coding::AboveMedian(_)) => return None,
            Threshold::Median => return Some(without_median(place, column)),
        },
        _ => return None,
    };
    (dimension.coding != wanted).then(|| {
        Problem::usage(
            format!("{place} is a tally, in which `{column}` was counted with other bins or another threshold"),
            "make the tally again from the rows, or leave the flag out",
        )
    })
}

/// Which counts fit published figures was found out when they were read.
fn unlike_share(place: &str, dimension: &Dimension, policy: &Policy) -> Option<Problem> {
    let column = &dimension.column;
    match (&dimension.coding, policy.data.digits) {
        (Coding::Share(_), None) => None,
        (Coding::Share(digits), Some(asked)) if *digits == asked => None,
        (Coding::Share(digits), Some(_)) => Some(Problem::usage(
            format!("{place} is a tally, in which the figures of `{column}` were taken as {digits}"),
            "make the tally again from the published table, or leave --digits out",
        )),
        _ => Some(Problem::usage(
            format!("{place} is a tally, in which `{column}` holds decisions and not published rates"),
            "leave --rate out",
        )),
    }
}

fn without_median(place: &str, column: &str) -> Problem {
    Problem::usage(
        format!("{place} is a tally, in which `{column}` was not compared with its median"),
        "make the tally again from the rows with `--threshold median`",
    )
}
