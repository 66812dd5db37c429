//! This module is what stands beside the verdict on amounts: the curve of gaps, tests of equality, and reservations.

use super::AmountView;
use super::gaps::difference;
use super::spread::of_gap;
use crate::amounts::distance::{KolmogorovSmirnov, kolmogorov_smirnov};
use crate::amounts::kolmogorov::p_value;
use crate::amounts::permutation::all_splits;
use crate::amounts::{Distribution, Moments, mean_gap, quantile};
use crate::audit::measured::Named;
use crate::audit::model::{Group, GroupKind, NamedTest, Note, Series, Severity};
use crate::catalogue::methods::{JACKKNIFE_T, KOLMOGOROV_SMIRNOV_TEST, PERMUTATION_OF_MEANS, WELCH_T};
use crate::inference::Comparison;
use crate::inference::estimate::{Estimate, Spread};
use crate::policy::Scale;
use crate::problem::thousands;

/// The curve is drawn at every so many hundredths.
const STEP: u32 = 5;

impl AmountView {
    /// The judged groups but the reference, each with the reference.
    fn beside(&self) -> impl Iterator<Item = (usize, usize, &Named)> {
        let judged = self
            .named
            .iter()
            .enumerate()
            .filter(|(_, named)| named.kind == GroupKind::Judged);
        judged.filter_map(move |(group, named)| {
            let reference = self.reference.filter(|reference| *reference != group)?;
            Some((group, reference, named))
        })
    }

    /// The gap at each quantile.
    pub(super) fn quantile_gaps(&self) -> Vec<Series> {
        let mut curves = Vec::new();
        for (group, reference, named) in self.beside() {
            let (one, two) = (self.amount(Some(group)), self.amount(Some(reference)));
            let (Ok(a), Ok(b)) = (one.distribution(), two.distribution()) else {
                continue;
            };
            let gaps: Vec<_> = (STEP..100)
                .step_by(STEP as usize)
                .filter_map(|percent| {
                    let tau = f64::from(percent) / 100.0;
                    quantile::gap((a, self.ranks(one, a, tau)), (b, self.ranks(two, b, tau)), tau)
                })
                .collect();
            let points = gaps.iter().map(|of| (of.tau, Some(of.gap.point)));
            let end = |end: fn(crate::inference::Interval) -> f64| gaps.iter().map(|of| of.interval.map(end)).collect();
            curves.push(Series {
                reference: Some(self.named[reference].group.clone()),
                lower: end(|interval| interval.lower),
                upper: end(|interval| interval.upper),
                ..Series::new("quantile-gaps", &self.by, &named.group, points)
            });
        }
        curves
    }

    /// Tests of equality.
    pub(super) fn named_tests(&self) -> Vec<NamedTest> {
        let mut tests = Vec::new();
        for (group, reference, named) in self.beside() {
            let of = |id: &str, measure: &str| self.test(id, measure, &named.group, &self.named[reference].group);
            tests.push(self.of_means(group, reference, &of));
            let (one, two) = (self.amount(Some(group)), self.amount(Some(reference)));
            if let (Ok(a), Ok(b)) = (one.distribution(), two.distribution()) {
                let found = kolmogorov_smirnov(a, b);
                tests.push(self.of_distributions(&found, (a, b), &of));
            }
            let test = of(PERMUTATION_OF_MEANS.id, "mean-gap");
            tests.push(if self.amounts.is_clustered {
                NamedTest {
                    not_computed: Some(CLUSTERED.to_owned()),
                    ..test
                }
            } else {
                match all_splits(&one.numbers, &two.numbers) {
                    Ok(found) => NamedTest {
                        p: Some(found.p()),
                        note: Some(format!(
                            "{} of {} ways of dealing the rows are as far apart",
                            thousands(found.extreme),
                            thousands(found.all)
                        )),
                        ..test
                    },
                    Err(why) => NamedTest {
                        not_computed: Some(why),
                        ..test
                    },
                }
            });
        }
        tests
    }

    fn welch(&self, group: usize, reference: usize) -> Option<Result<Spread, String>> {
        let of = |group: usize| Moments::of(&self.amount(Some(group)).numbers);
        let gap = mean_gap(&of(group)?, &of(reference)?);
        (!self.amounts.is_clustered).then(|| gap.map(of_gap))
    }

    /// Where amounts are missing most and least often, if that is not nearly the same; as an addition to a sentence.
    fn unevenly_missing(&self) -> String {
        /// Shares that are nearer to each other than this are not told apart.
        const NEARLY: f64 = 0.05;
        let counted = self.named.iter().zip(&self.amounts.groups);
        let counted = counted.filter(|(named, _)| named.kind == GroupKind::Judged);
        let mut shares: Vec<(f64, String)> = counted
            .map(|(named, cell)| {
                let missing = cell.numbers.missing;
                let rows = cell.numbers.n().saturating_add(missing);
                let values: Vec<&str> = named.group.values().filter_map(Option::as_deref).collect();
                let name = format!(
                    "\"{}\" ({} of {})",
                    values.join(" / "),
                    thousands(missing),
                    thousands(rows)
                );
                (missing as f64 / rows.max(1) as f64, name)
            })
            .collect();
        shares.sort_by(|a, b| a.0.total_cmp(&b.0));
        match shares.as_slice() {
            [(least, low), .., (most, high)] if most - least >= NEARLY => {
                format!("; by {} most often for {high}, least for {low}", self.by.join(" x "))
            }
            _ => String::new(),
        }
    }

