//! This module finds, of the columns whose values have a meaning as they are written, those in which several texts are
//! one value in all likelihood: what has to be asked before such values are counted.

use evenhand_measure::Policy;

use crate::alike::{Alike, Said, flags, lines, sure, unite};
use crate::profile::{ColumnProfile, Profile};

/// Values of a column that the policy neither unites nor keeps apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spellings {
    /// The column.
    pub column: String,
    /// Which values look like which, as the policy reads them.
    pub groups: Vec<Alike>,
    /// What unites them: texts as they stand in the file, each with the value that it is another way to write. What the
    /// policy maps to one of the values is among them, because no text is mapped twice.
    pub map: Vec<(String, String)>,
}

impl Spellings {
    /// The flags that unite the values, as far as a command line can say it.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        flags(self.said())
    }

    /// Lines for `[values.map.COLUMN]` of a policy, for what a command line cannot say.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        lines(self.said())
    }

    fn said(&self) -> impl Iterator<Item = Said> {
        let map = self.map.iter();
        map.map(|(text, keep)| unite(&self.column, text, keep))
    }
}

/// The columns with such values, in the file's order.
#[must_use]
pub fn spellings(profile: &Profile, policy: &Policy) -> Vec<Spellings> {
    let found = |column: &ColumnProfile| {
        let groups = sure(&column.meant(policy));
        (!groups.is_empty()).then(|| Spellings {
            column: column.name.clone(),
            map: groups.iter().flat_map(|group| behind(column, group, policy)).collect(),
            groups,
        })
    };
    of_texts(profile, policy).into_iter().filter_map(found).collect()
}

/// The columns whose values are groups or decisions as they are written.
pub(crate) fn of_texts<'a>(profile: &'a Profile, policy: &Policy) -> Vec<&'a ColumnProfile> {
    let roles = &policy.roles;
    let groups = roles
        .protected
        .iter()
        .chain(roles.intersections.iter().flatten())
        .chain(&roles.strata);
    let names: Vec<&String> = groups
        .filter(|name| !policy.bins.contains_key(*name))
        .chain(&roles.prediction)
        .chain(&roles.compared)
        .chain(&roles.label)
        .collect();
    let is_open =
        |column: &&ColumnProfile| names.contains(&&column.name) && !policy.values.distinct.contains(&column.name);
    profile.columns.iter().filter(is_open).collect()
}

/// The texts behind the values of a group that are not to be kept.
fn behind(column: &ColumnProfile, group: &Alike, policy: &Policy) -> Vec<(String, String)> {
    let map = policy.values.map.get(&column.name);
    let value = |text: &String| map.and_then(|map| map.get(text)).unwrap_or(text).clone();
    let is_other = |text: &&String| {
        let value = value(text);
        group.others.iter().any(|(other, _)| *other == value)
    };
    let texts = column.distinct.iter().map(|(text, _)| text).filter(is_other);
    texts.map(|text| (text.clone(), group.keep.0.clone())).collect()
}
