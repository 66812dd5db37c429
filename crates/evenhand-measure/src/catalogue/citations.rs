//! This module is the bibliography: what a definition or a default is taken from.

/// A source.
#[derive(Debug, PartialEq, Eq)]
pub struct Citation {
    /// A short key such as `Hardt 2016`.
    pub key: &'static str,
    /// Authors, title, where and when, with the section that is meant.
    pub text: &'static str,
}

macro_rules! citations {
    ($($name:ident: $key:literal, $text:literal;)*) => {
        $(#[doc = $text] pub static $name: Citation = Citation { key: $key, text: $text };)*
    };
}

citations! {
    UGESP_1978: "UGESP 1978", "Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4(D) (1978), the four-fifths rule of thumb.";
    FELDMAN_2015: "Feldman 2015", "Feldman, Friedler, Moeller, Scheidegger, Venkatasubramanian: Certifying and removing disparate impact. KDD 2015, definition 1.1.";
    DWORK_2012: "Dwork 2012", "Dwork, Hardt, Pitassi, Reingold, Zemel: Fairness through awareness. ITCS 2012, section 3.";
    HARDT_2016: "Hardt 2016", "Hardt, Price, Srebro: Equality of opportunity in supervised learning. NeurIPS 2016, definitions 2.1 and 2.2.";
    CHOULDECHOVA_2017: "Chouldechova 2017", "Chouldechova: Fair prediction with disparate impact. Big Data 5(2), 2017, section 2.1.";
    CORBETT_DAVIES_2017: "Corbett-Davies 2017", "Corbett-Davies, Pierson, Feller, Goel, Huq: Algorithmic decision making and the cost of fairness. KDD 2017, section 2.1.";
    BERK_2018: "Berk 2018", "Berk, Heidari, Jabbari, Kearns, Roth: Fairness in criminal justice risk assessments. Sociological Methods & Research 50(1), 2018, section on definitions.";
    KAMIRAN_2013: "Kamiran 2013", "Kamiran, Zliobaite, Calders: Quantifying explainable discrimination. Knowledge and Information Systems 35, 2013, section 3.";
    VERMA_2018: "Verma 2018", "Verma, Rubin: Fairness definitions explained. FairWare 2018, section 3.";
    FAWCETT_2006: "Fawcett 2006", "Fawcett: An introduction to ROC analysis. Pattern Recognition Letters 27, 2006, figure 1.";
    POWERS_2011: "Powers 2011", "Powers: Evaluation: from precision, recall and F-measure to ROC, informedness, markedness and correlation. 2011, section 2.";
    MATTHEWS_1975: "Matthews 1975", "Matthews: Comparison of the predicted and observed secondary structure of T4 phage lysozyme. Biochimica et Biophysica Acta 405, 1975.";
    COHEN_1960: "Cohen 1960", "Cohen: A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20, 1960.";
    VAN_RIJSBERGEN_1979: "van Rijsbergen 1979", "van Rijsbergen: Information Retrieval, 2nd edition. 1979, chapter 7.";
    FOWLKES_1983: "Fowlkes 1983", "Fowlkes, Mallows: A method for comparing two hierarchical clusterings. JASA 78, 1983.";
    GLAS_2003: "Glas 2003", "Glas, Lijmer, Prins, Bonsel, Bossuyt: The diagnostic odds ratio. Journal of Clinical Epidemiology 56, 2003.";
    SCHAEFER_1990: "Schaefer 1990", "Schaefer: The critical success index as an indicator of warning skill. Weather and Forecasting 5, 1990.";
    KLEINBERG_2017: "Kleinberg 2017", "Kleinberg, Mullainathan, Raghavan: Inherent trade-offs in the fair determination of risk scores. ITCS 2017, theorem 1.1.";
    WILSON_1927: "Wilson 1927", "Wilson: Probable inference, the law of succession, and statistical inference. JASA 22, 1927.";
    CLOPPER_PEARSON_1934: "Clopper 1934", "Clopper, Pearson: The use of confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26, 1934.";
    LANCASTER_1961: "Lancaster 1961", "Lancaster: Significance tests in discrete distributions. JASA 56, 1961.";
    BERRY_ARMITAGE_1995: "Berry 1995", "Berry, Armitage: Mid-P confidence intervals: a brief review. The Statistician 44, 1995.";
    BROWN_2001: "Brown 2001", "Brown, Cai, DasGupta: Interval estimation for a binomial proportion. Statistical Science 16, 2001, section 4.1.2.";
    NEWCOMBE_1998A: "Newcombe 1998a", "Newcombe: Two-sided confidence intervals for the single proportion: comparison of seven methods. Statistics in Medicine 17, 1998, table I.";
    NEWCOMBE_1998B: "Newcombe 1998b", "Newcombe: Interval estimation for the difference between independent proportions: comparison of eleven methods. Statistics in Medicine 17, 1998, table II.";
    MIETTINEN_NURMINEN_1985: "Miettinen 1985", "Miettinen, Nurminen: Comparative analysis of two rates. Statistics in Medicine 4, 1985, with its appendix.";
    MEE_1984: "Mee 1984", "Mee: Confidence bounds for the difference between two probabilities. Biometrics 40, 1984.";
    AGRESTI_CAFFO_2000: "Agresti 2000", "Agresti, Caffo: Simple and effective confidence intervals for proportions and differences of proportions result from adding two successes and two failures. The American Statistician 54, 2000.";
    ZOU_DONNER_2008: "Zou 2008", "Zou, Donner: Construction of confidence limits about effect measures: a general approach. Statistics in Medicine 27, 2008.";
    DONNER_ZOU_2012: "Donner 2012", "Donner, Zou: Closed-form confidence intervals for functions of the normal mean and standard deviation. Statistical Methods in Medical Research 21, 2012.";
    FAGERLAND_NEWCOMBE_2013: "Fagerland 2013", "Fagerland, Newcombe: Confidence intervals for odds ratio and relative risk based on the inverse hyperbolic sine transformation. Statistics in Medicine 32, 2013.";
    KOOPMAN_1984: "Koopman 1984", "Koopman: Confidence intervals for the ratio of two binomial proportions. Biometrics 40, 1984.";
    KATZ_1978: "Katz 1978", "Katz, Baptista, Azen, Pike: Obtaining confidence intervals for the risk ratio in cohort studies. Biometrics 34, 1978.";
    WOOLF_1955: "Woolf 1955", "Woolf: On estimating the relation between blood group and disease. Annals of Human Genetics 19, 1955.";
    CORNFIELD_1956: "Cornfield 1956", "Cornfield: A statistical problem arising from retrospective studies. Third Berkeley Symposium on Mathematical Statistics and Probability 4, 1956.";
    PEARSON_1900: "Pearson 1900", "Pearson: On the criterion that a given system of deviations from the probable in the case of a correlated system of variables is such that it can be reasonably supposed to have arisen from random sampling. Philosophical Magazine 50, 1900.";
    WALD_1943: "Wald 1943", "Wald: Tests of statistical hypotheses concerning several parameters when the number of observations is large. Transactions of the American Mathematical Society 54, 1943.";
    CAMPBELL_2007: "Campbell 2007", "Campbell: Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample recommendations. Statistics in Medicine 26, 2007.";
    YATES_1934: "Yates 1934", "Yates: Contingency tables involving small numbers and the chi-square test. Supplement to the Journal of the Royal Statistical Society 1, 1934.";
    WOOLF_1957: "Woolf 1957", "Woolf: The log likelihood ratio test (the G-test). Annals of Human Genetics 21, 1957.";
    FISHER_1935: "Fisher 1935", "Fisher: The logic of inductive inference. Journal of the Royal Statistical Society 98, 1935.";
    HIRJI_2006: "Hirji 2006", "Hirji: Exact Analysis of Discrete Data. 2006, chapters 2 and 7.";
    BARNARD_1947: "Barnard 1947", "Barnard: Significance tests for 2x2 tables. Biometrika 34, 1947.";
    BOSCHLOO_1970: "Boschloo 1970", "Boschloo: Raised conditional level of significance for the 2x2 table when testing the equality of two probabilities. Statistica Neerlandica 24, 1970.";
    COCHRAN_1954: "Cochran 1954", "Cochran: Some methods for strengthening the common chi-square tests. Biometrics 10, 1954.";
    MANTEL_HAENSZEL_1959: "Mantel 1959", "Mantel, Haenszel: Statistical aspects of the analysis of data from retrospective studies of disease. Journal of the National Cancer Institute 22, 1959.";
    BRESLOW_DAY_1980: "Breslow 1980", "Breslow, Day: Statistical Methods in Cancer Research I: The Analysis of Case-Control Studies. 1980, section 4.4.";
    TARONE_1985: "Tarone 1985", "Tarone: On heterogeneity tests based on efficient scores. Biometrika 72, 1985.";
    ROBINS_1986: "Robins 1986", "Robins, Breslow, Greenland: Estimators of the Mantel-Haenszel variance consistent in both sparse data and large-strata limiting models. Biometrics 42, 1986.";
    GREENLAND_ROBINS_1985: "Greenland 1985", "Greenland, Robins: Estimation of a common effect parameter from sparse follow-up data. Biometrics 41, 1985.";
    KITAGAWA_1955: "Kitagawa 1955", "Kitagawa: Components of a difference between two rates. JASA 50, 1955.";
    HOLM_1979: "Holm 1979", "Holm: A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6, 1979.";
    BENJAMINI_HOCHBERG_1995: "Benjamini 1995", "Benjamini, Hochberg: Controlling the false discovery rate: a practical and powerful approach to multiple testing. JRSS B 57, 1995.";
    BENJAMINI_YEKUTIELI_2001: "Benjamini 2001", "Benjamini, Yekutieli: The control of the false discovery rate in multiple testing under dependency. Annals of Statistics 29, 2001, theorem 1.3.";
    WESTFALL_YOUNG_1993: "Westfall 1993", "Westfall, Young: Resampling-Based Multiple Testing. 1993, chapter 2.";
    EFRON_MORRIS_1975: "Efron 1975", "Efron, Morris: Data analysis using Stein's estimator and its generalizations. JASA 70, 1975.";
    CASELLA_1985: "Casella 1985", "Casella: An introduction to empirical Bayes data analysis. The American Statistician 39, 1985.";
    WAUDBY_SMITH_RAMDAS_2024: "Waudby-Smith 2024", "Waudby-Smith, Ramdas: Estimating means of bounded random variables by betting. JRSS B 86, 2024.";
    CHUGG_2023: "Chugg 2023", "Chugg, Cortes-Gomez, Wilder, Ramdas: Auditing fairness by betting. NeurIPS 2023.";
    JARVELIN_2002: "Järvelin 2002", "Järvelin, Kekäläinen: Cumulated gain-based evaluation of IR techniques. ACM Transactions on Information Systems 20, 2002.";
    VOORHEES_1999: "Voorhees 1999", "Voorhees: The TREC-8 question answering track report. TREC 1999.";
    HERLOCKER_2004: "Herlocker 2004", "Herlocker, Konstan, Terveen, Riedl: Evaluating collaborative filtering recommender systems. ACM Transactions on Information Systems 22, 2004.";
    EKSTRAND_2018: "Ekstrand 2018", "Ekstrand, Tian, Azpiazu, Ekstrand, Anuyah, McNeill, Pera: All the cool kids, how do they fit in? Popularity and demographic biases in recommender evaluation and effectiveness. FAT* 2018.";
    DELDJOO_2021: "Deldjoo 2021", "Deldjoo, Anelli, Zamani, Bellogín, Di Noia: A flexible framework for evaluating user and item fairness in recommender systems. User Modeling and User-Adapted Interaction 31, 2021.";
    STECK_2018: "Steck 2018", "Steck: Calibrated recommendations. RecSys 2018.";
    HILL_1973: "Hill 1973", "Hill: Diversity and evenness: a unifying notation and its consequences. Ecology 54, 1973.";
    NGUYEN_2014: "Nguyen 2014", "Nguyen, Hui, Harper, Terveen, Konstan: Exploring the filter bubble: the effect of using recommender systems on content diversity. WWW 2014.";
    ABDOLLAHPOURI_2019: "Abdollahpouri 2019", "Abdollahpouri, Mansoury, Burke, Mobasher: The unfairness of popularity bias in recommendation. RMSE workshop at RecSys 2019.";
    TSINTZOU_2018: "Tsintzou 2018", "Tsintzou, Pitoura, Tsaparas: Bias disparity in recommendation systems. arXiv 1811.01461, 2018.";
    BURKE_2017: "Burke 2017", "Burke: Multisided fairness for recommendation. FATML 2017.";
    SINGH_JOACHIMS_2018: "Singh 2018", "Singh, Joachims: Fairness of exposure in rankings. KDD 2018, sections 3 and 4.";
    BIEGA_2018: "Biega 2018", "Biega, Gummadi, Weikum: Equity of attention: amortizing individual fairness in rankings. SIGIR 2018, section 3.";
    SAPIEZYNSKI_2019: "Sapiezynski 2019", "Sapiezynski, Zeng, Robertson, Mislove, Wilson: Quantifying the impact of user attention on fair group representation in ranked lists. WWW Companion 2019, section 3.";
    GEYIK_2019: "Geyik 2019", "Geyik, Ambler, Kenthapadi: Fairness-aware ranking in search and recommendation systems with application to LinkedIn talent search. KDD 2019, section 3.";
    ZEHLIKE_2017: "Zehlike 2017", "Zehlike, Bonchi, Castillo, Hajian, Megahed, Baeza-Yates: FA*IR: a fair top-k ranking algorithm. CIKM 2017, section 3.";
    BEUTEL_2019: "Beutel 2019", "Beutel, Chen, Doshi, Qian, Wei, Wu, Heldt, Zhao, Hong, Chi, Goodrow: Fairness in recommendation ranking through pairwise comparisons. KDD 2019, section 4.";
    ZHU_2020: "Zhu 2020", "Zhu, Wang, Caverlee: Measuring and mitigating item under-recommendation bias in personalized ranking systems. SIGIR 2020, section 3.";
    ABDOLLAHPOURI_2017: "Abdollahpouri 2017", "Abdollahpouri, Burke, Mobasher: Controlling popularity bias in learning-to-rank recommendation. RecSys 2017, section 3.";
    GINI_1912: "Gini 1912", "Gini: Variabilita e mutabilita. 1912; as the mean difference over twice the mean.";
    SHANNON_1948: "Shannon 1948", "Shannon: A mathematical theory of communication. Bell System Technical Journal 27, 1948, section 6.";
    HERFINDAHL_1950: "Herfindahl 1950", "Herfindahl: Concentration in the steel industry. Dissertation, Columbia University, 1950.";
    PHIPSON_SMYTH_2010: "Phipson 2010", "Phipson, Smyth: Permutation p-values should never be zero. Statistical Applications in Genetics and Molecular Biology 9, 2010.";
    MANN_WHITNEY_1947: "Mann 1947", "Mann, Whitney: On a test of whether one of two random variables is stochastically larger than the other. Annals of Mathematical Statistics 18, 1947.";
    DELONG_1988: "DeLong 1988", "DeLong, DeLong, Clarke-Pearson: Comparing the areas under two or more correlated receiver operating characteristic curves: a nonparametric approach. Biometrics 44, 1988.";
    KALLUS_ZHOU_2019: "Kallus 2019", "Kallus, Zhou: The fairness of risk scores beyond classification: bipartite ranking and the xAUC metric. NeurIPS 2019, definition 2.";
    GARDNER_2019: "Gardner 2019", "Gardner, Brooks, Baker: Evaluating the fairness of predictive student models through slicing analysis. LAK 2019, section 4.";
    BRIER_1950: "Brier 1950", "Brier: Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1950.";
    MURPHY_1973: "Murphy 1973", "Murphy: A new vector partition of the probability score. Journal of Applied Meteorology 12, 1973.";
    STEPHENSON_2008: "Stephenson 2008", "Stephenson, Coelho, Jolliffe: Two extra components in the Brier score decomposition. Weather and Forecasting 23, 2008.";
    GOOD_1952: "Good 1952", "Good: Rational decisions. JRSS B 14, 1952, section 8.";
    COX_1958: "Cox 1958", "Cox: Two further applications of a model for binary regression. Biometrika 45, 1958.";
    VAN_CALSTER_2019: "Van Calster 2019", "Van Calster, McLernon, van Smeden, Wynants, Steyerberg: Calibration: the Achilles heel of predictive analytics. BMC Medicine 17, 2019.";
    NAEINI_2015: "Naeini 2015", "Naeini, Cooper, Hauskrecht: Obtaining well calibrated probabilities using Bayesian binning. AAAI 2015, section on measures.";
    HEDGES_OLKIN_1985: "Hedges 1985", "Hedges, Olkin: Statistical Methods for Meta-Analysis. 1985, chapter 5.";
    SMIRNOV_1939: "Smirnov 1939", "Smirnov: On the estimation of the discrepancy between empirical curves of distribution for two independent samples. Bulletin of Moscow University 2, 1939.";
    VALLENDER_1974: "Vallender 1974", "Vallender: Calculation of the Wasserstein distance between probability distributions on the line. Theory of Probability and its Applications 18, 1974.";
    NYC_2023: "NYC 2023", "Rules of the City of New York, title 6, sections 5-300 to 5-304: automated employment decision tools. 2023, section 5-301 (scoring rate, impact ratio).";
    WELCH_1947: "Welch 1947", "Welch: The generalization of Student's problem when several different population variances are involved. Biometrika 34, 1947.";
    HEDGES_1981: "Hedges 1981", "Hedges: Distribution theory for Glass's estimator of effect size and related estimators. Journal of Educational Statistics 6, 1981.";
    COHEN_1988: "Cohen 1988", "Cohen: Statistical Power Analysis for the Behavioral Sciences, 2nd edition. 1988, section 2.2, where 0.2 is a small difference.";
    HODGES_1958: "Hodges 1958", "Hodges: The significance probability of the Smirnov two-sample test. Arkiv foer Matematik 3, 1958.";
    VASERSHTEIN_1969: "Vasershtein 1969", "Vasershtein: Markov processes over denumerable products of spaces, describing large systems of automata. Problems of Information Transmission 5(3), 1969.";
    HYNDMAN_FAN_1996: "Hyndman 1996", "Hyndman, Fan: Sample quantiles in statistical packages. The American Statistician 50, 1996, definition 7.";
    WOODRUFF_1952: "Woodruff 1952", "Woodruff: Confidence intervals for medians and other position measures. JASA 47, 1952.";
    FRANCISCO_FULLER_1991: "Francisco 1991", "Francisco, Fuller: Quantile estimation with a complex survey design. Annals of Statistics 19, 1991.";
    PITMAN_1937: "Pitman 1937", "Pitman: Significance tests which may be applied to samples from any populations. Supplement to the Journal of the Royal Statistical Society 4, 1937.";
    WILLMOTT_2005: "Willmott 2005", "Willmott, Matsuura: Advantages of the mean absolute error (MAE) over the root mean square error (RMSE) in assessing average model performance. Climate Research 30, 2005.";
    EFRON_STEIN_1981: "Efron 1981", "Efron, Stein: The jackknife estimate of variance. Annals of Statistics 9, 1981.";
    MACKINNON_WHITE_1985: "MacKinnon 1985", "MacKinnon, White: Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of Econometrics 29, 1985, estimator HC3.";
    LONG_ERVIN_2000: "Long 2000", "Long, Ervin: Using heteroscedasticity consistent standard errors in the linear regression model. The American Statistician 54, 2000.";
    LIANG_ZEGER_1986: "Liang 1986", "Liang, Zeger: Longitudinal data analysis using generalized linear models. Biometrika 73, 1986.";
    CAMERON_MILLER_2015: "Cameron 2015", "Cameron, Miller: A practitioner's guide to cluster-robust inference. Journal of Human Resources 50, 2015, sections II and VI.";
    JANN_2008: "Jann 2008", "Jann: The Blinder-Oaxaca decomposition for linear regression models. The Stata Journal 8, 2008, section 2.";
    OAXACA_1973: "Oaxaca 1973", "Oaxaca: Male-female wage differentials in urban labor markets. International Economic Review 14, 1973.";
    BLINDER_1973: "Blinder 1973", "Blinder: Wage discrimination: reduced form and structural estimates. Journal of Human Resources 8, 1973.";
    WINSBOROUGH_DICKINSON_1971: "Winsborough 1971", "Winsborough, Dickinson: Components of negro-white income differences. Proceedings of the Social Statistics Section, ASA 1971.";
    ANGRIST_PISCHKE_2009: "Angrist 2009", "Angrist, Pischke: Mostly Harmless Econometrics. 2009, section 3.2.3 on bad controls.";
    MCNEMAR_1947: "McNemar 1947", "McNemar: Note on the sampling error of the difference between correlated proportions or percentages. Psychometrika 12, 1947.";
    TANGO_1998: "Tango 1998", "Tango: Equivalence test and confidence interval for the difference in proportions for the paired-sample design. Statistics in Medicine 17, 1998.";
    FAGERLAND_LYDERSEN_2013: "Fagerland 2013b", "Fagerland, Lydersen, Laake: The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact conditional. BMC Medical Research Methodology 13, 2013.";
    SARNDAL_1992: "Saerndal 1992", "Saerndal, Swensson, Wretman: Model Assisted Survey Sampling. 1992, section 5.5.";
    ZOU_2007: "Zou 2007", "Zou: Toward using confidence intervals to compare correlations. Psychological Methods 12, 2007.";
    NEWCOMBE_1998C: "Newcombe 1998c", "Newcombe: Improved confidence intervals for the difference between binomial proportions based on paired data. Statistics in Medicine 17, 1998, method 8.";
}
