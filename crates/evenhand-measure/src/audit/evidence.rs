//! This module turns the rows of a group into what a rate is known by: a share, and how many independent rows
//! it is worth.

use crate::catalogue::{Cells, Rate, Statistic, Table};
use crate::confusion::{Confusion, Needs};
use crate::inference::{Sample, z_for};
use crate::policy::Inference;
use crate::problem::thousands;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::bounds::Bounds;
use super::groups::{Members, Open};
use super::model::{Amount, Share, Value};

/// What evidence rests on, the same for all groups of an audit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Basis {
    pub(super) weighted: bool,
    /// Whether, over everybody, the label is known mostly where the decision was positive.
    pub(super) selective: bool,
}

/// Whether a rate needs the outcomes of those who were turned away.
fn needs_the_rejected(rate: &Rate) -> bool {
    let touched = rate.denominator | rate.numerator;
    rate.needs().label && (touched.contains(Cells::FN) || touched.contains(Cells::TN))
}

/// Why a rate that needs the outcomes of the rejected has no value.
const SELECTIVE: &str = "the label is known only, or mostly, where the decision was positive";

/// What is known of one rate in one group.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    /// Rows in the numerator and the denominator.
    pub(super) rows: (u64, u64),
    /// The same as printed: rows, or sums of weights.
    pub(super) amounts: (Amount, Amount),
    /// The fewest and the most rows that may be in the numerator, where published figures leave that open.
    pub(super) range: Option<(u64, u64)>,
    /// Successes and trials of the independent rows that it is worth; `None` when undefined.
    pub(super) sample: Option<Sample>,
    /// Whether the outcomes that it needs are known of the selected only.
    pub(super) hidden: bool,
    /// Whether each row counts once and is independent of the others, so that exact tests apply.
    pub(super) independent: bool,
}

impl Evidence {
    /// The evidence on `rate` in a group.
    pub(super) fn of(rate: &Rate, members: &Members, basis: Basis) -> Self {
        let known = Self::of_known(rate, members, basis.weighted);
        // In one group, or taken over everybody: a group in which it happens to be otherwise is no exception.
        let hidden = needs_the_rejected(rate) && (basis.selective || members.whole.has_selective_labels());
        Self {
            sample: known.sample.filter(|_| !hidden),
            hidden,
            ..known
        }
    }

    /// The evidence on what is compared: the rate, or one minus it.
    pub(super) fn compared(rate: &Rate, complement: bool, members: &Members, basis: Basis) -> Self {
        let evidence = Self::of(rate, members, basis);
        if complement { evidence.complement() } else { evidence }
    }

    fn of_known(rate: &Rate, members: &Members, weighted: bool) -> Self {
        let needs = rate.needs();
        let inside = members.whole.select(rate.numerator, needs);
        let all = members.whole.select(rate.denominator, needs);
        let rows = (inside.rows, all.rows);
        let clustered = !members.buckets.is_empty();
        if !weighted {
            let amounts = (Amount::Rows(rows.0), Amount::Rows(rows.1));
            let (part, whole) = (rows.0 as f64, rows.1 as f64);
            let worth = if clustered {
                clustered_worth(rate, members, weighted, (part, whole))
            } else {
                Some(whole)
            };
            return Self {
                rows,
                amounts,
                range: range(rate, members),
                sample: sample(worth, part, whole),
                hidden: false,
                independent: !clustered,
            };
        }
        let (part, whole) = (inside.weight.value(), all.weight.value());
        let worth = if clustered {
            clustered_worth(rate, members, weighted, (part, whole))
        } else {
            let outside = (all.weight_squares.value() - inside.weight_squares.value()).max(0.0);
            weighted_worth(part, whole, inside.weight_squares.value(), outside)
        };
        let amounts = (Amount::Weight(part), Amount::Weight(whole));
        Self {
            rows,
            amounts,
            range: None,
            sample: sample(worth, part, whole),
            hidden: false,
            independent: false,
        }
    }

    /// What is known of a group that is not there.
    pub(super) fn of_nobody() -> Self {
        Self {
            rows: (0, 0),
            amounts: (Amount::Rows(0), Amount::Rows(0)),
            range: None,
            sample: None,
            hidden: false,
            independent: true,
        }
    }

    /// What is known of a rate that is no share of rows.
    pub(super) fn of_no_rows() -> Self {
        Self {
            amounts: (Amount::Weight(0.0), Amount::Weight(0.0)),
            independent: false,
            ..Self::of_nobody()
        }
    }

