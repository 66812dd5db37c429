//! What a PDF promises, whatever it is of.

use std::collections::BTreeSet;

use super::glyphs::{Care, Glyphs, fonts};
use super::*;
use crate::document::{self, Block, Cell, Figure, Logo, LogoKind, Place, Section, Span, Table};
use crate::sample::{self, HOSTILE};
use crate::{bundled, plot};

/// Sets a report as [`pdf`] does at its first try, and sees to it that the typesetter has nothing to say.
fn set(document: &Document, letterhead: &Letterhead, audit: &Audit, care: Care) -> Vec<u8> {
    let fonts = fonts(&letterhead.fonts).unwrap();
    let json = crate::json(audit).unwrap();
    let mut glyphs = Glyphs::new(&fonts, care);
    let inputs = values::values(document, letterhead, audit, &json, &mut glyphs).unwrap();
    let set = typeset(inputs, &glyphs, audit, &json).unwrap();
    assert_eq!(set.warnings, Vec::<String>::new());
    set.bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn letterhead() -> Letterhead {
    Letterhead {
        client: Some("Ärzte & Söhne GmbH".to_owned()),
        auditor: Some("Plain Figures Ltd".to_owned()),
        number: Some("2026-017".to_owned()),
        confidentiality: Some("Confidential: for the client and its counsel only".to_owned()),
        accent: Some([0x5b, 0x2a, 0x86]),
        logo: Some(Logo {
            kind: LogoKind::Svg,
            bytes: br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#5b2a86"/></svg>"##.to_vec(),
        }),
        ..Letterhead::default()
    }
}

/// A section with every kind of block, with texts that would act if they were read as markup.
fn every_block(audit: &Audit) -> Section {
    let hostile = "#panic() ] } $x$ \\ `raw` *bold* <label> @ref // no /* comment */ = title";
    let span = |text: &str| Span {
        text: text.to_owned(),
        ..Span::default()
    };
    let rich = vec![
        span("Plain, "),
        Span {
            strong: true,
            ..span("strong, ")
        },
        Span {
            emphasis: true,
            ..span("stressed, ")
        },
        Span {
            code: true,
            ..span("code_of_a_computer")
        },
        span(" and "),
        Span {
            link: Some("https://example.org/".to_owned()),
            ..span("a link")
        },
        span(hostile),
    ];
    let cell = |text: &str, shade: Option<f64>, outcome| Cell {
        text: text.to_owned(),
        outcome,
        shade,
    };
    let table = |columns: usize, rows: usize| {
        let row = |row: usize| {
            (0..columns)
                .map(|column| match column {
                    0 => cell(&format!("Row {row} of {hostile}"), None, None),
                    1 => cell("fail", None, Some(evenhand_measure::audit::model::Outcome::Fail)),
                    _ => cell("0.123", Some(column as f64 / columns as f64), None),
                })
                .collect()
        };
        Table {
            caption: format!("A table of {columns} columns"),
            header: (0..columns).map(|column| format!("Column {column}")).collect(),
            right: (0..columns).map(|column| column > 1).collect(),
            rows: (0..rows).map(row).collect(),
            legend: vec!["What the columns mean.".to_owned()],
        }
    };
    let figure = |figure, title: &str| {
        Block::Figure(Figure {
            svg: plot::svg(audit, figure),
            title: title.to_owned(),
            description: "Each group with its rate.".to_owned(),
            table: Some(table(3, 2)),
        })
    };
    Section {
        id: "every".to_owned(),
        title: format!("Every block {hostile}"),
        place: Place::Page,
        blocks: vec![
            Block::Heading("A heading".to_owned()),
            Block::Text(hostile.to_owned()),
            Block::Text("x".repeat(10_000)),
            Block::List(HOSTILE.map(str::to_owned).to_vec()),
            Block::Rich(rich.clone()),
            Block::RichList {
                ordered: true,
                items: vec![rich.clone(), rich],
            },
            Block::Facts(vec![
                ("Policy".to_owned(), "f".repeat(64)),
                (hostile.to_owned(), hostile.to_owned()),
            ]),
            figure(plot::Figure::Rates, "Rates"),
            figure(plot::Figure::Overview, "All"),
            Block::Table(table(7, 60)),
            Block::Table(table(10, 4)),
            Block::Table(table(30, 4)),
            Block::Fold {
                summary: "Folded".to_owned(),
                blocks: vec![
                    Block::Fold {
                        summary: "Twice".to_owned(),
                        blocks: vec![Block::Text("Deep.".to_owned())],
                    },
                    Block::Code(format!("[policy]\n\tindented = \"{hostile}\"\n{}", "y".repeat(500))),
                ],
            },
            Block::Blanks(vec!["Name".to_owned(), "Date".to_owned(), "Signature".to_owned()]),
        ],
    }
}

#[test]
fn reports_are_set_as_both_standards_want_them() {
    let mut audit = sample::failing().audit();
    audit.provenance.as_of = Some("2026-01-31".to_owned());
    let mut document = document::document(&audit, &letterhead());
    document.sections.push(every_block(&audit));
    let bytes = set(&document, &letterhead(), &audit, Care::Fonts);
    for said in [
        "%PDF-1.7",
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<xmp:CreateDate>2026-01-31T00:00:00+00:00</xmp:CreateDate>",
    ] {
        assert!(contains(&bytes, said), "{said}");
    }
    assert_eq!(bytes, set(&document, &letterhead(), &audit, Care::Fonts));
}

#[test]
fn any_name_can_be_set() {
    let audit = sample::hostile();
    let document = document::document(&audit, &Letterhead::default());
    let bytes = set(&document, &Letterhead::default(), &audit, Care::Fonts);
    assert!(contains(
        &bytes,
        "<xmp:CreateDate>1980-01-01T00:00:00+00:00</xmp:CreateDate>"
    ));
    set(&document, &Letterhead::default(), &audit, Care::Plain);
}

/// Each block of sixteen characters of the first two planes, alone and with marks: what the fonts say that they have
/// must be what can be set.
#[test]
fn all_that_the_fonts_have_can_be_set() {
    let audit = sample::failing().audit();
    let mut document = document::document(&audit, &Letterhead::default());
    let lines = (0..0x3_0000).step_by(64).map(|first| {
        let chars = (first..first + 64).filter_map(char::from_u32);
        chars
            .flat_map(|c| [c, ' ', 'a', c, '\u{301}', '\u{5b8}', ' '])
            .collect::<String>()
    });
    let at_hand = fonts(&[]).unwrap();
    let mut glyphs = Glyphs::new(&at_hand, Care::Fonts);
    let lines = lines.map(|line| glyphs.print(&line, 40).replace("[U+", "").replace(']', ""));
    // Those that are spelled out are all alike.
    let mut seen = BTreeSet::new();
    let blocks = lines.filter(|line| seen.insert(line.chars().filter(|c| !c.is_ascii()).collect::<String>()));
    document.sections = vec![Section {
        id: "all".to_owned(),
        title: "All".to_owned(),
        place: Place::Page,
        blocks: blocks.map(Block::Text).collect(),
    }];
    assert!(document.sections[0].blocks.len() > 50);
    set(&document, &Letterhead::default(), &audit, Care::Fonts);
}

#[test]
fn pictures_need_a_description() {
    let audit = sample::failing().audit();
    let mut document = document::document(&audit, &Letterhead::default());
    document.sections[0].blocks.push(Block::Figure(Figure {
        svg: plot::svg(&audit, plot::Figure::Rates),
        title: "Rates".to_owned(),
        description: " ".to_owned(),
        table: None,
    }));
    let error = pdf(&document, &Letterhead::default(), &audit).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the picture \"Rates\" has no description for who cannot see it"
    );
}

