//! This module finds the stream of a workbook of Excel 97 to 2003 in its file, which is a small file system of sectors,
//! and checks the chains of sectors that the reader will follow, so that none goes in circles.

use super::book::Trouble;

const END: u32 = 0xFFFF_FFFE;
/// Higher numbers are no sectors.
const RESERVED: u32 = 0xFFFF_FFFA;
const SMALL_STREAM: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// The stream of the workbook, from a file whose chains all end.
pub(super) fn workbook(file: &[u8]) -> Result<Vec<u8>, Trouble> {
    let ole = Ole::read(file)?;
    if ole.entry("EncryptedPackage").is_some() {
        return Err(Trouble::protected());
    }
    let entry = ole.entry("Workbook").or_else(|| ole.entry("Book"));
    let entry = entry.ok_or_else(|| {
        Trouble::new(
            "is an old Office file without a workbook",
            "save the table as \"CSV UTF-8\" or as .xlsx",
        )
    })?;
    ole.stream(entry)
}

struct Ole<'a> {
    file: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    small_table: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'a> Ole<'a> {
    fn read(file: &'a [u8]) -> Result<Self, Trouble> {
        let sector = match u16_at(file, 30)? {
            9 => 512,
            12 => 4096,
            other => return Err(Trouble::broken(format!("its sectors have 2^{other} bytes"))),
        };
        let mut ole = Self {
            file,
            sector,
            table: Vec::new(),
            small_table: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        for id in ole.sectors_of_table()? {
            let numbers = numbers(ole.sector(id)?);
            ole.table.extend(numbers);
        }
        let folder = ole.chained(u32_at(file, 48)?)?;
        ole.entries = folder.chunks_exact(128).filter_map(entry).collect();
        let root = ole.entries.first().map(|root| (root.start, root.size));
        let (start, size) = root.ok_or_else(|| Trouble::broken("it has no folder"))?;
        if u32_at(file, 64)? > 0 {
            ole.small = ole.chained(start)?;
            ole.small.truncate(size);
            ole.small_table = numbers(&ole.chained(u32_at(file, 60)?)?);
        }
        Ok(ole)
    }

    /// The sectors that hold the table of all sectors.
    fn sectors_of_table(&self) -> Result<Vec<u32>, Trouble> {
        let mut ids = numbers(self.file.get(76..512).unwrap_or_default());
        let mut next = u32_at(self.file, 68)?;
        let most = self.file.len() / self.sector + 1;
        for _ in 0..=most {
            if next >= RESERVED {
                ids.retain(|id| *id < RESERVED);
                if ids.len() > most {
                    break;
                }
                return Ok(ids);
            }
            ids.extend(numbers(self.sector(next)?));
            next = ids.pop().unwrap_or(END);
        }
        Err(Trouble::broken("its table of sectors has no end"))
    }

    fn sector(&self, id: u32) -> Result<&'a [u8], Trouble> {
        // The header takes the place of a sector.
        let start = (id as usize).saturating_add(1).saturating_mul(self.sector);
        let end = start.saturating_add(self.sector).min(self.file.len());
        self.file
            .get(start..end)
            .filter(|sector| !sector.is_empty())
            .ok_or_else(|| Trouble::broken(format!("sector {id} lies beyond its end")))
    }

    /// The bytes of a chain of sectors.
    fn chained(&self, start: u32) -> Result<Vec<u8>, Trouble> {
        let mut bytes = Vec::new();
        for id in chain(start, &self.table)? {
            bytes.extend_from_slice(self.sector(id)?);
        }
        Ok(bytes)
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Result<Vec<u8>, Trouble> {
        let mut bytes = if entry.size < SMALL_STREAM {
            let mut bytes = Vec::new();
            for id in chain(entry.start, &self.small_table)? {
                let start = (id as usize).saturating_mul(SMALL_SECTOR);
                let end = start.saturating_add(SMALL_SECTOR).min(self.small.len());
                let sector = self.small.get(start..end).filter(|sector| !sector.is_empty());
                bytes.extend_from_slice(sector.ok_or_else(|| Trouble::broken("a small sector lies beyond its end"))?);
            }
            bytes
        } else {
            self.chained(entry.start)?
        };
        if bytes.len() < entry.size {
            return Err(Trouble::broken("its workbook ends early"));
        }
        bytes.truncate(entry.size);
        Ok(bytes)
    }
}

/// The sectors from `start` on, each of which names the next in `table`.
fn chain(start: u32, table: &[u32]) -> Result<Vec<u32>, Trouble> {
    let mut ids = Vec::new();
    let mut next = start;
    while next != END {
        let after = table.get(next as usize);
        let after = after.ok_or_else(|| Trouble::broken(format!("there is no sector {next}")))?;
        ids.push(next);
        if ids.len() > table.len() {
            return Err(Trouble::broken("a chain of its sectors has no end"));
        }
        next = *after;
    }
    Ok(ids)
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let letters = numbers16(bytes.get(..64)?);
    let name: Vec<u16> = letters.into_iter().take_while(|letter| *letter != 0).collect();
    Some(Entry {
        name: String::from_utf16_lossy(&name),
        start: u32_at(bytes, 116).ok()?,
        size: u32_at(bytes, 120).ok()? as usize,
    })
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (chunks, _) = bytes.as_chunks::<4>();
    chunks.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

fn numbers16(bytes: &[u8]) -> Vec<u16> {
    let (chunks, _) = bytes.as_chunks::<2>();
    chunks.iter().map(|chunk| u16::from_le_bytes(*chunk)).collect()
}

/// The number at this place, lowest byte first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Trouble> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    found
        .map(|found| u16::from_le_bytes(*found))
        .ok_or_else(|| Trouble::broken("it ends early"))
}

/// The number at this place, lowest byte first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, Trouble> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    found
        .map(|found| u32::from_le_bytes(*found))
        .ok_or_else(|| Trouble::broken("it ends early"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_that_go_in_circles_are_refused() {
        assert_eq!(chain(0, &[2, 9, END]).unwrap(), [0, 2]);
        assert!(chain(0, &[1, 0]).is_err());
        assert!(chain(0, &[7]).is_err());
        assert!(chain(END, &[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_too_short_is_refused() {
        for length in [0, 8, 31, 80, 512, 600] {
            let mut file = vec![0xff; length];
            if let Some(shift) = file.get_mut(30..32) {
                shift.copy_from_slice(&[9, 0]);
            }
            assert!(workbook(&file).is_err(), "{length}");
        }
    }
}
