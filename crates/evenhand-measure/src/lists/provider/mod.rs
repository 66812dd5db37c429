//! Measures of lists from the side of those whose items are shown, or not.
//!
//! [`Curve`] says how much attention a place gets, which turns places into exposure; a group's share of it is held
//! against a target share ([`ratio`]). [`Measuring`] has the measures of one list, which are tallied by groups of users.
//! The other functions say how far shares are apart ([`awrf`], [`divergence`], [`skew`], [`ndkl`]), what a group gets
//! for its merit ([`treatment`], [`impact`], [`attention_gap`]), how the attention is spread over items
//! ([`Concentration`]), and whether relevant items of a group are placed above others ([`Wins`]).

mod concentration;
mod divergence;
mod exposure;
mod list;
mod merit;
mod pairs;
#[cfg(test)]
mod tests;

pub use self::concentration::{Concentration, short_head};
pub use self::divergence::{NoSkew, awrf, divergence, jensen_shannon, ndkl, skew};
pub use self::exposure::{Curve, exposures, gap, parity, ratio, shares};
pub use self::list::{
    ATTENTION_GAP, Entry, Known, LIST_AWRF, Measuring, NDKL, PAIRS_BETWEEN, PAIRS_WITHIN, TAIL_ITEMS, TAIL_SHARE,
    WANTED, key, key_of_group, under,
};
pub use self::merit::{attention_gap, group_spread, impact, treatment};
pub use self::pairs::{Pairs, Wins};
