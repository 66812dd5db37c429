//! Scores that are compared with their median.

use serde_json::Value;

use crate::harness::{Room, case, check, repository, with};

const ASK: &str = "--score s --threshold median";

/// Eighty people with the scores 0 to 39, twice each.
fn spread() -> String {
    with("s", |_, row| row.to_string())
}

#[test]
fn the_rule_of_new_york_is_the_column_that_follows_it() {
    let file = repository("fixtures/dcwp-example-2.csv");
    let file = file.to_str().unwrap();
    let room = Room::new();
    let protected = ["--protected", "sex,race_ethnicity"];
    let scored = [
        "tally",
        file,
        "--score",
        "score",
        "--threshold",
        "median",
        "-o",
        "s.tally.json",
    ];
    let decided = ["tally", file, "--prediction", "above_median", "-o", "d.tally.json"];
    for args in [scored.as_slice(), &decided] {
        assert_eq!(room.run(&[args, &protected].concat()).status, 0);
    }
    let cells = |name: &str| -> Value {
        let tally: Value = serde_json::from_str(&room.read(name)).unwrap();
        tally["decisions"]["cells"].clone()
    };
    assert_eq!(cells("s.tally.json"), cells("d.tally.json"));

    // The median of 92 zeros and 91 ones is 0; a zero is not above it.
    let args = [
        "audit",
        file,
        "--score",
        "score",
        "--threshold",
        "median",
        "--format",
        "json",
    ];
    let ran = room.run(&[args.as_slice(), &protected].concat());
    assert_eq!(ran.status, 4);
    let audit: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(audit["roles"]["prediction"]["rule"], "above the median 0");
    assert_eq!(audit["policy"]["roles"]["threshold"], "median");
    let note = audit["notes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|note| note["code"] == "median-threshold");
    assert!(note.unwrap()["help"].as_str().unwrap().contains("--threshold 5e-324,"));

    // What was found can be said.
    let pinned = [
        "tally",
        file,
        "--score",
        "score",
        "--threshold",
        "5e-324",
        "-o",
        "p.tally.json",
    ];
    assert_eq!(room.run(&[pinned.as_slice(), &protected].concat()).status, 0);
    assert_eq!(cells("p.tally.json"), cells("d.tally.json"));
}

#[test]
fn flags_and_policies_ask_for_a_median() {
    let policy = |name, threshold: &str, status| {
        case(name, "audit a.csv --policy p.toml", status)
            .file("a.csv", spread())
            .file(
                "p.toml",
                format!("[roles]\nprotected = ['sex']\nscore = 's'\nthreshold = {threshold}\n"),
            )
    };
    check(&[
        case("flag", &format!("audit a.csv --protected sex {ASK}"), 4)
            .file("a.csv", spread())
            .says(&[
                "the share where s is above the median 19.5,",
                "Decision: s is above the median 19.5",
                "the median of `s` over all rows that have a score is 19.5: a score equal to it is not above it",
                "say --threshold 19.500000000000004, the next number above it",
            ]),
        policy("policy", "'median'", 4).says(&["s is above the median 19.5"]),
        policy("policy with a number", "19.5", 4).says(&["s is at least 19.5"]),
        policy("policy with another word", "'mean'", 2)
            .says(&["p.toml, line 4, column 13: `threshold` is a text, not a finite number or \"median\""]),
        policy("policy with a list", "[1]", 2).says(&["`threshold` is a list"]),
        policy("policy with nan", "nan", 2).says(&["write a finite number or \"median\""]),
        case("several files", &format!("audit a.csv b.csv --protected sex {ASK}"), 4)
            .file("a.csv", spread())
            .file("b.csv", with("s", |_, row| (row + 40).to_string()))
            .says(&["s is above the median 39.5"]),
        case("count", &format!("audit a.csv --protected sex --count n {ASK}"), 4)
            .file("a.csv", "sex,s,n\nM,1,30\nF,1,30\nM,2,3\nF,2,3\nM,3,10\nF,3,10\n,9,0\n")
            .says(&["s is above the median 1"]),
    ]);
}

#[test]
fn what_has_no_median_says_so() {
    let asked = |name, value: &'static str, status| {
        case(name, &format!("audit a.csv --protected sex {ASK}"), status)
            .file("a.csv", with("s", |_, _| value.to_owned()))
    };
    check(&[
        asked("all missing", "", 3)
            .says(&["`a.csv`, column `s`: the score is missing in every row, so there is no median"]),
        asked("all NaN", "NaN", 3).says(&["missing in every row"]),
        asked("words", "high", 3).says(&[
            "`a.csv`, line 2, column `s`: `high` is not a number",
            "a threshold needs plain numbers",
        ]),
        asked("infinite", "inf", 3).says(&["line 2, column `s`: `inf` is not a finite number"]),
        asked("all equal", "7", 2).says(&[
            "`a.csv`: no score in `s` is above the median 7, because at least half of them are equal to it and none is \
             higher",
            "use a column with finer scores",
        ]),
        case("weights", &format!("audit a.csv --protected sex --weight w {ASK}"), 2)
            .file("a.csv", "sex,s,w\nM,1,2\nF,2,1\n")
            .says(&[
                "the median of `s` is that of its rows, and `w` gives them different weights",
                "or give the threshold as a number",
            ]),
        case(
            "every count zero",
            &format!("audit a.csv --protected sex --count n {ASK}"),
            3,
        )
        .file("a.csv", "sex,s,n\nM,1,0\nF,2,0\n")
        .says(&["`a.csv`, column `n`: every count is 0"]),
        case(
            "header only",
            &format!("audit a.csv --no-guess --protected sex {ASK}"),
            3,
        )
        .file("a.csv", "sex,s\n")
        .says(&["has a header and no records"]),
        case("no score", "audit a.csv --protected sex --threshold median", 2)
            .file("a.csv", spread())
            .says(&["--score <COLUMN>"]),
    ]);
}

