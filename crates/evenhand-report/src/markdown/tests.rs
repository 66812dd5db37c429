use super::*;
use evenhand_measure::audit::model::Outcome;

use crate::document::Span;
use crate::sample::{self, HOSTILE};

#[test]
fn hostile_names_are_text() {
    let extra = [Section {
        title: HOSTILE.concat(),
        lines: HOSTILE.map(str::to_owned).to_vec(),
    }];
    for audit in [sample::hostile(), sample::lists(&HOSTILE), sample::scores(&HOSTILE)] {
        let text = markdown(&audit, &extra);
        for bad in [
            "<script", "</script", "<img", "@team", "https://", " www.", "\u{1b}", "\u{202e}", "\0",
        ] {
            assert!(!text.contains(bad), "{bad:?}");
        }
        assert!(text.contains("a\\|b\\`c\\`\\*d\\*\\_e\\_\\[f\\]") && text.contains("&lt;/script&gt;"));
        // No name starts a line, so none is read as a heading or as a command of CI.
        assert!(
            text.lines()
                .all(|line| !line.starts_with("::") && !line.starts_with("##vso") && !line.starts_with("\\#"))
        );
    }
}

/// A report whose every word is hostile.
fn hostile_document() -> Document {
    let all = HOSTILE.concat();
    let span = |link: &str| Span {
        text: all.clone(),
        strong: true,
        emphasis: true,
        code: true,
        link: Some(link.to_owned()),
    };
    let each = |of: fn(String) -> Block| HOSTILE.iter().map(move |text| of((*text).to_owned()));
    let mut table = Table {
        caption: all.clone(),
        header: HOSTILE.map(str::to_owned).to_vec(),
        ..Table::default()
    };
    table.rows = vec![HOSTILE.map(|name| name.to_owned().into()).to_vec()];
    table.legend = HOSTILE.map(str::to_owned).to_vec();
    let mut blocks = vec![
        Block::Verdict(Banner {
            word: all.clone(),
            sentence: all.clone(),
            beside: HOSTILE.map(crate::document::marked).to_vec(),
        }),
        Block::List(HOSTILE.map(str::to_owned).to_vec()),
        Block::Rich(vec![span("javascript:alert(1)"), span("https://example.org/\"><img>")]),
        Block::RichList {
            ordered: true,
            items: vec![vec![span("HTTP://x"), Span::default()]],
        },
        Block::Facts(vec![(all.clone(), all.clone())]),
        Block::Statements(vec![Statement {
            outcome: evenhand_measure::audit::model::Outcome::Fail,
            text: all.clone(),
            precise: all.clone(),
        }]),
        Block::Figure(Figure {
            svg: "<svg></svg>".to_owned(),
            title: all.clone(),
            description: all.clone(),
            table: Some(table.clone()),
        }),
        Block::Table(table),
        Block::Code(HOSTILE.join("\n")),
        Block::Blanks(vec![all.clone()]),
    ];
    blocks.extend(each(Block::Text));
    blocks.extend(each(Block::Heading));
    blocks.push(Block::Fold {
        summary: all.clone(),
        blocks: blocks.clone(),
    });
    let section = |place| document::Section {
        id: "x".to_owned(),
        title: all.clone(),
        place,
        blocks: blocks.clone(),
    };
    Document {
        title: all.clone(),
        verdict: evenhand_measure::audit::model::Verdict::Fail,
        cover: vec![(all.clone(), all.clone())],
        confidentiality: Some(all.clone()),
        sections: vec![section(Place::Page), section(Place::Appendix)],
    }
}

#[test]
fn every_kind_of_block_keeps_hostile_text_as_text() {
    let text = markdown_of(&hostile_document());
    for bad in [
        "<script",
        "</script",
        "<img",
        "<svg",
        "@team",
        " https://",
        " www.",
        "javascript",
        "##vso",
        "\u{1b}",
        "\u{202e}",
        "\0",
    ] {
        assert!(!text.contains(bad), "{bad:?}");
    }
    let commands = |line: &&str| line.trim_start().starts_with("::") || line.trim_start().starts_with("##[");
    assert_eq!(text.lines().find(commands), None);
    assert!(
        text.contains("<a href=\"https://example.org/&quot;&gt;&lt;img&gt;\">") && text.contains("href=\"HTTP://x\"")
    );
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    assert_eq!(text.matches("<pre>").count(), text.matches("</pre>").count());
    assert!(text.contains("<pre>\n&lt;/script&gt;") && text.contains("\n:&#58;error file=x:&#58;boom\n"));
}

#[test]
fn every_row_has_the_cells_of_its_header() {
    for audit in [
        sample::failing().audit(),
        sample::hostile(),
        sample::many(12).audit(),
        sample::lists(&HOSTILE),
        sample::prices(&["low", "high"]),
        sample::scores(&HOSTILE),
    ] {
        let text = markdown(&audit, &[]);
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let mut width = None;
        for line in text.lines() {
            width = line.starts_with('|').then(|| width.unwrap_or_else(|| cells(line)));
            assert!(width.is_none_or(|width| width == cells(line)), "{line}");
        }
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}

#[test]
fn every_failure_is_told_and_everything_has_a_row() {
    let audit = sample::many(12).audit();
    let audit = &*crate::order::worse_off_first(&audit);
    let text = markdown(audit, &[]);
    for finding in audit.findings.iter().filter(|finding| finding.outcome == Outcome::Fail) {
        let sentence = crate::words::finding_sentence(finding, audit, false);
        let precise = crate::words::precise(finding, audit);
        assert!(text.contains(&safe::markdown(&sentence)), "{sentence}");
        assert!(text.contains(&safe::markdown(&precise)[1..]), "{precise}");
    }
    let everything = &text[text.find("Every comparison (").unwrap()..];
    let rows = everything.lines().skip_while(|line| !line.starts_with('|'));
    // The header and the rule below it.
    assert_eq!(
        rows.take_while(|line| line.starts_with('|')).count(),
        audit.findings.len() + 2
    );
}

#[test]
fn results_stand_open_and_the_rest_is_folded() {
    let audit = sample::beside();
    let text = markdown(
        &audit,
        &[Section {
            title: "Guessed".to_owned(),
            lines: vec!["- pin it".to_owned()],
        }],
    );
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert!(at("**FAIL:** ") < at("## Findings") && at("## Findings") < at("## Groups by race"));
    assert!(at("## Groups by race") < at("## Behind the results"));
    let (open, behind) = text.split_once("## Behind the results").unwrap();
    assert!(behind.contains("<summary>How the data were read</summary>"));
    let depth_at_end = open.matches("<details>").count() - open.matches("</details>").count();
    assert_eq!(depth_at_end, 0);
    assert!(text.ends_with("\n## Guessed\n\n- \\- pin it\n"), "{text}");
    // Words of one table or section stand over it once.
    assert!(!text.contains("## Groups by race\n\n### Groups by race") && !text.contains("\n\n\n"));
}
