//! What a gate answers when a process is checked again and again against one stored baseline. Baseline and checks are
//! drawn from the true rates, each time anew; audit, test of the change and gate are those of every gate.

use evenhand::measure::audit::change::{RegressionRule, changes};
use evenhand::measure::gate::{Gate, Result as Came, Subject, gate};
use evenhand::measure::{Tally, audit};
use evenhand::{Level, Policy, Verdict};
use rayon::prelude::*;

use super::binomial::Binomial;
use super::simulation::{deciding, draw, four_fifths, tally};

/// A process with a baseline behind it.
pub struct Process {
    /// Which stream of random numbers is its own.
    pub stream: u32,
    /// People in each group, in the baseline and at each check.
    pub people: u64,
    /// The true selection rate of each group when the baseline was stored.
    pub before: Vec<f64>,
    /// The true selection rates since then.
    pub since: Vec<f64>,
    /// How often it is checked against that baseline.
    pub checks: usize,
}

/// What a gate, or a simpler rule, may say of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The gate fails: exit status 1.
    Fail,
    /// The gate is inconclusive: exit status 4.
    Open,
    /// The gate passes: exit status 0.
    Pass,
    /// A bound is shown to be broken.
    Bound,
    /// A disparity is shown to have grown.
    Change,
    /// The lowest rate is under four fifths of the highest.
    Point,
    /// That ratio lies more than the tolerance under the baseline's.
    Subtraction,
}

impl Said {
    pub const ALL: [Self; 7] = [
        Self::Fail,
        Self::Open,
        Self::Pass,
        Self::Bound,
        Self::Change,
        Self::Point,
        Self::Subtraction,
    ];
}

/// How often what was said of many baselines and the checks against them.
#[derive(Clone, Copy, Default)]
pub struct Told {
    pub baselines: u64,
    pub checks: u64,
    each: [u64; Said::ALL.len()],
    ever: [u64; Said::ALL.len()],
    detectable: (f64, u64),
}

impl Told {
    /// The checks of which it was said.
    pub fn each(&self, said: Said) -> u64 {
        self.each[said as usize]
    }

    /// The baselines against which some check led to its being said.
    pub fn ever(&self, said: Said) -> u64 {
        self.ever[said as usize]
    }

    /// The share of checks of which it was said.
    pub fn share(&self, said: Said) -> f64 {
        self.each(said) as f64 / self.checks as f64
    }

    /// The share of baselines against which it was ever said.
    pub fn share_ever(&self, said: Said) -> f64 {
        self.ever(said) as f64 / self.baselines as f64
    }

    /// The mean of the smallest worsening that a gate says the data could have shown, of comparisons that have one.
    pub fn detectable(&self) -> Option<f64> {
        (self.detectable.1 > 0).then(|| self.detectable.0 / self.detectable.1 as f64)
    }

    fn and(self, other: Self) -> Self {
        let sum = |left: [u64; 7], right: [u64; 7]| std::array::from_fn(|at| left[at] + right[at]);
        Self {
            baselines: self.baselines + other.baselines,
            checks: self.checks + other.checks,
            each: sum(self.each, other.each),
            ever: sum(self.ever, other.ever),
            detectable: (
                self.detectable.0 + other.detectable.0,
                self.detectable.1 + other.detectable.1,
            ),
        }
    }
}

impl Process {
    /// Of each group, when the baseline was stored and since.
    pub fn distributions(&self) -> [Vec<Binomial>; 2] {
        [&self.before, &self.since].map(|rates| {
            let of_rate = |rate: &f64| Binomial::new(self.people as usize, *rate);
            rates.iter().map(of_rate).collect()
        })
    }

    /// The selected of the baseline, then of each check, of one history.
    pub fn draw(&self, [before, since]: &[Vec<Binomial>; 2], history: u32) -> Vec<Vec<u64>> {
        let checks = (0..self.checks).flat_map(|_| since);
        let drawn = draw(before.iter().chain(checks), self.stream, history);
        drawn.chunks(before.len()).map(<[u64]>::to_vec).collect()
    }

    /// Stores so many baselines, and checks each as often as it is to be.
    ///
    /// # Errors
    /// When an audit refuses its data, which none should.
    pub fn simulate(&self, baselines: u32) -> Result<Told, String> {
        let distributions = self.distributions();
        let policy = deciding()?;
        let told: Vec<Told> = (0..baselines)
            .into_par_iter()
            .map(|history| self.tell(&self.draw(&distributions, history), &policy))
            .collect::<Result<_, _>>()?;
        // In order, so that threads do not change the last digit of a mean.
        Ok(told.into_iter().fold(Told::default(), Told::and))
    }

    /// One baseline and the checks against it.
    fn tell(&self, drawn: &[Vec<u64>], policy: &Policy) -> Result<Told, String> {
        let mut told = Told {
            baselines: 1,
            ..Told::default()
        };
        let Some((before, checks)) = drawn.split_first() else {
            return Ok(told);
        };
        let people = vec![self.people; before.len()];
        let baseline = tally(&people, before)?;
        for now in checks {
            let gate = answer(&baseline, &tally(&people, now)?, policy)?;
            let failed = |of: fn(&Subject) -> bool| {
                let mut items = gate.items.iter();
                items.any(|item| item.level == Level::Error && item.result == Came::Fail && of(&item.subject))
            };
            told.checks += 1;
            for (index, said) in Said::ALL.into_iter().enumerate() {
                let is_so = match said {
                    Said::Fail => gate.verdict == Verdict::Fail,
                    Said::Open => matches!(gate.verdict, Verdict::Inconclusive | Verdict::NotJudged),
                    Said::Pass => gate.verdict == Verdict::Pass,
                    Said::Bound => failed(|subject| matches!(subject, Subject::Finding(_))),
                    Said::Change => failed(|subject| matches!(subject, Subject::Change(_))),
                    Said::Point => four_fifths(now),
                    Said::Subtraction => fell(before, now, RegressionRule::default().tolerance),
                };
                told.each[index] += u64::from(is_so);
                told.ever[index] |= u64::from(is_so);
            }
            for change in gate.changes.iter().flat_map(|changes| &changes.changes) {
                if let Some(detectable) = change.detectable {
                    told.detectable.0 += detectable;
                    told.detectable.1 += 1;
                }
            }
        }
        Ok(told)
    }
}

/// What a gate with a baseline answers.
///
/// # Errors
/// When an audit refuses its data.
pub fn answer(baseline: &Tally, now: &Tally, policy: &Policy) -> Result<Gate, String> {
    let words = |problems: Vec<evenhand::Problem>| format!("{problems:?}");
    let changes = changes(baseline, now, policy, &RegressionRule::default()).map_err(words)?;
    Ok(gate(audit(now, policy).map_err(words)?, Some(changes), policy, None))
}

/// Whether the lowest rate divided by the highest fell by more than so much, the groups being equal in size. Where nobody
/// is selected there is no ratio, and such a rule says nothing.
fn fell(before: &[u64], now: &[u64], tolerance: f64) -> bool {
    let ratio = |selected: &[u64]| {
        let highest = selected.iter().max().copied().filter(|&highest| highest > 0)?;
        Some(selected.iter().min().copied()? as f64 / highest as f64)
    };
    ratio(before)
        .zip(ratio(now))
        .is_some_and(|(before, now)| before - now > tolerance)
}
