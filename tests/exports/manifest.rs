//! The list of exports.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use toml::de::{DeTable, DeValue};

/// A table as it is.
pub struct Truth {
    pub name: String,
    pub rows: u64,
    pub roles: Vec<String>,
}

/// A file, folder or pattern that holds a truth.
pub struct Export {
    pub file: String,
    pub truth: String,
    pub made: String,
    /// How it is laid out.
    pub flags: Vec<String>,
    /// What its texts mean, and what else is always said.
    pub given: Vec<String>,
    pub without: Without,
    /// What is said of one that is refused.
    pub says: Option<String>,
}

/// What becomes of an export without its flags, if it is not read right all the same.
#[derive(Clone, Copy)]
pub enum Without {
    /// It is refused, with a question.
    Asked,
    /// It is refused; what it needs is not known by looking.
    Refused,
    /// It is read, with a warning: nothing tells one old encoding from another for sure.
    Warned,
}

pub struct Manifest {
    pub truths: Vec<Truth>,
    pub exports: Vec<Export>,
}

pub static MANIFEST: LazyLock<Manifest> = LazyLock::new(|| {
    let text = std::fs::read_to_string(folder().join("manifest.toml")).unwrap();
    let tables = DeTable::parse(&text).unwrap();
    let of = |kind: &str| match tables.get_ref().get(kind).map(|found| found.get_ref()) {
        Some(DeValue::Array(entries)) => entries.iter().map(|entry| entry.get_ref().as_table().unwrap()),
        _ => panic!("no [[{kind}]]"),
    };
    Manifest {
        truths: of("truth").map(truth).collect(),
        exports: of("export").map(export).collect(),
    }
});

fn truth(entry: &DeTable<'_>) -> Truth {
    let rows = match entry.get("rows").map(|rows| rows.get_ref()) {
        Some(DeValue::Integer(rows)) => rows.as_str().parse().unwrap(),
        _ => panic!("a truth says how many rows it has"),
    };
    Truth {
        name: text(entry, "name").unwrap(),
        rows,
        roles: texts(entry, "roles"),
    }
}

fn export(entry: &DeTable<'_>) -> Export {
    let known = ["file", "truth", "made", "flags", "given", "without", "says"];
    for (key, _) in entry {
        assert!(known.contains(&key.get_ref().as_ref()), "{key:?} means nothing");
    }
    Export {
        file: text(entry, "file").unwrap(),
        truth: text(entry, "truth").unwrap(),
        made: text(entry, "made").unwrap(),
        flags: texts(entry, "flags"),
        given: texts(entry, "given"),
        without: match text(entry, "without").as_deref() {
            None => Without::Asked,
            Some("refused") => Without::Refused,
            Some("warned") => Without::Warned,
            Some(other) => panic!("without = {other}"),
        },
        says: text(entry, "says"),
    }
}

fn text(entry: &DeTable<'_>, key: &str) -> Option<String> {
    entry.get(key).map(|found| found.get_ref().as_str().unwrap().to_owned())
}

fn texts(entry: &DeTable<'_>, key: &str) -> Vec<String> {
    match entry.get(key).map(|found| found.get_ref()) {
        Some(DeValue::Array(found)) => found
            .iter()
            .map(|word| word.get_ref().as_str().unwrap().to_owned())
            .collect(),
        Some(_) => panic!("{key} is a list"),
        None => Vec::new(),
    }
}

impl Manifest {
    pub fn truth(&self, name: &str) -> &Truth {
        self.truths.iter().find(|truth| truth.name == name).unwrap()
    }
}

impl Truth {
    pub fn file(&self) -> String {
        format!("truth/{}.csv", self.name)
    }
}

impl Export {
    pub fn arguments(&self) -> Vec<String> {
        [&self.arguments_without_flags()[..], &self.flags].concat()
    }

    pub fn arguments_without_flags(&self) -> Vec<String> {
        [&MANIFEST.truth(&self.truth).roles[..], &self.given].concat()
    }

    /// `--missing` and its text.
    pub fn missing(&self) -> &[String] {
        let flag = self.given.iter().position(|word| word == "--missing");
        flag.map_or(&[], |at| &self.given[at..at + 2])
    }
}

/// The top folder of the sources.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the exports are.
pub fn folder() -> PathBuf {
    repository().join("fixtures/exports")
}

/// What other scripts write, and the script itself.
const OTHERS: [&str; 2] = ["workbooks", "dresses"];

/// The files in the folders of exports; what lies beside these folders is made by hand or by other scripts.
pub fn files() -> Vec<String> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() && !OTHERS.contains(&name.as_str()) {
            walk(&entry.path(), &name, &mut files);
        }
    }
    files.sort();
    files
}

fn walk(folder: &Path, name: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}/{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            walk(&entry.path(), &name, files);
        } else {
            files.push(name);
        }
    }
}
