//! The verdict on small tables whose right answer is known, among them the traps that other tools fell into.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use evenhand::measure::audit;
use evenhand::measure::audit::model::Reason;
use evenhand::measure::policy::parse;
use evenhand::measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
use evenhand::{Audit, Finding, Judge, Outcome, Policy, Verdict};

#[path = "verdict/dcwp.rs"]
mod dcwp;
#[path = "verdict/evidence.rs"]
mod evidence;
#[path = "verdict/methods.rs"]
mod methods;
#[path = "verdict/presets.rs"]
mod presets;
#[path = "verdict/strata.rs"]
mod strata;
#[path = "verdict/unknown.rs"]
mod unknown;

/// A tally of rows `(values, how many)` over columns in roles; an empty value is missing.
fn table(columns: &[(Axis, &str)], rows: &[(&[&str], u64)]) -> Tally {
    let mut dimensions: Vec<Dimension> = columns
        .iter()
        .map(|(role, column)| Dimension::new(*role, column, Coding::AsWritten))
        .collect();
    let mut cells = Vec::new();
    for (values, n) in rows {
        let key = values.iter().zip(&mut dimensions).map(|(value, dimension)| {
            dimension.levels.push(Level::of(value));
            dimension.levels.len() as u32 - 1
        });
        cells.push((key.collect(), Counts::of(*n)));
    }
    Tally::new(Cube::new(dimensions, cells).unwrap(), rows.len() as u64)
}

/// Groups with (selected, all).
fn selections(groups: &[(&str, u64, u64)]) -> Tally {
    let rows: Vec<([&str; 2], u64)> = groups
        .iter()
        .flat_map(|&(group, selected, all)| [([group, "yes"], selected), ([group, "no"], all - selected)])
        .collect();
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    table(&[(Axis::Protected, "group"), (Axis::Prediction, "hired")], &rows)
}

fn plain() -> Policy {
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    policy.values.positive = Some("yes".to_owned());
    policy
}

fn judged(groups: &[(&str, u64, u64)]) -> Audit {
    audit(&selections(groups), &plain()).unwrap()
}

fn finding<'a>(audit: &'a Audit, criterion: &str, group: &str, reference: &str) -> &'a Finding {
    let is = |name: &str, of: &evenhand::measure::audit::model::Group| of.values().any(|v| v.as_deref() == Some(name));
    audit
        .findings
        .iter()
        .find(|f| {
            f.criterion == criterion && is(group, &f.group) && f.reference.as_ref().is_some_and(|r| is(reference, r))
        })
        .unwrap_or_else(|| panic!("{criterion}: {group} against {reference}"))
}

#[test]
fn a_group_that_is_never_selected_fails() {
    let audit = judged(&[("A", 50, 100), ("B", 0, 100)]);
    assert_eq!(audit.verdict, Verdict::Fail);
    let worst = finding(&audit, "disparate-impact", "B", "A");
    assert_eq!((worst.point, worst.outcome), (Some(0.0), Outcome::Fail));
    // The other way round the ratio is infinite: no number, and no breach of a lower bound.
    let other = finding(&audit, "disparate-impact", "A", "B");
    assert_eq!((other.point, other.upper, other.outcome), (None, None, Outcome::Pass));
}

#[test]
fn nobody_selected_is_undefined_and_no_pass() {
    let audit = judged(&[("A", 0, 500), ("B", 0, 500)]);
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    assert!(
        audit
            .findings
            .iter()
            .filter(|f| f.criterion == "disparate-impact")
            .all(|f| f.reason == Some(Reason::UndefinedRate))
    );
    assert!(audit.notes.iter().any(|note| note.code == "one-decision"));
}

