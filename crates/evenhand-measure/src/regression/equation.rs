//! This module sets up the equation of an amount and solves it.

use std::collections::BTreeSet;

use super::cholesky::{Factored, dot, factorised, times};
use super::rows::{Cell, Rows};
use crate::tally::Level;

/// An equation with more columns than this is not set up: what it says of a gap could not be read.
pub const MOST_TERMS: usize = 200;

/// Of what is explained, less than this part is rounding.
const NOTHING_LEFT: f64 = 1e-13;

/// A direction that the rows leave open moves an amount by more than this part, or it is rounding.
const OPEN: f64 = 1e-7;

/// A column of the equation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The same for everybody.
    Constant,
    /// A control that is a number, by its index among [`Rows::numeric`].
    Number(usize),
    /// A level of a control that is a word: 1 for who has it, else 0.
    Word {
        /// The control, by its index among [`Rows::words`].
        control: usize,
        /// The level, by its index there.
        level: usize,
    },
    /// A group, by its index among [`Rows::groups`]: 1 for its rows, else 0.
    Group(usize),
}

/// A control, or a level of one, that other columns already give, so that it has no coefficient of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// What was left out.
    pub term: Term,
    /// Its name.
    pub name: String,
    /// The names of the columns that give it; none when it is the same for everybody.
    pub given_by: Vec<String>,
}

/// A solved equation.
///
/// Columns come in a fixed order: the constant, numbers, the levels of words without the most frequent one of each,
/// and groups without the largest. A column that those before it already give is left out. So of two controls that say
/// the same the first is kept; and where a control says the same as the groups, the gap has no value, because nobody
/// can tell whether it is the control's or the group's.
#[derive(Clone, Debug)]
pub struct Equation<'a> {
    pub(super) rows: &'a Rows,
    pub(super) terms: Vec<Term>,
    pub(super) factored: Factored,
    /// One per term, in the units of the rows' origin; 0 for those left out.
    pub(super) scaled: Vec<f64>,
    /// The sum of squares around the mean, and what the equation leaves of it.
    pub(super) total: f64,
    pub(super) rest: f64,
    n: f64,
}

