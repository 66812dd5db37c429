//! This module decodes one column chunk, batch by batch, for every slot that uses the column.

use std::hint::black_box;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;

use super::fallback::{Decoded, Fallback};
use super::hybrid::{Piece, SCRATCH, Scratch};
use super::kind::{Kind, kind_of};
use super::levels::Presence;
use super::page::{DataPage, Opened, Values, open};
use super::plain::{Cuts, Layout};
use super::slots::{Dictionary, Slots, Use};
use super::trouble::Trouble;
use super::unpack::Meanings;
use super::window::Window;
use crate::input::File;
use crate::kernel::{Batch, Coder, Unusable};

/// So many rows of a page are passed over at a time.
const STEP: usize = 1 << 16;

/// The column chunk of one row group, being read.
pub(super) struct Chunk<'a> {
    file: Arc<File>,
    metadata: &'a ColumnChunkMetaData,
    rows: usize,
    /// How many rows were read so far.
    done: usize,
    source: Source,
    kind: Kind,
    /// `None` for booleans.
    layout: Option<Layout>,
    nullable: bool,
    dictionary: Dictionary,
    uses: Vec<Use>,
    presence: Presence,
    scratch: Box<Scratch>,
    cuts: Cuts,
    /// Indices as they are, for rows that are decoded only.
    unchanged: (Meanings, Vec<u8>),
}

enum Source {
    Pages {
        pages: Box<SerializedPageReader<Window>>,
        page: Option<DataPage>,
    },
    Fallback {
        reader: Fallback,
        decoded: Decoded,
    },
}

impl<'a> Chunk<'a> {
    /// The chunk that `metadata` describes, of a row group of `rows` rows, for the slots at these places of `batch`.
    pub(super) fn new(
        file: &Arc<File>,
        metadata: &'a ColumnChunkMetaData,
        rows: usize,
        slots: &[usize],
        batch: &Batch,
    ) -> Result<Self, Trouble> {
        let column = metadata.column_descr();
        let (layout, kind) = kind_of(column).map_err(|kind| {
            let reason = format!("its type is {kind}, which cannot be read");
            let name = column.path().parts().first().map_or("", String::as_str);
            Trouble::Unfit(Unusable::new(
                name,
                reason,
                "write the column as text or numbers and try again",
            ))
        })?;
        let uses = slots.iter().map(|slot| Use::new(*slot, batch)).collect();
        let mut chunk = Self {
            file: Arc::clone(file),
            metadata,
            rows,
            done: 0,
            source: Source::Pages {
                pages: Box::new(pages(file, metadata, rows)?),
                page: None,
            },
            kind,
            layout,
            nullable: column.max_def_level() > 0,
            dictionary: Dictionary::default(),
            uses,
            presence: Presence::default(),
            scratch: Box::new(SCRATCH),
            cuts: Cuts::default(),
            unchanged: (Meanings::default(), Vec::new()),
        };
        if layout.is_none() {
            chunk.set_dictionary(Dictionary {
                entries: 2,
                ..Dictionary::default()
            });
        }
        Ok(chunk)
    }

    /// Appends the next `rows` rows to the columns of `batch`.
    pub(super) fn read(&mut self, rows: usize, coders: &mut [Coder], batch: &mut Batch) -> Result<(), Trouble> {
        let mut read = 0;
        while read < rows {
            let more = match self.source {
                Source::Pages { .. } => self.read_page(rows - read, coders, batch),
                Source::Fallback { .. } => self.read_fallback(rows - read, coders, batch),
            };
            let more = more.map_err(|trouble| trouble.later(read))?;
            read += more;
            self.done += more;
        }
        Ok(())
    }

    /// Passes over `rows` rows: whole pages unseen, the others decoded and forgotten.
    pub(super) fn skip(&mut self, rows: usize) -> Result<(), Trouble> {
        let end = self.done + rows;
        while self.done < end {
            let most = end - self.done;
            match &mut self.source {
                Source::Pages { page: Some(page), .. } if page.left > 0 => self.done += self.skip_in_page(most)?,
                Source::Pages { pages, .. } => match pages.peek_next_page()? {
                    Some(next) if next.num_levels.is_some_and(|levels| levels <= most) => {
                        self.done += next.num_levels.unwrap_or(0);
                        pages.skip_next_page()?;
                    }
                    _ => self.open_next()?,
                },
                Source::Fallback { .. } => {
                    self.done = end;
                    self.fall_back()?;
                }
            }
        }
        Ok(())
    }

