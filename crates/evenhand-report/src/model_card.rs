//! This module writes an audit in the form of a model card: the JSON of the Model Card Toolkit, version 0.0.2.
//!
//! A card is about a model, an audit about what a model decided; what an audit does not know, the card leaves out.

use evenhand_measure::audit::model::{Audit, Finding, Group, Input, Outcome, Value};
use evenhand_measure::policy::Level;
use serde::Serialize;

use crate::document::Letterhead;
use crate::order::worse_off_first;
use crate::text::{data_lines, note_lines};
use crate::{numbers, safe, words};

/// The version of the form.
const FORM: &str = "0.0.2";
/// Comparisons that are told as risks, the gravest first; the metrics have all.
const MOST_RISKS: usize = 50;

#[derive(Serialize)]
struct Card {
    schema_version: &'static str,
    model_details: Details,
    model_parameters: Parameters,
    quantitative_analysis: Analysis,
    considerations: Considerations,
}

#[derive(Serialize)]
struct Details {
    name: String,
    overview: String,
    documentation: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<Owner>,
    citations: Vec<Citation>,
}

#[derive(Serialize)]
struct Owner {
    name: String,
}

#[derive(Serialize)]
struct Citation {
    style: &'static str,
    citation: String,
}

#[derive(Serialize)]
struct Parameters {
    data: Vec<Dataset>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_format: Option<String>,
}

#[derive(Serialize)]
struct Dataset {
    name: String,
    description: String,
    sensitive: Sensitive,
}

#[derive(Serialize)]
struct Sensitive {
    sensitive_data: Vec<String>,
}

#[derive(Serialize)]
struct Analysis {
    performance_metrics: Vec<Metric>,
}

#[derive(Serialize)]
struct Metric {
    r#type: String,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    slice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence_interval: Option<Limits>,
}

#[derive(Serialize)]
struct Limits {
    lower_bound: f64,
    upper_bound: f64,
}

#[derive(Serialize)]
struct Considerations {
    limitations: Vec<Description>,
    ethical_considerations: Vec<Risk>,
}

#[derive(Serialize)]
struct Description {
    description: String,
}

#[derive(Serialize)]
struct Risk {
    name: String,
}

/// The audit as a model card, in JSON.
///
/// # Errors
///
/// When a value cannot be written as JSON, which would be a defect.
pub fn model_card(audit: &Audit, letterhead: &Letterhead) -> Result<String, serde_json::Error> {
    let card = Card {
        schema_version: FORM,
        model_details: details(audit, letterhead),
        model_parameters: parameters(audit),
        quantitative_analysis: Analysis {
            performance_metrics: metrics(audit),
        },
        considerations: considerations(audit),
    };
    let mut text = safe::json(&serde_json::to_string_pretty(&card)?);
    text.push('\n');
    Ok(text)
}

fn details(audit: &Audit, letterhead: &Letterhead) -> Details {
    let decided = audit.roles.prediction.as_ref();
    let unnamed = || match decided {
        Some(decided) => format!("What decides {}", words::name(&decided.column)),
        None => "What was audited".to_owned(),
    };
    let name = letterhead.posting.tool.clone().or_else(|| letterhead.title.clone());
    let made = &audit.provenance;
    let day = made
        .as_of
        .as_ref()
        .map_or_else(String::new, |day| format!(", as of {day}"));
    let by = letterhead
        .auditor
        .as_ref()
        .map_or_else(String::new, |by| format!("{by}: "));
    Details {
        name: name.unwrap_or_else(unnamed),
        overview: words::headline(audit),
        documentation: data_lines(audit).iter().map(|line| format!("{line}.\n")).collect(),
        owners: letterhead
            .client
            .iter()
            .map(|name| Owner { name: name.clone() })
            .collect(),
        citations: vec![Citation {
            style: "text",
            citation: format!(
                "{by}bias audit with {} {}{day}; policy {}; tally {}",
                made.tool, made.version, made.policy_hash, made.tally_hash
            ),
        }],
    }
}

