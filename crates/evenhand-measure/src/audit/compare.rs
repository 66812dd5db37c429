//! This module compares two groups on one rate: the point, its interval and the two one-sided questions.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::inference::estimate::Estimate;
use crate::inference::{Comparison, Correction, Counts, Null, OneSided, Sample, Side, unconditional_near};
use crate::policy::Inference;

use super::evidence::Evidence;

/// What a ratio or difference may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Allowed {
    pub(super) at_least: Option<f64>,
    pub(super) at_most: Option<f64>,
}

impl Allowed {
    /// At least `bound`, whatever lies above: the question put to the highest favourable rate.
    pub(super) fn at_least(bound: f64) -> Self {
        Self {
            at_least: Some(bound),
            at_most: None,
        }
    }

    /// Anything: the comparison is made and not judged.
    pub(super) fn anything() -> Self {
        Self {
            at_least: None,
            at_most: None,
        }
    }

    /// Neither side may lie far from the other.
    pub(super) fn two_sided(comparison: Comparison, bound: f64) -> Self {
        match comparison {
            Comparison::Ratio => Self {
                at_least: Some(bound),
                at_most: Some(reciprocal(bound)),
            },
            Comparison::Difference => Self {
                at_least: Some(-bound),
                at_most: Some(bound),
            },
        }
    }

    /// The bounds, each with the side that breaches it.
    pub(super) fn sides(self) -> impl Iterator<Item = (f64, Side)> {
        let low = self.at_least.map(|bound| (bound, Side::Below));
        let high = self.at_most.map(|bound| (bound, Side::Above));
        low.into_iter().chain(high)
    }

    /// How many bounds there are.
    pub(super) fn count(self) -> usize {
        self.sides().count()
    }

    /// The bound that `point` lies beyond, if any.
    pub(super) fn breached_by(self, point: f64) -> Option<(f64, Side)> {
        self.sides().find(|(bound, side)| match side {
            Side::Below => point < *bound,
            Side::Above => point > *bound,
        })
    }
}

/// One over a bound, without the noise of binary fractions: 1 / 0.8 is 1.25.
fn reciprocal(bound: f64) -> f64 {
    // Fifteen significant digits are what a double holds of a decimal.
    format!("{:.14e}", 1.0 / bound).parse().unwrap_or(1.0 / bound)
}

/// The correction of the score statistic where strata are pooled and rows are planned.
pub(super) const CORRECTION: Correction = Correction::MiettinenNurminen;

/// What the data say on both questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Answers {
    /// Evidence against "within the bound".
    pub(super) breach: f64,
    /// Evidence against "beyond the bound".
    pub(super) comply: f64,
    /// Whether an expected count at a bound that the data may breach is too small for the score test alone.
    pub(super) small: bool,
    /// Whether one at any bound is, so that compliance cannot rest on it alone either.
    pub(super) small_to_comply: bool,
    /// Where published figures leave the counts open, the clearest that any of those counts would say: the two values
    /// above are then the least clear.
    pub(super) clearest: Option<Clearest>,
}

/// The clearest answers that one choice among open counts would give.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clearest {
    pub(super) breach: f64,
    pub(super) comply: f64,
    /// Whether every choice has an answer.
    pub(super) is_complete: bool,
}

/// The statistic of a comparison against a bound, by the policy's method.
pub(super) fn statistic(
    inference: &Inference,
    comparison: Comparison,
    group: Sample,
    reference: Sample,
    bound: f64,
) -> Option<f64> {
    inference.methods.of(comparison).pair_z(group, reference, bound)
}

/// Whether neither group may have anyone in the numerator: 0/0, which is neither equal nor unequal.
pub(super) fn is_nobody(comparison: Comparison, group: Sample, reference: Sample) -> bool {
    comparison == Comparison::Ratio && group.successes + reference.successes == 0.0
}

