//! This module is the part of the catalogue about what lists give to groups of items, or to those who provide them.

use super::{Measure, Of, Unit};
use crate::audit::measured::{Function, ProviderView};
use crate::catalogue::Better;
use crate::catalogue::citations::{
    ABDOLLAHPOURI_2017, BEUTEL_2019, BIEGA_2018, Citation, GEYIK_2019, GINI_1912, HERFINDAHL_1950, SAPIEZYNSKI_2019,
    SHANNON_1948, SINGH_JOACHIMS_2018, ZHU_2020,
};

macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, $symbol:literal, [$($alias:literal),*],
        $formula:literal, ($lowest:expr, $highest:expr), $unit:ident, $better:ident, [$($need:literal),*], $undefined:literal,
        [$($cite:ident),+], $value:ident $(, $compare:ident)?;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Measure = Measure {
                id: $id,
                name: $title,
                symbol: $symbol,
                aliases: &[$($alias),*],
                formula: $formula,
                range: ($lowest, $highest),
                unit: Unit::$unit,
                better: Better::$better,
                needs: &[$($need),*],
                undefined_when: $undefined,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+] as &[&Citation],
                of: Of::Provider(Function {
                    value: ProviderView::$value,
                    compare: measures!(@compare $($compare)?),
                }),
            };
        )+
        /// Every measure of it, in the order in which it is listed everywhere.
        pub static MEASURES: &[&Measure] = &[$(&$name),+];
    };
    (@compare) => { None };
    (@compare $compare:ident) => { Some(ProviderView::$compare) };
}

