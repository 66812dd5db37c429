//! This module turns the roles of a policy into what a reader has to read: one slot per column and use.

mod beyond;
mod checks;
mod explain;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use evenhand_measure::policy::{Bins, Decimal, Quantiles, Roles, Threshold};
use evenhand_measure::tally::{Axis, Coding, Level};
use evenhand_measure::{Policy, Problem};

pub use self::explain::Explain;
pub use self::uses::{IdUse, NumberUse};
use crate::kernel::{Coder, Partial, Sieve, Unusable};
use crate::{controls, lists, median, quantiles};

/// What to read from a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// One entry per column and use; a column that plays two roles has two.
    pub slots: Vec<Slot>,
    /// What texts mean, in any column.
    pub texts: Texts,
    /// How rows become lists, where there are lists.
    pub(crate) lists: Option<Box<lists::Settings>>,
    /// How amounts are explained by controls, if they are.
    pub explain: Option<Explain>,
    /// Whether every different score and amount is kept, however many there are.
    pub exact: bool,
}

/// What texts mean before they become values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    /// Those that mean that a value is missing, in any column.
    pub missing: Vec<String>,
    /// What separates the whole part of a number from the rest, where that was said or found out. Without, numbers
    /// are plain: a point, and nothing between their digits.
    pub decimal: Option<Decimal>,
    /// The columns whose numbers are plain all the same, because the source stores them as numbers.
    pub plain: BTreeSet<String>,
    /// Whether predictions and what they are compared with are published figures, which are read once all are known.
    pub figures: bool,
    /// By column, those that are another way to write a value.
    pub map: BTreeMap<String, BTreeMap<String, String>>,
}

/// One use of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// The column's name, as in the file.
    pub column: String,
    /// What it is called in a policy and in a tally: `user.region` may be read from `region`.
    pub name: String,
    /// What its values become.
    pub purpose: Purpose,
    /// The value of all rows, where it does not come from a column of the file but from the name of a folder.
    pub fixed: Option<Level>,
    /// Levels that are known to come, in the order of their codes; none in a first pass.
    pub known: Vec<Level>,
}

impl Slot {
    /// The use of a column of this name.
    #[must_use]
    pub fn new(column: &str, purpose: Purpose) -> Self {
        Self {
            column: column.to_owned(),
            name: column.to_owned(),
            purpose,
            fixed: None,
            known: Vec::new(),
        }
    }

    /// Whether its values are those of a column of the file.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.fixed.is_none()
    }
}

/// What the values of a column become.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A part of the key of a tally's cells.
    Key(Axis, Coding),
    /// A number whose quantiles will be the edges of groups: see [`Plan::settled`].
    Parted(Axis, Quantiles),
    /// A number whose median is looked for: see [`Plan::settled`].
    Sifted(Sieve),
    /// A number if all values of the column are numbers, otherwise a part of the key: see [`Plan::settled`].
    Either(NumberUse),
    /// How many rows the record stands for.
    Count,
    /// The weight of each of those rows.
    Weight,
    /// A number that may be missing.
    Number(NumberUse),
    /// An id, of which a hash is kept while rows are read.
    Id(IdUse),
}

impl Texts {
    pub(crate) fn of(policy: &Policy) -> Self {
        Self {
            missing: policy.values.missing.clone(),
            decimal: policy.data.decimal,
            plain: BTreeSet::new(),
            figures: policy.roles.rate.is_some(),
            map: policy.values.map.clone(),
        }
    }
}

