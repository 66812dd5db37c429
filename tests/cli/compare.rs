//! Two models on the same rows: what has changed is tested in pairs.

use serde_json::Value;

use crate::harness::{Room, case, check, repository};

const ROLES: [&str; 10] = [
    "--prediction",
    "approved_2025",
    "--compare",
    "approved_2024",
    "--label",
    "repaid",
    "--protected",
    "region",
    "--adverse=false",
    "--no-guess",
];

fn audited(room: &Room, file: &str, more: &[&str]) -> Value {
    let args = [["audit", file].as_slice(), more, &["--format", "json"]].concat();
    let ran = room.run(&args);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr))
}

/// The rate of a group.
fn rate<'a>(audit: &'a Value, id: &str, region: &str) -> &'a Value {
    let mut rates = audit["paired"]["rates"].as_array().unwrap().iter();
    let is_it = |of: &&Value| of["rate"] == id && of["group"]["region"] == region;
    rates.find(is_it).unwrap()
}

#[test]
fn a_planted_worsening_comes_out_as_the_script_counted_it() {
    let file = repository("fixtures/two-models.csv");
    let audit = audited(&Room::new(), file.to_str().unwrap(), &ROLES);
    let expected = [
        ("selection-rate", "North", 46, 41, 0.594288),
        ("selection-rate", "South", 142, 21, 1.6689e-23),
        ("accuracy", "North", 57, 30, 0.003_746_51),
        ("accuracy", "South", 133, 30, 6.81621e-17),
    ];
    for (id, region, before, now, p) in expected {
        let of = rate(&audit, id, region);
        assert_eq!(
            (&of["only_before"], &of["only_now"]),
            (&before.into(), &now.into()),
            "{id} {region}"
        );
        let found = of["p"].as_f64().unwrap();
        assert!((found / p - 1.0).abs() < 1e-5, "{id} {region}: {found}");
    }
    let changes = &audit["paired"]["changes"];
    assert_eq!(changes["paired"], true);
    let impact = &changes["changes"][0];
    assert_eq!(
        (&impact["criterion"], &impact["outcome"]),
        (&"disparate-impact".into(), &"worse".into())
    );
    assert!((impact["before"]["point"].as_f64().unwrap() - 0.932_028_4).abs() < 1e-6);
    assert!((impact["now"]["point"].as_f64().unwrap() - 0.807_619_0).abs() < 1e-6);
    assert_eq!(audit["roles"]["compared"]["column"], "approved_2024");
    // The tests are named, and explained.
    let tests = audit["tests"].as_array().unwrap();
    for id in ["mcnemar-mid-p", "paired-z", "paired-disparity"] {
        assert!(tests.iter().any(|test| test["id"] == id), "{id}");
        let explained = Room::new().run(&["explain", id]);
        assert_eq!(explained.status, 0, "{id}: {}", explained.stderr);
    }
}

#[test]
fn the_other_model_changes_nothing_else() {
    let file = repository("fixtures/two-models.csv");
    let without: Vec<&str> = ROLES[..2].iter().chain(&ROLES[4..]).copied().collect();
    let room = Room::new();
    let (with, without) = (
        audited(&room, file.to_str().unwrap(), &ROLES),
        audited(&room, file.to_str().unwrap(), &without),
    );
    for part in ["verdict", "data", "rates", "findings", "families", "practical"] {
        assert_eq!(with[part], without[part], "{part}");
    }
    assert!(without.get("paired").is_none() && with.get("paired").is_some());
}

#[test]
fn a_saved_tally_keeps_the_pairs() {
    let file = repository("fixtures/two-models.csv");
    let room = Room::new();
    let args = [
        ["tally", file.to_str().unwrap(), "-o", "two.tally.json"].as_slice(),
        &ROLES[..8],
    ]
    .concat();
    let ran = room.run(&args);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let mut one = audited(&room, file.to_str().unwrap(), &ROLES);
    let mut other = audited(&room, "two.tally.json", &ROLES);
    assert_eq!(one["paired"], other["paired"]);
    assert_eq!(one["provenance"]["tally_hash"], other["provenance"]["tally_hash"]);
    assert_eq!(one["tests"].take(), other["tests"].take());
}

#[test]
fn what_is_said_of_two_models() {
    let data: String = (0..600)
        .map(|n| {
            let region = if n % 2 == 0 { "N" } else { "S" };
            let old = n % 3 != 0;
            let new = if region == "S" && n % 7 == 1 { false } else { old };
            let risk = if new { "0.8" } else { "0.3" };
            let risk_old = if old { "0.9" } else { "0.1" };
            format!(
                "{region},{},{},{risk},{risk_old},1.5,{}\n",
                if new { "yes" } else { "no" },
                if old { "yes" } else { "no" },
                u8::from(old)
            )
        })
        .collect();
    let data = format!("region,new,old,risk,risk_old,w,coded\n{data}");
    let of = |name: &'static str, flags: &str, status: i32| {
        let line = format!("audit a.csv --protected region --adverse=false --no-guess {flags}");
        case(name, &line, status).file("a.csv", data.clone())
    };
    check(&[
        of("two decisions", "--prediction new --compare old", 4).says(&[
            "Against the other model",
            "\"new\" (now) and \"old\" (before) decided the same 600 rows",
            "worse: The disparate impact of",
        ]),
        of("in detail", "--prediction new --compare old --detail", 4)
            .says(&["paired on the same rows", "not adjusted; by McNemar's test"]),
        of("two scores", "--score risk --threshold 0.5 --compare risk_old", 4).says(&["Against the other model"]),
        of(
            "two scores and a median",
            "--score risk --threshold median --compare risk_old",
            2,
        )
        .says(&["the two models have no threshold in common"]),
        of("the same column", "--prediction new --compare new", 2),
        of("no such column", "--prediction new --compare oldd", 2).says(&["did you mean `old`"]),
        of("other words", "--prediction new --compare coded", 3)
            .says(&["no decision in column `coded` (compared) is `yes`"]),
        of("weights", "--prediction new --compare old --weight w", 2).says(&["paired tests know no weights yet"]),
        of("each class", "--prediction new --compare old --each-class", 2),
        of("swapped", "--prediction old --compare new", 0).says(&["not shown to be worse"]),
    ]);
}
