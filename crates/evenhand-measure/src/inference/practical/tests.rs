use proptest::prelude::*;

use super::super::testing::agrees;
use super::*;

fn counts(successes: u64, trials: u64) -> Counts {
    Counts::new(successes, trials).unwrap()
}

#[test]
fn recomputed_impact_of_sixteen_tables() {
    // Computed from the formulas with numpy 2. The second is Morris (2017); the fifth and sixth are the example of New
    // York's Department of Consumer and Worker Protection, the seventh to eleventh SolasAI's of mortgage data.
    // Columns: phi, h, shortfall at the reference's rate and at the common one, moves to four fifths and to parity,
    // whether one person decides. 10 digits are printed.
    for ([x_a, n_a, x_b, n_b], [phi_, h, shortfall, expected], [four_fifths, parity], one_person) in [
        (
            [1, 10, 3, 20],
            ["-0.06933752453", "-0.1518977214", "0.5", "0.3333333333"],
            [1, 1],
            true,
        ),
        (
            [2, 10, 15, 25],
            ["-0.361550763", "-0.8448590296", "4", "2.857142857"],
            [3, 3],
            false,
        ),
        (
            [48, 100, 60, 100],
            ["-0.1203858531", "-0.2413685951", "12", "6"],
            [0, 6],
            false,
        ),
        (
            [52, 395, 48, 255],
            ["-0.07658167709", "-0.1549412398", "22.35294118", "8.769230769"],
            [4, 9],
            false,
        ),
        (
            [555, 1181, 667, 1390],
            ["-0.009894650002", "-0.01985614014", "11.71007194", "6.330999611"],
            [0, 7],
            false,
        ),
        (
            [170, 390, 412, 797],
            ["-0.07614256867", "-0.1624424821", "31.60602258", "21.22156698"],
            [0, 22],
            false,
        ),
        (
            [1065, 1337, 13142, 14461],
            ["-0.1037973752", "-0.3222655008", "150.051103", "137.3521332"],
            [0, 138],
            false,
        ),
        (
            [1224, 1286, 13142, 14461],
            ["0.04163097767", "0.1708537719", "-55.29714404", "-50.78122817"],
            [0, 0],
            false,
        ),
        (
            [81, 94, 13142, 14461],
            ["-0.01308119052", "-0.1484723888", "4.426180762", "4.397595328"],
            [0, 5],
            false,
        ),
        (
            [1593, 2032, 13943, 15175],
            ["-0.1469746158", "-0.3889571299", "274.0297199", "241.6691463"],
            [0, 242],
            false,
        ),
        (
            [3719, 4222, 5806, 6497],
            ["-0.01984943193", "-0.04042528306", "53.96167462", "32.70724881"],
            [0, 33],
            false,
        ),
        (
            [0, 20, 5, 30],
            ["-0.272165527", "-0.8410686706", "3.333333333", "2"],
            [2, 2],
            false,
        ),
        (
            [450, 1000, 500, 1000],
            ["-0.05006261743", "-0.1001674212", "50", "25"],
            [0, 25],
            false,
        ),
        (
            [7, 34, 1, 34],
            ["0.2738612788", "0.5972202215", "-6", "-3"],
            [0, 0],
            false,
        ),
        (
            [557, 1835, 1198, 2691],
            ["-0.1427317602", "-0.2939545341", "259.9193608", "154.5388864"],
            [63, 155],
            false,
        ),
        (
            [9, 10, 10, 10],
            ["-0.2294157339", "-0.6435011088", "1", "0.5"],
            [0, 1],
            true,
        ),
    ] {
        let (a, b) = (counts(x_a, n_a), counts(x_b, n_b));
        agrees(phi(a, b).unwrap(), phi_, 10);
        agrees(cohens_h(a, b), h, 10);
        agrees(shortfall_at_reference_rate(a, b), shortfall, 10);
        agrees(shortfall_at_common_rate(a, b), expected, 10);
        assert_eq!(moves_to_ratio(a, b, 4, 5), Some(four_fifths), "{a:?} {b:?}");
        assert_eq!(moves_to_ratio(a, b, 1, 1), Some(parity), "{a:?} {b:?}");
        assert_eq!(one_person_decides(a, b), one_person, "{a:?} {b:?}");
    }
}

