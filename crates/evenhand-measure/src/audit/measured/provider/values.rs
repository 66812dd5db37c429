//! This module is the functions of the measures of groups of items.

use std::collections::{BTreeMap, BTreeSet};

use super::{Got, JACKKNIFE, OVER_ITEMS, ProviderView};
use crate::audit::measured::{Found, never};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Scale, jackknife_of};
use crate::lists::provider::{
    ATTENTION_GAP, Concentration, LIST_AWRF, NDKL, NoSkew, PAIRS_BETWEEN, PAIRS_WITHIN, TAIL_ITEMS, TAIL_SHARE, awrf,
    divergence, gap, group_spread, key, ratio, shares, skew, under,
};
use crate::policy::Target;

type Values = Vec<(Option<String>, Found)>;

/// A setting, and a property of how items are shown.
type OfItems<'a> = (Option<&'a str>, fn(&Concentration) -> Option<f64>);

/// Targets that values are given for beside the one that is judged.
const TARGETS: [Target; 4] = [Target::Catalogue, Target::Relevance, Target::Sales, Target::Merit];

fn one(found: Found) -> Values {
    vec![(None, found)]
}

fn bare(found: Result<f64, String>) -> Values {
    one(found.map(|point| {
        Estimate::bare(
            point,
            Scale::Linear,
            "it is a description of what was shown, not an estimate",
        )
    }))
}

impl ProviderView {
    /// An estimate from what groups get, with its error from leaving out each bucket.
    fn estimate(&self, scale: Scale, why_not: &str, value: impl Fn(&Got) -> Option<f64>) -> Found {
        let point = value(self.whole.as_ref().map_err(Clone::clone)?).ok_or_else(|| why_not.to_owned())?;
        if scale == Scale::Log && point == 0.0 {
            return Ok(Estimate::bare(0.0, scale, "none of its items got any attention"));
        }
        let on_scale = |value: f64| if scale == Scale::Log { value.ln() } else { value };
        let without = self.without.iter().map(|got| Some(on_scale(value(got.as_ref()?)?)));
        Ok(Estimate {
            point,
            scale,
            spread: jackknife_of(without),
            method: JACKKNIFE,
        })
    }

    /// The share of the attention of a group over its target share.
    fn ratio_to(&self, target: Target, group: usize) -> Found {
        let whole = self.whole.as_ref().map_err(Clone::clone)?;
        if self.targets(target, whole)?[group] <= 0.0 {
            return Err("the target share of the group is 0".to_owned());
        }
        if self.is_never_seen(group, whole) {
            return Ok(never::shown(
                self.without.len(),
                1.0 / self.targets(target, whole)?[group],
            ));
        }
        let found = self.estimate(Scale::Log, "no list gives any attention", |got| {
            ratio(shares(&got.exposure)?[group], self.targets(target, got).ok()?[group])
        })?;
        // A share is of all: what the other groups get changes it as well.
        let shares = shares(&whole.exposure).unwrap_or_default();
        let weight = |other: usize| {
            if other == group {
                1.0 - shares[other]
            } else {
                shares[other]
            }
        };
        let seen = (0..shares.len()).filter(|other| shares[*other] > 0.0);
        let weights: Vec<(usize, f64)> = seen.map(|other| (other, weight(other))).collect();
        Ok(self.over_items(target, found, &weights))
    }

    /// The same estimate with the error of the choice of items.
    fn over_items(&self, target: Target, estimate: Estimate, groups: &[(usize, f64)]) -> Estimate {
        if self.uneven.is_none() || target == Target::Relevance {
            return estimate;
        }
        Estimate {
            spread: self.with_items(target, estimate.spread, groups),
            method: OVER_ITEMS,
            ..estimate
        }
    }

    /// Whether lists give no attention to the group, and some to others.
    fn is_never_seen(&self, group: usize, whole: &Got) -> bool {
        whole.exposure[group] <= 0.0 && whole.exposure.iter().any(|exposure| *exposure > 0.0)
    }

