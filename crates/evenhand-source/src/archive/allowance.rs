//! This module is how much an archive may unpack to.

use std::io::{self, Read, Write as _};

use evenhand_measure::Problem;

use crate::input::{Damage, Input, Keeper, Kept, unreadable};

/// Every archive may unpack to so much: a second of work, and room that any disk has.
const FREE: u64 = 256 << 20;

/// Beyond, it may be so many times as large as it is packed. Tables get twenty times as small, and very even ones a hundred
/// times; a bomb a thousand times.
const MOST_TIMES: u64 = 100;

/// Nobody mails a table of more, and disks have an end.
const MOST: u64 = 64 << 30;

/// So much of an archive is kept in memory; the rest is kept in files.
const IN_MEMORY: usize = 16 << 20;

/// How much more may be unpacked.
#[derive(Debug)]
pub(super) struct Allowance {
    left: u64,
    in_memory: usize,
}

/// Why unpacking stopped.
#[derive(Debug)]
pub(super) enum Stop {
    TooLarge,
    /// What was found.
    Damaged(String),
    Unreadable(io::Error),
    NoRoom(io::Error),
}

impl Allowance {
    /// That of an archive of so many bytes.
    pub(super) fn of(packed: u64) -> Self {
        Self {
            left: FREE.max(packed.saturating_mul(MOST_TIMES)).min(MOST),
            in_memory: IN_MEMORY,
        }
    }

    /// Whether so much more may be unpacked.
    pub(super) fn suffices(&self, size: u64) -> bool {
        size <= self.left
    }

    /// Keeps what comes out of `source`.
    pub(super) fn keep(&mut self, source: &mut dyn Read) -> Result<Kept, Stop> {
        let mut keeper = Keeper::with_room(self.in_memory);
        let mut buffer = vec![0; 1 << 18];
        loop {
            let read = match source.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) if Damage::of(&error).is_some() || error.raw_os_error().is_some() => {
                    return Err(Stop::Unreadable(error));
                }
                Err(error) => return Err(Stop::Damaged(error.to_string())),
            };
            self.left = self.left.checked_sub(read as u64).ok_or(Stop::TooLarge)?;
            keeper
                .write_all(buffer.get(..read).unwrap_or_default())
                .map_err(Stop::NoRoom)?;
        }
        if keeper.length() <= self.in_memory as u64 {
            self.in_memory -= keeper.length() as usize;
        }
        Ok(keeper.finish())
    }
}

impl Stop {
    /// The problem of the archive called `name`.
    pub(super) fn problem(self, name: &str, input: &Input) -> Problem {
        match self {
            Self::TooLarge => Problem::data(
                format!(
                    "{name} unpacks to more than {} MB and to over {MOST_TIMES} times its size, or to more than {} GB",
                    FREE >> 20,
                    MOST >> 30
                ),
                "if you trust it, unpack it first and name the file",
            ),
            Self::Damaged(found) => Problem::data(format!("{name} is damaged: {found}"), "copy or export it again"),
            Self::NoRoom(error) => Problem::data(
                format!("{name} cannot be unpacked: {error}"),
                "make room there, or name another folder in TMPDIR",
            ),
            Self::Unreadable(error) => unreadable(input.path(), &error),
        }
    }
}
