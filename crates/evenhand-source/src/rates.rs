//! This module turns a table of published rates into counts: each record is a group with its size and the share of
//! positive decisions, and every whole count that fits the share as it is written is kept.
//!
//! The records are first counted like any others, by their group, the text of the rate and the text of the size, so that
//! every way to read a table works for them. What the figures mean is decided when all are known: whether 0.9 is a share
//! or nine tenths of a percent shows in its neighbours.

mod figure;

use std::collections::BTreeMap;

use evenhand_measure::policy::{Decimal, Digits};
use evenhand_measure::tally::{AT_LEAST, Axis, BELOW, Coding, Counts, Cube, Dimension, Found, Level, Quantity, Tally};
use evenhand_measure::{Policy, Problem};

use self::figure::Figure;
use crate::kernel::{Partial, number, shown};
use crate::lists::Pool;
use crate::plan::{Plan, Purpose, Slot, Texts};

/// So many problems are reported at once.
const REPORTED: usize = 3;

impl Plan {
    /// What has to be read of published rates, whose column is `rate`.
    pub(crate) fn of_rates(policy: &Policy, rate: &str) -> Result<Self, Vec<Problem>> {
        let roles = &policy.roles;
        let mut problems = others_asked(policy);
        let mut plan = Self {
            slots: Vec::new(),
            explain: None,
            exact: false,
            texts: Texts::of(policy),
            lists: None,
        };
        for column in &roles.protected {
            plan.key(column, Axis::Protected, Coding::AsWritten);
        }
        let share = Coding::Share(policy.data.digits.unwrap_or_default());
        plan.key(rate, Axis::Prediction, share);
        match &roles.count {
            Some(count) => plan.key(count, Axis::Compared, Coding::AsWritten),
            None => problems.push(Problem::usage(
                format!("`{rate}` holds the rates of groups, and no column is given that holds their sizes"),
                "name it with `--count COLUMN`",
            )),
        }
        if roles.protected.is_empty() {
            problems.push(Problem::usage(
                format!("`{rate}` holds the rates of groups, and no column is given that names them"),
                "name it with `--protected COLUMN`; several attributes have a column each, of which every record fills one",
            ));
        }
        problems.extend(plan.twice());
        problems.extend(plan.clashes());
        if problems.is_empty() { Ok(plan) } else { Err(problems) }
    }

    /// How the digits of published rates ended, if the plan reads such rates.
    pub(crate) fn published(&self) -> Option<Digits> {
        self.slots.iter().find_map(|slot: &Slot| match slot.purpose {
            Purpose::Key(Axis::Prediction, Coding::Share(digits)) => Some(digits),
            _ => None,
        })
    }
}

/// What is asked besides, and is not in a table of rates.
fn others_asked(policy: &Policy) -> Vec<Problem> {
    let roles = &policy.roles;
    let is_crossed = !roles.intersections.is_empty() || (roles.intersect_all && roles.protected.len() > 1);
    let asked = [
        ("--prediction", roles.prediction.is_some()),
        ("--amount", roles.amount.is_some()),
        ("--list", roles.list.is_some()),
        ("--score", roles.score.is_some()),
        ("--compare", roles.compared.is_some()),
        ("--label", roles.label.is_some()),
        ("--weight", roles.weight.is_some()),
        ("--cluster", roles.cluster.is_some()),
        ("--strata", !roles.strata.is_empty()),
        ("a period", roles.period.is_some()),
        ("--bins", !policy.bins.is_empty()),
        ("--intersections, or a preset with all attributes together,", is_crossed),
    ];
    let asked = asked.iter().filter(|(_, is_asked)| *is_asked);
    asked
        .map(|(what, _)| {
            Problem::usage(
                format!(
                    "--rate is for a table with the rate and the size of each group, and {what} has no meaning there"
                ),
                "leave that out, or leave --rate out and give a file with a record per person",
            )
        })
        .collect()
}

/// One record of the table.
struct Group<'t> {
    /// The places of its attributes' values among their levels.
    key: Vec<u32>,
    /// What it is called in messages.
    name: String,
    size: Result<u64, String>,
    /// Whether the size is written with a comma or a point.
    has_marks: bool,
    /// Nothing where none is published.
    rate: Option<Result<(Figure, &'t str), String>>,
    records: u64,
}

