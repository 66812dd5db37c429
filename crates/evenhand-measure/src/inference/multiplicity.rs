//! Several tests at once.
//!
//! [`holm`] limits the probability of any false rejection; it is what a verdict stands on. [`benjamini_hochberg`] and
//! [`benjamini_yekutieli`] limit the expected share of false ones among the rejections, which suits a list of places to
//! look at. Each gives adjusted p-values in the order of the input; a NaN counts as 1: it stays in the family and is
//! never rejected.

/// Holm's (1979) step-down adjusted p-values, in the order of the input.
///
/// With the m p-values sorted upward, `adjusted_(i) = max over j <= i of min(1, (m - j + 1) p_(j))`. Rejecting where
/// the adjusted value is at most alpha keeps the probability of any false rejection in the family at alpha, whatever
/// the dependence between the tests.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; p_values.len()];
    let mut floor: f64 = 0.0;
    for (rank, (index, p)) in ascending(p_values).into_iter().enumerate() {
        let remaining = (p_values.len() - rank) as f64;
        floor = floor.max((remaining * p).min(1.0));
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = floor;
        }
    }
    adjusted
}

/// Benjamini and Hochberg's (1995) step-up adjusted p-values, in the order of the input.
///
/// With the m p-values sorted upward, `adjusted_(i) = min over j >= i of min(1, m p_(j) / j)`. Rejecting where the
/// adjusted value is at most alpha keeps the expected share of false rejections among all at alpha, if the tests are
/// independent or positively dependent.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, 1.0)
}

/// Benjamini and Yekutieli's (2001) step-up adjusted p-values, in the order of the input: those of
/// [`benjamini_hochberg`] before the limit at 1, times `1 + 1/2 + ... + 1/m`. The expected share of false rejections
/// is kept whatever the dependence between the tests.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, (1..=p_values.len()).map(|rank| 1.0 / rank as f64).sum())
}

fn step_up(p_values: &[f64], penalty: f64) -> Vec<f64> {
    let family = p_values.len() as f64;
    let mut adjusted = vec![1.0; p_values.len()];
    let mut ceiling: f64 = 1.0;
    for (rank, (index, p)) in ascending(p_values).into_iter().enumerate().rev() {
        // The factor first: at the last rank it is 1, and p itself must come out.
        ceiling = ceiling.min(penalty * (family / (rank + 1) as f64) * p);
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = ceiling;
        }
    }
    adjusted
}

/// The p-values with their places, sorted upward.
fn ascending(p_values: &[f64]) -> Vec<(usize, f64)> {
    let usable = |p: f64| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) };
    let mut sorted: Vec<(usize, f64)> = p_values.iter().map(|&p| usable(p)).enumerate().collect();
    sorted.sort_by(|left, right| left.1.total_cmp(&right.1));
    sorted
}

#[cfg(test)]
mod tests;
