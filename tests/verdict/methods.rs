//! Methods that a policy chooses, what is named beside the verdict, and intervals that hold together.

use evenhand::measure::audit;
use evenhand::measure::audit::model::{Group, NamedTest, Reason};
use evenhand::measure::catalogue::{METHODS, MethodOf, find};
use evenhand::measure::policy::{Adjustment, parse};
use evenhand::measure::tally::Axis;
use evenhand::{Audit, Outcome, Policy, Verdict};

use super::{finding, judged, plain, selections, table};

fn with(policy: &str, groups: &[(&str, u64, u64)]) -> Audit {
    let mut policy = parse("p", policy).unwrap();
    policy.values = plain().values;
    audit(&selections(groups), &policy).unwrap()
}

#[test]
fn every_method_is_selectable_named_and_agrees_with_itself() {
    let tables: [&[(&str, u64, u64)]; 5] = [
        &[("A", 170, 390), ("B", 412, 797)],
        &[("A", 4, 12), ("B", 60, 100)],
        &[("A", 0, 20), ("B", 5, 30)],
        &[("A", 20, 20), ("B", 18, 30)],
        &[("A", 1, 1), ("B", 700, 1000)],
    ];
    for method in METHODS {
        let key = match method.of {
            MethodOf::Rate => "rate",
            MethodOf::Difference => "difference",
            MethodOf::Ratio => "ratio",
            MethodOf::OddsRatio => "odds-ratio",
            MethodOf::Test => continue,
        };
        let text = format!("[inference.methods]\n{key} = '{}'\n", method.id);
        for groups in tables {
            let audit = with(&text, groups);
            assert_eq!(audit.policy["inference"]["methods"][key], method.id);
            let of = match method.of {
                MethodOf::Ratio => finding(&audit, "disparate-impact", "A", "B"),
                _ => finding(&audit, "statistical-parity", "A", "B"),
            };
            if matches!(method.of, MethodOf::Ratio | MethodOf::Difference) {
                assert_eq!(of.method, method.id);
                let Some(comply) = of.p_comply else {
                    assert_eq!(of.reason, Some(Reason::MethodUndefined), "{} {groups:?}", method.id);
                    continue;
                };
                let inside = of.bound.at_least.is_none_or(|bound| of.lower.unwrap() > bound)
                    && of
                        .bound
                        .at_most
                        .is_none_or(|bound| of.upper.is_some_and(|upper| upper < bound));
                assert_eq!(comply < 0.025, inside, "{} {groups:?}: {comply} {of:?}", method.id);
            }
            if method.of == MethodOf::OddsRatio {
                assert!(audit.tests.iter().any(|test| test.id == method.id), "{}", method.id);
            }
        }
    }
    let wrong = parse("p", "[inference.methods]\nratio = 'kats'\n").unwrap_err();
    assert!(wrong[0].help.contains("katz"), "{wrong:?}");
}

fn named<'a>(audit: &'a Audit, id: &str) -> &'a NamedTest {
    audit.tests.iter().find(|test| test.id == id).unwrap()
}

#[test]
fn a_courtroom_s_numbers_stand_beside_the_verdict() {
    // The race table of the New York rule's first example: Black 170 of 390, White 412 of 797.
    let audit = judged(&[("Black", 170, 390), ("White", 412, 797)]);
    let close = |found: Option<f64>, printed: f64| {
        let found = found.unwrap();
        assert!((found / printed - 1.0).abs() < 1e-8, "{found} {printed}");
    };
    close(named(&audit, "pooled-z").statistic, -2.623329742);
    close(named(&audit, "pooled-z").p, 0.008707495352);
    close(named(&audit, "pearson-chi-square").statistic, 6.881858936);
    close(named(&audit, "fisher-exact").p, 0.009430110452);
    close(named(&audit, "fisher-mid-p-doubling").p, 0.008772473921);
    close(named(&audit, "fisher-mid-p-minlike").p, 0.008640114246);
    close(named(&audit, "g-test").statistic, 6.897099176);
    let practical = &audit.practical[0];
    close(Some(practical.shortfall_of_reference_rate), 31.60602258);
    close(Some(practical.shortfall_of_pooled_rate), 21.22156698);
    assert_eq!(
        (
            practical.moves_to_four_fifths,
            practical.moves_to_parity,
            practical.one_person_flips
        ),
        (Some(0), Some(22), false)
    );
    close(Some(practical.cohens_h), -0.1624424821);
    close(practical.phi, -0.07614256867);
    // Every id is in the catalogue, so that `explain` knows it.
    for test in &audit.tests {
        assert!(find(&test.id).is_ok(), "{}", test.id);
    }
    // 1,187 rows are past the size of the unconditional tests, which is said.
    assert!(named(&audit, "barnard").not_computed.is_some());
    let few = judged(&[("A", 2, 10), ("B", 15, 25)]);
    assert!((named(&few, "boschloo").p.unwrap() - 0.0366028160).abs() < 1e-9);
}

