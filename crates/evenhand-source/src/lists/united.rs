//! This module makes one numbering of users and items of what several threads and files numbered each for itself.

use std::collections::{BTreeMap, BTreeSet};

use evenhand_measure::Problem;
use evenhand_measure::tally::{Dimension, Level, written};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::collector::{MISSING, Part};
use super::combinations::Combinations;
use super::tables::Catalogue;
use crate::kernel::shown;

/// All users and items.
#[derive(Debug)]
pub(super) struct United {
    pub(super) of_users: Axes,
    pub(super) of_items: Axes,
    pub(super) users: Vec<User>,
    pub(super) items: Vec<Item>,
    /// The numbers of the items, by their ids.
    numbers: HashMap<u64, u32, FixedState>,
    /// For each part, the numbers of its users and of its items.
    pub(super) of_parts: Vec<(Vec<u32>, Vec<u32>)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) is_named: bool,
    pub(super) group: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) id: u64,
    pub(super) group: u32,
    pub(super) popularity: Option<f64>,
    pub(super) merit: Option<f64>,
    /// Whether the table of all items has it.
    pub(super) is_in_stock: bool,
}

/// Columns that belong to users or to items, and the combinations of their levels that occur.
#[derive(Clone, Debug, Default)]
pub(super) struct Axes {
    pub(super) dimensions: Vec<Dimension>,
    codes: Vec<BTreeMap<Level, u32>>,
    /// The codes of each combination.
    pub(super) groups: Vec<Vec<u32>>,
    numbers: BTreeMap<Vec<u32>, u32>,
}

impl Axes {
    fn of(dimensions: &[Dimension]) -> Self {
        let bare = |dimension: &Dimension| Dimension::new(dimension.role, &dimension.column, dimension.coding.clone());
        Self {
            dimensions: dimensions.iter().map(bare).collect(),
            codes: vec![BTreeMap::new(); dimensions.len()],
            ..Self::default()
        }
    }

    /// The code of a level, which is put to the others if it is new.
    pub(super) fn code(&mut self, axis: usize, level: &Level) -> u32 {
        if let Some(code) = self.codes[axis].get(level) {
            return *code;
        }
        let levels = &mut self.dimensions[axis].levels;
        let code = levels.len() as u32;
        levels.push(level.clone());
        self.codes[axis].insert(level.clone(), code);
        code
    }

    /// The levels of a combination.
    pub(super) fn levels(&self, group: u32) -> Vec<Level> {
        let codes = self.groups[group as usize].iter().zip(&self.dimensions);
        codes
            .map(|(code, dimension)| dimension.levels[*code as usize].clone())
            .collect()
    }

    /// What the combinations of a part are called here, for those that are asked for.
    fn translated<'a>(&'a mut self, combinations: &'a Combinations, dimensions: &'a [Dimension]) -> Translated<'a> {
        // Codes of the part, column by column.
        let codes = dimensions.iter().enumerate().map(|(axis, dimension)| {
            let levels = dimension.levels.iter();
            levels.map(|level| self.code(axis, level)).collect()
        });
        let codes = codes.collect();
        Translated {
            known: vec![None; combinations.len()],
            axes: self,
            combinations,
            codes,
        }
    }
}

struct Translated<'a> {
    axes: &'a mut Axes,
    combinations: &'a Combinations,
    codes: Vec<Vec<u32>>,
    known: Vec<Option<u32>>,
}

impl Translated<'_> {
    fn group(&mut self, number: u32) -> u32 {
        if let Some(group) = self.known[number as usize] {
            return group;
        }
        let own = self.combinations.codes(number, self.codes.len());
        let key: Vec<u32> = own
            .iter()
            .zip(&self.codes)
            .map(|(code, codes)| codes[*code as usize])
            .collect();
        let next = self.axes.groups.len() as u32;
        let group = *self.axes.numbers.entry(key.clone()).or_insert(next);
        if group == next {
            self.axes.groups.push(key);
        }
        self.known[number as usize] = Some(group);
        group
    }
}

/// The users, or items, of which rows say different things. The example is the one with the smallest hash, so that it
/// does not depend on the order of rows.
#[derive(Debug, Default)]
struct Contradictions {
    whose: BTreeSet<u64>,
    said: BTreeSet<Vec<Level>>,
    of: Option<u64>,
}

impl Contradictions {
    /// More are not told apart.
    const MOST: usize = 100_000;

    fn add(&mut self, id: u64, said: impl FnOnce() -> [Vec<Level>; 2]) {
        if self.whose.len() < Self::MOST {
            self.whose.insert(id);
        }
        if self.of.is_none_or(|of| id < of) {
            self.of = Some(id);
            self.said.clear();
        }
        if self.of == Some(id) {
            self.said.extend(said());
        }
    }

    fn check(&self, what: &str, columns: &[String]) -> Result<(), Problem> {
        if self.of.is_none() {
            return Ok(());
        }
        let column = (0..columns.len()).find(|column| {
            let levels: BTreeSet<Option<&Level>> = self.said.iter().map(|levels| levels.get(*column)).collect();
            levels.len() > 1
        });
        let column = column.unwrap_or(0);
        let name = columns.get(column).map_or("", String::as_str);
        let levels: BTreeSet<&Level> = self.said.iter().filter_map(|levels| levels.get(column)).collect();
        let mut examples = levels.iter().map(|level| match level.text() {
            None => "no value".to_owned(),
            Some(text) => shown(text),
        });
        let (one, other) = (examples.next().unwrap_or_default(), examples.next().unwrap_or_default());
        let (n, s) = (self.whose.len(), if self.whose.len() == 1 { "" } else { "s" });
        let at_least = if n == Self::MOST { "at least " } else { "" };
        Err(Problem::data(
            format!(
                "column `{name}` says different things of the same {what}, such as {other} in one row and {one} in another \
                 ({at_least}{n} {what}{s} in all)"
            ),
            format!(
                "a group is what {} {what} belongs to in all rows: correct them, leave the column out, or, if it says \
                 something of {}s, name it with --protected {}.{}",
                article(what),
                other_side(what),
                other_side(what),
                name.strip_prefix(what)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .unwrap_or(name),
            ),
        ))
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with('i') { "an" } else { "a" }
}

/// The other side of lists.
fn other_side(what: &str) -> &'static str {
    if what == "item" { "user" } else { "item" }
}

