//! `docs/exit-status.md` is true: its files are written and its commands are run.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use crate::read;

/// The cells of a table's row.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(inner.split(" | ").collect())
}

/// The files that the page shows: a name on a line of its own, then the block.
fn files(page: &str) -> Vec<(&str, String)> {
    let lines: Vec<&str> = page.lines().collect();
    let mut files = Vec::new();
    for (place, window) in lines.windows(3).enumerate() {
        let [name, "", fence] = window else { continue };
        let Some(name) = name.strip_prefix('`').and_then(|name| name.strip_suffix('`')) else {
            continue;
        };
        if fence.starts_with("```") {
            let content = lines[place + 3..].iter().take_while(|line| **line != "```");
            files.push((name, content.map(|line| format!("{line}\n")).collect()));
        }
    }
    files
}

#[test]
fn every_command_of_the_page_ends_as_it_says() {
    let page = read("docs/exit-status.md");
    let room = tempfile::tempdir().unwrap();
    let files = files(&page);
    assert_eq!(
        files.len(),
        page.matches("\n```\n").count(),
        "a block of the page is no file"
    );
    for (name, content) in &files {
        std::fs::write(room.path().join(name), content).unwrap();
    }
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    let commands = page.lines().filter_map(cells).filter_map(|cells| {
        let line = cells[0].strip_prefix("`evenhand ")?.strip_suffix('`')?;
        Some((line.to_owned(), cells[1].parse::<i32>().unwrap()))
    });
    for (line, status) in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(line.split(' '))
            .current_dir(room.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if output.status.code() != Some(status) {
            wrong.push(format!(
                "evenhand {line}: {} instead of {status}\n{}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
        seen.insert(status);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let told: BTreeSet<i32> = page
        .lines()
        .filter_map(cells)
        .filter_map(|cells| cells[0].parse().ok())
        .collect();
    assert_eq!(told, BTreeSet::from([0, 1, 2, 3, 4]));
    assert_eq!(seen, told, "a status without a command that ends with it");
}

/// The page and the code that maps verdicts to numbers name the same ones.
#[test]
fn the_page_has_every_status_of_the_code() {
    let code = read("crates/evenhand-cli/src/exit.rs");
    let numbers: BTreeSet<i32> = code
        .lines()
        .filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = "))
        .filter_map(|(_, number)| number.parse().ok())
        .collect();
    let page = read("docs/exit-status.md");
    let told: BTreeSet<i32> = page
        .lines()
        .filter_map(cells)
        .filter_map(|cells| cells[0].parse().ok())
        .collect();
    assert_eq!(told, numbers);
}
