//! This module builds audits for the tests. Its intervals are rough: the tests are about what is done with them.

mod beside;
mod curves;
mod named;

use std::collections::BTreeMap;

use evenhand_measure::audit::model::{
    Amount, Audit, Bound, Data, EventColumn, Exclusion, Family, FamilyOf, Finding, Group, GroupKind, GroupRates, Input,
    Note, Outcome, Provenance, Reason, RolesRead, SCHEMA_VERSION, Sensitivity, Severity, Share, Value, Verdict,
};
use evenhand_measure::policy::Level;

pub(crate) use self::beside::{beside, publication};
pub(crate) use self::curves::{lists, prices, scores};
pub(crate) use self::named::{HOSTILE, abridged, alone, failing, hostile, make_infinite, many, open, passing};
use crate::order::Outcomes;

/// A group of the sample: its name, and rows in the four cells (TP, FP, FN, TN).
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    pub(crate) name: String,
    pub(crate) cells: [u64; 4],
}

pub(crate) fn cells(name: &str, cells: [u64; 4]) -> Cells {
    Cells {
        name: name.to_owned(),
        cells,
    }
}

/// How a sample is built.
pub(crate) struct Sample<'a> {
    pub(crate) column: &'a str,
    pub(crate) positive: &'a str,
    pub(crate) adverse: bool,
    pub(crate) labels: bool,
    pub(crate) groups: Vec<Cells>,
}

pub(crate) fn sample(groups: Vec<Cells>) -> Sample<'static> {
    Sample {
        column: "race",
        positive: "yes",
        adverse: false,
        labels: true,
        groups,
    }
}

