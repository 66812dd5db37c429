//! The rules of one comparison as verdicts use them: the score test rejects, and where it expects fewer than 5 in any
//! cell of the observed table an exact unconditional test has to agree. This holds for a fail and for a pass.

use std::collections::HashMap;

use evenhand::measure::inference::{Counts, Null, Side, unconditional_near};

use super::binomial::Binomial;
use super::question::{Question, sample};

/// Fewer expected than this in a cell need the exact test's consent (Cochran 1954, section 2).
pub const SMALL: f64 = 5.0;

/// A table less likely than this at all rates in question is taken as agreed without a look, so that a size is
/// overstated by less than a millionth rather than understated.
const NEGLIGIBLE: f64 = 1e-10;

/// Two distributions: the group's successes and the reference's.
pub type Truth = (Binomial, Binomial);

/// A table: successes of the group and of the reference.
pub type Table = (usize, usize);

/// The tables in which the score test against a question's bound expects fewer than 5 in some cell.
///
/// At a fixed outcome of the group the restricted rates rise with the reference's successes, so these tables are the
/// first and the last of a row.
pub fn small_tables(question: &Question, (group, reference): (usize, usize)) -> Vec<Table> {
    let is_small = |x: usize, y: usize| is_small(question, (group, reference), (x, y));
    let mut tables = Vec::new();
    for x in 0..=group {
        let first_large = (0..=reference).find(|&y| !is_small(x, y)).unwrap_or(reference + 1);
        let last_small = (first_large..=reference).rev().take_while(|&y| is_small(x, y)).last();
        let tail = last_small.unwrap_or(reference + 1)..reference + 1;
        tables.extend((0..first_large).chain(tail).map(|y| (x, y)));
    }
    tables
}

/// Whether the score test of a table needs the exact test beside it.
pub fn is_small(question: &Question, (group, reference): (usize, usize), (x, y): Table) -> bool {
    let (a, b) = (sample(x, group), sample(y, reference));
    question.comparison.smallest_expected(a, b, question.bound) < SMALL
}

/// Of some tables those that are likely enough to matter under one of the truths.
pub fn likely(tables: &[Table], truths: &[Truth]) -> Vec<Table> {
    let matters = |&&(x, y): &&Table| truths.iter().any(|(a, b)| a.at(x) * b.at(y) >= NEGLIGIBLE);
    tables.iter().filter(matters).copied().collect()
}

/// The probability of some tables.
pub fn weight(tables: &[Table], (a, b): &Truth) -> f64 {
    tables.iter().map(|&(x, y)| a.at(x) * b.at(y)).sum()
}

/// The exact test of two group sizes; each table is asked once.
pub struct Exact {
    sizes: (usize, usize),
    known: HashMap<(&'static str, bool, Table), f64>,
}

impl Exact {
    pub fn of(sizes: (usize, usize)) -> Self {
        Self {
            sizes,
            known: HashMap::new(),
        }
    }

    /// The people of both groups.
    pub fn sizes(&self) -> (usize, usize) {
        self.sizes
    }

    /// Evidence for `side` of the bound; 1 where the test cannot be made, which is no consent.
    pub fn p(&mut self, question: &Question, side: Side, (x, y): Table) -> f64 {
        let (group, reference) = self.sizes;
        let ask = || {
            let a = Counts::new(x as u64, group as u64)?;
            let b = Counts::new(y as u64, reference as u64)?;
            unconditional_near(a, b, Null::new(question.comparison, question.bound), side).ok()
        };
        *self
            .known
            .entry((question.name, side == Side::Below, (x, y)))
            .or_insert_with(|| ask().unwrap_or(1.0))
    }
}
