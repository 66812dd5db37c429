//! Audits of tallies that hold amounts, to the end.

use crate::audit::audit;
use crate::audit::model::{Audit, Finding, NamedTest, Value, Verdict};
use crate::inference::testing::agrees;
use crate::policy::{Policy, Scale};
use crate::tally::{ALL_BITS, Axis, Coding, Counts, Cube, Dimension, Level, Measured, NumberRole, Numbers, Tally};

/// A row: its group, the bucket of what it belongs to, and its number, if it has one.
type Row<'a> = (&'a str, u32, Option<f64>);

fn measured(role: NumberRole, rows: &[Row<'_>], clustered: bool) -> Measured {
    let mut group = Dimension::new(Axis::Protected, "zip_income", Coding::AsWritten);
    let mut bucket = Dimension::new(Axis::Bucket, "customer", Coding::AsWritten);
    let names: std::collections::BTreeSet<&str> = rows.iter().map(|row| row.0).collect();
    group.levels = names
        .iter()
        .map(|name| {
            if name.is_empty() {
                Level::Missing
            } else {
                Level::of(name)
            }
        })
        .collect();
    bucket.levels = (0..1_024).map(|b: u32| Level::of(&b.to_string())).collect();
    let cells = rows.iter().map(|(name, in_bucket, number)| {
        let place = names.iter().position(|other| other == name).unwrap() as u32;
        let numbers = Numbers::of(number.map(|x| (x, 1)), u64::from(number.is_none()));
        let key = if clustered {
            vec![place, *in_bucket]
        } else {
            vec![place]
        };
        (key, numbers)
    });
    let dimensions = if clustered { vec![group, bucket] } else { vec![group] };
    Measured::new(role, "price", ALL_BITS, Cube::new(dimensions, cells).unwrap())
}

fn tally(columns: Vec<Measured>) -> Tally {
    let cells = &columns[0].cells;
    let kept: Vec<usize> = cells.positions(Axis::Protected).collect();
    let groups = cells.margin(&kept);
    let counts = groups
        .cells()
        .map(|(key, numbers)| (key.to_vec(), Counts::of(numbers.n() + numbers.missing)));
    let counts: Vec<_> = counts.collect();
    let records = counts.iter().map(|(_, counts)| counts.n).sum();
    let cube = Cube::new(groups.dimensions().to_vec(), counts).unwrap();
    Tally::new(cube, records).with(columns, None, None)
}

fn of(columns: Vec<Measured>, policy: &Policy) -> Audit {
    audit(&tally(columns), policy).unwrap()
}

fn against(reference: &str) -> Policy {
    let mut policy = Policy::default();
    policy
        .inference
        .reference
        .insert("zip_income".to_owned(), reference.to_owned());
    policy
}

fn point(audit: &Audit, group: &str, key: &str) -> f64 {
    let of = audit.rates.iter().find(|rates| {
        if group.is_empty() {
            rates.by.is_empty()
        } else {
            rates.group.values().any(|name| name.as_deref() == Some(group))
        }
    });
    match &of.unwrap().values[key] {
        Value::Number { point, .. } => *point,
        other => panic!("{group} {key}: {other:?}"),
    }
}

fn finding<'a>(audit: &'a Audit, criterion: &str) -> &'a Finding {
    audit
        .findings
        .iter()
        .find(|finding| finding.criterion == criterion)
        .unwrap()
}

fn test<'a>(audit: &'a Audit, id: &str) -> &'a NamedTest {
    audit.tests.iter().find(|test| test.id == id).unwrap()
}

/// The worked example of printed digits.
fn worked() -> Vec<Row<'static>> {
    let low = [24.0, 27.0, 22.0, 26.0, 30.0, 23.0].map(|x| ("L", 0, Some(x)));
    let high = [20.0, 22.0, 19.0, 25.0, 21.0, 23.0].map(|x| ("H", 0, Some(x)));
    low.into_iter().chain(high).collect()
}

