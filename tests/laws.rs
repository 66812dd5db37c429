//! Laws that hold for every table, looped over the catalogue: a new rate or criterion is tested by existing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use evenhand::measure::audit::model::{GroupKind, GroupRates, Reason, Value};
use evenhand::measure::catalogue::{Cells, Entry, METHODS, RATES, STATISTICS, entries};
use evenhand::measure::policy::default_checks;
use evenhand::measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level};
use evenhand::measure::{Audit, audit};
use evenhand::{Outcome, Policy, Tally, Verdict};
use proptest::prelude::*;

/// A row: two groups, a stratum, a label, a prediction; `None` is missing.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    first: Option<u8>,
    second: u8,
    stratum: u8,
    label: Option<bool>,
    prediction: Option<bool>,
}

fn row() -> impl Strategy<Value = Row> {
    let seldom = |chance| prop::option::weighted(1.0 - chance, any::<bool>());
    (
        prop::option::weighted(0.95, 0u8..4),
        0u8..3,
        0u8..2,
        seldom(0.05),
        seldom(0.03),
    )
        .prop_map(|(first, second, stratum, label, prediction)| Row {
            first,
            second,
            stratum,
            label,
            prediction,
        })
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(), 1..300)
}

fn event(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// The tally of rows, each standing for `times` rows, with group names made by `name`.
fn tally(rows: &[Row], times: u64, name: impl Fn(u8) -> String) -> Tally {
    let columns = [
        (Axis::Protected, "first"),
        (Axis::Protected, "second"),
        (Axis::Strata, "stratum"),
        (Axis::Label, "label"),
        (Axis::Prediction, "prediction"),
    ];
    let mut dimensions: Vec<Dimension> = columns
        .iter()
        .map(|(role, column)| Dimension::new(*role, column, Coding::AsWritten))
        .collect();
    let mut cells = Vec::new();
    for row in rows {
        let texts = [
            row.first.map(&name).unwrap_or_default(),
            format!("s{}", row.second),
            format!("t{}", row.stratum),
            event(row.label).to_owned(),
            event(row.prediction).to_owned(),
        ];
        let key = texts.iter().zip(&mut dimensions).map(|(text, dimension)| {
            let level = Level::of(text);
            let known = dimension.levels.iter().position(|l| *l == level);
            known.unwrap_or_else(|| {
                dimension.levels.push(level);
                dimension.levels.len() - 1
            }) as u32
        });
        cells.push((key.collect(), Counts::of(times)));
    }
    Tally::new(Cube::new(dimensions, cells).unwrap(), rows.len() as u64)
}

fn plain(rows: &[Row]) -> Tally {
    tally(rows, 1, |code| format!("g{code}"))
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.values.positive = Some("yes".to_owned());
    policy.values.positive_label = Some("yes".to_owned());
    policy.values.adverse = Some(false);
    policy.roles.intersections = vec![vec!["first".to_owned(), "second".to_owned()]];
    policy
}

/// An audit, unless the rows lack a decision or a label altogether.
fn audited(tally: &Tally) -> Option<Audit> {
    let has = |role| {
        let position = tally.decisions.positions(role).next();
        position.is_some_and(|p| tally.decisions.dimensions()[p].levels.contains(&Level::of("yes")))
    };
    (has(Axis::Label) && has(Axis::Prediction)).then(|| audit(tally, &policy()).unwrap())
}

fn points(row: &GroupRates) -> BTreeMap<&str, Option<u64>> {
    row.values
        .iter()
        .map(|(id, value)| (id.as_str(), value.point().map(f64::to_bits)))
        .collect()
}

/// Counting with boolean masks over the rows, as one would on paper.
fn by_hand(rows: &[&Row], cells: Cells, needs_label: bool, needs_prediction: bool) -> u64 {
    let holds = |row: &Row| {
        let label = if needs_label {
            [row.label; 2]
        } else {
            [Some(true), Some(false)]
        };
        let prediction = if needs_prediction {
            [row.prediction; 2]
        } else {
            [Some(true), Some(false)]
        };
        label.iter().flatten().any(|&l| {
            prediction.iter().flatten().any(|&p| {
                cells.contains(match (p, l) {
                    (true, true) => Cells::TP,
                    (true, false) => Cells::FP,
                    (false, true) => Cells::FN,
                    (false, false) => Cells::TN,
                })
            })
        })
    };
    rows.iter().filter(|row| holds(row)).count() as u64
}

fn in_group(row: &Row, group: &GroupRates) -> bool {
    let first = row.first.map(|code| format!("g{code}"));
    let second = Some(format!("s{}", row.second));
    group.group.get("first").is_none_or(|value| *value == first)
        && group.group.get("second").is_none_or(|value| *value == second)
}

proptest! {
    // Each case is the whole catalogue on three attribute sets, so a few dozen are thousands of checks.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_rate_equals_counting_by_hand(rows in rows()) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        for group in &audit.rates {
            let members: Vec<&Row> = rows.iter().filter(|row| in_group(row, group)).collect();
            prop_assert_eq!(group.n, members.len() as u64);
            for rate in RATES {
                let needs = rate.needs();
                let count = |cells| by_hand(&members, cells, needs.label, needs.prediction);
                let (numerator, denominator) = (count(rate.numerator), count(rate.denominator));
                match &group.values[rate.id] {
                    Value::Share(share) => {
                        prop_assert_eq!(share.numerator.value(), numerator as f64, "{} of {:?}", rate.id, group.group);
                        prop_assert_eq!(share.denominator.value(), denominator as f64);
                        prop_assert!(share.lower <= share.point && share.point <= share.upper);
                        prop_assert!((0.0..=1.0).contains(&share.lower) && (0.0..=1.0).contains(&share.upper));
                    }
                    // Among a few rows it happens that nobody who was turned away has a label.
                    Value::Undefined { undefined, .. } if undefined.contains("the label is known only") => {
                        let label_of = |row: &&&Row, decided: bool| row.prediction == Some(decided) && row.label.is_some();
                        let few = |all: &[&Row]| all.iter().filter(|row| label_of(row, false)).count()
                            < all.iter().filter(|row| label_of(row, true)).count();
                        let everybody: Vec<&Row> = rows.iter().collect();
                        prop_assert!(needs.label && (few(&members) || few(&everybody)), "{} of {:?}", rate.id, group.group);
                    }
                    other => prop_assert!(denominator == 0, "{} is {other:?} with {denominator} rows", rate.id),
                }
            }
        }
    }

    #[test]
    fn statistics_stay_within_their_range(rows in rows()) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        for group in &audit.rates {
            for statistic in STATISTICS {
                if let Some(point) = group.values[statistic.id].point() {
                    let (low, high) = statistic.range;
                    // Rounding may pass an end by a few units in the last place.
                    prop_assert!(low.is_none_or(|low| point >= low - 1e-12), "{} = {point}", statistic.id);
                    prop_assert!(high.is_none_or(|high| point <= high + 1e-12), "{} = {point}", statistic.id);
                }
            }
        }
    }

    #[test]
    fn order_and_parts_do_not_matter(rows in rows(), cut in 0usize..400, seed in any::<u64>()) {
        let whole = plain(&rows);
        let cut = cut.min(rows.len());
        let parts = plain(&rows[cut..]).merge(&plain(&rows[..cut])).unwrap();
        prop_assert_eq!(whole.to_json(), parts.to_json());
        let mut shuffled = rows.clone();
        // A fixed walk through the rows is shuffle enough.
        let step = (seed as usize % rows.len().max(1)).max(1);
        shuffled.rotate_left(step % rows.len());
        shuffled.reverse();
        prop_assert_eq!(whole.to_json(), plain(&shuffled).to_json());
        let back = Tally::from_json(&whole.to_json()).unwrap();
        prop_assert_eq!(back.to_json(), whole.to_json());
        if let Some(audit) = audited(&whole) {
            let again = audited(&parts).unwrap();
            prop_assert_eq!(serde_json::to_string(&audit).unwrap(), serde_json::to_string(&again).unwrap());
        }
    }

    #[test]
    fn margins_commute_with_merging(rows in rows(), cut in 0usize..400) {
        let cut = cut.min(rows.len());
        let (left, right) = (plain(&rows[..cut]).decisions, plain(&rows[cut..]).decisions);
        let keep = [0, 3, 4];
        prop_assert_eq!(
            left.merge(&right).unwrap().margin(&keep),
            left.margin(&keep).merge(&right.margin(&keep)).unwrap()
        );
        let total = left.total().n + right.total().n;
        let mut sliced = 0;
        let both = left.merge(&right).unwrap();
        for level in &both.dimensions()[0].levels.clone() {
            sliced += both.slice(0, level).total().n;
        }
        prop_assert_eq!(total, sliced);
    }

    #[test]
    fn complements_add_up(rows in rows()) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        for group in &audit.rates {
            for rate in RATES {
                let rest = rate.denominator.without(rate.numerator);
                let twin = RATES.iter().find(|other| other.numerator == rest && other.denominator == rate.denominator);
                let Some(twin) = twin else { continue };
                match (group.values[rate.id].point(), group.values[twin.id].point()) {
                    (Some(p), Some(q)) => prop_assert!((p + q - 1.0).abs() < 1e-12, "{} + {}", rate.id, twin.id),
                    (None, None) => {}
                    other => prop_assert!(false, "{} and {}: {other:?}", rate.id, twin.id),
                }
            }
        }
    }

    #[test]
    fn names_of_groups_do_not_matter(rows in rows()) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        // The new names sort the other way round.
        let renamed = audited(&tally(&rows, 1, |code| format!("z{}", 9 - code))).unwrap();
        prop_assert_eq!(audit.verdict, renamed.verdict);
        let sorted = |audit: &Audit| {
            let mut all: Vec<_> = audit.rates.iter().map(|row| format!("{:?}", (&row.by, row.n, points(row)))).collect();
            all.sort();
            all
        };
        prop_assert_eq!(sorted(&audit), sorted(&renamed));
        let outcomes = |audit: &Audit| {
            let mut all: Vec<_> = audit
                .findings
                .iter()
                .map(|f| (format!("{:?}", (&f.criterion, &f.rate, f.outcome)), f.point.map(f64::abs)))
                .collect();
            all.sort_by(|a, b| a.partial_cmp(b).unwrap());
            all
        };
        let (before, after) = (outcomes(&audit), outcomes(&renamed));
        prop_assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            prop_assert_eq!(&one.0, &other.0);
            // 1e-12: a pooled point is a sum over strata, and the groups' order turns its terms round.
            let apart = one.1.zip(other.1).map_or(0.0, |(a, b)| (a - b).abs());
            prop_assert!(one.1.is_some() == other.1.is_some() && apart < 1e-12, "{one:?} {other:?}");
        }
    }

    #[test]
    fn more_of_the_same_keeps_points_and_never_widens(rows in rows(), times in 2u64..50) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        let more = audited(&tally(&rows, times, |code| format!("g{code}"))).unwrap();
        for (few, many) in audit.findings.iter().zip(&more.findings) {
            // More rows can show that labels follow decisions, and then there is no point any more.
            if many.reason == Some(Reason::SelectiveLabels) {
                continue;
            }
            if few.pooled_over.is_empty() {
                prop_assert_eq!(few.point.map(f64::to_bits), many.point.map(f64::to_bits));
            } else {
                // 1e-12: a pooled point is a sum of weighted differences, and the weights are multiplied too.
                let apart = few.point.zip(many.point).map_or(0.0, |(a, b)| (a - b).abs());
                prop_assert!(few.point.is_some() == many.point.is_some() && apart < 1e-12, "{few:?} {many:?}");
            }
            if let (Some(low), Some(high), Some(closer_low), Some(closer_high)) = (few.lower, few.upper, many.lower, many.upper) {
                prop_assert!(closer_low >= low - 1e-9 && closer_high <= high + 1e-9, "{few:?} {many:?}");
            }
        }
    }

    #[test]
    fn interval_and_raw_answers_never_contradict(rows in rows(), times in 1u64..40) {
        let Some(audit) = audited(&tally(&rows, times, |code| format!("g{code}"))) else { return Ok(()) };
        for finding in &audit.findings {
            let (Some(p), Some(low)) = (finding.p_comply, finding.lower) else { continue };
            let inside = finding.bound.at_least.is_none_or(|bound| low > bound)
                && finding.bound.at_most.is_none_or(|bound| finding.upper.is_some_and(|high| high < bound));
            // Within a hair of the level either answer may come out of the root search.
            if (p - 0.025).abs() > 1e-6 {
                prop_assert_eq!(p < 0.025, inside, "{:?}", finding);
            }
            if finding.outcome == Outcome::Fail {
                let beyond = finding.bound.at_least.is_some_and(|bound| finding.upper.is_some_and(|high| high < bound))
                    || finding.bound.at_most.is_some_and(|bound| low > bound);
                prop_assert!(beyond, "a failure lies beyond its bound: {:?}", finding);
            }
            let adjusted = finding.p_breach_adjusted.unwrap();
            prop_assert!(adjusted >= finding.p_breach.unwrap() - 1e-15);
        }
    }

    #[test]
    fn rows_are_accounted_for(rows in rows()) {
        let Some(audit) = audited(&plain(&rows)) else { return Ok(()) };
        let left_out: u64 = audit.data.excluded.iter().map(|exclusion| exclusion.rows).sum();
        prop_assert_eq!(audit.data.rows_read, audit.data.rows_counted + left_out);
        prop_assert_eq!(audit.data.rows_read, rows.len() as u64);
        for by in [vec!["first"], vec!["second"], vec!["first", "second"]] {
            let sum: u64 = audit.rates.iter().filter(|row| row.by == by).map(|row| row.n).sum();
            prop_assert_eq!(sum, rows.len() as u64, "{:?}", by);
        }
    }

    #[test]
    fn a_group_and_its_copy_never_differ(rows in rows(), times in 1u64..200) {
        // Every row once in each of two groups: whatever the rates, there is no difference to find.
        let twins: Vec<Row> = rows
            .iter()
            .flat_map(|row| [0, 1].map(|code| Row { first: Some(code), second: code, ..row.clone() }))
            .collect();
        let Some(audit) = audited(&tally(&twins, times, |code| format!("g{code}"))) else { return Ok(()) };
        for finding in audit.findings.iter().filter(|f| f.by == ["first"]) {
            prop_assert_ne!(finding.outcome, Outcome::Fail, "{:?}", finding);
            if let Some(point) = finding.point {
                prop_assert_eq!(point, if finding.comparison == "ratio" { 1.0 } else { 0.0 });
            }
        }
        prop_assert_ne!(audit.verdict, Verdict::Fail);
    }
}

