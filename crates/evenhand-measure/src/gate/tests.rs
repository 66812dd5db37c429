use super::*;
use crate::audit::change::{RegressionRule, changes};
use crate::policy::parse;
use crate::tally::{Axis, Coding, Counts as Rows, Cube, Dimension, Level as Value, Tally};

/// Groups of so many selected and so many rows.
fn tally(groups: &[(&str, u64, u64)]) -> Tally {
    let mut race = Dimension::new(Axis::Protected, "race", Coding::AsWritten);
    race.levels = groups.iter().map(|(name, _, _)| Value::of(name)).collect();
    let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
    hired.levels = vec![Value::of("yes"), Value::of("no")];
    let cells = groups.iter().enumerate().flat_map(|(index, &(_, selected, rows))| {
        [
            (vec![index as u32, 0], Rows::of(selected)),
            (vec![index as u32, 1], Rows::of(rows - selected)),
        ]
    });
    let cube = Cube::new(vec![race, hired], cells.collect::<Vec<_>>()).unwrap();
    Tally::new(cube, groups.iter().map(|(_, _, rows)| rows).sum())
}

const FAIR: [(&str, u64, u64); 2] = [("Black", 1500, 3000), ("White", 1500, 3000)];
const UNFAIR: [(&str, u64, u64); 2] = [("Black", 1000, 3000), ("White", 1500, 3000)];
const WORSE: [(&str, u64, u64); 2] = [("Black", 1320, 3000), ("White", 1500, 3000)];
const FEW: [(&str, u64, u64); 2] = [("Black", 10, 20), ("White", 12, 20)];

const CHECK: &str = "[[check]]\ncriterion = \"disparate-impact\"\n";
const WAIVER: &str =
    "[[waiver]]\ncheck = \"four-fifths\"\ngroup = { race = \"Black\" }\nreason = \"known\"\nowner = \"Ann\"\n";

fn policy(text: &str) -> Policy {
    parse("evenhand.toml", text).unwrap()
}

fn answer(text: &str, before: Option<&[(&str, u64, u64)]>, now: &[(&str, u64, u64)], today: &str) -> Gate {
    let policy = policy(text);
    let now = tally(now);
    let audit = crate::audit(&now, &policy).unwrap();
    let rule = RegressionRule {
        tolerance: policy.baseline.tolerance,
        alpha: policy.baseline.alpha,
    };
    let changes = before.map(|before| changes(&tally(before), &now, &policy, &rule).unwrap());
    gate(audit, changes, &policy, today.parse().ok())
}

/// Policy, baseline, data, day, and what the gate has to answer.
type Case<'a> = (
    String,
    Option<&'a [(&'a str, u64, u64)]>,
    &'a [(&'a str, u64, u64)],
    &'a str,
    Verdict,
);

