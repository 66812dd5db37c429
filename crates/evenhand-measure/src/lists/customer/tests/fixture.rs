//! Four users with three items each, worked out by hand: the numbers are written down here, not computed by us.

use crate::lists::customer::{
    Entry, History, Known, Measuring, Relevance, User, disparity, divergence, lift, mean_gap, spread, total_variation,
};

/// Popularity and category of the items 1 to 6.
const ITEMS: [(f64, u32); 6] = [(50.0, 1), (30.0, 1), (10.0, 2), (5.0, 2), (3.0, 3), (2.0, 3)];

pub(super) struct Viewer {
    pub(super) shown: [usize; 3],
    pub(super) wanted: &'static [usize],
    pub(super) history: [usize; 4],
}

/// The first two are group X, the others group Y.
pub(super) const VIEWERS: [Viewer; 4] = [
    Viewer {
        shown: [1, 2, 3],
        wanted: &[1, 3],
        history: [1, 2, 3, 3],
    },
    Viewer {
        shown: [1, 3, 5],
        wanted: &[5],
        history: [1, 3, 5, 5],
    },
    Viewer {
        shown: [2, 1, 4],
        wanted: &[6],
        history: [2, 4, 6, 6],
    },
    Viewer {
        shown: [1, 2, 6],
        wanted: &[6, 5],
        history: [1, 2, 6, 5],
    },
];

impl Viewer {
    fn entries(&self) -> Vec<Entry> {
        let entry = |(place, item): (u64, &usize)| Entry {
            place,
            gain: f64::from(u8::from(self.wanted.contains(item))),
            category: Some(ITEMS[item - 1].1),
            popularity: Some(ITEMS[item - 1].0),
        };
        (1..).zip(&self.shown).map(entry).collect()
    }

    fn user(&self) -> User {
        let chosen = self.history.map(|item| ITEMS[item - 1]);
        let mut categories: Vec<(u32, u64)> = Vec::new();
        for (_, category) in chosen {
            match categories.iter_mut().find(|(known, _)| *known == category) {
                Some((_, n)) => *n += 1,
                None => categories.push((category, 1)),
            }
        }
        let popularity = Some(chosen.iter().map(|(popularity, _)| popularity).sum::<f64>() / 4.0);
        User::new(self.wanted.iter().map(|_| 1.0), History { categories, popularity })
    }
}

pub(super) const ALL: Known = Known {
    relevance: Relevance::All,
    category: true,
    popularity: true,
    history: true,
};

/// The values of a measure for the four users.
fn values(key: &str) -> [f64; 4] {
    let measuring = Measuring::new(ALL, &[3]);
    let place = measuring.keys().iter().position(|known| known == key).unwrap();
    VIEWERS
        .each_ref()
        .map(|v| measuring.of(&v.entries(), &v.user())[place].unwrap())
}

fn means(key: &str) -> [f64; 2] {
    let [a, b, c, d] = values(key);
    [f64::midpoint(a, b), f64::midpoint(c, d)]
}

/// Six digits are printed.
#[track_caller]
fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(expected) {
        assert!((a - b).abs() <= 5.1e-7, "{found:?} against {expected:?}");
    }
}

#[test]
fn relevance_is_as_worked_out() {
    for (key, users, groups) in [
        ("ndcg@3", [0.919_721, 0.5, 0.0, 0.306_574], [0.709_860, 0.153_287]),
        (
            "list-precision@3",
            [0.666_667, 0.333_333, 0.0, 0.333_333],
            [0.5, 0.166_667],
        ),
        ("list-recall@3", [1.0, 1.0, 0.0, 0.5], [1.0, 0.25]),
        ("hit-rate@3", [1.0, 1.0, 0.0, 1.0], [1.0, 0.5]),
        (
            "mean-reciprocal-rank@3",
            [1.0, 0.333_333, 0.0, 0.333_333],
            [0.666_667, 0.166_667],
        ),
    ] {
        assert_near(&values(key), &users);
        assert_near(&means(key), &groups);
    }
    assert_near(&[spread(&means("ndcg@3")).unwrap()], &[0.556_574]);
    assert_near(&[mean_gap(&means("ndcg@3")).unwrap()], &[0.556_574]);
}

#[test]
fn taste_is_as_worked_out() {
    assert_near(
        &values("history-divergence"),
        &[0.057_649, 0.057_649, 1.987_650, 0.057_649],
    );
    assert_near(
        &values("history-distance"),
        &[0.120_006, 0.120_006, 0.550_524, 0.120_006],
    );
    assert_near(&values("narrowing"), &[0.055_059, -0.060_660, 0.331_826, 0.055_059]);
}

#[test]
fn popularity_is_as_worked_out() {
    let [x, y] = means("list-popularity");
    assert_near(&[x, y, f64::midpoint(x, y)], &[25.5, 27.833_333_3, 26.666_666_7]);
    let history = means("history-popularity-of-known");
    let found = [lift(history[0], x).unwrap(), lift(history[1], y).unwrap()];
    assert_near(&found, &[0.228_915_7, 0.795_698_9]);
}

/// How often two users were shown, or chose, items of a category.
fn times(users: &[Viewer], of: impl Fn(&Viewer) -> Vec<usize>, category: u32) -> u64 {
    let items = users.iter().flat_map(of);
    items.filter(|item| ITEMS[item - 1].1 == category).count() as u64
}

