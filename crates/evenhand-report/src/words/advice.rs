//! This module says what to do about what was found. It advises nobody on the law.

use evenhand_measure::audit::model::{Audit, Finding, Outcome, Reason, Severity, Verdict};
use evenhand_measure::catalogue::{Cells, Entry, RATES};

use super::measured::made;
use super::{
    attributes, block_title, capital, entry, entry_name, is_out_of_reach, long, pair, people_lines, plural, settled_by,
    within,
};
use crate::order::{Block, blocks};

/// Advice under one heading.
pub(crate) struct Advice {
    /// What it is about.
    pub(crate) about: About,
    /// What to do, a point each.
    pub(crate) lines: Vec<String>,
}

/// What advice is about, the most pressing first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Beyond,
    Open,
    Data,
    After,
}

impl About {
    /// The heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Beyond => "About what is beyond its bound",
            Self::Open => "About what is open",
            Self::Data => "About the data",
            Self::After => "After that",
        }
    }
}

/// Comparisons of one criterion that get a line of their own.
const TOLD: usize = 12;
/// Groups or pairs that a line names.
const NAMED: usize = 4;

/// What to do, the most pressing first; parts without anything to say are left out.
pub(crate) fn advice(audit: &Audit) -> Vec<Advice> {
    let blocks = blocks(audit);
    let parts = [
        (About::Beyond, failing(&blocks, audit)),
        (About::Open, open(&blocks, audit)),
        (About::Data, about_data(audit)),
        (About::After, after(audit)),
    ];
    parts
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(about, lines)| Advice { about, lines })
        .collect()
}

/// What is done about a failure depends on what was compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Remedy {
    Decisions,
    Mistakes,
    Meaning,
    Items,
    Users,
    Amounts,
    Scores,
}

impl Remedy {
    fn of(finding: &Finding) -> Self {
        if let Some(Entry::Measure(measure)) = entry(&finding.rate) {
            return match measure.domain() {
                "amounts" => Self::Amounts,
                "scores" => Self::Scores,
                "lists, items and their providers" => Self::Items,
                _ => Self::Users,
            };
        }
        let Some(rate) = RATES.iter().find(|rate| rate.id == finding.rate) else {
            return Self::Mistakes;
        };
        let of_decided = [Cells::TP | Cells::FP, Cells::FN | Cells::TN];
        match (rate.needs().label, of_decided.contains(&rate.denominator)) {
            (false, _) => Self::Decisions,
            (true, true) => Self::Meaning,
            (true, false) => Self::Mistakes,
        }
    }

    /// What to do, once for all groups that it is about.
    fn words(self) -> &'static str {
        match self {
            Self::Decisions => {
                "Have somebody who knows the system list what these decisions rest on. For each of these things ask whether it \
                 is needed, whether it stands in for the attribute, and whether another way of deciding would do as well with a \
                 smaller gap."
            }
            Self::Mistakes => {
                "Draw some of the rows of these groups that were decided wrongly and look at them one by one: is something \
                 missing, recorded otherwise, or out of date more often than for others? Then have the model or its threshold \
                 corrected by whoever made it."
            }
            Self::Meaning => {
                "The same decision does not mean the same for these groups. Check whether what really happened is recorded alike \
                 for both, then have the model's threshold or its scores corrected by whoever made it."
            }
            Self::Items => {
                "Ask whoever makes the lists what moves an item up. Check whether the items of these groups lose by something \
                 that has nothing to do with how good or how wanted they are, such as being new or having been shown less \
                 before."
            }
            Self::Users => {
                "Ask whoever makes the lists what is known of these users. Too few observations, or ones of other people, make \
                 lists less useful."
            }
            Self::Amounts => {
                "Find the rule or the model that sets the amount, and follow some single cases of both groups through it. If \
                 there is a good reason for the gap that the file does not hold, add it as a column and audit again."
            }
            Self::Scores => {
                "Do not use one threshold for all before this is understood: the same score does not tell the same of these \
                 groups. Have the scores checked and corrected by whoever made them."
            }
        }
    }
}

