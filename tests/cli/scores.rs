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

/// With so many different scores the area is known within bounds, unless each of them is kept.
#[test]
fn every_different_score_is_kept_if_asked() {
    let room = Room::new();
    let people: Vec<(bool, f64)> = (0..6_000u32)
        .map(|n| {
            let share = (f64::from(n) * 0.618_033_988_749_894_9).fract();
            (n % 5 < 2, 0.1 + 0.8 * share + if n % 10 == 0 { 0.05 } else { 0.0 })
        })
        .collect();
    let rows = people.iter().enumerate();
    let rows: String = rows
        .map(|(n, (repaid, score))| format!("{},{},{score}\n", if n % 3 == 0 { "M" } else { "F" }, u8::from(*repaid)))
        .collect();
    room.write("a.csv", format!("sex,repaid,risk\n{rows}"));
    let line = "--score risk --label repaid --positive-label 1 --protected sex";
    let run = |command: &str| {
        let args: Vec<&str> = command.split(' ').collect();
        room.run(&args)
    };
    let audited = |command: &str| -> Value {
        let ran = run(&format!("{command} --format json"));
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{command}: {}", ran.stderr))
    };
    let note = |audit: &Value| {
        let mut notes = audit["notes"].as_array().unwrap().iter();
        notes.find(|note| note["code"] == "scores-fall-together").cloned()
    };
    let area = |audit: &Value, sex: &str| {
        let mut rows = audit["rates"].as_array().unwrap().iter();
        let row = rows.find(|row| row["group"]["sex"] == sex).unwrap();
        row["values"]["auc"]["point"].as_f64().unwrap()
    };
    let by_pairs = |sex: usize| {
        let of = |wanted: bool| -> Vec<f64> {
            let group = people
                .iter()
                .enumerate()
                .filter(|(n, _)| usize::from(n % 3 == 0) == sex);
            group
                .filter(|(_, (repaid, _))| *repaid == wanted)
                .map(|(_, (_, score))| *score)
                .collect()
        };
        let (positives, negatives) = (of(true), of(false));
        let won: f64 = positives
            .iter()
            .flat_map(|high| {
                negatives.iter().map(move |low| {
                    if high > low {
                        1.0
                    } else if high == low {
                        0.5
                    } else {
                        0.0
                    }
                })
            })
            .sum();
        won / (positives.len() * negatives.len()) as f64
    };

    let rounded = audited(&format!("audit a.csv {line}"));
    assert!(note(&rounded).unwrap()["help"].as_str().unwrap().contains("--exact"));
    assert_ne!(area(&rounded, "F"), by_pairs(0));
    let exact = audited(&format!("audit a.csv {line} --exact"));
    assert_eq!(note(&exact), None);
    for (sex, place) in [("F", 0), ("M", 1)] {
        // Both are one division of whole or half numbers.
        assert_eq!(area(&exact, sex), by_pairs(place), "{sex}");
    }
    room.write("a.toml", "[scores]\nexact = true\n");
    assert_eq!(
        area(&audited(&format!("audit a.csv {line} --policy a.toml")), "F"),
        by_pairs(0)
    );

    assert_eq!(run(&format!("tally a.csv {line} --exact -o e.tally.json")).status, 0);
    assert_eq!(run(&format!("tally a.csv {line} -o r.tally.json")).status, 0);
    assert_eq!(
        area(&audited("audit e.tally.json --positive-label 1"), "F"),
        by_pairs(0)
    );
    let ran = run("audit r.tally.json --positive-label 1 --exact");
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("make the tally again from the rows with `--exact`"),
        "{}",
        ran.stderr
    );
    let ran = run("audit e.tally.json r.tally.json --positive-label 1");
    assert!(
        ran.status > 1 && ran.stderr.contains("make both with --exact"),
        "{}",
        ran.stderr
    );
}
