//! What is not known: labels, groups, and what other assumptions would give.

use evenhand::measure::audit;
use evenhand::measure::audit::model::{Reason, Value};
use evenhand::measure::tally::Axis;
use evenhand::{Audit, Outcome, Verdict};

use super::{finding, judged, plain, table};

fn labelled(rows: &[([&str; 3], u64)]) -> Audit {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Prediction, "approved"),
        (Axis::Label, "repaid"),
    ];
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    let mut policy = plain();
    policy.values.positive_label = Some("yes".to_owned());
    audit(&table(&columns, &rows), &policy).unwrap()
}

fn value<'a>(audit: &'a Audit, group: &str, id: &str) -> &'a Value {
    let is = |of: &&evenhand::measure::audit::model::GroupRates| of.group.values().any(|v| v.as_deref() == Some(group));
    &audit.rates.iter().find(is).unwrap().values[id]
}

/// Two groups of 200: 120 approved of whom 108 repay, and 60 approved of whom 57 repay; nobody knows of the others.
fn loans() -> Audit {
    labelled(&[
        (["A", "yes", "yes"], 108),
        (["A", "yes", "no"], 12),
        (["A", "no", ""], 80),
        (["B", "yes", "yes"], 57),
        (["B", "yes", "no"], 3),
        (["B", "no", ""], 140),
    ])
}

#[test]
fn outcomes_of_the_selected_alone_give_bounds_and_no_true_positive_rate() {
    let audit = loans();
    let Value::Undefined {
        undefined,
        lowest,
        highest,
    } = value(&audit, "B", "true-positive-rate")
    else {
        panic!("a true positive rate of loans that nobody saw")
    };
    assert!(undefined.contains("where the decision was positive"));
    assert!((lowest.unwrap() - 57.0 / 197.0).abs() < 1e-12 && highest == &Some(1.0));
    for id in ["base-rate", "accuracy", "false-positive-rate", "f1-score"] {
        assert_eq!(value(&audit, "A", id).point(), None, "{id}");
    }
    // Of the selected everything is known.
    let share = value(&audit, "B", "positive-predictive-value").share().unwrap();
    assert_eq!((share.point, share.lowest, share.highest), (0.95, None, None));
    let opportunity = finding(&audit, "equal-opportunity", "A", "B");
    assert_eq!(
        (opportunity.outcome, opportunity.reason),
        (Outcome::Inconclusive, Some(Reason::SelectiveLabels))
    );
    assert!(audit.notes.iter().any(|note| note.code == "selective-labels"));
}

#[test]
fn a_few_labels_of_the_rejected_do_not_stand_for_all() {
    let rows = |known: u64| {
        [
            (["A", "yes", "yes"], 400),
            (["A", "yes", "no"], 100),
            (["A", "no", "no"], known),
            (["A", "no", ""], 500 - known),
            (["B", "yes", "yes"], 400),
            (["B", "yes", "no"], 100),
            (["B", "no", "yes"], 100),
            (["B", "no", "no"], 400),
        ]
    };
    for known in [0, 1, 50] {
        let audit = labelled(&rows(known));
        let of = finding(&audit, "equal-opportunity", "A", "B");
        assert_eq!(
            (of.outcome, of.reason),
            (Outcome::Inconclusive, Some(Reason::SelectiveLabels)),
            "{known}"
        );
        assert!(audit.notes.iter().any(|note| note.code == "selective-labels"));
    }
    assert_ne!(
        finding(&labelled(&rows(490)), "equal-opportunity", "A", "B").reason,
        Some(Reason::SelectiveLabels)
    );
}

#[test]
fn some_missing_labels_leave_a_share_with_bounds_and_are_assigned() {
    let rows = |lost: u64| {
        [
            (["A", "yes", "yes"], 400),
            (["A", "no", "yes"], 100),
            (["A", "no", "no"], 400),
            (["A", "yes", "no"], 100),
            (["B", "yes", "yes"], 400),
            (["B", "no", "yes"], 100),
            (["B", "no", "no"], 400),
            (["B", "yes", "no"], 100),
            (["B", "no", ""], lost),
        ]
    };
    let few = labelled(&rows(2));
    let share = value(&few, "B", "true-positive-rate").share().unwrap();
    assert!((share.lowest.unwrap() - 400.0 / 502.0).abs() < 1e-12 && share.highest == Some(0.8));
    assert_eq!(few.verdict, Verdict::Pass);
    let of_labels = |audit: &Audit| -> Vec<bool> {
        let entries = audit
            .sensitivity
            .iter()
            .filter(|other| other.code == "unknown-label-assigned");
        entries.map(|other| other.changes).collect()
    };
    assert_eq!(of_labels(&few), [false; 6]);
    // A hundred misses of B would be a true positive rate of two thirds; disparate impact stays what it is.
    let many = labelled(&rows(100));
    assert!(of_labels(&many).contains(&true));
    assert!(many.notes.iter().any(|note| note.code == "missing-labels-matter"));
}

