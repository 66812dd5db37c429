use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Bernoulli, Binomial, Distribution};

use super::super::change::{Change, ChangeOutcome, Disparity, least_worsening};
use super::super::worst::distance;
use super::*;
use crate::audit::audit;
use crate::catalogue::{MethodOf, default_method};
use crate::inference::{Comparison, Sample, z_above};
use crate::tally::{Coding, Counts, Cube, Dimension, Level as Value};

/// A row: group, label, and the decisions of the other model and of the audited one. 0 is no, 1 is yes, 2 missing.
type Row = [u32; 4];

fn dimension(axis: Axis, column: &str, levels: &[&str]) -> Dimension {
    Dimension {
        levels: levels.iter().map(|text| Value::of(text)).collect(),
        ..Dimension::new(axis, column, Coding::AsWritten)
    }
}

fn tally_of(rows: &[(Row, u64)], has_label: bool) -> Tally {
    let answers = ["no", "yes", ""];
    let mut dimensions = vec![
        dimension(Axis::Protected, "group", &["A", "B", "C"]),
        dimension(Axis::Compared, "old", &answers),
        dimension(Axis::Prediction, "new", &answers),
    ];
    if has_label {
        dimensions.push(dimension(Axis::Label, "repaid", &answers));
    }
    let key = |[group, label, before, now]: Row| {
        let mut key = vec![group, before, now];
        key.extend(has_label.then_some(label));
        key
    };
    let cells: Vec<(Vec<u32>, Counts)> = rows.iter().map(|&(row, n)| (key(row), Counts::of(n))).collect();
    Tally::new(Cube::new(dimensions, cells).unwrap(), rows.iter().map(|(_, n)| n).sum())
}

/// Both yes, only the other, only the audited one, neither; of two groups.
fn pairs(groups: &[[u64; 4]]) -> Tally {
    let rows: Vec<(Row, u64)> = groups
        .iter()
        .enumerate()
        .flat_map(|(group, &[both, before, now, neither])| {
            let group = group as u32;
            [
                ([group, 0, 1, 1], both),
                ([group, 0, 1, 0], before),
                ([group, 0, 0, 1], now),
                ([group, 0, 0, 0], neither),
            ]
        })
        .collect();
    tally_of(&rows, false)
}

fn positive() -> Policy {
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    policy.values.positive_label = Some("yes".to_owned());
    policy.values.adverse = Some(false);
    policy
}

fn found(tally: &Tally) -> Vec<Change> {
    let changes = changes(tally, &positive(), &RegressionRule::default())
        .unwrap()
        .unwrap();
    assert!(changes.paired);
    changes
        .changes
        .into_iter()
        .filter(|change| change.level == Level::Error)
        .collect()
}

#[test]
fn a_tally_with_one_model_has_no_pairs() {
    let tally = pairs(&[[30, 2, 3, 65], [30, 2, 3, 65]]);
    let alone = tally.decisions.margin(&[0, 1]);
    let alone = Tally::new(alone, tally.records);
    assert_eq!(changes(&alone, &positive(), &RegressionRule::default()), Ok(None));
    assert_eq!((alone.version, tally.version), (1, 5));
    assert_eq!(Tally::from_json(&tally.to_json()).unwrap(), tally);
}

#[test]
fn a_planted_worsening_is_found_by_pairs_and_not_without() {
    // B loses 30 of 1,000, and nobody else changes much: far less than two separate audits could tell.
    let tally = pairs(&[[295, 5, 5, 695], [245, 35, 5, 715]]);
    let change = &found(&tally)[0];
    assert_eq!(change.outcome, ChangeOutcome::Worse, "{change:?}");
    assert!(change.correlation.unwrap() > 0.8);
    let before = Tally::new(tally.decisions.margin(&[0, 2]), 2000);
    let as_prediction = |tally: &Tally| {
        let mut dimensions = tally.decisions.dimensions().to_vec();
        dimensions[1].role = Axis::Prediction;
        dimensions[1].column = "new".to_owned();
        let cells = tally
            .decisions
            .cells()
            .map(|(key, counts)| (key.to_vec(), counts.clone()));
        Tally::new(Cube::new(dimensions, cells).unwrap(), tally.records)
    };
    let now = Tally::new(tally.decisions.margin(&[0, 1]), 2000);
    let apart = super::super::change::changes(&as_prediction(&before), &now, &positive(), &RegressionRule::default());
    let apart = &apart.unwrap().changes[0];
    assert_eq!(apart.outcome, ChangeOutcome::NotWorse);
    // Only what the change is tested with differs.
    assert_eq!((apart.before, apart.now), (change.before, change.now));
    assert!(apart.p > change.p && apart.detectable > change.detectable && apart.correlation.is_none());
}

