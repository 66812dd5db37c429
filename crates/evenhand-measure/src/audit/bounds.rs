//! This module says between what a share must lie when some of what it rests on is not known: labels, decisions, or
//! which group a row belongs to.
//!
//! Every row that is not known is placed where it lowers the share most, then where it raises it most (Manski 1990:
//! no-assumption bounds). The bounds hold whatever the reason for the missing values; they are no interval and know
//! nothing of chance.

use crate::catalogue::{Cells, Rate};
use crate::confusion::{Confusion, Event};

use super::groups::{GroupOf, Members, Open, Partition};
use super::model::GroupKind;

/// The lowest and the highest share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl Bounds {
    /// The bounds of one minus the share.
    pub(super) fn complement(self) -> Self {
        Self {
            lowest: 1.0 - self.highest,
            highest: 1.0 - self.lowest,
        }
    }
}

/// The bounds of a rate in a group. Where published figures leave open how many were selected, they hold for all counts
/// that fit.
pub(super) fn of_group(rate: &Rate, own: &Members, perhaps: &[&Members], weighted: bool) -> Option<Bounds> {
    let is_exact = |members: &Members| members.open == Open::default();
    if is_exact(own) && perhaps.iter().all(|members| is_exact(members)) {
        let perhaps: Vec<&Confusion> = perhaps.iter().map(|members| &members.whole).collect();
        return bounds(rate, &own.whole, &perhaps, weighted);
    }
    let at = |end: usize| {
        let own = &own.ends()[end];
        let perhaps: Vec<Confusion> = perhaps.iter().map(|members| members.ends()[end].clone()).collect();
        let perhaps: Vec<&Confusion> = perhaps.iter().collect();
        bounds(rate, own, &perhaps, weighted).or_else(|| {
            let (inside, all) = rate.counts(own);
            let share = (all > 0).then(|| inside as f64 / all as f64)?;
            Some(Bounds {
                lowest: share,
                highest: share,
            })
        })
    };
    let (fewest, most) = (at(0)?, at(1)?);
    Some(Bounds {
        lowest: fewest.lowest.min(most.lowest),
        highest: fewest.highest.max(most.highest),
    })
}

/// The bounds of a rate in a group whose own rows are `own`; rows of `perhaps` may belong to it or not. `None` when
/// nothing that matters for the rate is unknown, or when the rate may be of nobody.
pub(super) fn bounds(rate: &Rate, own: &Confusion, perhaps: &[&Confusion], weighted: bool) -> Option<Bounds> {
    let is_known = [
        &own.selected_unlabelled,
        &own.rejected_unlabelled,
        &own.positive_unpredicted,
        &own.negative_unpredicted,
        &own.unknown,
    ]
    .iter()
    .all(|mass| mass.rows == 0);
    if is_known && perhaps.is_empty() {
        return None;
    }
    let amount = |confusion: &Confusion, prediction, label| {
        let mass = confusion.mass(prediction, label);
        if weighted {
            mass.weight.value()
        } else {
            mass.rows as f64
        }
    };
    let rest = rate.denominator.without(rate.numerator);
    let mut places = Vec::new();
    for (prediction, label) in ALL_EVENTS {
        let cells = possible(prediction, label);
        places.push(Place {
            amount: amount(own, prediction, label),
            cells,
            optional: false,
        });
        for confusion in perhaps {
            places.push(Place {
                amount: amount(confusion, prediction, label),
                cells,
                optional: true,
            });
        }
    }
    places.retain(|place| place.amount > 0.0);
    let is_open = |place: &&Place| place.optional || place.options(rate.numerator, rest).len() > 1;
    places.iter().find(is_open)?;
    let highest = highest(&places, rate.numerator, rest)?;
    let lowest = 1.0 - self::highest(&places, rest, rate.numerator)?;
    Some(Bounds { lowest, highest })
}

const ALL_EVENTS: [(Event, Event); 9] = {
    use Event::{Negative, Positive, Unknown};
    [
        (Positive, Positive),
        (Positive, Negative),
        (Positive, Unknown),
        (Negative, Positive),
        (Negative, Negative),
        (Negative, Unknown),
        (Unknown, Positive),
        (Unknown, Negative),
        (Unknown, Unknown),
    ]
};

/// Rows of which the same is known.
struct Place {
    amount: f64,
    /// The cells that they may be in.
    cells: Cells,
    /// Whether they may be of another group.
    optional: bool,
}

/// Where rows may count: within the wanted part of the denominator, in the rest of it, or nowhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Wanted,
    Rest,
    Nowhere,
}

impl Place {
    fn options(&self, wanted: Cells, rest: Cells) -> Vec<Counts> {
        let mut options = Vec::new();
        for cell in [Cells::TP, Cells::FP, Cells::FN, Cells::TN] {
            let counts = match () {
                () if wanted.contains(cell) => Counts::Wanted,
                () if rest.contains(cell) => Counts::Rest,
                () => Counts::Nowhere,
            };
            if self.cells.contains(cell) && !options.contains(&counts) {
                options.push(counts);
            }
        }
        if self.optional && !options.contains(&Counts::Nowhere) {
            options.push(Counts::Nowhere);
        }
        options
    }
}

/// The cells that rows with this decision and label may be in.
fn possible(prediction: Event, label: Event) -> Cells {
    let by_prediction = match prediction {
        Event::Positive => Cells::TP | Cells::FP,
        Event::Negative => Cells::FN | Cells::TN,
        Event::Unknown => Cells::ALL,
    };
    match label {
        Event::Positive => by_prediction.without(Cells::FP | Cells::TN),
        Event::Negative => by_prediction.without(Cells::TP | Cells::FN),
        Event::Unknown => by_prediction,
    }
}

