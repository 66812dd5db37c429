use super::super::testing::{agrees, sample};
use super::super::{OneSided, z_for};
use super::*;

#[test]
fn published_and_recomputed_intervals_of_a_difference() {
    // The first eight are the data sets of Newcombe 1998b, table II, who prints (a) .0524, .3339 for method 10.
    for ([x_a, n_a, x_b, n_b], [lower, upper]) in [
        ([56.0, 70.0, 48.0, 80.0], ["0.0524314724", "0.333872654"]),
        ([9.0, 10.0, 3.0, 10.0], ["0.170522724", "0.809017974"]),
        ([6.0, 7.0, 2.0, 7.0], ["0.0582279275", "0.806249638"]),
        ([5.0, 56.0, 0.0, 29.0], ["-0.0381371479", "0.192560014"]),
        ([0.0, 10.0, 0.0, 20.0], ["-0.161125158", "0.2775328"]),
        ([0.0, 10.0, 0.0, 10.0], ["-0.2775328", "0.2775328"]),
        ([10.0, 10.0, 0.0, 20.0], ["0.679086037", "1"]),
        ([10.0, 10.0, 0.0, 10.0], ["0.60750935", "1"]),
        ([7.0, 34.0, 1.0, 34.0], ["0.0189214439", "0.340368687"]),
        ([2.0, 10.0, 15.0, 25.0], ["-0.61928302", "-0.0351765573"]),
        ([555.0, 1181.0, 667.0, 1390.0], ["-0.0485534351", "0.028790593"]),
        ([170.0, 390.0, 412.0, 797.0], ["-0.140455889", "-0.0205112711"]),
    ] {
        let got = newcombe_interval(sample(x_a, n_a), sample(x_b, n_b), z_for(0.95)).unwrap();
        agrees(got.lower, lower, 9);
        agrees(got.upper, upper, 9);
    }
}

#[test]
fn published_and_recomputed_intervals_of_a_ratio() {
    // 24/73 : 53/65, 29/55 : 11/11 and 7/18 : 1/18 are .282, .563; .398, .761; 1.277, 40.751 in Fagerland & Newcombe
    // 2013. 6/22 : 112/842 is .9735, 3.7295 in Zou & Donner 2008.
    for ([x_a, n_a, x_b, n_b], [lower, upper]) in [
        ([7.0, 34.0, 1.0, 34.0], ["1.15366869", "41.9762617"]),
        ([36.0, 40.0, 16.0, 80.0], ["2.90260377", "7.11261999"]),
        ([24.0, 73.0, 53.0, 65.0], ["0.281614472", "0.562528022"]),
        ([29.0, 55.0, 11.0, 11.0], ["0.397915444", "0.760984111"]),
        ([7.0, 18.0, 1.0, 18.0], ["1.27701239", "40.7513839"]),
        ([8.0, 15.0, 4.0, 15.0], ["0.827816274", "5.15885867"]),
        ([6.0, 22.0, 112.0, 842.0], ["0.973482843", "3.72954824"]),
        ([2.0, 10.0, 15.0, 25.0], ["0.0930864361", "0.929779102"]),
        ([555.0, 1181.0, 667.0, 1390.0], ["0.902354941", "1.0623351"]),
        ([170.0, 390.0, 412.0, 797.0], ["0.737514395", "0.958757683"]),
        ([0.0, 20.0, 5.0, 30.0], ["0", "1.16669616"]),
        ([48.0, 100.0, 60.0, 100.0], ["0.615867215", "1.03354425"]),
        ([450.0, 1000.0, 500.0, 1000.0], ["0.820514061", "0.986968766"]),
    ] {
        let got = ratio_interval(sample(x_a, n_a), sample(x_b, n_b), z_for(0.95)).unwrap();
        agrees(got.lower, lower, 9);
        agrees(got.upper, upper, 9);
    }
}