    /// The ratios of two groups against each other.
    fn compare_to(&self, target: Target, group: usize, reference: usize, comparison: Comparison) -> Found {
        let whole = self.whole.as_ref().map_err(Clone::clone)?;
        let targets = self.targets(target, whole)?;
        if targets[group] <= 0.0 || targets[reference] <= 0.0 {
            return Err("the target share of one of the two groups is 0".to_owned());
        }
        if comparison == Comparison::Difference {
            return self.estimate(Scale::Linear, "no list gives any attention", |got| {
                let (shares, targets) = (shares(&got.exposure)?, self.targets(target, got).ok()?);
                Some(ratio(shares[group], targets[group])? - ratio(shares[reference], targets[reference])?)
            });
        }
        // The share of the group that is seen, so low that the ratio is as close to 1 as these data allow.
        let buckets = self.without.len();
        let least = |group: usize| Ok::<f64, String>(never::least(&self.share(group)?, buckets));
        match [group, reference].map(|group| whole.exposure[group] <= 0.0) {
            [true, true] => return Err("neither of the two groups got any attention".to_owned()),
            [true, false] => {
                return Ok(never::shown(
                    buckets,
                    targets[reference] / targets[group] / least(reference)?,
                ));
            }
            [false, true] => {
                return Ok(never::against(
                    buckets,
                    targets[group] / targets[reference] / least(group)?,
                ));
            }
            [false, false] => {}
        }
        let found = self.estimate(Scale::Log, "no list gives any attention", |got| {
            let targets = self.targets(target, got).ok()?;
            let of = |group: usize| ratio(got.exposure[group], targets[group]);
            Some(of(group)? / of(reference).filter(|other| *other > 0.0)?)
        })?;
        Ok(self.over_items(target, found, &[(group, 1.0), (reference, 1.0)]))
    }

    /// Values of all lists that rest on the groups of this set of attributes. Where there are other sets, their keys name
    /// it: `ndkl@item.region` and `ndkl@pooled of item.region`.
    fn of_this_set(&self, values: Values) -> Values {
        if !self.has_others {
            return values;
        }
        let set = self.by.join("+");
        let named =
            |setting: Option<String>| setting.map_or_else(|| set.clone(), |setting| format!("{setting} of {set}"));
        values
            .into_iter()
            .map(|(setting, found)| (Some(named(setting)), found))
            .collect()
    }

    /// Merit as a column says it; else what users wanted.
    fn merit(&self) -> Target {
        if self.has_merit {
            Target::Merit
        } else {
            Target::Relevance
        }
    }

    pub(crate) fn exposure_share(&self, group: Option<usize>) -> Values {
        let Some(group) = group else { return Vec::new() };
        one(self.share(group))
    }

    /// The share of the attention of a group.
    fn share(&self, group: usize) -> Found {
        if self.is_never_seen(group, self.whole.as_ref().map_err(Clone::clone)?) {
            return Ok(never::shown(self.without.len(), 1.0));
        }
        self.estimate(Scale::Linear, "no list gives any attention", |got| {
            Some(shares(&got.exposure)?[group])
        })
    }

    pub(crate) fn exposure_ratio(&self, group: Option<usize>) -> Values {
        let Some(group) = group else { return Vec::new() };
        let others = TARGETS
            .into_iter()
            .map(|target| (Some(target.to_string()), self.ratio_to(target, group)));
        // What nothing is known for need not be said of every group.
        let known = others.filter(|(_, found)| found.is_ok());
        std::iter::once((None, self.ratio_to(self.target, group)))
            .chain(known)
            .collect()
    }

    pub(crate) fn compare_exposure_ratio(&self, group: usize, reference: usize, comparison: Comparison) -> Found {
        self.compare_to(self.target, group, reference, comparison)
    }