    /// Whole counts of an unweighted rate, for exact arithmetic.
    pub(super) fn counts(&self) -> Option<(u64, u64)> {
        matches!(self.amounts, (Amount::Rows(_), Amount::Rows(_))).then_some(self.rows)
    }

    /// The numbers of rows in the numerator for which a verdict has to hold: the one that is shown and, where published
    /// figures leave others open, all of them if they are few. Of many the first and the last few: by the score methods
    /// tests get firmer towards one end, so that what holds at both holds between, and those methods that do otherwise at
    /// counts of nearly nobody or everybody (Wald, Katz) do it there.
    pub(super) fn tried(&self) -> impl Iterator<Item = u64> + use<> {
        const AT_AN_END: u64 = 4;
        let shown = self.rows.0;
        let (fewest, most) = self.range.unwrap_or((shown, shown));
        let low = fewest..=most.min(fewest.saturating_add(AT_AN_END - 1));
        let high = most
            .saturating_sub(AT_AN_END - 1)
            .max(fewest + low.clone().count() as u64)..=most;
        let is_between = !low.contains(&shown) && !high.contains(&shown);
        low.chain(high).chain(is_between.then_some(shown))
    }

    /// The same as samples; none when the rate is undefined.
    pub(super) fn samples(&self) -> impl Iterator<Item = Sample> + use<> {
        let (sample, is_open, trials) = (self.sample, self.range.is_some(), self.rows.1 as f64);
        let of = move |successes: u64, sample: Sample| match is_open {
            true => Sample {
                successes: successes as f64,
                trials,
            },
            false => sample,
        };
        self.tried().filter_map(move |successes| Some(of(successes, sample?)))
    }

    /// The same evidence on one minus the rate.
    pub(super) fn complement(&self) -> Self {
        let rest = |part: Amount, whole: Amount| match (part, whole) {
            (Amount::Rows(part), Amount::Rows(whole)) => Amount::Rows(whole - part),
            _ => Amount::Weight(whole.value() - part.value()),
        };
        Self {
            rows: (self.rows.1 - self.rows.0, self.rows.1),
            amounts: (rest(self.amounts.0, self.amounts.1), self.amounts.1),
            range: self
                .range
                .map(|(fewest, most)| (self.rows.1 - most, self.rows.1 - fewest)),
            sample: self
                .sample
                .and_then(|s| Sample::new((s.trials - s.successes).max(0.0), s.trials)),
            hidden: self.hidden,
            independent: self.independent,
        }
    }

    /// Why there is no sample, in words.
    pub(super) fn why_undefined(&self, undefined_when: &str) -> String {
        if self.hidden {
            SELECTIVE.to_owned()
        } else if self.rows.1 == 0 {
            undefined_when.to_owned()
        } else {
            match self.independent {
                true => "its rows carry no weight".to_owned(),
                false => format!(
                    "its {} rows carry no weight, or come from fewer than {FEWEST_BUCKETS} different units, too few to know how \
                     sure the rate is",
                    thousands(self.rows.1)
                ),
            }
        }
    }

    /// The share with its Wilson interval, or why there is none.
    pub(super) fn value(&self, inference: &Inference, undefined_when: &str, bounds: Option<Bounds>) -> Value {
        let lowest = bounds.map(|bounds| bounds.lowest);
        let highest = bounds.map(|bounds| bounds.highest);
        match self.sample {
            Some(sample) => {
                let interval = inference
                    .methods
                    .rate
                    .rate_interval(sample, z_for(inference.confidence));
                let point = match self.amounts {
                    (Amount::Rows(part), Amount::Rows(whole)) => part as f64 / whole as f64,
                    (part, whole) => part.value() / whole.value(),
                };
                Value::Share(Share {
                    numerator: self.amounts.0,
                    denominator: self.amounts.1,
                    point,
                    lower: interval.lower.min(point),
                    upper: interval.upper.max(point),
                    lowest,
                    highest,
                    effective_n: (!self.independent).then_some(sample.trials),
                })
            }
            None => Value::Undefined {
                undefined: self.why_undefined(undefined_when),
                lowest,
                highest,
            },
        }
    }
}

