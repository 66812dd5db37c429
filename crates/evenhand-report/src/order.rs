//! This module puts findings in the order in which a reader wants them: what counts first, the worst on top.

mod turn;

use std::cmp::Ordering;

use evenhand_measure::audit::model::{Audit, Family, Finding, Group, Outcome};
use evenhand_measure::policy::Level;

pub use self::turn::{is_worse_off, worse_off_first};

/// Whether a ratio is infinite: nobody in the reference has what somebody in the group has.
#[must_use]
pub fn is_infinite(finding: &Finding) -> bool {
    let reference = finding.reference_value.as_ref().and_then(|value| value.share());
    finding.comparison == "ratio"
        && finding.point.is_none()
        && finding.lower.is_some()
        && reference.is_some_and(|share| share.numerator.value() == 0.0)
}

/// The finding that the first sentence is about: error level before warn level; failures before open questions
/// before passes; the strongest evidence first, then the most extreme disparity.
#[must_use]
pub fn worst(audit: &Audit) -> Option<&Finding> {
    let counts = |finding: &&Finding| finding.level == Level::Error;
    let reported = |finding: &&Finding| finding.level == Level::Warn;
    audit
        .findings
        .iter()
        .filter(counts)
        .min_by(|a, b| worse_first(a, b))
        .or_else(|| audit.findings.iter().filter(reported).min_by(|a, b| worse_first(a, b)))
}

/// Orders two findings, the worse one first.
#[must_use]
pub fn worse_first(a: &Finding, b: &Finding) -> Ordering {
    a.level
        .cmp(&b.level)
        .then(a.outcome.cmp(&b.outcome))
        .then_with(|| match a.outcome {
            // Among passes the one nearest to its bound comes first.
            Outcome::Pass => falling(a.p_comply, b.p_comply),
            _ => rising(a.p_breach_adjusted, b.p_breach_adjusted),
        })
        .then_with(|| excess(b).total_cmp(&excess(a)))
}

fn rising(a: Option<f64>, b: Option<f64>) -> Ordering {
    a.unwrap_or(f64::INFINITY).total_cmp(&b.unwrap_or(f64::INFINITY))
}

fn falling(a: Option<f64>, b: Option<f64>) -> Ordering {
    b.unwrap_or(f64::NEG_INFINITY)
        .total_cmp(&a.unwrap_or(f64::NEG_INFINITY))
}

/// How far the estimate lies towards a breach, in multiples of what is allowed. It orders rows and is never printed.
fn excess(finding: &Finding) -> f64 {
    let point = match finding.point {
        Some(point) => point,
        None if is_infinite(finding) => f64::INFINITY,
        None => return f64::NEG_INFINITY,
    };
    let scale = |value: f64| {
        if finding.comparison == "ratio" {
            value.max(1e-300).ln()
        } else {
            value
        }
    };
    let side = |bound: Option<f64>| {
        bound
            .map(scale)
            .filter(|bound| *bound != 0.0)
            .map(|bound| scale(point) / bound)
    };
    let sides = [side(finding.bound.at_least), side(finding.bound.at_most)];
    sides.into_iter().flatten().fold(f64::NEG_INFINITY, f64::max)
}

/// Whether the estimate lies beyond what is allowed, whatever the evidence for that is.
#[must_use]
pub fn is_beyond(finding: &Finding) -> bool {
    let bound = &finding.bound;
    match finding.point {
        Some(point) => {
            bound.at_least.is_some_and(|least| point < least) || bound.at_most.is_some_and(|most| point > most)
        }
        None => is_infinite(finding) && bound.at_most.is_some(),
    }
}

/// The findings of one criterion, rate, set of attributes and stratum, the worst first.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// The findings, the worst first; never empty.
    pub findings: Vec<&'a Finding>,
}

