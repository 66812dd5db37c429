//! Every outcome of one group, with its probability.

/// The distribution of the successes of `trials` people at one rate.
pub struct Binomial {
    probability: Vec<f64>,
    /// `below[t]` is P(X < t).
    below: Vec<f64>,
    /// `from[t]` is P(X >= t), summed on its own so that small tails keep their digits.
    from: Vec<f64>,
}

impl Binomial {
    /// By the recurrence from the likeliest outcome outward and a final division by the sum.
    pub fn new(trials: usize, rate: f64) -> Self {
        let probability = probabilities(trials, rate);
        let mut below = vec![0.0];
        let mut sum = 0.0;
        for value in &probability {
            sum += value;
            below.push(sum);
        }
        let mut from = vec![0.0];
        sum = 0.0;
        for value in probability.iter().rev() {
            sum += value;
            from.push(sum);
        }
        from.reverse();
        Self {
            probability,
            below,
            from,
        }
    }

    /// P(X = successes).
    pub fn at(&self, successes: usize) -> f64 {
        self.probability[successes]
    }

    /// P(X < successes), `successes` being at most one more than all.
    pub fn below(&self, successes: usize) -> f64 {
        self.below[successes]
    }

    /// P(X >= successes), `successes` being at most one more than all.
    pub fn from(&self, successes: usize) -> f64 {
        self.from[successes]
    }

    /// The outcome that a number from 0 (included) to 1 (not included) stands for.
    pub fn draw(&self, uniform: f64) -> u64 {
        let outcome = self.below[1..].partition_point(|&up_to| up_to <= uniform);
        outcome.min(self.probability.len() - 1) as u64
    }
}

fn probabilities(trials: usize, rate: f64) -> Vec<f64> {
    let mut weights = vec![0.0; trials + 1];
    let n = trials as f64;
    let mode = (((n + 1.0) * rate) as usize).min(trials);
    weights[mode] = 1.0;
    if rate <= 0.0 || rate >= 1.0 {
        return weights;
    }
    let odds = rate / (1.0 - rate);
    for outcome in mode..trials {
        let x = outcome as f64;
        weights[outcome + 1] = weights[outcome] * (n - x) / (x + 1.0) * odds;
    }
    for outcome in (1..=mode).rev() {
        let x = outcome as f64;
        weights[outcome - 1] = weights[outcome] * x / ((n - x + 1.0) * odds);
    }
    let sum: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|weight| *weight /= sum);
    weights
}
