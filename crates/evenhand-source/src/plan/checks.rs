//! This module is what a plan cannot ask of columns: to mean two things, or one thing twice.

use evenhand_measure::policy::{Bins, check_edges};
use evenhand_measure::tally::{Axis, Coding};
use evenhand_measure::{Policy, Problem};

use super::{NumberUse, Plan, Purpose, Slot};

/// How the other model's column is read: as the decision is, so that the same value counts.
pub(super) fn compared(column: &str, policy: &Policy, decided: Option<&Purpose>) -> Result<Coding, Problem> {
    if let Some(weight) = &policy.roles.weight {
        return Err(Problem::usage(
            format!("paired tests know no weights yet: `{column}` is compared, and `{weight}` is the weight"),
            "leave the weight out, or audit the two models one by one",
        ));
    }
    match decided {
        Some(Purpose::Key(_, coding)) => Ok(coding.clone()),
        Some(_) => Err(Problem::usage(
            format!("the median of the score is not that of `{column}`, so the two models have no threshold in common"),
            "give the threshold as a number, or leave `--compare` out",
        )),
        None => Err(Problem::usage(
            format!("`{column}` (compared) says nothing without a decision that it is compared with"),
            "name that with `--prediction COLUMN`, or leave `--compare` out",
        )),
    }
}

impl Plan {
    /// A column that is the decision, the count or the weight has no other meaning: groups made of decisions differ
    /// in them by definition.
    pub(crate) fn clashes(&self) -> Vec<Problem> {
        let name = |slot: &Slot| self.role(slot);
        let is_jealous = |slot: &Slot| matches!(name(slot), "prediction" | "compared" | "rate" | "count" | "weight");
        // Ranges of a score may be strata of the decision that a threshold makes of it.
        let is_scored = |slot: &Slot| {
            matches!(
                slot.purpose,
                Purpose::Key(Axis::Prediction, Coding::AtLeast(_)) | Purpose::Sifted(_)
            )
        };
        let may = |one: &Slot, other: &Slot| is_scored(one) && matches!(name(other), "strata" | "score");
        let mut problems = Vec::new();
        for (index, slot) in self.slots.iter().enumerate() {
            let clash = self.slots[..index].iter().find(|other| {
                other.column == slot.column
                    && name(other) != name(slot)
                    && (is_jealous(slot) || is_jealous(other))
                    && !may(slot, other)
                    && !may(other, slot)
            });
            if let Some(other) = clash {
                problems.push(Problem::usage(
                    format!(
                        "column `{}` is given as {} and as {}",
                        slot.column,
                        name(other),
                        name(slot)
                    ),
                    "give each of the two a column of its own, or leave one out",
                ));
            }
        }
        problems
    }

    /// A tally cannot have the same axis twice.
    pub(crate) fn twice(&self) -> Vec<Problem> {
        let axis = |slot: &Slot| match &slot.purpose {
            Purpose::Key(axis, _) | Purpose::Parted(axis, _) => Some(*axis),
            Purpose::Either(_) | Purpose::Number(NumberUse::Control) => Some(Axis::Control),
            Purpose::Sifted(_) | Purpose::Count | Purpose::Weight | Purpose::Number(_) | Purpose::Id(_) => None,
        };
        let mut problems = Vec::new();
        for (index, slot) in self.slots.iter().enumerate() {
            let Some(role) = axis(slot) else { continue };
            let same = |other: &&Slot| axis(other) == Some(role) && other.column == slot.column;
            // Only the second of several is reported, so that each column is named once.
            if self.slots[..index].iter().filter(same).count() == 1 {
                problems.push(Problem::usage(
                    format!("column `{}` is given twice for the same role", slot.column),
                    "name it once",
                ));
            }
        }
        problems
    }
}

pub(super) fn unfit_bins(policy: &Policy) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (column, bins) in &policy.bins {
        match (bins, &policy.roles.weight) {
            (Bins::Edges(edges), _) => problems.extend(check_edges(column, edges).err()),
            // Groups of equal size are groups of as many rows, not of as much weight.
            (Bins::Quantiles(quantiles), Some(weight)) => problems.push(Problem::usage(
                format!(
                    "the {quantiles} of `{column}` are those of its rows, and `{weight}` gives them different weights"
                ),
                format!("leave the weight out, or give the edges as numbers, such as `--bins '{column}=30,45'`"),
            )),
            (Bins::Quantiles(_), None) => {}
        }
        if !policy.roles.protected.contains(column) && !policy.roles.strata.contains(column) {
            problems.push(Problem::usage(
                format!("there are bins for column `{column}`, which is neither protected nor a stratum"),
                format!("add `--protected {column}`, or take its bins away"),
            ));
        }
    }
    problems
}
