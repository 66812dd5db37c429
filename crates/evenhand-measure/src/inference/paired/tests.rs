use super::*;

const Z: f64 = 1.959963984540054;

fn paired(both: u64, first: u64, second: u64, neither: u64) -> Paired {
    Paired {
        both,
        first,
        second,
        neither,
    }
}

fn close(found: f64, wanted: f64, digits: f64, what: &str) {
    assert!(
        (found - wanted).abs() <= digits * wanted.abs().max(1e-3),
        "{what}: {found} is not {wanted}"
    );
}

/// b, c, exact, mid-p, chi-square, its p, corrected, its p: computed with scipy 1.17.1 and statsmodels 0.15.0.
const MC_NEMAR: [(u64, u64, [f64; 6]); 7] = [
    (
        150,
        86,
        [
            3.715936140e-05,
            2.893389518e-05,
            17.3559322,
            3.099293441e-05,
            16.81779661,
            4.114562281e-05,
        ],
    ),
    (
        12,
        2,
        [
            0.01293945312,
            0.007385253906,
            7.142857143,
            0.007526315166,
            5.785714286,
            0.01615693126,
        ],
    ),
    (2, 8, [0.109375, 0.0654296875, 3.6, 0.05777957112, 2.5, 0.113846298]),
    (1, 7, [0.0703125, 0.0390625, 4.5, 0.03389485352, 3.125, 0.07709987174]),
    (0, 5, [0.0625, 0.03125, 5.0, 0.02534731868, 3.2, 0.07363827012]),
    (
        25,
        2,
        [
            5.647540092e-06,
            3.032386303e-06,
            19.59259259,
            9.584005666e-06,
            17.92592593,
            2.296710873e-05,
        ],
    ),
    (
        37,
        21,
        [
            0.04794032407,
            0.03634317996,
            4.413793103,
            0.03564948855,
            3.879310345,
            0.04888463392,
        ],
    ),
];

#[test]
fn mcnemar_agrees_with_other_software() {
    for (b, c, wanted) in MC_NEMAR {
        let found = paired(0, b, c, 0).mcnemar().unwrap();
        let found = [
            found.exact,
            found.mid_p,
            found.chi_square,
            found.p,
            found.corrected,
            found.p_corrected,
        ];
        // Ten digits are printed.
        for (found, wanted) in found.into_iter().zip(wanted) {
            assert!((found / wanted - 1.0).abs() < 1e-9, "{b} {c}: {found} is not {wanted}");
        }
    }
}

/// Cells, difference, then Tango, Newcombe 8, Newcombe 10, Wald, Bonett and Price: own double-precision program in
/// Python, agreeing to the printed digits with those that the R package ratesci tests against.
const INTERVALS: [([u64; 4], f64, [f64; 10]); 8] = [
    (
        [4, 9, 3, 16],
        0.1875,
        [
            -0.0270904645,
            0.389697487,
            -0.0180120032,
            0.373125373,
            -0.0273480821,
            0.380671578,
            -0.014482036,
            0.389482036,
            -0.0309042469,
            0.383845423,
        ],
    ),
    (
        [53, 16, 8, 9],
        0.09302325581,
        [
            -0.0196589227,
            0.206910771,
            -0.0177433564,
            0.201786657,
            -0.0201040769,
            0.203915835,
            -0.0168812283,
            0.20292774,
            -0.0210582783,
            0.20287646,
        ],
    ),
    (
        [1, 1, 7, 12],
        -0.2857142857,
        [
            -0.517232276,
            -0.0260030325,
            -0.50166254,
            -0.0360525535,
            -0.506920227,
            -0.0255591242,
            -0.519709036,
            -0.0517195352,
            -0.508359307,
            -0.0133798238,
        ],
    ),
    (
        [20, 12, 2, 16],
        0.2,
        [
            0.0611124062,
            0.344708748,
            0.0618047582,
            0.324162293,
            0.0561564248,
            0.329206995,
            0.0642097119,
            0.335790288,
            0.0508916704,
            0.333723714,
        ],
    ),
    (
        [8, 3, 1, 2],
        0.1428571429,
        [
            -0.166974512,
            0.432663852,
            -0.12503761,
            0.38877346,
            -0.15743725,
            0.413639417,
            -0.12695265,
            0.412666936,
            -0.168739283,
            0.418739283,
        ],
    ),
    (
        [7, 25, 2, 68],
        0.2254901961,
        [
            0.139182546,
            0.321329751,
            0.13531966,
            0.316890018,
            0.132948707,
            0.31847515,
            0.135744663,
            0.315235729,
            0.128995224,
            0.313312469,
        ],
    ),
    (
        [43, 0, 1, 0],
        -0.02272727273,
        [
            -0.118077097,
            0.0593932311,
            -0.118077097,
            0.0597180084,
            -0.118077097,
            0.0597180084,
            -0.0667628105,
            0.021308265,
            -0.095270326,
            0.0517920651,
        ],
    ),
    (
        [794, 150, 86, 570],
        0.04,
        [
            0.0213615648,
            0.0589980333,
            0.0212705058,
            0.0586639738,
            0.021230424,
            0.0587038729,
            0.0212838832,
            0.0587161168,
            0.0211772798,
            0.0587228451,
        ],
    ),
];

