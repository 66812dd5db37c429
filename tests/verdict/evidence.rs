//! What weights and repeating units are worth.

use evenhand::measure::audit;
use evenhand::measure::audit::model::Reason;
use evenhand::measure::tally::{Axis, Counts, Cube, Quantity, Tally, Weights};
use evenhand::{Audit, Verdict};

use super::{finding, judged, plain, selections, table};

/// Rows of weight `weight` in each cell.
fn weighted(groups: &[(&str, u64, u64)], weight: impl Fn(u64) -> f64) -> Tally {
    let mut tally = selections(groups);
    tally.quantities.insert(Quantity::Weight, "w".to_owned());
    let cells = tally.decisions.cells().map(|(key, counts)| {
        let mut weights = Weights::default();
        (0..counts.n).for_each(|row| weights.add(weight(row)));
        (
            key.to_vec(),
            Counts {
                weights: Some(Box::new(weights)),
                ..Counts::of(counts.n)
            },
        )
    });
    tally.decisions = Cube::new(tally.decisions.dimensions().to_vec(), cells.collect::<Vec<_>>()).unwrap();
    tally
}

#[test]
fn equal_weights_change_nothing_and_uneven_ones_widen() {
    let groups = [("A", 90, 300), ("B", 150, 300)];
    let bare = judged(&groups);
    let even = audit(&weighted(&groups, |_| 2.5), &plain()).unwrap();
    let uneven = audit(
        &weighted(&groups, |row| if row % 10 == 0 { 19.0 } else { 1.0 }),
        &plain(),
    )
    .unwrap();
    let width = |audit: &Audit| {
        let finding = finding(audit, "statistical-parity", "A", "B");
        (finding.point.unwrap(), finding.upper.unwrap() - finding.lower.unwrap())
    };
    assert!((width(&bare).0 - width(&even).0).abs() < 1e-12 && (width(&bare).1 - width(&even).1).abs() < 1e-9);
    assert!(
        width(&uneven).1 > 1.5 * width(&bare).1,
        "{:?} {:?}",
        width(&uneven),
        width(&bare)
    );
    let share = even.rates[0].values["selection-rate"].share().unwrap().clone();
    assert!((share.effective_n.unwrap() - 600.0).abs() < 1e-9 && share.numerator.value() == 600.0);
}

#[test]
fn repeating_rows_of_a_unit_adds_no_certainty() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Prediction, "hired"),
        (Axis::Bucket, "customer"),
    ];
    let tally = |times: u64| {
        let names: Vec<String> = (0..200).map(|unit| unit.to_string()).collect();
        let rows: Vec<([&str; 3], u64)> = names
            .iter()
            .enumerate()
            .map(|(unit, name)| {
                let group = if unit % 2 == 0 { "A" } else { "B" };
                ([group, if unit % 5 < 2 { "yes" } else { "no" }, name.as_str()], times)
            })
            .collect();
        let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
        table(&columns, &rows)
    };
    let (once, often) = (
        audit(&tally(1), &plain()).unwrap(),
        audit(&tally(50), &plain()).unwrap(),
    );
    for (a, b) in once.findings.iter().zip(&often.findings) {
        assert_eq!(
            (a.point, a.lower, a.upper, a.outcome),
            (b.point, b.lower, b.upper, b.outcome)
        );
    }
    let plain_rows = judged(&[("A", 2000, 5000), ("B", 2000, 5000)]);
    let width = |audit: &Audit| {
        let finding = finding(audit, "disparate-impact", "A", "B");
        finding.upper.unwrap() - finding.lower.unwrap()
    };
    assert!(
        width(&often) > 3.0 * width(&plain_rows),
        "50 rows a customer are not 50 customers"
    );
}

#[test]
fn a_few_units_say_nothing_about_how_units_differ() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Prediction, "hired"),
        (Axis::Bucket, "store"),
    ];
    let rows: &[(&[&str], u64)] = &[
        (&["A", "yes", "1"], 200),
        (&["A", "no", "1"], 300),
        (&["A", "yes", "2"], 201),
        (&["A", "no", "2"], 299),
        (&["B", "yes", "3"], 260),
        (&["B", "no", "3"], 240),
        (&["B", "yes", "4"], 261),
        (&["B", "no", "4"], 239),
    ];
    let audit = audit(&table(&columns, rows), &plain()).unwrap();
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    let open = finding(&audit, "disparate-impact", "A", "B");
    assert_eq!(open.reason, Some(Reason::UndefinedRate));
    assert!(open.why.as_deref().unwrap().contains("fewer") || open.why.as_deref().unwrap().contains("few units"));
}

#[test]
fn one_row_that_outweighs_all_is_one_row() {
    // Five of six selected, the sixth with a thousand times the weight; and the reverse.
    let mut tally = selections(&[("A", 5, 6), ("B", 1, 6)]);
    tally.quantities.insert(Quantity::Weight, "w".to_owned());
    let cells = tally.decisions.cells().map(|(key, counts)| {
        let mut weights = Weights::default();
        (0..counts.n).for_each(|_| weights.add(if counts.n == 1 { 1000.0 } else { 1.0 }));
        (
            key.to_vec(),
            Counts {
                weights: Some(Box::new(weights)),
                ..Counts::of(counts.n)
            },
        )
    });
    tally.decisions = Cube::new(tally.decisions.dimensions().to_vec(), cells.collect::<Vec<_>>()).unwrap();
    let audit = audit(&tally, &plain()).unwrap();
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    for row in &audit.rates {
        let share = row.values["selection-rate"].share().unwrap();
        assert!(share.effective_n.unwrap() < 3.0, "{share:?}");
    }
}
