use proptest::prelude::*;

use super::super::testing::{agrees, sample, strata};
use super::super::{Comparison, Correction, Interval, Sample, z_for};
use super::*;

mod laws;

/// Graduate admissions at Berkeley, 1973 (Bickel, Hammel & O'Connell 1975): women, then men, departments A to F.
///
/// The test data of statsmodels 0.15 have the men of department D exchanged (139 rejected, 278 admitted; it was 279 and
/// 138), hence their Breslow-Day statistic of 18.83297. That of the true table is 18.82551.
const BERKELEY: [[f64; 4]; 6] = [
    [89.0, 19.0, 512.0, 313.0],
    [17.0, 8.0, 353.0, 207.0],
    [202.0, 391.0, 120.0, 205.0],
    [131.0, 244.0, 138.0, 279.0],
    [94.0, 299.0, 53.0, 138.0],
    [24.0, 317.0, 22.0, 351.0],
];

/// Alleles of mussels at four bays of Oregon (McDonald, Handbook of Biological Statistics).
const MUSSELS: [[f64; 4]; 4] = [
    [56.0, 69.0, 40.0, 77.0],
    [61.0, 257.0, 57.0, 301.0],
    [73.0, 65.0, 71.0, 79.0],
    [71.0, 48.0, 55.0, 48.0],
];

/// The five tables of R's DescTools documentation for the Breslow-Day test, as R fills them (by column).
const DESCTOOLS: [[f64; 4]; 5] = [
    [20.0, 10.0, 14.0, 24.0],
    [15.0, 3.0, 12.0, 15.0],
    [3.0, 3.0, 2.0, 2.0],
    [12.0, 7.0, 3.0, 5.0],
    [1.0, 3.0, 0.0, 2.0],
];

/// Migraine treatment against placebo, women then men (Koch & Edwards 1988).
const MIGRAINE: [[f64; 4]; 2] = [[16.0, 11.0, 5.0, 20.0], [12.0, 16.0, 7.0, 19.0]];

/// The passengers and crew of the Titanic, men against women, by class (Dawson 1995).
const TITANIC: [[f64; 4]; 4] = [
    [62.0, 118.0, 141.0, 4.0],
    [25.0, 154.0, 93.0, 13.0],
    [88.0, 422.0, 90.0, 106.0],
    [192.0, 670.0, 20.0, 3.0],
];

#[test]
fn published_and_recomputed_tests() {
    // scipy 1.17 and statsmodels 0.15 (StratifiedTable). Published: 1.4269 and 0.2323 for Berkeley (R,
    // mantelhaen.test), 5.05 and 0.025 for the mussels (McDonald), 11.8852 and 0.0005658 for the DescTools tables (R).
    // Columns: excess, variance, statistic, p, corrected statistic, p.
    for (rows, expected) in [
        (
            &BERKELEY[..],
            [
                "15.35716658",
                "154.6907616",
                "1.52460666",
                "0.2169236971",
                "1.426946229",
                "0.2322634628",
            ],
        ),
        (
            &BERKELEY[1..],
            [
                "-4.073701584",
                "132.7772963",
                "0.1249840527",
                "0.7236905148",
                "0.09618619572",
                "0.7564552601",
            ],
        ),
        (
            &MUSSELS,
            [
                "19.36380686",
                "70.46835298",
                "5.320927768",
                "0.02107078994",
                "5.049688182",
                "0.02463037046",
            ],
        ),
        (
            &DESCTOOLS,
            [
                "10.97777778",
                "9.2370241",
                "13.04658336",
                "0.0003038381804",
                "11.88519441",
                "0.0005658191942",
            ],
        ),
        (
            &MIGRAINE,
            [
                "7.244301994",
                "6.318945378",
                "8.305169335",
                "0.003953239638",
                "7.198291277",
                "0.007297303004",
            ],
        ),
    ] {
        let rows = strata(rows);
        let plain = cochran_mantel_haenszel(&rows, Continuity::Uncorrected).unwrap();
        let corrected = cochran_mantel_haenszel(&rows, Continuity::Corrected).unwrap();
        let got = [
            plain.excess,
            plain.variance,
            plain.statistic,
            plain.p,
            corrected.statistic,
            corrected.p,
        ];
        for (value, printed) in got.into_iter().zip(expected) {
            agrees(value, printed, 10);
        }
        assert_eq!(plain.z < 0.0, plain.excess < 0.0);
    }
    let titanic = cochran_mantel_haenszel(&strata(&TITANIC), Continuity::Uncorrected).unwrap();
    agrees(titanic.statistic, "362.672980754", 12);
}

