//! This module proposes which column plays which role, from names and values. It never takes what is in doubt:
//! that is returned as a suggestion.

use evenhand_measure::Policy;
use evenhand_measure::positive::is_binary;

use crate::aliases::Section;
use crate::alike::sure;
use crate::kernel::shown;
use crate::naming::{is_decided, is_decision_name, is_one_of, starts_or_ends_with, words};
use crate::profile::{ColumnProfile, Profile};

mod amounts;
mod count;
mod decimal;
mod lists;
mod missing;
mod protected;
mod shown;

use self::count::count;
pub(crate) use self::decimal::{Need, is_number_role, need};

/// A role that a column was given, or could be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The role, as in `[roles]` of the policy.
    pub role: &'static str,
    /// The column.
    pub column: String,
    /// What speaks for it, or what keeps it from being taken.
    pub reason: String,
    /// The command-line flag that pins it.
    pub flag: String,
    /// Whether it was taken, and how surely.
    pub confidence: Confidence,
    /// Whether the column looks like the counts of a table of groups but was not taken: then an audit without it
    /// may count lines where it should count people.
    pub looks_like_counts: bool,
}

/// How sure a [`Guess`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A suggestion only: the policy was not changed.
    Possible,
    /// Taken: name and values agree, but others could be meant.
    Likely,
    /// Taken: the name is a usual one for the role, and the values fit.
    Sure,
}

impl Guess {
    /// Whether the policy was given this column.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.confidence > Confidence::Possible
    }
}

/// More values than this are no groups that a person would list.
const MOST_GROUPS: usize = 50;
/// More values than this are no decision, even if the column is called one.
const MOST_DECISIONS: usize = 10;

/// Fills the roles that `policy` leaves empty, and says which and why. What is relevant but was not taken is
/// returned as [`Confidence::Possible`].
pub fn guess(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    let decimal = decimal::decimal(profile, policy);
    let meant = profile.meant(policy);
    let profile = meant.as_ref();
    // A table of published rates has groups and their sizes, and nothing else.
    if policy.roles.rate.is_some() {
        let mut guesses = protected::protected(profile, policy);
        guesses.extend(count(profile, policy));
        guesses.extend(decimal);
        return guesses;
    }
    let mut guesses = shown::roles(profile, policy);
    if policy.roles.list.is_none() {
        guesses.extend(prediction(profile, policy));
        guesses.extend(label(profile, policy));
    }
    guesses.extend(amounts::amount(profile, policy));
    guesses.extend(protected::protected(profile, policy));
    guesses.extend(shown::sides(policy));
    guesses.extend(count(profile, policy));
    guesses.extend(weight(profile, policy));
    guesses.extend(suggestions(profile, policy));
    guesses.extend(lists::lists(profile, policy));
    guesses.extend(missing::missing(profile, policy));
    guesses.extend(decimal);
    guesses
}

/// The columns that play no role yet.
fn free<'a>(profile: &'a Profile, policy: &Policy) -> Vec<&'a ColumnProfile> {
    let crossed: Vec<&String> = policy.roles.intersections.iter().flatten().collect();
    let mut columns = free_or_crossed(profile, policy);
    columns.retain(|column| !crossed.contains(&&column.name));
    columns
}

/// The same with the columns of the intersections, which are protected attributes without being listed as such.
fn free_or_crossed<'a>(profile: &'a Profile, policy: &Policy) -> Vec<&'a ColumnProfile> {
    let roles = &policy.roles;
    let singles = [
        &roles.prediction,
        &roles.compared,
        &roles.label,
        &roles.score,
        &roles.period,
        &roles.weight,
        &roles.count,
        &roles.cluster,
        &roles.rate,
        &roles.amount,
        &roles.true_amount,
        &roles.list,
        &roles.item,
        &roles.rank,
        &roles.user,
        &roles.relevance,
        &roles.category,
        &roles.merit,
        &roles.popularity,
    ];
    let taken: Vec<&String> = singles
        .into_iter()
        .flatten()
        .chain(&roles.protected)
        .chain(&roles.strata)
        .chain(&roles.controls)
        .collect();
    profile
        .columns
        .iter()
        .filter(|column| column.present() > 0 && !is_of_all(column) && !taken.contains(&&column.name))
        .collect()
}

/// Whether a folder says the same of all records: then it may say where the files lie rather than what is in them, as
/// `/runs/label=1/` does.
fn is_of_all(column: &ColumnProfile) -> bool {
    column.from_folder && column.missing == 0 && column.distinct.len() == 1
}

