//! This module asks whether a gap between two groups moves from run to run.
//!
//! Runs are taken for equally far apart and for different rows. The slope is the test: it is looked at once, when somebody
//! asks, and does not gate, because looking again at every run would raise false alarms. The cumulative sum and the
//! moving average are the charts of process control; their limits are rules of thumb for a process that is watched.

use statrs::function::gamma::checked_gamma_ur;

use crate::inference::normal_sf;

/// What the gaps of all runs show.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// How many runs.
    pub runs: usize,
    /// The mean gap, weighted by how sure each is.
    pub pooled: f64,
    /// Cochran's Q: how much the gaps differ; it sees a trend poorly.
    pub q: f64,
    /// p of Q.
    pub q_p: f64,
    /// By how much the gap grows from run to run, by weighted least squares.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// The slope in standard errors.
    pub z: f64,
    /// Its two-sided p-value.
    pub p: f64,
    /// The charts, from five runs on.
    pub monitor: Option<Monitor>,
}

/// Charts of process control, against the mean of the first four runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Monitor {
    /// The gap that runs are held against.
    pub target: f64,
    /// The cumulative sum upwards, after each run, in standard errors; allowance 0.5.
    pub above: Vec<f64>,
    /// The cumulative sum downwards.
    pub below: Vec<f64>,
    /// The first run at which either is 4 or more.
    pub cusum_at: Option<usize>,
    /// The moving average after each run, in standard errors; weight 0.2.
    pub average: Vec<f64>,
    /// Its limits, three standard deviations.
    pub limits: Vec<f64>,
    /// The first run at which it is beyond them.
    pub average_at: Option<usize>,
}

const BASE: usize = 4;
const ALLOWANCE: f64 = 0.5;
const DECISION: f64 = 4.0;
const WEIGHT: f64 = 0.2;
const SIGMAS: f64 = 3.0;

/// The trend of gaps, each with its standard error; `None` with fewer than three of a standard error above 0.
#[must_use]
pub fn trend(gaps: &[(f64, f64)]) -> Option<Trend> {
    if gaps.len() < 3 || gaps.iter().any(|(gap, error)| !gap.is_finite() || *error <= 0.0) {
        return None;
    }
    let weighed = |value: &dyn Fn(usize, f64) -> f64| -> f64 {
        let each = gaps.iter().enumerate();
        each.map(|(at, (gap, error))| value(at, *gap) / (error * error)).sum()
    };
    let all = weighed(&|_, _| 1.0);
    let pooled = weighed(&|_, gap| gap) / all;
    let middle = weighed(&|at, _| at as f64) / all;
    let q = weighed(&|_, gap| (gap - pooled).powi(2));
    let spread = weighed(&|at, _| (at as f64 - middle).powi(2));
    let slope = weighed(&|at, gap| (at as f64 - middle) * gap) / spread;
    let slope_error = spread.sqrt().recip();
    let z = slope / slope_error;
    let freedom = (gaps.len() - 1) as f64;
    Some(Trend {
        runs: gaps.len(),
        pooled,
        q,
        q_p: checked_gamma_ur(freedom / 2.0, q / 2.0).unwrap_or(1.0),
        slope,
        slope_error,
        z,
        p: 2.0 * normal_sf(z.abs()),
        monitor: (gaps.len() > BASE).then(|| monitor(gaps)),
    })
}

fn monitor(gaps: &[(f64, f64)]) -> Monitor {
    let target = gaps.iter().take(BASE).map(|(gap, _)| gap).sum::<f64>() / BASE as f64;
    let scores = gaps.iter().map(|(gap, error)| (gap - target) / error);
    let (mut up, mut down, mut mean, mut left) = (0.0_f64, 0.0_f64, 0.0, 1.0);
    let mut out = Monitor {
        target,
        above: Vec::new(),
        below: Vec::new(),
        cusum_at: None,
        average: Vec::new(),
        limits: Vec::new(),
        average_at: None,
    };
    for (at, z) in scores.enumerate() {
        up = (up + z - ALLOWANCE).max(0.0);
        down = (down - z - ALLOWANCE).max(0.0);
        mean = WEIGHT * z + (1.0 - WEIGHT) * mean;
        left *= (1.0 - WEIGHT) * (1.0 - WEIGHT);
        let limit = SIGMAS * (WEIGHT / (2.0 - WEIGHT) * (1.0 - left)).sqrt();
        if up.max(down) >= DECISION {
            out.cusum_at.get_or_insert(at);
        }
        if mean.abs() > limit {
            out.average_at.get_or_insert(at);
        }
        out.above.push(up);
        out.below.push(down);
        out.average.push(mean);
        out.limits.push(limit);
    }
    out
}