impl<'a> Block<'a> {
    /// The worst finding, which also says what the block is about.
    #[must_use]
    pub fn first(&self) -> &'a Finding {
        self.findings[0]
    }

    /// Whether no finding of the block compares two groups.
    #[must_use]
    pub fn compares_nothing(&self) -> bool {
        // A share can also be held against its target, which is no group.
        let has_none = |finding: &Finding| finding.reference.is_none() && finding.point.is_none();
        self.findings.iter().all(|finding| has_none(finding))
    }

    /// Whether the audit lists only a part of the comparisons that this block is of.
    #[must_use]
    pub fn partly_listed(&self, audit: &Audit) -> bool {
        partly_listed(audit, self.first().level).is_some()
    }

    /// Whether a breach in this block fails the audit.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.first().level == Level::Error
    }

    /// Whether some number of rows would settle an open question of this block.
    #[must_use]
    pub fn has_open(&self) -> bool {
        self.findings.iter().any(|finding| finding.rows_to_settle.is_some())
    }

    /// How many findings had which outcome.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        Outcomes::of(self.findings.iter().copied())
    }

    /// At most `most` findings that say the most: the worst of each group, then further failures, in the order of
    /// the block.
    #[must_use]
    pub fn foremost(&self, most: usize) -> Vec<&'a Finding> {
        let mut seen: Vec<&Group> = Vec::new();
        let mut chosen = vec![false; self.findings.len()];
        for (index, finding) in self.findings.iter().enumerate() {
            if seen.len() < most && !seen.contains(&&finding.group) {
                seen.push(&finding.group);
                chosen[index] = true;
            }
        }
        let mut room = most - seen.len();
        for (index, finding) in self.findings.iter().enumerate() {
            if room > 0 && !chosen[index] && finding.outcome == Outcome::Fail {
                chosen[index] = true;
                room -= 1;
            }
        }
        let picked = self.findings.iter().zip(chosen);
        picked
            .filter_map(|(finding, chosen)| chosen.then_some(*finding))
            .collect()
    }

    /// Whether the findings lie in more than one stratum.
    #[must_use]
    pub fn spans_strata(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.within != self.first().within)
    }

    /// The worst finding of each stratum, in the order of the block.
    #[must_use]
    pub fn worst_per_stratum(&self) -> Vec<&'a Finding> {
        let mut chosen: Vec<&'a Finding> = Vec::new();
        for finding in &self.findings {
            if !chosen.iter().any(|other| other.within == finding.within) {
                chosen.push(finding);
            }
        }
        chosen
    }

    /// The findings against one reference (see [`Block::against_highest`]), and the worst failure of each group that
    /// fails against another reference only: a picture of a failing block always shows what fails.
    #[must_use]
    pub fn in_a_picture(&self) -> Vec<&'a Finding> {
        let highest = self.against_highest();
        let is_in = |findings: &[&Finding], finding: &Finding| findings.iter().any(|f| std::ptr::eq(*f, finding));
        let mut failing: Vec<&Group> = Vec::new();
        let mut chosen: Vec<&'a Finding> = Vec::new();
        for finding in &self.findings {
            let new_failure = finding.outcome == Outcome::Fail && !failing.contains(&&finding.group);
            let fails_here = highest
                .iter()
                .any(|f| f.outcome == Outcome::Fail && f.group == finding.group);
            if is_in(&highest, finding) || (new_failure && !fails_here) {
                chosen.push(finding);
            }
            if finding.outcome == Outcome::Fail {
                failing.push(&finding.group);
            }
        }
        chosen
    }

    /// The findings against one reference: the group with the highest rate, or the only reference there is.
    #[must_use]
    pub fn against_highest(&self) -> Vec<&'a Finding> {
        // Among equally high groups the one that most others are compared with.
        let value = |finding: &Finding| {
            let value = finding.reference_value.as_ref().and_then(|value| value.point());
            value.unwrap_or(f64::NEG_INFINITY)
        };
        let compared = |finding: &Finding| {
            self.findings
                .iter()
                .filter(|f| f.reference == finding.reference)
                .count()
        };
        let highest = self.findings.iter().map(|f| value(f)).fold(f64::NEG_INFINITY, f64::max);
        let tied = self
            .findings
            .iter()
            .copied()
            .filter(|finding| value(finding) >= highest);
        // `rev` because `max_by_key` takes the last of equals, and the first is the one that stands first.
        let tied: Vec<&Finding> = tied.collect();
        let reference = tied
            .iter()
            .rev()
            .max_by_key(|finding| compared(finding))
            .map(|finding| &finding.reference);
        self.findings
            .iter()
            .copied()
            .filter(|finding| Some(&finding.reference) == reference)
            .collect()
    }
}

