//! The joint values against the plain way: each family on its own, every rate summed over the cells for itself, every
//! comparison asked.

use std::collections::BTreeMap;

use crate::audit::compare::statistic;
use crate::audit::groups::{GroupOf, Members};
use crate::audit::read::Reading;
use crate::audit::run::Split;
use crate::confusion::{Confusion, Event};
use crate::inference::resampling::{Resampling, critical_value, critical_value_around};
use crate::policy::{Level, Policy};
use crate::tally::{self, Axis, Coding, Cube, Dimension, Tally};

use super::*;

/// Two attributes with missing values, labels that are sometimes missing, and buckets if they are asked for.
fn tally(buckets: u32) -> Tally {
    let mut dimensions = Vec::new();
    let mut add = |axis, column: &str, levels: Vec<tally::Level>| {
        let mut dimension = Dimension::new(axis, column, Coding::AsWritten);
        dimension.levels = levels;
        dimensions.push(dimension);
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| tally::Level::of(text)).collect::<Vec<_>>();
    add(Axis::Protected, "sex", texts(&["f", "m", ""]));
    add(Axis::Protected, "region", texts(&["east", "north", "south", "west"]));
    add(Axis::Label, "label", texts(&["no", "yes", ""]));
    add(Axis::Prediction, "decision", texts(&["no", "yes"]));
    if buckets > 0 {
        let numbers = (0..buckets).map(|bucket| tally::Level::of(&bucket.to_string()));
        add(Axis::Bucket, "unit", numbers.collect());
    }
    let sizes: Vec<u32> = dimensions
        .iter()
        .map(|dimension| dimension.levels.len() as u32)
        .collect();
    let cells = (0..sizes.iter().product::<u32>()).map(|cell| {
        let mut rest = cell;
        let key = sizes.iter().map(|size| {
            let level = rest % size;
            rest /= size;
            level
        });
        (key.collect::<Vec<u32>>(), tally::Counts::of(u64::from(cell * 37 % 11)))
    });
    let cube = Cube::new(dimensions.clone(), cells.collect::<Vec<_>>()).unwrap();
    let rows = cube.cells().map(|(_, counts)| counts.n).sum();
    Tally::new(cube, rows)
}

/// The rows of a group in a resample.
type Groups<'r> = BTreeMap<(&'r [String], &'r crate::audit::model::Group), Confusion>;

