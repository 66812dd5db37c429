//! This module says what was found about those whom the first sentence does not speak of.

use evenhand_measure::audit::model::{Audit, Finding, Outcome};
use evenhand_measure::catalogue::Entry;
use evenhand_measure::policy::Level;

use super::finding::comparison;
use super::measured::{Side, side};
use super::terms::setting;
use super::{entry, name};
use crate::numbers::count;
use crate::order::{Outcomes, partly_listed, worse_first, worst};

/// What a comparison is about; each of them gets a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Decisions,
    Items,
    Users,
    Amounts,
    Scores,
}

impl Topic {
    fn of(finding: &Finding, audit: &Audit) -> Self {
        if let Some(Entry::Measure(measure)) = entry(&finding.rate) {
            match measure.domain() {
                "amounts" => return Self::Amounts,
                "scores" => return Self::Scores,
                _ => {}
            }
        }
        match side(finding, audit) {
            Some(Side::Items) => Self::Items,
            Some(Side::Users) => Self::Users,
            None => Self::Decisions,
        }
    }

    /// Where it was looked: `on the side of the users of the lists`.
    fn place(self, audit: &Audit) -> String {
        let column = |role: &str| setting(audit, &format!("/roles/{role}")).map(name);
        match self {
            Self::Decisions => "among the decisions".to_owned(),
            Self::Items => "for the items and those who provide them".to_owned(),
            Self::Users => "for the users, whom the lists are made for".to_owned(),
            Self::Amounts => format!(
                "in the values of {}",
                column("amount").as_deref().unwrap_or("the amount")
            ),
            Self::Scores => format!("in the scores of {}", column("score").as_deref().unwrap_or("the score")),
        }
    }
}

/// A sentence for each side that the first sentence does not speak of: what items get, what users get, amounts, scores or
/// decisions. Only what counts is told.
#[must_use]
pub fn other_sides(audit: &Audit) -> Vec<String> {
    let counts = |finding: &&Finding| {
        finding.level == Level::Error
            && matches!(finding.outcome, Outcome::Fail | Outcome::Inconclusive | Outcome::Pass)
    };
    let Some(told) = worst(audit).filter(counts).map(|finding| Topic::of(finding, audit)) else {
        return Vec::new();
    };
    let mut topics: Vec<(Topic, Vec<&Finding>)> = Vec::new();
    for finding in audit.findings.iter().filter(counts) {
        let topic = Topic::of(finding, audit);
        match topics.iter_mut().find(|(other, _)| *other == topic) {
            Some((_, findings)) => findings.push(finding),
            None => topics.push((topic, vec![finding])),
        }
    }
    topics
        .iter()
        .filter(|(topic, _)| *topic != told)
        .filter_map(|(topic, findings)| sentence(*topic, findings, audit))
        .collect()
}

fn sentence(topic: Topic, findings: &[&Finding], audit: &Audit) -> Option<String> {
    let worst = findings.iter().copied().min_by(|a, b| worse_first(a, b))?;
    let outcomes = Outcomes::of(findings.iter().copied());
    let place = topic.place(audit);
    // Of a large family only a part is listed, so nothing is counted that is not there.
    let is_whole = partly_listed(audit, Level::Error).is_none();
    let of_all = |part: usize, verb: [&str; 2]| {
        let (part, all) = (part as u64, findings.len() as u64);
        match (is_whole, part, all) {
            (_, 1, 1) => format!("the one comparison that counts {}", verb[0]),
            (true, 1, all) => format!("one of {} comparisons that count {}", count(all), verb[0]),
            (true, part, all) if part == all => format!("all {} comparisons that count {}", count(all), verb[1]),
            (true, part, all) => format!("{} of {} comparisons that count {}", count(part), count(all), verb[1]),
            (false, ..) => format!("some comparisons that count {}", verb[1]),
        }
    };
    let found = comparison(worst, audit);
    let text = match worst.outcome {
        Outcome::Fail => {
            let lead = of_all(outcomes.fail, ["is beyond its bound", "are beyond their bound"]);
            let which = if outcomes.fail == 1 { "" } else { ". The clearest" };
            format!("{lead}{which}: {found}")
        }
        Outcome::Inconclusive => {
            let lead = of_all(outcomes.inconclusive, ["is open", "are open"]);
            let which = if outcomes.inconclusive == 1 {
                ""
            } else {
                ". The most doubtful"
            };
            format!("no breach is shown, but {lead}{which}: {found}")
        }
        Outcome::Pass if findings.len() == 1 => {
            format!("the one comparison that counts is shown to be within its bound: {found}")
        }
        Outcome::Pass if is_whole => format!(
            "all {} comparisons that count are shown to be within their bounds. The nearest: {found}",
            count(findings.len() as u64)
        ),
        Outcome::Pass | Outcome::NotJudged | Outcome::NotApplicable => return None,
    };
    Some(format!("{}, {text}.", super::capital(&place)))
}

#[cfg(test)]
#[path = "sides_tests.rs"]
mod tests;
