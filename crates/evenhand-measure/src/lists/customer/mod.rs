//! Measures of lists from the side of those who get them.
//!
//! [`Measuring`] says what one list is worth to its user, and how close it is to what the user did before. These values
//! are tallied by groups of users. The other functions compare groups: [`spread`] and [`mean_gap`] sum up the means of
//! several, [`lift`] and [`disparity`] hold what a group is shown against what it chose before, [`total_variation`]
//! says how far apart what two groups are shown is, and [`Reach`] how much of a group's attention a group of items gets.

mod between;
mod list;
mod relevance;
mod taste;
#[cfg(test)]
mod tests;

pub use self::between::{Reach, disparity, lift, mean_gap, spread, total_variation};
pub use self::list::{CUT, Entry, History, Known, LIFT_HISTORY, LIFT_LIST, Measuring, RECALL, Relevance, User};
pub use self::relevance::{hit, ndcg, precision, recall, reciprocal_rank};
pub use self::taste::{STECK, distance, divergence, diversity, narrowing};
