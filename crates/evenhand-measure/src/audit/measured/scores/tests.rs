use serde_json::Value as Json;

use super::*;
use crate::audit::model::{Audit, Finding, Outcome, Value, Verdict};
use crate::policy::{Check, Level as CheckLevel};
use crate::tally::{Coding, Counts, Dimension, Level, Tally};
use crate::{Policy, audit};

/// A row: group, what happened ("" is not known), bucket, score and how many.
type Row<'a> = (&'a str, &'a str, u16, f64, u64);

/// The tally of such rows, with buckets where any is not 0.
fn tally(rows: &[Row<'_>]) -> Tally {
    let is_clustered = rows.iter().any(|row| row.2 > 0);
    let mut dimensions = vec![
        Dimension::new(Axis::Protected, "group", Coding::AsWritten),
        Dimension::new(Axis::Label, "happened", Coding::AsWritten),
    ];
    if is_clustered {
        dimensions.push(Dimension::new(Axis::Bucket, "person", Coding::Buckets));
    }
    let mut code = |dimension: usize, text: &str| {
        let levels = &mut dimensions[dimension].levels;
        let level = Level::of(text);
        let at = levels.iter().position(|known| *known == level);
        at.unwrap_or_else(|| {
            levels.push(level);
            levels.len() - 1
        }) as u32
    };
    let keyed: Vec<(Vec<u32>, f64, u64)> = rows
        .iter()
        .map(|(group, happened, bucket, score, n)| {
            let mut key = vec![code(0, group), code(1, happened)];
            if is_clustered {
                key.push(code(2, &bucket.to_string()));
            }
            (key, *score, *n)
        })
        .collect();
    let counts = keyed.iter().map(|(key, _, n)| (key.clone(), Counts::of(*n)));
    let decisions = Cube::new(dimensions.clone(), counts).unwrap();
    let scores = keyed.iter().map(|(key, score, n)| {
        let numbers = if score.is_nan() {
            Numbers::of([], *n)
        } else {
            Numbers::of([(*score, *n)], 0)
        };
        (key.clone(), numbers)
    });
    let scores = Measured::new(NumberRole::Score, "risk", 64, Cube::new(dimensions, scores).unwrap());
    let records = rows.iter().map(|row| row.4).sum();
    Tally::new(decisions, records).with(vec![scores], None, None)
}

fn oracle() -> Json {
    serde_json::from_str(include_str!("../../../../../../fixtures/expected/scores.json")).unwrap()
}

/// The rows of two sets of the oracle, as two groups.
fn two(oracle: &Json, pair: usize) -> (Vec<Row<'_>>, &Json) {
    let pair = &oracle["pairs"][pair];
    let mut rows = Vec::new();
    for side in ["one", "other"] {
        let name = pair[side].as_str().unwrap();
        for row in oracle["sets"][name]["rows"].as_array().unwrap() {
            let happened = if row[1] == 1 { "yes" } else { "no" };
            rows.push((name, happened, 0, row[0].as_f64().unwrap(), row[2].as_u64().unwrap()));
        }
    }
    (rows, pair)
}

fn run(rows: &[Row<'_>]) -> Audit {
    audit(&tally(rows), &Policy::default()).unwrap()
}

/// By one criterion alone.
fn judged_by(rows: &[Row<'_>], id: &str, bound: f64) -> Audit {
    let criteria = crate::catalogue::CRITERIA.iter();
    let policy = Policy {
        checks: criteria
            .filter(|criterion| criterion.id == id)
            .map(|criterion| Check {
                criterion,
                by: Vec::new(),
                bound: Some(bound),
                level: CheckLevel::Error,
                judge: None,
                on_inconclusive: Default::default(),
                line: None,
            })
            .collect(),
        ..Policy::default()
    };
    audit(&tally(rows), &policy).unwrap()
}

fn value<'a>(audit: &'a Audit, group: Option<&str>, key: &str) -> &'a Value {
    let wanted: Group = group
        .map(|group| ("group".to_owned(), Some(group.to_owned())))
        .into_iter()
        .collect();
    let rates = audit.rates.iter().find(|rates| rates.group == wanted).unwrap();
    rates
        .values
        .get(key)
        .unwrap_or_else(|| panic!("{key} in {:?}", rates.values.keys()))
}

fn point(audit: &Audit, group: Option<&str>, key: &str) -> f64 {
    value(audit, group, key).point().unwrap_or_else(|| panic!("{key}"))
}

fn finding<'a>(audit: &'a Audit, criterion: &str) -> &'a Finding {
    audit
        .findings
        .iter()
        .find(|finding| finding.criterion == criterion)
        .unwrap_or_else(|| panic!("{criterion}"))
}

