//! What is said of amounts and their controls beside the verdict.
//!
//! In the formulas y is the amount, or its logarithm where amounts are compared by ratios, x the controls of a row, and a
//! bar a mean in group a or in the reference r.

use super::{Compute, Method, MethodOf, define_methods};
use crate::catalogue::citations::{
    ANGRIST_PISCHKE_2009, BLINDER_1973, CAMERON_MILLER_2015, JANN_2008, KITAGAWA_1955, LIANG_ZEGER_1986,
    LONG_ERVIN_2000, MACKINNON_WHITE_1985, OAXACA_1973, WINSBOROUGH_DICKINSON_1971,
};

define_methods! {
    /// What is said of amounts and their controls, in the order in which it is listed everywhere.
    CONTROLS;

    /// By how much the amount changes with one unit more of a control, or with a word instead of the most frequent one.
    ///
    /// In the unit of what is explained: where logarithms are, 0.01 is about one per cent. A control that is a logarithm itself
    /// has an elasticity: the slope of ln(amount) on ln(income) says by how many per cent the amount changes with one per
    /// cent of income. The errors are HC3, or clustered where units repeat.
    REGRESSION_COEFFICIENT = "regression-coefficient", "regression coefficient", ["ols", "slope"], Test,
        "b = (X'X)^-1 X'y, X the constant, the controls and the groups; b / se is Student's t",
        "the amount depends on the controls in a straight line; rows, or the units that they are of, are independent",
        "other columns give the control, or its rows show no error",
        [MACKINNON_WHITE_1985, LONG_ERVIN_2000, LIANG_ZEGER_1986, CAMERON_MILLER_2015], Compute::Named;
    /// The adjusted gap with the errors that would hold if all rows had the same variance and were independent.
    ///
    /// Given because other software prints it. It is never judged: prices vary more in some groups than in others.
    ADJUSTED_GAP_CLASSIC = "adjusted-gap-classic", "adjusted gap with classic errors", [], Test,
        "se^2 = sum e^2 / (n - k) (X'X)^-1", "all rows have the same variance and are independent",
        "the equation gives every amount exactly", [LONG_ERVIN_2000], Compute::Named;
    /// What of a gap the controls explain, at the coefficients of one equation for all rows that has the groups in it.
    ///
    /// What it leaves is the adjusted gap, so both tables say the same. Pooling without the groups would let the controls take
    /// over part of what the groups do, and understate what is left. An account that adds up, no cause: a control may itself
    /// be the fruit of discrimination.
    OAXACA_BLINDER = "oaxaca-blinder", "Oaxaca-Blinder decomposition, pooled", ["oaxaca", "blinder-oaxaca"], Test,
        "bar(y)_a - bar(y)_r = (bar(x)_a - bar(x)_r) b + (b_a - b_r), b of all rows with the groups; the first part",
        "the amount depends on the controls in the same straight line in all groups", "the rows leave open what the controls do",
        [JANN_2008, OAXACA_1973, BLINDER_1973], Compute::Named;
    /// What of a gap the controls explain, at the coefficients of the reference.
    ///
    /// It asks what the group would have if it were treated as the reference is.
    OAXACA_REFERENCE = "oaxaca-reference", "Oaxaca-Blinder decomposition at the reference", [], Test,
        "(bar(x)_a - bar(x)_r) b_r, b_r of the rows of the reference alone",
        "the amount depends on the controls in a straight line in the reference", "the reference's rows leave open what the controls do",
        [OAXACA_1973, BLINDER_1973], Compute::Named;
    /// What of a gap the controls explain, at the coefficients of the group itself.
    ///
    /// It asks what the reference would have if it were treated as the group is.
    OAXACA_GROUP = "oaxaca-group", "Oaxaca-Blinder decomposition at the group", [], Test,
        "(bar(x)_a - bar(x)_r) b_a, b_a of the rows of the group alone",
        "the amount depends on the controls in a straight line in the group", "the group's rows leave open what the controls do",
        [OAXACA_1973, BLINDER_1973], Compute::Named;
    /// What other coefficients make of a gap and what they make together with other controls, beside the part that other
    /// controls alone make.
    ///
    /// The estimate is the part of the coefficients; the note has all three.
    OAXACA_THREE_FOLD = "oaxaca-three-fold", "three-fold decomposition", [], Test,
        "(bar(x)_a - bar(x)_r) b_r + bar(x)_r (b_a - b_r) + (bar(x)_a - bar(x)_r)(b_a - b_r), x with the constant",
        "the amount depends on the controls in a straight line in each group", "a group's rows leave open what the controls do",
        [WINSBOROUGH_DICKINSON_1971, JANN_2008], Compute::Named;
    /// The gap that is left when one of the controls is not used.
    ///
    /// A gap that depends on one control depends on whether that control is a legitimate reason.
    LEAVE_ONE_CONTROL_OUT = "leave-one-control-out", "gap without one control", [], Test,
        "the adjusted gap of the equation without the control", "as for the adjusted gap", "the rest cannot be told from the groups",
        [ANGRIST_PISCHKE_2009], Compute::Named;
    /// What of a gap the groups' different spread over strata makes; the rest is different amounts within them.
    ///
    /// No model, and one account among several: an account that adds up, no cause.
    KITAGAWA_AMOUNTS = "kitagawa-amounts", "Kitagawa decomposition of amounts", [], Test,
        "sum (s_a - s_r)(m_a + m_r)/2, s the share and m the mean of y of a stratum",
        "none: it is arithmetic", "a stratum has amounts of one group only", [KITAGAWA_1955], Compute::Named;
}
