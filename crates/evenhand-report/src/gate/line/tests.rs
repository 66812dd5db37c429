use std::collections::BTreeSet;

use super::super::sample;
use super::*;

/// The lines of waivers of these groups, in the order of the policy.
fn waivers_of(groups: &[&str]) -> Vec<Line> {
    let each = groups.iter().map(|group| {
        format!(
            "[[waiver]]\ncheck = \"four-fifths\"\ngroup = {{ {group} }}\nreason = \"known\"\nowner = \"Ann\"\n\
             expires = \"2026-12-31\"\n"
        )
    });
    let policy = sample::CHECK.to_owned() + &each.collect::<String>();
    let lines = lines(&sample::answer(&policy, None, &sample::FAIR));
    lines.into_iter().filter(|line| line.rule == "waiver").collect()
}

#[test]
fn waivers_of_different_groups_have_different_keys() {
    let groups = [
        r#"a = "1,b=2""#,
        r#"a = "1", b = "2""#,
        r#""a=1,b" = "2""#,
        r#"a = "1/b""#,
        r#"a = "1%2Fb""#,
        r#"a = "1\u000Ab""#,
        r#"a = "1\\u{a}b""#,
        r#"a = "::error::x|y""#,
        r#"a = "\u001B[31m""#,
    ];
    let lines = waivers_of(&groups);
    assert_eq!(lines.len(), groups.len());
    let keys: BTreeSet<&str> = lines.iter().map(|line| line.key.as_str()).collect();
    assert_eq!(keys.len(), groups.len(), "{keys:?}");
    for line in &lines {
        assert_eq!(line.key.split('/').count(), 3, "{}", line.key);
        assert!(!line.key.contains(char::is_control), "{:?}", line.key);
    }
}

#[test]
fn no_name_breaks_a_key() {
    let gate = sample::hostile();
    let lines = lines(&gate);
    let keys: BTreeSet<&str> = lines.iter().map(|line| line.key.as_str()).collect();
    assert_eq!(keys.len(), lines.len());
    for line in &lines {
        assert!(!line.key.contains(char::is_control), "{:?}", line.key);
        // Kind, criterion, rate, attributes, group, reference; of a waiver kind, criterion, group.
        let parts = if line.rule == "waiver" { 3 } else { 6 };
        assert_eq!(line.key.split('/').count(), parts, "{}", line.key);
    }
}
