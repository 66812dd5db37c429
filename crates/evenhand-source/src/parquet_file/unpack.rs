//! This module unpacks small integers of a fixed number of bits, eight at a time.

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
