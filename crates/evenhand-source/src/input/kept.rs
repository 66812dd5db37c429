//! This module keeps what comes through a pipe, so that it can be read several times and from several threads.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// So much is kept in memory. More goes to a file that has no name, so that nothing is left of it however the program
/// ends.
const IN_MEMORY: usize = 16 << 20;

/// The bytes that came through a pipe. A copy is the same bytes.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    bytes: Bytes,
    length: u64,
    is_tally: bool,
}

#[derive(Clone, Debug)]
enum Bytes {
    Memory(Arc<[u8]>),
    /// From this offset of the file on.
    File(Arc<fs::File>, u64),
}

impl Kept {
    /// Reads `pipe` to its end.
    pub(super) fn from_pipe(pipe: impl Read) -> io::Result<Self> {
        Self::with_room(pipe, IN_MEMORY)
    }

    fn with_room(mut pipe: impl Read, room: usize) -> io::Result<Self> {
        let mut keeper = Keeper::with_room(room);
        // Reading and writing in turns, so that it is known which of the two failed.
        let mut buffer = vec![0; 1 << 18];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => return Ok(keeper.finish()),
                Ok(read) => keeper.write_all(&buffer[..read])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// A file that is open already, from where it stands, if it is a file: then there is nothing to copy.
    pub(super) fn from_file(mut file: fs::File) -> io::Result<Option<Self>> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        let start = file.stream_position()?;
        let mut kept = Self {
            bytes: Bytes::File(Arc::new(file), start),
            length: metadata.len().saturating_sub(start),
            is_tally: false,
        };
        let mut first = [0; 64];
        let read = kept.read_at(&mut first, 0)?;
        kept.is_tally = is_tally(&first[..read]);
        Ok(Some(kept))
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn starts_as_tally(&self) -> bool {
        self.is_tally
    }

    /// Reads from `offset`, without a position that threads would have to share.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match &self.bytes {
            Bytes::Memory(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
                rest.unwrap_or_default().read(buffer)
            }
            Bytes::File(file, start) => {
                // What is appended to the file meanwhile is no part of the input.
                let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
                let most = buffer.len().min(left);
                read_at(file, &mut buffer[..most], start + offset)
            }
        }
    }
}

/// Keeps what is written to it.
#[derive(Debug)]
pub(crate) struct Keeper {
    room: usize,
    start: Vec<u8>,
    /// Where everything is once it is more than there is room for in memory.
    file: Option<fs::File>,
    length: u64,
}

impl Default for Keeper {
    fn default() -> Self {
        Self::with_room(IN_MEMORY)
    }
}

