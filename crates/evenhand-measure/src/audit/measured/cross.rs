//! This module is the view of both sides of lists at once: how much attention of each group of users the items of a group
//! get.

use std::collections::BTreeMap;

use super::units::{Of, OfSums, Units, buckets};
use super::{Context, Found, Named, Parted, View, parted, view};
use crate::audit::model::{Group, GroupKind, Note, Severity};
use crate::inference::Comparison;
use crate::lists::customer::Reach;
use crate::lists::provider::Curve;
use crate::problem::thousands;
use crate::tally::{AT_LEAST, Axis, BELOW, Counts, Lists};

/// So many groups are named in a note.
const MOST_NAMED: usize = 8;

/// What a tally holds of it: groups of users, within one group of items.
#[derive(Debug)]
pub(crate) struct CrossView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
    /// What the items get and what all items get, by group of users, and by all.
    groups: Vec<Units>,
    all: Units,
    /// Why the attention of places is not known, where it is not.
    unknown: Option<String>,
}

view! {
    CrossView, Cross,

    fn notes(&self) -> Vec<Note> {
        self.never_reached().into_iter().collect()
    }
}

/// The views of one set of attributes of users: one for each group of items by one attribute.
pub(super) fn views(context: Context<'_>, by: &[String]) -> Vec<Box<dyn View>> {
    let lists = context.tally.lists.as_ref();
    let Some(lists) = lists.filter(|lists| !by.iter().any(|column| lists.of_items.contains(column))) else {
        return Vec::new();
    };
    let Some(groups) = parted(context, &lists.shown, by) else {
        return Vec::new();
    };
    let users = parted(context, &lists.measured, by).unwrap_or_default();
    let users: BTreeMap<Group, u64> = users
        .into_iter()
        .map(|of| {
            (
                of.group,
                of.cells
                    .iter()
                    .fold(0u64, |sum, (_, sums)| sum.saturating_add(sums.units)),
            )
        })
        .collect();
    let items = context
        .reading
        .attributes
        .iter()
        .filter(|attribute| lists.of_items.contains(&attribute.column));
    items
        .flat_map(|attribute| across(context, lists, by, &groups, &users, &attribute.column))
        .collect()
}

