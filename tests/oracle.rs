//! What other software says about the fixtures, against what evenhand says.
//!
//! The records in `fixtures/expected/` were written by `fixtures/expected/make.py`, which names every tool's version.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use evenhand::measure::audit::model::{Group, Value};
use evenhand::measure::catalogue::{Cells, RATES};
use evenhand::{Audit, Policy, audit};
use serde_json::Value as Json;

/// Where definitions coincide, tools agree bit for bit; a ratio of counts is rounded once or twice, so a few units
/// in the last place are allowed, and no more.
const TOLERANCE: f64 = 1e-12;

struct Fixture {
    name: &'static str,
    policy: fn(&mut Policy),
}

const FIXTURES: [Fixture; 4] = [
    Fixture {
        name: "compas",
        policy: |policy| {
            policy.roles.prediction = Some("high_risk".to_owned());
            policy.roles.label = Some("two_year_recid".to_owned());
            policy.roles.count = Some("n".to_owned());
            policy.values.positive = Some("yes".to_owned());
            policy.values.positive_label = Some("1".to_owned());
            policy.values.adverse = Some(true);
            protected(policy, &["race", "sex"], &["race", "sex"]);
        },
    },
    Fixture {
        name: "berkeley",
        policy: |policy| {
            policy.roles.prediction = Some("decision".to_owned());
            policy.roles.count = Some("applicants".to_owned());
            policy.values.positive = Some("Admitted".to_owned());
            // The tools split by department as well; here it is one more attribute.
            protected(policy, &["gender", "department"], &["department", "gender"]);
        },
    },
    Fixture {
        name: "dcwp-example-2",
        policy: |policy| {
            policy.roles.prediction = Some("above_median".to_owned());
            policy.values.positive = Some("yes".to_owned());
            protected(policy, &["sex", "race_ethnicity"], &["race_ethnicity", "sex"]);
        },
    },
    Fixture {
        name: "vendor-export",
        policy: |policy| {
            policy.roles.prediction = Some("Recommended".to_owned());
            policy.roles.label = Some("Purchased".to_owned());
            policy.values.positive = Some("Yes".to_owned());
            policy.values.positive_label = Some("1".to_owned());
            protected(policy, &["Gender", "Ethnicity", "Region"], &[]);
        },
    },
];

fn protected(policy: &mut Policy, columns: &[&str], intersection: &[&str]) {
    policy.roles.protected = columns.iter().map(|&column| column.to_owned()).collect();
    if !intersection.is_empty() {
        policy.roles.intersections = vec![intersection.iter().map(|&column| column.to_owned()).collect()];
    }
}

fn root() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..")
}

fn audited(fixture: &Fixture) -> Audit {
    let mut policy = Policy::default();
    (fixture.policy)(&mut policy);
    let path = format!("{}/fixtures/{}.csv", root(), fixture.name);
    audit(path.as_str(), &policy).unwrap_or_else(|problems| panic!("{}: {problems:?}", fixture.name))
}

/// All records about a fixture, of every tool.
fn records(fixture: &str) -> Vec<Json> {
    let folder = format!("{}/fixtures/expected", root());
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.retain(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(&format!("{fixture}."))
    });
    paths.sort();
    assert!(paths.len() > 3, "the oracles of {fixture} are missing");
    paths
        .iter()
        .flat_map(|path| serde_json::from_str::<Vec<Json>>(&std::fs::read_to_string(path).unwrap()).unwrap())
        .collect()
}

fn group(record: &Json, key: &str) -> Group {
    record[key]
        .as_object()
        .unwrap()
        .iter()
        .map(|(k, v)| (k.clone(), v.as_str().map(str::to_owned)))
        .collect()
}

fn by(record: &Json) -> BTreeSet<String> {
    record["by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column.as_str().unwrap().to_owned())
        .collect()
}

/// Value by attributes, group and id.
type Values<'a> = BTreeMap<(BTreeSet<String>, Group), &'a BTreeMap<String, Value>>;

fn values(audit: &Audit) -> Values<'_> {
    audit
        .rates
        .iter()
        .map(|row| ((row.by.iter().cloned().collect(), row.group.clone()), &row.values))
        .collect()
}

fn near(ours: f64, theirs: f64) -> bool {
    (ours - theirs).abs() <= TOLERANCE * theirs.abs().max(1.0)
}