#[test]
fn published_and_recomputed_common_effects() {
    // As above. Columns: odds ratio and its interval, ratio of rates and its interval, difference of rates.
    for (rows, odds, ratio, difference) in [
        (
            &BERKELEY[..],
            ["1.105342662", "0.943102829", "1.29549224"],
            ["1.058307424", "0.970439153", "1.15413171"],
            "0.01842519619",
        ),
        (
            &BERKELEY[1..],
            ["0.9699038851", "0.818541913", "1.1492552"],
            ["0.9800422053", "0.877098504", "1.09506825"],
            "-0.005520003992",
        ),
        (
            &MUSSELS,
            ["1.31748487", "1.04241838", "1.6651341"],
            ["1.17448395", "1.02413133", "1.34690982"],
            "0.05440358439",
        ),
        (
            &DESCTOOLS,
            ["3.591175563", "1.78113452", "7.24063329"],
            ["1.768344007", "1.28971185", "2.42460401"],
            "0.297277844",
        ),
        (
            &MIGRAINE,
            ["3.313168069", "1.44561319", "7.59337472"],
            ["2.163596842", "1.23356795", "3.79480619"],
            "0.2737598579",
        ),
    ] {
        let rows = strata(rows);
        let z = z_for(0.95);
        let check = |got: CommonEffect, [point, lower, upper]: [&str; 3]| {
            let interval = got.interval.unwrap();
            agrees(got.point, point, 10);
            agrees(interval.lower, lower, 9);
            agrees(interval.upper, upper, 9);
        };
        check(common_odds_ratio(&rows, z).unwrap(), odds);
        check(common_risk_ratio(&rows, z).unwrap(), ratio);
        agrees(common_risk_difference(&rows, z).unwrap().point, difference, 10);
        agrees(point(Comparison::Ratio, &rows).unwrap(), ratio[0], 10);
        agrees(point(Comparison::Difference, &rows).unwrap(), difference, 10);
    }
    let titanic = common_odds_ratio(&strata(&TITANIC), z_for(0.95)).unwrap();
    agrees(titanic.point, "0.0925366381210", 12);
    agrees(titanic.interval.unwrap().lower, "0.0704962428", 9);
    agrees(titanic.interval.unwrap().upper, "0.1214678834", 9);
}

#[test]
fn published_and_recomputed_homogeneity() {
    // statsmodels 0.15, StratifiedTable.test_equal_odds. Columns: Breslow-Day, its p, Tarone's. The p of the Titanic is
    // scipy 1.17's chi2.sf: statsmodels takes 1 - cdf, which leaves 5.2369e-13 of it.
    for (rows, [plain, p, adjusted]) in [
        (&BERKELEY[..], ["18.82551371", "0.00207139035", "18.82550125"]),
        (&BERKELEY[1..], ["2.558209212", "0.6342437359", "2.558206844"]),
        (&MUSSELS, ["0.529485909", "0.9123673421", "0.5294857687"]),
        (&DESCTOOLS, ["1.843789632", "0.7644617915", "1.843632137"]),
        (&MIGRAINE, ["1.492928498", "0.2217626422", "1.490537337"]),
        (&TITANIC, ["60.2347067642", "5.237229294e-13", "60.1470593469"]),
    ] {
        let got = breslow_day(&strata(rows)).unwrap();
        agrees(got.plain.statistic, plain, 10);
        agrees(got.plain.p, p, 9);
        agrees(got.adjusted.statistic, adjusted, 10);
        assert_eq!(got.plain.degrees as usize, rows.len() - 1);
    }
}

#[test]
fn zero_cells() {
    // R, mantelhaen.test: 3.9286 with p 0.04747, 7, 1.026713 to 47.725133. The first and the last table have an empty
    // row each and cannot be written as samples; they add nothing there.
    let rows = strata(&[[3.0, 0.0, 3.0, 6.0], [6.0, 2.0, 0.0, 4.0], [5.0, 6.0, 1.0, 0.0]]);
    let test = cochran_mantel_haenszel(&rows, Continuity::Corrected).unwrap();
    agrees(test.statistic, "3.9286", 5);
    agrees(test.p, "0.04747", 4);
    let odds = common_odds_ratio(&rows, z_for(0.95)).unwrap();
    agrees(odds.point, "7", 15);
    agrees(odds.interval.unwrap().lower, "1.026713", 7);
    agrees(odds.interval.unwrap().upper, "47.725133", 8);
    // statsmodels 0.15 on the same three tables.
    let got = breslow_day(&rows).unwrap();
    agrees(got.plain.statistic, "8.62733176237", 12);
    agrees(got.adjusted.p, "0.0153113973857", 12);
}

