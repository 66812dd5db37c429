use std::collections::BTreeMap;

use evenhand_measure::audit::model::{Amount, Share};

use super::*;
use crate::sample;
use crate::text::group_sets;

/// Groups of all these attributes, each but the first of all.
fn crossed(attributes: &[(&str, Vec<String>)]) -> Audit {
    let mut audit = sample::failing().audit();
    let by: Vec<String> = attributes.iter().map(|(column, _)| (*column).to_owned()).collect();
    let mut groups = vec![Group::new()];
    for (column, values) in attributes {
        let with = |group: &Group| -> Vec<Group> {
            let value = |value: &String| (!value.is_empty()).then(|| value.clone());
            let added = values.iter().map(|v| {
                let mut group = group.clone();
                group.insert((*column).to_owned(), value(v));
                group
            });
            added.collect()
        };
        groups = groups.iter().flat_map(with).collect();
    }
    let rates = groups.into_iter().enumerate().skip(1).map(|(at, group)| {
        let n = 100 + at as u64;
        let point = (at % 7) as f64 / 10.0;
        let share = Value::Share(Share {
            numerator: Amount::Weight(point * n as f64),
            denominator: Amount::Rows(n),
            point,
            lower: point,
            upper: point,
            lowest: None,
            highest: None,
            effective_n: None,
        });
        let kind = match group.values().any(Option::is_none) {
            true => GroupKind::Missing,
            false => GroupKind::Judged,
        };
        GroupRates {
            by: by.clone(),
            group,
            within: Group::new(),
            kind,
            n,
            values: BTreeMap::from([("selection-rate".to_owned(), share)]),
        }
    });
    audit.rates = rates.collect();
    audit
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|at| format!("{prefix}{at:02}")).collect()
}

fn drawn(audit: &Audit) -> (Vec<Table>, Vec<String>) {
    let sets = group_sets(audit);
    let (mut tables, mut notes) = (Vec::new(), Vec::new());
    for block in maps(audit, &sets[0]) {
        match block {
            Block::Table(table) => tables.push(table),
            Block::Text(text) => notes.push(text),
            other => panic!("{other:?}"),
        }
    }
    (tables, notes)
}

#[test]
fn every_group_is_on_the_map() {
    let mut sex = names("sex", 2);
    sex.insert(0, String::new());
    let audit = crossed(&[("sex", sex), ("race", names("race", 4))]);
    let (tables, notes) = drawn(&audit);
    assert!(notes.is_empty() && tables.len() == 1, "{notes:?}");
    let map = &tables[0];
    assert_eq!(map.caption, "Map: selection rate by sex and race");
    assert_eq!(map.header, ["sex / race", "race00", "race01", "race02", "race03"]);
    let first: Vec<&str> = map.rows.iter().map(|row| row[0].text.as_str()).collect();
    assert_eq!(first, ["sex00", "sex01", "(missing)"]);
    let cells = || map.rows.iter().flat_map(|row| &row[1..]);
    assert_eq!(cells().count(), 12);
    assert_eq!(cells().filter(|cell| cell.text != "no rows").count(), audit.rates.len());
    assert_eq!(
        cells().filter(|cell| cell.shade.is_some()).count(),
        8,
        "those that are judged"
    );
    // The one combination that nobody is in.
    assert_eq!((map.rows[2][1].text.as_str(), map.rows[2][1].shade), ("no rows", None));
    assert_eq!(
        (map.rows[2][2].text.as_str(), map.rows[2][2].shade),
        ("10.0%, 101 rows, not judged", None)
    );
    assert_eq!(map.rows[0][3].text, "60.0%, 106 rows");
    assert_eq!((map.rows[0][3].shade, map.rows[0][4].shade), (Some(1.0), Some(0.0)));
    assert!(
        map.legend[0].contains("from 0% (none) to 60.0% (full)"),
        "{:?}",
        map.legend
    );
}

#[test]
fn further_attributes_have_a_map_for_each_value_up_to_six() {
    let three = |count| {
        crossed(&[
            ("sex", names("sex", 2)),
            ("race", names("race", 3)),
            ("age", names("age", count)),
        ])
    };
    let (tables, notes) = drawn(&three(4));
    assert_eq!((tables.len(), notes.len()), (4, 0));
    assert_eq!(
        tables[1].caption,
        "Map: selection rate by sex and race, where age \"age01\""
    );
    let on_maps = tables.iter().flat_map(|map| &map.rows).flat_map(|row| &row[1..]);
    assert_eq!(on_maps.filter(|cell| cell.shade.is_some()).count(), 23);
    let (tables, notes) = drawn(&three(9));
    assert_eq!(tables.len(), 6);
    assert_eq!(
        notes,
        ["Of age the 6 with the most rows are drawn, of 9; the list of every measure has the others."]
    );
}

#[test]
fn a_large_map_keeps_what_has_the_most_rows() {
    let (tables, notes) = drawn(&crossed(&[("zip", names("zip", 70)), ("race", names("race", 14))]));
    assert_eq!((tables[0].rows.len(), tables[0].header.len()), (40, 11));
    assert_eq!(tables[0].rows[0][0].text, "zip30");
    assert_eq!(notes.len(), 2);
    assert!(tables[0].rows.iter().all(|row| row.len() == 11));
}

#[test]
fn what_has_no_value_has_no_shade_and_other_measures_are_drawn_too() {
    let mut audit = crossed(&[("sex", names("sex", 2)), ("race", names("race", 2))]);
    for rates in &mut audit.rates {
        rates.values = BTreeMap::from([(
            "auc".to_owned(),
            Value::Number {
                point: rates.n as f64 / 200.0,
                lower: None,
                upper: None,
            },
        )]);
    }
    audit.rates[0]
        .values
        .insert("auc".to_owned(), Value::undefined("one label"));
    let (tables, _) = drawn(&audit);
    let map = &tables[0];
    assert!(map.caption.contains(" by sex and race"), "{}", map.caption);
    assert_eq!(
        (map.rows[0][2].text.as_str(), map.rows[0][2].shade),
        ("–, 101 rows", None)
    );
    assert_eq!((map.rows[1][1].shade, map.rows[1][2].shade), (Some(0.0), Some(1.0)));
}

#[test]
fn one_attribute_has_no_map() {
    let audit = sample::failing().audit();
    assert!(group_sets(&audit).iter().all(|set| maps(&audit, set).is_empty()));
}