    /// Decompresses and decodes the next `rows` rows and forgets them: what reading costs at least.
    pub(super) fn discard(&mut self, rows: usize) -> Result<(), Trouble> {
        let end = self.done + rows;
        while self.done < end {
            let most = end - self.done;
            match &mut self.source {
                Source::Pages { page: Some(page), .. } if page.left > 0 => self.done += self.discard_in_page(most)?,
                Source::Pages { .. } => self.open_next()?,
                Source::Fallback { reader, decoded } => {
                    reader.read(most, decoded)?;
                    self.done += black_box(&*decoded).rows;
                    if decoded.rows == 0 {
                        return Err(self.miscounted(self.done));
                    }
                }
            }
        }
        Ok(())
    }

    fn discard_in_page(&mut self, most: usize) -> Result<usize, Trouble> {
        let Source::Pages { page: Some(page), .. } = &mut self.source else {
            return Ok(0);
        };
        let rows = most.min(page.left);
        let count = page.read_levels(&mut self.presence, rows)?;
        match (&mut page.values, self.layout) {
            (Values::Indices(indices), _) => indices.read(&page.data, count, &mut |piece| {
                match piece {
                    Piece::Packed(packed) if packed.width() <= 8 => {
                        let (same, bytes) = &mut self.unchanged;
                        if same.width() != packed.width() {
                            *same = Meanings::new(packed.width(), |value| value as u8);
                        }
                        bytes.clear();
                        packed.meanings(same, bytes);
                        black_box(&bytes);
                    }
                    Piece::Packed(packed) => drop(black_box(packed.words(&mut self.scratch))),
                    Piece::Run(index, rows) => drop(black_box((index, rows))),
                }
                Ok(())
            })?,
            (Values::Plain(at), Some(layout)) => {
                *at = self.cuts.cut(layout, &page.data, *at, count)?;
                black_box(&self.cuts);
            }
            (Values::Plain(_), None) => return Err(Trouble::broken("booleans that are not bits")),
        }
        page.left -= rows;
        Ok(rows)
    }

    /// Checks that no rows are left.
    pub(super) fn finish(mut self) -> Result<(), Trouble> {
        let more = match &mut self.source {
            Source::Pages { page: Some(page), .. } if page.left > 0 => page.left,
            Source::Pages { pages, .. } => {
                let mut more = 0_usize;
                while let Some(page) = pages.peek_next_page()? {
                    if !page.is_dict {
                        // A negative number of values is read as one near 2^64.
                        more = more.saturating_add(page.num_levels.unwrap_or(0));
                    }
                    pages.skip_next_page()?;
                }
                more
            }
            Source::Fallback { reader, decoded } => {
                reader.read(1, decoded)?;
                decoded.rows
            }
        };
        if more == 0 {
            Ok(())
        } else {
            Err(self.miscounted(self.done.saturating_add(more)))
        }
    }

    fn miscounted(&self, found: usize) -> Trouble {
        let (column, rows) = (self.metadata.column_descr().name(), self.rows);
        Trouble::broken(format!(
            "{found} rows in column `{column}` of a row group that should have {rows}"
        ))
    }

    /// Opens the next page.
    fn open_next(&mut self) -> Result<(), Trouble> {
        let Source::Pages { pages, page: current } = &mut self.source else {
            return Ok(());
        };
        *current = None;
        match pages.get_next_page()? {
            None => return Err(self.miscounted(self.done)),
            Some(Page::DictionaryPage {
                buf,
                num_values,
                encoding,
                ..
            }) => {
                let dictionary = self.open_dictionary(buf, num_values as usize, encoding)?;
                self.set_dictionary(dictionary);
            }
            Some(page) => match open(page, self.nullable, self.layout.is_none())? {
                Opened::Foreign => self.fall_back()?,
                Opened::Ours(opened) if opened.left > self.rows - self.done => {
                    return Err(self.miscounted(self.done.saturating_add(opened.left)));
                }
                Opened::Ours(opened) => *current = Some(opened),
            },
        }
        Ok(())
    }

