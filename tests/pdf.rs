//! What other programs read in a PDF: poppler's `pdfinfo`, `pdftotext`, `pdffonts` and `pdfdetach` (Debian's
//! `poppler-utils`).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use evenhand::Audit;
use evenhand::measure::policy::parse;
use evenhand_report::document::{Block, Document, Letterhead, document};
use evenhand_report::{json, pdf};
use tempfile::TempDir;

/// How long a report may take: more where the code is not optimised and other tests run beside it.
const PATIENCE: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 3 });

/// The fixtures, and what their columns are.
const FIXTURES: [(&str, &str); 4] = [
    (
        "vendor-export",
        "prediction = \"Recommended\"\nlabel = \"Purchased\"\nprotected = [\"Region\", \"Gender\", \"Ethnicity\"]",
    ),
    (
        "berkeley",
        "prediction = \"decision\"\nprotected = [\"gender\"]\nstrata = [\"department\"]\ncount = \"applicants\"",
    ),
    (
        "compas",
        "prediction = \"high_risk\"\nlabel = \"two_year_recid\"\nprotected = [\"race\", \"sex\"]\ncount = \"n\"",
    ),
    (
        "vendor-lists",
        "list = \"list_id\"\nuser = \"user_id\"\nitem = \"item_id\"\nrank = \"rank\"\nprotected = [\"item.seller_size\"]",
    ),
];

/// A report as a file.
struct Report {
    audit: Audit,
    document: Document,
    bytes: Vec<u8>,
    folder: TempDir,
}

impl Report {
    fn of(data: &Path, roles: &str, letterhead: &Letterhead) -> Self {
        let policy = parse("test", &format!("[roles]\n{roles}")).unwrap();
        let audit = evenhand::audit(data, &policy).unwrap();
        let document = document(&audit, letterhead);
        let began = Instant::now();
        let bytes = pdf(&document, letterhead, &audit).unwrap();
        let took = began.elapsed();
        assert!(took < PATIENCE, "{}: {took:?}", data.display());
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("report.pdf"), &bytes).unwrap();
        Self {
            audit,
            document,
            bytes,
            folder,
        }
    }

    fn ask(&self, program: &str, args: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path());
        let ran = command
            .output()
            .unwrap_or_else(|error| panic!("{program}, of Debian's poppler-utils: {error}"));
        assert!(
            ran.status.success(),
            "{program}: {}",
            String::from_utf8_lossy(&ran.stderr)
        );
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }

    /// What is written, page after page, without spaces and without what every page repeats.
    fn text(&self) -> String {
        let text = self.ask("pdftotext", &["-raw", "report.pdf", "-"]);
        let is_repeated = |line: &str| {
            let counted = line
                .rsplit_once("Page ")
                .is_some_and(|(_, count)| count.contains(" of "));
            counted || self.document.title.starts_with(line.trim_end_matches('…'))
        };
        let lines = text.split(['\n', '\u{c}']).filter(|line| !is_repeated(line));
        bare(&lines.collect::<String>())
    }
}

/// A text without spaces, and without what has no width.
fn bare(text: &str) -> String {
    let is_seen = |c: &char| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{200e}');
    text.chars().filter(is_seen).collect()
}

/// Every sentence of a report.
fn sentences(blocks: &[Block]) -> Vec<String> {
    let of_block = |block: &Block| match block {
        Block::Verdict(banner) => {
            let beside = banner
                .beside
                .iter()
                .map(|line| line.iter().map(|span| span.text.as_str()).collect());
            let mut said: Vec<String> = beside.collect();
            said.extend([banner.word.clone(), banner.sentence.clone()]);
            said
        }
        Block::Heading(text) | Block::Text(text) => vec![text.clone()],
        Block::List(lines) => lines.clone(),
        Block::Statements(statements) => {
            let said = statements.iter().flat_map(|s| [s.text.clone(), s.precise.clone()]);
            said.collect()
        }
        Block::Table(table) => {
            let cells = table.rows.iter().flatten().map(|cell| cell.text.clone());
            cells
                .chain(table.header.iter().cloned())
                .chain(table.legend.iter().cloned())
                .collect()
        }
        Block::Figure(figure) => vec![figure.title.clone()],
        Block::Fold { summary, blocks } => {
            let mut said = sentences(blocks);
            said.push(summary.clone());
            said
        }
        _ => Vec::new(),
    };
    blocks.iter().flat_map(of_block).collect()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/{name}.csv"))
}