#[test]
fn rates_equal_those_of_other_tools() {
    let mut compared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut undefined = Vec::new();
    for fixture in &FIXTURES {
        let audit = audited(fixture);
        let ours = values(&audit);
        for record in records(fixture.name)
            .iter()
            .filter(|r| r["measure"].is_string() && r["measure"] != "count")
        {
            let group = group(record, "group");
            if group.is_empty() {
                // Everybody in the split leaves out rows without a group; ours is everybody in the file.
                continue;
            }
            let (id, tool) = (record["measure"].as_str().unwrap(), record["tool"].as_str().unwrap());
            let value = ours
                .get(&(by(record), group.clone()))
                .and_then(|values| values.get(id))
                .unwrap_or_else(|| panic!("{}: no {id} of {group:?}", fixture.name));
            if record["undefined_by_counts"] == true {
                assert_eq!(
                    value.point(),
                    None,
                    "{} {tool} {id} of {group:?} is undefined",
                    fixture.name
                );
                undefined.push(format!("{} {tool} {id} {group:?}", fixture.name));
                continue;
            }
            let theirs = record["value"]
                .as_f64()
                .unwrap_or_else(|| panic!("{tool} gave no {id} of {group:?}"));
            let point = value
                .point()
                .unwrap_or_else(|| panic!("{} {id} of {group:?} is undefined here", fixture.name));
            assert!(
                near(point, theirs),
                "{} {tool} {id} of {group:?}: {point} against {theirs}",
                fixture.name
            );
            if let (Some(share), Some(numerator)) = (value.share(), record["numerator"].as_f64()) {
                assert_eq!(share.numerator.value(), numerator, "{} {id} of {group:?}", fixture.name);
                assert_eq!(share.denominator.value(), record["denominator"].as_f64().unwrap());
            }
            compared.entry(id.to_owned()).or_default().insert(tool.to_owned());
        }
    }
    assert!(
        undefined.len() > 20,
        "the undefined rates are among the oracles: {}",
        undefined.len()
    );
    for id in ["selection-rate", "true-positive-rate", "false-positive-rate"] {
        assert!(
            compared[id].len() >= 2,
            "{id} has several tools behind it: {:?}",
            compared[id]
        );
    }
}

/// Every rate of the catalogue, also those that no other tool reports, against counts made by going through the rows
/// in Python.
#[test]
fn rates_equal_plain_counts() {
    let mut compared = 0;
    for fixture in &FIXTURES {
        let audit = audited(fixture);
        let ours = values(&audit);
        let records = records(fixture.name);
        for record in records
            .iter()
            .filter(|r| r["tool"] == "counts" && !group(r, "group").is_empty())
        {
            let group = group(record, "group");
            let count = |what: &str| record[what].as_f64();
            let labelled = ["true-positives", "false-positives", "false-negatives", "true-negatives"].map(count);
            for rate in RATES {
                let sum = |cells: Cells| -> Option<f64> {
                    if rate.needs().label {
                        let named = [Cells::TP, Cells::FP, Cells::FN, Cells::TN];
                        let inside = named.iter().zip(labelled).filter(|(cell, _)| cells.contains(**cell));
                        return inside.map(|(_, count)| count).sum();
                    }
                    // Rows without a label count where none is needed, so only counts over all rows will do.
                    let (selected, all) = (count("selected")?, count("count").filter(|_| record["rows"] == "all")?);
                    let chosen = if cells.contains(Cells::TP) { selected } else { 0.0 };
                    Some(chosen + if cells.contains(Cells::TN) { all - selected } else { 0.0 })
                };
                let (Some(numerator), Some(denominator)) = (sum(rate.numerator), sum(rate.denominator)) else {
                    continue;
                };
                let value = &ours[&(by(record), group.clone())][rate.id];
                let expected = (denominator > 0.0).then(|| numerator / denominator);
                assert_eq!(value.point(), expected, "{} {} of {group:?}", fixture.name, rate.id);
                compared += 1;
            }
        }
    }
    assert!(compared > RATES.len() * 20, "{compared} rates were compared");
}

