//! The sections of the page, in order. A section computes, or has `study` compute, and says what it found; adding one is
//! a module and a line in [`all`].

pub mod coverage;
pub mod family;
pub mod flapping;
pub mod history;
pub mod power;
pub mod rules;
pub mod simultaneous;
pub mod size;

use std::time::Instant;

use crate::others::Answers;
use crate::page::Section;

/// Every section.
///
/// # Errors
/// When the other tools' answers are not those to this study's data, or an audit refuses its data.
pub fn all(answers: &Answers) -> Result<Vec<Section>, String> {
    Ok(vec![
        timed("A. size", || Ok(size::section()))?,
        timed("A. coverage", || Ok(coverage::section()))?,
        timed("B. false fails", || family::section(answers))?,
        timed("C. power", || power::section(answers))?,
        timed("D. flapping", flapping::section)?,
        timed("E. simultaneous intervals", simultaneous::section)?,
        timed("F. history", history::section)?,
    ])
}

/// Says on the terminal how long a section took. The page has no times, so that it is the same each time.
fn timed(name: &str, section: impl FnOnce() -> Result<Section, String>) -> Result<Section, String> {
    let start = Instant::now();
    let section = section()?;
    crate::tell(&format!("{name}: {:.1} s", start.elapsed().as_secs_f64()));
    Ok(section)
}