#[test]
fn the_worked_example_has_the_printed_values() {
    let audit = of(vec![measured(NumberRole::Amount, &worked(), false)], &against("H"));
    for (group, key, printed, digits) in [
        ("L", "mean-amount", "25.333333", 8),
        ("H", "mean-amount", "21.666667", 8),
        ("L", "mean-gap", "3.666667", 7),
        ("L", "standardized-mean-difference", "1.310855902", 10),
        ("L", "standardized-mean-difference@average", "1.420093894", 10),
        ("L", "kolmogorov-smirnov", ".5", 1),
        ("L", "wasserstein", "3.666667", 7),
        ("L", "wasserstein@more", "3.666667", 7),
        ("L", "wasserstein@less", "0", 1),
        ("L", "probability-of-superiority", ".861111", 6),
        ("L", "share-at-most-median", ".333333", 6),
        ("H", "share-at-most-median", ".833333", 6),
        ("L", "share-above-median", ".666667", 6),
        ("", "median-amount", "23", 2),
        ("L", "median-amount", "25", 2),
        ("L", "quantile-amount@0.9", "28.5", 3),
        ("H", "price-gap", "1", 1),
        ("H", "probability-of-superiority", ".5", 1),
    ] {
        agrees(point(&audit, group, key), printed, digits);
    }
    agrees(point(&audit, "L", "price-gap").ln(), ".154935850", 9);
    let gap = point(&audit, "L", "geometric-mean-amount") / point(&audit, "H", "geometric-mean-amount");
    assert!((gap - point(&audit, "L", "price-gap")).abs() < 1e-12);

    let parity = finding(&audit, "price-parity");
    assert_eq!(
        (parity.rate.as_str(), parity.method.as_str()),
        ("price-gap", "Welch's t of logarithms")
    );
    agrees(parity.point.unwrap().ln(), ".154935850", 9);
    let welch = test(&audit, "welch-t");
    agrees(welch.statistic.unwrap(), "2.459674775", 10);
    agrees(welch.p.unwrap(), ".035702954", 8);
    agrees(welch.lower.unwrap(), ".304183538", 9);
    agrees(welch.upper.unwrap(), "7.029149795", 10);
    agrees(test(&audit, "kolmogorov-smirnov-test").p.unwrap(), ".474025974", 9);
    agrees(test(&audit, "permutation-of-means").p.unwrap(), ".043290043", 8);
    let curve = audit.series.iter().find(|series| series.id == "quantile-gaps").unwrap();
    assert!(curve.is_sound() && curve.x.len() == 19);
    for (tau, gap) in [(0.1, 3.0), (0.25, 3.0), (0.5, 3.5), (0.75, 4.0), (0.9, 4.5)] {
        let place = curve.x.iter().position(|x| *x == tau).unwrap();
        assert!((curve.y[place].unwrap() - gap).abs() < 1e-12, "{tau}");
    }
    // Every test and measure that is named can be explained.
    for test in &audit.tests {
        assert!(crate::catalogue::find(&test.id).is_ok() && crate::catalogue::find(&test.rate).is_ok());
    }
    assert!(
        !audit
            .findings
            .iter()
            .any(|finding| finding.criterion == "amount-parity")
    );
}

#[test]
fn on_the_plain_scale_the_standardized_difference_is_judged() {
    let mut policy = against("H");
    policy.amounts.scale = Scale::Plain;
    let mut rows = worked();
    rows.push(("L", 0, Some(-1.0)));
    let audit = of(vec![measured(NumberRole::Amount, &rows, false)], &policy);
    assert!(!audit.findings.iter().any(|finding| finding.criterion == "price-parity"));
    assert_eq!(finding(&audit, "amount-parity").rate, "standardized-mean-difference");
    assert!(!audit.notes.iter().any(|note| note.code == "amounts-without-logarithm"));
}

#[test]
fn an_amount_without_a_logarithm_leaves_the_verdict_open() {
    let mut rows = worked();
    rows.push(("L", 0, Some(0.0)));
    rows.push(("", 0, None));
    let audit = of(vec![measured(NumberRole::Amount, &rows, false)], &against("H"));
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    let parity = finding(&audit, "price-parity");
    assert_eq!(parity.point, None);
    let why = parity.why.as_deref().unwrap();
    assert!(why.contains("1 of 7 amounts is 0 or less"), "{why}");
    let codes: Vec<&str> = audit.notes.iter().map(|note| note.code.as_str()).collect();
    assert!(
        codes.contains(&"amounts-without-logarithm") && codes.contains(&"amounts-missing"),
        "{codes:?}"
    );
}

