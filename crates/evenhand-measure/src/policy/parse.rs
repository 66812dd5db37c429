//! This module reads a policy file, and reports everything that is wrong with it at once, with line and column.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::section::{Located, Section};
use super::{
    Adjustment, Bins, Check, Data, Inference, Join, Judge, Level, Methods, Policy, Publish, Roles, Values, beyond,
    find_preset, gate, report,
};
use crate::catalogue::{CRITERIA, METHODS, Method, MethodOf, find_criterion, find_method};
use crate::problem::{Problem, listed};

/// Reads the text of a policy file; `name` is how messages call it.
///
/// ```
/// use evenhand_measure::policy::parse;
/// let policy = parse("evenhand.toml", r#"
///     [roles]
///     prediction = "hired"
///     protected = ["sex", "race"]
///     intersections = [["sex", "race"]]
///     [inference]
///     min-denominator = 30
///     [[check]]
///     criterion = "four-fifths"
///     bound = 0.9
/// "#).unwrap();
/// assert_eq!(policy.checks[0].criterion.id, "disparate-impact");
///
/// let problems = parse("evenhand.toml", "[roles]\npredction = 'hired'\nprotected = 'sex'").unwrap_err();
/// assert_eq!(problems.len(), 2);
/// assert!(problems[0].message.contains("line 2"));
/// ```
///
/// # Errors
/// Every unknown key, wrong type and impossible value.
pub fn parse(name: &str, text: &str) -> Result<Policy, Vec<Problem>> {
    parse_onto(Policy::default(), name, text)
}

/// The same on top of another policy: what the file does not say stays as it was, and a file with checks of its own
/// replaces all checks.
///
/// # Errors
/// As [`parse`].
pub fn parse_onto(base: Policy, name: &str, text: &str) -> Result<Policy, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<Located> = errors
        .iter()
        .map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let message = format!("{name}, {}: {}", place(text, offset), error.message());
            (offset, Problem::usage(message, "correct the TOML there"))
        })
        .collect();
    let policy = read(base, name, text, document.get_ref(), &mut problems);
    if problems.is_empty() {
        return Ok(policy);
    }
    problems.sort_by_key(|(offset, _)| *offset);
    Err(problems.into_iter().map(|(_, problem)| problem).collect())
}

/// `line L, column C` of a byte offset.
pub(super) fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    format!("line {line}, column {column}")
}

fn read(base: Policy, name: &str, text: &str, document: &DeTable<'_>, problems: &mut Vec<Located>) -> Policy {
    let mut root = Section::new(name, text, "the policy", document);
    let base = ground(base, &mut root, problems);
    let own_checks: Vec<Check> = root
        .sections("check", problems)
        .into_iter()
        .filter_map(|section| check(section, problems))
        .collect();
    for (index, check) in own_checks.iter().enumerate() {
        let same = |other: &&Check| {
            other.criterion == check.criterion && (other.by == check.by || other.by.is_empty() || check.by.is_empty())
        };
        if own_checks[..index].iter().any(|other| same(&other)) {
            problems.push(root.at(
                "check",
                &format!("{} is checked twice for the same groups", check.criterion.id),
                "keep one of the checks, or give each its own `by`",
            ));
        }
    }
    let waivers = root
        .sections("waiver", problems)
        .into_iter()
        .filter_map(|section| gate::waiver(section, problems))
        .collect::<Vec<_>>();
    let policy = Policy {
        preset: base.preset,
        data: match root.section("data", problems) {
            Some(section) => data(base.data, section, problems),
            None => base.data,
        },
        roles: match root.section("roles", problems) {
            Some(section) => roles(base.roles, section, problems),
            None => base.roles,
        },
        values: match root.section("values", problems) {
            Some(section) => values(base.values, section, problems),
            None => base.values,
        },
        bins: match root.section("bins", problems) {
            Some(section) => bins(section, problems),
            None => base.bins,
        },
        lists: match root.section("lists", problems) {
            Some(section) => beyond::lists(base.lists, section, problems),
            None => base.lists,
        },
        amounts: match root.section("amounts", problems) {
            Some(section) => beyond::amounts(base.amounts, section, problems),
            None => base.amounts,
        },
        scores: match root.section("scores", problems) {
            Some(section) => beyond::scores(base.scores, section, problems),
            None => base.scores,
        },
        inference: match root.section("inference", problems) {
            Some(section) => inference(base.inference, section, problems),
            None => base.inference,
        },
        publication: match root.section("publication", problems) {
            Some(section) => Some(publication(base.publication.unwrap_or_default(), section, problems)),
            None => base.publication,
        },
        checks: if own_checks.is_empty() { base.checks } else { own_checks },
        baseline: match root.section("baseline", problems) {
            Some(section) => gate::baseline(base.baseline, section, problems),
            None => base.baseline,
        },
        waivers: if waivers.is_empty() { base.waivers } else { waivers },
        report: match root.section("report", problems) {
            Some(section) => report::report(section, problems),
            None => base.report,
        },
    };
    root.finish(problems);
    policy
}