#[test]
fn exploration_may_bound_the_share_of_false_findings_instead() {
    let groups = [("A", 300, 1000), ("B", 430, 1000), ("C", 425, 1000), ("D", 500, 1000)];
    let adjusted = |adjustment: Adjustment| {
        let mut policy = plain();
        policy.inference.adjust_warnings = adjustment;
        let audit = audit(&selections(&groups), &policy).unwrap();
        let values = audit.findings.iter().filter(|f| f.criterion == "statistical-parity");
        let values: Vec<f64> = values.map(|f| f.p_breach_adjusted.unwrap()).collect();
        (
            values,
            audit.families.iter().map(|f| f.adjustment.clone()).collect::<Vec<_>>(),
        )
    };
    let (holm, names) = adjusted(Adjustment::Holm);
    assert_eq!(names, ["holm", "holm"]);
    let (hochberg, names) = adjusted(Adjustment::BenjaminiHochberg);
    // What decides is always held to the stricter standard.
    assert_eq!(names, ["holm", "benjamini-hochberg"]);
    let (yekutieli, _) = adjusted(Adjustment::BenjaminiYekutieli);
    for ((holm, hochberg), yekutieli) in holm.iter().zip(&hochberg).zip(&yekutieli) {
        assert!(hochberg <= holm && hochberg <= yekutieli);
    }
    assert!(hochberg.iter().zip(&holm).any(|(a, b)| a < b));
}

fn together(groups: &[(&str, u64, u64)], seed: u64) -> Audit {
    with(
        &format!("[inference]\nsimultaneous = true\nreplicates = 999\nseed = {seed}\n"),
        groups,
    )
}

#[test]
fn intervals_that_hold_together_are_wider_repeatable_and_bound_the_worst() {
    let groups = [("A", 300, 1000), ("B", 330, 1000), ("C", 360, 1000), ("D", 310, 1000)];
    let first = together(&groups, 7);
    assert_eq!(first, together(&groups, 7));
    assert_eq!(first.provenance.seed, Some(7));
    let other = together(&groups, 8);
    for (one, two) in first
        .findings
        .iter()
        .zip(&other.findings)
        .filter(|(one, _)| one.p_breach.is_some())
    {
        let (a, b) = (one.simultaneous.as_ref().unwrap(), two.simultaneous.as_ref().unwrap());
        assert_eq!(a.method, "max-t");
        assert!(a.lower < one.lower.unwrap() && a.upper.unwrap() > one.upper.unwrap());
        // Two seeds: the Monte Carlo error of a 95 % quantile of 999 values is about 3 % of it.
        assert!(
            (a.lower - b.lower).abs() < 0.05 * (a.upper.unwrap() - a.lower),
            "{a:?} {b:?}"
        );
    }
    let worst = first.tests.iter().find(|test| test.id == "max-t").unwrap();
    assert!((worst.estimate.unwrap() - 300.0 / 360.0).abs() < 1e-12);
    let ends = first.findings.iter().filter(|f| f.criterion == "disparate-impact");
    let lowest = ends
        .map(|f| f.simultaneous.as_ref().unwrap().lower)
        .fold(f64::INFINITY, f64::min);
    assert!((worst.lower.unwrap() - lowest).abs() < 1e-12);
    assert_eq!(with("", &groups).provenance.seed, None);
}

