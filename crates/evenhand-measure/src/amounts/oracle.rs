//! What scipy and numpy say of the same numbers: `fixtures/expected/make_amounts.py`.

use serde::Deserialize;

use super::distance::{kolmogorov_smirnov, superiority, wasserstein};
use super::permutation::all_splits;
use super::quantile::{Ranks, TAUS, ranks};
use super::*;
use crate::tally::Numbers;

#[derive(Deserialize)]
struct Answers {
    samples: Vec<Sample>,
    ranks: Vec<OfRanks>,
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    #[serde(default)]
    one: Vec<f64>,
    #[serde(default)]
    two: Vec<f64>,
    mean: [f64; 2],
    variance: [f64; 2],
    t: f64,
    df: f64,
    p: f64,
    interval: [f64; 2],
    ks: f64,
    ks_exact: f64,
    ks_limit: f64,
    wasserstein: f64,
    wasserstein_more: f64,
    superiority: f64,
    quantiles: [[f64; 5]; 2],
    ratio: Option<f64>,
    ratio_interval: Option<[f64; 2]>,
    ratio_p: Option<f64>,
    permutation_p: Option<f64>,
}

#[derive(Deserialize)]
struct OfRanks {
    n: u64,
    tau: f64,
    ends: Option<[u64; 2]>,
}

fn read(name: &str) -> String {
    let path = format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn answers() -> Answers {
    serde_json::from_str(&read("expected/amounts.scipy.json")).unwrap()
}

/// The prices of a band of zip codes.
fn prices(band: &str) -> Vec<f64> {
    let text = read("prices.csv");
    let rows = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[3] == band)
        .filter_map(|row| row[9].parse().ok())
        .collect()
}

fn close(name: &str, what: &str, got: f64, expected: f64) {
    // 1e-9 of the size: scipy adds up in one order and takes its tails from other series. Exact p-values are sums of
    // small terms in both, and keep the same.
    let tolerance = 1e-9 * expected.abs().max(1e-3);
    assert!(
        (got - expected).abs() <= tolerance,
        "{name}, {what}: {got} for {expected}"
    );
}

#[test]
fn gaps_and_distances_are_those_of_scipy() {
    let answers = answers();
    assert_eq!(answers.samples.len(), 14);
    for of in &answers.samples {
        let name = of.name.as_str();
        let (one, two) = match name.split(' ').collect::<Vec<_>>()[..] {
            ["prices", one, two] => (prices(one), prices(two)),
            _ => (of.one.clone(), of.two.clone()),
        };
        let [x, y] = [&one, &two].map(|of| Numbers::of(of.iter().map(|x| (*x, 1)), 0));
        let [a, b] = [&x, &y].map(|of| Moments::of(of).unwrap());
        let check = |what: &str, got: f64, expected: f64| close(name, what, got, expected);
        for (moments, place) in [(a, 0), (b, 1)] {
            check("mean", moments.mean, of.mean[place]);
            check("variance", moments.variance.unwrap(), of.variance[place]);
        }
        let gap = mean_gap(&a, &b).unwrap();
        check("t", gap.t(), of.t);
        check("df", gap.freedom, of.df);
        check("p", gap.p(), of.p);
        check("lower", gap.interval(0.95).lower, of.interval[0]);
        check("upper", gap.interval(0.95).upper, of.interval[1]);

        let [c, d] = [&x, &y].map(|of| Distribution::exact(of).unwrap());
        let apart = kolmogorov_smirnov(&c, &d);
        let (n, m) = (c.n() as f64, d.n() as f64);
        check("ks", apart.d, of.ks);
        check(
            "exact p of ks",
            kolmogorov::exact(c.n(), d.n(), apart.numerator),
            of.ks_exact,
        );
        check(
            "limit p of ks",
            kolmogorov::limit((n * m / (n + m)).sqrt() * apart.d),
            of.ks_limit,
        );
        let moved = wasserstein(&c, &d).unwrap();
        check("wasserstein", moved.total(), of.wasserstein);
        check("more", moved.more, of.wasserstein_more);
        check("superiority", superiority(&c, &d).probability.point, of.superiority);
        for (numbers, place) in [(&c, 0), (&d, 1)] {
            for (tau, expected) in TAUS.into_iter().zip(of.quantiles[place]) {
                check("quantile", numbers.quantile(tau).unwrap().point, expected);
            }
        }
        if let (Some(ratio), Some(ends), Some(p)) = (of.ratio, of.ratio_interval, of.ratio_p) {
            let [a, b] = [&x, &y].map(|of| Moments::of_logarithms(of).unwrap());
            let gap = mean_gap(&a, &b).unwrap();
            check("ratio", gap.point.exp(), ratio);
            check("ratio's lower", gap.interval(0.95).lower.exp(), ends[0]);
            check("ratio's upper", gap.interval(0.95).upper.exp(), ends[1]);
            check("ratio's p", gap.p(), p);
        } else {
            assert!(Moments::of_logarithms(&x).is_err() || Moments::of_logarithms(&y).is_err());
        }
        match of.permutation_p {
            Some(p) => check("permutations", all_splits(&x, &y).unwrap().p(), p),
            None => assert!(all_splits(&x, &y).is_err()),
        }
    }
}

#[test]
fn tiny_exact_p_values_keep_their_digits() {
    let answers = answers();
    let of = answers.samples.iter().find(|of| of.name == "prices Low High").unwrap();
    let [c, d] = ["Low", "High"]
        .map(|band| Distribution::exact(&Numbers::of(prices(band).into_iter().map(|x| (x, 1)), 0)).unwrap());
    let found = kolmogorov::p_value(&kolmogorov_smirnov(&c, &d), &c, &d);
    assert!(found.is_exact);
    // 1e-9: some three thousand rounded steps.
    assert!(
        (found.p / of.ks_exact - 1.0).abs() < 1e-9,
        "{} for {}",
        found.p,
        of.ks_exact
    );
}

#[test]
fn ranks_are_those_of_scipy() {
    for of in answers().ranks {
        let expected = of.ends.map(|[lower, upper]| Ranks { lower, upper });
        assert_eq!(ranks(of.n, of.tau, 0.95), expected, "{} {}", of.n, of.tau);
    }
}