#[test]
fn what_is_undefined_says_so() {
    let none = strata(&[[0.0, 10.0, 0.0, 20.0], [0.0, 3.0, 0.0, 1.0]]);
    let all = strata(&[[10.0, 0.0, 20.0, 0.0], [3.0, 0.0, 1.0, 0.0]]);
    let apart = strata(&[[0.0, 10.0, 4.0, 20.0], [0.0, 3.0, 1.0, 0.0]]);
    for rows in [&none, &all, &vec![]] {
        assert_eq!(cochran_mantel_haenszel(rows, Continuity::Uncorrected), None);
        assert_eq!(common_odds_ratio(rows, 1.96), None);
        assert_eq!(breslow_day(rows), None);
        assert_eq!(heterogeneity(Comparison::Difference, rows, Correction::None), None);
    }
    assert_eq!(common_risk_ratio(&none, 1.96), None);
    assert_eq!(common_risk_difference(&[], 1.96), None);
    assert_eq!(point(Comparison::Difference, &[]), None);
    assert_eq!(point(Comparison::Ratio, &none), None);
    assert_eq!(point(Comparison::Ratio, &apart), Some(0.0));
    for effect in [common_odds_ratio(&apart, 1.96), common_risk_ratio(&apart, 1.96)] {
        assert_eq!(
            effect.unwrap(),
            CommonEffect {
                point: 0.0,
                interval: None
            }
        );
    }
    assert_eq!(common_risk_difference(&all, 1.96).unwrap().interval, None);
    assert_eq!(heterogeneity(Comparison::Ratio, &apart, Correction::None), None);
    // One stratum cannot differ from itself, nor from one in which everybody succeeded.
    let one = strata(&[[3.0, 7.0, 5.0, 5.0], [4.0, 0.0, 9.0, 0.0]]);
    assert_eq!(breslow_day(&one), None);
    assert_eq!(heterogeneity(Comparison::Difference, &one[..1], Correction::None), None);
}

#[test]
fn ends_that_the_data_leave_open() {
    let z = z_for(0.95);
    for correction in [Correction::None, Correction::MiettinenNurminen] {
        let of = |rows: &[[f64; 4]], comparison| interval(comparison, &strata(rows), z, correction);
        let nobody = [[0.0, 10.0, 0.0, 20.0], [0.0, 5.0, 0.0, 5.0]];
        let whole = Interval {
            lower: 0.0,
            upper: f64::INFINITY,
        };
        assert_eq!(of(&nobody, Comparison::Ratio), whole);
        assert_eq!(of(&[], Comparison::Ratio), whole);
        assert_eq!(
            of(&[], Comparison::Difference),
            Interval {
                lower: -1.0,
                upper: 1.0
            }
        );
        let none_of_a = of(&[[0.0, 10.0, 4.0, 16.0], [0.0, 5.0, 1.0, 4.0]], Comparison::Ratio);
        assert!(none_of_a.lower == 0.0 && none_of_a.upper.is_finite() && none_of_a.upper > 0.0);
        let none_of_b = of(&[[4.0, 10.0, 0.0, 16.0], [1.0, 5.0, 0.0, 4.0]], Comparison::Ratio);
        assert!(none_of_b.lower > 0.0 && none_of_b.upper == f64::INFINITY);
        let opposite = of(&[[9.0, 0.0, 0.0, 7.0], [2.0, 0.0, 0.0, 3.0]], Comparison::Difference);
        assert!(opposite.upper == 1.0 && opposite.lower > 0.0 && opposite.lower < 1.0);
    }
}

#[test]
fn recomputed_stratified_scores() {
    // scipy 1.17: brentq for the restricted rates (the zero of the likelihood's derivative) and for the ends.
    // Columns: difference's ends, ratio's ends, Z of a difference of -0.1, Z of a ratio of 0.8.
    let corrected = Correction::MiettinenNurminen;
    for (rows, correction, expected) in [
        (
            &BERKELEY[..],
            corrected,
            [
                "-0.01089006797",
                "0.04745604768",
                "0.9669876312",
                "1.15630753",
                "7.744417396",
                "5.990122545",
            ],
        ),
        (
            &BERKELEY[..],
            Correction::None,
            [
                "-0.01087119827",
                "0.04743755553",
                "0.9670438578",
                "1.156242616",
                "7.749392058",
                "5.993944365",
            ],
        ),
        (
            &BERKELEY[1..],
            corrected,
            [
                "-0.03634824417",
                "0.02499482473",
                "0.8764505119",
                "1.095880104",
                "5.913085587",
                "3.564659441",
            ],
        ),
        (
            &MIGRAINE,
            corrected,
            [
                "0.08906589669",
                "0.4404835655",
                "1.264652912",
                "3.851425332",
                "3.932160721",
                "3.794325875",
            ],
        ),
        (
            &MIGRAINE,
            Correction::None,
            [
                "0.09085958071",
                "0.4390240631",
                "1.270789644",
                "3.830333136",
                "3.969808062",
                "3.830653257",
            ],
        ),
    ] {
        let rows = strata(rows);
        let of = |comparison| interval(comparison, &rows, z_for(0.95), correction);
        let (difference, ratio) = (of(Comparison::Difference), of(Comparison::Ratio));
        let at = |comparison, bound| score_z(comparison, &rows, bound, correction);
        let got = [
            difference.lower,
            difference.upper,
            ratio.lower,
            ratio.upper,
            at(Comparison::Difference, -0.1),
            at(Comparison::Ratio, 0.8),
        ];
        for (value, printed) in got.into_iter().zip(expected) {
            agrees(value, printed, 9);
        }
    }
}

