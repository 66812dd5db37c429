//! What legitimate reasons leave of a gap in amounts: a regression of the amount on groups and controls, from sums of
//! products alone, and decompositions of the gap.
//!
//! The equation is ordinary least squares, `amount ~ 1 + controls + groups`, over the rows that have everything it
//! needs. It follows from a [`Controls`](crate::tally::Controls) tally, which holds no rows: so it can be set up again
//! for other groups, or with one control left out. Numbers are centred exactly before they are rounded, so that large
//! means cost no digits.
//!
//! ```
//! use evenhand_measure::regression::{Rows, Row, without_rows};
//! use evenhand_measure::tally::Level;
//! // Price by zip code, with what the goods cost. The dearer zip code pays 2 more for the same goods.
//! let rows: Vec<Row> = [("A", 20.0, 10.0), ("A", 22.0, 12.0), ("A", 25.0, 14.5), ("B", 23.0, 11.0), ("B", 27.5, 15.5)]
//!     .into_iter()
//!     .map(|(zip, price, cost)| Row::new(&[("zip", zip)], price).with_number("cost", cost))
//!     .collect();
//! let controls = without_rows("price", false, &rows)?;
//! let sample = Rows::of(&controls, &["zip"]).ok_or("no such attribute")?;
//! let equation = sample.explain()?;
//! let (b, a) = (sample.group(&[Level::of("B")]), sample.group(&[Level::of("A")]));
//! let gap = equation.gap(b.ok_or("B")?, a.ok_or("A")?)?;
//! assert!((gap - 1.771).abs() < 1e-3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cholesky;
mod decomposition;
mod equation;
mod errors;
mod kitagawa;
mod proxies;
mod rows;
mod second_pass;
mod sum_up;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use self::decomposition::{Part, Parts, ThreeFold, decompose, three_fold};
pub use self::equation::{Dropped, Equation, MOST_TERMS, Term};
pub use self::errors::{Errors, Kind, Uncertain};
pub use self::kitagawa::{Kitagawa, Mean, kitagawa};
pub use self::proxies::{Likeness, Proxy, proxies};
pub use self::rows::Rows;
pub use self::second_pass::{Group, SecondPass};
pub use self::sum_up::{Row, without_rows};
