//! Histories: added to, shown, gated on, forged.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Stdio};

use crate::harness::{Ran, Room, case, check, unequal};

/// So many of each hundred selected.
fn rows(men: usize, women: usize, of: usize) -> String {
    let lines = [
        ("M,yes\n", men),
        ("M,no\n", of - men),
        ("F,yes\n", women),
        ("F,no\n", of - women),
    ];
    format!("sex,hired\n{}", lines.map(|(line, times)| line.repeat(times)).concat())
}

fn add(room: &Room, file: &str, more: &[&str]) -> Ran {
    let args = [
        "history",
        "add",
        file,
        "--to",
        "h.jsonl",
        "--prediction",
        "hired",
        "--positive",
        "yes",
        "--protected",
        "sex",
    ];
    room.run(&[&args, more].concat())
}

#[test]
fn a_breach_is_caught_at_the_commit_that_brings_it() {
    let room = Room::new();
    let commits = [(500, 490), (510, 500), (495, 250), (505, 260), (500, 250)];
    let mut statuses = Vec::new();
    for (at, (men, women)) in commits.into_iter().enumerate() {
        let of = 1_000 + at;
        room.write("a.csv", rows(men, women, of));
        let added = add(
            &room,
            "a.csv",
            &["--name", &format!("commit {at}"), "--as-of", "2026-01-31"],
        );
        assert_eq!((added.status, added.stdout.as_str()), (0, ""), "{}", added.stderr);
        assert!(
            added.stderr.contains(&format!("added run {} to `h.jsonl`", at + 1)),
            "{}",
            added.stderr
        );
        statuses.push(room.run(&["history", "show", "h.jsonl", "--gate"]).status);
    }
    assert_eq!(statuses, [0, 0, 1, 1, 1]);
    let shown = room.run(&["history", "show", "h.jsonl"]);
    assert_eq!(shown.status, 0);
    for said in ["ALARM: ", "commit 2", "F against M", "2026-01-31", "fail", "slope"] {
        assert!(shown.stdout.contains(said), "{said}: {}", shown.stdout);
    }
    // After the breach was mended.
    room.write("a.csv", rows(500, 495, 1_010));
    assert_eq!(add(&room, "a.csv", &["--restart"]).status, 0);
    let quiet = room.run(&["history", "show", "h.jsonl", "--gate", "--quiet"]);
    assert_eq!(quiet.status, 0, "{}", quiet.stdout);
    assert!(quiet.stdout.starts_with("NO ALARM: "));
    // The line is what it says to be.
    let text = room.read("h.jsonl");
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["version"], 1);
    assert_eq!(last["verdict"], "pass");
    assert_eq!(last["restart"], true);
    let pair = &last["comparisons"][0];
    assert_eq!(pair["criterion"], "disparate-impact");
    assert_eq!(pair["counts"][0]["numerator"], 495.0);
    assert_eq!((&pair["at_least"], &pair["at_most"]), (&0.8.into(), &1.25.into()));
}

#[test]
fn every_output_is_written_and_the_same_again() {
    let room = Room::new();
    for at in 0..6 {
        room.write("a.csv", rows(50 + at, 45, 100 + at));
        assert_eq!(add(&room, "a.csv", &["-q"]).stderr, "");
    }
    let outs = ["t.txt", "t.md", "t.html", "t.csv", "t.svg", "t.png"];
    let mut args = vec!["history", "show", "h.jsonl"];
    for out in outs {
        args.extend(["--out", out]);
    }
    let first = room.run(&args);
    assert_eq!(first.status, 0, "{}", first.stderr);
    let bytes = || outs.map(|out| std::fs::read(room.path(out)).unwrap());
    let written = bytes();
    assert!(written.iter().all(|bytes| bytes.len() > 500));
    assert!(written[5].starts_with(b"\x89PNG"));
    let again = room.run(&args);
    assert_eq!((again.stdout, bytes()), (first.stdout, written));
}

