//! This module is the exit status: what a script can tell from a run without reading it.

use std::process::ExitCode;

use clap::ValueEnum;
use evenhand::{Fault, Problem, Verdict};

/// How a run ended. `docs/exit-status.md` and the README say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Ran, and passed (or there was nothing to judge in the command itself, such as `list`).
    Passed = 0,
    /// Ran, and failed.
    Failed = 1,
    /// What was asked cannot be.
    Usage = 2,
    /// The input cannot be used.
    Data = 3,
    /// Ran, and the data settle neither; or nothing could be judged.
    Inconclusive = 4,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// What an inconclusive audit counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnInconclusive {
    /// Status 0.
    Pass,
    /// Status 1.
    Fail,
}

impl Status {
    /// The status of a verdict, as the flags map it.
    pub fn of(verdict: Verdict, exit_zero: bool, on_inconclusive: Option<OnInconclusive>) -> Self {
        if exit_zero {
            return Self::Passed;
        }
        match verdict {
            Verdict::Pass => Self::Passed,
            Verdict::Fail => Self::Failed,
            Verdict::Inconclusive => match on_inconclusive {
                Some(OnInconclusive::Pass) => Self::Passed,
                Some(OnInconclusive::Fail) => Self::Failed,
                None => Self::Inconclusive,
            },
            // Nothing tested is never success, whatever inconclusive is taken for.
            Verdict::NotJudged => Self::Inconclusive,
        }
    }

    /// The status of a run that could not be carried out: what was asked comes before what was read.
    pub fn of_problems(problems: &[Problem]) -> Self {
        if problems.iter().any(|problem| problem.fault == Fault::Usage) {
            Self::Usage
        } else {
            Self::Data
        }
    }
}
