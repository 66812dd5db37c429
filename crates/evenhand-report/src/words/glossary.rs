//! This module explains the words of a report to somebody who never met them.

use evenhand_measure::audit::model::{Audit, Outcome};

/// When a word is explained.
type Used = fn(&Audit) -> bool;

const WORDS: [(&str, &str, Used); 25] = [
    (
        "Adverse",
        "Of a decision: bad for the person, such as being denied. Everything that compares favourable outcomes then looks at those \
         who were spared.",
        |audit| audit.roles.adverse == Some(true),
    ),
    (
        "Bound",
        "How far a number of one group may lie from that of another before it counts as a breach. The policy sets it.",
        |audit| is_judged(audit),
    ),
    (
        "Beyond the bound, fail",
        "The data show that the difference is larger than allowed, and chance is no good explanation.",
        |audit| has(audit, Outcome::Fail),
    ),
    (
        "Within the bound, pass",
        "The data show that the difference is no larger than allowed. That is more than not having found one.",
        |audit| has(audit, Outcome::Pass),
    ),
    (
        "Inconclusive, open",
        "The data show neither. There may be a breach or none; more rows, or better ones, would tell.",
        |audit| has(audit, Outcome::Inconclusive),
    ),
    (
        "Not judged",
        "Computed and shown, and held against nothing, because the policy says so.",
        |audit| has(audit, Outcome::NotJudged),
    ),
    (
        "Chance",
        "That groups which are treated alike still differ a little in any file, as ten throws of a coin need not give five heads.",
        |audit| is_judged(audit),
    ),
    (
        "Comparison that counts",
        "One that can make the audit fail. Others are shown beside it and cannot.",
        |audit| is_judged(audit),
    ),
    (
        "Criterion",
        "What is compared between groups, and how far it may differ.",
        |audit| is_judged(audit),
    ),
    (
        "Difference, in points",
        "One share minus another. From 30% to 40% is 10 percentage points.",
        |audit| compares(audit, "difference"),
    ),
    (
        "Exposure",
        "The share of people's attention that a list gives to an item: much at the top, little further down.",
        |audit| measures(audit, "exposure"),
    ),
    (
        "False positive rate",
        "Of those for whom the event did not happen: the share for whom it was decided all the same.",
        |audit| measures(audit, "false-positive-rate"),
    ),
    (
        "Group",
        "All rows with the same value of a protected attribute.",
        |audit| !audit.roles.protected.is_empty(),
    ),
    (
        "Impact ratio",
        "A group's share divided by that of the group it is compared with. 1 is equal; 0.80 is four fifths.",
        |audit| compares(audit, "ratio"),
    ),
    (
        "Intersection",
        "A group by two attributes or more at once, such as women of one region.",
        |audit| audit.rates.iter().any(|rates| rates.by.len() > 1),
    ),
    (
        "Interval",
        "The range in which the true value lies, as far as these data can tell. Such a range misses it about as often as its name \
         says: one of 95% in 5 cases of 100.",
        |_| true,
    ),
    (
        "Label, truth",
        "What really happened, as the file says, in contrast to what was decided.",
        |audit| audit.roles.label.is_some(),
    ),
    (
        "NDCG",
        "How well a list puts what its user wanted at the top, from 0 to 1.",
        |audit| measures(audit, "ndcg"),
    ),
    (
        "p",
        "In a precise statement: how likely chance alone would show something at least as clear. Small means: hardly by chance. It \
         is not the chance that the statement is wrong.",
        |audit| is_judged(audit) || !audit.tests.is_empty(),
    ),
    (
        "Positive predictive value",
        "Of those for whom the event was decided: the share for whom it really happened.",
        |audit| measures(audit, "positive-predictive-value"),
    ),
    (
        "Protected attribute",
        "What people must not be treated worse for, such as sex or age.",
        |audit| !audit.roles.protected.is_empty(),
    ),
    ("Reference", "The group that another one is compared with.", |audit| {
        audit.findings.iter().any(|finding| finding.reference.is_some())
    }),
    (
        "Selection rate",
        "The share of a group for whom the event was decided, such as being recommended.",
        |audit| measures(audit, "selection-rate"),
    ),
    (
        "Strata, like with like",
        "Parts of the data, such as departments, within which groups are compared, so that what differs between the parts plays no \
         role.",
        |audit| !audit.roles.strata.is_empty() || audit.findings.iter().any(|finding| !finding.pooled_over.is_empty()),
    ),
    (
        "True positive rate",
        "Of those for whom the event really happened: the share for whom it was decided.",
        |audit| measures(audit, "true-positive-rate"),
    ),
];

/// The words that this audit uses, with what they mean.
pub(crate) fn glossary(audit: &Audit) -> Vec<(String, String)> {
    let used = WORDS.iter().filter(|(.., used)| used(audit));
    used.map(|(word, meaning, _)| ((*word).to_owned(), (*meaning).to_owned()))
        .collect()
}

fn has(audit: &Audit, outcome: Outcome) -> bool {
    audit.findings.iter().any(|finding| finding.outcome == outcome)
}

fn is_judged(audit: &Audit) -> bool {
    !audit.findings.is_empty()
}

fn compares(audit: &Audit, comparison: &str) -> bool {
    audit.findings.iter().any(|finding| finding.comparison == comparison)
}

fn measures(audit: &Audit, id: &str) -> bool {
    audit
        .rates
        .iter()
        .any(|rates| rates.values.keys().any(|key| key.starts_with(id)))
}
