//! Published tables of FA*IR, the exact numbers of one short ranking, and every arrangement counted one by one.

use super::*;

/// The places of group B in the ranking A A A B A A B A B B.
const B: [bool; 10] = [false, false, false, true, false, false, true, false, true, true];

fn runs(runs: &[(usize, usize)]) -> Vec<usize> {
    runs.iter()
        .flat_map(|&(value, times)| std::iter::repeat_n(value, times))
        .collect()
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

/// Tables of the paper's own library (its tests) and exact chances by an independent sum, to all printed digits.
#[test]
fn tables_and_their_chances_are_those_published() {
    for (length, share, level, table, fails) in [
        (10, 0.2, 0.15, runs(&[(0, 8), (1, 2)]), 0.134217728),
        (20, 0.25, 0.1, runs(&[(0, 8), (1, 6), (2, 5), (3, 1)]), 0.146887188699),
        (
            30,
            0.3,
            0.05,
            runs(&[(0, 8), (1, 5), (2, 5), (3, 5), (4, 4), (5, 3)]),
            0.106357061250,
        ),
        (10, 0.4, 0.1, runs(&[(0, 4), (1, 4), (2, 2)]), 0.11135232),
    ] {
        let drawing = Drawing::Share(share);
        let found = required(drawing, length, level).unwrap();
        assert_eq!(found, table, "{length} places, share {share}, level {level}");
        near(fail_chance(drawing, &found).unwrap(), fails, 1e-12);
    }
    for (length, fails) in [(100, 0.341561), (1_500, 0.543784)] {
        let drawing = Drawing::Share(0.5);
        let table = required(drawing, length, 0.1).unwrap();
        near(fail_chance(drawing, &table).unwrap(), fails, 5e-7);
    }
}

/// A reference library leaves the last place out and reports .11517506930977106 for 20 places, a share of .25 and a
/// level of .1.
#[test]
fn trap_1_the_last_rank_counts_towards_the_fail_chance() {
    let drawing = Drawing::Share(0.25);
    let table = required(drawing, 20, 0.1).unwrap();
    near(fail_chance(drawing, &table).unwrap(), 0.146887188699111, 1e-14);
    near(fail_chance(drawing, &table[..19]).unwrap(), 0.11517506930977106, 1e-14);
}

/// The same library picks the closest level and lands at .105152 for alpha = .1.
#[test]
fn trap_1_the_adjusted_level_is_the_largest_that_stays_within_alpha() {
    for (length, share, alpha, table, fails, level) in [
        (20, 0.25, 0.1, runs(&[(0, 9), (1, 6), (2, 5)]), 0.089722, None),
        (
            30,
            0.3,
            0.05,
            runs(&[(0, 10), (1, 6), (2, 5), (3, 4), (4, 5)]),
            0.0487773,
            Some(0.0261116),
        ),
        (
            10,
            0.4,
            0.1,
            runs(&[(0, 5), (1, 3), (2, 2)]),
            0.086966784,
            Some(0.07776),
        ),
    ] {
        let drawing = Drawing::Share(share);
        let found = adjusted(drawing, length, alpha).unwrap();
        assert_eq!(found.required, table);
        near(found.fails, fails, 5e-7);
        if let Some(level) = level {
            near(found.level, level, 5e-8);
        }
        assert!(found.fails <= alpha);
        // A hair more and it is too much.
        let beyond = required(drawing, length, found.level * (1.0 + 1e-6)).unwrap();
        assert!(
            fail_chance(drawing, &beyond).unwrap() > alpha,
            "{length}: a larger level keeps the promise"
        );
    }
}

#[test]
fn the_finite_catalogue_of_the_short_ranking() {
    let tested = Drawing::Catalogue { of_group: 4, items: 10 }.test(&B).unwrap();
    assert_eq!(tested.at, 6);
    near(tested.smallest, 0.1190476, 5e-8);
    near(tested.p, 31.0 / 210.0, 1e-13);
}

#[test]
fn the_short_ranking_passes_at_forty_percent() {
    let table = adjusted(Drawing::Share(0.4), 10, 0.1).unwrap().required;
    let mut held = 0;
    for (place, of_group) in B.iter().enumerate() {
        held += usize::from(*of_group);
        assert!(held >= table[place]);
    }
    assert!(Drawing::Share(0.4).test(&B).unwrap().p > 0.1);
}

/// Every arrangement of a catalogue's labels, and the share of those with a smallest p-value no larger.
fn counted(of_group: u32, items: u32, ranking: &[bool]) -> f64 {
    let length = ranking.len();
    let choose = |n: u64, k: u64| (0..k).fold(1u64, |c, i| c * (n - i) / (i + 1));
    let total = |places: u64| choose(u64::from(items), places);
    // P(at most held in k), from binomial coefficients.
    let tail = |places: u64, held: u64| {
        let ways: u64 = (0..=held.min(u64::from(of_group)))
            .filter(|h| *h <= places && places - h <= u64::from(items - of_group))
            .map(|h| choose(u64::from(of_group), h) * choose(u64::from(items - of_group), places - h))
            .sum();
        ways as f64 / total(places) as f64
    };
    let smallest = |label: &dyn Fn(usize) -> bool| {
        let mut held = 0;
        (0..length)
            .map(|place| {
                held += u64::from(label(place));
                tail(place as u64 + 1, held)
            })
            .fold(f64::INFINITY, f64::min)
    };
    let observed = smallest(&|place| ranking[place]);
    let (mut all, mut as_small) = (0u32, 0u32);
    for labels in 0u32..1 << items {
        if labels.count_ones() == of_group {
            all += 1;
            as_small += u32::from(smallest(&|place| labels >> place & 1 == 1) <= observed * (1.0 + 1e-9));
        }
    }
    f64::from(as_small) / f64::from(all)
}

#[test]
fn the_p_value_is_the_share_of_all_arrangements() {
    for (of_group, items, length) in [(1, 4, 4), (2, 6, 3), (3, 7, 7), (4, 10, 10), (5, 11, 6), (2, 9, 9)] {
        for labels in 0u32..1 << length {
            let held = labels.count_ones();
            if held > of_group || length - held > items - of_group || labels % 5 == 3 {
                continue;
            }
            let ranking: Vec<bool> = (0..length).map(|place| labels >> place & 1 == 1).collect();
            let drawing = Drawing::Catalogue {
                of_group: u64::from(of_group),
                items: u64::from(items),
            };
            near(
                drawing.test(&ranking).unwrap().p,
                counted(of_group, items, &ranking),
                1e-10,
            );
        }
    }
}

/// The p-value of the whole ranking and the adjusted table are two forms of one test.
#[test]
fn a_ranking_misses_the_adjusted_table_exactly_when_its_p_value_is_within_alpha() {
    for (share, alpha) in [(0.3, 0.1), (0.5, 0.05), (0.45, 0.2)] {
        let drawing = Drawing::Share(share);
        let table = adjusted(drawing, 9, alpha).unwrap().required;
        for labels in 0u32..1 << 9 {
            let ranking: Vec<bool> = (0..9).map(|place| labels >> place & 1 == 1).collect();
            let mut held = 0;
            let misses = ranking.iter().zip(&table).any(|(of_group, least)| {
                held += usize::from(*of_group);
                held < *least
            });
            assert_eq!(
                misses,
                drawing.test(&ranking).unwrap().p <= alpha,
                "{labels:b} at {share}"
            );
        }
    }
}

/// A p-value that is valid is under alpha in no more than alpha of all fair rankings.
#[test]
fn fair_rankings_seldom_have_small_p_values() {
    let drawing = Drawing::Catalogue { of_group: 5, items: 12 };
    let mut all = Vec::new();
    for labels in 0u32..1 << 12 {
        if labels.count_ones() == 5 {
            let ranking: Vec<bool> = (0..12).map(|place| labels >> place & 1 == 1).collect();
            all.push(drawing.test(&ranking).unwrap().p);
        }
    }
    for alpha in [0.01, 0.05, 0.1, 0.5] {
        let share = all.iter().filter(|p| **p <= alpha).count() as f64 / all.len() as f64;
        assert!(share <= alpha, "{share} at {alpha}");
    }
}

#[test]
fn a_large_catalogue_is_like_drawing_anew() {
    let finite = Drawing::Catalogue {
        of_group: 400_000_000,
        items: 1_000_000_000,
    };
    near(
        finite.test(&B).unwrap().p,
        Drawing::Share(0.4).test(&B).unwrap().p,
        1e-7,
    );
}

#[test]
fn what_cannot_be_drawn_has_no_p_value() {
    let long = vec![false; LONGEST + 1];
    assert_eq!(Drawing::Share(0.5).test(&[]), None);
    assert_eq!(Drawing::Share(0.5).test(&long), None);
    assert_eq!(Drawing::Share(0.0).test(&B), None);
    assert_eq!(Drawing::Share(f64::NAN).test(&B), None);
    assert_eq!(Drawing::Catalogue { of_group: 4, items: 9 }.test(&B), None);
    assert_eq!(Drawing::Catalogue { of_group: 3, items: 10 }.test(&B), None);
    assert_eq!(Drawing::Catalogue { of_group: 8, items: 10 }.test(&B), None);
    assert_eq!(required(Drawing::Share(0.5), 10, 0.0), None);
    assert_eq!(adjusted(Drawing::Share(0.5), 0, 0.1), None);
    // A catalogue of one group proves nothing.
    let all = Drawing::Catalogue { of_group: 3, items: 3 }.test(&[true; 3]).unwrap();
    assert_eq!(all.p, 1.0);
}