    pub(crate) fn exposure_per_item(&self, group: Option<usize>) -> Values {
        let Some(group) = group else { return Vec::new() };
        let found = self.whole.as_ref().map_err(Clone::clone).and_then(|got| {
            let items = self.stock[group].items;
            let each = (items > 0 && self.lists > 0).then(|| got.exposure[group] / items as f64 / self.lists as f64);
            each.ok_or_else(|| "none of its items is known".to_owned())
        });
        bare(found)
    }

    pub(crate) fn exposure_gap(&self, group: Option<usize>) -> Values {
        if group.is_some() {
            return Vec::new();
        }
        let each: Result<Vec<f64>, String> = (0..self.named.len())
            .filter(|group| self.stock[*group].items > 0)
            .filter_map(|group| self.exposure_per_item(Some(group)).pop())
            .map(|(_, found)| found.map(|estimate| estimate.point))
            .collect();
        let found = each.and_then(|each| gap(&each).ok_or_else(|| "there is only one group".to_owned()));
        self.of_this_set(bare(found))
    }

    pub(crate) fn exposure_merit_ratio(&self, group: Option<usize>) -> Values {
        let group = group.filter(|_| self.has_merit);
        group.map_or_else(Vec::new, |group| one(self.ratio_to(Target::Merit, group)))
    }

    pub(crate) fn compare_exposure_merit_ratio(&self, group: usize, reference: usize, comparison: Comparison) -> Found {
        self.compare_to(Target::Merit, group, reference, comparison)
    }

    pub(crate) fn exposure_impact_ratio(&self, group: Option<usize>) -> Values {
        let Some(group) = group.filter(|_| self.has_relevance) else {
            return Vec::new();
        };
        let found = self.whole.as_ref().map_err(Clone::clone).and_then(|whole| {
            if self.targets(Target::Relevance, whole)?[group] <= 0.0 {
                return Err("users wanted nothing of the group".to_owned());
            }
            self.estimate(Scale::Log, "nothing that was wanted got any attention", |got| {
                ratio(
                    shares(&got.worth)?[group],
                    self.targets(Target::Relevance, got).ok()?[group],
                )
            })
        });
        one(found)
    }

    pub(crate) fn awrf(&self, group: Option<usize>) -> Values {
        if group.is_some() {
            return Vec::new();
        }
        let whole = self.whole.as_ref().map_err(Clone::clone);
        let of_all = whole.and_then(|whole| {
            self.targets(self.target, whole)?;
            self.estimate(Scale::Linear, "no list gives any attention", |got| {
                awrf(&shares(&got.exposure)?, &self.targets(self.target, got).ok()?)
            })
        });
        self.of_this_set(one(of_all))
    }

    pub(crate) fn list_awrf(&self, group: Option<usize>) -> Values {
        group.map_or_else(
            || self.under_attention(LIST_AWRF, |measure| key(measure, &self.columns())),
            |_| Vec::new(),
        )
    }

    /// The mean of a measure of whole lists into which the attention of places went when they were tallied.
    fn under_attention(&self, measure: &str, key: impl Fn(&str) -> String) -> Values {
        let models = self.models(measure);
        let asked = self.settings.attention.to_string();
        let found = match models.as_slice() {
            [] => return Vec::new(),
            [model] if *model == asked => {
                self.mean_of(&key(&under(measure, self.settings.attention)), "no list has a value")
            }
            [model] => Err(format!(
                "lists were measured under the attention model `{model}` when the tally was made, and their rows are gone; make \
                 the tally again with --attention {asked}"
            )),
            _ => Err(format!(
                "the parts of the tally were made under several attention models ({}), so that none holds for all lists",
                models.join(", ")
            )),
        };
        vec![(Some(asked), found)]
    }

    /// The models of attention under which a measure of lists is tallied.
    pub(super) fn models(&self, measure: &str) -> Vec<String> {
        let model = |key: &String| {
            let rest = key.strip_prefix(measure)?.strip_prefix('@')?;
            Some(rest.split(' ').next()?.to_owned())
        };
        let models: BTreeSet<String> = self.tallied.keys().filter_map(model).collect();
        models.into_iter().collect()
    }

