//! F: a gate on the evidence of a history, asked after every one of a hundred commits.

use std::fmt::Write;

use evenhand::Level;
use evenhand::measure::audit::model::Group;
use evenhand::measure::history::{Given, History, Line, Pair, Side, VERSION, course};
use evenhand::measure::inference::{Comparison, Correction, Sample, Side as Of};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

use crate::page::{Limit, Section, percent, table};

const HISTORIES: u64 = 1_000;
const COMMITS: usize = 100;
const ALPHA: f64 = 0.05;
const SEED: u64 = 20_260_131;

/// How a process goes on.
struct Process {
    name: &'static str,
    /// People of each group in each commit.
    people: u64,
    /// The rates of the groups before and from the change on, which is at the second commit of these.
    rates: (&'static [f64], &'static [f64]),
    change: usize,
    /// Whether every ratio keeps 0.8 to 1.25.
    kept: bool,
}

const fn kept(name: &'static str, people: u64, rates: &'static [f64]) -> Process {
    Process {
        name,
        people,
        rates: (rates, rates),
        change: 0,
        kept: true,
    }
}

const fn broken(
    name: &'static str,
    people: u64,
    before: &'static [f64],
    rates: &'static [f64],
    change: usize,
) -> Process {
    Process {
        name,
        people,
        rates: (before, rates),
        change,
        kept: false,
    }
}

const EVEN: &[f64] = &[0.5, 0.5];

const PROCESSES: [Process; 18] = [
    kept("on the bound, 0.8", 20, &[0.4, 0.5]),
    kept("on the bound, 0.8", 200, &[0.4, 0.5]),
    kept("on the bound, 0.8", 1_000, &[0.4, 0.5]),
    kept("on the bound, 0.8", 5_000, &[0.4, 0.5]),
    kept("on the bound, low rates", 200, &[0.04, 0.05]),
    kept("on the bound, five groups", 1_000, &[0.4, 0.5, 0.5, 0.5, 0.5]),
    kept("within, 0.9", 1_000, &[0.45, 0.5]),
    kept("even", 1_000, EVEN),
    broken("0.75 from the start", 200, EVEN, &[0.375, 0.5], 0),
    broken("0.75 from the start", 1_000, EVEN, &[0.375, 0.5], 0),
    broken("0.75 from the start", 5_000, EVEN, &[0.375, 0.5], 0),
    broken("0.7 from the start", 200, EVEN, &[0.35, 0.5], 0),
    broken("0.7 from the start", 1_000, EVEN, &[0.35, 0.5], 0),
    broken("0.6 from the start", 200, EVEN, &[0.3, 0.5], 0),
    broken("0.6 from the start", 1_000, EVEN, &[0.3, 0.5], 0),
    broken("0.6 after 50 even commits", 200, EVEN, &[0.3, 0.5], 50),
    broken("0.6 after 50 even commits", 1_000, EVEN, &[0.3, 0.5], 50),
    broken("0.7 after 50 even commits", 1_000, EVEN, &[0.35, 0.5], 50),
];

/// What became of all histories of a process.
struct Told {
    alarmed: u64,
    /// Commits from the change on until half of the histories had alarmed.
    median: Option<usize>,
    /// Histories that a test of level 0.05, repeated at each commit, would have failed at least once.
    repeated: u64,
}

pub fn section() -> Result<Section, String> {
    let mut rows = Vec::new();
    let mut limits = Vec::new();
    for process in &PROCESSES {
        let told = told(process)?;
        rows.push(vec![
            process.name.to_owned(),
            process.people.to_string(),
            percent(told.alarmed, HISTORIES),
            told.median.map_or_else(|| "-".to_owned(), |median| median.to_string()),
            percent(told.repeated, HISTORIES),
        ]);
        if process.kept {
            limits.push(Limit {
                what: format!("F: histories that alarm, {}, {} people", process.name, process.people),
                required: "at most 5 % and three standard errors".to_owned(),
                found: percent(told.alarmed, HISTORIES),
                met: Some(told.alarmed as f64 <= 0.05 * HISTORIES as f64 + 3.0 * (0.0475 * HISTORIES as f64).sqrt()),
            });
        }
    }
    let head = [
        "process",
        "people of each group",
        "alarms within 100 commits",
        "commits to half of the alarms",
        "repeated test",
    ];
    let mut text = ASKED.to_owned();
    let _ = write!(text, "{}\n{SAYS}", table(&head, 1, &rows));
    Ok(Section {
        title: "F. Does a gate that looks at every commit cry wolf?",
        text,
        limits,
        files: Vec::new(),
    })
}

