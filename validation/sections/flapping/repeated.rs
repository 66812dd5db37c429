//! Twenty commits that change nothing, checked against one stored baseline.

use super::{RUNS, percent, rates, rule, thousands, ticks};
use crate::page::table;
use crate::plot::{Chart, Mark, Row};
use crate::study::flapping::{Process, Said, Told};

const COMMITS: usize = 20;
const RATE: f64 = 0.3;
const RATIOS: [f64; 3] = [1.0, 0.95, 0.8];
const PEOPLE: [u64; 3] = [500, 5_000, 50_000];

/// A process, and what was said of twenty checks of it.
pub struct Tried {
    ratio: f64,
    people: u64,
    told: Told,
}

pub fn tried() -> Result<Vec<Tried>, String> {
    let mut results = Vec::new();
    for ratio in RATIOS {
        for people in PEOPLE {
            let process = Process {
                // Past the drops.
                stream: 3_200_000_000 + results.len() as u32,
                people,
                before: rates(2, ratio, RATE),
                since: rates(2, ratio, RATE),
                checks: COMMITS,
            };
            results.push(Tried {
                ratio,
                people,
                told: process.simulate(RUNS)?,
            });
        }
    }
    Ok(results)
}

pub fn text(results: &[Tried]) -> String {
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|tried| {
            let told = &tried.told;
            let mut row = vec![tried.ratio.to_string(), thousands(tried.people)];
            row.push(percent(told.share(Said::Fail)));
            let ever = [Said::Fail, Said::Bound, Said::Change, Said::Point, Said::Subtraction];
            row.extend(ever.map(|said| percent(told.share_ever(said))));
            row
        })
        .collect();
    let head = [
        "true ratio",
        "people each",
        "one check fails",
        "any of 20 fails",
        "by the bound",
        "by the change",
        "point threshold: any of 20",
        "subtraction: any of 20",
    ];
    format!(
        "**And at every commit?** One baseline is stored, and {COMMITS} commits that change nothing are checked against it, \
         each on new data; {} such histories of two groups at a rate of {RATE}. How often does any of the {COMMITS} fail? If \
         checks were independent and each failed in {}, it would be {}.\n\n\
         ![How often any of twenty checks fails](validation/flapping-commits.svg)\n\n{}",
        thousands(u64::from(RUNS)),
        percent(rule().alpha),
        percent(1.0 - (1.0 - rule().alpha).powi(COMMITS as i32)),
        table(&head, 0, &rows)
    )
}

pub fn chart(results: &[Tried]) -> Chart {
    let rows = results.iter().map(|tried| Row {
        label: format!("ratio {}, {} people each", tried.ratio, thousands(tried.people)),
        marks: [Said::Fail, Said::Point, Said::Subtraction]
            .map(|said| Some(Mark::point(tried.told.share_ever(said))))
            .to_vec(),
    });
    Chart {
        title: format!("Share of histories of {COMMITS} unchanged commits in which any check fails"),
        description: "For each true ratio and number of people: how often any of twenty checks against one baseline fails, by \
                      the tested gate, a point threshold and a subtraction. The table below the picture has the numbers."
            .to_owned(),
        series: vec!["the gate fails", "a point threshold fails", "a subtraction fails"],
        range: (0.0, 1.0),
        ticks: ticks(10),
        lines: vec![(rule().alpha, "5 %")],
        rows: rows.collect(),
    }
}
