//! This module computes what stands beside the verdict for the reader who knows it by name: tests of equality, odds
//! ratios, and what a difference means in people.
//!
//! Each group is held against one other: the declared reference, or the group with the highest favourable rate.

use crate::catalogue::Rate;
use crate::inference::odds_ratio;
use crate::inference::practical::{self, Magnitude};
use crate::inference::two_by_two::{Counts, Fisher, NotComputed, Statistic, TwoByTwo};
use crate::inference::{Interval, z_for};
use crate::policy::Level;

use super::Run;
use super::evidence::Evidence;
use super::family::declared_reference;
use super::groups::Partition;
use super::model::{Group, GroupKind, NamedTest, Practical};

/// Past this many rows in the two groups together the unconditional exact tests are not run: there they agree with
/// the score tests, and each costs milliseconds.
const UNCONDITIONAL_ROWS: u64 = 200;
/// Past this many groups they are not run either.
const UNCONDITIONAL_GROUPS: usize = 30;

/// A group beside the one that it is compared with.
pub(super) struct Beside<'r> {
    pub(super) rate: &'static Rate,
    pub(super) complement: bool,
    pub(super) by: &'r [String],
    pub(super) group: (&'r Group, &'r Evidence),
    pub(super) reference: (&'r Group, &'r Evidence),
}

/// Every named test and practical measure.
pub(super) fn beside_the_verdict(run: &Run<'_>) -> (Vec<NamedTest>, Vec<Practical>) {
    let mut tests = Vec::new();
    let mut in_people = Vec::new();
    for (rate, complement) in rates(run) {
        for (partition, strata) in run.split.partitions.iter().zip(&run.split.strata) {
            let known = known(run, rate, complement, partition);
            let Some(reference) = reference(run, partition, &known) else {
                continue;
            };
            let groups = known.len();
            let names: Vec<&Group> = known.iter().map(|(group, _)| *group).collect();
            let layers = super::strata::Layers::of(run.basis, rate, complement, &names, strata);
            for (index, (group, evidence)) in known.iter().enumerate().filter(|(index, _)| *index != reference) {
                let beside = Beside {
                    rate,
                    complement,
                    by: &partition.by,
                    group: (*group, evidence),
                    reference: (known[reference].0, &known[reference].1),
                };
                of_two(run, &beside, groups, &mut tests, &mut in_people);
                if !strata.is_empty() {
                    super::stratified::tests(run, &beside, &layers.pair(index, reference), &mut tests);
                }
            }
        }
    }
    (tests, in_people)
}

/// The rates that the checks of error level compare, each once.
fn rates(run: &Run<'_>) -> Vec<(&'static Rate, bool)> {
    let mut rates: Vec<(&'static Rate, bool)> = Vec::new();
    for check in run
        .checks
        .iter()
        .filter(|check| check.level == Level::Error && run.can(check))
    {
        for &rate in check.criterion.rates {
            let complement = check.criterion.favourable && run.adverse;
            if !rates.iter().any(|known| known.0.id == rate.id && known.1 == complement) {
                rates.push((rate, complement));
            }
        }
    }
    rates
}

fn known<'r>(run: &Run<'_>, rate: &Rate, complement: bool, partition: &'r Partition) -> Vec<(&'r Group, Evidence)> {
    let judged = partition.groups.iter().filter(|of| of.kind == GroupKind::Judged);
    judged
        .map(|of| {
            let evidence = Evidence::compared(rate, complement, &of.members, run.basis);
            (&of.group, evidence)
        })
        .collect()
}

/// The declared reference, else the group with the highest rate.
fn reference(run: &Run<'_>, partition: &Partition, known: &[(&Group, Evidence)]) -> Option<usize> {
    if let Some(name) = declared_reference(run.policy, partition) {
        return known.iter().position(|(group, _)| **group == name);
    }
    let share = |index: &usize| known[*index].1.sample.map(crate::inference::Sample::rate);
    let shared = (0..known.len()).filter(|index| share(index).is_some());
    shared.reduce(|kept, next| if share(&next) > share(&kept) { next } else { kept })
}

