//! C: never deciding is no way out.

use std::fmt::Write;

use crate::others::{Answers, BOOTS, BOOTSTRAPPED, SETS};
use crate::page::{Limit, Section, percent, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::simulation::{Conclusions, Scenario};

/// Data sets per scenario: the standard error of a share of 0.9 is 0.003.
const RUNS: u32 = 10_000;

/// What a scenario has to lead to.
#[derive(Clone, Copy, PartialEq)]
enum Due {
    Fail,
    Pass,
}

const DUE: [(Due, f64, &str); 3] = [
    (Due::Fail, 0.90, "0.3 against 0.5, 500 people each"),
    (Due::Fail, 0.99, "ten groups of 1,000, one at 0.3 and nine at 0.5"),
    (Due::Pass, 0.95, "five equal groups of 1,000 at 0.5"),
];

/// The scenarios, in the order of [`DUE`].
pub fn scenarios() -> Vec<Scenario> {
    let scenario = |number: u32, id: &str, rows, rates: Vec<f64>| Scenario {
        id: id.to_owned(),
        // Past every stream of section B.
        stream: 1_000_000_000 + number,
        rows,
        rates,
    };
    let one_of_ten = std::iter::once(0.3).chain([0.5; 9]).collect();
    vec![
        scenario(0, "two-unequal", 500, vec![0.3, 0.5]),
        scenario(1, "one-of-ten", 1000, one_of_ten),
        scenario(2, "five-equal", 1000, vec![0.5; 5]),
    ]
}

pub fn section(answers: &Answers) -> Result<Section, String> {
    let scenarios = scenarios();
    let results: Vec<Conclusions> = scenarios
        .iter()
        .map(|scenario| scenario.simulate(RUNS))
        .collect::<Result<_, _>>()?;
    let beside = beside(&scenarios, answers)?;
    let limits = DUE.iter().zip(&results).map(|((due, required, words), result)| {
        let (word, reached) = match due {
            Due::Fail => ("fail", result.fail),
            Due::Pass => ("pass", result.pass),
        };
        Limit {
            what: format!("share of runs that {word}, {words}"),
            required: format!("at least {:.0} %", required * 100.0),
            found: percent(reached, result.sets),
            met: Some(reached as f64 >= required * result.sets as f64),
        }
    });
    Ok(Section {
        title: "C. Does it decide when it should?",
        text: text(&results, &beside),
        limits: limits.collect(),
        files: vec![("power.svg", chart(&results, &beside).svg())],
    })
}

/// What each tool says of one scenario: data sets flagged among those it was asked about.
struct Beside {
    four_fifths: u64,
    ratio: u64,
    difference: u64,
    aequitas: u64,
    /// The bootstrap interval of the ratio lies under 0.8.
    under_tau: u64,
    /// The bootstrap interval of the difference holds 0.
    holds_zero: u64,
}

fn beside(scenarios: &[Scenario], answers: &Answers) -> Result<Vec<Beside>, String> {
    scenarios
        .iter()
        .map(|scenario| {
            let said = |what: &str| answers.count(scenario, what);
            Ok(Beside {
                four_fifths: said("four_fifths")?,
                ratio: said("fairlearn_ratio")?,
                difference: said("fairlearn_difference")?,
                aequitas: said("aequitas")?,
                under_tau: said("interval_under_tau")?,
                holds_zero: said("interval_holds_zero")?,
            })
        })
        .collect()
}

fn text(results: &[Conclusions], beside: &[Beside]) -> String {
    let mut out = format!(
        "**Asked.** How often does an audit fail when a group's rate is truly three fifths of another's, and pass when all \
         are equal and there are enough people? Whole audits as in section B, {} generated data sets each.\n\n\
         ![What each tool concludes](validation/power.svg)\n\n",
        evenhand::measure::thousands(u64::from(RUNS))
    );
    let rows: Vec<Vec<String>> = DUE
        .iter()
        .zip(results)
        .map(|((_, _, words), result)| {
            vec![
                (*words).to_owned(),
                percent(result.fail, result.sets),
                percent(result.inconclusive, result.sets),
                percent(result.pass, result.sets),
                percent(result.false_fail, result.sets),
            ]
        })
        .collect();
    let head = ["truth", "fail", "inconclusive", "pass", "a fail among equals"];
    let _ = writeln!(out, "{}", table(&head, 1, &rows));
    let (sets, boots) = (u64::from(SETS), u64::from(BOOTSTRAPPED));
    let rows: Vec<Vec<String>> = DUE
        .iter()
        .zip(beside)
        .map(|((due, _, words), beside)| {
            let fair = *due == Due::Pass;
            vec![
                (*words).to_owned(),
                percent(beside.four_fifths, sets),
                percent(beside.ratio, sets),
                percent(beside.difference, sets),
                percent(beside.aequitas, sets),
                percent(beside.under_tau, boots),
                if fair {
                    percent(beside.holds_zero, boots)
                } else {
                    "-".to_owned()
                },
            ]
        })
        .collect();
    let head = [
        "truth",
        "four-fifths rule",
        "fairlearn: ratio under 0.8",
        "fairlearn: difference over 0.1",
        "aequitas: no impact parity at tau 0.8",
        "fairlearn: 95 % interval of the ratio is under 0.8",
        "fairlearn: interval of the difference holds the true 0",
    ];
    let _ = write!(
        out,
        "What others conclude about the first {SETS} of the same data sets (shares flagged; {BOOTSTRAPPED} data sets and \
         {BOOTS} resamples for the bootstrap intervals):\n\n{}\n\
         **What it says.** Real breaches of this size fail, and fair processes with a thousand people in each group pass. \
         Point estimates see such breaches as well; what they lack is section B. \
         Note the interval of a ratio of extremes: with several equal groups it leans to one side, as the interval of the \
         difference does.\n\n\
         **Limits.** Smaller breaches and fewer people are often inconclusive, and the report then says how many rows would \
         settle it. Three scenarios are no power curve.\n",
        table(&head, 1, &rows)
    );
    out
}

fn chart(results: &[Conclusions], beside: &[Beside]) -> Chart {
    let rows = DUE
        .iter()
        .zip(results)
        .zip(beside)
        .map(|(((_, _, words), result), beside)| {
            let ours = |count: u64| Some(Mark::point(count as f64 / result.sets as f64));
            let theirs = |count: u64| Some(Mark::point(count as f64 / f64::from(SETS)));
            Row {
                label: (*words).replace(" and nine at 0.5", "").to_owned(),
                marks: vec![
                    ours(result.fail),
                    ours(result.pass),
                    theirs(beside.four_fifths),
                    theirs(beside.ratio),
                    theirs(beside.aequitas),
                ],
            }
        });
    Chart {
        title: "What is concluded when the truth is plain".to_owned(),
        description: "For three scenarios: the share of data sets that evenhand fails and passes, and that a bare \
                      four-fifths rule, fairlearn's ratio and aequitas flag. In the first two a breach is real, in the \
                      third all groups are equal. The tables below the picture have the numbers."
            .to_owned(),
        series: vec![
            "evenhand fails",
            "evenhand passes",
            "the bare four-fifths rule flags",
            "fairlearn's ratio is under 0.8",
            "aequitas finds no impact parity",
        ],
        range: (0.0, 1.0),
        ticks: (0..=10)
            .map(|step| (f64::from(step) / 10.0, format!("{} %", step * 10)))
            .collect(),
        lines: Vec::new(),
        rows: rows.collect(),
    }
}
