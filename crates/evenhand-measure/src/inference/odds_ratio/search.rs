//! The bound at which a falling statistic crosses 0.

use super::{Sample, cells};
use crate::inference::score::root;

/// The odds ratio at which `excess`, which falls as the odds ratio rises, is 0; `None` if it is not within the range
/// of numbers.
///
/// The search starts at the odds ratio of the table with half an observation more in each cell, which is never 0 or
/// infinite. Its first step is a little longer than `z` standard errors of the logarithm, which is about where an end of
/// an interval is; then it doubles its distance until it has passed the zero.
pub(super) fn crossing(a: Sample, b: Sample, z: f64, excess: impl Fn(f64) -> f64) -> Option<f64> {
    let [s_a, f_a, s_b, f_b] = cells(a, b).map(|cell| cell + 0.5);
    let start = s_a / f_a * (f_b / s_b);
    let error = [s_a, f_a, s_b, f_b].iter().map(|cell| cell.recip()).sum::<f64>().sqrt();
    let at = |step: f64| excess(start * step.exp());
    let direction = if at(0.0) > 0.0 { 1.0 } else { -1.0 };
    let (mut near, mut far) = (0.0, direction * error * (1.2 * z).clamp(0.1, 20.0));
    // exp(+-700) is about the largest and smallest number there is.
    while far.abs() < 700.0 {
        if at(far) * direction <= 0.0 {
            // 1e-17: the odds ratio itself has a relative precision of 1e-16.
            return Some(start * root(near, far, 1e-17, at).exp());
        }
        near = far;
        far *= 2.0;
    }
    None
}