impl Beside<'_> {
    /// A test of these two that has no result yet.
    pub(super) fn test(&self, id: &str) -> NamedTest {
        NamedTest {
            id: id.to_owned(),
            criterion: None,
            rate: self.rate.id.to_owned(),
            complement: self.complement,
            by: self.by.to_vec(),
            group: self.group.0.clone(),
            reference: Some(self.reference.0.clone()),
            within: Group::new(),
            pooled_over: Vec::new(),
            estimate: None,
            lower: None,
            upper: None,
            confidence: None,
            statistic: None,
            freedom: None,
            p: None,
            not_computed: None,
            note: None,
        }
    }

    fn with_p(&self, id: &str, p: f64) -> NamedTest {
        NamedTest {
            p: Some(p),
            ..self.test(id)
        }
    }

    fn statistic(&self, id: &str, statistic: Option<Statistic>, freedom: Option<u64>) -> NamedTest {
        match statistic {
            Some(statistic) => NamedTest {
                statistic: Some(statistic.value),
                freedom,
                p: Some(statistic.p),
                ..self.test(id)
            },
            None => self.refused(id, "undefined: all decisions are the same, or a rate has no variance"),
        }
    }

    pub(super) fn refused(&self, id: &str, why: impl Into<String>) -> NamedTest {
        NamedTest {
            not_computed: Some(why.into()),
            ..self.test(id)
        }
    }

    pub(super) fn estimate(&self, id: &str, point: f64, interval: Option<Interval>, confidence: f64) -> NamedTest {
        NamedTest {
            estimate: point.is_finite().then_some(point),
            lower: interval.map(|interval| interval.lower),
            upper: interval
                .map(|interval| interval.upper)
                .filter(|upper| upper.is_finite()),
            confidence: interval.map(|_| confidence),
            ..self.test(id)
        }
    }
}

fn of_two(run: &Run<'_>, beside: &Beside<'_>, groups: usize, tests: &mut Vec<NamedTest>, people: &mut Vec<Practical>) {
    let (group, reference) = (beside.group.1, beside.reference.1);
    if group.sample.is_none() || reference.sample.is_none() {
        return;
    }
    tests.push(odds(run, beside));
    let counts = |evidence: &Evidence| Counts::new(evidence.rows.0, evidence.rows.1);
    if let (Some(_), Some(_), Some(x), Some(y)) = (group.counts(), reference.counts(), counts(group), counts(reference))
    {
        people.push(in_people(beside, x, y));
        if group.independent && reference.independent {
            tests.extend(of_counts(beside, TwoByTwo::new(x, y), groups));
            return;
        }
    }
    let why = "the data are weighted or clustered, and this test takes rows that count once each and are independent";
    tests.extend(["pooled-z", "pearson-chi-square", "fisher-exact"].map(|id| beside.refused(id, why)));
}

