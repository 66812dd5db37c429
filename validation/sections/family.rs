//! B: how often a run fails though nothing is beyond its bound.

use std::fmt::Write;

use crate::others::{Answers, BOOTS, BOOTSTRAPPED, SETS};
use crate::page::{Limit, Section, percent, share, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::question::ALPHA;
use crate::study::simulation::{Conclusions, SEED, Scenario};

/// Data sets per scenario: the standard error of a share of 0.025 is 0.0020.
const RUNS: u32 = 6_200;

const GROUPS: [usize; 3] = [2, 5, 10];
const PEOPLE: [u64; 3] = [50, 200, 1000];
const RATES: [f64; 3] = [0.05, 0.2, 0.5];
/// The rate at which the other tools are asked as well.
const COMPARED: f64 = 0.2;

/// Whether all groups are equal, or half of them (rounded down) have exactly four fifths of the others' rate.
#[derive(Clone, Copy, PartialEq)]
enum Truth {
    Equal,
    OnTheBound,
}

impl Truth {
    fn words(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::OnTheBound => "half on the bound",
        }
    }
}

fn scenario(truth: Truth, groups: usize, rows: u64, rate: f64) -> Scenario {
    let low = if truth == Truth::Equal { 0 } else { groups / 2 };
    let rates = (0..groups).map(|group| if group < low { 0.8 * rate } else { rate });
    let word = if truth == Truth::Equal { "equal" } else { "bound" };
    Scenario {
        id: format!("{word}-{groups}x{rows}-{rate}"),
        // Spells the scenario, so that no other has this stream.
        stream: (u32::from(truth == Truth::OnTheBound) * 100 + groups as u32) * 100_000
            + rows as u32 * 10
            + (rate * 10.0) as u32,
        rows,
        rates: rates.collect(),
    }
}

/// The scenarios about which the other tools are asked too.
pub fn compared() -> Vec<Scenario> {
    GROUPS
        .iter()
        .flat_map(|&groups| PEOPLE.map(|rows| scenario(Truth::Equal, groups, rows, COMPARED)))
        .collect()
}

struct Tried {
    truth: Truth,
    groups: usize,
    people: u64,
    rate: f64,
    conclusions: Conclusions,
}

pub fn section(answers: &Answers) -> Result<Section, String> {
    let mut results = Vec::new();
    for truth in [Truth::Equal, Truth::OnTheBound] {
        for groups in GROUPS {
            for people in PEOPLE {
                for rate in RATES {
                    let conclusions = scenario(truth, groups, people, rate).simulate(RUNS)?;
                    results.push(Tried {
                        truth,
                        groups,
                        people,
                        rate,
                        conclusions,
                    });
                }
            }
        }
    }
    Ok(Section {
        title: "B. How often does a run fail though nothing is beyond its bound?",
        text: text(&results, answers)?,
        limits: limits(&results),
        files: vec![
            ("false-fails-equal.svg", chart(&results, Truth::Equal).svg()),
            ("false-fails-on-the-bound.svg", chart(&results, Truth::OnTheBound).svg()),
        ],
    })
}

impl Tried {
    fn share(&self) -> f64 {
        self.conclusions.false_fail as f64 / self.conclusions.sets as f64
    }

    fn place(&self) -> String {
        format!(
            "{} groups of {}, rate {}, {}",
            self.groups,
            self.people,
            self.rate,
            self.truth.words()
        )
    }
}

/// Twice the standard error of a share of 0.025.
fn allowance() -> f64 {
    2.0 * (ALPHA * (1.0 - ALPHA) / f64::from(RUNS)).sqrt()
}

fn limits(results: &[Tried]) -> Vec<Limit> {
    [Truth::Equal, Truth::OnTheBound]
        .into_iter()
        .map(|truth| {
            let of_truth = results.iter().filter(|result| result.truth == truth);
            let worst = of_truth.max_by(|left, right| left.share().total_cmp(&right.share()));
            let largest = worst.map_or(0.0, Tried::share);
            Limit {
                what: format!("share of runs with a false fail, groups {}", truth.words()),
                required: format!("at most 0.025, plus {:.4} for chance", allowance()),
                found: worst.map_or(String::new(), |result| {
                    format!("{} ({})", share(largest), result.place())
                }),
                met: Some(largest <= ALPHA + allowance()),
            }
        })
        .collect()
}