#[test]
fn a_group_without_positives_has_no_true_positive_rate() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Label, "good"),
        (Axis::Prediction, "hired"),
    ];
    let rows: &[(&[&str], u64)] = &[
        (&["A", "yes", "yes"], 400),
        (&["A", "yes", "no"], 100),
        (&["A", "no", "no"], 500),
        (&["B", "no", "yes"], 400),
        (&["B", "no", "no"], 600),
    ];
    let audit = audit(&table(&columns, rows), &plain()).unwrap();
    let b = audit
        .rates
        .iter()
        .find(|row| row.group.get("group") == Some(&Some("B".to_owned())))
        .unwrap();
    assert_eq!(b.values["true-positive-rate"].point(), None);
    assert_eq!(b.values["false-negative-rate"].point(), None);
    let open = finding(&audit, "equal-opportunity", "A", "B");
    assert_eq!(
        (open.outcome, open.reason),
        (Outcome::Inconclusive, Some(Reason::UndefinedRate))
    );
    assert_eq!(
        audit.verdict,
        Verdict::Inconclusive,
        "disparate impact passes, equal opportunity cannot be known"
    );
}

#[test]
fn small_samples_settle_nothing_and_say_what_would() {
    let audit = judged(&[("A", 4, 12), ("B", 60, 100)]);
    let open = finding(&audit, "disparate-impact", "A", "B");
    assert_eq!(
        (audit.verdict, open.outcome),
        (Verdict::Inconclusive, Outcome::Inconclusive)
    );
    assert!(open.rows_to_settle.is_some_and(|rows| rows > 112), "{open:?}");
    // The same rates with ten times the people are a breach.
    assert_eq!(judged(&[("A", 40, 120), ("B", 600, 1000)]).verdict, Verdict::Fail);
}

#[test]
fn a_ratio_above_four_fifths_is_not_called_fair_for_that() {
    // DCWP's first worked example: 0.8432, which a bare rule passes.
    let audit = judged(&[("Black", 170, 390), ("White", 412, 797)]);
    let open = finding(&audit, "disparate-impact", "Black", "White");
    assert_eq!(
        (audit.verdict, open.outcome),
        (Verdict::Inconclusive, Outcome::Inconclusive)
    );
    assert!((open.point.unwrap() - 0.8432287777).abs() < 1e-10);
    assert!((open.lower.unwrap() - 0.73719943).abs() < 1e-8 && (open.upper.unwrap() - 0.958779024).abs() < 1e-9);
}

#[test]
fn on_the_bound_more_rows_settle_nothing() {
    let audit = judged(&[("A", 48, 100), ("B", 60, 100)]);
    let open = finding(&audit, "disparate-impact", "A", "B");
    assert_eq!(
        (open.outcome, open.reason, open.rows_to_settle),
        (Outcome::Inconclusive, Some(Reason::OnTheBound), None)
    );
    // By the bare rule an exact tie is no breach.
    let mut policy = plain();
    policy.inference.judge = Judge::Point;
    let bare = evenhand::measure::audit(&selections(&[("A", 2, 3), ("B", 25, 30)]), &policy).unwrap();
    assert_eq!(finding(&bare, "disparate-impact", "A", "B").outcome, Outcome::Pass);
    let note = bare.notes.iter().find(|note| note.code == "point-judged");
    assert!(note.is_some(), "a bare judgement says so");
}

#[test]
fn equal_groups_pass_when_large_and_do_not_fail_when_small() {
    let names: Vec<String> = (0..10).map(|i| format!("g{i}")).collect();
    let large: Vec<(&str, u64, u64)> = names.iter().take(5).map(|name| (name.as_str(), 500, 1000)).collect();
    assert_eq!(judged(&large).verdict, Verdict::Pass);
    // Ten equal groups of 50 at a rate of 0.05, with the spread that chance gives.
    let small: Vec<(&str, u64, u64)> = names
        .iter()
        .zip([2, 3, 1, 4, 2, 5, 0, 3, 2, 6])
        .map(|(name, x)| (name.as_str(), x, 50))
        .collect();
    assert_eq!(judged(&small).verdict, Verdict::Inconclusive);
}