/// The groups of a table of published rates as counts; `raw` has the texts.
///
/// # Errors
/// When a record is no group of one attribute, a group is there twice, or no count fits its figures.
pub(crate) fn counted(
    raw: Partial,
    digits: Digits,
    decimal: Option<Decimal>,
    place: &str,
) -> Result<Partial, Vec<Problem>> {
    let raw = raw.checked().map_err(|problem| vec![problem])?;
    let cube = &raw.tally.decisions;
    let one = |axis| cube.positions(axis).next();
    let (Some(rate), Some(size)) = (one(Axis::Prediction), one(Axis::Compared)) else {
        return Err(vec![Problem::data(
            format!("{place}: the rates were not read"),
            "please report this as a defect",
        )]);
    };
    let attributes: Vec<usize> = cube.positions(Axis::Protected).collect();
    let dimension = |position: usize| &cube.dimensions()[position];
    let at = |of: &Group<'_>, what: &str| format!("{place}, {}: {what}", of.name);

    let groups: Vec<Group<'_>> = cube
        .cells()
        .map(|(key, counts)| {
            let text = |position: usize| dimension(position).levels[key[position] as usize].text();
            let figure = |text| Figure::read(text, decimal).map(|figure| (figure, text));
            Group {
                key: attributes.iter().map(|&position| key[position]).collect(),
                name: named(&attributes, |position| {
                    (dimension(position).column.as_str(), text(position))
                }),
                size: text(size).map_or_else(
                    || Err("the count is missing".to_owned()),
                    |text| number::count(text.trim(), decimal),
                ),
                has_marks: text(size).is_some_and(|text| text.contains([',', '.'])),
                rate: text(rate).map(figure),
                records: counts.n,
            }
        })
        .collect();

    let mut problems = unfit_groups(cube, &attributes, &groups, &at);
    problems.extend(unreadable(
        &groups,
        &dimension(rate).column,
        &dimension(size).column,
        &at,
    ));
    if !problems.is_empty() {
        return Err(first(problems));
    }
    let bare = percent(&groups, &dimension(rate).column, place).map_err(|problem| vec![problem])?;

    let column = &dimension(rate).column;
    let mut cells = Vec::new();
    for of in &groups {
        let Ok(n) = of.size else { continue };
        let cell = |level: u32, counts: Counts| ([of.key.as_slice(), &[level]].concat(), counts);
        let Some(Ok((figure, written))) = &of.rate else {
            cells.push(cell(0, Counts::of(n)));
            continue;
        };
        let is_percent = figure.has_sign || bare.is_some();
        match figure.fitting(is_percent, digits, n) {
            Ok((fewest, most)) => {
                let middle = fewest + (most - fewest) / 2;
                cells.push(cell(2, Counts::open(middle, fewest, most)));
                cells.push(cell(1, Counts::open(n - middle, n - most, n - fewest)));
            }
            Err(why) => problems.push(Problem::data(
                at(of, &format!("`{column}` is {}, and {}", shown(written), why.message)),
                why.help,
            )),
        }
    }
    if !problems.is_empty() {
        return Err(first(problems));
    }

    let mut dimensions: Vec<Dimension> = attributes.iter().map(|&position| dimension(position).clone()).collect();
    dimensions.push(Dimension {
        levels: vec![Level::Missing, Level::of(BELOW), Level::of(AT_LEAST)],
        ..Dimension::new(Axis::Prediction, column, Coding::Share(digits))
    });
    let decisions = Cube::new(dimensions, cells)
        .map_err(|mismatch| vec![Problem::data(mismatch.to_string(), "please report this as a defect")])?;
    check_size(&decisions, &dimension(size).column, place)?;
    let mut tally = Tally {
        missing: raw.tally.missing.clone(),
        readings: raw.tally.readings.clone(),
        ..Tally::new(decisions, raw.tally.records)
    };
    tally.quantities.insert(Quantity::Count, dimension(size).column.clone());
    if let Some(records) = bare {
        tally.add_reading(column, Found::BarePercent, records);
    }
    let rows = tally.counted();
    Ok(Partial {
        tally,
        rows,
        lists: Pool::default(),
    })
}

/// The first few problems, and how many there are besides.
fn first(mut problems: Vec<Problem>) -> Vec<Problem> {
    let more = problems.len().saturating_sub(REPORTED);
    problems.truncate(REPORTED);
    if let Some(last) = problems.last_mut().filter(|_| more > 0) {
        last.message.push_str(&format!(" (and {more} more like it)"));
    }
    problems
}

/// `sex` = `Female`
fn named<'t>(attributes: &[usize], of: impl Fn(usize) -> (&'t str, Option<&'t str>)) -> String {
    let is_alone = attributes.len() == 1;
    let values: Vec<String> = attributes
        .iter()
        .map(|&position| of(position))
        .filter(|(_, value)| is_alone || value.is_some())
        .map(|(column, value)| match value {
            Some(value) => format!("`{column}` = {}", shown(value)),
            None => format!("`{column}` missing"),
        })
        .collect();
    match values.as_slice() {
        [] => "a record without a group".to_owned(),
        _ => format!("the group {}", values.join(" and ")),
    }
}

