//! This module splits a gap into what groups bring along and how they are treated (Oaxaca 1973, Blinder 1973).

use super::equation::{Equation, Term};
use super::rows::Rows;

/// What one control explains of a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The control.
    pub control: String,
    /// By how much its different mean moves the amount: the difference of the means times the coefficient, summed over
    /// the levels of a word.
    pub explained: f64,
}

/// A gap in two parts, which sum to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The difference of the means.
    pub gap: f64,
    /// What the controls explain.
    pub explained: f64,
    /// The same by control.
    pub by_control: Vec<Part>,
    /// What they leave.
    pub unexplained: f64,
}

/// A gap in three parts, which sum to it (Winsborough and Dickinson 1971).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreeFold {
    /// What the groups' different controls would make if both were treated as the reference is.
    pub endowments: f64,
    /// What the different treatment would make if both had the controls of the reference.
    pub coefficients: f64,
    /// What both make together.
    pub interaction: f64,
}

/// The gap between a group and a reference, explained by the coefficients of an equation.
///
/// With the equation of all rows ([`Rows::explain`]), which has the groups in it, this is the pooled form with group
/// indicators (Jann 2008), and what is left is exactly the [`Equation::gap`]. With that of the reference or of the
/// group alone ([`Rows::explain_within`]) it is the two-fold form of Oaxaca and Blinder. Pooling without the group
/// (Neumark 1988) would let the controls take over part of the group's effect, and is not offered.
///
/// # Errors
/// When a group has no complete row, or the equation leaves open what the controls do.
pub fn decompose(equation: &Equation<'_>, group: usize, reference: usize) -> Result<Parts, String> {
    let rows = equation.rows;
    let gap = rows
        .raw_gap(group, reference)
        .ok_or("a group has no row with an amount and all controls")?;
    let direction = differences(equation, group, reference)?;
    if let Some(open) = equation.open(&direction) {
        let names: Vec<String> = open.iter().map(|term| format!("`{}`", rows.name(*term))).collect();
        return Err(format!("the rows leave open what {} do", names.join(", ")));
    }
    let unit = rows.origin[0].unit;
    let mut by_control: Vec<Part> = Vec::new();
    for ((term, difference), coefficient) in equation.terms.iter().zip(&direction).zip(&equation.scaled) {
        let control = match *term {
            Term::Number(index) => &rows.numeric[index],
            Term::Word { control, .. } => &rows.words[control].0,
            Term::Constant | Term::Group(_) => continue,
        };
        let explained = unit * difference * coefficient;
        match by_control.last_mut() {
            Some(part) if part.control == *control => part.explained += explained,
            _ => by_control.push(Part {
                control: control.clone(),
                explained,
            }),
        }
    }
    let explained = by_control.iter().map(|part| part.explained).sum();
    Ok(Parts {
        gap,
        explained,
        by_control,
        unexplained: gap - explained,
    })
}

/// The gap in three parts.
///
/// # Errors
/// As of [`decompose`], for an equation within each of both groups.
pub fn three_fold(rows: &Rows, group: usize, reference: usize) -> Result<ThreeFold, String> {
    let as_reference = decompose(&rows.explain_within(reference)?, group, reference)?;
    let as_group = decompose(&rows.explain_within(group)?, group, reference)?;
    Ok(ThreeFold {
        endowments: as_reference.explained,
        coefficients: as_group.unexplained,
        interaction: as_group.explained - as_reference.explained,
    })
}

/// The means of each column of the controls in a group less those in the reference; 0 for constant and groups.
fn differences(equation: &Equation<'_>, group: usize, reference: usize) -> Result<Vec<f64>, String> {
    let rows = equation.rows;
    let last = rows.last();
    let mut direction = vec![0.0; equation.terms.len()];
    for (side, sign) in [(group, 1.0), (reference, -1.0)] {
        let cells = || rows.cells.iter().filter(move |cell| cell.group == side);
        let n: f64 = cells().map(super::rows::Cell::n).sum();
        if n == 0.0 {
            return Err("a group has no row with an amount and all controls".to_owned());
        }
        for (mean, term) in direction.iter_mut().zip(&equation.terms) {
            let sum: f64 = match *term {
                Term::Number(index) => cells().map(|cell| cell.sums[index + 1][last]).sum(),
                Term::Word { control, level } => cells()
                    .filter(|cell| cell.words[control] == level)
                    .map(super::rows::Cell::n)
                    .sum(),
                Term::Constant | Term::Group(_) => 0.0,
            };
            *mean += sign * sum / n;
        }
    }
    Ok(direction)
}
