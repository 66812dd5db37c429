//! This module is what groups of items get, in all and without each bucket of users.

use std::collections::BTreeMap;

use super::{Got, ProviderView, Shown};
use crate::attention::Attention;
use crate::lists::provider::{Concentration, Curve, shares};
use crate::policy::Target;

/// Counts by place: shown, wanted, and of how many it is known.
type Places = BTreeMap<u64, [u64; 3]>;

impl ProviderView {
    /// What groups get, in all and without each bucket.
    pub(super) fn got(&self) -> (Result<Got, String>, Vec<Option<Got>>) {
        let groups = self.named.len();
        let parts: Vec<Vec<Places>> = self
            .shown
            .chunk_by(|a, b| a.bucket == b.bucket)
            .map(|shown| places(groups, shown))
            .collect();
        let mut whole = vec![Places::new(); groups];
        for part in &parts {
            for (all, one) in whole.iter_mut().zip(part) {
                for (place, counts) in one {
                    let sum = all.entry(*place).or_default();
                    for (sum, count) in sum.iter_mut().zip(counts) {
                        *sum = sum.saturating_add(*count);
                    }
                }
            }
        }
        let buckets: Vec<Option<u32>> = self
            .shown
            .chunk_by(|a, b| a.bucket == b.bucket)
            .map(|shown| shown[0].bucket)
            .collect();
        let curve = match curve(self.settings.attention, &whole) {
            Ok(curve) => curve,
            Err(why) => return (Err(why), Vec::new()),
        };
        let all = Counted::of(&whole);
        let of_all = Got {
            wanted: self.wanted(None).unwrap_or_else(|| all.wanted.clone()),
            ..summed(&curve, &whole)
        };
        let without = buckets.into_iter().zip(&parts).map(|(bucket, part)| {
            // The clicks of the others say something else of places.
            let rest = if self.settings.attention == Attention::Clicks {
                let rest = less(&whole, part);
                summed(&curve_of(&rest).ok()?, &rest)
            } else {
                less_sums((&of_all, &all), (&summed(&curve, part), &Counted::of(part)))
            };
            let taken = self.wanted(Some(bucket)).unwrap_or_else(|| Counted::of(part).wanted);
            Some(Got {
                wanted: of_all.wanted.iter().zip(taken).map(|(all, one)| all - one).collect(),
                ..rest
            })
        });
        let without = without.collect();
        (Ok(of_all), without)
    }

    /// How many items of each group users wanted, in all or in one bucket, if a table says that.
    fn wanted(&self, bucket: Option<Option<u32>>) -> Option<Vec<f64>> {
        let sum = |group: usize| {
            self.tallied
                .get(&self.wanted_key(group))
                .map_or(0.0, |tallied| match bucket {
                    None => tallied.sum,
                    Some(bucket) => tallied.parts.get(&bucket).map_or(0.0, |part| part.1),
                })
        };
        self.has_wanted.then(|| (0..self.named.len()).map(sum).collect())
    }

    /// The share that each group should have, or why that is not known.
    pub(super) fn targets(&self, target: Target, got: &Got) -> Result<Vec<f64>, String> {
        let of_stock = |value: fn(&super::Stocked) -> f64| self.stock.iter().map(value).collect::<Vec<f64>>();
        let (parts, why_not) = match target {
            Target::Catalogue => (
                of_stock(|stock| stock.items as f64),
                "there are no items to choose from",
            ),
            Target::Sales if !self.has_popularity => {
                return Err("no column says how often items were sold or wanted".to_owned());
            }
            Target::Sales => (of_stock(|stock| stock.popularity), "nothing was sold or wanted so far"),
            Target::Merit if !self.has_merit => return Err("no column says how good items are".to_owned()),
            Target::Merit => (of_stock(|stock| stock.merit), "the items have no merit"),
            Target::Relevance if !self.has_relevance && !self.has_wanted => {
                return Err("nothing says which items users wanted".to_owned());
            }
            Target::Relevance => (got.wanted.clone(), "users wanted nothing"),
            Target::Shares => return self.written_shares(),
        };
        // Merit may be negative, and then there are no shares of it.
        if parts.iter().any(|part| *part < 0.0) {
            return Err("the target adds up parts below 0".to_owned());
        }
        shares(&parts).ok_or_else(|| why_not.to_owned())
    }