/// Asks both questions of two groups; `None` when the policy's method has no answer for such counts. Where published
/// figures leave counts open, the answers hold for all of them: per side of the bound the largest p-value. The p-value
/// of a side rises with one count and falls with the other, so the largest is near an end of both: see
/// [`Evidence::tried`].
pub(super) fn ask(
    inference: &Inference,
    comparison: Comparison,
    allowed: Allowed,
    group: &Evidence,
    reference: &Evidence,
) -> Option<Answers> {
    let mut breach = f64::INFINITY;
    let mut comply: f64 = 0.0;
    let mut small = false;
    let mut small_to_comply = false;
    let mut clearest = Clearest {
        breach: f64::INFINITY,
        comply: 0.0,
        is_complete: true,
    };
    let mut has_answer = false;
    for (bound, side) in allowed.sides() {
        let (mut beyond, mut within) = (Span::new(), Span::new());
        let mut is_small = false;
        for x in group.samples() {
            for y in reference.samples() {
                let asked = statistic(inference, comparison, x, y, bound);
                // Of several counts, those that say nothing still belong to the family.
                let Some(z) = asked.filter(|_| !is_nobody(comparison, x, y)) else {
                    (beyond.most, within.most) = (1.0, 1.0);
                    clearest.is_complete = false;
                    continue;
                };
                has_answer = true;
                let p = OneSided::of(z);
                is_small |= comparison.smallest_expected(x, y, bound) < SMALL;
                beyond.add(p.on(side));
                within.add(p.on(side.opposite()));
            }
        }
        small_to_comply |= is_small;
        if beyond.most < breach {
            breach = beyond.most;
            small = is_small;
        }
        comply = comply.max(within.most);
        clearest.breach = clearest.breach.min(beyond.least);
        clearest.comply = clearest.comply.max(within.least);
    }
    if !has_answer {
        return None;
    }
    // Two bounds are two chances to be wrong: twice the smaller value.
    let twice = |p: f64| (p * allowed.count() as f64).min(1.0);
    clearest.breach = twice(clearest.breach);
    let is_open = group.range.is_some() || reference.range.is_some();
    Some(Answers {
        breach: twice(breach),
        comply,
        // Another choice of counts may lie nearest to another bound.
        small: if is_open { small_to_comply } else { small },
        small_to_comply,
        clearest: is_open.then_some(clearest),
    })
}

/// Asks both questions of an estimate; `None` when nobody knows how sure it is.
pub(super) fn ask_estimate(allowed: Allowed, estimate: &Estimate) -> Option<Answers> {
    let mut breach: f64 = 1.0;
    let mut comply: f64 = 0.0;
    for (bound, side) in allowed.sides() {
        let p = estimate.one_sided(bound)?;
        breach = breach.min(p.on(side));
        comply = comply.max(p.on(side.opposite()));
    }
    Some(Answers {
        // Two bounds are two chances to be wrong: twice the smaller value.
        breach: (breach * allowed.count() as f64).min(1.0),
        comply,
        small: false,
        small_to_comply: false,
        clearest: None,
    })
}

/// The smallest and the largest of some p-values.
struct Span {
    least: f64,
    most: f64,
}

impl Span {
    fn new() -> Self {
        Self { least: 1.0, most: 0.0 }
    }

    fn add(&mut self, p: f64) {
        let p = if p.is_nan() { 1.0 } else { p };
        self.least = self.least.min(p);
        self.most = self.most.max(p);
    }
}

/// Expected counts under this make the score test unreliable (Cochran 1954, section 2).
pub(super) const SMALL: f64 = 5.0;

/// Exact p-values that were computed already: what other assumptions would give asks the same of the same counts.
#[derive(Default)]
pub(super) struct Memo(RefCell<BTreeMap<Asked, Option<f64>>>);

/// Comparison as ratio or not, the bits of the bound, the side, and the counts of both groups.
type Asked = (bool, u64, bool, [u64; 4]);

/// The same breach question by an exact unconditional test; `None` when the data are weighted or clustered, or
/// too large for it. Of open counts again the largest p-value.
pub(super) fn ask_exactly(
    memo: &Memo,
    comparison: Comparison,
    allowed: Allowed,
    group: &Evidence,
    reference: &Evidence,
) -> Option<f64> {
    let mut smallest: f64 = 1.0;
    for (bound, side) in allowed.sides() {
        smallest = smallest.min(memo.exactly(comparison, (bound, side), group, reference)?);
    }
    Some((smallest * allowed.count() as f64).min(1.0))
}

/// The same compliance question by an exact unconditional test.
pub(super) fn ask_compliance_exactly(
    memo: &Memo,
    comparison: Comparison,
    allowed: Allowed,
    group: &Evidence,
    reference: &Evidence,
) -> Option<f64> {
    let mut largest: f64 = 0.0;
    for (bound, side) in allowed.sides() {
        largest = largest.max(memo.exactly(comparison, (bound, side.opposite()), group, reference)?);
    }
    Some(largest)
}

impl Memo {
    fn exactly(
        &self,
        comparison: Comparison,
        (bound, side): (f64, Side),
        group: &Evidence,
        reference: &Evidence,
    ) -> Option<f64> {
        if !group.independent || !reference.independent {
            return None;
        }
        let mut largest: f64 = 0.0;
        for x in group.tried() {
            for y in reference.tried() {
                let counts = [x, group.rows.1, y, reference.rows.1];
                largest = largest.max(self.of_counts(comparison, (bound, side), counts)?);
            }
        }
        Some(largest)
    }

