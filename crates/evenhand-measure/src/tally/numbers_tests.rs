//! Tests of the numbers of a tally.

use proptest::prelude::*;

use super::*;
use crate::tally::{Axis, Coding, Dimension, Level};

fn cube(groups: &[(&str, Numbers)]) -> Cube<Numbers> {
    let mut group = Dimension::new(Axis::Protected, "g", Coding::AsWritten);
    group.levels = groups.iter().map(|(name, _)| Level::of(name)).collect();
    let cells = groups
        .iter()
        .enumerate()
        .map(|(index, (_, numbers))| (vec![index as u32], numbers.clone()));
    Cube::new(vec![group], cells).unwrap()
}

fn measured(numbers: &[f64]) -> Measured {
    let numbers = Numbers::of(numbers.iter().map(|x| (*x, 1)), 0);
    Measured::new(NumberRole::Score, "s", ALL_BITS, cube(&[("a", numbers)]))
}

#[test]
fn ranks_rise_with_numbers_and_come_back() {
    let numbers = [f64::MIN, -1.5, -1e-300, 0.0, 5e-324, 0.1, 1.0, 1e300, f64::MAX];
    assert!(numbers.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
    assert!(numbers.iter().all(|x| unrank(rank(*x)) == *x));
    assert_eq!(rank(-0.0), rank(0.0));
}

#[test]
fn few_numbers_are_kept_as_they_are() {
    let numbers = Numbers::of([(0.5, 2), (0.25, 1), (0.5, 1), (7.0, 0)], 4);
    assert_eq!((numbers.n(), numbers.missing, numbers.bars.len()), (4, 4, 2));
    assert_eq!(numbers.mean(), Some(1.75 / 4.0));
    assert_eq!(numbers.sums.squares.value(), 3.0 * 0.25 + 0.0625);
    assert_eq!(numbers.sums.not_positive, 0);
    let of = measured(&[1.0, 2.0]);
    assert!(of.is_exact());
    assert_eq!(of.until(1.0), 1.0);
}

#[test]
fn many_numbers_are_kept_with_as_many_bits_as_fit() {
    let numbers: Vec<f64> = (0..10_000).map(|n| f64::from(n) / 10_000.0).collect();
    let of = measured(&numbers);
    assert!(!of.is_exact());
    let (_, cell) = of.cells.cells().next().unwrap();
    assert!(
        cell.bars.len() <= MOST_LEVELS && cell.bars.len() > MOST_LEVELS / 3,
        "{}",
        cell.bars.len()
    );
    assert_eq!(cell.n(), 10_000);
    assert_eq!(cell.mean(), Some(0.49995));
    for bar in &cell.bars {
        let mean = bar.sum.as_ref().unwrap().value() / bar.n as f64;
        assert!(bar.from <= mean && mean <= of.until(bar.from));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn parts_in_any_order_are_the_whole(numbers in prop::collection::vec(-1e3f64..1e6, 1..9_000), cut in 0usize..9_000) {
        let whole = measured(&numbers);
        let cut = cut.min(numbers.len());
        let (one, two) = (measured(&numbers[..cut]), measured(&numbers[cut..]));
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::to_string(&one.merge(&two).unwrap()).unwrap(), &text);
        prop_assert_eq!(&serde_json::to_string(&two.merge(&one).unwrap()).unwrap(), &text);
        let read: Measured = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(read.checked().unwrap(), whole);
    }
}

#[test]
fn bars_of_many_cells_are_bounded_together() {
    let of = |group: &'static str, first: u32| {
        let numbers = (0..100).map(|i| (f64::from(first + i) / 7.0, 1));
        (group, Numbers::of(numbers, 0))
    };
    let whole = Measured::new(
        NumberRole::Score,
        "s",
        ALL_BITS,
        cube(&[of("a", 0), of("b", 40), of("c", 5_000)]),
    );
    assert!(whole.is_exact());
    assert_eq!(whole.fitting(300), ALL_BITS);
    let bars = |bits: u8| {
        let mut short = whole.clone();
        short.shorten(bits);
        short
            .cells
            .cells()
            .map(|(_, numbers)| numbers.bars.len())
            .sum::<usize>()
    };
    for most in [1, 3, 17, 150, 299] {
        let bits = whole.fitting(most);
        assert!(bits == 0 || bars(bits) <= most, "{bits}");
        assert!(bars(bits + 1) > most, "one bit more would be too many");
    }
}

proptest! {
    #[test]
    fn growing_sums_are_the_sums(
        rows in prop::collection::vec(
            (
                prop_oneof![-2.0..2.0f64, 0.0..1.0f64, -1e9..1e9f64, Just(0.0), Just(1.0), Just(1e-131), Just(1e140)],
                prop_oneof![Just(1u64), 0u64..9, 1u64 << 33..1 << 40],
            ),
            0..30,
        ),
    ) {
        let (mut slow, mut fast) = (Sums::default(), GrowingSums::default());
        for (x, n) in rows {
            slow.add(x, n);
            fast.add(x, n);
        }
        prop_assert_eq!(
            serde_json::to_string(&fast.sums()).unwrap(),
            serde_json::to_string(&slow).unwrap()
        );
    }
}

fn kept(numbers: &[f64]) -> Measured {
    let numbers = Numbers::of(numbers.iter().map(|x| (*x, 1)), 0);
    Measured::exact(NumberRole::Score, "s", cube(&[("a", numbers)]))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn numbers_that_are_all_kept_merge_to_the_whole_in_any_order(
        numbers in prop::collection::vec(-1e3f64..1e6, 5_000..9_000), one in 0usize..9_000, two in 0usize..9_000,
    ) {
        let whole = kept(&numbers);
        prop_assert!(whole.is_exact() && !measured(&numbers).is_exact());
        let mut different = numbers.clone();
        different.sort_by(f64::total_cmp);
        different.dedup();
        prop_assert_eq!(whole.bars(), different.len());
        let mut cuts = [one.min(numbers.len()), two.min(numbers.len())];
        cuts.sort_unstable();
        let [a, b, c] = [&numbers[..cuts[0]], &numbers[cuts[0]..cuts[1]], &numbers[cuts[1]..]].map(kept);
        let text = |measured: &Measured| serde_json::to_string(measured).unwrap();
        prop_assert_eq!(text(&a.merge(&b).unwrap().merge(&c).unwrap()), text(&whole));
        prop_assert_eq!(text(&a.merge(&b.merge(&c).unwrap()).unwrap()), text(&whole));
        prop_assert_eq!(text(&c.merge(&a).unwrap().merge(&b).unwrap()), text(&whole));
        let read: Measured = serde_json::from_str(&text(&whole)).unwrap();
        prop_assert_eq!(read.checked().unwrap(), whole);
    }
}

/// Were it allowed, whether a third part can be added would depend on the order of the parts.
#[test]
fn what_keeps_every_number_does_not_merge_with_what_may_not() {
    let (exact, other) = (kept(&[1.0, 2.0]), measured(&[1.0, 2.0]));
    for (one, two) in [(&exact, &other), (&other, &exact)] {
        assert!(one.merge(two).unwrap_err().0.contains("--exact"));
    }
    // Tallies of those who never ask for it keep their bytes.
    assert!(!serde_json::to_string(&other).unwrap().contains("exact"));
    let mut odd = measured(&(0..9_000).map(f64::from).collect::<Vec<_>>());
    odd.exact = true;
    assert!(odd.checked().unwrap_err().0.contains("contradict"));
}