#[test]
fn tallies_know_the_median_that_they_were_counted_with() {
    let room = Room::new();
    room.write("a.csv", spread());
    room.write("b.csv", with("s", |_, row| (row + 1).to_string()));
    let tally = |files: &[&str], threshold: &str, out: &str| {
        let flags = [
            "--protected",
            "sex",
            "--score",
            "s",
            "--threshold",
            threshold,
            "-o",
            out,
        ];
        let ran = room.run(&[&["tally"], files, &flags].concat());
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        room.read(out)
    };
    let one = tally(&["a.csv"], "median", "a.tally.json");
    let other = tally(&["b.csv"], "median", "b.tally.json");
    let number = tally(&["a.csv"], "20", "n.tally.json");
    assert!(
        one.starts_with("{\"version\":4,") && one.contains("{\"above-median\":19.5}"),
        "{one}"
    );
    assert!(number.starts_with("{\"version\":4,"), "{number}");
    // A tally is written in the version that it needs, whatever it says.
    for (text, name) in [(&one, "x.tally.json"), (&number, "y.tally.json")] {
        let (from, to) = if name == "x.tally.json" { ("4", "1") } else { ("4", "2") };
        room.write(
            name,
            text.replace(&format!("\"version\":{from}"), &format!("\"version\":{to}")),
        );
        room.write("same.tally.json", text);
        let merged = room.run(&["merge", name, "same.tally.json", "-o", "m.tally.json"]);
        assert_eq!(merged.status, 0, "{}", merged.stderr);
        assert!(room.read("m.tally.json").starts_with(&format!("{{\"version\":{from},")));
    }
    let asked = |name, line: &str, status| {
        case(name, line, status)
            .file("a.tally.json", one.clone())
            .file("b.tally.json", other.clone())
            .file("n.tally.json", number.clone())
            .file("a.csv", spread())
    };
    check(&[
        asked("as it is", "audit a.tally.json", 4).says(&["s is above the median 19.5"]),
        asked("asked again", &format!("audit a.tally.json {ASK}"), 4).says(&["s is above the median 19.5"]),
        asked("asked for a number", "audit a.tally.json --score s --threshold 19.5", 2)
            .says(&["`a.tally.json` is a tally, in which `s` was counted with other bins or another threshold"]),
        asked("of a number", &format!("audit n.tally.json {ASK}"), 2).says(&[
            "`n.tally.json` is a tally, in which `s` was not compared with its median",
            "make the tally again from the rows with `--threshold median`",
        ]),
        asked(
            "beside rows",
            &format!("audit a.csv b.tally.json --protected sex {ASK}"),
            2,
        )
        .says(&[
            "`b.tally.json` is a tally and keeps no rows, so the median of all rows cannot be found",
            "give the file that it was made from in its place",
        ]),
        asked("of two medians", "merge a.tally.json b.tally.json -o c.tally.json", 3).says(&[
            "`b.tally.json` does not go with the inputs before it: column `s` was compared with its median in each \
             part, 19.5 against 20.5, and from these the median of the whole does not follow",
            "read the rows of all parts together, or count each part with the same number as `--threshold`",
        ]),
        asked(
            "of a median and a number",
            "merge a.tally.json n.tally.json -o c.tally.json",
            3,
        )
        .says(&["column `s` was read in two ways: above the median 19.5 against at least 20"]),
    ]);
}
