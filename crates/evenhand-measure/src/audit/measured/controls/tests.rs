//! Whole audits of amounts with controls.

use std::collections::BTreeMap;

use crate::audit::model::{Audit, Finding, Group, NamedTest, Outcome, Value};
use crate::policy::{Policy, Scale};
use crate::regression::testing::{Numbers as Chance, PRICES, prices, second_pass};
use crate::regression::{Row, without_rows};
use crate::tally::{
    ALL_BITS, Axis, Coding, Controls, Counts, Cube, Dimension, Level, Measured, NumberRole, Numbers, Tally,
};

/// The amounts of each group of `zip`, and of each stratum of `loyal` if there is one.
fn amounts(rows: &[(&str, &str, f64)]) -> Cube<Numbers> {
    let column = |axis, name: &str, of: &dyn Fn(&(&str, &str, f64)) -> String| {
        let mut dimension = Dimension::new(axis, name, Coding::AsWritten);
        let mut levels: Vec<Level> = rows.iter().map(|row| Level::of(&of(row))).collect();
        levels.sort();
        levels.dedup();
        dimension.levels = levels;
        dimension
    };
    let zip = column(Axis::Protected, "zip", &|row| row.0.to_owned());
    let loyal = column(Axis::Strata, "loyal", &|row| row.1.to_owned());
    let cells = rows.iter().map(|(group, stratum, price)| {
        let code = |dimension: &Dimension, text: &str| dimension.levels.binary_search(&Level::of(text)).unwrap() as u32;
        let key = vec![code(&zip, group), code(&loyal, stratum)];
        (key, Numbers::of([(*price, 1)], 0))
    });
    let cells: Vec<_> = cells.collect();
    let cube = Cube::new(vec![zip, loyal], cells).unwrap();
    if rows.iter().all(|row| row.1.is_empty()) {
        let keep = [cube.position(Axis::Protected, "zip").unwrap()];
        return cube.margin(&keep);
    }
    cube
}

fn tally(controls: Option<Controls>, amounts: Cube<Numbers>) -> Tally {
    let keep: Vec<usize> = amounts.positions(Axis::Protected).collect();
    let groups = amounts.margin(&keep);
    let decisions = groups
        .cells()
        .map(|(key, numbers)| (key.to_vec(), Counts::of(numbers.n() + numbers.missing)));
    let decisions: Vec<_> = decisions.collect();
    let rows = decisions.iter().map(|(_, counts)| counts.n).sum();
    let decisions = Cube::new(groups.dimensions().to_vec(), decisions).unwrap();
    let measured = Measured::new(NumberRole::Amount, "price", ALL_BITS, amounts);
    Tally::new(decisions, rows).with(vec![measured], controls, None)
}

/// The tally of rows by `zip`.
fn of_rows(rows: &[Row], log: bool, again: bool) -> Tally {
    let mut controls = without_rows("price", log, rows).unwrap();
    if again {
        controls.robust = second_pass(&controls, &["zip"], rows);
    }
    // The amounts themselves are not looked at here, only their groups.
    let mut sizes: BTreeMap<String, u64> = BTreeMap::new();
    let place = controls.cells.position(Axis::Protected, "zip").unwrap();
    for (key, products) in controls.cells.cells() {
        let level = &controls.cells.dimensions()[place].levels[key[place] as usize];
        *sizes.entry(level.text().unwrap_or_default().to_owned()).or_default() += products.n + products.incomplete;
    }
    let rows: Vec<(&str, &str, f64)> = sizes
        .iter()
        .flat_map(|(zip, n)| (0..*n).map(move |_| (zip.as_str(), "", 1.0)))
        .collect();
    tally(Some(controls), amounts(&rows))
}

fn policy(scale: Scale) -> Policy {
    let mut policy = Policy::default();
    policy.amounts.scale = scale;
    policy.inference.reference.insert("zip".to_owned(), "H".to_owned());
    policy
}

fn group(zip: &str) -> Group {
    Group::from([("zip".to_owned(), Some(zip.to_owned()))])
}

fn finding<'a>(audit: &'a Audit, zip: &str) -> &'a Finding {
    let mut of = audit
        .findings
        .iter()
        .filter(|finding| finding.criterion == "conditional-price-parity");
    of.find(|finding| finding.group == group(zip)).unwrap()
}