measures! {
    /// The part of all attention that goes to the items of a group.
    ///
    /// Attention is what the model named with it gives to each place (`log` unless another is chosen); clicks and eyes
    /// are not seen. The exposures of all groups, those of missing groups among them, add up to the attention that all
    /// lists have to give. Its interval says how it would vary with other users, not with other items.
    EXPOSURE_SHARE = "exposure-share", "exposure share", "S", ["attention-share"],
        "E(g) / sum of E, E(g) = sum over items of g shown of v(place)", (Some(0.0), Some(1.0)), Share, Neither,
        ["list", "item"], "no list gives any attention", [SINGH_JOACHIMS_2018], exposure_share;
    /// A group's share of the attention over the share that it should have; 1 is as it should be.
    ///
    /// What it should have is a choice that the numbers cannot make: the share of the catalogue, of what users wanted, of
    /// what was sold so far, of merit, or shares of one's own. Against each that the data know the ratio stands beside
    /// it, as `exposure-ratio@sales` and so on: where they disagree, the target decides the verdict. A target of past
    /// sales or clicks carries what past rankings did. Catalogue, sales and merit are taken as known; what users wanted is
    /// estimated from the same users, and its error is in the interval.
    EXPOSURE_RATIO = "exposure-ratio", "exposure ratio", "S/t", ["exposure-over-target"],
        "(E(g) / sum of E) / t(g)", (Some(0.0), None), Ratio, Neither, ["list", "item"],
        "the target share of the group is 0, or the data do not know the target", [SINGH_JOACHIMS_2018, SAPIEZYNSKI_2019],
        exposure_ratio, compare_exposure_ratio;
    /// The attention that an item of a group gets in a list, on average over all its items, also those never shown.
    ///
    /// In units of what the model gives to a place; with `log` the first place has 1. Without a table of all items only
    /// those shown at least once are counted.
    EXPOSURE_PER_ITEM = "exposure-per-item", "exposure per item", "E/n", ["mean-exposure"],
        "E(g) / (items of g x lists)", (Some(0.0), None), Number, Neither, ["list", "item"], "no item of the group is known",
        [SINGH_JOACHIMS_2018], exposure_per_item;
    /// The largest less the smallest exposure per item of all groups; 0 is equal.
    ///
    /// Some software calls this AWRF. In the unit of the attention model, so not comparable between models.
    EXPOSURE_GAP = "exposure-gap", "exposure gap", "dE", [],
        "max over g of E/n - min over g of E/n", (Some(0.0), None), Number, Lower, ["list", "item"], "there is only one group",
        [SINGH_JOACHIMS_2018], exposure_gap;
    /// A group's share of the attention over its share of merit; 1 is attention in proportion to merit.
    ///
    /// Over that of another group it is the disparate treatment ratio. Merit that is a model's own score can hide the bias
    /// that is looked for. With what users wanted as merit it is `exposure-ratio@relevance`.
    EXPOSURE_MERIT_RATIO = "exposure-merit-ratio", "exposure for merit", "S/u", ["disparate-treatment-ratio", "dtr"],
        "(E(g) / sum of E) / (U(g) / sum of U), U(g) = sum of merit", (Some(0.0), None), Ratio, Neither, ["list", "item", "merit"],
        "the group has no merit", [SINGH_JOACHIMS_2018], exposure_merit_ratio, compare_exposure_merit_ratio;
    /// A group's share of the attention that fell on wanted items, over its share of what was wanted.
    ///
    /// What the attention was worth to the group for its merit, with what users wanted as merit. Over that of another
    /// group it is the disparate impact ratio.
    EXPOSURE_IMPACT_RATIO = "exposure-impact-ratio", "impact for relevance", "W/u", ["disparate-impact-ratio-of-exposure"],
        "(W(g) / sum of W) / (R(g) / sum of R), W(g) = sum over wanted items of g shown of v(place), R(g) = wanted items of g",
        (Some(0.0), None), Ratio, Neither, ["list", "item", "relevance"], "users wanted nothing of the group, or nothing of it is shown", [SINGH_JOACHIMS_2018],
        exposure_impact_ratio;
    /// How close the groups' shares of the attention of all lists are to their target shares, from 0 to 1, which is equal.
    ///
    /// One minus the divergence of Jensen and Shannon in bits, which is always finite. Lists that are one-sided in turn do
    /// not lower it; `list-awrf` has that of single lists.
    AWRF = "awrf", "attention-weighted rank fairness", "AWRF", ["attention-weighted-rank-fairness"],
        "1 - JSD2(S || t)", (Some(0.0), Some(1.0)), Number, Higher, ["list", "item"], "no list gives any attention",
        [SAPIEZYNSKI_2019], awrf;
    /// How close the groups' shares of the attention of a list are to their shares of the catalogue, on average over lists
    /// and then users; 1 is equal.
    ///
    /// The attention model stands behind the @: what a place gets is in the value when lists are tallied. A saved tally has
    /// it under the model that it was made with, and under no other; where parts were made under several models it has no
    /// value. Clicks give no model before the last list is read, so with `clicks` there is none.
    LIST_AWRF = "list-awrf", "attention-weighted rank fairness of lists", "AWRF of lists", [],
        "mean over users of 1 - JSD2(S || t) of a list", (Some(0.0), Some(1.0)), Number, Higher, ["list", "item"],
        "there is no table of all items, or the tally was made under another attention model", [SAPIEZYNSKI_2019], list_awrf;
    /// How far the prefixes of lists are from the groups' shares of the catalogue, in nats; 0 is as it should be.
    ///
    /// The divergence of Kullback and Leibler of each prefix, weighted by 1 / log2(k + 1), averaged over lists and then
    /// users. 0 ln 0 is 0 and nothing is added. The first place is one group's, so no list of several groups reaches 0:
    /// compare with others of its kind. `ndkl@pooled` has the prefixes of all lists together against the target in use, and
    /// reaches 0 where lists are one-sided in turn. It, and whatever else is of all lists and of the groups of items, is
    /// named with the attributes where items have several: `ndkl@item.region`, `ndkl@pooled of item.region`.
    NDKL = "ndkl", "NDKL", "NDKL", ["normalized-discounted-kl"],
        "(1/Z) sum over k of KL(D(k) || t) / log2(k + 1), Z = sum over k of 1 / log2(k + 1)", (Some(0.0), None), Number, Lower,
        ["list", "item"], "a group that is shown is not in the catalogue, or parts without a table of all items were merged", [GEYIK_2019], ndkl;
    /// The logarithm of a group's share of the first k places over its target share: below 0 it is too rare there.
    ///
    /// Over all lists together. An absent group has none (its logarithm has no bound).
    SKEW = "skew", "skew at k", "Skew@k", [],
        "ln((share of g among the items in places 1 to k) / t(g))", (None, None), Number, Neither, ["list", "item"],
        "the group is absent from these places, or its target is 0", [GEYIK_2019], skew;
    /// The smallest skew of all groups: how rare the rarest is.
    ///
    /// It is that of the unluckiest group, so that it falls with the number of groups though all are treated alike.
    MIN_SKEW = "min-skew", "smallest skew at k", "MinSkew@k", [],
        "min over g of Skew@k(g)", (None, Some(0.0)), Number, Higher, ["list", "item"], "a group with a target is absent from these places",
        [GEYIK_2019], min_skew;
    /// The largest skew of all groups: how much the most favoured is.
    ///
    /// It is that of the luckiest group, so that it rises with the number of groups though all are treated alike.
    MAX_SKEW = "max-skew", "largest skew at k", "MaxSkew@k", [],
        "max over g of Skew@k(g)", (None, None), Number, Lower, ["list", "item"], "nothing is shown in these places", [GEYIK_2019], max_skew;
    /// How often a wanted item of the group stands above an unwanted item of another group in the same list.
    ///
    /// `pairwise-accuracy@within` has unwanted items of the same group. What was clicked depends on where it stood: only
    /// for places dealt at random, or clicks corrected for them, does it say what the ranking does to equals.
    PAIRWISE_ACCURACY = "pairwise-accuracy", "pairwise accuracy", "PA", ["inter-group-pairwise-accuracy"],
        "P(i above j | i wanted and of g, j unwanted and not of g)", (Some(0.0), Some(1.0)), Share, Higher, ["list", "item", "relevance"],
        "no list has such a pair", [BEUTEL_2019], pairwise_accuracy, compare_pairwise_accuracy;
    /// How far the groups' shares of attention are from their shares of merit, summed; from 0 to 2.
    ///
    /// Over all lists together, so that what one list owes another may pay. Merit is the column of that role; without
    /// one, what users wanted. `list-attention-gap` is that of items within a list, where nothing is paid back.
    AMORTIZED_ATTENTION_GAP = "amortized-attention-gap", "amortized attention gap", "IAA", ["equity-of-amortized-attention"],
        "sum over g of |E(g) / sum of E - U(g) / sum of U|", (Some(0.0), Some(2.0)), Number, Lower, ["list", "item"],
        "no list gives any attention, or the data do not know merit", [BIEGA_2018], attention_gap;
    /// How far the items' shares of the attention of a list are from their shares of its merit, summed, on average over
    /// lists and then users; from 0 to 2.
    ///
    /// Nothing is paid back by another list. The attention model stands behind the @, as with `list-awrf`: a saved tally
    /// has it under the model that it was made with. A list with an item of unknown or negative merit has none.
    LIST_ATTENTION_GAP = "list-attention-gap", "attention gap within lists", "IAA of lists", [],
        "mean over users of sum over items i of a list of |v(i) / sum of v - u(i) / sum of u|", (Some(0.0), Some(2.0)), Number, Lower,
        ["list", "item", "merit"], "the merit of no whole list is known, or the tally was made under another attention model",
        [BIEGA_2018], list_attention_gap;
    /// How unequal the groups' chances to be shown are: the standard deviation over the mean; 0 is equal.
    ///
    /// Every item could have been in every list. The place does not matter.
    RANK_STATISTICAL_PARITY = "rank-statistical-parity", "ranking-based statistical parity", "RSP", ["rsp"],
        "sd / mean over g of (items of g shown) / (items of g x lists)", (Some(0.0), None), Number, Lower, ["list", "item"],
        "fewer than two groups could have been shown", [ZHU_2020], rank_statistical_parity;
    /// The same among wanted items: how unequal the chances of groups are that a wanted item of theirs is shown.
    ///
    /// It does not say where in the list they stand, and trusts what is known of what users wanted.
    RANK_EQUAL_OPPORTUNITY = "rank-equal-opportunity", "ranking-based equal opportunity", "REO", ["reo"],
        "sd / mean over g of (wanted items of g shown) / (wanted items of g)", (Some(0.0), None), Number, Lower,
        ["list", "item"], "no table says what users wanted of what is not shown", [ZHU_2020],
        rank_equal_opportunity;
    /// How unevenly items are shown, those never shown among them; 0 is even.
    ///
    /// `gini@n` divides by n and reaches (n - 1)/n, `gini@n-1` divides by n - 1 and reaches 1. Other software uses either
    /// without saying so, or returns one minus it.
    GINI = "gini", "Gini index of items", "G", ["gini-index"],
        "sum over i of (2i - n - 1) c(i) / (n sum of c), c sorted upwards", (Some(0.0), Some(1.0)), Number, Lower, ["list", "item"],
        "there is no table of all items", [GINI_1912], gini;
    /// The share of all items that is shown in at least one list.
    ///
    /// Once is enough to count. It grows with the number of lists, so compare files of about one size.
    ITEM_COVERAGE = "item-coverage", "catalogue coverage", "Cov", ["catalogue-coverage", "aggregate-diversity"],
        "items shown / items", (Some(0.0), Some(1.0)), Share, Higher, ["list", "item"], "there is no table of all items",
        [GINI_1912], item_coverage;
    /// The entropy of what is shown, in nats: how much an item shown surprises.
    ///
    /// `item-entropy@normalized` is divided by ln n over all items, shown or not; 1 is even.
    ITEM_ENTROPY = "item-entropy", "entropy of items", "H", ["exposure-entropy"],
        "- sum over i of p(i) ln p(i), p(i) = c(i) / sum of c", (Some(0.0), None), Number, Higher, ["list", "item"], "nothing is shown",
        [SHANNON_1948], item_entropy;
    /// How many items, shown equally often, would have the same entropy.
    ///
    /// It does not say whose items they are, and grows with the number of lists.
    EFFECTIVE_ITEMS = "effective-items", "effective number of items", "exp H", ["perplexity-of-items"],
        "exp(H)", (Some(1.0), None), Number, Higher, ["list", "item"], "nothing is shown", [SHANNON_1948], effective_items;
    /// The sum of the squares of items' shares of all times shown: 1 where one item has them all.
    ///
    /// The many items that are hardly shown leave next to no trace in it.
    HERFINDAHL = "herfindahl", "Herfindahl-Hirschman index of items", "HHI", ["hhi"],
        "sum over i of p(i)^2", (Some(0.0), Some(1.0)), Number, Lower, ["list", "item"], "nothing is shown", [HERFINDAHL_1950], herfindahl;
    /// The share of a list that is not in the short head: the most popular items that together have 80 % of all popularity.
    ///
    /// Averaged over lists and then users. Popularity that past lists made is not what people would choose by themselves.
    TAIL_SHARE = "tail-share", "share of the long tail", "APLT", ["aplt"],
        "mean over users of |list in tail| / |list|", (Some(0.0), Some(1.0)), Share, Neither, ["list", "item", "popularity"],
        "no item in a list has a known popularity, or there is no table of all items", [ABDOLLAHPOURI_2017], tail_share;
    /// How many items of a list are not in the short head, on average over users.
    ///
    /// Longer lists have more of them: compare lists of one length.
    TAIL_ITEMS = "tail-items", "items of the long tail", "ACLT", ["aclt"],
        "mean over users of |list in tail|", (Some(0.0), None), Number, Neither, ["list", "item", "popularity"],
        "no item in a list has a known popularity, or there is no table of all items", [ABDOLLAHPOURI_2017], tail_items;
}
