//! This module makes every comparison of one family that the checks ask for, before anything is judged.
//!
//! With many groups there are many comparisons, so each is kept as two numbers and its answers; what is printed
//! of it is worked out later, and only for those that are listed.

use crate::catalogue::Rate;
use crate::inference::{Comparison, z_for};
use crate::policy::{Check, Policy};

use super::compare::{Allowed, Answers, ask};
use super::evidence::Evidence;
use super::groups::{GroupOf, Partition};
use super::model::{Group, GroupKind, Outcome, Reason, Value};

/// What holds for all comparisons of an audit.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) policy: &'a Policy,
    pub(super) weighted: bool,
    /// Whether the event is bad for the person.
    pub(super) adverse: bool,
    /// Whether the label, where one is needed, takes a single value.
    pub(super) one_label: bool,
}

/// Comparisons that are adjusted for together.
#[derive(Default)]
pub(super) struct Family<'a> {
    pub(super) settings: Vec<Setting<'a>>,
    pub(super) known: Vec<Known>,
    pub(super) trials: Vec<Trial>,
    /// How many comparisons are adjusted for together: those that had something to answer.
    pub(super) size: usize,
}

/// What a run of comparisons has in common.
pub(super) struct Setting<'a> {
    pub(super) check: &'a Check,
    pub(super) rate: &'static Rate,
    pub(super) complement: bool,
    pub(super) allowed: Allowed,
    pub(super) by: Vec<String>,
    pub(super) within: Group,
    /// Roles that are needed and not there; then nothing was compared.
    pub(super) missing: Vec<&'static str>,
}

impl Setting<'_> {
    pub(super) fn comparison(&self) -> Comparison {
        self.check.criterion.comparison
    }
}

/// A group with what is known of one rate in it.
pub(super) struct Known {
    pub(super) group: Group,
    /// All rows of the group, whether or not the rate is a share of them.
    pub(super) rows: u64,
    pub(super) evidence: Evidence,
    pub(super) value: Value,
}

/// One comparison.
pub(super) struct Trial {
    pub(super) setting: usize,
    pub(super) group: usize,
    pub(super) reference: Option<usize>,
    /// What the data answered; `None` when nothing could or must be asked.
    pub(super) answers: Option<Answers>,
    pub(super) exact: Option<f64>,
    pub(super) adjusted: f64,
    pub(super) outcome: Outcome,
    pub(super) reason: Option<Reason>,
}

impl<'a> Family<'a> {
    /// Adds all comparisons of one check within one partition.
    pub(super) fn add(&mut self, frame: Frame<'_>, check: &'a Check, partition: &Partition, within: &Group) {
        let judged = || partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        let reference = declared_reference(frame.policy, partition);
        let complement = check.criterion.favourable && frame.adverse;
        let against_highest = check.criterion.against_highest && reference.is_none();
        let allowed = if against_highest {
            Allowed::at_least(check.bound)
        } else {
            Allowed::two_sided(check.criterion.comparison, check.bound)
        };
        for rate in check.criterion.rates {
            self.settings.push(Setting {
                check,
                rate,
                complement,
                allowed,
                by: partition.by.clone(),
                within: within.clone(),
                missing: Vec::new(),
            });
            let first = self.known.len();
            self.known
                .extend(judged().map(|of| Known::of(frame, rate, complement, of)));
            let groups = first..self.known.len();
            match (&reference, groups.len()) {
                (_, 0) => {}
                (Some(name), _) => {
                    let at = groups.clone().find(|&index| self.known[index].group == *name);
                    let at = at.unwrap_or_else(|| {
                        self.known.push(Known::absent(name.clone()));
                        self.known.len() - 1
                    });
                    if groups.len() == 1 && groups.start == at {
                        self.alone(at);
                    }
                    for group in groups.filter(|&group| group != at) {
                        self.compare(frame, group, at);
                    }
                }
                (None, 1) => self.alone(first),
                (None, _) => {
                    for group in groups.clone() {
                        // Against the highest, whichever it is: both directions are questions of their own. Otherwise
                        // one question covers both, asked in the order of the names, so that it is always the same.
                        let others = if against_highest {
                            groups.clone()
                        } else {
                            group + 1..groups.end
                        };
                        for other in others.filter(|&other| other != group) {
                            self.compare(frame, group, other);
                        }
                    }
                }
            }
        }
    }

