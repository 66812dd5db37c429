//! This module is one run over the rows of a tally: what all its questions share, and what each of them compares.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::compare::Memo;
use super::evidence::{self, Basis, Evidence};
use super::family::{Family, Frame};
use super::groups::{self, GroupOf, Members, Partition};
use super::model::{Group, GroupKind, GroupRates, Value};
use super::read::Reading;
use super::{bounds, findings, measured, verdict};
use crate::catalogue::{Cells, MEASURES, RATES, Rate, STATISTICS};
use crate::policy::{Check, Level, Policy};
use crate::tally::Tally;

/// Everything that one run over a reading shares.
pub(super) struct Run<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) tally: &'a Tally,
    /// Which of several events of the decisions it is about.
    pub(super) event: Option<String>,
    /// What is there beside decisions, by set of attributes.
    pub(super) views: Rc<Vec<Box<dyn measured::View>>>,
    pub(super) policy: &'a Policy,
    pub(super) checks: &'a [Check],
    pub(super) adverse: bool,
    pub(super) basis: Basis,
    pub(super) split: Rc<Split>,
    pub(super) memo: Rc<Memo>,
}

/// The rows of a reading, sorted into groups once for every question.
pub(super) struct Split {
    pub(super) overall: Members,
    /// For each set of attributes.
    pub(super) partitions: Vec<Partition>,
    /// For each set of attributes, the same within each stratum.
    pub(super) strata: Vec<Vec<(Group, Partition)>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        reading: &'a Reading<'a>,
        tally: &'a Tally,
        policy: &'a Policy,
        checks: &'a [Check],
        adverse: bool,
    ) -> Self {
        let overall = groups::overall(reading);
        let strata = |set: &Vec<usize>| {
            if reading.strata.is_empty() {
                Vec::new()
            } else {
                groups::stratified(reading, set)
            }
        };
        let context = measured::Context { tally, policy, reading };
        let sets = reading.sets.iter().map(|set| -> Vec<String> {
            set.iter()
                .map(|&index| reading.attributes[index].column.clone())
                .collect()
        });
        Self {
            reading,
            tally,
            event: None,
            views: Rc::new(sets.flat_map(|by| measured::views(context, &by)).collect()),
            policy,
            checks,
            adverse,
            basis: Basis {
                weighted: tally.is_weighted(),
                selective: overall.whole.has_selective_labels(),
            },
            split: Rc::new(Split {
                overall,
                partitions: reading.sets.iter().map(|set| groups::partition(reading, set)).collect(),
                strata: reading.sets.iter().map(strata).collect(),
            }),
            memo: Rc::default(),
        }
    }

    /// The same rows under another policy.
    pub(super) fn under<'b>(&self, policy: &'b Policy, checks: &'b [Check]) -> Run<'b>
    where
        'a: 'b,
    {
        Run {
            reading: self.reading,
            policy,
            checks,
            event: self.event.clone(),
            views: Rc::clone(&self.views),
            split: Rc::clone(&self.split),
            memo: Rc::clone(&self.memo),
            ..*self
        }
    }

    /// The same with other rows.
    pub(super) fn with(
        &self,
        overall: Members,
        partitions: Vec<Partition>,
        strata: Vec<Vec<(Group, Partition)>>,
    ) -> Run<'a> {
        Run {
            basis: Basis {
                selective: overall.whole.has_selective_labels(),
                ..self.basis
            },
            split: Rc::new(Split {
                overall,
                partitions,
                strata,
            }),
            memo: Rc::clone(&self.memo),
            views: Rc::clone(&self.views),
            event: self.event.clone(),
            ..*self
        }
    }

    pub(super) fn context(&self) -> measured::Context<'_> {
        measured::Context {
            tally: self.tally,
            policy: self.policy,
            reading: self.reading,
        }
    }

    /// The values of all measures that are no shares of rows, beside the rates of the same group.
    pub(super) fn add_measured_values(&self, rates: &mut Vec<GroupRates>) {
        let confidence = self.policy.inference.confidence;
        for view in self.views.iter() {
            let groups = view
                .groups()
                .iter()
                .enumerate()
                .map(|(index, named)| (Some(index), named.clone()));
            let everybody = measured::Named {
                group: Group::new(),
                kind: GroupKind::Overall,
                rows: self.split.overall.whole.rows(),
            };
            for (index, named) in std::iter::once((None, everybody)).chain(groups) {
                let by: &[String] = if index.is_some() { view.by() } else { &[] };
                let same = |rates: &&mut GroupRates| {
                    rates.by == by && rates.group == named.group && rates.within == *view.within()
                };
                let mut values = BTreeMap::new();
                for measure in MEASURES.iter() {
                    for (setting, found) in view.value(measure, index).unwrap_or_default() {
                        let key = setting
                            .map_or_else(|| measure.id.to_owned(), |setting| format!("{}@{setting}", measure.id));
                        values.insert(key, measured::written(&found, measure, confidence));
                    }
                }
                if values.is_empty() {
                    continue;
                }
                match rates.iter_mut().find(same) {
                    Some(rates) => rates.values.extend(values),
                    None => rates.push(GroupRates {
                        by: by.to_vec(),
                        group: named.group,
                        within: view.within().clone(),
                        kind: named.kind,
                        n: named.rows,
                        values,
                    }),
                }
            }
        }
    }

    pub(super) fn frame(&self) -> Frame<'_> {
        let labelled = |cells| {
            let needs = crate::confusion::Needs {
                label: true,
                prediction: false,
            };
            self.split.overall.whole.select(cells, needs).rows
        };
        Frame {
            policy: self.policy,
            event: self.event.as_deref(),
            basis: self.basis,
            adverse: self.adverse,
            one_label: labelled(Cells::TP | Cells::FN) == 0 || labelled(Cells::FP | Cells::TN) == 0,
        }
    }

    /// Every comparison of a level, judged together.
    pub(super) fn family(&self, level: Level) -> Family<'_> {
        let mut family = Family::default();
        self.compare(&mut family, level, true);
        let adjustment = findings::adjustment(self.policy, level);
        verdict::judge(self.policy, adjustment, &self.memo, &mut family);
        family
    }

    /// Adds the comparisons of a level to a family; those of what is no decision only if `beside_decisions`.
    pub(super) fn compare<'f>(&'f self, family: &mut Family<'f>, level: Level, beside_decisions: bool) {
        let columns: Vec<String> = self
            .reading
            .strata
            .iter()
            .map(|stratum| stratum.column.clone())
            .collect();
        let is_asked = |check: &&Check| check.level == level && (beside_decisions || check.criterion.measure.is_none());
        for check in self.checks.iter().filter(is_asked) {
            // Defaults run where they can; what somebody asked for is missed when it cannot.
            let of_preset = self.policy.preset.is_some() && level == Level::Warn;
            let is_wanted = !self.policy.checks.is_empty() && !of_preset;
            if !self.can(check) {
                if is_wanted {
                    family.add_impossible(check, self.missing_roles(check));
                }
                continue;
            }
            if let Some(measure) = check.criterion.measure {
                for view in self
                    .views
                    .iter()
                    .filter(|view| view.compares(measure) && (is_wanted || view.can_have(measure)))
                    .filter(|view| covers(check, view.by()))
                {
                    family.add_measured(self.frame(), check, measure, view.as_ref());
                }
                continue;
            }
            for (partition, strata) in self.split.partitions.iter().zip(&self.split.strata) {
                if !covers(check, &partition.by) {
                    continue;
                }
                if check.criterion.per_stratum {
                    for (stratum, within) in strata {
                        family.add(self.frame(), check, within, stratum);
                    }
                    family.add_pooled(self.frame(), check, partition, (&columns, strata));
                } else {
                    family.add(self.frame(), check, partition, &Group::new());
                }
            }
        }
    }

    /// The roles that a check needs and that are not there.
    fn missing_roles(&self, check: &Check) -> Vec<&'static str> {
        let there = |role: &&str| measured::has(self.tally, role);
        let needed = crate::catalogue::Entry::Criterion(check.criterion).needs();
        needed.into_iter().filter(|role| !there(role)).collect()
    }

    /// Whether the roles that a check needs are there.
    pub(super) fn can(&self, check: &Check) -> bool {
        self.missing_roles(check).is_empty()
    }

    /// Every rate and statistic, overall and by group.
    pub(super) fn rates(&self) -> Vec<GroupRates> {
        let everyone = GroupOf {
            group: Group::new(),
            kind: GroupKind::Overall,
            silent: Vec::new(),
            members: self.split.overall.clone(),
        };
        let mut rates = vec![self.rates_of(&[], &everyone, &[])];
        for partition in &self.split.partitions {
            for of in &partition.groups {
                let perhaps = match of.kind {
                    GroupKind::Judged => bounds::perhaps_in(partition, of),
                    _ => Vec::new(),
                };
                rates.push(self.rates_of(&partition.by, of, &perhaps));
            }
        }
        rates
    }

    fn rates_of(&self, by: &[String], of: &GroupOf, perhaps: &[&Members]) -> GroupRates {
        let members = &of.members;
        let labelled = self.reading.label.is_some();
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        let decided = self.reading.prediction.is_some();
        let is_there = |rate: &&&Rate| (labelled || !rate.needs().label) && (decided || !rate.needs().prediction);
        for rate in RATES.iter().filter(is_there) {
            let evidence = Evidence::of(rate, members, self.basis);
            let possible = bounds::of_group(rate, members, perhaps, self.basis.weighted);
            let value = evidence.value(&self.policy.inference, &rate.undefined_when(), possible);
            values.insert(rate.id.to_owned(), value);
        }
        for statistic in STATISTICS.iter().filter(|_| labelled && decided) {
            values.insert(
                statistic.id.to_owned(),
                evidence::statistic(statistic, members, self.basis),
            );
        }
        GroupRates {
            by: by.to_vec(),
            group: of.group.clone(),
            within: Group::new(),
            kind: of.kind,
            n: members.whole.rows(),
            values,
        }
    }
}

/// Whether a check asks for a set of attributes, in whatever order it names them.
fn covers(check: &Check, set: &[String]) -> bool {
    let same = |by: &Vec<String>| by.len() == set.len() && by.iter().all(|column| set.contains(column));
    check.by.is_empty() || check.by.iter().any(same)
}
