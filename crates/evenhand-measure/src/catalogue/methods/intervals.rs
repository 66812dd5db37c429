//! The intervals that a policy may choose among: of one rate, a difference, a ratio and an odds ratio.

use super::{Compute, Method, MethodOf, define_methods};
use crate::catalogue::citations::{
    AGRESTI_CAFFO_2000, BERRY_ARMITAGE_1995, BROWN_2001, CLOPPER_PEARSON_1934, CORNFIELD_1956, DONNER_ZOU_2012,
    FAGERLAND_NEWCOMBE_2013, KATZ_1978, KOOPMAN_1984, LANCASTER_1961, MEE_1984, MIETTINEN_NURMINEN_1985,
    NEWCOMBE_1998A, NEWCOMBE_1998B, WILSON_1927, WOOLF_1955, ZOU_DONNER_2008,
};
use crate::inference::{Correction, agresti_caffo, difference, katz, mover, odds_ratio, proportion, ratio};

define_methods! {
    /// Every method that gives an interval, in the order in which it is listed everywhere.
    INTERVALS;

    /// Every rate that the score test does not reject, its standard error being that at the rate in question.
    ///
    /// Its coverage is near its confidence at all sample sizes, now above, now below; it never leaves 0 to 1. The default.
    WILSON = "wilson", "Wilson score interval", ["score", "wilson-score"], Rate,
        "(p + z^2/2n +- z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n)",
        "rows are independent and have the same chance", "never: every group with a row has one",
        [WILSON_1927, NEWCOMBE_1998A], Compute::Rate(proportion::wilson);
    /// Every rate that neither exact one-sided binomial test rejects.
    ///
    /// It never covers less often than it says, for which it pays in width: with few rows it covers far more often.
    CLOPPER_PEARSON = "clopper-pearson", "Clopper-Pearson interval", ["exact", "exact-binomial"], Rate,
        "BetaInv(alpha/2; x, n - x + 1) to BetaInv(1 - alpha/2; x + 1, n - x)",
        "rows are independent and have the same chance; with weights, that the effective counts behave like counts",
        "never: every group with a row has one", [CLOPPER_PEARSON_1934, NEWCOMBE_1998A],
        Compute::Rate(proportion::clopper_pearson);
    /// Clopper-Pearson with only half the probability of what was observed in each tail.
    ///
    /// It covers about as often as it says on average, where Clopper-Pearson covers too often; for some rates it
    /// covers a little less.
    MID_P = "mid-p", "mid-p interval", ["clopper-pearson-mid-p", "exact-mid-p"], Rate,
        "P(X > x | L) + P(X = x | L)/2 = alpha/2 and P(X < x | U) + P(X = x | U)/2 = alpha/2",
        "rows are independent and have the same chance; with weights, that the effective counts behave like counts",
        "never: every group with a row has one", [LANCASTER_1961, BERRY_ARMITAGE_1995], Compute::Rate(proportion::mid_p);
    /// The central 95 % (or other share) of what is credible about the rate after the data, from a prior that prefers
    /// no scale.
    ///
    /// As an interval of confidence it is close to mid-p. Its lower end is set to 0 without a success and its upper end
    /// to 1 without a failure.
    JEFFREYS = "jeffreys", "Jeffreys interval", ["bayes", "jeffreys-prior"], Rate,
        "BetaInv(alpha/2 and 1 - alpha/2; x + 1/2, n - x + 1/2), lower end 0 if x = 0, upper end 1 if x = n",
        "rows are independent and have the same chance; the prior is Beta(1/2, 1/2)",
        "never: every group with a row has one", [BROWN_2001], Compute::Rate(proportion::jeffreys);

    /// Every difference that the score test does not reject, its standard error being that of the likeliest rates with
    /// that difference, times N/(N - 1).
    ///
    /// It holds its confidence well in small and lopsided tables and is defined for every table. The default. Some
    /// software prints other numbers under this name: without N/(N - 1) it is Mee's.
    MIETTINEN_NURMINEN_DIFFERENCE = "miettinen-nurminen-difference", "Miettinen-Nurminen score interval of a difference",
        ["miettinen-nurminen", "score"], Difference,
        "(p_a - p_b - d) / sqrt((p~_a(1 - p~_a)/n_a + p~_b(1 - p~_b)/n_b) N/(N - 1)) = +-z, p~ likeliest with p~_a = p~_b + d",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [MIETTINEN_NURMINEN_1985, NEWCOMBE_1998B], Compute::Pair {
            z: |a, b, bound| Some(difference::score_z(a, b, bound, Correction::MiettinenNurminen)),
            interval: |a, b, z| Some(difference::interval(a, b, z, Correction::MiettinenNurminen)),
        };
    /// The score interval of a difference without the factor N/(N - 1).
    ///
    /// A little narrower than Miettinen-Nurminen's in small tables. At a difference of 0 its statistic is the pooled z
    /// test; against another bound it is the test of Farrington and Manning.
    MEE = "mee", "Mee score interval", ["farrington-manning"], Difference,
        "(p_a - p_b - d) / sqrt(p~_a(1 - p~_a)/n_a + p~_b(1 - p~_b)/n_b) = +-z, p~ likeliest with p~_a = p~_b + d",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [MEE_1984, NEWCOMBE_1998B], Compute::Pair {
            z: |a, b, bound| Some(difference::score_z(a, b, bound, Correction::None)),
            interval: |a, b, z| Some(difference::interval(a, b, z, Correction::None)),
        };
    /// The Wilson intervals of both rates, put together.
    ///
    /// Needs no search, so that anyone can check it by hand, and holds its confidence well. Its statistic against a
    /// bound is the z at which an end touches the bound.
    NEWCOMBE = "newcombe", "Newcombe hybrid score interval", ["newcombe-method-10", "hybrid-score", "square-and-add"], Difference,
        "D - sqrt((p_a - l_a)^2 + (u_b - p_b)^2) to D + sqrt((u_a - p_a)^2 + (p_b - l_b)^2), l and u Wilson's ends",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [NEWCOMBE_1998B, ZOU_DONNER_2008], Compute::Pair { z: mover::newcombe_z, interval: mover::newcombe_interval };
    /// The textbook interval after one success and one failure are added to each group.
    ///
    /// The simplest that is safe in small tables. Ends beyond -1 and 1 are cut off; its centre is drawn towards 0.
    AGRESTI_CAFFO = "agresti-caffo", "Agresti-Caffo interval", ["plus-four"], Difference,
        "p+_a - p+_b +- z sqrt(p+_a(1 - p+_a)/(n_a + 2) + p+_b(1 - p+_b)/(n_b + 2)), p+ = (x + 1)/(n + 2)",
        "rows are independent; within a group they have the same chance; the counts are not tiny", "a group has no row",
        [AGRESTI_CAFFO_2000], Compute::Pair { z: agresti_caffo::z, interval: agresti_caffo::interval };

    /// Every ratio that the score test does not reject, its standard error being that of the likeliest rates with that
    /// ratio, times N/(N - 1).
    ///
    /// It holds its confidence well in small and lopsided tables and is defined for every table: with no success in the
    /// reference the upper end is infinite. The default.
    MIETTINEN_NURMINEN_RATIO = "miettinen-nurminen-ratio", "Miettinen-Nurminen score interval of a ratio",
        ["miettinen-nurminen", "score"], Ratio,
        "(p_a - f p_b) / sqrt((p~_a(1 - p~_a)/n_a + f^2 p~_b(1 - p~_b)/n_b) N/(N - 1)) = +-z, p~ likeliest with p~_a = f p~_b",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [MIETTINEN_NURMINEN_1985, FAGERLAND_NEWCOMBE_2013], Compute::Pair {
            z: |a, b, bound| Some(ratio::score_z(a, b, bound, Correction::MiettinenNurminen)),
            interval: |a, b, z| Some(ratio::interval(a, b, z, Correction::MiettinenNurminen)),
        };
    /// The score interval of a ratio without the factor N/(N - 1).
    ///
    /// A little narrower than Miettinen-Nurminen's in small tables; some papers print the one under the other's name.
    KOOPMAN = "koopman", "Koopman score interval", ["gart-nam"], Ratio,
        "(p_a - f p_b) / sqrt(p~_a(1 - p~_a)/n_a + f^2 p~_b(1 - p~_b)/n_b) = +-z, p~ likeliest with p~_a = f p~_b",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [KOOPMAN_1984], Compute::Pair {
            z: |a, b, bound| Some(ratio::score_z(a, b, bound, Correction::None)),
            interval: |a, b, z| Some(ratio::interval(a, b, z, Correction::None)),
        };
    /// The textbook interval: the logarithm of the ratio is taken as normal.
    ///
    /// Widely printed. In small tables it is off, near rates of 1 far too sure, and without a success in either group
    /// it does not exist.
    KATZ = "katz", "Katz log interval", ["katz-log", "log", "delta"], Ratio,
        "exp(ln(p_a/p_b) +- z sqrt(1/x_a - 1/n_a + 1/x_b - 1/n_b))",
        "rows are independent; within a group they have the same chance; each group has many successes",
        "a group has no row or no success", [KATZ_1978], Compute::Pair { z: katz::z, interval: katz::interval };
    /// The Wilson intervals of both rates, put together for a ratio.
    ///
    /// Needs no search and holds its confidence well; with no success in the reference the upper end is infinite. Its
    /// statistic against a bound is the z at which an end touches the bound.
    MOVER_R = "mover-r", "MOVER-R interval", ["mover", "donner-zou", "mover-wilson"], Ratio,
        "(p_a p_b -+ sqrt((p_a p_b)^2 - e_a(2 p_a - e_a) o_b(2 p_b - o_b))) / (o_b(2 p_b - o_b)), e_a and o_b Wilson's l_a and u_b below, u_a and l_b above",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [DONNER_ZOU_2012, FAGERLAND_NEWCOMBE_2013], Compute::Pair { z: mover::ratio_z, interval: mover::ratio_interval };


    /// Every odds ratio that the score test does not reject, with the factor N/(N - 1).
    ///
    /// Defined for every table; an end is 0 or infinite where a cell is empty.
    MIETTINEN_NURMINEN_ODDS_RATIO = "miettinen-nurminen-odds-ratio", "odds ratio with Miettinen-Nurminen score interval",
        ["miettinen-nurminen", "score"], OddsRatio,
        "n_a(p_a - p~_a) sqrt((1/(n_a p~_a(1 - p~_a)) + 1/(n_b p~_b(1 - p~_b))) (N - 1)/N) = +-z, p~ likeliest with odds ratio t",
        "rows are independent; within a group they have the same chance", "a group has no row",
        [MIETTINEN_NURMINEN_1985], Compute::Pair {
            z: |a, b, bound| Some(odds_ratio::score_z(a, b, bound)),
            interval: |a, b, z| Some(odds_ratio::score(a, b, z)),
        };
    /// The textbook interval: the logarithm of the odds ratio is taken as normal.
    ///
    /// In small tables it is off, and with an empty cell it does not exist.
    WOOLF = "woolf", "odds ratio with Woolf logit interval", ["woolf-logit", "logit"], OddsRatio,
        "exp(ln(ad/bc) +- z sqrt(1/a + 1/b + 1/c + 1/d))",
        "rows are independent; within a group they have the same chance; no cell is small", "a cell of the table is empty",
        [WOOLF_1955], Compute::Pair {
            z: odds_ratio::woolf_z,
            interval: odds_ratio::woolf,
        };
    /// Every odds ratio that neither tail of Fisher's noncentral hypergeometric law rejects, all margins being fixed.
    ///
    /// It never covers less often than it says, for which it pays in width.
    EXACT_CONDITIONAL = "exact-conditional", "odds ratio with exact conditional interval", ["cornfield-exact", "exact"], OddsRatio,
        "P(X >= x | L) = alpha/2 and P(X <= x | U) = alpha/2, X noncentral hypergeometric with odds ratio L, U",
        "rows are independent; within a group they have the same chance",
        "a margin of the table is empty", [CORNFIELD_1956], Compute::Named;
}