#[test]
fn the_same_model_twice_has_not_worsened() {
    let tally = pairs(&[[300, 0, 0, 700], [200, 0, 0, 800]]);
    let change = &found(&tally)[0];
    assert_eq!((change.outcome, change.worsening), (ChangeOutcome::NotWorse, Some(0.0)));
    assert_eq!(change.p, Some(1.0));
    let paired = audit(&tally, &positive()).unwrap().paired.unwrap();
    assert_eq!((paired.rows, paired.differ), (2000, 0));
    assert!(
        paired
            .rates
            .iter()
            .all(|of| of.p == Some(1.0) && of.difference == Some(0.0))
    );
}

#[test]
fn nothing_that_was_measured_of_one_model_changes() {
    let tally = tally_of(
        &[
            ([0, 1, 1, 1], 30),
            ([0, 0, 1, 0], 9),
            ([0, 1, 0, 0], 40),
            ([1, 0, 0, 1], 22),
            ([1, 1, 2, 0], 31),
            ([1, 1, 1, 1], 25),
        ],
        true,
    );
    let keep: Vec<usize> = (0..4)
        .filter(|&at| tally.decisions.dimensions()[at].role != Axis::Compared)
        .collect();
    let alone = Tally::new(tally.decisions.margin(&keep), tally.records);
    let (with, without) = (audit(&tally, &positive()).unwrap(), audit(&alone, &positive()).unwrap());
    assert_eq!(
        (&with.rates, &with.findings, &with.families),
        (&without.rates, &without.findings, &without.families)
    );
    assert_eq!(
        (&with.verdict, &with.data, &with.practical),
        (&without.verdict, &without.data, &without.practical)
    );
    assert!(with.tests.starts_with(&without.tests) && with.tests.len() > without.tests.len());
}

#[test]
fn rates_of_pairs_are_those_of_the_table() {
    let tally = pairs(&[[794, 86, 150, 570], [100, 20, 20, 100]]);
    let paired = audit(&tally, &positive()).unwrap().paired.unwrap();
    let of = |name: &str| {
        paired
            .rates
            .iter()
            .find(|of| of.group.get("group") == Some(&Some(name.to_owned())))
            .unwrap()
    };
    // Agresti's ratings of a prime minister: difference, Tango's interval, McNemar's mid-p.
    let a = of("A");
    assert_eq!(
        (a.only_now, a.only_before, a.difference),
        (Some(150), Some(86), Some(0.04))
    );
    assert!((a.p.unwrap() - 2.893_389_518e-5).abs() < 1e-14);
    assert!((a.lower.unwrap() - 0.021_361_564_8).abs() < 1e-9);
    assert_eq!(a.method, "mcnemar-mid-p");
    assert_eq!(of("B").difference, Some(0.0));
    let everybody = &paired.rates[0];
    assert_eq!((everybody.by.len(), everybody.now), (0, (794 + 150 + 120, 1600 + 240)));
}

