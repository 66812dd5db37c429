//! This module tells a table of counts from a list of people: read as people, it gives wrong numbers that look right.

use evenhand_measure::Policy;
use evenhand_measure::policy::Decimal;

use super::{Confidence, Guess, flag, free, possible, taken};
use crate::kernel::{Number, parse_number};
use crate::naming::{has_another_role, is_count_name};
use crate::profile::{ColumnProfile, Profile};

/// The reason for a column that was not taken for the count, but looks like it.
const LOOKS_LIKE_COUNTS: &str = "it looks like counts: each line may stand for many rows";

/// The column that says how many rows a record stands for.
pub(super) fn count(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    if policy.roles.count.is_some() {
        return Vec::new();
    }
    let decimal = policy.data.decimal;
    let others = |column: &ColumnProfile| {
        let name = column.name.clone();
        profile.columns.iter().filter(move |other| other.name != name)
    };
    // What a folder says is said of all its records, so it cannot be how many each of them stands for.
    let could_count = |column: &&ColumnProfile| {
        !column.from_folder && column.is_numeric() && column.whole && column.missing == 0 && column.min >= Some(0.0)
    };
    let sizes = |column: &ColumnProfile| column.sizes_groups && !others(column).any(ColumnProfile::is_id);
    let tiles = |column: &ColumnProfile| is_tiled(column, &mut others(column));
    let free: Vec<&ColumnProfile> = free(profile, policy).into_iter().filter(could_count).collect();
    let named: Vec<(&ColumnProfile, bool)> = free
        .iter()
        .filter_map(|column| Some((*column, is_count_name(&column.name)?)))
        .collect();
    if let [(only, is_plain)] = named.as_slice()
        && sizes(only)
        && (*is_plain || (tiles(only) && !is_numbering(only)))
    {
        policy.roles.count = Some(only.name.clone());
        let (confidence, reason) = if *is_plain {
            (
                Confidence::Sure,
                "whole numbers, and no two records are alike otherwise",
            )
        } else {
            (
                Confidence::Likely,
                "whole numbers, one for each combination of the other columns",
            )
        };
        return vec![taken("count", only, confidence, reason.to_owned())];
    }
    let looks = |column: &ColumnProfile| Guess {
        looks_like_counts: true,
        ..possible(
            "count",
            column,
            LOOKS_LIKE_COUNTS.to_owned(),
            flag("count", &column.name),
        )
    };
    let mut guesses = Vec::new();
    for (column, is_plain) in &named {
        if sizes(column) && (*is_plain || !is_numbering(column)) {
            guesses.push(looks(column));
        } else {
            let reason = "whole numbers under a name for counts, but the records do not look like groups";
            guesses.push(possible(
                "count",
                column,
                reason.to_owned(),
                flag("count", &column.name),
            ));
        }
    }
    let unnamed = free.into_iter().filter(|column| {
        is_count_name(&column.name).is_none()
            && !has_another_role(&column.name)
            && !is_binary_number(column)
            && !column.leading_zeros
            && mostly_above_one(column, decimal)
            && !is_numbering(column)
            && column.sizes_groups
            && tiles(column)
            && sizes(column)
    });
    guesses.extend(unnamed.map(looks));
    guesses
}

/// Whether the records fill the combinations of the other columns' values, as a table of groups does. Records of
/// people that are all different fill hardly any of theirs.
fn is_tiled(column: &ColumnProfile, others: &mut dyn Iterator<Item = &ColumnProfile>) -> bool {
    const MOST_PER_RECORD: f64 = 20.0;
    let most = MOST_PER_RECORD * column.seen as f64;
    let mut combinations = 1.0;
    for other in others {
        let values = other.distinct.len() as u64 + u64::from(other.missing > 0);
        combinations *= values.max(1) as f64;
        if other.overflowed || combinations > most {
            return false;
        }
    }
    combinations > 1.0
}

/// Whether the values number the records: as many different whole numbers in a row as there are records.
fn is_numbering(column: &ColumnProfile) -> bool {
    let span = column.max.zip(column.min).map(|(max, min)| max - min + 1.0);
    !column.repeats && span == Some(column.seen as f64)
}

fn is_binary_number(column: &ColumnProfile) -> bool {
    column.max <= Some(1.0)
}

fn mostly_above_one(column: &ColumnProfile, decimal: Option<Decimal>) -> bool {
    let decimal = decimal.filter(|_| !column.plain);
    let above = |text: &str| matches!(parse_number(text.trim(), decimal), Ok(Number::Finite(number)) if number > 1.0);
    let records: u64 = column
        .distinct
        .iter()
        .filter(|(text, _)| above(text))
        .map(|(_, count)| count)
        .sum();
    column.overflowed || 2 * records > column.seen
}
