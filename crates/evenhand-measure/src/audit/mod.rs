//! This module is the audit: a pure function of a tally and a policy.

mod asked_of_lists;
pub mod bootstrap;
mod bounds;
pub mod change;
mod classes;
mod compare;
mod data;
mod evidence;
mod family;
mod findings;
mod groups;
mod joint;
pub(crate) mod measured;
mod missing;
pub mod model;
mod named;
mod notes;
pub mod paired;
mod pooled;
mod publication;
mod read;
mod schema;
mod sensitivity;
mod simultaneous;
mod spelling;
mod strata;
mod stratified;
mod verdict;
mod worst;

#[cfg(test)]
mod open_tests;

use std::collections::BTreeMap;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use self::compare::Memo;
use self::data::data;
use self::evidence::{Basis, Evidence};
use self::family::{Family, Frame};
use self::groups::{GroupOf, Members, Partition};
use self::model::{
    Audit, Group, GroupKind, GroupRates, Provenance, RolesRead, SCHEMA_VERSION, Sensitivity, Severity, Value,
};
use self::read::Reading;
pub use self::schema::schema;
use crate::catalogue::{Cells, MEASURES, RATES, Rate, STATISTICS};
use crate::policy::{Check, Level, Policy};
use crate::positive::adverse_word;
use crate::problem::Problem;
use crate::tally::{Axis, NumberRole, Quantity, Tally};

