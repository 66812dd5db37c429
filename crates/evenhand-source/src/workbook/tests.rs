//! Tests of workbooks: each gives the tally of the same table as CSV, byte for byte, or a question.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use evenhand_measure::audit::model::Note;
use evenhand_measure::{Fault, Policy, Problem};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use tempfile::TempDir;

use crate::input::Inputs;

/// Another fixture's table.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/exports")
        .join(name)
}

fn policy(prediction: &str, protected: &[&str]) -> Policy {
    let mut policy = Policy::default();
    policy.roles.prediction = Some(prediction.to_owned());
    policy.roles.protected = protected.iter().map(|&column| column.to_owned()).collect();
    policy
}

fn hired() -> Policy {
    policy("hired", &["sex"])
}

fn tally(path: &Path, policy: &Policy) -> Result<String, Problem> {
    crate::tally(&[path.to_owned()], policy, &())
        .map(|tally| tally.to_json())
        .map_err(|mut problems| problems.remove(0))
}

/// The tally of a text, as a CSV file.
fn of_text(text: &str, policy: &Policy) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    tally(&path, policy).unwrap()
}

/// A workbook whose first sheet is written by `write`.
fn written(write: impl FnOnce(&mut Worksheet)) -> (TempDir, PathBuf) {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    saved(book)
}

fn saved(mut book: Workbook) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    (folder, path)
}

fn lines(sheet: &mut Worksheet, first: u32, lines: &[&str]) {
    for (row, line) in (first..).zip(lines) {
        for (column, text) in (0..).zip(line.split(',')) {
            if let Ok(number) = text.parse::<f64>() {
                sheet.write(row, column, number).unwrap();
            } else if !text.is_empty() {
                sheet.write(row, column, text).unwrap();
            }
        }
    }
}

const TABLE: [&str; 5] = ["sex,score,hired", "f,0.5,yes", "m,1,no", "f,,no", "m,0.25,yes"];

fn notes(path: &Path, policy: &Policy) -> Vec<Note> {
    let inputs = Inputs::find(&[path.to_owned()])
        .unwrap()
        .prepared(&policy.data)
        .unwrap();
    inputs.all()[0].reading().unwrap().notes.clone()
}

fn codes(path: &Path, policy: &Policy) -> Vec<String> {
    notes(path, policy).into_iter().map(|note| note.code).collect()
}