#[test]
fn who_is_right_where_the_two_differ_is_the_accuracy_by_pairs() {
    let tally = tally_of(
        &[
            ([0, 1, 1, 0], 12),
            ([0, 0, 1, 0], 28),
            ([0, 1, 1, 1], 30),
            ([0, 0, 0, 0], 30),
            ([1, 1, 1, 1], 50),
            ([1, 0, 0, 0], 50),
        ],
        true,
    );
    let paired = audit(&tally, &positive()).unwrap().paired.unwrap();
    let of = paired
        .rates
        .iter()
        .find(|of| of.rate == "accuracy" && of.by.len() == 1)
        .unwrap();
    assert_eq!(
        (of.only_now, of.only_before, of.difference),
        (Some(28), Some(12), Some(0.16))
    );
    let predictive = paired
        .rates
        .iter()
        .find(|of| of.rate == "positive-predictive-value")
        .unwrap();
    assert_eq!((predictive.method.as_str(), predictive.only_now), ("paired-z", None));
}

#[test]
fn what_one_model_did_not_decide_is_left_out_and_said() {
    let tally = tally_of(
        &[
            ([0, 0, 1, 1], 30),
            ([0, 0, 2, 1], 5),
            ([0, 0, 0, 0], 40),
            ([1, 0, 1, 1], 30),
            ([1, 0, 0, 0], 40),
        ],
        false,
    );
    let paired = audit(&tally, &positive()).unwrap().paired.unwrap();
    assert_eq!(
        (paired.rates[0].left_out, paired.rates[0].now, paired.rates[0].before),
        (5, (65, 145), (60, 140))
    );
    assert_eq!(paired.rows, 140);
}

#[test]
fn weights_and_other_words_are_refused() {
    let mut tally = pairs(&[[30, 2, 3, 65], [30, 2, 3, 65]]);
    tally.quantities.insert(crate::tally::Quantity::Weight, "w".to_owned());
    let problems = audit(&tally, &positive()).unwrap_err();
    assert!(problems[0].message.contains("know no weights yet"), "{problems:?}");
    let dimensions = vec![
        dimension(Axis::Protected, "group", &["A", "B"]),
        dimension(Axis::Compared, "old", &["0", "1"]),
        dimension(Axis::Prediction, "new", &["no", "yes"]),
    ];
    let cells = [[0, 0, 0], [0, 1, 1], [1, 0, 0], [1, 1, 1]].map(|key| (key.to_vec(), Counts::of(10)));
    let unlike = Tally::new(Cube::new(dimensions, cells).unwrap(), 40);
    let problems = audit(&unlike, &positive()).unwrap_err();
    assert!(
        problems[0]
            .message
            .contains("no decision in column `old` (compared) is `yes`"),
        "{problems:?}"
    );
}

#[test]
fn units_that_repeat_widen_what_is_known() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let dimensions = vec![
        dimension(Axis::Protected, "group", &["A", "B"]),
        dimension(Axis::Compared, "old", &["no", "yes"]),
        dimension(Axis::Prediction, "new", &["no", "yes"]),
    ];
    let mut clustered = dimensions.clone();
    let names: Vec<String> = (0..200).map(|unit| unit.to_string()).collect();
    clustered.push(Dimension {
        levels: names.iter().map(|name| Value::of(name)).collect(),
        ..Dimension::new(Axis::Bucket, "customer", Coding::Buckets)
    });
    let mut cells = Vec::new();
    for unit in 0..200u32 {
        let before = u32::from(Bernoulli::new(0.5).unwrap().sample(&mut random));
        let now = if Bernoulli::new(0.2).unwrap().sample(&mut random) {
            1 - before
        } else {
            before
        };
        cells.push((vec![unit % 2, before, now, unit], Counts::of(10)));
    }
    let of = |tally: &Tally| audit(tally, &positive()).unwrap().paired.unwrap();
    let apart = cells.iter().map(|(key, counts)| (key[..3].to_vec(), counts.clone()));
    let alone = of(&Tally::new(Cube::new(dimensions, apart).unwrap(), 2000));
    let together = of(&Tally::new(Cube::new(clustered, cells.clone()).unwrap(), 2000));
    let width = |of: &PairedRate| of.upper.unwrap() - of.lower.unwrap();
    let (one, two) = (&alone.rates[1], &together.rates[1]);
    assert_eq!((one.difference, two.method.as_str()), (two.difference, "paired-z"));
    assert!(
        (2.5..4.0).contains(&(width(two) / width(one))),
        "ten rows that are one: {} {}",
        width(one),
        width(two)
    );
    let error = |paired: &Paired| {
        let change = &paired.changes.changes[0];
        change.worsening.unwrap() - change.lower.unwrap()
    };
    assert!((2.0..5.0).contains(&(error(&together) / error(&alone))));
}