#[test]
fn rows_that_were_counted_before_are_told_and_add_nothing() {
    let room = Room::new();
    room.write("a.csv", rows(50, 30, 100));
    add(&room, "a.csv", &[]);
    let before = room.run(&["history", "show", "h.jsonl", "--quiet"]).stdout;
    let again = add(&room, "a.csv", &["-q"]);
    assert!(
        again.stderr.contains("this tally was counted before"),
        "{}",
        again.stderr
    );
    room.write("a.csv", rows(50, 29, 100));
    let same = add(&room, "a.csv", &["-q"]);
    assert!(same.stderr.contains("taken for the same rows"), "{}", same.stderr);
    assert_eq!(room.run(&["history", "show", "h.jsonl", "--quiet"]).stdout, before);
    room.write("a.csv", rows(50, 28, 100));
    assert_eq!(add(&room, "a.csv", &["-q", "--new-rows"]).stderr, "");
    assert_ne!(room.run(&["history", "show", "h.jsonl", "--quiet"]).stdout, before);
}

/// Starts to add, and comes back when the run says that it waits.
fn waiting(room: &Room, file: &str) -> (Child, BufReader<ChildStderr>) {
    let args = [
        "history",
        "add",
        file,
        "--to",
        "h.jsonl",
        "--no-guess",
        "--prediction",
        "hired",
    ];
    let more = ["--positive", "yes", "--protected", "sex"];
    let mut child = room
        .command(&[&args[..], &more].concat())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut text = String::new();
    while !text.contains("another run adds to `h.jsonl`; waiting") {
        assert!(said.read_line(&mut text).unwrap() > 0, "it did not wait: {text}");
    }
    (child, said)
}

#[test]
fn runs_that_add_at_once_lose_no_line() {
    let room = Room::new();
    for (name, women) in [("a.csv", 45), ("b.csv", 44), ("c.csv", 43)] {
        room.write(name, rows(50, women, 100));
    }
    let lock = File::create(room.path(".h.jsonl.lock")).unwrap();
    lock.lock().unwrap();
    let waiting = ["a.csv", "b.csv"].map(|file| waiting(&room, file));
    // What is there when they have the turn is continued, not what was there when they began.
    let other = Room::new();
    other.write("c.csv", rows(50, 43, 100));
    add(&other, "c.csv", &["-q", "--name", "the first"]);
    room.write("h.jsonl", other.read("h.jsonl"));
    lock.unlock().unwrap();
    drop(lock);
    for (mut child, mut said) in waiting {
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert!(child.wait().unwrap().success(), "{rest}");
    }
    assert_eq!(room.read("h.jsonl").lines().count(), 3);
    let shown = room.run(&["history", "show", "h.jsonl"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    assert!(shown.stdout.contains("the first"), "{}", shown.stdout);
    // The lock is gone where names of open files can be taken away.
    assert_eq!(room.path(".h.jsonl.lock").exists(), !cfg!(unix));
}

#[test]
fn many_runs_that_begin_together_are_all_there() {
    let room = Room::new();
    room.write("a.csv", rows(50, 45, 100));
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..16)
            .map(|at| {
                let room = &room;
                scope.spawn(move || add(room, "a.csv", &["-q", "--name", &format!("run {at}")]))
            })
            .collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(ran.status, 0, "{}", ran.stderr);
        }
    });
    let kept = room.read("h.jsonl");
    for at in 0..16 {
        assert_eq!(kept.matches(&format!("\"run {at}\"")).count(), 1, "{kept}");
    }
    assert_eq!(room.run(&["history", "show", "h.jsonl", "-q"]).status, 0);
}

