//! This module cuts PLAIN data into values: fixed-width numbers and length-prefixed byte strings.

use parquet::basic::Type;

use super::trouble::Trouble;

/// A value as it is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Raw<'a> {
    /// BOOLEAN.
    Bool(bool),
    /// INT32.
    Int32(i32),
    /// INT64.
    Int64(i64),
    /// FLOAT.
    Float(f32),
    /// DOUBLE.
    Double(f64),
    /// BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY.
    Bytes(&'a [u8]),
}

/// How values are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// INT32.
    Int32,
    /// INT64.
    Int64,
    /// FLOAT.
    Float,
    /// DOUBLE.
    Double,
    /// BYTE_ARRAY: a length of four bytes before each.
    Bytes,
    /// FIXED_LEN_BYTE_ARRAY of this length.
    Fixed(usize),
}

impl Layout {
    /// The layout of a physical type; booleans are bits, and INT96 is not read.
    pub(super) fn of(physical: Type, length: i32) -> Option<Self> {
        match physical {
            Type::INT32 => Some(Self::Int32),
            Type::INT64 => Some(Self::Int64),
            Type::FLOAT => Some(Self::Float),
            Type::DOUBLE => Some(Self::Double),
            Type::BYTE_ARRAY => Some(Self::Bytes),
            Type::FIXED_LEN_BYTE_ARRAY => usize::try_from(length)
                .ok()
                .filter(|length| *length > 0)
                .map(Self::Fixed),
            Type::BOOLEAN | Type::INT96 => None,
        }
    }

    /// How many bytes each value has, if all have as many.
    pub(super) fn width(self) -> Option<usize> {
        match self {
            Self::Int32 | Self::Float => Some(4),
            Self::Int64 | Self::Double => Some(8),
            Self::Fixed(length) => Some(length),
            Self::Bytes => None,
        }
    }
}

/// Where the values of some PLAIN data are.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    start: usize,
    /// The width of every value, or 0 where `ranges` says where each is.
    width: usize,
    ranges: Vec<(u32, u32)>,
}

impl Cuts {
    /// Cuts `count` values from `data` beginning at `at`; gives where they end.
    pub(super) fn cut(&mut self, layout: Layout, data: &[u8], mut at: usize, count: usize) -> Result<usize, Trouble> {
        self.ranges.clear();
        self.start = at;
        self.width = layout.width().unwrap_or(0);
        if self.width > 0 {
            let end = count.checked_mul(self.width).and_then(|size| size.checked_add(at));
            return end.filter(|end| *end <= data.len()).ok_or_else(too_short);
        }
        // A page has less than 2^31 bytes, so places in it fit into 32 bits.
        for _ in 0..count {
            let (length, _) = data
                .get(at..)
                .and_then(|rest| rest.split_first_chunk::<4>())
                .ok_or_else(too_short)?;
            let start = at + 4;
            let end = usize::try_from(u32::from_le_bytes(*length))
                .ok()
                .and_then(|length| start.checked_add(length));
            at = end.filter(|end| *end <= data.len()).ok_or_else(too_short)?;
            self.ranges.push((start as u32, at as u32));
        }
        Ok(at)
    }

    /// The bytes of a value.
    #[inline]
    pub(super) fn get<'a>(&self, data: &'a [u8], index: usize) -> &'a [u8] {
        let (start, end) = if self.width > 0 {
            let start = self.start + index * self.width;
            (start, start + self.width)
        } else {
            let (start, end) = self.ranges.get(index).copied().unwrap_or_default();
            (start as usize, end as usize)
        };
        data.get(start..end).unwrap_or_default()
    }
}

/// The value in these bytes, which [`Cuts`] has cut to the right length.
#[inline]
pub(super) fn raw(layout: Layout, bytes: &[u8]) -> Raw<'_> {
    let four = || bytes.first_chunk::<4>().copied().unwrap_or_default();
    let eight = || bytes.first_chunk::<8>().copied().unwrap_or_default();
    match layout {
        Layout::Int32 => Raw::Int32(i32::from_le_bytes(four())),
        Layout::Int64 => Raw::Int64(i64::from_le_bytes(eight())),
        Layout::Float => Raw::Float(f32::from_le_bytes(four())),
        Layout::Double => Raw::Double(f64::from_le_bytes(eight())),
        Layout::Bytes | Layout::Fixed(_) => Raw::Bytes(bytes),
    }
}

fn too_short() -> Trouble {
    Trouble::broken("a page that ends before its values do")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut() {
        let mut cuts = Cuts::default();
        let data = [9, 2, 0, 0, 0, b'a', b'b', 0, 0, 0, 0, 1, 0, 0, 0, b'c'];
        assert_eq!(cuts.cut(Layout::Bytes, &data, 1, 3).unwrap(), data.len());
        let texts: Vec<&[u8]> = (0..3).map(|index| cuts.get(&data, index)).collect();
        assert_eq!(texts, [&b"ab"[..], b"", b"c"]);
        assert!(cuts.cut(Layout::Bytes, &data, 1, 4).is_err());
        assert!(cuts.cut(Layout::Bytes, &[255, 255, 255, 255], 0, 1).is_err());
        let data = 7i64.to_le_bytes();
        assert_eq!(cuts.cut(Layout::Int64, &data, 0, 1).unwrap(), 8);
        assert_eq!(raw(Layout::Int64, cuts.get(&data, 0)), Raw::Int64(7));
        assert!(cuts.cut(Layout::Int32, &data, 0, 3).is_err());
        assert!(cuts.cut(Layout::Double, &data, 0, usize::MAX).is_err());
    }
}
