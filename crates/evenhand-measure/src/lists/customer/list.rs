//! This module is all measures of one list.

use super::relevance::{hit, ndcg, precision, recall, reciprocal_rank};
use super::taste::{distance, divergence, diversity, narrowing};

/// An item of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its place, from 1. Places rise along a list; some may be left out, none is there twice.
    pub place: u64,
    /// How much its user wanted it: 1 for a relevant item, more where relevance has grades. 0 or less is not relevant.
    pub gain: f64,
    /// Its category, as any number that stands for it.
    pub category: Option<u32>,
    /// How often it was sold, clicked or otherwise wanted so far, by anybody.
    pub popularity: Option<f64>,
}

/// What is known of the user of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// The gains of relevant items, largest first.
    gains: Vec<f64>,
    /// Whether it is known of any item if he wants it.
    is_known: bool,
    history: History,
}

/// What a user did before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// How often each category was chosen, in any order.
    pub categories: Vec<(u32, u64)>,
    /// The mean popularity of what was chosen, each item as often as it was.
    pub popularity: Option<f64>,
}

impl User {
    /// A user by the gains of all items of which it is known whether he wants them, 0 for those that he does not, and by
    /// his history. With [`Relevance::All`] items that the list does not show are among them; with [`Relevance::Shown`]
    /// they are those of the list, and none if nothing is known of any.
    #[must_use]
    pub fn new(gains: impl IntoIterator<Item = f64>, history: History) -> Self {
        let mut gains: Vec<f64> = gains.into_iter().collect();
        let is_known = !gains.is_empty();
        gains.retain(|gain| *gain > 0.0);
        gains.sort_by(|a, b| b.total_cmp(a));
        Self {
            gains,
            is_known,
            history,
        }
    }

    /// The gains of all relevant items, largest first.
    #[must_use]
    pub fn gains(&self) -> &[f64] {
        &self.gains
    }

    /// What the user did before.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }
}

/// What the data say of which items users want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relevance {
    /// Nothing.
    #[default]
    Unknown,
    /// Which of the items shown they want, as clicks do. Nobody knows what they would have wanted beyond: recall has no
    /// value, and who wanted none of what he was shown was badly served. He counts as 0 in precision, hit rate and
    /// reciprocal rank; only NDCG, which would be 0 / 0, he has not.
    Shown,
    /// Which of all items they want, shown or not, as a file of later purchases does. Who wants none cannot be served by
    /// any list, and has no value.
    All,
}

/// What the data say of lists and users, which decides which measures there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Which items are relevant.
    pub relevance: Relevance,
    /// The categories of items.
    pub category: bool,
    /// The popularity of items.
    pub popularity: bool,
    /// What users did before.
    pub history: bool,
}

/// The measures of a list, in a fixed order.
///
/// ```
/// use evenhand_measure::lists::customer::{Entry, History, Known, Measuring, Relevance, User};
/// let measuring = Measuring::new(Known { relevance: Relevance::All, ..Known::default() }, &[3]);
/// let entry = |place, gain| Entry { place, gain, ..Entry::default() };
/// let user = User::new([1.0, 1.0], History::default());
/// let values = measuring.of(&[entry(1, 0.0), entry(2, 1.0), entry(3, 0.0)], &user);
/// assert_eq!(measuring.keys()[2], "list-recall@3");
/// assert_eq!(values[2], Some(0.5));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Measuring {
    known: Known,
    cutoffs: Vec<u32>,
    keys: Vec<String>,
}

/// The measures that look at the first places only, and ask for relevance.
pub const CUT: [&str; 5] = ["ndcg", "list-precision", RECALL, "hit-rate", "mean-reciprocal-rank"];

/// The one of them that has no value where only the items shown are known to be relevant or not: it would be 1.
pub const RECALL: &str = "list-recall";