/// The correlation of the log ratios, row by row.
fn by_rows(rows: &[Row]) -> Option<f64> {
    let share = |group: u32, at: usize| {
        let of: Vec<f64> = rows
            .iter()
            .filter(|row| row[0] == group)
            .map(|row| f64::from(row[at]))
            .collect();
        (of.iter().sum::<f64>() / of.len() as f64, of.len() as f64)
    };
    let pull = |row: &Row, at: usize| {
        let (share, n) = share(row[0], at);
        let sign = if row[0] == 0 { 1.0 } else { -1.0 };
        sign * (f64::from(row[at]) - share) / n / share
    };
    let sum = |a: usize, b: usize| rows.iter().map(|row| pull(row, a) * pull(row, b)).sum::<f64>();
    let direction = |at: usize| share(0, at).0 - share(1, at).0;
    let found = sum(2, 3) / (sum(2, 2) * sum(3, 3)).sqrt();
    let turned = direction(2) * direction(3) < 0.0;
    found.is_finite().then_some(if turned { -found } else { found })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pairs_are_what_the_rows_say(rows in prop::collection::vec((0u32..2, 0u32..2, 0u32..2), 20..120)) {
        let rows: Vec<Row> = rows.into_iter().map(|(group, before, now)| [group, 0, before, now]).collect();
        let counted: Vec<(Row, u64)> = rows.iter().map(|row| (*row, 1)).collect();
        let tally = tally_of(&counted, false);
        prop_assume!((0..2).all(|group| rows.iter().any(|row| row[0] == group)));
        prop_assume!([2, 3].iter().all(|&at| (0..2).all(|value| rows.iter().any(|row| row[at] == value))));
        let paired = audit(&tally, &positive()).unwrap().paired.unwrap();
        for of in paired.rates.iter().filter(|of| of.by.len() == 1) {
            let group = u32::from(of.group["group"].as_deref() == Some("B"));
            let count = |before: u32, now: u32| rows.iter().filter(|row| **row == [group, 0, before, now]).count() as u64;
            prop_assert_eq!((of.only_now, of.only_before), (Some(count(0, 1)), Some(count(1, 0))));
        }
        let change = &paired.changes.changes[0];
        if let (Some(found), Some(expected)) = (change.correlation, by_rows(&rows)) {
            prop_assert!((found - expected.clamp(-1.0, 1.0)).abs() < 1e-9, "{} {}", found, expected);
        }
    }

    #[test]
    fn exchanging_the_models_negates(cells in prop::collection::vec(prop::array::uniform4(1u64..80), 3)) {
        let there = audit(&pairs(&cells_of(&cells)), &positive()).unwrap().paired.unwrap();
        let back: Vec<[u64; 4]> = cells.iter().map(|&[both, before, now, neither]| [both, now, before, neither]).collect();
        let back = audit(&pairs(&back), &positive()).unwrap().paired.unwrap();
        for (one, other) in there.rates.iter().zip(&back.rates) {
            prop_assert!((one.difference.unwrap() + other.difference.unwrap()).abs() < 1e-12);
            prop_assert!((one.lower.unwrap() + other.upper.unwrap()).abs() < 1e-7);
            prop_assert_eq!(one.p, other.p);
        }
        for (one, other) in there.changes.changes.iter().zip(&back.changes.changes) {
            prop_assert_eq!((one.before, one.now), (other.now, other.before));
            prop_assert!((one.worsening.unwrap() + other.worsening.unwrap()).abs() < 1e-12);
            prop_assert!((one.correlation.unwrap() - other.correlation.unwrap()).abs() < 1e-9);
        }
    }

    #[test]
    fn names_and_parts_do_not_matter(cells in prop::collection::vec(prop::array::uniform4(1u64..80), 3)) {
        let there = found(&pairs(&cells_of(&cells)));
        let turned: Vec<[u64; 4]> = cells.iter().rev().copied().collect();
        let mut one: Vec<Option<f64>> = there.iter().map(|change| change.p).collect();
        let mut other: Vec<Option<f64>> = found(&pairs(&turned)).iter().map(|change| change.p).collect();
        one.sort_by(|a, b| a.partial_cmp(b).unwrap());
        other.sort_by(|a, b| a.partial_cmp(b).unwrap());
        for (a, b) in one.iter().zip(&other) {
            prop_assert!((a.unwrap() - b.unwrap()).abs() < 1e-9);
        }
        let half = pairs(&cells_of(&cells));
        prop_assert_eq!(half.merge(&half).unwrap(), pairs(&cells.iter().map(|of| of.map(|n| 2 * n)).collect::<Vec<_>>()));
    }
}

