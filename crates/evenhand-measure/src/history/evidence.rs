//! This module is the evidence of a whole history against each bound, valid at every line.
//!
//! Each run brings a batch of rows of either group; the bets are those of [`crate::inference::betting`]. Where rows stand
//! for people one by one, their counts are bet on ([`CountBet`]). Rows with weights or in clusters are not independent,
//! and only the means of a run's batches are bet on ([`RatioBet`], [`DifferenceBet`]): that needs no independence within
//! a run, and takes more runs.
//!
//! All comparisons of level `error` share one purse. It starts with 1, in equal parts; a comparison that comes later gets
//! the same part as each other out of what the purse then holds, so that nothing is added. While every comparison is
//! within its bound, the chance that the purse ever holds `1/alpha` is at most alpha, however many comparisons there
//! are and whichever come and go. (With all of them from the start the purse is the mean of their e-values; the bare
//! Bonferroni rule, `K/alpha` for any one of K, is never reached before it.)

use super::line::{Line, Pair, Side};
use crate::inference::betting::{CountBet, DifferenceBet, RatioBet};
use crate::inference::{Comparison, Sample};
use crate::policy::Level;

/// Beyond as many rows the logarithms of factorials have lost the digits that bets are made of.
const COUNTABLE: f64 = 1e12;

/// Why the rows of a run are no new evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unused {
    /// The tally was counted before.
    SameTally,
    /// Every group has as many rows as in an earlier run, so that they are taken for the same rows.
    SameRows,
    /// Not every comparison was listed.
    Incomplete,
}

impl Unused {
    /// The word of the file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::SameTally => "same-tally",
            Self::SameRows => "same-rows",
            Self::Incomplete => "incomplete",
        }
    }

    /// Why a line's rows are not used.
    pub(super) fn of(line: &Line) -> Option<Self> {
        match line.unused.as_deref() {
            Some("same-tally") => Some(Self::SameTally),
            Some(_) => Some(Self::SameRows),
            None => (!line.complete).then_some(Self::Incomplete),
        }
    }
}

/// What the evidence says to a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// The bounds are not all kept.
    Alarm,
    /// Nothing says so, and the rows could have.
    Quiet,
    /// Even the clearest breach could not have been shown with these rows.
    NotEnough,
}

/// The evidence against all bounds of level `error` together.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The level at which it alarms.
    pub alpha: f64,
    /// The logarithm of what the purse holds.
    pub log_e: f64,
    /// The smallest 1/E since the start, at most 1.
    pub p: f64,
    /// The run with which it started: 0 unless it was started anew.
    pub since: usize,
    /// How many runs since then brought new rows.
    pub runs: usize,
    /// Between how many comparisons the purse is divided.
    pub comparisons: usize,
    /// The run that made it alarm.
    pub alarmed_at: Option<usize>,
    /// What it says to a gate.
    pub gate: Gate,
}

/// The bet of one comparison, under one bound.
#[derive(Clone, Debug)]
pub(super) struct Account {
    of: Pair,
    independent: bool,
    bet: Bet,
    /// The same bet, had every run shown the clearest breach that its rows allow.
    clearest: Bet,
    /// The smallest 1/E so far.
    pub(super) p: f64,
    pub(super) runs: usize,
}

impl Account {
    fn open(pair: &Pair, independent: bool) -> Option<Self> {
        let bet = Bet::new(pair, independent)?;
        Some(Self {
            of: pair.clone(),
            independent,
            clearest: bet.clone(),
            bet,
            p: 1.0,
            runs: 0,
        })
    }

    fn is_of(&self, pair: &Pair, independent: bool) -> bool {
        self.independent == independent && self.of.is_of(pair) && self.of.bound() == pair.bound()
    }

    fn observe(&mut self, [group, reference]: [Side; 2]) {
        self.bet.observe(group, reference);
        let filled = |side: Side, share: f64| Side {
            numerator: side.denominator * share,
            ..side
        };
        // A ratio of 0 breaks a lower bound; turned round, an infinite one breaks an upper bound.
        let (low, high) = if self.of.at_least.is_some() {
            (0.0, 1.0)
        } else {
            (1.0, 0.0)
        };
        self.clearest.observe(filled(group, low), filled(reference, high));
        self.p = self.p.min((-self.bet.log_e()).exp().max(f64::MIN_POSITIVE));
        self.runs += 1;
    }
}

