//! A workbook is refused, or its counts add up: the XML of a sheet in an honest archive, and damaged files of writers.
#![no_main]

use std::io::{Cursor, Write};

use evenhand_fuzz::{begin, counted, policy, scratch};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;

const WRITERS: [&[u8]; 4] = [
    include_bytes!("../../fixtures/exports/workbooks/openpyxl.xlsx"),
    include_bytes!("../../fixtures/exports/workbooks/xlwt.xls"),
    include_bytes!("../../fixtures/exports/workbooks/libreoffice.ods"),
    include_bytes!("../../fixtures/exports/workbooks/libreoffice.xls"),
];

const EXCEL: [(&str, &[u8]); 3] = [
    (
        "_rels/.rels",
        br#"<Relationships><Relationship Id="r" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        br#"<workbook><sheets><sheet name="S" id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];

const OPEN: [(&str, &[u8]); 2] = [
    ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
    ("META-INF/manifest.xml", b"<manifest:manifest/>"),
];

fuzz_target!(|data: &[u8]| {
    begin();
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    let bytes = match choice % 4 {
        0 => archive(&EXCEL, "xl/worksheets/sheet1.xml", rest),
        1 => archive(&OPEN, "content.xml", rest),
        2 => [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", rest].concat(),
        _ => edited(WRITERS[usize::from(choice >> 2) % WRITERS.len()], rest),
    };
    let path = scratch("xlsx");
    std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
    let mut policy = policy();
    if choice & 128 != 0 {
        policy.data.header_row = Some(1);
    }
    match evenhand_source::tally(&[path], &policy, &()) {
        Ok(tally) => {
            counted(&tally);
        }
        Err(problems) => assert!(
            problems
                .iter()
                .all(|problem| problem.message.contains("evenhand-fuzz-")),
            "{problems:?}"
        ),
    }
});

fn archive(parts: &[(&str, &[u8])], name: &str, body: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts.iter().copied().chain([(name, body)]) {
        archive.start_file(name, options).expect("a name is free");
        archive.write_all(bytes).expect("memory is written");
    }
    archive.finish().expect("memory is written").into_inner()
}

/// Each three bytes say where to change a byte, and into which.
fn edited(bytes: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edit in edits.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % bytes.len();
        bytes[at] = edit[2];
    }
    bytes
}
