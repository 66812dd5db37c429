//! A twin that solves the equation row by row, and what must not change anything.

use super::*;
use crate::tally::Products;

const ZONES: [&str; 3] = ["north", "south", "west"];
const SHOPS: [&str; 4] = ["a", "b", "c", "d"];

/// Made-up rows: zone, shop, cost, distance, unit, price.
#[derive(Clone, Debug)]
struct Sold {
    zone: usize,
    shop: usize,
    cost: f64,
    distance: f64,
    unit: u32,
    price: f64,
}

fn sold(seed: u64, n: usize) -> Vec<Sold> {
    let mut numbers = Numbers(seed);
    (0..n)
        .map(|_| {
            let zone = (numbers.next() * 5.0).min(4.0) as usize / 2;
            let shop = (numbers.next() * 7.0) as usize / 2;
            let cost = 100.0 + 10.0 * numbers.next() + zone as f64;
            let distance = numbers.next() * 20.0;
            let noise = (numbers.next() - 0.5) * (1.0 + zone as f64);
            Sold {
                zone,
                shop,
                cost,
                distance,
                unit: (numbers.next() * 40.0) as u32,
                price: 5.0 + 1.1 * cost + 0.3 * distance + 2.0 * zone as f64 - shop as f64 + noise,
            }
        })
        .collect()
}

fn row(sold: &Sold) -> Row {
    Row::new(&[("zone", ZONES[sold.zone])], sold.price)
        .with_number("cost", sold.cost)
        .with_number("distance", sold.distance)
        .with_word("shop", SHOPS[sold.shop])
}

fn controls(sold: &[Sold]) -> Controls {
    without_rows("price", false, &sold.iter().map(row).collect::<Vec<_>>()).unwrap()
}

/// Gap and error of south against west, by HC3.
fn south_to_west(rows: &[Row]) -> (f64, f64) {
    let controls = without_rows("price", false, rows).unwrap();
    let robust = second_pass(&controls, &["zone"], rows);
    let sample = Rows::of(&controls, &["zone"]).unwrap();
    let (south, west) = (at(&sample, "south"), at(&sample, "west"));
    let equation = sample.explain().unwrap();
    let se = equation.errors(&robust).unwrap().of_gap(south, west).unwrap();
    (equation.gap(south, west).unwrap(), se)
}

/// The equation by Gram and Schmidt on the rows themselves: columns, residuals, and what each row moves the last
/// coefficient by.
struct Twin {
    last: f64,
    residuals: Vec<f64>,
    leverages: Vec<f64>,
    moves: Vec<f64>,
}

fn twin(columns: &[Vec<f64>], y: &[f64]) -> Twin {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut length = 0.0;
    for column in columns {
        let mut rest = column.clone();
        // Twice is enough (Giraud, Langou and Rozloznik 2005).
        for _ in 0..2 {
            for unit in &basis {
                let part = dot(&rest, unit);
                rest.iter_mut().zip(unit).for_each(|(a, b)| *a -= part * b);
            }
        }
        length = dot(&rest, &rest).sqrt();
        basis.push(rest.iter().map(|a| a / length).collect());
    }
    let mut residuals = y.to_vec();
    for unit in &basis {
        let part = dot(&residuals, unit);
        residuals.iter_mut().zip(unit).for_each(|(a, b)| *a -= part * b);
    }
    let unit = basis.last().unwrap();
    Twin {
        last: dot(y, unit) / length,
        leverages: (0..y.len())
            .map(|row| basis.iter().map(|unit| unit[row].powi(2)).sum())
            .collect(),
        moves: unit.iter().map(|a| a / length).collect(),
        residuals,
    }
}