fn prediction(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    if policy.roles.prediction.is_some() || policy.roles.score.is_some() {
        return Vec::new();
    }
    let positive = policy.values.positive.clone();
    let named: Vec<&ColumnProfile> = free(profile, policy)
        .into_iter()
        .filter(|column| {
            is_verdict(column) || (is_decision_name(&column.name) && !is_one_of(&column.name, Section::Label))
        })
        .collect();
    let fit: Vec<&ColumnProfile> = named
        .iter()
        .copied()
        .filter(|column| is_event(column, positive.as_deref()))
        .collect();
    if let [only] = fit.as_slice() {
        policy.roles.prediction = Some(only.name.clone());
        return vec![taken(
            "prediction",
            only,
            sureness(only, Section::Prediction),
            event_reason(only),
        )];
    }
    let several = fit.len() > 1;
    let suggested = if several { fit } else { named };
    suggested
        .into_iter()
        .filter(|column| {
            several
                || ((is_one_of(&column.name, Section::Prediction) || is_verdict(column))
                    && has_few(column, MOST_DECISIONS))
        })
        .map(|column| {
            let flag = flag("prediction", &column.name);
            let blanks = blanks(column);
            let (reason, flag) = match () {
                () if several => ("one of several columns that could be the decision".to_owned(), flag),
                () if !blanks.is_empty() => (
                    format!(
                        "its name says decision, but some of its values {} may mean that it is missing",
                        values(column)
                    ),
                    format!("{flag} {}", blanks.join(" ")),
                ),
                () => (
                    format!(
                        "its name says decision, but its values {} are not yes and no",
                        values(column)
                    ),
                    flag,
                ),
            };
            possible("prediction", column, reason, flag)
        })
        .collect()
}

fn label(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    if policy.roles.label.is_some() {
        return Vec::new();
    }
    let positive = policy.values.positive_label.clone();
    let (decided, fit): (Vec<&ColumnProfile>, Vec<&ColumnProfile>) = free(profile, policy)
        .into_iter()
        .filter(|column| {
            starts_or_ends_with(&column.name, Section::Label) && !is_one_of(&column.name, Section::Prediction)
        })
        .filter(|column| is_event(column, positive.as_deref()))
        .partition(|column| is_verdict(column));
    if fit.is_empty() {
        let suggest = |column: &ColumnProfile| {
            let reason = format!("its name, but its values {} are decisions", values(column));
            possible("label", column, reason, flag("label", &column.name))
        };
        // A column that may be the decision is asked for as that.
        let is_open = policy.roles.prediction.is_none() && policy.roles.score.is_none();
        return decided.into_iter().filter(|_| !is_open).map(suggest).collect();
    }
    if let [only] = fit.as_slice() {
        policy.roles.label = Some(only.name.clone());
        return vec![taken("label", only, sureness(only, Section::Label), event_reason(only))];
    }
    let reason = "one of several columns that could say what really happened";
    fit.into_iter()
        .map(|column| possible("label", column, reason.to_owned(), flag("label", &column.name)))
        .collect()
}

fn weight(profile: &Profile, policy: &mut Policy) -> Vec<Guess> {
    if policy.roles.weight.is_some() {
        return Vec::new();
    }
    let named: Vec<&ColumnProfile> = free(profile, policy)
        .into_iter()
        .filter(|column| !column.from_folder && is_one_of(&column.name, Section::Weight))
        .filter(|column| column.is_numeric() && column.min >= Some(0.0))
        .collect();
    match named.as_slice() {
        // A bare `weight` may be somebody's weight in kilograms.
        [only] if words(&only.name).concat().len() > "weights".len() && only.missing == 0 => {
            policy.roles.weight = Some(only.name.clone());
            vec![taken(
                "weight",
                only,
                Confidence::Likely,
                "numbers under a name for survey weights".to_owned(),
            )]
        }
        _ => named
            .into_iter()
            .map(|column| {
                let reason = "numbers under a name that weights have".to_owned();
                possible("weight", column, reason, flag("weight", &column.name))
            })
            .collect(),
    }
}

/// What is never taken unasked.
fn suggestions(profile: &Profile, policy: &Policy) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for column in free(profile, policy) {
        let name = &column.name;
        let has_groups = has_few(column, MOST_GROUPS) && column.distinct.len() > 1 && !column.dates;
        if policy.roles.prediction.is_none()
            && policy.roles.score.is_none()
            && policy.roles.list.is_none()
            && column.is_numeric()
            && starts_or_ends_with(name, Section::Score)
        {
            let flag = format!("{} --threshold X", flag("score", name));
            let reason = "a score becomes a decision with a threshold".to_owned();
            guesses.push(possible("score", column, reason, flag));
        } else if policy.roles.cluster.is_none()
            && policy.roles.list.is_none()
            && is_one_of(name, Section::Cluster)
            && column.repeats
        {
            let reason = "the same id occurs in several records, which are then not independent".to_owned();
            guesses.push(possible("cluster", column, reason, flag("cluster", name)));
        } else if policy.roles.strata.is_empty() && is_one_of(name, Section::Strata) && has_groups {
            let reason = "compares groups only within each of its values".to_owned();
            guesses.push(possible("strata", column, reason, flag("strata", name)));
        } else if is_one_of(name, Section::StandIns) && has_groups {
            let reason = "often goes together with a protected attribute".to_owned();
            guesses.push(possible("protected", column, reason, flag("protected", name)));
        }
    }
    guesses
}

