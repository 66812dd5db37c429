//! Writes the files from which the fuzz targets start, into `corpus/` beside this crate's manifest.

use std::io;
use std::path::{Path, PathBuf};

use evenhand_fuzz::{policy, scratch, seeds::seeds};
use evenhand_measure::Policy;

const TEXTS: [&str; 6] = [
    "yes,f\nno,m\n",
    "\"ye\"\"s\",f\r\nno,\"two\nlines\"\r\n",
    "a\"b,c\rNA,\"x\"y\r",
    "1;2;3\n\n4;5;6",
    "M\tyes\t3\nF\tno\t1e2\n",
    "é|\u{a0}|中|18446744073709551615\n",
];

const JSON: [&str; 6] = [
    "",
    "{\"sex\":\"m\",\"hired\":null}\n\n{\"hired\":\"no\",\"x\":{\"y\":[1,2.5e3,true,\"\\u00e9\"]}}",
    "{\"sex\":\"m\",\"hired\":\"no\"}]",
    "{\"sex\":\"m\",\"hired\":\"no\"}],\"page\":1}",
    "[null,\"no\"]]",
    "\"no\"]}",
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let fixtures = root.join("../fixtures");
    for choice in 0..32u8 {
        for (index, text) in TEXTS.iter().enumerate() {
            write(
                "csv",
                &format!("{choice}-{index}"),
                &[&[choice], text.as_bytes()].concat(),
            )?;
        }
    }
    for choice in 0..8u8 {
        for (index, text) in JSON.iter().enumerate() {
            write(
                "json",
                &format!("{choice}-{index}"),
                &[&[choice], text.as_bytes()].concat(),
            )?;
        }
    }
    let whole = std::fs::read(fixtures.join("dcwp-example-2.csv"))?;
    write("csv", "whole", &[&[0], whole.as_slice()].concat())?;
    for (index, (name, file)) in seeds().iter().enumerate() {
        write("parquet", name, &[&[0], file.as_slice()].concat())?;
        write(
            "parquet",
            &format!("edited {name}"),
            &[(index as u8) << 2 | 1, 0, 0, 9, 1, 1, 0, 3, 2],
        )?;
    }
    for what in 0..24u8 {
        for number in [2u8, 16, 17, 20] {
            write(
                "parquet",
                &format!("distorted {what} {number}"),
                &[2, 1, what, 0, 0, number, 0, 1, number],
            )?;
        }
    }
    let path = scratch("parquet");
    for (index, (_, file)) in seeds().iter().enumerate() {
        std::fs::write(&path, file)?;
        let mut policy = policy();
        if index % 2 == 0 {
            policy.roles.cluster = Some("n".to_owned());
        } else {
            policy.roles.count = Some("n".to_owned());
        }
        if let Ok(tally) = evenhand_source::tally(std::slice::from_ref(&path), &policy, &()) {
            write("tally", &format!("{index}"), tally.to_json().as_bytes())?;
        }
    }
    beyond_decisions(&fixtures)?;
    policies(&root.join("../crates/evenhand-measure/src/policy/presets"))
}

/// Tallies of scores, prices with controls, and lists: of the first lines of the fixtures, so that they are small.
fn beyond_decisions(fixtures: &Path) -> io::Result<()> {
    let some = |name: Option<&str>| name.map(str::to_owned);
    let mut scores = Policy::default();
    scores.roles.protected = vec!["sex".to_owned()];
    scores.roles.score = some(Some("score"));
    let mut prices = Policy::default();
    prices.roles.protected = vec!["zip_income".to_owned()];
    prices.roles.amount = some(Some("price"));
    prices.roles.controls = vec!["base_cost".to_owned(), "category".to_owned()];
    let mut clustered = prices.clone();
    clustered.roles.cluster = some(Some("customer"));
    let mut lists = Policy::default();
    lists.roles.protected = vec!["gender".to_owned(), "seller_size".to_owned()];
    lists.roles.item_side = vec!["seller_size".to_owned()];
    lists.roles.list = some(Some("list_id"));
    lists.roles.item = some(Some("item_id"));
    lists.roles.rank = some(Some("rank"));
    lists.roles.relevance = some(Some("clicked"));
    lists.lists.cutoffs = vec![3];
    let path = scratch("csv");
    for (file, name, policy) in [
        ("dcwp-example-2.csv", "scores", scores),
        ("prices.csv", "prices", prices),
        ("prices.csv", "clustered", clustered),
        ("vendor-lists.csv", "lists", lists),
    ] {
        let text = std::fs::read_to_string(fixtures.join(file))?;
        let few: String = text.split_inclusive('\n').take(31).collect();
        std::fs::write(&path, few)?;
        match evenhand_source::tally(std::slice::from_ref(&path), &policy, &()) {
            Ok(tally) => write("tally", name, tally.to_json().as_bytes())?,
            Err(problems) => return Err(io::Error::other(format!("{name}: {problems:?}"))),
        }
    }
    Ok(())
}

fn policies(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            write("policy", &name, &std::fs::read(&path)?)?;
        }
    }
    Ok(())
}

fn write(target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join(name.replace(' ', "-")), bytes)
}
