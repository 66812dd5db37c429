//! Gaps that disappear, turn round or show only when like is compared with like.

use evenhand::measure::audit;
use evenhand::measure::audit::model::{NamedTest, Reason};
use evenhand::measure::policy::parse;
use evenhand::measure::tally::Axis;
use evenhand::{Audit, Outcome, Verdict};

use super::{finding, plain, table};

/// R's `datasets::UCBAdmissions` (Bickel et al. 1975): by department, men admitted and rejected, women admitted and rejected.
const BERKELEY: [(&str, [u64; 4]); 6] = [
    ("A", [512, 313, 89, 19]),
    ("B", [353, 207, 17, 8]),
    ("C", [120, 205, 202, 391]),
    ("D", [138, 279, 131, 244]),
    ("E", [53, 138, 94, 299]),
    ("F", [22, 351, 24, 317]),
];

fn within(strata: &[(&str, [u64; 4])]) -> Audit {
    let columns = [
        (Axis::Protected, "gender"),
        (Axis::Strata, "department"),
        (Axis::Prediction, "hired"),
    ];
    let mut rows: Vec<([&str; 3], u64)> = Vec::new();
    for (department, [a, b, c, d]) in strata {
        rows.push((["Male", department, "yes"], *a));
        rows.push((["Male", department, "no"], *b));
        rows.push((["Female", department, "yes"], *c));
        rows.push((["Female", department, "no"], *d));
    }
    rows.retain(|(_, n)| *n > 0);
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    audit(&table(&columns, &rows), &plain()).unwrap()
}

fn named<'a>(audit: &'a Audit, id: &str) -> &'a NamedTest {
    audit.tests.iter().find(|test| test.id == id).unwrap()
}

fn near(found: Option<f64>, printed: f64) {
    let found = found.unwrap();
    // 1e-8 relative: the published and computed values are printed to nine digits or more.
    assert!((found / printed - 1.0).abs() < 1e-8, "{found} is not {printed}");
}

#[test]
fn berkeleys_gap_disappears_within_departments() {
    let audit = within(&BERKELEY);
    let mantel = named(&audit, "cochran-mantel-haenszel");
    near(mantel.statistic, 1.52460666);
    near(mantel.p, 0.2169236971);
    assert_eq!(mantel.pooled_over, ["department"]);
    let odds = named(&audit, "mantel-haenszel-odds-ratio");
    near(odds.estimate, 1.105342662);
    near(odds.lower, 0.943102829);
    near(odds.upper, 1.29549224);
    let breslow = named(&audit, "breslow-day");
    near(breslow.statistic, 18.82551371);
    near(breslow.p, 0.00207139035);
    assert_eq!(breslow.freedom, Some(5));
    near(named(&audit, "tarone").statistic, 18.82550125);
    let risk = named(&audit, "mantel-haenszel-risk-ratio");
    near(risk.estimate, 1.058307424);
    near(risk.lower, 0.970439153);
    near(named(&audit, "stratified-score-difference").estimate, 0.01842519619);
    // Kitagawa's two parts are the whole gap.
    let parts: f64 = audit
        .tests
        .iter()
        .filter(|test| test.id == "kitagawa")
        .filter_map(|test| test.estimate)
        .sum();
    near(Some(parts), 557.0 / 1835.0 - 1198.0 / 2691.0);

    let note = audit.notes.iter().find(|note| note.code == "simpson").unwrap();
    for words in [
        "14.2 points less often",
        "Within `department`, like compared with like, it is 1.8 points more often",
        "cannot tell from no difference (Cochran-Mantel-Haenszel p = 0.217): the gap disappears",
        "the -14.2 points are -17.8 from how",
        "Effects differ between values of `department` (Breslow-Day p = 0.0021)",
    ] {
        assert!(note.message.contains(words), "{words}: {}", note.message);
    }
}

