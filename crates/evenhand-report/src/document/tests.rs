//! What a report says of audits of every kind.

use evenhand_measure::audit::model::{Audit, Note, Outcome, Severity};
use evenhand_measure::policy::Level;

use super::*;
use crate::safe::visible;
use crate::{sample, words};

fn audits() -> Vec<(&'static str, Audit)> {
    vec![
        ("failing", sample::failing().audit()),
        ("passing", sample::passing().audit()),
        ("open", sample::open().audit()),
        ("alone", sample::alone()),
        ("many", sample::many(24).audit()),
        ("abridged", sample::abridged()),
        ("hostile", sample::hostile()),
        ("lists", sample::lists(&["North", "South"])),
        ("prices", sample::prices(&["low", "high"])),
        ("scores", sample::scores(&["a", "b"])),
        ("beside", sample::beside()),
    ]
}

fn dressed() -> Letterhead {
    Letterhead {
        client: Some("Client & Co".to_owned()),
        auditor: Some("An auditor".to_owned()),
        sections: vec![("Scope".to_owned(), "First part\nof two.\n\nSecond.".to_owned())],
        ..Letterhead::default()
    }
}

/// Every text of a block, with those of the blocks within.
fn texts(block: &Block) -> Vec<String> {
    match block {
        Block::Verdict(banner) => [
            vec![banner.word.clone(), banner.sentence.clone()],
            banner.beside.iter().flatten().map(|span| span.text.clone()).collect(),
        ]
        .concat(),
        Block::Heading(text) | Block::Text(text) | Block::Code(text) => vec![text.clone()],
        Block::List(lines) | Block::Blanks(lines) => lines.clone(),
        Block::Rich(spans) => spans.iter().map(|span| span.text.clone()).collect(),
        Block::RichList { items, .. } => items.iter().flatten().map(|span| span.text.clone()).collect(),
        Block::Facts(facts) => facts
            .iter()
            .flat_map(|(name, value)| [name.clone(), value.clone()])
            .collect(),
        Block::Statements(all) => all.iter().flat_map(|s| [s.text.clone(), s.precise.clone()]).collect(),
        Block::Table(table) => vec![table.caption.clone()],
        Block::Figure(figure) => vec![figure.title.clone()],
        Block::Fold { summary, blocks } => std::iter::once(summary.clone())
            .chain(blocks.iter().flat_map(texts))
            .collect(),
    }
}

fn statements(block: &Block) -> Vec<&Statement> {
    match block {
        Block::Statements(all) => all.iter().collect(),
        Block::Fold { blocks, .. } => blocks.iter().flat_map(statements).collect(),
        _ => Vec::new(),
    }
}

fn section<'a>(document: &'a Document, id: &str) -> &'a Section {
    document.sections.iter().find(|section| section.id == id).unwrap()
}

fn text_of(section: &Section) -> String {
    section.blocks.iter().flat_map(texts).collect::<Vec<_>>().join("\n")
}

#[test]
fn sections_stand_in_the_order_in_which_they_are_read() {
    let document = document(&sample::beside(), &dressed());
    let ids: Vec<&str> = document.sections.iter().map(|section| section.id.as_str()).collect();
    let order = [
        "verdict",
        "findings",
        "engagement",
        "own-1",
        "recommendations",
        "publication",
        "groups-1",
        "sensitivity",
        "tests",
        "data",
        "method",
        "limits",
        "reproduce",
        "signature",
        "glossary",
        "counts",
    ];
    let found: Vec<&str> = order.iter().copied().filter(|id| ids.contains(id)).collect();
    let known: Vec<&str> = ids.iter().copied().filter(|id| order.contains(id)).collect();
    assert_eq!(found, known, "{ids:?}");
    for id in order.iter().filter(|id| **id != "publication") {
        assert!(ids.contains(id), "{id} is missing among {ids:?}");
    }
}

