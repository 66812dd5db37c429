use evenhand_measure::audit::model::Simultaneous;

use super::*;
use crate::sample;

#[test]
fn what_counts_and_fails_comes_first() {
    let audit = sample::many(40).audit();
    let blocks = blocks(&audit);
    assert_eq!(
        blocks.iter().map(|block| block.findings.len()).sum::<usize>(),
        audit.findings.len()
    );
    assert!(
        blocks
            .windows(2)
            .all(|pair| pair[0].first().level <= pair[1].first().level)
    );
    for block in &blocks {
        assert!(block.findings.windows(2).all(|pair| pair[0].outcome <= pair[1].outcome));
        assert_eq!(block.foremost(3).len(), 3);
    }
    let worst = worst(&audit).unwrap();
    assert_eq!((worst.level, worst.outcome), (Level::Error, Outcome::Fail));
}

#[test]
fn with_equal_evidence_the_most_extreme_disparity_is_the_worst() {
    let mut audit = sample::failing().audit();
    for finding in &mut audit.findings {
        finding.outcome = Outcome::Inconclusive;
        finding.p_breach_adjusted = Some(1.0);
    }
    audit.findings.retain(|finding| finding.comparison == "ratio");
    assert!(worst(&audit).unwrap().point.unwrap() < 1.0);
}

#[test]
fn failures_fill_the_room_that_groups_leave() {
    let mut audit = sample::many(4).audit();
    for finding in &mut audit.findings {
        finding.outcome = Outcome::Fail;
    }
    let blocks = blocks(&audit);
    assert_eq!(blocks[0].foremost(8).len(), 8);
    assert_eq!(blocks[0].foremost(100).len(), blocks[0].findings.len());
}

#[test]
fn a_picture_of_a_failing_block_shows_a_failure() {
    let mut audit = sample::many(6).audit();
    audit
        .findings
        .retain(|finding| finding.criterion == "equal-opportunity");
    let top = blocks(&audit)[0].against_highest()[0].reference.clone();
    for finding in &mut audit.findings {
        finding.outcome = if finding.reference == top {
            Outcome::Inconclusive
        } else {
            Outcome::Fail
        };
    }
    let blocks = blocks(&audit);
    let shown = blocks[0].in_a_picture();
    assert!(shown.len() > 5 && shown[0].outcome == Outcome::Fail);
}

#[test]
fn each_group_is_set_against_the_highest() {
    let audit = sample::many(12).audit();
    let audit = worse_off_first(&audit);
    let value = |finding: &Finding| finding.reference_value.as_ref().and_then(|value| value.point());
    for block in blocks(&audit) {
        let shown = block.against_highest();
        assert_eq!(shown.len(), 11);
        let reference = value(shown[0]);
        assert!(
            audit
                .findings
                .iter()
                .filter(|f| f.rate == shown[0].rate)
                .all(|f| value(f) <= reference)
        );
    }
}

#[test]
fn differences_speak_of_the_lower_group() {
    let audit = sample::many(12).audit();
    assert!(
        audit
            .findings
            .iter()
            .any(|f| f.comparison == "difference" && f.point > Some(0.0))
    );
    let arranged = worse_off_first(&audit);
    assert_eq!(worse_off_first(&arranged), arranged, "once is enough");
    let mut turned = 0;
    for (before, after) in audit.findings.iter().zip(&arranged.findings) {
        if before == after {
            assert!(before.comparison == "ratio" || before.point <= Some(0.0));
            continue;
        }
        turned += 1;
        assert!(after.comparison == "difference" && after.bound == before.bound);
        assert_eq!(Some(&before.group), after.reference.as_ref());
        assert_eq!(before.reference.as_ref(), Some(&after.group));
        assert_eq!(before.group_value, after.reference_value);
        assert_eq!(after.point, before.point.map(|point| -point));
        assert!(after.lower < after.point && after.point < after.upper && after.point < Some(0.0));
        assert_eq!(before.detectable.is_some(), after.detectable.is_some());
    }
    assert!(turned > 0);
}

#[test]
fn intervals_that_hold_together_are_turned_with_the_rest() {
    let high = sample::cells("A", [620, 180, 200, 600]);
    let low = sample::cells("B", [240, 60, 210, 490]);
    let mut audit = sample::sample(vec![high, low]).audit();
    let of = |lower, upper| Simultaneous {
        lower,
        upper,
        method: "max-t".to_owned(),
    };
    for finding in &mut audit.findings {
        finding.simultaneous = Some(of(0.125, Some(0.25)));
        finding.pooled_over = vec!["department".to_owned()];
    }
    let turned = worse_off_first(&audit);
    for (before, after) in audit.findings.iter().zip(&turned.findings) {
        let (p, q) = ((before.p_breach, before.p_comply), (after.p_breach, after.p_comply));
        assert_eq!((p, &before.pooled_over), (q, &after.pooled_over));
        let expected = match before.comparison.as_str() {
            "ratio" => of(0.125, Some(0.25)),
            _ => of(-0.25, Some(-0.125)),
        };
        assert_eq!(after.simultaneous, Some(expected));
    }
    audit
        .findings
        .iter_mut()
        .for_each(|f| f.simultaneous = Some(of(0.125, None)));
    let open = worse_off_first(&audit)
        .findings
        .iter()
        .find(|f| f.comparison == "difference")
        .cloned();
    assert_eq!(open.unwrap().simultaneous, Some(of(-1.0, Some(-0.125))));
}