    pub(crate) fn ndkl(&self, group: Option<usize>) -> Values {
        if group.is_some() {
            return Vec::new();
        }
        let why_not = if self.has_catalogue {
            "a group that is shown is not in the catalogue"
        } else {
            "there is no table of all items to hold single lists against"
        };
        let pooled = bare(self.pooled_ndkl()).pop();
        let pooled = pooled.map(|(_, found)| (Some("pooled".to_owned()), found));
        let of_lists = (None, self.mean_of_lists(NDKL, why_not));
        self.of_this_set(std::iter::once(of_lists).chain(pooled).collect())
    }

    /// The same of the prefixes of all lists together.
    fn pooled_ndkl(&self) -> Result<f64, String> {
        let targets = self.targets(self.target, self.whole.as_ref().map_err(Clone::clone)?)?;
        let mut by_place: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for shown in &self.shown {
            by_place
                .entry(shown.place)
                .or_insert_with(|| vec![0.0; self.named.len()])[shown.group] += shown.n as f64;
        }
        let mut prefix = vec![0.0; self.named.len()];
        let (mut sum, mut weights) = (0.0, 0.0);
        for (place, counts) in by_place {
            prefix.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            let got = shares(&prefix).ok_or("nothing is shown")?;
            let far = divergence(&got, &targets).ok_or("a group that is shown has no target")?;
            let weight = 1.0 / (place as f64 + 1.0).log2();
            sum += weight * far;
            weights += weight;
        }
        (weights > 0.0)
            .then(|| sum / weights)
            .ok_or_else(|| "nothing is shown".to_owned())
    }

    /// Counts of a group and of all within the first places.
    fn within_places(&self, group: usize, cutoff: u32) -> (u64, u64) {
        self.shown
            .iter()
            .filter(|shown| shown.place <= u64::from(cutoff))
            .fold((0, 0), |(of_group, all), shown| {
                let own = if shown.group == group { shown.n } else { 0 };
                (of_group + own, all + shown.n)
            })
    }

    fn skew_at(&self, group: usize, cutoff: u32) -> Result<f64, String> {
        let target = self.targets(self.target, self.whole.as_ref().map_err(Clone::clone)?)?[group];
        let (of_group, all) = self.within_places(group, cutoff);
        skew(of_group, all, target).map_err(|why: NoSkew| why.words().to_owned())
    }

    pub(crate) fn skew(&self, group: Option<usize>) -> Values {
        let Some(group) = group else { return Vec::new() };
        let at = |cutoff: &u32| {
            let found = bare(self.skew_at(group, *cutoff)).pop();
            found.map(|(_, found)| (Some(cutoff.to_string()), found))
        };
        self.settings.cutoffs.iter().filter_map(at).collect()
    }

    /// The smallest or largest skew of all groups with a target; absent where one of them is absent.
    fn extreme_skew(&self, group: Option<usize>, better: fn(f64, f64) -> f64) -> Values {
        if group.is_some() {
            return Vec::new();
        }
        let at = |cutoff: &u32| {
            let mut found: Result<Option<f64>, String> = Ok(None);
            for (index, named) in self.named.iter().enumerate() {
                match (self.skew_at(index, *cutoff), &found) {
                    (Ok(skew), Ok(so_far)) => found = Ok(Some(so_far.map_or(skew, |so_far| better(so_far, skew)))),
                    (Err(why), Ok(_)) if why == NoSkew::Absent.words() => {
                        let name: Vec<&str> = named
                            .group
                            .values()
                            .map(|name| name.as_deref().unwrap_or("missing"))
                            .collect();
                        found = Err(format!("the group {} is absent from these places", name.join(", ")));
                    }
                    // A group without a target has no skew, and none is asked of it.
                    (Err(why), Ok(_)) if why != NoSkew::NoTarget.words() => found = Err(why),
                    _ => {}
                }
            }
            let found = found.and_then(|found| found.ok_or_else(|| "no group has a target".to_owned()));
            bare(found).pop().map(|(_, found)| (Some(cutoff.to_string()), found))
        };
        self.of_this_set(self.settings.cutoffs.iter().filter_map(at).collect())
    }

