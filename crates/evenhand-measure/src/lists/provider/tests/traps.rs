//! Defects of other software that are not to come back here.

use super::*;

/// One divides by n, another by n - 1, a third returns what is left to 1.
#[test]
fn trap_3_gini_is_named_by_its_divisor() {
    let all_to_one = Concentration::of([7], 4).unwrap();
    assert_eq!(all_to_one.gini, 0.75);
    assert_eq!(all_to_one.gini_unbiased, Some(1.0));
    // Entropy is divided by that of all items, not of those that happened to be shown.
    assert_eq!(Concentration::of([3, 3], 4).unwrap().evenness, Some(0.5));
    assert_eq!(Concentration::of([3], 1).unwrap().gini_unbiased, None);
    assert_eq!(Concentration::of([0, 0], 4), None);
    assert_eq!(Concentration::of([1, 1, 1], 2), None);
}

/// One name, two quantities: 1 less a divergence, and the largest less the smallest attention per item.
#[test]
fn trap_4_awrf_is_no_gap() {
    let got = exposures(&curve("log"), 2, shown());
    near(awrf(&shares(&got).unwrap(), &CATALOGUE).unwrap(), 0.991724, 5e-7);
    near(gap(&[got[0] / 6.0, got[1] / 4.0]).unwrap(), 0.531576 - 0.338526, 1e-6);
}

/// The inequity of attention of only the first list, of attention that does not add up to 1.
#[test]
fn trap_4_inequity_of_attention_has_shares_on_both_sides() {
    let items = [(1.0, 10.0), (1.0, 10.0), (2.0, 20.0)];
    assert_eq!(attention_gap(&items), Some(0.0));
    let tenfold = items.map(|(attention, relevance)| (attention * 10.0, relevance));
    assert_eq!(attention_gap(&tenfold), Some(0.0));
}

/// A target made of the list itself, and an addition under the logarithm.
#[test]
fn trap_4_ndkl_has_a_target_of_its_own_and_no_epsilon() {
    let list = [0, 0, 0];
    near(ndkl(&list, &[0.5, 0.5]).unwrap(), std::f64::consts::LN_2, 1e-15);
    assert_eq!(ndkl(&list, &[1.0, 0.0]), Some(0.0));
}

/// Relevance that was clicked on, and is not normalised.
#[test]
fn trap_9_shares_add_up_to_1() {
    let got = shares(&exposures(&curve("top:5"), 2, shown())).unwrap();
    assert_eq!(got, [0.8, 0.2]);
}

/// 0 ln 0 is 0; what would be infinite is absent; the divergence of Jensen and Shannon is always there.
#[test]
fn trap_14_nothing_is_infinite() {
    assert_eq!(divergence(&[0.0, 1.0], &[0.0, 1.0]), Some(0.0));
    assert_eq!(divergence(&[0.5, 0.5], &[0.0, 1.0]), None);
    assert_eq!(jensen_shannon(&[1.0, 0.0], &[0.0, 1.0]), Some(1.0));
    assert_eq!(ndkl(&[0, 1], &[0.0, 1.0]), None);
    assert_eq!(ndkl(&[], &[0.5, 0.5]), None);
    assert_eq!(ndkl(&[2], &[0.5, 0.5]), None);
    assert_eq!(skew(1, 1, 0.0), Err(NoSkew::NoTarget));
    assert_eq!(skew(0, 0, 0.5), Err(NoSkew::Nothing));
    assert_eq!(ratio(0.5, 0.0), None);
    assert_eq!(shares(&[0.0, 0.0]), None);
    assert_eq!(parity(&[0.0, 0.0]), None);
    assert_eq!(parity(&[1.0]), None);
    assert_eq!(gap(&[1.0]), None);
    assert_eq!(group_spread(&[0.0, 0.0]), None);
}

#[test]
fn clicks_say_the_attention_of_places() {
    let curve = Curve::of_clicks([(2, 1, 10), (1, 4, 10), (2, 1, 10), (1, 4, 10), (3, 0, 5)]).unwrap();
    assert_eq!([1, 2, 3, 4].map(|place| curve.weight(place)), [1.0, 0.25, 0.0, 0.0]);
    assert!(
        Curve::of_clicks([(1, 0, 5), (2, 1, 5)])
            .unwrap_err()
            .contains("first place")
    );
    assert!(Curve::of_clicks([(2, 1, 5)]).unwrap_err().contains("first place"));
    assert!(
        Curve::of_clicks([(1, 1, 5), (2, 0, 0)])
            .unwrap_err()
            .contains("place 2")
    );
    assert_eq!(Curve::new(Attention::Clicks), None);
}
