//! Tests of decisions with more than two values.

use super::*;
use crate::audit;
use crate::audit::model::{Outcome, Verdict};
use crate::tally::{Coding, Counts, Cube, Dimension, Level as TallyLevel};

/// Rows by group and tier: `gold`, `silver`, `none`.
fn tally(rows: [[u64; 3]; 2]) -> Tally {
    let mut group = Dimension::new(Axis::Protected, "g", Coding::AsWritten);
    group.levels = ["a", "b"].map(TallyLevel::of).to_vec();
    let mut tier = Dimension::new(Axis::Prediction, "tier", Coding::AsWritten);
    tier.levels = ["gold", "silver", "none"].map(TallyLevel::of).to_vec();
    let cells = (0..2u32).flat_map(|g| (0..3u32).map(move |t| (g, t)));
    let cells = cells.map(|(g, t)| (vec![g, t], Counts::of(rows[g as usize][t as usize])));
    let cube = Cube::new(vec![group, tier], cells).unwrap();
    Tally::new(cube, rows.iter().flatten().sum())
}

fn policy(ordered: &[&str]) -> Policy {
    let mut policy = Policy::default();
    policy.values.each_class = ordered.is_empty();
    policy.values.ordered = ordered.iter().map(|value| (*value).to_owned()).collect();
    policy
}

#[test]
fn each_class_is_what_the_audit_of_that_class_alone_is() {
    let tally = tally([[1_200, 1_200, 1_600], [800, 1_600, 1_600]]);
    let all = audit(&tally, &policy(&[])).unwrap();
    assert_eq!(all.verdict, Verdict::Fail);
    for class in ["gold", "silver", "none"] {
        let mut alone = Policy::default();
        alone.values.positive = Some(class.to_owned());
        alone.values.adverse = Some(false);
        let alone = audit(&tally, &alone).unwrap();
        let of_class: Vec<_> = all
            .findings
            .iter()
            .filter(|f| f.event.as_deref() == Some(class))
            .collect();
        assert_eq!(of_class.len(), alone.findings.len());
        for (one, other) in of_class.iter().zip(&alone.findings) {
            assert_eq!(
                (one.point, one.lower, one.p_breach),
                (other.point, other.lower, other.p_breach)
            );
            assert!(
                one.p_breach_adjusted >= other.p_breach_adjusted,
                "three times as many comparisons"
            );
        }
        let key = format!("selection-rate@{class}");
        assert_eq!(
            all.rates[1].values[&key].point(),
            alone.rates[1].values["selection-rate"].point()
        );
    }
}

#[test]
fn ordered_classes_are_added_up_from_the_top() {
    let tally = tally([[300, 300, 400], [200, 400, 400]]);
    let all = audit(&tally, &policy(&["none", "silver", "gold"])).unwrap();
    let ratio = |event: &str| {
        let is_event = |f: &&crate::audit::model::Finding| f.event.as_deref() == Some(event);
        let worst = all
            .findings
            .iter()
            .filter(|f| f.criterion == "disparate-impact")
            .filter(is_event);
        worst.filter_map(|f| f.point).fold(f64::INFINITY, f64::min)
    };
    assert_eq!(ratio("at least silver"), 1.0);
    assert!((ratio("gold") - 2.0 / 3.0).abs() < 1e-12);
    let silver = all
        .findings
        .iter()
        .find(|f| f.event.as_deref() == Some("at least silver"))
        .unwrap();
    assert_eq!(silver.outcome, Outcome::Pass);
}

#[test]
fn values_without_a_place_in_the_order_are_asked_for() {
    let problems = audit(&tally([[1, 1, 1], [1, 1, 1]]), &policy(&["none", "gold"])).unwrap_err();
    assert!(problems[0].message.contains("`silver`"), "{problems:?}");
}

#[test]
fn one_word_on_what_is_bad_does_not_fit_several_events() {
    let tally = tally([[300, 300, 400], [200, 400, 400]]);
    for order in [&[][..], &["none", "silver", "gold"]] {
        let mut policy = policy(order);
        policy.values.adverse = Some(true);
        let problems = audit(&tally, &policy).unwrap_err();
        assert!(problems[0].help.contains("--adverse"), "{problems:?}");
    }
}

/// A misspelt value would take a step of the order with it in silence.
#[test]
fn a_value_of_the_order_that_no_row_has_is_named() {
    let tally = tally([[300, 300, 400], [200, 400, 400]]);
    let unused = |order: &[&str]| -> Vec<String> {
        let audit = audit(&tally, &policy(order)).unwrap();
        let notes = audit.notes.into_iter().filter(|note| note.code == "unused-class");
        notes.map(|note| note.message).collect()
    };
    assert!(unused(&["none", "silver", "gold"]).is_empty() && unused(&[]).is_empty());
    let order = ["none", "bronze", "silver", "gold", "Gold"];
    let steps = events(&tally, &policy(&order)).unwrap();
    let steps: Vec<&str> = steps.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(steps, ["at least silver", "at least gold"]);
    let said = unused(&order);
    assert_eq!(
        said,
        [
            "the order of decisions names values that no row has: `bronze`, `Gold`; the values of `tier` are `gold`, `none`, `silver`"
        ]
    );
}
