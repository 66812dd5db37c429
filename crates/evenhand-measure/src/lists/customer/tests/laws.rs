//! What holds for every list.

use proptest::prelude::*;

use super::fixture::ALL;
use crate::lists::customer::{Entry, History, Measuring, User, mean_gap, spread};
use crate::tally::{Axis, Coding, Cube, Dimension, Level, ListSums};

fn user_and_list() -> impl Strategy<Value = (Vec<Entry>, User)> {
    let entry = (0u8..4, prop::option::of(0u32..5), prop::option::of(0u32..100));
    let history = prop::collection::vec((0u32..5, 0u64..4), 0..5);
    (
        prop::collection::vec(entry, 0..12),
        prop::collection::vec(1u8..4, 0..4),
        history,
    )
        .prop_map(|(entries, missed, history)| {
            let entries: Vec<Entry> = (1..)
                .zip(entries)
                .map(|(place, (gain, category, popularity))| Entry {
                    place,
                    gain: f64::from(gain.saturating_sub(1)),
                    category,
                    popularity: popularity.map(f64::from),
                })
                .collect();
            let gains = entries
                .iter()
                .map(|entry| entry.gain)
                .chain(missed.into_iter().map(f64::from));
            let mut categories: Vec<(u32, u64)> = history;
            categories.sort_unstable();
            categories.dedup_by_key(|(category, _)| *category);
            let popularity = Some(20.0);
            let user = User::new(gains.collect::<Vec<f64>>(), History { categories, popularity });
            (entries, user)
        })
}

/// A user with his list, his group and his bucket.
type Counted = ((Vec<Entry>, User), u32, u32);

/// Other numbers for the same categories.
fn renamed(category: u32) -> u32 {
    (category * 3 + 7) % 5 + 40
}

proptest! {
    #[test]
    fn values_lie_where_they_may((list, user) in user_and_list(), k in 1u32..15) {
        let measuring = Measuring::new(ALL, &[k]);
        for (key, value) in measuring.keys().iter().zip(measuring.of(&list, &user)) {
            let Some(value) = value else { continue };
            prop_assert!(value.is_finite(), "{key} is {value}");
            let (least, most) = match key.split('@').next().unwrap() {
                "list-diversity" => (1.0 - 1e-12, 5.0 + 1e-12),
                "history-divergence" => (0.0, 100f64.ln() + 1e-12),
                "narrowing" => (-4.0 - 1e-12, 0.8 + 1e-12),
                "list-popularity" | "list-popularity-of-known" | "history-popularity-of-known" => (0.0, 100.0),
                "history-distance" => (0.0, 1.0 + 1e-12),
                _ => (0.0, 1.0),
            };
            prop_assert!((least..=most).contains(&value), "{key} is {value}");
        }
    }

    #[test]
    fn which_number_stands_for_a_category_does_not_show((list, user) in user_and_list()) {
        let measuring = Measuring::new(ALL, &[5]);
        let other: Vec<Entry> = list
            .iter()
            .map(|entry| Entry { category: entry.category.map(renamed), ..*entry })
            .collect();
        let mut history = user.history().clone();
        history.categories.iter_mut().for_each(|(category, _)| *category = renamed(*category));
        history.categories.reverse();
        let renamed = User::new(user.gains().to_vec(), history);
        prop_assert_eq!(measuring.of(&list, &user), measuring.of(&other, &renamed));
    }

    #[test]
    fn what_is_beyond_the_last_place_does_not_show((list, user) in user_and_list(), k in 1u32..6) {
        let measuring = Measuring::new(ALL, &[k]);
        let short: Vec<Entry> = list.iter().filter(|entry| entry.place <= u64::from(k)).copied().collect();
        prop_assert_eq!(&measuring.of(&list, &user)[..5], &measuring.of(&short, &user)[..5]);
    }

    #[test]
    fn a_wanted_item_earlier_is_never_worse((list, user) in user_and_list(), k in 1u32..12) {
        let measuring = Measuring::new(ALL, &[k]);
        let mut better = list.clone();
        better.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.place.cmp(&b.place)));
        (1..).zip(&mut better).for_each(|(place, entry)| entry.place = place);
        let pairs = measuring.of(&list, &user).into_iter().zip(measuring.of(&better, &user)).take(5);
        for (before, after) in pairs {
            prop_assert!(before <= after.map(|value| value + 1e-12), "{before:?} against {after:?}");
        }
    }

    #[test]
    fn the_best_list_has_an_ndcg_of_1(gains in prop::collection::vec(1u8..5, 1..8), k in 1u32..10) {
        let mut gains: Vec<f64> = gains.into_iter().map(f64::from).collect();
        gains.sort_by(|a, b| b.total_cmp(a));
        let entry = |(place, gain): (u64, &f64)| Entry { place, gain: *gain, ..Entry::default() };
        let list: Vec<Entry> = (1..).zip(&gains).map(entry).collect();
        let values = Measuring::new(ALL, &[k]).of(&list, &User::new(gains, History::default()));
        prop_assert_eq!(values[0], Some(1.0));
    }

    #[test]
    fn the_order_of_groups_does_not_show(mut values in prop::collection::vec(0.0f64..1.0, 0..6)) {
        let before = (spread(&values), mean_gap(&values));
        values.reverse();
        prop_assert_eq!(before, (spread(&values), mean_gap(&values)));
        // The mean over pairs is at most the largest of them.
        if let (Some(spread), Some(mean)) = before {
            prop_assert!(mean >= 0.0 && mean <= spread + 1e-12);
        }
    }

    #[test]
    fn parts_of_users_merge_to_all(users in prop::collection::vec((user_and_list(), 0u32..2, 0u32..3), 0..12), cut in 0usize..12) {
        let tally = |part: &[Counted]| {
            let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
            group.levels = vec![Level::of("X"), Level::of("Y")];
            let mut bucket = Dimension::new(Axis::Bucket, "user", Coding::Buckets);
            bucket.levels = ["0", "1", "2"].map(Level::of).to_vec();
            let measuring = Measuring::new(ALL, &[3]);
            let cells = part.iter().map(|((list, user), group, bucket)| {
                let mut sums = ListSums { units: 1, ..ListSums::default() };
                for (key, value) in measuring.keys().iter().zip(measuring.of(list, user)) {
                    if let Some(value) = value {
                        sums.of.entry(key.clone()).or_default().add(value);
                    }
                }
                (vec![*group, *bucket], sums)
            });
            Cube::new(vec![group, bucket], cells.collect::<Vec<_>>()).unwrap()
        };
        let (one, other) = users.split_at(cut.min(users.len()));
        let mut backwards = users.clone();
        backwards.reverse();
        let whole = tally(&users);
        prop_assert_eq!(&tally(one).merge(&tally(other)).unwrap(), &whole);
        // Users swap places within their groups.
        prop_assert_eq!(&tally(&backwards), &whole);
    }
}
