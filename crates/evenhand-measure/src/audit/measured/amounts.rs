//! This module is the view of amounts.

use super::{Context, Named, View, view};
use crate::audit::model::Group;

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct AmountView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
}

view!(AmountView, Amounts);

/// The views of one set of attributes.
pub(super) fn views(_context: Context<'_>, _by: &[String]) -> Vec<Box<dyn View>> {
    Vec::new()
}