    pub(crate) fn min_skew(&self, group: Option<usize>) -> Values {
        self.extreme_skew(group, f64::min)
    }

    pub(crate) fn max_skew(&self, group: Option<usize>) -> Values {
        // The largest is there though another group is absent: that one's is below all numbers.
        if group.is_some() {
            return Vec::new();
        }
        let at = |cutoff: &u32| {
            let largest = (0..self.named.len())
                .filter_map(|group| self.skew_at(group, *cutoff).ok())
                .reduce(f64::max);
            let found = largest.ok_or_else(|| NoSkew::Nothing.words().to_owned());
            bare(found).pop().map(|(_, found)| (Some(cutoff.to_string()), found))
        };
        self.of_this_set(self.settings.cutoffs.iter().filter_map(at).collect())
    }

    pub(crate) fn pairwise_accuracy(&self, group: Option<usize>) -> Values {
        let Some(group) = group.filter(|_| self.has_relevance) else {
            return Vec::new();
        };
        let within = self.mean_of(&self.group_key(PAIRS_WITHIN, group), NO_PAIRS);
        vec![(None, self.between(group)), (Some("within".to_owned()), within)]
    }

    fn between(&self, group: usize) -> Found {
        self.mean_of(&self.group_key(PAIRS_BETWEEN, group), NO_PAIRS)
    }

    pub(crate) fn compare_pairwise_accuracy(&self, group: usize, reference: usize, comparison: Comparison) -> Found {
        let keys = [group, reference].map(|group| self.group_key(PAIRS_BETWEEN, group));
        let of = |key: &str| self.tallied.get(key).filter(|tallied| tallied.n > 0).ok_or(NO_PAIRS);
        let (one, other) = (of(&keys[0])?, of(&keys[1])?);
        let buckets: BTreeSet<Option<u32>> = one.parts.keys().chain(other.parts.keys()).copied().collect();
        let value = |bucket: Option<Option<u32>>| {
            let mean = |tallied: &super::Tallied| {
                let part = bucket
                    .and_then(|bucket| tallied.parts.get(&bucket))
                    .copied()
                    .unwrap_or_default();
                let n = tallied.n - part.0;
                (n > 0).then(|| (tallied.sum - part.1) / n as f64)
            };
            comparison.of(mean(one)?, mean(other)?)
        };
        let scale = match comparison {
            Comparison::Ratio => Scale::Log,
            Comparison::Difference => Scale::Linear,
        };
        let on_scale = |value: f64| if scale == Scale::Log { value.ln() } else { value };
        Ok(Estimate {
            point: value(None).ok_or("the group that it is compared with wins no pair")?,
            scale,
            spread: jackknife_of(buckets.iter().map(|bucket| value(Some(*bucket)).map(on_scale))),
            method: JACKKNIFE,
        })
    }

    pub(crate) fn attention_gap(&self, group: Option<usize>) -> Values {
        if group.is_some() || !(self.has_merit || self.has_relevance || self.has_wanted) {
            return Vec::new();
        }
        let of_groups = self.whole.as_ref().map_err(Clone::clone).and_then(|whole| {
            self.targets(self.merit(), whole)?;
            self.estimate(Scale::Linear, "no list gives any attention", |got| {
                let merits = self.targets(self.merit(), got).ok()?;
                let gaps = shares(&got.exposure)?
                    .into_iter()
                    .zip(merits)
                    .map(|(got, merit)| (got - merit).abs());
                Some(gaps.sum())
            })
        });
        self.of_this_set(one(of_groups))
    }

    /// No group of items matters to it.
    pub(crate) fn list_attention_gap(&self, group: Option<usize>) -> Values {
        if group.is_some() || !self.is_first {
            return Vec::new();
        }
        self.under_attention(ATTENTION_GAP, str::to_owned)
    }

