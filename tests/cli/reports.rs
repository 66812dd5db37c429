//! What a report says of itself, and the formats that say it.

use crate::harness::{Case, Room, case, check, repository, unequal};

const DRESSED: &str = r##"
[report]
title = "Hiring in 2025"
client = "Example Ltd"
accent = "#005a9c"
logo = "logo.svg"
[[report.section]]
title = "Scope"
file = "scope.md"
"##;

const LOGO: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10"><path d="M0 0h40v10z"/></svg>"#;

fn audit(name: &'static str, line: &str, status: i32) -> Case {
    case(name, line, status).file("a.csv", unequal())
}

/// A run with a policy whose `[report]` holds this.
fn with(name: &'static str, report: &str) -> Case {
    audit(name, "audit a.csv --policy p.toml --out r.html", 2).file("p.toml", format!("[report]\n{report}"))
}

#[test]
fn what_cannot_be_in_a_report_is_said() {
    let font = |name, bytes: &[u8]| audit(name, "audit a.csv --out r.html --font f.ttf", 2).file("f.ttf", bytes);
    check(&[
        with("several mistakes", "titel = 'x'\naccent = '#ffff00'\nlogo = 7\n").says(&[
            "p.toml, line 2, column 1: [report] has no key `titel`",
            "did you mean `title`?",
            "line 3, column 10: `#ffff00` has a contrast of 1.07 to 1 on white",
            "line 4, column 8: `logo` is a number",
        ]),
        with("no such logo", "logo = 'l.png'").says(&[
            "the logo, `l.png`, cannot be read: it does not exist",
            "in the policy's folder",
        ]),
        with("a folder as logo", "logo = '.'").says(&["cannot be read: it is no file"]),
        with("an endless logo", "logo = '/dev/zero'").says(&["it is no file"]),
        with("a logo of another kind", "logo = 'l.png'")
            .file("l.png", "GIF89a")
            .says(&["the logo `l.png` is neither PNG nor JPEG nor SVG"]),
        with("a large logo", "logo = 'l.png'")
            .file("l.png", vec![0; (5 << 20) + 1])
            .says(&["it has more than 5 MB", "make it smaller"]),
        with(
            "several files",
            "logo = 'l'\nfonts = ['f']\n[[report.section]]\ntitle = 't'\nfile = 's'",
        )
        .says(&["the logo, `l`", "the font, `f`", "the text of the section `t`, `s`"]),
        with(
            "a text in another encoding",
            "[[report.section]]\ntitle = 't'\nfile = 's.md'",
        )
        .file("s.md", b"caf\xe9".as_slice())
        .says(&["`s.md`, is not UTF-8", "save it again as UTF-8"]),
        font("no font", b"hello").says(&["`f.ttf` is no font that can be used", "TrueType or OpenType"]),
        font("an empty font", b"").says(&["is no font"]),
        audit("no font file", "audit a.csv --out r.html --font f.ttf", 2).says(&["the font, `f.ttf`, cannot be read"]),
        audit("no day", "audit a.csv --as-of 2026-02-29", 2).says(&["`2026-02-29` is no day of the calendar"]),
        audit("a day written otherwise", "audit a.csv --as-of 31.1.2026", 2).says(&["2026-01-31"]),
        audit("a client and no report", "audit a.csv --client X", 2)
            .says(&["--client is of no use without a report to write", "--out report.html"]),
        audit("onto a text", "audit a.csv --policy p.toml --out html=s.md", 2)
            .file("p.toml", "[[report.section]]\ntitle = 't'\nfile = 's.md'\n")
            .file("s.md", "words")
            .says(&["`s.md` is read, and would be written over"]),
        audit("a notice of nothing", "audit a.csv --out notice=n.html", 2).says(&[
            "asks for tables for publication, and the policy computes none",
            "--preset ll144",
        ]),
        audit(
            "a notice without a day",
            "audit a.csv --preset ll144 --out notice=n.html",
            2,
        )
        .says(&["has to state the day of the audit", "--as-of"]),
        audit("a notice as text", "audit a.csv --preset ll144 --out notice=n.txt", 2)
            .says(&["does not say what to write", "a notice in .html, .pdf or .md"]),
    ]);
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_how_to_get_one() {
    let says = ["this build of evenhand cannot write", "--features pdf"];
    check(&[
        audit("a report", "audit a.csv --out ok.html --out r.pdf", 2).says(&says),
        audit("a report by its kind", "audit a.csv --out pdf=r", 2).says(&says),
        audit(
            "a notice",
            "audit a.csv --preset ll144 --as-of 2026-01-31 --out notice=n.pdf",
            2,
        )
        .says(&says),
    ]);
}

#[test]
fn reports_are_written_and_decide_nothing() {
    let room = Room::new();
    room.write("a.csv", unequal());
    room.write_below("dress/p.toml", DRESSED);
    room.write("dress/logo.svg", LOGO);
    room.write("dress/scope.md", "All **posts** <b>here</b>.");
    room.write("plain.toml", "");
    let outs = [
        "--out",
        "r.html",
        "--out",
        "r.htm",
        "--out",
        "r.xlsx",
        "--out",
        "card=c.json",
    ];
    let dressed = ["audit", "a.csv", "--format", "json", "--policy", "dress/p.toml"];
    let ran = room.run(&[dressed.as_slice(), &outs].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (1, ""));
    let plain = room.run(&["audit", "a.csv", "--format", "json", "--policy", "plain.toml"]);
    assert_eq!(
        ran.stdout, plain.stdout,
        "the result and the hash of the policy are the same"
    );
    assert!(room.read("r.html").contains("Hiring in 2025"));
    assert_eq!(room.read("r.html"), room.read("r.htm"));
    assert!(std::fs::read(room.path("r.xlsx")).unwrap().starts_with(b"PK"));
    let card: serde_json::Value = serde_json::from_str(&room.read("c.json")).unwrap();
    assert_eq!(card["model_details"]["name"], "Hiring in 2025");
    assert_eq!(card["model_details"]["owners"][0]["name"], "Example Ltd");
    // A flag goes before the policy.
    let flags = ["--client", "Other Ltd", "--as-of", "2026-01-31"];
    let ran = room.run(&[dressed.as_slice(), &flags, &["--out", "card=c.json"]].concat());
    assert!(ran.stdout.contains("\"as_of\": \"2026-01-31\""), "{}", ran.stdout);
    assert!(room.read("c.json").contains("Other Ltd") && room.read("c.json").contains("as of 2026-01-31"));
    // Without a report its files are not looked for.
    std::fs::remove_file(room.path("dress/logo.svg")).unwrap();
    assert_eq!(room.run(&dressed).status, 1);
}

#[test]
fn large_inputs_are_hashed_for_what_is_kept_as_evidence() {
    let room = Room::new();
    // Beyond 16 MB, in few rows.
    let remark = "x".repeat(1_000);
    let rows: String = ["M,yes,", "F,no,"]
        .map(|row| format!("{row}{remark}\n").repeat(9_000))
        .concat();
    room.write("a.csv", format!("sex,hired,remark\n{rows}"));
    let is_hashed = |outs: &[&str]| {
        let asked = [
            "audit",
            "a.csv",
            "--prediction",
            "hired",
            "--protected",
            "sex",
            "--format",
            "json",
        ];
        let ran = room.run(&[asked.as_slice(), outs].concat());
        assert_eq!(ran.status, 1, "{}", ran.stderr);
        ran.stdout.contains("\"sha256\"")
    };
    assert!(!is_hashed(&["--out", "r.md"]));
    assert!(is_hashed(&["--out", "r.xlsx"]));
}

#[test]
fn a_notice_says_what_has_to_be_posted() {
    let room = Room::new();
    let fixture = repository("fixtures/dcwp-example-2.csv");
    let stated = "[report]\ntool = 'Ranker 3'\ndistribution-date = 2025-03-01\ndata-kind = 'historical'\n\
                  data-source = 'The applicant system.'\n";
    room.write("p.toml", stated);
    room.write("none.toml", "");
    let run = |policy: &str| {
        let mut args = vec![
            "audit",
            fixture.to_str().unwrap(),
            "--preset",
            "ll144",
            "--as-of",
            "2026-01-31",
        ];
        args.extend(["--protected", "sex,race_ethnicity", "--policy", policy]);
        room.run(&[args.as_slice(), &["--out", "notice=n.md", "--out", "notice=n.html"]].concat())
    };
    let ran = run("p.toml");
    assert_eq!((ran.status, ran.stderr.as_str()), (4, ""));
    let page = room.read("n.md");
    for text in [
        "2026-01-31",
        "2025-03-01",
        "Ranker 3",
        "historical data",
        "The applicant system.",
        "| Female | 76 | 34 | 44.7% | 0.82 |",
        "| Hispanic or Latino | 28 | 18 | 64.3% | 1.00 | highest rate |",
        "| Male / Hispanic or Latino | 16 | 12 | 75.0% | 1.00 | highest rate |",
        "15 people whose sex is not known",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    for text in ["FAIL", "NOT JUDGED", "dcwp-example-2.csv"] {
        assert!(!page.contains(text) && !room.read("n.html").contains(text), "{text}");
    }
    let ran = run("none.toml");
    assert_eq!(ran.status, 4);
    assert_eq!(
        ran.stderr.matches("warning: the notice does not state").count(),
        3,
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("`distribution-date` under [report]"));
}
