//! Named tests, adjustments and decompositions: what each is, although it is computed where its data are.
//!
//! In the formulas group a has x_a of n_a, group b x_b of n_b, N and K are the sums, and P = K/N.

use super::{Compute, Method, MethodOf, define_methods};
use crate::catalogue::citations::{
    BARNARD_1947, BENJAMINI_HOCHBERG_1995, BENJAMINI_YEKUTIELI_2001, BOSCHLOO_1970, BRESLOW_DAY_1980, CAMPBELL_2007,
    CASELLA_1985, CHUGG_2023, COCHRAN_1954, EFRON_MORRIS_1975, EFRON_STEIN_1981, FAGERLAND_LYDERSEN_2013, FISHER_1935,
    GREENLAND_ROBINS_1985, HIRJI_2006, HODGES_1958, HOLM_1979, KITAGAWA_1955, LANCASTER_1961, MANTEL_HAENSZEL_1959,
    MCNEMAR_1947, MIETTINEN_NURMINEN_1985, NEWCOMBE_1998C, PEARSON_1900, PHIPSON_SMYTH_2010, PITMAN_1937, ROBINS_1986,
    SARNDAL_1992, SMIRNOV_1939, TANGO_1998, TARONE_1985, WALD_1943, WAUDBY_SMITH_RAMDAS_2024, WELCH_1947,
    WESTFALL_YOUNG_1993, WOOLF_1957, YATES_1934, ZEHLIKE_2017, ZOU_2007,
};