#[test]
fn every_combination_has_its_answer() {
    let waived = |more: &str| format!("{CHECK}{WAIVER}expires = \"2026-12-31\"\n{more}");
    let open = |word: &str| format!("{CHECK}on-inconclusive = \"{word}\"\n");
    let cases: Vec<Case<'_>> = vec![
        (CHECK.to_owned(), None, &FAIR, "", Verdict::Pass),
        (CHECK.to_owned(), None, &UNFAIR, "", Verdict::Fail),
        (CHECK.to_owned(), None, &FEW, "", Verdict::Inconclusive),
        (open("pass"), None, &FEW, "", Verdict::Pass),
        (open("fail"), None, &FEW, "", Verdict::Fail),
        (open("pass"), None, &UNFAIR, "", Verdict::Fail),
        (
            format!("{CHECK}level = \"warn\"\n"),
            None,
            &UNFAIR,
            "",
            Verdict::NotJudged,
        ),
        (waived(""), None, &UNFAIR, "2026-12-31", Verdict::Pass),
        (waived(""), None, &UNFAIR, "2027-01-01", Verdict::Fail),
        // Nobody said which day it is.
        (waived(""), None, &UNFAIR, "", Verdict::Fail),
        (waived("ceiling = 0.6\n"), None, &UNFAIR, "2026-12-31", Verdict::Pass),
        (waived("ceiling = 0.7\n"), None, &UNFAIR, "2026-12-31", Verdict::Fail),
        (
            waived("").replace("Black", "White"),
            None,
            &UNFAIR,
            "2026-12-31",
            Verdict::Fail,
        ),
        (CHECK.to_owned(), Some(&FAIR), &FAIR, "", Verdict::Pass),
        (CHECK.to_owned(), Some(&FAIR), &WORSE, "", Verdict::Fail),
        (CHECK.to_owned(), Some(&WORSE), &FAIR, "", Verdict::Pass),
        (
            format!("{CHECK}[baseline]\nlevel = \"warn\"\n"),
            Some(&FAIR),
            &WORSE,
            "",
            Verdict::Pass,
        ),
        (
            format!("{CHECK}[baseline]\ntolerance = 0.3\n"),
            Some(&FAIR),
            &WORSE,
            "",
            Verdict::Pass,
        ),
        // Without a ceiling nobody has accepted that it grows.
        (waived(""), Some(&FAIR), &WORSE, "2026-12-31", Verdict::Fail),
        (
            waived("ceiling = 0.8\n"),
            Some(&FAIR),
            &WORSE,
            "2026-12-31",
            Verdict::Pass,
        ),
        (
            CHECK.to_owned(),
            Some(&[("Black", 1500, 3000), ("Asian", 1500, 3000), ("White", 1500, 3000)]),
            &FAIR,
            "",
            Verdict::Inconclusive,
        ),
        (
            format!("{CHECK}[baseline]\nvanished = \"pass\"\n"),
            Some(&[("Black", 1500, 3000), ("Asian", 1500, 3000), ("White", 1500, 3000)]),
            &FAIR,
            "",
            Verdict::Pass,
        ),
        (
            format!("{CHECK}[baseline]\nvanished = \"fail\"\n"),
            Some(&[("Black", 1500, 3000), ("Asian", 1500, 3000), ("White", 1500, 3000)]),
            &FAIR,
            "",
            Verdict::Fail,
        ),
        (
            CHECK.to_owned(),
            Some(&FAIR),
            &[("Black", 1500, 3000), ("Asian", 1500, 3000), ("White", 1500, 3000)],
            "",
            Verdict::Pass,
        ),
    ];
    for (text, before, now, today, wanted) in cases {
        let answer = answer(&text, before, now, today);
        assert_eq!(answer.verdict, wanted, "{text}\n{before:?} {now:?} {today}");
    }
}

#[test]
fn what_became_of_a_waiver_is_said() {
    let text = |more: &str| format!("{CHECK}{WAIVER}expires = 2026-12-31\n{more}");
    let state = |more: &str, now: &[(&str, u64, u64)], today: &str| {
        let answer = answer(&text(more), None, now, today);
        (answer.waivers[0].state, answer.waivers[0].covers)
    };
    assert_eq!(state("", &UNFAIR, "2026-06-01"), (State::Used, 1));
    assert_eq!(state("", &FAIR, "2026-06-01"), (State::Unused, 0));
    assert_eq!(state("", &UNFAIR, "2027-06-01"), (State::Expired, 0));
    assert_eq!(state("ceiling = 0.7", &UNFAIR, "2026-06-01"), (State::Exceeded, 0));
    let answer = answer(&text(""), None, &UNFAIR, "2026-06-01");
    assert_eq!(
        (answer.as_of.as_deref(), answer.waivers[0].line),
        (Some("2026-06-01"), 4)
    );
}

#[test]
fn a_waiver_without_an_end_is_refused() {
    let problems = parse("evenhand.toml", &format!("{CHECK}{WAIVER}")).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("expires") && problems[0].help.contains("2027-01-31"));
    let problems = parse("evenhand.toml", "[[waiver]]\nexpires = \"soon\"\n").unwrap_err();
    assert!(problems.len() >= 5, "{problems:?}");
}

#[test]
fn a_gate_without_waivers_knows_no_day() {
    assert_eq!(answer(CHECK, None, &FAIR, "2026-06-01").as_of, None);
}
