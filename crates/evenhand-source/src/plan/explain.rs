//! This module is what a plan says about explaining amounts by controls.

use std::sync::Arc;

use evenhand_measure::Policy;
use evenhand_measure::policy::Scale;
use evenhand_measure::regression::SecondPass;

/// How amounts are explained by controls.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// Whether their logarithms are explained.
    pub log: bool,
    /// The sets of protected attributes whose groups are compared.
    pub sets: Vec<Vec<String>>,
    /// What the first pass found, in a second one.
    pub second: Option<Arc<SecondPass>>,
}

impl Explain {
    /// What a policy asks for; nothing without an amount and a control.
    pub(super) fn of(policy: &Policy) -> Option<Self> {
        let roles = &policy.roles;
        if roles.amount.is_none() || roles.controls.is_empty() {
            return None;
        }
        let all = Some(&roles.protected).filter(|all| roles.intersect_all && all.len() > 1);
        let single = roles.protected.iter().map(|column| vec![column.clone()]);
        let mut sets: Vec<Vec<String>> = Vec::new();
        for set in single.chain(roles.intersections.iter().chain(all).cloned()) {
            // Each attribute once, as the audit takes them.
            let mut once: Vec<String> = Vec::new();
            for column in set {
                if !once.contains(&column) {
                    once.push(column);
                }
            }
            if !once.is_empty() && !sets.contains(&once) {
                sets.push(once);
            }
        }
        Some(Self {
            log: policy.amounts.scale == Scale::Log,
            sets,
            second: None,
        })
    }
}
