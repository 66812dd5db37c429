//! This module writes small Parquet files by hand, so that every number in them can be made to lie.
//!
//! The structures and their field numbers are those of
//! <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>.

/// Physical types.
pub const INT64: i32 = 2;
pub const BYTE_ARRAY: i32 = 6;
/// Encodings.
pub const PLAIN: i32 = 0;
pub const RLE: i32 = 3;
pub const DELTA_BYTE_ARRAY: i32 = 7;
pub const RLE_DICTIONARY: i32 = 8;
/// Kinds of pages.
const DATA: i32 = 0;
const DICTIONARY: i32 = 2;
const DATA_V2: i32 = 3;

/// A file.
#[derive(Clone, Debug)]
pub struct Crafted {
    /// How many rows the footer says there are.
    pub rows: i64,
    /// The row groups.
    pub groups: Vec<Group>,
    /// What the footer says that the schema's root has.
    pub children: i32,
    /// The first four bytes and the last four.
    pub magic: [[u8; 4]; 2],
}

/// A row group.
#[derive(Clone, Debug)]
pub struct Group {
    /// How many rows it says it has.
    pub rows: i64,
    /// Its column chunks; every group has the same columns.
    pub chunks: Vec<Chunk>,
}

/// A column chunk.
#[derive(Clone, Debug)]
pub struct Chunk {
    pub name: String,
    pub physical: i32,
    pub nullable: bool,
    pub codec: i32,
    /// How many values the footer says it has.
    pub values: i64,
    /// Added to the offsets and sizes that the footer states.
    pub shift: i64,
    pub stretch: i64,
    pub statistics: Option<Statistics>,
    pub pages: Vec<Page>,
}

/// What a chunk or page says about its values.
#[derive(Clone, Debug)]
pub struct Statistics {
    pub least: Vec<u8>,
    pub most: Vec<u8>,
    pub nulls: i64,
    pub distinct: i64,
}

/// A page. Sizes are those of the body unless they are given.
#[derive(Clone, Debug)]
pub struct Page {
    pub kind: i32,
    pub values: i32,
    pub encoding: i32,
    pub large: Option<i32>,
    pub small: Option<i32>,
    pub crc: Option<i32>,
    /// Rows, nulls and the length of the levels, of a page of the second version.
    pub second: [i32; 3],
    pub statistics: Option<Statistics>,
    pub body: Vec<u8>,
}

impl Page {
    /// A dictionary of these texts.
    pub fn dictionary(texts: &[&str]) -> Self {
        Self::new(DICTIONARY, texts.len() as i32, PLAIN, plain(texts))
    }

    /// A data page of the first version.
    pub fn data(values: i32, encoding: i32, body: Vec<u8>) -> Self {
        Self::new(DATA, values, encoding, body)
    }

    /// A data page of the second version, whose levels are the first `levels` bytes.
    pub fn second(values: i32, encoding: i32, levels: i32, body: Vec<u8>) -> Self {
        Self {
            second: [values, 0, levels],
            ..Self::new(DATA_V2, values, encoding, body)
        }
    }