#[test]
fn missing_is_never_judged_and_never_dropped() {
    let mut rows: Vec<Row> = (0..200)
        .map(|i| Row {
            first: Some(i % 2),
            second: 0,
            stratum: 0,
            label: Some(true),
            prediction: Some(i % 4 < 2),
        })
        .collect();
    rows.extend((0..50).map(|_| Row {
        first: None,
        second: 0,
        stratum: 0,
        label: Some(false),
        prediction: Some(false),
    }));
    let audit = audited(&plain(&rows)).unwrap();
    let missing = audit
        .rates
        .iter()
        .find(|row| row.kind == GroupKind::Missing && row.by == ["first"])
        .unwrap();
    assert_eq!(missing.n, 50);
    assert!(
        audit
            .findings
            .iter()
            .filter(|f| f.by == ["first"])
            .all(|f| f.group["first"].is_some())
    );
}

#[test]
fn the_catalogue_is_in_order() {
    // A method's other names need only be plain beside what it is for: the score method of a ratio, of a difference.
    let is_method = |entry: &Entry| matches!(entry, Entry::Method(_));
    let measures = entries().filter(|entry| !is_method(entry));
    let mut names: Vec<&str> = measures
        .flat_map(|e| e.aliases().iter().copied().chain([e.id()]))
        .chain(entries().filter(is_method).map(Entry::id))
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "ids and aliases are unique");
    for method in METHODS {
        for alias in method.aliases {
            let measure = entries()
                .filter(|e| !is_method(e))
                .find(|e| e.id() == *alias || e.aliases().contains(alias));
            assert!(measure.is_none(), "{alias} is a name of something else");
            let twins = METHODS
                .iter()
                .filter(|other| other.of == method.of && other.aliases.contains(alias));
            assert_eq!(twins.count(), 1, "{alias}");
        }
    }
    for name in names {
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{name}"
        );
    }
    for entry in entries() {
        let paragraphs: Vec<&str> = entry
            .doc()
            .split("\n\n")
            .filter(|text| !text.trim().is_empty())
            .collect();
        assert!(
            paragraphs.len() >= 2,
            "{}: says what it means and what it does not",
            entry.id()
        );
        assert!(!entry.citations().is_empty() && !entry.formula().is_empty() && !entry.undefined_when().is_empty());
        for citation in entry.citations() {
            assert!(citation.text.contains(|c: char| c.is_ascii_digit()), "{}", citation.key);
        }
    }
    for (i, rate) in RATES.iter().enumerate() {
        let twin = RATES[..i]
            .iter()
            .find(|r| (r.numerator, r.denominator) == (rate.numerator, rate.denominator));
        assert!(twin.is_none(), "{} is {} again", rate.id, twin.unwrap().id);
    }
    let defaults = default_checks(&|_| false);
    let deciding = defaults.iter().filter(|check| check.level == evenhand::Level::Error);
    let of_decisions = deciding.filter(|check| check.criterion.measure.is_none());
    assert_eq!(of_decisions.count(), 2);
}