#[test]
fn a_twin_that_solves_row_by_row_agrees() {
    for (seed, n) in [(1, 60), (2, 200), (3, 1_000)] {
        let sold = sold(seed, n);
        let y: Vec<f64> = sold.iter().map(|sold| sold.price).collect();
        let of = |value: &dyn Fn(&Sold) -> f64| sold.iter().map(value).collect::<Vec<f64>>();
        let is = |yes: bool| if yes { 1.0 } else { 0.0 };
        // The last column is south, and west is the group without a column.
        let columns = [
            of(&|_| 1.0),
            of(&|s| s.cost),
            of(&|s| s.distance),
            of(&|s| is(s.shop == 0)),
            of(&|s| is(s.shop == 1)),
            of(&|s| is(s.shop == 2)),
            of(&|s| is(s.zone == 0)),
            of(&|s| is(s.zone == 1)),
        ];
        let twin = twin(&columns, &y);
        let rows: Vec<Row> = sold.iter().map(row).collect();
        let (gap, se) = south_to_west(&rows);
        assert!((gap - twin.last).abs() < 1e-10, "{gap} and {}", twin.last);
        let of_row = |row: usize| twin.moves[row] * twin.residuals[row];
        let hc3: f64 = (0..n)
            .map(|row| (of_row(row) / (1.0 - twin.leverages[row])).powi(2))
            .sum();
        assert!((se / hc3.sqrt() - 1.0).abs() < 1e-9, "{se} and {}", hc3.sqrt());

        let in_units: Vec<Row> = sold.iter().map(|sold| row(sold).in_bucket(sold.unit)).collect();
        let in_units = without_rows("price", false, &in_units).unwrap();
        let in_units = Rows::of(&in_units, &["zone"]).unwrap();
        let (south, west) = (at(&in_units, "south"), at(&in_units, "west"));
        let equation = in_units.explain().unwrap();
        let errors = equation.clustered().unwrap();
        if in_units.buckets(south) < 20 || in_units.buckets(west) < 20 {
            assert!(errors.of_gap(south, west).unwrap_err().contains("fewer than 20"));
            continue;
        }
        let mut by_unit = std::collections::BTreeMap::<u32, f64>::new();
        sold.iter()
            .enumerate()
            .for_each(|(index, sold)| *by_unit.entry(sold.unit).or_default() += of_row(index));
        let units = by_unit.len() as f64;
        let cr1: f64 = by_unit.values().map(|sum| sum * sum).sum::<f64>() * units / (units - 1.0) * (n as f64 - 1.0)
            / (n as f64 - 8.0);
        let se = errors.of_gap(south, west).unwrap();
        assert!((se / cr1.sqrt() - 1.0).abs() < 1e-9, "{se} and {}", cr1.sqrt());
    }
}

#[test]
fn rows_in_any_order_and_shards_give_the_same_bytes() {
    let sold = sold(7, 300);
    let whole = controls(&sold);
    let turned: Vec<Sold> = sold.iter().rev().cloned().collect();
    let json = |controls: &Controls| serde_json::to_string(controls).unwrap();
    assert_eq!(json(&controls(&turned)), json(&whole));
    let merged = controls(&sold[200..]).merge(&controls(&sold[..200])).unwrap();
    assert_eq!(json(&merged), json(&whole));
    let rows = |sold: &[Sold]| sold.iter().map(row).collect::<Vec<_>>();
    assert_eq!(
        serde_json::to_string(&second_pass(&whole, &["zone"], &rows(&sold))).unwrap(),
        serde_json::to_string(&second_pass(&whole, &["zone"], &rows(&turned))).unwrap()
    );
}

#[test]
fn parts_of_a_second_pass_merge() {
    let sold = sold(8, 200);
    let whole = controls(&sold);
    let rows: Vec<Row> = sold.iter().map(row).collect();
    let pass = SecondPass::of(&whole, &[vec!["zone".to_owned()]]);
    let of = |rows: &[Row]| passed(&whole, &pass, rows.iter().map(|row| (row, 1)));
    let both = of(&rows[120..]).merge(&of(&rows[..120])).unwrap();
    assert_eq!(pass.finish(&both), second_pass(&whole, &["zone"], &rows));
    assert_ne!(pass.finish(&of(&rows[120..])), pass.finish(&both));
}

#[test]
fn a_record_of_many_rows_is_that_many_rows() {
    let (mut many, mut single) = (Products::default(), Products::default());
    many.add(0.1, &[0.3, 7.7], 3);
    (0..3).for_each(|_| single.add(0.1, &[0.3, 7.7], 1));
    assert_eq!(many, single);

    let sold = sold(9, 100);
    let whole = controls(&sold);
    let pass = SecondPass::of(&whole, &[vec!["zone".to_owned()]]);
    let row = row(&sold[0]);
    let many = passed(&whole, &pass, std::iter::once((&row, 5)));
    let single = passed(&whole, &pass, std::iter::repeat_n((&row, 1), 5));
    assert_eq!(many, single);
    assert_eq!(pass.finish(&many), pass.finish(&single));
}

