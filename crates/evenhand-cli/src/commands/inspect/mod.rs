//! `evenhand inspect`: how a file is read, and what its columns look like.

mod doubts;
mod opening;

use std::path::Path;

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use console::measure_text_width;
use evenhand::measure::policy::Data;
use evenhand::source::{ColumnProfile, Guess, Inputs, Profile, guess};
use evenhand::{Policy, Problem};
use evenhand_report::numbers::count;
use evenhand_report::safe::{cut, terminal};

use super::audit::width;
use crate::args::Layout;
use crate::exit::Status;
use crate::files::{self, print};
use crate::guesses::role_words;
use crate::settings::lay_out;

/// Names are cut to this, so that what the columns hold keeps most of a line.
const LONGEST_NAME: usize = 30;

pub fn run(file: &Path, layout: &Layout) -> Result<Status, Vec<Problem>> {
    let mut data = Data::default();
    lay_out(&mut data, layout);
    let inputs = Inputs::from_arguments(&[file.to_owned()])?.prepared(&data)?;
    let profile = inputs.profile()?;
    let mut policy = Policy {
        data,
        ..Policy::default()
    };
    let guesses = guess(&profile, &mut policy);
    let mut page = wrapped(&terminal(&opening::of(&profile)), 0, 0, "");
    for note in files::left_out(&inputs).into_iter().chain(files::readings(&inputs)) {
        page.push_str(&wrapped(&terminal(&files::with_help(&note)), 0, 2, ""));
    }
    page.push_str(&table(&profile, &guesses));
    page.push_str(&worth_a_look(&profile, &policy));
    page.push_str(&advice(file, layout, &guesses));
    print(&page).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

fn table(profile: &Profile, guesses: &[Guess]) -> String {
    let rows: Vec<(String, &str, &ColumnProfile)> = profile
        .columns
        .iter()
        .map(|column| {
            let taken = guesses
                .iter()
                .find(|guess| guess.column == column.name && guess.is_taken());
            let role = taken.map_or("", |guess| short(guess.role));
            (cut(&terminal(&column.name), LONGEST_NAME), role, column)
        })
        .collect();
    let widest = |texts: &mut dyn Iterator<Item = &str>, head: &str| {
        texts
            .map(measure_text_width)
            .chain([head.len()])
            .max()
            .unwrap_or_default()
    };
    let (names, roles) = (
        widest(&mut rows.iter().map(|(name, ..)| name.as_str()), "Column"),
        widest(&mut rows.iter().map(|(_, role, _)| *role), "Taken for"),
    );
    let room = width().saturating_sub(names + roles + 4).max(20);
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["Column", "Taken for", "Holds"]);
    for (name, role, column) in &rows {
        table.add_row([name.as_str(), role, &holds(column, room)]);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        // The separator adds a space of its own.
        column.set_padding((0, u16::from(index < 2)));
    }
    // Cells are filled up with spaces, which nobody needs at the end of a line.
    let lines: Vec<String> = table
        .to_string()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    format!("\n{}\n", lines.join("\n"))
}

/// A role in a narrow column.
fn short(role: &str) -> &str {
    match role {
        "prediction" => "decision",
        // How numbers are written is no role.
        "decimal" => "",
        other => other,
    }
}

