//! This module says how strong the evidence of a comparison is, plainly and precisely.

use evenhand_measure::audit::model::{Audit, Finding};
use evenhand_measure::policy::Level;

use super::{disparity, name, plural, unit};
use crate::numbers::{count, p_value, percent};
use crate::order::family;

/// How sure a failure is, as how often chance would do the same. The statement is about the data if the bound
/// were met; it is not the chance that the bound is met.
pub(super) fn chance(finding: &Finding, audit: &Audit) -> String {
    let Some(p) = finding.p_breach_adjusted else {
        return "the data leave no doubt that chance could explain".to_owned();
    };
    let adjustment = adjustment_of(finding, audit);
    if adjustment != HOLM {
        // Such a p-value is no error rate of one comparison, but a share of false ones among all that are as clear.
        let size = plural(finding.family.size as u64, "comparison");
        return format!(
            "of comparisons as clear as this at most {} are expected to be beyond their bound by chance alone ({} over \
             {size})",
            percent(p),
            adjustment_name(adjustment)
        );
    }
    let often = often(p);
    let many = match finding.family.size {
        0 | 1 => String::new(),
        size => format!(", even with {} comparisons tested at once", count(size as u64)),
    };
    format!("if the bound were met, chance would show a gap this clear {often}{many}")
}

/// How seldom chance does what has this probability: `less than once in 1,000 audits`.
pub(super) fn often(p: f64) -> String {
    match p {
        p if p < 1e-6 => "less than once in a million audits".to_owned(),
        p if p < 1e-3 => "less than once in 1,000 audits".to_owned(),
        p if p < 0.01 => "less than once in 100 audits".to_owned(),
        p if p < 0.025 => "less than once in 40 audits".to_owned(),
        p => format!("in at most {} of audits", percent(p)),
    }
}

/// The interval that holds together with those of all other comparisons.
pub(super) fn together(finding: &Finding) -> Option<String> {
    let simultaneous = finding.simultaneous.as_ref()?;
    let lower = disparity(finding, simultaneous.lower);
    let interval = match simultaneous.upper {
        Some(upper) => format!("{lower} to {}", disparity(finding, upper)),
        None => format!("{lower} or more"),
    };
    let unit = unit(finding);
    let method = match simultaneous.method.as_str() {
        "max-t" => "max-T, by resampling".to_owned(),
        "holm" => "Holm".to_owned(),
        other => name(other),
    };
    Some(format!(
        "together with all other comparisons the interval is {interval}{unit} ({method})"
    ))
}

/// The precise statement, after the interval that holds together with those of all other comparisons if there is one.
#[must_use]
pub fn precise_and_together(finding: &Finding, audit: &Audit) -> String {
    match together(finding) {
        Some(together) => format!("{together}; {}", precise(finding, audit)),
        None => precise(finding, audit),
    }
}

/// The precise statement, for a statistician.
#[must_use]
pub fn precise(finding: &Finding, audit: &Audit) -> String {
    let mut parts = vec![format!("method {}", name(&finding.method))];
    let mut p = |label: &str, value: Option<f64>| {
        if let Some(value) = value {
            let text = p_value(value);
            parts.push(format!(
                "{label} p {}{text}",
                if text.starts_with('<') { "" } else { "= " }
            ));
        }
    };
    let adjustment = adjustment_name(adjustment_of(finding, audit));
    p("breach by itself:", finding.p_breach);
    p("breach by an exact test:", finding.p_breach_exact);
    p(
        &format!("breach adjusted ({adjustment}), which decides:"),
        finding.p_breach_adjusted,
    );
    p("compliance:", finding.p_comply);
    if finding.family.size > 0 {
        let size = plural(finding.family.size as u64, "comparison");
        let adjusted = if adjustment == adjustment_name(HOLM) {
            String::new()
        } else {
            format!(", adjusted by {adjustment}")
        };
        parts.push(format!("family {} of {size}{adjusted}", name(&finding.family.id)));
    }
    if let Some(detectable) = finding.detectable {
        let size = match finding.comparison.as_str() {
            "ratio" => format!("a ratio of {}", disparity(finding, detectable)),
            _ => format!("a difference of {}{}", disparity(finding, detectable), unit(finding)),
        };
        parts.push(format!(
            "{size} is the smallest disparity these data would have shown in 8 audits of 10"
        ));
    }
    parts.join("; ")
}

const HOLM: &str = "holm";

/// How the p-values of the finding's family were adjusted.
fn adjustment_of<'a>(finding: &Finding, audit: &'a Audit) -> &'a str {
    let family = audit.families.iter().find(|family| family.id == finding.family.id);
    family.map_or(HOLM, |family| family.adjustment.as_str())
}

fn adjustment_name(adjustment: &str) -> String {
    match adjustment {
        HOLM => "Holm".to_owned(),
        "benjamini-hochberg" => "Benjamini-Hochberg".to_owned(),
        "benjamini-yekutieli" => "Benjamini-Yekutieli".to_owned(),
        other => name(other),
    }
}

/// Says of a level that its p-values were not adjusted by Holm, and what a finding then means.
#[must_use]
pub fn adjustment_note(audit: &Audit, level: Level) -> Option<String> {
    let family = family(audit, level).filter(|family| family.adjustment != HOLM && family.size > 0)?;
    Some(format!(
        "{} adjusted by {}: of those called beyond their bound, few are expected to be so by chance alone, but some may \
         be.",
        match family.size {
            1 => "This one comparison is".to_owned(),
            size => format!("For their number these {} comparisons are", count(size as u64)),
        },
        adjustment_name(&family.adjustment)
    ))
}
