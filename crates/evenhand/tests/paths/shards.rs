//! The rows in parts: several files at once, and tallies that are merged.

use std::io::Write as _;

use evenhand::{Tally, tally};
use tempfile::NamedTempFile;

use super::rows::{Row, Sort};
use super::{Case, Outcome, csv, frames, of_files, parquet};

/// Parts that can be counted alone: with rows, and with people if people are counted. All of it if there is none.
fn parts(case: &Case) -> Vec<&[Row]> {
    let is_counted = matches!(case.sort, Sort::Counted | Sort::Weighted | Sort::Priced);
    let stands_for_rows = |part: &&[Row]| !is_counted || part.iter().any(|row| row.people > 0);
    let parts = case.parts();
    if !parts.iter().all(stands_for_rows) || parts.is_empty() {
        return vec![&case.rows];
    }
    parts
}

pub fn csv_files(case: &Case) -> Outcome {
    let mut files: Vec<NamedTempFile> = parts(case)
        .into_iter()
        .map(|part| csv::file(part, csv::PLAIN))
        .collect();
    files.reverse();
    of_files(&files, &case.policy())
}

pub fn parquet_files(case: &Case) -> Outcome {
    let layout = parquet::Layout::of(case);
    let files: Vec<NamedTempFile> = parts(case)
        .into_iter()
        .map(|part| parquet::file(&[part], &layout))
        .collect();
    of_files(&files, &case.policy())
}

pub fn mixed_files(case: &Case) -> Outcome {
    // CSV and Parquet files go together when they have the same columns.
    let files: Vec<NamedTempFile> = parts(case)
        .into_iter()
        .enumerate()
        .map(|(index, part)| match (index + case.choose(6, 2)) % 2 {
            0 => csv::file(part, csv::PLAIN),
            _ => parquet::file(&[part], &parquet::Layout::of(case)),
        })
        .collect();
    of_files(&files, &case.policy())
}

fn tallies(case: &Case) -> Result<Vec<Tally>, Vec<evenhand::Problem>> {
    parts(case)
        .into_iter()
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => tally(&frames::typed(part), &case.policy()),
            _ => of_files(&[csv::file(part, csv::PLAIN)], &case.policy()),
        })
        .collect()
}

pub fn merged(case: &Case) -> Outcome {
    let tallies = tallies(case)?;
    let merged = tallies.into_iter().reduce(|one, other| other.merge(&one).unwrap());
    Ok(merged.unwrap())
}

pub fn saved(case: &Case) -> Outcome {
    let files: Vec<NamedTempFile> = tallies(case)?
        .iter()
        .map(|tally| {
            let mut file = tempfile::Builder::new().suffix(".tally.json").tempfile().unwrap();
            file.write_all(tally.to_json().as_bytes()).unwrap();
            file
        })
        .collect();
    of_files(&files, &case.policy())
}
