use evenhand_measure::audit::model::{Note, Outcome, Reason, Severity, Value, Verdict};

use super::*;
use crate::sample::{self, HOSTILE, Sample};

#[test]
fn a_failure_names_everything() {
    let audit = sample::failing().audit();
    let text = headline(&audit);
    for part in [
        "FAIL: ",
        "2 of 3 comparisons",
        "race \"Black\"",
        "race \"White\"",
        "30.0% (300 of 1,000)",
        "50.0% (800 of 1,600)",
        "ratio of 0.60",
        "95% interval 0.54 to 0.67",
        "0.80 or more",
        "less than once in",
        ". Find out",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn an_adverse_event_is_compared_by_its_absence() {
    let audit = Sample {
        adverse: true,
        positive: "High",
        ..sample::failing()
    }
    .audit();
    let finding = audit.findings.iter().find(|finding| finding.complement).unwrap();
    let text = finding_sentence(finding, &audit, false);
    assert!(text.contains("favourable share (hired is not \"High\")"), "{text}");
}

#[test]
fn an_open_question_says_what_would_settle_it() {
    let audit = sample::open().audit();
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    let text = headline(&audit);
    assert!(
        text.starts_with("INCONCLUSIVE: no breach is shown, but all 3 comparisons that count are open"),
        "{text}"
    );
    assert!(
        text.contains(". About 1,200 rows of these two groups together would settle it at these rates (there are "),
        "{text}"
    );
    let detail = finding_sentence(worst(&audit).unwrap(), &audit, true);
    assert!(
        detail.contains("smallest disparity these data would have shown"),
        "{detail}"
    );
}

#[test]
fn a_bound_hit_exactly_promises_no_number_of_rows() {
    let mut audit = sample::open().audit();
    for finding in &mut audit.findings {
        finding.reason = Some(Reason::OnTheBound);
        finding.why = Some("the estimate lies on the bound itself, so more rows cannot settle it".to_owned());
        finding.rows_to_settle = None;
    }
    let text = headline(&audit);
    assert!(
        text.contains("more rows cannot settle it") && !text.contains("collect more"),
        "{text}"
    );
}

#[test]
fn a_pass_claims_no_more_than_it_shows() {
    let audit = sample::passing().audit();
    assert_eq!(audit.verdict, Verdict::Pass);
    let text = headline(&audit);
    assert!(
        text.contains("all 3 comparisons that count are shown to be within their bounds"),
        "{text}"
    );
    for claim in ["fair", "unbiased", "no bias", "legal"] {
        assert!(!text.contains(claim), "{text}");
    }
}

#[test]
fn nothing_judged_is_no_sign_of_fairness() {
    let text = headline(&sample::alone());
    assert!(
        text.starts_with("NOT JUDGED: nothing could be judged, which is no sign of fairness"),
        "{text}"
    );
    assert!(text.contains("race has one group only (\"White\")"), "{text}");
}

#[test]
fn a_missing_role_is_named() {
    let mut audit = sample::alone();
    let finding = &mut audit.findings[0];
    finding.criterion = "equal-opportunity".to_owned();
    finding.rate = "true-positive-rate".to_owned();
    finding.by.clear();
    finding.group.clear();
    finding.group_value = None;
    finding.reason = Some(Reason::RoleMissing);
    finding.why = Some("needs columns for prediction and label".to_owned());
    let text = headline(&audit);
    assert!(
        text.contains("equal opportunity was not compared: it needs columns for prediction and label. Name the column"),
        "{text}"
    );
    let shown = crate::text(&audit, &crate::TextOptions::default(), &[]);
    assert!(
        shown.contains("\nEqual opportunity\n– Equal opportunity was not compared"),
        "{shown}"
    );
    let shown = crate::markdown(&audit, &[]);
    assert!(
        shown.contains(
            "\n## Not compared\n\n### Equal opportunity\n\n- **– not compared** Equal opportunity was not compared: "
        ),
        "{shown}"
    );
}

#[test]
fn an_audit_below_the_minimum_says_so() {
    let mut audit = sample::open().audit();
    audit.verdict = Verdict::NotJudged;
    for finding in &mut audit.findings {
        finding.outcome = Outcome::NotJudged;
        finding.reason = Some(Reason::BelowMinimum);
        finding.rows_to_settle = None;
        finding.why = Some(format!(
            "reported, not judged: {} rows are fewer than 50",
            finding.family.size
        ));
    }
    let text = headline(&audit);
    assert!(
        text.ends_with(
            "fewer rows than the minimum that was asked for. Get more decisions, or lower --min-denominator."
        ),
        "{text}"
    );
    let shown = crate::text(&audit, &crate::TextOptions::default(), &[]);
    assert!(shown.contains("○ not judged  Black"), "{shown}");
    assert!(
        shown.contains("○ Black against White, White against Black: reported, not judged: fewer rows"),
        "{shown}"
    );
    assert!(!shown.contains("rows are fewer"), "{shown}");
}

#[test]
fn nobody_said_which_direction_is_bad() {
    let mut audit = sample::failing().audit();
    audit.verdict = Verdict::Inconclusive;
    for finding in &mut audit.findings {
        finding.outcome = Outcome::Inconclusive;
        finding.reason = Some(Reason::DirectionNotDeclared);
    }
    let bare = headline(&audit);
    assert!(
        bare.contains("nobody said whether it is good or bad for a person that hired is \"yes\"")
            && bare.ends_with("Say --adverse if it is bad for them, --adverse=false if it is good."),
        "{bare}"
    );
    audit.notes.push(Note {
        code: "direction-not-declared".to_owned(),
        severity: Severity::Error,
        message: "If it is bad the verdict is fail, if it is good it is pass.".to_owned(),
        help: Some("say --adverse or --adverse=false".to_owned()),
    });
    let text = headline(&audit);
    assert!(
        text.ends_with("If it is bad the verdict is fail, if it is good it is pass. Say --adverse or --adverse=false."),
        "{text}"
    );
}

#[test]
fn an_infinite_ratio_says_why() {
    let mut audit = sample::failing().audit();
    sample::make_infinite(&mut audit.findings[0]);
    let text = finding_sentence(&audit.findings[0], &audit, false);
    assert!(
        text.contains(
            "an infinite ratio (nobody in the reference has it; 95% interval 3.20 or more) where 0.80 to 1.25"
        ),
        "{text}"
    );
    assert_eq!(point(&audit.findings[0]), "infinite");
}

#[test]
fn counts_of_the_run_come_from_its_families() {
    let audit = sample::abridged();
    let family = &audit.families[0];
    let all = count(Outcomes::of_family(family).judged() as u64);
    assert!(family.size > 2_000 && audit.findings.len() < 200);
    let expected = format!("{} of {all} comparisons that count", count(family.fail as u64));
    assert!(headline(&audit).contains(&expected), "{}", headline(&audit));
    let listed = format!(
        "{} are listed: only the comparisons that decide or come closest are listed",
        family.listed
    );
    let shown = crate::text(
        &audit,
        &crate::TextOptions {
            width: 400,
            ..crate::TextOptions::default()
        },
        &[],
    );
    assert!(
        shown.contains(&listed) && shown.contains("more listed comparisons ("),
        "{shown}"
    );
    assert!(crate::markdown(&audit, &[]).contains(&listed));
    assert!(crate::plot::svg(&audit, crate::plot::Figure::Forest).contains("more listed comparisons"));
    assert!(listing(&sample::failing().audit(), Level::Error).is_none());
}

#[test]
fn numbers_have_their_interval_and_settings_their_name() {
    let value = |lower, upper| Value::Number {
        point: 0.5,
        lower,
        upper,
    };
    assert_eq!(rate_with_counts(&value(None, None)), "0.50");
    assert_eq!(rate_with_counts(&value(Some(0.4), Some(0.6))), "0.50 (0.40 to 0.60)");
    assert_eq!(rate_with_counts(&value(Some(0.4), None)), "0.50 (0.40 or more)");
    assert_eq!(entry_name("f1-score@0.3"), "F1 score at 0.3");
}

#[test]
fn a_bare_point_estimate_says_that_chance_was_not_considered() {
    let mut audit = sample::failing().audit();
    for finding in &mut audit.findings {
        finding.reason = Some(Reason::PointOnly);
    }
    assert!(headline(&audit).contains(". Chance was not considered"));
    assert!(finding_sentence(worst(&audit).unwrap(), &audit, false).contains("chance was not considered"));
}

#[test]
fn verdicts_without_findings_have_words() {
    let mut audit = sample::alone();
    audit.findings.clear();
    audit.notes.clear();
    for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotJudged] {
        audit.verdict = verdict;
        assert!(headline(&audit).starts_with(verdict_word(verdict)));
    }
}

#[test]
fn every_finding_of_every_outcome_has_a_sentence() {
    let mut audit = sample::hostile();
    for outcome in [
        Outcome::Fail,
        Outcome::Inconclusive,
        Outcome::Pass,
        Outcome::NotJudged,
        Outcome::NotApplicable,
    ] {
        audit.findings[0].outcome = outcome;
        let text = finding_sentence(&audit.findings[0], &audit, true);
        assert!(text.ends_with('.') && !text.contains(HOSTILE[4]), "{text}");
    }
}

#[test]
fn an_undefined_side_and_an_open_end_have_words() {
    let mut audit = sample::failing().audit();
    let finding = &mut audit.findings[0];
    finding.point = None;
    finding.upper = None;
    finding.reference_value = Some(Value::undefined("no row of the group is in TP + FN"));
    let text = finding_sentence(&audit.findings[0], &audit, false);
    assert!(
        text.contains("a ratio without a value (95% interval 0.54 or more)"),
        "{text}"
    );
    assert!(text.contains("no value (no row of the group is in TP + FN)"), "{text}");
}

#[test]
fn open_reasons_are_given_once_with_their_groups() {
    let mut audit = sample::many(6).audit();
    for finding in &mut audit.findings {
        finding.outcome = Outcome::Inconclusive;
        finding.reason = Some(Reason::ManyComparisons);
        finding.why = Some("so many comparisons".to_owned());
    }
    let findings: Vec<&Finding> = audit.findings.iter().take(5).collect();
    let lines = open_lines(&findings);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("and 2 more: so many comparisons."), "{}", lines[0]);
}

