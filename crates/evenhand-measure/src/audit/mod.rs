//! This module is the audit: a pure function of a tally and a policy.

mod compare;
mod evidence;
mod family;
mod findings;
mod groups;
mod missing;
pub mod model;
mod notes;
mod read;
mod schema;
mod spelling;
mod verdict;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use self::evidence::Evidence;
use self::family::{Family, Frame};
use self::groups::{GroupOf, Members, Partition};
use self::model::{
    Audit, Data, Exclusion, Group, GroupKind, GroupRates, Provenance, RolesRead, SCHEMA_VERSION, Severity, Value,
};
use self::read::Reading;
pub use self::schema::schema;
use crate::catalogue::{RATES, STATISTICS};
use crate::confusion::Confusion;
use crate::inference::z_for;
use crate::policy::{Check, Level, Policy};
use crate::positive::adverse_word;
use crate::problem::Problem;
use crate::tally::{self, Found, Quantity, Tally};

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
    let reading = Reading::of(tally, policy)?;
    let suspect = suspect_direction(&reading);
    let adverse = policy.values.adverse.unwrap_or(suspect.is_some());
    let checks = policy.effective_checks();
    let run = Run::new(&reading, tally, policy, &checks, adverse);
    let mut family = run.family(Level::Error, &run.partitions);
    let mut verdict = verdict::overall(&family);

    let mut notes = Vec::new();
    let mut sensitivity = Vec::new();
    let mut settled = true;
    if policy.values.adverse.is_none() {
        let other = Run::new(&reading, tally, policy, &checks, !adverse);
        let otherwise = verdict::overall(&other.family(Level::Error, &other.partitions));
        notes.push(notes::direction(&reading, suspect, verdict, otherwise));
        if suspect.is_some() && otherwise != verdict {
            verdict::leave_direction_open(&mut family);
            verdict = verdict::overall(&family);
            settled = false;
        }
    }
    if settled {
        sensitivity = missing::assign(&run, verdict);
        notes.extend(notes::missing_groups_matter(&sensitivity));
        notes.extend(missing::unexamined(&run).map(|(column, groups)| notes::missing_not_examined(column, groups)));
    }
    let (mut findings, error_level) = findings::write(policy, Level::Error, &family);
    let (warnings, warn_level) = findings::write(policy, Level::Warn, &run.family(Level::Warn, &run.partitions));
    findings.extend(warnings);
    let families = vec![error_level, warn_level];
    notes.extend(notes::about(&run, &findings, &families));
    notes.sort_by_key(|note| note.severity);

    Ok(Audit {
        schema_version: SCHEMA_VERSION,
        verdict,
        data: data(tally, &run.overall.whole, reading.label.is_some()),
        roles: roles(&reading, tally, policy, adverse),
        policy: applied_policy(policy, &checks, adverse),
        rates: run.rates(),
        families,
        findings,
        tests: Vec::new(),
        series: Vec::new(),
        sensitivity,
        notes,
        provenance: Provenance {
            tool: "evenhand".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: None,
            // Only what was asked, so that a setting added later does not change the hash of a policy without it.
            policy_hash: sha256(serde_json::to_string(policy).unwrap_or_default().as_bytes()),
            tally_hash: sha256(tally.to_json().as_bytes()),
            inputs: Vec::new(),
        },
    })
}

/// Everything that one run over a reading shares.
struct Run<'a> {
    reading: &'a Reading<'a>,
    policy: &'a Policy,
    checks: &'a [Check],
    adverse: bool,
    weighted: bool,
    overall: Members,
    partitions: Vec<Partition>,
}

impl<'a> Run<'a> {
    fn new(reading: &'a Reading<'a>, tally: &'a Tally, policy: &'a Policy, checks: &'a [Check], adverse: bool) -> Self {
        Self {
            reading,
            policy,
            checks,
            adverse,
            weighted: tally.is_weighted(),
            overall: groups::overall(reading),
            partitions: reading.sets.iter().map(|set| groups::partition(reading, set)).collect(),
        }
    }

