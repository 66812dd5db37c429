use super::*;
use crate::tally::{Axis, Coding, Counts, Cube, Dimension, Level as Value};

/// Groups of so many selected and so many rows.
fn tally(groups: &[(&str, u64, u64)]) -> Tally {
    let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
    group.levels = groups.iter().map(|(name, _, _)| Value::of(name)).collect();
    let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
    hired.levels = vec![Value::of("yes"), Value::of("no")];
    let cells = groups.iter().enumerate().flat_map(|(index, &(_, selected, rows))| {
        [
            (vec![index as u32, 0], Counts::of(selected)),
            (vec![index as u32, 1], Counts::of(rows - selected)),
        ]
    });
    let cube = Cube::new(vec![group, hired], cells.collect::<Vec<_>>()).unwrap();
    Tally::new(cube, groups.iter().map(|(_, _, rows)| rows).sum())
}

fn found(before: &[(&str, u64, u64)], now: &[(&str, u64, u64)]) -> Vec<Change> {
    let changes = changes(
        &tally(before),
        &tally(now),
        &Policy::default(),
        &RegressionRule::default(),
    );
    let judged = |change: &Change| change.level == Level::Error;
    changes.unwrap().changes.into_iter().filter(judged).collect()
}

const EVEN: [(&str, u64, u64); 2] = [("A", 1500, 5000), ("B", 1425, 5000)];

#[test]
fn nothing_has_changed_where_nothing_has() {
    let same = found(&EVEN, &EVEN);
    assert_eq!(same.len(), 1, "both directions of a pair are one question");
    assert_eq!(
        (same[0].outcome, same[0].worsening),
        (ChangeOutcome::NotWorse, Some(0.0))
    );
    assert_eq!(same[0].p, Some(1.0));
}

#[test]
fn a_clear_loss_is_worse_and_a_gain_never_is() {
    let worse = found(&EVEN, &[("A", 1500, 5000), ("B", 1150, 5000)]);
    assert_eq!(worse[0].outcome, ChangeOutcome::Worse);
    let before = worse[0].before.unwrap();
    assert!(
        (before.point - 0.95).abs() < 1e-12 && (worse[0].worsening.unwrap() - (0.95 - 1150.0 / 1500.0)).abs() < 1e-12
    );
    let better = found(&[("A", 1500, 5000), ("B", 1150, 5000)], &EVEN);
    assert_eq!(better[0].outcome, ChangeOutcome::NotWorse);
}

#[test]
fn the_interval_and_the_p_value_agree() {
    for selected in (1000..1425).step_by(7) {
        let change = &found(&EVEN, &[("A", 1500, 5000), ("B", selected, 5000)])[0];
        let beyond = change.lower.unwrap() > change.tolerance;
        assert_eq!(beyond, change.p.unwrap() < 0.05, "{selected}: {change:?}");
        assert_eq!(beyond, change.outcome == ChangeOutcome::Worse);
    }
}

#[test]
fn a_disparity_that_turns_round_counts_by_its_size() {
    // From 0.8 against A to 0.8 against B: as far apart as before.
    let turned = found(
        &[("A", 1500, 5000), ("B", 1200, 5000)],
        &[("A", 1200, 5000), ("B", 1500, 5000)],
    );
    assert_eq!(turned[0].outcome, ChangeOutcome::NotWorse);
    assert!(turned[0].worsening.unwrap().abs() < 1e-12);
}

#[test]
fn groups_that_come_and_go_are_named() {
    let changed = found(&EVEN, &[("A", 1500, 5000), ("C", 1400, 5000)]);
    let outcomes: Vec<ChangeOutcome> = changed.iter().map(|change| change.outcome).collect();
    assert_eq!(outcomes, [ChangeOutcome::Appeared, ChangeOutcome::Vanished]);
    assert!(changed.iter().all(|change| change.p.is_none()));
}

#[test]
fn nobody_selected_is_no_change() {
    let undefined = found(&EVEN, &[("A", 0, 5000), ("B", 0, 5000)]);
    assert_eq!(undefined[0].outcome, ChangeOutcome::Undefined);
    assert!(undefined[0].before.is_some() && undefined[0].now.is_none());
}

