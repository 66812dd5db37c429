//! The part of a binomial distribution that holds nearly all of its mass.

/// The most that a window leaves out, both tails together: far under any p-value that decides something.
pub(in crate::inference) const LOST_MASS: f64 = 5e-14;

/// The probabilities of the outcomes `first..first + weights.len()`, summing to 1.
#[derive(Debug, Default)]
pub(in crate::inference) struct Window {
    pub(in crate::inference) first: u64,
    pub(in crate::inference) weights: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Window {
    /// Fills the window for `trials` at `rate`, by the recurrence from the mode outward and a final division by the
    /// sum: no factorials, whose logarithms would lose eight digits at a million trials.
    pub(in crate::inference) fn fill(&mut self, trials: u64, rate: f64) {
        self.weights.clear();
        let n = trials as f64;
        let odds = rate / (1.0 - rate);
        let mode = (((n + 1.0) * rate).floor() as u64).min(trials);
        if rate <= 0.0 || rate >= 1.0 {
            self.first = mode;
            self.weights.push(1.0);
            return;
        }
        // Ratios of neighbours fall away from the mode, so a geometric series bounds what is left out. The weights are
        // relative to the mode's, so the bound relative to the sum is smaller still.
        let negligible = |weight: f64, ratio: f64| ratio < 1.0 && weight * ratio / (1.0 - ratio) < LOST_MASS / 2.0;
        let mut weight = 1.0;
        let mut outcome = mode;
        while outcome > 0 {
            let ratio = outcome as f64 / ((n - outcome as f64 + 1.0) * odds);
            if negligible(weight, ratio) {
                break;
            }
            weight *= ratio;
            outcome -= 1;
            self.weights.push(weight);
        }
        self.first = outcome;
        self.weights.reverse();
        self.weights.push(1.0);
        weight = 1.0;
        outcome = mode;
        while outcome < trials {
            let ratio = (n - outcome as f64) * odds / (outcome as f64 + 1.0);
            if negligible(weight, ratio) {
                break;
            }
            weight *= ratio;
            outcome += 1;
            self.weights.push(weight);
        }
        let sum: f64 = self.weights.iter().sum();
        self.weights.iter_mut().for_each(|weight| *weight /= sum);
    }

    /// Prepares [`Window::below`]. Both directions are summed on their own, so that small tails keep their digits.
    pub(in crate::inference) fn accumulate(&mut self) {
        self.lower.clear();
        self.lower.push(0.0);
        self.upper.clear();
        self.upper.push(0.0);
        let (mut up, mut down) = (0.0, 0.0);
        for weight in &self.weights {
            up += weight;
            self.lower.push(up);
        }
        for weight in self.weights.iter().rev() {
            down += weight;
            self.upper.push(down);
        }
    }

    /// P(outcome < boundary) and P(outcome >= boundary).
    pub(in crate::inference) fn below(&self, boundary: u64) -> (f64, f64) {
        let length = self.weights.len();
        let count = usize::try_from(boundary.saturating_sub(self.first))
            .unwrap_or(length)
            .min(length);
        let at = |sums: &[f64], index: usize| sums.get(index).copied().unwrap_or(0.0);
        (at(&self.lower, count), at(&self.upper, length - count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_the_distribution() {
        let mut window = Window::default();
        // scipy 1.17.1, scipy.stats.binom: pmf(2; 10, 0.3); cdf(1; 10, 0.3); sf(520100; 1e6, 0.52).
        window.fill(10, 0.3);
        window.accumulate();
        assert!((window.weights[2] - 0.23347444049999985).abs() < 1e-15);
        assert!((window.below(2).0 - 0.14930834589999992).abs() < 1e-15);
        assert_eq!(window.below(0).0, 0.0);
        assert!((window.below(0).1 - 1.0).abs() < 1e-15);
        window.fill(1_000_000, 0.52);
        window.accumulate();
        assert!((window.below(520_101).1 - 0.42029135752151864).abs() < 1e-11);
        assert!(window.weights.len() < 16_000, "{}", window.weights.len());
    }

    #[test]
    fn certain_outcomes() {
        let mut window = Window::default();
        for (rate, outcome) in [(0.0, 0), (1.0, 7)] {
            window.fill(7, rate);
            assert_eq!((window.first, window.weights.as_slice()), (outcome, [1.0].as_slice()));
        }
    }
}