fn cells_of(cells: &[[u64; 4]]) -> Vec<[u64; 4]> {
    cells.to_vec()
}

/// A process of two groups: the rate before, the rate now, and the least share of rows that change sides without reason.
struct Process {
    before: [f64; 2],
    now: [f64; 2],
    flips: f64,
}

impl Process {
    fn draw(&self, random: &mut ChaCha8Rng, n: u64) -> [[u64; 4]; 2] {
        let mut drawn = [[0; 4]; 2];
        for (group, cells) in drawn.iter_mut().enumerate() {
            let (before, now) = (self.before[group], self.now[group]);
            // Both ways alike, and what the rate has moved on top.
            let lost = self.flips / 2.0 + (before - now).max(0.0);
            let won = self.flips / 2.0 + (now - before).max(0.0);
            let (mut left, mut chance) = (n, 1.0);
            for (cell, of) in cells.iter_mut().zip([now - won, lost, won]) {
                let share = f64::clamp(of / chance, 0.0, 1.0);
                *cell = Binomial::new(left, share).unwrap().sample(random);
                left -= *cell;
                chance -= of;
            }
            cells[3] = left;
        }
        drawn
    }
}

/// Whether the worsening of the ratio is shown at 5 %: with the correlation of the rows, as if unpaired, and by the delta method on
/// the scale of the ratio.
fn shown(drawn: &[[u64; 4]; 2], tolerance: f64) -> [bool; 3] {
    let z = z_above(0.05);
    let method = default_method(MethodOf::Ratio).unwrap();
    let kinds = drawn.map(|[both, before, now, neither]| {
        [
            (both, true, true),
            (before, true, false),
            (now, false, true),
            (neither, false, false),
        ]
        .map(|(n, first, second)| linear::Rows {
            n,
            first: Some(first),
            second: Some(second),
            unit: None,
        })
    });
    let disparity = |answer: linear::Answer| {
        let sample = |of: &[linear::Rows]| {
            let (successes, trials) = linear::counts(of, answer);
            Sample::new(successes as f64, trials as f64)
        };
        let (a, b) = (sample(&kinds[1])?, sample(&kinds[0])?);
        let interval = method.pair_interval(a, b, z)?;
        let point = Comparison::Ratio
            .of(a.rate(), b.rate())
            .filter(|point| point.is_finite());
        let (point, interval) = distance(Comparison::Ratio, point, interval);
        Some(Disparity {
            point,
            lower: interval.lower.min(point),
            upper: interval.upper.max(point),
        })
    };
    let (Some(before), Some(now)) = (disparity(linear::Answer::First), disparity(linear::Answer::Second)) else {
        return [false; 3];
    };
    let correlation = linear::correlation(Comparison::Ratio, &kinds[1], &kinds[0]);
    let beyond = |correlation: f64| least_worsening(Comparison::Ratio, &before, &now, correlation) > tolerance;
    // The delta method: the variance of the difference of the two disparities, each its point times its log ratio.
    let of = |answer| Some((linear::share(&kinds[1], answer)?, linear::share(&kinds[0], answer)?));
    let delta = of(linear::Answer::First)
        .zip(of(linear::Answer::Second))
        .is_some_and(|(was, is)| {
            let sign = |(a, b): (f64, f64)| if a > b { -1.0 } else { 1.0 };
            let mut variance = 0.0;
            for (kinds, is_group) in [(&kinds[1], true), (&kinds[0], false)] {
                let n = kinds.iter().map(|of| of.n).sum::<u64>() as f64;
                let pull = |happened: bool, shares: (f64, f64), point: f64| {
                    let share = if is_group { shares.0 } else { shares.1 };
                    let side = if is_group { 1.0 } else { -1.0 };
                    point * sign(shares) * side * (f64::from(u8::from(happened)) - share) / n / share
                };
                for of in kinds {
                    let moved =
                        pull(of.first == Some(true), was, before.point) - pull(of.second == Some(true), is, now.point);
                    variance += of.n as f64 * moved * moved;
                }
            }
            before.point - now.point - z * variance.sqrt() > tolerance
        });
    [beyond(correlation.unwrap_or(0.0)), beyond(0.0), delta]
}

