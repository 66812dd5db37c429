//! This module splits gaps in amounts into composition and treatment over strata.

use std::collections::BTreeMap;

use super::ControlView;
use super::beside::test;
use crate::audit::measured::{Context, parted};
use crate::audit::model::{GroupKind, NamedTest};
use crate::catalogue::methods::KITAGAWA_AMOUNTS;
use crate::regression::{Mean, kitagawa as split};
use crate::tally::{Axis, Measured, NumberRole, Numbers};

/// The strata, and in each the rows of a group with the sum of what is compared.
type Strata = BTreeMap<Vec<u32>, (u64, f64)>;

/// Whether the amounts are kept by strata.
pub(super) fn are_there(amounts: &Measured) -> bool {
    amounts.cells.positions(Axis::Strata).next().is_some()
}

/// The decomposition of each judged group's gap to the reference.
pub(super) fn kitagawa(context: Context<'_>, view: &ControlView) -> Vec<NamedTest> {
    let Some(amounts) = context
        .tally
        .numbers(NumberRole::Amount)
        .filter(|amounts| are_there(amounts))
    else {
        return Vec::new();
    };
    let (Some(parted), Some(reference)) = (parted(context, &amounts.cells, &view.by), view.reference) else {
        return Vec::new();
    };
    let positions: Vec<usize> = amounts.cells.positions(Axis::Strata).collect();
    let columns: Vec<String> = positions
        .iter()
        .map(|&position| amounts.cells.dimensions()[position].column.clone())
        .collect();
    let of = |name: &crate::audit::model::Group| {
        let part = parted.iter().find(|part| part.group == *name)?;
        Some(by_stratum(&part.cells, &positions, view.log))
    };
    let Some(of_reference) = of(&view.named[reference].group) else {
        return Vec::new();
    };
    let judged = view.named.iter().filter(|named| named.kind == GroupKind::Judged);
    judged
        .filter(|named| named.group != view.named[reference].group)
        .map(|named| {
            let test = NamedTest {
                pooled_over: columns.clone(),
                ..test(view, &KITAGAWA_AMOUNTS, &named.group)
            };
            let parts = || -> Result<_, String> {
                let of_group = of(&named.group).unwrap_or_else(|| Ok(Strata::new()))?;
                let of_reference = of_reference.clone()?;
                let keys: std::collections::BTreeSet<&Vec<u32>> = of_group.keys().chain(of_reference.keys()).collect();
                let mean = |strata: &Strata, key: &Vec<u32>| -> Mean {
                    let (n, sum) = strata.get(key).copied().unwrap_or_default();
                    (n, if n > 0 { sum / n as f64 } else { 0.0 })
                };
                let strata: Vec<(Mean, Mean)> = keys
                    .into_iter()
                    .map(|key| (mean(&of_group, key), mean(&of_reference, key)))
                    .collect();
                split(&strata)
            };
            match parts() {
                Ok(parts) => NamedTest {
                    estimate: Some(parts.composition),
                    note: Some(format!(
                        "{}; of a gap of {:.6} different amounts within the strata make {:.6}",
                        super::beside::unit(view.log),
                        parts.gap,
                        parts.rate
                    )),
                    ..test
                },
                Err(why) => NamedTest {
                    not_computed: Some(why),
                    ..test
                },
            }
        })
        .collect()
}

/// Rows and sums by stratum.
fn by_stratum(cells: &[(&[u32], &Numbers)], positions: &[usize], log: bool) -> Result<Strata, String> {
    let mut strata = Strata::new();
    for (key, numbers) in cells {
        if numbers.n() == 0 {
            continue;
        }
        if log && numbers.sums.not_positive > 0 {
            return Err("amounts of 0 or less have no logarithm".to_owned());
        }
        let sum = if log { &numbers.sums.logs } else { &numbers.sums.sum };
        let stratum = strata
            .entry(positions.iter().map(|&position| key[position]).collect())
            .or_default();
        stratum.0 += numbers.n();
        stratum.1 += sum.value();
    }
    Ok(strata)
}
