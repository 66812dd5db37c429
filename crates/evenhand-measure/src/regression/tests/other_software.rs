//! What statsmodels says of made-up prices: `fixtures/expected/make_regression.py`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Expected {
    rows: Vec<(String, String, u32, f64, f64, f64)>,
    coefficients: BTreeMap<String, f64>,
    r_squared: f64,
    se: BTreeMap<String, BTreeMap<String, f64>>,
    south_to_west: BTreeMap<String, Gap>,
}

#[derive(Deserialize)]
struct Gap {
    gap: f64,
    se: f64,
}

fn expected() -> Expected {
    let text = include_str!("../../../../../fixtures/expected/regression.statsmodels.json");
    serde_json::from_str(text).unwrap()
}

fn rows(expected: &Expected, with_units: bool) -> Vec<Row> {
    expected
        .rows
        .iter()
        .map(|(zone, shop, unit, cost, distance, price)| {
            let row = Row::new(&[("zone", zone)], *price)
                .with_number("cost", *cost)
                .with_number("distance", *distance)
                .with_word("shop", shop);
            if with_units { row.in_bucket(*unit) } else { row }
        })
        .collect()
}

/// statsmodels works on uncentred numbers around 1,000, whose square it inverts: that costs it about six digits.
fn assert_close(found: f64, expected: f64, what: &str) {
    assert!(
        (found / expected - 1.0).abs() < 1e-8,
        "{what}: {found} instead of {expected}"
    );
}

#[test]
fn coefficients_and_all_three_kinds_of_errors_agree() {
    let expected = expected();
    let plain = rows(&expected, false);
    let controls = without_rows("price", true, &plain).unwrap();
    let robust = second_pass(&controls, &["zone"], &plain);
    let sample = Rows::of(&controls, &["zone"]).unwrap();
    let equation = sample.explain().unwrap();
    let in_units = without_rows("price", true, &rows(&expected, true)).unwrap();
    let in_units = Rows::of(&in_units, &["zone"]).unwrap();
    let equation_in_units = in_units.explain().unwrap();

    assert_close(equation.explained_share().unwrap(), expected.r_squared, "R squared");
    assert_eq!(equation.coefficients().len(), expected.coefficients.len());
    let kinds = [
        equation.classic().unwrap(),
        equation.errors(&robust).unwrap(),
        equation_in_units.errors(&robust).unwrap(),
    ];
    assert_eq!(
        kinds.each_ref().map(|errors| errors.kind),
        [Kind::Classic, Kind::Hc3, Kind::Clustered]
    );
    assert_eq!(kinds.each_ref().map(|errors| errors.freedom as u64), [232, 232, 59]);
    for (term, found) in equation.coefficients() {
        let name = sample.name(term);
        assert_close(found, expected.coefficients[&name], &name);
        if term == Term::Constant {
            continue;
        }
        for errors in &kinds {
            let se = errors.of_term(term).unwrap();
            assert_close(se, expected.se[errors.kind.word()][&name], &name);
        }
    }
    // A pair without the largest group.
    let (south, west) = (at(&sample, "south"), at(&sample, "west"));
    for errors in &kinds {
        let pair = &expected.south_to_west[errors.kind.word()];
        assert_close(equation.gap(south, west).unwrap(), pair.gap, "gap");
        assert_close(errors.of_gap(south, west).unwrap(), pair.se, errors.kind.word());
    }
}