fn text(results: &[Tried], answers: &Answers) -> Result<String, String> {
    let mut out = format!(
        "**Asked.** A run compares every group with every other, and one false fail anywhere makes the run fail. How often \
         does that happen when no group's rate is truly under four fifths of another's? Two, five or ten groups of 50, \
         200 or 1,000 people; once all groups have the same rate, once half of them (rounded down) have exactly four \
         fifths of the others' rate, which is allowed. Whole audits by the default check that decides here, disparate impact; {} generated data sets each \
         (seed {SEED}); the standard error of a share of 0.025 is {:.4}. A fail of a true violation would not count as \
         false; here there is none.\n\n\
         The bare four-fifths rule (the lowest rate is under 0.8 of the highest) is put to the same data sets.\n\n\
         ![False fails with equal groups](validation/false-fails-equal.svg)\n\n\
         ![False fails with half of the groups on the bound](validation/false-fails-on-the-bound.svg)\n\n",
        thousands(u64::from(RUNS)),
        allowance() / 2.0
    );
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|result| {
            let Conclusions {
                sets,
                inconclusive,
                pass,
                four_fifths,
                ..
            } = result.conclusions;
            vec![
                result.truth.words().to_owned(),
                result.groups.to_string(),
                thousands(result.people),
                result.rate.to_string(),
                share(result.share()),
                percent(inconclusive, sets),
                percent(pass, sets),
                percent(four_fifths, sets),
            ]
        })
        .collect();
    let head = [
        "truth",
        "groups",
        "people each",
        "rate",
        "false fails",
        "inconclusive",
        "pass",
        "four-fifths rule flags",
    ];
    let _ = writeln!(out, "{}", table(&head, 1, &rows));
    out.push_str(&beside(answers)?);
    out.push_str(
        "\n**What it says.** Whatever the number of groups, a fair process fails by chance at most about as often as one \
         question alone would. Where counts are small it hardly ever does, because little can be shown. The bare rule \
         flags fair processes more often the more groups there are and the fewer people are in them, and so does every \
         tool that compares point estimates with a bound. fairlearn's ratio is flagged more often than the rule in whole \
         numbers because of exact ties: (8/50)/(10/50) is under 0.8 in floating point.\n\n\
         **Limits.** Unlabelled data, so one criterion (disparate impact) decides. Groups of equal size. Simulated, so \
         each share has its standard error.\n",
    );
    Ok(out)
}

/// What the other tools say about the first of the same data sets.
fn beside(answers: &Answers) -> Result<String, String> {
    let mut rows = Vec::new();
    for scenario in compared() {
        let ours = scenario.simulate(SETS)?;
        let said = |what: &str| answers.count(&scenario, what);
        if said("four_fifths")? != ours.four_fifths {
            return Err(format!("{}: the four-fifths rule disagrees with itself", scenario.id));
        }
        let (sets, boots) = (u64::from(SETS), u64::from(BOOTSTRAPPED));
        rows.push(vec![
            format!("{} groups of {}", scenario.rates.len(), thousands(scenario.rows)),
            percent(ours.fail, sets),
            percent(said("four_fifths")?, sets),
            percent(said("fairlearn_ratio")?, sets),
            percent(said("fairlearn_difference")?, sets),
            percent(said("aequitas")?, sets),
            percent(said("interval_holds_zero")?, boots),
        ]);
    }
    let head = [
        "equal groups, rate 0.2",
        "evenhand fails",
        "four-fifths rule",
        "fairlearn: ratio under 0.8",
        "fairlearn: difference over 0.1",
        "aequitas: no impact parity at tau 0.8",
        "fairlearn: 95 % interval of the difference holds the true 0",
    ];
    Ok(format!(
        "What others conclude about the first {SETS} of the same data sets with equal groups at a rate of 0.2, all of \
         them fair (shares of data sets flagged). fairlearn computes `demographic_parity_ratio` and \
         `demographic_parity_difference` and gives no verdict; the cut at 0.8 or 0.1 is the reader's. aequitas compares \
         each group with the largest. The last column is the coverage of fairlearn's bootstrap interval \
         (`MetricFrame(n_boot={BOOTS})`, quantiles 0.025 and 0.975, the first {BOOTSTRAPPED} data sets): a maximum minus \
         a minimum of resampled rates is hardly ever 0, so the interval leaves out the truth that all are equal.\n\n{}",
        table(&head, 1, &rows)
    ))
}

fn thousands(value: u64) -> String {
    evenhand::measure::thousands(value)
}

fn chart(results: &[Tried], truth: Truth) -> Chart {
    let rows = results.iter().filter(|result| result.truth == truth).map(|result| {
        let at = result.share();
        let error = 2.0 * (at * (1.0 - at) / result.conclusions.sets as f64).sqrt();
        let flagged = result.conclusions.four_fifths as f64 / result.conclusions.sets as f64;
        Row {
            label: format!(
                "{} groups of {}, rate {}",
                result.groups,
                thousands(result.people),
                result.rate
            ),
            marks: vec![
                Some(Mark {
                    low: at - error,
                    at,
                    high: at + error,
                }),
                Some(Mark::point(flagged)),
            ],
        }
    });
    Chart {
        title: format!(
            "Share of runs flagged although nothing is beyond its bound (groups {})",
            truth.words()
        ),
        description:
            "For each number of groups, people per group and rate: how often evenhand fails the run, with two \
                      standard errors, and how often a bare four-fifths rule flags it. evenhand stays about 0.025 or \
                      under it; the bare rule reaches 1. The table below the pictures has the numbers."
                .to_owned(),
        series: vec!["evenhand fails", "the bare four-fifths rule flags"],
        range: (0.0, 1.0),
        ticks: (0..=10)
            .map(|step| (f64::from(step) / 10.0, format!("{} %", step * 10)))
            .collect(),
        lines: vec![(ALPHA, "2.5 %")],
        rows: rows.collect(),
    }
}