impl Plan {
    /// What has to be read for `policy`. Where the threshold is the median, or bins are quantiles,
    /// [`settled`](Self::settled) finds them.
    ///
    /// # Errors
    /// When the policy names no decision, a threshold that is no number, a median or quantiles of weighted rows, a column
    /// twice in one role, or bins that do not rise or that belong to no group column; all of them at once.
    pub fn from_policy(policy: &Policy) -> Result<Self, Vec<Problem>> {
        let roles = &policy.roles;
        if let Some(rate) = &roles.rate {
            return Self::of_rates(policy, rate);
        }
        let mut problems = Vec::new();
        let mut plan = Self {
            slots: Vec::new(),
            texts: Texts::of(policy),
            lists: lists::Settings::of(policy).map(Box::new),
            explain: Explain::of(policy),
            exact: policy.scores.exact,
        };

        for (axis, columns) in [(Axis::Protected, &roles.protected), (Axis::Strata, &roles.strata)] {
            for column in columns {
                plan.group(column, axis, policy.bins.get(column));
            }
        }
        if let Some(column) = &roles.period {
            plan.key(column, Axis::Period, Coding::AsWritten);
        }
        if let Some(column) = &roles.label {
            plan.key(column, Axis::Label, Coding::AsWritten);
        }
        match decision(policy) {
            Ok(decided) => {
                if let Some(column) = &roles.compared {
                    match checks::compared(column, policy, decided.as_ref().map(|(_, purpose)| purpose)) {
                        Ok(coding) => plan.key(column, Axis::Compared, coding),
                        Err(problem) => problems.push(problem),
                    }
                }
                plan.slots
                    .extend(decided.map(|(column, purpose)| Slot::new(column, purpose)));
            }
            Err(problem) => problems.push(problem),
        }
        if let Some(column) = unit(roles) {
            plan.key(column, Axis::Bucket, Coding::Buckets);
        }
        if let Some(column) = &roles.count {
            plan.slots.push(Slot::new(column, Purpose::Count));
        }
        if let Some(column) = &roles.weight {
            plan.slots.push(Slot::new(column, Purpose::Weight));
        }
        plan.slots.extend(beyond::slots(policy));

        problems.extend(beyond::problems(policy));
        problems.extend(plan.twice());
        problems.extend(plan.clashes());
        problems.extend(checks::unfit_bins(policy));
        if problems.is_empty() { Ok(plan) } else { Err(problems) }
    }

    /// The plan with which to count: this one, with the median and the quantiles that it may wait for. `count` has to
    /// count all rows of `place` by the plan that it is given.
    ///
    /// # Errors
    /// Those of `count`, and a score or a column with quantiles that has too few numbers.
    pub fn settled(
        mut self,
        place: &str,
        mut count: impl FnMut(&Self) -> Result<Partial, Vec<Problem>>,
    ) -> Result<Self, Vec<Problem>> {
        controls::settle(&mut self, &mut count)?;
        while let Some(slot) = self.unsettled() {
            self.slots[slot].purpose = match self.slots[slot].purpose {
                Purpose::Parted(axis, quantiles) => {
                    let edges = quantiles::edges(&self, slot, quantiles, place, &mut count)?;
                    Purpose::Key(axis, Coding::Bins(edges))
                }
                _ => {
                    let median = median::median(&self, slot, place, &mut count)?;
                    Purpose::Key(Axis::Prediction, Coding::AboveMedian(median))
                }
            };
        }
        Ok(self)
    }

    /// The slot that waits for a median or for quantiles.
    pub(crate) fn unsettled(&self) -> Option<usize> {
        let waits = |slot: &Slot| matches!(slot.purpose, Purpose::Sifted(_) | Purpose::Parted(..));
        self.slots.iter().position(waits)
    }