#[test]
fn renaming_groups_changes_joint_intervals_by_chance_alone() {
    let groups = [("A", 300, 1000), ("B", 330, 1000), ("C", 360, 1000)];
    let renamed = [("Z", 300, 1000), ("Y", 330, 1000), ("X", 360, 1000)];
    let of = |audit: &Audit, group: &str, reference: &str| {
        let finding = finding(audit, "disparate-impact", group, reference);
        let together = finding.simultaneous.clone().unwrap();
        (together.lower, together.upper.unwrap())
    };
    let (one, other) = (together(&groups, 3), together(&renamed, 3));
    for ((a, b), (x, y)) in [("A", "B"), ("C", "A"), ("B", "C")]
        .into_iter()
        .zip([("Z", "Y"), ("X", "Z"), ("Y", "X")])
    {
        let (left, right) = (of(&one, a, b), of(&other, x, y));
        // Other cells are drawn first: 3 % of the critical value is the Monte Carlo error of 999 resamples.
        let width = left.1 - left.0;
        assert!(
            (left.0 - right.0).abs() < 0.05 * width && (left.1 - right.1).abs() < 0.05 * width,
            "{left:?} {right:?}"
        );
    }
}

#[test]
fn groups_without_variance_fall_back_to_holms_level() {
    let audit = together(&[("A", 0, 40), ("B", 20, 40), ("C", 24, 40)], 1);
    let of = |group: &str, reference: &str| {
        let finding = finding(&audit, "disparate-impact", group, reference);
        finding.simultaneous.clone().unwrap()
    };
    assert_eq!(
        (of("A", "B").method.as_str(), of("B", "C").method.as_str()),
        ("holm", "max-t")
    );
    assert!(of("A", "B").lower == 0.0 && of("A", "B").upper.unwrap() > 0.1);
}

#[test]
fn clusters_are_resampled_whole_and_repeating_their_rows_changes_nothing() {
    let columns = [
        (Axis::Protected, "group"),
        (Axis::Prediction, "hired"),
        (Axis::Bucket, "customer"),
    ];
    let of = |times: u64| {
        let mut rows: Vec<([String; 3], u64)> = Vec::new();
        for bucket in 0..60u64 {
            for (group, rate) in [("A", 3), ("B", 4)] {
                let selected = (bucket * 7 + rate * 3) % 9;
                rows.push(([group.into(), "yes".into(), bucket.to_string()], times * selected));
                rows.push(([group.into(), "no".into(), bucket.to_string()], times * (9 - selected)));
            }
        }
        rows.retain(|(_, n)| *n > 0);
        let texts: Vec<(Vec<&str>, u64)> = rows
            .iter()
            .map(|(v, n)| (v.iter().map(String::as_str).collect(), *n))
            .collect();
        let texts: Vec<(&[&str], u64)> = texts.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
        let mut policy = parse("p", "[inference]\nsimultaneous = true\nreplicates = 499\n").unwrap();
        policy.values = plain().values;
        audit(&table(&columns, &texts), &policy).unwrap()
    };
    let (once, often) = (of(1), of(5));
    for (a, b) in once.findings.iter().zip(&often.findings) {
        let ends = |f: &evenhand::Finding| {
            let together = f.simultaneous.clone().unwrap();
            [
                f.lower.unwrap(),
                f.upper.unwrap(),
                together.lower,
                together.upper.unwrap(),
            ]
        };
        for (x, y) in ends(a).iter().zip(ends(b)) {
            assert!((x - y).abs() < 1e-9, "{a:?} {b:?}");
        }
        assert_eq!(a.simultaneous.as_ref().unwrap().method, "max-t");
    }
}

#[test]
fn partially_pooled_rates_stand_beside_the_raw_ones() {
    let groups = [("A", 3, 10), ("B", 500, 1000), ("C", 45, 100), ("D", 9, 10)];
    let audit = with("[inference]\npartial-pooling = true\n", &groups);
    let of = |name: &str, key: &str| {
        let group = Group::from([("group".to_owned(), Some(name.to_owned()))]);
        let row = audit.rates.iter().find(|row| row.group == group).unwrap();
        row.values[key].point().unwrap()
    };
    for (name, x, n) in groups {
        assert!((of(name, "selection-rate") - x as f64 / n as f64).abs() < 1e-12);
    }
    let moved = |name: &str| (of(name, "selection-rate@partial-pooling") - of(name, "selection-rate")).abs();
    assert!(moved("D") > 10.0 * moved("B"), "{} {}", moved("D"), moved("B"));
    let without = with("", &groups);
    assert!(
        without
            .rates
            .iter()
            .all(|row| row.values.keys().all(|key| !key.contains('@')))
    );
}

