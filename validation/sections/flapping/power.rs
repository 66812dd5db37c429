//! How often a true drop is caught.

use super::{RUNS, percent, rule, thousands, ticks};
use crate::page::{Limit, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::flapping::{Process, Said, Told};

const RATES: [f64; 2] = [0.3, 0.5];
const PEOPLE: [u64; 4] = [500, 2_000, 5_000, 50_000];
/// What the ratio was.
const BEFORE: f64 = 0.95;
/// By how much it drops.
const DROPS: [f64; 5] = [0.0, 0.05, 0.1, 0.15, 0.2];

/// What has to be caught: this drop, with so many people, in this share of checks.
const DUE: (f64, u64, f64) = (0.15, 5_000, 0.95);

/// A drop of the ratio, and what was said of it.
pub struct Tried {
    rate: f64,
    people: u64,
    drop: f64,
    told: Told,
}

pub fn tried() -> Result<Vec<Tried>, String> {
    let mut results = Vec::new();
    for rate in RATES {
        for people in PEOPLE {
            for drop in DROPS {
                let process = Process {
                    // Past the unchanged processes.
                    stream: 3_100_000_000 + results.len() as u32,
                    people,
                    before: vec![BEFORE * rate, rate],
                    since: vec![(BEFORE - drop) * rate, rate],
                    checks: 1,
                };
                results.push(Tried {
                    rate,
                    people,
                    drop,
                    told: process.simulate(RUNS)?,
                });
            }
        }
    }
    Ok(results)
}

/// What the ratio is after a drop.
fn after(drop: f64) -> String {
    format!("{:.2}", BEFORE - drop)
}

pub fn limits(results: &[Tried]) -> Vec<Limit> {
    let (drop, people, least) = DUE;
    let due = results
        .iter()
        .filter(|tried| tried.drop == drop && tried.people == people);
    due.map(|tried| {
        let share = tried.told.share(Said::Change);
        Limit {
            what: format!(
                "share of checks in which a drop of the ratio from {BEFORE} to {} is shown, two groups of {}, rate {}, \
                 tolerance {}",
                after(drop),
                thousands(people),
                tried.rate,
                rule().tolerance
            ),
            required: format!("at least {}", percent(least)),
            found: percent(share),
            met: Some(share >= least),
        }
    })
    .collect()
}

pub fn text(results: &[Tried]) -> String {
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|tried| {
            let told = &tried.told;
            let mut row = vec![
                tried.rate.to_string(),
                thousands(tried.people),
                after(tried.drop),
                tried.drop.to_string(),
            ];
            let said = [Said::Change, Said::Fail, Said::Open, Said::Point, Said::Subtraction];
            row.extend(said.map(|said| percent(told.share(said))));
            row.push(told.detectable().map_or("-".to_owned(), |drop| format!("{drop:.3}")));
            row
        })
        .collect();
    let head = [
        "rate",
        "people each",
        "true ratio",
        "drop",
        "the change is shown",
        "the gate fails",
        "the gate is open",
        "point threshold fails",
        "subtraction fails",
        "smallest drop that the gate says it could have shown",
    ];
    format!(
        "**Is a true drop caught?** The ratio of two groups was {BEFORE}; then it drops. The first line of each five is no \
         drop. What a gate says it could have shown is with 80 % power; the column is its mean.\n\n\
         ![How often a true drop is caught](validation/flapping-power.svg)\n\n{}",
        table(&head, 0, &rows)
    )
}

pub fn chart(results: &[Tried]) -> Chart {
    let rows = results.iter().map(|tried| {
        let share = tried.told.share(Said::Change);
        let error = 2.0 * (share * (1.0 - share) / tried.told.checks as f64).sqrt();
        Row {
            label: format!(
                "rate {}, {} each, drop {}",
                tried.rate,
                thousands(tried.people),
                tried.drop
            ),
            marks: vec![
                Some(Mark {
                    low: share - error,
                    at: share,
                    high: share + error,
                }),
                Some(Mark::point(tried.told.share(Said::Point))),
                Some(Mark::point(tried.told.share(Said::Subtraction))),
            ],
        }
    });
    Chart {
        title: format!("Share of checks in which a drop of the ratio from {BEFORE} is caught"),
        description: "For each rate, number of people and drop: how often the gate shows the change, with two standard \
                      errors, and how often a point threshold and a subtraction fail. Without a drop the gate stays under \
                      5 %. With 5,000 people it shows a drop of 0.15 nearly always. The table below has the numbers."
            .to_owned(),
        series: vec!["the change is shown", "a point threshold fails", "a subtraction fails"],
        range: (0.0, 1.0),
        ticks: ticks(10),
        lines: vec![(rule().alpha, "5 %"), (DUE.2, "95 %")],
        rows: rows.collect(),
    }
}
