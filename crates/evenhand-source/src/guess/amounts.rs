//! This module finds the column of amounts: prices, limits, rates of interest.

use evenhand_measure::Policy;

use super::{Confidence, Guess, flag, free, possible, taken};
use crate::aliases::Section;
use crate::naming::is_one_of;
use crate::profile::{ColumnProfile, Profile};

/// Takes the only column of amounts where there is no decision to audit; beside one it is suggested.
pub(super) fn amount(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    let roles = &policy.roles;
    if roles.amount.is_some() {
        return Vec::new();
    }
    let named: Vec<&ColumnProfile> = free(profile, policy)
        .into_iter()
        .filter(|column| is_one_of(&column.name, Section::Price) && column.is_numeric())
        .collect();
    let has_other = roles.prediction.is_some() || roles.score.is_some() || roles.list.is_some();
    match named.as_slice() {
        [only] if !has_other => {
            policy.roles.amount = Some(only.name.clone());
            let reason = "numbers under a name for what people pay or get".to_owned();
            vec![taken("amount", only, Confidence::Likely, reason)]
        }
        _ => named
            .into_iter()
            .map(|column| {
                let reason = "an amount can be audited beside decisions".to_owned();
                possible("amount", column, reason, flag("amount", &column.name))
            })
            .collect(),
    }
}