#[test]
fn one_group_among_ten_is_found() {
    let names: Vec<String> = (0..10).map(|i| format!("g{i}")).collect();
    let groups: Vec<(&str, u64, u64)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), if i == 7 { 300 } else { 500 }, 1000))
        .collect();
    let audit = judged(&groups);
    assert_eq!(audit.verdict, Verdict::Fail);
    let failures = audit
        .findings
        .iter()
        .filter(|f| f.level == evenhand::Level::Error && f.outcome == Outcome::Fail);
    assert!(failures.clone().count() == 9 && failures.clone().all(|f| f.group["group"].as_deref() == Some("g7")));
    assert_eq!(audit.families[0].size, 90);
}

#[test]
fn one_group_is_nothing_to_judge() {
    let audit = judged(&[("A", 50, 100)]);
    assert_eq!(audit.verdict, Verdict::NotJudged);
    assert_eq!(audit.findings[0].reason, Some(Reason::OneGroup));
}

#[test]
fn missing_and_non_answers_are_shown_and_not_judged() {
    let audit = judged(&[
        ("A", 500, 1000),
        ("B", 490, 1000),
        ("", 0, 40),
        ("Prefer not to say", 0, 30),
    ]);
    assert_eq!(audit.verdict, Verdict::Pass);
    assert_eq!(audit.rates.len(), 5);
    let mut policy = plain();
    policy
        .inference
        .reference
        .insert("group".to_owned(), "Prefer not to say".to_owned());
    let tally = selections(&[("A", 500, 1000), ("B", 490, 1000), ("Prefer not to say", 150, 300)]);
    let named = evenhand::measure::audit(&tally, &policy).unwrap();
    assert_eq!(
        finding(&named, "disparate-impact", "A", "Prefer not to say").outcome,
        Outcome::Pass
    );
}

#[test]
fn unknown_groups_that_could_tip_the_verdict_are_named() {
    let audit = judged(&[("A", 500, 1000), ("B", 480, 1000), ("", 0, 400)]);
    assert_eq!(audit.verdict, Verdict::Pass);
    assert!(
        audit
            .sensitivity
            .iter()
            .any(|change| change.assumption.contains("`B`") && change.verdict == Verdict::Fail)
    );
    assert!(audit.notes.iter().any(|note| note.code == "missing-groups-matter"));
    let few = judged(&[("A", 500, 1000), ("B", 500, 1000), ("", 1, 2)]);
    assert!(few.sensitivity.iter().all(|other| !other.changes));
    // Neither group takes all of them, but the selected go to one and the rejected to the other.
    let split = judged(&[("A", 1000, 2000), ("B", 1000, 2000), ("", 250, 500)]);
    assert_eq!(split.verdict, Verdict::Pass);
    assert!(
        split
            .sensitivity
            .iter()
            .any(|change| change.assumption.contains(" and ")),
        "{:?}",
        split.sensitivity
    );
    // With many groups it is not looked at, which is said.
    let names: Vec<String> = (0..25).map(|i| format!("g{i:02}")).collect();
    let mut many: Vec<(&str, u64, u64)> = names.iter().map(|name| (name.as_str(), 5000, 10_000)).collect();
    many.push(("", 0, 12_000));
    assert!(
        judged(&many)
            .notes
            .iter()
            .any(|note| note.code == "missing-groups-not-examined")
    );
}

