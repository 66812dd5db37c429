//! Two worked examples and planted ones, from tallies to verdicts.

use std::collections::BTreeMap;

use crate::attention::Attention;
use crate::audit::audit;
use crate::audit::model::{Audit, Outcome, Value, Verdict};
use crate::lists::provider::{Entry, Known, Measuring, WANTED, key_of_group, short_head};
use crate::policy::{Policy, Target};
use crate::tally::{Axis, BUCKETS, Coding, Counts, Cube, Dimension, Level, ListSums, Lists, Stock, Tally, TimesShown};

/// An item of a catalogue.
#[derive(Clone, Debug, Default)]
struct Item {
    group: &'static str,
    popularity: Option<f64>,
    merit: Option<f64>,
}

fn item(group: &'static str) -> Item {
    Item {
        group,
        ..Item::default()
    }
}

/// One list of one user each: items by number, best place first, and those wanted, also of those not shown.
#[derive(Clone, Debug)]
struct List {
    items: Vec<usize>,
    wanted: Option<Vec<usize>>,
}

fn cube<V: crate::tally::Cell>(axes: &[(Axis, &str)], cells: Vec<(Vec<String>, V)>) -> Cube<V> {
    let mut dimensions: Vec<Dimension> = axes
        .iter()
        .map(|(axis, column)| {
            let coding = if *axis == Axis::Bucket {
                Coding::Buckets
            } else {
                Coding::AsWritten
            };
            Dimension::new(*axis, column, coding)
        })
        .collect();
    let cells: Vec<(Vec<u32>, V)> = cells
        .into_iter()
        .map(|(names, value)| {
            let key = names.iter().zip(&mut dimensions).map(|(name, dimension)| {
                let level = Level::of(name);
                let known = dimension.levels.iter().position(|known| *known == level);
                known.unwrap_or_else(|| {
                    dimension.levels.push(level);
                    dimension.levels.len() - 1
                }) as u32
            });
            (key.collect(), value)
        })
        .collect();
    Cube::new(dimensions, cells).unwrap()
}

fn counts(n: u64) -> Counts {
    Counts { n, ..Counts::default() }
}