#[derive(Clone, Debug)]
enum Bet {
    Counts(CountBet),
    Means(Vec<Means>),
}

/// One side of a bound, on the means of batches.
#[derive(Clone, Debug)]
enum Means {
    RatioBelow(RatioBet),
    RatioAbove(RatioBet),
    DifferenceBelow(DifferenceBet),
    DifferenceAbove(DifferenceBet),
}

impl Bet {
    fn new(pair: &Pair, independent: bool) -> Option<Self> {
        let (least, most) = (pair.at_least, pair.at_most);
        let comparison = match pair.comparison.as_str() {
            "ratio" => Comparison::Ratio,
            "difference" => Comparison::Difference,
            _ => return None,
        };
        if independent {
            return CountBet::new(comparison, least, most).map(Self::Counts);
        }
        let sides = match comparison {
            Comparison::Ratio => [
                least.and_then(RatioBet::new).map(Means::RatioBelow),
                most.and_then(|most| RatioBet::new(1.0 / most)).map(Means::RatioAbove),
            ],
            Comparison::Difference => [
                least
                    .and_then(|least| DifferenceBet::new(-least))
                    .map(Means::DifferenceBelow),
                most.and_then(DifferenceBet::new).map(Means::DifferenceAbove),
            ],
        };
        let sides: Vec<Means> = sides.into_iter().flatten().collect();
        (!sides.is_empty()).then_some(Self::Means(sides))
    }

    fn observe(&mut self, group: Side, reference: Side) {
        match self {
            Self::Counts(bet) => {
                let is_countable = |sample: &Sample| sample.trials <= COUNTABLE;
                let sample = |side: Side| Sample::new(side.numerator, side.denominator).filter(is_countable);
                if let Some((group, reference)) = sample(group).zip(sample(reference)) {
                    bet.observe(group, reference);
                }
            }
            Self::Means(sides) => {
                let (group, reference) = (group.rate(), reference.rate());
                for side in sides {
                    // Shares are within 0 and 1, which reading the line has made sure of.
                    let _ = match side {
                        Means::RatioBelow(bet) => bet.observe(group, reference),
                        Means::RatioAbove(bet) => bet.observe(reference, group),
                        Means::DifferenceBelow(bet) | Means::DifferenceAbove(bet) => bet.observe(group, reference),
                    };
                }
            }
        }
    }

    fn log_e(&self) -> f64 {
        match self {
            Self::Counts(bet) => bet.log_e(),
            Self::Means(sides) => {
                let logs = sides.iter().map(|side| match side {
                    Means::RatioBelow(bet) | Means::RatioAbove(bet) => bet.log_e(),
                    Means::DifferenceBelow(bet) => bet.log_e_below(),
                    Means::DifferenceAbove(bet) => bet.log_e_above(),
                });
                log_sum(logs) - (sides.len() as f64).ln()
            }
        }
    }
}

/// What all comparisons share.
#[derive(Clone, Debug, Default)]
struct Purse {
    /// The logarithm of each comparison's part, in units of its e-value.
    units: Vec<f64>,
}

impl Purse {
    /// The logarithm of what it holds.
    fn log_held(&self, log_e: &[f64]) -> f64 {
        if self.units.is_empty() {
            return 0.0;
        }
        log_sum(self.units.iter().zip(log_e).map(|(units, log_e)| units + log_e))
    }

    /// Divides it anew when comparisons come: each new one gets an equal part, out of all others in proportion.
    fn admit(&mut self, log_e: &[f64], arrivals: usize) {
        if arrivals == 0 {
            return;
        }
        let held = self.log_held(log_e);
        let (old, all) = (self.units.len() as f64, (self.units.len() + arrivals) as f64);
        for units in &mut self.units {
            *units += (old / all).ln();
        }
        // A bet that has seen nothing is worth 1.
        self.units.extend(std::iter::repeat_n(held - all.ln(), arrivals));
    }
}

