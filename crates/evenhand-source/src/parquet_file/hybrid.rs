//! This module decodes Parquet's run-length and bit-packed hybrid: dictionary indices, levels and booleans.
//!
//! The format is given at <https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE>.

use super::trouble::Trouble;
use super::unpack::{Meanings, unpack};

/// How many values are handed out at a time: as words they stay in the first cache level.
const BLOCK: usize = 1_024;
/// Room for a block, kept by the caller so that it need not be cleared each time.
pub(super) type Scratch = [u32; BLOCK];
/// Fresh room.
pub(super) const SCRATCH: Scratch = [0; BLOCK];
/// How many bytes of equal bits are looked for at a time in one-bit values.
const UNIFORM: usize = 8;

/// What a decoder hands out: values that are all alike, or values one by one.
#[derive(Clone, Copy)]
pub(super) enum Piece<'a> {
    /// The same value several times.
    Run(u32, usize),
    /// Several values, still packed.
    Packed(Packed<'a>),
}

impl Piece<'_> {
    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Run(_, rows) => *rows,
            Self::Packed(packed) => packed.len(),
        }
    }
}

/// At most a block of packed values. The first few of the first group of eight may be values that were handed out
/// before.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a> {
    width: u8,
    bytes: &'a [u8],
    used: usize,
    until: usize,
}

impl Packed<'_> {
    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.until - self.used
    }

    /// How many bits each has.
    pub(super) fn width(&self) -> u8 {
        self.width
    }

    /// The values.
    pub(super) fn words<'a>(&self, scratch: &'a mut Scratch) -> &'a [u32] {
        unpack(self.width, self.bytes, &mut scratch[..self.until.next_multiple_of(8)]);
        &scratch[self.used..self.until]
    }

    /// Appends what the values mean, which have as many bits as those in `meanings`.
    pub(super) fn meanings(&self, meanings: &Meanings, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + self.until.next_multiple_of(8), 0);
        meanings.of(self.bytes, &mut out[start..]);
        if self.used > 0 {
            out.copy_within(start + self.used..start + self.until, start);
        }
        out.truncate(start + self.len());
    }
}

#[derive(Clone, Copy, Debug)]
enum Run {
    Same {
        value: u32,
        left: usize,
    },
    /// `used` values of the group of eight at the current position were handed out already.
    Packed {
        used: usize,
        left: usize,
    },
}

/// A position in a hybrid stream; the bytes are passed to each call, so that the page can own them.
#[derive(Clone, Debug)]
pub(super) struct Hybrid {
    width: u8,
    at: usize,
    end: usize,
    run: Run,
}

impl Hybrid {
    /// A stream of values of `width` bits in bytes `at..end`.
    pub(super) fn new(width: u8, at: usize, end: usize) -> Result<Self, Trouble> {
        if width > 32 {
            return Err(Trouble::broken(format!(
                "values of {width} bits in a dictionary-coded page"
            )));
        }
        Ok(Self {
            width,
            at,
            end,
            run: Run::Same { value: 0, left: 0 },
        })
    }

    /// Bits without any headers, as PLAIN booleans are written.
    pub(super) fn bare_bits(at: usize, end: usize) -> Self {
        Self {
            width: 1,
            at,
            end,
            run: Run::Packed {
                used: 0,
                left: usize::MAX,
            },
        }
    }

    /// Hands exactly `wanted` values to `sink`, in order.
    pub(super) fn read(
        &mut self,
        data: &[u8],
        mut wanted: usize,
        sink: &mut impl FnMut(Piece<'_>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        let data = data.get(..self.end).ok_or_else(too_short)?;
        while wanted > 0 {
            match &mut self.run {
                Run::Same { left: 0, .. } | Run::Packed { left: 0, .. } => self.next_run(data)?,
                Run::Same { value, left } => {
                    let taken = wanted.min(*left);
                    sink(Piece::Run(*value, taken))?;
                    *left -= taken;
                    wanted -= taken;
                }
                Run::Packed { .. } => wanted -= self.read_packed(data, wanted, sink)?,
            }
        }
        Ok(())
    }

    fn next_run(&mut self, data: &[u8]) -> Result<(), Trouble> {
        // A packed run may end inside its last group of eight; what is left of that group is padding.
        if let Run::Packed { used, .. } = self.run
            && used > 0
        {
            self.at = self.at.saturating_add(usize::from(self.width));
        }
        let mut header = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = *data.get(self.at).ok_or_else(too_short)?;
            self.at += 1;
            header |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return self.begin_run(data, header);
            }
        }
        Err(Trouble::broken("a run whose length has more than five bytes"))
    }

    fn begin_run(&mut self, data: &[u8], header: u64) -> Result<(), Trouble> {
        let length = usize::try_from(header >> 1).map_err(|_| too_short())?;
        // No writer makes one, and readers do not agree on what follows it.
        if length == 0 {
            return Err(Trouble::broken("a run of no values"));
        }
        self.run = if header & 1 == 1 {
            Run::Packed {
                used: 0,
                left: length.saturating_mul(8),
            }
        } else {
            let bytes = usize::from(self.width).div_ceil(8);
            let stop = self.at.saturating_add(bytes);
            let value = data.get(self.at..stop).ok_or_else(too_short)?;
            self.at = stop;
            let value = value
                .iter()
                .rev()
                .fold(0u32, |value, byte| value << 8 | u32::from(*byte));
            if u64::from(value) >> self.width != 0 {
                return Err(Trouble::broken(format!(
                    "the value {value} where values have {} bits",
                    self.width
                )));
            }
            Run::Same { value, left: length }
        };
        Ok(())
    }

    fn read_packed(
        &mut self,
        data: &[u8],
        wanted: usize,
        sink: &mut impl FnMut(Piece<'_>) -> Result<(), Trouble>,
    ) -> Result<usize, Trouble> {
        let Run::Packed { used, left } = &mut self.run else {
            return Ok(0);
        };
        let wanted = wanted.min(*left);
        if self.width == 0 {
            *left -= wanted;
            return sink(Piece::Run(0, wanted)).map(|()| wanted);
        }
        let width = usize::from(self.width);
        let source = data.get(self.at..).ok_or_else(too_short)?;
        if width == 1 && *used == 0 && wanted >= 8 * UNIFORM {
            let (bit, bytes) = uniform_bytes(source, wanted / 8);
            if bytes >= UNIFORM {
                self.at += bytes;
                *left -= bytes * 8;
                return sink(Piece::Run(bit, bytes * 8)).map(|()| bytes * 8);
            }
        }
        let taken = wanted.min(BLOCK - *used);
        let until = *used + taken;
        if (until * width).div_ceil(8) > source.len() {
            return Err(too_short());
        }
        sink(Piece::Packed(Packed {
            width: self.width,
            bytes: source,
            used: *used,
            until,
        }))?;
        self.at += until / 8 * width;
        *used = until % 8;
        *left -= taken;
        Ok(taken)
    }
}

