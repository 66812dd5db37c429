//! The worked example: prices of six goods in each of two zip codes.

use super::*;
use crate::regression::testing::{PRICES, prices};

/// As many digits as are printed.
fn assert_near(found: f64, printed: f64) {
    assert!((found - printed).abs() < 6e-10, "{found} instead of {printed}");
}

/// Where only six digits are printed.
fn assert_roughly(found: f64, printed: f64) {
    assert!((found - printed).abs() < 6e-7, "{found} instead of {printed}");
}

#[test]
fn the_equation_has_the_printed_coefficients_and_errors() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let (l, h) = (at(&rows, "L"), at(&rows, "H"));
    let equation = rows.explain().unwrap();
    assert_near(rows.raw_gap(l, h).unwrap(), 11.0 / 3.0);
    assert_near(equation.gap(l, h).unwrap(), 2.242_774_566);
    assert_near(equation.gap(h, l).unwrap(), -2.242_774_566);
    assert_eq!(equation.names(), ["constant", "cost", "distance", "zip = L"]);
    let printed = [6.751_445_087, 1.104_046_243, 1.046_242_775, 2.242_774_566];
    for ((_, found), printed) in equation.coefficients().iter().zip(printed) {
        assert_near(*found, printed);
    }
    assert_near(equation.explained_share().unwrap(), 0.990_168_008);
    assert!((equation.freedom() - 8.0).abs() < f64::EPSILON);

    let classic = equation.classic().unwrap();
    let se = classic.of_gap(l, h).unwrap();
    assert_near(se, 0.219_700_710);
    assert_roughly(equation.gap(l, h).unwrap() / se, 10.208_317);
    let robust = second_pass(&controls, &["zip"], &prices());
    let hc3 = equation.robust(&robust).unwrap();
    assert_near(hc3.of_gap(l, h).unwrap(), 0.222_124_913);
    assert_near(hc3.of_gap(h, l).unwrap(), 0.222_124_913);
    assert_eq!(hc3.kind.word(), "ols-hc3");
}

#[test]
fn without_a_second_pass_there_is_no_error_and_classic_ones_do_not_stand_in() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let equation = rows.explain().unwrap();
    let reason = equation.errors(&[]).unwrap_err();
    assert!(reason.contains("second pass") && reason.contains("merged"), "{reason}");
    let mut passed = controls.clone();
    passed.robust = second_pass(&controls, &["zip"], &prices());
    assert!(equation.errors(&passed.robust).is_ok());
    assert!(passed.merge(&passed).unwrap().robust.is_empty());
}

#[test]
fn the_gap_splits_into_the_printed_parts() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let (l, h) = (at(&rows, "L"), at(&rows, "H"));
    let equation = rows.explain().unwrap();
    let pooled = decompose(&equation, l, h).unwrap();
    assert_near(pooled.gap, 11.0 / 3.0);
    assert_near(pooled.explained, 1.423_892_100);
    assert_near(pooled.unexplained, 2.242_774_566);
    let by_control: Vec<&str> = pooled.by_control.iter().map(|part| part.control.as_str()).collect();
    assert_eq!(by_control, ["cost", "distance"]);
    assert_near(pooled.by_control[0].explained, 0.552_023_121);
    assert_near(pooled.by_control[1].explained, 0.871_868_979);

    let reference = decompose(&rows.explain_within(h).unwrap(), l, h).unwrap();
    assert_near(reference.explained, 4.0 / 3.0);
    assert_near(reference.by_control[0].explained, 0.5);
    assert_near(reference.by_control[1].explained, 5.0 / 6.0);
    assert_near(reference.unexplained, 7.0 / 3.0);
    let group = decompose(&rows.explain_within(l).unwrap(), l, h).unwrap();
    assert_roughly(group.explained, 1.530_303);
    assert_roughly(group.unexplained, 2.136_364);
    let three = three_fold(&rows, l, h).unwrap();
    assert_near(three.endowments, 4.0 / 3.0);
    assert_roughly(three.coefficients, 2.136_364);
    assert_roughly(three.interaction, 0.196_970);
}