/// Audits a tally.
///
/// ```
/// use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
/// use evenhand_measure::{Policy, audit, audit::model::Verdict};
///
/// let mut group = Dimension::new(Axis::Protected, "group", Coding::AsWritten);
/// group.levels = vec![Level::of("A"), Level::of("B")];
/// let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
/// hired.levels = vec![Level::of("yes"), Level::of("no")];
/// let cells = [([0, 0], 250), ([0, 1], 250), ([1, 0], 150), ([1, 1], 350)];
/// let cube = Cube::new(vec![group, hired], cells.map(|(key, n)| (key.to_vec(), Counts::of(n)))).unwrap();
///
/// let audit = audit(&Tally::new(cube, 1000), &Policy::default()).unwrap();
/// assert_eq!(audit.verdict, Verdict::Fail);
/// let worst = &audit.findings[1];
/// assert_eq!(worst.point, Some(0.6));
/// ```
///
/// # Errors
/// Everything that keeps the audit from running: a role that is not in the tally, a decision with three values
/// and no event named, an unknown group or criterion.
pub fn audit(tally: &Tally, policy: &Policy) -> Result<Audit, Vec<Problem>> {
    if classes::are_asked(policy) {
        return classes::audit(tally, policy);
    }
    let reading = Reading::of(tally, policy)?;
    let suspect = suspect_direction(&reading);
    let adverse = policy.values.adverse.unwrap_or(suspect.is_some());
    let checks = policy.effective_checks(&|role| measured::has(tally, role));
    let run = Run::new(&reading, tally, policy, &checks, adverse);
    let mut family = run.family(Level::Error);
    let mut verdict = verdict::overall(&family);

    let mut notes = Vec::new();
    let mut sensitivity = Vec::new();
    let mut settled = true;
    if policy.values.adverse.is_none() && reading.prediction.is_some() {
        let other = Run::new(&reading, tally, policy, &checks, !adverse);
        let otherwise = verdict::overall(&other.family(Level::Error));
        notes.push(notes::direction(&reading, suspect, verdict, otherwise));
        if suspect.is_some() && otherwise != verdict {
            verdict::leave_direction_open(&mut family);
            verdict = verdict::overall(&family);
            settled = false;
        }
    }
    if settled {
        sensitivity = missing::assign(&run, verdict);
        if family.trials.len() <= sensitivity::MOST_COMPARISONS {
            sensitivity.extend(sensitivity::examine(&run, verdict));
            let others = measured::other_assumptions(run.context());
            sensitivity.extend(others.into_iter().map(|(otherwise, policy)| {
                let changed = Run::new(&reading, tally, &policy, &checks, adverse);
                otherwise.with(verdict::overall(&changed.family(Level::Error)), verdict)
            }));
        } else {
            notes.push(notes::assumptions_not_examined(family.trials.len()));
        }
        // What changes the verdict first; the order of columns in the input must not show.
        let place = |other: &Sensitivity| (!other.changes, other.code.clone(), other.assumption.clone());
        sensitivity.sort_by_cached_key(place);
        notes.extend(notes::unknown_matters(&sensitivity));
        notes.extend(missing::unexamined(&run).map(|(column, groups)| notes::missing_not_examined(column, groups)));
    }
    let warned = run.family(Level::Warn);
    let [of_errors, of_warnings] = if policy.inference.simultaneous {
        simultaneous::joints(&run, [&family, &warned]).map(Some)
    } else {
        [None, None]
    };
    let mut findings = Vec::new();
    let mut families = Vec::new();
    let mut joints = Vec::new();
    let (mut tests, practical) = named::beside_the_verdict(&run);
    for (level, family, joint) in [(Level::Error, family, of_errors), (Level::Warn, warned, of_warnings)] {
        let (written, summary) = findings::write(policy, level, &family, joint.as_ref());
        findings.extend(written);
        families.push(summary);
        if let Some(joint) = joint {
            tests.extend(worst::worst(&policy.inference, &family, &joint));
            joints.push(joint);
        }
    }
    if !joints.is_empty() {
        notes.push(notes::simultaneous(&run, &joints));
    }
    let mut rates = run.rates();
    run.add_measured_values(&mut rates);
    tests.extend(run.views.iter().flat_map(|view| view.tests()));
    for note in run.views.iter().flat_map(|view| view.notes()) {
        // What is so whatever the groups is said once.
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    let paired = paired::of_run(&run, &paired::rule(policy));
    tests.extend(paired.iter().flat_map(paired::tests));
    if policy.inference.partial_pooling {
        pooled::add(&run, &mut rates);
    }
    notes.extend(notes::about(&run, &findings, &families));
    notes.extend(stratified::simpson(&run));
    notes.sort_by_key(|note| note.severity);

    Ok(Audit {
        schema_version: SCHEMA_VERSION,
        verdict,
        data: data(tally, &run.split.overall.whole, &reading),
        roles: roles(&reading, tally, policy, adverse),
        policy: applied_policy(tally, policy, &checks, adverse),
        rates,
        families,
        findings,
        tests,
        practical,
        paired,
        publication: publication::publication(&run),
        series: run.views.iter().flat_map(|view| view.series()).collect(),
        sensitivity,
        notes,
        provenance: provenance(tally, policy),
    })
}

/// Which column plays which role and which value counts, as an audit would read it.
///
/// # Errors
/// As [`audit`].
pub(crate) fn roles_read(tally: &Tally, policy: &Policy) -> Result<RolesRead, Vec<Problem>> {
    let reading = Reading::of(tally, policy)?;
    let adverse = policy
        .values
        .adverse
        .unwrap_or_else(|| suspect_direction(&reading).is_some());
    Ok(roles(&reading, tally, policy, adverse))
}

/// Whether a policy asks for more than one event of the decisions.
pub(crate) fn asks_for_several_events(policy: &Policy) -> bool {
    classes::are_asked(policy)
}

/// SHA-256 of a policy's JSON: only what was asked, so that a setting added later does not change the hash of a policy
/// without it.
pub(crate) fn policy_hash(policy: &Policy) -> String {
    sha256(serde_json::to_string(policy).unwrap_or_default().as_bytes())
}

/// What made the result from what.
fn provenance(tally: &Tally, policy: &Policy) -> Provenance {
    Provenance {
        tool: "evenhand".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: policy.inference.simultaneous.then_some(policy.inference.seed),
        policy_hash: policy_hash(policy),
        tally_hash: sha256(tally.to_json().as_bytes()),
        as_of: None,
        inputs: Vec::new(),
    }
}

/// Everything that one run over a reading shares.
struct Run<'a> {
    reading: &'a Reading<'a>,
    tally: &'a Tally,
    /// Which of several events of the decisions it is about.
    event: Option<String>,
    /// What is there beside decisions, by set of attributes.
    views: Rc<Vec<Box<dyn measured::View>>>,
    policy: &'a Policy,
    checks: &'a [Check],
    adverse: bool,
    basis: Basis,
    split: Rc<Split>,
    memo: Rc<Memo>,
}

/// The rows of a reading, sorted into groups once for every question.
struct Split {
    overall: Members,
    /// For each set of attributes.
    partitions: Vec<Partition>,
    /// For each set of attributes, the same within each stratum.
    strata: Vec<Vec<(Group, Partition)>>,
}

impl<'a> Run<'a> {
    fn new(reading: &'a Reading<'a>, tally: &'a Tally, policy: &'a Policy, checks: &'a [Check], adverse: bool) -> Self {
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
    fn under<'b>(&self, policy: &'b Policy, checks: &'b [Check]) -> Run<'b>
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
    fn with(&self, overall: Members, partitions: Vec<Partition>, strata: Vec<Vec<(Group, Partition)>>) -> Run<'a> {
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

    fn context(&self) -> measured::Context<'_> {
        measured::Context {
            tally: self.tally,
            policy: self.policy,
            reading: self.reading,
        }
    }

