//! Counts that published figures leave open, against every choice among them.

use proptest::prelude::*;

use super::family::{Family, Trial};
use super::model::{Outcome, Reason, Verdict};
use super::read::Reading;
use super::{Run, audit, verdict};
use crate::policy::{Digits, Judge, Level, Policy, parse};
use crate::tally::{Axis, Coding, Counts, Cube, Dimension, Level as Value, Quantity, Tally};

/// A group: its size, and the fewest and the most that were selected.
type Open = (u64, u64, u64);

fn tally(groups: &[Open]) -> Tally {
    let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
    group.levels = (0..groups.len()).map(|index| Value::of(&format!("g{index}"))).collect();
    let mut rate = Dimension::new(Axis::Prediction, "rate", Coding::Share(Digits::Rounded));
    rate.levels = vec![Value::of("no"), Value::of("yes")];
    let cells = groups.iter().enumerate().flat_map(|(index, &(n, fewest, most))| {
        let middle = fewest + (most - fewest) / 2;
        [
            (vec![index as u32, 1], Counts::open(middle, fewest, most)),
            (vec![index as u32, 0], Counts::open(n - middle, n - most, n - fewest)),
        ]
    });
    let cube = Cube::new(vec![group, rate], cells.collect::<Vec<_>>()).unwrap();
    let mut tally = Tally::new(cube, groups.len() as u64);
    tally.quantities.insert(Quantity::Count, "n".to_owned());
    Tally::from_json(&tally.to_json()).unwrap()
}

/// Every choice of whole counts.
fn choices(groups: &[Open]) -> Vec<Vec<Open>> {
    groups.iter().fold(vec![Vec::new()], |choices, &(n, fewest, most)| {
        let with = |choice: &Vec<Open>, k: u64| [choice.as_slice(), &[(n, k, k)]].concat();
        choices
            .iter()
            .flat_map(|choice| (fewest..=most).map(|k| with(choice, k)).collect::<Vec<_>>())
            .collect()
    })
}

