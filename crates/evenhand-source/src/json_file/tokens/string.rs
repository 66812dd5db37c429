//! This module reads the texts of JSON: what stands between quotes, and what a backslash means in it.

use evenhand_measure::Problem;

use super::{LONGEST, Tokens};

impl Tokens {
    /// Reads the text that starts here, with its quotes.
    pub(super) fn string(&mut self) -> Result<(), Problem> {
        self.at += 1;
        self.bytes.clear();
        loop {
            let Some(byte) = self.peek()? else {
                return Err(self.cut_short());
            };
            match byte {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' => self.escape()?,
                0..0x20 => return Err(self.broken("a control character within a text")),
                _ => {
                    let rest = self.buffer.get(self.at..).unwrap_or_default();
                    let plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
                    let length = rest.iter().position(|byte| !plain(byte)).unwrap_or(rest.len());
                    self.bytes.extend_from_slice(rest.get(..length).unwrap_or_default());
                    self.at += length;
                }
            }
            if self.bytes.len() > LONGEST {
                return Err(self.too_long());
            }
        }
        self.text.clear();
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => {
                return Err(Problem::data(
                    format!("{}: before it is a text that is not UTF-8", self.place()),
                    "say how the letters are stored, as in `--encoding windows-1252`",
                ));
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Problem> {
        self.at += 1;
        let Some(byte) = self.peek()? else {
            return Err(self.cut_short());
        };
        self.at += 1;
        let letter = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code_point()?,
            _ => return Err(self.broken("a backslash before a letter that has no meaning after it")),
        };
        let mut room = [0; 4];
        self.bytes.extend_from_slice(letter.encode_utf8(&mut room).as_bytes());
        Ok(())
    }

    /// The letter that `\u` stands for, together with a second one where the first is half a letter.
    fn code_point(&mut self) -> Result<char, Problem> {
        let first = self.four_digits()?;
        let code = match first {
            0 => return Err(self.broken("a zero character within a text")),
            0xd800..0xdc00 => {
                for expected in *b"\\u" {
                    if self.peek()? != Some(expected) {
                        return Err(self.broken("half a letter (a lone surrogate)"));
                    }
                    self.at += 1;
                }
                let second = self.four_digits()?;
                let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
                low.map(|low| 0x10000 + ((first - 0xd800) << 10) + low)
            }
            code => Some(code),
        };
        code.and_then(char::from_u32)
            .ok_or_else(|| self.broken("half a letter (a lone surrogate)"))
    }

    fn four_digits(&mut self) -> Result<u32, Problem> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek()?.and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.broken("no four digits after \\u"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
