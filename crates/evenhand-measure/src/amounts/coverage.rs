//! How often intervals hold the truth, over many seeded draws.

use super::distance::{clustered_superiority, superiority};
use super::quantile::{clustered_ranks, gap, ranks};
use super::*;
use crate::inference::Interval;
use crate::tally::Numbers;

/// Draws about 0 with variance 1, always the same for a seed.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // The high bits are the better ones, and are mixed down.
        let mixed = (self.0 ^ (self.0 >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn numbers(of: &[f64]) -> Numbers {
    Numbers::of(of.iter().map(|x| (*x, 1)), 0)
}

/// So many buckets of five rows that resemble each other, about a middle.
fn buckets(draws: &mut Draws, count: usize, middle: f64) -> Vec<Vec<f64>> {
    (0..count)
        .map(|_| {
            let own = middle + draws.normal();
            (0..5).map(|_| own + 0.5 * draws.normal()).collect()
        })
        .collect()
}

const DRAWS: u64 = 600;

/// Of 600 draws 95 % is 570; three standard errors are 16.
fn holds_often_enough(name: &str, held: u64, most: u64) {
    assert!((554..=most).contains(&held), "{name}: {held} of {DRAWS}");
}

#[test]
fn intervals_of_quantile_gaps_hold_their_confidence() {
    for (tau, most) in [(0.25, 598), (0.5, 598), (0.9, 600)] {
        let (mut of_rows, mut of_buckets) = (0, 0);
        for seed in 0..DRAWS {
            let mut draws = Draws(seed * 7_919 + 1);
            let holds = |one: &Distribution, two: &Distribution, a, b| {
                let found = gap((one, a), (two, b), tau).unwrap().interval;
                // The groups are shifted by 1, so that is the gap of every quantile.
                u64::from(found.is_some_and(|ends: Interval| ends.contains(1.0)))
            };
            let one: Vec<f64> = (0..80).map(|_| 1.0 + draws.normal()).collect();
            let two: Vec<f64> = (0..60).map(|_| draws.normal()).collect();
            let [x, y] = [&one, &two].map(|of| Distribution::exact(&numbers(of)).unwrap());
            of_rows += holds(&x, &y, ranks(80, tau, 0.95), ranks(60, tau, 0.95));

            let (one, two) = (buckets(&mut draws, 60, 1.0), buckets(&mut draws, 50, 0.0));
            let [x, y] = [&one, &two].map(|of| Distribution::exact(&numbers(&of.concat())).unwrap());
            let found = |all: &Distribution, of: &[Vec<f64>]| {
                let cut = all.quantile(tau).unwrap().point;
                let counts = of
                    .iter()
                    .map(|rows| (5, rows.iter().filter(|row| **row <= cut).count() as u64));
                clustered_ranks(&counts.collect::<Vec<_>>(), tau, 0.95)
            };
            of_buckets += holds(&x, &y, found(&x, &one), found(&y, &two));
        }
        holds_often_enough(&format!("rows, {tau}"), of_rows, most);
        holds_often_enough(&format!("buckets, {tau}"), of_buckets, most);
    }
}

#[test]
fn intervals_of_superiority_hold_their_confidence() {
    // P(x > y) for a shift of 1 between normal draws: of rows with variance 1, and of rows with variance 1.25.
    let truth = |variance: f64| crate::inference::normal_cdf(1.0 / (2.0 * variance).sqrt());
    let (mut of_rows, mut of_buckets) = (0, 0);
    for seed in 0..DRAWS {
        let mut draws = Draws(seed * 104_729 + 3);
        let one: Vec<f64> = (0..80).map(|_| 1.0 + draws.normal()).collect();
        let two: Vec<f64> = (0..60).map(|_| draws.normal()).collect();
        let [x, y] = [&one, &two].map(|of| Distribution::exact(&numbers(of)).unwrap());
        let ends = superiority(&x, &y).gap.unwrap().interval(0.95);
        of_rows += u64::from(ends.contains(truth(1.0) - 0.5));

        let (one, two) = (buckets(&mut draws, 60, 1.0), buckets(&mut draws, 50, 0.0));
        let [x, y] = [&one, &two].map(|of| Distribution::exact(&numbers(&of.concat())).unwrap());
        let part = |of: &Vec<f64>| Distribution::exact(&numbers(of));
        let parts = one
            .iter()
            .map(|of| (part(of), None))
            .chain(two.iter().map(|of| (None, part(of))));
        let ends = clustered_superiority(&x, &y, &parts.collect::<Vec<_>>())
            .unwrap()
            .interval(0.95);
        of_buckets += u64::from(ends.contains(truth(1.25) - 0.5));
    }
    holds_often_enough("rows", of_rows, 590);
    holds_often_enough("buckets", of_buckets, 590);
}