#[test]
fn the_same_table_from_any_writer_gives_the_same_tally() {
    let table = fixture("workbooks/table.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let policy = policy("hired", &["sex", "zip", "name", "member"]);
    let truth = tally(&table, &policy).unwrap();
    for name in [
        "openpyxl.xlsx",
        "openpyxl-1904.xlsx",
        "xlwt.xls",
        "libreoffice.ods",
        "libreoffice.xls",
        "libreoffice.xlsx",
    ] {
        let path = fixture("workbooks").join(name);
        let inputs = Inputs::find(std::slice::from_ref(&path))
            .unwrap()
            .prepared(&policy.data)
            .unwrap();
        let mut found = String::new();
        let mut open = inputs.all()[0].open().unwrap();
        open.read_to_string(&mut found).unwrap();
        assert_eq!(found, text, "{name}");
        assert_eq!(tally(&path, &policy).unwrap(), truth, "{name}");
    }
}

#[test]
fn the_export_of_a_vendor_is_read_as_its_truth() {
    let mut policy = policy("Decision", &["Gender", "ZIP"]);
    policy.roles.label = Some("Defaulted".to_owned());
    policy.roles.strata = vec!["Reviewed on".to_owned()];
    let names = [("Female", ["female ", "F"]), ("Male", ["M", "M"])];
    let spelled = names
        .iter()
        .flat_map(|(group, spelled)| spelled.map(|text| (text.to_owned(), (*group).to_owned())));
    policy.values.map.insert("Gender".to_owned(), spelled.collect());
    let path = fixture("vendor.xlsx");
    let truth = tally(&fixture("vendor-truth.csv"), &policy).unwrap();
    assert_eq!(tally(&path, &policy).unwrap(), truth);
    assert_eq!(
        codes(&path, &policy),
        [
            "sheets-passed-over",
            "rows-before-header",
            "rows-at-end-left-out",
            "hidden-rows"
        ]
    );
    // What was found, said as settings, reads the same.
    let inputs = Inputs::find(std::slice::from_ref(&path))
        .unwrap()
        .prepared(&policy.data)
        .unwrap();
    let reading = inputs.all()[0].reading().unwrap().clone();
    assert_eq!(reading.data.header_row, Some(5));
    assert_eq!(reading.data.footer_rows, Some(2));
    assert_eq!(reading.data.sheet.as_deref(), Some("Screening results"));
    policy.data = reading.data;
    assert_eq!(tally(&path, &policy).unwrap(), truth);
    let place = inputs.all()[0].place(0).unwrap();
    assert!(
        place.ends_with("vendor.xlsx`, sheet `Screening results`, row 6"),
        "{place}"
    );
}

#[test]
fn titles_totals_and_empty_rows_are_no_records() {
    let (_folder, path) = written(|sheet| {
        lines(
            sheet,
            0,
            &["Hiring, all stores".split(',').next().unwrap(), "Month,March"],
        );
        lines(sheet, 3, &TABLE);
        lines(sheet, 10, &["f,1,yes", "Total,,5", "", "Made by hand"]);
    });
    let truth = of_text(&format!("{}\nf,1,yes\n", TABLE.join("\n")), &hired());
    assert_eq!(tally(&path, &hired()).unwrap(), truth);
    assert_eq!(
        codes(&path, &hired()),
        ["rows-before-header", "rows-at-end-left-out", "empty-rows-left-out"]
    );
    let mut declared = hired();
    declared.data.header_row = Some(4);
    declared.data.footer_rows = Some(0);
    let with_totals = of_text(
        &format!("{}\nf,1,yes\nTotal,,5\nMade by hand,,\n", TABLE.join("\n")),
        &hired(),
    );
    assert_eq!(tally(&path, &declared).unwrap(), with_totals);
    declared.data.header_row = Some(3);
    let problem = tally(&path, &declared).unwrap_err();
    assert!(problem.message.contains("row 3 (--header-row) is empty"), "{problem}");
}

#[test]
fn two_rows_that_name_the_columns_are_one_header() {
    let (_folder, path) = written(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 1, 0, "sex", &plain).unwrap();
        sheet.merge_range(0, 1, 0, 2, "Test", &plain).unwrap();
        sheet.merge_range(0, 3, 0, 4, "Interview", &plain).unwrap();
        lines(
            sheet,
            1,
            &[",score,day,score,hired", "f,1,x,2,yes", "m,3,y,4,no", "f,1,x,2,no"],
        );
    });
    let truth = "sex,Test score,day,Interview score,hired\nf,1,x,2,yes\nm,3,y,4,no\nf,1,x,2,no\n";
    let policy = policy("hired", &["sex", "Test score", "Interview score"]);
    assert_eq!(tally(&path, &policy).unwrap(), of_text(truth, &policy));

    // Without merged cells, by what the two rows leave open.
    let (_folder, path) = written(|sheet| {
        lines(
            sheet,
            0,
            &[
                "sex,Test,,Interview",
                ",score,day,score,hired",
                "f,1,x,2,yes",
                "m,3,y,4,no",
            ],
        );
    });
    let truth = "sex,Test score,day,Interview score,hired\nf,1,x,2,yes\nm,3,y,4,no\n";
    assert_eq!(tally(&path, &policy).unwrap(), of_text(truth, &policy));
}

#[test]
fn what_could_be_a_header_or_a_record_is_asked() {
    for (table, words) in [
        (vec!["f,0.5,yes", "m,1,no", "f,1,no"], "row 1 (`f`, `0.5`, `yes`)"),
        (vec!["f,yes", "m,no", "f,no"], "could name the columns or be a record"),
        (
            vec!["Who,What", "", "sex,hired", "f,yes", "m,no", "f,no"],
            "row 1 (`Who`, `What`) or by row 3",
        ),
    ] {
        let (_folder, path) = written(|sheet| lines(sheet, 0, &table));
        let problem = tally(&path, &hired()).unwrap_err();
        assert_eq!(problem.fault, Fault::Usage, "{problem}");
        assert!(problem.message.contains(words), "{problem}");
        assert!(problem.help.contains("--header-row "), "{problem}");
    }
    let (_folder, path) = written(|sheet| lines(sheet, 0, &["f,yes", "m,no", "f,no"]));
    let mut declared = policy("column 2", &["column 1"]);
    let truth = of_text("column 1,column 2\nf,yes\nm,no\nf,no\n", &declared);
    declared.data.header_row = Some(0);
    assert_eq!(tally(&path, &declared).unwrap(), truth);
}

