//! This module says how sure the coefficients of an equation are.

use std::collections::BTreeMap;

use super::cholesky::{dot, sandwich, times};
use super::equation::{Equation, Layout, Term};
use crate::amounts::FEW;
use crate::tally::Robust;

/// With fewer different units than this their variance is not estimated.
pub const FEWEST_UNITS: usize = 20;

/// How the variance of coefficients is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As if every row had the same variance: `s^2 (X'X)^-1`. Never used for a verdict.
    Classic,
    /// HC3 of MacKinnon and White (1985): each row has a variance of its own, and a row that pulls the equation to
    /// itself counts for more. The gap between a group of fewer than [`FEW`] rows and one at least twice as large is not
    /// taken to be surer than if all rows varied alike: a few that all had the usual amount say little of how much their
    /// group varies.
    Hc3,
    /// CR1: rows of the same unit belong together (Liang and Zeger 1986), enlarged by `G/(G-1) * (n-1)/(n-k)`.
    Clustered,
}

impl Kind {
    /// Its name, as methods are named.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Classic => "ols-classic",
            Self::Hc3 => "ols-hc3",
            Self::Clustered => "ols-cluster",
        }
    }
}

/// The standard errors of an equation's coefficients.
#[derive(Clone, Debug)]
pub struct Errors<'a> {
    /// How they were found.
    pub kind: Kind,
    /// The degrees of freedom of Student's t.
    pub freedom: f64,
    equation: &'a Equation<'a>,
    covariance: Vec<Vec<f64>>,
    /// Rows by column kept on which alone its coefficient rests, so that they show no error; empty when not known.
    alone: Vec<u64>,
}

/// Why there are no standard errors, one clause.
pub type Uncertain = String;