fn near(got: f64, expected: &Json) {
    let expected = expected.as_f64().unwrap();
    // 1e-9: the slope is where a likelihood is flat; everything else is nearer.
    assert!((got - expected).abs() < 1e-9, "{got} {expected}");
}

#[test]
fn values_of_groups_are_those_of_other_software() {
    let oracle = oracle();
    for pair in 0..3 {
        let (rows, expected) = two(&oracle, pair);
        let audit = run(&rows);
        for side in ["one", "other"] {
            let name = expected[side].as_str().unwrap();
            let of = &oracle["sets"][name];
            for (id, key) in [
                ("auc", "auc"),
                ("brier-score", "brier"),
                ("log-loss", "log_loss"),
                ("mean-score", "mean_score"),
                ("calibration-in-the-large", "in_the_large"),
                ("calibration-slope", "slope"),
                ("calibration-intercept", "intercept"),
            ] {
                near(point(&audit, Some(name), id), &of[key]);
            }
            let curve = &of["calibration"][1];
            near(point(&audit, Some(name), "calibration-error"), &curve["expected_error"]);
            near(
                point(&audit, Some(name), "largest-calibration-error"),
                &curve["largest_error"],
            );
            let parts = ["reliability", "resolution", "uncertainty", "within-bins"];
            let [reliability, resolution, uncertainty, within] =
                parts.map(|part| point(&audit, Some(name), &format!("brier-part@{part}")));
            near(reliability - resolution + uncertainty + within, &of["brier"]);
        }
        let one = expected["one"].as_str();
        let other = expected["other"].as_str();
        // With two groups the others are the other one.
        near(point(&audit, one, "cross-group-auc"), &expected["cross_auc"]);
        near(point(&audit, other, "cross-group-auc"), &expected["cross_auc_back"]);
        let between = point(&audit, one, "roc-area-between");
        // 1e-6: the oracle is a grid.
        assert!((between - expected["area_between"].as_f64().unwrap()).abs() < 1e-6);
        near(
            point(&audit, one, "score-distance@kolmogorov-smirnov"),
            &expected["kolmogorov_smirnov"],
        );
        near(
            point(&audit, one, "score-distance@wasserstein"),
            &expected["wasserstein"],
        );
        let n: u64 = rows.iter().filter(|row| Some(row.0) == one).map(|row| row.4).sum();
        let above = expected["above_median"][0].as_f64().unwrap();
        // 1e-15: one division.
        assert!((point(&audit, one, "scoring-rate") - above / n as f64).abs() < 1e-15);
    }
}

#[test]
fn compas_ranks_both_groups_alike_and_places_one_below_the_other() {
    let oracle = oracle();
    let (rows, _) = two(&oracle, 2);
    let audit = run(&rows);
    let auc = finding(&audit, "auc-parity");
    // 0.0114902 with DeLong's error: statistics of the file of 6,172 people.
    let z = auc.point.unwrap() / 0.0148249;
    assert!((z - 0.7750600762).abs() < 1e-4, "{z}");
    assert_eq!(auc.method, "delong");
    assert_eq!(auc.outcome, Outcome::Pass);
    let cross = finding(&audit, "cross-group-auc-parity");
    assert_eq!(cross.outcome, Outcome::Fail);
    near(
        cross.point.unwrap(),
        &Json::from(0.8223641881225205 - 0.5514319715100264),
    );
    let score = finding(&audit, "score-parity");
    assert_eq!(score.outcome, Outcome::Fail);
    // There is no decision, so what is said of scores is judged.
    assert_eq!(auc.level, CheckLevel::Error);
    assert_eq!(finding(&audit, "calibration-parity").level, CheckLevel::Error);
    assert_eq!(score.level, CheckLevel::Warn);
    assert_eq!(audit.verdict, Verdict::Pass);
}

