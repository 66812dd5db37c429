//! This module is the curves and bars of groups of items.

use super::ProviderView;
use crate::audit::model::{Group, Series};
use crate::lists::provider::shares;

/// So many points draw a smooth curve.
const MOST_POINTS: usize = 200;

/// Places beyond this one are not drawn.
const MOST_PLACES: u64 = 50;

impl ProviderView {
    pub(super) fn curves(&self) -> Vec<Series> {
        let mut series = Vec::new();
        if let Ok(whole) = &self.whole {
            let setting = format!("{}, {}", self.settings.attention, self.target);
            let targets = self.targets(self.target, whole).ok();
            let got = shares(&whole.exposure);
            for (index, named) in self.named.iter().enumerate() {
                let mut bar = |id: &str, value: Option<f64>| {
                    series.push(Series {
                        setting: Some(setting.clone()),
                        n: vec![named.rows],
                        ..Series::new(id, &self.by, &named.group, [(1.0, value)])
                    });
                };
                bar("exposure", got.as_ref().map(|got| got[index]));
                bar("exposure-target", targets.as_ref().map(|targets| targets[index]));
            }
        }
        series.extend(self.strips());
        series.extend(self.is_first.then(|| self.lorenz()).flatten());
        series
    }

    /// The share of each group at each place.
    fn strips(&self) -> Vec<Series> {
        let longest = self
            .shown
            .iter()
            .map(|shown| shown.place)
            .max()
            .unwrap_or(0)
            .min(MOST_PLACES) as usize;
        let mut counts = vec![vec![0u64; longest]; self.named.len()];
        for shown in self
            .shown
            .iter()
            .filter(|shown| (1..=longest as u64).contains(&shown.place))
        {
            counts[shown.group][shown.place as usize - 1] += shown.n;
        }
        let all: Vec<u64> = (0..longest)
            .map(|place| counts.iter().map(|of_group| of_group[place]).sum())
            .collect();
        let strip = |(named, counts): (&super::Named, &Vec<u64>)| {
            let share = |place: usize| (all[place] > 0).then(|| counts[place] as f64 / all[place] as f64);
            Series {
                n: all.clone(),
                ..Series::new(
                    "rank-shares",
                    &self.by,
                    &named.group,
                    (0..longest).map(|place| (place as f64 + 1.0, share(place))),
                )
            }
        };
        self.named.iter().zip(&counts).map(strip).collect()
    }

    /// The share of all times shown that the least shown part of the items has.
    fn lorenz(&self) -> Option<Series> {
        let items = self.concentration().ok()?.items as usize;
        let whole: f64 = self.times.iter().map(|times| *times as f64).sum();
        let never = items.saturating_sub(self.times.len());
        let step = items.div_ceil(MOST_POINTS).max(1);
        let mut points = vec![(0.0, Some(0.0))];
        let (mut sum, mut counted) = (0.0, never);
        if never > 0 {
            points.push((never as f64 / items as f64, Some(0.0)));
        }
        for times in &self.times {
            sum += *times as f64;
            counted += 1;
            if counted % step == 0 || counted == items {
                points.push((counted as f64 / items as f64, Some(sum / whole)));
            }
        }
        Some(Series::new("popularity", &[], &Group::new(), points))
    }
}
