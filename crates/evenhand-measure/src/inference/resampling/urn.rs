//! What resamples are drawn from.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

use super::{LARGEST_TOTAL, NoCritical};

/// Cells with their chances, and the random numbers that choose among them.
pub(super) struct Urn {
    generator: ChaCha8Rng,
    draws: u64,
    /// For each cell, the probability that a draw falls there if it fell into none of the cells before.
    shares: Vec<f64>,
}

impl Urn {
    pub(super) fn new(weights: &[f64], draws: u64, seed: u64) -> Result<Self, NoCritical> {
        if draws > LARGEST_TOTAL {
            return Err(NoCritical::TooMany);
        }
        let usable = |weight: &f64| weight.is_finite() && *weight >= 0.0;
        if draws == 0 || !weights.iter().all(usable) {
            return Err(NoCritical::NothingToResample);
        }
        // Summed from the back, so that the last cell with any weight takes all that is left, exactly.
        let mut sum = 0.0;
        let mut shares: Vec<f64> = Vec::with_capacity(weights.len());
        for &weight in weights.iter().rev() {
            sum += weight;
            shares.push(if weight > 0.0 { weight / sum } else { 0.0 });
        }
        shares.reverse();
        if sum > 0.0 && sum.is_finite() {
            Ok(Self {
                generator: ChaCha8Rng::seed_from_u64(seed),
                draws,
                shares,
            })
        } else {
            Err(NoCritical::NothingToResample)
        }
    }

    /// The cells of one replicate: a multinomial draw, as binomial draws of each cell from what the cells before have
    /// left. It costs one binomial draw for each cell that can be drawn at all, however many rows there are.
    ///
    /// Each replicate has a stream of random numbers of its own: which thread draws it, and when, cannot matter.
    pub(super) fn draw(&self, replicate: u32, cells: &mut [u64]) {
        let mut random = self.generator.clone();
        random.set_stream(u64::from(replicate));
        let mut left = self.draws;
        for (cell, &share) in cells.iter_mut().zip(&self.shares) {
            // Refused only for a share outside [0, 1], which a weight over a sum that contains it cannot be.
            *cell = match left {
                0 => 0,
                _ => Binomial::new(left, share).map_or(0, |binomial| binomial.sample(&mut random)),
            };
            left -= *cell;
        }
    }
}
