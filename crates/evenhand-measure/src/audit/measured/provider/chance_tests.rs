//! Tests of how far it may be chance which items are a group's.

use std::collections::BTreeMap;

use crate::audit::model::{Audit, Finding};
use crate::policy::Policy;
use crate::tally::{Axis, Coding, Counts, Cube, Dimension, Level, ListSums, Lists, Stock, Tally, TimesShown};

/// Lists of one item each: how often the items of two groups are shown, to users in 200 buckets in turn.
fn audit(times: [&[u64]; 2]) -> Audit {
    let dimension = |axis: Axis, column: &str, levels: Vec<Level>| Dimension {
        levels,
        ..Dimension::new(axis, column, Coding::AsWritten)
    };
    let groups = || dimension(Axis::Protected, "item.g", ["a", "b"].map(Level::of).to_vec());
    let buckets = (0..200).map(|bucket: u32| Level::of(&bucket.to_string())).collect();
    let rank = dimension(Axis::Rank, "rank", vec![Level::of("1")]);
    let all: u64 = times.iter().flat_map(|of| of.iter()).sum();
    let mut cells: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
    for (group, of) in times.iter().enumerate() {
        let shown: u64 = of.iter().sum();
        for bucket in 0..200u32 {
            // Nearly alike in all buckets, so that users leave next to no doubt.
            let n = shown / 200 + u64::from(u64::from(bucket) < shown % 200);
            cells.insert(vec![group as u32, 0, bucket], n + u64::from(bucket % 7 == group as u32));
        }
    }
    let shown = Cube::new(
        vec![groups(), rank, dimension(Axis::Bucket, "user", buckets)],
        cells.into_iter().map(|(key, n)| (key, Counts::of(n))),
    )
    .unwrap();
    let stock = |items: usize| Stock {
        items: items as u64,
        ..Stock::default()
    };
    let catalogue = Cube::new(
        vec![groups()],
        [(vec![0], stock(times[0].len())), (vec![1], stock(times[1].len()))],
    )
    .unwrap();
    let items = times
        .iter()
        .zip(["a", "b"])
        .flat_map(|(of, name)| of.iter().map(move |n| (name, *n)));
    let lists = Lists {
        columns: ["list", "item", "rank", "user"]
            .map(|role| (role.to_owned(), role.to_owned()))
            .into(),
        of_items: vec!["item.g".to_owned()],
        lists: all,
        users: all,
        longest: 1,
        left_out: BTreeMap::new(),
        found: BTreeMap::new(),
        catalogue,
        has_catalogue: true,
        knows_wanted: false,
        measured: Cube::new(Vec::new(), Vec::<(Vec<u32>, ListSums)>::new()).unwrap(),
        history: None,
        times_shown: items
            .enumerate()
            .map(|(index, (name, times))| TimesShown {
                item: index as u64 + 1,
                times,
                groups: vec![Level::of(name)],
                popularity: None,
                merit: None,
            })
            .collect(),
        shown: shown.clone(),
    };
    let decisions = Cube::new(vec![groups()], [(vec![0], Counts::of(all)), (vec![1], Counts::of(all))]).unwrap();
    let tally = Tally::new(decisions, all).with(Vec::new(), None, Some(lists));
    crate::audit(&tally, &Policy::default()).unwrap()
}

fn finding(audit: &Audit) -> &Finding {
    let is_it = |f: &&Finding| f.criterion == "exposure-parity" && f.group["item.g"].as_deref() == Some("b");
    audit.findings.iter().find(is_it).unwrap()
}

/// The half width of the interval on the scale of logarithms.
fn reach(audit: &Audit) -> f64 {
    let finding = finding(audit);
    (finding.upper.unwrap() / finding.lower.unwrap()).ln() / 2.0
}

#[test]
fn the_error_over_items_is_that_of_a_ratio_of_sums() {
    // Sixty items of each group: 40, 80, 120 times in turn, so that the squared coefficient of variation with n - 1 is
    // 60 / 59 * (1600 * 2 / 3) / 6400.
    let of: Vec<u64> = (0..60).map(|item| 40 * (1 + item % 3)).collect();
    let uneven = audit([&of, &of]);
    let variance = 2.0 * (60.0 / 59.0 * (3_200.0 / 3.0) / 6_400.0) / 60.0;
    // The t quantile of about 118 degrees of freedom is 1.980. A twentieth: users add a little.
    let expected = 1.980 * f64::sqrt(variance);
    assert!(
        (reach(&uneven) / expected - 1.0).abs() < 0.05,
        "{} {expected}",
        reach(&uneven)
    );
    assert_eq!(finding(&uneven).method, "jackknife, and spread over items");
}

#[test]
fn even_items_leave_the_error_of_users_alone() {
    let even = audit([&[80; 60], &[80; 60]]);
    assert!(reach(&even) < 0.01, "{}", reach(&even));
}

#[test]
fn few_items_are_taken_to_be_as_uneven_as_all() {
    let of: Vec<u64> = (0..60).map(|item| 40 * (1 + item % 3)).collect();
    // Three items that happen to be shown alike are not known to be more even than the others.
    let few = audit([&of, &[80, 80, 80]]);
    assert!(reach(&few) > reach(&audit([&of, &of])) * 2.0, "{}", reach(&few));
    let single = audit([&of, &[80]]);
    let finding = finding(&single);
    assert_eq!(finding.lower, None);
    assert!(
        finding.why.as_ref().unwrap().contains("a single item"),
        "{:?}",
        finding.why
    );
}