    fn of_means(&self, group: usize, reference: usize, of: &dyn Fn(&str, &str) -> NamedTest) -> NamedTest {
        let method = if self.amounts.is_clustered {
            &JACKKNIFE_T
        } else {
            &WELCH_T
        };
        let test = of(method.id, "mean-gap");
        let estimate = match difference(self, group, reference, Comparison::Difference) {
            // The test of that name, as other software has it; the verdict is more careful about small groups.
            Ok(estimate) => Estimate {
                spread: self.welch(group, reference).unwrap_or(estimate.spread),
                ..estimate
            },
            Err(why) => {
                return NamedTest {
                    not_computed: Some(why),
                    ..test
                };
            }
        };
        let interval = estimate.interval(self.confidence);
        let p = estimate.one_sided(0.0);
        NamedTest {
            estimate: Some(estimate.point),
            lower: interval.map(|interval| interval.lower),
            upper: interval.map(|interval| interval.upper),
            confidence: interval.map(|_| self.confidence),
            statistic: estimate.distance(0.0),
            p: p.map(|p| (2.0 * p.below.min(p.above)).min(1.0)),
            note: estimate
                .spread
                .as_ref()
                .ok()
                .map(|spread| format!("Student's t with {:.6} degrees of freedom", spread.freedom)),
            not_computed: estimate.spread.err(),
            ..test
        }
    }

    fn of_distributions(
        &self,
        found: &KolmogorovSmirnov,
        (a, b): (&Distribution, &Distribution),
        of: &dyn Fn(&str, &str) -> NamedTest,
    ) -> NamedTest {
        let test = of(KOLMOGOROV_SMIRNOV_TEST.id, "kolmogorov-smirnov");
        if self.amounts.is_clustered {
            return NamedTest {
                statistic: Some(found.d),
                not_computed: Some(CLUSTERED.to_owned()),
                ..test
            };
        }
        let p = p_value(found, a, b);
        let how = if p.is_exact { "exact" } else { "the limit for many rows" };
        let bars = if found.at_most > found.d {
            format!(
                "; several amounts are kept as one, and the distance is at most {:.6}",
                found.at_most
            )
        } else {
            String::new()
        };
        NamedTest {
            statistic: Some(found.d),
            p: Some(p.p),
            note: Some(format!("{how}; ties make p too large, never too small{bars}")),
            ..test
        }
    }

    fn test(&self, id: &str, measure: &str, group: &Group, reference: &Group) -> NamedTest {
        NamedTest {
            id: id.to_owned(),
            rate: measure.to_owned(),
            by: self.by.clone(),
            group: group.clone(),
            reference: Some(reference.clone()),
            within: self.within.clone(),
            ..NamedTest::default()
        }
    }

    /// What a reader has to know of the column as a whole.
    pub(super) fn reservations(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.is_first {
            return notes;
        }
        let everybody = &self.amounts.everybody.numbers;
        let (name, rows) = (&self.amounts.name, everybody.n().saturating_add(everybody.missing));
        if everybody.missing > 0 {
            notes.push(Note {
                code: "amounts-missing".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "{} of {} rows have no `{name}` and have no part in what is said of amounts{}",
                    thousands(everybody.missing),
                    thousands(rows),
                    self.unevenly_missing()
                ),
                help: Some("find out why they are missing: if not by chance, the gap may be another".to_owned()),
            });
        }
        if self.scale == Scale::Log && everybody.sums.not_positive > 0 {
            notes.push(Note {
                code: "amounts-without-logarithm".to_owned(),
                severity: Severity::Warning,
                message: format!(
                    "{} of {} rows have a `{name}` of 0 or less, so groups with such rows have no geometric mean",
                    thousands(everybody.sums.not_positive),
                    thousands(rows)
                ),
                help: Some("compare differences with `scale = \"plain\"` under [amounts]".to_owned()),
            });
        }
        if let Some(bits) = self.amounts.bits {
            notes.push(Note {
                code: "amounts-rounded".to_owned(),
                severity: Severity::Info,
                message: format!(
                    "`{name}` has too many different amounts to keep them all: those that begin with the same {bits} bits stand \
                     together; means are exact, quantiles and distances are within the width of where they stand"
                ),
                help: Some(
                    "to keep every different amount, read the rows with --exact; it takes memory for each".to_owned(),
                ),
            });
        }
        notes
    }
}

const CLUSTERED: &str = "it takes all rows for independent, and these belong together";