#[test]
fn recomputed_intervals_of_sato_and_heterogeneity() {
    // numpy 2, from the formulas, with the restricted rates as above. Columns: Sato's ends; the statistics of common
    // differences and ratios with their p's.
    for (rows, ends, difference, ratio) in [
        (
            &BERKELEY[..],
            ["-0.01063204296", "0.04748243535"],
            ["18.97876355", "0.001939721986"],
            ["16.21203784", "0.006264062052"],
        ),
        (
            &BERKELEY[1..],
            ["-0.03619521729", "0.02515520930"],
            ["2.677325550", "0.6131881405"],
            ["2.502510930", "0.6441862285"],
        ),
        (
            &MIGRAINE,
            ["0.09650282509", "0.4510168907"],
            ["1.650491384", "0.1988920642"],
            ["1.146887024", "0.2842017538"],
        ),
    ] {
        let rows = strata(rows);
        let got = common_risk_difference(&rows, z_for(0.95)).unwrap().interval.unwrap();
        agrees(got.lower, ends[0], 9);
        agrees(got.upper, ends[1], 9);
        for (comparison, [statistic, p]) in [(Comparison::Difference, difference), (Comparison::Ratio, ratio)] {
            let got = heterogeneity(comparison, &rows, Correction::MiettinenNurminen).unwrap();
            agrees(got.statistic, statistic, 9);
            agrees(got.p, p, 9);
            assert_eq!(got.degrees as usize, rows.len() - 1);
        }
    }
}

/// In two of three strata everybody succeeds. At a difference of 0 these have no variance and Z is above 1.96; a little
/// below 0 they have, and Z is not: the statistic turns back.
#[test]
fn where_the_statistic_turns_back_the_p_value_is_that_of_the_whole_side() {
    let rows = strata(&[[8.0, 0.0, 1.0, 1.0], [7.0, 0.0, 53.0, 0.0], [4.0, 0.0, 6.0, 0.0]]);
    let (comparison, correction) = (Comparison::Difference, Correction::MiettinenNurminen);
    let z = |bound: f64| score_z(comparison, &rows, bound, correction);
    assert!(z(0.0) > z_for(0.95) && z(-0.05) < z_for(0.95));
    let got = interval(comparison, &rows, z_for(0.95), correction);
    assert!(got.lower < -0.05);
    for step in 0..400 {
        let bound = f64::from(step) / 400.0 * got.lower;
        assert!(
            one_sided(comparison, &rows, bound, correction).above >= 0.025,
            "{bound}"
        );
    }
}

#[test]
fn a_thousand_strata() {
    let rows: Vec<_> = (0..1_000)
        .map(|k| {
            let n = f64::from(5 + k % 90);
            (sample((n * 0.3).floor(), n), sample((n * 0.45).ceil(), n + 3.0))
        })
        .collect();
    for comparison in [Comparison::Difference, Comparison::Ratio] {
        let got = interval(comparison, &rows, z_for(0.95), Correction::default());
        assert!(got.contains(point(comparison, &rows).unwrap()));
        assert!(got.upper - got.lower < 0.05);
    }
}

#[test]
fn tails_of_chi_squared() {
    // scipy 1.17: chi2.sf.
    for (statistic, degrees, expected) in [
        (3.0, 4, 0.5578254003710748),
        (60.23470676424682, 3, 5.237229294099701e-13),
        (900.0, 5, 2.6614147330185637e-192),
        (1000.0, 999, 0.48513148927490146),
        (12000.0, 9999, 1.0464732737955147e-40),
    ] {
        // 1e-10: thousands of degrees lose digits of a logarithm of that size.
        assert!(
            (chi_squared_sf(statistic, degrees) / expected - 1.0).abs() < 1e-10,
            "{statistic} {degrees}"
        );
    }
    assert_eq!(chi_squared_sf(0.0, 3), 1.0);
    assert_eq!(chi_squared_sf(f64::INFINITY, 3), 0.0);
}
