//! This module is the view of customer.

use super::{Context, Named, View, view};
use crate::audit::model::Group;

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct CustomerView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
}

view!(CustomerView, Customer);

/// The views of one set of attributes.
pub(super) fn views(_context: Context<'_>, _by: &[String]) -> Vec<Box<dyn View>> {
    Vec::new()
}
