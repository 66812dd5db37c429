//! Tallies: kept, merged, audited, forged.

use serde_json::Value;

use crate::harness::{Room, case, check, repository, unequal};

const TALLY: &str = r#"{"version":1,"records":200,
"decisions":{"dimensions":[
{"role":"protected","column":"sex","coding":"as-written","levels":["F","M"]},
{"role":"prediction","column":"hired","coding":"as-written","levels":["no","yes"]}],"cells":[
[[0,0],{"n":70}],
[[0,1],{"n":30}],
[[1,0],{"n":40}],
[[1,1],{"n":60}]]}}
"#;

#[test]
fn forged_and_foreign_tallies_are_refused() {
    let forged = |name, from: &str, to: &str| {
        assert!(TALLY.contains(from));
        case(name, "audit a.tally.json", 3)
            .file("a.tally.json", TALLY.replace(from, to))
            .says(&["`a.tally.json`", "make it again with `evenhand tally"])
    };
    check(&[
        case("the real one", "audit a.tally.json", 1)
            .file("a.tally.json", TALLY)
            .says(&["FAIL"]),
        forged("newer version", "\"version\":1", "\"version\":99")
            .says(&["the tally has version 99, and this program reads versions 1 to"]),
        forged("version zero", "\"version\":1", "\"version\":0").says(&["version 0"]),
        forged("key out of range", "[1,1]", "[1,7]").says(&["does not fit"]),
        forged("key too short", "[1,1]", "[1]").says(&["does not fit"]),
        forged("key below zero", "[1,1]", "[-1,1]").says(&["not a tally"]),
        forged("negative count", "\"n\":60", "\"n\":-60").says(&["not a tally"]),
        forged("fractional count", "\"n\":60", "\"n\":60.5").says(&["not a tally"]),
        forged("counts that overflow", "\"n\":", "\"n\":90000000000000000").says(&["2^64"]),
        forged("records that are not the rows", "200", "7").says(&["7 records and 200 rows"]),
        forged("unknown field", "\"records\"", "\"extra\":1,\"records\"").says(&["extra"]),
        forged(
            "the same role twice",
            "\"protected\",\"column\":\"sex\"",
            "\"prediction\",\"column\":\"hired\"",
        )
        .says(&["`hired` plays the same role twice"]),
        case("cut short", "audit a.tally.json", 3)
            .file("a.tally.json", &TALLY[..150])
            .says(&["not a tally"]),
        case("no JSON", "audit a.tally.json", 3)
            .file("a.tally.json", "sex,hired\n")
            .says(&["not a tally"]),
        case("not text", "audit a.tally.json", 3)
            .file("a.tally.json", b"\xff\xfe")
            .says(&["it is not text"]),
        case("empty", "audit a.tally.json", 3)
            .file("a.tally.json", "")
            .says(&["`a.tally.json` is empty"]),
        case("nested without end", "audit a.tally.json", 3).file("a.tally.json", "[".repeat(1_000_000)),
        case("nested in a field", "audit a.tally.json", 3).file(
            "a.tally.json",
            "{\"version\":1,\"records\":".to_owned() + &"[".repeat(1_000_000),
        ),
        case("inspected", "inspect a.tally.json", 3)
            .file("a.tally.json", TALLY)
            .says(&["is a tally"]),
    ]);
}

#[test]
fn a_tally_is_not_asked_for_what_it_does_not_hold() {
    let asked = |name, line: &str| case(name, line, 2).file("a.tally.json", TALLY);
    check(&[
        asked("protected", "audit a.tally.json --protected sexx").says(&[
            "`a.tally.json` is a tally and has no column `sexx` (protected)",
            "did you mean `sex`?",
        ]),
        asked("prediction", "audit a.tally.json --prediction nope").says(&["`nope` (prediction)", "it has `hired`"]),
        asked("label", "audit a.tally.json --label y").says(&["`y` (label)", "with --label"]),
        asked("strata", "audit a.tally.json --strata y").says(&["`y` (strata)"]),
        asked("weight", "audit a.tally.json --weight w").says(&["`w` (weight)", "make the tally again"]),
        asked("count", "audit a.tally.json --count n").says(&["`n` (count)"]),
        asked("cluster", "audit a.tally.json --cluster id").says(&["`id` (cluster)"]),
        asked("score", "audit a.tally.json --score hired --threshold 1").says(&["another threshold"]),
        asked("bins", "audit a.tally.json --protected sex --bins sex=1").says(&["other bins"]),
        asked("positive", "audit a.tally.json --positive yess").says(&["did you mean `yes`?"]),
        asked("reference", "audit a.tally.json --reference sex=X").says(&["`X` is no group of `sex`"]),
        case(
            "what it holds",
            "audit a.tally.json --protected sex --prediction hired --reference sex=M",
            1,
        )
        .file("a.tally.json", TALLY),
    ]);
}