#[test]
fn criteria_equal_those_of_other_tools() {
    let mut compared = 0;
    for fixture in &FIXTURES {
        let audit = audited(fixture);
        let ours = values(&audit);
        for record in records(fixture.name).iter().filter(|r| r["criterion"].is_string()) {
            if record["undefined_by_counts"] == true || record["value"].is_null() {
                continue;
            }
            let rate = record["of"].as_str().unwrap();
            let point = |key| {
                ours.get(&(by(record), group(record, key)))
                    .and_then(|values| values.get(rate))
                    .and_then(Value::point)
                    .unwrap_or_else(|| panic!("{}: no {rate} of {}", fixture.name, record[key]))
            };
            let (group, reference) = (point("group"), point("reference"));
            let value = match record["comparison"].as_str().unwrap() {
                "ratio" => group / reference,
                _ => group - reference,
            };
            let theirs = record["value"].as_f64().unwrap();
            assert!(near(value, theirs), "{}: {value} against {record}", fixture.name);
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared} criteria were compared");
}

/// The findings themselves, against AIF360 and aequitas, with the reference that those were given.
#[test]
fn findings_equal_those_of_other_tools() {
    let fixture = &FIXTURES[0];
    let mut policy = Policy::default();
    (fixture.policy)(&mut policy);
    policy.values.adverse = Some(false);
    policy.inference.reference = [("race", "Caucasian"), ("sex", "Male")]
        .map(|(column, value)| (column.to_owned(), value.to_owned()))
        .into();
    let path = format!("{}/fixtures/compas.csv", root());
    let audit = audit(path.as_str(), &policy).unwrap();
    let mut compared: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records("compas")
        .iter()
        .filter(|r| r["criterion"].is_string() && r["value"].is_number())
    {
        if record["undefined_by_counts"] == true {
            continue;
        }
        let finding = audit.findings.iter().find(|finding| {
            record["criterion"] == finding.criterion.as_str()
                && record["of"] == finding.rate.as_str()
                && record["comparison"] == finding.comparison.as_str()
                && group(record, "group") == finding.group
                && Some(group(record, "reference")) == finding.reference
        });
        let Some(finding) = finding else { continue };
        let point = finding.point.unwrap();
        assert!(
            near(point, record["value"].as_f64().unwrap()),
            "{point} against {record}"
        );
        let (lower, upper) = (finding.lower.unwrap(), finding.upper.unwrap());
        assert!((lower..=upper).contains(&point), "{finding:?}");
        let id = evenhand::measure::catalogue::find(&finding.criterion).unwrap().id();
        *compared.entry(id).or_default() += 1;
    }
    // The tools report predictive parity as a ratio only; `criteria_equal_those_of_other_tools` has it.
    for id in [
        "disparate-impact",
        "statistical-parity",
        "equal-opportunity",
        "predictive-equality",
    ] {
        assert!(compared.get(id).is_some_and(|count| *count > 5), "{id}: {compared:?}");
    }
}

#[test]
fn wilson_intervals_equal_those_of_statsmodels() {
    let mut compared = 0;
    for fixture in &FIXTURES {
        for record in records(fixture.name)
            .iter()
            .filter(|r| r["statistic"] == "wilson-interval")
        {
            let side = record["side"].as_str().unwrap();
            let count = |what: &str| record[format!("{side}_{what}")].as_f64().unwrap();
            use evenhand::measure::inference::{Sample, wilson, z_for};
            let sample = Sample::new(count("numerator"), count("denominator")).unwrap();
            let interval = wilson(sample, z_for(record["level"].as_f64().unwrap()));
            assert!(near(interval.lower, record["lower"].as_f64().unwrap()), "{record}");
            assert!(near(interval.upper, record["upper"].as_f64().unwrap()), "{record}");
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}

/// What the literature and the rule's author print about the fixtures.
#[test]
fn published_numbers_hold() {
    let berkeley = audited(&FIXTURES[1]);
    let pooled = berkeley
        .findings
        .iter()
        .find(|f| {
            f.criterion == "disparate-impact"
                && f.group.get("gender") == Some(&Some("Female".to_owned()))
                && f.by == ["gender"]
        })
        .unwrap();
    // 557/1835 over 1198/2691 (Bickel, Hammel and O'Connell 1975).
    assert!((pooled.point.unwrap() - 0.6818298436).abs() < 5e-11);

    // 6 RCNY 5-300 ff., second example: the printed scoring rates and impact ratios, to the printed digits. The
    // rate of 18 of 28 is printed as 64.2 %, which is 64.29 % cut off.
    let dcwp = audited(&FIXTURES[2]);
    let printed = [
        ("Hispanic or Latino", 64.3, 1.00),
        ("White", 37.5, 0.58),
        ("Black or African American", 50.0, 0.78),
        ("Native Hawaiian or Pacific Islander", 62.5, 0.97),
        ("Asian", 41.7, 0.65),
        ("Native American or Alaska Native", 62.5, 0.97),
        ("Two or More Races", 50.0, 0.78),
    ];
    let rate = |name: &str| {
        let row = dcwp
            .rates
            .iter()
            .find(|row| row.group == Group::from([("race_ethnicity".to_owned(), Some(name.to_owned()))]));
        row.unwrap_or_else(|| panic!("no group {name}")).values["selection-rate"]
            .point()
            .unwrap()
    };
    let top = rate("Hispanic or Latino");
    for (name, percent, ratio) in printed {
        assert!((rate(name) * 100.0 - percent).abs() < 0.05, "{name}");
        assert!((rate(name) / top - ratio).abs() < 0.005, "{name}");
    }
}
