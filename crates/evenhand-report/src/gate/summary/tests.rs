use super::super::sample;
use super::*;

#[test]
fn it_says_the_verdict_then_the_failures() {
    let text = summary(&sample::failing());
    assert!(text.starts_with("## ✗ FAIL: "), "{text}");
    let at = |part: &str| {
        text.find(part)
            .unwrap_or_else(|| panic!("{part} is missing from\n{text}"))
    };
    assert!(at("### Failed\n\n- ✗ ") < at("### Since the baseline"));
    assert!(at("could have shown is") < at("| Found | Groups | Before | Now | Worse by | p | Could show |"));
    assert!(at("| Found |") < at("### Passed"));
    assert!(text.contains("Compared unpaired"));
    assert!(!text.contains("Left out"), "{text}");
    assert_eq!(text, summary(&sample::failing()));
}

#[test]
fn no_name_is_markup() {
    let text = summary(&sample::hostile());
    for mark in [
        "<img",
        "</script>",
        "@team",
        "https://",
        "www.example",
        "#12",
        "##vso",
        "![",
    ] {
        assert!(!text.contains(mark), "{mark} in\n{text}");
    }
    // Of what makes a link or an emphasis nothing stands there unescaped.
    let plain = text.replace("\\\\", "");
    for (at, sign) in plain.match_indices(['[', ']', '`', '*', '_']) {
        assert_eq!(
            plain[..at].chars().next_back(),
            Some('\\'),
            "{sign} in {}",
            &plain[..at]
        );
    }
    assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
    let acts = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}'));
    assert!(!text.contains(acts));
    let tags = ["<details>", "<details open>", "</details>", "<summary>", "</summary>"];
    let mut rest = text.clone();
    for tag in tags {
        rest = rest.replace(tag, "");
    }
    assert!(!rest.contains('<'), "{rest}");
}

#[test]
fn every_row_of_a_table_has_its_columns() {
    for gate in sample::all() {
        let text = summary(&gate);
        for row in text.lines().filter(|line| line.starts_with('|')) {
            let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
            assert_eq!(bars, 8, "{row}");
        }
        assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    }
}

#[test]
fn it_ends_where_the_room_ends_and_says_what_is_left_out() {
    let gate = sample::many();
    let whole = summary(&gate);
    assert!(whole.len() < MOST && !whole.contains("Left out"));
    for most in [KEPT, KEPT + 2_000, KEPT + 20_000, KEPT + 60_000] {
        let text = summary_within(&gate, most);
        assert!(text.len() <= most, "{} of {most}", text.len());
        assert!(
            text.contains("**Left out, because a summary has no room for more: "),
            "{most}"
        );
        assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
        assert!(
            text.contains("could have shown is"),
            "the tail stands whatever came before"
        );
    }
    let text = summary_within(&gate, KEPT + 20_000);
    let failures = |text: &str| text.matches("\n- ✗ ").count();
    let (shown, all) = (failures(&text), failures(&whole));
    assert!(0 < shown && shown < all);
    assert!(text.contains(&so_many(all - shown, Kind::Failed)), "{text}");
}

#[test]
fn later_steps_read_plain_values() {
    let gate = sample::failing();
    assert_eq!(
        github_output(&gate),
        "verdict=fail\nworst_ratio=0.6623\nfailed=4\nopen=0\nwaived=0\nstale_waivers=0\n"
    );
    for gate in sample::all() {
        for line in github_output(&gate).lines() {
            let (key, value) = line.split_once('=').unwrap();
            assert!(key.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{line}");
            assert!(
                value
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c)),
                "{line}"
            );
        }
    }
    assert!(github_output(&sample::not_judged()).contains("worst_ratio=\n"));
}