#[test]
fn pooled_and_conditional_findings_keep_their_own_outcomes() {
    let audit = within(&BERKELEY);
    assert_eq!(audit.verdict, Verdict::Fail);
    assert_eq!(
        finding(&audit, "disparate-impact", "Female", "Male").outcome,
        Outcome::Fail
    );
    let conditional = |pooled: bool| {
        let of = audit
            .findings
            .iter()
            .filter(move |f| f.criterion == "conditional-statistical-parity");
        of.filter(move |f| f.pooled_over.is_empty() != pooled)
    };
    assert_eq!(conditional(false).count(), 6);
    let pooled: Vec<_> = conditional(true).collect();
    assert_eq!(pooled.len(), 1);
    assert_eq!(pooled[0].outcome, Outcome::Pass);
    assert_eq!(pooled[0].method, "stratified-score-difference");
    let group = pooled[0].group_value.as_ref().unwrap().point().unwrap();
    let reference = pooled[0].reference_value.as_ref().unwrap().point().unwrap();
    assert!((group - reference - pooled[0].point.unwrap()).abs() < 1e-12);
    // In a department there are the department's own rates, with its own interval.
    let a = conditional(false)
        .find(|f| f.within["department"].as_deref() == Some("A"))
        .unwrap();
    assert!((a.point.unwrap() - (89.0 / 108.0 - 512.0 / 825.0)).abs() < 1e-12);
}

#[test]
fn a_gap_that_turns_round_or_shows_only_within_is_said() {
    let note = |strata: &[(&str, [u64; 4])]| {
        let audit = within(strata);
        let note = audit.notes.iter().find(|note| note.code == "simpson");
        note.map(|note| note.message.clone())
    };
    // Women fare better together and in both strata: nothing to say.
    assert_eq!(note(&[("X", [90, 10, 930, 70]), ("Y", [200, 800, 30, 70])]), None);
    // 0.80 against 0.46 together; within, women lead by five and six points.
    let turned = note(&[("X", [900, 100, 190, 10]), ("Y", [60, 140, 360, 640])]).unwrap();
    assert!(
        turned.contains("34.2 points less often") && turned.contains("the gap turns round"),
        "{turned}"
    );
    // 0.65 each together; within, women trail by ten points.
    let hidden = note(&[("X", [80, 20, 210, 90]), ("Y", [180, 120, 50, 50])]).unwrap();
    assert!(
        hidden.contains("10.0 points less often") && hidden.contains("shows only there"),
        "{hidden}"
    );
}

#[test]
fn strata_that_lack_a_group_say_nothing_and_are_counted() {
    let mut strata = BERKELEY.to_vec();
    strata.push(("G", [40, 10, 0, 0]));
    let audit = within(&strata);
    let mantel = named(&audit, "cochran-mantel-haenszel");
    near(mantel.statistic, 1.52460666);
    assert!(
        mantel.note.as_ref().unwrap().contains("1 strata with 50 rows"),
        "{:?}",
        mantel.note
    );
    let alone = within(&[("G", [40, 10, 0, 0]), ("H", [0, 0, 20, 20])]);
    assert!(named(&alone, "cochran-mantel-haenszel").not_computed.is_some());
    let pooled = alone.findings.iter().find(|f| !f.pooled_over.is_empty()).unwrap();
    assert_eq!(
        (pooled.outcome, pooled.reason),
        (Outcome::Inconclusive, Some(Reason::UndefinedRate))
    );
}

#[test]
fn a_check_within_strata_decides_when_the_policy_says_so() {
    let policy = "[[check]]\ncriterion = 'conditional-statistical-parity'\nbound = 0.02\nlevel = 'error'\n";
    let mut policy = parse("p", policy).unwrap();
    policy.values = plain().values;
    let columns = [(Axis::Protected, "g"), (Axis::Strata, "s"), (Axis::Prediction, "hired")];
    // A gap of 12 points in each of 40 small strata: none shows it alone, all together do.
    let names: Vec<String> = (0..40).map(|stratum| format!("s{stratum}")).collect();
    let mut rows: Vec<([&str; 3], u64)> = Vec::new();
    for name in &names {
        rows.extend([
            (["A", name, "yes"], 25),
            (["A", name, "no"], 25),
            (["B", name, "yes"], 31),
            (["B", name, "no"], 19),
        ]);
    }
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    let audit = audit(&table(&columns, &rows), &policy).unwrap();
    let failed: Vec<_> = audit.findings.iter().filter(|f| f.outcome == Outcome::Fail).collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert_eq!(failed[0].pooled_over, ["s"]);
    assert_eq!(audit.verdict, Verdict::Fail);
}

