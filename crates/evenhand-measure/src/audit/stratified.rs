//! This module asks whether a gap of two groups is still there when they are compared like with like: the tests within
//! strata, Kitagawa's split of the gap, and the sentence that tells when the two answers differ.

use crate::inference::standardisation::{Kitagawa, kitagawa};
use crate::inference::strata::{
    BreslowDay, CommonEffect, Continuity, breslow_day, cochran_mantel_haenszel, common_odds_ratio, common_risk_ratio,
    interval, point,
};
use crate::inference::{Comparison, Interval, Sample, z_for};
use crate::problem::thousands;

use super::Run;
use super::compare::CORRECTION;
use super::model::{Group, GroupKind, NamedTest, Note, Severity};
use super::named::Beside;
use super::strata::{Pair, every_pair};

/// Every test of two groups within strata.
pub(super) fn tests(run: &Run<'_>, beside: &Beside<'_>, pair: &Pair, tests: &mut Vec<NamedTest>) {
    let confidence = run.policy.inference.confidence;
    let z = z_for(confidence);
    let strata = &pair.strata;
    let first = tests.len();
    if strata.is_empty() {
        let why = if pair.few_units {
            "the rows come from too few different units to know how sure anything is"
        } else {
            "no stratum has rows of both groups"
        };
        tests.push(beside.refused("cochran-mantel-haenszel", why));
    } else {
        tests.push(match cochran_mantel_haenszel(strata, Continuity::Uncorrected) {
            Some(test) => NamedTest {
                statistic: Some(test.statistic),
                freedom: Some(1),
                p: Some(test.p),
                ..beside.test("cochran-mantel-haenszel")
            },
            None => beside.refused(
                "cochran-mantel-haenszel",
                "undefined: within each stratum all decisions are the same",
            ),
        });
        let common = |id: &str, effect: Option<CommonEffect>| match effect {
            Some(effect) => beside.estimate(id, effect.point, effect.interval, confidence),
            None => beside.refused(id, "undefined: it would divide by nobody"),
        };
        tests.push(common("mantel-haenszel-odds-ratio", common_odds_ratio(strata, z)));
        tests.push(common("mantel-haenszel-risk-ratio", common_risk_ratio(strata, z)));
        let scored = |comparison: Comparison| {
            let interval = interval(comparison, strata, z, CORRECTION);
            point(comparison, strata).map(|point| CommonEffect {
                point,
                interval: Some(interval),
            })
        };
        tests.push(common("stratified-score-difference", scored(Comparison::Difference)));
        tests.push(common("stratified-score-ratio", scored(Comparison::Ratio)));
        let (plain, adjusted) = homogeneity(beside, breslow_day(strata));
        tests.extend([plain, adjusted]);
        tests.extend(split(beside, kitagawa(strata, z), confidence));
    }
    for test in &mut tests[first..] {
        test.pooled_over = run
            .reading
            .strata
            .iter()
            .map(|stratum| stratum.column.clone())
            .collect();
        if pair.left_out.0 > 0 {
            test.note = Some(format!(
                "{} strata with {} rows do not have both groups and say nothing",
                pair.left_out.0, pair.left_out.1
            ));
        }
    }
}

fn homogeneity(beside: &Beside<'_>, found: Option<BreslowDay>) -> (NamedTest, NamedTest) {
    let Some(found) = found else {
        let why = "undefined: fewer than two strata say something, or there is no common odds ratio";
        return (beside.refused("breslow-day", why), beside.refused("tarone", why));
    };
    let test = |id: &str, of: crate::inference::strata::Heterogeneity| NamedTest {
        statistic: Some(of.statistic),
        freedom: Some(u64::from(of.degrees)),
        p: Some(of.p),
        ..beside.test(id)
    };
    (test("breslow-day", found.plain), test("tarone", found.adjusted))
}

/// Kitagawa's two parts of the gap, in the order composition, rates.
fn split(beside: &Beside<'_>, found: Option<Kitagawa>, confidence: f64) -> Vec<NamedTest> {
    let Some(found) = found else {
        return vec![beside.refused("kitagawa", "undefined: no stratum has both groups")];
    };
    let part = |part: crate::inference::standardisation::Part, words: &str| NamedTest {
        p: part.p(),
        note: Some(words.to_owned()),
        ..beside.estimate("kitagawa", part.point, Some(part.interval), confidence)
    };
    vec![
        part(
            found.composition,
            "the part of the gap that comes from how the groups are spread over the strata",
        ),
        part(found.rate, "the part of the gap that remains if they were spread alike"),
    ]
}