/// The highest share of `wanted` that any placing of the rows gives. A row adds to the share wherever it can count as
/// wanted; else it is best nowhere, else in the rest. `None` when nobody need count at all.
fn highest(places: &[Place], wanted: Cells, rest: Cells) -> Option<f64> {
    let (mut inside, mut outside) = (0.0, 0.0);
    for place in places {
        let options = place.options(wanted, rest);
        match () {
            () if options.contains(&Counts::Wanted) => inside += place.amount,
            () if options.contains(&Counts::Nowhere) => {}
            () => outside += place.amount,
        }
    }
    (inside + outside > 0.0).then(|| inside / (inside + outside))
}

/// The rows of a partition that may belong to a group: those whose attributes are unknown where they are not its own.
pub(super) fn perhaps_in<'p>(partition: &'p Partition, of: &GroupOf) -> Vec<&'p Members> {
    let fits = |other: &&GroupOf| {
        other.kind != GroupKind::Judged
            && other.group.iter().all(|(column, value)| {
                value.is_none() || other.silent.contains(column) || of.group.get(column) == Some(value)
            })
    };
    partition
        .groups
        .iter()
        .filter(fits)
        .map(|other| &other.members)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::RATES;
    use crate::tally::Counts as Rows;

    fn rate(id: &str) -> &'static Rate {
        RATES.iter().find(|rate| rate.id == id).unwrap()
    }

    fn confusion(rows: &[(Event, Event, u64)]) -> Confusion {
        let mut confusion = Confusion::default();
        for &(prediction, label, n) in rows {
            confusion.add(prediction, label, &Rows::of(n));
        }
        confusion
    }

    #[test]
    fn outcomes_known_only_of_the_approved() {
        use Event::{Negative, Positive, Unknown};
        // Two groups of 200: 120 approved of whom 108 repay, and 60 approved of whom 57 repay.
        let of = |approved: u64, good: u64| {
            confusion(&[
                (Positive, Positive, good),
                (Positive, Negative, approved - good),
                (Negative, Unknown, 200 - approved),
            ])
        };
        let near = |id: &str, confusion: &Confusion, lowest: f64, highest: f64| {
            let found = bounds(rate(id), confusion, &[], false).unwrap();
            // 1e-12: one division of whole numbers.
            assert!((found.lowest - lowest).abs() < 1e-12, "{id} {found:?}");
            assert!((found.highest - highest).abs() < 1e-12, "{id} {found:?}");
        };
        let (a, b) = (of(120, 108), of(60, 57));
        near("base-rate", &a, 0.54, 0.94);
        near("base-rate", &b, 0.285, 0.985);
        near("true-positive-rate", &a, 108.0 / 188.0, 1.0);
        near("true-positive-rate", &b, 57.0 / 197.0, 1.0);
        assert_eq!(bounds(rate("positive-predictive-value"), &a, &[], false), None);
        assert_eq!(bounds(rate("selection-rate"), &a, &[], false), None);
    }

    #[test]
    fn every_placing_of_a_few_rows_lies_within_the_bounds() {
        use Event::{Negative, Positive, Unknown};
        let own = confusion(&[
            (Positive, Positive, 3),
            (Positive, Negative, 1),
            (Negative, Positive, 2),
            (Negative, Negative, 2),
            (Positive, Unknown, 2),
            (Negative, Unknown, 1),
            (Unknown, Negative, 1),
        ]);
        let perhaps = confusion(&[(Positive, Positive, 1), (Negative, Unknown, 1)]);
        // Every row that is not known, one by one, and where it may go.
        let cells = [Cells::TP, Cells::FP, Cells::FN, Cells::TN];
        let mut open: Vec<Vec<Option<Cells>>> = Vec::new();
        for (confusion, optional) in [(&own, false), (&perhaps, true)] {
            for (prediction, label) in ALL_EVENTS {
                let may = possible(prediction, label);
                let mut options: Vec<Option<Cells>> =
                    cells.iter().copied().filter(|c| may.contains(*c)).map(Some).collect();
                if optional {
                    options.push(None);
                }
                for _ in 0..confusion.mass(prediction, label).rows {
                    open.push(options.clone());
                }
            }
        }
        let mut placings: Vec<[u32; 4]> = vec![[0; 4]];
        for options in &open {
            placings = placings
                .iter()
                .flat_map(|placing| {
                    options.iter().map(|option| {
                        let mut next = *placing;
                        if let Some(index) = option.and_then(|cell| cells.iter().position(|c| *c == cell)) {
                            next[index] += 1;
                        }
                        next
                    })
                })
                .collect();
            placings.sort_unstable();
            placings.dedup();
        }
        for rate in RATES {
            let sum = |placing: &[u32; 4], set: Cells| -> u32 {
                cells
                    .iter()
                    .zip(placing)
                    .filter(|(c, _)| set.contains(**c))
                    .map(|(_, n)| n)
                    .sum()
            };
            let shares: Vec<f64> = placings
                .iter()
                .filter(|placing| sum(placing, rate.denominator) > 0)
                .map(|placing| f64::from(sum(placing, rate.numerator)) / f64::from(sum(placing, rate.denominator)))
                .collect();
            let (low, high) = shares.iter().fold((1.0f64, 0.0f64), |(l, h), s| (l.min(*s), h.max(*s)));
            let found = bounds(rate, &own, &[&perhaps], false).unwrap();
            assert!(
                (found.lowest - low).abs() < 1e-12 && (found.highest - high).abs() < 1e-12,
                "{}",
                rate.id
            );
        }
    }
}
