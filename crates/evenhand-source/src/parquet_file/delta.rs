//! This module looks at what delta-encoded pages claim before the Parquet crate makes room for it.
//!
//! Lengths of texts are stored as DELTA_BINARY_PACKED sections ("Encodings" of the Parquet format), each with the number
//! of its values in front. The crate believes that number.

use parquet::basic::Encoding;

/// Whether a section of the values, which start at `start` of a page of `values` values, claims to have more of them.
pub(super) fn claims_too_much(data: &[u8], start: usize, encoding: Encoding, values: u64) -> bool {
    let sections = match encoding {
        Encoding::DELTA_BINARY_PACKED | Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
        // The lengths of the parts that repeat, then those of the rest.
        Encoding::DELTA_BYTE_ARRAY => 2,
        _ => return false,
    };
    let mut section = Walker { data, at: start };
    for number in 0..sections {
        match section.pass() {
            Some(count) if count <= values => {}
            Some(_) => return true,
            // Nobody can find what comes behind; of the last one, the crate says itself that it ends early.
            None => return number + 1 < sections || section.count().is_some_and(|count| count > values),
        }
    }
    false
}

/// How many bytes the texts repeat of the ones before them, in DELTA_BYTE_ARRAY values that start at `start`; nothing
/// where that makes no sense.
pub(super) fn repeated_bytes(data: &[u8], start: usize) -> Option<u64> {
    let mut section = Walker { data, at: start };
    let (block, parts, count) = (section.number()?, section.number()?, section.number()?);
    let mut length = signed(section.number()?);
    let part = block.checked_div(parts)?;
    let mut total = if count > 0 { u64::try_from(length).ok()? } else { 0 };
    let mut left = count.saturating_sub(1);
    while left > 0 {
        let least = signed(section.number()?);
        for width in section.bytes(parts)? {
            if left == 0 {
                break;
            }
            let packed = section.bytes(part.checked_mul(u64::from(*width))?.div_ceil(8))?;
            for number in 0..part.min(left) {
                let delta = least.wrapping_add(bits(packed, number, *width)?.cast_signed());
                length = length.checked_add(delta)?;
                total = total.checked_add(u64::try_from(length).ok()?)?;
            }
            left = left.saturating_sub(part.max(1));
        }
    }
    Some(total)
}

/// Signs are in the lowest bit.
fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// The number at this place of numbers of so many bits, lowest bits first.
fn bits(packed: &[u8], place: u64, width: u8) -> Option<u64> {
    let first = place.checked_mul(u64::from(width))?;
    let mut number = 0;
    for bit in 0..u64::from(width) {
        let at = first.checked_add(bit)?;
        let byte = packed.get(usize::try_from(at / 8).ok()?)?;
        number |= u64::from(byte >> (at % 8) & 1).checked_shl(u32::try_from(bit).ok()?)?;
    }
    Some(number)
}

#[derive(Clone, Copy)]
struct Walker<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Walker<'a> {
    /// The number of values that the section here claims.
    fn count(mut self) -> Option<u64> {
        let _ = (self.number()?, self.number()?);
        self.number()
    }

    /// Passes over a section; gives the number of its values. On failure it stays where it was.
    fn pass(&mut self) -> Option<u64> {
        let mut walker = *self;
        let (block, parts, count) = (walker.number()?, walker.number()?, walker.number()?);
        let _first = walker.number()?;
        let part = block.checked_div(parts)?;
        let mut left = count.saturating_sub(1);
        while left > 0 {
            let _least = walker.number()?;
            let widths = walker.bytes(parts)?;
            for width in widths {
                if left == 0 {
                    break;
                }
                walker.bytes(part.checked_mul(u64::from(*width))?.div_ceil(8))?;
                left = left.saturating_sub(part.max(1));
            }
        }
        *self = walker;
        Some(count)
    }

    /// A number of seven bits a byte, lowest first.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for place in 0..10 {
            let byte = *self.data.get(self.at)?;
            self.at += 1;
            number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self, count: u64) -> Option<&'a [u8]> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        let bytes = self.data.get(self.at..end)?;
        self.at = end;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A section of `count` values in blocks of 128 in four parts, all of `width` bits.
    fn section(count: u8, width: u8, padding: usize) -> Vec<u8> {
        let mut bytes = vec![0x80, 1, 4, count, 0];
        if count > 1 {
            bytes.extend([0, width, 99, 99, 99]);
            bytes.resize(bytes.len() + 4 * usize::from(width) * padding, 0);
        }
        bytes
    }

    #[test]
    fn claims_are_held_against_the_page() {
        let lengths = Encoding::DELTA_LENGTH_BYTE_ARRAY;
        let honest = section(20, 3, 1);
        assert!(!claims_too_much(&honest, 0, lengths, 20));
        assert!(claims_too_much(&honest, 0, lengths, 19));
        assert!(!claims_too_much(&section(1, 0, 0), 0, lengths, 1));
        assert!(!claims_too_much(b"", 0, lengths, 0));
        assert!(!claims_too_much(&honest, 0, Encoding::PLAIN, 1));
        // Cut short, but the claim is there.
        assert!(claims_too_much(&section(20, 3, 0), 0, lengths, 19));
        // The second section.
        let both = |second| [b"xx".to_vec(), section(20, 3, 1), section(second, 5, 1)].concat();
        assert!(!claims_too_much(&both(20), 2, Encoding::DELTA_BYTE_ARRAY, 20));
        assert!(claims_too_much(&both(21), 2, Encoding::DELTA_BYTE_ARRAY, 20));
        assert!(claims_too_much(&section(20, 3, 0), 0, Encoding::DELTA_BYTE_ARRAY, 20));
    }

    #[test]
    fn what_texts_repeat_is_added_up() {
        // 0, 3, 6, 9, 9: steps of 3 above the least, which is 0; widths of two bits in one part, zero in the others.
        let steps = [0b0011_1111, 0, 0, 0, 0, 0, 0, 0];
        let bytes = [&[9, 0x80, 1, 4, 5, 0, 0, 2, 0, 0, 0][..], &steps].concat();
        assert_eq!(repeated_bytes(&bytes, 1), Some(27));
        // A first one of 7, and steps of -1.
        let bytes = [0x80, 1, 4, 4, 14, 1, 0, 0, 0, 0];
        assert_eq!(repeated_bytes(&bytes, 0), Some(7 + 6 + 5 + 4));
        assert_eq!(repeated_bytes(&bytes[..5], 0), None);
        assert_eq!(repeated_bytes(&[0x80, 1, 0, 4, 14], 0), None, "no parts");
        assert_eq!(
            repeated_bytes(&[0x80, 1, 4, 4, 1, 0, 0, 0, 0, 0], 0),
            None,
            "less than nothing"
        );
    }
}
