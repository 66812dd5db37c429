//! This module finds values that are nearly the same: one letter apart, or a word and its initials. Near is not equal,
//! so this is shown and never asked.

use super::{Alike, Strength, Value, folded};

/// Pairs of near values, of a column with few of them.
pub(super) fn pairs(column: &str, values: &[&Value]) -> Vec<Alike> {
    /// With more values than this, some are near by chance.
    const MOST: usize = 100;
    if values.len() > MOST {
        return Vec::new();
    }
    let letters: Vec<Vec<char>> = values.iter().map(|(text, _)| folded(text).chars().collect()).collect();
    let mut pairs = Vec::new();
    let alike = |one: usize, other: usize| {
        // The profile has the more frequent first.
        let (keep, other) = (values[one.min(other)], values[one.max(other)]);
        Alike {
            column: column.to_owned(),
            keep: keep.clone(),
            others: vec![other.clone()],
            strength: Strength::Perhaps,
        }
    };
    for (one, first) in letters.iter().enumerate() {
        let others = letters.iter().enumerate().skip(one + 1);
        pairs.extend(
            others
                .filter(|(_, second)| is_one_apart(first, second))
                .map(|(other, _)| alike(one, other)),
        );
    }
    for (short, initials) in letters.iter().enumerate() {
        let longer = letters
            .iter()
            .enumerate()
            .filter(|(_, long)| is_short_for(initials, long));
        let longer: Vec<usize> = longer.map(|(long, _)| long).collect();
        // Where two words have these initials, they say nothing.
        if let [long] = longer.as_slice() {
            pairs.push(alike(short, *long));
        }
    }
    pairs
}

/// Whether two longer words differ by one letter that was added, left out or changed. Numbers mean what they say.
fn is_one_apart(one: &[char], other: &[char]) -> bool {
    const SHORTEST: usize = 5;
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let is_far = short.len() < SHORTEST || long.len() - short.len() > 1;
    if one == other || is_far || long.iter().chain(short).any(|c| c.is_numeric()) {
        return false;
    }
    let start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let rest = &short[start..];
    let longer = &long[start + 1..];
    if short.len() == long.len() {
        rest.len() == longer.len() + 1 && rest[1..] == *longer
    } else {
        rest == longer
    }
}

/// Whether a word of a few letters may be short for a longer one: its first letter, or the initials of its words.
fn is_short_for(short: &[char], long: &[char]) -> bool {
    const LONGEST: usize = 4;
    let is_short = !short.is_empty() && short.len() <= LONGEST && short.iter().all(|c| c.is_alphabetic());
    if !is_short || long.len() <= LONGEST {
        return false;
    }
    let words = long.split(|c| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let initials: Vec<char> = words.filter_map(|word| word.first().copied()).collect();
    initials == short || (short.len() == 1 && long.first() == short.first())
}
