//! This module reads the tables that say more of users and items than lists do: which items there are, which of them
//! users wanted, and which they had before.

use evenhand_measure::catalogue::closest;
use evenhand_measure::policy::{Data, Join, NamedFile};
use evenhand_measure::tally::{Axis, Coding, Dimension};
use evenhand_measure::{Problem, listed, thousands};
use foldhash::fast::FixedState;
use hashbrown::HashMap;

use super::collector::{Item, MISSING};
use super::combinations::{Combinations, NONE};
use super::settings::{Settings, Slots};
use crate::input::{Input, Inputs, records};
use crate::kernel::{Coded, Coder, NO_ID};
use crate::plan::{IdUse, NumberUse, Plan, Purpose, Slot, Texts};
use crate::records::Record;

/// A table with more rows is not kept in memory: 24 bytes each.
const MOST_ROWS: usize = 1 << 26;

/// All tables that were named.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) catalogue: Option<Catalogue>,
    pub(super) relevant: Option<Relevant>,
    pub(super) history: Option<History>,
}

/// The table of all items.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalogue {
    pub(super) items: Vec<Item>,
    pub(super) groups: Combinations,
    pub(super) of_items: Vec<Dimension>,
    pub(super) has_popularity: bool,
    pub(super) has_merit: bool,
}

/// Which items users wanted: users, items and how much, sorted and each pair once.
#[derive(Clone, Debug, Default)]
pub(super) struct Relevant(Vec<(u64, u64, f64)>);

/// Which items users had before: users, items and, where the table says it, the code of the category. Sorted; an item
/// is there as often as the user had it.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    rows: Vec<(u64, u64, u32)>,
    /// The categories by code, if the table says them.
    pub(super) categories: Option<Dimension>,
}

impl Relevant {
    /// Of rows that say different things of a pair the largest gain counts.
    fn of(mut rows: Vec<(u64, u64, f64)>) -> Self {
        rows.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
        rows.dedup_by_key(|row| (row.0, row.1));
        Self(rows)
    }

    /// What a user wanted: items and gains, by item.
    pub(super) fn of_user(&self, user: u64) -> &[(u64, u64, f64)] {
        of(&self.0, user, |row| row.0)
    }
}

impl History {
    /// What a user had: items and categories.
    pub(super) fn of_user(&self, user: u64) -> &[(u64, u64, u32)] {
        of(&self.rows, user, |row| row.0)
    }
}

/// The rows of a user among rows that are sorted by user.
fn of<T>(rows: &[T], user: u64, key: impl Fn(&T) -> u64) -> &[T] {
    let start = rows.partition_point(|row| key(row) < user);
    let length = rows[start..].partition_point(|row| key(row) == user);
    &rows[start..start + length]
}

impl Tables {
    /// Whether it is known what kinds of items users had before. Rows of lists do not tell: they only know what was shown.
    pub(super) fn knows_history(&self) -> bool {
        let history = self.history.as_ref();
        history.is_some_and(|history| history.categories.is_some() || self.catalogue.is_some())
    }

    /// Reads all tables that `settings` names, with the slots of `plan`.
    ///
    /// # Errors
    /// When one cannot be read, lacks a column, or has values that cannot play their role.
    pub(super) fn read(settings: &Settings, slots: &Slots, plan: &Plan) -> Result<Self, Problem> {
        let texts = &plan.texts;
        let items = settings.items.as_ref();
        let relevant_of = |file: &NamedFile| relevant(file, settings, texts);
        let history_of = |file: &NamedFile| history(file, settings, texts);
        Ok(Self {
            catalogue: items.map(|join| catalogue(join, slots, plan)).transpose()?.flatten(),
            relevant: settings.relevant.as_ref().map(relevant_of).transpose()?,
            history: settings.history.as_ref().map(history_of).transpose()?,
        })
    }
}