    fn of_counts(&self, comparison: Comparison, (bound, side): (f64, Side), counts: [u64; 4]) -> Option<f64> {
        let asked = (
            comparison == Comparison::Ratio,
            bound.to_bits(),
            side == Side::Below,
            counts,
        );
        if let Some(known) = self.0.borrow().get(&asked) {
            return *known;
        }
        let [x, trials_x, y, trials_y] = counts;
        let both = Counts::new(x, trials_x).zip(Counts::new(y, trials_y));
        let found = both.and_then(|(group, reference)| {
            unconditional_near(group, reference, Null::new(comparison, bound), side).ok()
        });
        self.0.borrow_mut().insert(asked, found);
        found
    }
}

/// A bound as the exact fraction that its decimal digits say, or `None` when they are too many.
fn fraction(bound: f64) -> Option<(i128, i128)> {
    let text = format!("{bound}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let scale = 10i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
    Some((format!("{whole}{decimals}").parse().ok()?, scale))
}

/// Whether the counts are within the bounds, in whole numbers; `None` when that is undefined or does not fit 128 bits.
///
/// `4/5 * 25/30` is exactly `2/3`, which floating point gets wrong.
pub(super) fn within_exactly(
    comparison: Comparison,
    allowed: Allowed,
    group: (u64, u64),
    reference: (u64, u64),
) -> Option<bool> {
    let (x1, n1, x2, n2) = (
        i128::from(group.0),
        i128::from(group.1),
        i128::from(reference.0),
        i128::from(reference.1),
    );
    if n1 == 0 || n2 == 0 || (comparison == Comparison::Ratio && x2 == 0 && x1 == 0) {
        return None;
    }
    let (left, right) = (x1.checked_mul(n2)?, x2.checked_mul(n1)?);
    let both = n1.checked_mul(n2)?;
    let mut within = true;
    for (bound, side) in allowed.sides() {
        let (numerator, denominator) = fraction(bound)?;
        // Ratio: left / right against the bound. Difference: (left - right) / both against it.
        let (observed, limit) = match comparison {
            Comparison::Ratio => (left.checked_mul(denominator)?, right.checked_mul(numerator)?),
            Comparison::Difference => ((left - right).checked_mul(denominator)?, both.checked_mul(numerator)?),
        };
        within &= match side {
            Side::Below => observed >= limit,
            Side::Above => observed <= limit,
        };
    }
    Some(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four_fifths(group: (u64, u64), reference: (u64, u64)) -> Option<bool> {
        within_exactly(Comparison::Ratio, Allowed::at_least(0.8), group, reference)
    }

    #[test]
    fn exact_ties_are_no_breach() {
        // Each ratio is exactly four fifths; in floating point each comes out below 0.8.
        for (group, reference) in [
            ((2, 3), (25, 30)),
            ((1, 3), (25, 60)),
            ((4, 7), (5, 7)),
            ((3, 5), (45, 60)),
        ] {
            assert_eq!(
                four_fifths(group, reference),
                Some(true),
                "{group:?} against {reference:?}"
            );
        }
        assert_eq!(four_fifths((47, 100), (60, 100)), Some(false));
    }

    #[test]
    fn nobody_selected_is_undefined_and_one_side_is_not() {
        assert_eq!(four_fifths((0, 10), (0, 20)), None);
        assert_eq!(four_fifths((0, 10), (5, 20)), Some(false));
        assert_eq!(four_fifths((5, 10), (0, 20)), Some(true));
    }

    #[test]
    fn two_sided_bounds_are_reciprocal() {
        let allowed = Allowed::two_sided(Comparison::Ratio, 0.8);
        assert_eq!((allowed.at_least, allowed.at_most), (Some(0.8), Some(1.25)));
        assert_eq!(within_exactly(Comparison::Ratio, allowed, (25, 30), (2, 3)), Some(true));
    }

    #[test]
    fn differences_are_compared_in_whole_numbers() {
        let allowed = Allowed::two_sided(Comparison::Difference, 0.1);
        assert_eq!(
            within_exactly(Comparison::Difference, allowed, (4, 10), (3, 10)),
            Some(true)
        );
        assert_eq!(
            within_exactly(Comparison::Difference, allowed, (41, 100), (3, 10)),
            Some(false)
        );
    }

    #[test]
    fn counts_beyond_128_bits_are_not_guessed() {
        assert_eq!(four_fifths((u64::MAX, u64::MAX), (u64::MAX, u64::MAX)), None);
    }
}