impl Sample<'_> {
    pub(crate) fn audit(&self) -> Audit {
        let mut findings = Vec::new();
        for (i, group) in self.groups.iter().enumerate() {
            for (j, reference) in self.groups.iter().enumerate() {
                if i != j {
                    findings.push(self.ratio(group, reference));
                }
            }
        }
        for (i, a) in self.groups.iter().enumerate() {
            for b in &self.groups[i + 1..] {
                if self.labels {
                    findings.push(self.difference("equal-opportunity", "true-positive-rate", Level::Error, a, b));
                    findings.push(self.difference("equalized-odds", "false-positive-rate", Level::Warn, a, b));
                }
                findings.push(self.difference("statistical-parity", "selection-rate", Level::Warn, a, b));
            }
        }
        let judged = || findings.iter().filter(|f| f.level == Level::Error);
        let any = |outcome| judged().any(|finding: &Finding| finding.outcome == outcome);
        let verdict = match () {
            () if any(Outcome::Fail) => Verdict::Fail,
            () if any(Outcome::Inconclusive) => Verdict::Inconclusive,
            () if any(Outcome::Pass) => Verdict::Pass,
            () => Verdict::NotJudged,
        };
        let families = vec![
            family("error-level", Level::Error, &mut findings),
            family("warn-level", Level::Warn, &mut findings),
        ];
        let rows: u64 = self.groups.iter().map(|group| group.cells.iter().sum::<u64>()).sum();
        Audit {
            schema_version: SCHEMA_VERSION,
            verdict,
            data: Data {
                records_read: rows + 27,
                rows_read: rows + 27,
                rows_counted: rows,
                excluded: vec![Exclusion {
                    reason: "decision-missing".to_owned(),
                    message: "the decision is missing".to_owned(),
                    rows: 27,
                }],
                partial: vec![],
            },
            roles: RolesRead {
                prediction: Some(EventColumn {
                    column: "hired".to_owned(),
                    rule: None,
                    positive: self.positive.to_owned(),
                    others: vec!["no".to_owned()],
                    declared: false,
                }),
                compared: None,
                label: None,
                adverse: Some(self.adverse),
                adverse_declared: self.adverse,
                protected: vec![self.column.to_owned()],
                ..RolesRead::default()
            },
            policy: serde_json::json!({ "inference": { "confidence": 0.95 } }),
            rates: self.rates(),
            families,
            findings,
            tests: vec![],
            practical: vec![],
            paired: None,
            publication: None,
            series: vec![],
            sensitivity: vec![Sensitivity {
                code: "unknown-group-assigned".to_owned(),
                assumption: "all rows without race were selected".to_owned(),
                verdict: Verdict::Inconclusive,
                changes: true,
            }],
            notes: vec![Note {
                code: "missing-groups".to_owned(),
                severity: Severity::Warning,
                message: "12 rows have no race; they are shown and not judged".to_owned(),
                help: Some("fill the column in, or leave those rows out before the audit".to_owned()),
            }],
            provenance: Provenance {
                tool: "evenhand".to_owned(),
                version: "0.1.0".to_owned(),
                seed: None,
                policy_hash: "ab".repeat(32),
                tally_hash: "cd".repeat(32),
                as_of: None,
                inputs: vec![Input {
                    name: "hiring.csv".to_owned(),
                    bytes: 12_345,
                    sha256: None,
                }],
            },
        }
    }

    fn group(&self, name: Option<&str>) -> Group {
        Group::from([(self.column.to_owned(), name.map(str::to_owned))])
    }

    fn rates(&self) -> Vec<GroupRates> {
        let mut total = [0; 4];
        for group in &self.groups {
            for (sum, cell) in total.iter_mut().zip(group.cells) {
                *sum += cell;
            }
        }
        let mut rates = vec![self.rates_of(vec![], Group::new(), GroupKind::Overall, total)];
        let by = vec![self.column.to_owned()];
        rates.push(self.rates_of(by.clone(), self.group(None), GroupKind::Missing, [2, 3, 3, 4]));
        for group in &self.groups {
            rates.push(self.rates_of(
                by.clone(),
                self.group(Some(&group.name)),
                GroupKind::Judged,
                group.cells,
            ));
        }
        rates
    }

    fn rates_of(&self, by: Vec<String>, group: Group, kind: GroupKind, cells: [u64; 4]) -> GroupRates {
        let mut values = BTreeMap::new();
        for id in [
            "selection-rate",
            "true-positive-rate",
            "false-positive-rate",
            "positive-predictive-value",
            "accuracy",
        ] {
            if self.labels || id == "selection-rate" {
                values.insert(id.to_owned(), share(counts(id, cells)));
            }
        }
        if self.labels {
            values.insert(
                "f1-score".to_owned(),
                Value::Number {
                    point: 0.512_34,
                    lower: Some(0.45),
                    upper: Some(0.57),
                },
            );
        }
        GroupRates {
            by,
            group,
            within: Group::new(),
            kind,
            n: cells.iter().sum(),
            values,
        }
    }

    fn ratio(&self, group: &Cells, reference: &Cells) -> Finding {
        let side = |of: &Cells| {
            let (x, n) = counts("selection-rate", of.cells);
            if self.adverse { (n - x, n) } else { (x, n) }
        };
        let ((x1, n1), (x2, n2)) = (side(group), side(reference));
        let bound = Bound {
            at_least: Some(0.8),
            at_most: None,
        };
        let mut finding = self.blank("disparate-impact", "selection-rate", "ratio", bound, group, reference);
        finding.complement = self.adverse;
        finding.group_value = Some(share((x1, n1)));
        finding.reference_value = Some(share((x2, n2)));
        if x1 == 0 || x2 == 0 || n1 == 0 || n2 == 0 {
            finding.outcome = Outcome::Inconclusive;
            finding.reason = Some(Reason::UndefinedRate);
            finding.why = Some("nobody in either group has the favourable outcome, so there is no ratio".to_owned());
            return finding;
        }
        let (x1, n1, x2, n2) = (x1 as f64, n1 as f64, x2 as f64, n2 as f64);
        let point = (x1 / n1) / (x2 / n2);
        let spread = (1.0 / x1 - 1.0 / n1 + 1.0 / x2 - 1.0 / n2).sqrt().max(1e-6);
        settle(
            &mut finding,
            point,
            (point * (-1.96 * spread).exp(), point * (1.96 * spread).exp()),
            (point / 0.8).ln() / spread,
        );
        finding
    }

    fn difference(&self, criterion: &str, rate: &str, level: Level, a: &Cells, b: &Cells) -> Finding {
        let value = |of: &Cells| {
            let (x, n) = counts(rate, of.cells);
            x as f64 / n.max(1) as f64
        };
        // As in the engine: in the order of the names, whichever is higher.
        let (group, reference) = if a.name <= b.name { (a, b) } else { (b, a) };
        let ((x1, n1), (x2, n2)) = (counts(rate, group.cells), counts(rate, reference.cells));
        let bound = Bound {
            at_least: Some(-0.1),
            at_most: Some(0.1),
        };
        let mut finding = self.blank(criterion, rate, "difference", bound, group, reference);
        finding.level = level;
        finding.group_value = Some(share((x1, n1)));
        finding.reference_value = Some(share((x2, n2)));
        if n1 == 0 || n2 == 0 {
            finding.outcome = Outcome::Inconclusive;
            finding.reason = Some(Reason::UndefinedRate);
            finding.why = Some("the group has no row that this rate is a share of".to_owned());
            return finding;
        }
        let (p, q) = (value(group), value(reference));
        let spread = (p * (1.0 - p) / n1 as f64 + q * (1.0 - q) / n2 as f64).sqrt().max(1e-6);
        let point = p - q;
        settle(
            &mut finding,
            point,
            (point - 1.96 * spread, point + 1.96 * spread),
            (0.1 - point.abs()) / spread,
        );
        finding
    }

    fn blank(
        &self,
        criterion: &str,
        rate: &str,
        comparison: &str,
        bound: Bound,
        group: &Cells,
        reference: &Cells,
    ) -> Finding {
        Finding {
            criterion: criterion.to_owned(),
            rate: rate.to_owned(),
            event: None,
            complement: false,
            comparison: comparison.to_owned(),
            by: vec![self.column.to_owned()],
            group: self.group(Some(&group.name)),
            reference: Some(self.group(Some(&reference.name))),
            within: Group::new(),
            pooled_over: vec![],
            policy_line: None,
            simultaneous: None,
            group_value: None,
            reference_value: None,
            point: None,
            lower: None,
            upper: None,
            confidence: 0.95,
            bound,
            method: "miettinen-nurminen-score".to_owned(),
            p_breach: None,
            p_breach_adjusted: None,
            p_breach_exact: None,
            p_comply: None,
            p_comply_exact: None,
            family: FamilyOf {
                id: "error-level".to_owned(),
                size: 0,
            },
            detectable: None,
            rows_to_settle: None,
            outcome: Outcome::Pass,
            why: None,
            reason: None,
            level: Level::Error,
        }
    }
}