impl Rows {
    /// The equation with all groups and controls.
    ///
    /// # Errors
    /// When there are too few rows or too many columns for one.
    pub fn explain(&self) -> Result<Equation<'_>, String> {
        self.solve(&[], None)
    }

    /// The equation without these controls.
    ///
    /// # Errors
    /// When there are too few rows or too many columns for one.
    pub fn explain_without(&self, left_out: &[&str]) -> Result<Equation<'_>, String> {
        self.solve(left_out, None)
    }

    /// The equation of the rows of one group alone.
    ///
    /// # Errors
    /// When there are too few rows or too many columns for one.
    pub fn explain_within(&self, group: usize) -> Result<Equation<'_>, String> {
        self.solve(&[], Some(group))
    }

    fn solve(&self, left_out: &[&str], within: Option<usize>) -> Result<Equation<'_>, String> {
        if self.n == 0 {
            return Err("no row has an amount and all controls".to_owned());
        }
        let terms = self.terms(left_out, within);
        if terms.len() > MOST_TERMS {
            let most = self.words.iter().max_by_key(|(_, levels)| levels.len());
            let blamed = most.map_or_else(String::new, |(column, levels)| {
                format!(
                    ", and `{column}` alone has {} different words (a control is a column of numbers only if all of its \
                     values are)",
                    levels.len()
                )
            });
            return Err(format!(
                "the equation would have {} columns, more than {MOST_TERMS}{blamed}",
                terms.len()
            ));
        }
        let last = self.last();
        let size = terms.len();
        let mut matrix = vec![vec![0.0; size]; size];
        let mut right = vec![0.0; size];
        let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
        let layout = Layout::of(&terms);
        for cell in self
            .cells
            .iter()
            .filter(|cell| within.is_none_or(|group| cell.group == group))
        {
            let active = layout.active(cell, last);
            for &(row, i) in &active {
                right[row] += cell.sums[i][0];
                for &(column, j) in &active {
                    matrix[row][column] += cell.sums[i][j];
                }
            }
            sum += cell.sums[0][last];
            squares += cell.sums[0][0];
            n += cell.n();
        }
        let factored = factorised(&matrix);
        if n <= factored.kept.len() as f64 {
            return Err(format!(
                "an equation of {} coefficients needs more rows than {n}",
                factored.kept.len()
            ));
        }
        let mut scaled = times(&factored.inverse, &right);
        // One step of refinement takes back what rounding the inverse has cost.
        let left: Vec<f64> = right
            .iter()
            .zip(times(&matrix, &scaled))
            .enumerate()
            .map(|(index, (a, b))| if factored.kept.contains(&index) { a - b } else { 0.0 })
            .collect();
        scaled
            .iter_mut()
            .zip(times(&factored.inverse, &left))
            .for_each(|(coefficient, more)| *coefficient += more);
        let total = (squares - sum * sum / n).max(0.0);
        let fitted = 2.0 * dot(&scaled, &right) - dot(&scaled, &times(&matrix, &scaled));
        let rest = squares - fitted;
        Ok(Equation {
            rows: self,
            terms,
            factored,
            scaled,
            total,
            rest: if rest > NOTHING_LEFT * squares { rest } else { 0.0 },
            n,
        })
    }

    fn terms(&self, left_out: &[&str], within: Option<usize>) -> Vec<Term> {
        let mut terms = vec![Term::Constant];
        let is_in = |column: &String| !left_out.contains(&column.as_str());
        let numbers = self.numeric.iter().enumerate().filter(|(_, column)| is_in(column));
        terms.extend(numbers.map(|(index, _)| Term::Number(index)));
        for (control, (column, levels)) in self.words.iter().enumerate() {
            if !is_in(column) {
                continue;
            }
            let mut counts = vec![0.0; levels.len()];
            self.cells
                .iter()
                .for_each(|cell| counts[cell.words[control]] += cell.n());
            let base = most(&counts);
            let others = (0..levels.len()).filter(|level| *level != base);
            terms.extend(others.map(|level| Term::Word { control, level }));
        }
        if within.is_none() {
            let sizes: Vec<f64> = self.sizes.iter().map(|n| *n as f64).collect();
            let base = most(&sizes);
            terms.extend((0..self.groups.len()).filter(|group| *group != base).map(Term::Group));
        }
        terms
    }

    /// The name of a column, for people.
    #[must_use]
    pub fn name(&self, term: Term) -> String {
        let text = |level: &Level| level.text().unwrap_or("missing").to_owned();
        match term {
            Term::Constant => "constant".to_owned(),
            Term::Number(index) => self.numeric[index].clone(),
            Term::Word { control, level } => {
                let (column, levels) = &self.words[control];
                format!("{column} = {}", text(&levels[level]))
            }
            Term::Group(group) => {
                let parts = self.by.iter().zip(&self.groups[group]);
                let parts: Vec<String> = parts
                    .map(|(column, level)| format!("{column} = {}", text(level)))
                    .collect();
                parts.join(", ")
            }
        }
    }
}

/// The place of the largest; of several the first.
fn most(counts: &[f64]) -> usize {
    let mut best = 0;
    for (index, count) in counts.iter().enumerate() {
        if *count > counts[best] {
            best = index;
        }
    }
    best
}

/// Which columns are not 0 in a cell.
pub(super) struct Layout {
    constant: Option<usize>,
    numbers: Vec<(usize, usize)>,
    words: Vec<(usize, usize, usize)>,
    groups: Vec<(usize, usize)>,
}

impl Layout {
    pub(super) fn of(terms: &[Term]) -> Self {
        let mut layout = Self {
            constant: None,
            numbers: Vec::new(),
            words: Vec::new(),
            groups: Vec::new(),
        };
        for (place, term) in terms.iter().enumerate() {
            match *term {
                Term::Constant => layout.constant = Some(place),
                Term::Number(index) => layout.numbers.push((place, index)),
                Term::Word { control, level } => layout.words.push((place, control, level)),
                Term::Group(group) => layout.groups.push((place, group)),
            }
        }
        layout
    }

    /// The columns of the rows of a group with these words: each with its place in `v = (y, z1, …, 1)`.
    pub(super) fn columns(&self, group: usize, words: &[usize], last: usize) -> Vec<(usize, usize)> {
        let mut active: Vec<(usize, usize)> = self.constant.map(|place| (place, last)).into_iter().collect();
        active.extend(self.numbers.iter().map(|&(place, index)| (place, index + 1)));
        let of_words = self
            .words
            .iter()
            .filter(|(_, control, level)| words[*control] == *level);
        active.extend(of_words.map(|&(place, ..)| (place, last)));
        let of_group = self.groups.iter().filter(|(_, other)| *other == group);
        active.extend(of_group.map(|&(place, _)| (place, last)));
        active
    }

    pub(super) fn active(&self, cell: &Cell, last: usize) -> Vec<(usize, usize)> {
        self.columns(cell.group, &cell.words, last)
    }
}