impl Measuring {
    /// The measures that these data allow, down to these places.
    #[must_use]
    pub fn new(known: Known, cutoffs: &[u32]) -> Self {
        let mut keys = Vec::new();
        let cut: Vec<&str> = CUT.into_iter().filter(|id| known.has(id)).collect();
        keys.extend(
            cutoffs
                .iter()
                .flat_map(|k| cut.iter().map(move |id| format!("{id}@{k}"))),
        );
        let mut more = |is_there: bool, ids: &[&str]| {
            if is_there {
                keys.extend(ids.iter().map(|id| (*id).to_owned()));
            }
        };
        more(known.category, &["list-diversity"]);
        more(
            known.category && known.history,
            &["history-divergence", "history-distance", "narrowing"],
        );
        more(known.popularity, &["list-popularity"]);
        more(known.popularity && known.history, &[LIFT_LIST, LIFT_HISTORY]);
        Self {
            known,
            cutoffs: cutoffs.to_vec(),
            keys,
        }
    }

    /// The names under which the values are tallied.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The value of each measure for a list, in the order of [`Measuring::keys`]. The entries are in order of place.
    ///
    /// Nothing stands where the measure has no value: all that ask for relevant items where [`Relevance`] says so, all
    /// that ask for a history when there is none. Such users are not counted as 0. An item of the list of which it is not
    /// known whether the user wants it counts as not wanted, unless that is known of no item at all.
    #[must_use]
    pub fn of(&self, list: &[Entry], user: &User) -> Vec<Option<f64>> {
        let mut values = Vec::with_capacity(self.keys.len());
        let counts = match self.known.relevance {
            Relevance::Unknown => false,
            Relevance::Shown => user.is_known,
            Relevance::All => !user.gains.is_empty(),
        };
        for k in self
            .cutoffs
            .iter()
            .filter(|_| self.known.relevance != Relevance::Unknown)
        {
            values.push(ndcg(list, &user.gains, *k));
            values.push(precision(list, *k).filter(|_| counts));
            if self.known.has(RECALL) {
                values.push(recall(list, &user.gains, *k));
            }
            values.extend([hit(list, *k), reciprocal_rank(list, *k)].map(|value| counts.then_some(value)));
        }
        let history = &user.history;
        if self.known.category {
            let shown = categories(list);
            values.push(diversity(&shown));
            if self.known.history {
                values.extend([
                    divergence(&history.categories, &shown),
                    distance(&history.categories, &shown),
                    narrowing(&history.categories, &shown),
                ]);
            }
        }
        if self.known.popularity {
            let shown = mean_popularity(list);
            values.push(shown);
            if self.known.history {
                // Both means are over the same users: those who have both.
                let both = shown.zip(history.popularity);
                values.extend([both.map(|(shown, _)| shown), both.map(|(_, before)| before)]);
            }
        }
        values
    }
}

impl Known {
    /// Whether the measure of this name, which asks for relevance, has a value.
    #[must_use]
    pub fn has(self, id: &str) -> bool {
        match self.relevance {
            Relevance::Unknown => false,
            Relevance::Shown => id != RECALL,
            Relevance::All => true,
        }
    }
}

/// The mean popularity of lists, over users who also have a history of known popularity.
pub const LIFT_LIST: &str = "list-popularity-of-known";
/// The mean popularity of what these users chose before.
pub const LIFT_HISTORY: &str = "history-popularity-of-known";

/// How often each category is in a list. Items without a category are left out.
fn categories(list: &[Entry]) -> Vec<(u32, u64)> {
    let mut all: Vec<u32> = list.iter().filter_map(|entry| entry.category).collect();
    all.sort_unstable();
    all.chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len() as u64))
        .collect()
}

/// The mean popularity of a list. Items of unknown popularity are left out.
fn mean_popularity(list: &[Entry]) -> Option<f64> {
    let known = list.iter().filter_map(|entry| entry.popularity);
    let n = known.clone().count();
    (n > 0).then(|| known.sum::<f64>() / n as f64)
}