/// A draw from 0 to 1, always the same.
fn draws() -> impl FnMut() -> f64 {
    let mut state = 88_172_645_463_325_252u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Customers of two groups with several quotes each: those of the second group at a price so many times as high.
fn quotes(customers: u32, each: u32, times: f64) -> Vec<Row<'static>> {
    let mut draw = draws();
    let mut rows = Vec::new();
    for customer in 0..customers {
        let own = 20.0 + 10.0 * draw();
        let (name, price) = if customer % 2 == 0 {
            ("A", own)
        } else {
            ("B", own * times)
        };
        for _ in 0..each {
            rows.push((name, customer % 1_024, Some(price * (1.0 + 0.02 * draw()))));
        }
    }
    rows
}

#[test]
fn a_gap_beyond_the_bound_fails_and_none_passes() {
    let clear = of(
        vec![measured(NumberRole::Amount, &quotes(800, 1, 1.2), false)],
        &against("A"),
    );
    assert_eq!(clear.verdict, Verdict::Fail);
    assert_eq!(
        finding(&clear, "price-parity")
            .group
            .values()
            .next()
            .unwrap()
            .as_deref(),
        Some("B")
    );
    let none = of(
        vec![measured(NumberRole::Amount, &quotes(1_000, 1, 1.0), false)],
        &against("A"),
    );
    assert_eq!(none.verdict, Verdict::Pass, "{:?}", finding(&none, "price-parity"));
    let few = of(
        vec![measured(NumberRole::Amount, &quotes(12, 1, 1.1), false)],
        &against("A"),
    );
    assert_eq!(few.verdict, Verdict::Inconclusive);
}

#[test]
fn repeated_customers_widen_intervals() {
    let rows = quotes(200, 8, 1.0);
    let alone = of(vec![measured(NumberRole::Amount, &rows, false)], &against("A"));
    let together = of(vec![measured(NumberRole::Amount, &rows, true)], &against("A"));
    let width = |audit: &Audit, key: &str| {
        let group = audit
            .rates
            .iter()
            .find(|rates| rates.group.values().any(|name| name.as_deref() == Some("B")));
        match group.unwrap().values[key] {
            Value::Number {
                lower: Some(lower),
                upper: Some(upper),
                ..
            } => upper - lower,
            ref other => panic!("{key}: {other:?}"),
        }
    };
    for key in [
        "mean-amount",
        "geometric-mean-amount",
        "median-amount",
        "quantile-amount@0.25",
        "price-gap",
        "mean-gap",
        "standardized-mean-difference",
        "probability-of-superiority",
        "share-above-median",
        "share-at-most-median",
    ] {
        assert_eq!(point(&alone, "B", key), point(&together, "B", key), "{key}");
        // Eight rows that hardly differ are about one: the root of eight is 2.8.
        let wider = width(&together, key) / width(&alone, key);
        assert!((1.7..4.5).contains(&wider), "{key}: {wider}");
    }
    assert_eq!(finding(&together, "price-parity").method, "jackknife over buckets");
    assert!(test(&together, "jackknife-t").p.is_some());
    for id in ["kolmogorov-smirnov-test", "permutation-of-means"] {
        let test = test(&together, id);
        assert!(test.p.is_none() && test.not_computed.is_some());
    }
}

#[test]
fn one_row_to_a_customer_is_about_as_sure_as_no_customers() {
    let rows = quotes(1_000, 1, 1.05);
    let alone = of(vec![measured(NumberRole::Amount, &rows, false)], &against("A"));
    let together = of(vec![measured(NumberRole::Amount, &rows, true)], &against("A"));
    for criterion in ["price-parity", "below-median-parity"] {
        let (one, two) = (finding(&alone, criterion), finding(&together, criterion));
        let width = |finding: &Finding| finding.upper.unwrap() - finding.lower.unwrap();
        // 2 %: Student's t, half rows more, and variances that divide by n or n - 1.
        assert!((width(one) / width(two) - 1.0).abs() < 0.02, "{criterion}");
    }
}