impl Keeper {
    /// Keeps so much in memory, and more in a file.
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            room,
            start: Vec::new(),
            file: None,
            length: 0,
        }
    }

    /// How much was written.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// What was written.
    pub(crate) fn finish(self) -> Kept {
        Kept {
            is_tally: is_tally(&self.start),
            length: self.length,
            bytes: match self.file {
                None => Bytes::Memory(self.start.into()),
                Some(file) => Bytes::File(Arc::new(file), 0),
            },
        }
    }
}

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.file.is_none() && self.start.len() + bytes.len() > self.room {
            let mut file = tempfile::tempfile().map_err(no_room)?;
            file.write_all(&self.start).map_err(no_room)?;
            // What tells the kind of the data is kept.
            let told = bytes.len().min(64usize.saturating_sub(self.start.len()));
            self.start.extend_from_slice(&bytes[..told]);
            self.start.truncate(64);
            self.start.shrink_to_fit();
            self.file = Some(file);
        }
        match &mut self.file {
            None => self.start.extend_from_slice(bytes),
            Some(file) => file.write_all(bytes).map_err(no_room)?,
        }
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether this is the start of a tally, as it is written here, and not of any other JSON.
fn is_tally(start: &[u8]) -> bool {
    let solid: Vec<u8> = start
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let Some(rest) = solid.strip_prefix(b"{\"version\":") else {
        return false;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest.get(digits..)
        .is_some_and(|rest| rest.starts_with(b",\"records\":"))
}

fn no_room(error: io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    // Of no kind: what is not there or not permitted is the folder, not the input.
    io::Error::other(format!(
        "it has to be kept in the folder for temporary files, `{}` (TMPDIR): {error}",
        folder.display()
    ))
}

#[cfg(unix)]
fn read_at(file: &fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// An input that is open, with a position of its own.
#[derive(Debug)]
pub(crate) enum File {
    /// A file of the operating system.
    Named(fs::File),
    /// What was kept, and the position in it.
    Kept(Kept, u64),
}

impl File {
    /// How many bytes it has.
    pub(crate) fn length(&self) -> io::Result<u64> {
        match self {
            Self::Named(file) => Ok(file.metadata()?.len()),
            Self::Kept(kept, _) => Ok(kept.length),
        }
    }

    /// Appends the `size` bytes from `start` on to `buffer`, or those that there are. Nobody else may use the file
    /// at the same time.
    pub(crate) fn append(&self, start: u64, size: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
        match self {
            // The standard library appends to memory that nobody has to clear first.
            Self::Named(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(start))?;
                file.take(size).read_to_end(buffer)?;
            }
            Self::Kept(kept, _) => {
                Self::Kept(kept.clone(), start).take(size).read_to_end(buffer)?;
            }
        }
        Ok(())
    }
}

impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Named(file) => file.read(buffer),
            Self::Kept(kept, position) => {
                let read = kept.read_at(buffer, *position)?;
                *position += read as u64;
                Ok(read)
            }
        }
    }
}

impl Seek for File {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Named(file) => file.seek(to),
            Self::Kept(kept, position) => {
                let target = match to {
                    SeekFrom::Start(offset) => Some(offset),
                    SeekFrom::End(offset) => kept.length.checked_add_signed(offset),
                    SeekFrom::Current(offset) => position.checked_add_signed(offset),
                };
                *position = target.ok_or(io::ErrorKind::InvalidInput)?;
                Ok(*position)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_file_give_the_same_bytes_at_every_position() {
        let bytes: Vec<u8> = (0..1_000u32).map(|n| (n % 251) as u8).collect();
        for room in [0, 1, 999, 1_000, 5_000] {
            let kept = Kept::with_room(bytes.as_slice(), room).unwrap();
            assert_eq!(kept.length(), 1_000);
            assert_eq!(matches!(kept.bytes, Bytes::Memory(_)), room >= 1_000);
            let mut one = File::Kept(kept.clone(), 0);
            let mut other = File::Kept(kept, 0);
            for from in [0, 7, 999, 1_000, 2_000] {
                one.seek(SeekFrom::Start(from)).unwrap();
                let mut read = Vec::new();
                one.read_to_end(&mut read).unwrap();
                assert_eq!(read, bytes.get(from as usize..).unwrap_or_default());
                let mut appended = vec![9];
                other.append(from, 10, &mut appended).unwrap();
                assert_eq!(appended[1..], read[..read.len().min(10)]);
            }
            assert_eq!(other.seek(SeekFrom::End(-3)).unwrap(), 997);
            assert!(other.seek(SeekFrom::Current(-998)).is_err());
        }
    }

    #[test]
    fn an_open_file_is_read_from_where_it_stands() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"skipped {\"version\": 1, \"records\": 2}").unwrap();
        file.seek(SeekFrom::Start(8)).unwrap();
        let kept = Kept::from_file(file).unwrap().unwrap();
        assert!(kept.starts_as_tally());
        let mut text = String::new();
        File::Kept(kept, 0).read_to_string(&mut text).unwrap();
        assert_eq!(text, "{\"version\": 1, \"records\": 2}");
        for other in [
            "{\"a\":1}",
            "{\"version\":1,\"data\":[]}",
            "{\"version\":\"1\",\"records\":[]}",
            "[1]",
        ] {
            assert!(!is_tally(other.as_bytes()), "{other}");
        }
    }
}