#[test]
fn units_and_origins_of_a_control_do_not_matter() {
    let sold = sold(11, 250);
    let (gap, se) = south_to_west(&sold.iter().map(row).collect::<Vec<_>>());
    // A million and more away from zero: plain sums of squares would keep no digit of the differences.
    for (factor, shift) in [(1_000.0, 0.0), (-0.5, 3.0), (1.0, 1e9), (1e-6, 0.0)] {
        let moved: Vec<Sold> = sold
            .iter()
            .map(|sold| Sold {
                cost: sold.cost * factor + shift,
                ..sold.clone()
            })
            .collect();
        let (other, other_se) = south_to_west(&moved.iter().map(row).collect::<Vec<_>>());
        // Next to 1e9 a double has steps of 1e-7.
        let tolerance = if shift > 1e6 { 1e-6 } else { 1e-9 };
        assert!(
            (gap - other).abs() < tolerance,
            "{gap} and {other} for {factor}, {shift}"
        );
        assert!((se / other_se - 1.0).abs() < tolerance);
    }
}

#[test]
fn what_all_pay_more_does_not_matter() {
    let sold = sold(12, 250);
    let (gap, se) = south_to_west(&sold.iter().map(row).collect::<Vec<_>>());
    let moved: Vec<Row> = sold
        .iter()
        .map(|sold| {
            row(&Sold {
                price: sold.price + 1_000.0,
                ..sold.clone()
            })
        })
        .collect();
    let (other, other_se) = south_to_west(&moved);
    assert!((gap - other).abs() < 1e-10 && (se / other_se - 1.0).abs() < 1e-10);
}

#[test]
fn names_and_the_order_of_controls_do_not_matter() {
    let sold = sold(13, 250);
    let (gap, se) = south_to_west(&sold.iter().map(row).collect::<Vec<_>>());
    let renamed: Vec<Row> = sold
        .iter()
        .map(|sold| {
            // South and west keep their names; the largest group and the words sort the other way round.
            let zone = ["zz", "south", "west"][sold.zone];
            Row::new(&[("zone", zone)], sold.price)
                .with_number("z", sold.distance)
                .with_number("a", sold.cost)
                .with_word("w", ["9", "7", "5", "3"][sold.shop])
        })
        .collect();
    let (other, other_se) = south_to_west(&renamed);
    assert!((gap - other).abs() < 1e-10 && (se / other_se - 1.0).abs() < 1e-10);
}

#[test]
fn a_control_that_others_give_is_left_out_and_named() {
    let sold = sold(14, 120);
    let plain = controls(&sold);
    let plain = Rows::of(&plain, &["zone"]).unwrap();
    let again: Vec<Row> = sold
        .iter()
        .map(|sold| {
            row(sold)
                .with_number("cost in cents", 100.0 * sold.cost + 3.0)
                .with_number("year", 2024.0)
        })
        .collect();
    let again = without_rows("price", false, &again).unwrap();
    let again = Rows::of(&again, &["zone"]).unwrap();
    let equation = again.explain().unwrap();
    let (south, west) = (at(&plain, "south"), at(&plain, "west"));
    let gap = plain.explain().unwrap().gap(south, west).unwrap();
    assert!((equation.gap(south, west).unwrap() - gap).abs() < 1e-9);
    let dropped: Vec<(String, Vec<String>)> = equation
        .dropped()
        .into_iter()
        .map(|dropped| (dropped.name, dropped.given_by))
        .collect();
    assert_eq!(
        dropped,
        [
            ("cost in cents".to_owned(), vec!["cost".to_owned()]),
            ("year".to_owned(), vec![])
        ]
    );
    let whole = decompose(&equation, south, west).unwrap();
    assert!((whole.unexplained - gap).abs() < 1e-9);
}

