//! Times the bootstrap of all rates: `bootstrap REPLICATES [FILE.tally.json]`.
//!
//! Without a file it resamples 1,000 cells: three attributes of 5, 10 and 5 groups, with label and decision, a million
//! rows. It prints one line of JSON. `seconds` is all of it: drawing, counting, every rate of every group in every
//! replicate, their means, standard errors and percentile intervals. `simultaneous_seconds` is an audit of the same
//! tally with simultaneous intervals, less one without: all comparisons of the default checks in every replicate.
//! The number of threads is rayon's: `RAYON_NUM_THREADS=1`.
#![allow(clippy::print_stdout)]

#[path = "../benches/cells/mod.rs"]
mod cells;

use std::error::Error;
use std::time::Instant;

use evenhand_measure::audit::bootstrap;
use evenhand_measure::{Policy, Tally, audit, listed};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let replicates = arguments.next().as_deref().unwrap_or("10000").parse()?;
    let tally = match arguments.next() {
        Some(path) => Tally::from_json(&std::fs::read_to_string(path)?)?,
        None => cells::tally(1),
    };
    let mut policy = Policy::default();
    policy.inference.replicates = replicates;

    let start = Instant::now();
    let bootstrap = bootstrap::of(&tally, &policy).map_err(words)?;
    let drawn = start.elapsed().as_secs_f64();
    let (groups, rates) = (bootstrap.groups.len(), bootstrap.rates.len());
    let known = bootstrap.spreads(0.95).into_iter().flatten().count();
    let seconds = start.elapsed().as_secs_f64();

    let timed = |policy: &Policy| -> Result<f64, Box<dyn Error>> {
        let start = Instant::now();
        audit(&tally, policy).map_err(words)?;
        Ok(start.elapsed().as_secs_f64())
    };
    let without = timed(&policy)?;
    policy.inference.simultaneous = true;
    let simultaneous = timed(&policy)? - without;

    println!(
        "{{\"cells\":{},\"groups\":{groups},\"rates\":{rates},\"spreads\":{known},\"replicates\":{replicates},\
         \"drawn_seconds\":{drawn:.4},\"seconds\":{seconds:.4},\"simultaneous_seconds\":{simultaneous:.4},\
         \"threads\":{}}}",
        bootstrap.cells,
        rayon::current_num_threads(),
    );
    Ok(())
}

fn words(problems: Vec<evenhand_measure::Problem>) -> String {
    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
    listed(&words, 3)
}