/// The tally that lists make, all of its measures of lists among it. `wanted_apart` says whether a table has them.
fn tally(items: &[Item], lists: &[List], wanted_apart: bool) -> Tally {
    let names: Vec<&str> = {
        let mut names: Vec<&str> = items.iter().map(|item| item.group).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let group = |item: usize| names.iter().position(|name| *name == items[item].group).unwrap();
    let levels: Vec<Vec<Level>> = names.iter().map(|name| vec![Level::of(name)]).collect();
    let of_group = |name: &&str| items.iter().filter(|item| item.group == *name).count() as f64 / items.len() as f64;
    let targets: Vec<f64> = names.iter().map(of_group).collect();
    let has = |get: fn(&Item) -> Option<f64>| items.iter().any(|item| get(item).is_some());
    let known = Known {
        relevance: lists.iter().any(|list| list.wanted.is_some()),
        merit: has(|item| item.merit),
        popularity: has(|item| item.popularity),
        catalogue: true,
    };
    let head = short_head(&items.iter().map(|item| item.popularity).collect::<Vec<_>>(), 0.8);
    let measuring = Measuring::new(&["provider"], &levels, &targets, known, Attention::Log);
    let (mut shown, mut decisions, mut measured) = (Vec::new(), Vec::new(), Vec::new());
    let mut times: BTreeMap<u64, u64> = BTreeMap::new();
    for (user, list) in lists.iter().enumerate() {
        let bucket = (user % usize::from(BUCKETS)).to_string();
        let entries: Vec<Entry> = list
            .items
            .iter()
            .zip(1..)
            .map(|(item, place)| Entry {
                place,
                group: group(*item),
                relevant: list.wanted.as_ref().map(|wanted| wanted.contains(item)),
                merit: items[*item].merit,
                is_tail: head[*item].map(|head| !head),
            })
            .collect();
        for (entry, item) in entries.iter().zip(&list.items) {
            let relevant = entry
                .relevant
                .map_or("", |relevant| if relevant { "yes" } else { "no" });
            let key = [items[*item].group, &entry.place.to_string(), relevant, &bucket].map(str::to_owned);
            shown.push((key.to_vec(), counts(1)));
            decisions.push((vec![items[*item].group.to_owned()], counts(1)));
            *times.entry(*item as u64).or_default() += 1;
        }
        let mut sums = ListSums {
            units: 1,
            ..ListSums::default()
        };
        for (key, value) in measuring.keys().iter().zip(measuring.of(&entries)) {
            value
                .into_iter()
                .for_each(|value| sums.of.entry(key.clone()).or_default().add(value));
        }
        for (key, value) in known
            .keys(Attention::Log)
            .into_iter()
            .zip(known.of(&entries, Attention::Log))
        {
            value
                .into_iter()
                .for_each(|value| sums.of.entry(key.clone()).or_default().add(value));
        }
        for (key, wins) in measuring.pair_keys().iter().zip(measuring.pairs(&entries)) {
            sums.of.entry(key.clone()).or_default().add_share(wins.wins, wins.pairs);
        }
        if wanted_apart {
            for (index, level) in levels.iter().enumerate() {
                let wanted = list
                    .wanted
                    .iter()
                    .flatten()
                    .filter(|item| group(**item) == index)
                    .count();
                let key = key_of_group(WANTED, &["provider"], level);
                sums.of.entry(key).or_default().add(wanted as f64);
            }
        }
        measured.push((vec![bucket], sums));
    }
    let stock = items.iter().map(|item| {
        let mut stock = Stock {
            items: 1,
            ..Stock::default()
        };
        item.popularity
            .into_iter()
            .for_each(|popularity| stock.popularity.add(popularity));
        item.merit.into_iter().for_each(|merit| stock.merit.add(merit));
        (vec![item.group.to_owned()], stock)
    });
    let mut columns = BTreeMap::from([("list", "list"), ("item", "item"), ("rank", "rank")]);
    let more = [
        ("relevance", known.relevance),
        ("merit", known.merit),
        ("popularity", known.popularity),
    ];
    columns.extend(
        more.into_iter()
            .filter(|(_, there)| *there)
            .map(|(role, _)| (role, role)),
    );
    let axes = [
        (Axis::Protected, "provider"),
        (Axis::Rank, "rank"),
        (Axis::Relevance, "relevance"),
        (Axis::Bucket, "list"),
    ];
    let mut made = Tally::new(cube(&axes[..1], decisions), 1);
    made.lists = Some(Lists {
        columns: columns
            .into_iter()
            .map(|(role, column)| (role.to_owned(), column.to_owned()))
            .collect(),
        of_items: vec!["provider".to_owned()],
        lists: lists.len() as u64,
        users: lists.len() as u64,
        longest: lists.iter().map(|list| list.items.len()).max().unwrap_or(0) as u64,
        left_out: BTreeMap::new(),
        found: BTreeMap::new(),
        shown: cube(&axes, shown),
        catalogue: cube(&axes[..1], stock.collect()),
        has_catalogue: true,
        knows_wanted: wanted_apart,
        measured: cube(&axes[3..], measured),
        history: None,
        times_shown: times
            .into_iter()
            .map(|(item, times)| TimesShown {
                item,
                times,
                ..TimesShown::default()
            })
            .collect(),
    });
    made
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["provider".to_owned()];
    policy.roles.item_side = vec!["provider".to_owned()];
    policy
}

/// One list of ten: A A A B A A B A B B.
fn one() -> Tally {
    let scores = [0.95, 0.90, 0.88, 0.86, 0.80, 0.74, 0.72, 0.60, 0.58, 0.50];
    let items: Vec<Item> = "AAABAABABB"
        .chars()
        .zip(scores)
        .map(|(letter, score)| Item {
            merit: Some(score),
            ..item(if letter == 'A' { "A" } else { "B" })
        })
        .collect();
    let list = List {
        items: (0..10).collect(),
        wanted: Some(vec![0, 1, 3, 5, 6, 8]),
    };
    tally(&items, &[list], false)
}

/// Four users, six items, lists of three.
fn four() -> Tally {
    let providers = ["big", "big", "artisan", "big", "artisan", "artisan"];
    let popularity = [50.0, 30.0, 10.0, 5.0, 3.0, 2.0];
    let items: Vec<Item> = providers
        .into_iter()
        .zip(popularity)
        .map(|(group, popularity)| Item {
            popularity: Some(popularity),
            ..item(group)
        })
        .collect();
    let list = |items: [usize; 3], wanted: &[usize]| List {
        items: items.to_vec(),
        wanted: Some(wanted.to_vec()),
    };
    let lists = [
        list([0, 1, 2], &[0, 2]),
        list([0, 2, 4], &[4]),
        list([1, 0, 3], &[5]),
        list([0, 1, 5], &[5, 4]),
    ];
    tally(&items, &lists, true)
}

fn value(audit: &Audit, group: Option<&str>, key: &str) -> f64 {
    match found(audit, group, key) {
        Value::Number { point, .. } => *point,
        other => panic!("{key} of {group:?} is {other:?}"),
    }
}

fn found<'a>(audit: &'a Audit, group: Option<&str>, key: &str) -> &'a Value {
    let same = |rates: &&crate::audit::model::GroupRates| match group {
        None => rates.by.is_empty(),
        Some(name) => rates.group.get("provider").and_then(Option::as_deref) == Some(name),
    };
    let rates = audit.rates.iter().find(same).unwrap();
    rates
        .values
        .get(key)
        .unwrap_or_else(|| panic!("{key} is not there: {:?}", rates.values.keys()))
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value} is not {expected}");
}

