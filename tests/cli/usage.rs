//! Arguments and policies: what is refused, what the flags change, and what the small commands print.

use crate::harness::{Room, case, check, unequal, with};

const POLICY_WITH_FIVE_ERRORS: &str = r#"[roles]
predction = "hired"
protected = "sex"

[inference]
confidence = 2
judge = "magic"

[[check]]
criterion = "disparate-imact"
"#;

/// A hundred groups in each of two columns, in every combination.
fn crossed() -> String {
    let mut text = "a,b,hired\n".to_owned();
    for row in 0..20_000 {
        let hired = if row % 3 == 0 { "yes" } else { "no" };
        text.push_str(&format!("a{},b{},{hired}\n", row % 100, row / 100 % 100));
    }
    text
}

#[test]
fn flags_that_ask_for_what_cannot_be() {
    let file = |name, line: &str, status| case(name, line, status).file("a.csv", unequal());
    check(&[
        file("misspelt positive", "audit a.csv --positive yess", 2).says(&[
            "`a.csv`: no prediction in column `hired` is `yess`",
            "did you mean `yes`?",
        ]),
        file("misspelt reference", "audit a.csv --reference sex=Mm", 2)
            .says(&["`a.csv`: the reference `Mm` is no group of `sex`", "did you mean `M`?"]),
        file("reference of another column", "audit a.csv --reference sx=M", 2)
            .says(&["`sx`, which is no protected attribute", "`sex`"]),
        file("reference without value", "audit a.csv --reference sex", 2).says(&["--reference COLUMN=VALUE"]),
        file("two references", "audit a.csv --reference sex=M --reference sex=F", 2)
            .says(&["--reference is given twice for `sex`"]),
        file("two sets of bins", "audit a.csv --bins sex=1 --bins sex=2", 2).says(&["--bins is given twice for `sex`"]),
        case(
            "intersection of ten thousand groups",
            "audit a.csv --intersections a+b --prediction hired",
            3,
        )
        .file("a.csv", crossed())
        .says(&["`a.csv`: `a+b` has 10,000 groups", "1,000 are the most", "--bins"]),
        file("bins without edges", "audit a.csv --bins sex", 2).says(&["`sex` names no bins", "--bins age=25,40,60"]),
        file("bins of words", "audit a.csv --bins sex=a,b", 2).says(&["`sex=a,b` names no bins"]),
        file("bins with a gap", "audit a.csv --bins sex=1,,2", 2).says(&["names no bins"]),
        file("bins that fall", "audit a.csv --bins sex=3,2", 2).says(&["the bins of `sex` are not rising numbers"]),
        file("bins of NaN", "audit a.csv --bins sex=nan", 2).says(&["not rising numbers"]),
        file("bins of no role", "audit a.csv --bins hired=1", 2).says(&["`hired`, which is neither protected nor"]),
        file("bins of text", "audit a.csv --bins sex=1,2", 3).says(&[
            "`a.csv`, line 2, column `sex`: `M` is not a number",
            "bins need plain numbers",
        ]),
        file("confidence of 2", "audit a.csv --confidence 2", 2).says(&["a confidence of 2", "--confidence 0.95"]),
        file("confidence of NaN", "audit a.csv --confidence nan", 2).says(&["a confidence of NaN"]),
        file("negative confidence", "audit a.csv --confidence -0.9", 2).says(&["a confidence of -0.9"]),
        file("negative minimum", "audit a.csv --min-denominator -1", 2).says(&["invalid value '-1'"]),
        file("unknown flag", "audit a.csv --protectd sex", 2).says(&["--protectd", "--protected"]),
        file("unknown format", "audit a.csv --format yaml", 2).says(&["invalid value 'yaml'", "markdown"]),
        file("protected twice", "audit a.csv --protected sex,sex", 2).says(&["`sex` is given twice"]),
        file(
            "intersection of an unknown column",
            "audit a.csv --intersections sex+race",
            2,
        )
        .says(&["`a.csv` has no column `race`"]),
        file(
            "prediction as protected",
            "audit a.csv --prediction hired --protected hired",
            2,
        )
        .says(&["`hired` is given as protected and as prediction", "a column of its own"]),
        file(
            "prediction as label",
            "audit a.csv --prediction hired --label hired --protected sex",
            2,
        )
        .says(&["`hired` is given as label and as prediction"]),
        case(
            "count as protected",
            "audit a.csv --prediction hired --count n --protected sex,n",
            2,
        )
        .file("a.csv", with("n", |_, row| row.to_string()))
        .says(&["`n` is given as protected and as count"]),
        case(
            "weight as count",
            "audit a.csv --prediction hired --protected sex --count n --weight n",
            2,
        )
        .file("a.csv", with("n", |_, _| "2".to_owned()))
        .says(&["`n` is given as count and as weight"]),
        case("nothing", "audit", 2).says(&["<FILE>"]),
    ]);
}