    fn new(kind: i32, values: i32, encoding: i32, body: Vec<u8>) -> Self {
        Self {
            kind,
            values,
            encoding,
            large: None,
            small: None,
            crc: None,
            second: [0; 3],
            statistics: None,
            body,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let size = self.body.len() as i32;
        let mut thrift = Thrift::new();
        thrift.int(1, 5, i64::from(self.kind));
        thrift.int(2, 5, i64::from(self.large.unwrap_or(size)));
        thrift.int(3, 5, i64::from(self.small.unwrap_or(size)));
        if let Some(crc) = self.crc {
            thrift.int(4, 5, i64::from(crc));
        }
        match self.kind {
            DICTIONARY => {
                thrift.open(7);
                thrift.int(1, 5, i64::from(self.values));
                thrift.int(2, 5, i64::from(self.encoding));
            }
            DATA_V2 => {
                let [rows, nulls, levels] = self.second;
                thrift.open(8);
                for (id, value) in [
                    (1, self.values),
                    (2, nulls),
                    (3, rows),
                    (4, self.encoding),
                    (5, levels),
                    (6, 0),
                ] {
                    thrift.int(id, 5, i64::from(value));
                }
                self.statistics.iter().for_each(|said| said.write(&mut thrift, 8));
            }
            _ => {
                thrift.open(5);
                for (id, value) in [(1, self.values), (2, self.encoding), (3, RLE), (4, RLE)] {
                    thrift.int(id, 5, i64::from(value));
                }
                self.statistics.iter().for_each(|said| said.write(&mut thrift, 5));
            }
        }
        thrift.close();
        out.extend_from_slice(&thrift.finish());
        out.extend_from_slice(&self.body);
    }
}

impl Statistics {
    fn write(&self, thrift: &mut Thrift, id: i64) {
        thrift.open(id);
        thrift.bytes(1, &self.most);
        thrift.bytes(2, &self.least);
        thrift.int(3, 6, self.nulls);
        thrift.int(4, 6, self.distinct);
        thrift.bytes(5, &self.most);
        thrift.bytes(6, &self.least);
        thrift.close();
    }
}

impl Crafted {
    /// Sixteen rows: `sex` with a dictionary, runs and two nulls, `hired` plain, and `n`, whole numbers.
    pub fn honest() -> Self {
        // Levels: seven ones, two zeros, seven ones. Indices: 0 0 0 0 0 0 0 1 1 1 1 1 1 1, in two runs of seven.
        let levels = [14, 1, 4, 0, 14, 1];
        let indices = [1, 14, 0, 14, 1];
        let sex = Chunk::new(
            "sex",
            BYTE_ARRAY,
            true,
            vec![
                Page::dictionary(&["Female", "Male"]),
                Page::data(16, RLE_DICTIONARY, [prefixed(&levels), indices.to_vec()].concat()),
            ],
        );
        let hired = plain(&["yes", "no"].repeat(8));
        let hired = Chunk::new("hired", BYTE_ARRAY, false, vec![Page::data(16, PLAIN, hired)]);
        let ones: Vec<u8> = [1i64; 16].iter().flat_map(|n| n.to_le_bytes()).collect();
        let n = Chunk::new("n", INT64, false, vec![Page::second(16, PLAIN, 0, ones)]);
        Self::of(16, vec![sex, hired, n])
    }

    /// Many rows in few bytes: `sex` and `hired` in long runs, a third of the first missing.
    pub fn long(rows: u32) -> Self {
        let run = |length: u32, value: u8| [varint(u64::from(length) << 1), vec![value]].concat();
        let (third, most) = (rows / 3, rows - rows / 3);
        let levels = [run(most, 1), run(third, 0)].concat();
        let sex = [prefixed(&levels), vec![1], run(most, 1)].concat();
        let hired = [vec![1], run(third, 0), run(most, 1)].concat();
        let texts = Page::dictionary(&["yes", "no"]);
        let rows = rows as i32;
        let sex = vec![texts.clone(), Page::data(rows, RLE_DICTIONARY, sex)];
        let hired = vec![texts, Page::data(rows, RLE_DICTIONARY, hired)];
        let chunks = vec![
            Chunk::new("sex", BYTE_ARRAY, true, sex),
            Chunk::new("hired", BYTE_ARRAY, false, hired),
        ];
        Self::of(i64::from(rows), chunks)
    }

    /// A file with one row group.
    pub fn of(rows: i64, mut chunks: Vec<Chunk>) -> Self {
        chunks.iter_mut().for_each(|chunk| chunk.values = rows);
        Self {
            rows,
            children: chunks.len() as i32,
            groups: vec![Group { rows, chunks }],
            magic: [*b"PAR1"; 2],
        }
    }

    /// The chunk of the first row group with this name.
    pub fn chunk(&mut self, name: &str) -> &mut Chunk {
        let chunks = &mut self.groups[0].chunks;
        chunks.iter_mut().find(|chunk| chunk.name == name).unwrap()
    }

    /// The file with a change.
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.magic[0].to_vec();
        let footer = self.footer(&mut out);
        out.extend_from_slice(&footer);
        out.extend_from_slice(&(footer.len() as u32).to_le_bytes());
        out.extend_from_slice(&self.magic[1]);
        out
    }

