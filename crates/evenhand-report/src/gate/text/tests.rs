use unicode_width::UnicodeWidthStr;

use super::super::sample;
use super::*;

fn text_of(gate: &Gate) -> String {
    gate_text(gate, &TextOptions::default())
}

#[test]
fn lines_keep_to_the_width_whatever_the_names_are() {
    for gate in sample::all() {
        for (width, detail) in [(80, false), (80, true), (60, false), (120, true)] {
            let options = TextOptions {
                width,
                detail,
                ..TextOptions::default()
            };
            let text = gate_text(&gate, &options);
            let long: Vec<&str> = text.lines().filter(|line| line.width() > width).collect();
            assert!(long.is_empty(), "{width}: {long:?}");
            assert_eq!(text, gate_text(&gate, &options), "the same gate gives the same text");
        }
    }
}

#[test]
fn what_keeps_the_gate_shut_comes_first() {
    let text = text_of(&sample::failing());
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} is missing from\n{text}"))
    };
    assert!(text.starts_with("FAIL: "), "{text}");
    assert!(at("Failed\n") < at("Warnings; none of them changes the verdict"));
    assert!(at("Warnings; none of them changes the verdict") < at("Since the baseline"));
    assert!(at("Since the baseline") < at("Passed\n"));
    assert!(at("Passed\n") < at("Data\n"));
    assert!(text.contains("race \"Black\""), "{text}");
}

#[test]
fn what_the_data_could_have_shown_stands_in_every_gate_with_a_baseline() {
    for gate in sample::all() {
        let text = text_of(&gate);
        assert_eq!(gate.changes.is_some(), text.contains("Compared unpaired"), "{text}");
        let said = text.contains("could have shown is") || text.contains("could have been shown");
        // Words may be broken over lines.
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = said || flat.contains("could have shown is") || flat.contains("could have been shown");
        assert_eq!(gate.changes.is_some(), said, "{text}");
    }
    let mut gate = sample::failing();
    gate.changes.as_mut().unwrap().paired = true;
    let text = text_of(&gate);
    assert!(
        text.contains("Against the other model") && text.contains("Compared as pairs"),
        "{text}"
    );
    assert!(!text.contains("unpaired"), "{text}");
}

#[test]
fn waivers_are_told_used_or_not() {
    let text = text_of(&sample::waived());
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("Failed, and waived ~ "), "{text}");
    assert!(flat.contains("Waivers ! The waiver"), "{text}");
    assert!(flat.contains("has expired"), "{text}");
    assert!(flat.contains("Waivers were judged as of 2026-11-22"), "{text}");
}

#[test]
fn long_lists_say_what_they_leave_out() {
    let gate = sample::many();
    let text = text_of(&gate);
    assert!(text.lines().count() < 200, "{}", text.lines().count());
    let failures = crate::gate::lines(&gate)
        .iter()
        .filter(|line| Kind::of(line) == Kind::Failed)
        .count();
    let more = format!("{} more failures", failures - FAILURES_SHOWN);
    assert!(text.contains(&format!("… and {more}; --detail shows them")), "{text}");
    let detail = gate_text(
        &gate,
        &TextOptions {
            detail: true,
            ..TextOptions::default()
        },
    );
    assert!(!detail.contains("--detail shows them"));
    assert!(detail.matches("\n  ✗ ").count() == failures);
    let detail = detail.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        detail.contains("MOVER, unpaired; worsened by more than the tolerance: p"),
        "{detail}"
    );
}

#[test]
fn quiet_is_the_first_sentence() {
    let quiet = TextOptions {
        quiet: true,
        ..TextOptions::default()
    };
    assert_eq!(gate_text(&sample::passing(), &quiet), "PASS: no check of 9 failed.\n");
}

#[test]
fn no_name_acts_on_a_terminal_or_a_runner() {
    for detail in [false, true] {
        let text = gate_text(
            &sample::hostile(),
            &TextOptions {
                detail,
                ..TextOptions::default()
            },
        );
        assert!(!text.contains("::") && !text.contains("##"), "{text}");
        let acts = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}'));
        assert!(!text.contains(acts));
    }
}

#[test]
fn nothing_judged_is_no_success() {
    let text = text_of(&sample::not_judged());
    assert!(
        text.contains("\nNot judged\n  ○ ") && text.contains("\nNothing passed\n"),
        "{text}"
    );
    assert!(!text.contains('✓'), "{text}");
    assert!(text_of(&sample::not_judged()).starts_with("NOT JUDGED: nothing was judged, which is no success."));
    assert!(text_of(&sample::open()).contains("Open: these data settle it neither way"));
}
