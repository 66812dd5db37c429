//! This module makes every comparison of one family that the checks ask for, before anything is judged.
//!
//! With many groups there are many comparisons, so each is kept as two numbers and its answers; what is printed
//! of it is worked out later, and only for those that are listed.

use crate::catalogue::{Measure, Rate};
use crate::inference::Comparison;
use crate::policy::{Check, Policy};

use super::bounds::{Bounds, of_group, perhaps_in};
use super::compare::{Allowed, Answers, ask, ask_estimate, is_nobody};
use super::evidence::{Basis, Evidence};
use super::groups::{GroupOf, Partition};
use super::measured::{Found, View, written};
use super::model::{Group, GroupKind, Outcome, Reason, Value};
use super::strata::{Layers, Pair, every_pair};

/// What holds for all comparisons of an audit.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) policy: &'a Policy,
    /// Which of several events of the decisions is compared.
    pub(super) event: Option<&'a str>,
    pub(super) basis: Basis,
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

/// What is compared.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Rate(&'static Rate),
    Measure(&'static Measure),
}

impl Subject {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Rate(rate) => rate.id,
            Self::Measure(measure) => measure.id,
        }
    }

    pub(super) fn undefined_when(self) -> String {
        match self {
            Self::Rate(rate) => rate.undefined_when(),
            Self::Measure(measure) => measure.undefined_when.to_owned(),
        }
    }

    pub(super) fn rate(self) -> Option<&'static Rate> {
        match self {
            Self::Rate(rate) => Some(rate),
            Self::Measure(_) => None,
        }
    }
}

