//! Tests that stay valid however often they are looked at: e-processes against a bound.
//!
//! A test of fixed size that is run again on every commit or every day raises a false alarm sooner or later. An
//! e-process does not. It is the fortune of a gambler who starts with 1 and, before each observation, stakes part of it
//! on the bound being broken. While the bound holds, the game is fair or against the gambler, and then the chance that
//! the fortune *ever* reaches `1/alpha` is at most alpha (Ville 1939). So `E >= 1/alpha` is an alarm at level alpha
//! that may be looked for after every step, and the run may stop or go on for any reason. (Auditing by betting: Chugg,
//! Cortes-Gomez, Wilder & Ramdas 2023.)
//!
//! The bet is on a bound, not on equality. A test of equal rates alarms sooner or later at a ratio of 0.9, which a
//! bound of 0.8 allows: with enough data every real audit would fail it. So equality is not offered, except as a
//! difference of at most 0 for those who mean it.
//!
//! A step compares one observation of each group, or the means of one batch of each: say, both groups' selection rates
//! of a day. Batches may differ in size, between the groups and from step to step, and the result stays valid: all that
//! Ville's inequality needs is that the expected value of the bet, given all earlier steps, is not above 0, and the
//! mean of a batch has the same expectation as one of its members. For the same reason the rates may drift, as long as
//! the bound holds at each step. What must not depend on the outcomes of a step is its own make-up: who is paired with
//! whom, when a batch is closed, and in which order the steps come. A step that lacks one of the groups is left out, or
//! its batch is kept open until both have come.

use std::fmt;

mod counts;
#[cfg(test)]
mod tests;

pub use counts::CountBet;

/// The largest share of the fortune that is staked. Bets lose at most twice their stake, so that nothing is ever
/// staked that the gambler does not have.
const LARGEST_STAKE: f64 = 0.5;

/// An observation that is no number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfRange {
    /// The observation of the group.
    pub group: f64,
    /// The observation of the reference.
    pub reference: f64,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "observations must be from 0 to 1, not {} and {}",
            self.group, self.reference
        )
    }
}

impl std::error::Error for OutOfRange {}

/// A bet against "the group's mean is at least `bound` times the reference's mean".
///
/// `E_t = product of (1 + l_t (f y_t - x_t))`, with x the group's observation, y the reference's and f the bound. The
/// stake l_t is from 0 to 1/2 and depends on earlier steps only. A large E is evidence that the ratio lies below the
/// bound. For an upper bound, a ratio of at most 1.25, exchange the groups and use 1/1.25 = 0.8.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioBet {
    bound: f64,
    gambler: Gambler,
    best_log_e: f64,
}

impl RatioBet {
    /// A bet that has seen nothing: E is 1. `None` if the bound is not above 0 and at most 1.
    pub fn new(bound: f64) -> Option<Self> {
        (bound > 0.0 && bound <= 1.0).then_some(Self {
            bound,
            gambler: Gambler::new(0.0),
            best_log_e: 0.0,
        })
    }

    /// One step: an observation from 0 to 1 of either group, or the mean of a batch of either. What is refused changes
    /// nothing.
    pub fn observe(&mut self, group: f64, reference: f64) -> Result<(), OutOfRange> {
        check(group, reference)?;
        self.gambler.play(self.bound * reference - group);
        self.best_log_e = self.best_log_e.max(self.log_e());
        Ok(())
    }

    /// The natural logarithm of E; 0 at the start. E itself can be larger than any `f64`.
    pub fn log_e(&self) -> f64 {
        self.gambler.log_fortune
    }

    /// The smallest 1/E so far, at most 1: a p-value that is valid at every look, and never rises.
    pub fn always_valid_p(&self) -> f64 {
        p_of(self.best_log_e)
    }

    /// Whether E has ever reached `1/alpha`. If the ratio is within the bound, the chance that this ever becomes true
    /// is at most alpha.
    pub fn alarms(&self, alpha: f64) -> bool {
        self.best_log_e >= -alpha.ln()
    }
}