    /// Passes over at most `most` rows of the current page.
    fn skip_in_page(&mut self, most: usize) -> Result<usize, Trouble> {
        let Source::Pages { page: Some(page), .. } = &mut self.source else {
            return Ok(0);
        };
        // In steps, because a page of a few bytes may have 2^31 rows, each with a level.
        let rows = most.min(page.left).min(STEP);
        let count = page.read_levels(&mut self.presence, rows)?;
        match (&mut page.values, self.layout) {
            (Values::Indices(indices), _) => indices.read(&page.data, count, &mut |_| Ok(()))?,
            (Values::Plain(at), Some(layout)) => *at = self.cuts.cut(layout, &page.data, *at, count)?,
            (Values::Plain(_), None) => return Err(Trouble::broken("booleans that are not bits")),
        }
        page.left -= rows;
        Ok(rows)
    }

    /// Reads some rows, at most `most`, from the current page, or opens the next.
    fn read_page(&mut self, most: usize, coders: &mut [Coder], batch: &mut Batch) -> Result<usize, Trouble> {
        let Source::Pages { page: Some(page), .. } = &mut self.source else {
            return self.open_next().map(|()| 0);
        };
        if page.left == 0 {
            return self.open_next().map(|()| 0);
        }
        let rows = most.min(page.left);
        page.read_levels(&mut self.presence, rows)?;
        let mut slots = Slots {
            uses: &mut self.uses,
            presence: &self.presence,
            coders,
            batch,
        };
        match (&mut page.values, self.layout) {
            (Values::Indices(indices), layout) => {
                slots.look_up((indices, &page.data), &self.dictionary, layout, self.kind)?;
            }
            (Values::Plain(at), Some(layout)) => {
                let room = (&mut self.cuts, &mut *self.scratch);
                *at = slots.code_plain((&page.data, *at), (layout, self.kind), room)?;
            }
            (Values::Plain(_), None) => return Err(Trouble::broken("booleans that are not bits")),
        }
        page.left -= rows;
        Ok(rows)
    }

    fn read_fallback(&mut self, most: usize, coders: &mut [Coder], batch: &mut Batch) -> Result<usize, Trouble> {
        let (Source::Fallback { reader, decoded }, Some(layout)) = (&mut self.source, self.layout) else {
            return Err(Trouble::broken("booleans in an encoding that they cannot have"));
        };
        reader.read(most, decoded)?;
        let rows = decoded.rows;
        if rows == 0 {
            return Err(self.miscounted(self.done));
        }
        if self.nullable {
            self.presence.set_levels(&decoded.levels);
        } else {
            self.presence.set_all(rows);
        }
        let mut slots = Slots {
            uses: &mut self.uses,
            presence: &self.presence,
            coders,
            batch,
        };
        let room = (&mut self.cuts, &mut *self.scratch);
        slots.code_plain((&decoded.data, 0), (layout, self.kind), room)?;
        Ok(rows)
    }

    fn open_dictionary(&self, data: Bytes, entries: usize, encoding: Encoding) -> Result<Dictionary, Trouble> {
        let plain = matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY);
        let Some(layout) = self.layout.filter(|_| plain) else {
            return Err(Trouble::broken(format!("a dictionary in the encoding {encoding}")));
        };
        let mut cuts = Cuts::default();
        cuts.cut(layout, &data, 0, entries)?;
        Ok(Dictionary { data, cuts, entries })
    }

    fn set_dictionary(&mut self, dictionary: Dictionary) {
        self.uses.iter_mut().for_each(|user| user.forget(&dictionary));
        self.dictionary = dictionary;
    }

    /// Goes on with the Parquet crate's reader, from the row that is next.
    fn fall_back(&mut self) -> Result<(), Trouble> {
        let pages = Box::new(pages(&self.file, self.metadata, self.rows)?);
        let reader = Fallback::new(self.metadata.column_descr_ptr(), pages, self.done)?;
        self.source = Source::Fallback {
            reader,
            decoded: Decoded::default(),
        };
        Ok(())
    }
}

/// The pages of a column chunk.
pub(super) fn pages(
    file: &Arc<File>,
    metadata: &ColumnChunkMetaData,
    rows: usize,
) -> Result<SerializedPageReader<Window>, Trouble> {
    let (start, length) = metadata.byte_range();
    let window = Window::new(Arc::clone(file), start.saturating_add(length));
    Ok(SerializedPageReader::new(Arc::new(window), metadata, rows, None)?)
}
