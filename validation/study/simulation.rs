//! Whole audits of generated data: seeded, and each data set from a stream of its own, so that neither threads nor the
//! number of data sets change any of them.

use evenhand::measure::audit;
use evenhand::measure::audit::model::Group;
use evenhand::measure::catalogue::find_criterion;
use evenhand::measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
use evenhand::{Check, Level as CheckLevel, Outcome, Policy, Verdict};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use super::binomial::Binomial;

/// The seed of all generated data.
pub const SEED: u64 = 20_261_121;

/// Groups of equal size with their true rates.
pub struct Scenario {
    /// A stable name.
    pub id: String,
    /// Which stream of random numbers is its own.
    pub stream: u32,
    /// People in each group.
    pub rows: u64,
    /// The true selection rate of each group.
    pub rates: Vec<f64>,
}

/// What became of all data sets of a scenario.
#[derive(Clone, Copy, Default)]
pub struct Conclusions {
    pub sets: u64,
    pub fail: u64,
    pub inconclusive: u64,
    pub pass: u64,
    /// Data sets in which some comparison failed whose true ratio is not under the bound.
    pub false_fail: u64,
    /// Data sets that a bare four-fifths rule flags.
    pub four_fifths: u64,
}

impl Conclusions {
    fn and(self, other: Self) -> Self {
        Self {
            sets: self.sets + other.sets,
            fail: self.fail + other.fail,
            inconclusive: self.inconclusive + other.inconclusive,
            pass: self.pass + other.pass,
            false_fail: self.false_fail + other.false_fail,
            four_fifths: self.four_fifths + other.four_fifths,
        }
    }
}

impl Scenario {
    /// How many are selected in each group of one data set.
    pub fn draw(&self, set: u32) -> Vec<u64> {
        draw(&self.distributions(), self.stream, set)
    }

    fn distributions(&self) -> Vec<Binomial> {
        self.rates
            .iter()
            .map(|&rate| Binomial::new(self.rows as usize, rate))
            .collect()
    }

    /// Audits `sets` data sets by the check of the default policy that decides.
    ///
    /// # Errors
    /// When an audit refuses its data, which none should.
    pub fn simulate(&self, sets: u32) -> Result<Conclusions, String> {
        let distributions = self.distributions();
        (0..sets)
            .into_par_iter()
            .map(|set| self.conclude(&draw(&distributions, self.stream, set)))
            .try_reduce(Conclusions::default, |left, right| Ok(left.and(right)))
    }

    /// Audits one data set.
    fn conclude(&self, selected: &[u64]) -> Result<Conclusions, String> {
        let audit = audit(&tally(&vec![self.rows; selected.len()], selected)?, &deciding()?)
            .map_err(|problems| format!("{problems:?}"))?;
        let rate = |group: &Group| self.rates.get(place(group)?).copied();
        let mut false_fail = false;
        for finding in audit.findings.iter().filter(|finding| finding.outcome == Outcome::Fail) {
            let Some((group, reference)) = rate(&finding.group).zip(finding.reference.as_ref().and_then(rate)) else {
                return Err(format!(
                    "no such groups: {:?} and {:?}",
                    finding.group, finding.reference
                ));
            };
            // A millionth part for the rounding of four fifths of a rate.
            let within = finding
                .bound
                .at_least
                .is_none_or(|bound| group >= (bound - 1e-6) * reference);
            false_fail |= finding.criterion == "disparate-impact" && within;
        }
        let verdict = |verdict| u64::from(audit.verdict == verdict);
        Ok(Conclusions {
            sets: 1,
            fail: verdict(Verdict::Fail),
            inconclusive: verdict(Verdict::Inconclusive) + verdict(Verdict::NotJudged),
            pass: verdict(Verdict::Pass),
            false_fail: u64::from(false_fail),
            four_fifths: u64::from(four_fifths(selected)),
        })
    }
}

/// How many are selected in each group of one data set of a stream.
pub fn draw<'a>(distributions: impl IntoIterator<Item = &'a Binomial>, stream: u32, set: u32) -> Vec<u64> {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    random.set_stream(u64::from(stream) << 32 | u64::from(set));
    distributions
        .into_iter()
        // The upper 53 bits are the evenly spaced doubles from 0 to 1.
        .map(|distribution| distribution.draw((random.next_u64() >> 11) as f64 / (1u64 << 53) as f64))
        .collect()
}

/// A data set: people and how many of them are selected, by group. Groups are named by their places.
pub fn tally(people: &[u64], selected: &[u64]) -> Result<Tally, String> {
    let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
    let mut decision = Dimension::new(Axis::Prediction, "selected", Coding::AsWritten);
    group.levels = (0..people.len()).map(|index| Level::of(&index.to_string())).collect();
    decision.levels = vec![Level::of("yes"), Level::of("no")];
    let cells = people.iter().zip(selected).zip(0..).flat_map(|((&all, &yes), index)| {
        [
            (vec![index, 0], Counts::of(yes)),
            (vec![index, 1], Counts::of(all - yes)),
        ]
    });
    let cube = Cube::new(vec![group, decision], cells).map_err(|mismatch| mismatch.to_string())?;
    Ok(Tally::new(cube, people.iter().sum()))
}

/// The place of a group by its name.
pub fn place(group: &Group) -> Option<usize> {
    group.values().next()?.as_deref()?.parse().ok()
}

/// The default policy with the one of its checks that can fail a run without labels. The others are of warn level, or
/// need a label; leaving them out saves most of the time and changes no verdict, which a test of this study checks.
pub fn deciding() -> Result<Policy, String> {
    let mut policy = policy();
    policy.checks.push(check("disparate-impact", CheckLevel::Error)?);
    Ok(policy)
}

/// A criterion at its default bound.
pub fn check(criterion: &str, level: CheckLevel) -> Result<Check, String> {
    let criterion = find_criterion(criterion).map_err(|near| format!("no {criterion}, but {near:?}"))?;
    Ok(Check {
        criterion,
        by: Vec::new(),
        bound: Some(criterion.bound),
        level,
        judge: None,
        on_inconclusive: evenhand::measure::policy::Counts::default(),
        line: None,
    })
}

/// The default policy. Which value is the good one is said, because a data set may happen to have one value only.
pub fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    policy.values.adverse = Some(false);
    policy
}

/// Whether the lowest rate is under four fifths of the highest, in whole numbers, the groups being equal in size.
pub fn four_fifths(selected: &[u64]) -> bool {
    let lowest = selected.iter().min().copied().unwrap_or(0);
    let highest = selected.iter().max().copied().unwrap_or(0);
    lowest * 5 < highest * 4
}