/// Decisions with three values, each compared.
fn several_classes() -> Audit {
    let mut audit = sample::failing().audit();
    let events = ["gold", "at least silver"];
    audit.findings.truncate(2);
    let second = audit.findings[0].clone();
    audit.findings[1] = second;
    for (finding, event) in audit.findings.iter_mut().zip(events) {
        finding.event = Some(event.to_owned());
    }
    for rates in &mut audit.rates {
        let share = rates.values["selection-rate"].clone();
        rates.values.clear();
        for event in events {
            rates.values.insert(format!("selection-rate@{event}"), share.clone());
        }
    }
    audit.policy["values"] = serde_json::json!({ "ordered": ["none", "silver", "gold"] });
    audit
}

#[test]
fn findings_of_several_classes_name_their_event() {
    let audit = several_classes();
    let column = name(&audit.roles.prediction.as_ref().unwrap().column);
    for (finding, event) in audit.findings.iter().zip(["is \"gold\"", "is at least \"silver\""]) {
        let said = finding_sentence(finding, &audit, false);
        assert!(said.contains(&format!("({column} {event})")), "{said}");
    }
    let blocks = crate::order::blocks(&audit);
    assert_eq!(blocks.len(), 2, "one block for each event");
    assert!(block_title(&blocks[1], &audit).ends_with(&format!(": {column} is at least \"silver\"")));
    // Without an order a value may be called so.
    let mut plain = audit.clone();
    plain.policy["values"] = serde_json::json!({ "each_class": true });
    assert!(finding_sentence(&plain.findings[1], &plain, false).contains("is \"at least silver\""));
    for shown in [
        crate::text(&audit, &crate::TextOptions::default(), &[]),
        crate::markdown(&audit, &[]),
    ] {
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("what stands at the head of the column"), "{shown}");
        assert!(
            shown.contains("each step of its order: \"gold\", at least \"silver\""),
            "{shown}"
        );
    }
    let table = String::from_utf8(crate::findings_csv(&audit).unwrap()).unwrap();
    assert!(table.lines().nth(2).unwrap().contains(",at least silver,"), "{table}");
}
