//! Tests of plans.

use super::*;

#[test]
fn every_role_becomes_a_slot_and_a_column_may_have_two() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into(), "age".into()];
    policy.roles.strata = vec!["shop".into()];
    policy.roles.label = Some("bought".into());
    policy.roles.score = Some("s".into());
    policy.roles.threshold = Some(0.5.into());
    policy.roles.cluster = Some("shop".into());
    policy.roles.count = Some("n".into());
    policy.roles.weight = Some("w".into());
    policy.bins.insert("age".into(), vec![25.0, 40.0].into());
    let plan = Plan::from_policy(&policy).unwrap();
    assert_eq!(plan.slots.len(), 8, "weighted scores are only decided on");
    assert_eq!(plan.columns(), ["sex", "age", "shop", "bought", "s", "n", "w"]);
    assert_eq!(
        plan.slots[1].purpose,
        Purpose::Key(Axis::Protected, Coding::Bins(vec![25.0, 40.0]))
    );
    assert_eq!(
        plan.slots[4].purpose,
        Purpose::Key(Axis::Prediction, Coding::AtLeast(0.5))
    );
    assert_eq!(plan.slots[5].purpose, Purpose::Key(Axis::Bucket, Coding::Buckets));
}

#[test]
fn a_decision_or_a_count_has_no_second_role() {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("hired".into());
    policy.roles.protected = vec!["hired".into(), "n".into()];
    policy.roles.count = Some("n".into());
    let problems = Plan::from_policy(&policy).unwrap_err();
    let text: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(
        text,
        [
            "column `hired` is given as protected and as prediction",
            "column `n` is given as protected and as count"
        ]
    );
}

#[test]
fn a_prediction_wins_over_a_score() {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("hired".into());
    policy.roles.score = Some("s".into());
    let plan = Plan::from_policy(&policy).unwrap();
    let decided: Vec<&str> = plan
        .slots
        .iter()
        .filter(|slot| matches!(slot.purpose, Purpose::Key(Axis::Prediction, _)))
        .map(|slot| slot.column.as_str())
        .collect();
    assert_eq!((decided, plan.columns()), (vec!["hired"], vec!["hired", "s"]));
}

#[test]
fn all_problems_come_at_once() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into(), "sex".into(), "sex".into()];
    policy.bins.insert("age".into(), vec![40.0, 25.0].into());
    let problems = Plan::from_policy(&policy).unwrap_err();
    let text: Vec<String> = problems.iter().map(|p| p.message.clone()).collect();
    assert_eq!(text.len(), 4, "{text:?}");
    assert!(text[0].contains("holds the decision"));
    assert!(text[1].contains("given twice"));
    assert!(text[2].contains("not rising"));
    assert!(text[3].contains("neither protected"));
}
