//! Recipes name commands and flags that there are.

use std::collections::BTreeSet;
use std::process::Command;

use crate::read;

/// The words that a command's help uses, parted as flags are.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "`'\"[]()<>=,;|".contains(c))
}

#[test]
fn every_flag_of_a_recipe_is_one_of_its_command() {
    let pages = [
        "docs/ci.md",
        "docs/exit-status.md",
        "action.yml",
        "tests/story/ci.sh",
        "tests/story/run.sh",
    ];
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for page in pages {
        let text = read(page);
        for line in text.lines() {
            let Some((_, command)) = line.split_once("evenhand ") else {
                continue;
            };
            let command: Vec<&str> = words(command).filter(|word| !word.is_empty()).collect();
            let Some((name, rest)) = command.split_first() else {
                continue;
            };
            let names = [
                "check",
                "init",
                "baseline",
                "audit",
                "tally",
                "completions",
                "man",
                "explain",
            ];
            if !names.contains(name) {
                continue;
            }
            let below = rest.first().filter(|_| *name == "baseline");
            let path: Vec<&str> = [*name].into_iter().chain(below.copied()).collect();
            let output = Command::new(env!("CARGO_BIN_EXE_evenhand"))
                .args(&path)
                .arg("--help")
                .output()
                .unwrap();
            if !output.status.success() {
                wrong.push(format!("{page}: there is no `evenhand {}`", path.join(" ")));
                continue;
            }
            let help = String::from_utf8(output.stdout).unwrap();
            let flags: BTreeSet<&str> = words(&help).filter(|word| word.starts_with("--")).collect();
            let used = rest.iter().filter(|word| word.starts_with("--") && **word != "--polcy");
            for flag in used.filter(|flag| !flags.contains(*flag)) {
                wrong.push(format!("{page}: `evenhand {}` has no {flag}", path.join(" ")));
            }
            seen.insert(path.join(" "));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen.contains("check") && seen.contains("baseline update"), "{seen:?}");
}

/// The action's inputs and outputs are the ones that the page lists, and each input goes somewhere.
#[test]
fn the_page_lists_the_inputs_and_outputs_of_the_action() {
    let (action, page) = (read("action.yml"), read("docs/ci.md"));
    let keys = |part: &str| -> BTreeSet<String> {
        let (_, after) = action.split_once(&format!("\n{part}:\n")).unwrap();
        let lines = after
            .lines()
            .take_while(|line| line.is_empty() || line.starts_with(' '));
        let names = lines.filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'));
        names.filter(|name| !name.starts_with(' ')).map(str::to_owned).collect()
    };
    let listed = |heading: &str| -> BTreeSet<String> {
        let (_, after) = page.split_once(heading).unwrap();
        let rows = after.lines().take_while(|line| line.starts_with('|'));
        rows.filter_map(|line| {
            line.strip_prefix("| `")?
                .split_once('`')
                .map(|(name, _)| name.to_owned())
        })
        .collect()
    };
    assert_eq!(keys("inputs"), listed("| input | |\n|---|---|\n"));
    assert_eq!(keys("outputs"), listed("| output | |\n|---|---|\n"));
    for input in keys("inputs") {
        assert!(
            action.contains(&format!("${{{{ inputs.{input} }}}}")),
            "{input} goes nowhere"
        );
    }
}
