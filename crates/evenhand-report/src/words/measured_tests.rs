use crate::numbers::change;
use crate::sample::{HOSTILE, lists, prices, scores};
use crate::words::terms::reading_lines;
use crate::words::{finding_sentence, headline};

use super::*;

fn sentences(audit: &Audit) -> Vec<String> {
    audit
        .findings
        .iter()
        .map(|finding| finding_sentence(finding, audit, true))
        .collect()
}

#[test]
fn exposure_names_target_and_attention_and_both_groups() {
    let audit = lists(&["North", "South"]);
    let said = headline(&audit);
    for part in [
        "items of region \"North\" get 66.7% of the attention (log model) that their share of the catalogue would give them",
        "items of region \"South\" 133.3%: 0.50 times as much (95% interval 0.47 to 0.53) where 0.80 or more is allowed",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(
        sentences(&audit)[0].contains("Method delete-a-bucket jackknife"),
        "{:?}",
        sentences(&audit)[0]
    );
}

#[test]
fn another_target_and_model_have_their_words() {
    let mut audit = lists(&["North", "South"]);
    audit.policy["lists"] = serde_json::json!({ "attention": "rbp:0.8", "target": "sales" });
    let said = headline(&audit);
    assert!(
        said.contains("(rbp:0.8 model) that their share of what was sold so far"),
        "{said}"
    );
    let lines = reading_lines(&audit).join("\n");
    assert!(
        lines.contains("as if a reader went on to the next with chance 0.8 (rbp:0.8 model)"),
        "{lines}"
    );
    // Without a word in the policy it is what the audit takes by itself.
    audit.policy["lists"] = serde_json::Value::Null;
    assert!(headline(&audit).contains("(log model) that their share of the catalogue"));
}

#[test]
fn a_share_against_its_target_alone_is_a_comparison() {
    let mut audit = lists(&["North", "South"]);
    let finding = &mut audit.findings[0];
    (finding.reference, finding.reference_value) = (None, None);
    let said = finding_sentence(&finding.clone(), &audit, false);
    assert!(
        said.starts_with("Items of region \"North\" get 66.7% of the attention"),
        "{said}"
    );
    assert!(!said.contains("not compared"), "{said}");
}

#[test]
fn lists_are_less_useful_in_words_and_in_the_measures_own_unit() {
    let audit = lists(&["North"]);
    let said = sentences(&audit);
    assert!(
        said[0].starts_with("Lists are less useful for users of gender \"F\" than for users of gender \"M\":"),
        "{}",
        said[0]
    );
    for part in [
        "0.310 against 0.380",
        "a difference of -0.070 (95% interval -0.100 to -0.040) where -0.05 to 0.05",
    ] {
        assert!(said[0].contains(part), "{}", said[0]);
    }
    // A hit rate is a share, so that its differences are points.
    assert!(
        said[1].contains("52.0% against 58.0%, a difference of -6.0 points"),
        "{}",
        said[1]
    );
}

#[test]
fn prices_are_told_as_more_or_less() {
    let audit = prices(&["low", "high"]);
    let said = sentences(&audit);
    for part in [
        "the typical price (geometric mean) of income \"low\"",
        "4.0% more",
        "where -5.0% to +5.3% is allowed",
    ] {
        assert!(said[0].to_lowercase().contains(part), "{}", said[0]);
    }
    assert!(
        said[1].starts_with(
            "With the declared controls alike, the price of income \"low\" is 4.1% more than that of income \"high\" (95% \
             interval +2.9% to +5.3%)"
        ),
        "{}",
        said[1]
    );
    assert_eq!(change(-0.0004), "-0.04%");
}

#[test]
fn a_lower_score_is_said_in_words() {
    let said = headline(&scores(&["A", "B"]));
    assert!(
        said.contains("the score tells people apart less well for race \"A\" than for race \"B\""),
        "{said}"
    );
    assert!(said.contains("0.645 against 0.741, a difference of -0.096"), "{said}");
}

#[test]
fn what_has_no_value_is_no_number() {
    let mut audit = scores(&["A", "B"]);
    let finding = &mut audit.findings[0];
    (finding.point, finding.lower, finding.upper) = (None, None, None);
    finding.group_value = Some(Value::undefined("no label is positive"));
    let said = finding_sentence(&finding.clone(), &audit, true);
    assert!(
        said.contains("no value (no label is positive)") && said.contains("a difference without a value"),
        "{said}"
    );
    assert!(!said.contains("NaN") && !said.contains("inf"), "{said}");
}

#[test]
fn hostile_names_stay_names() {
    for said in sentences(&lists(&HOSTILE)) {
        assert!(
            !said.contains('\u{1b}') && !said.contains('\u{202e}') && !said.contains('\0'),
            "{said}"
        );
    }
}

#[test]
fn what_reaches_whom_names_items_and_users() {
    let mut audit = lists(&["North"]);
    let finding = &mut audit.findings[0];
    (finding.criterion, finding.rate) = ("cross-exposure-parity".to_owned(), "cross-exposure".to_owned());
    finding.comparison = "ratio".to_owned();
    finding.point = Some(0.306);
    finding.within = Group::from([("item.region".to_owned(), Some("North".to_owned()))]);
    let said = finding_sentence(&finding.clone(), &audit, false);
    assert!(
        said.starts_with(
            "Of the attention (log model) of users of gender \"F\" 31.0% goes to items of region \"North\", against 38.0% of \
             that of users of gender \"M\": 0.31 times as much"
        ),
        "{said}"
    );
}

#[test]
fn standard_deviations_are_the_unit_of_a_standardized_gap() {
    let mut audit = prices(&["low", "high"]);
    let finding = &mut audit.findings[0];
    finding.rate = "standardized-mean-difference".to_owned();
    finding.comparison = "difference".to_owned();
    (finding.point, finding.lower, finding.upper) = (Some(0.31), Some(0.2), Some(0.42));
    let said = finding_sentence(&finding.clone(), &audit, false);
    assert!(
        said.starts_with(
            "The mean price of income \"low\" is 0.310 standard deviations more than that of income \"high\" (95% interval 0.200 \
             to 0.420)"
        ),
        "{said}"
    );
}

#[test]
fn what_is_of_two_groups_from_the_start_has_no_value_of_each() {
    let mut audit = scores(&["A", "B"]);
    let finding = &mut audit.findings[0];
    finding.rate = "standardized-score-gap".to_owned();
    let said = finding_sentence(&finding.clone(), &audit, false);
    assert!(
        said.starts_with("The mean score of race \"A\" is 0.096 standard deviations lower than that of race \"B\""),
        "{said}"
    );
    let finding = &mut audit.findings[0];
    finding.rate = "cross-group-auc".to_owned();
    let said = finding_sentence(&finding.clone(), &audit, false);
    assert!(
        said.contains("for whom it did not less often than the other way about, a difference of -0.096"),
        "{said}"
    );
    assert!(!said.contains("against"), "{said}");
}
