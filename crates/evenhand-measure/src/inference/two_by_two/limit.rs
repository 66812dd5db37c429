//! The sizes up to which an exact method is offered.

use std::fmt;

use super::Counts;

/// The largest groups for which a method is computed; chosen so that one computation takes about 20 ms at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What the method is called.
    pub method: &'static str,
    /// Most trials in the smaller group.
    pub smaller: u64,
    /// Most trials in the larger group.
    pub larger: u64,
}

impl Limit {
    /// Whether the method is offered for groups of these sizes.
    pub(in crate::inference) fn check(self, a: Counts, b: Counts) -> Result<(), NotComputed> {
        let (smaller, larger) = (a.trials.min(b.trials), a.trials.max(b.trials));
        if smaller > self.smaller || larger > self.larger {
            return Err(NotComputed {
                limit: self,
                smaller,
                larger,
            });
        }
        Ok(())
    }
}

/// The groups are past the sizes for which the method is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotComputed {
    /// The method and its sizes.
    pub limit: Limit,
    /// Trials in the smaller group.
    pub smaller: u64,
    /// Trials in the larger group.
    pub larger: u64,
}

impl fmt::Display for NotComputed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { limit, smaller, larger } = self;
        write!(
            formatter,
            "{} was not computed: the groups have {smaller} and {larger} rows, and it takes up to {} in the smaller and \
             {} in the larger",
            limit.method, limit.smaller, limit.larger
        )
    }
}

impl std::error::Error for NotComputed {}