/// The tests of equality that need whole independent counts.
fn of_counts(beside: &Beside<'_>, table: TwoByTwo, groups: usize) -> Vec<NamedTest> {
    let mut tests = vec![
        beside.statistic("pooled-z", table.z_pooled(), None),
        beside.statistic("unpooled-z", table.z_unpooled(), None),
        beside.statistic("hypergeometric-z", table.z_hypergeometric(), None),
        beside.statistic("pearson-chi-square", table.chi_square(), Some(1)),
        beside.statistic("yates-chi-square", table.chi_square_yates(), Some(1)),
        beside.statistic("g-test", table.g(), Some(1)),
    ];
    let fisher = table.fisher();
    let of_fisher = |id: &str, p: fn(&Fisher) -> f64| exact(beside, id, fisher.as_ref().map(p));
    tests.extend([
        of_fisher("fisher-exact", |fisher| fisher.two_sided),
        of_fisher("fisher-less", |fisher| fisher.less),
        of_fisher("fisher-greater", |fisher| fisher.greater),
        of_fisher("fisher-mid-p-doubling", Fisher::mid_p_doubled),
        of_fisher("fisher-mid-p-minlike", Fisher::mid_p_minlike),
    ]);
    if groups > UNCONDITIONAL_GROUPS || beside.group.1.rows.1 + beside.reference.1.rows.1 > UNCONDITIONAL_ROWS {
        let why = format!(
            "not computed past {UNCONDITIONAL_ROWS} rows in the two groups together or {UNCONDITIONAL_GROUPS} groups, where it \
             adds nothing to the others"
        );
        tests.extend(["barnard", "boschloo"].map(|id| beside.refused(id, why.clone())));
    } else {
        tests.push(exact(beside, "barnard", table.barnard().as_ref().map(|p| *p)));
        let boschloo = table.boschloo();
        tests.push(exact(beside, "boschloo", boschloo.as_ref().map(|p| p.two_sided())));
    }
    tests
}

fn exact(beside: &Beside<'_>, id: &str, p: Result<f64, &NotComputed>) -> NamedTest {
    match p {
        Ok(p) => beside.with_p(id, p),
        Err(refusal) => beside.refused(id, refusal.to_string()),
    }
}

/// The odds ratio with the interval of the policy's method.
fn odds(run: &Run<'_>, beside: &Beside<'_>) -> NamedTest {
    let inference = &run.policy.inference;
    let method = inference.methods.odds_ratio;
    let (Some(a), Some(b)) = (beside.group.1.sample, beside.reference.1.sample) else {
        return beside.test(method.id);
    };
    let confidence = inference.confidence;
    let (point, interval) = if method.id == "exact-conditional" {
        let counts =
            |evidence: &Evidence| Counts::new(evidence.rows.0, evidence.rows.1).filter(|_| evidence.independent);
        let Some((x, y)) = counts(beside.group.1).zip(counts(beside.reference.1)) else {
            return beside.refused(
                method.id,
                "the exact interval takes rows that count once each and are independent",
            );
        };
        match (
            odds_ratio::conditional_estimate(x, y),
            odds_ratio::exact(x, y, confidence),
        ) {
            (Ok(point), Ok(interval)) => (point, Some(interval)),
            (Err(refusal), _) | (_, Err(refusal)) => return beside.refused(method.id, refusal.to_string()),
        }
    } else {
        (odds_ratio::point(a, b), method.pair_interval(a, b, z_for(confidence)))
    };
    let mut test = beside.estimate(method.id, point.unwrap_or(f64::INFINITY), interval, confidence);
    if interval.is_none() {
        test.not_computed = Some(method.undefined_when.to_owned());
    } else if test.estimate.is_none() {
        test.note = Some("the odds ratio has no limit: a cell of the reference is empty".to_owned());
    }
    test
}

fn in_people(beside: &Beside<'_>, group: Counts, reference: Counts) -> Practical {
    let h = practical::cohens_h(group, reference);
    Practical {
        rate: beside.rate.id.to_owned(),
        complement: beside.complement,
        by: beside.by.to_vec(),
        group: beside.group.0.clone(),
        reference: beside.reference.0.clone(),
        shortfall_of_reference_rate: practical::shortfall_at_reference_rate(group, reference),
        shortfall_of_pooled_rate: practical::shortfall_at_common_rate(group, reference),
        moves_to_four_fifths: practical::moves_to_ratio(group, reference, 4, 5),
        moves_to_parity: practical::moves_to_ratio(group, reference, 1, 1),
        one_person_flips: practical::one_person_decides(group, reference),
        cohens_h: h,
        cohens_h_words: Magnitude::of_h(h).word().to_owned(),
        phi: practical::phi(group, reference),
    }
}
