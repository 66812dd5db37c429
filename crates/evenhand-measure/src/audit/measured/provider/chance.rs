//! This module is how far it may be chance which items are a group's: items differ in how often they are shown, and a few
//! that are wanted by everybody make a group look favoured.
//!
//! The catalogue is taken for a sample of what could be offered. What lists give to a group for its target share is then a
//! ratio of two sums over its items, whose error follows from how unevenly they are shown (Cochran 1977, section 6.4). How
//! often an item is shown stands for the attention that it gets: the models of attention come after counting.

use std::collections::BTreeMap;

use super::ProviderView;
use crate::audit::model::Group;
use crate::inference::estimate::Spread;
use crate::policy::Target;
use crate::tally::{Axis, Lists};

/// How unevenly few items are shown says little of how unevenly such items are: below so many, a group is taken to be as
/// uneven as all are together, if that is more.
const FEW: f64 = 50.0;

/// How often the items of a group were shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uneven {
    shown: f64,
    squares: f64,
    /// The same beside how often they were wanted so far, and how good they are: the sum of what is known, that of its
    /// squares, and that of its products with the times shown.
    popularity: [f64; 3],
    merit: [f64; 3],
}

/// How often the items of each group were shown; `None` where the tally does not say whose they are.
pub(super) fn uneven(lists: &Lists, by: &[String], names: &[&Group]) -> Option<Vec<Uneven>> {
    let dimensions = lists.catalogue.dimensions();
    let place = |column: &String| {
        let same = |d: &crate::tally::Dimension| d.role == Axis::Protected && d.column == *column;
        dimensions.iter().position(same)
    };
    let places: Vec<usize> = by.iter().map(place).collect::<Option<_>>()?;
    let group_of: BTreeMap<&Group, usize> = names.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let mut uneven = vec![Uneven::default(); names.len()];
    for item in &lists.times_shown {
        let text = |place: &usize| Some(item.groups.get(*place)?.text().map(str::to_owned));
        let texts: Vec<Option<String>> = places.iter().map(text).collect::<Option<_>>()?;
        let name: Group = by.iter().cloned().zip(texts).collect();
        // A text that the policy takes for missing is a group by another name.
        let Some(&group) = group_of.get(&name) else { continue };
        let of = &mut uneven[group];
        let times = item.times as f64;
        of.shown += times;
        of.squares += times * times;
        for (sums, value) in [(&mut of.popularity, item.popularity), (&mut of.merit, item.merit)] {
            let value = value.unwrap_or(0.0);
            sums[0] += value;
            sums[1] += value * value;
            sums[2] += value * times;
        }
    }
    Some(uneven)
}

impl ProviderView {
    /// The variance of the logarithm of what a group gets for its target share, from the choice of its items, and the
    /// degrees of freedom of it. Nothing where the tally does not say how often each of its items was shown, or where the
    /// target is what users wanted, which goes up and down with how often items are shown.
    fn of_items(&self, target: Target, group: usize) -> Option<(f64, f64)> {
        let n = self.stock[group].items as f64;
        let all = self.variation(target, 0..self.stock.len())?;
        if n < 2.0 {
            return Some((f64::INFINITY, 1.0));
        }
        let own = self.variation(target, [group].into_iter())?;
        let relative = if n < FEW { own.max(all) } else { own };
        Some((relative / n, n - 1.0))
    }

    /// The squared coefficient of variation of how often items are shown for what they should be.
    fn variation(&self, target: Target, groups: impl Iterator<Item = usize> + Clone) -> Option<f64> {
        let uneven = self.uneven.as_ref()?;
        let sum = |of: &dyn Fn(usize) -> f64| groups.clone().map(of).sum::<f64>();
        let n = sum(&|group| self.stock[group].items as f64);
        let shown = sum(&|group| uneven[group].shown);
        let squares = sum(&|group| uneven[group].squares);
        let beside = |of: fn(&Uneven) -> [f64; 3]| {
            let all = [0, 1, 2].map(|place| sum(&|group| of(&uneven[group])[place]));
            (all[0] > 0.0).then_some(all)
        };
        // The sum of (t / T - x / X)^2 over items, x being 1 where each counts alike.
        let relative = match target {
            Target::Catalogue | Target::Shares => squares / (shown * shown) - 1.0 / n,
            Target::Sales | Target::Merit => {
                let [x, xx, tx] = beside(if target == Target::Sales {
                    |u| u.popularity
                } else {
                    |u| u.merit
                })?;
                squares / (shown * shown) - 2.0 * tx / (shown * x) + xx / (x * x)
            }
            Target::Relevance => return None,
        };
        (shown > 0.0 && n > 1.0 && relative.is_finite()).then(|| relative.max(0.0) * n * n / (n - 1.0))
    }

    /// The error of a comparison of groups, with that of the choice of their items added; each with the weight that its
    /// logarithm has in what is compared.
    pub(super) fn with_items(
        &self,
        target: Target,
        spread: Result<Spread, String>,
        groups: &[(usize, f64)],
    ) -> Result<Spread, String> {
        let spread = spread?;
        let mut variance = spread.se * spread.se;
        let mut doubt = variance * variance / spread.freedom;
        for (group, weight) in groups {
            let Some((of_items, freedom)) = self.of_items(target, *group) else {
                continue;
            };
            if of_items.is_infinite() {
                return Err(
                    "a group has a single item, so nothing says whether it is the group or the item that gets so much"
                        .to_owned(),
                );
            }
            let part = of_items * weight * weight;
            variance += part;
            doubt += part * part / freedom;
        }
        Ok(Spread {
            se: variance.sqrt(),
            // Welch (1947) and Satterthwaite (1946).
            freedom: variance * variance / doubt,
        })
    }
}

#[cfg(test)]
#[path = "chance_tests.rs"]
mod tests;