fn tests<'a>(audit: &'a Audit, id: &str) -> Vec<&'a NamedTest> {
    audit.tests.iter().filter(|test| test.id == id).collect()
}

fn assert_near(found: Option<f64>, expected: f64) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-7, "{found} instead of {expected}");
}

#[test]
fn the_worked_prices_have_the_gap_of_statsmodels_on_both_scales() {
    // statsmodels 0.15: exp of coefficient and interval of ols("np.log(price) ~ C(zip) + cost + dist") with HC3 and t.
    let log = (1.099_809_529_104, 1.081_306_690_619, 1.118_628_979_921);
    // The same of ols("price ~ …"), over 130/6 and plus 1; the standard error joined with that of what it is a share of,
    // 2.242774566 / (130/6) * sqrt(4.666667 / 6).
    let plain = (1.103_512_672_299, 1.077_953_001_339, 1.129_072_343_258);
    for (scale, (point, lower, upper)) in [(Scale::Log, log), (Scale::Plain, plain)] {
        let tally = of_rows(&prices(), scale == Scale::Log, true);
        let audit = crate::audit(&tally, &policy(scale)).unwrap();
        let found = finding(&audit, "L");
        assert_near(found.point, point);
        assert_near(found.lower, lower);
        assert_near(found.upper, upper);
        assert_eq!((found.method.as_str(), found.outcome), ("ols-hc3", Outcome::Fail));
        let rates = audit.rates.iter().find(|rates| rates.group == group("L")).unwrap();
        assert_near(rates.values["adjusted-price-gap"].point(), point);
        let other = audit.rates.iter().find(|rates| rates.group == group("H")).unwrap();
        assert_eq!(other.values["adjusted-price-gap"].point(), None);
    }
}

/// What a gap is a share of can itself be nearly nothing, and then the share is anything.
#[test]
fn a_gap_is_no_share_of_a_mean_that_may_be_0() {
    let rows: Vec<Row> = (0..40)
        .map(|i| {
            let zip = if i % 2 == 0 { "L" } else { "H" };
            Row::new(&[("zip", zip)], f64::from(i * 37 % 40) - 19.0).with_number("cost", f64::from(i * i % 17))
        })
        .collect();
    let audit = crate::audit(&of_rows(&rows, false, true), &policy(Scale::Plain)).unwrap();
    let found = finding(&audit, "L");
    assert_eq!((found.point, found.outcome), (None, Outcome::Inconclusive));
    assert!(found.why.as_ref().unwrap().contains("not clearly above 0"), "{found:?}");
}

/// Five rows that all had the usual price say little about a surcharge that every seventh row has.
#[test]
fn a_few_rows_that_are_alike_are_not_surer_than_all_rows_are() {
    let of = |i: u32| {
        let (zip, price) = match i {
            0..5 => ("L", 10.0),
            _ if i.is_multiple_of(7) => ("H", 30.0),
            _ => ("H", 10.0),
        };
        Row::new(&[("zip", zip)], price * (1.0 + f64::from(i % 3) * 0.01)).with_number("cost", f64::from(i * i % 17))
    };
    let rows: Vec<Row> = (0..105).map(of).collect();
    let audit = crate::audit(&of_rows(&rows, true, true), &policy(Scale::Log)).unwrap();
    let found = finding(&audit, "L");
    assert!(found.point.unwrap() < 0.9, "{found:?}");
    assert_eq!(found.outcome, Outcome::Inconclusive);
    let classic = tests(&audit, "adjusted-gap-classic")[0];
    assert_eq!((found.lower, found.upper), (classic.lower, classic.upper));
}

