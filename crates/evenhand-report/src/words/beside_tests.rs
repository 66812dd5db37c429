//! Tests of what stands beside a finding: pooling, pass marks, other assumptions, people, limits.

use evenhand_measure::audit::model::{
    NamedTest, Note, Outcome, Reason, Sensitivity, Severity, Simultaneous, Value, Verdict,
};

use super::*;
use crate::sample;

#[test]
fn what_is_pooled_says_so_and_stays_apart() {
    let mut audit = sample::failing().audit();
    let index = audit
        .findings
        .iter()
        .position(|f| f.comparison == "difference")
        .unwrap();
    let mut pooled = audit.findings[index].clone();
    pooled.pooled_over = vec!["department".to_owned()];
    (pooled.group_value, pooled.reference_value) = (None, None);
    let text = finding_sentence(&pooled, &audit, false);
    assert!(
        text.contains("of race \"Black\" against that of race \"White\", a difference of")
            && text.contains("points, compared like with like within each department and pooled (95% interval"),
        "{text}"
    );
    audit.findings.push(pooled);
    let blocks = crate::order::blocks(&audit);
    assert_eq!(
        blocks
            .iter()
            .filter(|b| b.first().criterion == "equal-opportunity")
            .count(),
        2
    );
    let block = blocks.iter().find(|b| !b.first().pooled_over.is_empty()).unwrap();
    assert_eq!(
        block_title(block, &audit),
        "Equal opportunity by race, within department and pooled"
    );
    assert!(block_rule(block, &audit).contains("compared like with like within each department and pooled. Allowed"));
    for shown in [
        crate::text(&audit, &crate::TextOptions::default(), &[]),
        crate::markdown(&audit, &[]),
    ] {
        assert!(
            shown.contains("Equal opportunity by race, within department and pooled"),
            "{shown}"
        );
    }
}

/// An audit whose comparisons are made and held against nothing.
fn unmarked() -> Audit {
    let mut audit = sample::failing().audit();
    audit.verdict = Verdict::NotJudged;
    for finding in &mut audit.findings {
        finding.outcome = Outcome::NotJudged;
        finding.reason = Some(Reason::NoPassMark);
        finding.why = Some("computed and not judged: no pass mark is set for it".to_owned());
        finding.bound = Bound {
            at_least: None,
            at_most: None,
        };
        (finding.p_breach, finding.p_breach_adjusted, finding.p_comply) = (None, None, None);
        finding.rows_to_settle = None;
    }
    audit
}

#[test]
fn without_a_pass_mark_nothing_is_said_to_be_allowed() {
    let mut audit = unmarked();
    let text = headline(&audit);
    assert!(
        text.starts_with("NOT JUDGED: the comparisons that the policy asks for were computed")
            && text.contains("sets no pass mark")
            && text.contains("no sign of fairness"),
        "{text}"
    );
    audit.publication = Some(sample::publication());
    let text = headline(&audit);
    assert!(
        text.starts_with(
            "NOT JUDGED: rates and impact ratios by sex and by sex and race were computed as preset ll144 asks, and are \
             below. It sets no pass mark"
        ),
        "{text}"
    );
    let mut other = audit.clone();
    let published = other.publication.as_mut().unwrap();
    published.preset = None;
    let mut race = published.tables[0].clone();
    race.by = vec!["race".to_owned()];
    published.tables.insert(1, race);
    other.notes[0].code = "not-all-tables".to_owned();
    other.notes[0].message = "a table is missing".to_owned();
    let text = headline(&other);
    assert!(
        text.contains("by sex, by race and by both together, the tables that the policy asks for, were computed")
            && text.ends_with(" A table is missing.")
            && !text.contains("preset none"),
        "{text}"
    );
    let shown = crate::text(&audit, &crate::TextOptions::default(), &[]);
    let drawn = crate::plot::svg(&audit, crate::plot::Figure::Forest);
    let unbroken = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    // What is behind the results explains all words, those of other audits as well.
    let markdown = crate::markdown(&audit, &[]);
    let open = markdown.split("## Behind the results").next().unwrap_or_default();
    for text in [unbroken.as_str(), open, &drawn] {
        assert!(
            !text.to_lowercase().contains("allowed") && !text.contains("anything"),
            "{text}"
        );
        assert!(text.contains("No pass mark is set"), "{text}");
    }
    assert!(!shown.contains("○ Black against White:"), "{shown}");
    let sentence = finding_sentence(&audit.findings[0], &audit, true);
    assert!(
        sentence.contains("interval 0.54 to 0.67). This is computed and not judged: no pass mark is set for it."),
        "{sentence}"
    );
}