    /// Writes the pages and gives the footer that describes them.
    fn footer(&self, out: &mut Vec<u8>) -> Vec<u8> {
        let mut thrift = Thrift::new();
        thrift.int(1, 5, 1);
        let columns = self.groups.first().map_or([].as_slice(), |group| &group.chunks);
        thrift.list(2, 12, columns.len() + 1);
        thrift.open_element();
        thrift.bytes(4, b"rows");
        thrift.int(5, 5, i64::from(self.children));
        thrift.close();
        for chunk in columns {
            thrift.open_element();
            thrift.int(1, 5, i64::from(chunk.physical));
            thrift.int(3, 5, i64::from(chunk.nullable));
            thrift.bytes(4, chunk.name.as_bytes());
            if chunk.physical == BYTE_ARRAY {
                thrift.int(6, 5, 0);
            }
            thrift.close();
        }
        thrift.int(3, 6, self.rows);
        thrift.list(4, 12, self.groups.len());
        for group in &self.groups {
            thrift.open_element();
            thrift.list(1, 12, group.chunks.len());
            group.chunks.iter().for_each(|chunk| chunk.write(out, &mut thrift));
            thrift.int(2, 6, out.len() as i64);
            thrift.int(3, 6, group.rows);
            thrift.close();
        }
        thrift.finish()
    }
}

impl Chunk {
    /// An uncompressed chunk of these pages.
    pub fn new(name: &str, physical: i32, nullable: bool, pages: Vec<Page>) -> Self {
        Self {
            name: name.to_owned(),
            physical,
            nullable,
            codec: 0,
            values: 0,
            shift: 0,
            stretch: 0,
            statistics: None,
            pages,
        }
    }

    fn write(&self, out: &mut Vec<u8>, thrift: &mut Thrift) {
        let start = out.len() as i64;
        let mut data = start;
        for page in &self.pages {
            if page.kind == DICTIONARY && data == start {
                page.write(out);
                data = out.len() as i64;
            } else {
                page.write(out);
            }
        }
        let size = out.len() as i64 - start;
        thrift.open_element();
        thrift.int(2, 6, 0);
        thrift.open(3);
        thrift.int(1, 5, i64::from(self.physical));
        thrift.list(2, 5, 1);
        thrift.varint(0);
        thrift.list(3, 8, 1);
        thrift.varint(self.name.len() as u64);
        thrift.out.extend_from_slice(self.name.as_bytes());
        thrift.int(4, 5, i64::from(self.codec));
        thrift.int(5, 6, self.values);
        thrift.int(6, 6, size.wrapping_add(self.stretch));
        thrift.int(7, 6, size.wrapping_add(self.stretch));
        thrift.int(9, 6, data.wrapping_add(self.shift));
        if data > start {
            thrift.int(11, 6, start.wrapping_add(self.shift));
        }
        self.statistics.iter().for_each(|said| said.write(thrift, 12));
        thrift.close();
        thrift.close();
    }
}

/// Texts as PLAIN data.
pub fn plain(texts: &[&str]) -> Vec<u8> {
    texts.iter().flat_map(|text| prefixed(text.as_bytes())).collect()
}

/// Bytes after their length.
pub fn prefixed(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_le_bytes(), bytes].concat()
}

/// A number in groups of seven bits, as runs and deltas have it.
pub fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Writes Thrift's compact protocol.
struct Thrift {
    out: Vec<u8>,
    /// The number of the last field, of each structure that is open.
    last: Vec<i64>,
}

impl Thrift {
    fn new() -> Self {
        Self {
            out: Vec::new(),
            last: vec![0],
        }
    }

    fn field(&mut self, id: i64, kind: u8) {
        let last = self.last.last_mut().unwrap();
        self.out.push((id - *last) as u8 * 16 + kind);
        *last = id;
    }

    fn varint(&mut self, value: u64) {
        self.out.extend_from_slice(&varint(value));
    }

    fn int(&mut self, id: i64, kind: u8, value: i64) {
        self.field(id, kind);
        self.varint((value << 1 ^ value >> 63) as u64);
    }

    fn bytes(&mut self, id: i64, bytes: &[u8]) {
        self.field(id, 8);
        self.varint(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn list(&mut self, id: i64, kind: u8, length: usize) {
        self.field(id, 9);
        if length < 15 {
            self.out.push((length as u8) << 4 | kind);
        } else {
            self.out.push(0xf0 | kind);
            self.varint(length as u64);
        }
    }

    fn open(&mut self, id: i64) {
        self.field(id, 12);
        self.open_element();
    }

    fn open_element(&mut self) {
        self.last.push(0);
    }

    fn close(&mut self) {
        self.out.push(0);
        self.last.pop();
    }

    fn finish(mut self) -> Vec<u8> {
        self.close();
        self.out
    }
}