/// A gap, all together and like compared with like.
struct Adjusted {
    pooled: f64,
    pooled_interval: Interval,
    common: f64,
    common_interval: Interval,
    parts: Kitagawa,
}

/// Says where the answer for all strata together and the one within strata differ: a gap that disappears, turns round
/// or appears.
pub(super) fn simpson(run: &Run<'_>) -> Vec<Note> {
    let Some(prediction) = run.reading.prediction.as_ref() else {
        return Vec::new();
    };
    let columns: Vec<String> = run.reading.strata.iter().map(|s| format!("`{}`", s.column)).collect();
    let within = columns.join(" and ");
    let mut notes = Vec::new();
    let rate = &crate::catalogue::SELECTION_RATE;
    let confidence = run.policy.inference.confidence;
    let z = z_for(confidence);
    for (partition, strata) in run.split.partitions.iter().zip(&run.split.strata) {
        let judged: Vec<_> = partition
            .groups
            .iter()
            .filter(|of| of.kind == GroupKind::Judged)
            .collect();
        if strata.is_empty() || judged.len() > MOST_GROUPS || !every_pair(judged.len(), strata.len()) {
            continue;
        }
        let names: Vec<&Group> = judged.iter().map(|of| &of.group).collect();
        let layers = super::strata::Layers::of(run.basis, rate, false, &names, strata);
        let sample = |index: usize| super::evidence::Evidence::of(rate, &judged[index].members, run.basis).sample;
        let samples: Vec<Option<Sample>> = (0..names.len()).map(sample).collect();
        for a in 0..names.len() {
            for b in a + 1..names.len() {
                let (Some(x), Some(y)) = (samples[a], samples[b]) else {
                    continue;
                };
                // The group that has it less often comes first.
                let (low, high, x, y) = if x.rate() <= y.rate() {
                    (a, b, x, y)
                } else {
                    (b, a, y, x)
                };
                let pair = if low == a {
                    layers.pair(a, b)
                } else {
                    layers.pair(a, b).exchanged()
                };
                let (Some(common), Some(parts)) =
                    (point(Comparison::Difference, &pair.strata), kitagawa(&pair.strata, z))
                else {
                    continue;
                };
                let found = Adjusted {
                    pooled: x.rate() - y.rate(),
                    pooled_interval: Comparison::Difference.interval(x, y, z, CORRECTION),
                    common,
                    common_interval: interval(Comparison::Difference, &pair.strata, z, CORRECTION),
                    parts,
                };
                let Some(what) = found.differs() else { continue };
                let event = format!("`{}` = `{}`", prediction.column.column, prediction.column.positive);
                let names = (name(names[low]), name(names[high]));
                notes.push(note(
                    &pair,
                    &found,
                    (&names.0, &names.1),
                    &within,
                    &event,
                    what,
                    confidence,
                ));
            }
        }
    }
    let more = notes.len().saturating_sub(MOST_NOTES);
    notes.truncate(MOST_NOTES);
    if more > 0
        && let Some(last) = notes.last_mut()
    {
        last.message.push_str(&format!(
            " The same kind of change is found for {more} more pairs of groups; `tests` has all."
        ));
    }
    notes
}

/// More groups than this are not compared pair by pair for the sentence.
const MOST_GROUPS: usize = 20;
/// More sentences than these are counted, not printed.
const MOST_NOTES: usize = 5;

/// What becomes of a gap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Disappears,
    TurnsRound,
    Appears,
    /// Too little is known within strata to say.
    Open,
}

impl Adjusted {
    /// What becomes of the gap, if it is shown that the strata make a difference at all.
    fn differs(&self) -> Option<Change> {
        if self.parts.composition.p().is_none_or(|p| p >= 0.05) {
            return None;
        }
        let seen = |interval: Interval| !interval.contains(0.0);
        match (seen(self.pooled_interval), seen(self.common_interval)) {
            (true, false) if self.common_interval.contains(self.pooled) => Some(Change::Open),
            (true, false) => Some(Change::Disappears),
            (true, true) if (self.pooled > 0.0) != (self.common > 0.0) => Some(Change::TurnsRound),
            (false, true) => Some(Change::Appears),
            _ => None,
        }
    }
}

