//! This module is how many different values a column may have before it is surely not what it was taken for.

use evenhand_measure::tally::{Axis, Coding, Dimension, Level, MOST_BARS, Measured};
use evenhand_measure::thousands;

use super::number::{self, Number};
use super::unusable::Unusable;

/// Groups, strata and periods: a table of a thousand rows is the most that anybody reads, and a thousand
/// groups are already half a million pairs. An id or a free text passes it within the first few thousand rows.
const MOST_GROUPS: usize = 1_000;

/// Decisions and outcomes: two are expected and a dozen are possible. A column that passes this is a score,
/// an amount or an id, and it is better to stop than to fill memory with it.
const MOST_OUTCOMES: usize = 1_000;

/// Groups whose names are all numbers: an age has about eighty values, and each alone says nothing.
/// A state or a decile is below this.
const MOST_NUMBERS: usize = 50;

/// The bytes of all different values of a column together. A name that anybody reads has dozens of letters; a small packed
/// file may unpack to values of megabytes, each of which would be kept.
const MOST_TEXT: usize = 64 << 20;

/// The most levels of a column in this role, missing left out.
pub(super) fn most_levels(axis: Axis) -> usize {
    match axis {
        Axis::Protected | Axis::Strata | Axis::Period | Axis::Bucket | Axis::Control | Axis::Category | Axis::Rank => {
            MOST_GROUPS
        }
        Axis::Label | Axis::Prediction | Axis::Compared | Axis::Relevance => MOST_OUTCOMES,
    }
}

/// What is wrong with a column that has more than [`most_levels`] of them, of which some are given.
pub(super) fn too_many(column: &str, axis: Axis, levels: &[Level]) -> Unusable {
    let most = grouped(most_levels(axis));
    let (what, help) = match axis {
        Axis::Protected | Axis::Strata => match advice(column, levels) {
            Some(help) => ("groups", help),
            None => (
                "groups",
                format!("is `{column}` an id, a date or free text? Choose a column with few values instead"),
            ),
        },
        Axis::Period | Axis::Bucket => (
            "periods",
            format!("write `{column}` as months or quarters, such as `2026-03`"),
        ),
        Axis::Prediction => (
            "decisions",
            format!("if `{column}` is a score, give it with `--score {column} --threshold X`"),
        ),
        Axis::Compared => ("decisions", format!("turn `{column}` into yes and no first")),
        Axis::Label | Axis::Relevance => ("outcomes", format!("turn `{column}` into yes and no first")),
        Axis::Control => (
            "values of a control",
            format!("if `{column}` is a number, write its values as plain numbers; if it is an id, leave it out"),
        ),
        Axis::Category => (
            "categories",
            format!("choose a column with fewer categories than `{column}`"),
        ),
        Axis::Rank => (
            "places",
            format!("is `{column}` the place of an item in its list, from 1?"),
        ),
    };
    Unusable::new(
        column,
        format!("it has more than {most} different values, too many for {what}"),
        help,
    )
}

/// Checks that the different values of a column have no more than so many bytes together.
pub(super) fn check_text(column: &str, bytes: usize) -> Result<(), Unusable> {
    if bytes <= MOST_TEXT {
        return Ok(());
    }
    Err(Unusable::new(
        column,
        "its different values have more than 64 million letters together",
        format!("is `{column}` free text, or a quote left open? Choose a column with short values instead"),
    ))
}

/// What is wrong with columns whose values have more than `most` combinations, and what helps: the columns with the
/// most values are named with how many each has.
pub(super) fn too_many_cells<'a>(levels: impl Iterator<Item = (&'a str, usize)>, most: usize) -> (String, String) {
    const NAMED: usize = 3;
    let mut levels: Vec<(&str, usize)> = levels.collect();
    levels.sort_by_key(|(column, levels)| (std::cmp::Reverse(*levels), *column));
    let named: Vec<String> = levels
        .iter()
        .take(NAMED)
        .map(|(column, levels)| format!("`{column}` (up to {} values)", grouped(*levels)))
        .collect();
    (
        format!(
            "the {} columns have more than {} combinations of values",
            levels.len(),
            grouped(most)
        ),
        format!(
            "leave out columns with many values, or make few groups of them; the most have {}",
            named.join(", ")
        ),
    )
}

/// What is wrong with a column of which every number is to be kept, where they are more than a tally holds.
pub(super) fn too_many_bars(column: &str) -> Unusable {
    Unusable::new(
        column,
        format!(
            "it has more than {} different numbers in all groups and clusters together, too many to keep each of them",
            grouped(MOST_BARS)
        ),
        "leave `--exact` out (or `exact = true` under [scores]): numbers that begin alike then count together, and results \
         say within which bounds they hold",
    )
}

/// Checks that numbers which are all kept are no more than a tally holds; others were made to fit.
pub(super) fn check_bars(measured: &Measured) -> Result<(), Unusable> {
    match measured.exact && measured.bars() > MOST_BARS {
        true => Err(too_many_bars(&measured.column)),
        false => Ok(()),
    }
}

