//! `evenhand inspect`: how a file is read, and what its columns look like.

use std::path::Path;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use evenhand::source::{ColumnProfile, Confidence, Format, Guess, Profile, guess, profile};
use evenhand::{Policy, Problem};
use evenhand_report::numbers::count;
use evenhand_report::safe::{cut, terminal};

use super::audit::width;
use crate::exit::Status;
use crate::files::print;

pub fn run(file: &Path) -> Result<Status, Vec<Problem>> {
    let profile = profile(file)?;
    let mut policy = Policy::default();
    let guesses = guess(&profile, &mut policy);
    let mut page = format!("{}\n\n{}\n", opening(&profile), table(&profile, &guesses));
    page.push_str(&advice(&guesses));
    print(&page).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

fn opening(profile: &Profile) -> String {
    let format = match (profile.format, profile.delimiter) {
        (Format::Parquet, _) => "Parquet".to_owned(),
        (_, Some('\t')) => "CSV, columns parted by tabs, UTF-8".to_owned(),
        (_, Some(delimiter)) => format!("CSV, columns parted by `{delimiter}`, UTF-8"),
        (_, None) => "text".to_owned(),
    };
    let seen = if profile.complete {
        "all of them"
    } else {
        "the first of them, the rest not yet looked at"
    };
    let name = profile
        .path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    terminal(&format!(
        "{name}: {format}, {} bytes, {} columns; {} records looked at ({seen}).",
        count(profile.bytes),
        profile.columns.len(),
        count(profile.records_seen),
    ))
}

fn table(profile: &Profile, guesses: &[Guess]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width()).unwrap_or(u16::MAX));
    table.set_header([
        "Column",
        "Taken for",
        "Kind",
        "Missing",
        "Distinct",
        "Values (how often)",
    ]);
    for column in &profile.columns {
        let role = guesses
            .iter()
            .find(|guess| guess.column == column.name && guess.is_taken())
            .map_or("", |guess| guess.role);
        let distinct = if column.overflowed {
            format!("over {}", count(column.distinct.len() as u64 - 1))
        } else {
            count(column.distinct.len() as u64)
        };
        table.add_row([
            terminal(&cut(&column.name, 40)),
            role.to_owned(),
            kind(column).to_owned(),
            if column.missing == 0 {
                String::new()
            } else {
                count(column.missing)
            },
            distinct,
            terminal(&values(column)),
        ]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        if (1..5).contains(&index) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
        if (3..5).contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn kind(column: &ColumnProfile) -> &'static str {
    match () {
        () if column.present() == 0 => "empty",
        () if column.leading_zeros => "code",
        () if column.dates => "date",
        () if column.is_numeric() && column.whole => "whole number",
        () if column.is_numeric() => "number",
        () => "text",
    }
}

/// The commonest values, or the range of a number with many.
fn values(column: &ColumnProfile) -> String {
    const SHOWN: usize = 4;
    const LONGEST: usize = 28;
    const FEW: usize = 12;
    if let (Some(min), Some(max), true) = (
        column.min,
        column.max,
        column.is_numeric() && column.distinct.len() > FEW,
    ) {
        return format!("{min} to {max}");
    }
    // Where next to nothing repeats, how often the first few occur says nothing.
    let telling = |times: u64| times > 1 || column.distinct.len() <= SHOWN;
    let shown: Vec<String> = column
        .distinct
        .iter()
        .take(SHOWN)
        .map(|(value, times)| {
            let value = cut(value, LONGEST);
            if telling(*times) {
                format!("{value} ({})", count(*times))
            } else {
                value
            }
        })
        .collect();
    let more = if column.distinct.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn advice(guesses: &[Guess]) -> String {
    let line = |guess: &Guess| {
        format!(
            "  {}: {} ({})\n",
            terminal(&guess.column),
            guess.reason,
            terminal(&guess.flag)
        )
    };
    let of = |confidence: &[Confidence]| -> String {
        guesses
            .iter()
            .filter(|guess| confidence.contains(&guess.confidence))
            .map(line)
            .collect()
    };
    let mut text = String::new();
    let (taken, open) = (of(&[Confidence::Sure, Confidence::Likely]), of(&[Confidence::Possible]));
    if !taken.is_empty() {
        text.push_str("\nWhat `evenhand audit` would take these columns for, and the flag that pins it:\n");
        text.push_str(&taken);
    }
    if !open.is_empty() {
        text.push_str("\nNot taken, though it may matter:\n");
        text.push_str(&open);
    }
    if taken.is_empty() && open.is_empty() {
        text.push_str("\nNo column suggests a role: name them with --prediction and --protected.\n");
    }
    text
}
