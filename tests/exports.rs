//! The same table in any dress gives the same tally, byte for byte: every file in `fixtures/exports`.
//!
//! `EXPORTS=json cargo test --test exports` looks only at those whose names have `json` in them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should say so at once"
)]

#[path = "exports/manifest.rs"]
mod manifest;
#[path = "exports/runs.rs"]
mod runs;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use manifest::{Export, MANIFEST, Without, folder};
use rayon::prelude::*;
use runs::{Ran, flags_named, notes, on_pipe, tally};

/// The tallies of the truths themselves.
static TRUTHS: LazyLock<BTreeMap<&str, String>> = LazyLock::new(|| {
    let truths = MANIFEST.truths.iter();
    let tallied = truths.map(|truth| {
        let made = tally(&truth.file(), &truth.roles).unwrap_or_else(|ran| panic!("{}: {}", truth.name, ran.stderr));
        assert!(made.contains(&format!("\"records\":{},", truth.rows)), "{}", truth.name);
        (truth.name.as_str(), made)
    });
    tallied.collect()
});

/// Tries all exports that are asked for and shows each that fails.
fn for_all(holds: impl Fn(&Export) -> Result<(), String> + Sync) {
    let wanted = std::env::var("EXPORTS").unwrap_or_default();
    let failures: Vec<String> = MANIFEST
        .exports
        .par_iter()
        .filter(|export| export.file.contains(&wanted))
        .filter_map(|export| holds(export).err().map(|why| format!("{}: {why}", export.file)))
        .collect();
    assert!(failures.is_empty(), "{} fail:\n{}", failures.len(), failures.join("\n"));
}

/// The tally is that of the truth, or else where it first differs.
fn same(export: &Export, made: &str) -> Result<(), String> {
    let truth = &TRUTHS[export.truth.as_str()];
    if made == truth {
        return Ok(());
    }
    let differs = truth.lines().zip(made.lines()).find(|(one, other)| one != other);
    let (expected, found) = differs.unwrap_or_default();
    let cut = |line: &str| line.chars().take(400).collect::<String>();
    Err(format!(
        "another tally:\n  {}\n  instead of\n  {}",
        cut(found),
        cut(expected)
    ))
}

/// The status is that of an input or flags that cannot be used, and one remedy is named.
fn refused(ran: &Ran) -> Result<(), String> {
    match ran.status {
        2 | 3 if ran.stderr.contains("help: ") => Ok(()),
        status => Err(format!("status {status}: {}", ran.stderr)),
    }
}

#[test]
fn every_export_gives_the_tally_of_its_table() {
    for_all(
        |export| match (tally(&export.file, &export.arguments()), &export.says) {
            (Ok(made), None) => same(export, &made),
            (Ok(_), Some(_)) => Err("is read".to_owned()),
            (Err(ran), None) => Err(format!("status {}: {}", ran.status, ran.stderr)),
            (Err(ran), Some(says)) => match refused(&ran) {
                Ok(()) if !ran.stderr.contains(says.as_str()) => Err(format!("`{says}` is not said: {}", ran.stderr)),
                done => done,
            },
        },
    );
}

/// Nothing is misread in silence: what cannot be found out is asked, and the question names the flags that answer it.
#[test]
fn without_its_flags_an_export_is_read_right_or_asks_for_them() {
    for_all(|export| {
        if export.flags.is_empty() {
            return Ok(());
        }
        let (why, said) = match tally(&export.file, &export.arguments_without_flags()) {
            Ok(made) => match (same(export, &made), export.without) {
                (Ok(()), _) => return Ok(()),
                (Err(why), Without::Asked) => return Err(format!("is misread: {why}")),
                (Err(_), Without::Warned) => ("the warning", notes(&export.file, &export.arguments_without_flags())),
            },
            Err(ran) => {
                refused(&ran)?;
                ("the message", ran.stderr)
            }
        };
        match flags_named(&export.flags, &said) {
            true => Ok(()),
            false => Err(format!("{why} does not name {:?}: {said}", export.flags)),
        }
    });
}

/// What comes through a pipe has no name and cannot be read twice; it is read the same, or not at all.
#[test]
fn through_a_pipe_an_export_is_read_the_same_or_refused() {
    for_all(|export| {
        if export.says.is_some() || !folder().join(&export.file).is_file() {
            return Ok(());
        }
        let bytes = std::fs::read(folder().join(&export.file)).unwrap();
        match on_pipe(&bytes, &export.arguments()) {
            Ok(made) => same(export, &made),
            Err(ran) => refused(&ran),
        }
    });
}

#[test]
fn every_file_has_an_entry() {
    let mut missing = manifest::files();
    let of_lists = ["lists/users.csv", "lists/items.jsonl"].map(str::to_owned);
    let truths = MANIFEST.truths.iter().map(manifest::Truth::file);
    for known in MANIFEST
        .exports
        .iter()
        .map(|export| export.file.clone())
        .chain(truths)
        .chain(of_lists)
    {
        missing.retain(|file| *file != known && !file.starts_with(&format!("{known}/")));
    }
    assert_eq!(missing, Vec::<String>::new(), "add them to make.py");
    assert!(MANIFEST.exports.len() >= 190, "{}", MANIFEST.exports.len());
    for export in &MANIFEST.exports {
        let pattern = export.file.contains('*');
        assert!(
            pattern || folder().join(&export.file).exists(),
            "{} is not there",
            export.file
        );
        assert!(!export.made.is_empty(), "{} has no provenance", export.file);
    }
}

/// Whatever column is misread, the tally is another one; otherwise the tests above would prove little.
#[test]
fn the_tally_sees_every_column_that_has_a_role() {
    let truth = MANIFEST.truths.iter().find(|truth| truth.name == "people").unwrap();
    let text = std::fs::read_to_string(folder().join(truth.file())).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let names: Vec<&str> = lines[0].split(',').collect();
    // A record without quotes, so that commas part its fields.
    let at = lines.iter().rposition(|line| !line.contains('"')).unwrap();
    let fields: Vec<&str> = lines[at].split(',').collect();
    for (column, name) in names.iter().enumerate() {
        let mut changed = fields.clone();
        let other = match *name {
            "zip" => changed[column].trim_start_matches('0').to_owned() + "1",
            "score" => "0.999".to_owned(),
            "decision" if changed[column] == "yes" => "no".to_owned(),
            "decision" => "yes".to_owned(),
            _ => format!("{}?", changed[column]),
        };
        changed[column] = &other;
        let changed = changed.join(",");
        let mut all = lines.clone();
        all[at] = &changed;
        let made =
            on_pipe((all.join("\n") + "\n").as_bytes(), &truth.roles).unwrap_or_else(|ran| panic!("{}", ran.stderr));
        let has_role = !["id", "n"].contains(name);
        assert_eq!(made != TRUTHS["people"], has_role, "{name}");
    }
}
