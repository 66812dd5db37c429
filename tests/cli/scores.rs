//! Scores: how well they rank, and whether they mean what they say.

use serde_json::Value;

use crate::harness::{Room, case, check, repository};

#[test]
fn published_areas_under_the_curve_come_out() {
    let file = repository("fixtures/compas.csv");
    let args = [
        "audit",
        file.to_str().unwrap(),
        "--score",
        "decile_score",
        "--label",
        "two_year_recid",
        "--positive-label",
        "1",
        "--count",
        "n",
        "--protected",
        "race",
        "--format",
        "json",
    ];
    let ran = Room::new().run(&args);
    let audit: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let area = |race: &str| {
        let mut rows = audit["rates"].as_array().unwrap().iter();
        rows.find(|row| row["group"]["race"] == race).unwrap()["values"]["auc"]["point"]
            .as_f64()
            .unwrap()
    };
    // As published for these 6,172 people, and as DeLong's method of R's pROC has them.
    assert!((area("African-American") - 0.704_252_781_8).abs() < 1e-9);
    assert!((area("Caucasian") - 0.692_762_554_3).abs() < 1e-9);
}

#[test]
fn a_score_is_audited_with_and_without_a_threshold() {
    let rows: String = (0..400)
        .map(|n| {
            format!(
                "{},{},0.{:02}\n",
                if n % 2 == 0 { "M" } else { "F" },
                (n * 7 % 10 < 4) as u8,
                n * 13 % 100
            )
        })
        .collect();
    let file = format!("sex,repaid,risk\n{rows}");
    let of = |name: &'static str, flags: &str, status: i32| {
        let line = format!("audit a.csv --protected sex --label repaid{flags} --detail");
        case(name, &line, status).file("a.csv", file.clone())
    };
    check(&[
        of("alone", " --score risk", 4).says(&["AUC"]),
        of("with a threshold", " --score risk --threshold 0.5", 4).says(&["at least 0.5", "AUC"]),
        of("a threshold alone", " --threshold 0.5", 2),
    ]);
}
