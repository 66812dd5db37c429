//! This module damages files as a list of bytes says: the same list gives the same damage on every machine.

use super::craft::{Crafted, Page, Statistics};

/// Numbers at which readers err.
const ODD: [i64; 24] = [
    0,
    1,
    -1,
    2,
    7,
    8,
    15,
    16,
    17,
    127,
    128,
    255,
    256,
    8_191,
    8_192,
    1 << 15,
    (1 << 17) + 1,
    (1 << 31) - 1,
    1 << 31,
    -(1 << 31),
    1 << 32,
    1 << 62,
    i64::MAX,
    i64::MIN,
];

/// Takes choices from a list of bytes; zeros when it is used up.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn below(&mut self, bound: usize) -> usize {
        (usize::from(self.byte()) << 8 | usize::from(self.byte())) % bound.max(1)
    }

    /// A number that is odd, or small.
    fn number(&mut self) -> i64 {
        let choice = self.byte();
        ODD.get(usize::from(choice)).copied().unwrap_or(i64::from(choice) - 128)
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = usize::from(self.byte());
        (0..length.min(self.0.len())).map(|_| self.byte()).collect()
    }
}

/// A file with bytes changed, moved, added and taken away; every second change is in its last part, where the sizes are.
pub fn edited(file: &[u8], choices: &[u8]) -> Vec<u8> {
    let mut bytes = file.to_vec();
    let mut choices = Choices(choices);
    for _ in 0..32 {
        if choices.0.is_empty() || bytes.is_empty() {
            break;
        }
        let what = choices.byte();
        let place = choices.below(bytes.len());
        let place = if what & 1 == 0 {
            place
        } else {
            bytes.len() - 1 - place % bytes.len().min(800)
        };
        match what >> 1 & 7 {
            0 | 1 => bytes[place] ^= 1 << (choices.byte() & 7),
            2 | 3 => bytes[place] = choices.byte(),
            4 => bytes.truncate(place),
            5 => bytes.insert(place, choices.byte()),
            6 => drop(bytes.remove(place)),
            _ => {
                let end = bytes.len().min(place + 16);
                let piece = bytes[place..end].to_vec();
                let at = choices.below(bytes.len());
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// A file written by hand that lies in some of its fields.
pub fn distorted(choices: &[u8]) -> Vec<u8> {
    let mut choices = Choices(choices);
    let mut file = match choices.byte() % 16 {
        0 => Crafted::long(300_000),
        _ => Crafted::honest(),
    };
    for _ in 0..16 {
        if choices.0.is_empty() {
            break;
        }
        distort(&mut file, &mut choices);
    }
    file.bytes()
}

fn distort(file: &mut Crafted, choices: &mut Choices<'_>) {
    let what = choices.byte();
    let groups = file.groups.len();
    match what % 24 {
        0 => file.rows = choices.number(),
        1 => file.children = choices.number() as i32,
        2 if groups < 4 => file.groups.extend(file.groups.first().cloned()),
        3 => drop(file.groups.pop()),
        4 => file.rows = file.groups.iter().fold(0, |sum, group| sum.wrapping_add(group.rows)),
        _ => {}
    }
    let Some(group) = file.groups.get_mut(usize::from(what >> 6) % groups.max(1)) else {
        return;
    };
    if what % 24 == 5 {
        group.rows = choices.number();
        // A lie that the whole file tells gets further than one that is contradicted at once.
        if choices.byte() & 1 == 0 {
            file.rows = group.rows;
        }
        return;
    }
    let place = choices.below(group.chunks.len());
    let Some(chunk) = group.chunks.get_mut(place) else {
        return;
    };
    match what % 24 {
        6 => chunk.physical = choices.number() as i32,
        7 => chunk.nullable = !chunk.nullable,
        8 => chunk.codec = i32::from(choices.byte() % 9),
        9 => chunk.values = choices.number(),
        10 => chunk.shift = choices.number(),
        11 => chunk.stretch = choices.number(),
        12 => chunk.pages.truncate(choices.below(3)),
        13 => chunk.pages.extend(chunk.pages.last().cloned()),
        14 => {
            let said = statistics(choices);
            chunk.statistics = Some(said);
        }
        _ => {}
    }
    let place = choices.below(chunk.pages.len());
    if let Some(page) = chunk.pages.get_mut(place) {
        distort_page(page, what % 24, choices);
    }
}

fn distort_page(page: &mut Page, what: u8, choices: &mut Choices<'_>) {
    match what {
        15 => page.values = choices.number() as i32,
        16 => page.encoding = i32::from(choices.byte() % 10),
        17 => page.large = Some(choices.number() as i32),
        18 => page.small = Some(choices.number() as i32),
        19 => page.second[choices.below(3)] = choices.number() as i32,
        20 => page.kind = i32::from(choices.byte() % 4),
        21 => page.body = choices.bytes(),
        22 => page.body.extend(choices.bytes()),
        23 => page.body = edited(&page.body, &choices.bytes()),
        _ if what == 14 => page.statistics = Some(statistics(choices)),
        _ => {}
    }
}

fn statistics(choices: &mut Choices<'_>) -> Statistics {
    Statistics {
        least: choices.bytes(),
        most: choices.bytes(),
        nulls: choices.number(),
        distinct: choices.number(),
    }
}