    /// The values of all measures that are no shares of rows, beside the rates of the same group.
    fn add_measured_values(&self, rates: &mut Vec<GroupRates>) {
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

    fn frame(&self) -> Frame<'_> {
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
    fn family(&self, level: Level) -> Family<'_> {
        let mut family = Family::default();
        self.compare(&mut family, level, true);
        let adjustment = findings::adjustment(self.policy, level);
        verdict::judge(self.policy, adjustment, &self.memo, &mut family);
        family
    }

    /// Adds the comparisons of a level to a family; those of what is no decision only if `beside_decisions`.
    fn compare<'f>(&'f self, family: &mut Family<'f>, level: Level, beside_decisions: bool) {
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
    fn can(&self, check: &Check) -> bool {
        self.missing_roles(check).is_empty()
    }

    /// Every rate and statistic, overall and by group.
    fn rates(&self) -> Vec<GroupRates> {
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

/// The word in the decision's name or value which suggests that the event is bad for the person.
fn suspect_direction(reading: &Reading<'_>) -> Option<&'static str> {
    let column = &reading.prediction.as_ref()?.column;
    adverse_word(&column.positive).or_else(|| adverse_word(&column.column))
}

fn roles(reading: &Reading<'_>, tally: &Tally, policy: &Policy, adverse: bool) -> RolesRead {
    let columns = |attributes: &[read::Attribute]| attributes.iter().map(|a| a.column.clone()).collect();
    RolesRead {
        prediction: reading.prediction.as_ref().map(|events| events.column.clone()),
        compared: reading.compared.as_ref().map(|events| events.column.clone()),
        label: reading.label.as_ref().map(|events| events.column.clone()),
        adverse: reading.prediction.is_some().then_some(adverse),
        adverse_declared: policy.values.adverse.is_some(),
        protected: columns(&reading.attributes),
        strata: columns(&reading.strata),
        weight: tally.quantities.get(&Quantity::Weight).cloned(),
        count: tally.quantities.get(&Quantity::Count).cloned(),
        cluster: reading
            .bucket
            .map(|position| tally.decisions.dimensions()[position].column.clone()),
    }
}

/// The policy with its defaults filled in.
fn applied_policy(tally: &Tally, policy: &Policy, checks: &[Check], adverse: bool) -> serde_json::Value {
    let mut applied = policy.clone();
    // Whoever audits a saved tally need not say again what its columns are.
    if let Some(lists) = &tally.lists {
        for (role, column) in applied.roles.of_lists_mut() {
            if column.is_none() {
                *column = lists.columns.get(role).cloned();
            }
        }
    }
    // A tally that was kept knows what was measured, though nobody says it again.
    let column = |role: NumberRole| tally.numbers(role).map(|measured| measured.column.clone());
    let measured = &mut applied.roles;
    measured.amount = measured.amount.take().or_else(|| column(NumberRole::Amount));
    measured.score = measured.score.take().or_else(|| column(NumberRole::Score));
    if let Some(controls) = tally.controls.as_ref().filter(|_| measured.controls.is_empty()) {
        let words = controls.cells.positions(Axis::Control);
        let words = words.map(|place| &controls.cells.dimensions()[place].column);
        measured.controls = controls.numeric.iter().chain(words).cloned().collect();
    }
    applied.checks = checks.to_vec();
    applied.values.adverse = Some(adverse);
    let mut written = serde_json::to_value(&applied).unwrap_or(serde_json::Value::Null);
    // Settings that nobody changed are left out of a policy's JSON, which is hashed; what was applied shows them.
    let inference = &applied.inference;
    let defaults = [
        ("methods", serde_json::to_value(inference.methods)),
        ("adjust-warnings", serde_json::to_value(inference.adjust_warnings)),
        ("one-person-rule", serde_json::to_value(inference.one_person_rule)),
        ("simultaneous", serde_json::to_value(inference.simultaneous)),
        ("replicates", serde_json::to_value(inference.replicates)),
        ("seed", serde_json::to_value(inference.seed)),
        ("partial-pooling", serde_json::to_value(inference.partial_pooling)),
    ];
    for (key, value) in defaults {
        if let (Some(table), Ok(value)) = (written.get_mut("inference").and_then(|v| v.as_object_mut()), value) {
            table.insert(key.to_owned(), value);
        }
    }
    written
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The note's place among others: what bears on the verdict first.
fn warning(code: &str, message: String, help: &str) -> model::Note {
    model::Note {
        code: code.to_owned(),
        severity: Severity::Warning,
        message,
        help: Some(help.to_owned()),
    }
}