#[test]
fn intervals_agree_with_published_ones() {
    for ([a, b, c, d], difference, wanted) in INTERVALS {
        let rows = paired(a, b, c, d);
        close(rows.difference().unwrap(), difference, 1e-9, "difference");
        let found = [
            rows.difference_interval(Z).unwrap(),
            rows.newcombe_interval(Z, false).unwrap(),
            rows.newcombe_interval(Z, true).unwrap(),
            rows.wald_interval(Z).unwrap(),
            rows.bonett_price_interval(Z).unwrap(),
        ];
        for (interval, (wanted, name)) in
            found
                .into_iter()
                .zip(wanted.chunks(2).zip(["Tango", "8", "10", "Wald", "Bonett-Price"]))
        {
            // Nine digits are printed.
            close(interval.lower, wanted[0], 2e-8, &format!("{a} {b} {c} {d} {name}"));
            close(interval.upper, wanted[1], 2e-8, &format!("{a} {b} {c} {d} {name}"));
        }
    }
}

#[test]
fn the_ratio_of_the_airways_is_that_of_the_textbook() {
    // Fagerland, Lydersen and Laake (2014), airway hyper-responsiveness before and after transplantation.
    let interval = paired(1, 1, 7, 12).ratio_interval(Z).unwrap();
    assert_eq!(paired(1, 1, 7, 12).ratio(), Some(0.25));
    assert_eq!(
        (format!("{:.3}", interval.lower), format!("{:.3}", interval.upper)),
        ("0.065".to_owned(), "0.907".to_owned())
    );
}

fn tables() -> impl Iterator<Item = Paired> {
    let sizes = [0, 1, 2, 7, 40];
    let all = move |f: fn(u64, u64, u64, u64) -> Paired| {
        sizes.into_iter().flat_map(move |a| {
            sizes.into_iter().flat_map(move |b| {
                sizes
                    .into_iter()
                    .flat_map(move |c| sizes.into_iter().map(move |d| f(a, b, c, d)))
            })
        })
    };
    all(paired).filter(|rows| rows.rows() > 0)
}

#[test]
fn exchanging_the_answers_negates_and_inverts() {
    for rows in tables() {
        let (one, two) = (
            rows.difference_interval(Z).unwrap(),
            rows.exchanged().difference_interval(Z).unwrap(),
        );
        assert!(
            (one.lower + two.upper).abs() < 1e-9 && (one.upper + two.lower).abs() < 1e-9,
            "{rows:?}"
        );
        if let (Some(one), Some(two)) = (rows.ratio_interval(Z), rows.exchanged().ratio_interval(Z)) {
            let inverse = 1.0 / two.upper;
            assert!(
                (one.lower - inverse).abs() <= 1e-7 * one.lower.max(1e-9),
                "{rows:?} {one:?} {two:?}"
            );
        }
        assert_eq!(rows.mcnemar(), rows.exchanged().mcnemar());
    }
}

#[test]
fn at_equality_both_statistics_are_that_of_mcnemar() {
    for rows in tables() {
        let wanted = rows.mcnemar().map(|test| test.chi_square);
        let found = rows.difference_z(0.0).unwrap();
        assert!((found * found - wanted.unwrap_or(0.0)).abs() < 1e-9, "{rows:?}");
        if let Some(found) = rows.ratio_z(1.0) {
            assert!((found * found - wanted.unwrap_or(0.0)).abs() < 1e-9, "{rows:?}");
        }
    }
}

#[test]
fn nothing_is_a_number_that_is_none() {
    for rows in tables() {
        let interval = rows.difference_interval(Z).unwrap();
        let point = rows.difference().unwrap();
        assert!(interval.lower <= point && point <= interval.upper && interval.lower >= -1.0 && interval.upper <= 1.0);
        for bound in [-1.0, -0.3, 0.0, 0.01, 0.5, 1.0] {
            assert!(!rows.difference_z(bound).unwrap().is_nan(), "{rows:?} {bound}");
        }
        if let Some(interval) = rows.ratio_interval(Z) {
            assert!(
                interval.lower <= interval.upper && interval.lower >= 0.0,
                "{rows:?} {interval:?}"
            );
        }
    }
}

#[test]
fn what_never_differs_still_leaves_a_doubt() {
    let same = paired(30, 0, 0, 70);
    assert_eq!(same.mcnemar(), None);
    // One less the 100th root of 0.025: the exact limit of none in a hundred.
    assert!((same.largest_flip_rate(Z).unwrap() - (1.0 - 0.025f64.powf(0.01))).abs() < 1e-9);
}
