//! Five commits, of which the third is biased.

use std::fs::read_to_string;
use std::process::Command;

use crate::repository;

#[cfg(unix)]
#[test]
fn the_third_of_five_commits_is_stopped_and_the_summary_says_why() {
    let room = tempfile::tempdir().unwrap();
    let output = Command::new("bash")
        .arg(repository("tests/story/run.sh"))
        .arg(env!("CARGO_BIN_EXE_evenhand"))
        .arg(room.path())
        .output()
        .unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{log}\n{errors}");

    let ends: Vec<&str> = log.lines().filter(|line| line.starts_with("   commit ")).collect();
    assert_eq!(ends.len(), 5, "{log}");
    for (place, end) in ends.iter().enumerate() {
        let expected = if place == 2 { "status 1" } else { "status 0" };
        assert!(end.contains(expected), "{end}\n{log}");
    }
    assert!(!log.contains("panicked"), "{log}");
    for line in log.lines() {
        assert!(line.chars().all(|letter| !letter.is_control()), "{line:?}");
    }

    let left = |name: &str| read_to_string(room.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    // Why: which criterion, who is worse off than whom, from the rates that the model gave them, and that it was better.
    let summary = left("summary-3.md");
    for said in ["woman", "man", "FAIL"] {
        assert!(summary.contains(said), "`{said}` is not in the summary:\n{summary}");
    }
    let (women, men) = rates(&left("decisions-3.csv"));
    for share in [women, men] {
        assert!(
            summary.contains(&format!("{share:.1}%")),
            "{share} is not in the summary:\n{summary}"
        );
    }
    assert!(summary.contains("baseline"), "{summary}");
    assert!(
        left("outputs-3").lines().any(|line| line == "verdict=fail"),
        "{}",
        left("outputs-3")
    );
    assert!(left("log-3").contains("\n::error "), "{}", left("log-3"));
    assert!(left("junit-3.xml").contains("<failure"), "{}", left("junit-3.xml"));
    for commit in [1, 2, 4, 5] {
        let outputs = left(&format!("outputs-{commit}"));
        assert!(
            outputs.lines().any(|line| line == "verdict=pass"),
            "commit {commit}: {outputs}"
        );
        let log = left(&format!("log-{commit}"));
        assert!(!log.contains("::error"), "commit {commit}: {log}");
        let junit = left(&format!("junit-{commit}.xml"));
        assert!(!junit.contains("<failure"), "commit {commit}: {junit}");
        assert!(
            !left(&format!("summary-{commit}.md")).is_empty(),
            "commit {commit} has no summary"
        );
    }
    // The same decisions, compared with the same: what the second run said, the fourth says.
    assert_eq!(left("junit-2.xml"), left("junit-4.xml"));
    assert_eq!(left("summary-2.md"), left("summary-4.md"));
}

/// What share of women and of men was invited, in percent.
fn rates(decisions: &str) -> (f64, f64) {
    let of = |sex: &str| {
        let all = decisions.lines().filter(|line| line.split(',').nth(1) == Some(sex));
        let (rows, invited) = all.fold((0_u32, 0_u32), |(rows, invited), line| {
            (rows + 1, invited + u32::from(line.ends_with(",yes")))
        });
        100.0 * f64::from(invited) / f64::from(rows)
    };
    (of("woman"), of("man"))
}