impl<'a> Equation<'a> {
    /// The errors that a verdict may rest on: clustered where units are known to repeat, else HC3.
    ///
    /// # Errors
    /// When there are none. Classic ones never stand in for them.
    pub fn errors(&'a self, robust: &[Robust]) -> Result<Errors<'a>, Uncertain> {
        if self.rows.has_buckets {
            self.clustered()
        } else {
            self.robust(robust)
        }
    }

    /// Errors as if all rows had the same variance and were independent.
    ///
    /// # Errors
    /// When the equation leaves no rest.
    pub fn classic(&'a self) -> Result<Errors<'a>, Uncertain> {
        self.checked()?;
        let variance = self.rest / self.freedom();
        let inverse = &self.factored.inverse;
        Ok(Errors {
            kind: Kind::Classic,
            freedom: self.freedom(),
            equation: self,
            covariance: inverse
                .iter()
                .map(|row| row.iter().map(|entry| entry * variance).collect())
                .collect(),
            alone: Vec::new(),
        })
    }

    /// HC3 errors, from what a second pass over the rows found.
    ///
    /// # Errors
    /// When there was none for this equation.
    pub fn robust(&'a self, found: &[Robust]) -> Result<Errors<'a>, Uncertain> {
        self.checked()?;
        let Some(found) = found.iter().find(|found| found.by == self.rows.by) else {
            return Err(
                "HC3 standard errors need a second pass over the rows, and a tally that was merged has none".to_owned(),
            );
        };
        let size = self.factored.kept.len();
        if found.terms != self.names() || found.meat.len() != size * (size + 1) / 2 || found.alone.len() != size {
            return Err("the second pass over the rows was for another equation".to_owned());
        }
        let mut meat = vec![vec![0.0; self.terms.len()]; self.terms.len()];
        let mut sums = found.meat.iter();
        for (index, &i) in self.factored.kept.iter().enumerate() {
            for &j in &self.factored.kept[index..] {
                let sum = sums.next().map_or(0.0, crate::exact_sum::ExactSum::value);
                meat[i][j] = sum;
                meat[j][i] = sum;
            }
        }
        Ok(Errors {
            kind: Kind::Hc3,
            freedom: self.freedom(),
            equation: self,
            covariance: sandwich(&self.factored.inverse, &meat),
            alone: found.alone.clone(),
        })
    }

    /// Errors that hold when rows of the same unit are alike. They need no second pass: what a bucket of units adds up
    /// to in the equation, `X_b' e = X_b' y - X_b' X_b beta`, follows from its sums of products.
    ///
    /// # Errors
    /// When units are not known, or are fewer than `FEWEST_UNITS`.
    pub fn clustered(&'a self) -> Result<Errors<'a>, Uncertain> {
        self.checked()?;
        if !self.rows.has_buckets {
            return Err("it is not known which rows are of the same unit".to_owned());
        }
        let size = self.terms.len();
        let last = self.rows.last();
        let layout = Layout::of(&self.terms);
        let mut scores: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for cell in &self.rows.cells {
            let Some(bucket) = cell.bucket else { continue };
            let score = scores.entry(bucket).or_insert_with(|| vec![0.0; size]);
            let active = layout.active(cell, last);
            for &(row, i) in &active {
                let fitted: f64 = active
                    .iter()
                    .map(|&(place, j)| self.scaled[place] * cell.sums[i][j])
                    .sum();
                score[row] += cell.sums[i][0] - fitted;
            }
        }
        let units = scores.len();
        if units < FEWEST_UNITS {
            return Err(format!("the rows come from fewer than {FEWEST_UNITS} different units"));
        }
        let mut meat = vec![vec![0.0; size]; size];
        for score in scores.values() {
            for (row, a) in meat.iter_mut().zip(score) {
                row.iter_mut().zip(score).for_each(|(sum, b)| *sum += a * b);
            }
        }
        let units = units as f64;
        let larger = units / (units - 1.0) * (self.rows() - 1.0) / self.freedom();
        let mut covariance = sandwich(&self.factored.inverse, &meat);
        covariance.iter_mut().flatten().for_each(|entry| *entry *= larger);
        Ok(Errors {
            kind: Kind::Clustered,
            freedom: units - 1.0,
            equation: self,
            covariance,
            alone: Vec::new(),
        })
    }

    fn checked(&self) -> Result<(), Uncertain> {
        if self.rest > 0.0 {
            Ok(())
        } else {
            Err("the equation gives every amount exactly, so nothing is left to estimate an error from".to_owned())
        }
    }
}

impl Errors<'_> {
    /// The standard error of a group's gap.
    ///
    /// # Errors
    /// When the gap has no value, or its error cannot be estimated.
    pub fn of_gap(&self, group: usize, reference: usize) -> Result<f64, Uncertain> {
        self.equation.gap(group, reference)?;
        let rows = self.equation.rows;
        for side in [group, reference] {
            if self.kind == Kind::Clustered && rows.buckets(side) < FEWEST_UNITS {
                return Err(format!(
                    "{} comes from fewer than {FEWEST_UNITS} different units",
                    rows.name(Term::Group(side))
                ));
            }
            if rows.sizes.get(side).is_none_or(|n| *n < 2) {
                return Err(format!(
                    "{} has a single row with all controls",
                    rows.name(Term::Group(side))
                ));
            }
        }
        let direction = self.equation.contrast(group, reference)?;
        let own = self.of(&direction, rows.origin[0].unit)?;
        let (one, two) = (rows.sizes[group], rows.sizes[reference]);
        let is_small_beside = one.min(two) < FEW && one.max(two) / 2 >= one.min(two);
        if self.kind != Kind::Hc3 || !is_small_beside {
            return Ok(own);
        }
        let alike = self.equation.classic()?.of(&direction, rows.origin[0].unit)?;
        Ok(own.max(alike))
    }

    /// The standard error of a coefficient of [`Equation::coefficients`], other than the constant.
    ///
    /// # Errors
    /// When it cannot be estimated.
    pub fn of_term(&self, term: Term) -> Result<f64, Uncertain> {
        let place = self.equation.terms.iter().position(|other| *other == term);
        let Some(place) = place.filter(|place| self.equation.factored.kept.contains(place)) else {
            return Err("it has no coefficient of its own".to_owned());
        };
        let origin = &self.equation.rows.origin;
        let unit = match term {
            Term::Constant => return Err("the constant is not compared with anything".to_owned()),
            Term::Number(index) => origin[0].unit / origin[index + 1].unit,
            Term::Word { .. } | Term::Group(_) => origin[0].unit,
        };
        let mut direction = vec![0.0; self.covariance.len()];
        direction[place] = 1.0;
        self.of(&direction, unit)
    }

    fn of(&self, direction: &[f64], unit: f64) -> Result<f64, Uncertain> {
        let kept = &self.equation.factored.kept;
        let rests = kept
            .iter()
            .zip(&self.alone)
            .any(|(&place, rows)| direction[place] != 0.0 && *rows > 0);
        if rests {
            return Err("it rests on a row that no other is like, which shows no error".to_owned());
        }
        let variance = dot(direction, &times(&self.covariance, direction));
        if variance > 0.0 && variance.is_finite() {
            Ok(unit * variance.sqrt())
        } else {
            Err("its rows show no variance".to_owned())
        }
    }
}