#[test]
fn the_sentence_reads_the_same_whichever_group_sorts_first() {
    let strata = [("X", [900, 100, 190, 10]), ("Y", [60, 140, 360, 640])];
    let mirrored: Vec<(&str, [u64; 4])> = strata
        .iter()
        .map(|&(name, [a, b, c, d])| (name, [c, d, a, b]))
        .collect();
    let message = |strata: &[(&str, [u64; 4])]| -> String {
        let audit = within(strata);
        let note = audit.notes.iter().find(|note| note.code == "simpson");
        note.unwrap().message.clone()
    };
    let swapped = message(&mirrored)
        .replace("`Male`", "`?`")
        .replace("`Female`", "`Male`")
        .replace("`?`", "`Female`");
    assert_eq!(message(&strata), swapped);
    // Composition lowers the rate of the group that fares worse all together.
    assert!(
        message(&strata).contains("points are -39.7 from how"),
        "{}",
        message(&strata)
    );
}

#[test]
fn a_change_that_is_not_shown_is_not_claimed() {
    let note = |strata: &[(&str, [u64; 4])]| within(strata).notes.iter().any(|note| note.code == "simpson");
    // 10 points together, just seen; 9 within, just not: nothing has changed.
    assert!(!note(&[("X", [100, 100, 82, 118]), ("Y", [100, 100, 82, 118])]));
    assert!(!note(&[("X", [106, 94, 86, 114]), ("Y", [106, 94, 90, 110])]));
}

/// A hundred people a group, each with the same row in every month; `months` strata.
fn monthly(months: usize) -> Audit {
    let columns = [
        (Axis::Protected, "gender"),
        (Axis::Strata, "month"),
        (Axis::Prediction, "hired"),
        (Axis::Bucket, "person"),
    ];
    let mut rows: Vec<([String; 4], u64)> = Vec::new();
    for month in 0..months {
        for (group, selected, first) in [("A", 40, 0), ("B", 50, 100)] {
            for person in 0..100 {
                let hired = if (person * 37) % 100 < selected { "yes" } else { "no" };
                rows.push((
                    [
                        group.into(),
                        format!("m{month}"),
                        hired.into(),
                        (first + person).to_string(),
                    ],
                    1,
                ));
            }
        }
    }
    let texts: Vec<(Vec<&str>, u64)> = rows
        .iter()
        .map(|(v, n)| (v.iter().map(String::as_str).collect(), *n))
        .collect();
    let texts: Vec<(&[&str], u64)> = texts.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    audit(&table(&columns, &texts), &plain()).unwrap()
}

#[test]
fn units_in_every_stratum_are_not_counted_once_for_each() {
    let width = |audit: &Audit| {
        let pooled = audit.findings.iter().find(|f| !f.pooled_over.is_empty()).unwrap();
        assert!((pooled.point.unwrap() + 0.1).abs() < 1e-12, "{pooled:?}");
        pooled.upper.unwrap() - pooled.lower.unwrap()
    };
    let (one, twelve) = (monthly(1), monthly(12));
    // 5 %: each month is worth some 17 rows, whose factor N/(N - 1) is 3 % of the width.
    let ratio = width(&one) / width(&twelve);
    assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
    // About what 100 independent people a group give: 0.27.
    assert!(width(&twelve) > 0.25 && width(&twelve) < 0.32, "{}", width(&twelve));
    assert!(twelve.notes.iter().all(|note| note.code != "simpson"));
}

#[test]
fn rows_without_a_stratum_are_counted() {
    let columns = [(Axis::Protected, "g"), (Axis::Strata, "s"), (Axis::Prediction, "hired")];
    let rows: [(&[&str], u64); 6] = [
        (&["A", "x", "yes"], 50),
        (&["A", "x", "no"], 50),
        (&["B", "x", "yes"], 50),
        (&["B", "x", "no"], 50),
        (&["A", "", "yes"], 700),
        (&["B", "", "no"], 300),
    ];
    let audit = audit(&table(&columns, &rows), &plain()).unwrap();
    let note = audit.notes.iter().find(|note| note.code == "stratum-missing").unwrap();
    assert!(note.message.contains("1,000 of 1,200 rows"), "{}", note.message);
}
