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
    MACKINNON_WHITE_1985: "MacKinnon 1985", "MacKinnon, White: Some heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal of Econometrics 29, 1985, estimator HC3.";
    LONG_ERVIN_2000: "Long 2000", "Long, Ervin: Using heteroscedasticity consistent standard errors in the linear regression model. The American Statistician 54, 2000.";
    LIANG_ZEGER_1986: "Liang 1986", "Liang, Zeger: Longitudinal data analysis using generalized linear models. Biometrika 73, 1986.";
    CAMERON_MILLER_2015: "Cameron 2015", "Cameron, Miller: A practitioner's guide to cluster-robust inference. Journal of Human Resources 50, 2015, sections II and VI.";
    JANN_2008: "Jann 2008", "Jann: The Blinder-Oaxaca decomposition for linear regression models. The Stata Journal 8, 2008, section 2.";
    OAXACA_1973: "Oaxaca 1973", "Oaxaca: Male-female wage differentials in urban labor markets. International Economic Review 14, 1973.";
    BLINDER_1973: "Blinder 1973", "Blinder: Wage discrimination: reduced form and structural estimates. Journal of Human Resources 8, 1973.";
    WINSBOROUGH_DICKINSON_1971: "Winsborough 1971", "Winsborough, Dickinson: Components of negro-white income differences. Proceedings of the Social Statistics Section, ASA 1971.";
    ANGRIST_PISCHKE_2009: "Angrist 2009", "Angrist, Pischke: Mostly Harmless Econometrics. 2009, section 3.2.3 on bad controls.";
}
