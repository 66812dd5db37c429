//! One ranked list of ten.

use super::*;
use crate::tally::Level;

/// Each as attention, total of A and B, share of B, mean of A and B, ratio of means, share over that of the catalogue.
#[test]
fn exposure_under_five_models() {
    for (attention, expected) in [
        (
            "log",
            [3.189455, 1.354105, 0.298027, 0.531576, 0.338526, 0.636835, 0.745068],
        ),
        (
            "rbp:0.85",
            [0.578818, 0.224307, 0.279293, 0.096470, 0.056077, 0.581289, 0.698232],
        ),
        (
            "geometric:0.5",
            [0.925781, 0.073242, 0.073314, 0.154297, 0.018311, 0.118671, 0.183284],
        ),
        (
            "trec",
            [3.781792, 1.472702, 0.280275, 0.630299, 0.368176, 0.584129, 0.700687],
        ),
        ("top:5", [4.0, 1.0, 0.2, 2.0 / 3.0, 0.25, 0.375, 0.5]),
    ] {
        let got = exposures(&curve(attention), 2, shown());
        let share = shares(&got).unwrap();
        let means = [got[0] / 6.0, got[1] / 4.0];
        let found = [
            got[0],
            got[1],
            share[1],
            means[0],
            means[1],
            means[1] / means[0],
            ratio(share[1], 0.4).unwrap(),
        ];
        for (value, expected) in found.into_iter().zip(expected) {
            near(value, expected, 6e-7);
        }
        let ratios = [ratio(share[0], 0.6).unwrap(), ratio(share[1], 0.4).unwrap()];
        near(parity(&ratios).unwrap(), expected[5], 6e-7);
        near(gap(&means).unwrap(), expected[3] - expected[4], 2e-6);
    }
}

#[test]
fn exposure_for_merit() {
    let got = by_group((1..=10).map(|k| Attention::Log.weight(k).unwrap()));
    let scores = by_group(SCORES);
    let binary = by_group(RELEVANT.map(|yes| f64::from(u8::from(yes))));
    let worth = |merit: &[f64]| by_group((1..=10).zip(merit).map(|(k, m)| Attention::Log.weight(k).unwrap() * m));
    near(
        treatment((got[1], scores[1]), (got[0], scores[0])).unwrap(),
        0.777290,
        5e-7,
    );
    near(
        treatment((got[1], binary[1]), (got[0], binary[0])).unwrap(),
        0.424557,
        5e-7,
    );
    let by_score = worth(&SCORES);
    near(
        impact((by_score[1], scores[1]), (by_score[0], scores[0])).unwrap(),
        0.625609,
        5e-7,
    );
    let by_relevance = worth(&RELEVANT.map(|yes| f64::from(u8::from(yes))));
    near(
        impact((by_relevance[1], binary[1]), (by_relevance[0], binary[0])).unwrap(),
        0.535967,
        5e-7,
    );
    // Means over the items of a group give the same.
    let mean = |sums: [f64; 2]| [sums[0] / 6.0, sums[1] / 4.0];
    let (got, merit) = (mean(got), mean(scores));
    near(
        treatment((got[1], merit[1]), (got[0], merit[0])).unwrap(),
        0.777290,
        5e-7,
    );
    assert_eq!(treatment((1.0, 1.0), (1.0, 0.0)), None);
}

#[test]
fn inequity_of_attention() {
    for (attention, expected) in [("geometric:0.5", 1.026611), ("log", 0.226541)] {
        let curve = curve(attention);
        let items: Vec<(f64, f64)> = (1..)
            .zip(SCORES)
            .map(|(place, score)| (curve.weight(place), score))
            .collect();
        near(attention_gap(&items).unwrap(), expected, 5e-7);
        let list: Vec<Entry> = (1..)
            .zip(SCORES)
            .map(|(place, score)| Entry {
                place,
                merit: Some(score),
                ..Entry::default()
            })
            .collect();
        let known = Known {
            merit: true,
            ..Known::default()
        };
        near(known.of(&list, attention.parse().unwrap())[0].unwrap(), expected, 5e-7);
    }
    assert_eq!(attention_gap(&[]), None);
    assert_eq!(attention_gap(&[(1.0, 0.0)]), None);
}

