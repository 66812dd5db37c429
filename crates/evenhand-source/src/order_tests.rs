//! What tests of orders count: rows of a number and how often each occurs.

use evenhand_measure::Problem;
use proptest::prelude::*;

use crate::kernel::{Batch, Coder, Counter, Partial};
use crate::plan::Plan;

/// Counts rows of a number and how often it occurs, in parts as threads and files have them.
pub(crate) fn count(plan: &Plan, rows: &[(Option<f64>, u64)], parts: usize) -> Result<Partial, Vec<Problem>> {
    let size = rows.len().div_ceil(parts).max(1);
    let count = |part: &[(Option<f64>, u64)]| {
        let mut coders: Vec<Coder> = plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect();
        let mut counter = Counter::new(plan);
        let mut batch = Batch::new(plan);
        for (score, n) in part {
            let coded = match score {
                Some(score) => coders[0].float(*score),
                None => coders[0].absent(),
            };
            batch.columns[0].push(coded.unwrap());
            if plan.slots.len() > 1 {
                batch.columns[1].push(coders[1].int(*n as i64).unwrap());
            }
        }
        batch.rows = part.len();
        counter.add(&batch).unwrap();
        counter.finish(coders).unwrap()
    };
    let parts = rows.chunks(size).map(count);
    let whole = parts.reduce(|whole, part| whole.merge(&part).unwrap());
    Ok(whole.unwrap_or_else(|| count(&[])))
}

/// Rows of which many are different, so that numbers are not kept whole.
pub(crate) fn many() -> impl Strategy<Value = Vec<(Option<f64>, u64)>> {
    (any::<u64>(), 1.0f64..1e6, -10i32..10, 8_000usize..12_000).prop_map(|(seed, spread, exponent, rows)| {
        let mut state = seed;
        let centre = 10f64.powi(exponent);
        (0..rows)
            .map(|_| {
                // Knuth's MMIX constants.
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let share = (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5;
                (Some(centre * (1.0 + share / spread)), state >> 40 & 3)
            })
            .collect()
    })
}
