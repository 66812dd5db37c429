//! This module is the part of the catalogue about amounts.

use super::{Measure, Of, Unit};
use crate::audit::measured::amounts as view;
use crate::catalogue::Better;
use crate::catalogue::citations::{
    COHEN_1988, DELONG_1988, FRANCISCO_FULLER_1991, HEDGES_1981, HYNDMAN_FAN_1996, MANN_WHITNEY_1947, SMIRNOV_1939,
    VASERSHTEIN_1969, WELCH_1947, WILLMOTT_2005, WOODRUFF_1952,
};

macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $title:literal, $symbol:literal, [$($alias:literal),*],
        $formula:literal, $range:expr, $unit:ident, $better:ident, [$($role:literal),+], $undefined:literal, [$($cite:ident),+], $of:ident;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $name: Measure = Measure {
                id: $id,
                name: $title,
                symbol: $symbol,
                aliases: &[$($alias),*],
                formula: $formula,
                range: $range,
                unit: Unit::$unit,
                better: Better::$better,
                needs: &[$($role),+],
                undefined_when: $undefined,
                doc: concat!($($doc, "\n"),+),
                citations: &[$(&$cite),+],
                of: Of::Amounts(view::$of),
            };
        )+
        /// Every measure of it, in the order in which it is listed everywhere.
        pub static MEASURES: &[&Measure] = &[$(&$name),+];
    };
}