#[test]
fn a_declared_reference_stays_the_reference() {
    let high = sample::cells("A", [620, 180, 200, 600]);
    let low = sample::cells("B", [240, 60, 210, 490]);
    let mut audit = sample::sample(vec![high, low]).audit();
    let reference_of = |audit: &Audit| {
        let found = worse_off_first(audit).into_owned();
        let mut differences = found.findings.into_iter().filter(|f| f.comparison == "difference");
        differences.next().and_then(|f| f.reference?.get("race").cloned()?)
    };
    assert_eq!(reference_of(&audit).as_deref(), Some("A"));
    audit.policy = serde_json::json!({ "inference": { "reference": { "race": "B" } } });
    assert_eq!(reference_of(&audit).as_deref(), Some("B"));
}

#[test]
fn a_ratio_to_nobody_is_infinite_and_extreme() {
    let mut audit = sample::failing().audit();
    assert!(!audit.findings.iter().any(is_infinite));
    sample::make_infinite(&mut audit.findings[0]);
    assert!(is_infinite(&audit.findings[0]));
    assert_eq!(excess(&audit.findings[0]), f64::INFINITY);
    audit.findings[0].lower = None;
    assert!(!is_infinite(&audit.findings[0]), "0 / 0 is no number at all");
}

#[test]
fn a_family_knows_what_is_not_listed() {
    let audit = sample::many(12).audit();
    assert!(partly_listed(&audit, Level::Error).is_none());
    let audit = sample::abridged();
    let family = partly_listed(&audit, Level::Error).unwrap();
    assert!(family.listed < Outcomes::of_family(family).all());
    assert!(blocks(&audit)[0].partly_listed(&audit));
}

#[test]
fn a_pair_stands_in_each_stratum_as_it_does_without_strata() {
    let mut audit = sample::failing().audit();
    let parity = |f: &&Finding| f.criterion == "statistical-parity";
    let plain = audit.findings.iter().find(parity).unwrap().clone();
    assert!(plain.point.unwrap() < 0.0);
    let with_point = |point: f64, stratum: Option<&str>| Finding {
        within: stratum
            .map(|name| ("department".to_owned(), Some(name.to_owned())))
            .into_iter()
            .collect(),
        pooled_over: match stratum {
            None => vec!["department".to_owned()],
            Some(_) => vec![],
        },
        criterion: "conditional-statistical-parity".to_owned(),
        point: Some(point),
        ..plain.clone()
    };
    audit.findings.extend([
        with_point(0.05, Some("A")),
        with_point(-0.1, Some("B")),
        with_point(0.02, None),
    ]);
    let points = |audit: &Audit| -> Vec<f64> {
        let arranged = worse_off_first(audit);
        let conditional = arranged
            .findings
            .iter()
            .filter(|f| f.criterion.starts_with("conditional"));
        conditional.filter_map(|finding| finding.point).collect()
    };
    assert_eq!(points(&audit), [0.05, -0.1, 0.02]);
    // Without the comparison of all, the one that is pooled over the strata leads.
    audit.findings.retain(|f| f.criterion != "statistical-parity");
    assert_eq!(points(&audit), [-0.05, 0.1, -0.02]);
    // And with neither, each speaks for itself.
    audit.findings.retain(|f| f.pooled_over.is_empty());
    assert_eq!(points(&audit), [-0.05, -0.1]);
}

/// Which group a difference speaks of, and whether it is plain that this one is worse off, for a rate that differs by 20
/// points in favour of the one or the other.
#[test]
fn a_difference_speaks_of_who_is_worse_off() {
    let template = sample::failing().audit();
    let of = |rate: &str, complement: bool, adverse: bool| {
        let mut audit = template.clone();
        audit.roles.adverse = Some(adverse);
        audit.findings.truncate(1);
        let finding = &mut audit.findings[0];
        finding.comparison = "difference".to_owned();
        finding.rate = rate.to_owned();
        finding.complement = complement;
        finding.point = Some(0.2);
        finding.bound.at_least = Some(-0.1);
        finding.bound.at_most = Some(0.1);
        let first = finding.group.clone();
        let arranged = worse_off_first(&audit);
        let finding = &arranged.findings[0];
        // The group that stood first has 20 points more.
        (finding.group == first, is_worse_off(finding, adverse))
    };
    // Whether the one with more stands first, and whether it is plain: with a good event, and with a bad one.
    for (rate, good, bad) in [
        ("selection-rate", (false, true), (true, true)),
        ("rejection-rate", (true, true), (false, true)),
        ("true-positive-rate", (false, true), (true, false)),
        ("false-negative-rate", (true, true), (false, false)),
        ("false-positive-rate", (false, true), (true, true)),
        ("true-negative-rate", (true, true), (false, true)),
        ("accuracy", (false, true), (false, true)),
        ("error-rate", (true, true), (true, true)),
        ("positive-predictive-value", (false, false), (false, false)),
        ("false-discovery-rate", (true, false), (true, false)),
        ("base-rate", (false, false), (false, false)),
        ("mean-absolute-error", (true, true), (true, true)),
        ("exposure-ratio", (false, true), (false, true)),
        ("mean-score", (false, false), (false, false)),
        ("price-gap", (false, false), (false, false)),
    ] {
        assert_eq!(of(rate, false, false), good, "{rate}, a good event");
        assert_eq!(of(rate, false, true), bad, "{rate}, a bad event");
    }
    assert_eq!(of("selection-rate", true, true), (false, true), "the favourable share");
}
