//! The history against worked numbers, hand-made lines, forged chains and seeded simulation.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

use super::*;
use crate::audit::model::Group;
use crate::policy::Level;

const A: [f64; 8] = [60.0, 58.0, 62.0, 61.0, 60.0, 59.0, 61.0, 60.0];
const B: [f64; 8] = [57.0, 56.0, 59.0, 58.0, 48.0, 46.0, 45.0, 44.0];

fn group(value: &str) -> Group {
    Group::from([("sex".to_owned(), Some(value.to_owned()))])
}

fn pair(group_name: &str, reference: &str, counts: [(f64, f64); 2]) -> Pair {
    let [a, b] = counts.map(|(numerator, denominator)| Side { numerator, denominator });
    Pair {
        criterion: "disparate-impact".to_owned(),
        rate: "selection-rate".to_owned(),
        event: None,
        complement: false,
        comparison: "ratio".to_owned(),
        by: vec!["sex".to_owned()],
        group: group(group_name),
        reference: Some(group(reference)),
        within: Group::new(),
        pooled_over: Vec::new(),
        counts: Some([a, b]),
        point: Some(a.rate() / b.rate()),
        lower: None,
        upper: None,
        at_least: Some(0.8),
        at_most: Some(1.25),
        outcome: "pass".to_owned(),
        level: Level::Error,
    }
}

fn line(number: usize, comparisons: Vec<Pair>) -> Line {
    Line {
        version: VERSION,
        label: Some(format!("c{number}")),
        as_of: None,
        tally_hash: format!("{number:064x}"),
        policy_hash: String::new(),
        verdict: "pass".to_owned(),
        unused: None,
        restart: false,
        independent: true,
        complete: true,
        groups: Vec::new(),
        comparisons,
        previous: String::new(),
    }
}

/// A history of these lines, written and read back.
fn history(lines: Vec<Line>) -> History {
    lines.into_iter().fold(History::default(), |history, line| {
        let line = history.continued(line, &Given::default()).to_json().unwrap();
        History::read(history.with(&line).as_bytes()).unwrap()
    })
}

fn m1() -> History {
    let lines = A.iter().zip(B).enumerate();
    history(
        lines
            .map(|(at, (&a, b))| line(at, vec![pair("A", "B", [(a, 100.0), (b, 100.0)])]))
            .collect(),
    )
}

fn close(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} instead of {expected}");
}

#[test]
fn the_worked_example_of_a_gap_over_eight_periods() {
    let course = course(&m1(), 0.05);
    let trend = course.comparisons[0].trend.clone().unwrap();
    // Half a unit of the last printed digit.
    close(trend.pooled, 0.084_789_449, 5e-10);
    close(trend.q, 5.726_017_918, 5e-10);
    close(trend.q_p, 0.572_080_019, 5e-10);
    close(trend.slope, 0.023_816_231, 5e-10);
    close(trend.slope_error, 0.010_758_334, 5e-10);
    close(trend.z, 2.213_747, 5e-7);
    close(trend.p, 0.027, 5e-4);
    let monitor = trend.monitor.unwrap();
    close(monitor.target, 0.0275, 1e-12);
    let sums = [0.0, 0.0, 0.0, 0.0, 0.8220, 1.7858, 3.1876, 4.5875];
    // In ten-thousandths: one of them would be taken for a fraction of pi.
    let averages = [72.0, -157.0, -53.0, 30.0, 2668.0, 5062.0, 7853.0, 10_082.0];
    let limits = [0.6, 0.7684, 0.8590, 0.9123, 0.9448, 0.9650, 0.9778, 0.9858];
    for at in 0..8 {
        close(monitor.above[at], sums[at], 5e-5);
        close(monitor.average[at], averages[at] / 1e4, 5e-5);
        close(monitor.limits[at], limits[at], 5e-5);
    }
    assert_eq!((monitor.cusum_at, monitor.average_at), (Some(7), Some(7)));
    assert_eq!(course.comparisons[0].points.len(), 8);
}

#[test]
fn a_gap_that_shrinks_is_charted_as_well_and_too_few_runs_have_no_trend() {
    let gaps: Vec<(f64, f64)> = (0..9).map(|at| (if at < 4 { 0.2 } else { 0.0 }, 0.05)).collect();
    let monitor = trend(&gaps).unwrap().monitor.unwrap();
    assert!(monitor.cusum_at.is_some() && monitor.average_at.is_some());
    assert!(monitor.above.iter().all(|&sum| sum == 0.0));
    assert!(trend(&gaps[..2]).is_none());
    assert!(trend(&gaps[..3]).unwrap().monitor.is_none());
    assert!(trend(&[(0.1, 0.0), (0.1, 0.1), (0.1, 0.1)]).is_none());
}