#[test]
fn ids_are_unique_and_nothing_is_empty() {
    for (name, audit) in audits() {
        for letterhead in [Letterhead::default(), dressed()] {
            let document = document(&audit, &letterhead);
            let mut ids: Vec<&str> = document.sections.iter().map(|section| section.id.as_str()).collect();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            assert!(
                ids.iter().all(|id| !id.is_empty() && id.chars().all(is_plain)),
                "{ids:?}"
            );
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), document.sections.len(), "{name}");
            for section in &document.sections {
                assert!(
                    !section.title.is_empty() && !section.blocks.is_empty(),
                    "{name}, {}",
                    section.id
                );
                for block in &section.blocks {
                    assert_full(block, &format!("{name}, {}", section.id));
                }
            }
        }
    }
}

fn assert_full(block: &Block, at: &str) {
    match block {
        Block::List(lines) | Block::Blanks(lines) => assert!(!lines.is_empty(), "{at}"),
        Block::Facts(facts) => assert!(!facts.is_empty(), "{at}"),
        Block::Statements(all) => assert!(!all.is_empty(), "{at}"),
        Block::Table(table) => {
            let wide = table.header.len();
            assert!(wide > 0 && !table.rows.is_empty(), "{at}: {}", table.caption);
            assert!(
                table.rows.iter().all(|row| row.len() == wide),
                "{at}: {}",
                table.caption
            );
        }
        Block::Fold { blocks, .. } => {
            assert!(!blocks.is_empty(), "{at}");
            for inner in blocks {
                assert_full(inner, at);
            }
        }
        _ => {}
    }
    let texts = texts(block);
    let is_precise = |text: &String| text.is_empty() && matches!(block, Block::Statements(_));
    assert!(
        texts.iter().all(|text| !text.trim().is_empty() || is_precise(text)),
        "{at} has an empty text: {texts:?}"
    );
}

#[test]
fn every_failure_is_told_in_words() {
    for (name, audit) in audits() {
        let audit = worse_off_first(&audit).into_owned();
        let document = document(&audit, &Letterhead::default());
        let findings = section(&document, "findings");
        let told: Vec<&Statement> = findings.blocks.iter().flat_map(statements).collect();
        let fails = audit.findings.iter().filter(|finding| finding.outcome == Outcome::Fail);
        for finding in fails.filter(|finding| finding.level != Level::Off) {
            let sentence = words::finding_sentence(finding, &audit, false);
            let times = told.iter().filter(|statement| statement.text == sentence).count();
            assert!(times >= 1, "{name}: {sentence}");
        }
        // Of what counts, failures come first and open questions before what passed.
        let order: Vec<Outcome> = findings
            .blocks
            .iter()
            .flat_map(statements)
            .filter(|statement| {
                let is_it = |f: &evenhand_measure::audit::model::Finding| {
                    f.level == Level::Error && words::finding_sentence(f, &audit, false) == statement.text
                };
                audit.findings.iter().any(is_it)
            })
            .map(|statement| statement.outcome)
            .collect();
        assert!(order.is_sorted(), "{name}: {order:?}");
    }
}

#[test]
fn what_is_shown_unfolded_stays_short() {
    let audit = sample::many(40).audit();
    assert!(audit.findings.len() > 1_000);
    let document = document(&audit, &Letterhead::default());
    for section in document
        .sections
        .iter()
        .filter(|section| section.place == Place::Summary)
    {
        for block in &section.blocks {
            match block {
                Block::Statements(all) => assert!(all.len() <= 10, "{}", section.id),
                Block::List(lines) => assert!(lines.len() <= 24, "{}", section.id),
                _ => {}
            }
        }
    }
    // All of them are in the table at the end.
    let counts = section(&document, "counts");
    let rows = |block: &Block| match block {
        Block::Fold { blocks, .. } => match blocks.first() {
            Some(Block::Table(table)) if table.caption == "Every comparison" => table.rows.len(),
            _ => 0,
        },
        _ => 0,
    };
    assert_eq!(counts.blocks.iter().map(rows).sum::<usize>(), audit.findings.len());
}

#[test]
fn a_pass_is_never_called_fair() {
    let audit = sample::passing().audit();
    let document = document(&audit, &Letterhead::default());
    assert_eq!(document.verdict, Verdict::Pass);
    for id in ["verdict", "findings", "recommendations", "limits", "glossary"] {
        let text = text_of(section(&document, id)).to_lowercase();
        assert!(!text.contains("fair"), "{id}: {text}");
    }
    let verdict = text_of(section(&document, "verdict"));
    assert!(
        verdict.contains("shown to be within the bounds that were set, for these groups"),
        "{verdict}"
    );
    assert!(verdict.contains("Nearest to its bound"), "{verdict}");
}