/// The fewest and the most rows in the numerator.
fn range(rate: &Rate, members: &Members) -> Option<(u64, u64)> {
    if members.open == Open::default() {
        return None;
    }
    let [a, b] = members
        .ends()
        .map(|whole| whole.select(rate.numerator, rate.needs()).rows);
    (a != b).then(|| (a.min(b), a.max(b)))
}

/// The independent rows that a share of `part` in `whole` is worth, as a sample.
fn sample(worth: Option<f64>, part: f64, whole: f64) -> Option<Sample> {
    let n = worth.filter(|_| whole > 0.0)?;
    // Exact for plain rows, where the worth is the whole.
    let successes = if n == whole { part } else { (part / whole * n).min(n) };
    Sample::new(successes, n)
}

/// How many equally weighted rows a weighted share is worth, by the linearised variance of a ratio of sums
/// (Cochran 1977, section 6.3), and never more than by Kish (1965, section 11.7), which alone is left at a share of
/// 0 or 1: where one row outweighs all others, the linearised variance hardly sees the rest.
fn weighted_worth(part: f64, whole: f64, squares_inside: f64, squares_outside: f64) -> Option<f64> {
    if whole <= 0.0 {
        return None;
    }
    let p = part / whole;
    let variance = ((1.0 - p).powi(2) * squares_inside + p.powi(2) * squares_outside) / whole.powi(2);
    let kish = whole.powi(2) / (squares_inside + squares_outside);
    Some(if p > 0.0 && p < 1.0 && variance > 0.0 {
        (p * (1.0 - p) / variance).min(kish)
    } else {
        kish
    })
}

/// Fewer occupied buckets than this do not say how much units differ: at five, one-sided tests of size 0.025 were
/// seen to err twice as often as they claim.
pub(super) const FEWEST_BUCKETS: usize = 20;

/// How many independent rows a share of repeating units is worth, by the delete-a-bucket jackknife
/// (Efron 1982, chapter 3); at a share of 0 or 1 as many as there are buckets. The variance is enlarged by
/// (t/z)^2, t with one degree of freedom fewer than buckets, because it is itself estimated from them.
fn clustered_worth(rate: &Rate, members: &Members, weighted: bool, (part, whole): (f64, f64)) -> Option<f64> {
    let needs = rate.needs();
    let amount = |confusion: &Confusion, cells| {
        let mass = confusion.select(cells, needs);
        if weighted {
            mass.weight.value()
        } else {
            mass.rows as f64
        }
    };
    let without: Vec<f64> = members
        .buckets
        .values()
        .map(|bucket| (amount(bucket, rate.numerator), amount(bucket, rate.denominator)))
        .filter(|(_, denominator)| *denominator > 0.0)
        .filter(|(_, all)| whole > *all)
        .map(|(inside, all)| (part - inside) / (whole - all))
        .collect();
    if without.len() < FEWEST_BUCKETS {
        return None;
    }
    let count = without.len() as f64;
    let mean = without.iter().sum::<f64>() / count;
    let variance = (count - 1.0) / count * without.iter().map(|p| (p - mean).powi(2)).sum::<f64>();
    let enlarged = variance * student_over_normal(count - 1.0)?.powi(2);
    let p = part / whole;
    Some(if p > 0.0 && p < 1.0 && enlarged > 0.0 {
        p * (1.0 - p) / enlarged
    } else {
        count
    })
}

/// How much wider than the normal 97.5 % point the one of Student's t is.
pub(super) fn student_over_normal(freedom: f64) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some(student.inverse_cdf(0.975) / z_for(0.95))
}

/// The value of a statistic in a group.
pub(super) fn statistic(statistic: &Statistic, members: &Members, basis: Basis) -> Value {
    if basis.selective || members.whole.has_selective_labels() {
        return Value::undefined(SELECTIVE);
    }
    let known = Needs {
        label: true,
        prediction: true,
    };
    let amount = |cells| {
        let mass = members.whole.select(cells, known);
        if basis.weighted {
            mass.weight.value()
        } else {
            mass.rows as f64
        }
    };
    let table = Table {
        tp: amount(Cells::TP),
        fp: amount(Cells::FP),
        fn_: amount(Cells::FN),
        tn: amount(Cells::TN),
    };
    match (statistic.value)(table).filter(|value| value.is_finite()) {
        Some(point) => Value::Number {
            point,
            lower: None,
            upper: None,
        },
        None => Value::undefined(statistic.undefined_when),
    }
}