/// What the file goes on from: the preset that it names, unless that is `base` already.
fn ground(base: Policy, root: &mut Section<'_, '_>, problems: &mut Vec<Located>) -> Policy {
    let Some(name) = root.text("preset", problems) else {
        return base;
    };
    let preset = match find_preset(&name) {
        Ok(preset) => preset,
        Err(near) => {
            let help = format!("did you mean {}?", listed(&near, near.len()));
            problems.push(root.at("preset", &format!("there is no preset `{name}`"), &help));
            return base;
        }
    };
    match &base.preset {
        Some(other) if *other != preset.id => {
            problems.push(root.at(
                "preset",
                &format!("the file goes on from `{}`, and `{other}` was asked for", preset.id),
                "leave out one of the two: a policy goes on from one preset",
            ));
            base
        }
        Some(_) => base,
        None => preset.policy.clone(),
    }
}

fn roles(base: Roles, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Roles {
    let roles = Roles {
        prediction: section.text("prediction", problems).or(base.prediction),
        compared: section.text("compared", problems).or(base.compared),
        label: section.text("label", problems).or(base.label),
        score: section.text("score", problems).or(base.score),
        threshold: section.threshold("threshold", problems).or(base.threshold),
        protected: section.texts("protected", problems).unwrap_or(base.protected),
        intersections: section
            .text_lists("intersections", problems)
            .unwrap_or(base.intersections),
        intersect_all: section.flag("intersect-all", problems).unwrap_or(base.intersect_all),
        strata: section.texts("strata", problems).unwrap_or(base.strata),
        period: section.text("period", problems).or(base.period),
        weight: section.text("weight", problems).or(base.weight),
        count: section.text("count", problems).or(base.count),
        cluster: section.text("cluster", problems).or(base.cluster),
        rate: section.text("rate", problems).or(base.rate),
        amount: section.text("amount", problems).or(base.amount),
        true_amount: section.text("true-amount", problems).or(base.true_amount),
        list: section.text("list", problems).or(base.list),
        item: section.text("item", problems).or(base.item),
        rank: section.text("rank", problems).or(base.rank),
        user: section.text("user", problems).or(base.user),
        relevance: section.text("relevance", problems).or(base.relevance),
        category: section.text("category", problems).or(base.category),
        merit: section.text("merit", problems).or(base.merit),
        popularity: section.text("popularity", problems).or(base.popularity),
        controls: section.texts("controls", problems).unwrap_or(base.controls),
        item_side: section.texts("item-side", problems).unwrap_or(base.item_side),
    };
    section.finish(problems);
    roles
}

fn values(base: Values, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Values {
    let values = Values {
        positive: section.text("positive", problems).or(base.positive),
        positive_label: section.text("positive-label", problems).or(base.positive_label),
        each_class: section.flag("each-class", problems).unwrap_or(base.each_class),
        ordered: section.texts("ordered", problems).unwrap_or(base.ordered),
        adverse: section.flag("adverse", problems).or(base.adverse),
        missing: section.texts("missing", problems).unwrap_or(base.missing),
        non_answers: section.texts("non-answers", problems).unwrap_or(base.non_answers),
        map: match section.section("map", problems) {
            Some(table) => maps(table, problems),
            None => base.map,
        },
        distinct: section.texts("distinct", problems).unwrap_or(base.distinct),
    };
    section.finish(problems);
    values
}

fn maps(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut maps = BTreeMap::new();
    for column in section.keys() {
        let Some(mut texts) = section.section(&column, problems) else {
            continue;
        };
        let spelt = texts.keys().into_iter();
        let map = spelt.filter_map(|text| Some((text.clone(), texts.text(&text, problems)?)));
        maps.insert(column, map.collect());
        texts.finish(problems);
    }
    section.finish(problems);
    maps
}

fn data(base: Data, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Data {
    let data = Data {
        files: section.texts("files", problems).unwrap_or(base.files),
        encoding: section.text("encoding", problems).or(base.encoding),
        delimiter: section.letter("delimiter", problems).or(base.delimiter),
        decimal: section.word("decimal", problems).or(base.decimal),
        header_row: section.whole("header-row", problems).or(base.header_row),
        footer_rows: section.whole("footer-rows", problems).or(base.footer_rows),
        ragged: section.word("ragged", problems).or(base.ragged),
        sheet: section.text("sheet", problems).or(base.sheet),
        table: section.text("table", problems).or(base.table),
        query: section.text("query", problems).or(base.query),
        records: section.text("records", problems).or(base.records),
        explode: section.texts("explode", problems).unwrap_or(base.explode),
        separator: section.text("separator", problems).or(base.separator),
        joins: if section.has("join") {
            let joins = section.sections("join", problems).into_iter();
            joins.filter_map(|section| join(section, problems)).collect()
        } else {
            section.knows("join");
            base.joins
        },
        digits: section.word("digits", problems).or(base.digits),
        relevant: section.text("relevant", problems).map(Into::into).or(base.relevant),
        history: section.text("history", problems).map(Into::into).or(base.history),
    };
    section.finish(problems);
    data
}

fn join(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Option<Join> {
    let file = section.text("file", problems);
    let on = section.text("on", problems);
    for (key, value) in [("file", &file), ("on", &on)] {
        if value.is_none() {
            problems.push(section.at(
                key,
                &format!("a join has no `{key}`"),
                "write the file and the column to join on",
            ));
        }
    }
    let (key, side) = (section.text("key", problems), section.text("side", problems));
    section.finish(problems);
    Some(Join {
        file: file?.into(),
        on: on?,
        key,
        side,
    })
}

fn bins(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> BTreeMap<String, Bins> {
    let mut bins = BTreeMap::new();
    for column in section.keys() {
        let Some(of) = section.bins(&column, problems) else {
            continue;
        };
        match &of {
            Bins::Edges(edges) => {
                if let Err(problem) = check_edges(&column, edges) {
                    problems.push(section.at(&column, &problem.message, &problem.help));
                    continue;
                }
            }
            Bins::Quantiles(_) => {}
        }
        bins.insert(column, of);
    }
    bins
}

/// Whether edges can be bins: at least one, finite, rising.
///
/// # Errors
/// What is wrong with them.
pub fn check_edges(column: &str, edges: &[f64]) -> Result<(), Problem> {
    let rising = edges.windows(2).all(|pair| pair[0] < pair[1]);
    if edges.is_empty() || !rising || edges.iter().any(|edge| !edge.is_finite()) {
        return Err(Problem::usage(
            format!("the bins of `{column}` are not rising numbers"),
            "write the edges from low to high, such as 25, 40, 60",
        ));
    }
    Ok(())
}

/// The highest confidence: beyond it a level of error has no digits left.
pub const HIGHEST_CONFIDENCE: f64 = 0.999_999;

fn inference(defaults: Inference, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Inference {
    let confidence = section.number("confidence", problems).unwrap_or(defaults.confidence);
    if !(0.5..=HIGHEST_CONFIDENCE).contains(&confidence) {
        problems.push(section.at(
            "confidence",
            &format!("a confidence of {confidence} is not between 0.5 and {HIGHEST_CONFIDENCE}"),
            "write 0.95 for 95 %",
        ));
    }
    let min_denominator = section
        .whole("min-denominator", problems)
        .unwrap_or(defaults.min_denominator);
    let judge = judge(&mut section, problems).unwrap_or(defaults.judge);
    let methods = match section.section("methods", problems) {
        Some(table) => methods(defaults.methods, table, problems),
        None => defaults.methods,
    };
    let adjust_warnings = adjustment(&mut section, defaults.adjust_warnings, problems);
    let replicates = section.whole("replicates", problems).map_or(defaults.replicates, |n| {
        if !(100..=1_000_000).contains(&n) {
            problems.push(section.at(
                "replicates",
                &format!("{n} resamples are not between 100 and 1,000,000"),
                "leave it out for 2,000",
            ));
        }
        u32::try_from(n).unwrap_or(u32::MAX)
    });
    let seed = section.whole("seed", problems).unwrap_or(defaults.seed);
    let mut flag = |key: &str, default: bool| section.flag(key, problems).unwrap_or(default);
    let one_person_rule = flag("one-person-rule", defaults.one_person_rule);
    let simultaneous = flag("simultaneous", defaults.simultaneous);
    let partial_pooling = flag("partial-pooling", defaults.partial_pooling);
    let mut reference = defaults.reference;
    if let Some(mut table) = section.section("reference", problems) {
        for column in table.keys() {
            if let Some(value) = table.text(&column, problems) {
                reference.insert(column, value);
            }
        }
    }
    section.finish(problems);
    Inference {
        confidence,
        min_denominator,
        judge,
        reference,
        methods,
        one_person_rule,
        adjust_warnings,
        simultaneous,
        replicates,
        seed,
        partial_pooling,
    }
}

fn methods(defaults: Methods, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Methods {
    let mut chosen = |key: &str, of: MethodOf, default: &'static Method| {
        let Some(name) = section.text(key, problems) else {
            return default;
        };
        find_method(of, &name).unwrap_or_else(|near| {
            let known: Vec<&str> = METHODS
                .iter()
                .filter(|method| method.of == of)
                .map(|method| method.id)
                .collect();
            let help = match near.as_slice() {
                [] => format!("the methods are {}", listed(&known, known.len())),
                _ => format!("did you mean {}?", listed(&near, 3)),
            };
            problems.push(section.at(key, &format!("`{name}` is no method for a {}", of.name()), &help));
            default
        })
    };
    let methods = Methods {
        rate: chosen("rate", MethodOf::Rate, defaults.rate),
        difference: chosen("difference", MethodOf::Difference, defaults.difference),
        ratio: chosen("ratio", MethodOf::Ratio, defaults.ratio),
        odds_ratio: chosen("odds-ratio", MethodOf::OddsRatio, defaults.odds_ratio),
    };
    section.finish(problems);
    methods
}

fn adjustment(section: &mut Section<'_, '_>, default: Adjustment, problems: &mut Vec<Located>) -> Adjustment {
    let known = [
        Adjustment::Holm,
        Adjustment::BenjaminiHochberg,
        Adjustment::BenjaminiYekutieli,
    ];
    let Some(name) = section.text("adjust-warnings", problems) else {
        return default;
    };
    let found = known.into_iter().find(|adjustment| adjustment.name() == name);
    if found.is_none() {
        problems.push(section.at(
            "adjust-warnings",
            &format!("`{name}` is no adjustment"),
            &format!("write {}", listed(&known.map(Adjustment::name), 3)),
        ));
    }
    found.unwrap_or(default)
}

fn publication(base: Publish, mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Publish {
    let exclude_below = section.number("exclude-below", problems).or(base.exclude_below);
    if exclude_below.is_some_and(|share| !(share > 0.0 && share < 0.5)) {
        problems.push(section.at(
            "exclude-below",
            "the share below which categories are left out is not above 0 and below 0.5",
            "write 0.02 for 2 %",
        ));
    }
    let publish = Publish {
        exclude_below,
        justification: section.text("justification", problems).or(base.justification),
    };
    section.finish(problems);
    publish
}

fn check(mut section: Section<'_, '_>, problems: &mut Vec<Located>) -> Option<Check> {
    let line = section.line();
    let name = section.text("criterion", problems);
    let by = section.text_lists("by", problems).unwrap_or_default();
    let bound = section.number("bound", problems);
    let pass_mark = section.flag("pass-mark", problems).unwrap_or(true);
    let level = level(&mut section, Level::Error, problems);
    let judge = judge(&mut section, problems);
    let on_inconclusive = section.word("on-inconclusive", problems).unwrap_or_default();
    let criterion = match name.as_deref() {
        None => {
            problems.push(section.here(
                "a check names no criterion",
                "add criterion = \"disparate-impact\" or another",
            ));
            None
        }
        Some(name) => match find_criterion(name) {
            Ok(criterion) => Some(criterion),
            Err(near) => {
                let all: Vec<&str> = CRITERIA.iter().map(|criterion| criterion.id).collect();
                let help = match near.as_slice() {
                    [] => format!("the criteria are {}", listed(&all, all.len())),
                    _ => format!("did you mean {}?", listed(&near, 3)),
                };
                problems.push(section.at("criterion", &format!("there is no criterion `{name}`"), &help));
                None
            }
        },
    };
    if let (Some(criterion), Some(bound)) = (criterion, bound)
        && let Err(problem) = check_bound(criterion, bound)
    {
        problems.push(section.at("bound", &problem.message, &problem.help));
    }
    if !pass_mark && bound.is_some() {
        problems.push(section.at(
            "bound",
            "a check without a pass mark has no bound",
            "leave out `bound` or `pass-mark = false`",
        ));
    }
    section.finish(problems);
    criterion.map(|criterion| Check {
        criterion,
        by,
        bound: pass_mark.then(|| bound.unwrap_or(criterion.bound)),
        level,
        judge,
        on_inconclusive,
        line: Some(line),
    })
}

/// What a breach means.
pub(super) fn level(section: &mut Section<'_, '_>, usual: Level, problems: &mut Vec<Located>) -> Level {
    match section.text("level", problems).as_deref() {
        None => usual,
        Some("error") => Level::Error,
        Some("warn") => Level::Warn,
        Some("off") => Level::Off,
        Some(other) => {
            problems.push(section.at(
                "level",
                &format!("`{other}` is no level"),
                "write \"error\", \"warn\" or \"off\"",
            ));
            usual
        }
    }
}

/// What a verdict rests on, where it is said.
fn judge(section: &mut Section<'_, '_>, problems: &mut Vec<Located>) -> Option<Judge> {
    match section.text("judge", problems).as_deref() {
        None => None,
        Some("interval") => Some(Judge::Interval),
        Some("point") => Some(Judge::Point),
        Some(other) => {
            problems.push(section.at(
                "judge",
                &format!("`{other}` is no way of judging"),
                "write \"interval\" or \"point\"",
            ));
            None
        }
    }
}

/// Whether a bound can hold at all.
///
/// # Errors
/// What it has to be.
pub fn check_bound(criterion: &crate::catalogue::Criterion, bound: f64) -> Result<(), Problem> {
    let (possible, help) = match criterion.comparison {
        crate::inference::Comparison::Ratio => (
            bound > 0.0 && bound <= 1.0,
            "a ratio is above 0 and at most 1, such as 0.8",
        ),
        crate::inference::Comparison::Difference => (
            bound > 0.0 && bound < 1.0,
            "a difference is above 0 and below 1, such as 0.1",
        ),
    };
    if possible {
        Ok(())
    } else {
        Err(Problem::usage(
            format!("{bound} cannot be the bound of {}", criterion.id),
            help,
        ))
    }
}

/// The type of a value in the words of a policy's author.
pub(super) fn kind(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