#[test]
fn the_values_of_one_list() {
    let audit = audit(&one(), &policy()).unwrap();
    for (group, key, expected) in [
        (Some("B"), "exposure-share", 0.298027),
        (Some("B"), "exposure-ratio", 0.745068),
        (Some("A"), "exposure-per-item", 0.531576),
        (Some("B"), "exposure-per-item", 0.338526),
        (None, "exposure-gap", 0.531576 - 0.338526),
        (None, "awrf", 0.991724),
        (None, "list-awrf@log", 0.991724),
        (None, "ndkl", 0.2682902496),
        (None, "ndkl@pooled", 0.2682902496),
        (Some("A"), "pairwise-accuracy", 1.0),
        (Some("B"), "pairwise-accuracy", 1.0 / 3.0),
        (Some("A"), "pairwise-accuracy@within", 7.0 / 9.0),
        (Some("B"), "skew@10", 0.0),
        (None, "list-attention-gap@log", 0.226541),
    ] {
        near(value(&audit, group, key), expected, 1.1e-6);
    }
    let merit = |group| value(&audit, Some(group), "exposure-merit-ratio");
    near(merit("B") / merit("A"), 0.777290, 1e-6);
    // Relevance of yes or no as merit: 0.424557 and 0.535967 of the other group's.
    for (key, expected) in [
        ("exposure-ratio@relevance", 0.424557),
        ("exposure-impact-ratio", 0.535967),
    ] {
        near(
            value(&audit, Some("B"), key) / value(&audit, Some("A"), key),
            expected,
            1e-6,
        );
    }
    // One list says nothing of others.
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    let tests: Vec<(&str, Option<&str>, f64)> = audit
        .tests
        .iter()
        .map(|test| (test.id.as_str(), test.group["provider"].as_deref(), test.p.unwrap()))
        .collect();
    let b = |id: &str| tests.iter().find(|test| test.0 == id && test.1 == Some("B")).unwrap().2;
    near(b("finite-prefixes"), 31.0 / 210.0, 1e-12);
    near(b("relabelling"), 0.171429, 5e-7);
}

