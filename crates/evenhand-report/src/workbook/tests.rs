use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use evenhand_measure::audit::model::{Amount, Value, Verdict};

use super::*;
use crate::document::Letterhead;
use crate::sample::{self, HOSTILE};

fn book(audit: &Audit) -> Vec<u8> {
    workbook(audit, &Letterhead::default()).unwrap()
}

fn read(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

/// Every text of a sheet, by row.
fn texts(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let range = read(bytes).worksheet_range(sheet).unwrap();
    let rows = range.rows();
    rows.map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

fn whole(bytes: &[u8], sheet: &str) -> String {
    texts(bytes, sheet).concat().join("\n")
}

/// The parts of the archive whose names begin so.
fn parts(bytes: &[u8], beginning: &str) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        if file.name().unwrap().starts_with(beginning) {
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            parts.push(text);
        }
    }
    parts
}

/// An audit of rows that have weights.
fn weighted() -> Audit {
    let mut audit = sample::failing().audit();
    let values = audit.rates.iter_mut().flat_map(|rates| rates.values.values_mut());
    let sides = audit.findings.iter_mut().flat_map(|finding| {
        let sides = [&mut finding.group_value, &mut finding.reference_value];
        sides.into_iter().flatten()
    });
    for value in values.chain(sides) {
        if let Value::Share(share) = value {
            share.numerator = Amount::Weight(share.numerator.value() * 0.7);
            share.denominator = Amount::Weight(share.denominator.value() * 0.7);
        }
    }
    audit
}

fn samples() -> Vec<(&'static str, Audit)> {
    let mut published = sample::failing().audit();
    published.publication = Some(sample::publication());
    vec![
        ("failing", sample::failing().audit()),
        ("passing", sample::passing().audit()),
        ("open", sample::open().audit()),
        ("alone", sample::alone()),
        ("many", sample::many(60).audit()),
        ("abridged", sample::abridged()),
        ("beside", sample::beside()),
        ("published", published),
        ("weighted", weighted()),
        ("lists", sample::lists(&["North", "South", "West"])),
        ("hostile lists", sample::lists(&HOSTILE)),
        ("prices", sample::prices(&["low", "middle", "high"])),
        ("scores", sample::scores(&["A", "B"])),
        ("hostile", sample::hostile()),
    ]
}

#[test]
fn every_audit_makes_a_workbook_without_errors() {
    for (name, audit) in samples() {
        let bytes = book(&audit);
        assert_eq!(bytes, book(&audit), "{name}: two runs differ");
        // For `tests/office/check.sh`.
        if let Some(folder) = std::env::var_os("WORKBOOKS") {
            std::fs::write(
                std::path::Path::new(&folder).join(format!("sample {name}.xlsx")),
                &bytes,
            )
            .unwrap();
        }
        let mut book = read(&bytes);
        let sheets = book.sheet_names();
        assert_eq!(sheets[..2], ["Summary", "Findings"], "{name}");
        assert_eq!(sheets.last().unwrap(), "Method", "{name}");
        for sheet in sheets {
            let range = book.worksheet_range(&sheet).unwrap();
            let is_error = |cell: &Data| matches!(cell, Data::Error(_));
            assert!(!range.rows().flatten().any(is_error), "{name}: an error in {sheet}");
            for formula in book
                .worksheet_formula(&sheet)
                .unwrap()
                .rows()
                .flatten()
                .filter(|f| !f.is_empty())
            {
                let known = ["IF(", "IFERROR(", "SUM("]
                    .iter()
                    .any(|start| formula.starts_with(start));
                assert!(known, "{name}: {sheet} holds a formula of somebody else: {formula}");
            }
        }
    }
}

#[test]
fn hostile_names_stay_text_and_stay_apart() {
    let audit = sample::hostile();
    let bytes = book(&audit);
    let counts = whole(&bytes, "Counts");
    for shown in [
        "</script><img src=x onerror=alert(1)>",
        "=cmd|' /C calc'!A0",
        "\\u{1b}[31mred",
        "nul\\u{0}byte\\u{d}\\u{a}new line",
        "\\u{202e}drawkcab",
        "名前 עברית العربية \u{1f600}",
    ] {
        assert!(counts.contains(shown), "{shown}");
    }
    // Whole, not only its beginning: two names that differ at the end are two names.
    assert!(counts.contains(&"x".repeat(10_000)));
    for part in parts(&bytes, "xl/") {
        assert!(!part.chars().any(|c| c.is_control() && !"\n\r\t".contains(c)) && !part.contains('\u{202e}'));
    }
}

#[test]
fn markup_of_the_format_itself_stays_text() {
    let mut audit = sample::failing().audit();
    let names = ["<r><t>bold</t></r>", "_x0041_"];
    for (rates, name) in audit.rates.iter_mut().skip(2).zip(names) {
        rates.group.insert("race".to_owned(), Some(name.to_owned()));
    }
    let bytes = book(&audit);
    let counts = texts(&bytes, "Counts");
    let has = |name: &str| counts.iter().flatten().any(|cell| cell == name);
    assert!(has("\\u{3c}r><t>bold</t></r>"));
    // Readers turn `_x005F_` into the sign that it stands for; one that does not shows it as it is.
    assert!(has("_x0041_") || has("_x005F_x0041_"), "{counts:?}");
    assert!(!has("A"));
}

