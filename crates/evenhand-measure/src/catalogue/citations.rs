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
}