#[test]
fn policies_are_refused_with_every_error_at_its_place() {
    let audit = |name, text: &[u8]| {
        case(name, "audit a.csv --policy p.toml", 2)
            .file("a.csv", unequal())
            .file("p.toml", text)
    };
    check(&[
        audit("five errors", POLICY_WITH_FIVE_ERRORS.as_bytes()).says(&[
            "p.toml, line 2, column 1: [roles] has no key `predction`",
            "did you mean `prediction`?",
            "p.toml, line 3, column 13: `protected` is a text, not a list of texts",
            "p.toml, line 6, column 14: a confidence of 2",
            "p.toml, line 7, column 9: `magic` is no way of judging",
            "p.toml, line 10, column 13: there is no criterion `disparate-imact`",
            "did you mean `disparate-impact`?",
        ]),
        audit("a hundred errors", "x = [\n".repeat(100).as_bytes()).says(&["more such problems"]),
        audit("unknown key", b"colour = 1\n").says(&["p.toml, line 1, column 1: the policy has no key `colour`"]),
        audit("no TOML", b"[roles\n").says(&["p.toml, line 1, column 7", "correct the TOML"]),
        audit("not UTF-8", b"\xff\xfe\0").says(&["`p.toml` cannot be read: it is not UTF-8 text"]),
        audit("misspelt column in a policy", b"[roles]\nprotected = ['sexx']\n")
            .says(&["`a.csv` has no column `sexx`", "did you mean `sex`?"]),
        case("missing policy", "audit a.csv --policy nope.toml", 2)
            .file("a.csv", unequal())
            .says(&[
                "the policy `nope.toml` cannot be read: it does not exist",
                "check the name",
            ]),
        case("folder as policy", "audit a.csv --policy .", 2)
            .file("a.csv", unequal())
            .says(&["the policy `.` cannot be read: it is a folder"]),
        audit(
            "controls without amount",
            b"[roles]\nprotected = ['sex']\nprediction = 'hired'\ncontrols = ['sex']\n",
        )
        .says(&["`sex` (controls) says nothing without `--amount`"]),
    ]);
}

#[test]
fn flags_map_the_status_and_nothing_else() {
    let alike = || with("x", |_, _| "1".to_owned());
    check(&[
        case("fail", "audit a.csv", 1).file("a.csv", unequal()).says(&["FAIL"]),
        case("fail, exit zero", "audit a.csv --exit-zero", 0)
            .file("a.csv", unequal())
            .says(&["FAIL"]),
        case("inconclusive", "audit a.csv", 4)
            .file("a.csv", alike())
            .says(&["INCONCLUSIVE"]),
        case("inconclusive as pass", "audit a.csv --on-inconclusive pass", 0)
            .file("a.csv", alike())
            .says(&["INCONCLUSIVE"]),
        case("inconclusive as fail", "audit a.csv --on-inconclusive fail", 1)
            .file("a.csv", alike())
            .says(&["INCONCLUSIVE"]),
        case("nothing judged is no pass", "audit a.csv --on-inconclusive pass", 4)
            .file("a.csv", "sex,hired\nM,yes\nM,no\n")
            .says(&["NOT JUDGED"]),
        case("no excuse for bad input", "audit a.csv --exit-zero", 3).says(&["does not exist"]),
        case("fail is no inconclusive", "audit a.csv --on-inconclusive pass", 1).file("a.csv", unequal()),
    ]);
}

#[test]
fn quiet_says_the_verdict_and_colour_is_for_terminals() {
    let room = Room::new();
    room.write("a.csv", unequal());
    let (full, quiet) = (room.run(&["audit", "a.csv"]), room.run(&["audit", "a.csv", "--quiet"]));
    assert!(
        quiet.stdout.starts_with("FAIL") && quiet.stdout.lines().count() < 8,
        "{}",
        quiet.stdout
    );
    assert!(full.stdout.starts_with(&quiet.stdout));
    assert_eq!((full.status, quiet.status), (1, 1));
    assert!(full.stderr.is_empty() && quiet.stderr.is_empty());
    // No escape character comes out of a pipe, which is checked on every run; these make no difference.
    assert_eq!(room.run_with("NO_COLOR", "1", &["audit", "a.csv"]).stdout, full.stdout);
    assert_eq!(room.run(&["audit", "a.csv", "--no-color"]).stdout, full.stdout);
}

#[test]
fn the_catalogue_can_be_listed_and_explained() {
    check(&[
        case("list", "list", 0).says(&["disparate-impact", "true-positive-rate", "f1-score"]),
        case("explain by another name", "explain recall", 0).says(&["True positive rate", "TP / (TP + FN)", "Sources"]),
        case("explain a criterion", "explain four-fifths", 0).says(&["disparate-impact"]),
        case("explain a preset", "explain ll144", 0).says(&[
            "(ll144)",
            "As of 2026-09-15",
            "sets no pass mark",
            "6 RCNY 5-300",
        ]),
        case("explain what has two meanings", "explain four-fifths", 0).says(&[
            "Disparate impact (disparate-impact)",
            "(four-fifths)",
            "1607.4(D)",
        ]),
        case("explain a misspelt preset", "explain l144", 2).says(&["did you mean `ll144`"]),
        case("explain nonsense", "explain nonsense", 2)
            .says(&["no rate, statistic, criterion, method or preset `nonsense`", "list"]),
        case("explain a misspelling", "explain recal", 2).says(&["did you mean `recall`?"]),
        case("explain an escape", "explain", 2)
            .arg("\u{1b}[31m")
            .says(&["\\u{1b}[31m"]),
        case("unknown schema", "schema nothing", 2).says(&["audit"]),
        case("inspect a missing file", "inspect a.csv", 3).says(&["`a.csv` does not exist"]),
        case("inspect a header", "inspect a.csv", 0)
            .file("a.csv", "sex,hired\n")
            .says(&["0 records", "empty"]),
        case("inspect what nobody knows", "inspect a.csv", 0)
            .file("a.csv", "p,q\n1,2\n")
            .says(&["No column suggests a role"]),
        case("version", "--version", 0).says(&["evenhand 0."]),
        case("help", "audit --help", 0).says(&["--protected", "--out"]),
    ]);
    let schema = Room::new().run(&["schema", "audit"]);
    let schema: serde_json::Value = serde_json::from_str(&schema.stdout).unwrap();
    assert!(schema["properties"]["findings"].is_object());
}
