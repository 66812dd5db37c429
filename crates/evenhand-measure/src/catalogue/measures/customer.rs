//! This module is the part of the catalogue about what lists are worth to groups of users.

use super::{Measure, Of, Unit};
use crate::audit::measured::{Function, MEAN_GAP, SPREAD};
use crate::catalogue::Better;
use crate::catalogue::citations::{
    ABDOLLAHPOURI_2019, BURKE_2017, Citation, DELDJOO_2021, EKSTRAND_2018, HERLOCKER_2004, HILL_1973, JARVELIN_2002,
    NGUYEN_2014, STECK_2018, TSINTZOU_2018, VOORHEES_1999,
};

/// What a row says, but for how it is computed.
const fn row(
    (id, name, symbol): (&'static str, &'static str, &'static str),
    (range, unit, better): ((Option<f64>, Option<f64>), Unit, Better),
    needs: &'static [&'static str],
    undefined_when: &'static str,
    (formula, doc): (&'static str, &'static str),
    citations: &'static [&'static Citation],
    of: Of,
) -> Measure {
    Measure {
        id,
        name,
        symbol,
        aliases: &[],
        formula,
        range,
        unit,
        better,
        needs,
        undefined_when,
        doc,
        citations,
        of,
    }
}

/// A mean over users, down to a place.
macro_rules! at_places {
    ($id:literal) => {
        Of::Customer(Function {
            value: |view, group| view.at_places($id, group),
            compare: Some(|view, group, reference, comparison| {
                view.compare_at_places($id, group, reference, comparison)
            }),
        })
    };
}

/// A mean over users.
macro_rules! mean {
    ($id:literal) => {
        Of::Customer(Function {
            value: |view, group| view.mean($id, group),
            compare: Some(|view, group, reference, comparison| view.compare_means($id, group, reference, comparison)),
        })
    };
}

/// Something that is only reported.
macro_rules! reported {
    ($value:expr) => {
        Of::Customer(Function {
            value: $value,
            compare: None,
        })
    };
}

const ZERO_TO_ONE: (Option<f64>, Option<f64>) = (Some(0.0), Some(1.0));
const WANTED: &[&str] = &["list", "relevance"];
const NOBODY_WANTS: &str = "no user wants any item";
const NOTHING_KNOWN: &str = "no user wants any item, or of no item shown it is known whether its user wants it";

/// What a list is worth to its user.
pub static NDCG: Measure = row(
    ("ndcg", "NDCG", "NDCG@k"),
    (ZERO_TO_ONE, Unit::Number, Better::Higher),
    WANTED,
    NOBODY_WANTS,
    (
        "mean over users of DCG@k / ideal DCG@k, DCG@k = sum of gain / log2(1 + place)",
        "How early a list shows what its user wants, against the best list that there could be.\n\n\
         Gains count as they are, with 1 for an item that is relevant and has no grade. The best list is made of all \
         items that the user wants, shown or not. Users who want no item are counted and left out. A user with several \
         lists counts once, with the mean over them. Without a file of what users wanted the best list is one of the same \
         items: NDCG then judges their order alone, and users who wanted none of what they were shown have none, however \
         badly they were served; read it beside the hit rate. Later purchases say what somebody wanted only among what he came \
         to see: a recommender is flattered by what it showed.",
    ),
    &[&JARVELIN_2002, &EKSTRAND_2018],
    at_places!("ndcg"),
);

/// How much of a list its user wants.
pub static LIST_PRECISION: Measure = row(
    ("list-precision", "precision of lists", "P@k"),
    (ZERO_TO_ONE, Unit::Share, Better::Higher),
    WANTED,
    NOTHING_KNOWN,
    (
        "mean over users of relevant items in the first k places / k",
        "The share of the first k places that hold an item which the user wants.\n\n\
         It divides by k where the list is shorter, too; others divide by what is shown. Users who want fewer than k \
         items cannot reach 1, so groups of whom less is known look worse served. With a file of what users wanted, those \
         who want nothing are counted and left out. Without one, relevance is known of shown items alone, and who wanted \
         none of these counts as 0.",
    ),
    &[&HERLOCKER_2004],
    at_places!("list-precision"),
);

/// How much of what a user wants is in the list.
pub static LIST_RECALL: Measure = row(
    ("list-recall", "recall of lists", "R@k"),
    (ZERO_TO_ONE, Unit::Share, Better::Higher),
    WANTED,
    "no user wants any item, or no file says what users wanted beyond what they were shown",
    (
        "mean over users of relevant items in the first k places / all relevant items of the user",
        "The share of what a user wants that is in the first k places.\n\n\
         It divides by all items wanted, also where they are more than k. Users who want none are counted and left out. \
         Where relevance is known of shown items alone it has no value: nobody knows what was missed.",
    ),
    &[&HERLOCKER_2004],
    at_places!("list-recall"),
);