    /// Adds that a check cannot be made, because a column that it needs was not named.
    pub(super) fn add_impossible(&mut self, check: &'a Check, missing: Vec<&'static str>) {
        let Some(rate) = check.criterion.rates.first() else {
            return;
        };
        let allowed = Allowed::two_sided(check.criterion.comparison, check.bound);
        self.settings.push(Setting {
            check,
            rate,
            complement: false,
            allowed,
            by: Vec::new(),
            within: Group::new(),
            missing,
        });
        self.known.push(Known::absent(Group::new()));
        self.push(
            self.known.len() - 1,
            None,
            Outcome::NotApplicable,
            Some(Reason::RoleMissing),
            None,
        );
    }

    fn alone(&mut self, group: usize) {
        self.push(group, None, Outcome::NotApplicable, Some(Reason::OneGroup), None);
    }

    fn compare(&mut self, frame: Frame<'_>, group: usize, reference: usize) {
        let Some(setting) = self.settings.last() else { return };
        let (a, b) = (&self.known[group].evidence, &self.known[reference].evidence);
        let minimum = frame.policy.inference.min_denominator;
        let (outcome, reason, answers) = if a.rows.1 < minimum || b.rows.1 < minimum {
            (Outcome::NotJudged, Some(Reason::BelowMinimum), None)
        } else if setting.rate.needs().label && frame.one_label {
            (Outcome::Inconclusive, Some(Reason::OneValue), None)
        } else {
            match (a.sample, b.sample) {
                // Nobody on either side: 0/0, which is neither equal nor unequal.
                (Some(x), Some(y)) if setting.comparison() == Comparison::Ratio && x.successes + y.successes == 0.0 => {
                    (Outcome::Inconclusive, Some(Reason::UndefinedRate), None)
                }
                (Some(x), Some(y)) => (
                    Outcome::Inconclusive,
                    None,
                    Some(ask(setting.comparison(), setting.allowed, x, y)),
                ),
                _ => (Outcome::Inconclusive, Some(Reason::UndefinedRate), None),
            }
        };
        self.push(group, Some(reference), outcome, reason, answers);
    }

    fn push(
        &mut self,
        group: usize,
        reference: Option<usize>,
        outcome: Outcome,
        reason: Option<Reason>,
        answers: Option<Answers>,
    ) {
        let setting = self.settings.len() - 1;
        self.size += usize::from(answers.is_some());
        self.trials.push(Trial {
            setting,
            group,
            reference,
            answers,
            exact: None,
            adjusted: 1.0,
            outcome,
            reason,
        });
    }
}

impl Known {
    fn of(frame: Frame<'_>, rate: &Rate, complement: bool, of: &GroupOf) -> Self {
        let evidence = Evidence::of(rate, &of.members, frame.weighted);
        let evidence = if complement { evidence.complement() } else { evidence };
        let value = evidence.value(z_for(frame.policy.inference.confidence), &rate.undefined_when());
        Self {
            group: of.group.clone(),
            rows: of.members.whole.rows(),
            evidence,
            value,
        }
    }

    fn absent(group: Group) -> Self {
        let value = Value::Undefined {
            undefined: "the group has no rows here".to_owned(),
        };
        Self {
            group,
            rows: 0,
            evidence: Evidence::of_nobody(),
            value,
        }
    }
}

/// The group that the policy names as reference for every attribute of this partition, if it does.
fn declared_reference(policy: &Policy, partition: &Partition) -> Option<Group> {
    let named = |column: &String| Some((column.clone(), Some(policy.inference.reference.get(column)?.clone())));
    partition.by.iter().map(named).collect()
}
