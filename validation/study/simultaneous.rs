//! How often intervals that claim to hold together do so, and the interval of the worst disparity its truth: whole audits
//! of generated data.

use evenhand::measure::audit;
use evenhand::measure::audit::model::Audit;
use evenhand::{Finding, Level, Policy};
use rayon::prelude::*;

use super::binomial::Binomial;
use super::simulation::{check, draw, place, policy, tally};

/// Groups with their true rates.
pub struct Groups {
    /// Which stream of random numbers is their own.
    pub stream: u32,
    /// People in each group.
    pub people: Vec<u64>,
    /// The true selection rate of each group.
    pub rates: Vec<f64>,
}

/// A criterion, and what its truth is.
#[derive(Clone, Copy)]
pub struct Family {
    pub criterion: &'static str,
    pub level: Level,
    /// Of two rates.
    truth: fn(f64, f64) -> f64,
    /// The worst of all pairs, from the lowest and the highest rate.
    worst: fn(f64, f64) -> f64,
}

/// Two levels make two families, so that one audit answers for both, each with a resampling of its own.
pub const FAMILIES: [Family; 2] = [
    Family {
        criterion: "disparate-impact",
        level: Level::Error,
        truth: |group, reference| group / reference,
        worst: |lowest, highest| lowest / highest,
    },
    Family {
        criterion: "statistical-parity",
        level: Level::Warn,
        truth: |group, reference| group - reference,
        worst: |lowest, highest| highest - lowest,
    },
];

/// In how many data sets what held.
#[derive(Clone, Copy, Default)]
pub struct Held {
    pub sets: u64,
    /// All simultaneous intervals hold their truths.
    pub together: u64,
    /// The interval of the worst disparity holds the true worst.
    pub worst: u64,
    /// All single 95 % intervals hold their truths.
    pub single: u64,
}

impl Held {
    fn and(self, other: Self) -> Self {
        Self {
            sets: self.sets + other.sets,
            together: self.together + other.together,
            worst: self.worst + other.worst,
            single: self.single + other.single,
        }
    }
}

/// For the rounding of a ratio of two rates.
const ROUNDING: f64 = 1e-9;

/// Audits `sets` data sets, each resampled `replicates` times; what held of each of [`FAMILIES`].
///
/// # Errors
/// When an audit refuses its data, which none should.
pub fn cover(groups: &Groups, sets: u32, replicates: u32) -> Result<[Held; 2], String> {
    let distributions: Vec<Binomial> = groups
        .people
        .iter()
        .zip(&groups.rates)
        .map(|(&people, &rate)| Binomial::new(people as usize, rate))
        .collect();
    let one = |set: u32| {
        let tally = tally(&groups.people, &draw(&distributions, groups.stream, set))?;
        // Each data set is resampled by a seed of its own, as different users' data would be.
        let audit = audit(&tally, &together(replicates, set)?).map_err(|problems| format!("{problems:?}"))?;
        Ok(FAMILIES.map(|family| held(&audit, family, &groups.rates)))
    };
    (0..sets)
        .into_par_iter()
        .map(one)
        .try_reduce(<[Held; 2]>::default, |left, right| {
            Ok([left[0].and(right[0]), left[1].and(right[1])])
        })
}

fn together(replicates: u32, seed: u32) -> Result<Policy, String> {
    let mut policy = policy();
    policy.inference.simultaneous = true;
    policy.inference.replicates = replicates;
    policy.inference.seed = u64::from(seed);
    for family in FAMILIES {
        policy.checks.push(check(family.criterion, family.level)?);
    }
    Ok(policy)
}

fn held(audit: &Audit, family: Family, rates: &[f64]) -> Held {
    let truth = |finding: &Finding| {
        let group = rates.get(place(&finding.group)?)?;
        let reference = rates.get(place(finding.reference.as_ref()?)?)?;
        Some((family.truth)(*group, *reference))
    };
    // An interval that was not made claims nothing; one without an upper end is open.
    let within = |lower: Option<f64>, upper: Option<f64>, truth: f64| {
        lower.is_none_or(|lower| lower <= truth + ROUNDING) && upper.is_none_or(|upper| truth <= upper + ROUNDING)
    };
    let of_family = || {
        let findings = audit.findings.iter();
        findings.filter(|finding| finding.criterion == family.criterion)
    };
    let all = |holds: &dyn Fn(&Finding, f64) -> bool| {
        of_family().all(|finding| truth(finding).is_some_and(|truth| holds(finding, truth)))
    };
    let lowest = rates.iter().copied().fold(1.0, f64::min);
    let highest = rates.iter().copied().fold(0.0, f64::max);
    let worst = (family.worst)(lowest, highest);
    let of_worst = audit.tests.iter().filter(|test| test.id == "max-t");
    let is_of = |criterion: &Option<String>| criterion.as_deref() == Some(family.criterion);
    Held {
        sets: 1,
        together: u64::from(all(&|finding, truth| {
            let together = finding.simultaneous.as_ref();
            together.is_none_or(|interval| within(Some(interval.lower), interval.upper, truth))
        })),
        worst: u64::from(
            of_worst
                .filter(|test| is_of(&test.criterion))
                .all(|test| within(test.lower, test.upper, worst)),
        ),
        single: u64::from(all(&|finding, truth| within(finding.lower, finding.upper, truth))),
    }
}