    fn frame(&self) -> Frame<'_> {
        use crate::catalogue::Cells;
        let labelled = |cells| {
            let needs = crate::confusion::Needs {
                label: true,
                prediction: false,
            };
            self.overall.whole.select(cells, needs).rows
        };
        Frame {
            policy: self.policy,
            weighted: self.weighted,
            adverse: self.adverse,
            one_label: labelled(Cells::TP | Cells::FN) == 0 || labelled(Cells::FP | Cells::TN) == 0,
        }
    }

    /// Every comparison of a level, judged together.
    fn family(&self, level: Level, partitions: &[Partition]) -> Family<'_> {
        let mut family = Family::default();
        for check in self.checks.iter().filter(|check| check.level == level) {
            if !self.can(check) {
                // Defaults run where they can; what somebody asked for is missed when it cannot.
                if !self.policy.checks.is_empty() {
                    family.add_impossible(check, self.missing_roles(check));
                }
                continue;
            }
            for (set, partition) in self.reading.sets.iter().zip(partitions) {
                if !covers(check, partition) {
                    continue;
                }
                if check.criterion.per_stratum {
                    for (stratum, within) in groups::stratified(self.reading, set) {
                        family.add(self.frame(), check, &within, &stratum);
                    }
                } else {
                    family.add(self.frame(), check, partition, &Group::new());
                }
            }
        }
        verdict::judge(self.policy, &mut family);
        family
    }

    /// The roles that a check needs and that are not there.
    fn missing_roles(&self, check: &Check) -> Vec<&'static str> {
        let there = |role: &&str| match *role {
            "label" => self.reading.label.is_some(),
            "strata" => !self.reading.strata.is_empty(),
            _ => self.reading.prediction.is_some(),
        };
        let needed = crate::catalogue::Entry::Criterion(check.criterion).needs();
        needed.into_iter().filter(|role| !there(role)).collect()
    }

    /// Whether the roles that a check needs are there.
    fn can(&self, check: &Check) -> bool {
        self.missing_roles(check).is_empty()
    }

    /// Every rate and statistic, overall and by group.
    fn rates(&self) -> Vec<GroupRates> {
        let mut rates = vec![self.rates_of(&[], &Group::new(), GroupKind::Overall, &self.overall)];
        for partition in &self.partitions {
            for GroupOf { group, kind, members } in &partition.groups {
                rates.push(self.rates_of(&partition.by, group, *kind, members));
            }
        }
        rates
    }

    fn rates_of(&self, by: &[String], group: &Group, kind: GroupKind, members: &Members) -> GroupRates {
        let z = z_for(self.policy.inference.confidence);
        let labelled = self.reading.label.is_some();
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        for rate in RATES.iter().filter(|rate| labelled || !rate.needs().label) {
            let evidence = Evidence::of(rate, members, self.weighted);
            values.insert(rate.id.to_owned(), evidence.value(z, &rate.undefined_when()));
        }
        for statistic in STATISTICS.iter().filter(|_| labelled) {
            values.insert(
                statistic.id.to_owned(),
                evidence::statistic(statistic, members, self.weighted),
            );
        }
        GroupRates {
            by: by.to_vec(),
            group: group.clone(),
            within: Group::new(),
            kind,
            n: members.whole.rows(),
            values,
        }
    }
}

/// Whether a check asks for a set of attributes, in whatever order it names them.
fn covers(check: &Check, partition: &Partition) -> bool {
    let same =
        |by: &Vec<String>| by.len() == partition.by.len() && by.iter().all(|column| partition.by.contains(column));
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

/// Rows in, counted and left out.
fn data(tally: &Tally, whole: &Confusion, labelled: bool) -> Data {
    let rows = whole.rows();
    let lost = whole.unknown.rows;
    let exclusion = |reason: &str, message: String, rows: u64| {
        (rows > 0).then(|| Exclusion {
            reason: reason.to_owned(),
            message,
            rows,
        })
    };
    let excluded = if labelled {
        exclusion(
            "nothing-known",
            "neither the decision nor the label is known".to_owned(),
            lost,
        )
    } else {
        exclusion("decision-missing", "the decision is missing".to_owned(), lost)
    };
    let mut partial = Vec::new();
    if labelled {
        let unlabelled = whole
            .selected_unlabelled
            .rows
            .saturating_add(whole.rejected_unlabelled.rows);
        let unpredicted = whole
            .positive_unpredicted
            .rows
            .saturating_add(whole.negative_unpredicted.rows);
        let only = "the label is missing: counted only where no label is needed";
        partial.extend(exclusion("label-missing", only.to_owned(), unlabelled));
        let only = "the decision is missing: counted only in the base rate";
        partial.extend(exclusion("decision-missing", only.to_owned(), unpredicted));
    }
    for tally::Reading { column, found, rows } in &tally.readings {
        let (reason, what) = match found {
            Found::NotANumber => ("not-a-number", "is not a number (NaN) and was taken as missing"),
            Found::ZeroCount => ("zero-count", "is 0, so that the record stands for nobody"),
            Found::ZeroWeight => ("zero-weight", "is 0, so that the row adds to no rate"),
        };
        partial.extend(exclusion(reason, format!("`{column}` {what}"), *rows));
    }
    Data {
        records_read: tally.records,
        rows_read: rows,
        rows_counted: rows - lost,
        excluded: excluded.into_iter().collect(),
        partial,
    }
}

/// The policy with its defaults filled in.
fn applied_policy(policy: &Policy, checks: &[Check], adverse: bool) -> serde_json::Value {
    let mut applied = policy.clone();
    applied.checks = checks.to_vec();
    applied.values.adverse = Some(adverse);
    serde_json::to_value(&applied).unwrap_or(serde_json::Value::Null)
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