#[test]
fn an_undeclared_direction_that_matters_is_left_open() {
    // 10 % against 20 % flagged: as a benefit a ratio of one half, as a harm 0.8 against 0.9.
    let mut tally = selections(&[("A", 1000, 10_000), ("B", 2000, 10_000)]);
    let json = tally.to_json().replace("\"hired\"", "\"flagged as fraud\"");
    tally = Tally::from_json(&json).unwrap();
    let mut policy = plain();
    policy.values.adverse = None;
    let open = audit(&tally, &policy).unwrap();
    assert_eq!(open.verdict, Verdict::Inconclusive);
    assert!(
        open.findings
            .iter()
            .any(|f| f.reason == Some(Reason::DirectionNotDeclared))
    );
    let note = open.notes.first().unwrap();
    assert_eq!(note.code, "direction-not-declared");
    for (adverse, verdict) in [(true, Verdict::Pass), (false, Verdict::Fail)] {
        policy.values.adverse = Some(adverse);
        let audit = audit(&tally, &policy).unwrap();
        assert_eq!(audit.verdict, verdict, "adverse: {adverse}");
        assert_eq!(audit.findings[0].complement, adverse);
    }
}

#[test]
fn an_assumed_direction_is_said() {
    let mut policy = plain();
    policy.values.adverse = None;
    // 90 % against 80 %: fine as a benefit, one half as a harm.
    let audit = audit(&selections(&[("A", 9000, 10_000), ("B", 8000, 10_000)]), &policy).unwrap();
    assert_eq!(audit.verdict, Verdict::Pass);
    let note = audit
        .notes
        .iter()
        .find(|note| note.code == "direction-assumed")
        .unwrap();
    assert!(
        note.message.contains("good for the person") && note.message.contains("the verdict is fail"),
        "{note:?}"
    );
}

#[test]
fn rows_to_settle_are_all_rows_of_both_groups() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Label, "good"),
        (Axis::Prediction, "hired"),
    ];
    // One in a hundred is truly positive, so that settling it takes a hundred times as many rows as positives.
    let rows: &[(&[&str], u64)] = &[
        (&["A", "yes", "yes"], 30),
        (&["A", "yes", "no"], 30),
        (&["A", "no", "no"], 5940),
        (&["B", "yes", "yes"], 38),
        (&["B", "yes", "no"], 22),
        (&["B", "no", "no"], 5940),
    ];
    let audit = audit(&table(&columns, rows), &plain()).unwrap();
    let open = finding(&audit, "equal-opportunity", "A", "B");
    assert!(open.rows_to_settle.unwrap() > 12_000, "{open:?}");
}

#[test]
fn a_declared_reference_is_judged_both_ways() {
    let mut policy = plain();
    policy.inference.reference.insert("group".to_owned(), "A".to_owned());
    let audit = audit(
        &selections(&[("A", 300, 1000), ("B", 500, 1000), ("C", 305, 1000)]),
        &policy,
    )
    .unwrap();
    let better = finding(&audit, "disparate-impact", "B", "A");
    assert_eq!((better.bound.at_least, better.bound.at_most), (Some(0.8), Some(1.25)));
    assert_eq!(better.outcome, Outcome::Fail, "far above the reference is a breach too");
    assert_eq!(
        audit
            .findings
            .iter()
            .filter(|f| f.criterion == "disparate-impact")
            .count(),
        2
    );
}

#[test]
fn fewer_rows_than_the_minimum_are_reported_not_judged() {
    let mut policy = plain();
    policy.inference.min_denominator = 30;
    let audit = audit(
        &selections(&[("A", 500, 1000), ("B", 495, 1000), ("C", 1, 12)]),
        &policy,
    )
    .unwrap();
    assert_eq!(audit.verdict, Verdict::Pass);
    let small = finding(&audit, "disparate-impact", "C", "A");
    assert_eq!(
        (small.outcome, small.reason),
        (Outcome::NotJudged, Some(Reason::BelowMinimum))
    );
    assert!(audit.notes.iter().any(|note| note.code == "below-minimum"));
}

