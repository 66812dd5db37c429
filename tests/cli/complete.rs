//! What shells and `man` know of the command.

use std::collections::BTreeSet;
use std::process::Command;

use crate::harness::{Room, case, check};

/// Scripts hold tabs, which nothing else that is printed may.
fn script(room: &Room, shell: &str) -> String {
    let output = room.command(&["completions", shell]).output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{shell}: {output:?}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Every command that `--help` names below these words, with all that is below it.
fn commands(room: &Room, words: &[String]) -> Vec<Vec<String>> {
    let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
    args.push("--help");
    let help = room.run(&args).stdout;
    let names = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help");
    let mut all = vec![words.to_vec()];
    for name in names {
        let below: Vec<String> = words.iter().cloned().chain([name.to_owned()]).collect();
        all.extend(commands(room, &below));
    }
    all
}

/// The long flags in a text.
fn flags(text: &str) -> BTreeSet<String> {
    text.split(|c: char| c.is_whitespace() || "`'\"[]()<>=,.;|".contains(c))
        .filter(|word| word.len() > 2 && word.starts_with("--"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_a_page_with_every_flag() {
    let room = Room::new();
    assert_eq!(room.run(&["man", "share/man1"]).status, 0);
    let commands = commands(&room, &[]);
    assert!(commands.len() > 9, "{commands:?}");
    let mut expected = BTreeSet::new();
    for words in &commands {
        let name = format!(
            "{}.1",
            ["evenhand".to_owned()]
                .iter()
                .chain(words)
                .cloned()
                .collect::<Vec<_>>()
                .join("-")
        );
        let page = room.read(&format!("share/man1/{name}")).replace("\\-", "-");
        assert!(
            page.contains(&format!(".TH {}", name.trim_end_matches(".1"))),
            "{name}: {page}"
        );
        assert!(
            page.contains(concat!("evenhand ", env!("CARGO_PKG_VERSION"))),
            "{name} names no version"
        );
        let mut args: Vec<&str> = words.iter().map(String::as_str).collect();
        args.push("--help");
        let told = page.replace("\\fB", "").replace("\\fI", "").replace("\\fR", "");
        let missing: Vec<String> = flags(&room.run(&args).stdout)
            .difference(&flags(&told))
            .cloned()
            .collect();
        assert!(missing.is_empty(), "{name} does not name {missing:?}");
        expected.insert(name);
    }
    let there: BTreeSet<String> = std::fs::read_dir(room.path("share/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, expected);
    // The page that is printed is the one that is written.
    assert_eq!(room.run(&["man"]).stdout, room.read("share/man1/evenhand.1"));
}

#[test]
fn completions_name_every_command() {
    let room = Room::new();
    let commands = commands(&room, &[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = script(&room, shell);
        for words in &commands {
            for word in words {
                assert!(ran.contains(word.as_str()), "{shell} does not know {word}");
            }
        }
        assert!(ran.contains("protected"), "{shell} knows no flags");
    }
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_flags_and_values() {
    let room = Room::new();
    room.write("evenhand.bash", script(&room, "bash"));
    for (line, expected) in [
        ("evenhand aud", "audit"),
        ("evenhand audit --min-den", "--min-denominator"),
        ("evenhand audit --judge po", "point"),
        ("evenhand completions fi", "fish"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let (last, before) = (words[words.len() - 1], words[words.len() - 2]);
        let commands = format!(
            "set -u; source ./evenhand.bash; COMP_WORDS=({line}); COMP_CWORD={}; _evenhand evenhand '{last}' '{before}'; \
             echo \"${{COMPREPLY[*]}}\"",
            words.len() - 1
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &commands])
            .current_dir(room.path("."))
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            expected,
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn what_cannot_be_written_or_is_unknown_is_said() {
    check(&[
        case("no shell of that name", "completions tcsh", 2).says(&["possible values: bash"]),
        case("a file where the folder should be", "man taken", 2)
            .file("taken", "")
            .says(&["the folder `taken` cannot be made"]),
    ]);
}