#[test]
fn without_labels_scores_are_judged_by_their_gap() {
    let rows: Vec<Row<'_>> = (0..100)
        .flat_map(|i| [("A", "", 0, f64::from(i), 1), ("B", "", 0, f64::from(i) + 30.0, 1)])
        .collect();
    let mut tally = tally(&rows);
    // The label goes with its column.
    let group = tally.decisions.position(Axis::Protected, "group").unwrap();
    tally.decisions = tally.decisions.margin(&[group]);
    let scores = &tally.measured[0].cells;
    let cells = scores.margin(&[scores.position(Axis::Protected, "group").unwrap()]);
    tally.measured = vec![Measured::new(NumberRole::Score, "risk", 64, cells)];
    let audit = audit(&tally, &Policy::default()).unwrap();
    let gap = finding(&audit, "score-parity");
    assert_eq!((gap.level, gap.outcome), (CheckLevel::Error, Outcome::Fail));
    assert_eq!(audit.verdict, Verdict::Fail);
    let rates = audit.rates.last().unwrap();
    assert!(rates.values.contains_key("scoring-rate") && !rates.values.contains_key("auc"));
    assert!(
        audit
            .series
            .iter()
            .all(|series| series.id == "threshold-sweep" && series.is_sound())
    );
}

#[test]
fn a_group_that_scores_rank_perfectly_has_no_interval_and_settles_nothing() {
    let rows: Vec<Row<'_>> = (0..50)
        .flat_map(|i| {
            let s = f64::from(i) / 200.0;
            [
                ("A", "yes", 0, 0.7 + s, 1),
                ("A", "no", 0, 0.1 + s, 1),
                ("B", "yes", 0, 0.5 + s, 1),
                ("B", "no", 0, 0.4 + s, 1),
            ]
        })
        .collect();
    let audit = run(&rows);
    assert_eq!(point(&audit, Some("A"), "auc"), 1.0);
    let Value::Number { lower, upper, .. } = value(&audit, Some("A"), "auc") else {
        panic!("no number")
    };
    assert_eq!((*lower, *upper), (None, None));
    let finding = finding(&audit, "auc-parity");
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    let why = finding.why.as_deref().unwrap();
    assert!(why.contains("every pair has the same order"), "{why}");
}

#[test]
fn intervals_stay_within_what_a_measure_can_be() {
    let rows = [
        ("A", "yes", 0, 0.9, 9),
        ("A", "no", 0, 0.1, 9),
        ("A", "no", 0, 0.9, 1),
        ("B", "yes", 0, 0.8, 5),
        ("B", "no", 0, 0.8, 5),
    ];
    let audit = run(&rows);
    let Value::Number { upper, .. } = value(&audit, Some("A"), "auc") else {
        panic!("no number")
    };
    assert_eq!(*upper, Some(1.0));
}

/// Rows that come many times over from the same person are worth one each.
#[test]
fn rows_that_repeat_are_no_more_evidence() {
    let draw = |person: u64| {
        // A fixed shuffle of 0..97.
        (person * 37 % 97) as f64 / 97.0
    };
    let rows = |times: u64, is_clustered: bool| -> Vec<Row<'static>> {
        (0..300u64)
            .map(|person| {
                let group = if person % 2 == 0 { "A" } else { "B" };
                let happened = if person * 53 % 100 < 50 { "yes" } else { "no" };
                let bucket = if is_clustered { person as u16 + 1 } else { 0 };
                (group, happened, bucket, draw(person), times)
            })
            .collect()
    };
    let width = |audit: &Audit, criterion: &str| {
        let finding = finding(audit, criterion);
        finding.upper.unwrap() - finding.lower.unwrap()
    };
    let (once, naive, right) = (run(&rows(1, false)), run(&rows(100, false)), run(&rows(100, true)));
    for criterion in [
        "auc-parity",
        "calibration-parity",
        "cross-group-auc-parity",
        "score-parity",
    ] {
        let (once, naive, right) = (
            width(&once, criterion),
            width(&naive, criterion),
            width(&right, criterion),
        );
        assert!(naive < once / 5.0, "{criterion}");
        // 10 %: the jackknife's error over 300 people against the formula's.
        assert!((right / once - 1.0).abs() < 0.1, "{criterion}: {right} against {once}");
    }
    assert_eq!(finding(&right, "auc-parity").method, "jackknife");
    // Points do not depend on how rows are counted.
    near(
        point(&right, Some("A"), "auc"),
        &Json::from(point(&once, Some("A"), "auc")),
    );
}

#[test]
fn few_units_give_no_interval() {
    let rows: Vec<Row<'_>> = (0..200u16)
        .map(|i| {
            let happened = if i % 3 == 0 { "yes" } else { "no" };
            let group = if i % 2 == 0 { "A" } else { "B" };
            (group, happened, i % 10 + 1, f64::from(i * 7 % 50) / 50.0, 1)
        })
        .collect();
    let audit = run(&rows);
    let finding = finding(&audit, "auc-parity");
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    let why = finding.why.as_deref().unwrap();
    assert!(why.contains("too few to know"), "{why}");
}