#[test]
fn few_customers_say_nothing_however_many_rows_the_others_have() {
    let mut rows = quotes(400, 1, 1.3);
    rows.retain(|(name, bucket, _)| *name == "A" || *bucket < 30);
    let audit = of(vec![measured(NumberRole::Amount, &rows, true)], &against("A"));
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    let why = finding(&audit, "price-parity").why.as_deref().unwrap();
    assert!(why.contains("15 different units"), "{why}");
}

#[test]
fn errors_are_compared_where_the_truth_is_known() {
    let mut draw = draws();
    // B is off by twice as much, and always too high.
    let rows: Vec<Row<'_>> = (0..600)
        .map(|n| {
            if n % 2 == 0 {
                ("A", n, Some(2.0 * draw() - 1.0))
            } else {
                ("B", n, Some(2.0 * draw()))
            }
        })
        .collect();
    let amounts: Vec<Row<'_>> = rows
        .iter()
        .map(|(name, n, error)| (*name, *n, error.map(|e| 50.0 + e)))
        .collect();
    for clustered in [false, true] {
        let columns = vec![
            measured(NumberRole::Amount, &amounts, clustered),
            measured(NumberRole::Error, &rows, clustered),
        ];
        let audit = of(columns, &against("A"));
        assert_eq!(audit.verdict, Verdict::Fail);
        let error = finding(&audit, "error-parity");
        let (mae_a, mae_b) = (
            point(&audit, "A", "mean-absolute-error"),
            point(&audit, "B", "mean-absolute-error"),
        );
        assert!((error.point.unwrap() - mae_b / mae_a).abs() < 1e-12);
        assert_eq!(point(&audit, "B", "share-overestimated"), 1.0);
        assert_eq!(point(&audit, "B", "share-underestimated"), 0.0);
        let errors: Vec<f64> = rows.iter().filter(|row| row.0 == "A").filter_map(|row| row.2).collect();
        let n = errors.len() as f64;
        assert!((point(&audit, "A", "mean-error") - errors.iter().sum::<f64>() / n).abs() < 1e-12);
        assert!((mae_a - errors.iter().map(|e| e.abs()).sum::<f64>() / n).abs() < 1e-12);
        let square = errors.iter().map(|e| e * e).sum::<f64>() / n;
        assert!((point(&audit, "A", "root-mean-squared-error") - square.sqrt()).abs() < 1e-12);
        assert!(finding(&audit, "overestimation-parity").point.unwrap() > 0.4);
    }
    let without = of(vec![measured(NumberRole::Amount, &amounts, false)], &against("A"));
    assert!(
        without
            .rates
            .iter()
            .all(|rates| !rates.values.contains_key("mean-error"))
    );
    assert!(
        !without
            .findings
            .iter()
            .any(|finding| finding.criterion == "error-parity")
    );
}

#[test]
fn missing_groups_and_groups_of_one_are_reported_and_not_judged_wrongly() {
    let mut rows = worked();
    rows.extend([("", 0, Some(40.0)), ("tiny", 0, Some(22.0)), ("none", 0, None)]);
    let audit = of(vec![measured(NumberRole::Amount, &rows, false)], &against("H"));
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    assert_eq!(point(&audit, "tiny", "mean-amount"), 22.0);
    let of_none = audit
        .rates
        .iter()
        .find(|rates| rates.group.values().any(|name| name.as_deref() == Some("none")));
    assert!(matches!(
        of_none.unwrap().values["mean-amount"],
        Value::Undefined { .. }
    ));
    let is_judged = |finding: &Finding| finding.group.values().any(Option::is_none);
    assert!(!audit.findings.iter().any(is_judged));
    // Nothing that has no value is a number.
    for value in audit.rates.iter().flat_map(|rates| rates.values.values()) {
        if let Value::Number { point, lower, upper } = value {
            assert!(
                [Some(*point), *lower, *upper].into_iter().flatten().all(f64::is_finite),
                "{value:?}"
            );
        }
    }
    assert!(audit.series.iter().all(crate::audit::model::Series::is_sound));
}

#[test]
fn without_a_reference_the_largest_group_is_the_one() {
    let mut rows = worked();
    rows.push(("H", 0, Some(21.0)));
    let audit = of(vec![measured(NumberRole::Amount, &rows, false)], &Policy::default());
    assert_eq!(point(&audit, "H", "price-gap"), 1.0);
    assert!(point(&audit, "L", "price-gap") > 1.0);
    assert_eq!(audit.series.len(), 1);
}