impl Equation<'_> {
    /// How much more a group has than another with the same controls, in the unit of what is explained: the coefficient
    /// of the group less that of the reference.
    ///
    /// # Errors
    /// When it cannot be told from what a control does.
    pub fn gap(&self, group: usize, reference: usize) -> Result<f64, String> {
        let direction = self.contrast(group, reference)?;
        if let Some(open) = self.open(&direction) {
            let names: Vec<String> = open.iter().map(|term| format!("`{}`", self.rows.name(*term))).collect();
            return Err(format!(
                "groups and controls cannot be told apart: {} follow from one another",
                names.join(", ")
            ));
        }
        Ok(self.rows.origin[0].unit * dot(&direction, &self.scaled))
    }

    /// The names of the columns that were kept, in order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.factored
            .kept
            .iter()
            .map(|&place| self.rows.name(self.terms[place]))
            .collect()
    }

    /// The coefficients of the columns that were kept, in order: by how much what is explained changes with one unit
    /// more.
    #[must_use]
    pub fn coefficients(&self) -> Vec<(Term, f64)> {
        self.factored
            .kept
            .iter()
            .map(|&place| (self.terms[place], self.coefficient(place)))
            .collect()
    }

    /// The share of the variance that the equation explains (R squared); `None` when nothing varies.
    #[must_use]
    pub fn explained_share(&self) -> Option<f64> {
        (self.total > 0.0).then(|| 1.0 - self.rest / self.total)
    }

    /// How many more rows there are than coefficients.
    #[must_use]
    pub fn freedom(&self) -> f64 {
        self.n - self.factored.kept.len() as f64
    }

    /// How many rows it was made of.
    #[must_use]
    pub fn rows(&self) -> f64 {
        self.n
    }

    /// The controls, and levels of controls, that others give.
    #[must_use]
    pub fn dropped(&self) -> Vec<Dropped> {
        let controls = self
            .factored
            .dropped
            .iter()
            .filter(|(place, _)| !matches!(self.terms[*place], Term::Group(_)));
        controls
            .map(|(place, depends)| Dropped {
                term: self.terms[*place],
                name: self.rows.name(self.terms[*place]),
                given_by: depends
                    .iter()
                    .map(|(other, _)| self.terms[*other])
                    .filter(|term| *term != Term::Constant)
                    .map(|term| self.rows.name(term))
                    .collect(),
            })
            .collect()
    }

    fn coefficient(&self, place: usize) -> f64 {
        let origin = &self.rows.origin;
        match self.terms[place] {
            Term::Constant => {
                let at_origin: f64 = self
                    .terms
                    .iter()
                    .zip(&self.scaled)
                    .map(|(term, coefficient)| match term {
                        Term::Number(index) => coefficient * origin[index + 1].centre / origin[index + 1].unit,
                        _ => 0.0,
                    })
                    .sum();
                origin[0].centre + origin[0].unit * (self.scaled[place] - at_origin)
            }
            Term::Number(index) => self.scaled[place] * origin[0].unit / origin[index + 1].unit,
            Term::Word { .. } | Term::Group(_) => self.scaled[place] * origin[0].unit,
        }
    }

    /// The combination of coefficients that is a group's gap.
    pub(super) fn contrast(&self, group: usize, reference: usize) -> Result<Vec<f64>, String> {
        let groups = self.rows.groups.len();
        if group >= groups || reference >= groups || group == reference {
            return Err("a gap is between two groups with complete rows".to_owned());
        }
        let mut direction = vec![0.0; self.terms.len()];
        for (place, term) in self.terms.iter().enumerate() {
            if *term == Term::Group(group) {
                direction[place] = 1.0;
            } else if *term == Term::Group(reference) {
                direction[place] = -1.0;
            }
        }
        Ok(direction)
    }

    /// The columns that make this combination of coefficients one that the rows do not determine, if it is.
    ///
    /// Each column left out stands for a direction in which the coefficients could be moved without changing what any
    /// row is predicted. A combination has a value only if none of them moves it.
    pub(super) fn open(&self, direction: &[f64]) -> Option<Vec<Term>> {
        let size = direction.iter().map(|part| part.abs()).fold(0.0, f64::max);
        self.factored.dropped.iter().find_map(|(place, depends)| {
            let moved = direction[*place]
                - depends
                    .iter()
                    .map(|(other, weight)| direction[*other] * weight)
                    .sum::<f64>();
            (moved.abs() > OPEN * size).then(|| {
                let terms: BTreeSet<usize> = depends.iter().map(|(other, _)| *other).chain([*place]).collect();
                let terms = terms.into_iter().map(|place| self.terms[place]);
                terms.filter(|term| *term != Term::Constant).collect()
            })
        })
    }
}
