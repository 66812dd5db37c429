//! This module is what else could have been assumed of attention and targets, and what a reader has to know of it.

use super::ProviderView;
use crate::attention::Attention;
use crate::audit::measured::{Context, Otherwise, never};
use crate::audit::model::{GroupKind, Note, Severity};
use crate::inference::estimate::FEWEST_BUCKETS;
use crate::lists::provider::{ATTENTION_GAP, LIST_AWRF, parity, ratio, shares};
use crate::policy::{Policy, Target};
use crate::problem::thousands;

/// Another model of attention and other targets, each in a policy that is otherwise the same.
pub(in crate::audit::measured) fn other_assumptions(context: Context<'_>) -> Vec<(Otherwise, Policy)> {
    let Some(lists) = context.tally.lists.as_ref().filter(|lists| !lists.of_items.is_empty()) else {
        return Vec::new();
    };
    let settings = &context.policy.lists;
    let cutoff = settings.cutoffs.first().copied().unwrap_or(10);
    let models = [Attention::Log, Attention::Rbp(0.85), Attention::Top(cutoff)];
    let models = models
        .into_iter()
        .filter(|model| *model != settings.attention)
        .map(|model| {
            let mut policy = context.policy.clone();
            policy.lists.attention = model;
            let otherwise = Otherwise {
                code: "attention-model",
                assumption: format!("places got attention {}", model.words()),
            };
            (otherwise, policy)
        });
    let usual = settings.target.unwrap_or(Target::Catalogue);
    let wanted = lists.columns.contains_key("relevance") || lists.knows_wanted;
    let known = |target: &Target| match target {
        Target::Catalogue => true,
        Target::Relevance => wanted,
        Target::Sales => lists.columns.contains_key("popularity"),
        Target::Merit => lists.columns.contains_key("merit"),
        Target::Shares => !settings.shares.is_empty(),
    };
    let targets = [
        Target::Catalogue,
        Target::Relevance,
        Target::Sales,
        Target::Merit,
        Target::Shares,
    ];
    let targets = targets
        .into_iter()
        .filter(|target| *target != usual && known(target))
        .map(|target| {
            let mut policy = context.policy.clone();
            policy.lists.target = Some(target);
            let otherwise = Otherwise {
                code: "target",
                assumption: format!("each group should get {}", words(target)),
            };
            (otherwise, policy)
        });
    models.chain(targets).collect()
}

/// What a target is, after "should get".
fn words(target: Target) -> &'static str {
    match target {
        Target::Catalogue => "its share of the items that could be shown",
        Target::Relevance => "its share of what users wanted",
        Target::Sales => "its share of what was sold or wanted so far",
        Target::Merit => "its share of the merit of all items",
        Target::Shares => "the share that the policy says",
    }
}

fn note(code: &str, severity: Severity, message: String, help: Option<&str>) -> Note {
    Note {
        code: code.to_owned(),
        severity,
        message,
        help: help.map(str::to_owned),
    }
}

impl ProviderView {
    pub(super) fn remarks(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if let Ok(whole) = &self.whole
            && let Err(why) = self.targets(self.target, whole)
        {
            notes.push(note(
                "no-target",
                Severity::Warning,
                format!(
                    "exposure by {} has no target `{}`: {why}",
                    self.by.join(" and "),
                    self.target
                ),
                Some("name another with [lists] target = \"catalogue\", \"relevance\", \"sales\" or \"merit\""),
            ));
        }
        notes.extend(self.deciding_targets());
        notes.extend(self.never_shown());
        notes.extend(self.other_models(LIST_AWRF));
        notes.extend(self.few_items());
        notes.extend(self.unknown_shares());
        if !self.is_first {
            return notes;
        }
        notes.extend(self.other_models(ATTENTION_GAP));
        notes.push(note(
            "attention",
            Severity::Info,
            format!(
                "exposure assumes that places get attention {}, and that each group should get {}",
                self.settings.attention.words(),
                words(self.target)
            ),
            Some("--attention and --target say otherwise; the verdict under others is listed with it"),
        ));
        if !self.has_catalogue {
            notes.push(note(
                "no-catalogue",
                Severity::Warning,
                "without a table of all items the catalogue is what was shown at least once: groups whose items are never \
                 shown are not seen at all, and the others look better than they are"
                    .to_owned(),
                Some("give the table of all items, with their groups"),
            ));
        }
        if self.settings.attention == Attention::Clicks {
            notes.push(note(
                "attention-of-clicks",
                Severity::Warning,
                "the attention of places is taken from their clicks, which are more on better items as well: it overstates \
                 how much attention the first places get"
                    .to_owned(),
                Some("compare with --attention log"),
            ));
        }
        let unknown = |of: fn(&super::Stocked) -> u64| self.stock.iter().map(of).sum::<u64>();
        let absent = [
            (
                Target::Sales,
                self.has_popularity,
                unknown(|stock| stock.without_popularity),
                "popularity",
            ),
            (
                Target::Merit,
                self.has_merit,
                unknown(|stock| stock.without_merit),
                "merit",
            ),
        ];
        for (target, has, items, what) in absent {
            if has && items > 0 {
                notes.push(note(
                    "unknown-items",
                    if self.target == target {
                        Severity::Warning
                    } else {
                        Severity::Info
                    },
                    format!("the {what} of {items} items is not known; in the target `{target}` they count as 0"),
                    None,
                ));
            }
        }
        notes
    }