#[test]
fn scores_that_are_no_probabilities_rank_all_the_same() {
    let rows: Vec<Row<'_>> = (0..200u32)
        .map(|i| {
            let group = if i % 2 == 0 { "A" } else { "B" };
            (group, if i % 3 == 0 { "yes" } else { "no" }, 0, f64::from(300 + i), 1)
        })
        .collect();
    let audit = run(&rows);
    assert!(value(&audit, Some("A"), "auc").point().is_some());
    for id in [
        "brier-score",
        "log-loss",
        "calibration-error",
        "calibration-slope",
        "calibration-in-the-large",
    ] {
        assert!(value(&audit, Some("A"), id).point().is_none(), "{id}");
    }
    assert!(audit.notes.iter().any(|note| note.code == "scores-no-probabilities"));
    assert!(audit.series.iter().all(|series| series.id != "calibration"));
    // It is no question of these data, unless somebody asks it.
    assert!(
        audit
            .findings
            .iter()
            .all(|finding| finding.criterion != "calibration-parity")
    );
    let asked = judged_by(&rows, "calibration-parity", 0.05);
    let [finding] = asked.findings.as_slice() else {
        panic!("{}", asked.findings.len())
    };
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    assert!(finding.why.as_deref().unwrap().contains("no probabilities"));
}

#[test]
fn unknown_groups_and_unknown_labels_are_counted_where_they_belong() {
    let rows = [
        ("A", "yes", 0, 0.9, 30),
        ("A", "no", 0, 0.2, 30),
        ("B", "yes", 0, 0.8, 30),
        ("B", "no", 0, 0.3, 30),
        ("B", "", 0, 0.6, 10),
        ("", "yes", 0, 0.95, 50),
        ("A", "no", 0, f64::NAN, 7),
    ];
    let audit = run(&rows);
    // 180 rows have a score, and the median of all is 0.8; of those whose group is known, 0.6: 70 of 130 lie at it or below.
    assert_eq!(point(&audit, Some("A"), "scoring-rate"), 0.5);
    assert_eq!(point(&audit, Some("B"), "scoring-rate"), 0.0);
    assert_eq!(point(&audit, Some("B"), "scoring-rate@known-groups"), 30.0 / 70.0);
    // Unlabelled rows have a mean score and no part in what needs labels.
    assert_eq!(point(&audit, Some("B"), "mean-score"), (24.0 + 9.0 + 6.0) / 70.0);
    assert_eq!(point(&audit, Some("B"), "auc"), 1.0);
    let missing = audit.notes.iter().find(|note| note.code == "scores-missing").unwrap();
    assert!(
        missing.message.starts_with("7 rows have no score"),
        "{}",
        missing.message
    );
    // Who is not known is nobody's reference and in no comparison.
    let is_known = |group: &Group| group["group"].is_some();
    assert!(audit.findings.iter().all(|finding| is_known(&finding.group)));
    assert!(
        audit
            .series
            .iter()
            .all(|series| series.group.is_empty() || is_known(&series.group))
    );
}

#[test]
fn the_sweep_says_where_the_verdict_holds() {
    let oracle = oracle();
    let (rows, _) = two(&oracle, 0);
    let audit = run(&rows);
    let notes: Vec<&str> = audit
        .notes
        .iter()
        .filter(|note| note.code == "threshold-sweep")
        .map(|note| note.message.as_str())
        .collect();
    assert_eq!(
        notes,
        [
            "by `group`, the lowest selection rate is at least 0.8 of the highest at these thresholds of `risk` and no others: \
             0.1 to 0.35, 0.45",
            "by `group`, true positive rates are within 0.1 of one another at these thresholds of `risk` and no others: 0.1 to 0.3",
        ]
    );
    let ratio = audit
        .series
        .iter()
        .find(|series| series.measure.as_deref() == Some("disparate-impact"))
        .unwrap();
    assert_eq!(ratio.bound.as_ref().and_then(|bound| bound.at_least), Some(0.8));
    let at = ratio.x.iter().position(|threshold| *threshold == 0.6).unwrap();
    // 4 of 10 against 6 of 10.
    assert!((ratio.y[at].unwrap() - 2.0 / 3.0).abs() < 1e-15);
    assert!(audit.series.iter().all(Series::is_sound));
    for id in ["roc", "calibration", "threshold-sweep"] {
        assert!(audit.series.iter().any(|series| series.id == id), "{id}");
    }
}

