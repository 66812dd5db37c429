//! Gaps between the amounts of two groups, such as prices, limits or rates of interest: pure functions over what a tally
//! holds of a column of numbers.
//!
//! - [`Moments`]: means and variances, of amounts or of their logarithms; [`mean_gap`] by Welch's t.
//! - [`Smd`]: the standardized mean difference, its denominator named.
//! - [`Distribution`]: the amounts in their order, quantiles and shares; [`quantile`]: intervals of quantiles and their gaps.
//! - [`distance`]: how far two distributions lie apart: Kolmogorov-Smirnov, Wasserstein in both directions, superiority.
//! - [`kolmogorov`], [`permutation`]: p-values of equality.
//! - [`errors`]: how far amounts lie from the true ones.
//!
//! A gap is always the group less its reference, and above 0 where the group has more. Amounts must be finite, and
//! within what [`ExactSum`](crate::ExactSum) takes.
//!
//! Where a tally keeps numbers with fewer bits, several amounts stand in one bar. Means, variances and what follows from
//! them stay exact; quantiles and distances then lie within bounds, and carry them.

pub mod distance;
mod distribution;
mod effect;
pub mod errors;
mod gap;
pub mod kolmogorov;
mod moments;
pub mod permutation;
pub mod quantile;

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use self::distribution::{Distribution, MedianSplit, Within};
pub use self::effect::{Denominator, Smd};
pub use self::gap::Gap;
pub use self::moments::{FEW, Moments, about, cautious_gap, logarithms_about, mean_gap};
