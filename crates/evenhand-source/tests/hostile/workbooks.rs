//! Workbooks that are damaged, or that say that they are large.

use std::io::{Cursor, Write as _};
use std::path::Path;

use tempfile::tempdir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::budget::within;
use super::{policy, read, refused};

#[test]
fn damaged_workbooks_take_no_more_memory() {
    within(512, "workbooks::damaged_workbooks_take_no_more_memory", || {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/exports/workbooks");
        let folder = tempdir().unwrap();
        for name in ["openpyxl.xlsx", "xlwt.xls", "libreoffice.xls", "libreoffice.ods"] {
            let bytes = std::fs::read(fixtures.join(name)).unwrap();
            for seed in 0..150u64 {
                let mut bytes = bytes.clone();
                // Most of what is claimed stands at the start.
                let within = if seed % 2 == 0 { bytes.len() } else { 3_000 };
                for edit in 0..1 + seed % 4 {
                    let drawn = (seed * 4 + edit + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
                    let at = (drawn as usize) % within;
                    bytes[at] = (drawn >> 32) as u8;
                }
                let _ = read(&folder, name, &bytes, &policy());
            }
        }
    });
}

#[test]
fn workbooks_that_grow_are_refused() {
    within(512, "workbooks::workbooks_that_grow_are_refused", || {
        let folder = tempdir().unwrap();
        let rows = b"<row/>".repeat(16 << 20);
        let sheet = [b"<worksheet><sheetData>", rows.as_slice()].concat();
        refused(&folder, "a.xlsx", &archive("xl/worksheets/sheet1.xml", &sheet), "rows");
        let texts = format!("<sst uniqueCount=\"{}\">", 1u64 << 36);
        refused(
            &folder,
            "a.xlsx",
            &archive("xl/sharedStrings.xml", texts.as_bytes()),
            "texts",
        );
        let cell =
            "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"9999\"><text:p>x</text:p>";
        let table = format!(
            "<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1000000\">{cell}\
             </table:table-cell></table:table-row></table:table>"
        );
        refused(&folder, "a.ods", &archive("content.xml", table.as_bytes()), "cells");
    });
}

/// An archive with this part and the main part of a workbook.
fn archive(name: &str, body: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in [("xl/workbook.xml", b"<workbook/>".as_slice()), (name, body)] {
        archive.start_file(name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
