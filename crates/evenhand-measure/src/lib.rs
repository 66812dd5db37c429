//! `evenhand-measure` is the pure half of evenhand: from a row-free [`tally`] to an [`Audit`].
//!
//! Data flows one way: tally, measures, verdict. Nothing here reads a file or a clock, and random numbers are seeded: the
//! same tally and policy give the same bytes.

pub mod amounts;
pub mod attention;
pub mod audit;
pub mod catalogue;
mod confusion;
mod day;
mod exact_sum;
pub mod gate;
pub mod history;
pub mod inference;
pub mod lists;
mod long_sum;
pub mod policy;
pub mod positive;
mod problem;
pub mod regression;
pub mod scores;
pub mod tally;

pub use self::audit::audit;
pub use self::audit::model::Audit;
pub use self::confusion::{Confusion, Event, Mass, Needs};
pub use self::day::Day;
pub use self::exact_sum::{ExactSum, LARGEST, SMALLEST};
pub use self::long_sum::{Digits, LongSum};
pub use self::policy::Policy;
pub use self::problem::{Fault, Problem, listed, thousands};
pub use self::tally::Tally;
