use super::*;
use crate::sample::{self, HOSTILE};
use unicode_width::UnicodeWidthStr;

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [60, 80, 120] {
        for detail in [false, true] {
            for audit in [
                sample::failing().audit(),
                sample::many(12).audit(),
                sample::many(60).audit(),
                sample::hostile(),
            ] {
                let options = TextOptions {
                    width,
                    detail,
                    ..TextOptions::default()
                };
                for line in text(&audit, &options, &[]).lines() {
                    assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                }
            }
        }
    }
}

#[test]
fn hostile_names_neither_act_nor_vanish() {
    let audit = sample::hostile();
    for detail in [false, true] {
        let options = TextOptions {
            detail,
            width: 200,
            ..TextOptions::default()
        };
        let extra = [Section {
            title: HOSTILE.concat(),
            lines: vec![HOSTILE.concat()],
        }];
        let shown = text(&audit, &options, &extra);
        assert!(
            !shown.contains("::") && !shown.contains("##"),
            "CI must not see a command"
        );
        let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2066}\u{200b}".contains(c);
        assert!(!shown.contains(bad));
        assert!(
            shown.contains(r"\u{1b}[31mred") && shown.contains(r"\u{202e}drawkcab") && shown.contains(r"nul\u{0}byte")
        );
        assert!(shown.contains('…'), "long names are cut");
    }
}

#[test]
fn colour_only_when_asked_and_never_alone() {
    let audit = sample::failing().audit();
    let plain = text(&audit, &TextOptions::default(), &[]);
    let colored = text(
        &audit,
        &TextOptions {
            color: true,
            ..TextOptions::default()
        },
        &[],
    );
    assert!(!plain.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    assert!(plain.contains("✗ fail") && plain.starts_with("FAIL:"));
}

#[test]
fn quiet_is_the_headline_only() {
    let audit = sample::failing().audit();
    let quiet = text(
        &audit,
        &TextOptions {
            quiet: true,
            ..TextOptions::default()
        },
        &[],
    );
    assert_eq!(
        quiet.split_whitespace().collect::<Vec<_>>().join(" "),
        words::headline(&audit)
    );
}

#[test]
fn long_lists_say_how_much_is_left_out() {
    let shown = text(&sample::many(12).audit(), &TextOptions::default(), &[]);
    assert!(shown.contains("… and 124 more comparisons ("), "{shown}");
    let groups = text(&sample::many(60).audit(), &TextOptions::default(), &[]);
    assert!(groups.contains("… and 21 smaller groups"), "{groups}");
}

#[test]
fn groups_that_are_not_judged_say_so() {
    assert!(text(&sample::failing().audit(), &TextOptions::default(), &[]).contains("(missing), not judged"));
}

/// The text of a small audit, whole, so that a change of wording is seen.
#[test]
fn golden() {
    let extra = [Section {
        title: "Guessed".to_owned(),
        lines: vec!["`hired` is the decision; pin it with --prediction hired".to_owned()],
    }];
    let shown = text(&sample::beside(), &TextOptions::default(), &extra);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/golden.txt");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(path, &shown).unwrap();
    }
    assert_eq!(
        shown,
        std::fs::read_to_string(path).unwrap_or_default(),
        "run with UPDATE_GENERATED=1 to accept"
    );
}

#[test]
fn tests_are_shown_when_asked_for() {
    let audit = sample::beside();
    let options = TextOptions {
        detail: true,
        ..TextOptions::default()
    };
    let shown = text(&audit, &options, &[]);
    let title = "Statistical tests and practical significance by race";
    assert!(
        shown.contains(title) && shown.contains("94.6 (1 df)") && shown.contains("correction"),
        "{shown}"
    );
    let short = text(&audit, &TextOptions::default(), &[]);
    assert!(
        !short.contains(title) && short.contains("In people: at the rate"),
        "{short}"
    );
}

#[test]
fn what_is_published_comes_before_the_groups() {
    let mut audit = sample::failing().audit();
    audit.publication = Some(sample::publication());
    let shown = text(&audit, &TextOptions::default(), &[]);
    let at = |part: &str| shown.find(part).unwrap_or_else(|| panic!("{part}: {shown}"));
    assert!(at("FAIL") < at("For publication: selection rates and impact ratios by sex\n"));
    assert!(at("15 people whose sex is not known") < at("About the tables for publication"));
    assert!(at("A bias audit by a rule (preset ll144, as of 2026-09-15)") < at("Groups by race"));
}

#[test]
fn lists_prices_and_scores_keep_to_the_terminal_too() {
    let names: Vec<String> = (0..40).map(|at| format!("Group {at:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for audit in [
        sample::lists(&["North", "South", "West"]),
        sample::lists(&names),
        sample::lists(&HOSTILE),
        sample::prices(&["low", "middle", "high"]),
        sample::scores(&["A", "B"]),
    ] {
        for (width, detail) in [(60, false), (80, false), (80, true), (100, true)] {
            let options = TextOptions {
                width,
                detail,
                ..TextOptions::default()
            };
            for line in text(&audit, &options, &[]).lines() {
                assert!(line.width() <= width, "{} > {width}: {line}", line.width());
            }
        }
    }
}

/// The texts of audits of lists, prices and scores, whole, so that a change of wording is seen.
#[test]
fn golden_measures() {
    let audits = [
        sample::lists(&["North", "South", "West"]),
        sample::prices(&["low", "middle", "high"]),
        sample::scores(&["A", "B"]),
    ];
    let shown: Vec<String> = audits
        .iter()
        .map(|audit| text(audit, &TextOptions::default(), &[]))
        .collect();
    let shown = shown.join("\n----------------\n\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/golden_measures.txt");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(path, &shown).unwrap();
    }
    assert_eq!(
        shown,
        std::fs::read_to_string(path).unwrap_or_default(),
        "run with UPDATE_GENERATED=1 to accept"
    );
}

#[test]
fn who_reaches_whom_is_one_table() {
    let audit = sample::lists(&["North", "South"]);
    let shown = text(&audit, &TextOptions::default(), &[]);
    let title = "Which items reach whom: item.region by user.gender\n";
    assert_eq!(shown.matches(title).count(), 1, "{shown}");
    let table = shown.split_once(title).unwrap().1;
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take(5)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0], ["Group", "North", "South"], "{shown}");
    assert_eq!(rows[2], ["F", "30.0%", "60.0%"], "{shown}");
    assert_eq!(rows[3], ["M", "40.0%", "70.0%"], "{shown}");
    let detail = TextOptions {
        detail: true,
        ..TextOptions::default()
    };
    assert!(text(&audit, &detail, &[]).contains("Groups by user.gender within item.region \"South\""));
}