#[test]
fn more_comparisons_need_clearer_evidence() {
    let two = found(&EVEN, &[("A", 1500, 5000), ("B", 1270, 5000)]);
    let many = |b: u64| [("A", 1500, 5000), ("B", b, 5000), ("C", 1500, 5000), ("D", 1500, 5000)];
    let four = found(&many(1425), &many(1270));
    assert_eq!(two[0].p, four[0].p);
    assert!(four[0].p_adjusted > two[0].p_adjusted);
    assert_eq!(four[0].family_size, 6);
}

#[test]
fn what_the_data_could_have_shown_shrinks_with_rows() {
    let detectable = |times: u64| {
        let groups = EVEN.map(|(name, selected, rows)| (name, selected * times, rows * times));
        found(&groups, &groups)[0].detectable.unwrap()
    };
    assert!(detectable(1) > detectable(4) && detectable(4) > 0.01);
}

/// Every p-value as it is found by halving alone, in the order of the changes.
fn halved(before: &Tally, now: &Tally, policy: &Policy, rule: &RegressionRule) -> Vec<Option<f64>> {
    let readings = [before, now].map(|tally| Reading::of(tally, policy).unwrap());
    let checks = policy.effective_checks(&|role| measured::has(now, role));
    let runs = [(0, before), (1, now)].map(|(at, tally)| Run::new(&readings[at], tally, policy, &checks, false));
    let mut out = Vec::new();
    for level in [Level::Error, Level::Warn] {
        let families = [0, 1].map(|at: usize| runs[at].family(level));
        let earlier: BTreeMap<Key<'_>, &Trial> = pairs(&families[0]).into_iter().collect();
        for (key, trial) in pairs(&families[1]) {
            let comparison = families[1].settings[trial.setting].comparison();
            let sides = |z: f64| {
                let was = disparity(policy, &families[0], earlier[&key], z)?;
                Some((was, disparity(policy, &families[1], trial, z)?))
            };
            let Some((was, is)) = sides(usual(policy)) else {
                out.push(None);
                continue;
            };
            let is_beyond = |z: f64| {
                let lower = sides(z).map(|(was, is)| least_worsening(comparison, &was, &is, 0.0));
                lower.is_some_and(|lower| lower > rule.tolerance)
            };
            let (mut beyond, mut within) = (0.0, FARTHEST);
            for _ in 0..40 {
                let middle = f64::midpoint(beyond, within);
                if is_beyond(middle) {
                    beyond = middle;
                } else {
                    within = middle;
                }
            }
            out.push(Some(match () {
                () if worsening(comparison, &was, &is) <= rule.tolerance => 1.0,
                () if is_beyond(FARTHEST) => normal_sf(FARTHEST),
                () => normal_sf(beyond),
            }));
        }
    }
    out
}

#[test]
fn what_is_not_worked_out_again_changes_no_digit() {
    let policy = Policy::default();
    let mut changed = 0;
    for (rows, tolerance) in [
        (40, 0.0),
        (300, 0.01),
        (5_000, 0.01),
        (200_000, 0.001),
        (40_000_000, 0.0),
    ] {
        let names = ["A", "B", "C", "D", "E", "F"];
        let groups = |slope: u64, start: u64| -> Vec<(&str, u64, u64)> {
            let each = names.iter().enumerate().map(|(at, name)| (at as u64, *name));
            each.map(|(at, name)| (name, rows * (start + slope * at) / 200, rows + at * 7))
                .collect()
        };
        let rule = RegressionRule {
            tolerance,
            ..RegressionRule::default()
        };
        for (before, now) in [
            ((2, 90), (5, 90)),
            ((0, 20), (3, 9)),
            ((1, 2), (2, 1)),
            ((0, 100), (9, 100)),
        ] {
            let (before, now) = (tally(&groups(before.0, before.1)), tally(&groups(now.0, now.1)));
            let found = changes(&before, &now, &policy, &rule).unwrap().changes;
            let bits = |p: Option<f64>| p.map(f64::to_bits);
            let plain = halved(&before, &now, &policy, &rule);
            assert_eq!(found.len(), plain.len());
            for (change, plain) in found.iter().zip(plain) {
                assert_eq!(bits(change.p), bits(plain), "{rows} {change:?} {plain:?}");
                changed += usize::from(plain.is_some_and(|p| p < 0.9 && p > normal_sf(FARTHEST)));
            }
        }
    }
    assert!(changed > 100, "most p-values were found without looking: {changed}");
}