#[test]
fn too_many_different_amounts_are_looked_at_within_bounds() {
    let mut draw = draws();
    let rows: Vec<Row<'_>> = (0..12_000)
        .map(|n| {
            (
                if n % 3 == 0 { "B" } else { "A" },
                n % 1_024,
                Some(20.0 * (0.4 * draw() + 0.4 * draw()).exp()),
            )
        })
        .collect();
    let exact = |name: &str| -> Vec<f64> {
        let mut of: Vec<f64> = rows
            .iter()
            .filter(|row| row.0 == name)
            .filter_map(|row| row.2)
            .collect();
        of.sort_by(f64::total_cmp);
        of
    };
    let (a, b) = (exact("A"), exact("B"));
    for clustered in [false, true] {
        let audit = of(vec![measured(NumberRole::Amount, &rows, clustered)], &against("A"));
        assert_eq!(audit.verdict, Verdict::Pass);
        assert!(audit.notes.iter().any(|note| note.code == "amounts-rounded"));
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        assert!((point(&audit, "B", "mean-gap") - (mean(&b) - mean(&a))).abs() < 1e-9);
        let median = |of: &[f64]| f64::midpoint(of[of.len() / 2 - 1], of[of.len() / 2]);
        // Four thousand bars between 20 and 45 are wider than a hundredth nowhere.
        assert!((point(&audit, "B", "median-amount") - median(&b)).abs() < 0.02);
        let above = point(&audit, "B", "share-above-median");
        assert!((above + point(&audit, "B", "share-at-most-median") - 1.0).abs() < 1e-12);
        let wins = b.iter().map(|x| a.partition_point(|y| y < x) as f64).sum::<f64>() / (a.len() * b.len()) as f64;
        assert!((point(&audit, "B", "probability-of-superiority") - wins).abs() < 2e-3);
        assert!(audit.series.iter().all(crate::audit::model::Series::is_sound));
        let permutations = test(&audit, "permutation-of-means");
        assert!(permutations.p.is_none() && permutations.not_computed.is_some());
    }
}

/// Leaving out a bucket and adding everything up again is what the jackknife over sums does.
#[test]
fn the_jackknife_is_that_of_rows_left_out() {
    let mut rows = quotes(60, 3, 1.07);
    for (place, row) in rows.iter_mut().enumerate() {
        // Some customers are in both groups, so that their buckets are as well.
        if place % 7 == 0 {
            row.0 = "A";
        }
    }
    let audit = of(vec![measured(NumberRole::Amount, &rows, true)], &against("A"));
    let gap = |without: Option<u32>| {
        let mean = |name: &str| {
            let of: Vec<f64> = rows
                .iter()
                .filter(|row| row.0 == name && Some(row.1) != without)
                .filter_map(|row| row.2.map(f64::ln))
                .collect();
            of.iter().sum::<f64>() / of.len() as f64
        };
        mean("B") - mean("A")
    };
    let values: Vec<f64> = (0..60).map(|bucket| gap(Some(bucket))).collect();
    let mean = values.iter().sum::<f64>() / 60.0;
    let se = (59.0 / 60.0 * values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()).sqrt();
    let fewest = ["A", "B"].map(|name| {
        let of: std::collections::BTreeSet<u32> = rows.iter().filter(|row| row.0 == name).map(|row| row.1).collect();
        of.len() as f64 - 1.0
    });
    let freedom = fewest[0].min(fewest[1]);
    let expected = crate::amounts::Gap {
        point: gap(None),
        se,
        freedom,
    }
    .interval(0.95);
    let found = finding(&audit, "price-parity");
    let turned = |x: f64| {
        if found.group.values().any(|name| name.as_deref() == Some("B")) {
            x
        } else {
            1.0 / x
        }
    };
    let (lower, upper) = (turned(found.lower.unwrap()).ln(), turned(found.upper.unwrap()).ln());
    // 1e-9: the quantile of t is searched for, and sums are taken away from sums.
    assert!((lower.min(upper) - expected.lower).abs() < 1e-9, "{lower} {expected:?}");
    assert!((upper.max(lower) - expected.upper).abs() < 1e-9);
}
