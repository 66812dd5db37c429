//! This module reads what folders say: below `region=north` every row is of the region north, as Hive, Spark,
//! pyarrow and DuckDB write partitioned tables.

use std::path::{Component, Path};

/// A column that a folder's name gives to all rows of the files below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition {
    /// The column's name.
    pub column: String,
    /// Its value; nothing where it is missing.
    pub value: Option<String>,
}

/// What Hive writes for a missing value.
const MISSING: &str = "__HIVE_DEFAULT_PARTITION__";

/// The columns in the folders of `path`, from the outermost to the innermost. The inner one of two with the same name
/// holds.
pub(super) fn of(path: &Path) -> Vec<Partition> {
    let mut folders = Vec::new();
    for folder in path.parent().into_iter().flat_map(Path::components) {
        match folder {
            Component::Normal(folder) => folders.push(folder),
            // `a=1/..` is left again.
            Component::ParentDir => drop(folders.pop()),
            _ => {}
        }
    }
    let mut partitions: Vec<Partition> = Vec::new();
    for folder in folders {
        let Some((column, value)) = folder.to_str().and_then(|name| name.split_once('=')) else {
            continue;
        };
        if column.is_empty() {
            continue;
        }
        let column = decoded(column);
        partitions.retain(|outer| outer.column != column);
        partitions.push(Partition {
            column,
            value: Some(decoded(value)).filter(|value| !value.is_empty() && value != MISSING),
        });
    }
    partitions
}

/// The text with every `%41` as the letter that it stands for; as it is where that is no text.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        match code.and_then(hexadecimal) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value * 16 + digit as u8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_say_what_all_rows_are() {
        let of = |path: &str| -> Vec<(String, Option<String>)> {
            let partitions = of(Path::new(path)).into_iter();
            partitions
                .map(|partition| (partition.column, partition.value))
                .collect()
        };
        let is = |column: &str, value: &str| (column.to_owned(), Some(value.to_owned()));
        assert_eq!(
            of("data/sex=F/year=2026/part.csv"),
            [is("sex", "F"), is("year", "2026")]
        );
        assert_eq!(of("/a/b=c=d/x=1.csv"), [is("b", "c=d")]);
        assert_eq!(of("a%20b=Z%C3%BCrich%2f/x.csv"), [is("a b", "Zürich/")]);
        assert_eq!(of("a=1/a=2/x.csv"), [is("a", "2")]);
        assert_eq!(of("a=1/b=2/../../c=3/./x.csv"), [is("c", "3")]);
        assert_eq!(of("../a=1/x.csv"), [is("a", "1")]);
        assert_eq!(
            of("a=%ff/b=5%/c=%zz/x.csv"),
            [is("a", "%ff"), is("b", "5%"), is("c", "%zz")]
        );
        let missing = |column: &str| (column.to_owned(), None);
        assert_eq!(
            of("a=/b=__HIVE_DEFAULT_PARTITION__/=c/x.csv"),
            [missing("a"), missing("b")]
        );
    }
}
