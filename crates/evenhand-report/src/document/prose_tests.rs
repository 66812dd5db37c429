use std::time::{Duration, Instant};

use super::*;
use crate::sample::HOSTILE;

fn words(spans: &[Span]) -> String {
    plain(spans)
}

/// Every text in the blocks, whatever holds it.
fn all_text(blocks: &[Block]) -> String {
    let of = |block: &Block| match block {
        Block::Heading(text) | Block::Text(text) | Block::Code(text) => text.clone(),
        Block::Rich(spans) => words(spans),
        Block::RichList { items, .. } => items.iter().map(|item| words(item)).collect::<Vec<_>>().join("\n"),
        Block::Table(table) => {
            let cells = table.rows.iter().flatten().map(|cell| cell.text.clone());
            table.header.iter().cloned().chain(cells).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{other:?}"),
    };
    blocks.iter().map(of).collect::<Vec<_>>().join("\n")
}

fn links(blocks: &[Block]) -> Vec<String> {
    let spans = |block: &Block| match block {
        Block::Rich(spans) => spans.clone(),
        Block::RichList { items, .. } => items.concat(),
        _ => vec![],
    };
    blocks.iter().flat_map(spans).filter_map(|span| span.link).collect()
}

#[test]
fn what_markdown_has_is_there() {
    let blocks = prose(
        "# Scope\n\nAll **posts**\nof *one* `year`.\n\n- first\n- second\n  - inner\n- third\n\n3. one\n   - inner\n4. two\n\n\
         | post | people |\n|---|---:|\n| a | 1 |\n| b |\n\n```toml\nx = 1\n\ny = 2\n```\n\n> quoted\n>\n> twice\n\n---\n\nend",
    );
    assert_eq!(blocks[0], Block::Heading("Scope".to_owned()));
    let Block::Rich(spans) = &blocks[1] else { panic!() };
    assert_eq!(words(spans), "All posts of one year.");
    assert!(spans[1].strong && spans[3].emphasis && spans[5].code && !spans[0].strong);
    let list = |block: &Block| match block {
        Block::RichList { ordered, items } => (*ordered, items.iter().map(|item| words(item)).collect::<Vec<_>>()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        list(&blocks[2]),
        (
            false,
            ["first", "second", "– inner", "third"].map(str::to_owned).to_vec()
        )
    );
    assert_eq!(
        list(&blocks[3]),
        (true, ["one – inner", "two"].map(str::to_owned).to_vec())
    );
    let Block::Table(table) = &blocks[4] else { panic!() };
    assert_eq!((table.caption.as_str(), table.header.len()), ("Scope", 2));
    assert!(!table.is_right(0) && table.is_right(1));
    assert!(table.rows.len() == 2 && table.rows.iter().all(|row| row.len() == 2));
    assert_eq!(blocks[5], Block::Code("x = 1\n\ny = 2".to_owned()));
    assert_eq!(blocks.len(), 9);
    assert!(prose("").is_empty() && prose("\n \n---\n").is_empty());
}

#[test]
fn sections_of_ones_own_have_ids_and_their_tables_names() {
    let letterhead = Letterhead {
        sections: vec![
            ("Scope".to_owned(), "| a |\n|---|\n| b |\n".to_owned()),
            ("Scope".to_owned(), "words".to_owned()),
        ],
        ..Letterhead::default()
    };
    let made = sections(&letterhead);
    assert_eq!((made[0].id.as_str(), made[1].id.as_str()), ("own-1", "own-2"));
    assert!(matches!(&made[0].blocks[0], Block::Table(table) if table.caption == "Scope"));
    let document = super::super::document(&crate::sample::failing().audit(), &letterhead);
    assert_eq!(
        document
            .sections
            .iter()
            .filter(|section| section.title == "Scope")
            .count(),
        2
    );
}

#[test]
fn html_is_text_and_pictures_are_their_words() {
    for html in [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=\"x\">b</b>",
        "<!-- hidden -->",
        "<div\nstyle='x'>\n",
    ] {
        let text = all_text(&prose(html));
        let spaced = html.trim().replace('\n', " ");
        assert_eq!(text, spaced);
    }
    let blocks = prose("![a chart](file:///etc/passwd) and ![](x.png)");
    assert_eq!(all_text(&blocks), "a chart and");
    assert!(links(&blocks).is_empty());
}

#[test]
fn links_lead_to_the_web_and_to_mail() {
    let link = |markdown: &str| links(&prose(markdown)).first().cloned();
    assert_eq!(
        link("[a](HTTPS://x.org/a?b=c#d)").as_deref(),
        Some("https://x.org/a?b=c#d")
    );
    assert_eq!(link("<http://x.org>").as_deref(), Some("http://x.org"));
    assert_eq!(link("<a@x.org>").as_deref(), Some("mailto:a@x.org"));
    assert_eq!(
        link("[a](<https://x.org/é \"'>)").as_deref(),
        Some("https://x.org/%C3%A9%20%22%27")
    );
    for bad in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](file:///etc/passwd)",
        "[a](//x.org)",
        "[a](x.html)",
        "[a](#b)",
        "[a](https:x)",
        "[a](java&#10;script:alert(1))",
        "[a](vbscript:x)",
        "[a](mailto:)",
    ] {
        let blocks = prose(bad);
        assert!(links(&blocks).is_empty() && all_text(&blocks) == "a", "{bad}");
    }
}

#[test]
fn hostile_names_stay_text() {
    for name in HOSTILE {
        let blocks = prose(&format!("x {name}\n\n- {name}\n\n| a |\n|---|\n| {name} |\n"));
        assert!(
            links(&blocks)
                .iter()
                .all(|link| link.starts_with("http") || link.starts_with("mailto:"))
        );
        assert!(!all_text(&blocks).is_empty());
    }
    assert!(all_text(&prose("a #panic() ::error:: =cmd|'/C'!A0")).contains("#panic() ::error:: =cmd|'/C'!A0"));
}

#[test]
fn nothing_is_too_deep_or_too_long() {
    let start = Instant::now();
    for piece in [
        "> ", "- ", "[", "![", "*a ", "**", "`", "<", "1. ", "(", "|", "&", "\\", "_a", "<a ",
    ] {
        let blocks = prose(&piece.repeat(20_000));
        assert!(blocks.len() <= 20_001, "{piece}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    let blocks = prose(&"x".repeat(MOST + 1));
    assert!(all_text(&blocks[1..]).contains("left out"));
}