#[test]
fn what_is_not_told_fits_the_verdict() {
    for (name, audit) in audits() {
        let document = document(&audit, &Letterhead::default());
        let blocks = &section(&document, "verdict").blocks;
        let [.., Block::Heading(title), Block::List(lines)] = blocks.as_slice() else {
            panic!("{name}: {blocks:?}");
        };
        assert_eq!(title, "What this does not tell you");
        assert!((2..=4).contains(&lines.len()), "{name}: {lines:?}");
        let words = match audit.verdict {
            Verdict::Pass => "A pass means",
            Verdict::Fail => "It does not say why",
            Verdict::Inconclusive => "does not mean that all is within bounds",
            Verdict::NotJudged => "held against a bound",
        };
        assert!(lines[0].contains(words), "{name}: {lines:?}");
    }
}

#[test]
fn columns_that_were_recognised_say_so() {
    let mut audit = sample::failing().audit();
    audit.notes.push(Note {
        code: "role-guessed".to_owned(),
        severity: Severity::Info,
        message: "`race` was taken for a protected attribute: the name of an attribute of people, `Black`: 2"
            .to_owned(),
        help: Some("--protected race".to_owned()),
    });
    let document = document(&audit, &Letterhead::default());
    let roles = section(&document, "data").blocks.iter().find_map(|block| match block {
        Block::Table(table) if table.header[0] == "Taken for" => Some(table),
        _ => None,
    });
    let rows: Vec<Vec<&str>> = roles
        .unwrap()
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec![
                "The decision",
                "hired",
                "hired is \"yes\" (taken from its meaning), taken to be good for the person",
                "named"
            ],
            vec![
                "A protected attribute",
                "race",
                "",
                "recognised by the name of an attribute of people, `Black`: 2"
            ],
        ]
    );
    assert!(text_of(section(&document, "verdict")).contains("One column was recognised"));
    assert!(text_of(section(&document, "recommendations")).contains("Check the columns that were recognised"));
}

#[test]
fn rows_add_up_in_the_table_of_rows() {
    let document = document(&sample::failing().audit(), &Letterhead::default());
    let Some(Block::Table(table)) = section(&document, "data").blocks.first() else {
        panic!("the first thing said of the data is how many rows there are");
    };
    let rows: Vec<(&str, &str)> = table
        .rows
        .iter()
        .map(|row| (row[0].text.as_str(), row[1].text.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("Rows read", "2,627"),
            ("– left out: the decision is missing", "27"),
            ("= Rows counted", "2,600")
        ]
    );
}

#[test]
fn an_engagement_that_nobody_stated_is_named_as_missing() {
    let audit = sample::failing().audit();
    let plain = document(&audit, &Letterhead::default());
    assert!(plain.sections.iter().all(|section| section.id != "engagement"));
    let named = text_of(section(&document(&audit, &dressed()), "engagement"));
    assert!(named.contains("Nothing was stated about the engagement"), "{named}");
    assert!(named.contains("No statement of independence was given"), "{named}");
    let stated = Letterhead {
        independence: Some("We have no part in the system.".to_owned()),
        ..dressed()
    };
    let said = text_of(section(&document(&audit, &stated), "engagement"));
    assert!(
        said.contains("We have no part") && !said.contains("No statement of independence"),
        "{said}"
    );
}

#[test]
fn advice_names_who_is_concerned_once() {
    let advice = |audit: &Audit| text_of(section(&document(audit, &Letterhead::default()), "recommendations"));
    let failing = advice(&sample::failing().audit());
    for words in [
        "Disparate impact by race: Black against White.",
        "Equal opportunity by race",
        "stands in for the attribute",
    ] {
        assert!(failing.contains(words), "{words} is not in {failing}");
    }
    let open = advice(&sample::open().audit());
    assert!(open.contains("about 1,200 rows of"), "{open}");
    let passing = advice(&sample::passing().audit());
    assert!(
        passing.contains("Nothing that counts here calls for a change"),
        "{passing}"
    );
    for (name, audit) in audits() {
        let document = document(&audit, &Letterhead::default());
        let lines: Vec<String> = section(&document, "recommendations")
            .blocks
            .iter()
            .flat_map(texts)
            .collect();
        let mut once = lines.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), lines.len(), "{name}: {lines:?}");
    }
}

