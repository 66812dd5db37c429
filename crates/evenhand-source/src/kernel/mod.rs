//! This module is the counting kernel: values become small codes, codes become one index, the index bumps a
//! counter.
//!
//! A reader has, per thread, one [`Coder`] per slot of the [`Plan`](crate::Plan), one [`Batch`] and one
//! [`Counter`]. It codes values into the batch, gives the batch to the counter, and at the end makes a
//! [`Partial`] of counter and coders. Partials of threads and files merge in any order to the same bytes.

mod batch;
mod coder;
mod codes;
mod controls;
mod counter;
mod limits;
pub(crate) mod number;
mod numbers;
mod partial;
mod sieve;
mod store;
mod unusable;
mod weighed;

pub use self::batch::{Batch, Column};
pub(crate) use self::coder::WORD;
pub use self::coder::{Coded, Coder, NO_ID, NO_NUMBER, NOT_A_NUMBER};
pub use self::codes::Codes;
pub use self::counter::Counter;
pub(crate) use self::limits::{check_numbers, quartile_edges};
pub(crate) use self::number::{Number, parse as parse_number};
pub use self::partial::Partial;
pub use self::sieve::Sieve;
pub(crate) use self::sieve::from_rank_bits;
pub use self::unusable::Unusable;
pub(crate) use self::unusable::shown;
