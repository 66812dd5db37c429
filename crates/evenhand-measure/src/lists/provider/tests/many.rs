//! Four users, six items, lists of three.

use super::*;

/// The items that each user is shown, best place first.
const LISTS: [[usize; 3]; 4] = [[0, 1, 2], [0, 2, 4], [1, 0, 3], [0, 1, 5]];
/// The artisans' items are i3, i5 and i6.
const ARTISAN: [usize; 6] = [0, 0, 1, 0, 1, 1];
const POPULARITY: [f64; 6] = [50.0, 30.0, 10.0, 5.0, 3.0, 2.0];
/// What each user wanted.
const WANTED: [&[usize]; 4] = [&[0, 2], &[4], &[5], &[5, 4]];

fn shown() -> impl Iterator<Item = (usize, u64, u64)> {
    LISTS
        .iter()
        .flat_map(|list| list.iter().zip(1u64..).map(|(item, place)| (ARTISAN[*item], place, 1)))
}

fn counts() -> [u64; 6] {
    let mut counts = [0; 6];
    for item in LISTS.as_flattened() {
        counts[*item] += 1;
    }
    counts
}

#[test]
fn concentration_of_items() {
    assert_eq!(counts(), [4, 3, 2, 1, 1, 1]);
    let found = Concentration::of(counts(), 6).unwrap();
    near(found.gini, 0.3055556, 5e-8);
    near(found.gini_unbiased.unwrap(), 0.3666667, 5e-8);
    near(found.entropy, 1.6326309272, 5e-11);
    near(found.evenness.unwrap(), 0.9111886697, 5e-11);
    near(found.effective, 5.1173203, 5e-8);
    near(found.herfindahl, 0.2222222, 5e-8);
    assert_eq!(found.coverage(), 1.0);
}

/// The examples in the documentation of holisticai: how often its matrix of ten users shows each of four items, the two
/// best, all from .3 and all from .8 of its range.
#[test]
fn concentration_of_another_software() {
    let two_best = Concentration::of([4, 6, 4, 6], 4).unwrap();
    near(two_best.gini_unbiased.unwrap(), 0.1333333333333333, 1e-15);
    near(two_best.gini, 0.1, 1e-15);
    near(
        Concentration::of([5, 6, 4, 5], 4).unwrap().entropy,
        1.3762266043445464,
        1e-15,
    );
    assert_eq!(Concentration::of([2, 3, 1, 0], 4).unwrap().coverage(), 0.75);
}

#[test]
fn exposure_of_items_and_groups() {
    let curve = curve("log");
    let items = LISTS
        .iter()
        .flat_map(|list| list.iter().zip(1u64..).map(|(item, place)| (*item, place, 1)));
    let got = exposures(&curve, 6, items);
    near(got.iter().sum(), 8.523719014, 5e-10);
    for (got, expected) in got.iter().zip([3.630930, 2.261860, 1.130930, 0.5, 0.5, 0.5]) {
        near(*got, expected, 5e-7);
    }
    let share = shares(&exposures(&curve, 2, shown())).unwrap();
    near(share[0], 0.75, 1e-3);
    near(share[1], 0.25, 1e-3);
}

/// Against the catalogue artisans get half of their share, against sales far too much, against what people wanted far
/// too little.
#[test]
fn the_target_decides_about_the_artisans() {
    let got = exposures(&curve("log"), 2, shown());
    let share = shares(&got).unwrap();
    let targets = |weights: [f64; 6]| {
        let mut sums = [0.0; 2];
        for (item, weight) in weights.iter().enumerate() {
            sums[ARTISAN[item]] += weight;
        }
        shares(&sums).unwrap()
    };
    let mut wanted = [0.0; 6];
    for item in WANTED.concat() {
        wanted[item] += 1.0;
    }
    let (catalogue, sales, relevance) = (targets([1.0; 6]), targets(POPULARITY), targets(wanted));
    assert_eq!(catalogue, [0.5, 0.5]);
    near(sales[1], 0.15, 1e-15);
    near(relevance[1], 5.0 / 6.0, 1e-15);
    near(ratio(share[1], catalogue[1]).unwrap(), 0.5, 1e-3);
    near(ratio(share[1], sales[1]).unwrap(), 1.67, 5e-3);
    near(ratio(share[1], relevance[1]).unwrap(), 0.3, 1e-3);
    near(got[0], 6.392789, 5e-7);
    near(got[1] / 5.0, 0.426186, 5e-7);
}

#[test]
fn items_that_few_know() {
    let head = short_head(&POPULARITY.map(Some), 0.8);
    let known = Known {
        popularity: true,
        catalogue: true,
        ..Known::default()
    };
    assert_eq!(known.keys(Attention::Log), [TAIL_SHARE, TAIL_ITEMS]);
    let lists: Vec<Vec<Option<f64>>> = LISTS
        .iter()
        .map(|list| {
            let entries: Vec<Entry> = list
                .iter()
                .zip(1..)
                .map(|(item, place)| Entry {
                    place,
                    is_tail: head[*item].map(|head| !head),
                    ..Entry::default()
                })
                .collect();
            known.of(&entries, Attention::Log)
        })
        .collect();
    let mean = |which: usize, lists: &[Vec<Option<f64>>]| {
        lists.iter().filter_map(|list| list[which]).sum::<f64>() / lists.len() as f64
    };
    near(mean(0, &lists), 0.4166667, 5e-8);
    near(mean(0, &lists[..2]), 0.5, 1e-15);
    near(mean(0, &lists[2..]), 0.3333333, 5e-8);
    near(mean(1, &lists), 1.25, 1e-15);
    assert_eq!(known.of(&[Entry::default()], Attention::Log), [None, None]);
}

#[test]
fn the_short_head_does_not_depend_on_the_order() {
    let tied = [Some(1.0), None, Some(5.0), Some(1.0)];
    assert_eq!(short_head(&tied, 0.8), [Some(true), None, Some(true), Some(true)]);
    assert_eq!(short_head(&[Some(0.0), None], 0.8), [Some(false), None]);
}

#[test]
fn chances_of_groups() {
    let in_lists = |group: usize| {
        LISTS
            .as_flattened()
            .iter()
            .filter(|item| ARTISAN[**item] == group)
            .count() as f64
    };
    let candidates = 12.0;
    near(
        group_spread(&[in_lists(0) / candidates, in_lists(1) / candidates]).unwrap(),
        0.3333333,
        5e-8,
    );
    // One of one relevant item of the big ones is shown, three of five of the artisans.
    let hits = |group: usize| {
        (0..4)
            .flat_map(|user| WANTED[user].iter().filter(move |item| LISTS[user].contains(item)))
            .filter(|item| ARTISAN[**item] == group)
            .count() as f64
    };
    assert_eq!([hits(0) / 1.0, hits(1) / 5.0], [1.0, 0.6]);
    near(group_spread(&[1.0, 0.6]).unwrap(), 0.25, 1e-15);
}

/// Sums over lists are taken before the shares: what one list owes an item another may pay.
#[test]
fn attention_is_amortized_over_lists() {
    let one = attention_gap(&[(1.0, 1.0), (0.5, 1.0)]).unwrap();
    let both = attention_gap(&[(1.5, 2.0), (1.5, 2.0)]).unwrap();
    assert!(one > 0.3);
    assert_eq!(both, 0.0);
}
