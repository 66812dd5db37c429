//! The rows packed, through a pipe, in a folder, by a pattern, and parted into folders that name a value.

use std::fmt::Write as _;
use std::io::Write as _;

use evenhand::{Source, tally};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::{NamedTempFile, TempDir};

use super::csv::{self, PLAIN};
use super::rows::{COLUMNS, Row};
use super::{Case, Outcome, of_files, parquet};

/// Two members, one after the other, as `cat a.gz b.gz` makes them; cut anywhere, inside a letter too.
pub fn gzip(case: &Case) -> Outcome {
    let text = csv::text(&case.rows, PLAIN).into_bytes();
    let packed = |part: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(part).unwrap();
        packer.finish().unwrap()
    };
    let (start, end) = text.split_at(case.choose(7, text.len()));
    of_bytes(".csv.gz", &[packed(start), packed(end)].concat(), case)
}

/// Two frames, one after the other.
pub fn zstd(case: &Case) -> Outcome {
    let text = csv::text(&case.rows, PLAIN).into_bytes();
    let packed = |part: &[u8]| zstd::encode_all(part, 1).unwrap();
    let (start, end) = text.split_at(case.choose(8, text.len()));
    of_bytes(".csv.zst", &[packed(start), packed(end)].concat(), case)
}

fn of_bytes(suffix: &str, bytes: &[u8], case: &Case) -> Outcome {
    let mut file: NamedTempFile = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
    file.write_all(bytes).unwrap();
    of_files(&[file], &case.policy())
}

/// The bytes of a CSV or a Parquet file through a pipe, which can be read once.
#[cfg(target_os = "linux")]
pub fn pipe(case: &Case) -> Outcome {
    use std::os::fd::AsRawFd as _;

    let bytes = match case.choose(9, 2) {
        0 => csv::text(&case.rows, PLAIN).into_bytes(),
        _ => std::fs::read(parquet::file(&[&case.rows], &parquet::Layout::of(case)).path()).unwrap(),
    };
    let (reader, mut writer) = std::io::pipe().unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    std::thread::scope(|scope| {
        // Whoever refuses the rows may stop reading before the end.
        scope.spawn(move || drop(writer.write_all(&bytes)));
        let outcome = tally(path.as_str(), &case.policy());
        drop(reader);
        outcome
    })
}

/// Several files below a folder, which is named instead of them.
pub fn folder(case: &Case) -> Outcome {
    let folder = in_folder(case);
    tally(Source::from(folder.path()), &case.policy())
}

/// The same files by a pattern.
pub fn pattern(case: &Case) -> Outcome {
    let folder = in_folder(case);
    tally(folder.path().join("part?").join("*").to_str().unwrap(), &case.policy())
}

fn in_folder(case: &Case) -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut parts = case.parts();
    if parts.is_empty() {
        parts.push(&case.rows);
    }
    for (index, part) in parts.into_iter().enumerate() {
        let below = folder.path().join(format!("part{index}"));
        std::fs::create_dir(&below).unwrap();
        std::fs::write(below.join("rows.csv"), csv::text(part, PLAIN)).unwrap();
    }
    folder
}

/// A folder for each group, named `group=…`, with files that lack that column.
pub fn parted(case: &Case) -> Outcome {
    let root = TempDir::new().unwrap();
    let mut groups: Vec<Option<&str>> = case.rows.iter().map(|row| row.group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.is_empty() {
        groups.push(None);
    }
    for group in groups {
        let rows: Vec<Row> = case
            .rows
            .iter()
            .filter(|row| row.group.as_deref() == group)
            .cloned()
            .collect();
        let name = match group {
            None | Some("") => "__HIVE_DEFAULT_PARTITION__".to_owned(),
            Some(group) => group.bytes().fold(String::new(), |mut name, byte| {
                let _ = write!(name, "%{byte:02X}");
                name
            }),
        };
        let below = root.path().join(format!("group={name}"));
        std::fs::create_dir_all(&below).unwrap();
        let without: Vec<usize> = (0..COLUMNS.len())
            .filter(|&column| COLUMNS[column] != "group")
            .collect();
        let file = if group.is_some() { "a.csv" } else { "b.csv" };
        std::fs::write(below.join(file), csv::text_of(&rows, &without, PLAIN)).unwrap();
    }
    tally(Source::from(root.path()), &case.policy())
}
