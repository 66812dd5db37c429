//! This module walks Thrift's compact protocol just far enough to see sizes before anything is allocated for them.
//!
//! The format is given at <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// Nesting beyond this is no Parquet file.
const DEEPEST: usize = 32;

/// A field's or an element's type.
pub(super) type Type = u8;
/// A 32-bit integer.
pub(super) const I32: Type = 5;
/// A list.
pub(super) const LIST: Type = 9;
/// A structure.
pub(super) const STRUCT: Type = 12;

/// A position in compact-protocol bytes. Every method gives `None` when the bytes end or make no sense.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walker<'a> {
    rest: &'a [u8],
}

impl<'a> Walker<'a> {
    /// A walker at the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A zigzag-coded integer.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The next field's number and type, given the number of the one before; `Some(None)` at the end of the structure.
    pub(super) fn field(&mut self, before: i64) -> Option<Option<(i64, Type)>> {
        let header = self.byte()?;
        if header == 0 {
            return Some(None);
        }
        let number = match header >> 4 {
            0 => self.integer()?,
            step => before.checked_add(i64::from(step))?,
        };
        Some(Some((number, header & 0x0f)))
    }

    /// A list's element type and length; a length that cannot fit in the bytes left makes no sense.
    pub(super) fn list(&mut self) -> Option<(Type, usize)> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            short => usize::from(short),
        };
        (length <= self.rest.len()).then_some((header & 0x0f, length))
    }

    /// Passes over a value of this type.
    pub(super) fn pass(&mut self, value: Type) -> Option<()> {
        self.pass_nested(value, false, 0)
    }

    fn pass_nested(&mut self, value: Type, in_list: bool, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match value {
            // A boolean field is all in its type; in a list it is a byte.
            1 | 2 if !in_list => Some(()),
            1..=3 => self.byte().map(|_| ()),
            4..=6 => self.varint().map(|_| ()),
            7 => self.pass_bytes(8),
            8 => {
                let length = self.varint()?;
                self.pass_bytes(usize::try_from(length).ok()?)
            }
            LIST | 10 => {
                let (element, length) = self.list()?;
                (0..length).try_for_each(|_| self.pass_nested(element, true, depth + 1))
            }
            11 => self.pass_map(depth),
            STRUCT => {
                let mut number = 0;
                while let Some((next, field)) = self.field(number)? {
                    number = next;
                    self.pass_nested(field, false, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    fn pass_map(&mut self, depth: usize) -> Option<()> {
        let length = usize::try_from(self.varint()?).ok()?;
        if length == 0 {
            return Some(());
        }
        let types = self.byte()?;
        if length > self.rest.len() {
            return None;
        }
        (0..length).try_for_each(|_| {
            self.pass_nested(types >> 4, true, depth + 1)?;
            self.pass_nested(types & 0x0f, true, depth + 1)
        })
    }

    fn pass_bytes(&mut self, length: usize) -> Option<()> {
        self.rest = self.rest.get(length..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_is_walked() {
        // {1: i32 3, 2: i32 -1, 3: list<i32> [1, 2], 4: true, 6: "ab"}
        let bytes = [0x15, 6, 0x15, 1, 0x19, 0x25, 2, 4, 0x11, 0x28, 2, b'a', b'b', 0];
        let mut walker = Walker::new(&bytes);
        assert_eq!(walker.field(0), Some(Some((1, I32))));
        assert_eq!(walker.integer(), Some(3));
        assert_eq!(walker.field(1), Some(Some((2, I32))));
        assert_eq!(walker.integer(), Some(-1));
        let mut whole = Walker::new(&bytes);
        assert_eq!(whole.pass(STRUCT), Some(()));
        assert_eq!(whole.left(), 0);
        for end in 0..bytes.len() {
            assert_eq!(Walker::new(&bytes[..end]).pass(STRUCT), None);
        }
    }

    #[test]
    fn absurd_sizes_are_refused() {
        assert_eq!(Walker::new(&[0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f]).pass(LIST), None);
        assert_eq!(Walker::new(&[0xff; 40]).pass(STRUCT), None);
        assert_eq!(Walker::new(&[0x1c; 100]).pass(STRUCT), None);
    }
}
