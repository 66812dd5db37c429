//! This module holds the codes of one key column of a batch in the least room: one code for all rows, a byte each, or
//! four bytes each.

/// The codes of a key column, appended one by one or many alike at once.
///
/// Rows that are all alike are one code and a length, and counting them costs one addition. So a column that is the
/// same for a whole file (its place in a partitioned data set, say) is one [`push_run`](Codes::push_run) per batch.
///
/// ```
/// use evenhand_source::Codes;
/// let mut codes = Codes::default();
/// codes.push_run(3, 8_000);
/// assert_eq!((codes.same(), codes.len()), (Some(3), 8_000));
/// codes.push(1);
/// assert_eq!((codes.same(), codes.len()), (None, 8_001));
/// assert_eq!(codes.iter().last(), Some(1));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Codes {
    form: Form,
    bytes: Vec<u8>,
    words: Vec<u32>,
}

/// Where the codes are. The other lists are empty; they keep their memory for later batches.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// This code, so many times.
    Same { code: u32, rows: usize },
    /// In `bytes`.
    Bytes,
    /// In `words`.
    Words,
}

impl Default for Form {
    fn default() -> Self {
        Self::Same { code: 0, rows: 0 }
    }
}

/// The codes as they lie in memory.
#[derive(Clone, Copy, Debug)]
pub(super) enum View<'a> {
    Same(u32),
    Bytes(&'a [u8]),
    Words(&'a [u32]),
}

impl Codes {
    /// Appends one code.
    #[inline]
    pub fn push(&mut self, code: u32) {
        match self.form {
            Form::Bytes if code <= u32::from(u8::MAX) => self.bytes.push(code as u8),
            Form::Words => self.words.push(code),
            Form::Same { .. } | Form::Bytes => self.push_run(code, 1),
        }
    }

    /// Appends the same code for so many rows.
    #[inline]
    pub fn push_run(&mut self, code: u32, more: usize) {
        match &mut self.form {
            _ if more == 0 => {}
            Form::Same { code: same, rows } if *same == code || *rows == 0 => {
                *same = code;
                *rows += more;
            }
            _ => match (u8::try_from(code), self.narrow()) {
                (Ok(code), Some(bytes)) => bytes.resize(bytes.len() + more, code),
                _ => {
                    let words = self.wide();
                    words.resize(words.len() + more, code);
                }
            },
        }
    }

    /// Appends codes; many that are alike stay one code and a length.
    pub fn append(&mut self, codes: &[u32]) {
        let Some(&first) = codes.first() else {
            return;
        };
        if codes.iter().all(|code| *code == first) {
            return self.push_run(first, codes.len());
        }
        let is_narrow = codes.iter().fold(0, |bits, code| bits | code) <= u32::from(u8::MAX);
        match self.narrow().filter(|_| is_narrow) {
            Some(bytes) => bytes.extend(codes.iter().map(|code| *code as u8)),
            None => self.wide().extend_from_slice(codes),
        }
    }

    /// The codes as bytes, to append to, if they all are.
    #[inline]
    pub(crate) fn narrow(&mut self) -> Option<&mut Vec<u8>> {
        match self.form {
            Form::Bytes => Some(&mut self.bytes),
            Form::Words => None,
            Form::Same { code, rows } => {
                let code = u8::try_from(code).ok()?;
                self.bytes.resize(rows, code);
                self.form = Form::Bytes;
                Some(&mut self.bytes)
            }
        }
    }

    /// The codes as whole words, to append to.
    pub(crate) fn wide(&mut self) -> &mut Vec<u32> {
        match self.form {
            Form::Words => {}
            Form::Same { code, rows } => self.words.resize(rows, code),
            Form::Bytes => {
                self.words.extend(self.bytes.iter().map(|code| u32::from(*code)));
                self.bytes.clear();
            }
        }
        self.form = Form::Words;
        &mut self.words
    }

    /// How many codes there are.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        match self.form {
            Form::Same { rows, .. } => rows,
            Form::Bytes => self.bytes.len(),
            Form::Words => self.words.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets the codes and keeps the memory.
    pub fn clear(&mut self) {
        self.form = Form::default();
        self.bytes.clear();
        self.words.clear();
    }

    /// The code of all rows, where they are known to be alike. Codes that were pushed are not compared afterwards.
    #[must_use]
    pub fn same(&self) -> Option<u32> {
        match self.form {
            Form::Same { code, .. } => Some(code),
            Form::Bytes | Form::Words => None,
        }
    }

    /// The codes, row by row.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let same = match self.form {
            Form::Same { code, rows } => std::iter::repeat_n(code, rows),
            Form::Bytes | Form::Words => std::iter::repeat_n(0, 0),
        };
        let bytes = self.bytes.iter().map(|code| u32::from(*code));
        same.chain(bytes).chain(self.words.iter().copied())
    }

    pub(super) fn view(&self) -> View<'_> {
        match self.form {
            Form::Same { code, .. } => View::Same(code),
            Form::Bytes => View::Bytes(&self.bytes),
            Form::Words => View::Words(&self.words),
        }
    }
}

impl Extend<u32> for Codes {
    fn extend<I: IntoIterator<Item = u32>>(&mut self, codes: I) {
        codes.into_iter().for_each(|code| self.push(code));
    }
}

impl PartialEq for Codes {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_order_of_appending_keeps_every_code(
            steps in prop::collection::vec((0u8..4, prop_oneof![0u32..4, 250u32..260, Just(1u32 << 20)], 0usize..20), 0..20),
        ) {
            let mut codes = Codes::default();
            for _ in 0..2 {
                let mut plain: Vec<u32> = Vec::new();
                for &(step, code, rows) in &steps {
                    let added = std::iter::repeat_n(code, rows);
                    match step {
                        0 => codes.push_run(code, rows),
                        1 if code < 256 => match codes.narrow() {
                            Some(bytes) => bytes.extend(added.map(|code| code as u8)),
                            None => codes.extend(added),
                        },
                        2 => codes.wide().extend(added),
                        _ => codes.extend(added),
                    }
                    plain.extend(std::iter::repeat_n(code, rows));
                }
                prop_assert_eq!(codes.len(), plain.len());
                prop_assert!(codes.iter().eq(plain.iter().copied()));
                codes.clear();
                prop_assert!(codes.is_empty() && codes.iter().next().is_none());
            }
        }
    }
}
