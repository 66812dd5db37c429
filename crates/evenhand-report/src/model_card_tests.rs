use serde_json::Value as Json;

use super::*;
use crate::document::Posting;
use crate::sample::{self, HOSTILE};

/// What the form knows of each part: the key, and what it holds. A key in brackets is the part of a list.
const FORM_OF: &[(&str, &str)] = &[
    ("/schema_version", "string"),
    ("/model_details", "object"),
    ("/model_details/name", "string"),
    ("/model_details/overview", "string"),
    ("/model_details/documentation", "string"),
    ("/model_details/owners", "array"),
    ("/model_details/owners[]", "object"),
    ("/model_details/owners[]/name", "string"),
    ("/model_details/citations", "array"),
    ("/model_details/citations[]", "object"),
    ("/model_details/citations[]/style", "string"),
    ("/model_details/citations[]/citation", "string"),
    ("/model_parameters", "object"),
    ("/model_parameters/output_format", "string"),
    ("/model_parameters/data", "array"),
    ("/model_parameters/data[]", "object"),
    ("/model_parameters/data[]/name", "string"),
    ("/model_parameters/data[]/description", "string"),
    ("/model_parameters/data[]/sensitive", "object"),
    ("/model_parameters/data[]/sensitive/sensitive_data", "array"),
    ("/model_parameters/data[]/sensitive/sensitive_data[]", "string"),
    ("/quantitative_analysis", "object"),
    ("/quantitative_analysis/performance_metrics", "array"),
    ("/quantitative_analysis/performance_metrics[]", "object"),
    ("/quantitative_analysis/performance_metrics[]/type", "string"),
    ("/quantitative_analysis/performance_metrics[]/value", "number"),
    ("/quantitative_analysis/performance_metrics[]/slice", "string"),
    (
        "/quantitative_analysis/performance_metrics[]/confidence_interval",
        "object",
    ),
    (
        "/quantitative_analysis/performance_metrics[]/confidence_interval/lower_bound",
        "number",
    ),
    (
        "/quantitative_analysis/performance_metrics[]/confidence_interval/upper_bound",
        "number",
    ),
    ("/considerations", "object"),
    ("/considerations/limitations", "array"),
    ("/considerations/limitations[]", "object"),
    ("/considerations/limitations[]/description", "string"),
    ("/considerations/ethical_considerations", "array"),
    ("/considerations/ethical_considerations[]", "object"),
    ("/considerations/ethical_considerations[]/name", "string"),
];

fn check(path: &str, value: &Json) {
    let kind = match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    if !path.is_empty() {
        assert!(FORM_OF.contains(&(path, kind)), "{path} is {kind}");
    }
    match value {
        Json::Array(items) => items.iter().for_each(|item| check(&format!("{path}[]"), item)),
        Json::Object(map) => map
            .iter()
            .for_each(|(key, value)| check(&format!("{path}/{key}"), value)),
        _ => {}
    }
}

fn card(audit: &Audit, letterhead: &Letterhead) -> Json {
    serde_json::from_str(&model_card(audit, letterhead).unwrap()).unwrap()
}

#[test]
fn every_card_has_the_form() {
    let mut bare = sample::alone();
    bare.provenance.inputs.clear();
    bare.roles.prediction = None;
    for audit in [
        sample::failing().audit(),
        sample::passing().audit(),
        sample::hostile(),
        sample::many(12).audit(),
        sample::lists(&HOSTILE),
        sample::prices(&["low", "high"]),
        sample::scores(&HOSTILE),
        bare,
    ] {
        check("", &card(&audit, &Letterhead::default()));
    }
}

#[test]
fn numbers_are_those_of_the_audit() {
    let audit = sample::failing().audit();
    let card = card(&audit, &Letterhead::default());
    let metrics = card["quantitative_analysis"]["performance_metrics"].as_array().unwrap();
    let of = |kind: &str, slice: Option<&str>| {
        let is_it = |metric: &&Json| metric["type"] == kind && metric["slice"].as_str() == slice;
        metrics.iter().find(is_it).unwrap()
    };
    let overall = of("selection-rate", None);
    let share = audit.rates[0].values["selection-rate"].share().unwrap();
    assert_eq!(overall["value"].as_f64(), Some(share.point));
    assert_eq!(
        overall["confidence_interval"]["lower_bound"].as_f64(),
        Some(share.lower)
    );
    assert_eq!(of("selection-rate", Some("race=Black"))["value"].as_f64(), Some(0.3));
    let compared = of(
        "disparate-impact (ratio of selection-rate)",
        Some("race=Black compared with race=White"),
    );
    assert_eq!(compared["value"].as_f64(), audit.findings[0].point);
    let numbers = audit
        .rates
        .iter()
        .flat_map(|of| of.values.values())
        .filter_map(Value::point);
    let points = audit.findings.iter().filter_map(|finding| finding.point);
    assert_eq!(metrics.len(), numbers.chain(points).count());
    assert_eq!(
        card["considerations"]["ethical_considerations"]
            .as_array()
            .unwrap()
            .len(),
        audit
            .findings
            .iter()
            .filter(|f| f.level == Level::Error && f.outcome == Outcome::Fail)
            .count()
    );
}

#[test]
fn names_and_what_is_infinite_do_no_harm() {
    let text = model_card(&sample::hostile(), &Letterhead::default()).unwrap();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n') && !text.contains('\u{202e}'));
    let metrics = |audit: &Audit| {
        let card = card(audit, &Letterhead::default());
        card["quantitative_analysis"]["performance_metrics"]
            .as_array()
            .unwrap()
            .len()
    };
    let mut audit = sample::failing().audit();
    let before = metrics(&audit);
    sample::make_infinite(&mut audit.findings[0]);
    assert_eq!(metrics(&audit), before - 1);
}

#[test]
fn who_made_it_is_named() {
    let letterhead = Letterhead {
        client: Some("Example Ltd".to_owned()),
        auditor: Some("A. Auditor".to_owned()),
        posting: Posting {
            tool: Some("Ranker 3".to_owned()),
            ..Posting::default()
        },
        ..Letterhead::default()
    };
    let mut audit = sample::failing().audit();
    audit.provenance.as_of = Some("2026-01-31".to_owned());
    let card = card(&audit, &letterhead);
    assert_eq!(card["model_details"]["name"], "Ranker 3");
    assert_eq!(card["model_details"]["owners"][0]["name"], "Example Ltd");
    let citation = card["model_details"]["citations"][0]["citation"].as_str().unwrap();
    assert!(citation.starts_with("A. Auditor: bias audit with evenhand 0.1.0, as of 2026-01-31; policy abab"));
}