#[test]
fn a_chain_that_was_touched_is_refused_at_its_line() {
    let history = m1();
    let text = history
        .lines()
        .iter()
        .fold(String::new(), |text, line| text + &line.to_json().unwrap() + "\n");
    assert_eq!(History::read(text.as_bytes()).unwrap(), history);
    assert_eq!(
        History::read(text.replace('\n', "\r\n").as_bytes()).unwrap().lines(),
        history.lines()
    );
    let refused = |text: String, says: &str| {
        let problem = History::read(text.as_bytes()).unwrap_err();
        assert!(problem.message.contains(says), "{}", problem.message);
    };
    refused(text.replacen("58.0", "59.0", 1), "line 3 of 8 does not follow");
    let lines: Vec<&str> = text.lines().collect();
    refused(lines[1..].join("\n"), "line 1 is not the beginning");
    refused(
        [&lines[..3], &lines[4..]].concat().join("\n"),
        "line 4 of 7 does not follow",
    );
    refused([lines[1], lines[0]].join("\n"), "line 1");
    refused(
        text.replacen("\"version\":1", "\"version\":2", 1),
        "line 1 has version 2",
    );
    refused(text.replacen("\"version\":1", "\"version\":\"1\"", 1), "no line of one");
    refused(
        text.replacen("\"denominator\":100.0", "\"denominator\":0.0", 1),
        "line 1",
    );
    refused(format!("<<<<<<< HEAD\n{text}"), "merge");
    refused("sex,hired\nM,yes\n".to_owned(), "not a history");
    refused("[".repeat(100_000), "not a history");
    refused("{\"version\":1}".to_owned(), "not a history");
    assert!(History::read(b"\xff\xfe").is_err());
    assert!(History::read(b"").unwrap().lines().is_empty());
    // The last line cut short.
    refused(text[..text.len() - 9].to_owned(), "line 8");
}

#[test]
fn what_was_counted_before_adds_no_evidence() {
    let counts = [(10.0, 100.0), (60.0, 100.0)];
    let first = line(1, vec![pair("A", "B", counts)]);
    let once = history(vec![first.clone()]);
    let again = history(vec![first.clone(), first.clone(), first.clone()]);
    assert_eq!(again.lines()[2].unused.as_deref(), Some("same-tally"));
    let (once, again) = (course(&once, 1e-30), course(&again, 1e-30));
    assert_eq!(once.evidence.log_e, again.evidence.log_e);
    assert_eq!((again.evidence.runs, again.runs.len()), (1, 3));
    // As many rows in each group, decided a little otherwise: the same people again.
    let counted = vec![Count {
        by: vec!["sex".to_owned()],
        group: group("A"),
        within: Group::new(),
        rows: 100,
    }];
    let alike = |number, new_rows| {
        let line = Line {
            groups: counted.clone(),
            ..line(number, vec![pair("A", "B", counts)])
        };
        (
            line,
            Given {
                new_rows,
                ..Given::default()
            },
        )
    };
    let start = history(vec![alike(1, false).0]);
    for (new_rows, unused) in [(false, Some("same-rows")), (true, None)] {
        let (line, given) = alike(2, new_rows);
        assert_eq!(start.continued(line, &given).unused.as_deref(), unused);
    }
}

#[test]
fn a_breach_alarms_and_a_restart_forgets_it() {
    let bad = |number| line(number, vec![pair("A", "B", [(200.0, 1000.0), (500.0, 1000.0)])]);
    let good = |number| line(number, vec![pair("A", "B", [(500.0, 1000.0), (500.0, 1000.0)])]);
    let alarmed = course(&history(vec![good(1), good(2), bad(3), good(4)]), 0.05).evidence;
    // An alarm stays: what came later does not undo what was shown.
    assert_eq!((alarmed.gate, alarmed.alarmed_at), (Gate::Alarm, Some(2)));
    let restarted = Line {
        restart: true,
        ..good(5)
    };
    let after = course(&history(vec![good(1), bad(3), restarted]), 0.05).evidence;
    assert_eq!((after.gate, after.since, after.runs), (Gate::Quiet, 2, 1));
    // Ten rows could not show anything.
    let small = course(
        &history(vec![line(1, vec![pair("A", "B", [(1.0, 3.0), (2.0, 3.0)])])]),
        0.05,
    )
    .evidence;
    assert_eq!(small.gate, Gate::NotEnough);
    assert_eq!(course(&History::default(), 0.05).evidence.gate, Gate::NotEnough);
    // What is only warned about opens and shuts nothing.
    let warned = Line {
        comparisons: vec![Pair {
            level: Level::Warn,
            ..bad(1).comparisons.remove(0)
        }],
        ..bad(1)
    };
    let warned = course(&history(vec![warned]), 0.05);
    assert_eq!(warned.evidence.gate, Gate::NotEnough);
    assert!(warned.comparisons[0].p.unwrap() < 1e-6);
    // Where only bad comparisons are listed, betting on them would be unfair.
    let partial = Line {
        complete: false,
        ..bad(1)
    };
    assert_eq!(course(&history(vec![partial]), 0.05).evidence.runs, 0);
}