define_methods! {
    /// Every named test, adjustment and decomposition, in the order in which it is listed everywhere.
    NAMED;

    /// How many standard deviations apart two rates are, if both groups had the same rate.
    ///
    /// The "two standard deviations" of US courts. Its square is Pearson's chi-square.
    POOLED_Z = "pooled-z", "pooled z test", ["two-standard-deviations", "two-sd", "z-test"], Test,
        "(p_a - p_b) / sqrt(P(1 - P)(1/n_a + 1/n_b))",
        "rows are independent; every expected count is 5 or more", "all rows or none have the outcome",
        [PEARSON_1900, COCHRAN_1954], Compute::Named;
    /// How many standard deviations apart two rates are, each with its own variance.
    ///
    /// Matches the textbook interval of a difference. In small or lopsided tables it rejects too often.
    UNPOOLED_Z = "unpooled-z", "unpooled z test", ["wald-z"], Test,
        "(p_a - p_b) / sqrt(p_a(1 - p_a)/n_a + p_b(1 - p_b)/n_b)",
        "rows are independent; every cell is large", "both rates are 0 or 1", [WALD_1943], Compute::Named;
    /// The pooled z with the variance of the hypergeometric law, in which both margins are fixed.
    ///
    /// Its square is "N - 1" chi-square, and Cochran-Mantel-Haenszel's statistic with one stratum. Of the tests that
    /// need no enumeration it holds its level best in small tables.
    HYPERGEOMETRIC_Z = "hypergeometric-z", "hypergeometric z test", ["n-1-chi-square", "multiple-events-z"], Test,
        "(x_a - n_a K/N) / sqrt(n_a n_b K(N - K) / (N^2 (N - 1)))",
        "rows are independent; every expected count is 1 or more", "all rows or none have the outcome",
        [CAMPBELL_2007, MANTEL_HAENSZEL_1959], Compute::Named;
    /// Whether the table is further from independence than chance explains: observed against expected counts.
    ///
    /// With two groups it is the square of the pooled z. It does not say which way the difference goes.
    PEARSON_CHI_SQUARE = "pearson-chi-square", "Pearson chi-square test", ["chi-square", "chi2"], Test,
        "sum (O - E)^2 / E", "rows are independent; every expected count is 5 or more",
        "all rows or none have the outcome", [PEARSON_1900], Compute::Named;
    /// Pearson's chi-square with every deviation reduced by a half, to be closer to Fisher's exact test.
    ///
    /// It rejects too seldom. Given because other software prints it under the name chi-square.
    YATES_CHI_SQUARE = "yates-chi-square", "chi-square test with Yates' correction", ["yates", "chi-square-corrected"], Test,
        "N max(0, |x_a(n_b - x_b) - (n_a - x_a)x_b| - N/2)^2 / (n_a n_b K(N - K))",
        "rows are independent; it is compared with a chi-square of one degree of freedom",
        "all rows or none have the outcome", [YATES_1934], Compute::Named;
    /// The likelihood ratio test of independence.
    ///
    /// Near Pearson's chi-square in large tables. In small ones it rejects too often.
    G_TEST = "g-test", "G test", ["likelihood-ratio-test", "g"], Test,
        "2 sum O ln(O/E), an empty cell adding 0", "rows are independent; every expected count is 5 or more",
        "all rows or none have the outcome", [WOOLF_1957], Compute::Named;
    /// The probability, with both margins fixed, of a table no likelier than the observed one.
    ///
    /// The two-sided p-value of most software ("minlike"): the sum over tables whose probability is at most that of
    /// the observed one, equal up to one part in ten million. It never rejects too often, and mostly too seldom.
    FISHER_EXACT = "fisher-exact", "Fisher's exact test, two-sided", ["fisher", "fisher-two-sided", "minlike"], Test,
        "sum of P(k) over k with P(k) <= P(x_a), X hypergeometric(N, K, n_a)",
        "rows are independent; counts are whole", "never: a table with an empty margin gives 1",
        [FISHER_1935], Compute::Named;
    /// The probability, with both margins fixed, that group a has as few successes as observed, or fewer.
    ///
    /// Small when group a's rate is lower.
    FISHER_LESS = "fisher-less", "Fisher's exact test, one-sided, less", [], Test,
        "P(X <= x_a), X hypergeometric(N, K, n_a)", "rows are independent; counts are whole",
        "never: a table with an empty margin gives 1", [FISHER_1935], Compute::Named;
    /// The probability, with both margins fixed, that group a has as many successes as observed, or more.
    ///
    /// Small when group a's rate is higher.
    FISHER_GREATER = "fisher-greater", "Fisher's exact test, one-sided, greater", [], Test,
        "P(X >= x_a), X hypergeometric(N, K, n_a)", "rows are independent; counts are whole",
        "never: a table with an empty margin gives 1", [FISHER_1935], Compute::Named;
    /// Twice the smaller one-sided mid-p, in which the observed table counts half.
    ///
    /// One of two conventions for two sides, which differ; the other is `fisher-mid-p-minlike`. Near its level on
    /// average, where Fisher's test is far below; it may exceed it a little.
    FISHER_MID_P_DOUBLING = "fisher-mid-p-doubling", "Fisher's mid-p, two-sided by doubling", ["lancaster-mid-p", "mid-p"], Test,
        "min(1, 2 min(P(X <= x_a), P(X >= x_a)) - P(x_a)), X hypergeometric(N, K, n_a)",
        "rows are independent; counts are whole", "never: a table with an empty margin gives 1",
        [LANCASTER_1961, HIRJI_2006], Compute::Named;
    /// Fisher's two-sided p-value less half the probability of the observed table.
    ///
    /// One of two conventions for two sides, which differ; the other is `fisher-mid-p-doubling`.
    FISHER_MID_P_MINLIKE = "fisher-mid-p-minlike", "Fisher's mid-p, two-sided by likelihood", [], Test,
        "sum of P(k) over k with P(k) <= P(x_a), less P(x_a)/2, X hypergeometric(N, K, n_a)",
        "rows are independent; counts are whole", "never: a table with an empty margin gives 1/2",
        [LANCASTER_1961, HIRJI_2006], Compute::Named;
    /// The largest probability, over all common rates, of a pooled z as far from 0 as observed.
    ///
    /// Exact without fixing the second margin, and more powerful than Fisher's test. It takes an enumeration, so it is
    /// for small tables.
    BARNARD = "barnard", "Barnard's exact test", ["barnard-exact"], Test,
        "max over p of P(|Z| >= |z| ; p, p), Z the pooled z, X_a and X_b binomial",
        "rows are independent; counts are whole", "all rows or none have the outcome", [BARNARD_1947], Compute::Named;
    /// The largest probability, over all common rates, of a Fisher p-value as small as observed.
    ///
    /// Exact without fixing the second margin, and never less powerful than Fisher's test. For small tables.
    BOSCHLOO = "boschloo", "Boschloo's exact test", ["boschloo-exact"], Test,
        "max over p of P(F <= f ; p, p), F Fisher's p-value, X_a and X_b binomial; two-sided: twice the smaller one-sided",
        "rows are independent; counts are whole", "all rows or none have the outcome", [BOSCHLOO_1970], Compute::Named;

    /// Whether groups differ within strata, all strata together.
    ///
    /// Without continuity correction, which would hide borderline cases. Differences that go opposite ways in
    /// different strata cancel: see `breslow-day`. A stratum with an empty margin says nothing and adds nothing.
    COCHRAN_MANTEL_HAENSZEL = "cochran-mantel-haenszel", "Cochran-Mantel-Haenszel test", ["cmh", "mantel-haenszel-test"], Test,
        "(sum (x_a - n_a K/N))^2 / sum n_a n_b K(N - K) / (N^2 (N - 1)), one degree of freedom",
        "rows are independent within strata; the odds ratio is alike in all strata",
        "no stratum has both groups and both outcomes", [COCHRAN_1954, MANTEL_HAENSZEL_1959], Compute::Named;
    /// Whether the odds ratio is the same in all strata.
    ///
    /// A small p-value says that one number for all strata misleads. Each stratum needs a fair number of rows.
    BRESLOW_DAY = "breslow-day", "Breslow-Day test", ["homogeneity-of-odds-ratios"], Test,
        "sum (x_a - A)^2 / V, A and V the expected count and its variance at the Mantel-Haenszel odds ratio; strata - 1 degrees of freedom",
        "rows are independent; strata are few and large", "fewer than two strata tell, or the common odds ratio is 0, infinite or undefined",
        [BRESLOW_DAY_1980], Compute::Named;
    /// The Breslow-Day statistic, corrected because the Mantel-Haenszel odds ratio is not the likeliest one.
    ///
    /// Mostly very near the uncorrected one, and right in theory where that is not.
    TARONE = "tarone", "Breslow-Day test with Tarone's adjustment", ["breslow-day-tarone"], Test,
        "sum (x_a - A)^2 / V - (sum (x_a - A))^2 / sum V; strata - 1 degrees of freedom",
        "rows are independent; strata are few and large", "fewer than two strata tell, or the common odds ratio is 0, infinite or undefined",
        [TARONE_1985], Compute::Named;
    /// One odds ratio for all strata, weighted so that small strata do no harm.
    ///
    /// Its interval (Robins, Breslow & Greenland) holds for many small strata as well as for few large ones.
    MANTEL_HAENSZEL_ODDS_RATIO = "mantel-haenszel-odds-ratio", "Mantel-Haenszel common odds ratio", ["mh-or", "common-odds-ratio"], Test,
        "sum ad/N / sum bc/N; exp(ln OR +- z sqrt(sum PR/2(sum R)^2 + sum (PS + QR)/(2 sum R sum S) + sum QS/2(sum S)^2)), R = ad/N, S = bc/N, P = (a + d)/N, Q = (b + c)/N",
        "rows are independent within strata; the odds ratio is alike in all strata",
        "no stratum has a product bc (or, for the interval, ad) above 0",
        [MANTEL_HAENSZEL_1959, ROBINS_1986], Compute::Named;
    /// One ratio of rates for all strata, weighted so that small strata do no harm.
    ///
    /// Its interval (Greenland & Robins) holds for many small strata as well as for few large ones.
    MANTEL_HAENSZEL_RISK_RATIO = "mantel-haenszel-risk-ratio", "Mantel-Haenszel common ratio of rates", ["mh-rr", "common-risk-ratio"], Test,
        "R/S with R = sum x_a n_b/N, S = sum x_b n_a/N; exp(ln(R/S) +- z sqrt(sum (n_a n_b K - x_a x_b N)/N^2 / (R S)))",
        "rows are independent within strata; the ratio of rates is alike in all strata",
        "no stratum with both groups has a success in b (or, for the interval, in a)",
        [MANTEL_HAENSZEL_1959, GREENLAND_ROBINS_1985], Compute::Named;
    /// Every common difference that the stratified score test does not reject.
    ///
    /// Strata are weighted by n_a n_b / N (Mantel-Haenszel); in each the variance is at the likeliest rates with that
    /// difference. With one stratum it is the Miettinen-Nurminen interval.
    STRATIFIED_SCORE_DIFFERENCE = "stratified-score-difference", "stratified Miettinen-Nurminen score, common difference",
        ["stratified-miettinen-nurminen-difference"], Test,
        "sum w(p_a - p_b - d) / sqrt(sum w^2 V(d)) = +-z, w = n_a n_b/N, V(d) the variance at the likeliest rates times N/(N - 1)",
        "rows are independent within strata; the difference is alike in all strata", "no stratum has both groups",
        [MIETTINEN_NURMINEN_1985], Compute::Named;
    /// Every common ratio that the stratified score test does not reject.
    ///
    /// Strata are weighted by n_a n_b / N (Mantel-Haenszel); in each the variance is at the likeliest rates with that
    /// ratio. With one stratum it is the Miettinen-Nurminen interval.
    STRATIFIED_SCORE_RATIO = "stratified-score-ratio", "stratified Miettinen-Nurminen score, common ratio",
        ["stratified-miettinen-nurminen-ratio"], Test,
        "sum w(p_a - f p_b) / sqrt(sum w^2 V(f)) = +-z, w = n_a n_b/N, V(f) the variance at the likeliest rates times N/(N - 1)",
        "rows are independent within strata; the ratio of rates is alike in all strata", "no stratum has both groups",
        [MIETTINEN_NURMINEN_1985], Compute::Named;
    /// How much of a difference of rates comes from who is in which stratum, and how much from different rates within
    /// strata.
    ///
    /// An account that adds up, no cause: a stratum may itself be the fruit of discrimination.
    KITAGAWA = "kitagawa", "Kitagawa decomposition", ["composition-and-rate"], Test,
        "p_a - p_b = sum (s_a - s_b)(r_a + r_b)/2 + sum (r_a - r_b)(s_a + s_b)/2, s the share and r the rate of a stratum",
        "none: it is arithmetic", "a stratum has rows of one group only", [KITAGAWA_1955], Compute::Named;

    /// P-values made larger, so that the chance of one false rejection in the whole family is at most alpha.
    ///
    /// Holds whatever the dependence, and rejects all that Bonferroni's does.
    HOLM = "holm", "Holm's adjustment", ["holm-bonferroni"], Test,
        "adjusted p_(i) = max over j <= i of min(1, (m - j + 1) p_(j)), p sorted upwards",
        "none about dependence; the family is fixed beforehand", "never", [HOLM_1979], Compute::Named;
    /// P-values made larger, so that at most a share alpha of the rejections is false on average.
    ///
    /// For finding what to look into, not for a verdict: one of the rejections may well be false.
    BENJAMINI_HOCHBERG = "benjamini-hochberg", "Benjamini-Hochberg adjustment", ["bh", "fdr-bh"], Test,
        "adjusted p_(i) = min over j >= i of min(1, m p_(j)/j), p sorted upwards",
        "p-values are independent or positively dependent", "never", [BENJAMINI_HOCHBERG_1995], Compute::Named;
    /// Benjamini-Hochberg for any dependence between the p-values.
    ///
    /// Needed where the same reference is in every comparison and nothing is known of the dependence. Rejects much less.
    BENJAMINI_YEKUTIELI = "benjamini-yekutieli", "Benjamini-Yekutieli adjustment", ["by", "fdr-by"], Test,
        "adjusted p_(i) = min over j >= i of min(1, (1 + 1/2 + ... + 1/m) m p_(j)/j), p sorted upwards",
        "none about dependence", "never", [BENJAMINI_YEKUTIELI_2001], Compute::Named;
    /// Intervals that all hold at once, from the largest deviation among them when the data are drawn anew.
    ///
    /// Cells are drawn from a multinomial law with a fixed seed. It uses how the comparisons depend on each other, so
    /// that it is narrower than Bonferroni's; the same data and seed give the same numbers.
    MAX_T = "max-t", "max-T simultaneous intervals", ["westfall-young", "simultaneous"], Test,
        "estimate_i +- c se_i, c the 1 - alpha quantile of max_i |estimate*_i - estimate_i| / se*_i over the draws",
        "rows are independent; the estimates are near normal", "an estimate has no standard error",
        [WESTFALL_YOUNG_1993], Compute::Named;
    /// Each group's rate drawn towards the rate of all, the more the fewer rows it has.
    ///
    /// How far is estimated from the spread between the groups. Steadier for ranking small groups; a small group that
    /// truly differs is drawn in as well, so no verdict rests on it.
    PARTIAL_POOLING = "partial-pooling", "partial pooling (beta-binomial empirical Bayes)", ["empirical-bayes", "shrinkage"], Test,
        "(x + alpha)/(n + alpha + beta), Beta(alpha, beta) fitted to all groups' counts",
        "the groups' rates are like draws from one beta law", "there are fewer than three groups with rows",
        [EFRON_MORRIS_1975, CASELLA_1985], Compute::Named;
    /// Evidence against a bound that may be looked at as often as one likes.
    ///
    /// Wealth in a fair game if the bound holds: by Ville's inequality it ever reaches 1/alpha with chance at most alpha.
    /// At any one time it is weaker than a test made once.
    E_PROCESS = "e-process", "e-process against a bound", ["betting", "anytime-valid", "test-martingale"], Test,
        "W_t = product of (1 + lambda_i g_i), g_i a payoff of mean at most 0 under the bound, lambda_i fixed before i is seen; reject when W_t >= 1/alpha",
        "each period's payoff has mean at most 0 given the past when the bound holds", "a period lacks one of the groups",
        [WAUDBY_SMITH_RAMDAS_2024, CHUGG_2023], Compute::Named;
    /// How many standard errors apart two means are, each group with its own variance.
    ///
    /// Student's t with Satterthwaite's degrees of freedom. Its estimate is the mean gap.
    WELCH_T = "welch-t", "Welch's t test", ["welch", "t-test", "satterthwaite"], Test,
        "(mean_a - mean_b) / sqrt(s_a^2/n_a + s_b^2/n_b)",
        "rows are independent; groups are large, or amounts near normal", "a group has fewer than two amounts, or all are the same",
        [WELCH_1947], Compute::Named;
    /// The same where rows belong together: the standard error comes from leaving out one bucket of them at a time.
    ///
    /// Student's t with one degree of freedom less than the group with fewer buckets has of them.
    JACKKNIFE_T = "jackknife-t", "t test over buckets", ["clustered-t"], Test,
        "(mean_a - mean_b) / se, se^2 = (B - 1)/B sum (d_(i) - mean of d_(i))^2, d_(i) the gap without bucket i",
        "what rows belong to is independent; a group has rows in 20 buckets or more", "a group has rows in fewer than 20 buckets",
        [EFRON_STEIN_1981], Compute::Named;
    /// Whether two groups' amounts come from one distribution, by the largest difference of their shares below an amount.
    ///
    /// Exact up to four million pairs of rows, beyond it the limit. Ties make it reject too seldom.
    KOLMOGOROV_SMIRNOV_TEST = "kolmogorov-smirnov-test", "Kolmogorov-Smirnov test", ["ks-test", "smirnov-test"], Test,
        "P(max |F_a - F_b| >= d) over all orders of the rows", "rows are independent; no ties",
        "a group has no amount", [SMIRNOV_1939, HODGES_1958], Compute::Named;
    /// The share of all ways of dealing the rows to groups of these sizes whose means are as far apart.
    ///
    /// Every way is tried, up to a million; with more rows Welch's t answers the same question. Never 0: what was seen is one.
    PERMUTATION_OF_MEANS = "permutation-of-means", "permutation test of means", ["permutation-test", "randomization-test"], Test,
        "ways with |mean_a - mean_b| at least what was seen / all ways", "rows are exchangeable between the groups",
        "there are more than a million ways, or too many different amounts to keep them all",
        [FISHER_1935, PITMAN_1937, PHIPSON_SMYTH_2010], Compute::Named;
    /// Whether a group has too few places somewhere at the top of one list, given the catalogue that the list was drawn from.
    ///
    /// The statistic is the smallest p-value of all prefixes, each hypergeometric; the p-value, one-sided, is the exact
    /// chance that a fair list has one that small anywhere, the last place included. It needs no correction. One list
    /// only: lists of one system depend on each other, so that their p-values cannot be combined.
    FINITE_PREFIXES = "finite-prefixes", "prefix test of a finite catalogue", ["hyperfair", "hypergeometric-prefixes"], Test,
        "p = P(min over k of P(X_k <= count) <= the observed one), X_k hypergeometric",
        "a fair list is drawn from the catalogue without regard to the group", "the list has items that the catalogue lacks",
        [ZEHLIKE_2017], Compute::Named;
    /// Whether a group has too few places somewhere at the top of one list, against a stated share.
    ///
    /// The same with each place drawn anew with that share. The p-value is at most alpha exactly where FA*IR's table fails,
    /// at the largest level whose exact chance of failing anywhere is within alpha.
    FAIR_PREFIXES = "fair-prefixes", "prefix test against a share (FA*IR)", ["fa-ir", "fair-star"], Test,
        "p = P(min over k of P(X_k <= count) <= the observed one), X_k binomial",
        "each place of a fair list is the group's with the stated chance", "the share is 0 or 1",
        [ZEHLIKE_2017], Compute::Named;
    /// How often a group would get attention as far from the mean, were other items of the same category its own.
    ///
    /// The p-value is two-sided, the statistic the share of arrangements with as little or less. All arrangements where
    /// there are at most 100,000; else drawn ones, with the observed one among them. It says whether the group matters
    /// beside the category, for these items in one list.
    RELABELLING = "relabelling", "permutation of labels within category", ["label-permutation"], Test,
        "p = (1 + arrangements as far) / (draws + 1), or as far / all",
        "items of a category are exchangeable but for the group", "there is only one arrangement",
        [FISHER_1935, PHIPSON_SMYTH_2010], Compute::Named;
    /// Whether two models' rates on the same rows differ: of the rows that only one of them counts, who counts how many.
    ///
    /// All other rows say nothing of it. The exact two-sided p-value less the chance of what was seen: near its level on
    /// average, where the exact test is far below. The interval is Tango's, of the difference of the two rates.
    MCNEMAR_MID_P = "mcnemar-mid-p", "McNemar's mid-p test", ["mcnemar", "paired-proportions"], Test,
        "2 P(X <= min(b, c)) - P(X = min(b, c)), X binomial(b + c, 1/2); 1 - P(X = b) where b = c",
        "rows are independent of each other, and each was decided by both models", "the group has no rows that both decided",
        [MCNEMAR_1947, TANGO_1998, FAGERLAND_LYDERSEN_2013], Compute::Named;
    /// Whether two models' rates differ, where the rates are shares of other rows or rows go together.
    ///
    /// Two models select different people, so that a share of the selected is no share of the same rows; which rows are in
    /// both still counts. Where rows repeat, the standard error comes from leaving out one bucket of them at a time.
    PAIRED_Z = "paired-z", "paired z test", ["paired-predictive-values"], Test,
        "(p_now - p_before) / se, se^2 = sum (u_now - u_before)^2, u = (success - p) / trials of each row",
        "rows, or what they belong to, are independent; many rows are counted by one model alone",
        "a rate has no denominator by one of the models, or rows come from fewer than 20 buckets",
        [SARNDAL_1992, EFRON_STEIN_1981], Compute::Named;
    /// Whether a disparity is greater by one model than by another on the same rows, by more than a tolerance.
    ///
    /// The estimate is by how much it has grown: what a ratio lost, or a difference gained. The interval has a lower end only,
    /// made of the intervals of both disparities and of how closely these go together; the p-value is one-sided, where that
    /// end meets the tolerance. On the same rows it sees far smaller changes than two separate audits can.
    PAIRED_DISPARITY = "paired-disparity", "paired test of a disparity", ["paired-change"], Test,
        "L = W - sqrt(l_before^2 + u_now^2 - 2 r l_before u_now), W the worsening, l and u the reaches of both intervals, r the correlation",
        "rows are independent of each other, or of other units; groups are different people",
        "by one of the models a disparity is undefined", [ZOU_2007, NEWCOMBE_1998C], Compute::Named;
}