#[test]
fn rows_of_unknown_group_bound_every_group_s_rate() {
    let audit = judged(&[("A", 50, 100), ("B", 50, 100), ("", 3, 10)]);
    let share = value(&audit, "A", "selection-rate").share().unwrap();
    // The seven rejected may all be of A, or the three selected.
    assert!((share.lowest.unwrap() - 50.0 / 107.0).abs() < 1e-12);
    assert!((share.highest.unwrap() - 53.0 / 103.0).abs() < 1e-12);
    let none = judged(&[("A", 50, 100), ("B", 50, 100)]);
    assert_eq!(value(&none, "A", "selection-rate").share().unwrap().lowest, None);
}

#[test]
fn other_assumptions_are_examined_and_their_verdicts_told() {
    let audit = judged(&[("A", 500, 1000), ("B", 430, 1000), ("C", 480, 1000)]);
    let told = |code: &'static str| audit.sensitivity.iter().filter(move |other| other.code == code);
    assert_eq!(told("reference-changed").count(), 3);
    // 0.86: far enough from 0.7, near 0.8, beyond 0.9 or on the way to it.
    let looser = told("bound-changed")
        .find(|other| other.assumption.contains("were 0.7 "))
        .unwrap();
    assert_eq!(looser.verdict, Verdict::Pass);
    assert_eq!(told("bound-changed").count(), 2);
    let bare = told("judge-changed").next().unwrap();
    assert_eq!(
        (bare.verdict, bare.changes),
        (Verdict::Pass, audit.verdict != Verdict::Pass)
    );
    for other in &audit.sensitivity {
        assert_eq!(other.changes, other.verdict != audit.verdict, "{other:?}");
    }
}

#[test]
fn missing_decisions_could_tip_the_verdict() {
    let rows = |lost: u64| {
        [
            (["A", "yes", "yes"], 1000),
            (["A", "no", "yes"], 1000),
            (["B", "yes", "yes"], 1000),
            (["B", "no", "yes"], 1000),
            (["B", "", "yes"], lost),
        ]
    };
    let told = |audit: &Audit, note: &str| audit.notes.iter().any(|of| of.code == note);
    let many = labelled(&rows(2000));
    let of = || {
        many.sensitivity
            .iter()
            .filter(|other| other.code == "unknown-decision-assigned")
    };
    assert_eq!(of().count(), 6);
    assert!(of().any(|other| other.changes && other.verdict == Verdict::Fail));
    assert!(told(&many, "missing-decisions-matter"));
    assert!(!told(&labelled(&rows(2)), "missing-decisions-matter"));
}

#[test]
fn unknown_groups_are_assigned_within_strata_too() {
    let columns = [
        (Axis::Protected, "sex"),
        (Axis::Strata, "dept"),
        (Axis::Prediction, "hired"),
    ];
    let mut rows: Vec<([&str; 3], u64)> = Vec::new();
    for dept in ["x", "y"] {
        for sex in ["F", "M"] {
            rows.extend([([sex, dept, "yes"], 400), ([sex, dept, "no"], 600)]);
        }
        rows.extend([(["", dept, "yes"], 900), (["", dept, "no"], 100)]);
    }
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    let text = "[[check]]\ncriterion = 'conditional-statistical-parity'\nlevel = 'error'\n";
    let mut policy = evenhand::measure::policy::parse("p", text).unwrap();
    policy.values = plain().values;
    let audit = audit(&table(&columns, &rows), &policy).unwrap();
    assert_eq!(audit.verdict, Verdict::Pass);
    let of = |code: &'static str| audit.sensitivity.iter().filter(move |other| other.code == code);
    assert!(of("unknown-group-assigned").any(|other| other.verdict == Verdict::Fail));
}