#[test]
fn a_distance_is_what_wilson_leaves() {
    // 1e-15: the subtraction of the ends rounds.
    for (x, n) in [(0.0, 7.0), (1.0, 7.0), (3.5, 7.0), (6.0, 7.0), (7.0, 7.0), (0.2, 0.3)] {
        for z in [0.0, 0.5, 1.96, 37.0, 1e6, 1e200, f64::INFINITY] {
            let (at, ends) = (sample(x, n), super::super::wilson(sample(x, n), z));
            assert!((below(at, z) - (at.rate() - ends.lower)).abs() < 1e-15, "{x}/{n} {z}");
            assert!((above(at, z) - (ends.upper - at.rate())).abs() < 1e-15, "{x}/{n} {z}");
        }
    }
    // At a billion billion trials the distance is z sqrt(p q / n), far below the last digits of the rate.
    let distance = below(sample(2.5e17, 1e18), 2.0);
    assert!(
        (distance / (2.0 * (0.25 * 0.75 / 1e18f64).sqrt()) - 1.0).abs() < 1e-8,
        "{distance}"
    );
}

#[test]
fn zeros_leave_an_end_of_the_ratio_open() {
    let (none, some, all) = (sample(0.0, 10.0), sample(4.0, 10.0), sample(10.0, 10.0));
    let interval = |a, b| ratio_interval(a, b, z_for(0.95)).unwrap();
    let whole = Interval {
        lower: 0.0,
        upper: f64::INFINITY,
    };
    assert_eq!(interval(none, none), whole);
    assert_eq!(ratio_z(none, none, 0.8), Some(0.0));
    assert_eq!(interval(some, none).upper, f64::INFINITY);
    // 4/10 : 0/10: p_a - f p_b is on its lower side 0 where the two distances agree, l_a (2 p_a - l_a) = f^2 u_b^2.
    let (low, high) = (
        super::super::wilson(some, z_for(0.95)).lower,
        super::super::wilson(none, z_for(0.95)).upper,
    );
    assert!((interval(some, none).lower - (low * (0.8 - low)).sqrt() / high).abs() < 1e-14);
    assert_eq!(interval(none, some).lower, 0.0);
    assert!(interval(none, some).upper.is_finite());
    assert_eq!(ratio_interval(all, some, f64::INFINITY), Some(whole));
    assert!(ratio_z(some, none, 1e9).unwrap() > 0.0 && ratio_z(none, some, 1e-9).unwrap() < 0.0);
}

#[test]
fn far_tails_and_bounds_that_no_z_reaches() {
    // A gap of a half at 1e15 trials: solved with sixty decimals.
    let (a, b) = (sample(7.5e14, 1e15), sample(2.5e14, 1e15));
    let z = newcombe_z(a, b, 0.0).unwrap();
    assert!((newcombe_interval(a, b, z).unwrap().lower).abs() < 1e-15, "{z}");
    agrees(z, "22856240.94044", 13);
    // p near 1e-300: the one-sided p is a number, not 0.
    let (a, b) = (sample(3_000.0, 4_000.0), sample(1_000.0, 3_130.0));
    let z = newcombe_z(a, b, 0.0).unwrap();
    assert!((newcombe_interval(a, b, z).unwrap().lower).abs() < 1e-15);
    assert!(z > 36.0 && z < 38.0, "{z}");
    assert!(OneSided::of(z).above > 0.0);
    // All against nothing: the lower end falls towards 1 - sqrt(2) and never gets there.
    let (all, none) = (sample(10.0, 10.0), sample(0.0, 20.0));
    assert_eq!(newcombe_z(all, none, -0.5), Some(f64::INFINITY));
    assert_eq!(newcombe_z(none, all, 0.5), Some(f64::NEG_INFINITY));
    assert!(newcombe_z(all, none, -0.41).unwrap().is_finite());
    assert_eq!(newcombe_z(all, none, 1.0), Some(0.0));
    assert_eq!(newcombe_z(all, none, f64::NAN), None);
    assert_eq!(ratio_z(all, none, f64::NAN), None);
}
