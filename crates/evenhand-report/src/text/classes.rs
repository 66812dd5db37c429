//! This module is the table of decisions with more than two values: the share of each group that gets each of them.

use evenhand_measure::audit::model::{Audit, GroupRates, Value};

use super::groups::Groups;
use super::interval_confidence;
use crate::arrange::Page;
use crate::numbers::{count, percent};
use crate::words;

/// Values of the decision that have a column.
const COLUMNS: usize = 6;

/// The rate that is shown of each.
const SHOWN: &str = "selection-rate";

/// The table of one set of groups.
pub(crate) struct Classes<'a> {
    events: Vec<&'a str>,
    left: usize,
}

/// The table of several events; nothing where a decision has one event only.
pub(crate) fn classes<'a>(audit: &'a Audit, set: &Groups<'_>) -> Option<Classes<'a>> {
    let has = |event: &&str| {
        let key = key(event);
        set.groups.iter().any(|group| group.values.contains_key(&key))
    };
    let mut events: Vec<&str> = words::classes::events(audit).into_iter().filter(has).collect();
    let left = events.len().saturating_sub(COLUMNS);
    events.truncate(COLUMNS);
    (!events.is_empty()).then_some(Classes { events, left })
}

fn key(event: &str) -> String {
    format!("{SHOWN}@{event}")
}

impl Classes<'_> {
    pub(crate) fn legend(&self, audit: &Audit, wide: bool) -> String {
        let column = audit.roles.prediction.as_ref();
        let column = column.map_or_else(|| "the decision".to_owned(), |column| words::name(&column.column));
        let mut text = format!("The share of each group for which {column} is what stands at the head of the column.");
        if let Some(confidence) = interval_confidence(audit).filter(|_| wide) {
            text.push_str(&format!(" In parentheses: {confidence} interval."));
        }
        if self.left > 0 {
            let more = words::plural(self.left as u64, "more value");
            text.push_str(&format!(" … and {more}; --format json has all."));
        }
        text
    }

    pub(crate) fn header(&self) -> Vec<String> {
        let events = self.events.iter().map(|event| words::name(event));
        ["Group".to_owned(), "Rows".to_owned()]
            .into_iter()
            .chain(events)
            .collect()
    }

    pub(crate) fn right(&self) -> Vec<bool> {
        (0..self.events.len() + 2).map(|column| column > 0).collect()
    }

    /// The row of one group; `wide` says whether there is room for intervals.
    pub(crate) fn row(&self, set: &Groups<'_>, group: &GroupRates, wide: bool) -> Vec<String> {
        let cell = |event: &&str| match group.values.get(&key(event)) {
            Some(Value::Share(share)) if wide => {
                let ends = [share.lower, share.upper].map(percent);
                format!(
                    "{} ({} to {})",
                    percent(share.point),
                    ends[0].trim_end_matches('%'),
                    ends[1].trim_end_matches('%')
                )
            }
            Some(Value::Share(share)) => percent(share.point),
            Some(Value::Number { point, .. }) => percent(*point),
            Some(Value::Undefined { .. }) => "–".to_owned(),
            None => String::new(),
        };
        let name = words::group_with_kind(set.by, &group.group, group.kind);
        [name, count(group.n)]
            .into_iter()
            .chain(self.events.iter().map(cell))
            .collect()
    }
}

/// Prints the table of a set, where there is one; says whether there was.
pub(super) fn print(page: &mut Page, audit: &Audit, set: &Groups<'_>, shown: &[&GroupRates]) -> bool {
    let Some(table) = classes(audit, set) else {
        return false;
    };
    let rows = |wide: bool| -> Vec<Vec<String>> {
        let groups = shown.iter().copied().chain(set.overall);
        groups.map(|group| table.row(set, group, wide)).collect()
    };
    let (header, right) = (table.header(), table.right());
    let wide = page.fits(&header, &rows(true), &right);
    page.paragraph(&table.legend(audit, wide), 0, 0);
    page.table(&header, &rows(wide), &right);
    true
}
