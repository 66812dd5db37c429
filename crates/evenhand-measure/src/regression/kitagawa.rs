//! This module splits a gap in means into composition and treatment over strata, without a model (Kitagawa 1955).

/// A gap in means and its two parts, which sum to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kitagawa {
    /// The mean of the group less that of the reference.
    pub gap: f64,
    /// What the different spread over the strata makes: `sum (w_g - w_r) (m_g + m_r) / 2`.
    pub composition: f64,
    /// What different amounts within the strata make: `sum (m_g - m_r) (w_g + w_r) / 2`.
    pub rate: f64,
    /// The gap if both groups were spread as all their rows together are: `sum w (m_g - m_r)`.
    pub standardized: f64,
}

/// The rows of a group and their mean.
pub type Mean = (u64, f64);

/// The parts of the gap between a group and the reference, from both means in each stratum.
///
/// # Errors
/// When there is no stratum, or one in which a group has no row: what it would get there is not known.
///
/// ```
/// use evenhand_measure::regression::kitagawa;
/// // Both pay 1 more in the second place, and the group is there more often.
/// let split = kitagawa(&[((1, 10.0), (3, 10.0)), ((3, 11.0), (1, 11.0))])?;
/// assert_eq!((split.gap, split.composition, split.rate), (0.5, 0.5, 0.0));
/// # Ok::<(), String>(())
/// ```
pub fn kitagawa(strata: &[(Mean, Mean)]) -> Result<Kitagawa, String> {
    if strata.is_empty() {
        return Err("there are no strata".to_owned());
    }
    let empty = strata.iter().filter(|((a, _), (b, _))| *a == 0 || *b == 0).count();
    if empty > 0 {
        return Err(format!(
            "in {empty} of {} strata a group has no amount, and what it would get there is not known",
            strata.len()
        ));
    }
    let total = |of: fn(&(Mean, Mean)) -> u64| strata.iter().map(|stratum| of(stratum) as f64).sum::<f64>();
    let (all_a, all_b) = (total(|(a, _)| a.0), total(|(_, b)| b.0));
    let mut parts = Kitagawa {
        gap: 0.0,
        composition: 0.0,
        rate: 0.0,
        standardized: 0.0,
    };
    for &((n_a, a), (n_b, b)) in strata {
        let (share_a, share_b) = (n_a as f64 / all_a, n_b as f64 / all_b);
        parts.gap += share_a * a - share_b * b;
        parts.composition += (share_a - share_b) * f64::midpoint(a, b);
        parts.rate += (a - b) * f64::midpoint(share_a, share_b);
        parts.standardized += (n_a as f64 + n_b as f64) / (all_a + all_b) * (a - b);
    }
    Ok(parts)
}