fn across(
    context: Context<'_>,
    lists: &Lists,
    by: &[String],
    groups: &[Parted<'_, Counts>],
    users: &BTreeMap<Group, u64>,
    column: &str,
) -> Vec<Box<dyn View>> {
    let Some(items) = parted(context, &lists.shown, &[column.to_owned()]) else {
        return Vec::new();
    };
    let (weights, unknown) = match weights(context, lists) {
        Ok(weights) => (weights, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let place = lists.shown.positions(Axis::Rank).next();
    let weight = |key: &[u32]| {
        place
            .and_then(|place| weights.get(key[place] as usize))
            .copied()
            .unwrap_or(0.0)
    };
    let bucket = buckets(&lists.shown);
    let Some(position) = lists.shown.position(Axis::Protected, column) else {
        return Vec::new();
    };
    // Which group of items each level of the column is.
    let mut of_level = vec![0; lists.shown.dimensions()[position].levels.len()];
    for (index, item) in items.iter().enumerate() {
        item.cells
            .iter()
            .for_each(|(key, _)| of_level[key[position] as usize] = index);
    }
    let mut got = vec![vec![Units::default(); groups.len()]; items.len()];
    for (index, group) in groups.iter().enumerate() {
        let mut all = Units::default();
        for (key, counts) in &group.cells {
            let attention = weight(key) * counts.n as f64;
            got[of_level[key[position] as usize]][index].add(bucket(key), 0, 2, attention);
            all.add(bucket(key), 1, 2, attention);
        }
        got.iter_mut().for_each(|of_items| of_items[index].merge(&all));
    }
    let view = |(item, groups_of): (Parted<'_, Counts>, Vec<Units>)| -> Box<dyn View> {
        let named = groups.iter().map(|group| Named {
            group: group.group.clone(),
            // A group of items that nobody declared is reported and never judged.
            kind: if item.kind == GroupKind::Judged {
                group.kind
            } else {
                item.kind
            },
            rows: users.get(&group.group).copied().unwrap_or(0),
        });
        let mut all = Units::default();
        groups_of.iter().for_each(|group| all.merge(group));
        Box::new(CrossView {
            by: by.to_vec(),
            within: item.group,
            named: named.collect(),
            groups: groups_of,
            all,
            unknown: unknown.clone(),
        })
    };
    items.into_iter().zip(got).map(view).collect()
}

/// The attention of each level of places.
///
/// Where clicks say it, those of all users do, and their curve is taken as known: it is the same for all groups.
fn weights(context: Context<'_>, lists: &Lists) -> Result<Vec<f64>, String> {
    let no_places = || "the tally holds no places".to_owned();
    let cube = &lists.shown;
    let position = cube.positions(Axis::Rank).next().ok_or_else(no_places)?;
    let levels = cube.dimensions()[position].levels.iter();
    let places: Vec<Option<u64>> = levels
        .map(|level| level.text().and_then(|text| text.parse().ok()))
        .collect();
    let curve = match Curve::new(context.policy.lists.attention) {
        Some(curve) => curve,
        None => {
            let relevance = cube.positions(Axis::Relevance).next();
            let clicked = |key: &[u32]| {
                let relevance = relevance?;
                match cube.dimensions()[relevance].levels[key[relevance] as usize].text() {
                    Some(AT_LEAST) => Some(1),
                    Some(BELOW) => Some(0),
                    _ => None,
                }
            };
            let place = |(key, counts): (&[u32], &Counts)| {
                let clicked = clicked(key);
                let known = if clicked.is_some() { counts.n } else { 0 };
                Some((places[key[position] as usize]?, clicked.unwrap_or(0) * counts.n, known))
            };
            Curve::of_clicks(cube.cells().filter_map(place))?
        }
    };
    Ok(places
        .into_iter()
        .map(|place| place.map_or(0.0, |place| curve.weight(place)))
        .collect())
}

fn of_share() -> Of<OfSums> {
    Of {
        function: |sums| {
            Reach {
                of: sums[0],
                all: sums[1],
            }
            .share()
        },
        undefined: "these users saw nothing",
        is_share: true,
    }
}

impl CrossView {
    /// The share of the attention of a group of users.
    pub(crate) fn share(&self, group: Option<usize>) -> Vec<(Option<String>, Found)> {
        if let Some(why) = &self.unknown {
            return vec![(None, Err(why.clone()))];
        }
        let units = group.and_then(|group| self.groups.get(group)).unwrap_or(&self.all);
        vec![(None, units.value(&of_share()))]
    }

    /// The groups of users that items of the group never reach, where they reach others.
    fn never_reached(&self) -> Option<Note> {
        let points = self.groups.iter().map(|units| units.point(&of_share()).ok());
        let is_never = |(named, point): &(&Named, Option<f64>)| named.kind == GroupKind::Judged && *point == Some(0.0);
        let names = |group: &Group| {
            let names: Vec<&str> = group
                .values()
                .map(|name| name.as_deref().unwrap_or("missing"))
                .collect();
            names.join(", ")
        };
        let never: Vec<String> = self
            .named
            .iter()
            .zip(points)
            .filter(is_never)
            .map(|(named, _)| format!("`{}` ({} users)", names(&named.group), thousands(named.rows)))
            .take(MOST_NAMED)
            .collect();
        let is_shown = self.all.point(&of_share()).is_ok_and(|share| share > 0.0);
        let columns: Vec<&str> = self.within.keys().map(String::as_str).collect();
        (is_shown && self.unknown.is_none() && !never.is_empty()).then(|| Note {
            code: "never-reached".to_owned(),
            severity: Severity::Warning,
            message: format!(
                "`{}` of {} is never shown to users of {} {}, and to others it is",
                names(&self.within),
                columns.join(" and "),
                self.by.join(" and "),
                never.join(" and "),
            ),
            help: Some("find out what keeps these items from these users".to_owned()),
        })
    }

    /// The share of one group's attention against that of another's.
    pub(crate) fn compare_shares(&self, group: usize, reference: usize, comparison: Comparison) -> Found {
        if let Some(why) = &self.unknown {
            return Err(why.clone());
        }
        self.groups[group].compared(&self.groups[reference], &of_share(), comparison)
    }
}
