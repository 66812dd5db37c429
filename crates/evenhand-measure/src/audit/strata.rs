//! This module compares two groups within strata and pools what it finds: like with like.

use std::collections::BTreeMap;

use crate::catalogue::Rate;
use crate::inference::strata::{Continuity, cochran_mantel_haenszel, one_sided, weight};
use crate::inference::{Comparison, Sample};

use super::compare::{Allowed, Answers, CORRECTION, SMALL};
use super::evidence::{Basis, Evidence};
use super::groups::{GroupOf, Partition};
use super::model::{Group, GroupKind};

mod clustered;

/// Pairs of groups times strata beyond which not every pair is compared within strata and pooled: each stratum of a pair
/// takes some 70 microseconds.
const MOST_PAIRED_STRATA: usize = 10_000;

/// Whether every pair of so many groups can be compared within so many strata.
pub(super) fn every_pair(groups: usize, strata: usize) -> bool {
    groups * groups.saturating_sub(1) / 2 * strata <= MOST_PAIRED_STRATA
}

/// What is known of one rate in each group within each stratum.
pub(super) struct Layers {
    /// By stratum, then by group as given.
    known: Vec<Vec<Option<Known>>>,
    clustered: bool,
}

/// One group in one stratum.
struct Known {
    sample: Option<Sample>,
    /// Rows that the rate is a share of.
    rows: u64,
    /// With clusters, what each bucket adds to numerator and denominator.
    buckets: BTreeMap<u32, (f64, f64)>,
}

/// Two groups side by side within the strata that have both.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) strata: Vec<(Sample, Sample)>,
    /// Rows of the group and of the reference in these strata.
    pub(super) rows: (u64, u64),
    /// Strata that have only one of the two, or no rate in one, and their rows.
    pub(super) left_out: (usize, u64),
    /// Whether there are too few units to know how sure anything is.
    pub(super) few_units: bool,
}

impl Layers {
    pub(super) fn of(
        basis: Basis,
        rate: &Rate,
        complement: bool,
        groups: &[&Group],
        strata: &[(Group, Partition)],
    ) -> Self {
        let mut clustered = false;
        let mut known = Vec::new();
        for (_, within) in strata {
            let judged = within.groups.iter().filter(|of| of.kind == GroupKind::Judged);
            let by_name: BTreeMap<&Group, &GroupOf> = judged.map(|of| (&of.group, of)).collect();
            let of_stratum = groups.iter().map(|name| {
                let of = by_name.get(*name)?;
                clustered |= !of.members.buckets.is_empty();
                Some(Known::of(basis, rate, complement, of))
            });
            known.push(of_stratum.collect());
        }
        Self { known, clustered }
    }

    pub(super) fn pair(&self, group: usize, reference: usize) -> Pair {
        let mut pair = Pair {
            strata: Vec::new(),
            rows: (0, 0),
            left_out: (0, 0),
            few_units: false,
        };
        let mut side_by_side = Vec::new();
        for known in &self.known {
            let rows = |place: usize| known[place].as_ref().map_or(0, |known| known.rows);
            let sample = |place: usize| known[place].as_ref()?.sample;
            match sample(group).zip(sample(reference)) {
                Some(samples) => {
                    pair.strata.push(samples);
                    pair.rows = (pair.rows.0 + rows(group), pair.rows.1 + rows(reference));
                    side_by_side.extend(known[group].as_ref().zip(known[reference].as_ref()));
                }
                None if rows(group) + rows(reference) > 0 => {
                    let left_out = rows(group) + rows(reference);
                    pair.left_out = (pair.left_out.0 + 1, pair.left_out.1 + left_out);
                }
                None => {}
            }
        }
        if self.clustered && !pair.strata.is_empty() {
            match clustered::worth(&pair.strata, &side_by_side) {
                Some(worth) => pair.scale(worth),
                None => {
                    pair.few_units = true;
                    pair.strata.clear();
                }
            }
        }
        pair
    }
}