    /// The shares that the policy writes down; a group that it leaves out has none.
    fn written_shares(&self) -> Result<Vec<f64>, String> {
        let [column] = self.by.as_slice() else {
            return Err("the policy gives shares of single columns only".to_owned());
        };
        let written = self.settings.shares.get(column);
        let written = written.ok_or_else(|| "the policy gives no shares of this column".to_owned())?;
        let share = |named: &super::Named| {
            let name = named.group.get(column).and_then(Option::as_ref)?;
            written.get(name).copied()
        };
        Ok(self.named.iter().map(|named| share(named).unwrap_or(0.0)).collect())
    }

    /// What of a catalogue is seen; only a table of all items knows what is not.
    pub(super) fn concentration(&self) -> Result<&Concentration, String> {
        let found = self.concentration.as_ref();
        found.ok_or_else(|| "nothing was shown".to_owned())
    }
}

fn places(groups: usize, shown: &[Shown]) -> Vec<Places> {
    let mut found = vec![Places::new(); groups];
    for shown in shown {
        let counts = found[shown.group].entry(shown.place).or_default();
        let more = [
            shown.n,
            if shown.relevant == Some(true) { shown.n } else { 0 },
            if shown.relevant.is_some() { shown.n } else { 0 },
        ];
        for (count, more) in counts.iter_mut().zip(more) {
            *count = count.saturating_add(more);
        }
    }
    found
}

fn curve(attention: Attention, all: &[Places]) -> Result<Curve, String> {
    Curve::new(attention).map_or_else(|| curve_of(all), Ok)
}

fn curve_of(all: &[Places]) -> Result<Curve, String> {
    Curve::of_clicks(all.iter().flat_map(|places| {
        places
            .iter()
            .map(|(place, [_, clicked, known])| (*place, *clicked, *known))
    }))
}

fn summed(curve: &Curve, groups: &[Places]) -> Got {
    let sum = |which: usize| {
        let of_group = |places: &Places| {
            let weighted = places
                .iter()
                .map(|(place, counts)| counts[which] as f64 * curve.weight(*place));
            // The sum of nothing is -0, which would be printed.
            weighted.sum::<f64>() + 0.0
        };
        groups.iter().map(of_group).collect()
    };
    Got {
        exposure: sum(0),
        worth: sum(1),
        wanted: Vec::new(),
    }
}

/// How many items are shown, and how many of these are wanted, by group.
struct Counted {
    shown: Vec<f64>,
    wanted: Vec<f64>,
}

impl Counted {
    fn of(groups: &[Places]) -> Self {
        let counts = |which: usize| {
            let of_group = |places: &Places| places.values().map(|counts| counts[which] as f64).sum();
            groups.iter().map(of_group).collect()
        };
        Self {
            shown: counts(0),
            wanted: counts(1),
        }
    }
}

fn less(whole: &[Places], part: &[Places]) -> Vec<Places> {
    let mut rest = whole.to_vec();
    for (rest, part) in rest.iter_mut().zip(part) {
        for (place, counts) in part {
            if let Some(left) = rest.get_mut(place) {
                for (left, count) in left.iter_mut().zip(counts) {
                    *left = left.saturating_sub(*count);
                }
            }
        }
        rest.retain(|_, counts| counts[0] > 0);
    }
    rest
}

/// The difference of sums; exactly 0 where nothing is left, which rounding would hide.
fn less_sums((all, in_all): (&Got, &Counted), (part, in_part): (&Got, &Counted)) -> Got {
    let rest = |sums: [&[f64]; 2], counts: [&[f64]; 2]| {
        let left = counts[0].iter().zip(counts[1]).map(|(all, part)| all > part);
        let rest = sums[0].iter().zip(sums[1]).map(|(all, part)| all - part);
        rest.zip(left)
            .map(|(rest, is_left)| if is_left { rest } else { 0.0 })
            .collect()
    };
    Got {
        exposure: rest([&all.exposure, &part.exposure], [&in_all.shown, &in_part.shown]),
        worth: rest([&all.worth, &part.worth], [&in_all.wanted, &in_part.wanted]),
        wanted: Vec::new(),
    }
}
