//! This module is the history of a process: one line for each audit, and what the lines say together.
//!
//! The file is JSON lines, and each line holds the hash of the line before it, so that what was changed or taken out
//! shows. [`History`] reads and continues it; [`course`] computes what is shown: the trend of each comparison, what
//! became of the mix of groups, and an e-process against each bound, which may be looked at after every line.

mod chain;
mod course;
mod drift;
mod evidence;
mod line;
#[cfg(test)]
mod tests;
mod trend;

pub use self::chain::{FIRST, History};
pub use self::course::{Comparison, Course, Point, Run, course};
pub use self::drift::{Drift, Shift};
pub use self::evidence::{Evidence, Gate, Unused};
pub use self::line::{Count, Given, Line, Pair, Side, VERSION};
pub use self::trend::{Monitor, Trend, trend};
