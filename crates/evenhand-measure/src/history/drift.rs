//! This module tells a change in who is in the data from a change in how they are treated.
//!
//! Kitagawa's decomposition, between the first and the last run that brought new rows: of the change of everybody's rate,
//! with the groups as strata; and, where strata are recorded, of the change of a gap between two groups.

use super::line::{Line, Pair, Side};
use crate::audit::model::Group;
use crate::inference::Sample;
use crate::inference::standardisation::{Part, kitagawa};

/// What became of the mix of groups and of one rate of everybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The id of the rate.
    pub rate: String,
    /// Of decisions with more than two values, the one that counts here.
    pub event: Option<String>,
    /// Whether one minus the rate is compared.
    pub complement: bool,
    /// The attributes.
    pub by: Vec<String>,
    /// How much of the mix moved: half the sum of the changes of the groups' shares.
    pub moved: f64,
    /// The rate of all compared groups together in the first run.
    pub before: f64,
    /// The same in the last run.
    pub now: f64,
    /// What changed because groups have other rates.
    pub rates: Part,
    /// What changed because groups have other shares.
    pub mix: Part,
    /// Groups that only one of the two runs has; they are left out.
    pub left_out: Vec<Group>,
}

/// What became of a gap between two groups, with strata.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The comparison in one of its strata.
    pub of: Pair,
    /// The gap in the first run, the part that is within strata, and the part that is the spread over them.
    pub before: [f64; 3],
    /// The same in the last run.
    pub now: [f64; 3],
}

/// A group with the share of rows that is compared of it.
type Known<'a> = (&'a Group, Side);

/// Everybody's rates, between two runs.
pub(super) fn drifts(first: &Line, last: &Line) -> Vec<Drift> {
    let mut done: Vec<&Pair> = Vec::new();
    for pair in &last.comparisons {
        let is_plain = pair.counts.is_some() && pair.within.is_empty();
        if is_plain && !done.iter().any(|other| is_alike(other, pair)) {
            done.push(pair);
        }
    }
    done.into_iter().filter_map(|pair| drift(first, last, pair)).collect()
}

/// Whether both compare the same rate of the same attributes.
fn is_alike(a: &Pair, b: &Pair) -> bool {
    (&a.rate, &a.event, a.complement, &a.by, &a.within) == (&b.rate, &b.event, b.complement, &b.by, &b.within)
}

fn known<'a>(line: &'a Line, pair: &Pair) -> Vec<Known<'a>> {
    let mut known: Vec<Known<'a>> = Vec::new();
    for other in line.comparisons.iter().filter(|other| is_alike(other, pair)) {
        let Some(counts) = other.counts else { continue };
        let groups = [Some(&other.group), other.reference.as_ref()];
        for (group, side) in groups.into_iter().zip(counts) {
            if let Some(group) = group.filter(|group| !known.iter().any(|(seen, _)| seen == group)) {
                known.push((group, side));
            }
        }
    }
    known.sort_by(|a, b| a.0.cmp(b.0));
    known
}

fn sample(side: Side) -> Option<Sample> {
    Sample::new(side.numerator, side.denominator)
}

/// The two-sided 95 % normal quantile.
const Z: f64 = 1.959_963_984_540_054;

fn drift(first: &Line, last: &Line, pair: &Pair) -> Option<Drift> {
    let (was, is) = (known(first, pair), known(last, pair));
    let at =
        |known: &[Known<'_>], group: &Group| known.iter().find(|(other, _)| *other == group).map(|(_, side)| *side);
    let mut strata = Vec::new();
    let mut left_out = Vec::new();
    for (group, now) in &is {
        match at(&was, group).and_then(sample).zip(sample(*now)) {
            Some((before, now)) => strata.push((now, before)),
            None => left_out.push((*group).clone()),
        }
    }
    let gone = was.iter().filter(|(group, _)| at(&is, group).is_none());
    left_out.extend(gone.map(|(group, _)| (*group).clone()));
    if strata.len() < 2 {
        return None;
    }
    let split = kitagawa(&strata, Z)?;
    let total = |pick: fn(&(Sample, Sample)) -> f64| -> f64 { strata.iter().map(pick).sum() };
    let (now, before) = (total(|s| s.0.trials), total(|s| s.1.trials));
    let share = |(a, b): &(Sample, Sample)| (a.trials / now - b.trials / before).abs();
    Some(Drift {
        rate: pair.rate.clone(),
        event: pair.event.clone(),
        complement: pair.complement,
        by: pair.by.clone(),
        moved: strata.iter().map(share).sum::<f64>() / 2.0,
        before: total(|s| s.1.successes) / before,
        now: total(|s| s.0.successes) / now,
        rates: split.rate,
        mix: split.composition,
        left_out,
    })
}

/// The gaps that strata are recorded of, between two runs.
pub(super) fn shifts(first: &Line, last: &Line) -> Vec<Shift> {
    let mut done: Vec<&Pair> = Vec::new();
    for pair in last.comparisons.iter().filter(|pair| !pair.within.is_empty()) {
        if pair.counts.is_some() && !done.iter().any(|other| is_strata_of(other, pair)) {
            done.push(pair);
        }
    }
    let shift = |pair: &Pair| {
        Some(Shift {
            of: pair.clone(),
            before: split(first, pair)?,
            now: split(last, pair)?,
        })
    };
    done.into_iter().filter_map(shift).collect()
}

/// Whether both are the same comparison within values of the same columns.
fn is_strata_of(a: &Pair, b: &Pair) -> bool {
    (&a.criterion, &a.rate, &a.event, &a.by) == (&b.criterion, &b.rate, &b.event, &b.by)
        && (&a.group, &a.reference) == (&b.group, &b.reference)
        && a.within.keys().eq(b.within.keys())
}

fn split(line: &Line, pair: &Pair) -> Option<[f64; 3]> {
    let strata: Vec<(Sample, Sample)> = line
        .comparisons
        .iter()
        .filter(|other| is_strata_of(other, pair))
        .filter_map(|other| {
            let [group, reference] = other.counts?;
            sample(group).zip(sample(reference))
        })
        .collect();
    if strata.len() < 2 {
        return None;
    }
    let split = kitagawa(&strata, Z)?;
    Some([split.gap, split.rate.point, split.composition.point])
}
