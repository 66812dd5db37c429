//! This module makes a policy of a policy file and flags; flags go first.

use std::io;
use std::path::Path;

use evenhand::measure::listed;
use evenhand::measure::policy::{
    Bins, Data, HIGHEST_CONFIDENCE, Join, Preset, Quantiles, check_edges, find_preset, parse_onto,
};
use evenhand::{Judge, Policy, Problem, Roles};

use crate::args::{AuditArgs, Input, JudgeBy, Layout};
use crate::find_policy;

/// The policy that a command line asks for.
pub fn policy(input: &Input) -> Result<Policy, Vec<Problem>> {
    let mut policy = written(input.preset.as_deref(), input.policy.as_deref())?;
    let mut problems = Vec::new();
    let roles = &mut policy.roles;
    if input.prediction.is_some() {
        roles.prediction.clone_from(&input.prediction);
        roles.threshold = None;
    }
    if input.score.is_some() {
        roles.score.clone_from(&input.score);
        roles.threshold = input.threshold;
        // With a threshold the score is the decision.
        if input.threshold.is_some() {
            roles.prediction = None;
        }
    }
    let named = [
        (&mut roles.compared, &input.compare),
        (&mut roles.label, &input.label),
        (&mut roles.weight, &input.weight),
        (&mut roles.count, &input.count),
        (&mut roles.cluster, &input.cluster),
        (&mut roles.rate, &input.rate),
        (&mut roles.amount, &input.amount),
        (&mut roles.true_amount, &input.true_amount),
        (&mut roles.list, &input.list),
        (&mut roles.item, &input.item),
        (&mut roles.rank, &input.rank),
        (&mut roles.user, &input.user),
        (&mut roles.relevance, &input.relevance),
        (&mut roles.category, &input.category),
        (&mut roles.merit, &input.merit),
        (&mut roles.popularity, &input.popularity),
        (&mut policy.values.positive, &input.positive),
        (&mut policy.values.positive_label, &input.positive_label),
    ];
    for (setting, flag) in named {
        if flag.is_some() {
            setting.clone_from(flag);
        }
    }
    if !input.protected.is_empty() {
        roles.protected.clone_from(&input.protected);
    }
    if !input.controls.is_empty() {
        roles.controls.clone_from(&input.controls);
    }
    if !input.strata.is_empty() {
        roles.strata.clone_from(&input.strata);
    }
    if !input.intersections.is_empty() {
        let sets = input.intersections.iter();
        roles.intersections = sets.map(|set| set.split('+').map(str::to_owned).collect()).collect();
    }
    // Without protected attributes, these are guessed before those of the intersections are added.
    if !roles.protected.is_empty() {
        protect_crossed(roles);
    }
    policy.values.each_class |= input.each_class;
    if !input.ordered.is_empty() {
        policy.values.ordered.clone_from(&input.ordered);
    }
    policy.values.adverse = input.adverse.or(policy.values.adverse);
    policy.values.missing.extend(input.missing.iter().cloned());
    policy.values.distinct.extend(input.distinct.iter().cloned());
    for given in &input.map {
        match mapped(given) {
            Some((column, text, value)) => {
                policy.values.map.entry(column).or_default().insert(text, value);
            }
            None => problems.push(Problem::usage(
                format!("`{given}` maps nothing"),
                "write --map COLUMN=TEXT:VALUE, such as --map sex=F:Female",
            )),
        }
    }
    policy.lists.attention = input.attention.unwrap_or(policy.lists.attention);
    policy.lists.target = input.target.or(policy.lists.target);
    if !input.cutoffs.is_empty() {
        policy.lists.cutoffs.clone_from(&input.cutoffs);
    }
    policy.amounts.scale = input.scale.unwrap_or(policy.amounts.scale);
    policy.scores.exact |= input.exact;
    lay_out(&mut policy.data, &input.layout);
    problems.extend(given_twice("--bins", &input.bins));
    for given in &input.bins {
        match bins(given) {
            Ok((column, edges)) => {
                policy.bins.insert(column, edges);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

/// What a preset and a policy file say, before any flag.
pub fn written(name: Option<&str>, path: Option<&Path>) -> Result<Policy, Vec<Problem>> {
    let base = ground(name)?;
    match path {
        Some(path) => from_file(base, path),
        None => Ok(base),
    }
}

/// `sex=F:Female`
fn mapped(given: &str) -> Option<(String, String, String)> {
    let (column, rest) = given.split_once('=')?;
    let (text, value) = rest.split_once(':')?;
    (!column.is_empty()).then(|| (column.to_owned(), text.to_owned(), value.to_owned()))
}

/// Takes over what flags say of the layout.
pub fn lay_out(data: &mut Data, layout: &Layout) {
    fn set<T: Clone>(setting: &mut Option<T>, flag: &Option<T>) {
        if flag.is_some() {
            setting.clone_from(flag);
        }
    }
    set(&mut data.encoding, &layout.encoding);
    set(&mut data.delimiter, &layout.delimiter);
    set(&mut data.decimal, &layout.decimal);
    set(&mut data.header_row, &layout.header_row);
    set(&mut data.footer_rows, &layout.footer_rows);
    set(&mut data.ragged, &layout.ragged);
    set(&mut data.records, &layout.records);
    set(&mut data.separator, &layout.separator);
    set(&mut data.digits, &layout.digits);
    set(&mut data.sheet, &layout.sheet);
    set(&mut data.relevant, &layout.relevant.clone().map(Into::into));
    set(&mut data.history, &layout.history.clone().map(Into::into));
    // A table and a query are two ways to say the same.
    if layout.table.is_some() || layout.query.is_some() {
        data.table.clone_from(&layout.table);
        data.query.clone_from(&layout.query);
    }
    if !layout.explode.is_empty() {
        data.explode.clone_from(&layout.explode);
    }
    let joins = [
        (&layout.users, &layout.on, Some("user")),
        (&layout.items, &layout.items_on, Some("item")),
        (&layout.lookup, &layout.lookup_on, None),
    ];
    for (file, on, side) in joins {
        let (Some(file), Some(on)) = (file, on) else {
            continue;
        };
        let (on, key) = match on.split_once('=') {
            Some((ours, theirs)) => (ours, Some(theirs.to_owned())),
            None => (on.as_str(), None),
        };
        let side = side.map(str::to_owned);
        data.joins.retain(|join| join.side != side);
        data.joins.push(Join {
            file: file.as_str().into(),
            on: on.to_owned(),
            key,
            side,
        });
    }
}

/// Adds the attributes of the intersections to the protected ones.
pub fn protect_crossed(roles: &mut Roles) {
    for column in roles.intersections.iter().flatten() {
        if !roles.protected.contains(column) {
            roles.protected.push(column.clone());
        }
    }
}

/// The same with what only an audit takes.
pub fn audit_policy(args: &AuditArgs) -> Result<Policy, Vec<Problem>> {
    let mut policy = policy(&args.input)?;
    let mut problems = Vec::new();
    let inference = &mut policy.inference;
    problems.extend(given_twice("--reference", &args.reference));
    for given in &args.reference {
        match given.split_once('=') {
            Some((column, value)) if !column.is_empty() && !value.is_empty() => {
                inference.reference.insert(column.to_owned(), value.to_owned());
            }
            _ => problems.push(Problem::usage(
                format!("`{given}` names no reference"),
                "write --reference COLUMN=VALUE, such as --reference race=White",
            )),
        }
    }
    if let Some(minimum) = args.min_denominator {
        inference.min_denominator = minimum;
    }
    if let Some(confidence) = args.confidence {
        if (0.5..=HIGHEST_CONFIDENCE).contains(&confidence) {
            inference.confidence = confidence;
        } else {
            problems.push(Problem::usage(
                format!("a confidence of {confidence} is not between 0.5 and {HIGHEST_CONFIDENCE}"),
                "write --confidence 0.95 for 95 %",
            ));
        }
    }
    inference.simultaneous |= args.simultaneous;
    inference.partial_pooling |= args.partial_pooling;
    if args.seed.is_some() && !inference.simultaneous {
        problems.push(Problem::usage(
            "--seed is of no use without --simultaneous: nothing else is resampled",
            "add --simultaneous, or leave out --seed",
        ));
    }
    inference.seed = args.seed.unwrap_or(inference.seed);
    if let Some(judge) = args.judge {
        inference.judge = match judge {
            JudgeBy::Interval => Judge::Interval,
            JudgeBy::Point => Judge::Point,
        };
    }
    if problems.is_empty() { Ok(policy) } else { Err(problems) }
}

/// Columns that a flag of the form `COLUMN=…` names more than once: only one of them could count.
fn given_twice(flag: &str, given: &[String]) -> Vec<Problem> {
    let column = |given: &String| given.split_once('=').map(|(column, _)| column.to_owned());
    let columns: Vec<String> = given.iter().filter_map(column).collect();
    let again = |(index, column): &(usize, &String)| columns[..*index].contains(column);
    columns
        .iter()
        .enumerate()
        .filter(again)
        .map(|(_, column)| {
            Problem::usage(
                format!("{flag} is given twice for `{column}`"),
                format!("give {flag} once for each column"),
            )
        })
        .collect()
}

/// What a policy goes on from: the preset of this name, or nothing.
pub fn ground(name: Option<&str>) -> Result<Policy, Vec<Problem>> {
    name.map_or_else(|| Ok(Policy::default()), |name| Ok(preset(name)?.policy.clone()))
}

fn preset(name: &str) -> Result<&'static Preset, Vec<Problem>> {
    find_preset(name).map_err(|near| {
        vec![Problem::usage(
            format!("there is no preset `{name}`"),
            format!("did you mean {}?", listed(&near, near.len())),
        )]
    })
}

/// The policy of a file that goes on from another. What it names is seen from its folder, wherever the command runs.
pub fn from_file(base: Policy, path: &Path) -> Result<Policy, Vec<Problem>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let (why, help) = match error.kind() {
            io::ErrorKind::NotFound => ("it does not exist".to_owned(), "check the name and the folder"),
            io::ErrorKind::InvalidData => ("it is not UTF-8 text".to_owned(), "save it again as UTF-8"),
            io::ErrorKind::IsADirectory => ("it is a folder".to_owned(), "name the policy file in it"),
            _ => (error.to_string(), "check the file and its permissions"),
        };
        vec![Problem::usage(
            format!("the policy `{name}` cannot be read: {why}"),
            help,
        )]
    })?;
    let mut policy = parse_onto(base, &name, &text)?;
    for table in policy.data.tables_mut() {
        table.seen_from = find_policy::beside(Some(path), "");
    }
    Ok(policy)
}

/// `age=25,40,60` or `age=quartiles`
fn bins(given: &str) -> Result<(String, Bins), Problem> {
    let parsed = given.split_once('=').and_then(|(column, edges)| {
        if let Some(quantiles) = Quantiles::of(edges.trim()) {
            return Some((column.to_owned(), Bins::Quantiles(quantiles)));
        }
        let edges: Result<Vec<f64>, _> = edges.split(',').map(|edge| edge.trim().parse()).collect();
        Some((column.to_owned(), Bins::Edges(edges.ok()?)))
    });
    let (column, bins) = parsed.ok_or_else(|| {
        Problem::usage(
            format!("`{given}` names no bins"),
            format!(
                "write --bins COLUMN=EDGES, such as --bins age=25,40,60, or one of {} in their place",
                Quantiles::WORDS.join(", ")
            ),
        )
    })?;
    if let Bins::Edges(edges) = &bins {
        check_edges(&column, edges)?;
    }
    Ok((column, bins))
}
