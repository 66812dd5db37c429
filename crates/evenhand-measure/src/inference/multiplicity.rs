//! Several tests at once.

/// Holm's (1979) step-down adjusted p-values, in the order of the input.
///
/// With the m p-values sorted upward, `adjusted_(i) = max over j <= i of min(1, (m - j + 1) p_(j))`. Rejecting where
/// the adjusted value is at most alpha keeps the probability of any false rejection in the family at alpha, whatever
/// the dependence between the tests. A NaN counts as 1: it stays in the family and is never rejected.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let usable = |p: f64| if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) };
    let mut ascending: Vec<(usize, f64)> = p_values.iter().map(|&p| usable(p)).enumerate().collect();
    ascending.sort_by(|left, right| left.1.total_cmp(&right.1));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut floor: f64 = 0.0;
    for (rank, (index, p)) in ascending.into_iter().enumerate() {
        let remaining = (p_values.len() - rank) as f64;
        floor = floor.max((remaining * p).min(1.0));
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = floor;
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(raw: &[f64], expected: &[f64]) {
        let got = holm(raw);
        assert_eq!(got.len(), expected.len());
        for (index, (left, right)) in got.iter().zip(expected).enumerate() {
            // 1e-14: one product of a four-digit decimal.
            assert!((left - right).abs() < 1e-14, "{index}: {left} {right}");
        }
    }

    #[test]
    fn benjamini_and_hochbergs_1995_data() {
        let raw = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
            0.759, 1.0,
        ];
        let expected = [
            0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
        ];
        assert_close(&raw, &expected);
    }

    #[test]
    fn unsorted_input_keeps_its_order() {
        assert_close(&[0.01, 0.04, 0.03, 0.005, 0.2], &[0.04, 0.09, 0.09, 0.025, 0.2]);
    }

    #[test]
    fn the_ends() {
        assert_close(&[], &[]);
        assert_close(&[0.03], &[0.03]);
        assert_close(&[0.02, f64::NAN], &[0.04, 1.0]);
    }
}