    /// The names of the columns to read, each once, in the order of the slots.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        for slot in self.slots.iter().filter(|slot| slot.is_read()) {
            if !columns.contains(&slot.column.as_str()) {
                columns.push(&slot.column);
            }
        }
        columns
    }

    /// The word for what a slot is read for.
    pub(crate) fn role(&self, slot: &Slot) -> &'static str {
        match &slot.purpose {
            Purpose::Key(_, Coding::Share(_)) => "rate",
            // Sizes are kept as they are written until the rates become counts.
            Purpose::Key(Axis::Compared, _) if self.published().is_some() => "count",
            Purpose::Key(axis, _) | Purpose::Parted(axis, _) => role_name(*axis),
            Purpose::Sifted(_) => role_name(Axis::Prediction),
            Purpose::Count => "count",
            Purpose::Weight => "weight",
            Purpose::Number(number) | Purpose::Either(number) => number.role(),
            Purpose::Id(id) => id.role(),
        }
    }

    /// The place of the first slot with this purpose.
    #[must_use]
    pub fn place(&self, purpose: &Purpose) -> Option<usize> {
        self.slots.iter().position(|slot| slot.purpose == *purpose)
    }

    /// The plan for a source with these columns: `item.region` and `user.region` are read from `region`, where there is
    /// no column of the whole name.
    ///
    /// # Errors
    /// When two of them would then be read from the same column.
    pub fn fitted(mut self, columns: &[impl AsRef<str>]) -> Result<Self, Vec<Problem>> {
        let has = |name: &str| columns.iter().any(|column| column.as_ref() == name);
        for slot in self.slots.iter_mut().filter(|slot| !has(&slot.column)) {
            let sides = ["item.", "user."];
            let Some(own) = sides.iter().find_map(|side| slot.column.strip_prefix(side)) else {
                continue;
            };
            if has(own) {
                if let Some(map) = self.texts.map.get(&slot.name) {
                    let map = map.clone();
                    self.texts.map.entry(own.to_owned()).or_default().extend(map);
                }
                slot.column = own.to_owned();
            }
        }
        let problems = self.twice();
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// Checks that the values that all rows have can play their roles; the error does not say where they come from.
    pub(crate) fn check_fixed(&self) -> Result<(), Unusable> {
        let fixed = |slot| Coder::fixed(slot, &self.texts);
        self.slots
            .iter()
            .filter_map(fixed)
            .try_for_each(|coded| coded.map(drop))
    }

    fn group(&mut self, column: &str, axis: Axis, bins: Option<&Bins>) {
        let purpose = match bins {
            None => Purpose::Key(axis, Coding::AsWritten),
            Some(Bins::Edges(edges)) => Purpose::Key(axis, Coding::Bins(edges.clone())),
            Some(Bins::Quantiles(quantiles)) => Purpose::Parted(axis, *quantiles),
        };
        self.slots.push(Slot::new(column, purpose));
    }

    pub(crate) fn key(&mut self, column: &str, axis: Axis, coding: Coding) {
        self.slots.push(Slot::new(column, Purpose::Key(axis, coding)));
    }
}

/// The word for a role in messages.
pub(crate) fn role_name(axis: Axis) -> &'static str {
    match axis {
        Axis::Protected => "protected",
        Axis::Strata => "strata",
        Axis::Period => "period",
        Axis::Label => "label",
        Axis::Prediction => "prediction",
        Axis::Compared => "compared",
        Axis::Bucket => "cluster",
        Axis::Control => "controls",
        Axis::Category => "category",
        Axis::Rank => "rank",
        Axis::Relevance => "relevance",
    }
}

/// The unit that repeats: the cluster, or whose list or amount a row is.
pub(crate) fn unit(roles: &Roles) -> Option<&String> {
    roles.cluster.as_ref().or(roles.user.as_ref()).or(roles.list.as_ref())
}

/// The column that holds the decision, and how its values become decisions; nothing where scores, amounts or lists are
/// all there is to audit.
fn decision(policy: &Policy) -> Result<Option<(&str, Purpose)>, Problem> {
    let roles = &policy.roles;
    let key = |coding| Purpose::Key(Axis::Prediction, coding);
    match (&roles.prediction, &roles.score, roles.threshold) {
        (Some(column), ..) => Ok(Some((column, key(Coding::AsWritten)))),
        (None, Some(_), Some(Threshold::AtLeast(threshold))) if !threshold.is_finite() => Err(Problem::usage(
            format!("the threshold {threshold} is not a finite number"),
            "give the lowest score that is a positive decision, such as `--threshold 0.5`",
        )),
        // Adding zero turns -0.0 into 0.0: the same threshold must not be written in two ways.
        (None, Some(column), Some(Threshold::AtLeast(threshold))) => {
            Ok(Some((column, key(Coding::AtLeast(threshold + 0.0)))))
        }
        // The rule that asks for a median speaks of applicants, not of what each of them weighs.
        (None, Some(column), Some(Threshold::Median)) => match &roles.weight {
            Some(weight) => Err(Problem::usage(
                format!("the median of `{column}` is that of its rows, and `{weight}` gives them different weights"),
                "leave the weight out, or give the threshold as a number",
            )),
            None => Ok(Some((column, Purpose::Sifted(Sieve::default())))),
        },
        (None, Some(_), None) => Ok(None),
        (None, None, _) if beyond::has_amounts_or_lists(roles) => Ok(None),
        (None, None, _) => Err(Problem::usage(
            "no column is given that holds the decision",
            "name it with `--prediction COLUMN`, or a score with `--score COLUMN --threshold X`, an amount with \
             `--amount COLUMN`, or recommended lists with `--list COLUMN --item COLUMN`",
        )),
    }
}

#[cfg(test)]
mod tests;
