use proptest::prelude::*;

use super::super::testing::{labelled, set, shortened, tied};
use super::*;

fn swept<'a>(groups: &'a [(Numbers, Labelled)]) -> Vec<Cut> {
    let swept: Vec<Swept<'a>> = groups
        .iter()
        .map(|(all, labelled)| Swept {
            all,
            labelled: Some(labelled),
        })
        .collect();
    sweep(&swept)
}

fn with_all(scores: Labelled) -> (Numbers, Labelled) {
    (scores.all(), scores)
}

#[test]
fn the_two_classes_of_ten_have_the_rates_of_their_thresholds() {
    let cuts = swept(&[with_all(set("peers")), with_all(set("others"))]);
    let at = cuts.iter().find(|cut| cut.threshold == 0.6).unwrap();
    // At 0.6 six of the one and four of the other are selected.
    assert_eq!(at.groups[0].all, Share { part: 6, whole: 10 });
    assert_eq!(at.groups[1].all, Share { part: 4, whole: 10 });
    assert_eq!(at.groups[0].positives, Share { part: 4, whole: 5 });
    assert_eq!(at.groups[1].positives, Share { part: 3, whole: 5 });
    assert_eq!(at.groups[1].negatives, Share { part: 1, whole: 5 });
    assert_eq!(at.is_within(Compared::Selected, 0.8), Some(false));
    // 4 of 10 against 6 of 10 are turned away: 2/3.
    assert_eq!(at.is_within(Compared::Spared, 0.8), Some(false));
    assert_eq!(at.ratio(Compared::TruePositives), Some(0.75));
    assert_eq!(at.groups[0].share(Compared::Precision), Share { part: 4, whole: 6 });
    assert_eq!(
        at.groups[1].share(Compared::FalsePositives),
        Share { part: 1, whole: 5 }
    );
}

#[test]
fn a_tie_with_the_bound_is_within_it() {
    let of = |part: u64| Selected {
        all: Share { part, whole: 10 },
        ..Selected::default()
    };
    let cut = |one, other| Cut {
        threshold: 0.0,
        groups: vec![of(one), of(other)],
    };
    // 4/10 over 5/10 is 0.8 and not a hair below, and so is 8/10 of everybody.
    assert_eq!(cut(4, 5).is_within(Compared::Selected, 0.8), Some(true));
    assert_eq!(cut(8, 10).is_within(Compared::Selected, 0.8), Some(true));
    assert_eq!(cut(7, 9).is_within(Compared::Selected, 0.8), Some(false));
    assert_eq!(cut(0, 0).is_within(Compared::Selected, 0.8), None);
    assert_eq!(cut(10, 10).is_within(Compared::Spared, 0.8), None);
    // 5/10 less 4/10 is a tenth.
    assert_eq!(cut(4, 5).is_apart_by(Compared::Selected, 0.1), Some(true));
    assert_eq!(cut(3, 5).is_apart_by(Compared::Selected, 0.1), Some(false));
    assert_eq!(cut(0, 0).is_apart_by(Compared::Selected, 0.1), Some(true));
    assert_eq!(cut(1, 3).is_within(Compared::Selected, 1.0 / 3.0), Some(true));
}

#[test]
fn ranges_end_where_the_answer_ends() {
    let cuts: Vec<Cut> = (1..=6)
        .map(|threshold| Cut {
            threshold: f64::from(threshold),
            groups: Vec::new(),
        })
        .collect();
    let range = |from: f64, to: f64| Range { from, to };
    let held = |answers: [Option<bool>; 6]| ranges(&cuts, |cut| answers[cut.threshold as usize - 1]);
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(
        held([yes, yes, no, yes, None, yes]),
        [range(1.0, 2.0), range(4.0, 4.0), range(6.0, 6.0)]
    );
    assert_eq!(held([no, None, no, no, no, None]), []);
    assert_eq!(held([yes; 6]), [range(1.0, 6.0)]);
}

#[test]
fn thinning_keeps_the_ends() {
    let cuts = swept(&[with_all(set("bold"))]);
    let thin = thinned(&cuts, 10);
    assert_eq!(thin.len(), 10);
    assert_eq!((thin[0], thin[9]), (&cuts[0], &cuts[cuts.len() - 1]));
    assert_eq!(thinned(&cuts, 10_000).len(), cuts.len());
}

#[test]
fn groups_without_a_score_are_in_no_comparison() {
    let cuts = swept(&[with_all(set("peers")), with_all(Labelled::default())]);
    assert_eq!(cuts[0].groups[1].all.rate(), None);
    assert_eq!(cuts[0].ends(Compared::Selected), None);
}

proptest! {
    #[test]
    fn cuts_count_whoever_is_at_least_there(a in tied(), b in tied(), c in tied()) {
        let groups = [with_all(labelled(&a, &b)), with_all(labelled(&c, &a))];
        for cut in swept(&groups) {
            let count = |scores: &[f64]| scores.iter().filter(|score| **score >= cut.threshold).count() as u64;
            prop_assert_eq!(cut.groups[0].positives.part, count(&a));
            prop_assert_eq!(cut.groups[0].negatives.part, count(&b));
            prop_assert_eq!(cut.groups[0].all.part, count(&a) + count(&b));
            prop_assert_eq!(cut.groups[1].positives.part, count(&c));
            prop_assert_eq!(cut.groups[1].all.whole, (a.len() + c.len()) as u64);
        }
    }

    #[test]
    fn thresholds_that_are_left_are_exact_where_numbers_fall_together(a in tied(), b in tied(), bits in 8u8..20) {
        let short = shortened(&labelled(&a, &b), bits);
        for cut in swept(&[with_all(short)]) {
            let count = a.iter().filter(|score| **score >= cut.threshold).count() as u64;
            prop_assert_eq!(cut.groups[0].positives.part, count);
        }
    }
}
