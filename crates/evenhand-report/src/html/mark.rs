//! This module is how a verdict and an outcome look: a shape and a class, always beside the word.

use evenhand_measure::audit::model::{Outcome, Verdict};

/// What a colour and a shape stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Fail,
    Open,
    Pass,
    Unjudged,
}

impl From<Verdict> for Mark {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Fail => Self::Fail,
            Verdict::Inconclusive => Self::Open,
            Verdict::Pass => Self::Pass,
            Verdict::NotJudged => Self::Unjudged,
        }
    }
}

impl From<Outcome> for Mark {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Fail => Self::Fail,
            Outcome::Inconclusive => Self::Open,
            Outcome::Pass => Self::Pass,
            Outcome::NotJudged | Outcome::NotApplicable => Self::Unjudged,
        }
    }
}

impl Mark {
    /// The class that colours it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Fail => "is-fail",
            Self::Open => "is-open",
            Self::Pass => "is-pass",
            Self::Unjudged => "is-unjudged",
        }
    }

    /// A shape of its own, 48 pixels wide: what it means stands beside it in words, so it has no name.
    pub(super) fn shape(self) -> String {
        let (ground, sign) = match self {
            Self::Fail => (
                "<path class=\"ground\" d=\"M12.5 2h15L38 12.5v15L27.5 38h-15L2 27.5v-15z\" fill=\"#a63a00\"/>",
                "<path d=\"M13.5 13.5l13 13M26.5 13.5l-13 13\"",
            ),
            Self::Open => (
                "<path class=\"ground\" d=\"M20 1l19 19-19 19L1 20z\" fill=\"#595959\"/>",
                "<path d=\"M15.5 15.8a4.6 4.6 0 1 1 6.4 4.2c-1.3.6-1.9 1.5-1.9 3.2M20 28.2v.1\"",
            ),
            Self::Pass => (
                "<circle class=\"ground\" cx=\"20\" cy=\"20\" r=\"18\" fill=\"#00664b\"/>",
                "<path d=\"M12 20.5l5.8 5.8L28.5 14.5\"",
            ),
            Self::Unjudged => (
                "<rect class=\"ground\" x=\"3\" y=\"3\" width=\"34\" height=\"34\" rx=\"6\" fill=\"#595959\"/>",
                "<path d=\"M12.5 20h15\"",
            ),
        };
        format!(
            "<svg class=\"shape\" viewBox=\"0 0 40 40\" width=\"48\" height=\"48\" aria-hidden=\"true\" \
             focusable=\"false\">{ground}{sign} class=\"sign\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"4\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
        )
    }
}