#[test]
fn a_label_of_one_value_settles_nothing_about_errors() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Label, "good"),
        (Axis::Prediction, "hired"),
    ];
    let rows: &[(&[&str], u64)] = &[
        (&["A", "yes", "yes"], 500),
        (&["A", "yes", "no"], 500),
        (&["B", "yes", "yes"], 500),
        (&["B", "yes", "no"], 500),
    ];
    let audit = audit(&table(&columns, rows), &plain()).unwrap();
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    assert_eq!(
        finding(&audit, "equal-opportunity", "A", "B").reason,
        Some(Reason::OneValue)
    );
    assert_eq!(finding(&audit, "disparate-impact", "A", "B").outcome, Outcome::Pass);
}

#[test]
fn a_check_that_cannot_be_made_is_no_silent_pass() {
    let policy = parse(
        "p.toml",
        "[values]\npositive = 'yes'\nadverse = false\n[[check]]\ncriterion = 'equal-opportunity'",
    )
    .unwrap();
    let audit = audit(&selections(&[("A", 500, 1000), ("B", 500, 1000)]), &policy).unwrap();
    assert_eq!(audit.verdict, Verdict::NotJudged);
    assert_eq!(audit.findings[0].reason, Some(Reason::RoleMissing));
    assert!(audit.notes.iter().any(|note| note.code == "check-not-made"));
    let scoped = parse("p.toml", "[[check]]\ncriterion = 'disparate-impact'\nby = [['race']]").unwrap();
    assert!(
        evenhand::measure::audit(&selections(&[("A", 1, 2)]), &scoped).is_err(),
        "a check by an unknown attribute"
    );
}

#[test]
fn strata_are_compared_within() {
    // Simpson's paradox in small: equal within each department, unequal overall.
    let columns = [
        (Axis::Protected, "sex"),
        (Axis::Strata, "department"),
        (Axis::Prediction, "hired"),
    ];
    let rows: &[(&[&str], u64)] = &[
        (&["F", "hard", "yes"], 200),
        (&["F", "hard", "no"], 1800),
        (&["F", "easy", "yes"], 400),
        (&["F", "easy", "no"], 400),
        (&["M", "hard", "yes"], 80),
        (&["M", "hard", "no"], 720),
        (&["M", "easy", "yes"], 1000),
        (&["M", "easy", "no"], 1000),
    ];
    let audit = audit(&table(&columns, rows), &plain()).unwrap();
    assert_eq!(audit.verdict, Verdict::Fail, "pooled");
    let within: Vec<&Finding> = audit
        .findings
        .iter()
        .filter(|f| f.criterion == "conditional-statistical-parity" && f.pooled_over.is_empty())
        .collect();
    assert_eq!(within.len(), 2);
    assert!(
        within
            .iter()
            .all(|f| f.outcome == Outcome::Pass && f.point == Some(0.0) && !f.within.is_empty())
    );
}

#[test]
fn small_counts_need_an_exact_test_to_fail() {
    // 0 of 12 against 60 of 100: the score test alone is not to be trusted with an expected count of 5.
    let audit = judged(&[("A", 0, 9), ("B", 700, 1000)]);
    let finding = finding(&audit, "disparate-impact", "A", "B");
    assert!(finding.p_breach_exact.is_some());
    assert!(finding.p_breach_adjusted.unwrap() >= finding.p_breach_exact.unwrap());
}

#[test]
fn many_groups_are_summed_up() {
    let names: Vec<String> = (0..120).map(|i| format!("g{i:03}")).collect();
    let groups: Vec<(&str, u64, u64)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), if i == 3 { 100 } else { 500 }, 1000))
        .collect();
    let audit = judged(&groups);
    let family = &audit.families[0];
    assert_eq!((family.size, family.fail), (120 * 119, 119));
    assert!((119..300).contains(&family.listed), "{family:?}");
    assert_eq!(family.fail + family.pass + family.inconclusive, family.size);
    let listed = audit.findings.iter().filter(|f| f.level == evenhand::Level::Error);
    assert_eq!(
        listed.clone().filter(|f| f.outcome == Outcome::Fail).count(),
        119,
        "failures are all listed"
    );
    assert_eq!(listed.count(), family.listed);
}