#[test]
fn sheets_are_chosen_or_asked_for() {
    let mut book = Workbook::new();
    lines(book.add_worksheet().set_name("March").unwrap(), 0, &TABLE);
    lines(
        book.add_worksheet().set_name("Read me").unwrap(),
        0,
        &["All of it is invented"],
    );
    let mut hidden = Worksheet::new();
    hidden.set_name("Old").unwrap().set_hidden(true);
    lines(&mut hidden, 0, &TABLE[..3]);
    book.push_worksheet(hidden);
    let (_folder, path) = saved(book);
    assert_eq!(tally(&path, &hired()).unwrap(), of_text(&TABLE.join("\n"), &hired()));
    assert_eq!(codes(&path, &hired()), ["sheets-passed-over", "hidden-sheets"]);
    let mut named = hired();
    named.data.sheet = Some("old".to_owned());
    assert_eq!(tally(&path, &named).unwrap(), of_text(&TABLE[..3].join("\n"), &hired()));
    named.data.sheet = Some("June".to_owned());
    let problem = tally(&path, &named).unwrap_err();
    assert!(problem.help.contains("`March`, `Read me`, `Old`"), "{problem}");

    let mut book = Workbook::new();
    lines(book.add_worksheet().set_name("March").unwrap(), 0, &TABLE);
    lines(book.add_worksheet().set_name("April").unwrap(), 0, &TABLE[..4]);
    let (_folder, path) = saved(book);
    let problem = tally(&path, &hired()).unwrap_err();
    assert!(
        problem.message.contains("`March` (5 rows), `April` (4 rows)"),
        "{problem}"
    );
    assert!(problem.help.contains("--sheet 'March'"), "{problem}");
}

