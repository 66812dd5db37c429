//! `evenhand-source` reads files into a [`Tally`](evenhand_measure::Tally): the rows stay behind.
//!
//! [`Inputs`] finds files and says of each how it is to be read: its [`Reading`]. UTF-8 text, Parquet and SQLite are read
//! as they are; every other format is written down once as plain text, which is then read like any other.
//!
//! A [`Plan`] says which columns to read for a policy. Readers (text, Parquet and SQLite here, data frames elsewhere)
//! turn values into small codes with a [`Coder`] per column and give them, a [`Batch`] at a time, to a
//! [`Counter`]. What the threads counted merges into the same bytes in any order.
//!
//! Before roles are known, [`profile()`] looks at the first records of a file, [`guess()`] proposes roles, and
//! [`questions()`] says what only a person can answer.

mod aliases;
mod alike;
mod archive;
mod arrow_file;
pub mod canonical;
mod constants;
mod controls;
mod csv_file;
#[cfg(test)]
mod decimal_tests;
#[cfg(test)]
mod dressed;
mod explode;
mod growth;
mod guess;
mod input;
mod join;
mod json_file;
mod kernel;
mod lists;
mod median;
mod naming;
mod order;
mod parquet_file;
mod plan;
mod profile;
mod quantiles;
mod questions;
mod rates;
mod reading;
mod records;
mod saved;
mod spellings;
mod sqlite;
mod tally;
mod totals;
#[cfg(feature = "excel")]
mod workbook;
#[cfg(not(feature = "excel"))]
#[path = "workbook/absent.rs"]
mod workbook;

pub use self::alike::{Alike, Strength, alike};
pub use self::controls::read_again;
pub use self::guess::{Confidence, Guess, guess, missing_beside_yes_and_no, quoted as shell_word};
pub use self::input::{Compression, Input, Inputs, LeftOut, Partition};
pub use self::kernel::{
    Batch, Coded, Coder, Codes, Column, Counter, NO_ID, NO_NUMBER, NOT_A_NUMBER, Partial, Sieve, Unusable,
};
#[doc(hidden)]
pub use self::parquet_file::decode_only;
pub use self::plan::{Explain, IdUse, NumberUse, Plan, Purpose, Slot, Texts};
pub use self::profile::{ColumnProfile, MOST_DISTINCT, MOST_RECORDS, Numbers, Profile, Suspicion, profile};
pub use self::questions::{Question, cautions, questions};
pub use self::reading::{Format, Reading};
pub use self::spellings::{Spellings, spellings};
pub use self::tally::{Progress, finish, tally};