/// Counts the findings of a level, and tells each how many they are.
fn family(id: &str, level: Level, findings: &mut [Finding]) -> Family {
    let mut of_level: Vec<&mut Finding> = findings.iter_mut().filter(|finding| finding.level == level).collect();
    let outcomes = Outcomes::of(of_level.iter().map(|finding| &**finding));
    let size = outcomes.judged();
    for finding in &mut of_level {
        finding.family = FamilyOf {
            id: id.to_owned(),
            size,
        };
    }
    Family {
        id: id.to_owned(),
        adjustment: "holm".to_owned(),
        size,
        listed: of_level.len(),
        fail: outcomes.fail,
        inconclusive: outcomes.inconclusive,
        pass: outcomes.pass,
        not_judged: outcomes.not_judged,
        not_applicable: outcomes.not_applicable,
    }
}

/// Fills in what follows from a point, its interval and how many standard errors it lies within the bound.
fn settle(finding: &mut Finding, point: f64, (lower, upper): (f64, f64), within: f64) {
    finding.point = Some(point);
    finding.lower = Some(lower);
    finding.upper = Some(upper);
    let tail = 0.5 * (-0.717 * within.abs() - 0.416 * within * within).exp();
    let (breach, comply) = if within < 0.0 {
        (tail, 1.0 - tail)
    } else {
        (1.0 - tail, tail)
    };
    finding.p_breach = Some(breach);
    finding.p_breach_adjusted = Some((breach * 2.0).min(1.0));
    finding.p_comply = Some(comply);
    if within < -2.3 {
        finding.outcome = Outcome::Fail;
    } else if within < 1.96 {
        finding.outcome = Outcome::Inconclusive;
        finding.reason = Some(Reason::TooFewRows);
        finding.why = Some("the interval covers the bound, so these rows settle it neither way".to_owned());
        finding.rows_to_settle = Some(1_240);
        finding.detectable = Some(if finding.comparison == "ratio" { 0.61 } else { -0.21 });
    }
}

fn counts(rate: &str, [tp, fp, fn_, tn]: [u64; 4]) -> (u64, u64) {
    match rate {
        "true-positive-rate" => (tp, tp + fn_),
        "false-positive-rate" => (fp, fp + tn),
        "positive-predictive-value" => (tp, tp + fp),
        "accuracy" => (tp + tn, tp + fp + fn_ + tn),
        _ => (tp + fp, tp + fp + fn_ + tn),
    }
}

fn share((x, n): (u64, u64)) -> Value {
    if n == 0 {
        return Value::undefined("no row of the group is in TP + FN");
    }
    let (x, n) = (x as f64, n as f64);
    let (p, z) = (x / n, 1.96);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    Value::Share(Share {
        numerator: Amount::Rows(x as u64),
        denominator: Amount::Rows(n as u64),
        point: p,
        lower: (middle - reach).max(0.0).min(p),
        upper: (middle + reach).min(1.0).max(p),
        lowest: None,
        highest: None,
        effective_n: None,
    })
}
