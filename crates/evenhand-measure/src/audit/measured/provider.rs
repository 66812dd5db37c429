//! This module is the view of provider.

use super::{Context, Named, View, view};
use crate::audit::model::Group;

/// What a tally holds of it, by group.
#[derive(Debug)]
pub(crate) struct ProviderView {
    by: Vec<String>,
    within: Group,
    named: Vec<Named>,
}

view!(ProviderView, Provider);

/// The views of one set of attributes.
pub(super) fn views(_context: Context<'_>, _by: &[String]) -> Vec<Box<dyn View>> {
    Vec::new()
}

/// The verdict under another model of attention, or another target.
pub(super) fn other_assumptions(_context: Context<'_>) -> Vec<(super::Otherwise, crate::policy::Policy)> {
    Vec::new()
}