impl Known {
    fn of(basis: Basis, rate: &Rate, complement: bool, of: &GroupOf) -> Self {
        let evidence = Evidence::compared(rate, complement, &of.members, basis);
        let clustered = !of.members.buckets.is_empty();
        let sample = if clustered && !evidence.hidden {
            // As counted: what rows of repeating units are worth is found for all strata together, since a unit may
            // be in several.
            Sample::new(evidence.amounts.0.value(), evidence.amounts.1.value())
        } else {
            evidence.sample
        };
        let needs = rate.needs();
        let buckets = of.members.buckets.iter().map(|(bucket, confusion)| {
            let amount = |cells| {
                let mass = confusion.select(cells, needs);
                if basis.weighted {
                    mass.weight.value()
                } else {
                    mass.rows as f64
                }
            };
            let (inside, all) = (amount(rate.numerator), amount(rate.denominator));
            (*bucket, (if complement { all - inside } else { inside }, all))
        });
        Self {
            sample,
            rows: evidence.rows.1,
            buckets: buckets.collect(),
        }
    }
}

impl Pair {
    /// Every stratum as so many independent rows for each that was counted.
    fn scale(&mut self, worth: f64) {
        let scaled = |sample: Sample| Sample {
            successes: sample.successes * worth,
            trials: sample.trials * worth,
        };
        for (a, b) in &mut self.strata {
            (*a, *b) = (scaled(*a), scaled(*b));
        }
    }

    /// The same with the two groups exchanged.
    pub(super) fn exchanged(&self) -> Self {
        Self {
            strata: self.strata.iter().map(|&(a, b)| (b, a)).collect(),
            rows: (self.rows.1, self.rows.0),
            ..self.clone()
        }
    }

    /// The rates that the two groups would have if both were spread over the strata alike, with the weights of Mantel
    /// and Haenszel. Their difference and their ratio are the common ones of that name.
    pub(super) fn standardised(&self) -> Option<(f64, f64)> {
        let weight = |&(a, b): &(Sample, Sample)| weight(a, b);
        let whole: f64 = self.strata.iter().map(weight).sum();
        let of = |rate: &dyn Fn(&(Sample, Sample)) -> f64| -> f64 {
            self.strata.iter().map(|stratum| weight(stratum) * rate(stratum)).sum()
        };
        (whole > 0.0).then(|| (of(&|(a, _)| a.rate()) / whole, of(&|(_, b)| b.rate()) / whole))
    }

    /// Both questions put to all strata together, by the stratified score test of Miettinen and Nurminen.
    pub(super) fn ask(&self, comparison: Comparison, allowed: Allowed) -> Option<Answers> {
        // No favourable row on either side: 0/0.
        if comparison == Comparison::Ratio && self.strata.iter().all(|(a, b)| a.successes + b.successes == 0.0) {
            return None;
        }
        if self.strata.is_empty() {
            return None;
        }
        let mut breach = f64::INFINITY;
        let mut comply: f64 = 0.0;
        for (bound, side) in allowed.sides() {
            let p = one_sided(comparison, &self.strata, bound, CORRECTION);
            breach = breach.min(p.on(side));
            comply = comply.max(p.on(side.opposite()));
        }
        Some(Answers {
            breach: (breach * allowed.count() as f64).min(1.0),
            comply,
            small: self.is_small(),
            small_to_comply: self.is_small(),
            clearest: None,
        })
    }

    /// Whether the strata together are too small for the score test: the count of successes that the margins of the
    /// strata allow lies within five of the expected one on either side (Mantel & Fleiss 1980).
    fn is_small(&self) -> bool {
        let (mut expected, mut least, mut most) = (0.0, 0.0, 0.0);
        for (a, b) in &self.strata {
            let successes = a.successes + b.successes;
            expected += a.trials * successes / (a.trials + b.trials);
            least += (successes - b.trials).max(0.0);
            most += successes.min(a.trials);
        }
        (expected - least).min(most - expected) < SMALL
    }

    /// p of no effect in either direction within the strata (Cochran, Mantel and Haenszel).
    pub(super) fn p_of_equality(&self) -> Option<f64> {
        Some(cochran_mantel_haenszel(&self.strata, Continuity::Uncorrected)?.p)
    }
}
