//! This module adds partially pooled estimates beside the raw rates: each group is drawn towards the others by as
//! much as its own rows are few.

use std::collections::BTreeMap;

use crate::catalogue::RATES;
use crate::inference::pooling::partial_pooling;
use crate::inference::{Sample, z_for};

use super::Run;
use super::evidence::Evidence;
use super::model::{Group, GroupKind, GroupRates, Value};

/// The name of the setting in keys of values: `selection-rate@partial-pooling`.
const SETTING: &str = "partial-pooling";

/// Adds `RATE@partial-pooling` to every judged group of a set of three or more.
pub(super) fn add(run: &Run<'_>, rates: &mut [GroupRates]) {
    for partition in &run.split.partitions {
        let judged: Vec<_> = partition
            .groups
            .iter()
            .filter(|of| of.kind == GroupKind::Judged)
            .collect();
        let mut found: BTreeMap<(&Group, &str), Value> = BTreeMap::new();
        for rate in RATES {
            let known: Vec<(&Group, Sample)> = judged
                .iter()
                .filter_map(|of| Some((&of.group, Evidence::of(rate, &of.members, run.basis).sample?)))
                .collect();
            let samples: Vec<Sample> = known.iter().map(|(_, sample)| *sample).collect();
            let Some(pooled) = partial_pooling(&samples, z_for(run.policy.inference.confidence)) else {
                continue;
            };
            for ((group, _), estimate) in known.iter().zip(&pooled.groups) {
                found.insert(
                    (*group, rate.id),
                    Value::Number {
                        point: estimate.rate,
                        lower: Some(estimate.interval.lower),
                        upper: Some(estimate.interval.upper),
                    },
                );
            }
        }
        for of in rates
            .iter_mut()
            .filter(|of| of.by == partition.by && of.kind == GroupKind::Judged)
        {
            for rate in RATES {
                if let Some(value) = found.get(&(&of.group, rate.id)) {
                    of.values.insert(format!("{}@{SETTING}", rate.id), value.clone());
                }
            }
        }
    }
}
