//! Inputs that cannot be used, or in which there is nothing to judge.

use crate::harness::{Case, Room, case, check, repository, unequal, with};

const ROLES: &str = "--prediction hired --protected sex";

/// One strange value in an otherwise good file, on line 42.
fn odd(column: &str, good: &'static str, odd: &'static str) -> String {
    with(column, |sex, row| {
        if (sex, row) == ("M", 20) { odd } else { good }.to_owned()
    })
}

/// Bytes without any order, the same on every run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

#[test]
fn files_that_are_no_table() {
    let header_only = || case("header only", "audit a.csv", 3).file("a.csv", "sex,hired\n");
    check(&[
        case("missing", "audit a.csv", 3).says(&["`a.csv` does not exist", "check the name"]),
        case("one of two missing", "audit a.csv b.csv", 3)
            .file("a.csv", unequal())
            .says(&["`b.csv` does not exist"]),
        case("empty", "audit a.csv", 3)
            .file("a.csv", "")
            .says(&["`a.csv` is empty", "export the data again"]),
        case("line ends only", "audit a.csv", 3)
            .file("a.csv", "\n\r\n\n")
            .says(&["`a.csv` is empty"]),
        case("folder", "audit .", 3)
            .file("notes.txt", "1")
            .says(&["the folder `.` has no file that ends in `.csv`", "there is `notes.txt`"]),
        header_only().says(&["`a.csv` has a header and no records", "export the data again"]),
        case("header only, roles named", &format!("audit a.csv {ROLES}"), 3)
            .file("a.csv", "sex,hired")
            .says(&["`a.csv` has a header and no records"]),
        case("noise", "audit a.csv", 3)
            .file("a.csv", noise(5_000))
            .says(&["`a.csv` is not text", "CSV UTF-8"]),
        case("noise, roles named", &format!("audit a.csv {ROLES}"), 3)
            .file("a.csv", noise(3_000_000))
            .says(&["`a.csv` is not text"]),
        case("noise without zeros", "audit a.csv", 3)
            .file("a.csv", noise(5_000).into_iter().map(|b| b.max(1)).collect::<Vec<u8>>())
            .says(&["`a.csv` is not text"]),
        case("million columns", "audit a.csv", 3)
            .file(
                "a.csv",
                "c,".repeat(1_000_000) + "c\n" + &"1,".repeat(1_000_000) + "1\n",
            )
            .says(&["`a.csv`: the first line has more than 10,000 columns"]),
        case("million columns inspected", "inspect a.csv", 3)
            .file("a.csv", "abcdef,".repeat(1_000_000))
            .says(&["more than 10,000 columns"]),
    ]);
}

#[test]
fn columns_that_are_not_there_or_not_plain() {
    let file = |name, line: &str, status| case(name, line, status).file("a.csv", unequal());
    check(&[
        file("missing column", "audit a.csv --protected region", 2).says(&[
            "`a.csv` has no column `region` (protected)",
            "its columns are `sex`, `hired`",
        ]),
        file("misspelt protected", "audit a.csv --protected sexx", 2)
            .says(&["`a.csv` has no column `sexx`", "did you mean `sex`?"]),
        file("misspelt prediction", "audit a.csv --prediction hird", 2)
            .says(&["no column `hird` (prediction)", "did you mean `hired`?"]),
        case(
            "two misspelt at once",
            "audit a.csv --prediction hird --protected sexx",
            2,
        )
        .file("a.csv", unequal())
        .says(&["`hird`", "`sexx`"]),
        case("duplicate column", &format!("audit a.csv {ROLES}"), 2)
            .file("a.csv", "sex,hired,hired\nM,yes,no\nF,no,yes\n")
            .says(&["`a.csv` has 2 columns called `hired`", "rename them"]),
        case("duplicate decision, guessed", "audit a.csv", 2)
            .file("a.csv", "sex,hired,hired\nM,yes,no\nF,no,yes\n")
            .says(&["`a.csv` has 2 columns called `hired`", "rename them"]),
        case("duplicate group, guessed", "audit a.csv", 2)
            .file("a.csv", "sex,sex,hired\nM,M,yes\nF,F,no\n")
            .says(&["`a.csv` has 2 columns called `sex`"]),
        case("duplicate of an unused column", &format!("audit a.csv {ROLES}"), 1)
            .file(
                "a.csv",
                unequal().replace('\n', ",1,2\n").replace("hired,1,2", "hired,x,x"),
            )
            .says(&["FAIL"]),
        case("two inputs with different columns", "audit a.csv b.csv", 3)
            .file("a.csv", unequal())
            .file("b.csv", unequal().replace("sex", "gender"))
            .says(&["`b.csv` has no column `sex`, which `a.csv` has", "same columns"]),
        case("one column more", "audit a.csv b.csv", 3)
            .file("a.csv", unequal())
            .file("b.csv", "sex,hired,x\nM,yes,1\n")
            .says(&["`a.csv` has no column `x`, which `b.csv` has"]),
    ]);
}

