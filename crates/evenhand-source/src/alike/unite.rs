//! This module says how to unite two values: as a flag that a shell hands over letter by letter, or, where a flag cannot
//! say it, as a line of a policy.

use unicode_normalization::is_nfc;

use super::is_unseen;
use crate::guess::quoted;

/// How a person says that a text is another way to write a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// By this flag.
    Flag(String),
    /// By this line of the policy's `[values.map.COLUMN]`.
    Policy(String),
}

/// The flags among these.
pub(crate) fn flags(said: impl Iterator<Item = Said>) -> Vec<String> {
    said.filter_map(|said| match said {
        Said::Flag(flag) => Some(flag),
        Said::Policy(_) => None,
    })
    .collect()
}

/// The lines of a policy among these.
pub(crate) fn lines(said: impl Iterator<Item = Said>) -> Vec<String> {
    said.filter_map(|said| match said {
        Said::Flag(_) => None,
        Said::Policy(line) => Some(line),
    })
    .collect()
}

/// How to say that `text` is another way to write `value`.
pub(crate) fn unite(column: &str, text: &str, value: &str) -> Said {
    // The flag is parted at the first `=` and the first `:` after it.
    let is_parted = column.is_empty() || column.contains('=') || text.contains(':');
    if is_parted || ![column, text, value].into_iter().all(is_printable) {
        return Said::Policy(format!("{} = {}", toml(text), toml(value)));
    }
    let flag = quoted(&format!("{column}={text}:{value}"));
    // What starts with a dash would be taken for a flag.
    let between = if column.starts_with('-') { '=' } else { ' ' };
    Said::Flag(format!("--map{between}{flag}"))
}

/// Whether a text can be copied from a terminal without a change.
fn is_printable(text: &str) -> bool {
    const LONGEST: usize = 60;
    let is_hidden = |c: char| c.is_control() || is_unseen(c) || (c.is_whitespace() && c != ' ');
    // Two colons or hash signs are commands to the runners of CI, so they are not printed as they are.
    text.len() <= LONGEST && !text.contains(is_hidden) && is_nfc(text) && !text.contains("::") && !text.contains("##")
}

/// A text as a policy has it, with everything spelled out that does not show.
pub(crate) fn toml(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut before = '\0';
    for c in text.chars() {
        let is_command = c == before && (c == ':' || c == '#');
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' ' => quoted.push(c),
            c if c.is_alphanumeric() && is_nfc(text) => quoted.push(c),
            c if c.is_ascii_graphic() && !is_command => quoted.push(c),
            c => quoted.push_str(&format!("\\U{:08X}", c as u32)),
        }
        before = c;
    }
    quoted.push('"');
    quoted
}
