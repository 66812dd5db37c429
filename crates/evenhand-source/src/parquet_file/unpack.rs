//! This module unpacks small integers of a fixed number of bits, eight at a time: as they are, or turned at once into
//! what a table says they mean.

/// Unpacks `out.len()` values (a multiple of eight) of `width` bits, lowest bits first; bytes past the end are zero.
pub(super) fn unpack(width: u8, source: &[u8], out: &mut [u32]) {
    // One instance per width: shifts and masks are then constants, and the loop over a group is unrolled.
    macro_rules! per_width {
        ($($bits:literal)*) => {
            match width {
                $($bits => groups::<$bits, { $bits + 8 }>(source, out),)*
                _ => out.fill(0),
            }
        };
    }
    per_width!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
}

/// `PADDED` is the width plus eight: a whole word can then be read at the start of any value of a group.
fn groups<const WIDTH: usize, const PADDED: usize>(source: &[u8], out: &mut [u32]) {
    let mut rest = source;
    for group in out.as_chunks_mut::<8>().0 {
        let padded;
        let bytes = match rest.first_chunk::<PADDED>() {
            Some(bytes) => bytes,
            None => {
                let mut last = [0u8; PADDED];
                last[..rest.len()].copy_from_slice(rest);
                padded = last;
                &padded
            }
        };
        for (index, value) in group.iter_mut().enumerate() {
            let mask = (1u64 << WIDTH) - 1;
            let bit = index * WIDTH;
            *value = if WIDTH <= 8 {
                (word(bytes, 0) >> bit & mask) as u32
            } else {
                (word(bytes, bit / 8) >> (bit % 8) & mask) as u32
            };
        }
        rest = rest.get(WIDTH..).unwrap_or_default();
    }
}

#[inline(always)]
fn word<const PADDED: usize>(bytes: &[u8; PADDED], at: usize) -> u64 {
    let b = |offset: usize| bytes[at + offset];
    u64::from_le_bytes([b(0), b(1), b(2), b(3), b(4), b(5), b(6), b(7)])
}

/// What a few packed values of at most eight bits mean: the bytes for as many values as are looked up at once, by the
/// bits of these values. Two bytes of a table are read where one by one each value would be unpacked and looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Meanings {
    width: u8,
    table: Vec<u64>,
}

/// How many values of so many bits are looked up at once, so that tables stay well within the nearest cache.
const fn at_once(width: usize) -> usize {
    match width {
        1 => 8,
        2 => 4,
        3..=5 => 2,
        _ => 1,
    }
}

impl Meanings {
    /// The meanings of values of `width` bits, one by one.
    pub(super) fn new(width: u8, mut meaning: impl FnMut(u32) -> u8) -> Self {
        let few = at_once(usize::from(width));
        let single: Vec<u8> = (0..1u32 << width).map(&mut meaning).collect();
        let table = (0..1usize << (few * usize::from(width)))
            .map(|bits| {
                let one = |number: usize| single[bits >> (number * usize::from(width)) & (single.len() - 1)];
                (0..few).fold(0, |all, number| all | u64::from(one(number)) << (8 * number))
            })
            .collect();
        Self { width, table }
    }

    /// How many bits a value has; 0 before there are any meanings.
    pub(super) fn width(&self) -> u8 {
        self.width
    }

    /// Writes the meanings of `out.len()` values (a multiple of eight); bytes past the end of `source` are zero.
    pub(super) fn of(&self, source: &[u8], out: &mut [u8]) {
        macro_rules! per_width {
            ($($width:literal)*) => {
                match self.width {
                    $($width => meanings::<$width, { at_once($width) }, { 1 << ($width * at_once($width)) }>(
                        source, &self.table, out,
                    ),)*
                    _ => out.fill(0),
                }
            };
        }
        per_width!(1 2 3 4 5 6 7 8);
    }
}

fn meanings<const WIDTH: usize, const FEW: usize, const SIZE: usize>(source: &[u8], table: &[u64], out: &mut [u8]) {
    let Some(table) = table.first_chunk::<SIZE>() else {
        return;
    };
    let (sources, rest) = source.as_chunks::<WIDTH>();
    let (groups, _) = out.as_chunks_mut::<8>();
    for (bytes, group) in sources.iter().zip(groups.iter_mut()) {
        *group = group_of::<WIDTH, FEW, SIZE>(bytes, table);
    }
    for (index, group) in groups.iter_mut().skip(sources.len()).enumerate() {
        let mut last = [0; WIDTH];
        if index == 0 {
            last[..rest.len()].copy_from_slice(rest);
        }
        *group = group_of::<WIDTH, FEW, SIZE>(&last, table);
    }
}

#[inline(always)]
fn group_of<const WIDTH: usize, const FEW: usize, const SIZE: usize>(
    bytes: &[u8; WIDTH],
    table: &[u64; SIZE],
) -> [u8; 8] {
    // Not copied into eight bytes: reading back at once what was written in pieces stalls.
    let word = (0..WIDTH).fold(0, |word, index| word | u64::from(bytes[index]) << (8 * index));
    let mut all = 0;
    for number in (0..8).step_by(FEW) {
        all |= table[(word >> (number * WIDTH)) as usize & (SIZE - 1)] << (8 * number);
    }
    all.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings_are_those_of_the_unpacked_values() {
        let source: Vec<u8> = (0..400u32)
            .map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8)
            .collect();
        for width in 1..=8u8 {
            let meaning = |value: u32| (value as u8).wrapping_mul(37).wrapping_add(11);
            let meanings = Meanings::new(width, meaning);
            assert_eq!(meanings.width(), width);
            for bytes in [0, 1, 7, 399, 400] {
                for values in [0, 8, 392, 400] {
                    let mut words = vec![0; values];
                    unpack(width, &source[..bytes], &mut words);
                    let mut out = vec![0; values];
                    meanings.of(&source[..bytes], &mut out);
                    let expected: Vec<u8> = words.into_iter().map(meaning).collect();
                    assert_eq!(out, expected, "{values} values of {width} bits in {bytes} bytes");
                }
            }
        }
    }
}