    /// The groups that could be shown and never are.
    fn never_shown(&self) -> Option<Note> {
        let whole = self.whole.as_ref().ok()?;
        let all: u64 = self.named.iter().map(|named| named.rows).sum();
        let items: u64 = self.stock.iter().map(|stock| stock.items).sum();
        let is_never = |group: &usize| {
            self.named[*group].kind == GroupKind::Judged
                && self.stock[*group].items > 0
                && self.named[*group].rows == 0
                && whole.exposure.iter().any(|exposure| *exposure > 0.0)
        };
        let names: Vec<String> = (0..self.named.len())
            .filter(is_never)
            .map(|group| {
                format!(
                    "`{}`, with {} of {} items,",
                    self.name(group),
                    thousands(self.stock[group].items),
                    thousands(items)
                )
            })
            .collect();
        let (is, of) = match names.as_slice() {
            [] => return None,
            [_] => ("is", "its"),
            _ => ("are", "their"),
        };
        let more = names.len().saturating_sub(MOST_NAMED);
        let mut who = names[..names.len() - more].join(" and ");
        if more > 0 {
            who.push_str(&format!(" and {more} more groups"));
        }
        let buckets = self.without.len();
        let most = if buckets < FEWEST_BUCKETS {
            "these are too few users to say how rarely they could be".to_owned()
        } else {
            let percent = 100.0 * never::limit(buckets);
            format!(
                "none of {} groups of users was shown any, so that with 97.5 % confidence less than {percent:.2} % of the \
                 attention is {of} share",
                thousands(buckets as u64)
            )
        };
        Some(note(
            "never-shown",
            Severity::Error,
            format!(
                "by {} {who} {is} never shown: {of} items are in none of {} places; {most}",
                self.by.join(" and "),
                thousands(all)
            ),
            Some(
                "find out what keeps these items out of all lists, or whether the table of all items has ones that are not on offer",
            ),
        ))
    }

    /// That a measure of whole lists is not there under the model that was asked for.
    fn other_models(&self, measure: &str) -> Option<Note> {
        let models = self.models(measure);
        let asked = self.settings.attention.to_string();
        (!models.is_empty() && models != [asked.as_str()]).then(|| {
            note(
                "other-attention-model",
                Severity::Warning,
                format!(
                    "`{measure}@{asked}` is not there: the tally holds it under {}, which went into the sums when lists were \
                     read",
                    models.iter().map(|model| format!("`{model}`")).collect::<Vec<_>>().join(" and for other parts under ")
                ),
                Some("audit with the attention model that the tally was made with, or make the tally again from the lists"),
            )
        })
    }

    /// That the policy gives a share to groups of which no item is known.
    fn unknown_shares(&self) -> Option<Note> {
        let [column] = self.by.as_slice() else { return None };
        let written = self
            .settings
            .shares
            .get(column)
            .filter(|_| self.target == Target::Shares)?;
        let is_there = |name: &String| {
            let mut names = self.named.iter().filter_map(|named| named.group.get(column)?.as_ref());
            names.any(|there| there == name)
        };
        let absent: Vec<String> = written
            .keys()
            .filter(|name| !is_there(name))
            .map(|name| format!("`{name}`"))
            .collect();
        (!absent.is_empty()).then(|| {
            note(
                "unknown-shares",
                Severity::Warning,
                format!(
                    "the policy gives a share to groups of `{column}` of which no item is known, and which are not judged: {}",
                    absent.join(", ")
                ),
                Some("check how the names are written, and give the table of all items"),
            )
        })
    }