#[test]
fn all_that_a_report_says_can_be_read() {
    for (name, roles) in FIXTURES {
        let report = Report::of(&fixture(name), roles, &Letterhead::default());
        let text = report.text();
        let mut looked_at = 0;
        for section in &report.document.sections {
            for sentence in sentences(&section.blocks) {
                // A sentence over two pages has a picture's words or a repeated header in it now and then: before the page
                // ends or after it stands its beginning, or its end.
                let said: Vec<char> = bare(&sentence).chars().collect();
                let start: String = said.iter().take(60).collect();
                let end: String = said.iter().skip(said.len().saturating_sub(40)).collect();
                let is_there = text.contains(&start) || text.contains(&end);
                assert!(is_there, "{name}, {}: {sentence}", section.id);
                looked_at += 1;
            }
        }
        assert!(looked_at > 20, "{name}: {looked_at}");
    }
}

#[test]
fn files_are_tagged_carry_the_audit_and_are_always_the_same() {
    let (name, roles) = FIXTURES[0];
    let report = Report::of(&fixture(name), roles, &Letterhead::default());
    let info = report.ask("pdfinfo", &["report.pdf"]);
    for (name, value) in [
        ("Title:", report.document.title.as_str()),
        ("Tagged:", "yes"),
        ("PDF version:", "1.7"),
        ("Page size:", "595.276 x 841.89 pts (A4)"),
    ] {
        let line = info.lines().find(|line| line.starts_with(name)).unwrap();
        assert_eq!(line[name.len()..].trim(), value, "{name}");
    }
    report.ask("pdfdetach", &["-save", "1", "-o", "audit.json", "report.pdf"]);
    let attached = std::fs::read_to_string(report.folder.path().join("audit.json")).unwrap();
    assert_eq!(attached, json(&report.audit).unwrap());
    let fonts = report.ask("pdffonts", &["report.pdf"]);
    for font in fonts.lines().skip(2) {
        // Embedded, in part, and with the characters that its shapes stand for.
        assert!(font.contains(" yes yes yes "), "{font}");
    }
    let structure = report.ask("pdfinfo", &["-struct", "report.pdf"]);
    for tag in ["Document", "H1", "H2", "Table", "TH", "TD", "Caption", "TOC", "L", "LI"] {
        let has = structure
            .lines()
            .any(|line| line.trim().split([' ', '"', ':']).next() == Some(tag));
        assert!(has, "no {tag} in {structure}");
    }
    let again = Report::of(&fixture(name), roles, &Letterhead::default());
    assert!(report.bytes == again.bytes);
    assert!(report.text().contains(&bare("carries the fixed date 1980-01-01")));
}

#[test]
fn names_are_text() {
    let names = [
        "#panic()",
        "] } $x$ \\ `raw` *bold* _it_ <label> @ref // = #",
        "</script><img src=x onerror=alert(1)>",
        "=cmd|'/C calc'!A0",
        "::error::",
        "名前 😀",
        "עברית",
        "العربية",
    ];
    let mut data = String::from("group,hired\n");
    for (at, name) in names.iter().chain([&"x".repeat(10_000).as_str()]).enumerate() {
        for row in 0..60 {
            data.push_str(&format!("\"{name}\",{}\n", if row % 10 <= at { "yes" } else { "no" }));
        }
    }
    data.push_str("\u{1b}[31m,yes\n\u{202e}over,no\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("#eval(\"1\") ] names.csv");
    std::fs::write(&path, data).unwrap();
    let letterhead = Letterhead {
        client: Some("#panic() ] Ltd".to_owned()),
        confidentiality: Some("#panic() $".to_owned()),
        ..Letterhead::default()
    };
    let report = Report::of(&path, "prediction = \"hired\"\nprotected = [\"group\"]", &letterhead);
    let text = report.text();
    for name in &names[..5] {
        assert!(text.contains(&bare(name)), "{name}");
    }
    for written in [
        "[U+540D][U+524D][U+1F600]",
        "\\u{1b}[31m",
        "\\u{202e}over",
        "#panic()]Ltd",
        "--fontadds",
    ] {
        assert!(text.contains(written), "{written}");
    }
    // Which way round it is read aloud is up to the reader; the letters are there.
    for letter in "עברית".chars() {
        assert!(text.contains(letter), "{letter}");
    }
    assert!(text.contains(&"x".repeat(50)));
}