#[test]
fn what_a_sheet_says_of_its_cells_is_told() {
    let (_folder, path) = written(|sheet| {
        lines(
            sheet,
            0,
            &[
                "region,sex,zip,bonus,hired",
                "North,f,501,,yes",
                ",m,90011,,no",
                "South,f,2139,,no",
                "South,m,,,yes",
            ],
        );
        sheet.merge_range(1, 0, 2, 0, "North", &Format::new()).unwrap();
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(2).unwrap();
        sheet
            .write_formula(1, 3, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
        sheet.write_formula(2, 3, Formula::new("=A1").set_result("")).unwrap();
    });
    let policy = policy("hired", &["region", "sex", "zip"]);
    let truth = "region,sex,zip,bonus,hired\nNorth,f,501,,yes\nNorth,m,90011,,no\nSouth,f,2139,,no\nSouth,m,,,yes\n";
    assert_eq!(tally(&path, &policy).unwrap(), of_text(truth, &policy));
    let found = codes(&path, &policy);
    for code in [
        "hidden-rows",
        "hidden-columns",
        "merged-cells-filled",
        "zip-codes-as-numbers",
    ] {
        assert!(found.iter().any(|found| found == code), "{code}: {found:?}");
    }
}

/// A workbook that is damaged somewhere, from a fixed seed, or cut off.
fn damaged(bytes: &[u8], mut seed: u64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut draw = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    if draw(4) == 0 {
        bytes.truncate(draw(bytes.len()));
    }
    for _ in 0..=draw(8) {
        let at = draw(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << draw(8);
        }
    }
    bytes
}

#[test]
fn damaged_workbooks_are_refused_or_read() {
    let folder = TempDir::new().unwrap();
    let mut refused = 0;
    for name in ["openpyxl.xlsx", "xlwt.xls", "libreoffice.xls", "libreoffice.ods"] {
        let bytes = std::fs::read(fixture("workbooks").join(name)).unwrap();
        for seed in 0..100 {
            let path = folder.path().join(format!("{seed}-{name}"));
            std::fs::write(&path, damaged(&bytes, seed)).unwrap();
            if let Err(problem) = tally(&path, &hired()) {
                assert!(problem.message.contains(name), "{problem}");
                refused += 1;
            }
            std::fs::remove_file(&path).unwrap();
        }
    }
    assert!(refused > 130, "{refused}");
}

/// A zip archive of these parts.
fn package(parts: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    use std::io::Write as _;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("crafted.xlsx");
    let mut archive = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
    (folder, path)
}

const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="r" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook><sheets><sheet name="S" id="r1"/></sheets></workbook>"#;
const OF_BOOK: &[u8] =
    br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose sheet and other parts are written by hand.
fn crafted(sheet: &[u8], others: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let mut parts = vec![
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", OF_BOOK),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend_from_slice(others);
    package(&parts)
}

#[test]
fn workbooks_written_by_hand_are_read() {
    let sheet = br#"<worksheet><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>sex</t></is></c><c r="B1" t="inlineStr"><is><t>hired</t></is></c></row>
        <row><c t="inlineStr"><is><t>f</t></is></c><c t="str"><f>"yes"</f><v>yes</v></c></row>
        <row><c t="inlineStr"><is><t>m</t></is></c><c><f>A1</f></c></row>
    </sheetData></worksheet>"#;
    let (_folder, path) = crafted(sheet, &[]);
    assert_eq!(
        tally(&path, &hired()).unwrap(),
        of_text("sex,hired\nf,yes\nm,\n", &hired())
    );
    assert_eq!(codes(&path, &hired()), ["formulas-without-values"]);
}

#[test]
fn a_workbook_is_known_by_what_is_in_it() {
    let folder = TempDir::new().unwrap();
    for (name, renamed) in [
        ("openpyxl.xlsx", "a.zip"),
        ("libreoffice.ods", "b.dat"),
        ("xlwt.xls", "c.csv"),
    ] {
        let path = folder.path().join(renamed);
        std::fs::copy(fixture("workbooks").join(name), &path).unwrap();
        let truth = tally(&fixture("workbooks/table.csv"), &hired()).unwrap();
        assert_eq!(tally(&path, &hired()).unwrap(), truth, "{renamed}");
    }
    let path = folder.path().join("export.xls");
    for page in [
        "<html><table><tr><td>sex</td></tr>",
        "\u{feff} <TABLE border=1>",
        "<?xml version=\"1.0\"?><Workbook>",
    ] {
        std::fs::write(&path, page).unwrap();
        let problem = tally(&path, &hired()).unwrap_err();
        assert!(problem.message.contains("web page"), "{problem}");
    }
    // Text that is called a workbook is read as text.
    std::fs::write(&path, "sex\thired\nf\tyes\n").unwrap();
    assert_eq!(tally(&path, &hired()).unwrap(), of_text("sex,hired\nf,yes\n", &hired()));
}

#[test]
fn what_claims_or_unpacks_to_far_too_much_is_refused() {
    let empty = b"<worksheet><sheetData/></worksheet>";
    let many = format!("<sst uniqueCount = \"{}\"><si><t>a</t></si></sst>", u64::MAX / 64);
    let long = format!("<worksheet {}>", "a".repeat(8 << 20));
    let mut bomb = b"<worksheet><sheetData>".to_vec();
    bomb.extend(b"<row/>".repeat(12 << 20));
    let far = br#"<worksheet><sheetData><row r="4000000"><c r="A4000000"><v>1</v></c></row></sheetData></worksheet>"#;
    let wide = br#"<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>"#;
    for (sheet, others, words) in [
        (
            &empty[..],
            vec![("xl/sharedStrings.xml", many.as_bytes())],
            "claims to have",
        ),
        (long.as_bytes(), vec![], "more than 4 MB"),
        (&bomb, vec![], "unpacks to more than"),
        (far, vec![], "1,048,576 rows"),
        (wide, vec![], "10,000 columns"),
        (empty, vec![], "no sheet with values"),
    ] {
        let (_folder, path) = crafted(sheet, &others);
        let problem = tally(&path, &hired()).unwrap_err();
        assert_eq!(problem.fault, Fault::Data);
        assert!(problem.message.contains(words), "{problem}");
    }
}

#[test]
fn repeated_rows_of_open_documents_have_limits() {
    let ods = |row: &str| {
        let content = format!(
            r#"<office:document-content><table:table table:name="S">{row}</table:table></office:document-content>"#
        );
        package(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ("content.xml", content.as_bytes()),
        ])
    };
    let header = r#"<table:table-row><table:table-cell office:value-type="string"><text:p>sex</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>hired</text:p></table:table-cell></table:table-row>"#;
    let record = |times: u64, text: &str| {
        format!(
            r#"{header}<table:table-row table:number-rows-repeated="{times}"><table:table-cell office:value-type="string"
            table:number-columns-repeated="2"><text:p>{text}</text:p></table:table-cell></table:table-row>"#
        )
    };
    let (_folder, path) = ods(&record(3, "f"));
    assert_eq!(
        tally(&path, &hired()).unwrap(),
        of_text("sex,hired\nf,f\nf,f\nf,f\n", &hired())
    );
    for row in [
        record(4_000_000_000, "f"),
        record(1 << 40, "f"),
        record(1_000_000, &"f".repeat(1 << 19)),
        record(3, "f").replace("repeated=\"2\"", "repeated=\"2000000\""),
        format!("{header}<table:table-row><table:table-cell>"),
        format!("{header}<office:annotation>"),
    ] {
        let (_folder, path) = ods(&row);
        let problem = tally(&path, &hired()).unwrap_err();
        assert_eq!(problem.fault, Fault::Data, "{problem}");
    }
}

#[test]
fn what_needs_a_password_says_so() {
    // The folder of an old Office file with the stream in which encrypted workbooks are.
    let mut file = vec![0xff; 512 * 3];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
    put(30, &[9, 0, 6, 0]);
    put(44, &1u32.to_le_bytes());
    put(48, &1u32.to_le_bytes());
    put(
        60,
        &[0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    );
    put(76, &0u32.to_le_bytes());
    put(512, &[0xfd, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    for (entry, name) in ["Root Entry", "EncryptedPackage"].iter().enumerate() {
        put(1024 + 128 * entry, &[0; 128]);
        for (at, letter) in name.bytes().enumerate() {
            put(1024 + 128 * entry + 2 * at, &[letter]);
        }
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("secret.xlsx");
    std::fs::write(&path, file).unwrap();
    let problem = tally(&path, &hired()).unwrap_err();
    assert!(problem.message.contains("is protected with a password"), "{problem}");
}