fn note(
    pair: &Pair,
    found: &Adjusted,
    (group, reference): (&str, &str),
    within: &str,
    event: &str,
    change: Change,
    confidence: f64,
) -> Note {
    let gap = format!("the gap between {group} and {reference} in {event}");
    let plainly = match change {
        Change::Disappears => format!("{gap} disappears when like is compared with like within {within}"),
        Change::TurnsRound => format!("{gap} turns round when like is compared with like within {within}"),
        Change::Appears => format!("{gap} shows only when like is compared with like within {within}"),
        Change::Open => format!("{gap} may not remain when like is compared with like within {within}"),
    };
    let mut message = format!(
        "{plainly}. Taken together, {group} has {event} {} than {reference} ({:.0}% interval {}). Within {within}, like compared with \
         like, it is {} ({})",
        often(found.pooled),
        100.0 * confidence,
        reach(found.pooled, found.pooled_interval),
        often(found.common),
        reach(found.common, found.common_interval),
    );
    let equality = pair
        .p_of_equality()
        .map_or_else(String::new, |p| format!(" (Cochran-Mantel-Haenszel {})", p_words(p)));
    message.push_str(&match change {
        Change::Disappears => {
            format!(", which these data cannot tell from no difference{equality}: the gap disappears")
        }
        Change::TurnsRound => format!("{equality}: the gap turns round"),
        Change::Appears => format!("{equality}: a gap shows only there"),
        Change::Open => format!("{equality}: too little to tell whether the gap remains"),
    });
    let composition = found.parts.composition;
    message.push_str(&format!(
        ". In two parts that add up, the {:+.1} points are {:+.1} from how the groups are spread over {within} ({:+.1} to {:+.1}, \
         {}) and {:+.1} from different rates within it; these parts weigh each value of it by its rows, the comparison like with \
         like by how much it tells",
        100.0 * found.parts.gap,
        100.0 * composition.point,
        100.0 * composition.interval.lower,
        100.0 * composition.interval.upper,
        composition.p().map_or_else(String::new, p_words),
        100.0 * found.parts.rate.point,
    ));
    if pair.left_out.1 > 0 {
        message.push_str(&format!(
            "; {} rows in values of {within} that have only one of the two are left out of it",
            thousands(pair.left_out.1)
        ));
    }
    if let Some(found) = breslow_day(&pair.strata)
        && found.adjusted.p < 0.05
    {
        message.push_str(&format!(
            ". Effects differ between values of {within} (Breslow-Day {}): look at each",
            p_words(found.plain.p)
        ));
    }
    Note {
        code: "simpson".to_owned(),
        severity: Severity::Warning,
        message,
        help: Some(
            "ask whether these strata are a fair reason for different rates, or were themselves decided by the same bias"
                .to_owned(),
        ),
    }
}

/// A gap in words, such as `14.2 points less often`.
fn often(gap: f64) -> String {
    let word = if gap < 0.0 { "less" } else { "more" };
    format!("{:.1} points {word} often", 100.0 * gap.abs())
}

/// The interval of a gap, in the direction of its words.
fn reach(gap: f64, interval: Interval) -> String {
    let (low, high) = if gap < 0.0 {
        (-interval.upper, -interval.lower)
    } else {
        (interval.lower, interval.upper)
    };
    // Adding 0 takes the sign off a zero.
    format!("{:.1} to {:.1}", 100.0 * low + 0.0, 100.0 * high + 0.0)
}

fn p_words(p: f64) -> String {
    if p < 0.001 {
        "p < 0.001".to_owned()
    } else if p < 0.01 {
        format!("p = {p:.4}")
    } else {
        format!("p = {p:.3}")
    }
}

fn name(group: &Group) -> String {
    let parts: Vec<String> = group
        .iter()
        .map(|(column, value)| format!("`{column}` = `{}`", value.as_deref().unwrap_or("")))
        .collect();
    parts.join(", ")
}