#[test]
fn bias_disparity_is_as_worked_out() {
    let (x, y) = VIEWERS.split_at(2);
    for (group, expected) in [
        (x, [0.333_333, -0.111_111, -0.333_333]),
        (y, [0.777_778, 0.333_333, -0.666_667]),
    ] {
        let found = [1, 2, 3].map(|category| {
            let history = times(group, |viewer| viewer.history.to_vec(), category);
            let shown = times(group, |viewer| viewer.shown.to_vec(), category);
            disparity((history, 8), (shown, 6)).unwrap()
        });
        assert_near(&found, &expected);
    }
}

#[test]
fn the_distance_of_items_shown_is_as_worked_out() {
    let (x, y) = VIEWERS.split_at(2);
    let shown = |users: &[Viewer], item: usize| {
        let items = users.iter().flat_map(|viewer| viewer.shown);
        items.filter(|other| *other == item).count() as f64
    };
    let amounts: Vec<(f64, f64)> = (1..=6).map(|item| (shown(x, item), shown(y, item))).collect();
    assert_near(&[total_variation(&amounts).unwrap()], &[0.5]);
}

#[test]
fn who_wants_nothing_has_no_value_and_not_0() {
    let measuring = Measuring::new(ALL, &[3]);
    let values = measuring.of(&VIEWERS[0].entries(), &User::default());
    let of = |key: &str| values[measuring.keys().iter().position(|known| known == key).unwrap()];
    for key in [
        "ndcg@3",
        "list-precision@3",
        "list-recall@3",
        "hit-rate@3",
        "mean-reciprocal-rank@3",
    ] {
        assert_eq!(of(key), None, "{key}");
    }
    assert_eq!(of("narrowing"), None);
    assert_eq!(of("list-popularity-of-known"), None);
    assert!(of("list-popularity").is_some());
}

/// Where clicks are all that is known, a user who clicked nothing was served badly: he counts as 0 but for NDCG.
#[test]
fn with_relevance_of_shown_items_who_wanted_none_of_them_counts_as_0() {
    let known = Known {
        relevance: Relevance::Shown,
        ..Known::default()
    };
    let measuring = Measuring::new(known, &[3]);
    assert_eq!(
        measuring.keys(),
        ["ndcg@3", "list-precision@3", "hit-rate@3", "mean-reciprocal-rank@3"]
    );
    let unwanted = [1, 2, 3].map(|place| Entry {
        place,
        ..Entry::default()
    });
    let of = |gains: &[f64]| measuring.of(&unwanted, &User::new(gains.iter().copied(), History::default()));
    assert_eq!(of(&[0.0, 0.0, 0.0]), [None, Some(0.0), Some(0.0), Some(0.0)]);
    // Nothing is known of two of them.
    assert_eq!(of(&[0.0]), [None, Some(0.0), Some(0.0), Some(0.0)]);
    // Nothing is known of any: that is not 0.
    assert_eq!(of(&[]), [None; 4]);
    // Who wanted something has the same values as if all were known, but for recall.
    let (list, user) = (VIEWERS[1].entries(), VIEWERS[1].user());
    let all = Measuring::new(ALL, &[3]).of(&list, &user);
    assert_eq!(measuring.of(&list, &user), [all[0], all[1], all[3], all[4]]);
}

#[test]
fn an_empty_list_of_who_wants_something_is_worth_0() {
    let measuring = Measuring::new(ALL, &[3]);
    let values = measuring.of(&[], &VIEWERS[0].user());
    assert_eq!(&values[..5], &[Some(0.0); 5]);
    assert!(values[5..].iter().all(Option::is_none), "{values:?}");
}

#[test]
fn a_list_of_one_item_is_divided_by_k() {
    let measuring = Measuring::new(ALL, &[3]);
    let one = [Entry {
        place: 1,
        gain: 1.0,
        ..Entry::default()
    }];
    let values = measuring.of(&one, &User::new([1.0], History::default()));
    assert_eq!(values[0], Some(1.0));
    assert_eq!(values[1], Some(1.0 / 3.0));
    assert_eq!(values[2], Some(1.0));
}

#[test]
fn a_gap_in_ranks_is_a_place_that_nobody_fills() {
    let measuring = Measuring::new(ALL, &[3]);
    let at = |place| {
        [Entry {
            place,
            gain: 1.0,
            ..Entry::default()
        }]
    };
    let user = User::new([1.0], History::default());
    assert_eq!(
        measuring.of(&at(3), &user)[..5],
        [Some(0.5), Some(1.0 / 3.0), Some(1.0), Some(1.0), Some(1.0 / 3.0)]
    );
    assert_eq!(measuring.of(&at(4), &user)[..5], [Some(0.0); 5]);
}

/// Trap: one library calls the signed difference of two groups MAD, so that which group comes first decides its sign.
#[test]
fn trap_mean_absolute_difference_has_no_sign() {
    let (low, high) = ([0.2, 0.5], [0.5, 0.2]);
    assert_eq!(mean_gap(&low), mean_gap(&high));
    assert!(mean_gap(&low).is_some_and(|gap| (gap - 0.3).abs() < 1e-12));
}

/// Trap: a divergence without a rule for zeros is infinite, which no JSON can carry.
#[test]
fn trap_a_category_that_the_list_leaves_out_gives_a_finite_divergence() {
    let found = divergence(&[(1, 1)], &[(2, 1)]).unwrap();
    assert!((found - 100f64.ln()).abs() < 1e-12);
    assert_eq!(divergence(&[(1, 3)], &[(1, 5)]), Some(0.0));
}

/// Trap: a group that disappears leaves a perfect score.
#[test]
fn trap_one_group_alone_has_no_gap_rather_than_none_at_all() {
    assert_eq!((spread(&[0.7]), mean_gap(&[0.7])), (None, None));
    assert_eq!((spread(&[]), mean_gap(&[])), (None, None));
}