/// The table of all items, unless it does not say all that items are told apart by.
fn catalogue(join: &Join, slots: &Slots, plan: &Plan) -> Result<Option<Catalogue>, Problem> {
    let table = Table::open(&join.file)?;
    let prefix = join.side.as_ref().map(|side| format!("{side}."));
    let mut texts = plan.texts.clone();
    // The join has put the side before the names of its columns. What the texts of a column mean goes by the name that
    // it has in the lists.
    let mut own = |place: usize| {
        let slot = &plan.slots[place];
        let without = prefix.as_ref().and_then(|prefix| slot.name.strip_prefix(prefix));
        let column = without.unwrap_or(&slot.name).to_owned();
        if let Some(map) = plan.texts.map.get(&slot.name) {
            texts.map.insert(column.clone(), map.clone());
        }
        Slot {
            column,
            fixed: None,
            ..slot.clone()
        }
    };
    let groups: Vec<Slot> = slots.of_items.iter().map(|place| own(*place)).collect();
    if !groups.iter().all(|slot| table.has(&slot.column)) {
        return Ok(None);
    }
    let mut number = |place: Option<usize>| place.map(&mut own).filter(|slot| table.has(&slot.column));
    let (popularity, merit) = (number(slots.popularity), number(slots.merit));
    let mut found = Catalogue {
        has_popularity: popularity.is_some(),
        has_merit: merit.is_some(),
        ..Catalogue::default()
    };
    let key = join.key.as_ref().unwrap_or(&join.on);
    let mut wanted = vec![Slot::new(key, Purpose::Id(IdUse::Item))];
    wanted.extend(groups);
    let numbers = wanted.len();
    wanted.extend(popularity.into_iter().chain(merit));
    // Word for word the same entry counts once; different ones of an item are refused where they are joined.
    let mut known: HashMap<u64, (), FixedState> = HashMap::default();
    let coders = table.read(&wanted, &texts, |row| {
        let Some(Coded::Id(id)) = row.first().copied() else {
            return;
        };
        if id == NO_ID || known.insert(id, ()).is_some() {
            return;
        }
        let groups = row[1..numbers].iter().fold(NONE, |number, coded| match coded {
            Coded::Code(code) => found.groups.with(number, *code),
            _ => number,
        });
        let mut rest = row[numbers..].iter();
        let mut next = |is_there: bool| match is_there.then(|| rest.next()).flatten() {
            Some(Coded::Number(number)) if !number.is_nan() => number.to_bits(),
            _ => MISSING,
        };
        let (popularity, merit) = (next(found.has_popularity), next(found.has_merit));
        found.items.push(Item {
            id,
            groups,
            popularity,
            merit,
        });
    })?;
    let groups = coders.into_iter().take(numbers).skip(1);
    found.of_items = groups.filter_map(Coder::dimension).collect();
    Ok(Some(found))
}

fn relevant(file: &NamedFile, settings: &Settings, texts: &Texts) -> Result<Relevant, Problem> {
    let table = Table::open(file)?;
    let mut slots = settings.pair();
    if let Some(column) = settings.columns.get("relevance").filter(|column| table.has(column)) {
        slots.push(Slot::new(column, Purpose::Number(NumberUse::Relevance)));
    }
    let has_gain = slots.len() > 2;
    let mut rows = Vec::new();
    table.read(&slots, texts, |row| {
        if let [Coded::Id(user), Coded::Id(item), rest @ ..] = row
            && *user != NO_ID
            && *item != NO_ID
        {
            let gain = match rest {
                [Coded::Number(gain)] if has_gain => *gain,
                _ => 1.0,
            };
            if !gain.is_nan() {
                rows.push((*user, *item, gain));
            }
        }
    })?;
    Ok(Relevant::of(rows))
}

fn history(file: &NamedFile, settings: &Settings, texts: &Texts) -> Result<History, Problem> {
    let table = Table::open(file)?;
    let mut slots = settings.pair();
    let bare = |column: &String| column.strip_prefix("item.").unwrap_or(column).to_owned();
    let category = settings.columns.get("category");
    let category = category.and_then(|column| [column.clone(), bare(column)].into_iter().find(|name| table.has(name)));
    if let Some(column) = &category {
        slots.push(Slot::new(column, Purpose::Key(Axis::Category, Coding::AsWritten)));
    }
    let mut rows = Vec::new();
    let coders = table.read(&slots, texts, |row| {
        if let [Coded::Id(user), Coded::Id(item), rest @ ..] = row
            && *user != NO_ID
            && *item != NO_ID
        {
            let code = match rest {
                [Coded::Code(code)] => *code,
                _ => 0,
            };
            rows.push((*user, *item, code));
        }
    })?;
    rows.sort_unstable();
    let categories = category.and_then(|_| coders.into_iter().nth(2)?.dimension());
    Ok(History { rows, categories })
}