/// A bet against "the means differ by at most `tolerance`".
///
/// Two bets, one for each side: `A_t = product of (1 + l_t (x_t - y_t - eps))` grows when the group's mean x is above
/// the reference's mean y by more than the tolerance, `B_t = product of (1 + l'_t (y_t - x_t - eps))` when it is below.
/// Half of the starting fortune goes to each: `E = (A + B)/2`. It alarms whenever A or B reaches `2/alpha`, the usual
/// rule for two sides, and sometimes earlier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceBet {
    tolerance: f64,
    above: Gambler,
    below: Gambler,
    best_log_e: f64,
}

impl DifferenceBet {
    /// A bet that has seen nothing: E is 1. `None` if the tolerance is not at least 0 and below 1.
    pub fn new(tolerance: f64) -> Option<Self> {
        (0.0..1.0).contains(&tolerance).then_some(Self {
            tolerance,
            above: Gambler::new(0.0),
            below: Gambler::new(0.0),
            best_log_e: 0.0,
        })
    }

    /// One step: an observation from 0 to 1 of either group, or the mean of a batch of either. What is refused changes
    /// nothing.
    pub fn observe(&mut self, group: f64, reference: f64) -> Result<(), OutOfRange> {
        check(group, reference)?;
        self.above.play(group - reference - self.tolerance);
        self.below.play(reference - group - self.tolerance);
        self.best_log_e = self.best_log_e.max(self.log_e());
        Ok(())
    }

    /// The natural logarithm of E, the mean of both bets; 0 at the start.
    pub fn log_e(&self) -> f64 {
        let (above, below) = (self.log_e_above(), self.log_e_below());
        // log((A + B)/2) without computing A or B, which may overflow.
        above.max(below) + (-(above - below).abs()).exp().ln_1p() - std::f64::consts::LN_2
    }

    /// The logarithm of the bet that the group's mean is above the reference's by more than the tolerance. On its
    /// own it is an e-process for that side; of two sides each is held against `2/alpha`.
    pub fn log_e_above(&self) -> f64 {
        self.above.log_fortune
    }

    /// The logarithm of the bet that the group's mean is below the reference's by more than the tolerance.
    pub fn log_e_below(&self) -> f64 {
        self.below.log_fortune
    }

    /// The smallest 1/E so far, at most 1: a p-value that is valid at every look, and never rises.
    pub fn always_valid_p(&self) -> f64 {
        p_of(self.best_log_e)
    }

    /// Whether E has ever reached `1/alpha`. If the difference is within the tolerance, the chance that this ever
    /// becomes true is at most alpha.
    pub fn alarms(&self, alpha: f64) -> bool {
        self.best_log_e >= -alpha.ln()
    }
}

fn check(group: f64, reference: f64) -> Result<(), OutOfRange> {
    let unit = 0.0..=1.0;
    if unit.contains(&group) && unit.contains(&reference) {
        Ok(())
    } else {
        Err(OutOfRange { group, reference })
    }
}

/// 1/E, not above 1. Not 0 either: the smallest positive number where 1/E is smaller than that.
fn p_of(log_e: f64) -> f64 {
    (-log_e).exp().clamp(f64::MIN_POSITIVE, 1.0)
}

/// Who bets on gains whose expectation, by the null hypothesis, is not above 0.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Gambler {
    /// The logarithm, as the fortune itself overflows within a few thousand steps.
    log_fortune: f64,
    /// The share of the fortune staked on the next step.
    stake: f64,
    /// The smallest stake: 0 against a bound. A negative one would bet on the other side, fair against an equality
    /// only.
    least_stake: f64,
    /// 1 + the sum of squared slopes.
    curvature: f64,
}

impl Gambler {
    fn new(least_stake: f64) -> Self {
        Self {
            log_fortune: 0.0,
            stake: 0.0,
            least_stake,
            curvature: 1.0,
        }
    }

    /// One step with this gain for each unit staked; above -2.
    fn play(&mut self, gain: f64) {
        self.log_fortune += (self.stake * gain).ln_1p();
        // The next stake, by an online Newton step on the logarithm of the fortune (Cutkosky & Orabona 2018).
        let slope = gain / (1.0 + self.stake * gain);
        self.curvature += slope * slope;
        let step = 2.0 / (2.0 - 3_f64.ln()) * slope / self.curvature;
        self.stake = (self.stake + step).clamp(self.least_stake, LARGEST_STAKE);
    }
}
