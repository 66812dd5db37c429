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

use manifest::{Export, MANIFEST, Without, folder, repository};
use rayon::prelude::*;
use runs::{Ran, flags_named, notes, on_pipe, run, tally};

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
    let missing = export.missing();
    let mut truth = TRUTHS[export.truth.as_str()].clone();
    if !missing.is_empty() {
        // A tally says which texts were taken for missing values, so that parts merge only where they agree.
        let of_truth = MANIFEST.truth(&export.truth);
        truth = tally(&of_truth.file(), &[&of_truth.roles[..], missing].concat()).map_err(|ran| ran.stderr)?;
    }
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
        let said = match tally(&export.file, &export.arguments_without_flags()) {
            Ok(made) => match (same(export, &made), export.without) {
                (Ok(()), _) => return Ok(()),
                (Err(why), Without::Asked | Without::Refused) => return Err(format!("is misread: {why}")),
                (Err(_), Without::Warned) => {
                    // It cannot know what the flag should say.
                    let said = notes(&export.file, &export.arguments_without_flags());
                    let flags: Vec<String> = export
                        .flags
                        .iter()
                        .filter(|word| word.starts_with("--"))
                        .cloned()
                        .collect();
                    return match flags_named(&flags, &said) {
                        true => Ok(()),
                        false => Err(format!("the warning does not name {flags:?}: {said}")),
                    };
                }
            },
            Err(ran) => {
                refused(&ran)?;
                if matches!(export.without, Without::Refused) {
                    return Ok(());
                }
                ran.stderr
            }
        };
        match flags_named(&export.flags, &said) {
            true => Ok(()),
            false => Err(format!("the message does not name {:?}: {said}", export.flags)),
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
    let truth = MANIFEST.truth("people");
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

/// The commands in a page, with what is between quotes as one word.
fn commands(page: &str) -> Vec<Vec<String>> {
    let lines = page.lines().flat_map(|line| match line.strip_prefix("| ") {
        // The last cell of a table's row.
        Some(row) => row.split('`').filter(|part| part.starts_with("evenhand ")).collect(),
        None => vec![line],
    });
    let commands = lines.filter_map(|line| line.strip_prefix("evenhand "));
    let on_fixtures = commands.filter(|command| command.contains("fixtures/exports/"));
    on_fixtures
        .map(|command| {
            let parts = command.split('\'').enumerate();
            let words = parts.flat_map(|(part, text)| match part % 2 {
                0 => text.split_whitespace().map(str::to_owned).collect(),
                _ => vec![text.to_owned()],
            });
            words.collect()
        })
        .collect()
}

/// What `inspect` says to pin reads the file as `inspect` was told to.
#[test]
fn what_is_to_be_pinned_has_the_flags_that_were_given() {
    let cases = [
        ("sheets/two-sheets.xlsx", &["--sheet", "January"][..], "--sheet January"),
        (
            "text/old-mac-excel.csv",
            &["--encoding", "macintosh"],
            "--encoding macintosh",
        ),
        ("text/tab.tsv", &["--delimiter", "tab"], "--delimiter tab"),
        (
            "database/two-tables.sqlite",
            &["--query", "SELECT * FROM people WHERE n > 3"],
            "--query 'SELECT * FROM people WHERE n > 3'",
        ),
    ];
    for (file, flags, said) in cases {
        let file = format!("fixtures/exports/{file}");
        let words = ["inspect", &file].into_iter().chain(flags.iter().copied());
        let arguments = words.map(str::to_owned);
        let output = run(&repository(), &arguments.collect::<Vec<String>>(), b"");
        let page = String::from_utf8(output.stdout).unwrap();
        let pinned = page.split("Pin this with\n").nth(1).unwrap().replace(" \\\n    ", " ");
        let command = pinned.lines().next().unwrap().trim();
        assert!(command.starts_with(&format!("evenhand audit {file} {said} ")), "{page}");
    }
}

/// Every example is run, and ends well.
#[test]
fn the_pages_about_formats_are_true() {
    let page = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    for (path, least) in [
        ("README.md", 13),
        ("docs/formats.md", 17),
        ("docs/recipes/income-by-zip.md", 6),
    ] {
        let commands = commands(&page(path));
        assert!(commands.len() >= least, "{path}: {commands:?}");
        let failures: Vec<String> = commands
            .par_iter()
            .filter_map(|command| {
                let redirected = command.iter().position(|word| word == "<");
                let (arguments, input) = match redirected {
                    Some(at) => (
                        &command[..at],
                        std::fs::read(repository().join(&command[at + 1])).unwrap(),
                    ),
                    None => (&command[..], Vec::new()),
                };
                let output = run(&repository(), arguments, &input);
                let is_well = matches!(output.status.code(), Some(0 | 1 | 4)) && output.stderr.is_empty();
                (!is_well).then(|| format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
            })
            .collect();
        assert!(failures.is_empty(), "{path}:\n{}", failures.join("\n"));
    }
    let formats = page("docs/formats.md");
    let said = formats
        .split("<!-- exports -->")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    let read = MANIFEST.exports.iter().filter(|export| export.says.is_none()).count();
    assert_eq!(
        said,
        Some(read.to_string().as_str()),
        "docs/formats.md says how many exports there are"
    );
    let help = run(&repository(), &["tally".to_owned(), "--help".to_owned()], b"").stdout;
    let help = String::from_utf8(help).unwrap();
    let words = formats.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    for flag in words.filter(|word| word.starts_with("--") && word.len() > 2 && !word.starts_with("---")) {
        assert!(help.contains(flag), "`{flag}` is a flag");
    }
}
