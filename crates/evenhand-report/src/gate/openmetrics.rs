//! This module writes the answer of a gate as OpenMetrics text, for whoever draws trends of it.
//!
//! What identifies a series stays the same from run to run: outcomes are values, not labels. There are no timestamps.

use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Group, GroupRates, Verdict};
use evenhand_measure::gate::{Gate, Result};
use evenhand_measure::policy::Level;

use super::line::{columns, values};
use crate::safe::visible;

/// The verdict, counts, rates, disparities and changes of a gate as OpenMetrics text.
#[must_use]
pub fn openmetrics(gate: &Gate) -> String {
    let mut out = String::new();
    for family in [
        verdict(gate),
        checks(gate),
        rows(gate),
        group_rows(gate),
        rates(gate),
        disparities(gate),
        worsenings(gate),
    ] {
        family.write(&mut out);
    }
    out.push_str("# EOF\n");
    out
}

/// Metrics of one name.
struct Metrics {
    name: &'static str,
    help: &'static str,
    unit: Option<&'static str>,
    samples: Vec<Sample>,
}

/// One number and what it is of.
type Sample = (Vec<(&'static str, String)>, f64);

impl Metrics {
    fn write(&self, out: &mut String) {
        let name = self.name;
        let mut lines = String::new();
        let mut seen = BTreeSet::new();
        for (labels, value) in &self.samples {
            let labels: Vec<String> = labels
                .iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| format!("{label}=\"{}\"", label_value(value)))
                .collect();
            let labels = match labels.is_empty() {
                true => String::new(),
                false => format!("{{{}}}", labels.join(",")),
            };
            // A series stands once in a text, and only numbers can be drawn.
            if value.is_finite() && seen.insert(labels.clone()) {
                lines.push_str(&format!("{name}{labels} {value}\n"));
            }
        }
        if lines.is_empty() {
            return;
        }
        out.push_str(&format!("# TYPE {name} gauge\n"));
        if let Some(unit) = self.unit {
            out.push_str(&format!("# UNIT {name} {unit}\n"));
        }
        out.push_str(&format!("# HELP {name} {}\n{lines}", self.help));
    }
}

fn label_value(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn verdict(gate: &Gate) -> Metrics {
    let all = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotJudged];
    Metrics {
        name: "evenhand_verdict",
        help: "1 for the verdict that was reached, 0 for the others.",
        unit: None,
        samples: all
            .into_iter()
            .map(|verdict| {
                (
                    vec![("verdict", verdict.word().to_owned())],
                    f64::from(u8::from(gate.verdict == verdict)),
                )
            })
            .collect(),
    }
}

fn checks(gate: &Gate) -> Metrics {
    let results = [
        (Result::Fail, "fail"),
        (Result::Waived, "waived"),
        (Result::Open, "open"),
        (Result::Allowed, "allowed"),
        (Result::Pass, "pass"),
        (Result::NotJudged, "not-judged"),
    ];
    let levels = [(Level::Error, "error"), (Level::Warn, "warn")];
    let samples = levels.into_iter().flat_map(|(level, level_word)| {
        results.into_iter().map(move |(result, word)| {
            let of = gate
                .items
                .iter()
                .filter(|item| item.level == level && item.result == result);
            (
                vec![("level", level_word.to_owned()), ("result", word.to_owned())],
                of.count() as f64,
            )
        })
    });
    Metrics {
        name: "evenhand_checks",
        help: "Comparisons, with a bound or with a baseline, by what came of them.",
        unit: None,
        samples: samples.collect(),
    }
}

fn rows(gate: &Gate) -> Metrics {
    let data = &gate.audit.data;
    let left_out: u64 = data.excluded.iter().map(|exclusion| exclusion.rows).sum();
    let states = [
        ("read", data.rows_read),
        ("counted", data.rows_counted),
        ("left-out", left_out),
    ];
    Metrics {
        name: "evenhand_rows",
        help: "Rows of the input.",
        unit: Some("rows"),
        samples: states
            .into_iter()
            .map(|(state, rows)| (vec![("state", state.to_owned())], rows as f64))
            .collect(),
    }
}

fn group_rows(gate: &Gate) -> Metrics {
    Metrics {
        name: "evenhand_group_rows",
        help: "Rows of a group.",
        unit: Some("rows"),
        samples: gate
            .audit
            .rates
            .iter()
            .map(|rates| (of_rates(rates), rates.n as f64))
            .collect(),
    }
}

fn rates(gate: &Gate) -> Metrics {
    let samples = gate.audit.rates.iter().flat_map(|rates| {
        rates.values.iter().filter_map(move |(id, value)| {
            let mut labels = vec![("rate", plain(id))];
            labels.extend(of_rates(rates));
            Some((labels, value.point()?))
        })
    });
    Metrics {
        name: "evenhand_rate",
        help: "A rate or statistic of a group; shares are between 0 and 1.",
        unit: None,
        samples: samples.collect(),
    }
}

fn of_rates(rates: &GroupRates) -> Vec<(&'static str, String)> {
    vec![
        ("by", plain(&columns(&rates.by))),
        ("group", group(&rates.group)),
        ("within", group(&rates.within)),
    ]
}

fn disparities(gate: &Gate) -> Metrics {
    let samples = gate.audit.findings.iter().filter_map(|finding| {
        let labels = compared(
            (
                &finding.criterion,
                &finding.rate,
                finding.event.as_deref(),
                &finding.comparison,
            ),
            &finding.by,
            (&finding.group, finding.reference.as_ref()),
            (&finding.within, &finding.pooled_over),
        );
        Some((labels, finding.point?))
    });
    Metrics {
        name: "evenhand_disparity",
        help: "A group against its reference: a ratio, or a difference as a share of 1.",
        unit: None,
        samples: samples.collect(),
    }
}

fn worsenings(gate: &Gate) -> Metrics {
    let changes = gate.changes.iter().flat_map(|changes| &changes.changes);
    let samples = changes.filter_map(|change| {
        let labels = compared(
            (
                &change.criterion,
                &change.rate,
                change.event.as_deref(),
                &change.comparison,
            ),
            &change.by,
            (&change.group, change.reference.as_ref()),
            (&change.within, &change.pooled_over),
        );
        Some((labels, change.worsening?))
    });
    Metrics {
        name: "evenhand_worsening",
        help: "By how much a disparity has grown since the baseline; below 0 it has shrunk.",
        unit: None,
        samples: samples.collect(),
    }
}

fn compared(
    (criterion, rate, event, comparison): (&str, &str, Option<&str>, &str),
    by: &[String],
    (one, reference): (&Group, Option<&Group>),
    (within, pooled_over): (&Group, &[String]),
) -> Vec<(&'static str, String)> {
    vec![
        ("criterion", plain(criterion)),
        ("rate", plain(rate)),
        ("event", event.map_or_else(String::new, plain)),
        ("comparison", plain(comparison)),
        ("by", plain(&columns(by))),
        ("group", group(one)),
        ("reference", reference.map_or_else(String::new, group)),
        ("within", group(within)),
        ("pooled_over", plain(&columns(pooled_over))),
    ]
}

fn group(group: &Group) -> String {
    plain(&values(group))
}

/// Text in which nothing acts on what shows it. Bytes are escaped as in a URL, so two names never become one; a name
/// has its signs of percent escaped before.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut buffer = [0; 4];
    for c in text.chars() {
        let one = c.encode_utf8(&mut buffer);
        match visible(one) == *one {
            true => out.push(c),
            false => out.extend(one.bytes().map(|byte| format!("%{byte:02X}"))),
        }
    }
    out
}

#[cfg(test)]
mod tests;
