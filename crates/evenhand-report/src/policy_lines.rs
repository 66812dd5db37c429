//! This module says in words what a policy asks.

use evenhand_measure::Policy;
use evenhand_measure::policy::{Check, Counts, Judge, Level, Waiver};

use crate::catalog::check_line;

/// What a policy asks, a line for each thing; `checks` are those that apply, its own or the usual ones.
#[must_use]
pub fn policy_lines(policy: &Policy, checks: &[Check]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(preset) = &policy.preset {
        lines.push(format!("Goes on from the preset {preset}."));
    }
    if policy.checks.is_empty() {
        lines.push(
            "Has no checks of its own, so these apply, each where the data have what it needs; what else the data \
             allow is reported."
                .to_owned(),
        );
    }
    lines.extend(checks.iter().map(|check| {
        let open = match check.on_inconclusive {
            Counts::Inconclusive => "",
            Counts::Pass => " A gate takes an open question for a pass.",
            Counts::Fail => " A gate takes an open question for a failure.",
        };
        let judged = match check.judge {
            None => "",
            Some(Judge::Interval) => " Judged on evidence.",
            Some(Judge::Point) => " Judged by the bare estimate.",
        };
        format!("{}{judged}{open}", check_line(check))
    }));
    lines.push(match policy.inference.judge {
        Judge::Interval => format!(
            "Checks are judged on evidence, with intervals of {} % confidence.",
            policy.inference.confidence * 100.0
        ),
        Judge::Point => "Checks are judged by the bare estimate, whatever the evidence.".to_owned(),
    });
    if policy.roles.intersect_all {
        lines.push("By each protected attribute, and by all of them together.".to_owned());
    }
    for (column, group) in &policy.inference.reference {
        lines.push(format!("The groups of {column} are compared with {group}."));
    }
    if policy.publication.is_some() {
        lines.push("The tables that a rule asks to be published are made.".to_owned());
    }
    let baseline = &policy.baseline;
    if let Some(file) = &baseline.file {
        let means = match baseline.level {
            Level::Error => "fails the gate",
            Level::Warn => "is printed",
            Level::Off => "is not looked at",
        };
        lines.push(format!(
            "Compared with the baseline {file}: a disparity that has grown by more than {}, as a test at {} supports, {means}.",
            baseline.tolerance, baseline.alpha
        ));
    }
    lines.extend(policy.waivers.iter().map(waiver));
    lines
}

fn waiver(waiver: &Waiver) -> String {
    let group: Vec<String> = waiver
        .group
        .iter()
        .map(|(column, value)| format!("{column} {value}"))
        .collect();
    let ceiling = waiver
        .ceiling
        .map_or_else(String::new, |ceiling| format!(", as far as {ceiling}"));
    format!(
        "Until {}, a failure of {} for {} is let through{ceiling}: {} ({}).",
        waiver.expires,
        waiver.criterion.id,
        group.join(", "),
        waiver.reason,
        waiver.owner
    )
}