#[test]
fn the_threshold_in_use_is_held_against_the_sweep() {
    let rows = [
        ("A", "yes", 0, 0.9, 40),
        ("A", "no", 0, 0.2, 40),
        ("B", "yes", 0, 0.9, 20),
        ("B", "no", 0, 0.2, 60),
    ];
    let mut with = tally(&rows);
    let mut decided = with.decisions.dimensions().to_vec();
    let position = decided.len();
    let mut decision = Dimension::new(Axis::Prediction, "risk", Coding::AtLeast(0.5));
    decision.levels = [crate::tally::AT_LEAST, crate::tally::BELOW].map(Level::of).to_vec();
    decided.push(decision);
    // Who is positive here scores 0.9.
    let label = with.decisions.position(Axis::Label, "happened").unwrap();
    let is_yes = |key: &[u32]| decided[label].levels[key[label] as usize] == Level::of("yes");
    let cells: Vec<(Vec<u32>, Counts)> = with
        .decisions
        .cells()
        .map(|(key, counts)| ([key, &[u32::from(!is_yes(key))]].concat(), counts.clone()))
        .collect();
    assert_eq!(cells[0].0.len(), position + 1);
    with.decisions = Cube::new(decided, cells).unwrap();
    // The name of the score would raise the question whether it is bad to be selected.
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    let audit = audit(&with, &policy).unwrap();
    let note = audit.notes.iter().find(|note| note.code == "threshold-sweep").unwrap();
    assert!(
        note.message
            .ends_with("no others: 0.2; the threshold in use, 0.5, is none of them"),
        "{}",
        note.message
    );
    let swept = audit.series.iter().filter(|series| series.id == "threshold-sweep");
    assert!(swept.into_iter().all(|series| series.marked == Some(0.5)));
    // With decisions, what is said of scores does not fail an audit.
    assert_eq!(finding(&audit, "auc-parity").level, CheckLevel::Warn);
    let mut judged = audit
        .findings
        .iter()
        .filter(|finding| finding.criterion == "disparate-impact");
    assert!(judged.any(|finding| finding.point == Some(0.5)));
}

#[test]
fn an_adverse_event_compares_those_who_are_spared() {
    let oracle = oracle();
    let (rows, _) = two(&oracle, 0);
    let mut policy = Policy::default();
    policy.values.adverse = Some(true);
    let audit = audit(&tally(&rows), &policy).unwrap();
    let note = audit.notes.iter().find(|note| note.code == "threshold-sweep").unwrap();
    assert!(
        note.message.contains("the lowest share below the threshold"),
        "{}",
        note.message
    );
}

#[test]
fn merged_tallies_and_other_orders_give_the_same_audit() {
    let oracle = oracle();
    let (mut rows, _) = two(&oracle, 1);
    let whole = serde_json::to_string(&run(&rows)).unwrap();
    rows.reverse();
    let (some, others) = rows.split_at(rows.len() / 3);
    let merged = tally(some).merge(&tally(others)).unwrap();
    let audit = audit(&merged, &Policy::default()).unwrap();
    assert_eq!(serde_json::to_string(&audit).unwrap(), whole);
}

#[test]
fn a_policy_can_judge_any_of_them() {
    let oracle = oracle();
    let (rows, _) = two(&oracle, 2);
    let audit = judged_by(&rows, "scoring-rate-parity", 0.8);
    let [finding] = audit.findings.as_slice() else {
        panic!("{}", audit.findings.len())
    };
    // 1,829 of 3,175 against 696 of 2,103, far outside [0.8, 1.25].
    near(
        finding.point.unwrap(),
        &Json::from((1829.0 / 3175.0) / (696.0 / 2103.0)),
    );
    assert_eq!((finding.outcome, finding.method.as_str()), (Outcome::Fail, "katz-log"));
}

#[test]
fn everybody_else_is_everybody_less_the_group() {
    let oracle = oracle();
    let (rows, _) = two(&oracle, 1);
    let numbers = |group: Option<&str>| {
        let mine = rows.iter().filter(|row| group.is_none_or(|group| row.0 == group));
        Numbers::of(mine.map(|row| (row.3, row.4)), 3)
    };
    let rest = less(&numbers(None), &numbers(Some("bold")));
    let mut expected = numbers(Some("timid"));
    expected.missing = 0;
    assert_eq!(rest, expected);
}