/// What a run of comparisons has in common.
pub(super) struct Setting<'a> {
    pub(super) check: &'a Check,
    pub(super) of: Subject,
    pub(super) event: Option<String>,
    pub(super) complement: bool,
    pub(super) allowed: Allowed,
    pub(super) by: Vec<String>,
    pub(super) within: Group,
    /// The columns within whose values groups are compared before what is found is pooled.
    pub(super) pooled_over: Vec<String>,
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
    /// The strata of a comparison that is pooled over them.
    pub(super) pair: Option<Pair>,
    /// The comparison of measures that are no shares of rows.
    pub(super) found: Option<Found>,
    /// What the data answered; `None` when nothing could or must be asked.
    pub(super) answers: Option<Answers>,
    pub(super) exact: Option<f64>,
    /// The same of compliance, where counts were too small for it.
    pub(super) exact_comply: Option<f64>,
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
        let allowed = match check.bound {
            None => Allowed::anything(),
            Some(bound) if against_highest => Allowed::at_least(bound),
            Some(bound) => Allowed::two_sided(check.criterion.comparison, bound),
        };
        for rate in check.criterion.rates {
            self.settings.push(Setting {
                check,
                of: Subject::Rate(rate),
                event: frame.event.map(str::to_owned),
                complement,
                allowed,
                by: partition.by.clone(),
                within: within.clone(),
                pooled_over: Vec::new(),
                missing: Vec::new(),
            });
            let first = self.known.len();
            self.known
                .extend(judged().map(|of| Known::of(frame, rate, complement, partition, of)));
            let groups = first..self.known.len();
            match (&reference, groups.len()) {
                (_, 0) => {}
                // Within a stratum that the reference is not in there is nothing to compare.
                (Some(name), _) if !within.is_empty() && !groups.clone().any(|g| self.known[g].group == *name) => {
                    groups.for_each(|group| self.alone(group));
                }
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
                // Without a bound there is no question that another choice of reference would answer otherwise.
                (None, _) if check.bound.is_none() && against_highest => {
                    let highest = self.highest(groups.clone());
                    for group in groups.filter(|&group| group != highest) {
                        self.compare(frame, group, highest);
                    }
                }
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

    /// Adds all comparisons of one check that are made within strata and pooled over them.
    pub(super) fn add_pooled(
        &mut self,
        frame: Frame<'_>,
        check: &'a Check,
        partition: &Partition,
        (columns, strata): (&[String], &[(Group, Partition)]),
    ) {
        let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
        let names: Vec<&Group> = judged.map(|of| &of.group).collect();
        let reference = declared_reference(frame.policy, partition);
        let at = reference.and_then(|name| names.iter().position(|group| **group == name));
        let complement = check.criterion.favourable && frame.adverse;
        let comparison = check.criterion.comparison;
        let allowed = match check.bound {
            None => Allowed::anything(),
            Some(bound) => Allowed::two_sided(comparison, bound),
        };
        for rate in check.criterion.rates {
            self.settings.push(Setting {
                check,
                of: Subject::Rate(rate),
                event: frame.event.map(str::to_owned),
                complement,
                allowed,
                by: partition.by.clone(),
                within: Group::new(),
                pooled_over: columns.to_vec(),
                missing: Vec::new(),
            });
            let layers = Layers::of(frame.basis, rate, complement, &names, strata);
            // With very many pairs each group is held against the one with the highest rate alone, which a note says.
            let at = at.or_else(|| {
                let too_many = !every_pair(names.len(), strata.len());
                too_many.then(|| highest(frame, rate, complement, partition)).flatten()
            });
            for group in 0..names.len() {
                let others = match at {
                    Some(at) if at == group => continue,
                    Some(at) => at..at + 1,
                    None => group + 1..names.len(),
                };
                for other in others {
                    self.compare_pooled(frame, (names[group], names[other]), layers.pair(group, other));
                }
            }
        }
    }

    fn compare_pooled(&mut self, frame: Frame<'_>, (group, reference): (&Group, &Group), pair: Pair) {
        let Some(setting) = self.settings.last() else { return };
        let (comparison, allowed) = (setting.comparison(), setting.allowed);
        let minimum = frame.policy.inference.min_denominator;
        let (outcome, reason, answers) = if setting.check.bound.is_none() {
            (Outcome::NotJudged, Some(Reason::NoPassMark), None)
        } else if pair.rows.0 < minimum || pair.rows.1 < minimum {
            (Outcome::NotJudged, Some(Reason::BelowMinimum), None)
        } else {
            match pair.ask(comparison, allowed) {
                Some(answers) => (Outcome::Inconclusive, None, Some(answers)),
                None => (Outcome::Inconclusive, Some(Reason::UndefinedRate), None),
            }
        };
        let shares = pair.standardised();
        self.known.push(Known::standardised(
            group.clone(),
            pair.rows.0,
            shares.map(|(share, _)| share),
        ));
        self.known.push(Known::standardised(
            reference.clone(),
            pair.rows.1,
            shares.map(|(_, share)| share),
        ));
        let last = self.known.len() - 1;
        self.push(last - 1, Some(last), outcome, reason, answers);
        if let Some(trial) = self.trials.last_mut() {
            trial.pair = Some(pair);
        }
    }

    /// Adds all comparisons of one check on a measure that is no share of rows.
    pub(super) fn add_measured(
        &mut self,
        frame: Frame<'_>,
        check: &'a Check,
        measure: &'static Measure,
        view: &dyn View,
    ) {
        let policy = frame.policy;
        let confidence = policy.inference.confidence;
        let judged: Vec<usize> = (0..view.groups().len())
            .filter(|&index| view.groups()[index].kind == GroupKind::Judged)
            .collect();
        let named = |column: &String| Some((column.clone(), Some(policy.inference.reference.get(column)?.clone())));
        let reference: Option<Group> = view.by().iter().map(named).collect();
        let comparison = check.criterion.comparison;
        let against_highest = check.criterion.against_highest && reference.is_none();
        let allowed = match check.bound {
            None => Allowed::anything(),
            Some(bound) if against_highest => Allowed::at_least(bound),
            Some(bound) => Allowed::two_sided(comparison, bound),
        };
        self.settings.push(Setting {
            check,
            of: Subject::Measure(measure),
            event: None,
            complement: false,
            allowed,
            by: view.by().to_vec(),
            within: view.within().clone(),
            pooled_over: Vec::new(),
            missing: Vec::new(),
        });
        let first = self.known.len();
        for &index in &judged {
            let group = &view.groups()[index];
            let values = view.value(measure, Some(index)).unwrap_or_default();
            let value = values.first().map_or_else(
                || Value::undefined("it is no measure of one group"),
                |(_, found)| written(found, measure, confidence),
            );
            self.known.push(Known::measured(group.group.clone(), group.rows, value));
        }
        let at = reference
            .as_ref()
            .map(|name| judged.iter().position(|&index| view.groups()[index].group == *name));
        match at {
            _ if judged.is_empty() => {}
            Some(None) => judged
                .iter()
                .enumerate()
                .for_each(|(place, _)| self.alone(first + place)),
            _ if judged.len() == 1 => self.alone(first),
            _ => {
                let at = at.flatten();
                for (group, &index) in judged.iter().enumerate() {
                    let others = match at {
                        Some(at) => at..at + 1,
                        None if against_highest => 0..judged.len(),
                        None => group + 1..judged.len(),
                    };
                    for other in others.filter(|&other| other != group && Some(group) != at) {
                        let found = view.compare(measure, index, judged[other], comparison);
                        self.push_found(policy, first + group, first + other, found);
                    }
                }
            }
        }
    }

    fn push_found(&mut self, policy: &Policy, group: usize, reference: usize, found: Option<Found>) {
        let Some(setting) = self.settings.last() else { return };
        let minimum = policy.inference.min_denominator;
        let found = found.unwrap_or_else(|| Err("it is not compared".to_owned()));
        let (outcome, reason, answers) = if setting.check.bound.is_none() {
            (Outcome::NotJudged, Some(Reason::NoPassMark), None)
        } else if self.known[group].rows < minimum || self.known[reference].rows < minimum {
            (Outcome::NotJudged, Some(Reason::BelowMinimum), None)
        } else {
            match &found {
                Err(_) => (Outcome::Inconclusive, Some(Reason::UndefinedRate), None),
                Ok(estimate) => match ask_estimate(setting.allowed, estimate) {
                    Some(answers) => (Outcome::Inconclusive, None, Some(answers)),
                    None => (Outcome::Inconclusive, Some(Reason::TooFewUnits), None),
                },
            }
        };
        self.push(group, Some(reference), outcome, reason, answers);
        if let Some(trial) = self.trials.last_mut() {
            trial.found = Some(found);
        }
    }

    /// Adds that a check cannot be made, because a column that it needs was not named.
    pub(super) fn add_impossible(&mut self, check: &'a Check, missing: Vec<&'static str>) {
        let of = match (check.criterion.rates.first(), check.criterion.measure) {
            (Some(rate), _) => Subject::Rate(rate),
            (None, Some(measure)) => Subject::Measure(measure),
            (None, None) => return,
        };
        let comparison = check.criterion.comparison;
        let bound = check.bound.unwrap_or(check.criterion.bound);
        let allowed = Allowed::two_sided(comparison, bound);
        self.settings.push(Setting {
            check,
            of,
            event: None,
            complement: false,
            allowed,
            by: Vec::new(),
            within: Group::new(),
            pooled_over: Vec::new(),
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

    /// The group with the highest share; of equals the first.
    fn highest(&self, groups: std::ops::Range<usize>) -> usize {
        let share = |index: usize| self.known[index].value.point().unwrap_or(f64::NEG_INFINITY);
        let first = groups.start;
        groups.fold(first, |kept, next| if share(next) > share(kept) { next } else { kept })
    }

    fn alone(&mut self, group: usize) {
        self.push(group, None, Outcome::NotApplicable, Some(Reason::OneGroup), None);
    }

    fn compare(&mut self, frame: Frame<'_>, group: usize, reference: usize) {
        let Some(setting) = self.settings.last() else { return };
        let (a, b) = (&self.known[group].evidence, &self.known[reference].evidence);
        let minimum = frame.policy.inference.min_denominator;
        let (outcome, reason, answers) = if setting.check.bound.is_none() {
            (Outcome::NotJudged, Some(Reason::NoPassMark), None)
        } else if a.rows.1 < minimum || b.rows.1 < minimum {
            (Outcome::NotJudged, Some(Reason::BelowMinimum), None)
        } else if frame.one_label && setting.of.rate().is_some_and(|rate| rate.needs().label) {
            (Outcome::Inconclusive, Some(Reason::OneValue), None)
        } else {
            match (a.sample, b.sample) {
                // Nobody on either side: 0/0, which is neither equal nor unequal.
                (Some(x), Some(y))
                    if is_nobody(setting.comparison(), x, y) && a.range.is_none() && b.range.is_none() =>
                {
                    (Outcome::Inconclusive, Some(Reason::UndefinedRate), None)
                }
                (Some(_), Some(_)) => {
                    let inference = &frame.policy.inference;
                    let answers = ask(inference, setting.comparison(), setting.allowed, a, b);
                    let reason = answers.is_none().then_some(Reason::MethodUndefined);
                    (Outcome::Inconclusive, reason, answers)
                }
                _ if a.hidden || b.hidden => (Outcome::Inconclusive, Some(Reason::SelectiveLabels), None),
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
            pair: None,
            found: None,
            answers,
            exact: None,
            exact_comply: None,
            adjusted: 1.0,
            outcome,
            reason,
        });
    }
}

impl Known {
    fn of(frame: Frame<'_>, rate: &Rate, complement: bool, partition: &Partition, of: &GroupOf) -> Self {
        let evidence = Evidence::of(rate, &of.members, frame.basis);
        let possible = of_group(rate, &of.members, &perhaps_in(partition, of), frame.basis.weighted);
        let (evidence, possible) = if complement {
            (evidence.complement(), possible.map(Bounds::complement))
        } else {
            (evidence, possible)
        };
        let value = evidence.value(&frame.policy.inference, &rate.undefined_when(), possible);
        Self {
            group: of.group.clone(),
            rows: of.members.whole.rows(),
            evidence,
            value,
        }
    }

    /// A group whose rate is what it would be with another spread over strata: no share of its own rows.
    fn standardised(group: Group, rows: u64, share: Option<f64>) -> Self {
        let value = match share {
            Some(point) => Value::Number {
                point,
                lower: None,
                upper: None,
            },
            None => Value::undefined("no stratum has rows of both groups"),
        };
        Self {
            group,
            rows,
            evidence: Evidence::of_no_rows(),
            value,
        }
    }

    /// A group with a value that is no share of rows.
    fn measured(group: Group, rows: u64, value: Value) -> Self {
        Self {
            group,
            rows,
            evidence: Evidence::of_no_rows(),
            value,
        }
    }

    fn absent(group: Group) -> Self {
        let value = Value::undefined("the group has no rows here");
        Self {
            group,
            rows: 0,
            evidence: Evidence::of_nobody(),
            value,
        }
    }
}

/// The place of the group with the highest rate among those that are judged; of equals the first.
fn highest(frame: Frame<'_>, rate: &Rate, complement: bool, partition: &Partition) -> Option<usize> {
    let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
    let shares: Vec<Option<f64>> = judged
        .map(|of| {
            let evidence = Evidence::compared(rate, complement, &of.members, frame.basis);
            evidence.sample.map(crate::inference::Sample::rate)
        })
        .collect();
    let known = (0..shares.len()).filter(|&index| shares[index].is_some());
    known.reduce(|kept, next| if shares[next] > shares[kept] { next } else { kept })
}

/// The group that the policy names as reference for every attribute of this partition, if it does.
pub(super) fn declared_reference(policy: &Policy, partition: &Partition) -> Option<Group> {
    let named = |column: &String| Some((column.clone(), Some(policy.inference.reference.get(column)?.clone())));
    partition.by.iter().map(named).collect()
}
