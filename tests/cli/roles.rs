//! What the command takes columns for, with and without flags, and what it warns of.

use serde_json::Value;

use crate::harness::{Case, Room, case, check, repository};

fn audit_of(args: &[&str]) -> (i32, Value) {
    let ran = Room::new().run(&[&["audit"], args, &["--format", "json"]].concat());
    (ran.status, serde_json::from_str(&ran.stdout).unwrap())
}

/// Decisions about men and women with a large gap, as counts under `column`.
fn counted(column: &str) -> String {
    format!(
        "store,sex,decision,{column}\nS0,M,Approved,634\nS0,M,Denied,425\nS0,F,Approved,328\nS0,F,Denied,761\n\
         S1,M,Approved,600\nS1,M,Denied,401\nS1,F,Approved,310\nS1,F,Denied,703\n"
    )
}

/// A line per person: sex, then what `columns` says.
fn people(header: &str, line: impl Fn(usize, &str) -> String) -> String {
    let mut text = format!("id,sex,{header}\n");
    for row in 0..400 {
        let sex = ["F", "M"][row % 2];
        text.push_str(&format!("{row},{sex},{}\n", line(row / 2, sex)));
    }
    text
}

#[test]
fn pinning_columns_leaves_the_count_and_the_verdict_as_they_are() {
    let fixtures: [(&str, &[&str], u64); 2] = [
        (
            "berkeley",
            &["--prediction", "decision", "--protected", "gender"],
            4_526,
        ),
        (
            "compas",
            &["--prediction", "high_risk", "--protected", "race,sex,age_cat"],
            6_172,
        ),
    ];
    for (fixture, flags, rows) in fixtures {
        let path = repository(&format!("fixtures/{fixture}.csv"));
        let path = path.to_str().unwrap();
        let (status, plain) = audit_of(&[path]);
        let (pinned_status, pinned) = audit_of(&[&[path], flags].concat());
        assert_eq!(pinned_status, status, "{fixture}");
        for key in ["verdict", "findings", "rates", "data"] {
            assert_eq!(pinned[key], plain[key], "{fixture}: {key}");
        }
        assert_eq!(pinned["data"]["rows_counted"], rows, "{fixture}");
    }
}

#[test]
fn counts_are_taken_or_warned_of_whatever_is_pinned() {
    let pinned = "audit a.csv --prediction decision --protected sex";
    let plain = |column: &str, text: &'static str| {
        [
            case("counts", "audit a.csv", 1)
                .file("a.csv", counted(column))
                .says(&[text]),
            case("counts, pinned", pinned, 1)
                .file("a.csv", counted(column))
                .says(&[text]),
        ]
    };
    let mut cases: Vec<Case> = Vec::new();
    cases.extend(plain("n", "`n` was taken for the count of people"));
    cases.extend(plain("total", "`total` was taken for the count of people"));
    cases.extend(plain(
        "number_of_people",
        "`number_of_people` was taken for the count of people",
    ));
    let warned = "`befragte` could be the count of people and was not used: it looks like counts: each line may stand for \
                  many rows";
    cases.push(
        case("unknown name", "audit a.csv", 4)
            .file("a.csv", counted("befragte"))
            .says(&[warned]),
    );
    cases.push(
        case("unknown name, pinned", pinned, 4)
            .file("a.csv", counted("befragte"))
            .says(&[warned]),
    );
    cases.push(
        case("unknown name, given", "audit a.csv --count befragte", 1)
            .file("a.csv", counted("befragte"))
            .says(&["FAIL"]),
    );
    check(&cases);

    let room = Room::new();
    room.write("a.csv", counted("befragte"));
    let ran = room.run(&["audit", "a.csv", "--format", "json"]);
    let audit: Value = serde_json::from_str(&ran.stdout).unwrap();
    let notes = audit["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["code"] == "looks-like-counts").unwrap();
    assert_eq!(
        (&note["severity"], &note["help"]),
        (&"warning".into(), &"--count befragte".into())
    );
    room.write("b.csv", counted("n"));
    for (file, text) in [
        ("a.csv", "warning: `befragte`"),
        ("b.csv", "`n` was taken for the count"),
    ] {
        let out = format!("{file}.tally.json");
        let ran = room.run(&[
            "tally",
            file,
            "--prediction",
            "decision",
            "--protected",
            "sex",
            "--out",
            &out,
        ]);
        assert!(ran.status == 0 && ran.stderr.contains(text), "{}", ran.stderr);
    }
}

#[test]
fn ages_and_numberings_of_people_are_no_counts() {
    let lines = (0..60).map(|row| {
        format!(
            "{},{},{}\n",
            ["F", "M"][row % 2],
            ["yes", "no"][row % 3 % 2],
            20 + row % 7
        )
    });
    let text: String = std::iter::once("sex,hired,years\n".to_owned()).chain(lines).collect();
    let room = Room::new();
    room.write("a.csv", text);
    room.write("b.csv", "sex,hired,number\nF,yes,1\nF,no,2\nM,yes,3\nM,no,4\n");
    for file in ["a.csv", "b.csv"] {
        let ran = room.run(&["audit", file, "--format", "json"]);
        assert!(!ran.stdout.contains("looks-like-counts"), "{}", ran.stdout);
        assert!(!ran.stdout.contains("was taken for the count"), "{}", ran.stdout);
    }
}

