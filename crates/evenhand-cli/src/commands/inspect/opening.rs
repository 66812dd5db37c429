//! This module says in a sentence what a file is and how it was read.

use evenhand::source::{Format, Profile};
use evenhand_report::numbers::count;

/// The sentence.
pub fn of(profile: &Profile) -> String {
    let name = match profile.path.file_name() {
        Some(name) if profile.path.as_os_str() != "-" => name.to_string_lossy().into_owned(),
        _ => "standard input".to_owned(),
    };
    let others = match profile.inputs {
        0 | 1 => String::new(),
        inputs => format!(", one of {} files", count(inputs as u64)),
    };
    let records = count(profile.records_seen);
    let seen = if profile.complete {
        format!("{records} records")
    } else {
        format!("the first {records} records looked at")
    };
    let columns = match profile.columns.len() as u64 {
        1 => "1 column".to_owned(),
        columns => format!("{} columns", count(columns)),
    };
    let layout = layout(profile).join(", ");
    format!(
        "{name}{others}: {layout}, {} bytes, {columns}, {seen}.",
        count(profile.bytes)
    )
}

/// What was found out about how the file is laid out.
fn layout(profile: &Profile) -> Vec<String> {
    let reading = &profile.reading;
    let data = &reading.data;
    let packed: String = reading
        .packed
        .iter()
        .map(|packed| format!(" packed with {packed}"))
        .collect();
    let mut parts = vec![format!("{}{packed}", reading.format.name())];
    match (reading.format, data.delimiter) {
        (Format::Csv, Some('\t')) => parts.push("columns parted by tabs".to_owned()),
        (Format::Csv, Some(delimiter)) => parts.push(format!("columns parted by `{delimiter}`")),
        _ => {}
    }
    if reading.format == Format::Csv {
        parts.push(letters(profile));
    }
    parts.extend(data.sheet.iter().map(|sheet| format!("sheet `{sheet}`")));
    parts.extend(data.table.iter().map(|table| format!("table `{table}`")));
    if data.query.is_some() {
        parts.push("a query".to_owned());
    }
    parts.extend(data.records.iter().map(|records| format!("records in `{records}`")));
    let place = if reading.format == Format::Csv { "line" } else { "row" };
    match data.header_row {
        Some(0) => parts.push("no header".to_owned()),
        Some(row) if row > 1 => parts.push(format!("header in {place} {row}")),
        _ => {}
    }
    parts
}

fn letters(profile: &Profile) -> String {
    let is_strange = |(text, _): &(String, u64)| text.contains('\u{fffd}');
    let mut columns = profile.columns.iter();
    match &profile.reading.data.encoding {
        Some(encoding) => encoding.clone(),
        None if columns.any(|column| column.distinct.iter().any(is_strange)) => {
            "with letters that are not UTF-8".to_owned()
        }
        None => "UTF-8".to_owned(),
    }
}
