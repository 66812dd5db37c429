//! This module is a baseline as it is kept: the tally of earlier data, and what its columns were taken for.
//!
//! The tally and not its rates: so that a change can be tested, and so that the baseline can be audited again under
//! another policy. It holds no rows and no date, and the same data give the same bytes. Whatever cannot be compared is a
//! problem that is said: a baseline that holds nothing would otherwise let everything pass.

mod agreement;
mod loosening;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::agreement::Meaning;
use crate::audit::change::{ChangeOutcome, Changes, RegressionRule, changes};
use crate::audit::model::{Audit, Note, Severity};
use crate::audit::roles_read;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::tally::{self, Quantity, Tally};

pub use self::loosening::loosened;

/// What the file says that it is.
const FORMAT: &str = "evenhand-baseline";

/// The newest version of the form that this program reads, and the one that it writes.
pub const VERSION: u32 = 1;

/// What later data are compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// The program that made it; of a bare tally nobody knows.
    pub tool: Option<String>,
    /// The hash of the policy that it was made under; likewise.
    pub policy_hash: Option<String>,
    /// What its columns were taken for; likewise.
    meaning: Option<Meaning>,
    /// What was counted.
    pub tally: Tally,
}

/// The whole file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    format: String,
    version: u32,
    tool: String,
    policy_hash: String,
    meaning: Meaning,
    tally: Tally,
}

/// What every version of the file, and a bare tally, say of themselves.
#[derive(Deserialize)]
struct Opening {
    format: Option<String>,
    version: Option<u32>,
    decisions: Option<serde::de::IgnoredAny>,
    tally: Option<Versioned>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

const MAKE_AGAIN: &str = "take it from the history of the repository; or delete it, and make it again on purpose with \
                          `evenhand baseline create`";

impl Baseline {
    /// What this tally and the audit of it leave to be compared with; `policy` is what was asked, before roles that
    /// nobody named were filled in.
    ///
    /// # Errors
    /// When there is nothing to compare with, or the policy asks for several events.
    pub fn of(tally: &Tally, policy: &Policy, audit: &Audit) -> Result<Self, Vec<Problem>> {
        one_event(policy)?;
        if tally.counted() == 0 {
            return Err(vec![Problem::data(
                "the data hold no rows, and a baseline without rows compares with nothing",
                "make the baseline of data that have some",
            )]);
        }
        Ok(Self {
            tool: Some(format!("{} {}", audit.provenance.tool, audit.provenance.version)),
            policy_hash: Some(crate::audit::policy_hash(policy)),
            meaning: Some(Meaning::of(tally, &audit.roles)),
            tally: tally.clone(),
        })
    }

