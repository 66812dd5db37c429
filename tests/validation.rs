//! The validation study on a small grid: the limits of `docs/validation.md` hold whenever the tests run. The page
//! itself is written by `validation/run.sh`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../validation/study/mod.rs"]
#[allow(dead_code, reason = "the page needs more of it than these tests")]
mod study;

use evenhand::measure::audit;
use evenhand::measure::inference::{Comparison, Side, z_for};
use evenhand::{Judge, Level, Outcome, Verdict};

use study::binomial::Binomial;
use study::coverage::{one_rate, two_rates};
use study::flapping::{Process, Said, answer};
use study::guard::{is_small, small_tables};
use study::question::{ALPHA, PERCENTS, QUESTIONS, sample};
use study::simulation::{Scenario, check, deciding, four_fifths, policy, tally};
use study::simultaneous::{Groups, cover};
use study::size::{Cell, cells, pairs};
use study::staircase::Rejected;

/// Group sizes of the small grid.
const SIZES: [usize; 3] = [20, 50, 200];

#[test]
fn rejected_tables_are_a_staircase() {
    for (group, reference) in [(7, 12), (12, 7), (9, 9), (1, 30), (30, 1)] {
        for question in &QUESTIONS {
            for side in [Side::Below, Side::Above] {
                let rejected = Rejected::of(question, (group, reference), side, ALPHA);
                for x in 0..=group {
                    for y in 0..=reference {
                        let p = question.ask(sample(x, group), sample(y, reference)).on(side);
                        assert_eq!(
                            rejected.beside(x).contains(&y),
                            p < ALPHA,
                            "{x}/{group} against {y}/{reference}, {} {side:?}",
                            question.name
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn both_questions_answered_is_what_enumeration_says() {
    let (group, reference) = (60, 45);
    let (a, b) = (Binomial::new(group, 0.9), Binomial::new(reference, 0.9));
    for question in &QUESTIONS[..4] {
        let other = question.other_bound().unwrap();
        let comply = |of: &study::question::Question, x: usize, y: usize| {
            of.ask(sample(x, group), sample(y, reference)).on(of.breach.opposite()) < ALPHA
        };
        let mut expected = 0.0;
        for x in 0..=group {
            for y in (0..=reference).filter(|&y| comply(question, x, y) && comply(other, x, y)) {
                expected += a.at(x) * b.at(y);
            }
        }
        let rejected =
            |of: &study::question::Question| Rejected::of(of, (group, reference), of.breach.opposite(), ALPHA);
        let got = rejected(question).probability_of_both(&rejected(other), &a, &b);
        assert!(
            expected > 0.001 && (got - expected).abs() < 1e-12,
            "{}: {got} {expected}",
            question.name
        );
    }
    assert!(QUESTIONS[4].other_bound().is_none(), "equality is no bound");
}

#[test]
fn distributions_add_up() {
    for (trials, rate) in [(20, 0.05), (50, 0.4), (1000, 0.5), (7, 0.0), (7, 1.0)] {
        let distribution = Binomial::new(trials, rate);
        let mean: f64 = (0..=trials).map(|x| x as f64 * distribution.at(x)).sum();
        // 1e-9: a thousand products, each good to 1e-13.
        assert!((mean - trials as f64 * rate).abs() < 1e-9, "{trials} {rate}: {mean}");
        for x in 0..=trials + 1 {
            assert!((distribution.below(x) + distribution.from(x) - 1.0).abs() < 1e-12);
        }
        assert_eq!(distribution.draw(0.0), if rate == 1.0 { 7 } else { 0 });
    }
    // scipy 1.17: binom.cdf(1, 10, 0.3) = 0.1493083459, so these two numbers stand for 1 and 2.
    let distribution = Binomial::new(10, 0.3);
    assert_eq!((distribution.draw(0.149_308_3), distribution.draw(0.149_308_4)), (1, 2));
}

#[test]
fn a_question_is_wrong_on_its_bound_as_rarely_as_it_says() {
    let place = |cell: &Cell| {
        let (name, group, reference) = (cell.question().name, cell.group, cell.reference);
        format!("{name}, {group} against {reference}, {} %", cell.percent)
    };
    let cells = cells(&pairs(&SIZES), &PERCENTS);
    for cell in &cells {
        let place = || place(cell);
        let one = cell.one_sided;
        let limit = if cell.small() { 0.05 } else { 0.035 };
        let guarded = if cell.small() { 0.03 } else { 0.035 };
        assert!(one.breach <= limit, "breach {} at {}", one.breach, place());
        // Where counts are small compliance alone may be wrong more often, and no pass rests on it.
        assert!(
            cell.small() || one.comply <= limit,
            "compliance {} at {}",
            one.comply,
            place()
        );
        assert!(one.fail <= guarded, "fail {} at {}", one.fail, place());
        assert!(one.pass <= guarded, "pass {} at {}", one.pass, place());
        let Some(two) = cell.two_sided else { continue };
        assert!(two.breach.max(two.comply) <= limit, "two bounds at {}", place());
        assert!(two.fail.max(two.pass) <= guarded, "two guarded bounds at {}", place());
        assert!(two.comply <= one.comply + 1e-12, "a pass needs both questions answered");
        for sizes in [one, two] {
            // The exact test can only take fails and passes away.
            assert!(sizes.fail <= sizes.breach && sizes.pass <= sizes.comply);
        }
    }
    assert!(cells.iter().any(Cell::small) && !cells.iter().all(Cell::small));
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    let wilson = one_rate(&SIZES, &PERCENTS).iter().map(|cell| cell.coverage).collect();
    assert!(mean(wilson) >= 0.945);
    for comparison in [Comparison::Difference, Comparison::Ratio] {
        let cells = two_rates(comparison, &pairs(&SIZES), &PERCENTS);
        let coverage = mean(cells.iter().map(|cell| cell.coverage).collect());
        assert!(coverage >= 0.945, "{comparison:?}: {coverage}");
    }
}

#[test]
fn coverage_by_tests_is_coverage_by_intervals() {
    let (group, reference) = (14, 20);
    for comparison in [Comparison::Difference, Comparison::Ratio] {
        for cell in two_rates(comparison, &[(group, reference)], &[10, 30, 50]) {
            let (p, q) = cell.percents;
            let truth = match comparison {
                Comparison::Ratio => p as f64 / q as f64,
                Comparison::Difference => (p as f64 - q as f64) / 100.0,
            };
            let (a, b) = (
                Binomial::new(group, p as f64 / 100.0),
                Binomial::new(reference, q as f64 / 100.0),
            );
            let mut held = 0.0;
            for x in 0..=group {
                for y in 0..=reference {
                    let interval =
                        comparison.interval(sample(x, group), sample(y, reference), z_for(0.95), Default::default());
                    held += if interval.contains(truth) {
                        a.at(x) * b.at(y)
                    } else {
                        0.0
                    };
                }
            }
            assert!(
                (held - cell.coverage).abs() < 1e-9,
                "{comparison:?} {p} {q}: {held} {}",
                cell.coverage
            );
        }
    }
}

fn scenario(stream: u32, rows: u64, rates: &[f64]) -> Scenario {
    Scenario {
        id: String::new(),
        stream,
        rows,
        rates: rates.to_vec(),
    }
}

#[test]
fn small_tables_are_the_ends_of_each_row() {
    for sizes in [(20, 60), (60, 20), (7, 7)] {
        for question in &QUESTIONS {
            let mut all = Vec::new();
            for x in 0..=sizes.0 {
                all.extend(
                    (0..=sizes.1)
                        .map(|y| (x, y))
                        .filter(|table| is_small(question, sizes, *table)),
                );
            }
            assert_eq!(small_tables(question, sizes), all, "{sizes:?} {}", question.name);
        }
    }
}

/// The study's rule for two bounds is the rule of audits: every likely table is audited.
#[test]
fn the_rule_is_that_of_audits() {
    let (group, reference) = (50, 400);
    for (criterion, index, percent) in [("statistical-parity", 2, 11), ("disparate-impact", 0, 9)] {
        let cells = cells(&[(group, reference)], &[percent]);
        let cell = cells.iter().find(|cell| cell.question == index).unwrap();
        let sizes = cell.two_sided.unwrap();
        let question = &QUESTIONS[index];
        let rate = percent as f64 / 100.0;
        let truth = (
            Binomial::new(group, question.rate_on_bound(rate).unwrap()),
            Binomial::new(reference, rate),
        );
        let mut policy = policy();
        policy.inference.reference.insert("group".to_owned(), "1".to_owned());
        policy.checks.push(check(criterion, Level::Error).unwrap());
        let (mut fail, mut pass, mut consent) = (0.0, 0.0, false);
        for x in 0..=group {
            for y in 0..=reference {
                let weight = truth.0.at(x) * truth.1.at(y);
                if weight < 1e-7 {
                    continue;
                }
                let audit = audit(
                    &tally(&[group as u64, reference as u64], &[x as u64, y as u64]).unwrap(),
                    &policy,
                )
                .unwrap();
                let outcome = audit.findings[0].outcome;
                fail += if outcome == Outcome::Fail { weight } else { 0.0 };
                pass += if outcome == Outcome::Pass { weight } else { 0.0 };
                consent |= audit.findings[0]
                    .p_breach_exact
                    .or(audit.findings[0].p_comply_exact)
                    .is_some();
            }
        }
        // 2e-5: the tables left out add up to less.
        assert!((fail - sizes.fail).abs() < 2e-5, "fail {fail} {}", sizes.fail);
        assert!((pass - sizes.pass).abs() < 2e-5, "pass {pass} {}", sizes.pass);
        assert!(consent, "the exact test was asked");
        if index == 2 {
            assert!(sizes.pass < sizes.comply - 1e-4, "and refused a pass");
        } else {
            assert!(sizes.fail > 0.001);
        }
    }
}

#[test]
fn intervals_hold_together() {
    for (stream, people, rates) in [
        (10, [50, 275, 500], [0.1, 0.3, 0.5]),
        (11, [100, 100, 100], [0.3, 0.3, 0.3]),
    ] {
        let groups = Groups {
            stream,
            people: people.to_vec(),
            rates: rates.to_vec(),
        };
        for held in cover(&groups, 300, 199).unwrap() {
            assert_eq!(held.sets, 300);
            // 0.945 less three standard errors of 300 runs.
            let least = 300.0 * (0.945 - 3.0 * (0.945 * 0.055 / 300.0f64).sqrt());
            assert!(held.together as f64 >= least, "{} of 300: {people:?}", held.together);
            assert!(held.worst as f64 >= least, "{} of 300: {people:?}", held.worst);
            assert!(held.single < held.together, "single intervals do not hold together");
        }
    }
}

#[test]
fn fair_runs_rarely_fail() {
    // 0.025 and three standard errors of 500 runs.
    let most = 500.0 * (0.025 + 3.0 * (0.025 * 0.975 / 500.0f64).sqrt());
    for (stream, rows, rates) in [
        (1, 50, &[0.05; 2][..]),
        (2, 200, &[0.2; 5]),
        (3, 200, &[0.4, 0.5]),
        (4, 1000, &[0.4, 0.4, 0.5, 0.5, 0.5]),
    ] {
        let runs = scenario(stream, rows, rates).simulate(500).unwrap();
        assert_eq!(runs.fail, runs.false_fail, "nothing here is beyond its bound");
        assert!(
            runs.false_fail as f64 <= most,
            "{} of 500: {rows} {rates:?}",
            runs.false_fail
        );
        assert_eq!(runs.fail + runs.inconclusive + runs.pass, runs.sets);
    }
}

#[test]
fn the_checks_left_out_decide_nothing() {
    let scenario = scenario(9, 60, &[0.4, 0.4, 0.6, 0.9]);
    let counts = scenario.simulate(30).unwrap();
    let mut verdicts = [0; 3];
    for set in 0..30 {
        let audit = audit(&tally(&[60; 4], &scenario.draw(set)).unwrap(), &policy()).unwrap();
        verdicts[match audit.verdict {
            Verdict::Fail => 0,
            Verdict::Pass => 1,
            _ => 2,
        }] += 1;
    }
    assert_eq!(verdicts, [counts.fail, counts.pass, counts.inconclusive]);
    assert!(counts.fail > 0);
}

#[test]
fn it_decides_when_the_truth_is_plain() {
    let unequal = scenario(5, 500, &[0.3, 0.5]).simulate(300).unwrap();
    assert!(unequal.fail >= 270, "{} of 300", unequal.fail);
    assert_eq!(unequal.false_fail, 0);
    let mut one_of_ten = [0.5; 10];
    one_of_ten[0] = 0.3;
    let hidden = scenario(6, 1000, &one_of_ten).simulate(100).unwrap();
    assert!(hidden.fail >= 99, "{} of 100", hidden.fail);
    let equal = scenario(7, 1000, &[0.5; 5]).simulate(200).unwrap();
    assert!(equal.pass >= 190, "{} of 200", equal.pass);
}

#[test]
fn data_sets_do_not_depend_on_their_number() {
    let scenario = scenario(8, 200, &[0.2; 3]);
    let first = scenario.draw(0);
    assert_eq!(first, scenario.draw(0));
    assert_ne!(first, scenario.draw(1));
}

/// Every group has the first rate but the last, which has the second.
fn process(stream: u32, groups: usize, people: u64, rate: f64, ratios: (f64, f64)) -> Process {
    let rates = |ratio: f64| {
        let mut rates = vec![rate; groups];
        rates[groups - 1] = rate * ratio;
        rates
    };
    Process {
        stream,
        people,
        before: rates(ratios.0),
        since: rates(ratios.1),
        checks: 1,
    }
}

#[test]
fn an_unchanged_process_rarely_fails_the_gate() {
    // 0.05 and three standard errors of 400 runs.
    let most = 0.05 + 3.0 * (0.05 * 0.95 / 400.0f64).sqrt();
    for (stream, groups, people, rate, ratio) in [
        (30, 2, 30, 0.05, 0.8),
        (31, 2, 100, 0.3, 1.0),
        (32, 2, 500, 0.5, 0.8),
        (33, 2, 5_000, 0.3, 0.9),
        (34, 2, 50_000, 0.5, 0.8),
        (35, 5, 500, 0.3, 0.8),
    ] {
        let told = process(stream, groups, people, rate, (ratio, ratio))
            .simulate(400)
            .unwrap();
        let place = format!("{groups} groups of {people}, rate {rate}, ratio {ratio}");
        let (share, open) = (told.share(Said::Fail), told.share(Said::Open));
        assert!(share <= most, "{share} at {place}");
        assert!(
            told.share(Said::Subtraction) > share,
            "a subtraction fails more often: {place}"
        );
        assert!(told.share(Said::Bound).max(told.share(Said::Change)) <= share);
        assert!((share + open + told.share(Said::Pass) - 1.0).abs() < 1e-9, "{place}");
        if people == 30 {
            assert!(open > 0.9, "thirty people show nothing: {open}");
        }
    }
}

#[test]
fn a_true_drop_is_caught() {
    for (stream, rate) in [(40, 0.3), (41, 0.5)] {
        let told = process(stream, 2, 5_000, rate, (0.95, 0.8)).simulate(400).unwrap();
        assert!(
            told.share(Said::Change) >= 0.95,
            "{} at {rate}",
            told.share(Said::Change)
        );
        assert!(told.share(Said::Fail) >= told.share(Said::Change));
    }
}

/// A gate says what it could have shown with 80 % power; a drop of that size is shown about as often.
#[test]
fn what_could_have_been_shown_is_shown_in_four_of_five() {
    let even = process(42, 2, 5_000, 0.3, (0.95, 0.95)).simulate(50).unwrap();
    let detectable = even.detectable().unwrap();
    let told = process(43, 2, 5_000, 0.3, (0.95, 0.95 - detectable))
        .simulate(1_000)
        .unwrap();
    let share = told.share(Said::Change);
    // Three standard errors of 1,000 runs are 0.04; as much again for the interval's being wider after the drop.
    assert!((0.72..=0.88).contains(&share), "{share} at a drop of {detectable}");
}

#[test]
fn one_baseline_for_many_checks() {
    let once = process(44, 2, 500, 0.3, (0.9, 0.9));
    let often = Process {
        checks: 20,
        ..process(44, 2, 500, 0.3, (0.9, 0.9))
    };
    // The same stream: the baseline and the first check are the same.
    let drawn = [&once, &often].map(|process| process.draw(&process.distributions(), 3));
    assert_eq!(drawn[0][..], drawn[1][..2]);
    assert_eq!((drawn[0].len(), drawn[1].len()), (2, 21));
    let told = often.simulate(60).unwrap();
    assert_eq!((told.baselines, told.checks), (60, 1_200));
    for said in Said::ALL {
        let (ever, each) = (told.ever(said), told.each(said));
        assert!(
            ever <= 60 && ever <= each && each <= 20 * ever,
            "{said:?}: {ever} {each}"
        );
    }
    // A baseline that happened to look worse than all that follows: one in 21, and some more for the tolerance.
    let ever = told.ever(Said::Subtraction);
    assert!(ever >= 48, "a subtraction finds a drop in nearly every history: {ever}");
    assert!(told.ever(Said::Fail) < ever / 2);
}

/// The study leaves the warnings out, and compares in whole numbers what `judge = "point"` compares.
#[test]
fn a_simulated_gate_answers_as_the_default_policy() {
    let mut point = deciding().unwrap();
    point.checks[0].judge = Some(Judge::Point);
    let mut seen = Vec::new();
    for (stream, people, ratio) in [(45, 60, 0.8), (46, 2_000, 0.7), (47, 2_000, 1.0)] {
        let process = process(stream, 3, people, 0.4, (1.0, ratio));
        for history in 0..12 {
            let drawn = process.draw(&process.distributions(), history);
            let tallies: Vec<_> = drawn
                .iter()
                .map(|selected| tally(&[people; 3], selected).unwrap())
                .collect();
            let short = answer(&tallies[0], &tallies[1], &deciding().unwrap()).unwrap().verdict;
            let whole = answer(&tallies[0], &tallies[1], &policy()).unwrap().verdict;
            assert_eq!(short, whole, "{drawn:?}");
            seen.push(whole);
            let by_point = audit(&tallies[1], &point).unwrap().verdict;
            assert_eq!(by_point == Verdict::Fail, four_fifths(&drawn[1]), "{drawn:?}");
        }
    }
    for verdict in [Verdict::Fail, Verdict::Pass, Verdict::Inconclusive] {
        assert!(seen.contains(&verdict), "{verdict:?} is among them");
    }
}
