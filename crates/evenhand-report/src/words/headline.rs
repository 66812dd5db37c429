//! This module is the first sentence on the screen.

use evenhand_measure::audit::model::{Audit, Finding, Note, Reason, Severity, Verdict};
use evenhand_measure::catalogue::Entry;
use evenhand_measure::policy::Level;

use super::evidence::chance;
use super::finding::{compared_with_nothing, comparison, is_out_of_reach, open_because};
use super::measured::made;
use super::written::is_measured;
use super::{attributes, capital, event, group_phrase, name, verdict_word};
use crate::numbers::count;
use crate::order::{Outcomes, family, is_worse_off, worst};
use crate::safe::visible_cut;

/// The first sentence on the screen: the verdict, the worst finding, how sure it is, and what to do next.
#[must_use]
pub fn headline(audit: &Audit) -> String {
    let word = verdict_word(audit.verdict);
    // Of a large family only a part is listed, so what speaks of all comparisons comes from its counts.
    let outcomes = family(audit, Level::Error).map(Outcomes::of_family).unwrap_or_default();
    let worst = worst(audit).filter(|finding| finding.level == Level::Error);
    let text = match (audit.verdict, worst) {
        (Verdict::Fail, Some(finding)) => fail_headline(finding, audit, outcomes),
        (Verdict::Inconclusive, Some(finding)) => {
            direction_headline(audit).unwrap_or_else(|| open_headline(finding, audit, outcomes))
        }
        (Verdict::Pass, Some(finding)) => pass_headline(finding, audit, outcomes),
        (Verdict::NotJudged, _) => no_pass_mark_headline(audit).unwrap_or_else(|| not_judged_headline(audit)),
        (_, None) => "the audit has no comparison that counts.".to_owned(),
    };
    format!("{word}: {text}")
}

/// The verdict hangs on whether the event is good or bad for the person, and nobody said which.
fn direction_headline(audit: &Audit) -> Option<String> {
    let counts = |finding: &&Finding| finding.level == Level::Error;
    let open = |finding: &Finding| finding.reason == Some(Reason::DirectionNotDeclared);
    if !audit.findings.iter().filter(counts).any(open) {
        return None;
    }
    let event = audit
        .roles
        .prediction
        .as_ref()
        .map_or_else(|| "the event".to_owned(), event);
    let note = note(audit, "direction-not-declared");
    let readings = note.map_or_else(String::new, |note| {
        format!(" {}.", visible_cut(&note.message, 400).trim_end_matches('.'))
    });
    let next = note
        .and_then(|note| note.help.as_deref())
        .unwrap_or("say --adverse if it is bad for them, --adverse=false if it is good");
    let next = visible_cut(next, 300);
    Some(format!(
        "nobody said whether it is good or bad for a person that {event}, and the verdict depends on it.{readings} {}.",
        capital(next.trim_end_matches('.'))
    ))
}

fn note<'a>(audit: &'a Audit, code: &str) -> Option<&'a Note> {
    audit.notes.iter().find(|note| note.code == code)
}

fn is_of_lists(finding: &Finding) -> bool {
    matches!(super::entry(&finding.rate), Some(Entry::Measure(measure)) if measure.domain().starts_with("lists"))
}

fn open_headline(finding: &Finding, audit: &Audit, outcomes: Outcomes) -> String {
    let total = outcomes.judged() as u64;
    let open = match outcomes.inconclusive as u64 {
        1 if total == 1 => "the one comparison that counts is open".to_owned(),
        1 => format!("of {} comparisons that count, one is open", count(total)),
        open if open == total => format!("all {} comparisons that count are open", count(total)),
        open => format!("of {} comparisons that count, {} are open", count(total), count(open)),
    };
    let next = match finding.reason {
        Some(Reason::OnTheBound) => "A person has to decide whether that is good enough",
        Some(Reason::RoundedFigures) => "Ask for the counts themselves",
        // Neither is about who got a decision, and what is wrong stands right before it.
        Some(Reason::UndefinedRate) if is_measured(finding) => "Look into that and audit again",
        Some(Reason::TooFewUnits) if is_measured(finding) => {
            "It takes more data, or a look at the numbers themselves, to settle it"
        }
        Some(Reason::UndefinedRate | Reason::OneValue) => "Get data that cover both sides",
        _ if is_of_lists(finding) => "Collect more lists and audit again",
        _ if is_out_of_reach(finding, audit) => "Look at these cases one by one",
        _ => "Collect more decisions and audit again",
    };
    let which = match outcomes.inconclusive {
        1 => capital(&comparison(finding, audit)),
        _ => format!("The most doubtful: {}", comparison(finding, audit)),
    };
    format!(
        "no breach is shown, but {open}. {which}. {}. {next}.",
        capital(&open_because(finding, audit))
    )
}