/// Whether a list has anything that its user wants.
pub static HIT_RATE: Measure = row(
    ("hit-rate", "hit rate", "HR@k"),
    (ZERO_TO_ONE, Unit::Share, Better::Higher),
    WANTED,
    NOTHING_KNOWN,
    (
        "share of users with a relevant item in the first k places",
        "The share of users who find something that they want in the first k places.\n\n\
         Who wants more is hit more easily, whatever the recommender does. Of a user with several lists the share of his \
         lists counts. With a file of what users wanted, those who want nothing are counted and left out. Without one, \
         relevance is known of shown items alone, and who wanted none of these counts as 0.",
    ),
    &[&HERLOCKER_2004],
    at_places!("hit-rate"),
);

/// How early the first item comes that the user wants.
pub static MEAN_RECIPROCAL_RANK: Measure = row(
    ("mean-reciprocal-rank", "mean reciprocal rank", "MRR@k"),
    (ZERO_TO_ONE, Unit::Number, Better::Higher),
    WANTED,
    NOTHING_KNOWN,
    (
        "mean over users of 1 / place of the first relevant item, 0 beyond place k",
        "How early the first item comes that the user wants; what comes after it does not matter.\n\n\
         Users whom the list gives nothing count as 0. With a file of what users wanted, those who want nothing at all are \
         counted and left out. Without one, relevance is known of shown items alone, and nobody is left out of whom it is \
         known.",
    ),
    &[&VOORHEES_1999],
    at_places!("mean-reciprocal-rank"),
);

/// How far the best served group lies above the worst.
pub static NDCG_SPREAD: Measure = row(
    ("ndcg-spread", "largest less smallest NDCG", "ΔNDCG"),
    (ZERO_TO_ONE, Unit::Number, Better::Lower),
    WANTED,
    "fewer than two groups have an NDCG",
    (
        "largest - smallest NDCG of a group",
        "How far the best served group lies above the worst, by the attributes named behind the @.\n\n\
         It has no interval and is not judged: it grows by chance alone, the more groups there are and the smaller they \
         are.",
    ),
    &[&EKSTRAND_2018],
    reported!(|view, group| view.apart("ndcg", group, SPREAD)),
);

/// How far groups lie apart in the mean.
pub static NDCG_MEAN_GAP: Measure = row(
    ("ndcg-mean-gap", "mean gap in NDCG over pairs of groups", "MAD"),
    (ZERO_TO_ONE, Unit::Number, Better::Lower),
    WANTED,
    "fewer than two groups have an NDCG",
    (
        "mean over pairs of groups of |NDCG - NDCG|",
        "How far two groups lie apart in the mean, by the attributes named behind the @; elsewhere UserMADranking.\n\n\
         Every pair counts without its sign. It has no interval and is not judged, as the largest gap is not.",
    ),
    &[&DELDJOO_2021],
    reported!(|view, group| view.apart("ndcg", group, MEAN_GAP)),
);

/// How many categories a list has in effect.
pub static LIST_DIVERSITY: Measure = row(
    ("list-diversity", "diversity of lists", "e^H"),
    ((Some(1.0), None), Unit::Number, Better::Neither),
    &["list", "category"],
    "no list has an item of a known category",
    (
        "mean over users of exp(-sum of share ln share) over the categories of a list",
        "How many categories a list has in effect: 1 where all items are of one, the number of categories where all are \
         as frequent.\n\nLonger lists can hold more.",
    ),
    &[&HILL_1973],
    mean!("list-diversity"),
);

/// How far lists lie from what users chose before.
pub static HISTORY_DIVERGENCE: Measure = row(
    ("history-divergence", "divergence of lists from the history", "C_KL"),
    ((Some(0.0), Some(4.605_170_185_988_092)), Unit::Number, Better::Lower),
    &["list", "category", "history"],
    "no user has a history and a list with known categories",
    (
        "mean over users of the sum of p ln(p / (0.99 q + 0.01 p)), p the shares of categories in the history, q in the \
         list",
        "How badly the categories of a list fit those that its user chose before: the miscalibration of Steck, in \
         nats.\n\n\
         0 where the shares are the same. Short lists cannot fit a wide history, and short histories are fitted by \
         chance: compare groups whose lists and histories are about as long.",
    ),
    &[&STECK_2018],
    mean!("history-divergence"),
);

/// The same, symmetric.
pub static HISTORY_DISTANCE: Measure = row(
    ("history-distance", "distance of lists from the history", "Hellinger"),
    (ZERO_TO_ONE, Unit::Number, Better::Lower),
    &["list", "category", "history"],
    "no user has a history and a list with known categories",
    (
        "mean over users of sqrt(sum of (sqrt p - sqrt q)^2 / 2) over categories",
        "The Hellinger distance of the categories of a list from those that its user chose before: 0 where the shares are \
         the same, 1 where no category is in both.\n\nIt is less ruled by rare categories than the divergence is.",
    ),
    &[&STECK_2018],
    mean!("history-distance"),
);

