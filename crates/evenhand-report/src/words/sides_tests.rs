use evenhand_measure::audit::model::{Reason, Verdict};

use super::*;
use crate::sample::{HOSTILE, failing, lists, prices};
use crate::words::headline;

/// Lists that are judged for both sides, the items' first.
fn both_sides() -> Audit {
    let mut audit = lists(&["North", "South"]);
    for finding in &mut audit.findings {
        finding.level = Level::Error;
    }
    audit
}

#[test]
fn the_other_side_has_a_sentence_of_its_own() {
    let mut audit = both_sides();
    let users: Vec<usize> = (0..audit.findings.len())
        .filter(|&at| Topic::of(&audit.findings[at], &audit) == Topic::Users)
        .collect();
    assert!(!users.is_empty() && users.len() < audit.findings.len());
    assert!(
        headline(&audit).contains("items of region \"North\" get"),
        "{}",
        headline(&audit)
    );
    for &at in &users {
        audit.findings[at].outcome = Outcome::Fail;
    }
    let told = other_sides(&audit);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("For the users, whom the lists are made for, ")
            && told[0].contains("beyond")
            && told[0].contains("users of gender")
            && told[0].contains("where"),
        "{told:?}"
    );
    for &at in &users {
        audit.findings[at].outcome = Outcome::Inconclusive;
        audit.findings[at].reason = Some(Reason::TooFewRows);
    }
    assert!(
        other_sides(&audit)[0].contains("no breach is shown, but"),
        "{:?}",
        other_sides(&audit)
    );
    for &at in &users {
        audit.findings[at].outcome = Outcome::Pass;
    }
    let told = other_sides(&audit);
    assert!(told[0].contains("shown to be within"), "{told:?}");
    for shown in [
        crate::text(
            &audit,
            &crate::TextOptions {
                width: 400,
                ..crate::TextOptions::default()
            },
            &[],
        ),
        crate::markdown(&audit, &[]),
    ] {
        assert!(
            shown.contains("For the users, whom the lists are made for, "),
            "{shown}"
        );
    }
    let quiet = crate::text(
        &audit,
        &crate::TextOptions {
            quiet: true,
            ..crate::TextOptions::default()
        },
        &[],
    );
    assert!(!quiet.contains("For the users,"), "{quiet}");
}

#[test]
fn one_side_needs_no_further_sentence() {
    assert_eq!(other_sides(&failing().audit()), Vec::<String>::new());
    assert_eq!(other_sides(&prices(&["low", "high"])), Vec::<String>::new());
    let mut audit = both_sides();
    audit.verdict = Verdict::NotJudged;
    for finding in &mut audit.findings {
        finding.outcome = Outcome::NotJudged;
    }
    assert_eq!(other_sides(&audit), Vec::<String>::new());
}

#[test]
fn what_does_not_count_is_not_told() {
    let mut audit = both_sides();
    let told = worst(&audit).map(|finding| Topic::of(finding, &audit)).unwrap();
    let others: Vec<bool> = audit
        .findings
        .iter()
        .map(|finding| Topic::of(finding, &audit) != told)
        .collect();
    for (finding, other) in audit.findings.iter_mut().zip(others) {
        if other {
            finding.level = Level::Warn;
        }
    }
    assert_eq!(other_sides(&audit), Vec::<String>::new());
}

#[test]
fn hostile_names_stay_names() {
    let mut audit = lists(&HOSTILE);
    for finding in &mut audit.findings {
        finding.level = Level::Error;
    }
    for told in other_sides(&audit) {
        assert!(
            !told.contains('\u{1b}') && !told.contains('\u{202e}') && !told.contains('\0'),
            "{told}"
        );
    }
}