#[test]
fn decisions_and_labels_that_cannot_be_judged() {
    let three = || "sex,hired\n".to_owned() + &"M,yes\nF,no\nM,maybe\n".repeat(20);
    check(&[
        case("three values", &format!("audit a.csv {ROLES}"), 3)
            .file("a.csv", three())
            .says(&["`a.csv`: column `hired` has 3 distinct values", "--positive VALUE"]),
        case("three values, guessed", "audit a.csv", 3)
            .file("a.csv", three())
            .says(&[
                "`a.csv`, column `hired`",
                "are not yes and no",
                "--prediction hired --positive VALUE",
            ]),
        case(
            "three values, one named",
            &format!("audit a.csv {ROLES} --positive yes"),
            1,
        )
        .file("a.csv", three())
        .says(&["everything but `yes` counts as its opposite"]),
        case("one label value", "audit a.csv --label label", 4)
            .file("a.csv", with("label", |_, _| "1".to_owned()))
            .says(&["INCONCLUSIVE"]),
        case("group among missing labels only", "audit a.csv --label label", 4)
            .file(
                "a.csv",
                with("label", |sex, row| {
                    if sex == "F" {
                        String::new()
                    } else {
                        (row % 2).to_string()
                    }
                }),
            )
            .says(&["INCONCLUSIVE", "F against M: the group has no such rate"]),
        case("one group", "audit a.csv", 4)
            .file("a.csv", "sex,hired\n".to_owned() + &"M,yes\nM,no\n".repeat(50))
            .says(&["NOT JUDGED", "sex has one group only"]),
        case("all rows excluded", &format!("audit a.csv {ROLES}"), 4)
            .file("a.csv", "sex,hired\n".to_owned() + &"M,\nF,\n".repeat(50))
            .says(&["100 rows read = 0 counted + 100 left out"]),
        case("all groups missing", &format!("audit a.csv {ROLES}"), 4)
            .file("a.csv", "sex,hired\n".to_owned() + &",yes\n,no\n".repeat(50))
            .says(&["NOT JUDGED"]),
    ]);
}

#[test]
fn counts_weights_and_scores_that_are_no_such_numbers() {
    let count = |name, value| {
        case(name, &format!("audit a.csv --count n {ROLES}"), 3)
            .file("a.csv", odd("n", "3", value))
            .says(&["`a.csv`, line 42, column `n`: ", "a count says how many rows"])
    };
    let weight = |name, value| {
        case(name, &format!("audit a.csv --weight w {ROLES}"), 3)
            .file("a.csv", odd("w", "1.5", value))
            .says(&["`a.csv`, line 42, column `w`: ", "weight"])
    };
    let score = |name, value, threshold, status| {
        case(
            name,
            &format!("audit a.csv --protected sex --score s --threshold {threshold}"),
            status,
        )
        .file("a.csv", odd("s", "0.25", value))
    };
    let half = |row: usize| if row.is_multiple_of(2) { "0.2" } else { "0.8" }.to_owned();
    check(&[
        count("negative count", "-3").says(&["`-3` is negative"]),
        count("fractional count", "1.5").says(&["`1.5` is not a whole number"]),
        count("count NaN", "NaN").says(&["not a number"]),
        count("count infinite", "inf").says(&["not a finite number"]),
        count("count missing", "").says(&["the count is missing"]),
        count("count a word", "many").says(&["`many` is not a number"]),
        count("count above 2^64", "18446744073709551616").says(&["too large"]),
        weight("negative weight", "-0.5").says(&["`-0.5` is negative"]),
        weight("weight NaN", "nan").says(&["not a number"]),
        weight("weight infinite", "inf").says(&["`inf` is not a finite number", "--missing"]),
        weight("weight minus infinite", "-inf").says(&["not a finite number"]),
        weight("weight missing", "").says(&["the weight is missing"]),
        weight("weight 1e-200", "1e-200").says(&["`1e-200` is outside"]),
        score("score infinite", "inf", "0.2", 3).says(&[
            "`a.csv`, line 42, column `s`: `inf` is not a finite number",
            "--missing",
        ]),
        score("score a word", "high", "0.2", 3).says(&["line 42", "`high` is not a number"]),
        case("score NaN", "audit a.csv --protected sex --score s --threshold 0.5", 4)
            .file(
                "a.csv",
                with("s", |sex, row| {
                    if (sex, row) == ("M", 20) {
                        "NaN".into()
                    } else {
                        half(row)
                    }
                }),
            )
            .says(&[
                "80 rows read = 79 counted + 1 left out",
                "not a number (NaN) and was taken as missing",
            ]),
        score("threshold above all", "0.5", "5", 2).says(&[
            "`a.csv`: every score in `s` is below the threshold 5",
            "choose a threshold within",
        ]),
        score("threshold below all", "0.5", "-5", 2).says(&["every score in `s` reaches the threshold -5"]),
        score("threshold NaN", "0.5", "nan", 2).says(&["not a finite number", "--threshold 0.5"]),
        score("threshold infinite", "0.5", "inf", 2).says(&["not a finite number"]),
        score("threshold a word", "0.5", "half", 2)
            .says(&["invalid value 'half'", "a number such as 0.5, or the word median"]),
        score("score too large", "1e200", "0.5", 3).says(&["`a.csv`, line 42, column `s`: `1e200` is beyond"]),
        case("every count zero", &format!("audit a.csv --count n {ROLES}"), 3)
            .file("a.csv", with("n", |_, _| "0".to_owned()))
            .says(&["`a.csv`, column `n`: every count is 0", "check the count column"]),
        case(
            "counts above 2^64 together",
            &format!("audit a.csv --count n {ROLES}"),
            3,
        )
        .file("a.csv", odd("n", "1", "18446744073709551615"))
        .says(&["line 42, column `n`: the counts add up to more than 2^64 rows"]),
    ]);
}