fn share_shown(process: &Process, n: u64, runs: u32, tolerance: f64, seed: u64) -> [f64; 3] {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut counts = [0u32; 3];
    for _ in 0..runs {
        for (count, is_shown) in counts.iter_mut().zip(shown(&process.draw(&mut random, n), tolerance)) {
            *count += u32::from(is_shown);
        }
    }
    counts.map(|count| f64::from(count) / f64::from(runs))
}

/// What is unchanged is said to have worsened in at most 5 % of runs, at any size; what has worsened is seen far more
/// often than by two separate audits. Beside it the delta method, which sees about as much.
#[test]
fn an_unchanged_process_seldom_looks_worse() {
    let runs = 1_000;
    let most = 0.05 + 3.0 * (0.05f64 * 0.95 / f64::from(runs)).sqrt();
    for n in [50, 200, 1_000, 5_000] {
        for (rate, flips) in [
            (0.1, 0.02),
            (0.1, 0.1),
            (0.3, 0.02),
            (0.3, 0.1),
            (0.5, 0.02),
            (0.5, 0.1),
        ] {
            for ratio in [0.95, 0.7] {
                let process = |loss: f64| Process {
                    before: [rate, ratio * rate],
                    now: [rate, (ratio - loss) * rate],
                    flips,
                };
                let size = share_shown(&process(0.01), n, runs, 0.01, 11);
                let power = share_shown(&process(0.15), n, 200, 0.01, 12);
                let place = format!("n {n}, rate {rate}, flips {flips}, ratio {ratio}: {size:.3?} {power:.3?}");
                println!("{place}");
                assert!(size[0] <= most, "{place}");
                // Where the disparity never turns round by chance.
                assert!(ratio == 0.95 || power[0] >= power[1], "{place}");
            }
        }
    }
}

/// The difference of two shares of other rows, as of those whom each model selects, holds its level as well.
#[test]
fn predictive_values_of_two_models_hold_their_level() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut rejected = 0;
    let runs = 2_000;
    for _ in 0..runs {
        // Selected by both, by either alone; of each 60 % are right.
        let mut kinds = Vec::new();
        for (rows, first, second) in [(150, true, true), (60, true, false), (60, false, true)] {
            let right = Binomial::new(rows, 0.6).unwrap().sample(&mut random);
            for (n, is_right) in [(right, true), (rows - right, false)] {
                let by = |is_selected: bool| is_selected.then_some(is_right);
                kinds.push(linear::Rows {
                    n,
                    first: by(first),
                    second: by(second),
                    unit: None,
                });
            }
        }
        let found = linear::difference(&kinds).unwrap();
        rejected += i32::from(found.point.abs() > z_for(0.95) * found.error);
    }
    // 100 are expected, with a standard error of 10.
    assert!((70..=130).contains(&rejected), "{rejected} of {runs}");
}