impl United {
    /// All users and items of these parts, and the items that nobody was shown.
    ///
    /// # Errors
    /// When rows say different things of a user or an item.
    pub(super) fn of(parts: &[&Part], catalogue: Option<&Catalogue>, columns: [&str; 2]) -> Result<Self, Problem> {
        let none: &[Dimension] = &[];
        let first = parts.first();
        let mut united = Self {
            of_users: Axes::of(first.map_or(none, |part| &part.of_users)),
            of_items: Axes::of(first.map_or(none, |part| &part.of_items)),
            users: Vec::new(),
            items: Vec::new(),
            numbers: HashMap::default(),
            of_parts: Vec::new(),
        };
        let users = united.users(parts)?;
        let items = united.items(parts, catalogue, columns)?;
        united.of_parts = users.into_iter().zip(items).collect();
        Ok(united)
    }

    /// The number of an item.
    pub(super) fn item(&self, id: u64) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    fn users(&mut self, parts: &[&Part]) -> Result<Vec<Vec<u32>>, Problem> {
        let mut numbers: HashMap<(u64, bool), u32, FixedState> = HashMap::default();
        let mut odd = Contradictions::default();
        let (axes, users) = (&mut self.of_users, &mut self.users);
        let mut maps = Vec::with_capacity(parts.len());
        for part in parts {
            let mut map = Vec::with_capacity(part.users.len());
            let mut translated = axes.translated(&part.user_groups, &part.of_users);
            for user in &part.users {
                let group = translated.group(user.groups);
                let next = users.len() as u32;
                let number = *numbers.entry((user.id, user.is_named)).or_insert(next);
                if number == next {
                    users.push(User {
                        id: user.id,
                        is_named: user.is_named,
                        group,
                    });
                } else if users[number as usize].group != group {
                    let both = [users[number as usize].group, group];
                    odd.add(user.id, || both.map(|group| translated.axes.levels(group)));
                }
                map.push(number);
            }
            maps.push(map);
        }
        odd.check("user", &names(&axes.dimensions))?;
        Ok(maps)
    }

    fn items(
        &mut self,
        parts: &[&Part],
        catalogue: Option<&Catalogue>,
        columns: [&str; 2],
    ) -> Result<Vec<Vec<u32>>, Problem> {
        let mut odd = Contradictions::default();
        let (axes, items, numbers) = (&mut self.of_items, &mut self.items, &mut self.numbers);
        let mut maps = Vec::with_capacity(parts.len());
        for part in parts {
            let mut map = Vec::with_capacity(part.items.len());
            let mut translated = axes.translated(&part.item_groups, &part.of_items);
            for item in &part.items {
                let new = Item {
                    id: item.id,
                    group: translated.group(item.groups),
                    popularity: number(item.popularity),
                    merit: number(item.merit),
                    is_in_stock: false,
                };
                let next = items.len() as u32;
                let known = *numbers.entry(item.id).or_insert(next);
                if known == next {
                    items.push(new);
                } else if !items[known as usize].is_like(&new) {
                    let both = [items[known as usize], new];
                    odd.add(item.id, || both.map(|item| item.said(translated.axes)));
                }
                map.push(known);
            }
            maps.push(map);
        }
        if let Some(catalogue) = catalogue {
            let mut translated = axes.translated(&catalogue.groups, &catalogue.of_items);
            for item in &catalogue.items {
                let mut new = Item {
                    id: item.id,
                    group: translated.group(item.groups),
                    popularity: number(item.popularity),
                    merit: number(item.merit),
                    is_in_stock: true,
                };
                let next = items.len() as u32;
                let known = *numbers.entry(item.id).or_insert(next);
                if known == next {
                    items.push(new);
                    continue;
                }
                let old = &mut items[known as usize];
                // What the table does not say, rows may.
                if !catalogue.has_popularity {
                    new.popularity = old.popularity;
                }
                if !catalogue.has_merit {
                    new.merit = old.merit;
                }
                if !old.is_like(&new) {
                    let both = [*old, new];
                    odd.add(item.id, || both.map(|item| item.said(translated.axes)));
                }
                items[known as usize].is_in_stock = true;
            }
        }
        let mut names = names(&axes.dimensions);
        names.extend(columns.map(str::to_owned));
        odd.check("item", &names)?;
        Ok(maps)
    }
}

impl Item {
    fn is_like(&self, other: &Self) -> bool {
        (self.group, self.popularity, self.merit) == (other.group, other.popularity, other.merit)
    }

    fn said(&self, axes: &Axes) -> Vec<Level> {
        let mut said = axes.levels(self.group);
        let numbers = [self.popularity, self.merit];
        said.extend(numbers.map(|number| number.map_or(Level::Missing, |number| Level::of(&written(number)))));
        said
    }
}

fn number(bits: u64) -> Option<f64> {
    (bits != MISSING).then(|| f64::from_bits(bits))
}

fn names(dimensions: &[Dimension]) -> Vec<String> {
    dimensions.iter().map(|dimension| dimension.column.clone()).collect()
}