#[test]
fn adjustments_other_than_holm_are_named() {
    let mut audit = sample::failing().audit();
    assert!(adjustment_note(&audit, Level::Warn).is_none());
    audit.families[1].adjustment = "benjamini-hochberg".to_owned();
    let note = adjustment_note(&audit, Level::Warn).unwrap();
    assert!(note.contains("by Benjamini-Hochberg"), "{note}");
    let mut finding = audit.findings.iter().find(|f| f.level == Level::Warn).unwrap().clone();
    finding.outcome = Outcome::Fail;
    let text = finding_sentence(&finding, &audit, true);
    for part in [
        "are expected to be beyond their bound by chance alone (Benjamini-Hochberg over",
        "breach adjusted (Benjamini-Hochberg), which decides: p",
        "comparisons, adjusted by Benjamini-Hochberg",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(!text.contains("Holm") && !text.contains("tested at once"), "{text}");
}

#[test]
fn an_interval_that_holds_together_is_in_the_detail() {
    let mut audit = sample::failing().audit();
    audit.findings[0].simultaneous = Some(Simultaneous {
        lower: 0.51,
        upper: None,
        method: "max-t".to_owned(),
    });
    let sentence = |detail| finding_sentence(&audit.findings[0], &audit, detail);
    assert!(!sentence(false).contains("ogether with"));
    assert!(
        sentence(true)
            .contains("Together with all other comparisons the interval is 0.51 or more (max-T, by resampling)."),
        "{}",
        sentence(true)
    );
}

#[test]
fn what_would_change_the_verdict_is_short_and_of_every_kind() {
    let mut audit = sample::failing().audit();
    let other = |code: &str, at: usize, changes| Sensitivity {
        code: code.to_owned(),
        assumption: format!("number {at} were so"),
        verdict: if changes { Verdict::Inconclusive } else { Verdict::Fail },
        changes,
    };
    audit.sensitivity = (0..20).map(|at| other("reference-changed", at, at < 10)).collect();
    audit
        .sensitivity
        .extend((0..3).map(|at| other("unknown-group-assigned", 100 + at, true)));
    audit.sensitivity.push(other("a-new-one", 200, true));
    let changes = what_would_change(&audit, 6).unwrap();
    assert_eq!(
        changes.lead,
        "Of 24 assumptions examined 14 would change it: 3 about rows of unknown group, 10 about the reference, 1 about \
         a-new-one."
    );
    assert_eq!((changes.lines.len(), changes.more), (6, 8));
    assert_eq!(
        changes.lines[0],
        "If number 100 were so, the verdict would be INCONCLUSIVE"
    );
    assert!(changes.lines[5].starts_with("If number 200"));
    assert_eq!(what_would_change(&audit, usize::MAX).unwrap().more, 0);
    let markdown = crate::markdown(&audit, &[]);
    assert!(
        markdown.contains("<summary>Every assumption examined</summary>"),
        "{markdown}"
    );
    assert!(
        markdown.contains("| the reference | number 19 were so | FAIL | no |"),
        "{markdown}"
    );

    audit.sensitivity.retain(|other| !other.changes);
    let changes = what_would_change(&audit, 6).unwrap();
    assert_eq!(
        changes.lead,
        "None of the 10 assumptions examined would change it: 10 about the reference."
    );
    assert!(changes.lines.is_empty() && changes.more == 0);
    audit.sensitivity.clear();
    assert_eq!(what_would_change(&audit, 6), None);
}

#[test]
fn a_failure_is_told_in_people() {
    let mut audit = sample::beside();
    let lines = |audit: &Audit| people_lines(&crate::order::blocks(audit)[0], audit);
    assert_eq!(
        lines(&audit),
        [
            "In people: at the rate of race \"White\" 200 more of race \"Black\" would have been selected; 78 of the \
             decisions that go to race \"White\" would have to go to them to reach four fifths of that rate, 124 to reach \
             the same rate."
        ]
    );
    audit.practical = vec![audit.practical[0].clone(); 7];
    audit.practical[1].moves_to_four_fifths = Some(0);
    audit.practical[2].moves_to_four_fifths = None;
    audit.practical[3].shortfall_of_reference_rate = -3.2;
    audit.practical[4].one_person_flips = true;
    let told = lines(&audit);
    assert_eq!(told.len(), 6);
    assert!(
        told[1].contains("four fifths of that rate is reached already"),
        "{}",
        told[1]
    );
    assert!(told[2].contains("no number of the decisions"), "{}", told[2]);
    assert!(
        told[3].ends_with("about 3 fewer of race \"Black\" would have been selected."),
        "{}",
        told[3]
    );
    assert!(told[4].ends_with("would turn this round."), "{}", told[4]);
    assert_eq!(told[5], "… and 2 more groups; --detail shows them");
    let mut small = audit.clone();
    for rates in small.rates.iter_mut() {
        rates.values.clear();
        rates.n = 19;
    }
    assert!(lines(&small).is_empty(), "a few people tell nothing");
    let mut adverse = audit.clone();
    adverse.roles.adverse = Some(true);
    assert!(lines(&adverse).is_empty(), "more of what is bad is no gain");
    for finding in &mut audit.findings {
        finding.outcome = Outcome::Pass;
    }
    assert!(lines(&audit).is_empty());
}

#[test]
fn limits_stand_where_a_value_is_missing() {
    let mut audit = sample::failing().audit();
    for rates in &mut audit.rates {
        rates.values.insert(
            "true-positive-rate".to_owned(),
            Value::Undefined {
                undefined: "no row has a label".to_owned(),
                lowest: Some(0.574),
                highest: Some(1.0),
            },
        );
    }
    let options = crate::TextOptions {
        width: 120,
        detail: true,
        ..crate::TextOptions::default()
    };
    let shown = crate::text(&audit, &options, &[]);
    assert!(shown.contains("57–100%") && shown.contains("57.4% to 100%"), "{shown}");
    assert!(shown.contains("Limits: between these"), "{shown}");
    let narrow = crate::text(&audit, &crate::TextOptions { width: 60, ..options }, &[]);
    assert!(!narrow.contains("57–100%"), "{narrow}");
    let markdown = crate::markdown(&audit, &[]);
    assert!(
        markdown.contains("| 57–100% |") && markdown.contains("| 57.4% to 100% |"),
        "{markdown}"
    );
    assert_eq!(
        rate_with_counts(&audit.rates[0].values["true-positive-rate"]),
        "no value (no row has a label; between 57.4% and 100% whatever the missing values are)"
    );
}

#[test]
fn a_reversal_stands_after_the_headline_and_once() {
    let mut audit = sample::failing().audit();
    audit.notes.push(Note {
        code: "simpson".to_owned(),
        severity: Severity::Warning,
        message: "taken together one thing, within department another".to_owned(),
        help: None,
    });
    let shown = [
        crate::text(&audit, &crate::TextOptions::default(), &[]),
        crate::markdown(&audit, &[]),
    ];
    for text in shown {
        let at = text.find("Careful: taken together one thing").unwrap();
        assert!(at < text.find("Groups by race").unwrap(), "{text}");
        assert_eq!(text.matches("taken together").count(), 1);
    }
    let quiet = crate::TextOptions {
        quiet: true,
        ..crate::TextOptions::default()
    };
    assert!(!crate::text(&audit, &quiet, &[]).contains("Careful"));
}

#[test]
fn the_worst_allows_for_having_been_picked() {
    let mut audit = sample::beside();
    let max_t = |criterion: &str, rate: &str, [estimate, lower, upper]: [f64; 3]| NamedTest {
        id: "max-t".to_owned(),
        criterion: Some(criterion.to_owned()),
        rate: rate.to_owned(),
        estimate: Some(estimate),
        lower: Some(lower),
        upper: Some(upper),
        ..sample::beside().tests[2].clone()
    };
    audit.tests = vec![
        max_t("disparate-impact", "selection-rate", [0.59, 0.51, 0.69]),
        max_t("equal-opportunity", "true-positive-rate", [0.326, 0.251, 0.4]),
    ];
    let short = crate::text(
        &audit,
        &crate::TextOptions {
            width: 200,
            ..crate::TextOptions::default()
        },
        &[],
    );
    for text in [&short, &crate::markdown(&audit, &[])] {
        for line in [
            "Worst of all: 0.59, with an interval that allows for having been picked: 0.51 to 0.69.",
            "Worst of all: 32.6 points in whichever direction, with an interval that allows for having been picked: 25.1 \
             to 40.0 points.",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
    }
    let rows = crate::significance::sets(&audit)[0].test_rows();
    assert_eq!(rows[1][2], "32.6 points (25.1 to 40.0)");
}

#[test]
fn dashes_say_why_and_pooled_rates_are_percentages() {
    let mut audit = sample::failing().audit();
    for (at, rates) in audit.rates.iter_mut().enumerate() {
        let why = if at < 3 {
            "no row has a label"
        } else {
            "no label is known"
        };
        rates.values.insert("accuracy".to_owned(), Value::undefined(why));
        rates.values.insert(
            "selection-rate@partial-pooling".to_owned(),
            Value::Number {
                point: 0.314,
                lower: Some(0.28),
                upper: Some(0.35),
            },
        );
    }
    let wide = crate::TextOptions {
        width: 200,
        ..crate::TextOptions::default()
    };
    let shown = crate::text(&audit, &wide, &[]);
    assert!(shown.contains("– has no value; --detail says why."), "{shown}");
    assert!(shown.contains("--detail shows the partially pooled rates."), "{shown}");
    let detail = crate::text(&audit, &crate::TextOptions { detail: true, ..wide }, &[]);
    assert!(detail.contains("31.4%  28.0% to 35.0%"), "{detail}");
    assert!(!detail.contains("--detail shows the partially"));
    for rates in &mut audit.rates {
        rates
            .values
            .insert("accuracy".to_owned(), Value::undefined("no row has a label"));
    }
    let shown = crate::text(&audit, &wide, &[]);
    assert!(shown.contains("– has no value: no row has a label."), "{shown}");
}

#[test]
fn methods_are_named_where_they_occur() {
    let mut audit = sample::failing().audit();
    let methods = |ratio: &str| {
        serde_json::json!({ "inference": { "confidence": 0.95, "methods": {
            "rate": "wilson", "ratio": ratio, "difference": "miettinen-nurminen-difference", "odds-ratio": "woolf"
        } } })
    };
    audit.policy = methods("katz");
    let wide = crate::TextOptions {
        width: 400,
        ..crate::TextOptions::default()
    };
    let text = crate::text(&audit, &wide, &[]);
    assert!(
        text.contains(
            "  Intervals: rates Wilson score; ratios Katz log, as the policy asks; differences Miettinen-Nurminen score\n"
        ),
        "{text}"
    );
    audit.policy = methods("miettinen-nurminen-ratio");
    audit.findings.retain(|finding| finding.comparison == "ratio");
    let text = crate::text(&audit, &wide, &[]);
    assert!(
        text.contains("  Intervals: rates Wilson score; ratios Miettinen-Nurminen score\n"),
        "{text}"
    );
}
