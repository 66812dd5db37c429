//! This module computes the tables that a rule asks to be published: counts, rates and impact ratios by category.

use crate::catalogue::SELECTION_RATE;
use crate::policy::{Publish, find_preset};
use crate::tally::Coding;

use super::Run;
use super::groups::{GroupOf, Partition};
use super::model::{GroupKind, ImpactRow, ImpactTable, Publication};

/// The tables that the policy's preset publishes, if it does.
pub(super) fn publication(run: &Run<'_>) -> Option<Publication> {
    let publish = run.policy.publication.as_ref()?;
    let preset = run.policy.preset.as_deref().and_then(|id| find_preset(id).ok());
    // Another preset may go with tables of one's own; its title is not theirs.
    let preset = preset.filter(|preset| preset.policy.publication.is_some());
    let scored = run.reading.prediction.as_ref().is_some_and(|events| {
        let dimension = &run.reading.cube.dimensions()[events.position];
        matches!(dimension.coding, Coding::AboveMedian(_))
    });
    let mut notes: Vec<String> = preset.map(|preset| preset.notes.clone()).unwrap_or_default();
    if let (Some(_), Some(why)) = (publish.exclude_below, &publish.justification) {
        notes.push(format!("Why categories were left out of the impact ratios: {why}"));
    }
    Some(Publication {
        preset: preset.map(|preset| preset.id.clone()),
        title: preset.map(|preset| preset.title.clone()),
        as_of: preset.map(|preset| preset.as_of.clone()),
        sources: preset.map(|preset| preset.sources.clone()).unwrap_or_default(),
        kind: if scored { "scoring" } else { "selection" }.to_owned(),
        complement: run.adverse,
        rows: run.split.overall.whole.rows(),
        tables: run
            .split
            .partitions
            .iter()
            .map(|partition| table(partition, publish, run.adverse))
            .collect(),
        notes,
    })
}

fn table(partition: &Partition, publish: &Publish, adverse: bool) -> ImpactTable {
    let judged: Vec<&GroupOf> = partition
        .groups
        .iter()
        .filter(|of| of.kind == GroupKind::Judged)
        .collect();
    // Where the event is bad for the person, those whom it spares are the selected.
    let people = |of: &GroupOf| {
        let (with_it, all) = SELECTION_RATE.counts(&of.members.whole);
        (if adverse { all - with_it } else { with_it }, all)
    };
    let known: u64 = judged.iter().map(|of| people(of).1).sum();
    let all: u64 = partition.groups.iter().map(|of| people(of).1).sum();
    let share = |applicants: u64| {
        if known > 0 {
            applicants as f64 / known as f64
        } else {
            0.0
        }
    };
    let excluded = |of: &GroupOf| publish.exclude_below.is_some_and(|least| share(people(of).1) < least);
    // The highest of exact fractions, by whole numbers: rates that differ in the last digit must not tie.
    let highest = judged
        .iter()
        .filter(|of| !excluded(of) && people(of).1 > 0)
        .reduce(|kept, next| {
            let ((x, n), (best, of_best)) = (people(next), people(kept));
            if u128::from(x) * u128::from(of_best) > u128::from(best) * u128::from(n) {
                next
            } else {
                kept
            }
        });
    let rows = judged
        .iter()
        .map(|of| {
            let (selected, applicants) = people(of);
            let rate = (applicants > 0).then(|| selected as f64 / applicants as f64);
            let top = highest.map(|top| people(top)).filter(|(selected, _)| *selected > 0);
            let ratio = top.and_then(|(best, of_best)| {
                // One division of whole products, so that the ratio of equal rates is 1 to the last bit.
                rate.map(|_| (selected as f64 * of_best as f64) / (best as f64 * applicants as f64))
            });
            let why = match (rate, ratio) {
                (None, _) => Some("not computable: nobody is in the category".to_owned()),
                _ if excluded(of) => Some(format!(
                    "left out of the impact ratios: {:.2} % of the people in this table, under {} %",
                    100.0 * share(applicants),
                    100.0 * publish.exclude_below.unwrap_or_default()
                )),
                (_, None) => Some("not computable: the highest rate is 0".to_owned()),
                _ => None,
            };
            ImpactRow {
                group: of.group.clone(),
                applicants,
                selected,
                rate,
                impact_ratio: ratio.filter(|_| why.is_none()),
                share: share(applicants),
                why,
            }
        })
        .collect();
    ImpactTable {
        by: partition.by.clone(),
        known,
        unknown: all - known,
        highest: highest.map(|of| of.group.clone()),
        rows,
    }
}
