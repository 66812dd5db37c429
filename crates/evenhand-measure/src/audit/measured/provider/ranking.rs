//! This module tests the order of a list against chance.
//!
//! Only one list can be tested so. Several lists of one recommender show the same items for the same reasons; their
//! p-values depend on each other in a way that the data do not say, so that combining them, or calling many rejections
//! proof, would claim too much. With several lists the exposure is tested, whose error is that of other users.

use super::{ProviderView, Shown};
use crate::audit::model::{GroupKind, NamedTest};
use crate::inference::prefixes::{Drawing, LONGEST};
use crate::inference::relabelling::{Item, relabel};
use crate::lists::provider::Curve;
use crate::policy::Target;

impl ProviderView {
    pub(super) fn rankings(&self) -> Vec<NamedTest> {
        if self.lists != 1 {
            return Vec::new();
        }
        let mut list: Vec<&Shown> = self.shown.iter().collect();
        list.sort_by_key(|shown| shown.place);
        if list.iter().any(|shown| shown.n != 1) {
            return Vec::new();
        }
        let judged = (0..self.named.len()).filter(|group| self.named[*group].kind == GroupKind::Judged);
        judged
            .flat_map(|group| {
                [
                    self.finite(group, &list),
                    self.fair(group, &list),
                    self.relabelled(group, &list),
                ]
            })
            .flatten()
            .collect()
    }

    fn test(&self, id: &str, group: usize) -> NamedTest {
        NamedTest {
            id: id.to_owned(),
            rate: "exposure-share".to_owned(),
            by: self.by.clone(),
            group: self.named[group].group.clone(),
            reference: None,
            within: self.within.clone(),
            ..NamedTest::default()
        }
    }

    /// Against lists drawn from the catalogue.
    fn finite(&self, group: usize, list: &[&Shown]) -> Option<NamedTest> {
        let items = self.stock.iter().map(|stock| stock.items).sum();
        let drawing = Drawing::Catalogue {
            of_group: self.stock[group].items,
            items,
        };
        Some(self.prefixes("finite-prefixes", drawing, group, list))
    }

    /// Against the share that the policy writes down, where it is the target.
    fn fair(&self, group: usize, list: &[&Shown]) -> Option<NamedTest> {
        if self.target != Target::Shares {
            return None;
        }
        let share = *self
            .targets(Target::Shares, self.whole.as_ref().ok()?)
            .ok()?
            .get(group)?;
        Some(self.prefixes("fair-prefixes", Drawing::Share(share), group, list))
    }

    fn prefixes(&self, id: &str, drawing: Drawing, group: usize, list: &[&Shown]) -> NamedTest {
        let ranking: Vec<bool> = list.iter().map(|shown| shown.group == group).collect();
        let test = self.test(id, group);
        match drawing.test(&ranking) {
            Some(tested) => NamedTest {
                statistic: Some(tested.smallest),
                p: Some(tested.p),
                note: Some(format!(
                    "one-sided: too few of the group, most of all among the first {}; the chance is over all prefixes",
                    tested.at
                )),
                ..test
            },
            None => NamedTest {
                not_computed: Some(if ranking.len() > LONGEST {
                    format!("the list has more than {LONGEST} places")
                } else {
                    "the list cannot have been drawn so: it has items that the catalogue lacks, or the share is 0 or 1"
                        .to_owned()
                }),
                ..test
            },
        }
    }

    /// Against other items of the same category being the group's.
    fn relabelled(&self, group: usize, list: &[&Shown]) -> Option<NamedTest> {
        let curve = Curve::new(self.settings.attention)?;
        let item = |shown: &&Shown| Item {
            got: curve.weight(shown.place),
            of_group: shown.group == group,
            category: shown.category.map_or(0, |category| category as usize + 1),
        };
        let items: Vec<Item> = list.iter().map(item).collect();
        let test = self.test("relabelling", group);
        Some(match relabel(&items, self.draws, self.seed) {
            Some(found) => NamedTest {
                statistic: Some(found.as_little),
                p: Some(found.as_far),
                note: Some(if found.is_exact {
                    format!(
                        "all {} arrangements of the labels within categories",
                        found.arrangements
                    )
                } else {
                    format!(
                        "{} arrangements of the labels within categories, drawn with a seed",
                        found.arrangements
                    )
                }),
                ..test
            },
            None => NamedTest {
                not_computed: Some("there is only one arrangement of the labels".to_owned()),
                ..test
            },
        })
    }
}