/// What a column holds, on one line of at most `room` columns.
fn holds(column: &ColumnProfile, room: usize) -> String {
    let from = if column.from_folder { " (from folders)" } else { "" };
    let kind = format!("{}{from}", kind(column));
    if column.present() == 0 {
        return kind;
    }
    let missing = match column.missing {
        0 => String::new(),
        missing => format!(", {} missing", count(missing)),
    };
    let distinct = match column.distinct.len() as u64 {
        1 => "1 value".to_owned(),
        many if column.overflowed => format!("over {} values", count(many - 1)),
        many => format!("{} values", count(many)),
    };
    let start = format!("{kind}{missing}, {distinct}: ");
    let left = room.saturating_sub(measure_text_width(&start));
    format!("{start}{}", values(column, left))
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

/// As many of the commonest values as there is room for, or the range of a number with many.
fn values(column: &ColumnProfile, room: usize) -> String {
    const LONGEST: usize = 28;
    const FEW: usize = 12;
    // A code is no number: its zeros belong to it.
    if let (Some(min), Some(max), true) = (
        column.min,
        column.max,
        column.is_numeric() && !column.leading_zeros && column.distinct.len() > FEW,
    ) {
        return cut(&format!("{min} to {max}"), room);
    }
    // Where next to nothing repeats, how often the first few occur says nothing.
    let telling = |times: u64| times > 1 || column.distinct.len() <= FEW;
    let mut shown = String::new();
    for (index, (value, times)) in column.distinct.iter().enumerate() {
        let mut more = if index == 0 { String::new() } else { ", ".to_owned() };
        more.push_str(&cut(&terminal(&cut(value, LONGEST)), LONGEST));
        if telling(*times) {
            more.push_str(&format!(" ({})", count(*times)));
        }
        // Unless this is the last value, room is kept to say that there are more.
        let rest = if index + 1 == column.distinct.len() { 0 } else { 3 };
        if measure_text_width(&shown) + measure_text_width(&more) + rest > room {
            return if index == 0 {
                cut(&more, room)
            } else {
                format!("{shown}, …")
            };
        }
        shown.push_str(&more);
    }
    shown
}

fn worth_a_look(profile: &Profile, policy: &Policy) -> String {
    let doubts = doubts::of(profile, policy);
    if doubts.is_empty() {
        return String::new();
    }
    let mut text = "\nWorth a look\n".to_owned();
    for doubt in doubts {
        text.push_str(&wrapped(&terminal(&doubt.sentence), 2, 4, ""));
        if !doubt.flags.is_empty() {
            text.push_str(&wrapped(&terminal(&doubt.flags), 6, 6, " \\"));
        }
    }
    text
}

fn advice(file: &Path, layout: &Layout, guesses: &[Guess]) -> String {
    let (taken, open): (Vec<&Guess>, Vec<&Guess>) = guesses.iter().partition(|guess| guess.is_taken());
    let mut text = String::new();
    if !taken.is_empty() {
        text.push_str("\n`evenhand audit` would take\n");
        for guess in &taken {
            let line = format!("{} for {}: {}", guess.column, role_words(guess.role), guess.reason);
            text.push_str(&wrapped(&terminal(&line), 2, 4, ""));
        }
        text.push_str("Pin this with\n");
        let mut given = layout.flags();
        given.push(flags(&taken));
        let line = format!("evenhand audit {} {}", quoted(file), given.join(" "));
        text.push_str(&wrapped(&terminal(&line), 2, 4, " \\"));
    }
    if !open.is_empty() {
        text.push_str("\nNot taken, though it may matter\n");
        for guess in &open {
            let line = format!("{}: {} ({})", guess.column, guess.reason, guess.flag);
            text.push_str(&wrapped(&terminal(&line), 2, 4, ""));
        }
    }
    if taken.is_empty() && open.is_empty() {
        text.push_str("\nNo column suggests a role: name them with --prediction and --protected.\n");
    }
    text
}

/// The flags of all guesses, with one `--protected` for those that need no quotes.
fn flags(guesses: &[&Guess]) -> String {
    let mut flags: Vec<String> = Vec::new();
    let mut protected: Vec<&str> = Vec::new();
    for guess in guesses {
        match guess.flag.strip_prefix("--protected ") {
            Some(column) if !column.contains(['\'', ' ']) => protected.push(column),
            _ => flags.push(guess.flag.clone()),
        }
    }
    // An attribute that was found to be one of items is named with its side, and not twice.
    let sides: Vec<&str> = protected
        .iter()
        .filter_map(|column| column.strip_prefix("item."))
        .collect();
    protected.retain(|column| !sides.contains(column));
    if !protected.is_empty() {
        flags.push(format!("--protected {}", protected.join(",")));
    }
    flags.join(" ")
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    // What starts with a dash would be taken for a flag.
    let path = if path.starts_with('-') && path != "-" {
        format!("./{path}").into()
    } else {
        path
    };
    if path.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c)) {
        path.into_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// Text broken between words, the first line `first` columns in, the others `later`; `tail` ends a line that goes on.
/// With a tail, the text is for a shell, to which what is between quotes is one word.
fn wrapped(text: &str, first: usize, later: usize, tail: &str) -> String {
    let most = width() - tail.len();
    let mut page = " ".repeat(first);
    let (mut used, mut is_start) = (first, true);
    let (mut is_quoted, mut before) = (false, ' ');
    let words = text.split(|letter| {
        let is_escaped = before == '\\' && !is_quoted;
        is_quoted ^= letter == '\'' && !is_escaped;
        before = letter;
        letter == ' ' && (tail.is_empty() || !is_quoted)
    });
    for word in words {
        let long = measure_text_width(word);
        if !is_start && used + 1 + long > most {
            page.push_str(tail);
            page.push('\n');
            page.push_str(&" ".repeat(later));
            (used, is_start) = (later, true);
        }
        if !is_start {
            page.push(' ');
            used += 1;
        }
        page.push_str(word);
        used += long;
        is_start = false;
    }
    page.push('\n');
    page
}
