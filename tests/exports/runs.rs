//! Runs of the command.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::manifest::folder;

/// How a run that made no tally ended.
pub struct Ran {
    pub status: i32,
    pub stderr: String,
}

/// Runs the command in a folder, with this on standard input.
pub fn run(place: &Path, arguments: &[String], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(arguments)
        .current_dir(place)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A run that stops early closes its end.
        scope.spawn(move || drop(pipe.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

/// The tally of a file as the command writes it.
pub fn tally(file: &str, arguments: &[String]) -> Result<String, Ran> {
    tallied(file, arguments, b"")
}

/// The tally of what comes on standard input.
pub fn on_pipe(input: &[u8], arguments: &[String]) -> Result<String, Ran> {
    tallied("-", arguments, input)
}

fn tallied(file: &str, arguments: &[String], input: &[u8]) -> Result<String, Ran> {
    let room = tempfile::tempdir().unwrap();
    let out = room.path().join("made.tally.json");
    let made = out.to_str().unwrap();
    let all = [
        &words(&["tally", file, "--no-guess", "--quiet", "--out", made])[..],
        arguments,
    ]
    .concat();
    let output = run(&folder(), &all, input);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let status = output
        .status
        .code()
        .unwrap_or_else(|| panic!("{file} kills the command: {}", output.status));
    assert!(!stderr.contains("panicked"), "{file}: {stderr}");
    match status {
        0 => Ok(std::fs::read_to_string(out).unwrap()),
        status => Err(Ran { status, stderr }),
    }
}

/// The warnings about how a file was read, as an audit has them.
pub fn notes(file: &str, arguments: &[String]) -> String {
    let all = [
        &words(&["audit", file, "--no-guess", "--format", "json"])[..],
        arguments,
    ]
    .concat();
    let output = run(&folder(), &all, b"");
    let audit: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{file}: {}", String::from_utf8_lossy(&output.stderr)));
    let notes = audit["notes"].as_array().unwrap().iter();
    let warnings = notes.filter(|note| note["severity"] == "warning");
    warnings
        .map(|note| format!("{} {}\n", note["message"], note["help"]))
        .collect()
}

/// Whether a text names each flag and what it is to say, as `--header-row 3`; the value may also stand in a list of what
/// could be said, as `January` in a list of sheets.
pub fn flags_named(flags: &[String], text: &str) -> bool {
    flags.iter().all(|word| text.contains(word.as_str()))
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