measures! {
    /// What rows of a group have on average, in the unit of the amount.
    ///
    /// A few very large amounts can move it; the geometric mean and the median show whether they did.
    MEAN_AMOUNT = "mean-amount", "mean amount", "mean", ["average-amount"],
        "sum x / n", (None, None), Amount, Neither, ["amount"], "no row has an amount", [WELCH_1947], MEAN;
    /// The mean on the scale of logarithms: what prices that differ in per cent have in the middle.
    ///
    /// An amount of 0 or less has no logarithm, and the group then has no geometric mean: such rows are never left out.
    GEOMETRIC_MEAN_AMOUNT = "geometric-mean-amount", "geometric mean amount", "gmean", ["geometric-mean"],
        "exp(sum ln x / n)", (Some(0.0), None), Amount, Neither, ["amount"], "no row has an amount, or one has 0 or less", [WELCH_1947],
        GEOMETRIC_MEAN;
    /// Half of the rows have less and half have more (definition 7 of Hyndman and Fan).
    ///
    /// Where a column has too many different amounts to keep them all, it is within the width of those kept as one. Its
    /// interval comes from order statistics, or from the shares of buckets where rows belong together.
    MEDIAN_AMOUNT = "median-amount", "median amount", "median", [],
        "Q(1/2), Q(t) on the line between the ordered x at the places around (n - 1) t", (None, None), Amount, Neither, ["amount"],
        "no row has an amount", [HYNDMAN_FAN_1996, WOODRUFF_1952, FRANCISCO_FULLER_1991], MEDIAN;
    /// The amounts that a tenth, a quarter, three quarters and nine tenths of the rows do not exceed.
    ///
    /// They show harm that is at one end alone. The setting is the share, such as `quantile-amount@0.9`.
    QUANTILE_AMOUNT = "quantile-amount", "quantile of amounts", "Q", ["quantiles"],
        "Q(t), t = 0.1, 0.25, 0.75, 0.9", (None, None), Amount, Neither, ["amount"],
        "no row has an amount", [HYNDMAN_FAN_1996, WOODRUFF_1952, FRANCISCO_FULLER_1991], QUANTILES;
    /// What a group pays for each unit of money that the reference pays: 1.04 is 4 % more.
    ///
    /// The ratio of the geometric means, to the named reference or else to the judged group with the most amounts. Legitimate
    /// reasons for a price, such as cost and distance, are in it: name them as controls to see what they leave. It has no
    /// direction of its own: of a price more is worse, of a limit better.
    PRICE_GAP = "price-gap", "price gap", "gap", ["geometric-mean-ratio", "price-ratio"],
        "exp(mean of ln x in the group - mean of ln x in the reference)", (Some(0.0), None), Ratio, Neither, ["amount"],
        "a group has no amount, or one of 0 or less", [WELCH_1947], PRICE_GAP;
    /// How much more a group has on average than the reference, in the unit of the amount.
    ///
    /// To the named reference or else to the judged group with the most amounts; the reference itself has 0.
    MEAN_GAP = "mean-gap", "mean gap", "diff", ["mean-difference-of-amounts"],
        "mean of x in the group - mean of x in the reference", (None, None), Amount, Neither, ["amount"],
        "a group has no amount", [WELCH_1947], MEAN_GAP;
    /// The mean gap in standard deviations, so that amounts of any unit can be judged by one bound.
    ///
    /// Hedges' g: the denominator is the pooled standard deviation, and the bias of few rows is taken out. The setting
    /// `average` divides by the root of the mean of both variances instead (without the correction), which unequal sizes of
    /// groups do not move. A wide spread makes a given gap look small.
    STANDARDIZED_MEAN_DIFFERENCE = "standardized-mean-difference", "standardized mean difference", "SMD",
        ["smd", "hedges-g", "cohens-d"],
        "(mean_g - mean_r) / s (1 - 3 / (4 f - 1)), s^2 = ((n_g - 1) s_g^2 + (n_r - 1) s_r^2) / f, f = n_g + n_r - 2",
        (None, None), Deviations, Neither, ["amount"], "a group has fewer than two amounts, or all are the same in each group",
        [HEDGES_1981, COHEN_1988], SMD;
    /// The largest difference between the shares of two groups at or below any amount.
    ///
    /// It sees any difference of the distributions, and says neither where it is nor who is worse off.
    KOLMOGOROV_SMIRNOV = "kolmogorov-smirnov", "Kolmogorov-Smirnov distance", "KS", ["ks", "ks-distance"],
        "max over x of |F_g(x) - F_r(x)|", (Some(0.0), Some(1.0)), Number, Neither, ["amount"], "a group has no amount",
        [SMIRNOV_1939], KOLMOGOROV_SMIRNOV;
    /// How far amounts would have to move to make one distribution of the other, in the unit of the amount.
    ///
    /// The distance itself has no sign. Its parts have: `more` is where the group has more than the reference at the same
    /// quantile, `less` where it has less; their difference is the mean gap. By chance alone it is above 0.
    WASSERSTEIN = "wasserstein", "Wasserstein distance", "W1", ["earth-movers-distance", "w1"],
        "integral over t of |Q_g(t) - Q_r(t)|", (Some(0.0), None), Amount, Neither, ["amount"], "a group has no amount",
        [VASERSHTEIN_1969], WASSERSTEIN;
    /// How often a row of the group has more than a row of the reference, ties counting half: 0.5 is no difference.
    ///
    /// It looks at the order of amounts alone, so nothing extreme moves it, and it does not say how much more.
    PROBABILITY_OF_SUPERIORITY = "probability-of-superiority", "probability of superiority", "PS",
        ["common-language-effect-size", "mann-whitney"],
        "P(x_g > x_r) + P(x_g = x_r) / 2", (Some(0.0), Some(1.0)), Number, Neither, ["amount"], "a group has no amount",
        [MANN_WHITNEY_1947, DELONG_1988], SUPERIORITY;
    /// The share of a group whose amounts lie above the median of everybody.
    ///
    /// The median is taken as given. Where too many different amounts are kept as one, the cut is the end of those the median
    /// is among.
    SHARE_ABOVE_MEDIAN = "share-above-median", "share above the median", "above", [],
        "rows of the group with x > median of all / its rows", (Some(0.0), Some(1.0)), Share, Neither, ["amount"],
        "no row of the group has an amount", [HYNDMAN_FAN_1996], ABOVE_MEDIAN;
    /// The share of a group whose amounts are the median of everybody or less: of prices, those who are served cheaply.
    ///
    /// One less the share above the median. The ratio of two of them reads a price as a decision is read.
    SHARE_AT_MOST_MEDIAN = "share-at-most-median", "share at the median or below", "below", ["share-below-median"],
        "rows of the group with x <= median of all / its rows", (Some(0.0), Some(1.0)), Share, Neither, ["amount"],
        "no row of the group has an amount", [HYNDMAN_FAN_1996], BELOW_MEDIAN;
    /// By how much amounts lie above the true ones on average: above 0 the group is overestimated.
    ///
    /// Errors both ways cancel; the mean absolute error does not let them. R squared is not reported: it takes the spread of
    /// the true amounts, and is higher in a group that varies more for errors that are the same.
    MEAN_ERROR = "mean-error", "mean signed error", "bias", ["mean-signed-error", "signed-error"],
        "mean of (x - true x)", (None, None), Amount, Neither, ["amount", "true-amount"], "no row has both an amount and a true one",
        [WILLMOTT_2005], MEAN_ERROR;
    /// The share of rows whose amount is above the true one.
    ///
    /// However small the error is, it counts.
    SHARE_OVERESTIMATED = "share-overestimated", "share overestimated", "over", [],
        "rows with x > true x / rows", (Some(0.0), Some(1.0)), Share, Neither, ["amount", "true-amount"],
        "no row has both an amount and a true one", [WILLMOTT_2005], OVERESTIMATED;
    /// The share of rows whose amount is below the true one.
    ///
    /// However small the error is, it counts.
    SHARE_UNDERESTIMATED = "share-underestimated", "share underestimated", "under", [],
        "rows with x < true x / rows", (Some(0.0), Some(1.0)), Share, Neither, ["amount", "true-amount"],
        "no row has both an amount and a true one", [WILLMOTT_2005], UNDERESTIMATED;
    /// How far amounts lie from the true ones on average, in the unit of the amount.
    ///
    /// A group whose true amounts are larger often has larger errors too.
    MEAN_ABSOLUTE_ERROR = "mean-absolute-error", "mean absolute error", "MAE", ["mae"],
        "mean of |x - true x|", (Some(0.0), None), Amount, Lower, ["amount", "true-amount"],
        "no row has both an amount and a true one", [WILLMOTT_2005], MEAN_ABSOLUTE_ERROR;
    /// The root of the mean of the squared errors, in the unit of the amount.
    ///
    /// A few large errors decide it. It has an interval only where rows are clustered.
    ROOT_MEAN_SQUARED_ERROR = "root-mean-squared-error", "root mean squared error", "RMSE", ["rmse"],
        "sqrt(mean of (x - true x)^2)", (Some(0.0), None), Amount, Lower, ["amount", "true-amount"],
        "no row has both an amount and a true one", [WILLMOTT_2005], ROOT_MEAN_SQUARED_ERROR;
}
