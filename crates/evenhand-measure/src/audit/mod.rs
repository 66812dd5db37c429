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
mod run;
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

use sha2::{Digest, Sha256};

use self::data::data;
use self::model::{Audit, Provenance, RolesRead, SCHEMA_VERSION, Sensitivity, Severity};
use self::read::Reading;
use self::run::Run;
pub use self::schema::schema;
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
