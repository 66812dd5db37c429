//! Inputs made to confuse: strange encodings, damaged records, and names that act on whatever shows them.

use crate::harness::{Room, case, check, unequal, with};

#[test]
fn strange_encodings_and_records() {
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let latin = |text: String| -> Vec<u8> { text.chars().map(|c| c as u32 as u8).collect() };
    let noted = || unequal().replace('\n', ",café\n").replace("hired,café", "hired,note");
    let roles = "--prediction hired --protected sex";
    check(&[
        case("UTF-16 with a mark", "audit a.csv", 1)
            .file("a.csv", [b"\xff\xfe".to_vec(), utf16(&unequal())].concat())
            .says(&["FAIL"]),
        case("UTF-16 without a mark", "audit a.csv", 1)
            .file("a.csv", utf16(&unequal()))
            .says(&["FAIL"]),
        case("UTF-8 with a mark", "audit a.csv", 1)
            .file("a.csv", format!("\u{feff}{}", unequal()))
            .says(&["FAIL"]),
        case("semicolons", "audit a.csv", 1)
            .file("a.csv", unequal().replace(',', ";"))
            .says(&["FAIL"]),
        case("tabs", "audit a.csv", 1)
            .file("a.csv", unequal().replace(',', "\t"))
            .says(&["FAIL"]),
        case("short record", "audit a.csv", 3)
            .file("a.csv", unequal() + "M\n")
            .says(&[
                "`a.csv`, line 202: the record has 1 field, and the header has 2",
                "quotes",
            ]),
        case("long record", &format!("audit a.csv {roles}"), 3)
            .file("a.csv", unequal() + "M,yes,x\nM,no\n")
            .says(&["`a.csv`, line 202: the record has 3 fields, and the header has 2"]),
        case("open quote", "audit a.csv", 3)
            .file("a.csv", unequal() + "\"M,yes\nF,no\n")
            .says(&["`a.csv`, line 202: a quote is opened and never closed", "close it"]),
        case("open quote in the header", "audit a.csv", 3)
            .file("a.csv", "\"sex,hired\nM,yes\n")
            .says(&["`a.csv`"]),
        case("zero byte", "audit a.csv", 3)
            .file("a.csv", unequal().replacen("F,no", "F,n\0o", 1))
            .says(&["`a.csv` is not text: a zero byte at offset"]),
        case("a value after ten million letters", &format!("audit a.csv {roles}"), 1)
            .file("a.csv", unequal() + &"x".repeat(10_000_000) + ",yes\n")
            .says(&["FAIL", "xxx…"]),
        case("guessing at ten million letters", "audit a.csv", 1)
            .file("a.csv", unequal() + "\"" + &"x\n".repeat(5_000_000) + "\",yes\n")
            .says(&["FAIL"]),
        case(
            "count of ten million digits",
            &format!("audit a.csv {roles} --count n"),
            3,
        )
        .file(
            "a.csv",
            with("n", |_, _| "1".to_owned()) + "M,yes," + &"9".repeat(10_000_000) + "\n",
        )
        .says(&["line 82, column `n`", "too large"]),
        case("column name of a hundred thousand letters", "audit a.csv", 2)
            .file("a.csv", "x".repeat(100_000) + ",y\n1,2\n")
            .says(&["it is not plain which column is the decision"]),
        case("empty column name, unused", "audit a.csv", 1)
            .file("a.csv", unequal().replace('\n', ",1\n").replace("hired,1", "hired,"))
            .says(&["FAIL"]),
        case("not UTF-8, unused", "audit a.csv", 1)
            .file("a.csv", latin(noted()))
            .says(&["FAIL"]),
        case("not UTF-8, used", "audit a.csv --prediction hired --protected note", 4)
            .file("a.csv", latin(noted()))
            .says(&["was read as windows-1252", "`café`", "--encoding windows-1252"]),
        case(
            "UTF-8 with a letter of another encoding",
            "audit a.csv --prediction hired --protected note",
            3,
        )
        .file("a.csv", [noted().into_bytes(), b"M,yes,caf\xe9\n".to_vec()].concat())
        .says(&[
            "`a.csv`, line 202, column `note`",
            "is not UTF-8 text",
            "--encoding windows-1252",
            "CSV UTF-8",
        ]),
        case("gzip", "audit a.csv", 3)
            .file("a.csv", b"\x1f\x8b\x08\0")
            .says(&["`a.csv`: the gzip data end in the middle", "cut short"]),
        case("workbook", "audit a.xlsx", 3)
            .file("a.xlsx", b"PK\x03\x04....")
            .says(&["Excel", "CSV UTF-8"]),
        case("JSON without an end", "audit a.csv", 3)
            .file("a.csv", b"{\"a\":1")
            .says(&["`a.csv`", "line 1"]),
        case("PDF", "audit a.csv", 3).file("a.csv", b"%PDF-1.7").says(&["PDF"]),
    ]);
}