#[test]
fn the_examples_of_the_small_and_the_equal() {
    // A ratio of 0.8432 is above four fifths, and these people do not show that it is.
    let dcwp = judged(&[("Black", 170, 390), ("White", 412, 797)]);
    let black = finding(&dcwp, "disparate-impact", "Black", "White");
    assert_eq!(
        (black.outcome, black.reason),
        (Outcome::Inconclusive, Some(Reason::TooFewRows))
    );
    assert!((black.point.unwrap() - 0.8432287777).abs() < 1e-9 && black.rows_to_settle.unwrap() > 1_187);
    assert!(black.why.as_ref().unwrap().contains("covers the bound"));
    let small = judged(&[("A", 4, 12), ("B", 60, 100)]);
    let a = finding(&small, "disparate-impact", "A", "B");
    assert_eq!(a.outcome, Outcome::Inconclusive);
    assert!(a.rows_to_settle.unwrap() > 112);
    let names: Vec<String> = (0..10).map(|group| format!("g{group}")).collect();
    for selected in 0..=6 {
        let groups: Vec<(&str, u64, u64)> = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                (
                    name.as_str(),
                    if index < 5 { selected } else { 5 - selected.min(5) },
                    50,
                )
            })
            .collect();
        let audit = judged(&groups);
        assert_ne!(audit.verdict, Verdict::Pass);
    }
}

#[test]
fn extreme_inputs_have_an_answer() {
    let huge = 1_000_000_000_000_000;
    let mut tables: Vec<Vec<(String, u64, u64)>> = vec![
        vec![("A".into(), 0, 1), ("B".into(), 1, 1)],
        vec![("A".into(), 0, 5), ("B".into(), 0, 7)],
        vec![("A".into(), 5, 5), ("B".into(), 7, 7)],
        vec![("A".into(), huge / 2, huge), ("B".into(), huge / 2 - 1, huge)],
        vec![("A".into(), 0, huge), ("B".into(), 1, huge)],
        vec![("A".into(), 1, 1), ("B".into(), huge / 3, huge)],
    ];
    tables.push(
        (0..200)
            .map(|group| (format!("g{group}"), 20 + group % 7, 60 + group % 11))
            .collect(),
    );
    let policy = |text: &str| -> Policy {
        let mut policy = parse("p", text).unwrap();
        policy.values = plain().values;
        policy
    };
    // 100 groups in 50 strata: 10,000 cells.
    let columns = [(Axis::Protected, "g"), (Axis::Strata, "s"), (Axis::Prediction, "hired")];
    let names: Vec<(String, String)> = (0..5_000)
        .map(|cell| (format!("g{}", cell % 100), format!("s{}", cell / 100)))
        .collect();
    let rows: Vec<([&str; 3], u64)> = names
        .iter()
        .enumerate()
        .flat_map(|(index, (group, stratum))| {
            let n = 3 + index as u64 % 13;
            [
                ([group.as_str(), stratum.as_str(), "yes"], n),
                ([group.as_str(), stratum.as_str(), "no"], 16 - n + 1),
            ]
        })
        .collect();
    let rows: Vec<(&[&str], u64)> = rows.iter().map(|(values, n)| (values.as_slice(), *n)).collect();
    let started = std::time::Instant::now();
    let many = audit(&table(&columns, &rows), &policy("")).unwrap();
    println!("10,000 cells: {:?}", started.elapsed());
    assert!(many.notes.iter().any(|note| note.code == "pooled-against-highest"));
    for groups in &tables {
        let groups: Vec<(&str, u64, u64)> = groups.iter().map(|(name, x, n)| (name.as_str(), *x, *n)).collect();
        for text in [
            "",
            "[inference]\nsimultaneous = true\nreplicates = 199\npartial-pooling = true\n",
        ] {
            let started = std::time::Instant::now();
            let audit = audit(&selections(&groups), &policy(text)).unwrap();
            let json = serde_json::to_string(&audit).unwrap();
            assert!(!json.contains("NaN") && audit.verdict != Verdict::NotJudged);
            for test in &audit.tests {
                let numbers = [test.estimate, test.lower, test.upper, test.statistic, test.p];
                assert!(numbers.iter().flatten().all(|number| number.is_finite()), "{test:?}");
                let said = test.p.is_some() || test.estimate.is_some() || test.lower.is_some();
                assert!(said || test.not_computed.is_some(), "{test:?}");
            }
            println!("{} groups of {}: {:?}", groups.len(), groups[0].2, started.elapsed());
        }
    }
}