fn fail_headline(finding: &Finding, audit: &Audit, outcomes: Outcomes) -> String {
    let lead = match outcomes.fail {
        0 | 1 => String::new(),
        fails => {
            let (fails, total) = (count(fails as u64), count(outcomes.judged() as u64));
            format!("{fails} of {total} comparisons that count are beyond their bound. The clearest: ")
        }
    };
    let sure = match finding.reason {
        Some(Reason::PointOnly) => "chance was not considered, as the policy asks".to_owned(),
        _ => chance(finding, audit),
    };
    let whom = match is_worse_off(finding, audit.roles.adverse == Some(true)) {
        true => group_phrase(&finding.by, &finding.group),
        false => "these two groups".to_owned(),
    };
    let next = match made(finding, audit) {
        Some(made) => format!("Find out how {made} before you rely on them"),
        None => format!("Find out how decisions about {whom} are made before you rely on them"),
    };
    format!("{lead}{}. {}. {next}.", comparison(finding, audit), capital(&sure))
}

fn pass_headline(finding: &Finding, audit: &Audit, outcomes: Outcomes) -> String {
    let point_only = finding.reason == Some(Reason::PointOnly);
    let claim = match (outcomes.pass as u64, point_only) {
        (1, false) => "the one comparison that counts is shown to be within its bound".to_owned(),
        (n, false) => format!(
            "all {} comparisons that count are shown to be within their bounds",
            count(n)
        ),
        (1, true) => "the one estimate that counts is within its bound (chance was not considered)".to_owned(),
        (n, true) => format!(
            "all {} estimates that count are within their bounds (chance was not considered)",
            count(n)
        ),
    };
    let asides: Vec<String> = [
        (outcomes.not_applicable, "could not be compared"),
        (outcomes.not_judged, "reported and not judged"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} more {what}", count(n as u64)))
    .collect();
    let aside = match asides.is_empty() {
        true => String::new(),
        false => format!(" ({})", asides.join(", ")),
    };
    let nearest = match outcomes.pass {
        1 => capital(&comparison(finding, audit)),
        _ => format!("The nearest to its bound: {}", comparison(finding, audit)),
    };
    format!(
        "{claim}{aside}. {nearest}. {} Audit again when the model or the people change.",
        reservation(audit)
    )
}

/// What a pass leaves open, or that it leaves nothing open.
fn reservation(audit: &Audit) -> String {
    let failed = audit
        .families
        .iter()
        .filter(|family| family.id == "warn-level")
        .any(|family| family.fail > 0);
    let matters = |code: &str| {
        audit
            .sensitivity
            .iter()
            .any(|other| other.changes && other.code == code)
    };
    // Without a pass mark a comparison is not judged either, and that leaves nothing open.
    let unmarked = audit.findings.iter().any(has_no_pass_mark);
    let unjudged = match unmarked {
        true => audit.findings.iter().any(|f| f.reason == Some(Reason::BelowMinimum)),
        false => audit.families.iter().any(|family| family.not_judged > 0),
    };
    let open: Vec<&str> = [
        (
            matters("unknown-group-assigned"),
            "rows of unknown group could change this",
        ),
        (
            matters("unknown-label-assigned"),
            "rows whose label is missing could change this",
        ),
        (unjudged, "some groups were too small to be judged, as the policy asks"),
        (failed, "criteria that do not count show a breach"),
    ]
    .into_iter()
    .filter_map(|(holds, text)| holds.then_some(text))
    .collect();
    match open.is_empty() {
        true => "Nothing measured here calls for action.".to_owned(),
        false => format!("But {}: read on.", open.join(", and ")),
    }
}

fn has_no_pass_mark(finding: &Finding) -> bool {
    finding.reason == Some(Reason::NoPassMark)
}

/// What was asked for was computed, and no bound was set to hold it against.
fn no_pass_mark_headline(audit: &Audit) -> Option<String> {
    let judged = || audit.findings.iter().filter(|finding| finding.level == Level::Error);
    let published = audit
        .publication
        .as_ref()
        .filter(|published| !published.tables.is_empty());
    let text = match published {
        Some(published) => {
            let alone = |column: &String| published.tables.iter().any(|t| t.by == std::slice::from_ref(column));
            let singles = published.tables.iter().filter(|table| table.by.len() == 1).count();
            let set = |by: &[String]| match (by.len(), by.len() == singles && by.iter().all(alone)) {
                (2, true) => "both together".to_owned(),
                (3.., true) => "all of them together".to_owned(),
                _ => attributes(by),
            };
            let sets: Vec<String> = published.tables.iter().map(|table| set(&table.by)).collect();
            let computed = format!("rates and impact ratios by {}", listed_by(&sets));
            let computed = match &published.preset {
                Some(preset) => format!("{computed} were computed as preset {} asks, and are below", name(preset)),
                None => format!("{computed}, the tables that the policy asks for, were computed and are below"),
            };
            // Which tables a rule wants depends on the columns that were named.
            let lacks = note(audit, "not-all-tables").map_or_else(String::new, |note| {
                format!(" {}.", capital(visible_cut(&note.message, 400).trim_end_matches('.')))
            });
            format!(
                "{computed}. It sets no pass mark, so nothing was held against one, which is no sign of fairness. To judge \
                 these decisions as well, audit them with another preset, such as --preset four-fifths.{lacks}"
            )
        }
        None if judged().any(has_no_pass_mark) => {
            "the comparisons that the policy asks for were computed and are below. It sets no pass mark for them, so nothing \
             was held against one, which is no sign of fairness. To judge them, give each check a bound."
                .to_owned()
        }
        None => return None,
    };
    let besides = judged().find(|finding| !has_no_pass_mark(finding));
    let besides = besides.map(|finding| {
        format!(
            " Besides, {}.",
            compared_with_nothing(finding, audit).trim_end_matches('.')
        )
    });
    Some(format!("{text}{}", besides.unwrap_or_default()))
}

/// `sex`, `sex and by race`, `sex, by race and by sex and race`.
fn listed_by(sets: &[String]) -> String {
    match sets {
        [before @ .., last] if !before.is_empty() => format!("{} and by {last}", before.join(", by ")),
        _ => sets.concat(),
    }
}

/// Things missing that the headline names; the tables have the rest.
const MISSING_NAMED: usize = 3;

fn not_judged_headline(audit: &Audit) -> String {
    let mut reasons: Vec<String> = Vec::new();
    let judged = audit.findings.iter().filter(|finding| finding.level == Level::Error);
    for finding in judged.clone() {
        let reason = match finding.reason {
            Some(Reason::BelowMinimum) => {
                "every comparison that can be made has fewer rows than the minimum that was asked for".to_owned()
            }
            _ => compared_with_nothing(finding, audit),
        };
        if reasons.len() < MISSING_NAMED && !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let next = match judged.map(|finding| finding.reason).next() {
        Some(Some(Reason::OneGroup)) => "use data that hold all groups, or name another column with --protected",
        Some(Some(Reason::RoleMissing)) => "name the column, or take the check out of the policy",
        Some(Some(Reason::BelowMinimum)) => "get more decisions, or lower --min-denominator",
        _ => "give it groups to compare and a criterion to judge them by",
    };
    let mut next = next.to_owned();
    if reasons.is_empty() {
        let grave = audit.notes.iter().find(|note| note.severity == Severity::Error);
        let (reason, help) = nothing_to_judge(audit, grave);
        reasons.push(reason);
        next = help.unwrap_or(next);
    }
    format!(
        "nothing could be judged, which is no sign of fairness: {}. {}.",
        reasons.join("; ").trim_end_matches('.'),
        capital(next.trim_end_matches('.'))
    )
}

/// Why there is not even a comparison that could not be made, and what to do about it.
fn nothing_to_judge(audit: &Audit, grave: Option<&Note>) -> (String, Option<String>) {
    match (grave, &audit.roles.prediction, audit.roles.protected.is_empty()) {
        (Some(note), _, _) => {
            let help = note.help.as_deref().map(|help| visible_cut(help, 300));
            (visible_cut(&note.message, 300), help)
        }
        (None, None, _) => (
            "no column of decisions was named".to_owned(),
            Some("name it with --prediction".to_owned()),
        ),
        (None, _, true) => (
            "no protected attribute was named".to_owned(),
            Some("name one with --protected".to_owned()),
        ),
        _ => (
            "no criterion with a bound applies to these data, or no row has a group".to_owned(),
            None,
        ),
    }
}