/// How many of the first `most` bytes are all ones or all zeros, and which.
fn uniform_bytes(source: &[u8], most: usize) -> (u32, usize) {
    let source = &source[..most.min(source.len())];
    let first = source.first().copied().unwrap_or(1);
    let bit = match first {
        0x00 => 0,
        0xff => 1,
        _ => return (0, 0),
    };
    (
        bit,
        source.iter().position(|byte| *byte != first).unwrap_or(source.len()),
    )
}

fn too_short() -> Trouble {
    Trouble::broken("a page that ends before its values do")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(hybrid: &mut Hybrid, data: &[u8], counts: &[usize]) -> Result<Vec<u32>, Trouble> {
        let mut values = Vec::new();
        let mut scratch = SCRATCH;
        for count in counts {
            hybrid.read(data, *count, &mut |piece| {
                match piece {
                    Piece::Run(value, len) => values.extend(std::iter::repeat_n(value, len)),
                    Piece::Packed(packed) => {
                        let words = packed.words(&mut scratch);
                        assert_eq!(words.len(), packed.len());
                        values.extend_from_slice(words);
                    }
                }
                Ok(())
            })?;
        }
        Ok(values)
    }

    /// Packs values as one bit-packed run, the last group padded with zeros.
    fn packed(width: u8, values: &[u32]) -> Vec<u8> {
        let groups = values.len().div_ceil(8);
        let mut header = (groups as u64) << 1 | 1;
        let mut data = Vec::new();
        while header >= 0x80 {
            data.push(header as u8 | 0x80);
            header >>= 7;
        }
        data.push(header as u8);
        let start = data.len();
        data.resize(start + groups * usize::from(width), 0);
        for (index, value) in values.iter().enumerate() {
            for bit in 0..usize::from(width) {
                let position = index * usize::from(width) + bit;
                data[start + position / 8] |= ((value >> bit & 1) as u8) << (position % 8);
            }
        }
        data
    }

    #[test]
    fn every_width_reads_back_in_any_portions() {
        for width in 0..=32u8 {
            let mask = ((1u64 << width) - 1) as u32;
            let values: Vec<u32> = (0..3_000u32)
                .map(|i| i.wrapping_mul(2_654_435_761).rotate_left(i) & mask)
                .collect();
            let data = packed(width, &values);
            for portions in [vec![3_000], vec![1, 2, 5, 1_000, 1_024, 900, 68], vec![7; 428]] {
                let mut hybrid = Hybrid::new(width, 0, data.len()).unwrap();
                let read = all(&mut hybrid, &data, &portions).unwrap();
                assert_eq!(read, values[..read.len()], "width {width}");
            }
        }
    }

    #[test]
    fn runs_and_packed_groups_alternate() {
        let mut data = vec![20, 3]; // ten threes
        data.extend(packed(2, &[0, 1, 2, 3, 3, 2, 1, 0]));
        data.extend([6, 1]); // three ones
        let expected = [vec![3; 10], vec![0, 1, 2, 3, 3, 2, 1, 0], vec![1; 3]].concat();
        let mut hybrid = Hybrid::new(2, 0, data.len()).unwrap();
        assert_eq!(all(&mut hybrid, &data, &[4, 9, 8]).unwrap(), expected);
        assert!(all(&mut hybrid, &data, &[1]).is_err());
    }

    #[test]
    fn uniform_bits_come_as_runs() {
        let values: Vec<u32> = [vec![1; 1_000], vec![0; 1_000], vec![0, 1, 0, 1]].concat();
        let data = packed(1, &values);
        let mut hybrid = Hybrid::new(1, 0, data.len()).unwrap();
        let mut pieces = 0;
        let mut count = |_: Piece<'_>| {
            pieces += 1;
            Ok(())
        };
        hybrid.read(&data, values.len(), &mut count).unwrap();
        assert!(pieces <= 4, "{pieces}");
        let mut hybrid = Hybrid::new(1, 0, data.len()).unwrap();
        assert_eq!(all(&mut hybrid, &data, &[values.len()]).unwrap(), values);
    }

    #[test]
    fn a_value_wider_than_the_width_is_refused() {
        let mut hybrid = Hybrid::new(1, 0, 2).unwrap();
        assert!(all(&mut hybrid, &[4, 2], &[1]).is_err());
        assert!(Hybrid::new(33, 0, 2).is_err());
    }
}
