//! This module is one line of a gate's answer: what every format for machines needs of it.

use std::fmt::Write as _;

use evenhand_measure::audit::change::{Change, ChangeOutcome};
use evenhand_measure::audit::model::{Finding, Group, Outcome, Reason};
use evenhand_measure::gate::{Gate, Item, Result, State, Subject, WaiverRead};
use evenhand_measure::policy::Level;

use crate::safe::visible;
use crate::words;

#[cfg(test)]
mod tests;

/// One line of a gate's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is called in every run: criterion, rate, attributes, groups; never a place or a number.
    pub key: String,
    /// What it is about, in short: the criterion, or `waiver`.
    pub rule: String,
    /// The attributes, for sorting into suites: `race`, `race and sex`.
    pub suite: String,
    /// Which comparison: `disparate impact: Asian against White`.
    pub name: String,
    /// What came of it.
    pub result: Result,
    /// What a failure means.
    pub level: Level,
    /// The sentence.
    pub sentence: String,
    /// The same for a statistician.
    pub precise: String,
    /// Where in the policy file it is said, where it is said there.
    pub line: Option<usize>,
    /// The waiver that covers it, by its place in the answer.
    pub waiver: Option<usize>,
}

impl Line {
    /// Whether it fails the gate.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.level == Level::Error && self.result == Result::Fail
    }
}

/// The lines of a gate: failures first, then what is open, what is waived, the rest; each in the order of the answer.
#[must_use]
pub fn lines(gate: &Gate) -> Vec<Line> {
    lines_of(gate, gate.items.iter())
}

/// The same, where items of one kind stand in another order than that of the answer.
pub(super) fn lines_of<'a>(gate: &Gate, items: impl Iterator<Item = &'a Item>) -> Vec<Line> {
    let mut lines: Vec<Line> = items
        .filter_map(|item| match item.subject {
            Subject::Finding(index) => {
                let finding = gate.audit.findings.get(index)?;
                let line = of_finding(gate, finding, item.level, item.result);
                Some(waived(
                    line,
                    gate,
                    &finding.criterion,
                    [Some(&finding.group), finding.reference.as_ref()],
                ))
            }
            Subject::Change(index) => {
                let change = gate.changes.as_ref()?.changes.get(index)?;
                let line = of_change(change, item.level, item.result);
                Some(waived(
                    line,
                    gate,
                    &change.criterion,
                    [Some(&change.group), change.reference.as_ref()],
                ))
            }
        })
        .collect();
    lines.extend(waivers(gate));
    lines.sort_by_key(|line| (line.level, rank(line.result)));
    lines
}

/// The line with the waiver that covers it: whoever wonders why nothing fails looks there.
fn waived(mut line: Line, gate: &Gate, criterion: &str, sides: [Option<&Group>; 2]) -> Line {
    let names = |waiver: &WaiverRead, group: &Group| {
        let has = |(column, value): (&String, &String)| group.get(column).is_some_and(|of| of.as_ref() == Some(value));
        waiver.group.iter().all(has)
    };
    let covers = |waiver: &WaiverRead| {
        let one_side = sides.iter().flatten().any(|group| names(waiver, group));
        waiver.state == State::Used && waiver.check == criterion && one_side
    };
    if line.result == Result::Waived {
        line.waiver = gate.waivers.iter().position(covers);
        line.line = line
            .waiver
            .and_then(|at| gate.waivers.get(at))
            .map(|waiver| waiver.line)
            .or(line.line);
    }
    line
}

fn rank(result: Result) -> usize {
    match result {
        Result::Fail => 0,
        Result::Open => 1,
        Result::Waived => 2,
        Result::Allowed => 3,
        Result::Pass => 4,
        Result::NotJudged => 5,
    }
}

fn of_finding(gate: &Gate, finding: &Finding, level: Level, result: Result) -> Line {
    let event = finding.event.as_deref();
    Line {
        key: key(
            "bound",
            (&finding.criterion, &finding.rate, event),
            &finding.by,
            (
                Some(&finding.group).filter(|_| finding.reason != Some(Reason::RoleMissing)),
                finding.reference.as_ref(),
            ),
            (&finding.within, &finding.pooled_over),
        ),
        rule: finding.criterion.clone(),
        suite: words::attributes(&finding.by),
        name: format!("{}: {}", words::entry_name(&finding.criterion), words::pair(finding)),
        result,
        level,
        sentence: words::finding_sentence(finding, &gate.audit, false)
            + counted_as(result, finding.outcome == Outcome::Inconclusive),
        precise: words::precise(finding, &gate.audit),
        line: finding.policy_line,
        waiver: None,
    }
}

