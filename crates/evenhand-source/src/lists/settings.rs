//! This module is what of a policy decides how rows become lists.

use std::collections::BTreeMap;

use evenhand_measure::Policy;
use evenhand_measure::attention::Attention;
use evenhand_measure::lists::customer::Relevance;
use evenhand_measure::policy::{Join, NamedFile, Roles};
use evenhand_measure::tally::Axis;

use super::entries::Budget;
use crate::plan::{IdUse, NumberUse, Plan, Purpose, Slot};

/// How rows become lists, apart from the slots of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// The columns by role.
    pub(super) columns: BTreeMap<String, String>,
    /// The protected attributes of items, sorted.
    pub(super) of_items: Vec<String>,
    /// The sets of these whose groups are measured list by list.
    pub(super) item_sets: Vec<Vec<String>>,
    /// How much attention places get.
    pub(super) attention: Attention,
    /// Whether buckets are those of clusters, and not of users or lists.
    pub(super) has_clusters: bool,
    /// Down to which places lists are looked at.
    pub(super) cutoffs: Vec<u32>,
    /// The table of all items.
    pub(super) items: Option<Join>,
    /// The files of what users wanted, and of what they had before.
    pub(super) relevant: Option<NamedFile>,
    pub(super) history: Option<NamedFile>,
    pub(super) budget: Budget,
}

/// The slots of a plan that lists are made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Slots {
    pub(crate) list: Option<usize>,
    pub(crate) item: usize,
    pub(crate) user: Option<usize>,
    pub(crate) rank: Option<usize>,
    pub(crate) relevance: Option<usize>,
    pub(crate) popularity: Option<usize>,
    pub(crate) merit: Option<usize>,
    /// What belongs to users: protected attributes, and their cluster if there is one.
    pub(crate) of_users: Vec<usize>,
    /// What belongs to items: protected attributes, and the category.
    pub(crate) of_items: Vec<usize>,
}

/// Each attribute of items by itself, and those that are looked at together.
fn item_sets(roles: &Roles, of_items: &[String]) -> Vec<Vec<String>> {
    let all = of_items.to_vec();
    let together = roles.intersections.iter().chain(roles.intersect_all.then_some(&all));
    let mut sets: Vec<Vec<String>> = of_items.iter().map(|column| vec![column.clone()]).collect();
    for set in together.filter(|set| set.iter().all(|column| of_items.contains(column))) {
        let mut set = set.clone();
        set.sort();
        if !set.is_empty() && !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

impl Settings {
    /// The settings of a policy that has lists; nothing for others.
    pub(crate) fn of(policy: &Policy) -> Option<Self> {
        let roles = &policy.roles;
        let (Some(_), Some(item)) = (&roles.list, &roles.item) else {
            return None;
        };
        let protected = roles.protected.iter();
        let mut of_items: Vec<String> = protected.filter(|name| roles.is_of_items(name)).cloned().collect();
        of_items.sort();
        let is_table_of_items = |join: &&Join| join.side.as_deref() == Some("item") && join.on == *item;
        Some(Self {
            columns: columns(roles),
            item_sets: item_sets(roles, &of_items),
            attention: policy.lists.attention,
            of_items,
            has_clusters: roles.cluster.is_some(),
            cutoffs: policy.lists.cutoffs.clone(),
            items: policy.data.joins.iter().find(is_table_of_items).cloned(),
            relevant: policy.data.relevant.clone(),
            history: policy.data.history.clone(),
            budget: Budget::default(),
        })
    }

    /// The slots that lists are made of; nothing where a plan does not read items, as one that looks for a median.
    pub(crate) fn slots(&self, plan: &Plan) -> Option<Slots> {
        let id = |id| plan.place(&Purpose::Id(id));
        let number = |number| plan.place(&Purpose::Number(number));
        let is_of_items = |slot: &Slot| self.of_items.contains(&slot.name);
        let places = |wanted: &dyn Fn(&Slot) -> bool| {
            let slots = plan.slots.iter().enumerate();
            slots.filter(|(_, slot)| wanted(slot)).map(|(place, _)| place).collect()
        };
        Some(Slots {
            list: id(IdUse::List),
            item: id(IdUse::Item)?,
            user: id(IdUse::User),
            rank: number(NumberUse::Rank),
            relevance: number(NumberUse::Relevance),
            popularity: number(NumberUse::Popularity),
            merit: number(NumberUse::Merit),
            of_users: places(&|slot| match slot.purpose {
                Purpose::Key(Axis::Protected, _) => !is_of_items(slot),
                // Otherwise the bucket is that of the user or list.
                Purpose::Key(Axis::Bucket, _) => self.has_clusters,
                _ => false,
            }),
            of_items: places(&|slot| match slot.purpose {
                Purpose::Key(Axis::Protected, _) => is_of_items(slot),
                Purpose::Key(Axis::Category, _) => true,
                _ => false,
            }),
        })
    }

    /// The column of this role.
    pub(super) fn column(&self, role: &str) -> &str {
        self.columns.get(role).map_or("", String::as_str)
    }

    /// The columns of users and items in a table beside the lists.
    pub(super) fn pair(&self) -> Vec<Slot> {
        let user = if self.columns.contains_key("user") {
            "user"
        } else {
            "list"
        };
        vec![
            Slot::new(self.column(user), Purpose::Id(IdUse::User)),
            Slot::new(self.column("item"), Purpose::Id(IdUse::Item)),
        ]
    }

    /// What says which items users want: a column of the lists speaks of what they show alone.
    pub(super) fn relevance(&self) -> Relevance {
        match () {
            () if self.relevant.is_some() => Relevance::All,
            () if self.columns.contains_key("relevance") => Relevance::Shown,
            () => Relevance::Unknown,
        }
    }

    /// Whether anything says which items users want.
    pub(super) fn knows_relevance(&self) -> bool {
        self.relevance() != Relevance::Unknown
    }
}

fn columns(roles: &Roles) -> BTreeMap<String, String> {
    let given = roles.of_lists().into_iter();
    given
        .filter_map(|(role, column)| Some((role.to_owned(), column?)))
        .collect()
}