#[test]
fn attributes_take_no_other_sheets_name() {
    let mut audit = sample::failing().audit();
    let text = serde_json::to_string(&audit.roles.protected).unwrap();
    assert!(text.contains("race"));
    for rates in &mut audit.rates {
        if !rates.by.is_empty() {
            let value = rates.group.remove("race").unwrap();
            rates.by = vec!["findings".to_owned()];
            rates.group.insert("findings".to_owned(), value);
        }
    }
    let names = read(&book(&audit)).sheet_names();
    assert!(
        names.contains(&"Findings".to_owned()) && names.contains(&"findings (2)".to_owned()),
        "{names:?}"
    );
}

#[test]
fn what_has_no_value_says_why() {
    let mut audit = sample::failing().audit();
    for rates in &mut audit.rates {
        let why = "no row of the group is in TP + FN";
        rates
            .values
            .insert("true-positive-rate".to_owned(), Value::undefined(why));
    }
    audit.findings[0].reference_value = Some(Value::undefined("nobody was selected"));
    (
        audit.findings[0].point,
        audit.findings[0].lower,
        audit.findings[0].upper,
    ) = (None, None, None);
    let bytes = book(&audit);
    let measures = texts(&bytes, "Measures");
    let at = measures[2..]
        .iter()
        .position(|row| row[2].starts_with("True positive rate"))
        .unwrap();
    assert_eq!(measures[2..][at][5], "no value: no row of the group is in TP + FN");
    let findings = whole(&bytes, "Findings");
    assert!(findings.contains("no value: nobody was selected"));
}

#[test]
fn a_large_table_is_cut_and_says_so() {
    let audit = sample::many(60).audit();
    let bytes = write(&audit, &Letterhead::default(), 50).unwrap();
    for sheet in ["Findings", "race", "Counts"] {
        let said = whole(&bytes, sheet);
        assert!(said.contains("These are the first 50 of "), "{sheet}");
        assert!(texts(&bytes, sheet).len() < 60, "{sheet}");
    }
    assert!(!whole(&book(&audit), "Counts").contains("These are the first"));
}

#[test]
fn a_workbook_has_the_day_of_the_audit() {
    let mut audit = sample::failing().audit();
    let undated = book(&audit);
    assert!(parts(&undated, "docProps/core")[0].contains("1980-01-01T00:00:00Z"));
    assert!(whole(&undated, "Summary").contains("Not dated"));
    audit.provenance.as_of = Some("2026-01-31".to_owned());
    let dated = book(&audit);
    assert!(parts(&dated, "docProps/core")[0].contains("2026-01-31T00:00:00Z"));
    assert!(whole(&dated, "Summary").contains("2026-01-31") && !whole(&dated, "Summary").contains("Not dated"));
    audit.provenance.as_of = Some("soon".to_owned());
    assert!(parts(&book(&audit), "docProps/core")[0].contains("1980-01-01T00:00:00Z"));
}

#[test]
fn charts_say_what_they_show() {
    let bytes = book(&sample::failing().audit());
    assert_eq!(parts(&bytes, "xl/charts/chart").len(), 5, "one for each rate");
    let drawing = &parts(&bytes, "xl/drawings/drawing")[0];
    assert!(
        drawing.contains("descr=\"Selection rate: a bar for each group, each with its 95% interval."),
        "{drawing}"
    );
    assert!(
        drawing.contains("Black 30.0%") && drawing.contains("White 50.0%"),
        "{drawing}"
    );
    // Nobody tells sixty bars apart.
    assert!(parts(&book(&sample::many(60).audit()), "xl/charts/chart").is_empty());
    assert!(!parts(&book(&sample::many(40).audit()), "xl/charts/chart").is_empty());
}

#[test]
fn the_margin_holds_any_text() {
    let audit = sample::failing().audit();
    for text in [
        "Strictly & confidential",
        &"&".repeat(500),
        &"\u{1f600}".repeat(500),
        "12 copies",
        &HOSTILE.concat(),
    ] {
        let letterhead = Letterhead {
            title: Some(text.to_owned()),
            client: Some(text.to_owned()),
            auditor: Some(text.to_owned()),
            confidentiality: Some(text.to_owned()),
            accent: Some([0, 90, 156]),
            ..Letterhead::default()
        };
        let bytes = workbook(&audit, &letterhead).unwrap();
        assert!(whole(&bytes, "Summary").contains(&fitted(text)), "{text}");
        let sheet = &parts(&bytes, "xl/worksheets/sheet1.xml")[0];
        assert!(
            sheet.contains("<oddFooter>&amp;L ") && sheet.contains("Page &amp;P of &amp;N"),
            "{text}"
        );
    }
}

#[test]
fn the_summary_has_the_verdict_and_every_sheet() {
    let audit = sample::failing().audit();
    assert_eq!(audit.verdict, Verdict::Fail);
    let bytes = book(&audit);
    let summary = whole(&bytes, "Summary");
    assert!(summary.contains("FAIL") && summary.contains("Rows read"));
    for sheet in read(&bytes).sheet_names().iter().skip(1) {
        assert!(summary.contains(sheet.as_str()), "{sheet}");
    }
    let findings = whole(&bytes, "Findings");
    let worst = crate::words::worst(&audit).unwrap();
    assert!(findings.contains("✗ fail") && findings.contains(&crate::words::finding_sentence(worst, &audit, false)));
}

#[test]
fn weights_are_divided_as_counts_are() {
    let formulas = |audit: &Audit| {
        let bytes = book(audit);
        let formulas = read(&bytes).worksheet_formula("Findings").unwrap();
        formulas.used_cells().count()
    };
    assert_eq!(formulas(&weighted()), formulas(&sample::failing().audit()));
}
