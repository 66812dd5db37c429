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
    assert_eq!(left["method"], "ols-hc3", "{left}");
}

/// The fixture's README has these numbers from statsmodels.
#[test]
fn gaps_are_those_that_the_fixture_is_known_for() {
    let flags = [
        "--amount",
        "price",
        "--protected",
        "zip_income,age_band",
        "--reference",
        "zip_income=High",
        "--reference",
        "age_band=18-34",
    ];
    let clustered = [flags.as_slice(), &["--cluster", "customer"]].concat();
    for (flags, method) in [(flags.as_slice(), "Welch"), (clustered.as_slice(), "jackknife")] {
        let (status, found) = audit(flags);
        assert_eq!((status, found["verdict"].as_str()), (1, Some("fail")));
        for (by, group, reference, ratio, by_rows, by_customer, outcome) in [
            (
                "zip_income",
                "Low",
                "High",
                1.136683,
                [1.120099, 1.153513],
                [1.118713, 1.154941],
                "fail",
            ),
            (
                "zip_income",
                "Middle",
                "High",
                1.020501,
                [1.005547, 1.035676],
                [1.004194, 1.037072],
                "pass",
            ),
            (
                "age_band",
                "35-54",
                "18-34",
                0.998988,
                [0.984013, 1.014191],
                [0.981099, 1.017203],
                "pass",
            ),
            (
                "age_band",
                "55+",
                "18-34",
                0.991864,
                [0.975873, 1.008118],
                [0.973722, 1.010345],
                "pass",
            ),
        ] {
            let gap = finding(&found, "price-parity", by, [group, reference]);
            let number = |key: &str| gap[key].as_f64().unwrap();
            // Half a unit of the last digit printed.
            assert!((number("point") - ratio).abs() < 6e-7, "{gap}");
            assert!(gap["method"].as_str().unwrap().contains(method));
            assert_eq!(gap["outcome"], outcome, "{gap}");
            // HC3 and Welch differ by how they divide, normal and Student's t by two parts in a thousand. Buckets are
            // drawn customers, some together, so the jackknife is within a tenth of the clustered interval's length.
            let (ends, tolerance) = if method == "Welch" {
                (by_rows, 0.01)
            } else {
                (by_customer, 0.1)
            };
            let length = number("upper") - number("lower");
            assert!((length / (ends[1] - ends[0]) - 1.0).abs() < tolerance, "{gap} {ends:?}");
        }
    }
}

/// Controls are reasons for the amount, and it is no reason for itself: nothing would be left of any gap.
#[test]
fn an_amount_is_no_control_of_itself() {
    let room = Room::new();
    room.write("a.csv", "g,price\na,1\na,2\nb,3\nb,4\n");
    let ran = room.run(&[
        "audit",
        "a.csv",
        "--amount",
        "price",
        "--protected",
        "g",
        "--controls",
        "price",
    ]);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("cannot be a reason for itself"), "{}", ran.stderr);
}

/// A page about a tally names what the tally is of, though the flags are not said again.
#[test]
fn a_kept_tally_remembers_its_amount_and_its_controls() {
    let room = Room::new();
    let file = repository("fixtures/prices.csv");
    let flags = [
        "--amount",
        "price",
        "--protected",
        "zip_income",
        "--controls",
        "base_cost,category",
    ];
    let ran = room.run(
        &[
            &["tally", file.to_str().unwrap(), "-o", "a.tally.json"],
            flags.as_slice(),
        ]
        .concat(),
    );
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let ran = room.run(&["audit", "a.tally.json"]);
    for words in [
        "the price of zip_income",
        "Alike in base_cost, category.",
        "Amount: price",
    ] {
        let page = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// Where amounts are missing is said, and five rows that were all charged the usual price are no proof of anything.
#[test]
fn a_small_group_at_the_usual_price_settles_nothing() {
    let room = Room::new();
    let many = (0..140).map(|i| if i % 7 == 0 { "b,30\n" } else { "b,10\n" });
    let rows: String = many.chain(["a,10\n"; 5]).chain(["a,\n"; 5]).collect();
    room.write("a.csv", format!("g,price\n{rows}"));
    let ran = room.run(&["audit", "a.csv", "--amount", "price", "--protected", "g"]);
    let page = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.status, 4, "{page}");
    let words = "by g most often for \"a\" (5 of 10), least for \"b\" (0 of 140)";
    assert!(page.contains(words), "{page}");
}

/// Controls explain differences or their ratios, and which of them was settled when the rows were counted.
#[test]
fn a_kept_tally_is_not_audited_on_another_scale() {
    let room = Room::new();
    let file = repository("fixtures/prices.csv");
    let flags = "--amount price --protected zip_income --controls base_cost";
    let run = |line: String| room.run(&line.split(' ').collect::<Vec<_>>());
    for (scale, other) in [("plain", "log"), ("log", "plain")] {
        let ran = run(format!(
            "tally {} {flags} --scale {scale} -o {scale}.tally.json",
            file.display()
        ));
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        let ran = run(format!("audit {scale}.tally.json --scale {other}"));
        assert_eq!(ran.status, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("say `--scale {scale}`")), "{}", ran.stderr);
        let ran = run(format!("audit {scale}.tally.json --scale {scale}"));
        assert!(ran.status < 2, "{}", ran.stderr);
    }
    // Without a word ratios are compared, which this tally does not hold.
    assert_eq!(run("audit plain.tally.json".to_owned()).status, 2);
}
