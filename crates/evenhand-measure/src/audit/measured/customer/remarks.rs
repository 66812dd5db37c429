//! This module is what a reader has to know of users without a value.

use super::{CustomerView, Of, Units};
use crate::audit::measured::Named;
use crate::audit::model::{Note, Severity};
use crate::lists::customer::{CUT, Relevance};
use crate::problem::thousands;

/// So many groups are named in a note.
const MOST_NAMED: usize = 8;

impl CustomerView {
    pub(super) fn remarks(&self) -> Vec<Note> {
        let (rule, wanted, values) = match self.relevance {
            Relevance::Unknown => (None, "", ""),
            Relevance::Shown => (
                Some(note(
                    "relevance-of-shown",
                    Severity::Warning,
                    "what users wanted is known of the items shown alone: who wanted none of them counts as 0 in hit rate, \
                     precision and reciprocal rank, NDCG judges the order of what was shown, and recall has no value"
                        .to_owned(),
                    Some("give what users wanted later, shown or not, with --relevant FILE"),
                )),
                "wanted nothing that they were shown, or of whom that is not known,",
                "NDCG",
            ),
            Relevance::All => (
                Some(note(
                    "relevance-of-all",
                    Severity::Info,
                    "a file says what users wanted, shown or not: who wanted nothing is left out of NDCG, hit rate, precision, \
                     recall and reciprocal rank, and counted"
                        .to_owned(),
                    None,
                )),
                "want no item",
                "NDCG, precision, recall, hit or reciprocal rank",
            ),
        };
        let mut notes: Vec<Note> = rule.into_iter().collect();
        if self.relevance != Relevance::Unknown {
            let keys = self.cutoffs().first().map(|k| format!("{}@{k}", CUT[0]));
            notes.extend(keys.and_then(|key| {
                let (who, is_all) = self.without(&key)?;
                Some(note(
                    "no-relevant-item",
                    if is_all { Severity::Warning } else { Severity::Info },
                    format!("users who {wanted} are counted and not taken for 0, as they have no {values}: {who}"),
                    // A file whose ids are written otherwise wants nothing of anybody.
                    is_all.then_some("that is everybody: check that users and items are written in all files alike"),
                ))
            }));
        }
        notes.extend(self.relevance_unknown());
        if self.values.contains_key("narrowing") {
            notes.extend(self.without("narrowing").map(|(who, _)| {
                note(
                    "no-history",
                    Severity::Info,
                    format!(
                        "users who have no history are counted and not taken for 0, as nothing says how narrow their lists \
                         are beside it: {who}"
                    ),
                    None,
                )
            }));
        }
        notes
    }

    /// Rows of lists that do not say whether the item was wanted.
    fn relevance_unknown(&self) -> Option<Note> {
        let counted = self
            .named
            .iter()
            .zip(&self.unknown)
            .map(|(named, (without, all))| (named, *without, *all));
        let who = listed(counted)?;
        (self.relevance == Relevance::Shown).then(|| {
            note(
                "relevance-unknown",
                Severity::Warning,
                format!(
                    "of some items shown it is not known whether they were wanted: they count as not wanted, and a list of \
                     which nothing is known has no value: {who}"
                ),
                Some("a group with more of them looks worse served: fill them in, or leave these lists out"),
            )
        })
    }

    /// How many users of each group have no value of a measure, if any, and whether all of them have none.
    fn without(&self, key: &str) -> Option<(String, bool)> {
        let known = Of {
            function: |sums: &[f64]| Some(sums[0]),
            undefined: "",
            is_share: false,
        };
        let nobody = Units::default();
        let split = self.values.get(key);
        let counts: Vec<(&Named, u64, u64)> = self
            .named
            .iter()
            .enumerate()
            .map(|(index, named)| {
                let units = split.and_then(|split| split.groups.get(index)).unwrap_or(&nobody);
                let known = units.point(&known).unwrap_or(0.0) as u64;
                (named, named.rows.saturating_sub(known), named.rows)
            })
            .collect();
        let is_all = counts.iter().all(|(_, without, all)| without == all);
        Some((listed(counts)?, is_all))
    }
}

/// Groups with how many of how many there are, for those that have any.
fn listed<'a>(counts: impl IntoIterator<Item = (&'a Named, u64, u64)>) -> Option<String> {
    let some = counts.into_iter().filter(|(_, some, _)| *some > 0);
    let mut found: Vec<String> = some
        .map(|(named, some, all)| {
            let names = named.group.values().map(|text| text.as_deref().unwrap_or("missing"));
            let name = names.collect::<Vec<&str>>().join(", ");
            format!("{} of {} in `{name}`", thousands(some), thousands(all))
        })
        .collect();
    let more = found.len().saturating_sub(MOST_NAMED);
    found.truncate(MOST_NAMED);
    if more > 0 {
        found.push(format!("and some in {more} more groups"));
    }
    (!found.is_empty()).then(|| found.join("; "))
}

fn note(code: &str, severity: Severity, message: String, help: Option<&str>) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: help.map(str::to_owned),
    }
}
