//! D: a gate that is asked at every commit.

mod power;
mod repeated;

use std::fmt::Write;

use evenhand::measure::audit::change::RegressionRule;

use crate::page::{Limit, Section, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::flapping::{Process, Said, Told};
use crate::study::simulation::SEED;

/// Baselines per scenario: the standard error of a share of 0.05 is 0.0069.
const RUNS: u32 = 1_000;

const GROUPS: [usize; 2] = [2, 5];
const RATIOS: [f64; 5] = [1.0, 0.95, 0.9, 0.85, 0.8];
const RATES: [f64; 3] = [0.05, 0.3, 0.5];
const PEOPLE: [u64; 6] = [30, 100, 500, 2_000, 5_000, 50_000];
/// The rate of the picture.
const DRAWN: f64 = 0.3;

/// A process that stays as it was, and what was said of it.
struct Tried {
    groups: usize,
    ratio: f64,
    rate: f64,
    people: u64,
    told: Told,
}

/// Half of the groups (rounded down) have `ratio` times the others' rate.
fn rates(groups: usize, ratio: f64, rate: f64) -> Vec<f64> {
    (0..groups)
        .map(|group| if group < groups / 2 { ratio * rate } else { rate })
        .collect()
}

pub fn section() -> Result<Section, String> {
    let mut results = Vec::new();
    for groups in GROUPS {
        for ratio in RATIOS {
            for rate in RATES {
                for people in PEOPLE {
                    let process = Process {
                        // Past every stream of the other sections.
                        stream: 3_000_000_000 + results.len() as u32,
                        people,
                        before: rates(groups, ratio, rate),
                        since: rates(groups, ratio, rate),
                        checks: 1,
                    };
                    results.push(Tried {
                        groups,
                        ratio,
                        rate,
                        people,
                        told: process.simulate(RUNS)?,
                    });
                }
            }
        }
    }
    let power = power::tried()?;
    let repeated = repeated::tried()?;
    let mut limits = limits(&results);
    limits.extend(power::limits(&power));
    Ok(Section {
        title: "D. Does a gate flap?",
        text: format!(
            "{}\n{}\n{}\n{SAYS}",
            text(&results),
            power::text(&power),
            repeated::text(&repeated)
        ),
        limits,
        files: vec![
            ("flapping.svg", chart(&results).svg()),
            ("flapping-power.svg", power::chart(&power).svg()),
            ("flapping-commits.svg", repeated::chart(&repeated).svg()),
            ("flapping.csv", listed(&results)),
        ],
    })
}

const SAYS: &str = "**What it says.** A gate that compares two point estimates answers by chance. Of two groups exactly at the bound, half or \
     more of all checks of an unchanged process are under it, with any number of people; of five groups it is about nine \
     in ten or more. A ratio that may fall by 0.01 falls by more in up to half of all checks, until there are tens of thousands of people in a group. \
     The tested gate fails an unchanged process no more often than it says, with few people as with many, and mostly far \
     less often. It pays with answers that are open: with few people, or near the bound, exit status 4 is the usual answer. \
     The smallest drop that it says it could have shown agrees with what it does show.\n\n\
     Checking again and again on new data adds up: of twenty checks one or another fails in up to four of ten histories, \
     at the bound, where either question may do it. The checks share the luck of their baseline, so this is less than \
     twenty independent checks that each fail as often would give, but far more than one check. An e-process, which gathers \
     its evidence over the runs, does not grow wrong that way. On the same test data an unchanged model gets the same answer \
     each time.\n\n\
     **Limits.** Unlabelled data, so one criterion (disparate impact) decides; groups of equal size; independent rows, drawn \
     anew for the baseline and for each check. A comparison of two models on the same rows is paired and sees more. What the \
     bound and what the change finds are two questions, each with its own level (0.025 and 0.05); nothing but this \
     simulation says that together they keep to 5 %.\n";

fn rule() -> RegressionRule {
    RegressionRule::default()
}

/// Three standard errors of a share of 0.05: the limit is for the worst of all scenarios.
fn allowance() -> f64 {
    3.0 * (rule().alpha * (1.0 - rule().alpha) / f64::from(RUNS)).sqrt()
}

fn limits(results: &[Tried]) -> Vec<Limit> {
    let of_groups = |groups: usize| {
        let of_groups = || results.iter().filter(move |result| result.groups == groups);
        let by_share = |left: &&Tried, right: &&Tried| {
            let of = |tried: &Tried| tried.told.share(Said::Fail);
            of(left).total_cmp(&of(right))
        };
        let worst = of_groups().max_by(by_share)?;
        let mean = of_groups().map(|tried| tried.told.share(Said::Fail)).sum::<f64>() / of_groups().count() as f64;
        let share = worst.told.share(Said::Fail);
        Some(Limit {
            what: format!("share of checks of an unchanged process that fail the gate, {groups} groups"),
            required: format!(
                "at most {} in each scenario, plus {} for chance",
                percent(rule().alpha),
                percent(allowance())
            ),
            found: format!(
                "{} ({} people each, rate {}, ratio {}), mean of all {} scenarios {}",
                percent(share),
                thousands(worst.people),
                worst.rate,
                worst.ratio,
                of_groups().count(),
                percent(mean)
            ),
            met: Some(share <= rule().alpha + allowance()),
        })
    };
    GROUPS.into_iter().filter_map(of_groups).collect()
}

fn text(results: &[Tried]) -> String {
    let mut out = format!(
        "**Asked.** A gate compares today's data with a stored baseline. Nothing has changed: both were drawn from the same \
         rates. How often does it fail? Two or five groups of 30 to 50,000 people; the rate is 0.05, 0.3 or 0.5, and half of \
         the groups (rounded down) have 1, 0.95, 0.9, 0.85 or exactly 0.8 of it, which is allowed. {} times for each, a baseline is drawn \
         and then new data (seed {SEED}). The gate is that of `evenhand check`: disparate impact at its default bound, and \
         a test of the change with a tolerance of {} and a level of {}. It *fails* (exit status 1) where a bound is \
         shown to be broken or a disparity to have grown; it is *open* (exit status 4) where neither this nor compliance is shown.\n\n\
         Two simpler gates read the same data. The *point threshold* (`judge = \"point\"`) fails if the lowest rate is under 0.8 \
         of the highest. The *subtraction* fails if that ratio lies more than {} under the baseline's.\n\n\
         ![How often an unchanged process fails](validation/flapping.svg)\n\n\
         Shares of checks, by rate of the better-off groups:\n\n",
        thousands(u64::from(RUNS)),
        rule().tolerance,
        rule().alpha,
        rule().tolerance
    );
    let mut rows = Vec::new();
    for groups in GROUPS {
        for ratio in RATIOS {
            for people in PEOPLE {
                let mut row = vec![groups.to_string(), ratio.to_string(), thousands(people)];
                let there = |tried: &&Tried| (tried.groups, tried.people) == (groups, people) && tried.ratio == ratio;
                for said in [Said::Fail, Said::Open, Said::Point, Said::Subtraction] {
                    let shares: Vec<String> = results
                        .iter()
                        .filter(there)
                        .map(|tried| percent(tried.told.share(said)))
                        .collect();
                    row.push(shares.join(" · "));
                }
                rows.push(row);
            }
        }
    }
    let of_rates = RATES.map(|rate| rate.to_string()).join(" · ");
    let head = [
        "the gate fails",
        "the gate is open",
        "point threshold fails",
        "subtraction fails",
    ]
    .map(|what| format!("{what}, rate {of_rates}"));
    let mut names = vec!["groups", "true ratio", "people each"];
    names.extend(head.iter().map(String::as_str));
    let _ = write!(
        out,
        "{}\nThe same with what failed, bound or change, and how often the gate passes: \
         [flapping.csv](validation/flapping.csv). The standard error of a share of 5 % is {}.\n",
        table(&names, 0, &rows),
        percent(allowance() / 3.0)
    );
    out
}

fn chart(results: &[Tried]) -> Chart {
    let drawn = results.iter().filter(|tried| tried.groups == 2 && tried.rate == DRAWN);
    let rows = drawn.map(|tried| Row {
        label: format!("ratio {}, {} people each", tried.ratio, thousands(tried.people)),
        marks: [Said::Fail, Said::Point, Said::Subtraction]
            .map(|said| Some(Mark::point(tried.told.share(said))))
            .to_vec(),
    });
    Chart {
        title: format!("Share of checks that fail although nothing has changed (two groups, rate {DRAWN})"),
        description: "For each true ratio and number of people: how often the tested gate, a point threshold and a \
                      subtraction of two ratios fail an unchanged process. The tested gate stays under 5 %, the others \
                      go up to one half and beyond. The table below the picture has the numbers."
            .to_owned(),
        series: vec!["the gate fails", "a point threshold fails", "a subtraction fails"],
        range: (0.0, 0.7),
        ticks: ticks(7),
        lines: vec![(rule().alpha, "5 %")],
        rows: rows.collect(),
    }
}

/// Every scenario, a line each.
fn listed(results: &[Tried]) -> String {
    let mut out = "groups,ratio,rate,people,runs,fail,of them bound,of them change,inconclusive,pass,point threshold,\
                   subtraction\n"
        .to_owned();
    for tried in results {
        let told = &tried.told;
        let _ = write!(
            out,
            "{},{},{},{},{}",
            tried.groups, tried.ratio, tried.rate, tried.people, told.checks
        );
        for said in [
            Said::Fail,
            Said::Bound,
            Said::Change,
            Said::Open,
            Said::Pass,
            Said::Point,
            Said::Subtraction,
        ] {
            let _ = write!(out, ",{}", told.each(said));
        }
        out.push('\n');
    }
    out
}

/// Tenths from 0 up to so many.
fn ticks(tenths: i32) -> Vec<(f64, String)> {
    (0..=tenths)
        .map(|step| (f64::from(step) / 10.0, format!("{} %", step * 10)))
        .collect()
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn thousands(value: u64) -> String {
    evenhand::measure::thousands(value)
}