#[test]
fn shares_against_targets() {
    for (attention, jsd, fairness) in [("log", 0.008276, 0.991724), ("geometric:0.5", 0.114876, 0.885124)] {
        let got = shares(&exposures(&curve(attention), 2, shown())).unwrap();
        near(jensen_shannon(&got, &CATALOGUE).unwrap(), jsd, 5e-7);
        near(awrf(&got, &CATALOGUE).unwrap(), fairness, 5e-7);
    }
    let got = shares(&exposures(&curve("log"), 2, shown())).unwrap();
    near(jensen_shannon(&got, &CATALOGUE).unwrap().sqrt(), 0.090971, 5e-7);
    near(divergence(&got, &CATALOGUE).unwrap(), 0.022482, 5e-7);
}

#[test]
fn skew_and_the_divergence_of_prefixes() {
    let count = |k: usize, group: usize| GROUPS[..k].iter().filter(|g| **g == group).count() as u64;
    near(skew(count(5, 0), 5, 0.6).unwrap(), 0.287682, 5e-7);
    near(skew(count(5, 1), 5, 0.4).unwrap(), -std::f64::consts::LN_2, 1e-15);
    assert_eq!(skew(count(3, 1), 3, 0.4), Err(NoSkew::Absent));
    near(skew(count(10, 0), 10, 0.6).unwrap(), 0.0, 1e-15);
    near(skew(count(10, 1), 10, 0.4).unwrap(), 0.0, 1e-15);
    let found = ndkl(&GROUPS, &CATALOGUE).unwrap();
    near(found, 0.2682902496, 5e-11);
    near(found / std::f64::consts::LN_2, 0.3870610127, 5e-11);
}

/// The example in the documentation of credoai-lens, which adds something tiny under the logarithm: 1e-12 of difference.
#[test]
fn the_divergence_of_prefixes_of_another_software() {
    near(
        ndkl(&[0, 1, 1, 0, 1, 1], &[0.6, 0.4]).unwrap(),
        0.208096993149323,
        2e-12,
    );
}

#[test]
fn pairwise_accuracy() {
    let list: Vec<(usize, Option<bool>)> = GROUPS.into_iter().zip(RELEVANT.map(Some)).collect();
    let found = Pairs::of_list(&list, 2);
    let wins = |wins, pairs| Wins { wins, pairs };
    assert_eq!((found[0].within, found[0].between), (wins(7, 9), wins(3, 3)));
    assert_eq!((found[1].within, found[1].between), (wins(3, 3), wins(3, 9)));
    let between = |group: usize| found[group].between.accuracy().unwrap();
    near(between(0) - between(1), 0.6667, 5e-5);
}

#[test]
fn the_measures_of_a_list_are_its_functions() {
    let groups = ["A", "B"].map(|name| vec![Level::of(name)]);
    let known = Known {
        relevance: true,
        catalogue: true,
        ..Known::default()
    };
    let list: Vec<Entry> = (0..10)
        .map(|i| Entry {
            place: i as u64 + 1,
            group: GROUPS[i],
            relevant: Some(RELEVANT[i]),
            ..Entry::default()
        })
        .collect();
    let measuring = Measuring::new(&["g"], &groups, &CATALOGUE, known, Attention::Log);
    let values = measuring.of(&list);
    assert_eq!(values.len(), measuring.keys().len());
    near(values[0].unwrap(), 0.2682902496, 5e-11);
    near(values[1].unwrap(), 0.991724, 5e-7);
    let pairs = measuring.pairs(&list);
    assert_eq!(pairs.len(), measuring.pair_keys().len());
    assert_eq!(measuring.pair_keys()[3], r#"pairs-between of ["g"] ["B"]"#);
    assert_eq!(pairs[3], Wins { wins: 3, pairs: 9 });
    assert_eq!(measuring.wanted_keys()[0], r#"wanted of ["g"] ["A"]"#);
    // Without clicks there are no pairs, and what clicks say of places is not known yet.
    let known = Known {
        relevance: false,
        ..known
    };
    let measuring = Measuring::new(&["g"], &groups, &CATALOGUE, known, Attention::Clicks);
    assert_eq!((measuring.pair_keys().len(), measuring.pairs(&list).len()), (0, 0));
    assert_eq!(measuring.of(&list).len(), 1);
    assert_eq!(measuring.of(&[]), [None]);
    // Without the catalogue there is no target that all parts of the lists share.
    let measuring = Measuring::new(&["g"], &groups, &CATALOGUE, Known::default(), Attention::Log);
    assert_eq!(
        (
            measuring.keys().len(),
            measuring.of(&list).len(),
            measuring.wanted_keys().len()
        ),
        (0, 0, 0)
    );
}
