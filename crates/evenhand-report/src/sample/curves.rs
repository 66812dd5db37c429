//! This module is audits of lists, amounts and scores, for the tests. Their numbers are made up.

use evenhand_measure::audit::model::{
    Audit, Bound, Finding, Group, GroupKind, GroupRates, Outcome, Reason, Series, SeriesUnit, Value, Verdict,
};
use evenhand_measure::policy::Level;
use serde_json::json;

use super::failing;

fn group(column: &str, name: &str) -> Group {
    Group::from([(column.to_owned(), Some(name.to_owned()))])
}

fn number(point: f64, reach: f64) -> Value {
    Value::Number {
        point,
        lower: Some(point - reach),
        upper: Some(point + reach),
    }
}

/// An audit without decisions, of these groups.
fn bare(column: &str, names: &[&str], values: impl Fn(usize) -> Vec<(&'static str, Value)>) -> Audit {
    let mut audit = failing().audit();
    audit.roles.prediction = None;
    audit.roles.adverse = None;
    audit.roles.protected = vec![column.to_owned()];
    audit.sensitivity.clear();
    audit.notes.clear();
    audit.data.excluded.clear();
    (audit.data.rows_read, audit.data.records_read) = (audit.data.rows_counted, audit.data.rows_counted);
    audit.rates = names
        .iter()
        .enumerate()
        .map(|(at, name)| GroupRates {
            by: vec![column.to_owned()],
            group: group(column, name),
            within: Group::new(),
            kind: GroupKind::Judged,
            n: 400 + 37 * ((at as u64 * 7) % 11),
            values: values(at)
                .into_iter()
                .map(|(id, value)| (id.to_owned(), value))
                .collect(),
        })
        .collect();
    let overall = GroupRates {
        by: vec![],
        group: Group::new(),
        kind: GroupKind::Overall,
        ..audit.rates[0].clone()
    };
    audit.rates.insert(0, overall);
    audit.findings.clear();
    audit
}

/// A comparison of two groups that fails.
fn finding(criterion: &str, rate: &str, comparison: &str, (group, reference): (&GroupRates, &GroupRates)) -> Finding {
    let bound = match comparison {
        "ratio" => Bound {
            at_least: Some(0.8),
            at_most: None,
        },
        _ => Bound {
            at_least: Some(-0.05),
            at_most: Some(0.05),
        },
    };
    let is_it = |key: &&String| key.split_once('@').map_or(key.as_str(), |(id, _)| id) == rate;
    let value = |rates: &GroupRates| {
        rates
            .values
            .iter()
            .find(|(key, _)| is_it(key))
            .map(|(_, value)| value.clone())
    };
    let point = |rates: &GroupRates| value(rates).and_then(|value| value.point()).unwrap_or(1.0);
    let point = match comparison {
        "ratio" => point(group) / point(reference),
        _ => point(group) - point(reference),
    };
    let mut finding = failing().audit().findings.remove(0);
    finding.criterion = criterion.to_owned();
    finding.rate = rate.to_owned();
    finding.comparison = comparison.to_owned();
    finding.by = group.by.clone();
    finding.group = group.group.clone();
    finding.reference = Some(reference.group.clone());
    finding.group_value = value(group);
    finding.reference_value = value(reference);
    finding.point = Some(point);
    finding.lower = Some(point - 0.03);
    finding.upper = Some(point + 0.03);
    finding.bound = bound;
    finding.method = "delete-a-bucket jackknife".to_owned();
    (finding.p_breach, finding.p_breach_adjusted, finding.p_comply) = (Some(0.0004), Some(0.0008), Some(0.999_6));
    finding.outcome = Outcome::Fail;
    (finding.detectable, finding.rows_to_settle, finding.why, finding.reason) = (None, None, None, None);
    finding.level = Level::Error;
    finding
}

/// Counts what is there, and takes the verdict of the worst.
fn settled(mut audit: Audit) -> Audit {
    let size = audit.findings.len();
    for finding in &mut audit.findings {
        finding.family.size = size;
    }
    let family = &mut audit.families[0];
    (family.size, family.listed) = (size, size);
    let of = |outcome| audit.findings.iter().filter(|f| f.outcome == outcome).count();
    (family.fail, family.inconclusive, family.pass) = (of(Outcome::Fail), of(Outcome::Inconclusive), of(Outcome::Pass));
    (family.not_judged, family.not_applicable) = (0, 0);
    let none = &mut audit.families[1];
    (none.size, none.listed, none.fail, none.inconclusive, none.pass) = (0, 0, 0, 0, 0);
    audit.verdict = match audit.findings.first().map(|finding| finding.outcome) {
        Some(Outcome::Fail) => Verdict::Fail,
        Some(Outcome::Inconclusive) => Verdict::Inconclusive,
        _ => Verdict::Pass,
    };
    audit
}

/// Lists whose items belong to these groups, and whose users to two.
pub(crate) fn lists(names: &[&str]) -> Audit {
    let column = "item.region";
    let count = names.len() as f64;
    // Later groups get more than their part.
    let share = |at: usize| (at as f64 + 1.0) / (count * (count + 1.0) / 2.0);
    let mut audit = bare(column, names, |at| {
        vec![
            ("exposure-share", number(share(at), 0.2 / count * share(at))),
            ("exposure-ratio", number(share(at) * count, 0.1 * share(at) * count)),
        ]
    });
    audit.policy = json!({
        "inference": { "confidence": 0.95 },
        "roles": { "list": "session", "item": "product", "rank": "place", "user": "customer" },
        "lists": { "attention": "log", "target": "catalogue" },
    });
    let by = vec![column.to_owned()];
    for (at, name) in names.iter().enumerate() {
        let of = group(column, name);
        let mut exposure = Series::new("exposure", &by, &of, [(at as f64 + 1.0, Some(share(at)))]);
        exposure.setting = Some("attention that falls with the logarithm of the place (log)".to_owned());
        let reach = 0.2 / count * share(at);
        (exposure.lower, exposure.upper) = (vec![Some(share(at) - reach)], vec![Some(share(at) + reach)]);
        audit.series.push(exposure);
        let mut target = Series::new("exposure-target", &by, &of, [(at as f64 + 1.0, Some(1.0 / count))]);
        target.setting = Some("their share of the catalogue".to_owned());
        audit.series.push(target);
        let places = (1..=12_u32).map(|place| {
            let tilt = f64::from(place) / 12.0 * 1.4 + 0.3;
            let value = share(at) * if at == 0 { tilt } else { 1.0 };
            (f64::from(place), (place < 12 || at > 0).then_some(value.min(1.0)))
        });
        let mut strip = Series::new("rank-shares", &by, &of, places);
        strip.labels = (1..=12).map(|place| place.to_string()).collect();
        audit.series.push(strip);
    }
    let lorenz = (0..=50_u32)
        .map(|step| f64::from(step) / 50.0)
        .map(|x| (x, Some(x.powi(3))));
    audit.series.push(Series::new("popularity", &[], &Group::new(), lorenz));
    if names.len() > 1 {
        let rates: Vec<GroupRates> = audit.rates[1..].to_vec();
        let last = &rates[rates.len() - 1];
        let of_items = rates[..rates.len() - 1]
            .iter()
            .map(|rates| finding("exposure-parity", "exposure-ratio", "ratio", (rates, last)));
        audit.findings.extend(of_items);
    }
    users(&mut audit);
    settled(audit)
}

/// Two groups of users, whose lists are worth different amounts.
fn users(audit: &mut Audit) {
    let values = |at: usize| {
        vec![
            ("ndcg@10", number(0.31 + 0.07 * at as f64, 0.02)),
            ("hit-rate@10", number(0.52 + 0.06 * at as f64, 0.03)),
            ("list-recall@10", Value::undefined("no user has a relevant item")),
        ]
    };
    let rates: Vec<GroupRates> = bare("user.gender", &["F", "M"], values).rates[1..].to_vec();
    audit
        .findings
        .push(finding("ndcg-parity", "ndcg", "difference", (&rates[0], &rates[1])));
    let mut open = finding("hit-rate-parity", "hit-rate", "difference", (&rates[0], &rates[1]));
    open.outcome = Outcome::Inconclusive;
    open.reason = Some(Reason::TooFewRows);
    open.why = Some("the interval covers the bound, so these rows settle it neither way".to_owned());
    open.rows_to_settle = Some(4_200);
    audit.findings.push(open);
    audit.rates.extend(rates);
    for (at, items) in ["North", "South"].into_iter().enumerate() {
        let share = |user: usize| {
            vec![(
                "cross-exposure",
                number(0.3 + 0.3 * at as f64 + 0.1 * user as f64, 0.02),
            )]
        };
        let mut rates = bare("user.gender", &["F", "M"], share).rates;
        for rates in &mut rates {
            rates.within = group("item.region", items);
        }
        audit.rates.extend(rates);
    }
}

/// Prices of these groups, the last the reference.
pub(crate) fn prices(names: &[&str]) -> Audit {
    let column = "income";
    let level = |at: usize| 108.3 - 4.15 * at as f64;
    let mut audit = bare(column, names, |at| {
        vec![
            ("geometric-mean-amount", number(level(at), 0.8)),
            ("mean-amount", number(level(at) + 2.2, 0.9)),
            ("adjusted-price-gap", number(1.041 - 0.02 * at as f64, 0.01)),
        ]
    });
    audit.policy = json!({
        "inference": { "confidence": 0.95 },
        "roles": { "amount": "price", "controls": ["base_cost", "distance_km"] },
    });
    let rates: Vec<GroupRates> = audit.rates[1..].to_vec();
    let last = &rates[rates.len() - 1];
    for of in &rates[..rates.len() - 1] {
        for (criterion, rate) in [
            ("price-parity", "geometric-mean-amount"),
            ("conditional-price-parity", "adjusted-price-gap"),
        ] {
            let mut found = finding(criterion, rate, "ratio", (of, last));
            found.bound = Bound {
                at_least: Some(0.95),
                at_most: Some(1.0 / 0.95),
            };
            if rate == "adjusted-price-gap" {
                (found.group_value, found.reference_value) = (None, None);
                (found.point, found.lower, found.upper) = (Some(1.0408), Some(1.029), Some(1.053));
            }
            audit.findings.push(found);
        }
        let gaps = [(0.1, 0.02), (0.25, 0.03), (0.5, 0.035), (0.75, 0.04), (0.9, 0.061)];
        let mut curve = Series::new(
            "quantile-gaps",
            &of.by,
            &of.group,
            gaps.map(|(x, y)| (x, Some(y * of.values["mean-amount"].point().unwrap_or(1.0) / 104.0))),
        );
        curve.reference = Some(last.group.clone());
        curve.y_unit = SeriesUnit::Change;
        curve.lower = curve.y.iter().map(|y| y.map(|y| y - 0.012)).collect();
        curve.upper = curve.y.iter().map(|y| y.map(|y| y + 0.015)).collect();
        audit.series.push(curve);
    }
    let mut terms = Series::new(
        "coefficients",
        &[column.to_owned()],
        &Group::new(),
        [(1.0, Some(0.041)), (2.0, Some(0.18)), (3.0, Some(-0.009)), (4.0, None)],
    );
    terms.labels = [
        format!("income {}, against {}", names[0], names[names.len() - 1]),
        "base_cost, per unit".to_owned(),
        "distance_km, per unit".to_owned(),
        "loyal = yes (left out: the other controls say it)".to_owned(),
    ]
    .to_vec();
    terms.lower = vec![Some(0.029), Some(0.171), Some(-0.012), None];
    terms.upper = vec![Some(0.053), Some(0.189), Some(-0.006), None];
    audit.series.push(terms);
    settled(audit)
}

/// Scores of these groups: the later, the better they are told apart.
pub(crate) fn scores(names: &[&str]) -> Audit {
    let column = "race";
    let bend = |at: usize| 0.55 - 0.4 * at as f64 / names.len() as f64;
    let mut audit = bare(column, names, |at| {
        vec![
            ("auc", number(1.0 / (1.0 + bend(at)), 0.02)),
            ("calibration-error", number(0.02 + 0.01 * at as f64, 0.008)),
            ("brier-score", number(0.21 - 0.001 * at as f64, 0.01)),
        ]
    });
    audit.policy = json!({ "inference": { "confidence": 0.95 }, "roles": { "score": "risk", "label": "defaulted" } });
    let by = vec![column.to_owned()];
    for (at, name) in names.iter().enumerate() {
        let of = group(column, name);
        let roc = (0..=200_u32)
            .map(|step| f64::from(step) / 200.0)
            .map(|x| (x, Some(x.powf(bend(at)))));
        audit.series.push(Series::new("roc", &by, &of, roc));
        let bins = (0..10_u32).map(|bin| f64::from(bin) / 10.0 + 0.05);
        let observed = |x: f64| (x + 0.1 * (x - 0.5) * (at as f64 / names.len() as f64 + 0.5)).clamp(0.0, 1.0);
        let bins: Vec<(f64, Option<f64>)> = bins.map(|x| (x, (x > 0.1 || at != 1).then(|| observed(x)))).collect();
        let mut calibration = Series::new("calibration", &by, &of, bins);
        calibration.lower = calibration.y.iter().map(|y| y.map(|y| (y - 0.05).max(0.0))).collect();
        calibration.upper = calibration.y.iter().map(|y| y.map(|y| (y + 0.05).min(1.0))).collect();
        calibration.setting = Some("10 bins of equal width".to_owned());
        calibration.n = vec![40; 10];
        audit.series.push(calibration);
        let sweep = (0..=60_u32).map(|step| f64::from(step) / 60.0);
        let mut sweep = Series::new(
            "threshold-sweep",
            &by,
            &of,
            sweep.map(|x| (x, Some((1.0 - x).powf(0.6 + 0.4 * at as f64 / names.len() as f64)))),
        );
        sweep.measure = Some("selection-rate".to_owned());
        sweep.y_unit = SeriesUnit::Share;
        sweep.marked = Some(0.5);
        audit.series.push(sweep);
        if at > 0 {
            let ratio = (0..=60_u32).map(|step| f64::from(step) / 60.0);
            let ratio = ratio.map(|x| {
                (
                    x,
                    (x < 0.95).then_some(1.0 - 0.5 * x - 0.2 * at as f64 / names.len() as f64),
                )
            });
            let mut sweep = Series::new("threshold-sweep", &by, &of, ratio);
            sweep.measure = Some("disparate-impact".to_owned());
            sweep.reference = Some(group(column, names[0]));
            sweep.y_label = "ratio of selection rates".to_owned();
            sweep.bound = Some(Bound {
                at_least: Some(0.8),
                at_most: None,
            });
            sweep.marked = Some(0.97);
            audit.series.push(sweep);
        }
    }
    let rates: Vec<GroupRates> = audit.rates[1..].to_vec();
    for of in rates.iter().skip(1) {
        audit
            .findings
            .push(finding("auc-parity", "auc", "difference", (&rates[0], of)));
    }
    settled(audit)
}