#[test]
fn what_is_no_history_is_refused_and_left_alone() {
    let room = Room::new();
    for at in 0..3 {
        room.write("a.csv", rows(50, 45, 100 + at));
        add(&room, "a.csv", &[]);
    }
    let good = room.read("h.jsonl");
    let lines: Vec<&str> = good.lines().collect();
    let show = |name, text: String, says: &'static str| {
        [
            case(name, "history show h.jsonl --gate", 3)
                .file("h.jsonl", text.clone())
                .says(&[says, "`h.jsonl`"]),
            case(name, "history add a.csv --to h.jsonl", 3)
                .file("h.jsonl", text)
                .file("a.csv", unequal())
                .says(&[says]),
        ]
    };
    let cases = [
        show(
            "touched",
            good.replacen("45.0", "46.0", 1),
            "line 2 of 3 does not follow from line 1",
        ),
        show(
            "one taken out",
            [lines[0], lines[2]].join("\n"),
            "line 2 of 2 does not follow",
        ),
        show(
            "newer",
            good.replacen("\"version\":1", "\"version\":7", 1),
            "line 1 has version 7",
        ),
        show("another file", unequal(), "not a history"),
        show(
            "a merge",
            format!("<<<<<<< ours\n{good}"),
            "a merge that was not finished",
        ),
        show("cut short", good[..good.len() - 20].to_owned(), "line 3 is no line"),
        show("nested", "[".repeat(1_000_000), "not a history"),
    ];
    check(&cases.into_iter().flatten().collect::<Vec<_>>());
    check(&[
        case("none", "history show h.jsonl", 3).says(&["`h.jsonl` cannot be read: it does not exist", "history add"]),
        case("empty", "history show h.jsonl --gate", 3)
            .file("h.jsonl", "")
            .says(&["has no runs"]),
        case("a folder", "history show .", 3).says(&["it is no file"]),
        case("onto itself", "history show h.jsonl --out ./h.jsonl", 2).file("h.jsonl", good.clone()),
        case("onto itself by link of name", "history show h.md --out ./h.md", 2)
            .file("h.md", good.clone())
            .says(&["is read, or is to be written twice"]),
        case("unknown ending", "history show h.jsonl --out x.pdf", 2)
            .file("h.jsonl", good.clone())
            .says(&["does not say what to write"]),
        case("alpha", "history show h.jsonl --alpha 2", 2)
            .file("h.jsonl", good.clone())
            .says(&["up to 0.5", "--help"]),
        case("onto the data", "history add a.csv --to ./a.csv", 3)
            .file("a.csv", unequal())
            .says(&["not a history"]),
        case("no data", "history add b.csv --to h.jsonl", 3)
            .file("h.jsonl", good.clone())
            .says(&["`b.csv` does not exist"]),
        case("no folder", "history add a.csv --to no/h.jsonl", 2)
            .file("a.csv", unequal())
            .says(&["make it first"]),
        case("bad day", "history add a.csv --to h.jsonl --as-of 2026-02-30", 2)
            .file("a.csv", unequal())
            .says(&["--help"]),
        case("nothing to bet on", "history add a.csv --to h.jsonl --name", 2)
            .file("a.csv", unequal())
            .arg(&"x".repeat(201))
            .says(&["more than 200 characters"]),
        case("too little to show anything", "history show h.jsonl --gate", 4)
            .file("h.jsonl", small())
            .says(&["NOT ENOUGH: ", "Even the clearest breach could not have been shown"]),
        case("the same without the gate", "history show h.jsonl", 0)
            .file("h.jsonl", small())
            .says(&["NOT ENOUGH: "]),
    ]);
}

/// A history of one run of six people.
fn small() -> String {
    let room = Room::new();
    room.write("a.csv", rows(2, 1, 3));
    add(&room, "a.csv", &[]);
    room.read("h.jsonl")
}

#[test]
fn labels_and_names_that_act_stay_text() {
    let room = Room::new();
    for (at, label) in [
        "::error::x",
        "\u{1b}[31mred",
        "\u{202e}evil",
        "</script><img src=x onerror=y>",
        "a\nb",
        "##[group]",
        "=cmd|x",
    ]
    .into_iter()
    .enumerate()
    {
        let text = rows(50, 45, 100 + at).replace('F', "\"=F</svg>\u{1b}[0m::error::\"");
        room.write("a.csv", text);
        // The harness looks for raw control characters in what is printed.
        let added = add(&room, "a.csv", &["--name", label]);
        assert_eq!(added.status, 0, "{}", added.stderr);
    }
    let kept = room.read("h.jsonl");
    assert!(!kept.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'));
    let shown = room.run(&[
        "history", "show", "h.jsonl", "--out", "t.html", "--out", "t.svg", "--out", "t.md",
    ]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    assert!(!shown.stdout.contains("::error::") && !shown.stdout.contains("##["));
    for out in ["t.html", "t.svg", "t.md"] {
        let text = room.read(out);
        assert!(!text.contains("<img src=x") && !text.contains("F</svg>"), "{out}");
    }
}