/// Checks a column once all of it was read: no more than [`most_levels`], of no more than [`MOST_TEXT`].
pub(crate) fn check_levels(dimension: &Dimension) -> Result<(), Unusable> {
    if dimension.coding == Coding::AsWritten && texts(&dimension.levels) > most_levels(dimension.role) {
        return Err(too_many(&dimension.column, dimension.role, &dimension.levels));
    }
    let bytes = dimension.levels.iter().filter_map(Level::text).map(str::len).sum();
    check_text(&dimension.column, bytes)
}

/// Checks that a protected column is not a bare number such as an age, once all files were read.
pub(crate) fn check_numbers(dimension: &Dimension) -> Result<(), Unusable> {
    let count = texts(&dimension.levels);
    if dimension.role != Axis::Protected || dimension.coding != Coding::AsWritten || count <= MOST_NUMBERS {
        return Ok(());
    }
    match advice(&dimension.column, &dimension.levels) {
        None => Ok(()),
        Some(help) => Err(Unusable::new(
            &dimension.column,
            format!("it has {count} different values, all of them numbers, too many for groups"),
            help,
        )),
    }
}

fn texts(levels: &[Level]) -> usize {
    levels.iter().filter(|level| level.text().is_some()).count()
}

/// How to make groups of a column whose levels are all numbers, with edges near their quartiles.
fn advice(column: &str, levels: &[Level]) -> Option<String> {
    let mut numbers: Vec<f64> = Vec::with_capacity(levels.len());
    for text in levels.iter().filter_map(Level::text) {
        match number::parse(text.trim(), None) {
            Ok(Number::Finite(value)) => numbers.push(value),
            Ok(Number::NotANumber) => {}
            Err(_) => return None,
        }
    }
    let edges = quartile_edges(&mut numbers);
    if edges.is_empty() {
        return None;
    }
    let edges = edges.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    Some(format!(
        "make groups of its numbers with `--bins '{column}={edges}'`, or under `[bins]` in the policy"
    ))
}

/// Rising, rounded edges near the quartiles of `numbers`.
pub(crate) fn quartile_edges(numbers: &mut [f64]) -> Vec<f64> {
    numbers.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) else {
        return Vec::new();
    };
    // Round edges read better, as long as rounding moves them by little of the whole range.
    let step = round_step((last - first) / 20.0);
    let mut edges: Vec<f64> = [1, 2, 3]
        .map(|quarter| numbers[quarter * (numbers.len() - 1) / 4])
        .iter()
        .map(|edge| step.map_or(*edge, |step| tidy((edge / step).round() * step)))
        .collect();
    edges.dedup();
    edges
}

/// The largest of 1, 2 or 5 times a power of ten that is not above `width`.
fn round_step(width: f64) -> Option<f64> {
    if !(width.is_normal() && width > 0.0) {
        return None;
    }
    let power = 10f64.powf(width.log10().floor());
    [5.0, 2.0, 1.0]
        .iter()
        .map(|times| times * power)
        .find(|step| *step <= width)
}

/// Takes off what multiplying a decimal step left at the far end: 0.30000000000000004 becomes 0.3.
fn tidy(edge: f64) -> f64 {
    format!("{edge:.12e}").parse::<f64>().unwrap_or(edge) + 0.0
}

/// A limit as people read it.
pub(crate) fn grouped(number: usize) -> String {
    thousands(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimension(levels: impl Iterator<Item = String>) -> Dimension {
        let mut dimension = Dimension::new(Axis::Protected, "age", Coding::AsWritten);
        dimension.levels = levels.map(|text| Level::of(&text)).collect();
        dimension
    }

    #[test]
    fn ages_are_refused_with_bins_to_copy() {
        let ages = dimension((18..90).map(|age| age.to_string()));
        let problem = check_numbers(&ages).unwrap_err().at("`a.csv`");
        assert!(
            problem.message.contains("72 different values, all of them numbers"),
            "{problem}"
        );
        assert!(problem.help.contains("--bins 'age=36,54,72'"), "{problem}");
        assert!(problem.help.contains("[bins]"));
    }

    #[test]
    fn fifty_numbers_or_sixty_names_are_groups() {
        assert!(check_numbers(&dimension((0..50).map(|n| n.to_string()))).is_ok());
        assert!(check_numbers(&dimension((0..60).map(|n| format!("shop {n}")))).is_ok());
    }

    #[test]
    fn edges_are_round_and_rise() {
        let mut shares: Vec<f64> = (0..100).map(|n| f64::from(n) / 100.0).collect();
        assert_eq!(quartile_edges(&mut shares), [0.24, 0.5, 0.74]);
        assert_eq!(quartile_edges(&mut [7.0, 7.0]), [7.0]);
        assert!(quartile_edges(&mut []).is_empty());
    }

    #[test]
    fn too_many_combinations_name_the_columns_to_blame() {
        let levels = [("sex", 2), ("zip", 999), ("shop", 40), ("year", 999), ("age", 80)];
        let (reason, help) = too_many_cells(levels.into_iter(), 1 << 20);
        assert_eq!(reason, "the 5 columns have more than 1,048,576 combinations of values");
        assert!(
            help.ends_with("`year` (up to 999 values), `zip` (up to 999 values), `age` (up to 80 values)"),
            "{help}"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([7, 1_000, 1_234_567].map(grouped), ["7", "1,000", "1,234,567"]);
    }
}
