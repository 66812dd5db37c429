//! This module points out texts that may mean that a value is missing, in columns that play a role. Only an empty text
//! is taken for missing unasked.

use evenhand_measure::Policy;

use super::{Guess, possible, quoted};
use crate::aliases::Section;
use crate::naming::is_one_of;
use crate::profile::{ColumnProfile, Profile, has_na};

pub(super) fn missing(profile: &Profile, policy: &Policy) -> Vec<Guess> {
    let roles = &policy.roles;
    let singles = [
        &roles.prediction,
        &roles.compared,
        &roles.label,
        &roles.score,
        &roles.weight,
        &roles.count,
        &roles.rate,
    ];
    let others = || singles.into_iter().flatten().chain(&roles.strata);
    // The audit itself speaks of groups that look missing, except for what a code of places may be.
    let is_asked = |column: &&ColumnProfile| {
        let is_group = roles.protected.contains(&column.name) && !policy.bins.contains_key(&column.name);
        let is_place = is_one_of(&column.name, Section::Region) || is_one_of(&column.name, Section::StandIns);
        if is_group {
            is_place && has_na(&column.looks_missing)
        } else {
            others().any(|name| *name == column.name) || policy.bins.contains_key(&column.name)
        }
    };
    let columns = profile.columns.iter().filter(is_asked);
    columns
        .flat_map(|column| {
            column
                .looks_missing
                .iter()
                // In a column of scores it is missing anyhow.
                .filter(|(text, _)| {
                    let is_score = roles.score.as_ref() == Some(&column.name);
                    !(is_score && text.trim().eq_ignore_ascii_case("nan"))
                })
                .map(|(text, times)| suggestion(column, text, *times))
        })
        .collect()
}

fn suggestion(column: &ColumnProfile, text: &str, times: u64) -> Guess {
    let records = if times == 1 {
        "1 record".to_owned()
    } else {
        format!("{times} records")
    };
    let code = if text.trim() == "NA"
        && (is_one_of(&column.name, Section::Region) || is_one_of(&column.name, Section::StandIns))
    {
        ", but also Namibia or North America"
    } else {
        ""
    };
    let reason = format!(
        "{} in {records} may mean that the value is missing{code}",
        crate::kernel::shown(text)
    );
    possible("missing", column, reason, format!("--missing {}", quoted(text.trim())))
}
