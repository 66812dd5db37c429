//! This module sorts the lines of a gate by what they ask of a reader, and says in one line what asks nothing.

use evenhand_measure::audit::model::Verdict;
use evenhand_measure::gate::{Gate, Result, Subject};
use evenhand_measure::policy::Level;

use super::line::Line;
use crate::words;

/// What a line asks of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It keeps the gate shut.
    Failed,
    /// It is not settled, and so keeps the gate from opening.
    Open,
    /// It failed, and somebody has accepted that.
    Waived,
    /// It is about a waiver itself.
    Waiver,
    /// It failed, and changes nothing.
    Warned,
    /// It is not settled, and the policy lets that pass.
    Allowed,
    /// It passed.
    Passed,
    /// It would count, and was not judged.
    Unjudged,
    /// Nothing follows from it.
    Quiet,
}

/// The kinds that are told line by line, in the order in which they matter: what was not judged only where nothing was.
pub(super) fn told(gate: &Gate) -> impl Iterator<Item = Kind> {
    let unjudged = (gate.verdict == Verdict::NotJudged).then_some(Kind::Unjudged);
    TOLD.into_iter().chain(unjudged)
}

const TOLD: [Kind; 6] = [
    Kind::Failed,
    Kind::Open,
    Kind::Waived,
    Kind::Waiver,
    Kind::Warned,
    Kind::Allowed,
];

impl Kind {
    pub(super) fn of(line: &Line) -> Self {
        match (line.rule.as_str(), line.level, line.result) {
            (_, Level::Error, Result::NotJudged) => Self::Unjudged,
            (_, Level::Off, _) | (_, _, Result::NotJudged) => Self::Quiet,
            ("waiver", ..) => Self::Waiver,
            (_, _, Result::Waived) => Self::Waived,
            (_, _, Result::Pass) => Self::Passed,
            (_, Level::Error, Result::Fail) => Self::Failed,
            (_, Level::Error, Result::Open) => Self::Open,
            (_, Level::Error, Result::Allowed) => Self::Allowed,
            (_, Level::Warn, Result::Fail) => Self::Warned,
            (_, Level::Warn, Result::Open | Result::Allowed) => Self::Quiet,
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::Open => "Open: these data settle it neither way",
            Self::Waived => "Failed, and waived",
            Self::Waiver => "Waivers",
            Self::Warned => "Warnings; none of them changes the verdict",
            Self::Allowed => "Open, and let pass by the policy",
            Self::Passed => "Passed",
            Self::Unjudged => "Not judged",
            Self::Quiet => "Only reported",
        }
    }

    /// What one of them is called where some are left out.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Failed => "failure",
            Self::Open => "open question",
            Self::Waived => "waived failure",
            Self::Waiver => "line on waivers",
            Self::Warned => "warning",
            Self::Allowed => "open question that the policy lets pass",
            Self::Passed => "pass",
            Self::Unjudged => "comparison that was not judged",
            Self::Quiet => "comparison that is only reported",
        }
    }
}

/// So many of a kind: `1 failure`, `2 passes`.
pub(super) fn so_many(number: usize, kind: Kind) -> String {
    let noun = match (number, kind) {
        (1, _) => return format!("1 {}", kind.noun()),
        (_, Kind::Waiver) => "lines on waivers".to_owned(),
        (_, Kind::Allowed) => "open questions that the policy lets pass".to_owned(),
        (_, Kind::Passed) => "passes".to_owned(),
        (_, Kind::Unjudged) => "comparisons that were not judged".to_owned(),
        (_, Kind::Quiet) => "comparisons that are only reported".to_owned(),
        _ => format!("{}s", kind.noun()),
    };
    format!("{} {noun}", crate::numbers::count(number as u64))
}

/// A sign for a line; the words beside it say the same.
pub(super) fn symbol(line: &Line) -> char {
    match (line.result, line.level) {
        (Result::Fail, Level::Error) => '✗',
        (Result::Fail, _) => '!',
        (Result::Open | Result::Allowed, _) => '?',
        (Result::Waived, _) => '~',
        (Result::Pass, _) => '✓',
        (Result::NotJudged, _) => '○',
    }
}

/// A sign for the answer; the words beside it say the same.
pub(super) fn verdict_symbol(verdict: Verdict) -> char {
    match verdict {
        Verdict::Pass => '✓',
        Verdict::Fail => '✗',
        Verdict::Inconclusive => '?',
        Verdict::NotJudged => '○',
    }
}

/// The title over [`passed_line`].
pub(super) fn passed_title(gate: &Gate) -> &'static str {
    match gate.items.iter().any(|item| item.result == Result::Pass) {
        true => "Passed",
        false => "Nothing passed",
    }
}

/// What passed, what is only reported and what was not judged, in one line.
pub(super) fn passed_line(gate: &Gate) -> String {
    let many = |is_change: bool, level: Level, result: Result| {
        let of = gate.items.iter().filter(|item| {
            matches!(item.subject, Subject::Change(_)) == is_change && item.level == level && item.result == result
        });
        of.count() as u64
    };
    let comparisons = |number: u64| words::plural(number, "comparison");
    let is = |number: u64| if number == 1 { "is" } else { "are" };
    let mut said = Vec::new();
    let mut say = |number: u64, text: String| {
        if number > 0 {
            said.push(text);
        }
    };
    let bound = many(false, Level::Error, Result::Pass);
    say(
        bound,
        format!(
            "{} {} shown to be within {}",
            comparisons(bound),
            is(bound),
            if bound == 1 { "its bound" } else { "their bounds" }
        ),
    );
    let still = many(true, Level::Error, Result::Pass);
    say(
        still,
        format!("{} {} not shown to have worsened", comparisons(still), is(still)),
    );
    let reported = many(false, Level::Warn, Result::Pass) + many(true, Level::Warn, Result::Pass);
    say(
        reported,
        format!("{} {} only reported and passed", comparisons(reported), is(reported)),
    );
    let open = [false, true]
        .map(|is_change| many(is_change, Level::Warn, Result::Open) + many(is_change, Level::Warn, Result::Allowed));
    let open = open.iter().sum();
    say(
        open,
        format!("{} {} only reported and open", comparisons(open), is(open)),
    );
    let quiet = [Level::Error, Level::Warn]
        .iter()
        .map(|level| many(false, *level, Result::NotJudged) + many(true, *level, Result::NotJudged))
        .sum();
    say(quiet, format!("{} {} not judged", comparisons(quiet), is(quiet)));
    match said.is_empty() {
        true => "Nothing else was compared.".to_owned(),
        false => format!("{}.", said.join("; ")),
    }
}
