//! Measures of lists from the side of those who get them.
//!
//! [`Measuring`] says what one list is worth to its user, and how close it is to what the user did before. These values
//! are tallied by groups of users.

mod list;
mod relevance;
mod taste;

pub use self::list::{Entry, History, Known, Measuring, User};
pub use self::relevance::{hit, ndcg, precision, recall, reciprocal_rank};
pub use self::taste::{STECK, distance, divergence, diversity, narrowing};