#[test]
fn crossing_attributes_drops_no_other() {
    let path = repository("fixtures/compas.csv");
    let (_, plain) = audit_of(&[path.to_str().unwrap()]);
    let (status, crossed) = audit_of(&[path.to_str().unwrap(), "--intersections", "race+sex"]);
    assert_eq!(status, 1);
    assert_eq!(crossed["roles"]["protected"], plain["roles"]["protected"]);
    let (_, given) = audit_of(&[
        path.to_str().unwrap(),
        "--intersections",
        "race+sex",
        "--protected",
        "race",
    ]);
    assert_eq!(given["roles"]["protected"], serde_json::json!(["race", "sex"]));
}

#[test]
fn decisions_are_known_by_their_values_and_not_by_a_bare_word() {
    let outcome = |row: usize, sex: &str| {
        let is_approved = row % 10 < if sex == "F" { 3 } else { 7 };
        if is_approved { "Approved" } else { "Denied" }
    };
    let flag = |row: usize| if row.is_multiple_of(2) { "Y" } else { "N" };
    check(&[
        case("a flag beside an outcome", "audit a.csv", 1)
            .file(
                "a.csv",
                people("veteran_flag,outcome", |row, sex| {
                    format!("{},{}", flag(row), outcome(row, sex))
                }),
            )
            .says(&[
                "`outcome` was taken for the decision",
                "`veteran_flag` was taken for a protected attribute",
            ]),
        case("a label with flag in its name", "audit a.csv", 1)
            .file(
                "a.csv",
                people("outcome,default_flag", |row, sex| {
                    format!("{},{}", outcome(row, sex), row % 2)
                }),
            )
            .says(&[
                "`outcome` was taken for the decision",
                "`default_flag` was taken for what really happened",
            ]),
        case("two decisions", "audit a.csv", 2)
            .file(
                "a.csv",
                people("outcome,recommended", |row, sex| {
                    format!("{},{}", outcome(row, sex), flag(row))
                }),
            )
            .says(&["--prediction outcome or --prediction recommended"]),
        case("an outcome that is observed", "audit a.csv", 4)
            .file(
                "a.csv",
                people("outcome,recommended", |row, _| format!("{},{}", row % 2, flag(row / 2))),
            )
            .says(&["`outcome` was taken for what really happened"]),
    ]);
}

#[test]
fn groups_that_the_table_makes_are_warned_of() {
    let totals = "sex,decision,n\nM,Approved,500\nM,Denied,500\nF,Approved,480\nF,Denied,520\nTOTAL,Approved,980\n\
                  TOTAL,Denied,1021\n";
    let alike = "sex,decision,n\nM,Approved,500\nM,Denied,500\nF,Approved,480\nF,Denied,520\nF ,Approved,48\n\
                 F ,Denied,52\nf,Approved,47\nf,Denied,53\n";
    let room = Room::new();
    room.write("total.csv", totals);
    room.write("alike.csv", alike);
    let warnings = [
        (
            "total.csv",
            "total-row",
            "`TOTAL` in `sex` looks like a total row, which counts everybody twice",
        ),
        ("alike.csv", "look-alike-groups", r#""F", "F ", "f""#),
    ];
    for (file, code, text) in warnings {
        let tally = format!("{file}.tally.json");
        // Without it, whether these are groups is asked.
        let apart = ["--distinct", "sex"];
        assert_eq!(
            room.run(&["tally", file, "--distinct", "sex", "--out", &tally]).status,
            0
        );
        for input in [file, &tally] {
            let ran = room.run(&["audit", input, "--format", "json", apart[0], apart[1]]);
            let audit: Value = serde_json::from_str(&ran.stdout).unwrap();
            let notes = audit["notes"].as_array().unwrap();
            let found: Vec<&Value> = notes.iter().filter(|note| note["code"] == code).collect();
            assert_eq!(found.len(), 1, "{input}: {notes:?}");
            assert_eq!(found[0]["severity"], "warning", "{input}");
            assert!(found[0]["message"].as_str().unwrap().contains(text), "{}", found[0]);
            assert!(found[0]["help"].is_string());
        }
    }
    let printed = room.run(&["audit", "alike.csv", "--distinct", "sex"]).stdout;
    assert!(printed.contains(r#""F ""#), "{printed}");
}

#[test]
fn guesses_can_be_refused() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["audit", "../../fixtures/berkeley.csv", "--no-guess", "--format", "json"])
        .args(["--prediction", "decision", "--protected", "gender"])
        .output()
        .unwrap();
    let audit: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        audit["data"]["rows_read"], 24,
        "a line is a row when nothing says that it stands for more"
    );
    assert!(
        audit["notes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|note| note["code"] != "role-guessed")
    );
}

#[test]
fn values_that_are_negative_numbers_are_values() {
    let room = Room::new();
    let line = |row: usize, sex: &str| {
        format!(
            "{},{}",
            if row.is_multiple_of(9) { -99 } else { 1 },
            if sex == "F" { -1 } else { 1 }
        )
    };
    room.write("a.csv", people("label,decision", line));
    let roles = "tally a.csv --prediction decision --positive -1 --label label --positive-label -1 --protected sex --missing -99 \
                 --no-guess -q -o a.tally.json";
    let args: Vec<&str> = roles.split_whitespace().collect();
    let ran = room.run(&args);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(room.read("a.tally.json").contains("\"levels\":[null,\"1\"]"));
}