#[test]
fn a_control_that_says_what_the_groups_say_leaves_no_gap() {
    let sold = sold(15, 120);
    let tagged: Vec<Row> = sold
        .iter()
        .map(|sold| row(sold).with_number("surcharge", if sold.zone == 1 { 1.0 } else { 0.0 }))
        .collect();
    let tagged = without_rows("price", false, &tagged).unwrap();
    let rows = Rows::of(&tagged, &["zone"]).unwrap();
    let equation = rows.explain().unwrap();
    let (north, south, west) = (at(&rows, "north"), at(&rows, "south"), at(&rows, "west"));
    let reason = equation.gap(south, west).unwrap_err();
    assert!(
        reason.contains("`surcharge`") && reason.contains("`zone = "),
        "{reason}"
    );
    // It is the same for the two others, so theirs has a value.
    let clean = controls(&sold);
    let clean = Rows::of(&clean, &["zone"]).unwrap();
    let gap = clean.explain().unwrap().gap(north, west).unwrap();
    assert!((equation.gap(north, west).unwrap() - gap).abs() < 1e-9);
    assert!(decompose(&equation, south, west).is_err());
    assert!(decompose(&equation, north, west).is_ok());
}

#[test]
fn parts_of_a_gap_add_up_to_it() {
    let controls = controls(&sold(16, 300));
    let rows = Rows::of(&controls, &["zone"]).unwrap();
    let (south, west) = (at(&rows, "south"), at(&rows, "west"));
    let equation = rows.explain().unwrap();
    let parts = decompose(&equation, south, west).unwrap();
    assert!((parts.unexplained - equation.gap(south, west).unwrap()).abs() < 1e-9);
    let by_control: f64 = parts.by_control.iter().map(|part| part.explained).sum();
    assert!((by_control + parts.unexplained - rows.raw_gap(south, west).unwrap()).abs() < 1e-9);
    let back = decompose(&equation, west, south).unwrap();
    assert!((back.explained + parts.explained).abs() < 1e-12);
    let three = three_fold(&rows, south, west).unwrap();
    assert!((three.endowments + three.coefficients + three.interaction - parts.gap).abs() < 1e-9);
}

#[test]
fn rows_that_lack_something_are_counted() {
    let full = sold(17, 100);
    let mut rows: Vec<Row> = full.iter().map(row).collect();
    rows.push(row(&Sold {
        cost: f64::NAN,
        ..full[0].clone()
    }));
    rows.push(
        Row::new(&[("zone", "north")], 9.0)
            .with_number("cost", 1.0)
            .with_number("distance", 1.0)
            .with_word("shop", ""),
    );
    let lacking = without_rows("price", false, &rows).unwrap();
    let lacking = Rows::of(&lacking, &["zone"]).unwrap();
    assert_eq!((lacking.n, lacking.incomplete), (100, 2));
    let whole = controls(&full);
    let whole = Rows::of(&whole, &["zone"]).unwrap();
    assert_eq!(
        lacking.explain().unwrap().coefficients(),
        whole.explain().unwrap().coefficients()
    );
    // An amount of 0 has no logarithm.
    rows.push(row(&Sold {
        price: 0.0,
        ..full[0].clone()
    }));
    let logs = without_rows("price", true, &rows).unwrap();
    assert_eq!(Rows::of(&logs, &["zone"]).unwrap().incomplete, 3);
}

#[test]
fn a_row_like_no_other_has_a_coefficient_without_an_error() {
    let sold = sold(18, 100);
    let mut rows: Vec<Row> = sold.iter().map(row).collect();
    let (gap, se) = south_to_west(&rows);
    rows.push(
        Row::new(&[("zone", "north")], 500.0)
            .with_number("cost", 100.0)
            .with_number("distance", 1.0)
            .with_word("shop", "own"),
    );
    let (same, same_se) = south_to_west(&rows);
    assert!((gap - same).abs() < 1e-9 && (se / same_se - 1.0).abs() < 1e-9);
    let controls = without_rows("price", false, &rows).unwrap();
    let robust = second_pass(&controls, &["zone"], &rows);
    assert_eq!(robust[0].alone.iter().sum::<u64>(), 1);
    let sample = Rows::of(&controls, &["zone"]).unwrap();
    let equation = sample.explain().unwrap();
    let errors = equation.errors(&robust).unwrap();
    for (term, _) in equation.coefficients().into_iter().skip(1) {
        let is_own = sample.name(term) == "shop = own";
        assert_eq!(errors.of_term(term).is_err(), is_own, "{}", sample.name(term));
    }
    // A group of one row.
    rows.push(row(&sold[0]));
    let lone = Row::new(&[("zone", "moon")], 1.0)
        .with_number("cost", 1.0)
        .with_number("distance", 1.0)
        .with_word("shop", "a");
    rows.push(lone);
    let controls = without_rows("price", false, &rows).unwrap();
    let robust = second_pass(&controls, &["zone"], &rows);
    let sample = Rows::of(&controls, &["zone"]).unwrap();
    let equation = sample.explain().unwrap();
    let errors = equation.errors(&robust).unwrap();
    let (moon, west) = (at(&sample, "moon"), at(&sample, "west"));
    assert!(equation.gap(moon, west).is_ok());
    assert!(errors.of_gap(moon, west).unwrap_err().contains("single row"));
}

