//! This module checks the zip archive in which a workbook's parts are, before anybody makes room for what they claim.

use std::io::{BufReader, Read};

use memchr::{memchr_iter, memmem};
use zip::ZipArchive;

use super::book::Trouble;
use super::xml::{self, Xml};
use crate::input::{File, Input};

/// More parts than any workbook has.
const MOST_PARTS: usize = 20_000;
/// All parts together may have so many bytes once unpacked.
const MOST_UNPACKED: u64 = 2 << 30;
/// What unpacks to more than this many times its size, and to more than the next number of bytes, was made to do harm.
const MOST_RATIO: u64 = 100;
const SMALL: u64 = 64 << 20;
/// The texts that cells share are kept in memory, and so are these parts.
const MOST_SHARED: u64 = 160 << 20;
const MOST_SMALL_PART: u64 = 16 << 20;
/// A tag or a text of XML is kept in memory.
const LONGEST_RUN: usize = 4 << 20;
/// Each of a workbook's formats is kept with all its texts.
const MOST_STYLES: u64 = 256 << 20;

/// The parts of a workbook, whose sizes were checked.
#[derive(Clone, Debug)]
pub(super) struct Package {
    input: Input,
    names: Vec<String>,
    /// How many bytes they have once unpacked.
    pub(super) unpacked: u64,
}

impl Package {
    /// Unpacks every part once, to see how big it is: what an archive claims need not be so.
    pub(super) fn checked(input: &Input, length: u64) -> Result<Self, Trouble> {
        let mut archive = opened(input)?;
        if archive.len() > MOST_PARTS {
            return Err(Trouble::too_much(format!("it has {} parts", archive.len())));
        }
        let mut names = Vec::new();
        let mut unpacked = 0;
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).map_err(packed)?;
            let name = part.name().map_err(packed)?.into_owned();
            let mut check = Check::new(&name);
            let mut buffer = vec![0; 1 << 16];
            loop {
                let read = part.read(&mut buffer).map_err(Trouble::broken)?;
                check.see(buffer.get(..read).unwrap_or_default(), read == 0)?;
                unpacked += read as u64;
                if unpacked > MOST_UNPACKED || (unpacked > SMALL && unpacked / MOST_RATIO > length) {
                    return Err(Trouble::too_much(format!(
                        "it has {} bytes and unpacks to more than {} MB",
                        length,
                        unpacked >> 20
                    )));
                }
                if read == 0 {
                    break;
                }
            }
            names.push(name);
        }
        Ok(Self {
            input: input.clone(),
            names,
            unpacked,
        })
    }

    /// Whether it has this part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|found| is_same(found, name))
    }

    /// Reads a part with `work`; nothing if there is no such part.
    pub(super) fn part<T>(
        &self,
        name: &str,
        work: impl FnOnce(&mut Xml<'_>) -> Result<T, Trouble>,
    ) -> Result<Option<T>, Trouble> {
        let Some(index) = self.names.iter().position(|found| is_same(found, name)) else {
            return Ok(None);
        };
        let mut archive = opened(&self.input)?;
        let part = archive.by_index(index).map_err(packed)?;
        work(&mut xml::reader(part)).map(Some)
    }

    /// The workbook, opened once more.
    pub(super) fn file(&self) -> Result<BufReader<File>, Trouble> {
        Ok(BufReader::new(self.input.stored()?))
    }
}

fn opened(input: &Input) -> Result<ZipArchive<BufReader<File>>, Trouble> {
    ZipArchive::new(BufReader::new(input.stored()?)).map_err(packed)
}

fn packed(error: zip::result::ZipError) -> Trouble {
    let said = error.to_string();
    if said.to_lowercase().contains("password") {
        return Trouble::protected();
    }
    Trouble::broken(said)
}

/// Names in workbooks are the same in either case.
fn is_same(one: &str, other: &str) -> bool {
    one.replace('\\', "/")
        .eq_ignore_ascii_case(other.trim_start_matches('/'))
}