/// Whether a name that leaves it open stands over values that are decisions: `outcome` with `Approved` and `Denied`.
fn is_verdict(column: &ColumnProfile) -> bool {
    starts_or_ends_with(&column.name, Section::Ending)
        && !starts_or_ends_with(&column.name, Section::Protected)
        && has_few(column, MOST_DECISIONS)
        && column.distinct.iter().any(|(text, _)| is_decided(text))
}

/// Whether the values are yes and no, or one of them is the declared event; each counts once, however it is written.
fn is_event(column: &ColumnProfile, positive: Option<&str>) -> bool {
    let texts = once(column);
    !column.overflowed
        && (is_binary(&texts)
            || positive.is_some_and(|positive| texts.len() <= MOST_DECISIONS && texts.contains(&positive)))
}

/// The values, of those that are surely the same only the one to keep.
fn once(column: &ColumnProfile) -> Vec<&str> {
    /// Nothing that is asked of the values here is true of so many.
    const MOST: usize = 100;
    let groups = if column.distinct.len() > MOST {
        Vec::new()
    } else {
        sure(column)
    };
    let is_other = |text: &String| {
        groups
            .iter()
            .any(|group| group.others.iter().any(|(other, _)| other == text))
    };
    let texts = column.distinct.iter().map(|(text, _)| text);
    texts.filter(|text| !is_other(text)).map(String::as_str).collect()
}

/// Flags for the values that look missing, if the others are yes and no.
pub(crate) fn blanks(column: &ColumnProfile) -> Vec<String> {
    let texts = missing_beside_yes_and_no(column).into_iter();
    texts.map(|text| format!("--missing {}", quoted(&text))).collect()
}

/// The values that look missing, as `--missing` takes them, if the others are yes and no.
#[must_use]
pub fn missing_beside_yes_and_no(column: &ColumnProfile) -> Vec<String> {
    let is_missing = |text: &str| column.looks_missing.iter().any(|(missing, _)| missing == text);
    let (missing, others): (Vec<&str>, Vec<&str>) = once(column).into_iter().partition(|text| is_missing(text));
    if column.overflowed || missing.is_empty() || !is_binary(&others) {
        return Vec::new();
    }
    missing.into_iter().map(|text| text.trim().to_owned()).collect()
}

fn has_few(column: &ColumnProfile, most: usize) -> bool {
    !column.overflowed && column.distinct.len() <= most
}

fn has_fractions(column: &ColumnProfile) -> bool {
    column.is_numeric() && !column.whole
}

fn sureness(column: &ColumnProfile, section: Section) -> Confidence {
    if is_one_of(&column.name, section) {
        Confidence::Sure
    } else {
        Confidence::Likely
    }
}

fn event_reason(column: &ColumnProfile) -> String {
    format!("its name, and the values {}", values(column))
}

/// A few values of a column, most frequent first.
fn values(column: &ColumnProfile) -> String {
    const MOST: usize = 4;
    let more = column.distinct.len().saturating_sub(MOST);
    let mut texts: Vec<String> = column.distinct.iter().take(MOST).map(|(text, _)| shown(text)).collect();
    if more > 0 {
        texts.push(format!("and {more} more"));
    }
    texts.join(", ")
}

fn taken(role: &'static str, column: &ColumnProfile, confidence: Confidence, reason: String) -> Guess {
    Guess {
        role,
        column: column.name.clone(),
        reason,
        flag: flag(role, &column.name),
        confidence,
        looks_like_counts: false,
    }
}

fn possible(role: &'static str, column: &ColumnProfile, reason: String, flag: String) -> Guess {
    Guess {
        role,
        column: column.name.clone(),
        reason,
        flag,
        confidence: Confidence::Possible,
        looks_like_counts: false,
    }
}

fn flag(role: &str, column: &str) -> String {
    format!("--{role} {}", quoted(column))
}

/// A word as a shell takes it.
#[must_use]
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ',' | '=' | '/');
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
#[path = "guess_tests.rs"]
mod tests;