fn log_sum(logs: impl Iterator<Item = f64>) -> f64 {
    let logs: Vec<f64> = logs.collect();
    let high = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high == f64::NEG_INFINITY {
        return high;
    }
    high + logs.iter().map(|log| (log - high).exp()).sum::<f64>().ln()
}

/// The bets of a history while its lines are read.
#[derive(Debug)]
pub(super) struct Book {
    alpha: f64,
    accounts: Vec<Account>,
    /// Which accounts are of level `error`, in the order of the purse.
    judged: Vec<usize>,
    purse: Purse,
    clearest: Purse,
    since: usize,
    runs: usize,
    best: f64,
    best_clearest: f64,
    alarmed_at: Option<usize>,
}

impl Book {
    pub(super) fn new(alpha: f64) -> Self {
        Self {
            alpha,
            accounts: Vec::new(),
            judged: Vec::new(),
            purse: Purse::default(),
            clearest: Purse::default(),
            since: 0,
            runs: 0,
            best: 0.0,
            best_clearest: 0.0,
            alarmed_at: None,
        }
    }

    /// One more run.
    pub(super) fn take(&mut self, at: usize, line: &Line) {
        if line.restart {
            *self = Self {
                since: at,
                ..Self::new(self.alpha)
            };
        }
        if Unused::of(line).is_some() {
            return;
        }
        let before = self.accounts.len();
        let bet_on = line.comparisons.iter().filter_map(|pair| Some((pair, pair.counts?)));
        let bet_on: Vec<(&Pair, [Side; 2])> = bet_on.collect();
        for (pair, _) in &bet_on {
            if self.find(pair, line.independent).is_none() {
                self.accounts.extend(Account::open(pair, line.independent));
            }
        }
        let is_judged = |account: &Account| account.of.level == Level::Error;
        let arrivals: Vec<usize> = (before..self.accounts.len())
            .filter(|&account| is_judged(&self.accounts[account]))
            .collect();
        self.purse.admit(&self.logs(|account| &account.bet), arrivals.len());
        self.clearest
            .admit(&self.logs(|account| &account.clearest), arrivals.len());
        self.judged.extend(arrivals);
        for (pair, counts) in bet_on {
            if let Some(account) = self.find(pair, line.independent) {
                self.accounts[account].observe(counts);
            }
        }
        self.runs += 1;
        self.best = self.best.max(self.log_e());
        let clearest = self.clearest.log_held(&self.logs(|account| &account.clearest));
        self.best_clearest = self.best_clearest.max(clearest);
        if self.best >= -self.alpha.ln() {
            self.alarmed_at.get_or_insert(at);
        }
    }

    fn find(&self, pair: &Pair, independent: bool) -> Option<usize> {
        self.accounts
            .iter()
            .position(|account| account.is_of(pair, independent))
    }

    /// The account of a comparison as it now stands.
    pub(super) fn account(&self, pair: &Pair, independent: bool) -> Option<&Account> {
        self.find(pair, independent).map(|account| &self.accounts[account])
    }

    fn logs(&self, bet: impl Fn(&Account) -> &Bet) -> Vec<f64> {
        let judged = self.judged.iter();
        judged.map(|&account| bet(&self.accounts[account]).log_e()).collect()
    }

    fn log_e(&self) -> f64 {
        self.purse.log_held(&self.logs(|account| &account.bet))
    }

    pub(super) fn evidence(&self) -> Evidence {
        let needed = -self.alpha.ln();
        Evidence {
            alpha: self.alpha,
            log_e: self.log_e(),
            p: (-self.best).exp().clamp(f64::MIN_POSITIVE, 1.0),
            since: self.since,
            runs: self.runs,
            comparisons: self.judged.len(),
            alarmed_at: self.alarmed_at,
            gate: match self.alarmed_at {
                Some(_) => Gate::Alarm,
                None if !self.judged.is_empty() && self.best_clearest >= needed => Gate::Quiet,
                None => Gate::NotEnough,
            },
        }
    }
}
