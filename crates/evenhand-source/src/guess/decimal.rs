//! This module finds out whether numbers have a decimal point or a decimal comma, from columns that have to be numbers.

use evenhand_measure::Policy;
use evenhand_measure::policy::Decimal;

use super::{Confidence, Guess, taken};
use crate::aliases::Section;
use crate::kernel::shown;
use crate::naming::{is_count_name, is_one_of, starts_or_ends_with};
use crate::profile::{ColumnProfile, Profile};

/// How the numbers of a column have to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// They are numbers only so.
    Only(Decimal),
    /// They are numbers both ways, and not the same ones.
    Open,
    /// They are plain numbers, or none.
    Nothing,
}

/// Says how numbers are to be read, if a column that has to hold numbers leaves no doubt and none contradicts it.
pub(super) fn decimal(profile: &Profile, policy: &mut Policy) -> Option<Guess> {
    if policy.data.decimal.is_some() {
        return None;
    }
    let meant = profile.meant(policy);
    let given = |column: &&ColumnProfile| is_number_role(&column.name, policy);
    let named = |column: &&ColumnProfile| is_number_name(&column.name) && !given(column);
    let found = settled(meant.columns.iter().filter(given), policy)
        .or_else(|| settled(meant.columns.iter().filter(named), policy));
    let (decimal, column) = found?;
    let mut texts = column.distinct.iter().map(|(text, _)| text.as_str());
    let example = texts.find(|text| text.contains([',', '.', ' ', '\'']));
    let reason = format!(
        "{} is a number only with a decimal {decimal}",
        shown(example.unwrap_or_default())
    );
    policy.data.decimal = Some(decimal);
    Some(Guess {
        flag: format!("--decimal {decimal}"),
        ..taken("decimal", column, Confidence::Likely, reason)
    })
}

/// How all of these columns can be read, and the first that can be read in no other way.
fn settled<'a>(
    columns: impl Iterator<Item = &'a ColumnProfile> + Clone,
    policy: &Policy,
) -> Option<(Decimal, &'a ColumnProfile)> {
    let mut found = columns.clone().filter_map(|column| match need(column, policy) {
        Need::Only(decimal) => Some((decimal, column)),
        Need::Open | Need::Nothing => None,
    });
    let (decimal, first) = found.next()?;
    let is_said_by_all = columns.into_iter().all(|column| {
        let numbers = match decimal {
            Decimal::Point => column.with_point,
            Decimal::Comma => column.with_comma,
        };
        // What is no number in any way is another question.
        column.numbers < expected(column) || numbers.count >= expected(column)
    });
    let is_alone = found.all(|(other, _)| other == decimal);
    (is_said_by_all && is_alone).then_some((decimal, first))
}

/// How the numbers of a column have to be read.
pub(crate) fn need(column: &ColumnProfile, policy: &Policy) -> Need {
    let bare;
    let column = if policy.roles.rate.as_ref() == Some(&column.name) {
        bare = without_percent(column);
        &bare
    } else {
        column
    };
    let is_count = policy.roles.count.as_ref() == Some(&column.name) || is_count_name(&column.name) == Some(true);
    let all = expected(column);
    let (point, comma) = (column.with_point, column.with_comma);
    if all == 0 {
        return Need::Nothing;
    }
    // Counts are whole, so that `1.200` is no fraction.
    if is_count && point.may_count(all) != comma.may_count(all) {
        return match column.numbers == all && point.may_count(all) {
            true => Need::Nothing,
            false if point.may_count(all) => Need::Only(Decimal::Point),
            false => Need::Only(Decimal::Comma),
        };
    }
    match (point.count == all, comma.count == all) {
        _ if column.numbers == all => Need::Nothing,
        (false, true) => Need::Only(Decimal::Comma),
        (true, false) => Need::Only(Decimal::Point),
        // A mark that stands between thousands in both.
        (true, true) if column.ambiguous == 0 => Need::Only(Decimal::Point),
        (true, true) => Need::Open,
        (false, false) => Need::Nothing,
    }
}

/// How many values should be numbers: those that do not look like missing ones.
fn expected(column: &ColumnProfile) -> u64 {
    let missing: u64 = column.looks_missing.iter().map(|(_, times)| times).sum();
    column.present().saturating_sub(missing)
}

/// Whether a column has a role that takes numbers.
pub(crate) fn is_number_role(name: &str, policy: &Policy) -> bool {
    let roles = &policy.roles;
    let roles = [&roles.score, &roles.weight, &roles.count, &roles.rate];
    roles.into_iter().flatten().any(|column| column == name) || policy.bins.contains_key(name)
}

/// Whether a column may get such a role by its name.
fn is_number_name(name: &str) -> bool {
    starts_or_ends_with(name, Section::Score)
        || is_count_name(name).is_some()
        || is_one_of(name, Section::Weight)
        || is_one_of(name, Section::Age)
}

/// The column with its rates as bare numbers.
fn without_percent(column: &ColumnProfile) -> ColumnProfile {
    let mut policy = Policy::default();
    let texts = column
        .distinct
        .iter()
        .filter(|(text, _)| text.trim_end().ends_with('%'));
    let bare = texts.map(|(text, _)| {
        let number = text.trim_end().trim_end_matches('%').trim_end();
        (text.clone(), number.to_owned())
    });
    policy.values.map.insert(column.name.clone(), bare.collect());
    column.meant(&policy)
}