#[test]
fn what_does_not_merge_says_which_and_why() {
    let merge = |name, status| {
        case(name, "merge a.tally.json b.tally.json -o c.tally.json", status).file("a.tally.json", TALLY)
    };
    check(&[
        merge("other columns", 3)
            .file("b.tally.json", TALLY.replace("\"sex\"", "\"gender\""))
            .says(&[
                "`b.tally.json` does not go with the inputs before it",
                "`gender`",
                "`sex`",
            ]),
        merge("one missing", 3).says(&["`b.tally.json` does not exist"]),
        merge("one forged", 3)
            .file("b.tally.json", TALLY.replace("[1,1]", "[1,7]"))
            .says(&["`b.tally.json`"]),
        merge("other missing values", 3)
            .file(
                "b.tally.json",
                TALLY.replace("\"records\":200", "\"records\":200,\"missing\":[\"-\"]"),
            )
            .says(&["`b.tally.json`", "different texts for missing"]),
        merge("more than 2^64 rows", 3)
            .file(
                "b.tally.json",
                TALLY
                    .replace("70", "18446744073709551400")
                    .replace("200", "18446744073709551530"),
            )
            .says(&["2^64"]),
        case("no tally", "merge a.csv b.tally.json -o c.tally.json", 2)
            .file("a.csv", unequal())
            .says(&["`a.csv` is not named as a tally"]),
        case("the same twice", "merge a.tally.json a.tally.json -o c.tally.json", 2)
            .file("a.tally.json", TALLY)
            .says(&["`a.tally.json` is given twice"]),
        case("one only", "merge a.tally.json -o c.tally.json", 2)
            .file("a.tally.json", TALLY)
            .says(&["2 values"]),
        case("name of no tally", "tally a.csv -o c.json", 2)
            .file("a.csv", unequal())
            .says(&["`c.json` would not be known as a tally", ".tally.json"]),
        case("no folder", "tally a.csv -o no/c.tally.json", 2)
            .file("a.csv", unequal())
            .says(&["there is no folder `no`"]),
        case("bad input", "tally a.csv -o c.tally.json", 3).file("a.csv", "sex,hired\n"),
    ]);
}

#[test]
fn halves_merge_to_the_bytes_of_the_whole() {
    for (fixture, roles) in [
        (
            "vendor-export",
            "--prediction Recommended --label Purchased --protected Gender,Ethnicity --strata Region",
        ),
        (
            "compas",
            "--prediction high_risk --label two_year_recid --protected race,sex --count n",
        ),
    ] {
        let room = Room::new();
        let whole = std::fs::read_to_string(repository(&format!("fixtures/{fixture}.csv"))).unwrap();
        let (header, body) = whole.split_once('\n').unwrap();
        let lines: Vec<&str> = body.lines().collect();
        let (first, second) = lines.split_at(lines.len() / 3);
        for (name, lines) in [("whole", lines.as_slice()), ("first", first), ("second", second)] {
            room.write(&format!("{name}.csv"), format!("{header}\n{}\n", lines.join("\n")));
            let (csv, out) = (format!("{name}.csv"), format!("{name}.tally.json"));
            let mut args = vec!["tally", csv.as_str(), "--out", out.as_str()];
            args.extend(roles.split(' '));
            let ran = room.run(&args);
            assert_eq!((ran.status, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
            assert!(
                ran.stderr.ends_with("treat it as you treat the data\n"),
                "{}",
                ran.stderr
            );
        }
        let merge = [
            "merge",
            "second.tally.json",
            "first.tally.json",
            "-o",
            "merged.tally.json",
        ];
        assert_eq!(room.run(&merge).status, 0);
        assert_eq!(
            room.read("merged.tally.json"),
            room.read("whole.tally.json"),
            "{fixture}"
        );

        // Files, halves and tallies in any mixture say the same.
        let json = |inputs: &[&str]| -> Value {
            let mut args = vec!["audit"];
            args.extend(inputs);
            args.extend(roles.split(' '));
            args.extend(["--format", "json"]);
            let mut audit: Value = serde_json::from_str(&room.run(&args).stdout).unwrap();
            audit["provenance"]["inputs"].take();
            // Only files have columns that play no role, and are spoken of.
            let notes = audit["notes"].as_array_mut().unwrap();
            notes.retain(|note| note["code"] != "role-possible");
            audit
        };
        let whole = json(&["whole.csv"]);
        assert_eq!(json(&["whole.tally.json"]), whole, "{fixture}");
        assert_eq!(json(&["first.csv", "second.csv"]), whole, "{fixture}");
        assert_eq!(json(&["second.tally.json", "first.csv"]), whole, "{fixture}");
    }
}
