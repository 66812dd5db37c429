//! Tests of what a regression is made of: read from files, it is what the rows at hand are.

use std::path::PathBuf;

use evenhand_measure::policy::{Policy, Scale};
use evenhand_measure::regression::{Row, Rows, without_rows};
use evenhand_measure::tally::{Axis, Level, Tally};
use tempfile::TempDir;

/// Zip code, price, cost, distance, shop, customer.
type Line = (&'static str, f64, f64, f64, &'static str, u32);

fn lines() -> Vec<Line> {
    (0u32..400)
        .map(|row| {
            let part = |factor: u32| f64::from(row * factor % 97) / 7.0;
            let zip = ["H", "L", "M"][(row * 13 % 17 % 3) as usize];
            let shop = ["a", "b", "c"][(row * 7 % 11 % 3) as usize];
            let more = if zip == "L" { 2.0 } else { 0.0 };
            (
                zip,
                20.0 + part(31) + more + part(5) / 9.0,
                part(31),
                part(53),
                shop,
                row % 90,
            )
        })
        .collect()
}

fn csv(lines: &[Line]) -> String {
    let mut text = "zip,price,cost,distance,shop,customer\n".to_owned();
    for (zip, price, cost, distance, shop, customer) in lines {
        text += &format!("{zip},{price},{cost},{distance},{shop},{customer}\n");
    }
    text
}

fn rows(lines: &[Line]) -> Vec<Row> {
    lines
        .iter()
        .map(|&(zip, price, cost, distance, shop, _)| {
            Row::new(&[("zip", zip)], price)
                .with_number("cost", cost)
                .with_number("distance", distance)
                .with_word("shop", shop)
        })
        .collect()
}

fn policy(scale: Scale) -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["zip".into()];
    policy.roles.amount = Some("price".into());
    policy.roles.controls = ["cost", "distance", "shop"].map(String::from).to_vec();
    policy.amounts.scale = scale;
    policy
}

fn put(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn read(texts: &[String], policy: &Policy) -> Tally {
    let folder = TempDir::new().unwrap();
    let paths: Vec<PathBuf> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| put(&folder, &format!("{index}.csv"), text))
        .collect();
    crate::tally(&paths, policy, &()).unwrap()
}

#[test]
fn files_give_the_sums_of_the_rows() {
    let lines = lines();
    for (scale, log) in [(Scale::Log, true), (Scale::Plain, false)] {
        let found = read(&[csv(&lines)], &policy(scale)).controls.unwrap();
        let mut expected = without_rows("price", log, &rows(&lines)).unwrap();
        expected.robust.clone_from(&found.robust);
        assert_eq!(found, expected);
        assert_eq!(found.robust.len(), 1);
        assert_eq!(found.robust[0].by, ["zip"]);
    }
}

/// HC3 row by row, from the definition: the residuals and leverages of the rows themselves.
#[test]
fn the_second_pass_finds_hc3() {
    let lines = lines();
    let controls = read(&[csv(&lines)], &policy(Scale::Plain)).controls.unwrap();
    let sample = Rows::of(&controls, &["zip"]).unwrap();
    let equation = sample.explain().unwrap();
    let group = |zip: &str| sample.group(&[Level::of(zip)]).unwrap();
    let found = equation
        .errors(&controls.robust)
        .unwrap()
        .of_gap(group("L"), group("M"))
        .unwrap();

    let is = |yes: bool| if yes { 1.0 } else { 0.0 };
    let columns: Vec<Vec<f64>> = vec![
        lines.iter().map(|_| 1.0).collect(),
        lines.iter().map(|line| line.2).collect(),
        lines.iter().map(|line| line.3).collect(),
        lines.iter().map(|line| is(line.4 == "a")).collect(),
        lines.iter().map(|line| is(line.4 == "b")).collect(),
        lines.iter().map(|line| is(line.0 == "H")).collect(),
        lines.iter().map(|line| is(line.0 == "L")).collect(),
    ];
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut length = 0.0;
    for column in columns {
        let mut rest = column;
        for _ in 0..2 {
            for unit in &basis {
                let part = dot(&rest, unit);
                rest.iter_mut().zip(unit).for_each(|(a, b)| *a -= part * b);
            }
        }
        length = dot(&rest, &rest).sqrt();
        basis.push(rest.iter().map(|a| a / length).collect());
    }
    let mut residuals: Vec<f64> = lines.iter().map(|line| line.1).collect();
    for unit in &basis {
        let part = dot(&residuals, unit);
        residuals.iter_mut().zip(unit).for_each(|(a, b)| *a -= part * b);
    }
    let variance: f64 = (0..lines.len())
        .map(|row| {
            let leverage: f64 = basis.iter().map(|unit| unit[row].powi(2)).sum();
            (basis[6][row] / length * residuals[row] / (1.0 - leverage)).powi(2)
        })
        .sum();
    assert!(
        (found / variance.sqrt() - 1.0).abs() < 1e-9,
        "{found} and {}",
        variance.sqrt()
    );
}

