//! Prices: the planted gap is found, with and without what is declared legitimate.

use serde_json::Value;

use crate::harness::{Room, repository};

fn audit(flags: &[&str]) -> (i32, Value) {
    let file = repository("fixtures/prices.csv");
    let args = [&["audit", file.to_str().unwrap(), "--format", "json"], flags].concat();
    let ran = Room::new().run(&args);
    (
        ran.status,
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr)),
    )
}

fn finding<'a>(audit: &'a Value, criterion: &str, by: &str, pair: [&str; 2]) -> &'a Value {
    let is_pair = |f: &&Value| {
        let (group, reference) = (f["group"][by].as_str(), f["reference"][by].as_str());
        [group, reference] == pair.map(Some) || [reference, group] == pair.map(Some)
    };
    let mut findings = audit["findings"].as_array().unwrap().iter();
    findings
        .find(|f| f["criterion"] == criterion && is_pair(f))
        .unwrap_or_else(|| panic!("no {criterion}"))
}

#[test]
fn the_planted_gap_is_found_with_and_without_controls() {
    let raw = [
        "--amount",
        "price",
        "--protected",
        "zip_income,age_band",
        "--cluster",
        "customer",
    ];
    let (status, alone) = audit(&raw);
    assert_eq!(status, 1);
    assert_eq!(
        finding(&alone, "price-parity", "zip_income", ["Low", "High"])["outcome"],
        "fail"
    );
    assert_eq!(
        finding(&alone, "price-parity", "age_band", ["18-34", "55+"])["outcome"],
        "pass"
    );

    let controls = ["--controls", "base_cost,distance_km,category,loyalty"];
    let (status, controlled) = audit(&[raw.as_slice(), &controls].concat());
    assert_eq!(status, 1);
    let left = finding(&controlled, "conditional-price-parity", "zip_income", ["Low", "High"]);
    assert_eq!(
        (left["outcome"].as_str(), left["level"].as_str()),
        (Some("fail"), Some("error"))
    );
    let raw = finding(&controlled, "price-parity", "zip_income", ["Low", "High"]);
    assert_eq!(raw["level"], "warn");
    // Farther away is dearer, and legitimately so: the controls leave less of the gap.
    let size = |finding: &Value| finding["point"].as_f64().unwrap().ln().abs();
    assert!(size(left) < size(raw), "{left} {raw}");
    for by in [["18-34", "55+"], ["18-34", "35-54"]] {
        assert_eq!(
            finding(&controlled, "conditional-price-parity", "age_band", by)["outcome"],
            "pass"
        );
    }
}

#[test]
fn the_same_rows_without_clusters_have_robust_errors_of_their_own() {
    let flags = [
        "--amount",
        "price",
        "--protected",
        "zip_income",
        "--controls",
        "base_cost,distance_km,category,loyalty",
    ];
    let (_, found) = audit(&flags);
    let left = finding(&found, "conditional-price-parity", "zip_income", ["Low", "High"]);
    assert!(left["method"].as_str().unwrap().contains("HC3"), "{left}");
}