/// The findings of an audit in blocks: what counts first, then by the worst outcome, then in the audit's order.
/// Findings of level `off` are left out.
#[must_use]
pub fn blocks(audit: &Audit) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let same = |a: &Finding, b: &Finding| is_of_one_kind(a, b) && a.within == b.within;
    for finding in audit.findings.iter().filter(|finding| finding.level != Level::Off) {
        // Findings of a block follow each other, so the last block is nearly always the one.
        match blocks.iter_mut().rev().find(|block| same(block.first(), finding)) {
            Some(block) => block.findings.push(finding),
            None => blocks.push(Block {
                findings: vec![finding],
            }),
        }
    }
    for block in &mut blocks {
        block.findings.sort_by(|a, b| worse_first(a, b));
    }
    blocks.sort_by_key(|block| (block.first().level, block.first().outcome));
    blocks
}

/// The findings of an audit, what counts first, the worst first; those of level `off` are left out.
#[must_use]
pub fn findings_worst_first(audit: &Audit) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = blocks(audit).iter().flat_map(|block| block.findings.clone()).collect();
    findings.sort_by(|a, b| worse_first(a, b));
    findings
}

/// Whether two findings differ in nothing but their groups and what these are looked at within. A comparison that is
/// pooled over strata is another one than the same groups compared without them.
fn is_of_one_kind(a: &Finding, b: &Finding) -> bool {
    (&a.criterion, &a.rate, &a.event, &a.by, &a.pooled_over, a.level)
        == (&b.criterion, &b.rate, &b.event, &b.by, &b.pooled_over, b.level)
}

/// The blocks with all strata of a criterion, rate and set of attributes taken together, in the order of the first.
#[must_use]
pub fn strata_together<'a>(blocks: &[&Block<'a>]) -> Vec<Block<'a>> {
    let mut together: Vec<Block<'a>> = Vec::new();
    for block in blocks {
        let strata = |other: &&mut Block<'a>| {
            let (ours, theirs) = (&other.first().within, &block.first().within);
            !ours.is_empty() && ours.keys().eq(theirs.keys()) && is_of_one_kind(other.first(), block.first())
        };
        match together.iter_mut().find(strata) {
            Some(whole) => whole.findings.extend(&block.findings),
            None => together.push((*block).clone()),
        }
    }
    for block in &mut together {
        block.findings.sort_by(|a, b| worse_first(a, b));
    }
    together
}

/// The family of a level.
#[must_use]
pub fn family(audit: &Audit, level: Level) -> Option<&Family> {
    let id = match level {
        Level::Error => "error-level",
        Level::Warn => "warn-level",
        Level::Off => "off",
    };
    audit.families.iter().find(|family| family.id == id)
}

/// The family of a level when only a part of its comparisons is listed among the findings.
#[must_use]
pub fn partly_listed(audit: &Audit, level: Level) -> Option<&Family> {
    family(audit, level).filter(|family| family.listed < Outcomes::of_family(family).all())
}

/// How many findings had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Shown to be beyond the bound.
    pub fail: usize,
    /// Settled neither way.
    pub inconclusive: usize,
    /// Shown to be within the bound.
    pub pass: usize,
    /// Reported, not judged, as the policy asks.
    pub not_judged: usize,
    /// Not compared.
    pub not_applicable: usize,
}

impl Outcomes {
    /// Counts findings by outcome.
    #[must_use]
    pub fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut outcomes = Self::default();
        for finding in findings {
            match finding.outcome {
                Outcome::Fail => outcomes.fail += 1,
                Outcome::Inconclusive => outcomes.inconclusive += 1,
                Outcome::Pass => outcomes.pass += 1,
                Outcome::NotJudged => outcomes.not_judged += 1,
                Outcome::NotApplicable => outcomes.not_applicable += 1,
            }
        }
        outcomes
    }

    /// The outcomes of all comparisons of a family, listed or not.
    #[must_use]
    pub fn of_family(family: &Family) -> Self {
        Self {
            fail: family.fail,
            inconclusive: family.inconclusive,
            pass: family.pass,
            not_judged: family.not_judged,
            not_applicable: family.not_applicable,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn all(self) -> usize {
        self.judged() + self.not_judged + self.not_applicable
    }

    /// How many were judged.
    #[must_use]
    pub fn judged(self) -> usize {
        self.fail + self.inconclusive + self.pass
    }
}

#[cfg(test)]
mod tests;
