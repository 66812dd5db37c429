//! This module finds the attributes of people whose groups are compared.

use evenhand_measure::Policy;
use evenhand_measure::policy::Decimal;

use super::{
    Confidence, Guess, MOST_GROUPS, flag, free_or_crossed, has_few, has_fractions, possible, quoted, taken, values,
};
use crate::aliases::Section;
use crate::kernel::{Number, parse_number, quartile_edges};
use crate::naming::{is_one_of, starts_or_ends_with};
use crate::profile::{ColumnProfile, Profile};

/// More different whole numbers than this are ages in years, not codes of age groups.
const MOST_AGE_GROUPS: usize = 12;

pub(super) fn protected(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    if !policy.roles.protected.is_empty() {
        return Vec::new();
    }
    let mut guesses = Vec::new();
    let crossed: Vec<String> = policy.roles.intersections.concat();
    for column in free_or_crossed(profile, policy) {
        let name = &column.name;
        let is_known = is_one_of(name, Section::Protected);
        // The last part of a path, as in `user.region` of a joined table or `person.age` of a document.
        let own = name
            .rsplit('.')
            .next()
            .filter(|own| !own.starts_with(' '))
            .unwrap_or(name);
        let is_named = is_known || starts_or_ends_with(name, Section::Protected) || is_one_of(own, Section::Region);
        let is_age = is_one_of(name, Section::Age) || is_one_of(own, Section::Age);
        let groups = column.distinct.len();
        let guess = if policy.bins.contains_key(name) {
            taken(
                "protected",
                column,
                Confidence::Sure,
                "the policy has bins for it".to_owned(),
            )
        } else if is_age && column.is_numeric() && (column.overflowed || groups > MOST_AGE_GROUPS) {
            age_in_years(column, policy.data.decimal)
        } else if !(is_named || is_age) || column.dates || has_fractions(column) {
            continue;
        } else if has_few(column, MOST_GROUPS) {
            let confidence = if is_known { Confidence::Sure } else { Confidence::Likely };
            taken(
                "protected",
                column,
                confidence,
                format!("the name of an attribute of people, {}", values(column)),
            )
        } else {
            let reason = format!("the name of an attribute of people, but more than {MOST_GROUPS} different values");
            possible("protected", column, reason, flag("protected", name))
        };
        guesses.push(guess);
    }
    guesses.retain(|guess| guess.is_taken() || !crossed.contains(&guess.column));
    let columns = guesses
        .iter()
        .filter(|guess| guess.is_taken())
        .map(|guess| guess.column.clone());
    let mut columns: Vec<String> = columns.collect();
    // Who crosses attributes means them, too.
    for column in crossed {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    policy.roles.protected = columns;
    guesses
}

/// Every year alone would be a group of its own, so groups of years are suggested.
fn age_in_years(column: &ColumnProfile, decimal: Option<Decimal>) -> Guess {
    let decimal = decimal.filter(|_| !column.plain);
    let mut ages: Vec<f64> = Vec::new();
    for (text, count) in &column.distinct {
        if let Ok(Number::Finite(age)) = parse_number(text.trim(), decimal) {
            ages.extend(std::iter::repeat_n(age, *count as usize));
        }
    }
    let edges = quartile_edges(&mut ages)
        .iter()
        .map(f64::to_string)
        .collect::<Vec<_>>()
        .join(",");
    let name = &column.name;
    let flag = format!(
        "{} --bins {}",
        flag("protected", name),
        quoted(&format!("{name}={edges}"))
    );
    possible(
        "protected",
        column,
        "an age in years needs bins to become groups".to_owned(),
        flag,
    )
}