#[test]
fn the_purse_is_the_mean_and_gains_nothing_when_comparisons_come() {
    let quiet = pair("A", "B", [(50.0, 100.0), (50.0, 100.0)]);
    let loud = pair("C", "B", [(5.0, 100.0), (50.0, 100.0)]);
    let alone = |pair: &Pair| {
        course(&history(vec![line(1, vec![pair.clone()])]), 0.05)
            .evidence
            .log_e
            .exp()
    };
    let both = course(&history(vec![line(1, vec![quiet.clone(), loud.clone()])]), 0.05).evidence;
    // 1e-9: a few logarithms of large numbers.
    close(both.log_e.exp() / f64::midpoint(alone(&quiet), alone(&loud)), 1.0, 1e-9);
    assert_eq!(both.comparisons, 2);
    // The late one gets its part of what there is.
    let late = course(
        &history(vec![
            line(1, vec![quiet.clone()]),
            line(2, vec![quiet.clone(), loud.clone()]),
        ]),
        0.05,
    );
    let first = alone(&quiet);
    let twice = course(
        &history(vec![line(1, vec![quiet.clone()]), line(2, vec![quiet.clone()])]),
        0.05,
    );
    let expected = f64::midpoint(twice.evidence.log_e.exp(), first * alone(&loud));
    close(late.evidence.log_e.exp() / expected, 1.0, 1e-9);
}

#[test]
fn weighted_rows_are_bet_on_by_their_means() {
    let weighted = |number| Line {
        independent: false,
        ..line(number, vec![pair("A", "B", [(100.5, 1000.25), (900.5, 1000.25)])])
    };
    let runs = |count: usize| course(&history((0..count).map(weighted).collect()), 0.05).evidence;
    // A step pays at most a half more: rows that may all be alike show little.
    assert_eq!(runs(5).gate, Gate::NotEnough);
    assert_eq!(runs(40).gate, Gate::Alarm);
    assert!(
        course(&history((0..6).map(weighted).collect()), 0.05).comparisons[0]
            .trend
            .is_none()
    );
}

#[test]
fn a_change_of_the_mix_is_told_from_a_change_of_rates() {
    let run = |number, a, b| line(number, vec![pair("A", "B", [a, b])]);
    // The same rates, other shares: all of the change is mix.
    let mixed = course(
        &history(vec![
            run(1, (20.0, 100.0), (450.0, 900.0)),
            run(2, (100.0, 500.0), (250.0, 500.0)),
        ]),
        0.05,
    );
    let drift = &mixed.drifts[0];
    close(drift.moved, 0.4, 1e-12);
    close(drift.before, 0.47, 1e-12);
    close(drift.now, 0.35, 1e-12);
    close(drift.rates.point, 0.0, 1e-12);
    close(drift.mix.point, -0.12, 1e-12);
    // A gap within strata that stays, while the spread over them changes.
    let within = |department: &str, a, b| Pair {
        within: Group::from([("dept".to_owned(), Some(department.to_owned()))]),
        ..pair("A", "B", [a, b])
    };
    let strata = course(
        &history(vec![
            line(
                1,
                vec![
                    within("x", (40.0, 50.0), (40.0, 50.0)),
                    within("y", (10.0, 50.0), (10.0, 50.0)),
                ],
            ),
            line(
                2,
                vec![
                    within("x", (8.0, 10.0), (72.0, 90.0)),
                    within("y", (18.0, 90.0), (2.0, 10.0)),
                ],
            ),
        ]),
        0.05,
    );
    let shift = &strata.shifts[0];
    for (got, expected) in shift
        .before
        .iter()
        .chain(&shift.now)
        .zip([0.0, 0.0, 0.0, -0.48, 0.0, -0.48])
    {
        close(*got, expected, 1e-12);
    }
}

/// How many of the histories of a hundred runs, of three groups with these rates, ever alarm.
fn alarms(histories: u64, rows: u64, rates: [f64; 3]) -> u64 {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut alarms = 0;
    for _ in 0..histories {
        let mut book = super::evidence::Book::new(0.05);
        for at in 0..100 {
            let drawn = rates.map(|rate| Binomial::new(rows, rate).unwrap().sample(&mut rng) as f64);
            let of = |a: usize, b: usize| [(drawn[a], rows as f64), (drawn[b], rows as f64)];
            let pairs = vec![
                pair("A", "B", of(0, 1)),
                pair("A", "C", of(0, 2)),
                pair("B", "C", of(1, 2)),
            ];
            book.take(at, &line(at, pairs));
        }
        alarms += u64::from(book.evidence().gate == Gate::Alarm);
    }
    alarms
}

#[test]
fn a_hundred_looks_at_the_bound_alarm_no_more_often_than_one() {
    // 5 % of 200 and three standard deviations.
    let at_bound = alarms(200, 500, [0.4, 0.5, 0.5]);
    assert!(at_bound <= 10 + 9, "{at_bound} of 200");
    assert_eq!(alarms(40, 500, [0.3, 0.5, 0.5]), 40);
}