#[test]
fn protected_columns_with_a_million_values() {
    let rows = |column: &str, start: &str| {
        let mut text = format!("{column},hired\n");
        for row in 0..1_000_000 {
            text.push_str(&format!("{start}{row},{}\n", if row % 2 == 0 { "yes" } else { "no" }));
        }
        text
    };
    check(&[
        case("names", &format!("audit a.csv {ROLES}"), 3)
            .file("a.csv", rows("sex", "p"))
            .says(&[
                "`a.csv`, line 1002, column `sex`",
                "more than 1,000 different values",
                "Choose a column",
            ]),
        case("names, guessed", "audit a.csv", 2)
            .file("a.csv", rows("sex", "p"))
            .says(&["`a.csv`", "`sex` could be it", "more than 50 different values"]),
        case("numbers", "audit a.csv --prediction hired --protected age", 3)
            .file("a.csv", rows("age", ""))
            .says(&["column `age`", "more than 1,000 different values", "--bins 'age="]),
        case(
            "numbers in bins",
            "audit a.csv --prediction hired --protected age --bins age=500000",
            0,
        )
        .file("a.csv", rows("age", ""))
        .says(&["PASS", "1,000,000 rows read"]),
    ]);
}

#[test]
fn parquet_files_that_end_early() {
    let whole = std::fs::read(repository("crates/evenhand-source/tests/data/pyarrow.parquet")).unwrap();
    let cut = |name, length: usize| -> Case {
        case(name, &format!("audit a.parquet {ROLES}"), 3)
            .file("a.parquet", &whole[..length])
            .says(&["`a.parquet` is damaged or incomplete", "copy or export the file again"])
    };
    check(&[
        cut("four bytes", 4),
        cut("half", whole.len() / 2),
        cut("without the footer's length", whole.len() - 8),
        cut("without the last byte", whole.len() - 1),
        case("named so only", "audit a.parquet", 3)
            .file("a.parquet", unequal())
            .says(&[
                "`a.parquet` is named as a Parquet file and does not start as one",
                "end its name in .csv",
            ]),
        case("hole in the middle", &format!("audit a.parquet {ROLES}"), 3)
            .file("a.parquet", [&whole[..100], &whole[200..]].concat())
            .says(&["`a.parquet` is damaged or incomplete"]),
        case("guessing", "audit a.parquet", 3)
            .file("a.parquet", &whole[..whole.len() / 2])
            .says(&["`a.parquet` is damaged or incomplete"]),
        case("inspecting", "inspect a.parquet", 3)
            .file("a.parquet", &whole[..whole.len() / 2])
            .says(&["`a.parquet` is damaged or incomplete"]),
    ]);
}

#[test]
fn every_cut_and_every_broken_byte_of_a_parquet_file_is_survived() {
    let whole = std::fs::read(repository("crates/evenhand-source/tests/data/duckdb.parquet")).unwrap();
    let room = Room::new();
    let run = |bytes: &[u8]| {
        room.write("a.parquet", bytes);
        room.run(&[
            "audit",
            "a.parquet",
            "--prediction",
            "hired",
            "--protected",
            "sex",
            "--quiet",
        ])
    };
    for length in (1..whole.len()).step_by(61) {
        assert_eq!(run(&whole[..length]).status, 3, "cut at {length}");
    }
    for at in (0..whole.len()).step_by(23) {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        let ran = run(&broken);
        assert!(ran.status <= 4, "byte {at}");
        assert_eq!(
            ran.stdout.is_empty(),
            matches!(ran.status, 2 | 3),
            "byte {at}: {}",
            ran.stderr
        );
    }
}

#[test]
fn mixed_line_ends_are_read_as_one_kind() {
    let room = Room::new();
    let text = unequal();
    room.write("a.csv", &text);
    let ends = ["\r\n", "\n", "\r"].iter().cycle();
    let mixed: String = text
        .lines()
        .zip(ends)
        .map(|(line, end)| format!("{line}{end}"))
        .collect();
    room.write("b.csv", mixed);
    let (plain, mixed) = (room.run(&["audit", "a.csv"]), room.run(&["audit", "b.csv"]));
    assert_eq!((plain.status, mixed.status), (1, 1));
    assert_eq!(plain.stdout, mixed.stdout);
}
