//! This module is what of a policy decides how rows become lists.

use std::collections::BTreeMap;

use evenhand_measure::Policy;
use evenhand_measure::policy::{Join, Roles};
use evenhand_measure::tally::Axis;

use super::entries::Budget;
use crate::plan::{IdUse, NumberUse, Plan, Purpose, Slot, Texts};

/// How rows become lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// The columns by role.
    pub(super) columns: BTreeMap<String, String>,
    /// The protected attributes of items.
    pub(super) names_of_items: Vec<String>,
    /// What belongs to users: protected attributes, and their cluster if there is one.
    pub(super) of_users: Vec<Slot>,
    /// What belongs to items: protected attributes, and the category.
    pub(super) of_items: Vec<Slot>,
    pub(super) popularity: Option<Slot>,
    pub(super) merit: Option<Slot>,
    pub(super) texts: Texts,
    /// Down to which places lists are looked at.
    pub(super) cutoffs: Vec<u32>,
    /// The table of all items.
    pub(super) items: Option<Join>,
    /// The files of what users wanted, and of what they had before.
    pub(super) relevant: Option<String>,
    pub(super) history: Option<String>,
    pub(super) budget: Budget,
}

impl Settings {
    /// The settings of a plan that reads lists; nothing for others.
    pub(crate) fn of(policy: &Policy, plan: &Plan) -> Option<Self> {
        let roles = &policy.roles;
        let (Some(_), Some(item)) = (&roles.list, &roles.item) else {
            return None;
        };
        let is_of_items = |slot: &&Slot| match &slot.purpose {
            Purpose::Key(Axis::Category, _) => true,
            Purpose::Key(Axis::Protected, _) | Purpose::Parted(Axis::Protected, _) => roles.is_of_items(&slot.name),
            _ => false,
        };
        let is_of_users = |slot: &&Slot| match &slot.purpose {
            Purpose::Key(Axis::Protected, _) | Purpose::Parted(Axis::Protected, _) => !roles.is_of_items(&slot.name),
            // Otherwise the bucket is that of the user or list.
            Purpose::Key(Axis::Bucket, _) => roles.cluster.is_some(),
            _ => false,
        };
        let number = |number| {
            let slot = plan.slots.iter().find(|slot| slot.purpose == Purpose::Number(number));
            slot.cloned()
        };
        let of_items: Vec<Slot> = plan.slots.iter().filter(is_of_items).cloned().collect();
        let mut names: Vec<String> = of_items.iter().map(|slot| slot.name.clone()).collect();
        names.retain(|name| roles.protected.contains(name));
        names.sort();
        let is_table_of_items = |join: &&Join| join.side.as_deref() == Some("item") && join.on == *item;
        Some(Self {
            columns: columns(roles),
            names_of_items: names,
            of_users: plan.slots.iter().filter(is_of_users).cloned().collect(),
            of_items,
            popularity: number(NumberUse::Popularity),
            merit: number(NumberUse::Merit),
            texts: plan.texts.clone(),
            cutoffs: policy.lists.cutoffs.clone(),
            items: policy.data.joins.iter().find(is_table_of_items).cloned(),
            relevant: policy.data.relevant.clone(),
            history: policy.data.history.clone(),
            budget: Budget::default(),
        })
    }

    /// The columns of users and items in a table beside the lists.
    pub(super) fn pair(&self) -> Vec<Slot> {
        let user = self.columns.get("user").or(self.columns.get("list"));
        let named = |column: Option<&String>, id| {
            Slot::new(column.map_or("", String::as_str), Purpose::Id(id))
        };
        vec![named(user, IdUse::User), named(self.columns.get("item"), IdUse::Item)]
    }

    /// Whether anything says which items users want.
    pub(super) fn knows_relevance(&self) -> bool {
        self.columns.contains_key("relevance") || self.relevant.is_some()
    }
}

fn columns(roles: &Roles) -> BTreeMap<String, String> {
    let columns = [
        ("list", &roles.list),
        ("item", &roles.item),
        ("rank", &roles.rank),
        ("user", &roles.user),
        ("relevance", &roles.relevance),
        ("category", &roles.category),
        ("merit", &roles.merit),
        ("popularity", &roles.popularity),
    ];
    let given = columns.into_iter();
    given
        .filter_map(|(role, column)| Some((role.to_owned(), column.clone()?)))
        .collect()
}
