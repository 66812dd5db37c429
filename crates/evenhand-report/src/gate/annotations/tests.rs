use super::super::{lines, sample};
use super::*;

/// A command: the name, the properties, the text.
type Command = (String, Vec<(String, String)>, String);

/// A command as the runner reads it, unescaped.
fn read(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, text) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let plain = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let property = |text: &str| plain(&text.replace("%3A", ":").replace("%2C", ",")).replace("%25", "%");
    let properties = properties
        .split(',')
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.to_owned(), property(value)))
        .collect();
    Some((name.to_owned(), properties, plain(text).replace("%25", "%")))
}

#[test]
fn the_runner_reads_back_what_was_meant() {
    let gate = sample::failing();
    let text = annotations(&gate, "policies/evenhand.toml");
    let first = read(text.lines().next().unwrap()).unwrap();
    assert_eq!(first.0, "error");
    let lines = worst::worst_first(&gate);
    let of = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        first.1,
        [
            of("file", "policies/evenhand.toml"),
            of("line", "2"),
            of("title", &lines[0].name)
        ]
    );
    assert_eq!(first.2, lines[0].sentence);
    assert_eq!(text, annotations(&gate, "policies/evenhand.toml"));
}

#[test]
fn hostile_text_stays_in_its_place() {
    for (written, as_message, as_property) in [
        ("50%", "50%25", "50%25"),
        (
            "%0A::error::x",
            "%250A:\\u{3a}error:\\u{3a}x",
            "%250A%3A%3Aerror%3A%3Ax",
        ),
        ("a\nb", "a\\u{a}b", "a\\u{a}b"),
        (
            "a\r\n::stop-commands::x",
            "a\\u{d}\\u{a}:\\u{3a}stop-commands:\\u{3a}x",
            "a\\u{d}\\u{a}%3A%3Astop-commands%3A%3Ax",
        ),
        ("a,line=9", "a,line=9", "a%2Cline=9"),
        ("a::b", "a:\\u{3a}b", "a%3A%3Ab"),
        ("##[group]x", "#\\u{23}[group]x", "##[group]x"),
        (
            "\u{1b}[31m\u{202e}x\0",
            "\\u{1b}[31m\\u{202e}x\\u{0}",
            "\\u{1b}[31m\\u{202e}x\\u{0}",
        ),
        ("\u{2028}x\u{85}", "\\u{2028}x\\u{85}", "\\u{2028}x\\u{85}"),
    ] {
        assert_eq!(message(written), as_message, "{written:?}");
        assert_eq!(property(written), as_property, "{written:?}");
    }
    let text = annotations(&sample::hostile(), "a,b:c%\n::error::.toml");
    for line in text.lines() {
        let (name, properties, said) = read(line).unwrap_or_else(|| panic!("no command: {line}"));
        assert!(["error", "warning", "notice"].contains(&name.as_str()), "{line}");
        let keys: Vec<&str> = properties.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["file", "line", "title"], "{line}");
        assert_eq!(properties[0].1, "a,b:c%\\u{a}::error::.toml");
        assert!(!said.contains("::") && !said.contains("##"), "{said}");
    }
}

#[test]
fn no_more_than_github_shows_and_the_rest_is_counted() {
    let text = annotations(&sample::many(), "evenhand.toml");
    let many = |command: &str| text.lines().filter(|line| line.starts_with(command)).count();
    assert_eq!((many("::error "), many("::warning "), many("::notice ")), (10, 10, 1));
    assert_eq!(text.lines().count(), 21);
    let lines = worst::worst_first(&sample::many());
    let failures = lines.iter().filter(|line| Kind::of(line) == Kind::Failed).count();
    let left = so_many(failures - 10, Kind::Failed);
    assert!(text.lines().last().unwrap().contains(&left), "{text}");
    assert_eq!(annotations(&sample::passing(), "evenhand.toml"), "");
}

#[test]
fn the_worst_comes_first() {
    let gate = sample::many();
    let ratio = |line: &str| -> String { read(line).unwrap().1[2].1.clone() };
    let text = annotations(&gate, "evenhand.toml");
    let first = ratio(text.lines().next().unwrap());
    assert!(first.contains("Group 00") && first.contains("Group 19"), "{first}");
}

#[test]
fn a_waiver_points_at_its_line() {
    let gate = sample::waived();
    let text = annotations(&gate, "evenhand.toml");
    let expired = gate.waivers.iter().find(|waiver| waiver.covers == 0).unwrap();
    let place = format!("::warning file=evenhand.toml,line={},title=waiver of ", expired.line);
    assert!(text.contains(&place), "{text}");
    let used = gate.waivers.iter().find(|waiver| waiver.covers > 0).unwrap();
    assert!(!text.contains(&format!("line={},", used.line)), "{text}");
}

#[test]
fn a_check_points_at_its_line() {
    let policy = format!("# Who decides\n\n{}{}", sample::PARITY, sample::CHECK);
    let gate = sample::answer(&policy, Some(&sample::FAIR), &sample::WORSE);
    let at = |criterion: &str| 1 + policy.lines().position(|line| line.contains(criterion)).unwrap();
    let (parity, impact) = (at("statistical-parity"), at("disparate-impact"));
    assert!(1 < parity && parity < impact);
    let lines = lines(&gate);
    for (rule, line) in [
        ("disparate-impact", impact),
        ("disparate-impact-regression", impact),
        ("statistical-parity", parity),
        ("statistical-parity-regression", parity),
    ] {
        let of_rule: Vec<&Line> = lines.iter().filter(|line| line.rule == rule).collect();
        assert!(!of_rule.is_empty(), "{rule}");
        assert!(of_rule.iter().all(|found| found.line == Some(line)), "{rule}");
    }
    let text = annotations(&gate, "evenhand.toml");
    assert!(
        text.contains(&format!(
            "::error file=evenhand.toml,line={impact},title=disparate impact"
        )),
        "{text}"
    );
    // The other formats say the same.
    let json = |text: String| -> serde_json::Value { serde_json::from_str(&text).unwrap() };
    let sarif = json(crate::gate::sarif(&gate, "evenhand.toml").unwrap());
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let found = results
        .iter()
        .find(|result| result["ruleId"] == "disparate-impact")
        .unwrap();
    let region = &found["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], impact);
    let gitlab = json(crate::gate::gitlab(&gate, "evenhand.toml").unwrap());
    let found = gitlab
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["check_name"] == "disparate-impact");
    assert_eq!(found.unwrap()["location"]["lines"]["begin"], impact);
}

#[test]
fn what_no_policy_declares_points_at_its_top() {
    let gate = sample::answer("", None, &sample::WORSE);
    assert!(lines(&gate).iter().all(|line| line.line.is_none()));
    assert!(annotations(&gate, "evenhand.toml").contains("::error file=evenhand.toml,line=1,"));
}