/// Records that are no group, of several attributes or none, or the same group once more.
fn unfit_groups(
    cube: &Cube<Counts>,
    attributes: &[usize],
    groups: &[Group<'_>],
    at: &impl Fn(&Group<'_>, &str) -> String,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<&[u32], u64> = BTreeMap::new();
    for of in groups {
        let values = attributes.iter().zip(&of.key);
        let filled =
            values.filter(|&(&position, &code)| cube.dimensions()[position].levels[code as usize] != Level::Missing);
        match filled.count() {
            1 => {}
            0 if attributes.len() == 1 => {}
            0 => {
                problems.push(Problem::data(
                    at(of, "none of the protected columns has a value there"),
                    "take the record out; if it is a total at the end, say --footer-rows 1",
                ));
                continue;
            }
            _ => {
                problems.push(Problem::data(
                    at(
                        of,
                        "several protected columns have a value there, and rates are judged by one attribute at a time",
                    ),
                    "give each attribute a column of its own, of which every record fills one; or name one column with \
                     --protected",
                ));
                continue;
            }
        }
        let records = seen.entry(&of.key).or_default();
        let before = *records;
        *records = records.saturating_add(of.records);
        // Named once, at the second of several.
        if before <= 1 && *records > 1 {
            problems.push(Problem::data(
                at(of, "it has several records, and a published rate is that of a whole group"),
                "give one record per group; groups of different people are counted each with `evenhand tally` and put together \
                 with `evenhand merge`",
            ));
        }
    }
    problems
}

/// Sizes and rates that cannot be read.
fn unreadable(groups: &[Group<'_>], rate: &str, size: &str, at: &impl Fn(&Group<'_>, &str) -> String) -> Vec<Problem> {
    let mut problems = Vec::new();
    for of in groups {
        match &of.size {
            Err(why) => problems.push(Problem::data(
                at(of, &format!("in column `{size}`, {why}")),
                if of.has_marks {
                    "if the mark in it parts thousands, say --decimal point for 1,000 or --decimal comma for 1.000"
                } else {
                    "give the size of the group as a whole number, or take the record out"
                },
            )),
            Ok(0) => problems.push(Problem::data(
                at(of, &format!("in column `{size}`, the group has nobody")),
                "take the record out: a rate of nobody is no rate",
            )),
            Ok(_) => {}
        }
        if let Some(Err(why)) = &of.rate {
            problems.push(Problem::data(
                at(of, &format!("in column `{rate}`, {why}")),
                "write a share such as 0.315 or 31.5 %; if the text means that no rate is published, say --missing with it",
            ));
        }
    }
    if problems.is_empty() && groups.iter().all(|of| of.rate.is_none()) {
        problems.extend(groups.first().map(|of| {
            Problem::data(
                at(of, &format!("column `{rate}` is empty here and everywhere else")),
                "name the column that holds the rates with --rate",
            )
        }));
    }
    problems
}

/// Whether figures without a sign are percentages, as they are where one is above 1; and how many such figures there are.
fn percent(groups: &[Group<'_>], column: &str, place: &str) -> Result<Option<u64>, Problem> {
    let figures = || {
        groups
            .iter()
            .filter_map(|of| Some((of.rate.as_ref()?.as_ref().ok()?, of.records)))
    };
    let bare = || figures().filter(|((figure, _), _)| !figure.has_sign);
    if bare().any(|((figure, _), _)| figure.is_above_one()) {
        return Ok(Some(bare().map(|(_, records)| records).sum()));
    }
    let Some(((_, text), _)) = bare().find(|((figure, _), _)| !figure.is_zero()) else {
        return Ok(None);
    };
    let name = column.to_lowercase();
    let says_percent = ["%", "percent", "pct", "prozent", "pourcent", "porcent"]
        .iter()
        .any(|word| name.contains(word));
    let is_mixed = figures().any(|((figure, _), _)| figure.has_sign);
    let why = match (says_percent, is_mixed) {
        (true, _) => "the column's name says that it holds percentages",
        (_, true) => "other figures of the column have a sign",
        _ => return Ok(None),
    };
    Err(Problem::data(
        format!(
            "{place}, column `{column}`: it is not plain whether {} is a share or percent, as {why}",
            shown(text)
        ),
        "write the percent sign behind every figure that is a percentage, or call the column by another name if they are shares",
    ))
}

fn check_size(cube: &Cube<Counts>, size: &str, place: &str) -> Result<(), Vec<Problem>> {
    let all: u128 = cube.cells().map(|(_, counts)| u128::from(counts.n)).sum();
    if u64::try_from(all).is_ok() {
        return Ok(());
    }
    Err(vec![Problem::data(
        format!("{place}, column `{size}`: the sizes add up to more than 2^64"),
        "check whether the column really counts people",
    )])
}

#[cfg(test)]
mod tests;