#[test]
fn too_few_rows_and_too_many_columns_say_so() {
    let few = controls(&sold(19, 5));
    let reason = Rows::of(&few, &["zone"]).unwrap().explain().unwrap_err();
    assert!(reason.contains("needs more rows than 5"), "{reason}");
    let many: Vec<Row> = (0..600)
        .map(|index| {
            Row::new(&[("zone", ["n", "s"][index % 2])], index as f64).with_word("shop", &format!("{}", index / 2))
        })
        .collect();
    let many = without_rows("price", false, &many).unwrap();
    let reason = Rows::of(&many, &["zone"]).unwrap().explain().unwrap_err();
    assert!(reason.contains("301 columns"), "{reason}");
    assert!(Rows::of(&many, &["sex"]).is_none());
    assert!(SecondPass::of(&many, &[vec!["zone".to_owned()]]).is_empty());
}

#[test]
fn a_control_that_gives_the_group_away_is_a_proxy() {
    let rows: Vec<Row> = sold(20, 2_000)
        .iter()
        .map(|sold| {
            let income = if sold.zone == 1 {
                sold.distance
            } else {
                sold.distance + 15.0
            };
            Row::new(&[("zone", if sold.zone == 1 { "south" } else { "else" })], sold.price)
                .with_number("cost", sold.distance)
                .with_number("income", income)
                .with_word("shop", SHOPS[sold.shop])
                .with_word("code", if sold.zone == 1 { "S" } else { "E" })
        })
        .collect();
    let controls = without_rows("price", false, &rows).unwrap();
    let sample = Rows::of(&controls, &["zone"]).unwrap();
    let found = proxies(&sample, &[0, 1]);
    let strong: Vec<&str> = found
        .iter()
        .filter(|proxy| proxy.is_strong())
        .map(|proxy| proxy.control.as_str())
        .collect();
    assert_eq!(strong, ["income", "code"]);
    assert_eq!(found.len(), 4);
}

/// Two groups of normal numbers: the AUC from means and variances is that of the pairs.
#[test]
fn the_auc_from_sums_is_near_that_of_the_pairs() {
    let mut numbers = Numbers(21);
    let mut normal = || (0..12).map(|_| numbers.next()).sum::<f64>() - 6.0;
    let values: Vec<(usize, f64)> = (0..600)
        .map(|index| (index % 2, normal() + (index % 2) as f64))
        .collect();
    let rows: Vec<Row> = values
        .iter()
        .map(|(group, value)| Row::new(&[("g", ["a", "b"][*group])], 1.0).with_number("x", *value))
        .collect();
    let controls = without_rows("y", false, &rows).unwrap();
    let found = proxies(&Rows::of(&controls, &["g"]).unwrap(), &[0, 1]);
    let Likeness::Auc { auc, .. } = found[0].likeness else {
        panic!("a number")
    };
    let of = |wanted: usize| {
        values
            .iter()
            .filter(move |(group, _)| *group == wanted)
            .map(|(_, value)| *value)
    };
    let wins = of(1).map(|b| of(0).filter(|a| *a < b).count()).sum::<usize>() as f64 / 90_000.0;
    // One standard error of an AUC of 300 and 300 is about 0.02.
    assert!((auc - wins).abs() < 0.02, "{auc} and {wins}");
}