#[test]
fn order_and_cuts_of_the_rows_do_not_show() {
    let lines = lines();
    let whole = read(&[csv(&lines)], &policy(Scale::Log)).to_json();
    let mut turned = lines.clone();
    turned.reverse();
    assert_eq!(read(&[csv(&turned)], &policy(Scale::Log)).to_json(), whole);
    let cut = [csv(&lines[..150]), csv(&lines[150..160]), csv(&lines[160..])];
    assert_eq!(read(&cut, &policy(Scale::Log)).to_json(), whole);
    let kept = Tally::from_json(&whole).unwrap();
    assert_eq!(
        kept.controls.as_ref().unwrap().robust.len(),
        1,
        "a kept tally has what was found"
    );
    assert!(kept.merge(&kept).unwrap().controls.unwrap().robust.is_empty());
}

#[test]
fn a_record_of_many_rows_is_that_many() {
    let lines: Vec<Line> = lines()[..60].to_vec();
    let mut counted = policy(Scale::Plain);
    counted.roles.count = Some("n".into());
    let mut text = "zip,price,cost,distance,shop,n\n".to_owned();
    let mut each = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let n = index % 4;
        text += &format!("{},{},{},{},{},{n}\n", line.0, line.1, line.2, line.3, line.4);
        each.extend(std::iter::repeat_n(*line, n));
    }
    let one = read(&[csv(&each)], &policy(Scale::Plain)).controls;
    assert_eq!(read(&[text], &counted).controls, one);
}

#[test]
fn incomplete_rows_are_counted() {
    let mut text = csv(&lines());
    text += "H,,1,2,a,1\nH,5,x,2,a,2\n".replace('x', "").as_str();
    text += "L,-3,1,2,a,1\nL,5,1,2,,2\n,7,1,2,a,4\n";
    let mut odd = policy(Scale::Log);
    odd.values.missing = vec!["unknown".into()];
    text += "unknown,7,1,2,a,4\n";
    let tally = read(&[text], &odd);
    let controls = tally.controls.as_ref().unwrap();
    assert_eq!((controls.rows(), tally.rows()), (406, 406));
    let sample = Rows::of(controls, &["zip"]).unwrap();
    // No price, no cost, no logarithm, no shop. Missing groups stay.
    assert_eq!((sample.incomplete, sample.n), (4, 402));
    assert_eq!(sample.sizes[sample.group(&[Level::Missing]).unwrap()], 2);
    assert_eq!(controls.robust.len(), 1);
}

#[test]
fn units_that_repeat_need_no_second_pass() {
    let mut clustered = policy(Scale::Log);
    clustered.roles.cluster = Some("customer".into());
    let lines = lines();
    let controls = read(&[csv(&lines)], &clustered).controls.unwrap();
    assert!(controls.robust.is_empty());
    assert_eq!(controls.cells.positions(Axis::Bucket).count(), 1);
    let sample = Rows::of(&controls, &["zip"]).unwrap();
    let equation = sample.explain().unwrap();
    let errors = equation.errors(&[]).unwrap();
    assert_eq!(errors.kind.word(), "ols-cluster");
    // Sharded, it is the same.
    let parts = [csv(&lines[..7]), csv(&lines[7..])].map(|text| read(&[text], &clustered));
    assert_eq!(parts[0].merge(&parts[1]).unwrap().controls.unwrap(), controls);
}

#[test]
fn every_set_of_groups_has_its_own_pass() {
    let mut crossed = policy(Scale::Plain);
    crossed.roles.protected = vec!["zip".into(), "shop".into()];
    crossed.roles.controls = vec!["cost".into()];
    crossed.roles.intersections = vec![vec!["shop".into(), "zip".into()]];
    let controls = read(&[csv(&lines())], &crossed).controls.unwrap();
    let sets: Vec<Vec<&str>> = controls
        .robust
        .iter()
        .map(|robust| robust.by.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(sets, [vec!["zip"], vec!["shop"], vec!["shop", "zip"]]);
    for set in sets {
        let sample = Rows::of(&controls, &set).unwrap();
        let equation = sample.explain().unwrap();
        let errors = equation.errors(&controls.robust).unwrap();
        assert!(errors.of_gap(1, 0).unwrap() > 0.0);
    }
}

#[test]
fn groups_from_bins_are_known_in_the_second_pass() {
    let mut binned = policy(Scale::Plain);
    binned.roles.protected = vec!["distance".into()];
    binned.roles.controls = vec!["cost".into()];
    binned
        .bins
        .insert("distance".into(), evenhand_measure::policy::Bins::Edges(vec![4.0, 9.0]));
    let controls = read(
        &[
            csv(&lines()),
            "zip,price,cost,distance,shop,customer\nH,21,3,nan,a,1\nH,22,5,,b,2\n".into(),
        ],
        &binned,
    );
    let controls = controls.controls.unwrap();
    let sample = Rows::of(&controls, &["distance"]).unwrap();
    assert_eq!((sample.groups.len(), sample.n), (4, 402));
    let equation = sample.explain().unwrap();
    assert!(equation.errors(&controls.robust).unwrap().of_gap(1, 2).is_ok());
}
