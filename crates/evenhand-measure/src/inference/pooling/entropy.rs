//! Two functions that keep their digits where logarithms of large factorials would lose them.

/// How far lnGamma is from Stirling's formula: `lnGamma(z) - (z - 1/2) ln z + z - ln(2 pi)/2`, for z above 0.
pub(super) fn stirling_error(z: f64) -> f64 {
    let mut sum = 0.0;
    let mut z = z;
    // Up to where five terms of the series are exact to 1e-16.
    while z < 16.0 {
        sum += (z + 0.5) * (1.0 / z).ln_1p() - 1.0;
        z += 1.0;
    }
    let square = z * z;
    sum + (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / z
}

/// The relative entropy of two coins, `p ln(p/r) + (1-p) ln((1-p)/(1-r))`, given r, 1 - r and `p - r`; 0 or above.
pub(super) fn divergence(r: f64, complement: f64, difference: f64) -> f64 {
    r * excess(difference / r) + complement * excess(-difference / complement)
}

/// `(1 + u) ln(1 + u) - u`, for u from -1; 0 or above.
fn excess(u: f64) -> f64 {
    if u <= -1.0 {
        return 1.0;
    }
    if u.abs() >= 0.1 {
        return (1.0 + u) * u.ln_1p() - u;
    }
    // u^2/2 - u^3/6 + u^4/12 - ...: twenty terms are exact to the last digit at 0.1.
    let (mut power, mut sum) = (u * u, 0.0);
    for order in 2..22 {
        sum += power / f64::from(order * (order - 1));
        power *= -u;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stirlings_error_is_what_the_formula_leaves() {
        // scipy 1.17: gammaln(z) - (z - .5) log z + z - log(2 pi)/2, and 1/(12 z) far out.
        for (z, expected) in [
            (1.0, 0.08106146679532726),
            (0.5, 0.15342640972002733),
            (16.5, 0.005049887331585),
            (1e8, 1.0 / 12e8),
        ] {
            assert!(
                (stirling_error(z) - expected).abs() < 1e-11,
                "{z} {}",
                stirling_error(z)
            );
        }
    }

    #[test]
    fn divergence_keeps_its_digits() {
        assert!((divergence(0.25, 0.75, 0.25) - (0.5 * 2f64.ln() + 0.5 * (2.0f64 / 3.0).ln())).abs() < 1e-15);
        assert_eq!(divergence(0.5, 0.5, 0.0), 0.0);
        assert!((divergence(0.5, 0.5, -0.5) - 2f64.ln()).abs() < 1e-15);
        // To second order it is difference^2 / (2 r (1-r)).
        assert!((divergence(0.5, 0.5, 1e-12) / 2e-24 - 1.0).abs() < 1e-9);
        assert!((excess(0.1) - excess(0.1 - 1e-15)).abs() < 1e-15);
    }
}
