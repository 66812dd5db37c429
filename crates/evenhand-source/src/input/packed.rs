//! This module unpacks what gzip or zstd packed, as it is read: any number of members or frames, in bounded memory.

use std::error::Error;
use std::fmt;
use std::io::{self, BufReader, Read};

use evenhand_measure::Problem;
use flate2::bufread::MultiGzDecoder;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// gzip (RFC 1952), also in blocks as `bgzip` writes it.
    Gzip,
    /// Zstandard (RFC 8878).
    Zstd,
}

/// So many packed bytes are read at a time.
const READ: usize = 256 << 10;

impl Compression {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The program that unpacks it.
    pub(crate) fn unpacker(self) -> &'static str {
        match self {
            Self::Gzip => "gunzip",
            Self::Zstd => "unzstd",
        }
    }

    /// What the first bytes of a file say, whatever its name is.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A frame to be skipped, with which parallel zstd starts its files.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The text in `source`.
    pub(crate) fn unpack<'a>(self, source: impl Read + Send + 'a) -> io::Result<Unpacked<'a>> {
        let source = BufReader::with_capacity(READ, source);
        let decoder: Box<dyn Read + Send + 'a> = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(source)),
            Self::Zstd => Box::new(zstd::Decoder::with_buffer(source)?),
        };
        Ok(Unpacked {
            compression: self,
            decoder,
        })
    }
}

/// The text in a packed file.
pub(crate) struct Unpacked<'a> {
    compression: Compression,
    decoder: Box<dyn Read + Send + 'a>,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.decoder.read(buffer).map_err(|error| {
            // What the operating system says has a number; the rest is about the packed data.
            if error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            io::Error::other(Damage {
                compression: self.compression,
                found: if error.kind() == io::ErrorKind::UnexpectedEof {
                    None
                } else {
                    Some(error.to_string())
                },
            })
        })
    }
}

/// What is wrong with packed data.
#[derive(Debug)]
pub(crate) struct Damage {
    compression: Compression,
    /// Nothing where the data just end.
    found: Option<String>,
}

impl Damage {
    /// The damage behind an error of reading.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// The problem, with the place where it was found.
    pub(crate) fn at(&self, place: &str) -> Problem {
        let name = self.compression.name();
        match &self.found {
            // The memory that reading takes would be anybody's choice.
            Some(found) if found.contains("requires too much memory") => Problem::data(
                format!("{place}: the {name} data ask for more memory than 128 MB to unpack"),
                "pack the file again without `--long` or `--ultra`",
            ),
            Some(_) => Problem::data(
                format!("{place}: {self}"),
                format!("copy or export the file again; `{name} -t` tests a file"),
            ),
            None => Problem::data(
                format!("{place}: {self}"),
                format!("the file is cut short: copy or export it again; `{name} -t` tests a file"),
            ),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.compression.name();
        match &self.found {
            Some(found) => write!(f, "the {name} data are damaged from here on ({found})"),
            None => write!(f, "the {name} data end in the middle"),
        }
    }
}

impl Error for Damage {}
