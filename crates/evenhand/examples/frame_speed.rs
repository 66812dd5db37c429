//! How long it takes to count a data frame in memory, and to audit it.
//!
//!     cargo run --release -p evenhand --example frame_speed -- --rows 1000000 --rounds 11 --as text --threads 2
//!
//! makes three group columns, a label and a decision from a seed and prints the times as JSON. `--as` says what the
//! columns hold: `text`, `bool` (text groups, true/false outcomes) or `categorical` (categories all over).
#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::time::Instant;

use evenhand::{Policy, Problem, audit, tally};
use polars::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read()?;
    if let Some(threads) = options.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?;
    }
    let frame = frame(options.rows, &options.kind)?;
    let policy = policy();
    let cells = tally(&frame, &policy).map_err(joined)?.decisions.cells().count();

    let (mut tallies, mut audits) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let start = Instant::now();
        let counted = tally(&frame, &policy).map_err(joined)?;
        tallies.push(start.elapsed().as_secs_f64() * 1e3);
        assert_eq!(counted.records, options.rows as u64);

        let start = Instant::now();
        let audited = audit(&frame, &policy).map_err(joined)?;
        audits.push(start.elapsed().as_secs_f64() * 1e3);
        assert!(!audited.rates.is_empty());
    }
    println!(
        "{{\"rows\": {}, \"as\": \"{}\", \"threads\": {}, \"cells\": {cells}, \"rounds\": {}, {}, {}}}",
        options.rows,
        options.kind,
        rayon::current_num_threads(),
        options.rounds,
        summary("tally", &mut tallies),
        summary("tally_and_audit", &mut audits),
    );
    Ok(())
}

struct Options {
    rows: usize,
    rounds: usize,
    threads: Option<usize>,
    kind: String,
}

impl Options {
    fn read() -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            rows: 1_000_000,
            rounds: 11,
            threads: None,
            kind: "text".to_owned(),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--rows" => options.rows = value.parse()?,
                "--rounds" => options.rounds = value.parse::<usize>()?.max(1),
                "--threads" => options.threads = Some(value.parse()?),
                "--as" if matches!(value.as_str(), "text" | "bool" | "categorical") => options.kind = value,
                _ => return Err(format!("{name} {value} is not known").into()),
            }
        }
        Ok(options)
    }
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = ["sex", "race", "age"].map(String::from).to_vec();
    policy.roles.label = Some("repaid".to_owned());
    policy.roles.prediction = Some("approved".to_owned());
    policy
}

/// Rows from a seed (Knuth's MMIX generator); groups differ in how often they repay and are approved.
fn frame(rows: usize, kind: &str) -> PolarsResult<DataFrame> {
    const SEXES: [&str; 2] = ["Female", "Male"];
    const RACES: [&str; 6] = ["White", "Black", "Hispanic", "Asian", "Native American", "Other"];
    const AGES: [&str; 3] = ["under 25", "25 to 45", "over 45"];
    let mut state = 20_260_101u64;
    let mut below = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let (mut sexes, mut races, mut ages, mut labels, mut decisions) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let (sex, race, age) = (below(2), below(12).saturating_sub(6), below(3));
        let label = below(100) < 55 + 5 * age;
        let approved = below(100) < if label { 70 - 2 * race } else { 25 + 4 * sex };
        sexes.push(SEXES[sex as usize]);
        races.push(RACES[race as usize]);
        ages.push(AGES[age as usize]);
        labels.push(label);
        decisions.push(approved);
    }
    let mut frame = df!("sex" => sexes, "race" => races, "age" => ages, "repaid" => labels, "approved" => decisions)?;
    if kind == "bool" {
        return Ok(frame);
    }
    for name in ["repaid", "approved"] {
        let text = frame
            .column(name)?
            .bool()?
            .iter()
            .map(|value| value.map(|yes| if yes { "yes" } else { "no" }));
        let text = text.collect::<StringChunked>().with_name(name.into());
        frame.with_column(text.into_series().into())?;
    }
    if kind == "categorical" {
        let category = DataType::from_categories(Categories::global());
        for name in ["sex", "race", "age", "repaid", "approved"] {
            let column = frame.column(name)?.cast(&category)?;
            frame.with_column(column)?;
        }
    }
    Ok(frame)
}

fn summary(name: &str, times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let (least, median) = (times[0], times[times.len() / 2]);
    format!("\"{name}\": {{\"median_ms\": {median:.3}, \"least_ms\": {least:.3}}}")
}

fn joined(problems: Vec<Problem>) -> Box<dyn Error> {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
        .into()
}