#[test]
fn fonts_that_cannot_be_used_are_refused() {
    let audit = sample::failing().audit();
    let letterhead = |font: Vec<u8>| Letterhead {
        fonts: vec![bundled::FONTS[2].to_vec(), font],
        ..Letterhead::default()
    };
    let refused = |font| {
        let letterhead = letterhead(font);
        let document = document::document(&audit, &letterhead);
        pdf(&document, &letterhead, &audit).unwrap_err().to_string()
    };
    assert_eq!(
        refused(b"no font".to_vec()),
        "font 2 of 2 is no font in the form TrueType or OpenType"
    );
    // The same font with the permissions of one that may not be embedded.
    let mut font = bundled::FONTS[2].to_vec();
    let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
    let table = (0..tables)
        .map(|table| 12 + 16 * table)
        .find(|&at| &font[at..at + 4] == b"OS/2")
        .unwrap();
    let os2 = u32::from_be_bytes([font[table + 8], font[table + 9], font[table + 10], font[table + 11]]) as usize;
    font[os2 + 9] = 2;
    assert_eq!(
        refused(font),
        "font 2 of 2 does not permit that it is embedded in a file"
    );
}

#[test]
fn logos_that_cannot_be_drawn_are_refused() {
    let audit = sample::failing().audit();
    let mut letterhead = letterhead();
    letterhead.logo = Some(Logo {
        kind: LogoKind::Png,
        bytes: b"no picture".to_vec(),
    });
    let document = document::document(&audit, &letterhead);
    let error = pdf(&document, &letterhead, &audit).unwrap_err().to_string();
    assert!(error.contains("decode image"), "{error}");
}

#[test]
fn what_no_font_has_is_spelled_out() {
    let fonts = fonts(&[]).unwrap();
    let mut glyphs = Glyphs::new(&fonts, Care::Fonts);
    let mut print = |text: &str| glyphs.print(text, 12);
    for text in [
        "Müller – Ångström …",
        "Ελληνικά",
        "Кириллица",
        "e\u{301}",
        "✗ fail",
        "≥ 0.8",
    ] {
        assert_eq!(print(text), text);
    }
    assert_eq!(print("名a"), "[U+540D]a");
    assert_eq!(print("\u{e001}"), "[U+E001]", "private characters mean nothing");
    assert_eq!(print("\u{202e}"), "\\u{202e}");
    assert_eq!(print("\0"), "\\u{0}");
    assert_eq!(
        print("a\u{5b8}"),
        "a[U+05B8]",
        "no font joins a Latin letter and a Hebrew point"
    );
    assert_eq!(
        print("עברית 12"),
        "עברית\u{200e} 12",
        "the number stays behind the name"
    );
    assert_eq!(print("צפון מערב, דרום"), "צפון מערב\u{200e}, דרום\u{200e}");
    assert_eq!(
        print(&"x".repeat(29)),
        format!("{0}\u{200b}{0}\u{200b}xxxxx", "x".repeat(12))
    );
    let missed: String = glyphs.missed().collect();
    assert_eq!(missed, "\u{5b8}名\u{e001}");
    let mut plain = Glyphs::new(&fonts, Care::Plain);
    assert_eq!(plain.print("Å עב", 10), "Å [U+05E2][U+05D1]");
}

#[test]
fn dates_are_those_of_the_calendar() {
    let mut audit = sample::failing().audit();
    let mut dated = |as_of: &str| {
        audit.provenance.as_of = Some(as_of.to_owned());
        date(&audit)
    };
    assert_eq!(dated("2026-01-31"), Some((2026, 1, 31)));
    assert_eq!(dated("2026-01-31T12:00:00Z"), Some((2026, 1, 31)));
    assert_eq!(dated("2026-02-30"), None);
    assert_eq!(dated("soon"), None);
}