#[test]
fn the_parts_of_the_gap_stand_beside_it() {
    let audit = crate::audit(&of_rows(&prices(), false, true), &policy(Scale::Plain)).unwrap();
    let only = |id: &str| {
        let found = tests(&audit, id);
        assert_eq!(found.len(), 1, "{id}");
        found[0]
    };
    assert_near(only("oaxaca-blinder").estimate, 1.423_892_100);
    assert_near(only("oaxaca-reference").estimate, 4.0 / 3.0);
    assert_near(only("oaxaca-group").estimate, 1.530_303_030_303);
    assert_near(only("oaxaca-three-fold").estimate, 2.136_363_636_364);
    let said = only("oaxaca-blinder").note.as_ref().unwrap();
    assert!(said.contains("`cost` 0.552023, `distance` 0.871869"), "{said}");
    // The printed interval of the classic errors, over the reference's mean and plus 1.
    let classic = only("adjusted-gap-classic");
    let mean = 130.0 / 6.0;
    assert_near(classic.lower, 1.0 + 1.736_143_821 / mean);
    assert_near(classic.upper, 1.0 + 2.749_405_312 / mean);
    let without: Vec<f64> = tests(&audit, "leave-one-control-out")
        .iter()
        .map(|test| (test.estimate.unwrap() - 1.0) * mean)
        .collect();
    assert_near(Some(without[0]), 2.213_333_333_333);
    assert_near(Some(without[1]), 2.437_158_469_945);
    let coefficients = tests(&audit, "regression-coefficient");
    assert_eq!(coefficients.len(), 2);
    assert_near(coefficients[0].estimate, 1.104_046_242_775);
    assert!(
        coefficients
            .iter()
            .all(|test| test.lower.is_some() && test.freedom == Some(8))
    );
    let series = audit.series.iter().find(|series| series.id == "coefficients").unwrap();
    assert_eq!(series.labels, ["cost", "distance", "zip = L"]);
    assert!(series.is_sound());
    let rates = audit.rates.iter().find(|rates| rates.group == group("L")).unwrap();
    assert_near(rates.values["explained-gap"].point(), 1.423_892_100);
    assert_near(rates.values["adjusted-mean-gap"].point(), 2.242_774_566);
}

#[test]
fn without_the_second_pass_nothing_is_judged_by_classic_errors() {
    let audit = crate::audit(&of_rows(&prices(), true, false), &policy(Scale::Log)).unwrap();
    let found = finding(&audit, "L");
    assert_eq!(found.outcome, Outcome::Inconclusive);
    assert_near(found.point, 1.099_809_529_104);
    assert_eq!((found.lower, found.p_breach), (None, None));
    let note = audit.notes.iter().find(|note| note.code == "no-robust-errors").unwrap();
    assert!(note.message.contains("merged"), "{}", note.message);
    assert!(tests(&audit, "adjusted-gap-classic")[0].lower.is_some());
}

/// Quotes of 60 customers; who lives in L is asked for `gap` more.
fn quotes(n: usize, gap: f64, seed: u64) -> Vec<Row> {
    let mut chance = Chance(seed);
    (0..n)
        .map(|_| {
            let customer = (chance.next() * 60.0) as u32;
            let zip = if customer.is_multiple_of(2) { "H" } else { "L" };
            let distance = 10.0 * chance.next() + if zip == "L" { 4.0 } else { 0.0 };
            let more = if zip == "L" { gap } else { 0.0 };
            let price = (3.0 + 0.02 * distance + more + 0.05 * (chance.next() - 0.5)).exp();
            Row::new(&[("zip", zip)], price)
                .with_number("distance", distance)
                .in_bucket(customer)
        })
        .collect()
}

#[test]
fn a_planted_gap_fails_and_none_passes_by_clustered_errors() {
    for (gap, outcome) in [(0.1, Outcome::Fail), (0.0, Outcome::Pass)] {
        let tally = of_rows(&quotes(2_000, gap, 5), true, false);
        let audit = crate::audit(&tally, &policy(Scale::Log)).unwrap();
        let found = finding(&audit, "L");
        assert_eq!((found.method.as_str(), found.outcome), ("ols-cluster", outcome));
        assert!((found.point.unwrap().ln() - gap).abs() < 0.01, "{:?}", found.point);
        // A merged tally has its clusters still.
        let merged = of_rows(&quotes(1_000, gap, 6), true, false).merge(&tally).unwrap();
        let audit = crate::audit(&merged, &policy(Scale::Log)).unwrap();
        assert_eq!(finding(&audit, "L").outcome, outcome);
    }
}