#[test]
fn the_conventional_words() {
    for (h, phi, word) in [
        (0.19, 0.09, "negligible"),
        (0.2, -0.1, "small"),
        (-0.5, 0.3, "medium"),
        (0.8, -0.5, "large"),
    ] {
        assert_eq!(Magnitude::of_h(h).word(), word);
        assert_eq!(Magnitude::of_phi(phi).word(), word);
    }
}

#[test]
fn the_ends() {
    assert_eq!(phi(counts(0, 5), counts(0, 7)), None);
    assert_eq!(phi(counts(5, 5), counts(7, 7)), None);
    assert_eq!(cohens_h(counts(0, 5), counts(0, 7)), 0.0);
    assert_eq!(cohens_h(counts(5, 5), counts(7, 7)), 0.0);
    assert_eq!(cohens_h(counts(0, 5), counts(7, 7)), -std::f64::consts::PI);
    assert_eq!(moves_to_ratio(counts(0, 5), counts(0, 7), 4, 5), Some(0));
    // One person of a cannot be selected 1.25 times as often as everybody of b but one.
    assert_eq!(moves_to_ratio(counts(0, 1), counts(100, 100), 5, 4), None);
    assert_eq!(moves_to_ratio(counts(1, 5), counts(1, 7), 4, 0), None);
    // Products of 2^64 and 2^64 and 2^64: exact ties and one short of them.
    let huge = u64::MAX;
    assert_eq!(
        moves_to_ratio(counts(huge, huge), counts(huge, huge), huge, huge),
        Some(0)
    );
    assert_eq!(
        moves_to_ratio(counts(huge - 1, huge), counts(huge, huge), huge, huge),
        Some(1)
    );
    assert!(one_person_decides(counts(huge - 1, huge), counts(huge, huge)));
    assert_eq!(
        shortfall_at_reference_rate(counts(huge - 1, huge), counts(huge, huge)),
        1.0
    );
    // 1e15 trials with rates of 1/2 that differ in the last person: h is 2e-15, all digits of it.
    let (half, n) = (500_000_000_000_000, 1_000_000_000_000_000);
    let h = cohens_h(counts(half + 1, n), counts(half, n));
    assert!((h / 2e-15 - 1.0).abs() < 1e-12, "{h}");
}

fn groups() -> impl Strategy<Value = Counts> {
    (1..60u64, 0.0..=1.0f64).prop_map(|(trials, share)| counts((trials as f64 * share).round() as u64, trials))
}

proptest! {
    #[test]
    fn moves_are_the_fewest(a in groups(), b in groups(), numerator in 0..9u64, denominator in 1..9u64) {
        let reached = |k: u64| denominator * (a.successes + k) * b.trials >= numerator * (b.successes - k) * a.trials;
        let most = b.successes.min(a.trials - a.successes);
        let expected = (0..=most).find(|&k| reached(k));
        prop_assert_eq!(moves_to_ratio(a, b, numerator, denominator), expected);
        prop_assert!(numerator > denominator || expected.is_some());
        // The test of one person is the test of one move to parity, for a group that is behind.
        prop_assert_eq!(one_person_decides(a, b), moves_to_ratio(a, b, 1, 1) == Some(1));
    }

    #[test]
    fn exchanging_groups_or_outcomes_turns_the_sign(a in groups(), b in groups()) {
        prop_assert_eq!(cohens_h(a, b), -cohens_h(b, a));
        prop_assert_eq!(phi(a, b), phi(b, a).map(|phi| -phi));
        prop_assert!((shortfall_at_common_rate(a, b) + shortfall_at_common_rate(b, a)).abs() < 1e-12);
        let failed = |group: Counts| counts(group.trials - group.successes, group.trials);
        prop_assert!((cohens_h(a, b) + cohens_h(failed(a), failed(b))).abs() < 1e-14);
        let shortfalls = shortfall_at_reference_rate(a, b) + shortfall_at_reference_rate(failed(a), failed(b));
        prop_assert!(shortfalls.abs() < 1e-12);
        let rate = |group: Counts| group.successes as f64 / group.trials as f64;
        let h = 2.0 * rate(a).sqrt().asin() - 2.0 * rate(b).sqrt().asin();
        // 1e-7: the arc sine is steep near 1.
        prop_assert!((cohens_h(a, b) - h).abs() < 1e-7);
    }
}
