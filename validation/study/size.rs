//! How often each rule is wrong when the truth lies exactly on its bound: by enumeration, not simulation.

use rayon::prelude::*;

use super::binomial::Binomial;
use super::guard::{Exact, SMALL, Table, Truth, likely, small_tables, weight};
use super::question::{ALPHA, QUESTIONS, Question, smallest_expected};
use super::staircase::Rejected;

/// Two groups on a bound.
pub struct Cell {
    /// Index into [`QUESTIONS`].
    pub question: usize,
    pub group: usize,
    pub reference: usize,
    /// The reference's true rate in percent.
    pub percent: usize,
    /// The smallest expected count under the true rates.
    pub expected: f64,
    /// One bound.
    pub one_sided: Sizes,
    /// A criterion with this bound and its opposite: a fail needs half the level, a pass both bounds. None of equality.
    pub two_sided: Option<Sizes>,
}

/// Probabilities of being wrong.
#[derive(Clone, Copy)]
pub struct Sizes {
    /// That the score test finds a breach.
    pub breach: f64,
    /// That it finds compliance.
    pub comply: f64,
    /// Of a fail: a breach with the exact test's consent where the observed table is small.
    pub fail: f64,
    /// Of a pass: compliance with the same consent.
    pub pass: f64,
}

impl Cell {
    pub fn small(&self) -> bool {
        self.expected < SMALL
    }

    pub fn question(&self) -> &'static Question {
        &QUESTIONS[self.question]
    }
}

/// Every cell: all questions, all pairs of sizes, all rates of the reference.
pub fn cells(pairs: &[(usize, usize)], percents: &[usize]) -> Vec<Cell> {
    // One pair after the other: the last ones need the most time, and no thread should be left with them alone.
    let jobs: Vec<(usize, usize)> = pairs.iter().rev().copied().collect();
    let cells: Vec<Vec<Cell>> = jobs
        .par_iter()
        .with_max_len(1)
        .map(|&pair| of_pair(pair, percents))
        .collect();
    let mut cells: Vec<Cell> = cells.into_iter().rev().flatten().collect();
    cells.sort_by_key(|cell| cell.question);
    cells
}

/// All ordered pairs of sizes.
pub fn pairs(sizes: &[usize]) -> Vec<(usize, usize)> {
    sizes
        .iter()
        .flat_map(|&group| sizes.iter().map(move |&reference| (group, reference)))
        .collect()
}

fn of_pair((group, reference): (usize, usize), percents: &[usize]) -> Vec<Cell> {
    let mut exact = Exact::of((group, reference));
    let mut cells = Vec::new();
    for (index, question) in QUESTIONS.iter().enumerate() {
        let rates: Vec<(usize, f64, f64)> = percents
            .iter()
            .filter_map(|&percent| {
                let rate = percent as f64 / 100.0;
                Some((percent, question.rate_on_bound(rate)?, rate))
            })
            .collect();
        let truths: Vec<Truth> = rates
            .iter()
            .map(|&(_, on_bound, rate)| (Binomial::new(group, on_bound), Binomial::new(reference, rate)))
            .collect();
        let one_sided = OneBound::of(question, &mut exact, &truths);
        let two_sided = TwoBounds::of(question, &mut exact, &truths);
        for (&(percent, on_bound, rate), truth) in rates.iter().zip(&truths) {
            cells.push(Cell {
                question: index,
                group,
                reference,
                percent,
                expected: smallest_expected((group, on_bound), (reference, rate)),
                one_sided: one_sided.sizes(truth),
                two_sided: two_sided.as_ref().map(|rule| rule.sizes(truth)),
            });
        }
    }
    cells
}

/// Both questions of one bound.
struct OneBound {
    breach: Rejected,
    comply: Rejected,
    /// Tables in which the exact test refuses its consent.
    no_fail: Vec<Table>,
    no_pass: Vec<Table>,
}

impl OneBound {
    fn of(question: &Question, exact: &mut Exact, truths: &[Truth]) -> Self {
        let sizes = exact.sizes();
        let rejects = |side| Rejected::of(question, sizes, side, ALPHA);
        let (breach, comply) = (rejects(question.breach), rejects(question.breach.opposite()));
        let small = likely(&small_tables(question, sizes), truths);
        let mut refused = |rejected: &Rejected, side| -> Vec<Table> {
            let tables = small.iter().filter(|table| rejected.contains(**table));
            tables
                .filter(|table| exact.p(question, side, **table) >= ALPHA)
                .copied()
                .collect()
        };
        let no_fail = refused(&breach, question.breach);
        let no_pass = refused(&comply, question.breach.opposite());
        Self {
            breach,
            comply,
            no_fail,
            no_pass,
        }
    }

    fn sizes(&self, truth: &Truth) -> Sizes {
        let (breach, comply) = (
            self.breach.probability(&truth.0, &truth.1),
            self.comply.probability(&truth.0, &truth.1),
        );
        Sizes {
            breach,
            comply,
            fail: breach - weight(&self.no_fail, truth),
            pass: comply - weight(&self.no_pass, truth),
        }
    }
}

/// Both questions of two bounds together.
struct TwoBounds {
    /// No table is beyond both bounds.
    breach: [Rejected; 2],
    comply: [Rejected; 2],
    no_fail: Vec<Table>,
    no_pass: Vec<Table>,
}

impl TwoBounds {
    fn of(question: &'static Question, exact: &mut Exact, truths: &[Truth]) -> Option<Self> {
        let both = [question, question.other_bound()?];
        let sizes = exact.sizes();
        let breach = both.map(|bound| Rejected::of(bound, sizes, bound.breach, ALPHA / 2.0));
        let comply = both.map(|bound| Rejected::of(bound, sizes, bound.breach.opposite(), ALPHA));
        let small = both.map(|bound| likely(&small_tables(bound, sizes), truths));
        let mut no_fail = Vec::new();
        for ((bound, breach), small) in both.iter().zip(&breach).zip(&small) {
            let tables = small.iter().filter(|table| breach.contains(**table));
            no_fail.extend(tables.filter(|table| exact.p(bound, bound.breach, **table) >= ALPHA / 2.0));
        }
        // A table that is small at either bound needs the consent at both.
        let mut either = small.concat();
        either.sort_unstable();
        either.dedup();
        let complies = |table: &Table| comply.iter().all(|rejected| rejected.contains(*table));
        let mut refused = |table: &Table| {
            let mut refused = |bound: &&Question| exact.p(bound, bound.breach.opposite(), *table) >= ALPHA;
            both.iter().any(&mut refused)
        };
        either.retain(|table| complies(table) && refused(table));
        Some(Self {
            breach,
            comply,
            no_fail,
            no_pass: either,
        })
    }

    fn sizes(&self, truth: &Truth) -> Sizes {
        let (a, b) = (&truth.0, &truth.1);
        let breach = self.breach.iter().map(|rejected| rejected.probability(a, b)).sum();
        let comply = self.comply[0].probability_of_both(&self.comply[1], a, b);
        Sizes {
            breach,
            comply,
            fail: breach - weight(&self.no_fail, truth),
            pass: comply - weight(&self.no_pass, truth),
        }
    }
}