#[test]
fn each_group_alone_has_the_printed_equation() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let of = |group| -> Vec<f64> {
        let equation = rows.explain_within(at(&rows, group)).unwrap();
        equation.coefficients().into_iter().map(|(_, value)| value).collect()
    };
    for (found, exact) in of("H").iter().zip([8.0, 1.0, 1.0]) {
        assert_near(*found, exact);
    }
    for (found, printed) in of("L").iter().zip([10.636_363_636, 0.863_636_364, 1.318_181_818]) {
        assert_near(*found, printed);
    }
    // The goods of H are priced by a formula: nothing is left, and so no error can be told.
    let within = rows.explain_within(at(&rows, "H")).unwrap();
    assert!(within.classic().unwrap_err().contains("exactly"));
}

/// Under the name of Neumark's pooled decomposition, which is without the group, other software returns the pooled one
/// with it. Ours is the one with the group, and what it leaves is the coefficient of the equation.
#[test]
fn trap_10_pooled_is_with_the_group_and_leaves_its_coefficient() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let (l, h) = (at(&rows, "L"), at(&rows, "H"));
    let equation = rows.explain().unwrap();
    let parts = decompose(&equation, l, h).unwrap();
    assert!((parts.unexplained - equation.gap(l, h).unwrap()).abs() < 1e-12);

    // Pooled without the group: both as one group, in an equation of their own.
    let blind: Vec<Row> = PRICES
        .iter()
        .map(|&(_, price, cost, distance, _)| {
            Row::new(&[("all", "everybody")], price)
                .with_number("cost", cost)
                .with_number("distance", distance)
        })
        .collect();
    let blind = without_rows("price", false, &blind).unwrap();
    let blind = Rows::of(&blind, &["all"]).unwrap();
    let slopes: Vec<f64> = blind
        .explain()
        .unwrap()
        .coefficients()
        .iter()
        .map(|(_, b)| *b)
        .collect();
    let neumark = 0.5 * slopes[1] + 5.0 / 6.0 * slopes[2];
    assert_roughly(neumark, 1.629_921);
    assert!((parts.explained - neumark).abs() > 0.2, "the two are different numbers");
}

#[test]
fn strata_split_the_gap_as_printed() {
    let of = |zip: &str, loyal: &str| {
        let of_both = PRICES.iter().filter(|row| row.0 == zip && row.4 == loyal);
        let prices: Vec<f64> = of_both.map(|row| row.1).collect();
        (prices.len() as u64, prices.iter().sum::<f64>() / prices.len() as f64)
    };
    let split = kitagawa(&[(of("L", "0"), of("H", "0")), (of("L", "1"), of("H", "1"))]).unwrap();
    assert_near(split.composition, 0.465_277_778);
    assert_near(split.rate, 3.201_388_889);
    assert_near(split.standardized, 3.201_388_889);
    assert_near(split.gap, 11.0 / 3.0);
    assert!(kitagawa(&[]).is_err());
    assert!(
        kitagawa(&[((3, 1.0), (0, 0.0))])
            .unwrap_err()
            .contains("in 1 of 1 strata")
    );
}

#[test]
fn leaving_a_control_out_gives_the_gap_that_it_hides() {
    let controls = without_rows("price", false, &prices()).unwrap();
    let rows = Rows::of(&controls, &["zip"]).unwrap();
    let (l, h) = (at(&rows, "L"), at(&rows, "H"));
    let none = rows.explain_without(&["cost", "distance"]).unwrap();
    assert_near(none.gap(l, h).unwrap(), rows.raw_gap(l, h).unwrap());
    let gap = |left_out| rows.explain_without(&[left_out]).unwrap().gap(l, h).unwrap();
    // By `numpy.linalg.lstsq`.
    assert_near(gap("cost"), 2.213_333_333_333);
    assert_near(gap("distance"), 2.437_158_469_945);
}
