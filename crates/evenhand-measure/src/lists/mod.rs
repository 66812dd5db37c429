//! Measures of recommended lists: what is shown to whom, and in which place.

pub mod customer;
pub mod provider;