const ASKED: &str = "**Asked.** Every commit brings new people of each group, their decisions are added to a history, and \
     `evenhand history show --gate` is asked after each of 100 commits, with ratios of 0.8 to 1.25 allowed. How many of 1,000 \
     histories ever alarm at 0.05? Beside it, the same for a score test of level 0.05 that is put to each commit alone \
     (two bounds, Bonferroni over bounds and pairs), as a gate without memory does. The commits to half of the alarms are \
     counted from the first biased one.\n\n";

const SAYS: &str = "**What it says.** While every bound is kept, far fewer than 5 % of histories alarm, however often one \
     looks: the evidence is exact for any sizes and pays for that with caution. A repeated test fails most histories of a \
     process that lies on its bound. A breach that is plain in one commit alarms within a few; one close to the bound needs \
     many commits or many people. A long good time before it about doubles the wait.\n\n\
     **Limits.** Each commit has to bring new people; the same test set again adds nothing, and is left out where that shows.\n";

fn told(process: &Process) -> Result<Told, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let (mut alarms, mut repeated) = (Vec::new(), 0);
    for _ in 0..HISTORIES {
        let mut history = History::default();
        let mut failed = false;
        for commit in 0..COMMITS {
            let rates = if commit < process.change {
                process.rates.0
            } else {
                process.rates.1
            };
            let mut counts = Vec::new();
            for &rate in rates {
                let law = Binomial::new(process.people, rate).map_err(|error| error.to_string())?;
                counts.push(law.sample(&mut rng) as f64);
            }
            let pairs = pairs(&counts, process.people as f64);
            failed |= pairs.iter().any(|pair| fails(pair, pairs.len()));
            history = history
                .and(line(commit, pairs), &Given::default())
                .map_err(|error| error.to_string())?;
        }
        alarms.extend(course(&history, ALPHA).evidence.alarmed_at);
        repeated += u64::from(failed);
    }
    alarms.sort_unstable();
    let half = (HISTORIES / 2) as usize;
    Ok(Told {
        alarmed: alarms.len() as u64,
        median: alarms.get(half - 1).map(|at| (at + 1).saturating_sub(process.change)),
        repeated,
    })
}

fn pairs(counts: &[f64], people: f64) -> Vec<Pair> {
    let of = |at: usize| Group::from([("group".to_owned(), Some(at.to_string()))]);
    let side = |at: usize| Side {
        numerator: counts[at],
        denominator: people,
    };
    let every = (0..counts.len()).flat_map(|group| (group + 1..counts.len()).map(move |reference| (group, reference)));
    every
        .map(|(group, reference)| Pair {
            criterion: "disparate-impact".to_owned(),
            rate: "selection-rate".to_owned(),
            event: None,
            complement: false,
            comparison: "ratio".to_owned(),
            by: vec!["group".to_owned()],
            group: of(group),
            reference: Some(of(reference)),
            within: Group::new(),
            pooled_over: Vec::new(),
            counts: Some([side(group), side(reference)]),
            point: None,
            lower: None,
            upper: None,
            at_least: Some(0.8),
            at_most: Some(1.25),
            outcome: "inconclusive".to_owned(),
            level: Level::Error,
        })
        .collect()
}

fn line(commit: usize, comparisons: Vec<Pair>) -> Line {
    Line {
        version: VERSION,
        label: None,
        as_of: None,
        tally_hash: commit.to_string(),
        policy_hash: String::new(),
        verdict: "inconclusive".to_owned(),
        unused: None,
        restart: false,
        independent: true,
        complete: true,
        groups: Vec::new(),
        comparisons,
        previous: String::new(),
    }
}

/// Whether a test of this commit alone finds either bound broken.
fn fails(pair: &Pair, pairs: usize) -> bool {
    let Some([group, reference]) = pair.counts else {
        return false;
    };
    let sample = |side: Side| Sample::new(side.numerator, side.denominator);
    let Some((group, reference)) = sample(group).zip(sample(reference)) else {
        return false;
    };
    let p = |bound: f64, side: Of| {
        let tested = Comparison::Ratio.one_sided(group, reference, bound, Correction::default());
        tested.on(side)
    };
    let level = ALPHA / 2.0 / pairs as f64;
    p(0.8, Of::Below) < level || p(1.25, Of::Above) < level
}
