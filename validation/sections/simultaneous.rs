//! E: whether intervals that claim to hold together do.

use std::fmt::Write;

use crate::page::{Limit, Section, share, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::simulation::SEED;
use crate::study::simultaneous::{FAMILIES, Groups, Held, cover};

/// Groups, and data sets per scenario with so many: those with ten take the most time.
const RUNS: [(usize, u32); 3] = [(3, 2_000), (5, 2_000), (10, 1_000)];
/// Resamples per audit. The default is 2,000; the joint value then varies less between seeds.
const REPLICATES: u32 = 499;
/// The required coverage, before what chance may take.
const REQUIRED: f64 = 0.945;
/// The names of the two families of [`FAMILIES`].
const NAMES: [&str; 2] = ["ratios", "differences"];

/// How many people the groups have.
#[derive(Clone, Copy)]
enum Size {
    Each(u64),
    /// From 50 to 500 in equal steps, the first group being the smallest.
    Rising,
}

/// The true rates.
#[derive(Clone, Copy)]
enum Truth {
    All(f64),
    /// From 0.1 to 0.5 in equal steps, the first group having the lowest.
    Rising,
}

const SIZES: [Size; 4] = [Size::Each(50), Size::Each(100), Size::Each(500), Size::Rising];
const TRUTHS: [Truth; 3] = [Truth::All(0.1), Truth::All(0.5), Truth::Rising];

/// One of `groups` equal steps from `first` to `last`.
fn step(index: usize, groups: usize, first: f64, last: f64) -> f64 {
    first + (last - first) * index as f64 / (groups - 1) as f64
}

impl Size {
    fn people(self, index: usize, groups: usize) -> u64 {
        match self {
            Self::Each(people) => people,
            Self::Rising => step(index, groups, 50.0, 500.0).round() as u64,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Each(people) => people.to_string(),
            Self::Rising => "50 to 500".to_owned(),
        }
    }
}

impl Truth {
    fn rate(self, index: usize, groups: usize) -> f64 {
        match self {
            Self::All(rate) => rate,
            Self::Rising => step(index, groups, 0.1, 0.5),
        }
    }

    fn words(self) -> String {
        match self {
            Self::All(rate) => format!("all {rate}"),
            Self::Rising => "0.1 to 0.5".to_owned(),
        }
    }
}

struct Tried {
    groups: usize,
    size: Size,
    truth: Truth,
    held: [Held; 2],
}

/// Share of data sets, and its standard error.
fn share_of(count: u64, held: Held) -> (f64, f64) {
    let (share, sets) = (count as f64 / held.sets as f64, held.sets as f64);
    (share, (share * (1.0 - share) / sets).sqrt())
}

impl Tried {
    fn place(&self) -> String {
        format!(
            "{} groups of {}, rates {}",
            self.groups,
            self.size.words(),
            self.truth.words()
        )
    }
}

pub fn section() -> Result<Section, String> {
    let mut results: Vec<Tried> = Vec::new();
    for (groups, sets) in RUNS {
        for size in SIZES {
            for truth in TRUTHS {
                let of = Groups {
                    // Past every stream of sections B and C.
                    stream: 2_000_000_000 + results.len() as u32,
                    people: (0..groups).map(|index| size.people(index, groups)).collect(),
                    rates: (0..groups).map(|index| truth.rate(index, groups)).collect(),
                };
                let held = cover(&of, sets, REPLICATES)?;
                results.push(Tried {
                    groups,
                    size,
                    truth,
                    held,
                });
            }
        }
    }
    let limits = (0..FAMILIES.len()).flat_map(|family| {
        let worst: (&str, fn(&Held) -> u64) =
            ("the interval of the worst disparity holds its truth", |held| held.worst);
        let together: (&str, fn(&Held) -> u64) = ("all simultaneous intervals hold their truths", |held| held.together);
        [together, worst].map(|(what, count)| limit(&results, family, what, count))
    });
    Ok(Section {
        title: "E. Do the simultaneous intervals hold together?",
        limits: limits.collect(),
        text: text(&results),
        files: vec![
            ("simultaneous-ratios.svg", chart(&results, 0).svg()),
            ("simultaneous-differences.svg", chart(&results, 1).svg()),
        ],
    })
}

fn limit(results: &[Tried], family: usize, what: &str, count: fn(&Held) -> u64) -> Limit {
    // Two standard errors, for each scenario its own number of runs.
    let due = |held: &Held| REQUIRED - 2.0 * (REQUIRED * (1.0 - REQUIRED) / held.sets as f64).sqrt();
    let of = |tried: &Tried| share_of(count(&tried.held[family]), tried.held[family]).0;
    let least = results.iter().min_by(|left, right| of(left).total_cmp(&of(right)));
    let mean = results.iter().map(of).sum::<f64>() / results.len() as f64;
    let errors = RUNS.map(|(_, sets)| 2.0 * (REQUIRED * (1.0 - REQUIRED) / f64::from(sets)).sqrt());
    let (few, many) = (
        errors.iter().copied().fold(0.0, f64::max),
        errors.iter().copied().fold(1.0, f64::min),
    );
    Limit {
        what: format!("share of runs in which {what}, {}", NAMES[family]),
        required: format!("at least {REQUIRED} in each scenario, less {many:.3} to {few:.3} for chance"),
        found: least.map_or(String::new(), |tried| {
            format!("least {} ({}), mean {}", share(of(tried)), tried.place(), share(mean))
        }),
        met: Some(results.iter().all(|tried| of(tried) >= due(&tried.held[family]))),
    }
}

fn text(results: &[Tried]) -> String {
    let runs: Vec<String> = RUNS
        .iter()
        .map(|(groups, sets)| {
            format!(
                "{} with {groups} groups",
                evenhand::measure::thousands(u64::from(*sets))
            )
        })
        .collect();
    let mut out = format!(
        "**Asked.** With `simultaneous` an audit prints intervals that claim to hold their truths all at once, in 95 of 100 \
         audits. From them it makes an interval of the worst disparity, whichever pair that is. How often do these hold? \
         Groups of 50, 100 or 500 people, or of 50 to 500 in equal steps; rates of 0.1 or 0.5 in all groups, or from \
         0.1 to 0.5 in equal steps (the smallest group then has the lowest rate). The family of ratios is disparate \
         impact, the family of differences is statistical parity; each is resampled on its own.\n\n\
         Whole audits, {} resamples each. Data sets: {} (seed {SEED}); the standard error of a share of 0.95 is 0.0049 at \
         2,000 and 0.0069 at 1,000.\n\n\
         Beside them: how often all the single 95 % intervals of the same audits hold their truths.\n\n\
         ![Coverage of simultaneous intervals of ratios](validation/simultaneous-ratios.svg)\n\n\
         ![Coverage of simultaneous intervals of differences](validation/simultaneous-differences.svg)\n\n",
        REPLICATES,
        runs.join(", ")
    );
    let rows: Vec<Vec<String>> = results
        .iter()
        .map(|tried| {
            let mut row = vec![tried.groups.to_string(), tried.size.words(), tried.truth.words()];
            for held in tried.held {
                let counts = [held.together, held.worst, held.single];
                row.extend(counts.map(|count| share(share_of(count, held).0)));
            }
            row
        })
        .collect();
    let head = [
        "groups",
        "people each",
        "rates",
        "ratios: all together",
        "worst ratio",
        "all single intervals",
        "differences: all together",
        "worst difference",
        "all single intervals",
    ];
    let _ = write!(
        out,
        "{}\n**What it says.** Single intervals are right one at a time. Of many, one or another is usually wrong: with ten \
         groups in most audits. The simultaneous ones are all right about as often as they say. The interval of the worst \
         disparity is right at least as often, being made of them.\n\n\
         **Limits.** {REPLICATES} resamples, fewer than the default of 2,000. Unlabelled data and one rate. Independent rows: \
         clusters, strata and intersections are not covered here. A group in which nobody or everybody is selected cannot \
         be resampled; its intervals are made at Holm's level and are counted with the others. Where neither of two groups \
         has anybody selected there is no ratio, and no interval that could be wrong.\n",
        table(&head, 3, &rows)
    );
    out
}

fn chart(results: &[Tried], family: usize) -> Chart {
    let rows = results.iter().map(|tried| {
        let held = tried.held[family];
        let mark = |count: u64| {
            let (at, error) = share_of(count, held);
            Some(Mark {
                low: at - 2.0 * error,
                at,
                high: at + 2.0 * error,
            })
        };
        Row {
            label: tried.place(),
            marks: vec![mark(held.together), mark(held.worst), mark(held.single)],
        }
    });
    Chart {
        title: format!("How often intervals of {} hold their truths", NAMES[family]),
        description: "For three, five and ten groups of several sizes and rates: the share of audits in which all \
                      simultaneous intervals hold their truths, in which the interval of the worst disparity does, and in \
                      which all single 95 % intervals do, each with two standard errors. The first two stay about 95 % or \
                      above; the third falls as groups are added. The table below the pictures has the numbers."
            .to_owned(),
        series: vec![
            "all simultaneous intervals",
            "the interval of the worst disparity",
            "all single 95 % intervals",
        ],
        range: (0.0, 1.0),
        ticks: (0..=10)
            .map(|step| (f64::from(step) / 10.0, format!("{} %", step * 10)))
            .collect(),
        lines: vec![(0.95, "95 %")],
        rows: rows.collect(),
    }
}
