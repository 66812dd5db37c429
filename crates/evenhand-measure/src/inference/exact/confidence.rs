//! The rates of a group that its own counts do not rule out.

use statrs::function::beta::beta_reg;

use super::Counts;

/// The error rate of the confidence set, added to p. A hundred-thousandth costs no power at any level in use, and
/// leaves out only rates more than four standard errors away.
pub(super) const EXCLUDED: f64 = 1e-5;

/// Halvings of a bracket of width 1; 2^-60 is below the spacing of doubles near any rate that matters.
const HALVINGS: u32 = 60;

/// The Clopper-Pearson interval (1934) of error rate [`EXCLUDED`]: exact, never too narrow.
pub(super) fn rates_not_excluded(counts: Counts) -> (f64, f64) {
    let (x, n) = (counts.successes as f64, counts.trials as f64);
    let tail = EXCLUDED / 2.0;
    // P(X >= x | p) is the incomplete beta integral I_p(x, n - x + 1), which rises with p.
    let low = if counts.successes == 0 {
        0.0
    } else {
        lowest(|p| beta_reg(x, n - x + 1.0, p) >= tail).0
    };
    // P(X <= x | p) is 1 - I_p(x + 1, n - x), which falls with p.
    let high = if counts.successes == counts.trials {
        1.0
    } else {
        lowest(|p| beta_reg(x + 1.0, n - x, p) >= 1.0 - tail).1
    };
    (low, high)
}

/// The bracket around the smallest rate at which `reached` holds: just below it and just above it.
fn lowest(reached: impl Fn(f64) -> bool) -> (f64, f64) {
    let (mut below, mut above) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(below, above);
        if reached(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    (below, above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_leave_out_the_stated_tails() {
        // At 0 of n the upper end solves (1 - p)^n = tail.
        let (low, high) = rates_not_excluded(Counts {
            successes: 0,
            trials: 20,
        });
        assert_eq!(low, 0.0);
        assert!(((1.0 - high).powi(20) - EXCLUDED / 2.0).abs() < 1e-12);
        let (low, high) = rates_not_excluded(Counts {
            successes: 20,
            trials: 20,
        });
        assert_eq!(high, 1.0);
        assert!((low.powi(20) - EXCLUDED / 2.0).abs() < 1e-12);
    }

    #[test]
    fn huge_groups_are_narrow() {
        let (low, high) = rates_not_excluded(Counts {
            successes: 1_000_000,
            trials: 4_000_000,
        });
        assert!(low > 0.249 && low < 0.25 && high > 0.25 && high < 0.251, "{low} {high}");
    }
}
