use evenhand_measure::audit::model::Outcome;
use evenhand_measure::policy::Level;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::document::{Letterhead, document};
use crate::sample::{self, HOSTILE};
use crate::words::{finding_sentence, headline};

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn everything_that_the_report_says_is_there() {
    for audit in [sample::failing().audit(), sample::many(12).audit()] {
        let report = document(&audit, &Letterhead::default());
        let text = one_line(&plain(&report));
        assert!(text.starts_with(&report.title));
        let sentence = headline(&audit).split_once(": ").unwrap().1.to_owned();
        assert!(text.contains(&crate::words::capital(&sentence)), "{sentence}\n{text}");
        for section in &report.sections {
            assert!(text.contains(&section.title), "{}", section.title);
        }
        for title in [
            "What this does not tell you",
            "What to do",
            "Limits",
            "How to repeat this",
        ] {
            assert!(text.contains(title), "{title}");
        }
        let arranged = crate::order::worse_off_first(&audit);
        let failures = arranged
            .findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Fail);
        for finding in failures.filter(|finding| finding.level == Level::Error) {
            let sentence = finding_sentence(finding, &arranged, false);
            assert!(text.contains(&sentence), "{sentence}");
        }
    }
}

#[test]
fn sentences_and_tables_keep_to_their_widths() {
    for audit in [sample::failing().audit(), sample::many(60).audit(), sample::hostile()] {
        let text = plain(&document(&audit, &Letterhead::default()));
        for line in text.lines() {
            let is_code = line.starts_with("    ");
            assert!(is_code || line.width() <= TABLE_WIDTH, "{}: {line}", line.width());
        }
        let rule = |line: &&str| line.starts_with("==") || line.starts_with("--");
        assert!(text.lines().filter(rule).all(|line| line.width() <= WIDTH));
    }
}

#[test]
fn who_made_it_for_whom_stands_first() {
    let letterhead = Letterhead {
        title: Some("Hiring in 2025".to_owned()),
        client: Some("Example Ltd".to_owned()),
        auditor: Some("A. Consultant".to_owned()),
        confidentiality: Some("For the board".to_owned()),
        sections: vec![(
            "Scope".to_owned(),
            "See [the terms](https://example.org/terms).".to_owned(),
        )],
        ..Letterhead::default()
    };
    let text = plain(&document(&sample::failing().audit(), &letterhead));
    let (before, _) = text.split_once("Verdict\n=======").unwrap();
    for said in [
        "Hiring in 2025\n====",
        "For the board",
        "Prepared for: Example Ltd",
        "Prepared by: A. Consultant",
    ] {
        assert!(before.contains(said), "{said}: {before}");
    }
    assert!(text.contains("See the terms (https://example.org/terms)."));
    assert!(text.contains(&format!("Signature: {}", "_".repeat(40))));
}

#[test]
fn hostile_names_neither_act_nor_vanish() {
    let letterhead = Letterhead {
        title: Some(HOSTILE.concat()),
        client: Some(HOSTILE.concat()),
        sections: vec![(HOSTILE.concat(), HOSTILE.concat())],
        ..Letterhead::default()
    };
    let text = plain(&document(&sample::hostile(), &letterhead));
    let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{200b}".contains(c);
    assert!(!text.contains(bad));
    assert!(
        !text.contains("::") && !text.contains("##"),
        "CI must not see a command"
    );
    assert!(text.contains(r"\u{1b}[31mred") && text.contains(r"\u{202e}drawkcab"));
}