/// What is checked of a part as it is unpacked.
struct Check {
    kind: Part,
    bytes: u64,
    /// How many bytes came since the last tag began, and the most of them.
    run: usize,
    longest: usize,
    /// How often a format may be described.
    formats: u64,
    /// The end of what was seen, where a word may be cut.
    carried: Vec<u8>,
    /// How many shared texts the part claims to have.
    claimed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Shared,
    Styles,
    Small,
    Xml,
    Other,
}

impl Check {
    fn new(name: &str) -> Self {
        let name = name.to_lowercase();
        let is = |ending: &str| name.ends_with(ending);
        let kind = if is("sharedstrings.xml") || is("sharedstrings.bin") {
            Part::Shared
        } else if is("styles.xml") && !is("tablestyles.xml") {
            Part::Styles
        } else if is(".rels") || is("workbook.xml") || is("workbook.bin") || is("theme1.xml") || is("styles.bin") {
            Part::Small
        } else if is(".xml") {
            Part::Xml
        } else {
            Part::Other
        };
        Self {
            kind,
            bytes: 0,
            run: 0,
            longest: 0,
            formats: 0,
            carried: Vec::new(),
            claimed: 0,
        }
    }

    fn see(&mut self, bytes: &[u8], is_end: bool) -> Result<(), Trouble> {
        self.bytes += bytes.len() as u64;
        let most = match self.kind {
            Part::Shared => MOST_SHARED,
            Part::Styles | Part::Small => MOST_SMALL_PART,
            Part::Xml | Part::Other => MOST_UNPACKED,
        };
        if self.bytes > most {
            return Err(Trouble::too_much(format!(
                "a part other than its sheets has more than {} MB",
                most >> 20
            )));
        }
        if self.kind != Part::Other {
            self.see_runs(bytes)?;
        }
        match self.kind {
            Part::Styles => self.see_formats(bytes),
            Part::Shared => self.see_claims(bytes, is_end),
            _ => Ok(()),
        }
    }

    fn see_runs(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut from = 0;
        for tag in memchr_iter(b'<', bytes) {
            self.longest = self.longest.max(self.run + tag - from);
            self.run = 0;
            from = tag;
        }
        self.run += bytes.len() - from;
        self.longest = self.longest.max(self.run);
        if self.longest > LONGEST_RUN {
            return Err(Trouble::too_much("a text in it has more than 4 MB"));
        }
        Ok(())
    }

    fn see_formats(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.formats += memmem::find_iter(bytes, "xf").count() as u64;
        if self.formats * self.longest as u64 > MOST_STYLES {
            return Err(Trouble::too_much("it has far more cell formats than Excel allows"));
        }
        Ok(())
    }

    /// The number of shared texts stands at their start, and room is made for as many.
    fn see_claims(&mut self, bytes: &[u8], is_end: bool) -> Result<(), Trouble> {
        const WORD: &[u8] = b"uniqueCount";
        /// Enough for the word and its number.
        const MOST_CARRIED: usize = 256;
        /// The shortest text with its tags.
        const SHORTEST: u64 = 11;
        self.carried.extend_from_slice(bytes);
        for at in memmem::find_iter(&self.carried, WORD) {
            let after = self.carried.get(at + WORD.len()..).unwrap_or_default();
            let digits = after.iter().copied().skip_while(|byte| !byte.is_ascii_digit());
            let digits = digits.take_while(u8::is_ascii_digit);
            let claimed = digits.fold(0u64, |number, digit| {
                number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
            });
            self.claimed = self.claimed.max(claimed);
        }
        let keep = self.carried.len().saturating_sub(MOST_CARRIED);
        self.carried.drain(..keep);
        if is_end && self.claimed > self.bytes / SHORTEST + 1_000 {
            return Err(Trouble::broken(format!(
                "it claims to have {} texts in {} bytes",
                self.claimed, self.bytes
            )));
        }
        Ok(())
    }
}