/// A line for each criterion with a failure, and what to do for each kind of failure.
fn failing(blocks: &[Block<'_>], audit: &Audit) -> Vec<String> {
    let fails = |block: &&Block<'_>| block.counts() && block.outcomes().fail > 0;
    let failing: Vec<&Block<'_>> = blocks.iter().filter(fails).collect();
    // Whoever mends a gap that another grouping explains may do harm.
    let mut lines: Vec<String> = Vec::new();
    if !failing.is_empty() && audit.notes.iter().any(|note| note.code == "simpson") {
        lines.push(
            "First of all ask whether comparing like with like, which shows another picture (see the verdict), is the fair comparison \
             here. If it is, the lines below are about a gap that it does not show."
                .to_owned(),
        );
    }
    lines.extend(failing.iter().take(TOLD).map(|block| who_fails(block, audit)));
    if failing.len() > TOLD {
        let more = plural((failing.len() - TOLD) as u64, "more line");
        lines.push(format!("… and {more}: the findings list them."));
    }
    let mut remedies: Vec<Remedy> = Vec::new();
    for block in &failing {
        let remedy = Remedy::of(block.first());
        if !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    lines.extend(remedies.into_iter().map(|remedy| remedy.words().to_owned()));
    if let Some(worst) = failing.first() {
        let what = made(worst.first(), audit);
        lines.push(match what {
            Some(made) => format!("Until it is known how {made}, do not rely on them where these groups are concerned."),
            None => "Until the cause is known, let a person look at the decisions about these groups before they take effect."
                .to_owned(),
        });
    }
    lines
}

/// `Disparate impact by race: "Black" against "White". In people: …`.
fn who_fails(block: &Block<'_>, audit: &Audit) -> String {
    let fails = |finding: &&&Finding| finding.outcome == Outcome::Fail;
    let pairs: Vec<String> = block
        .findings
        .iter()
        .filter(fails)
        .map(|finding| pair(finding))
        .collect();
    let mut line = format!("{}: {}.", block_title(block, audit), some(&pairs));
    for told in people_lines(block, audit).iter().take(1) {
        line.push(' ');
        line.push_str(told);
    }
    line
}

/// The first of some names, and how many more there are.
fn some(names: &[String]) -> String {
    let shown = &names[..names.len().min(NAMED)];
    match names.len() - shown.len() {
        0 => shown.join("; "),
        more => format!("{}; and {more} more", shown.join("; ")),
    }
}

/// What would settle the open questions, by why they are open.
fn open(blocks: &[Block<'_>], audit: &Audit) -> Vec<String> {
    let mut lines = Vec::new();
    let open: Vec<&Finding> = blocks
        .iter()
        .filter(|block| block.counts())
        .flat_map(|block| block.findings.iter().copied())
        .filter(|finding| finding.outcome == Outcome::Inconclusive)
        .collect();
    lines.extend(more_rows(&open, audit));
    for (reason, advice) in REASONS {
        let pairs: Vec<String> = open
            .iter()
            .filter(|finding| finding.reason == Some(reason))
            .map(|finding| pair_by(finding))
            .collect();
        if !pairs.is_empty() {
            lines.push(format!("{advice} ({}).", some(&unique(pairs))));
        }
    }
    if audit.verdict == Verdict::NotJudged && lines.is_empty() {
        lines.push(
            "Decide what difference would be too large, and set it as a bound in the policy: without one nothing can pass or \
             fail."
                .to_owned(),
        );
    }
    lines
}

/// How many rows settle what more rows can settle: the nearest and the furthest, between which the others lie; and what
/// nobody will ever have the rows for.
fn more_rows(open: &[&Finding], audit: &Audit) -> Vec<String> {
    let can = |finding: &&&Finding| finding.reason != Some(Reason::OnTheBound) && finding.rows_to_settle.is_some();
    let (far, mut near): (Vec<&Finding>, Vec<&Finding>) = open
        .iter()
        .filter(can)
        .partition(|finding| is_out_of_reach(finding, audit));
    near.sort_by_key(|finding| finding.rows_to_settle);
    let mut lines = Vec::new();
    match near.as_slice() {
        [] => {}
        [only] => lines.push(format!("Collect more for {}: {}.", pair_by(only), settled(only, audit))),
        [first, .., last] => lines.push(format!(
            "Collect more: {} questions can be settled by more rows. The nearest is {}: {}. The furthest is {}: {}. The table of \
             every comparison has each.",
            near.len(),
            pair_by(first),
            settled(first, audit),
            pair_by(last),
            settled(last, audit)
        )),
    }
    if !far.is_empty() {
        let pairs: Vec<String> = far.iter().map(|finding| pair_by(finding)).collect();
        lines.push(format!(
            "Look at the cases one by one where more rows would be needed than anybody collects, more than a hundred times those \
             that there are ({}).",
            some(&unique(pairs))
        ));
    }
    lines
}

fn settled(finding: &Finding, audit: &Audit) -> String {
    settled_by(finding, audit).unwrap_or_default()
}

/// Two groups in a list of several criteria: `Black against White by race, disparate impact`.
fn pair_by(finding: &Finding) -> String {
    let by = match finding.by.is_empty() {
        true => String::new(),
        false => format!(" by {}", attributes(&finding.by)),
    };
    let inside = match (within(&finding.within), finding.pooled_over.as_slice()) {
        (Some(stratum), _) => format!(" within {stratum}"),
        (None, []) => String::new(),
        (None, strata) => format!(" within each {}, pooled", attributes(strata)),
    };
    format!("{}{by}{inside}, {}", pair(finding), entry_name(&finding.criterion))
}

/// What to do where more rows alone do not help.
const REASONS: [(Reason, &str); 11] = [
    (
        Reason::DirectionNotDeclared,
        "Say whether the decision is good or bad for the person, and audit again: --adverse if it is bad, --adverse=false if it is \
         good",
    ),
    (
        Reason::OnTheBound,
        "Let a person decide whether a value right on the bound is good enough: more rows will not tell",
    ),
    (
        Reason::ManyComparisons,
        "Look again at pairs that are beyond the bound by themselves and not once all comparisons are counted: an audit of \
         these groups alone, on new data, would say",
    ),
    (
        Reason::SmallCounts,
        "Wait for more cases, or look at them one by one: so few cannot tell a rule from chance",
    ),
    (
        Reason::OnePerson,
        "Look at the single cases: one decision that went the other way would turn the difference round",
    ),
    (
        Reason::UndefinedRate,
        "Get data in which both groups have what the number is a share of; until then there is nothing to compare",
    ),
    (
        Reason::OneValue,
        "Get data that hold both what happened and what did not",
    ),
    (
        Reason::TooFewUnits,
        "Get data from more different people, lists or cases: many rows of the same few do not count as many",
    ),
    (
        Reason::SelectiveLabels,
        "Find out what became of those who were not selected, for example by selecting some of them at random: so far it is known of \
         the selected only",
    ),
    (
        Reason::RoundedFigures,
        "Ask for the counts themselves: the published figures fit several, with different answers",
    ),
    (
        Reason::MethodUndefined,
        "Choose another method in the policy: the one that it names has no result for these counts",
    ),
];

/// What notes that bear on the result ask for, and what was recognised and not named.
fn about_data(audit: &Audit) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let is_grave = |severity: Severity| severity != Severity::Info;
    let mut notes: Vec<_> = audit.notes.iter().filter(|note| is_grave(note.severity)).collect();
    notes.sort_by_key(|note| note.severity);
    for note in notes {
        // What stands beside the verdict is not said again in full.
        let said = match note.code.as_str() {
            "simpson" => "Another picture shows when like is compared with like (see the verdict)".to_owned(),
            _ => capital(long(&note.message).trim_end_matches('.')),
        };
        let line = match &note.help {
            Some(help) => format!("{said}. What to do: {}.", long(help).trim_end_matches('.')),
            None => format!("{said}."),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if audit.notes.iter().any(|note| note.code == super::limits::GUESSED) {
        lines.push(
            "Check the columns that were recognised by name and contents, in the section on how the data were read, and name them: \
             `evenhand init FILE` writes a policy that does."
                .to_owned(),
        );
    }
    lines
}

/// What to do when all that is done.
fn after(audit: &Audit) -> Vec<String> {
    let beside: Vec<String> = blocks(audit)
        .iter()
        .filter(|block| !block.counts() && block.outcomes().fail > 0)
        .map(|block| block_title(block, audit))
        .collect();
    let mut lines = Vec::new();
    if !beside.is_empty() {
        let beside = unique(beside);
        lines.push(format!(
            "Decide whether these matter here as well. They are beyond their bounds and do not change the verdict: {}.",
            some(&beside)
        ));
    }
    lines.push(match audit.verdict {
        Verdict::Pass => {
            "Nothing that counts here calls for a change. Audit again when the system, the data or the people change."
                .to_owned()
        }
        _ => "Audit again with the same policy after every change, and keep this report to compare with.".to_owned(),
    });
    lines
}

fn unique(lines: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for line in lines {
        if !kept.contains(&line) {
            kept.push(line);
        }
    }
    kept
}