#[test]
fn the_values_of_four_lists_and_the_target_that_turns_the_verdict() {
    let audit = audit(&four(), &policy()).unwrap();
    for (group, key, expected) in [
        (None, "gini@n", 0.3055556),
        (None, "gini@n-1", 0.3666667),
        (None, "item-entropy", 1.6326309272),
        (None, "item-entropy@normalized", 0.9111886697),
        (None, "effective-items", 5.1173203),
        (None, "herfindahl", 0.2222222),
        (None, "item-coverage", 1.0),
        (None, "tail-share", 0.4166667),
        (None, "tail-items", 1.25),
        (None, "rank-statistical-parity", 0.3333333),
        (None, "rank-equal-opportunity", 0.25),
        (Some("artisan"), "exposure-share", 0.25),
        (Some("artisan"), "exposure-ratio", 0.5),
        (Some("artisan"), "exposure-ratio@sales", 1.67),
        (Some("artisan"), "exposure-ratio@relevance", 0.3),
    ] {
        // 1e-3: shares and ratios are printed to two digits there.
        let tolerance = if key.starts_with("exposure") { 4e-3 } else { 5e-8 };
        near(value(&audit, group, key), expected, tolerance);
    }
    assert_eq!(audit.verdict, Verdict::Inconclusive);
    assert!(audit.findings.iter().all(|finding| finding.outcome != Outcome::Fail));
    let note = audit.notes.iter().find(|note| note.code == "target-decides").unwrap();
    assert!(
        note.message.contains("against `catalogue` `artisan` gets least"),
        "{}",
        note.message
    );
    assert!(
        note.message.contains("against `sales` `big` gets least"),
        "{}",
        note.message
    );
    assert!(!note.message.contains("relevance"), "{}", note.message);
    // Without intervals the bare points fail, and by sales it is the others who do.
    let mut bare = policy();
    bare.inference.judge = crate::policy::Judge::Point;
    let failing = |target: Option<Target>| {
        let mut policy = bare.clone();
        policy.lists.target = target;
        let audit = super::super::super::audit(&four(), &policy).unwrap();
        let fails = audit
            .findings
            .into_iter()
            .filter(|finding| finding.criterion == "exposure-parity" && finding.outcome == Outcome::Fail);
        fails
            .map(|finding| finding.group["provider"].clone().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(failing(None), ["artisan"]);
    assert_eq!(failing(Some(Target::Sales)), ["big"]);
    assert_eq!(failing(Some(Target::Relevance)), ["artisan"]);
}

/// Lists of ten from 20 near and 20 far items; `planted` makes far ones rare at the top.
fn many(users: usize, planted: bool) -> Tally {
    let items: Vec<Item> = (0..40).map(|i| item(if i % 2 == 0 { "near" } else { "far" })).collect();
    let lists: Vec<List> = (0..users)
        .map(|user| {
            // Every user has another mix of ten; which group is first alternates.
            let mut list: Vec<usize> = (0..10).map(|k| (user * 7 + k * 3 + k * k * (user % 3)) % 40).collect();
            list.sort_unstable();
            list.dedup();
            let turn = user % list.len();
            list.rotate_left(turn);
            if planted {
                list.sort_by_key(|item| item % 2);
            }
            List {
                items: list,
                wanted: None,
            }
        })
        .collect();
    tally(&items, &lists, false)
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let fair = audit(&many(600, false), &policy()).unwrap();
    assert_eq!(fair.verdict, Verdict::Pass, "{:?}", fair.findings);
    let planted = audit(&many(600, true), &policy()).unwrap();
    assert_eq!(planted.verdict, Verdict::Fail, "{:?}", planted.findings);
    let fails: Vec<&str> = planted
        .findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Fail)
        .map(|finding| finding.group["provider"].as_deref().unwrap())
        .collect();
    assert_eq!(fails, ["far"]);
    assert!(planted.sensitivity.iter().any(|entry| entry.code == "attention-model"));
    // Down to the tenth place, all count alike: nothing was planted there.
    let flat = planted
        .sensitivity
        .iter()
        .find(|entry| entry.assumption.contains("place 10"))
        .unwrap();
    assert!(flat.changes, "{flat:?}");
}

#[test]
fn a_group_that_nobody_is_shown_fails() {
    let mut items: Vec<Item> = (0..20).map(|_| item("near")).collect();
    items.extend((0..10).map(|_| item("far")));
    let list = |user: usize| List {
        items: (0..5).map(|k| (user + k * 3) % 20).collect(),
        wanted: None,
    };
    let shut_out = audit(
        &tally(&items, &(0..200).map(list).collect::<Vec<_>>(), false),
        &policy(),
    )
    .unwrap();
    assert_eq!(shut_out.verdict, Verdict::Fail);
    let finding = shut_out
        .findings
        .iter()
        .find(|finding| finding.group["provider"].as_deref() == Some("far"))
        .unwrap();
    assert_eq!(finding.point, Some(0.0));
    // q = 1 - 0.025^(1/200) of the attention at most, for a third of the items, against at least 1 - q for the others.
    let q = 1.0 - 0.025f64.powf(1.0 / 200.0);
    near(finding.upper.unwrap(), q / (1.0 - q) * 2.0, 1e-9);
    assert_eq!(finding.lower, Some(0.0));
    let Value::Number { point, lower, upper } = found(&shut_out, Some("far"), "exposure-ratio") else {
        panic!("it has a value");
    };
    assert_eq!((*point, *lower), (0.0, Some(0.0)));
    near(upper.unwrap(), 3.0 * q, 1e-9);
    let note = shut_out.notes.iter().find(|note| note.code == "never-shown").unwrap();
    assert_eq!(note.severity, crate::audit::model::Severity::Error);
    assert!(
        note.message.contains("`far`, with 10 of 30 items, is never shown"),
        "{}",
        note.message
    );
    // The other way round the ratio has no value, but a least one, and is settled as well.
    let other = shut_out
        .findings
        .iter()
        .find(|finding| finding.criterion == "exposure-parity" && finding.group["provider"].as_deref() == Some("near"))
        .unwrap();
    assert_eq!((other.point, other.upper, other.outcome), (None, None, Outcome::Pass));
    near(other.lower.unwrap() * finding.upper.unwrap(), 1.0, 1e-8);
    // Ten users who were not shown any say little.
    let few = audit(&tally(&items, &(0..10).map(list).collect::<Vec<_>>(), false), &policy()).unwrap();
    assert_eq!(few.verdict, Verdict::Inconclusive);
    let note = few.notes.iter().find(|note| note.code == "never-shown").unwrap();
    assert!(note.message.contains("too few users"), "{}", note.message);
    assert!(matches!(found(&shut_out, None, "min-skew@10"), Value::Undefined { .. }));
    near(value(&shut_out, None, "max-skew@10"), 1.5f64.ln(), 1e-12);
}

#[test]
fn parts_of_users_add_up_and_names_do_not_matter() {
    let whole = many(60, true);
    let audit_of = |tally: &Tally| audit(tally, &policy()).unwrap();
    let found = audit_of(&whole);
    let share = value(&found, Some("far"), "exposure-share");
    let other = value(&found, Some("near"), "exposure-share");
    near(share + other, 1.0, 1e-12);
    // The attention of all lists is that of their places.
    let lists = whole.lists.as_ref().unwrap();
    let rank = lists.shown.positions(Axis::Rank).next().unwrap();
    let budget: f64 = lists
        .shown
        .cells()
        .map(|(key, counts)| {
            let place = lists.shown.dimensions()[rank].levels[key[rank] as usize]
                .text()
                .unwrap();
            counts.n as f64 * Attention::Log.weight(place.parse().unwrap()).unwrap()
        })
        .sum();
    let per_item = |group| value(&found, Some(group), "exposure-per-item") * 20.0 * 60.0;
    near(per_item("far") + per_item("near"), budget, 1e-9);
}

#[test]
fn clicks_as_attention() {
    let mut policy = policy();
    policy.lists.attention = Attention::Clicks;
    // Two lists whose first place nobody clicked.
    let items = ["A", "B", "A"].map(item);
    let list = List {
        items: vec![0, 1, 2],
        wanted: Some(vec![1]),
    };
    let audit_of = |lists: &[List]| audit(&tally(&items, lists, false), &policy).unwrap();
    let none = audit_of(&[list.clone(), list.clone()]);
    assert!(matches!(
        found(&none, Some("A"), "exposure-share"),
        Value::Undefined { .. }
    ));
    assert_eq!(none.verdict, Verdict::Inconclusive);
    let clicked = List {
        items: vec![0, 1, 2],
        wanted: Some(vec![0]),
    };
    let half = audit_of(&[list, clicked]);
    near(value(&half, Some("A"), "exposure-share"), 0.5, 1e-15);
    assert!(half.notes.iter().any(|note| note.code == "attention-of-clicks"));
}

#[test]
fn series_are_sound() {
    for tally in [one(), four(), many(30, true)] {
        let audit = audit(&tally, &policy()).unwrap();
        assert!(audit.series.iter().all(super::Series::is_sound));
        for id in ["exposure", "exposure-target", "rank-shares", "popularity"] {
            assert!(audit.series.iter().any(|series| series.id == id), "{id}");
        }
        let curve = audit.series.iter().find(|series| series.id == "popularity").unwrap();
        assert_eq!((curve.y.first(), curve.y.last()), (Some(&Some(0.0)), Some(&Some(1.0))));
    }
}

/// What places get goes into the sums of lists, so another model is another measure.
#[test]
fn measures_of_lists_are_those_of_one_attention_model() {
    let of = |tally: &Tally, model: Attention| {
        let mut policy = policy();
        policy.lists.attention = model;
        audit(tally, &policy).unwrap()
    };
    let keys = |model: &str| [format!("list-awrf@{model}"), format!("list-attention-gap@{model}")];
    let made = of(&one(), Attention::Log);
    assert!(keys("log").iter().all(|key| found(&made, None, key).point().is_some()));
    assert!(!made.notes.iter().any(|note| note.code == "other-attention-model"));
    let other = of(&one(), Attention::Rbp(0.85));
    for key in keys("rbp:0.85") {
        let Value::Undefined { undefined: why, .. } = found(&other, None, &key) else {
            panic!("{key} has a value");
        };
        assert!(why.contains("`log`") && why.contains("--attention rbp:0.85"), "{why}");
    }
    assert!(
        !other
            .rates
            .iter()
            .any(|rates| rates.values.contains_key("list-awrf@log"))
    );
    let notes = other.notes.iter().filter(|note| note.code == "other-attention-model");
    assert_eq!(notes.count(), 2);
    // Parts of two models are kept apart, and neither stands for all lists.
    let mut part = one();
    let lists = part.lists.as_mut().unwrap();
    lists.measured = lists.measured.mapped(|sums| {
        let renamed = std::mem::take(&mut sums.of);
        sums.of = renamed
            .into_iter()
            .map(|(key, moments)| (key.replace("@log", "@trec"), moments))
            .collect();
    });
    let merged = one().merge(&part).unwrap();
    assert_eq!(part.merge(&one()).unwrap(), merged);
    let both = of(&merged, Attention::Log);
    for key in keys("log") {
        let Value::Undefined { undefined: why, .. } = found(&both, None, &key) else {
            panic!("{key} has a value");
        };
        assert!(why.contains("(log, trec)"), "{why}");
    }
    assert!(found(&both, None, "awrf").point().is_some());
}