/// A table of any format, which is read record by record.
struct Table {
    input: Input,
    columns: Vec<String>,
}

impl Table {
    fn open(file: &NamedFile) -> Result<Self, Problem> {
        let path = file.path();
        let first = |problems: Vec<Problem>| {
            let first = problems.into_iter().next();
            first.unwrap_or_else(|| Problem::data(format!("`{}` cannot be read", path.display()), "check the file"))
        };
        if file.name == "-" {
            return Err(Problem::usage(
                "a table beside the lists cannot come from standard input",
                "write it to a file, and name the file",
            ));
        }
        let found = Inputs::find(std::slice::from_ref(&path)).map_err(first)?;
        let prepared = found.prepared(&Data::default()).map_err(first)?;
        match prepared.all() {
            [input] => Ok(Self {
                input: input.clone(),
                columns: input.columns()?,
            }),
            several => Err(Problem::usage(
                format!("`{}` is {} tables, and one is needed", path.display(), several.len()),
                "name the one",
            )),
        }
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }

    fn place(&self, column: &str) -> Result<usize, Problem> {
        let name = self.input.shown();
        let mut found = (0..self.columns.len()).filter(|index| self.columns[*index] == column);
        match (found.next(), found.next()) {
            (Some(index), None) => Ok(index),
            (Some(_), Some(_)) => Err(Problem::data(
                format!("{name} has several columns `{column}`"),
                "rename all but one of them in the file",
            )),
            (None, _) => {
                let near = closest(column, self.columns.iter().map(String::as_str));
                let help = match near.first() {
                    Some(near) => format!("is it `{near}`? Give it the name that it has in the lists, `{column}`"),
                    None => format!(
                        "its columns of users and items need the names that they have in the lists; it has {}",
                        listed(&self.columns, 8)
                    ),
                };
                Err(Problem::usage(format!("{name} has no column `{column}`"), help))
            }
        }
    }

    /// Codes the columns of these slots, row by row, and gives the coders back.
    fn read(self, slots: &[Slot], texts: &Texts, mut each: impl FnMut(&[Coded])) -> Result<Vec<Coder>, Problem> {
        let places: Vec<usize> = slots
            .iter()
            .map(|slot| self.place(&slot.column))
            .collect::<Result<_, _>>()?;
        let name = self.input.shown();
        let plain = self.input.known()?.plain.clone();
        let Some((mut records, what)) = records(&self.input, &Data::default())? else {
            return Err(Problem::usage(
                format!("{name} is a tally, and tallies keep no rows"),
                "name a table",
            ));
        };
        // How numbers are written is known of the lists and not of this table.
        let texts = Texts {
            plain,
            decimal: None,
            ..texts.clone()
        };
        let mut coders: Vec<Coder> = slots.iter().map(|slot| Coder::new(slot, &texts)).collect();
        let mut record = Record::new();
        let mut row = Vec::with_capacity(slots.len());
        let mut number = 0usize;
        while let Some(place) = records.next(&mut record)? {
            row.clear();
            for (coder, column) in coders.iter_mut().zip(&places) {
                let cell = record.get(*column).and_then(Option::as_deref).unwrap_or_default();
                let coded = coder.text(cell.as_bytes()).map_err(|unusable| {
                    let at = self.input.place(number as u64);
                    unusable.at(&at.unwrap_or_else(|| format!("{name}, {what} {place}")))
                })?;
                row.push(coded);
            }
            number += 1;
            if number > MOST_ROWS {
                return Err(Problem::data(
                    format!(
                        "{name} has more than {} rows, which is more than is kept in memory",
                        thousands(MOST_ROWS as u64)
                    ),
                    "leave out of it the users who have no list",
                ));
            }
            each(&row);
        }
        Ok(coders)
    }
}
