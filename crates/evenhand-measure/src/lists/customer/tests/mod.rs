//! Tests of the customer side: a fixture worked out by hand, other software, brute force, and laws.

mod fixture;
mod laws;
mod other;
mod twins;