/// The largest |Z| of a family, from the confusions of all groups.
fn largest(
    inference: &Inference,
    (family, part): (&Family<'_>, &[bool]),
    truth: &Rates,
    resample: &Groups<'_>,
    worth: bool,
) -> f64 {
    let mut largest: f64 = 0.0;
    for (trial, _) in family.trials.iter().zip(part).filter(|(_, part)| **part) {
        let setting = &family.settings[trial.setting];
        let sides = [trial.group, trial.reference.unwrap()].map(|known| &family.known[known]);
        let side = |rate: f64| if setting.complement { 1.0 - rate } else { rate };
        let [p, q] = sides.map(|known| side(truth[&(known.group.clone(), setting.by.clone(), setting.of.id())]));
        let bound = setting.comparison().of(p, q).unwrap();
        let samples = sides.map(|known| {
            let (inside, all) = setting
                .of
                .rate()
                .unwrap()
                .counts(&resample[&(setting.by.as_slice(), &known.group)]);
            if all == 0 {
                return None;
            }
            let trials = if worth {
                known.evidence.sample?.trials
            } else {
                all as f64
            };
            Sample::new((side(inside as f64 / all as f64) * trials).clamp(0.0, trials), trials)
        });
        let [Some(a), Some(b)] = samples else { continue };
        if let Some(z) = statistic(inference, setting.comparison(), a, b, bound) {
            largest = largest.max(z.abs());
        }
    }
    largest
}

type Rates = BTreeMap<(crate::audit::model::Group, Vec<String>, &'static str), f64>;

fn each_group(split: &Split) -> impl Iterator<Item = (&[String], &GroupOf)> {
    let partitions = split.partitions.iter();
    partitions.flat_map(|partition| partition.groups.iter().map(|of| (partition.by.as_slice(), of)))
}

fn plainly_by_cell(run: &Run<'_>, family: &Family<'_>, part: &[bool], settings: &Resampling) -> f64 {
    let (split, inference): (&Split, _) = (&run.split, &run.policy.inference);
    let places = Places::of(run, |_| true, |of| of.kind == GroupKind::Judged);
    let cells = joint::cells(run, &places);
    let is_in = |cell: &Cell, by: &[String], group| {
        places
            .place(by, group)
            .is_some_and(|place| cell.places.contains(&place))
    };
    let mut truth = Rates::new();
    for (by, of) in each_group(split) {
        for rate in crate::catalogue::RATES {
            let (mut inside, mut all) = (0.0, 0.0);
            for cell in cells.iter().filter(|cell| is_in(cell, by, &of.group)) {
                let mut one = Confusion::default();
                one.add(cell.events.0, cell.events.1, &tally::Counts::of(1));
                let counts = rate.counts(&one);
                inside += counts.0 as f64 * cell.smoothed;
                all += counts.1 as f64 * cell.smoothed;
            }
            truth.insert((of.group.clone(), by.to_vec(), rate.id), inside / all);
        }
    }
    let weights: Vec<f64> = cells.iter().map(|cell| cell.smoothed).collect();
    let draws = cells.iter().map(|cell| cell.rows).sum();
    let statistic = |drawn: &[u64]| {
        let mut resample = Groups::new();
        for (by, of) in each_group(split) {
            let confusion = resample.entry((by, &of.group)).or_default();
            for (cell, &times) in cells.iter().zip(drawn).filter(|(cell, _)| is_in(cell, by, &of.group)) {
                confusion.add(cell.events.0, cell.events.1, &tally::Counts::of(times));
            }
        }
        Some(largest(inference, (family, part), &truth, &resample, false))
    };
    critical_value_around(&weights, draws, settings, statistic).unwrap().z
}

fn plainly_by_bucket(run: &Run<'_>, family: &Family<'_>, part: &[bool], settings: &Resampling) -> f64 {
    let (split, inference): (&Split, _) = (&run.split, &run.policy.inference);
    let mut truth = Rates::new();
    for (by, of) in each_group(split) {
        for rate in crate::catalogue::RATES {
            let (inside, all) = rate.counts(&of.members.whole);
            truth.insert((of.group.clone(), by.to_vec(), rate.id), inside as f64 / all as f64);
        }
    }
    let buckets: Vec<u32> = split.overall.buckets.keys().copied().collect();
    let drawn_of = |members: &Members, drawn: &[u64]| {
        let mut sum = Confusion::default();
        for (bucket, &times) in buckets.iter().zip(drawn) {
            if let Some(confusion) = members.buckets.get(bucket) {
                (0..times).for_each(|_| sum.merge(confusion));
            }
        }
        sum
    };
    let statistic = |drawn: &[u64]| {
        let resample = each_group(split).map(|(by, of)| ((by, &of.group), drawn_of(&of.members, drawn)));
        Some(largest(inference, (family, part), &truth, &resample.collect(), true))
    };
    critical_value(&vec![1; buckets.len()], settings, statistic).unwrap().z
}

fn check(buckets: u32, adverse: bool, change: impl Fn(&mut Policy)) {
    let tally = tally(buckets);
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    policy.values.positive_label = Some("yes".to_owned());
    policy.roles.intersections = vec![vec!["sex".to_owned(), "region".to_owned()]];
    policy.inference.min_denominator = 5;
    policy.inference.replicates = 299;
    change(&mut policy);
    let reading = Reading::of(&tally, &policy).unwrap();
    let checks = policy.effective_checks(&|_| true);
    let run = Run::new(&reading, &tally, &policy, &checks, adverse);
    let families = [run.family(Level::Error), run.family(Level::Warn)];
    let joints = joints(&run, [&families[0], &families[1]]);
    let settings = Resampling {
        replicates: 299,
        seed: policy.inference.seed,
        level: policy.inference.confidence,
    };
    for (family, joint) in families.iter().zip(&joints) {
        assert!(
            joint.part.iter().filter(|part| **part).count() > 10,
            "{:?}",
            joint.why_not
        );
        let z = if buckets > 0 {
            plainly_by_bucket(&run, family, &joint.part, &settings)
        } else {
            plainly_by_cell(&run, family, &joint.part, &settings)
        };
        assert_eq!(joint.resampled, Some(z));
    }
    assert!(run.split.overall.whole.mass(Event::Positive, Event::Unknown).rows > 0);
}

#[test]
fn one_pass_gives_what_every_comparison_by_itself_gives() {
    check(0, false, |_| {});
    check(0, true, |policy| policy.inference.seed = 5);
}

#[test]
fn other_methods_are_not_passed_over() {
    check(0, false, |policy| {
        policy.inference.methods.ratio = crate::catalogue::METHODS
            .iter()
            .find(|method| method.id == "katz")
            .unwrap();
        policy.inference.methods.difference = crate::catalogue::METHODS
            .iter()
            .find(|method| method.id == "newcombe")
            .unwrap();
    });
}

#[test]
fn buckets_give_the_same_as_adding_up_their_rows() {
    check(40, false, |_| {});
}