    /// The spread of groups' chances: of all candidates, or of those that were wanted.
    fn spread_of_chances(&self, group: Option<usize>, wanted: bool) -> Values {
        if group.is_some() || (wanted && !self.has_wanted) {
            return Vec::new();
        }
        let found = self.whole.as_ref().map_err(Clone::clone).and_then(|whole| {
            let mut chances = Vec::new();
            for (index, named) in self.named.iter().enumerate() {
                let of_group = || self.shown.iter().filter(move |shown| shown.group == index);
                let (hits, candidates) = if wanted {
                    let hits: u64 = of_group()
                        .filter(|shown| shown.relevant == Some(true))
                        .map(|shown| shown.n)
                        .sum();
                    (hits, whole.wanted[index])
                } else {
                    (named.rows, self.stock[index].items as f64 * self.lists as f64)
                };
                // A group without candidates has no chance, good or bad.
                if candidates > 0.0 {
                    chances.push(hits as f64 / candidates);
                }
            }
            group_spread(&chances).ok_or_else(|| "fewer than two groups could have been shown, or none was".to_owned())
        });
        self.of_this_set(bare(found))
    }

    pub(crate) fn rank_statistical_parity(&self, group: Option<usize>) -> Values {
        self.spread_of_chances(group, false)
    }

    pub(crate) fn rank_equal_opportunity(&self, group: Option<usize>) -> Values {
        self.spread_of_chances(group, true)
    }

    /// A property of all items, which needs to know those that were never shown.
    fn of_catalogue(&self, group: Option<usize>, values: &[OfItems<'_>]) -> Values {
        if group.is_some() || !self.is_first {
            return Vec::new();
        }
        let value = |value: fn(&Concentration) -> Option<f64>| {
            if !self.has_catalogue {
                return Err("without a table of all items nobody knows which were never shown".to_owned());
            }
            value(self.concentration()?).ok_or_else(|| "there is only one item".to_owned())
        };
        values
            .iter()
            .filter_map(|(setting, function)| {
                let (_, found) = bare(value(*function)).pop()?;
                Some((setting.map(str::to_owned), found))
            })
            .collect()
    }

    pub(crate) fn gini(&self, group: Option<usize>) -> Values {
        self.of_catalogue(
            group,
            &[(Some("n"), |c| Some(c.gini)), (Some("n-1"), |c| c.gini_unbiased)],
        )
    }

    pub(crate) fn item_coverage(&self, group: Option<usize>) -> Values {
        self.of_catalogue(group, &[(None, |c| Some(c.coverage()))])
    }

    pub(crate) fn item_entropy(&self, group: Option<usize>) -> Values {
        let mut values = self.of_shown(group, |c| c.entropy);
        values.extend(self.of_catalogue(group, &[(Some("normalized"), |c| c.evenness)]));
        values
    }

    /// A property of the items shown, to which those never shown add nothing.
    fn of_shown(&self, group: Option<usize>, value: fn(&Concentration) -> f64) -> Values {
        if group.is_some() || !self.is_first {
            return Vec::new();
        }
        bare(self.concentration().map(value))
    }

    pub(crate) fn effective_items(&self, group: Option<usize>) -> Values {
        self.of_shown(group, |c| c.effective)
    }

    pub(crate) fn herfindahl(&self, group: Option<usize>) -> Values {
        self.of_shown(group, |c| c.herfindahl)
    }

    /// The mean over users of something tallied list by list.
    fn of_users(&self, group: Option<usize>, key: &str) -> Values {
        if group.is_some() || !self.is_first || !self.has_popularity {
            return Vec::new();
        }
        one(self.mean_of(
            key,
            "there is no table of all items, or the popularity of none is known",
        ))
    }

    pub(crate) fn tail_share(&self, group: Option<usize>) -> Values {
        self.of_users(group, TAIL_SHARE)
    }

    pub(crate) fn tail_items(&self, group: Option<usize>) -> Values {
        self.of_users(group, TAIL_ITEMS)
    }
}

const NO_PAIRS: &str = "there is no pair of a wanted item of the group and an unwanted one in the same list";