fn parameters(audit: &Audit) -> Parameters {
    let dataset = |name: String, description: String| Dataset {
        name,
        description,
        sensitive: Sensitive {
            sensitive_data: audit.roles.protected.clone(),
        },
    };
    let rows = format!("{} of the audit", words::rows(audit.data.rows_read));
    let described = |input: &Input| {
        let hash = input
            .sha256
            .as_ref()
            .map_or_else(String::new, |hash| format!(", SHA-256 {hash}"));
        let bytes = format!("{} bytes{hash}", numbers::count(input.bytes));
        dataset(input.name.clone(), format!("evaluation data: {rows}, {bytes}"))
    };
    let data: Vec<Dataset> = audit.provenance.inputs.iter().map(described).collect();
    Parameters {
        data: if data.is_empty() {
            vec![dataset(
                "data of the audit".to_owned(),
                format!("evaluation data: {rows}"),
            )]
        } else {
            data
        },
        output_format: audit.roles.prediction.as_ref().map(|prediction| {
            let direction = words::direction(audit);
            format!("what counts is that {}{direction}", words::event(prediction))
        }),
    }
}

fn metrics(audit: &Audit) -> Vec<Metric> {
    let rates = audit.rates.iter().flat_map(|of| {
        let slice = slice(&of.within, &of.group);
        let metric = move |(id, value): (&String, &Value)| {
            let limits = match value {
                Value::Undefined { .. } => None,
                Value::Share(share) => Some((share.lower, share.upper)),
                Value::Number { lower, upper, .. } => lower.zip(*upper),
            };
            metric(id.clone(), value.point(), limits, slice.clone())
        };
        of.values.iter().filter_map(metric)
    });
    let compared = |finding: &Finding| {
        let of = slice(&finding.within, &finding.group);
        let with = finding
            .reference
            .as_ref()
            .and_then(|reference| slice(&Group::new(), reference));
        let slice = match (of, with) {
            (Some(of), Some(with)) => Some(format!("{of} compared with {with}")),
            (of, _) => of,
        };
        let over = &finding.pooled_over;
        let slice = match (slice, over.is_empty()) {
            (Some(slice), false) => Some(format!("{slice}, pooled over {}", over.join(", "))),
            (slice, _) => slice,
        };
        let id = match finding.criterion.as_str() {
            criterion if finding.rate == criterion => criterion.to_owned(),
            criterion => format!("{criterion} ({} of {})", finding.comparison, finding.rate),
        };
        metric(id, finding.point, finding.lower.zip(finding.upper), slice)
    };
    rates.chain(audit.findings.iter().filter_map(compared)).collect()
}

/// A metric where there is a number; JSON has no infinite one.
fn metric(r#type: String, value: Option<f64>, limits: Option<(f64, f64)>, slice: Option<String>) -> Option<Metric> {
    Some(Metric {
        r#type,
        value: value.filter(|value| value.is_finite())?,
        slice,
        confidence_interval: limits
            .filter(|(lower, upper)| lower.is_finite() && upper.is_finite())
            .map(|(lower_bound, upper_bound)| Limits {
                lower_bound,
                upper_bound,
            }),
    })
}

/// The part of the rows, with whole names: `race=Black, sex=F`; `None` for all rows.
fn slice(within: &Group, group: &Group) -> Option<String> {
    let part = |(column, value): (&String, &Option<String>)| match value {
        Some(value) => format!("{column}={value}"),
        None => format!("{column} is missing"),
    };
    let parts: Vec<String> = within.iter().chain(group).map(part).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn considerations(audit: &Audit) -> Considerations {
    let audit = &*worse_off_first(audit);
    let mut risks: Vec<&Finding> = audit
        .findings
        .iter()
        .filter(|finding| {
            finding.level == Level::Error && matches!(finding.outcome, Outcome::Fail | Outcome::Inconclusive)
        })
        .collect();
    // Failures come before what is open; within these the order stays that of the audit.
    risks.sort_by_key(|finding| finding.outcome);
    let told = |finding: &&Finding| Risk {
        name: words::finding_sentence(finding, audit, false),
    };
    Considerations {
        limitations: note_lines(audit)
            .into_iter()
            .map(|description| Description { description })
            .collect(),
        ethical_considerations: risks.iter().take(MOST_RISKS).map(told).collect(),
    }
}

#[cfg(test)]
#[path = "model_card_tests.rs"]
mod tests;