/// How much narrower lists are than what users chose before.
pub static NARROWING: Measure = row(
    ("narrowing", "narrowing of taste", "narrowing"),
    ((None, Some(1.0)), Unit::Change, Better::Lower),
    &["list", "category", "history"],
    "no user has a history and a list with known categories",
    (
        "mean over users of 1 - exp(H of the list) / exp(H of the history), H the entropy of categories",
        "How many of the categories that a user chose among before, in effect, his list leaves out: the part of \
         confirmation bias that lists can show.\n\n\
         0 where both are as wide, 0.5 where the list is half as wide, below 0 where it is wider. It is our own measure. \
         It does not ask which categories they are, and a list that is much shorter than the history cannot be as wide.",
    ),
    &[&HILL_1973, &NGUYEN_2014],
    mean!("narrowing"),
);

/// How popular what users are shown is.
pub static LIST_POPULARITY: Measure = row(
    ("list-popularity", "popularity of what is shown", "ARP"),
    ((None, None), Unit::Number, Better::Neither),
    &["list", "popularity"],
    "no list has an item of known popularity",
    (
        "mean over users of the mean popularity of the items of a list",
        "How popular the items are that users are shown, in the unit of the popularity column; elsewhere average \
         recommendation popularity.\n\nA few very popular items rule it.",
    ),
    &[&ABDOLLAHPOURI_2019],
    mean!("list-popularity"),
);

/// How much more popular lists are than the history.
pub static POPULARITY_LIFT: Measure = row(
    ("popularity-lift", "popularity lift", "lift"),
    ((Some(-1.0), None), Unit::Change, Better::Neither),
    &["list", "popularity", "history"],
    "nothing that users chose before is popular at all",
    (
        "(mean popularity of lists - mean popularity of histories) / mean popularity of histories",
        "How much more popular what a group is shown is than what it chose before: 0 where both are as popular, 0.5 where \
         lists are half as popular again.\n\n\
         Both means are over the users of whom both are known, each user counting once. A group whose taste is rare and \
         whose lift is high is given what others like.",
    ),
    &[&ABDOLLAHPOURI_2019],
    reported!(|view, group| view.popularity_lift(group)),
);

/// How much larger a category's share is than it was.
pub static BIAS_DISPARITY: Measure = row(
    ("bias-disparity", "bias disparity", "BD"),
    ((Some(-1.0), None), Unit::Change, Better::Neither),
    &["list", "category", "history"],
    "the group never chose the category",
    (
        "(share of the category in lists - share in histories) / share in histories",
        "How much more of a category a group is shown than it chose before: above 0 the recommender pushes the category, \
         below 0 it holds it back. One value for each category, whose name stands behind the @.\n\n\
         Shares are over all that the group was shown or chose, so users with much of either weigh more; what has no \
         category is in neither.",
    ),
    &[&TSINTZOU_2018],
    reported!(|view, group| view.bias_disparity(group)),
);

/// How far what a group is shown lies from what all are shown.
pub static SHOWN_DISTANCE: Measure = row(
    (
        "shown-distance",
        "distance of what is shown from what all are shown",
        "TV",
    ),
    (ZERO_TO_ONE, Unit::Number, Better::Neither),
    &["list"],
    "nothing that is known of was shown to the group",
    (
        "sum of |share of times shown in the group - share in all| / 2",
        "The part of what a group is shown that would have to change for it to be shown what everybody is shown, by \
         category or by groups of items: the column stands behind the @. 0 where it is the same.\n\n\
         It has no interval: it grows by chance alone, the fewer items are shown. Which single items each group was \
         shown is not kept, so it is not known item by item.",
    ),
    &[&BURKE_2017],
    reported!(|view, group| view.shown_distance(group)),
);

/// How much of a group's attention the items of a group get.
pub static CROSS_EXPOSURE: Measure = row(
    ("cross-exposure", "share of a group's attention", "share"),
    (ZERO_TO_ONE, Unit::Share, Better::Neither),
    &["list", "item"],
    "the group of users saw nothing",
    (
        "attention of the group of users for items of the group / all attention of the group of users",
        "Which groups of items reach which groups of users: the share of the attention of a group of users that goes to \
         the items of one group, under the attention model of the policy.\n\n\
         A difference may be what users like, and not what the recommender does: hold it against bias disparity. \
         Attention follows from places, not from what anybody looked at.",
    ),
    &[&BURKE_2017],
    Of::Cross(Function {
        value: |view, group| view.share(group),
        compare: Some(|view, group, reference, comparison| view.compare_shares(group, reference, comparison)),
    }),
);

/// Every measure of it, in the order in which it is listed everywhere.
pub static MEASURES: &[&Measure] = &[
    &NDCG,
    &LIST_PRECISION,
    &LIST_RECALL,
    &HIT_RATE,
    &MEAN_RECIPROCAL_RANK,
    &NDCG_SPREAD,
    &NDCG_MEAN_GAP,
    &LIST_DIVERSITY,
    &HISTORY_DIVERGENCE,
    &HISTORY_DISTANCE,
    &NARROWING,
    &LIST_POPULARITY,
    &POPULARITY_LIFT,
    &BIAS_DISPARITY,
    &SHOWN_DISTANCE,
    &CROSS_EXPOSURE,
];
