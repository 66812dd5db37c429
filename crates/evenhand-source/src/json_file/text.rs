//! This module gives an input as UTF-8, which is what JSON is stored in, or should be: PowerShell writes UTF-16.

use std::io::{Read as _, Write as _};

use encoding_rs::{CoderResult, Encoding};
use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use super::tokens::Tokens;
use crate::input::{File, Input, Keeper, Kept, unreadable};

/// An input as UTF-8, which can be read several times.
pub(super) struct Text {
    pub(super) input: Input,
    /// The text in UTF-8 where it is stored in other letters.
    kept: Option<Kept>,
}

impl Text {
    /// The text of `input`, and how its letters are stored if not as JSON prescribes.
    pub(super) fn of(input: &Input, data: &Data) -> Result<(Self, Option<String>), Problem> {
        let encoding = match &data.encoding {
            Some(label) => Some(Encoding::for_label(label.as_bytes()).ok_or_else(|| {
                Problem::usage(
                    format!("`{label}` is no name of an encoding"),
                    "name one such as `--encoding windows-1252` or `--encoding utf-16le`",
                )
            })?),
            None => {
                let mut mark = Vec::new();
                let start = input.stored().and_then(|file| file.take(2).read_to_end(&mut mark));
                start.map_err(|error| unreadable(input.path(), &error))?;
                match mark.as_slice() {
                    // What JSON starts with is ASCII, and has a zero byte beside it in UTF-16.
                    [0, b'{' | b'['] => Some(encoding_rs::UTF_16BE),
                    [b'{' | b'[', 0] => Some(encoding_rs::UTF_16LE),
                    mark => Encoding::for_bom(mark).map(|(encoding, _)| encoding),
                }
            }
        };
        let encoding = encoding.filter(|encoding| *encoding != encoding_rs::UTF_8);
        let kept = match encoding {
            Some(encoding) => Some(decoded(input, encoding)?),
            None => None,
        };
        let text = Self {
            input: input.clone(),
            kept,
        };
        Ok((text, encoding.map(|encoding| encoding.name().to_lowercase())))
    }

    pub(super) fn tokens(&self) -> Result<Tokens, Problem> {
        let source = match &self.kept {
            Some(kept) => Ok(File::Kept(kept.clone(), 0)),
            None => self.input.stored(),
        };
        let source = source.map_err(|error| unreadable(self.input.path(), &error))?;
        Ok(Tokens::new(&self.input, source))
    }
}

/// What is stored in `encoding` as UTF-8.
fn decoded(input: &Input, encoding: &'static Encoding) -> Result<Kept, Problem> {
    let failed = |error: &std::io::Error| unreadable(input.path(), error);
    let mut source = input.stored().map_err(|error| failed(&error))?;
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut keeper = Keeper::default();
    let (mut stored, mut letters) = (vec![0; 1 << 16], vec![0; 1 << 18]);
    loop {
        let length = source.read(&mut stored).map_err(|error| failed(&error))?;
        let mut rest = stored.get(..length).unwrap_or_default();
        loop {
            let (result, read, written, is_damaged) = decoder.decode_to_utf8(rest, &mut letters, length == 0);
            if is_damaged {
                return Err(Problem::data(
                    format!(
                        "{} holds bytes that are no letters of {}",
                        input.shown(),
                        encoding.name()
                    ),
                    "say how the letters are stored, as in `--encoding windows-1252`",
                ));
            }
            let letters = letters.get(..written).unwrap_or_default();
            keeper.write_all(letters).map_err(|error| failed(&error))?;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        if length == 0 {
            return Ok(keeper.finish());
        }
    }
}
