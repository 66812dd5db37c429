//! This module opens data pages: where the levels are, where the values are, and how they are coded.

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::Page;

use super::hybrid::Hybrid;
use super::levels::Presence;
use super::trouble::Trouble;

/// A data page that is being read.
#[derive(Debug)]
pub(super) struct DataPage {
    /// Its bytes.
    pub(super) data: Bytes,
    /// How many of its rows were not read yet.
    pub(super) left: usize,
    /// The definition levels, in a column that may have nulls.
    pub(super) levels: Option<Hybrid>,
    /// The values.
    pub(super) values: Values,
}

impl DataPage {
    /// Reads which of the next `rows` rows have a value; gives how many do.
    pub(super) fn read_levels(&mut self, presence: &mut Presence, rows: usize) -> Result<usize, Trouble> {
        match &mut self.levels {
            Some(levels) => presence.read(levels, &self.data, rows)?,
            None => presence.set_all(rows),
        }
        Ok(presence.present())
    }
}

/// The values of a data page.
#[derive(Debug)]
pub(super) enum Values {
    /// Indices into the chunk's dictionary; booleans are indices into `[false, true]`.
    Indices(Hybrid),
    /// PLAIN values from this place on.
    Plain(usize),
}

/// A data page, or why it needs the fallback.
#[derive(Debug)]
pub(super) enum Opened {
    /// A page that this program decodes.
    Ours(DataPage),
    /// A page in an encoding that it does not.
    Foreign,
}

/// Opens a data page of a flat column.
pub(super) fn open(page: Page, nullable: bool, boolean: bool) -> Result<Opened, Trouble> {
    let count = page.num_values() as usize;
    let encoding = page.encoding();
    let (data, levels, start) = match page {
        Page::DataPage {
            buf,
            def_level_encoding,
            ..
        } if nullable => {
            if def_level_encoding != Encoding::RLE {
                return Ok(Opened::Foreign);
            }
            let end = prefixed(&buf, 0)?;
            let levels = Hybrid::new(1, 4, end)?;
            (buf, Some(levels), end)
        }
        Page::DataPage { buf, .. } => (buf, None, 0),
        Page::DataPageV2 {
            buf,
            def_levels_byte_len,
            rep_levels_byte_len,
            num_rows,
            ..
        } => {
            if num_rows as usize != count {
                return Err(Trouble::broken(format!(
                    "a page of {num_rows} rows with {count} values"
                )));
            }
            let start = rep_levels_byte_len as usize;
            let end = start.saturating_add(def_levels_byte_len as usize);
            if end > buf.len() {
                return Err(too_short());
            }
            let levels = if nullable {
                Some(Hybrid::new(1, start, end)?)
            } else {
                None
            };
            (buf, levels, end)
        }
        Page::DictionaryPage { .. } => return Err(Trouble::broken("a dictionary in the middle of a column")),
    };
    let Some(values) = open_values(&data, start, encoding, boolean)? else {
        return Ok(Opened::Foreign);
    };
    Ok(Opened::Ours(DataPage {
        data,
        left: count,
        levels,
        values,
    }))
}

fn open_values(data: &[u8], start: usize, encoding: Encoding, boolean: bool) -> Result<Option<Values>, Trouble> {
    let end = data.len();
    Ok(Some(match (encoding, boolean) {
        (Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY, false) => Values::Indices(match data.get(start) {
            Some(width) => Hybrid::new(*width, start + 1, end)?,
            // A page of nulls may leave the width out.
            None => Hybrid::new(0, end, end)?,
        }),
        (Encoding::PLAIN, true) => Values::Indices(Hybrid::bare_bits(start, end)),
        // A page of nulls may leave the length out.
        (Encoding::RLE, true) if start == end => Values::Indices(Hybrid::new(1, end, end)?),
        (Encoding::RLE, true) => Values::Indices(Hybrid::new(1, start + 4, prefixed(data, start)?)?),
        (Encoding::PLAIN, false) => Values::Plain(start),
        _ => return Ok(None),
    }))
}

/// Where the bytes end whose length is in the four bytes at `start`.
fn prefixed(data: &[u8], start: usize) -> Result<usize, Trouble> {
    let (length, _) = data
        .get(start..)
        .and_then(|rest| rest.split_first_chunk::<4>())
        .ok_or_else(too_short)?;
    let end = usize::try_from(u32::from_le_bytes(*length))
        .ok()
        .and_then(|length| length.checked_add(start + 4));
    end.filter(|end| *end <= data.len()).ok_or_else(too_short)
}

fn too_short() -> Trouble {
    Trouble::broken("a page that ends before its values do")
}