const EVIL: [&str; 12] = [
    "\u{1b}[31mred",
    "two\nlines",
    "::error::stop",
    "##[error]stop",
    "##vso[task.complete]x",
    "\u{202e}desrever",
    "\u{2066}isolated\u{2069}",
    "\u{9b}31mred",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "|cell| `code`",
    "\u{200b}",
];

/// A file with a column whose name acts, and groups whose names do.
fn evil() -> String {
    let mut text = "sex,\"hi\u{1b}[31mred\r\"\n".to_owned();
    for (index, name) in EVIL.iter().enumerate() {
        for row in 0..20 {
            let hired = if row < 10 + index % 5 { "yes" } else { "no" };
            text.push_str(&format!("\"{name}\",{hired}\n"));
        }
    }
    text
}

#[test]
fn names_do_not_act_on_a_terminal_a_log_or_a_page() {
    let room = Room::new();
    room.write("a.csv", evil());
    let column = "hi\u{1b}[31mred\r";
    for format in ["table", "markdown", "json"] {
        let args = [
            "audit",
            "a.csv",
            "--prediction",
            column,
            "--protected",
            "sex",
            "--format",
            format,
        ];
        // That no control character comes out is checked on every run.
        let ran = room.run(&args);
        assert_eq!(ran.status, 4, "{format}: {}", ran.stderr);
        let at_start = |line: &str| {
            let line = line.trim_start();
            line.starts_with("::") || line.starts_with("##[") || line.starts_with("##vso")
        };
        assert!(!ran.stdout.lines().any(at_start), "{format}");
        assert!(!ran.stdout.contains("<script>") || format != "markdown");
    }
    let json = room.run(&[
        "audit",
        "a.csv",
        "--prediction",
        column,
        "--protected",
        "sex",
        "--format",
        "json",
    ]);
    let audit: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let groups: Vec<&str> = audit["rates"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| r["group"]["sex"].as_str())
        .collect();
    for name in EVIL {
        assert!(groups.contains(&name), "the value of {name:?} is kept");
    }
    assert_eq!(room.run(&["inspect", "a.csv"]).status, 0);
    assert_eq!(room.run(&["audit", "a.csv"]).status, 2);
    assert_eq!(
        room.run(&["audit", "a.csv", "--prediction", "hi\u{1b}[31mre"]).status,
        2
    );
    assert_eq!(room.run(&["audit", "\u{1b}[31m::error::.csv"]).status, 3);
    let tally = [
        "tally",
        "a.csv",
        "--prediction",
        column,
        "--protected",
        "sex",
        "-o",
        "a.tally.json",
    ];
    assert_eq!(room.run(&tally).status, 0);
    assert_eq!(room.run(&["audit", "a.tally.json"]).status, 4);
}

#[test]
fn files_of_any_name_are_read() {
    let room = Room::new();
    for name in [
        "with space.csv",
        "ünïcode 名.csv",
        "no-ending",
        "'quoted'.csv",
        "--dashed.csv",
    ] {
        room.write(name, unequal());
        let ran = room.run(&["audit", "--", name]);
        assert_eq!(ran.status, 1, "{name}: {}", ran.stderr);
        assert_eq!(room.run(&["inspect", "--", name]).status, 0, "{name}");
    }
}

#[test]
fn what_is_no_file_and_no_pipe_is_refused() {
    check(&[
        case("empty standard input", "audit -", 3).says(&["standard input is empty", "export the data again"]),
        case("null device", "audit /dev/null", 3).says(&["`/dev/null` is not a file but a device"]),
        case("endless device", "inspect /dev/zero", 3).says(&["is not a file but a device"]),
        case("the same file twice", "audit a.csv ./a.csv", 2)
            .file("a.csv", unequal())
            .says(&["`./a.csv` is given twice", "name each file once"]),
    ]);
}

#[test]
fn huge_and_tiny_numbers_stay_exact() {
    let counted = |counts: [u64; 4]| {
        let rows = ["M,yes", "M,no", "F,yes", "F,no"];
        let lines: String = rows.iter().zip(counts).map(|(row, n)| format!("{row},{n}\n")).collect();
        format!("sex,hired,n\n{lines}")
    };
    let roles = "--count n --prediction hired --protected sex";
    check(&[
        case("counts up to 2^64", &format!("audit a.csv {roles}"), 1)
            .file("a.csv", counted([(1 << 63) - 1, 1 << 62, 1 << 61, 1 << 61]))
            .says(&["FAIL", "18,446,744,073,709,551,615"]),
        case("one count of 2^64 - 1", &format!("audit a.csv {roles}"), 4)
            .file("a.csv", counted([u64::MAX, 0, 0, 0]))
            .says(&["NOT JUDGED", "18,446,744,073,709,551,615"]),
        case(
            "weights of 1e-130",
            "audit a.csv --weight w --prediction hired --protected sex",
            4,
        )
        .file("a.csv", with("w", |_, _| "1e-130".to_owned()))
        .says(&["INCONCLUSIVE"]),
        case(
            "weights all zero",
            "audit a.csv --weight w --prediction hired --protected sex",
            4,
        )
        .file("a.csv", with("w", |_, _| "0".to_owned()))
        .says(&["INCONCLUSIVE"]),
    ]);
}