#[test]
fn what_is_wrong_with_controls_is_said() {
    let mut rows: Vec<Row> = quotes(400, 0.0, 9)
        .into_iter()
        .enumerate()
        .map(|(index, row)| {
            let zip = row.level(Axis::Protected, "zip");
            let code = if zip == Some(Level::of("L")) { "7" } else { "3" };
            // One in fifty has moved.
            let code = if index % 50 == 0 { "5" } else { code };
            row.with_number("year", 2024.0).with_word("area", code)
        })
        .collect();
    rows.push(
        Row::new(&[("zip", "L")], 0.0)
            .with_number("distance", 1.0)
            .in_bucket(3)
            .with_number("year", 2024.0)
            .with_word("area", "7"),
    );
    let audit = crate::audit(&of_rows(&rows, true, false), &policy(Scale::Log)).unwrap();
    let note = |code: &str| &audit.notes.iter().find(|note| note.code == code).unwrap().message;
    let is_proxy = |control: &str| {
        let mut notes = audit.notes.iter().filter(|note| note.code == "control-is-proxy");
        notes.any(|note| note.message.contains(control))
    };
    assert!(is_proxy("`area`") && !is_proxy("`year`"));
    assert!(note("control-left-out").contains("`year` is the same in every row"));
    assert!(note("controls-incomplete").contains("1 of 401 rows"));
}

#[test]
fn a_control_that_is_the_group_leaves_the_verdict_open() {
    let rows: Vec<Row> = prices()
        .into_iter()
        .map(|row| {
            let is_low = row.level(Axis::Protected, "zip") == Some(Level::of("L"));
            row.with_number("surcharge", f64::from(u8::from(is_low)))
        })
        .collect();
    let audit = crate::audit(&of_rows(&rows, true, true), &policy(Scale::Log)).unwrap();
    let found = finding(&audit, "L");
    assert_eq!((found.outcome, found.point), (Outcome::Inconclusive, None));
    let rates = audit.rates.iter().find(|rates| rates.group == group("L")).unwrap();
    let Value::Undefined { undefined, .. } = &rates.values["adjusted-price-gap"] else {
        panic!("{:?}", rates.values)
    };
    assert!(undefined.contains("`surcharge`"), "{undefined}");
}

#[test]
fn missing_groups_are_in_the_equation_and_not_judged() {
    let mut rows = quotes(1_000, 0.0, 11);
    rows.extend(quotes(30, 0.5, 12).into_iter().map(|row| row.of_group("zip", "")));
    let audit = crate::audit(&of_rows(&rows, true, false), &policy(Scale::Log)).unwrap();
    let of: Vec<&Finding> = audit
        .findings
        .iter()
        .filter(|finding| finding.criterion == "conditional-price-parity")
        .collect();
    assert_eq!(of.len(), 1);
    assert_eq!(of[0].outcome, Outcome::Pass);
    let missing = Group::from([("zip".to_owned(), None)]);
    let rates = audit.rates.iter().find(|rates| rates.group == missing).unwrap();
    assert!(rates.values["adjusted-price-gap"].point().unwrap() > 1.2);
}

#[test]
fn strata_split_the_gap_without_controls() {
    let rows: Vec<(&str, &str, f64)> = PRICES.iter().map(|row| (row.0, row.4, row.1)).collect();
    let audit = crate::audit(&tally(None, amounts(&rows)), &policy(Scale::Plain)).unwrap();
    let found = tests(&audit, "kitagawa-amounts");
    assert_eq!(found.len(), 1);
    assert_near(found[0].estimate, 0.465_277_778);
    assert!(found[0].note.as_ref().unwrap().contains("make 3.201389"));
    assert!(
        audit
            .rates
            .iter()
            .all(|rates| !rates.values.contains_key("adjusted-price-gap"))
    );
    // A stratum of one group alone.
    let mut lonely = rows.clone();
    lonely.push(("L", "2", 20.0));
    let audit = crate::audit(&tally(None, amounts(&lonely)), &policy(Scale::Plain)).unwrap();
    assert!(
        tests(&audit, "kitagawa-amounts")[0]
            .not_computed
            .as_ref()
            .unwrap()
            .contains("1 of 3 strata")
    );
}
