//! What is computed, apart from how it is shown: the test of the study runs the same functions on a smaller grid.

pub mod binomial;
pub mod coverage;
pub mod flapping;
pub mod guard;
pub mod question;
pub mod simulation;
pub mod simultaneous;
pub mod size;
pub mod staircase;