fn judged<T>(groups: &[Open], policy: &Policy, of: impl FnOnce(&Family<'_>) -> T) -> T {
    let tally = tally(groups);
    let reading = Reading::of(&tally, policy).unwrap();
    let checks = policy.effective_checks(&|_| true);
    let run = Run::new(&reading, &tally, policy, &checks, policy.values.adverse == Some(true));
    of(&run.family(Level::Error))
}

/// The names of both sides, the outcome, p of breach as asked and as adjusted, p of compliance.
type Row = (String, Outcome, Option<[f64; 3]>);

fn rows(family: &Family<'_>) -> Vec<Row> {
    let row = |trial: &Trial| {
        let name = |known: usize| format!("{:?}", family.known[known].group);
        let sides = format!(
            "{} {}",
            name(trial.group),
            trial.reference.map_or_else(String::new, name)
        );
        let answers = trial
            .answers
            .map(|answers| [answers.breach, trial.adjusted, answers.comply]);
        (sides, trial.outcome, answers)
    };
    family.trials.iter().map(row).collect()
}

/// Policies that ask every kind of question.
fn policies() -> Vec<Policy> {
    let texts = [
        "",
        "[values]\nadverse = true\n",
        "[inference.reference]\ngroup = \"g0\"\n",
        "[[check]]\ncriterion = \"statistical-parity\"\nlevel = \"error\"\n",
        "[[check]]\ncriterion = \"disparate-impact\"\nbound = 0.5\n[[check]]\ncriterion = \"statistical-parity\"\nlevel = \"error\"\n",
        "[inference]\none-person-rule = true\n",
        "[inference.methods]\nratio = \"katz\"\n",
    ];
    let mut policies: Vec<Policy> = texts.iter().map(|text| parse("p", text).unwrap()).collect();
    for mut policy in policies.clone() {
        policy.inference.judge = Judge::Point;
        policies.push(policy);
    }
    policies
}

fn groups(largest: u64) -> impl Strategy<Value = Vec<Open>> {
    let group = (2..=largest, 0.0..=1.0f64, 0..5u64).prop_map(|(n, share, width)| {
        let fewest = ((n as f64) * share).floor() as u64;
        (n, fewest, (fewest + width).min(n))
    });
    // Many choices of few groups, or few of many.
    prop::collection::vec(group, 2..4)
}

/// What holds of an audit of open counts and of every choice among them.
fn compare(groups: &[Open], policy: &Policy) -> Result<(), TestCaseError> {
    let (open, overall) = judged(groups, policy, |family| (rows(family), verdict::overall(family)));
    let mut largest = vec![[0.0f64; 3]; open.len()];
    for choice in choices(groups) {
        let (closed, verdict) = judged(&choice, policy, |family| (rows(family), verdict::overall(family)));
        prop_assert_eq!(open.len(), closed.len());
        for ((ours, theirs), largest) in open.iter().zip(&closed).zip(&mut largest) {
            prop_assert_eq!(&ours.0, &theirs.0);
            if matches!(ours.1, Outcome::Pass | Outcome::Fail) {
                prop_assert_eq!(ours.1, theirs.1, "{} of {:?} within {:?}", ours.0, choice, groups);
            }
            // What nobody can be asked says nothing either way.
            let asked = theirs.2.unwrap_or([1.0; 3]);
            for (largest, p) in largest.iter_mut().zip(asked) {
                *largest = largest.max(p);
            }
        }
        if matches!(overall, Verdict::Pass | Verdict::Fail) {
            prop_assert_eq!(overall, verdict, "{:?} within {:?}", choice, groups);
        }
    }
    for (ours, [breach, adjusted, comply]) in open.iter().zip(largest) {
        let Some([our_breach, our_adjusted, our_comply]) = ours.2 else {
            continue;
        };
        // Katz's statistic bends back where p is all but 1, which decides nothing.
        let least = |p: f64| p.min(0.5);
        prop_assert!(our_breach >= least(breach), "{} of {:?}", ours.0, groups);
        prop_assert!(our_adjusted >= least(adjusted), "{} of {:?}", ours.0, groups);
        // Nothing is given away: the largest is that of a choice.
        prop_assert!(
            (least(comply)..=comply).contains(&our_comply),
            "{} of {:?}",
            ours.0,
            groups
        );
    }
    Ok(())
}

proptest! {
    /// Small counts, where an exact test is asked as well.
    #[test]
    fn what_is_said_holds_for_every_choice_of_small_counts(groups in groups(30), policy in 0usize..14) {
        compare(&groups, &policies()[policy])?;
    }

    #[test]
    fn what_is_said_holds_for_every_choice(groups in groups(2_000), policy in 0usize..14) {
        compare(&groups, &policies()[policy])?;
    }

    /// One question with one bound: the value that decides is exactly the largest of all choices.
    #[test]
    fn the_largest_p_of_breach_is_that_of_a_choice(groups in groups(400)) {
        let open = judged(&groups, &Policy::default(), rows);
        let all: Vec<Vec<Row>> = choices(&groups).iter().map(|choice| judged(choice, &Policy::default(), rows)).collect();
        for (index, ours) in open.iter().enumerate() {
            let Some([breach, ..]) = ours.2 else { continue };
            let largest = all.iter().map(|rows| rows[index].2.map_or(1.0, |p| p[0])).fold(0.0, f64::max);
            prop_assert_eq!(breach, largest);
        }
    }

    /// Without anything open the audit is that of the counts.
    #[test]
    fn exact_figures_are_counts(groups in groups(200), policy in 0usize..14) {
        let policy = &policies()[policy];
        let exact: Vec<Open> = groups.iter().map(|&(n, fewest, _)| (n, fewest, fewest)).collect();
        let mut plain = tally(&exact).to_json().replace("{\"share\":\"rounded\"}", "\"as-written\"");
        plain = plain.replace("\"version\":3", "\"version\":1");
        let plain = Tally::from_json(&plain).unwrap();
        let reading = Reading::of(&plain, policy).unwrap();
        let checks = policy.effective_checks(&|_| true);
        let run = Run::new(&reading, &plain, policy, &checks, policy.values.adverse == Some(true));
        prop_assert_eq!(rows(&run.family(Level::Error)), judged(&exact, policy, rows));
    }
}

proptest! {
    // Six hundred choices each.
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Of many counts only the first and the last few are tried, and what is said holds for those between as well.
    #[test]
    fn what_is_said_holds_between_the_counts_that_are_tried(
        sizes in prop::array::uniform2(30u64..3_000),
        shares in prop::array::uniform2(0.0..=1.0f64),
        policy in 0usize..14,
    ) {
        let group = |index: usize| {
            let n = sizes[index];
            let fewest = ((n as f64) * shares[index]).floor() as u64;
            (n, fewest, (fewest + 24).min(n))
        };
        compare(&[group(0), group(1)], &policies()[policy])?;
    }
}

#[test]
fn an_exact_test_that_one_choice_asks_for_is_asked_of_all() {
    // Only with 12 of 19 does the score test see a breach, and the exact test does not agree.
    let policy = &policies()[3];
    compare(&[(19, 11, 12), (6, 0, 0)], policy).unwrap();
}

#[test]
fn an_outcome_that_depends_on_the_digits_is_left_open_and_says_so() {
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    // 64 of 100 over 80 of 100 is the bound itself; 63 to 65 lie on both sides of it.
    let audited = |of: &[Open], judge: Judge| {
        let mut policy = policy.clone();
        policy.inference.judge = judge;
        audit(&tally(of), &policy).unwrap()
    };
    let point = audited(&[(100, 63, 65), (100, 80, 80)], Judge::Point);
    assert_eq!(point.verdict, Verdict::Inconclusive);
    let finding = point
        .findings
        .iter()
        .find(|f| f.outcome == Outcome::Inconclusive)
        .unwrap();
    assert_eq!(finding.reason, Some(Reason::RoundedFigures));
    let why = finding.why.as_deref().unwrap();
    assert!(
        why.contains("63 to 65 of 100 fit them") && why.contains("the counts themselves"),
        "{why}"
    );
    assert_eq!(finding.rows_to_settle, None);
    assert_eq!(
        audited(&[(100, 64, 65), (100, 80, 80)], Judge::Point).verdict,
        Verdict::Pass
    );
    assert_eq!(
        audited(&[(100, 62, 63), (100, 80, 80)], Judge::Point).verdict,
        Verdict::Fail
    );

    let evidence = audited(&[(100, 48, 62), (100, 80, 80)], Judge::Interval);
    assert_eq!(evidence.verdict, Verdict::Inconclusive);
    let finding = evidence
        .findings
        .iter()
        .find(|f| f.outcome == Outcome::Inconclusive)
        .unwrap();
    assert_eq!(finding.reason, Some(Reason::RoundedFigures));
    let note = evidence.notes.iter().find(|note| note.code == "rounded-rates").unwrap();
    assert!(note.message.contains("group = g0: 48 to 62 of 100"), "{}", note.message);
    // Far enough away, or near enough, all counts agree.
    assert_eq!(
        audited(&[(2_000, 990, 1_010), (2_000, 980, 1_000)], Judge::Interval).verdict,
        Verdict::Pass
    );
    assert_eq!(
        audited(&[(100, 38, 42), (100, 78, 82)], Judge::Interval).verdict,
        Verdict::Fail
    );
    // More of the same would not settle what a few people leave open: that is for more people, not more digits.
    let few = audited(&[(20, 9, 10), (20, 12, 13)], Judge::Interval);
    let worse = few
        .findings
        .iter()
        .find(|f| f.point.is_some_and(|point| point < 1.0))
        .unwrap();
    assert_eq!(worse.reason, Some(Reason::TooFewRows));
    assert!(worse.rows_to_settle.is_some());
}

#[test]
fn rates_show_between_what_they_lie_and_nobody_on_either_side_is_no_pass() {
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    let audited = audit(&tally(&[(1_000, 0, 5), (1_000, 0, 5)]), &policy).unwrap();
    assert_eq!(audited.verdict, Verdict::Inconclusive);
    let share = audited.rates[1].values["selection-rate"].share().unwrap();
    assert_eq!((share.lowest, share.highest), (Some(0.0), Some(0.005)));
    let nobody = audit(&tally(&[(10, 0, 1), (10, 0, 1)]), &policy).unwrap();
    assert_eq!(nobody.verdict, Verdict::Inconclusive);
    assert!(
        nobody.findings.iter().all(|f| f.lower.is_none() || f.point.is_some()),
        "{:?}",
        nobody.findings
    );
}

#[test]
fn attributes_have_the_same_people_and_are_not_added_up() {
    let text = r#"{"version":3,"records":5,"quantities":{"count":"n"},
"decisions":{"dimensions":[
{"role":"protected","column":"race","coding":"as-written","levels":[null,"A","B"]},
{"role":"protected","column":"sex","coding":"as-written","levels":[null,"F","M","X"]},
{"role":"prediction","column":"rate","coding":{"share":"truncated"},"levels":[null,"no","yes"]}],"cells":[
[[0,1,1],{"n":100}],[[0,1,2],{"n":100}],[[0,2,1],{"n":100}],[[0,2,2],{"n":100}],[[0,3,0],{"n":4}],
[[1,0,1],{"n":101}],[[1,0,2],{"n":99}],[[2,0,1],{"n":100}],[[2,0,2],{"n":100}]]}}"#;
    let tally = Tally::from_json(text).unwrap();
    let mut policy = Policy::default();
    policy.values.adverse = Some(false);
    let audited = audit(&tally, &policy).unwrap();
    assert_eq!((audited.data.rows_read, audited.data.rows_counted), (404, 400));
    assert_eq!(audited.data.excluded[0].reason, "rate-not-published");
    let sizes: Vec<(&str, u64)> = audited
        .rates
        .iter()
        .map(|r| (r.by.first().map_or("", String::as_str), r.n))
        .collect();
    assert_eq!(
        sizes,
        [
            ("", 404),
            ("race", 200),
            ("race", 200),
            ("sex", 200),
            ("sex", 200),
            ("sex", 4)
        ]
    );
    let codes: Vec<&str> = audited.notes.iter().map(|note| note.code.as_str()).collect();
    for code in ["margins-differ", "rate-not-published", "published-rates"] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    assert!(!codes.contains(&"group-missing"), "{codes:?}");
    // Nobody knows of the group without a rate whether it is treated alike: it is no pass.
    assert_eq!(audited.verdict, Verdict::Inconclusive);
    policy.roles.intersections = vec![vec!["sex".to_owned(), "race".to_owned()]];
    let problems = audit(&tally, &policy).unwrap_err();
    assert!(problems[0].message.contains("one attribute at a time"), "{problems:?}");
    policy.roles.intersections.clear();
    policy.roles.protected = vec!["race".to_owned()];
    assert_eq!(audit(&tally, &policy).unwrap().rates.len(), 3);
}