    fn name(&self, group: usize) -> String {
        let names = self.named[group].group.values();
        let names: Vec<&str> = names.map(|name| name.as_deref().unwrap_or("missing")).collect();
        names.join(", ")
    }

    /// That judged groups have so few items that it may be chance what they get.
    fn few_items(&self) -> Option<Note> {
        let few = self
            .named
            .iter()
            .zip(&self.stock)
            .filter(|(named, stock)| named.kind == GroupKind::Judged && stock.items < FEW_ITEMS);
        let few: Vec<String> = few
            .map(|(named, stock)| {
                let names: Vec<&str> = named.group.values().flatten().map(String::as_str).collect();
                format!("{} in `{}`", stock.items, names.join(", "))
            })
            .collect();
        (!few.is_empty()).then(|| {
            let more = few.len().saturating_sub(MOST_NAMED);
            let more = if more > 0 { format!(" and {more} more groups") } else { String::new() };
            // A gap that nobody sees needs no such care.
            let severity = match self.least(self.target) {
                Some(Some(_)) => Severity::Warning,
                _ => Severity::Info,
            };
            note(
                "few-items",
                severity,
                format!(
                    "groups by {} have few items: {}{more}; it can be chance whose the few are that everybody wants, so \
                     intervals of exposure are wide (against what users wanted they are over users alone)",
                    self.by.join(" and "),
                    few.iter().take(MOST_NAMED).cloned().collect::<Vec<String>>().join(", "),
                ),
                Some("look at the items one by one before you speak of the group"),
            )
        })
    }

    /// The targets against which another group, or none, gets less than four fifths of what one gets.
    fn deciding_targets(&self) -> Option<Note> {
        let usual = self.least(self.target)?;
        let others = [Target::Catalogue, Target::Relevance, Target::Sales, Target::Merit];
        let turned: Vec<String> = others
            .into_iter()
            .filter(|target| *target != self.target)
            .filter_map(|target| Some((target, self.least(target)?)))
            .filter(|(_, least)| *least != usual)
            .map(|(target, least)| format!("against `{target}` {}", self.least_words(least)))
            .collect();
        (!turned.is_empty()).then(|| {
            note(
                "target-decides",
                Severity::Warning,
                format!(
                    "what groups should get decides who is worse off in exposure by {}: against `{}` {}; {}",
                    self.by.join(" and "),
                    self.target,
                    self.least_words(usual),
                    turned.join("; "),
                ),
                Some("these are bare ratios; choose the target that fits the case with --target and say why"),
            )
        })
    }

    /// The group that gets least for its target, where that is under four fifths of what another gets for its own.
    fn least(&self, target: Target) -> Option<Option<usize>> {
        let whole = self.whole.as_ref().ok()?;
        let (got, targets) = (shares(&whole.exposure)?, self.targets(target, whole).ok()?);
        let ratios: Vec<(usize, f64)> = (0..self.named.len())
            .filter(|group| self.named[*group].kind == GroupKind::Judged)
            .filter_map(|group| Some((group, ratio(got[group], targets[group])?)))
            .collect();
        let bare: Vec<f64> = ratios.iter().map(|(_, ratio)| *ratio).collect();
        let least = ratios.iter().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
        Some((parity(&bare)? < FOUR_FIFTHS).then_some(least))
    }

    fn least_words(&self, least: Option<usize>) -> String {
        let Some(group) = least else {
            return "no group gets less than four fifths of what another gets".to_owned();
        };
        format!("`{}` gets least", self.name(group))
    }
}

/// Fewer items than this are so few that one or two of them can decide what a group gets.
const FEW_ITEMS: u64 = 50;

/// So many groups are named in a note.
const MOST_NAMED: usize = 8;

/// What is looked at first; a policy may judge by another bound.
const FOUR_FIFTHS: f64 = 0.8;