    /// The canonical form: what it is first, then the tally, one cell per line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        format!(
            "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},\"tool\":{},\"policy_hash\":{},\n\"meaning\":{},\n\"tally\":{}}}\n",
            json(serde_json::to_string(self.tool.as_deref().unwrap_or("evenhand"))),
            json(serde_json::to_string(self.policy_hash.as_deref().unwrap_or(""))),
            json(serde_json::to_string(&self.meaning.clone().unwrap_or_default())),
            self.tally.to_json().trim_end(),
        )
    }

    /// Reads a baseline, or a bare tally; `name` is how messages call it.
    ///
    /// # Errors
    /// When it is no baseline, one of another version, cut short, or holds nothing.
    pub fn from_json(name: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let damaged = |why: &str| Problem::data(format!("the baseline {name} cannot be used: {why}"), MAKE_AGAIN);
        let newer = |what: &str, version: u32, known: u32| {
            Problem::usage(
                format!(
                    "the baseline {name} was made by a newer evenhand: {what} has version {version}, and this program \
                     reads up to {known}"
                ),
                "upgrade evenhand; a baseline made again would forget what it holds",
            )
        };
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("it is not text"))?;
        if text.trim().is_empty() {
            return Err(damaged("it is empty"));
        }
        let opening: Opening = serde_json::from_str(text)
            .map_err(|error| damaged(&format!("it is cut short or no baseline at all ({error})")))?;
        let of_tally = opening.tally.map(|tally| tally.version);
        let read = match (opening.format.as_deref(), opening.decisions) {
            (Some(FORMAT), _) => {
                match opening.version {
                    Some(version) if version > VERSION => return Err(newer("its form", version, VERSION)),
                    Some(VERSION) => {}
                    Some(version) => return Err(damaged(&format!("it has the version {version}, which nobody reads"))),
                    None => return Err(damaged("it does not say its version")),
                }
                if let Some(version) = of_tally.filter(|version| *version > tally::VERSION) {
                    return Err(newer("its tally", version, tally::VERSION));
                }
                let stored: Stored = serde_json::from_str(text).map_err(|error| damaged(&error.to_string()))?;
                Self {
                    tool: Some(stored.tool),
                    policy_hash: Some(stored.policy_hash),
                    meaning: Some(stored.meaning),
                    tally: stored.tally.checked().map_err(|why| damaged(&why.to_string()))?,
                }
            }
            (None, Some(_)) => {
                if let Some(version) = opening.version.filter(|version| *version > tally::VERSION) {
                    return Err(newer("the tally", version, tally::VERSION));
                }
                Self {
                    tool: None,
                    policy_hash: None,
                    meaning: None,
                    tally: Tally::from_json(text).map_err(|why| damaged(&why.to_string()))?,
                }
            }
            _ => return Err(damaged("it is neither a baseline nor a tally")),
        };
        let tally = &read.tally;
        if tally.counted() == 0 {
            return Err(damaged("it holds no rows"));
        }
        if !tally.quantities.contains_key(&Quantity::Count) && tally.records != tally.counted() {
            return Err(damaged(&format!(
                "it contradicts itself: {} records and {} rows in its cells",
                tally.records,
                tally.counted()
            )));
        }
        Ok(read)
    }

    /// Whether it was made under this policy; nobody knows of a bare tally.
    #[must_use]
    pub fn is_of(&self, policy: &Policy) -> Option<bool> {
        let made = self.policy_hash.as_ref()?;
        Some(*made == crate::audit::policy_hash(policy))
    }

    /// The policy by which it is audited: where that does not say which values count, they are those that counted.
    #[must_use]
    pub fn as_it_was_read(&self, policy: &Policy) -> Policy {
        let mut read = policy.clone();
        if let Some(meaning) = &self.meaning {
            meaning.fill(&mut read);
        }
        read
    }

    /// What has become of every comparison, where the columns of these data mean what those of the baseline meant.
    ///
    /// # Errors
    /// When they do not, when no comparison is on both sides, and as [`changes`].
    pub fn compare(&self, now: &Tally, policy: &Policy) -> Result<Changes, Vec<Problem>> {
        one_event(policy)?;
        let is = Meaning::of(now, &roles_read(now, policy)?);
        let was = match &self.meaning {
            Some(meaning) => meaning.clone(),
            None => {
                let roles = roles_read(&self.tally, policy).map_err(|problems| {
                    let named = |problem: Problem| Problem {
                        message: format!("the baseline: {}", problem.message),
                        ..problem
                    };
                    problems.into_iter().map(named).collect::<Vec<_>>()
                })?;
                Meaning::of(&self.tally, &roles)
            }
        };
        let mut problems = was.disagreements(&is);
        problems.extend(agreement::other_bins(&self.tally, now));
        if !problems.is_empty() {
            return Err(problems);
        }
        let rule = RegressionRule {
            tolerance: policy.baseline.tolerance,
            alpha: policy.baseline.alpha,
        };
        let changes = changes(&self.tally, now, policy, &rule)?;
        let one_sided = |outcome| matches!(outcome, ChangeOutcome::Appeared | ChangeOutcome::Vanished);
        if !changes.changes.is_empty() && changes.changes.iter().all(|change| one_sided(change.outcome)) {
            return Err(vec![Problem::usage(
                "the baseline and the data have no comparison in common, so that nothing would be tested",
                "compare with a baseline of the same groups; where they were renamed, map the names under [values] in \
                 the policy, or make the baseline again with `evenhand baseline update --allow-worse`",
            )]);
        }
        Ok(changes)
    }

    /// What has to be known of the comparison besides.
    #[must_use]
    pub fn remarks(&self, now: &Tally) -> Vec<Note> {
        let note = |(was, is): (String, String)| Note {
            code: "baseline-rule".to_owned(),
            severity: Severity::Info,
            message: format!(
                "the decisions of the baseline are {was}, and those of these data {is}: the change of the rule is part of \
                 what is compared"
            ),
            help: None,
        };
        agreement::other_rule(&self.tally, now).map(note).into_iter().collect()
    }
}

/// A baseline is compared for one event of the decisions.
fn one_event(policy: &Policy) -> Result<(), Vec<Problem>> {
    if crate::audit::asks_for_several_events(policy) {
        return Err(vec![Problem::usage(
            "decisions with several values are compared with a baseline for one of them only",
            "name it with --positive, or leave the baseline out",
        )]);
    }
    Ok(())
}
