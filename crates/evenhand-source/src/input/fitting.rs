//! This module finds settings that no input has a use for: they would have been meant for something.

use evenhand_measure::Problem;
use evenhand_measure::policy::Data;

use crate::reading::Format;

/// A setting, whether it is made, and what it is for.
struct Setting {
    flag: &'static str,
    is_made: bool,
    formats: &'static [Format],
}

const LINES: &[Format] = &[Format::Csv];
const TEXT: &[Format] = &[Format::Csv, Format::Json, Format::JsonLines];
/// What has rows of cells that people laid out.
const SHEETS: &[Format] = &[Format::Csv, Format::Workbook];

fn settings(data: &Data) -> [Setting; 9] {
    let setting = |flag, is_made, formats| Setting { flag, is_made, formats };
    [
        setting("--encoding", data.encoding.is_some(), TEXT),
        setting("--delimiter", data.delimiter.is_some(), LINES),
        setting("--ragged", data.ragged.is_some(), TEXT),
        setting("--header-row", data.header_row.is_some(), SHEETS),
        setting("--footer-rows", data.footer_rows.is_some(), SHEETS),
        setting("--sheet", data.sheet.is_some(), &[Format::Workbook]),
        setting("--table", data.table.is_some(), &[Format::Sqlite]),
        setting("--query", data.query.is_some(), &[Format::Sqlite]),
        setting("--records", data.records.is_some(), &[Format::Json, Format::JsonLines]),
    ]
}

/// What `data` says that is of no use to inputs of these formats.
pub(super) fn unfit(data: &Data, formats: &[Format]) -> Vec<Problem> {
    let is_unused = |setting: &Setting| setting.is_made && !setting.formats.iter().any(|of| formats.contains(of));
    let problem = |setting: Setting| {
        let wanted: Vec<&str> = setting.formats.iter().map(|format| format.name()).collect();
        let mut found: Vec<&str> = formats.iter().map(|format| format.name()).collect();
        found.sort_unstable();
        found.dedup();
        let found = if found.is_empty() {
            "a tally".to_owned()
        } else {
            found.join(" and ")
        };
        Problem::usage(
            format!(
                "{} is for {}, and what is given is {found}",
                setting.flag,
                wanted.join(" and ")
            ),
            format!(
                "leave it out of the command, or `{}` out of [data] in the policy",
                setting.flag.trim_start_matches('-')
            ),
        )
    };
    settings(data).into_iter().filter(is_unused).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_has_to_be_of_use_to_some_input() {
        let data = Data {
            sheet: Some("a".into()),
            header_row: Some(3),
            encoding: Some("utf-8".into()),
            ..Data::default()
        };
        let said = |formats: &[Format]| -> Vec<String> {
            let problems = unfit(&data, formats).into_iter();
            problems.map(|problem| problem.message).collect()
        };
        assert_eq!(said(&[Format::Csv, Format::Workbook]), Vec::<String>::new());
        assert_eq!(
            said(&[Format::Workbook, Format::Workbook]),
            ["--encoding is for CSV and JSON and JSON lines, and what is given is workbook"]
        );
        assert_eq!(said(&[Format::Parquet]).len(), 3);
        assert_eq!(
            said(&[]).last().map(String::as_str),
            Some("--sheet is for workbook, and what is given is a tally")
        );
    }
}