/// What the policy makes of an open question, where that is not to leave it open.
fn counted_as(result: Result, is_open: bool) -> &'static str {
    match result {
        Result::Fail | Result::Waived if is_open => " The policy counts this as a failure.",
        Result::Allowed => " The policy lets this pass.",
        _ => "",
    }
}

fn of_change(change: &Change, level: Level, result: Result) -> Line {
    Line {
        key: key(
            "change",
            (&change.criterion, &change.rate, change.event.as_deref()),
            &change.by,
            (Some(&change.group), change.reference.as_ref()),
            (&change.within, &change.pooled_over),
        ),
        rule: match change.outcome {
            ChangeOutcome::Appeared => "group-appeared".to_owned(),
            ChangeOutcome::Vanished => "group-vanished".to_owned(),
            _ => format!("{}-regression", change.criterion),
        },
        suite: words::attributes(&change.by),
        name: format!(
            "change in {}: {}",
            words::entry_name(&change.criterion),
            words::change_pair(change)
        ),
        result,
        level,
        sentence: words::change_sentence(change) + counted_as(result, change.outcome == ChangeOutcome::Vanished),
        precise: words::change_precise(change),
        line: change.policy_line,
        waiver: None,
    }
}

/// The waivers that ask for somebody: unused, expired, exceeded; a used one is told by what it covers.
fn waivers(gate: &Gate) -> impl Iterator<Item = Line> + '_ {
    gate.waivers.iter().map(|waiver| {
        let each = |write: &dyn Fn(&str) -> String| -> Vec<String> {
            let pairs = waiver.group.iter();
            pairs
                .map(|(column, value)| format!("{}={}", write(column), write(value)))
                .collect()
        };
        let group = each(&str::to_owned);
        Line {
            key: format!("waiver/{}/{}", part(&waiver.check), each(&part).join(",")),
            rule: "waiver".to_owned(),
            suite: "waivers".to_owned(),
            name: format!(
                "waiver of {} for {}",
                words::entry_name(&waiver.check),
                words::name(&group.join(", "))
            ),
            result: match waiver.state {
                State::Used => Result::Waived,
                State::Unused | State::Expired | State::Exceeded => Result::Fail,
            },
            level: Level::Warn,
            sentence: words::waiver_sentence(waiver),
            precise: String::new(),
            line: Some(waiver.line),
            waiver: None,
        }
    })
}

/// A name, escaped so that none can be taken for two parts, nor end or turn round the line that somebody prints it in.
fn part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut bytes = [0; 4];
        let letter: &str = c.encode_utf8(&mut bytes);
        if matches!(c, '%' | '/' | ',' | '=') || visible(letter) != letter {
            for byte in letter.bytes() {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Names side by side.
pub(super) fn columns(names: &[String]) -> String {
    names.iter().map(|name| part(name)).collect::<Vec<_>>().join(",")
}

/// A group as no other is written.
pub(super) fn values(group: &Group) -> String {
    let each = group.iter().map(|(column, value)| {
        let value = value
            .as_deref()
            .map_or_else(|| "null".to_owned(), |value| format!("={}", part(value)));
        format!("{}{value}", part(column))
    });
    each.collect::<Vec<_>>().join(",")
}

fn key(
    kind: &str,
    (criterion, rate, event): (&str, &str, Option<&str>),
    by: &[String],
    (group, reference): (Option<&Group>, Option<&Group>),
    (within, pooled_over): (&Group, &[String]),
) -> String {
    let mut parts = vec![kind.to_owned(), criterion.to_owned(), rate.to_owned()];
    parts.extend(event.map(|event| format!("event={}", part(event))));
    parts.push(columns(by));
    parts.extend(group.map(values));
    parts.extend(reference.map(|group| format!("against {}", values(group))));
    if !within.is_empty() {
        parts.push(format!("within {}", values(within)));
    }
    if !pooled_over.is_empty() {
        parts.push(format!("pooled over {}", columns(pooled_over)));
    }
    parts.join("/")
}