#[test]
fn hostile_names_are_visible_and_not_escaped() {
    let audit = sample::hostile();
    let hostile = Letterhead {
        title: Some("\u{202e}title\0".to_owned()),
        client: Some("<b>\u{1b}[31m".to_owned()),
        sections: vec![("\u{1b}s".to_owned(), "<script>\u{202e}x".to_owned())],
        ..Letterhead::default()
    };
    let document = document(&audit, &hostile);
    let all: Vec<String> = document.sections.iter().map(text_of).collect();
    let all = all.join("\n");
    assert!(all.contains("</script><img src=x onerror=alert(1)>"));
    assert!(all.contains("<script>") && all.contains("\\u{202e}x"), "{all}");
    // A policy is broken into lines, and nothing else is.
    let shown = all.replace('\n', "");
    assert_eq!(visible(&shown), shown);
    assert_eq!(visible(&document.title), document.title);
    for (_, value) in &document.cover {
        assert_eq!(visible(value), *value);
    }
    let longest = document
        .sections
        .iter()
        .flat_map(|s| s.blocks.iter().flat_map(texts))
        .map(|t| t.len())
        .max();
    assert!(longest.unwrap() < 9_000, "{longest:?}");
}

#[test]
fn the_policy_in_the_report_is_the_policy_that_was_applied() {
    let audit = sample::failing().audit();
    let document = document(&audit, &Letterhead::default());
    let code: Vec<&String> = section(&document, "reproduce")
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Code(text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(code[0], "evenhand audit hiring.csv");
    let mut audit = audit;
    audit.policy = serde_json::json!({
        "roles": { "prediction": "hired", "protected": ["race"] },
        "values": { "adverse": true },
        "inference": { "confidence": 0.9 },
        "check": [{ "criterion": "disparate-impact", "level": "error" }],
        "preset": "ll144",
    });
    audit.roles.adverse_declared = true;
    let text = text_of(section(&super::document(&audit, &Letterhead::default()), "reproduce"));
    assert!(
        text.contains("evenhand audit hiring.csv --preset ll144 --policy evenhand.toml"),
        "{text}"
    );
    let start = text.find("[roles]").unwrap();
    let end = text.find("\nProgram").unwrap();
    let policy = evenhand_measure::policy::parse("evenhand.toml", &text[start..end]).unwrap();
    assert_eq!(policy.values.adverse, Some(true));
    assert_eq!(
        (policy.checks.len(), policy.checks[0].bound, policy.inference.confidence),
        (1, None, 0.9)
    );
}

#[test]
fn names_between_marks_are_code_and_marks_within_names_are_text() {
    let of =
        |text: &str| -> Vec<(String, bool)> { marked(text).into_iter().map(|span| (span.text, span.code)).collect() };
    let parts = |parts: &[(&str, bool)]| -> Vec<(String, bool)> {
        parts.iter().map(|(text, code)| ((*text).to_owned(), *code)).collect()
    };
    assert_eq!(of("plain"), parts(&[("plain", false)]));
    assert_eq!(
        of("`sex` = `F` differs (`a`)"),
        parts(&[
            ("sex", true),
            (" = ", false),
            ("F", true),
            (" differs (", false),
            ("a", true),
            (")", false)
        ])
    );
    // Two names with a mark in each are no stretch of code between them.
    for text in [
        "by gr`oup",
        "a`b against c`d",
        "race \"a`b\" against \"c`d`e\"",
        "one ` alone",
        "``",
    ] {
        assert_eq!(of(text), parts(&[(text, false)]));
    }
    assert_eq!(of("`a`b`: x"), parts(&[("a`b", true), (": x", false)]));
    let all: String = of("say `x` or y`z `w").into_iter().map(|(text, _)| text).collect();
    assert_eq!(all, "say x or y`z `w");
}
