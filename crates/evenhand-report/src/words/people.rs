//! This module says what a disparity means in people.

use evenhand_measure::audit::model::{Amount, Audit, Finding, Group, Outcome, Practical, Value};

use super::{capital, entry_name, group_phrase, plural};
use crate::numbers::{count, people};
use crate::order::{Block, is_beyond};

/// Groups of a block that are told in people.
const TOLD: usize = 5;

/// What the disparities of a block that are beyond their bound, shown or not, mean in people: a line for each group.
#[must_use]
pub fn people_lines(block: &Block<'_>, audit: &Audit) -> Vec<String> {
    let (mut lines, more) = people_told(block, audit, TOLD);
    if more > 0 {
        let more = plural(more as u64, "more group");
        lines.push(format!("… and {more}; --detail shows them"));
    }
    lines
}

/// The lines of at most `most` groups, and of how many more there would be one.
#[must_use]
pub fn people_told(block: &Block<'_>, audit: &Audit, most: usize) -> (Vec<String>, usize) {
    let told: Vec<&Practical> = audit
        .practical
        .iter()
        .filter(|practical| is_plain(practical, audit))
        .filter(|practical| block.findings.iter().any(|finding| speaks_of(finding, practical)))
        .collect();
    // Four fifths answer a question about a ratio; where a difference is judged they are another bound than the one set.
    let of_ratio = block.first().comparison == "ratio";
    let lines = told
        .iter()
        .take(most)
        .enumerate()
        .map(|(at, practical)| match (at, clause(practical, of_ratio)) {
            (0, clause) => format!("In people: {clause}."),
            (_, clause) => format!("{}.", capital(&clause)),
        });
    (lines.collect(), told.len().saturating_sub(most))
}

/// Fewer rows than these tell nothing in people: the rate of such a group is nothing to hold another group to.
const FEW: u64 = 20;

/// Whether having more of the rate is good, and both groups are large enough for people to mean something.
fn is_plain(practical: &Practical, audit: &Audit) -> bool {
    let is_good = practical.complement || audit.roles.adverse != Some(true);
    let is_few = |group: &Group| {
        let rates = audit.rates.iter();
        let mut of_group = rates.filter(|r| r.within.is_empty() && r.by == practical.by && r.group == *group);
        of_group.next().is_some_and(|rates| {
            let share = rates.values.get(&practical.rate).and_then(Value::share);
            match share.map(|share| share.denominator) {
                Some(Amount::Rows(rows)) => rows < FEW,
                // A sum of weights is no number of rows.
                Some(Amount::Weight(_)) | None => rates.n < FEW,
            }
        })
    };
    is_good && !is_few(&practical.group) && !is_few(&practical.reference)
}

/// Whether a finding is beyond its bound, at least by its estimate, and compares what is told in people.
fn speaks_of(finding: &Finding, practical: &Practical) -> bool {
    let beyond = match finding.outcome {
        Outcome::Fail => true,
        Outcome::Inconclusive => is_beyond(finding),
        Outcome::Pass | Outcome::NotJudged | Outcome::NotApplicable => false,
    };
    // Differences may have been turned round.
    let groups = [Some(&finding.group), finding.reference.as_ref()];
    beyond
        && finding.within.is_empty()
        && finding.pooled_over.is_empty()
        && (&finding.rate, finding.complement, &finding.by) == (&practical.rate, practical.complement, &practical.by)
        && groups.contains(&Some(&practical.group))
        && groups.contains(&Some(&practical.reference))
}

/// `at the rate of race "White" 200 more of race "Black" would have been selected; 134 of the decisions that go to race
/// "White" would have to go to them to reach four fifths of that rate, 160 to reach the same rate`.
#[must_use]
pub fn people_clause(practical: &Practical) -> String {
    clause(practical, true)
}

/// The same, with the moves to four fifths of the reference's rate if those are asked for.
fn clause(practical: &Practical, four_fifths: bool) -> String {
    let Practical {
        by, group, reference, ..
    } = practical;
    let done = match (practical.rate.as_str(), practical.complement) {
        (_, true) => "would have had the favourable outcome".to_owned(),
        ("selection-rate", false) => "would have been selected".to_owned(),
        ("true-positive-rate", false) => "would have been rightly selected".to_owned(),
        ("false-positive-rate", false) => "would have been wrongly selected".to_owned(),
        ("true-negative-rate", false) => "would have been rightly passed over".to_owned(),
        ("false-negative-rate", false) => "would have been wrongly passed over".to_owned(),
        (rate, false) => format!("would have counted in the {}", entry_name(rate)),
    };
    let shortfall = practical.shortfall_of_reference_rate;
    let mut text = format!(
        "at the rate of {} {} {} of {} {done}",
        group_phrase(by, reference),
        people(shortfall),
        if shortfall < 0.0 { "fewer" } else { "more" },
        group_phrase(by, group),
    );
    if shortfall > 0.0 {
        text.push_str(&format!("; {}", moves(practical, four_fifths)));
    }
    if practical.one_person_flips {
        text.push_str("; one decision that went the other way would turn this round");
    }
    text
}

/// How many decisions would have to go to the group instead of the reference, which loses them.
fn moves(practical: &Practical, four_fifths: bool) -> String {
    let parity = match practical.moves_to_parity {
        Some(moves) => format!("{} to reach the same rate", count(moves)),
        None => "no number of them would reach the same rate".to_owned(),
    };
    let kind = if practical.complement {
        "favourable decisions"
    } else {
        "decisions"
    };
    let theirs = format!(
        "of the {kind} that go to {}",
        group_phrase(&practical.by, &practical.reference)
    );
    if !four_fifths {
        return match practical.moves_to_parity {
            Some(moves) => format!(
                "{} {theirs} would have to go to them to reach the same rate",
                count(moves)
            ),
            None => format!("no number {theirs} would reach the same rate if they went to them"),
        };
    }
    match practical.moves_to_four_fifths {
        Some(0) => {
            format!("four fifths of that rate is reached already; {theirs} it would take {parity}")
        }
        Some(moves) => format!(
            "{} {theirs} would have to go to them to reach four fifths of that rate, {parity}",
            count(moves)
        ),
        None => format!("no number {theirs} would reach four fifths of that rate if they went to them"),
    }
}
