//! Tests of one table in many dresses: encodings, delimiters, line ends, what comes before and after. All of them give
//! the same tally, byte for byte, and so does what was found out when it is given as flags.

use std::path::PathBuf;

use encoding_rs::Encoding;
use evenhand_measure::Policy;
use evenhand_measure::audit::model::Severity;
use evenhand_measure::policy::{Data, Ragged};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::input::Inputs;
use crate::reading::Reading;

/// Letters that several encodings have, and the words of a table.
struct Script {
    encodings: &'static [&'static str],
    /// Names of the columns.
    names: [&'static str; 4],
    groups: [&'static str; 2],
    cities: [&'static str; 4],
    decisions: [&'static str; 2],
}

const WESTERN: Script = Script {
    encodings: &["windows-1252", "utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"],
    names: ["Größe", "sex", "Straße", "hired"],
    groups: ["Männlich", "Weiblich"],
    cities: ["Zürich, Süd", "Köln; Mitte", "São \"Paulo\"", "Île-de-France"],
    decisions: ["ja", "nein"],
};

const SCRIPTS: [Script; 6] = [
    Script {
        encodings: &["iso-8859-2", "windows-1250", "utf-8"],
        names: ["výška", "sex", "město", "hired"],
        groups: ["muž", "žena"],
        cities: [
            "Příbram, Březové Hory",
            "Žďár nad Sázavou",
            "České Budějovice",
            "Ústí; Střekov",
        ],
        decisions: ["přijat", "odmítnut"],
    },
    Script {
        encodings: &["shift_jis", "euc-jp", "utf-16le", "iso-2022-jp"],
        names: ["身長", "sex", "住所", "hired"],
        groups: ["男性", "女性"],
        cities: ["東京都, 港区", "大阪府; 北区", "ホッカイドウ", "北海道さっぽろ市"],
        decisions: ["採用", "不採用"],
    },
    Script {
        encodings: &["gb18030", "gbk", "utf-16be"],
        names: ["身高", "sex", "城市", "hired"],
        groups: ["男性职员", "女性职员"],
        cities: ["北京市, 朝阳区", "上海市; 浦东", "广州市天河区", "深圳市南山区"],
        decisions: ["录用", "不录用"],
    },
    Script {
        encodings: &["big5", "utf-32le"],
        names: ["身高", "sex", "城市", "hired"],
        groups: ["男性職員", "女性職員"],
        cities: ["臺北市, 信義區", "高雄市; 左營", "臺中市西屯區", "臺南市安平區"],
        decisions: ["錄用", "不錄用"],
    },
    Script {
        encodings: &["euc-kr", "utf-8"],
        names: ["키", "sex", "도시", "hired"],
        groups: ["남성", "여성"],
        cities: [
            "서울특별시, 강남구",
            "부산광역시; 해운대",
            "대구광역시",
            "인천광역시 연수구",
        ],
        decisions: ["채용", "불합격"],
    },
    Script {
        encodings: &["koi8-r", "windows-1251", "iso-8859-5", "ibm866"],
        names: ["рост", "sex", "город", "hired"],
        groups: ["мужчина", "женщина"],
        cities: [
            "Москва, Арбат",
            "Санкт-Петербург; центр",
            "Нижний Новгород",
            "Екатеринбург",
        ],
        decisions: ["принят", "отказ"],
    },
];

/// What a text looks like.
#[derive(Clone, Copy)]
struct Dress {
    delimiter: char,
    end: &'static str,
    quote_all: bool,
    decimal: char,
    before: &'static str,
    after: &'static str,
    /// An empty column at the end of every line.
    trailing: bool,
    last_end: bool,
}

const PLAIN: Dress = Dress {
    delimiter: ',',
    end: "\n",
    quote_all: false,
    decimal: '.',
    before: "",
    after: "",
    trailing: false,
    last_end: true,
};

impl Script {
    fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        policy.roles.protected = vec![self.names[1].to_owned(), self.names[2].to_owned()];
        policy.roles.prediction = Some(self.names[3].to_owned());
        policy
    }

    fn text(&self, dress: Dress) -> String {
        let field = |text: &str| {
            let is_odd = |letter: char| letter == dress.delimiter || "\"\r\n".contains(letter);
            match dress.quote_all || text.contains(is_odd) {
                true => format!("\"{}\"", text.replace('"', "\"\"")),
                false => text.to_owned(),
            }
        };
        let line = |fields: [&str; 4]| {
            let mut line = fields.map(field).join(&dress.delimiter.to_string());
            if dress.trailing {
                line.push(dress.delimiter);
            }
            line
        };
        let mut lines = vec![line(self.names)];
        for row in 0..60 {
            let height = format!("1{}{}", dress.decimal, 50 + row);
            let city = if row % 17 == 3 { "" } else { self.cities[row % 4] };
            lines.push(line([
                &height,
                self.groups[row % 3 % 2],
                city,
                self.decisions[row % 5 % 2],
            ]));
        }
        let body = lines.join("\n");
        let end = if dress.last_end { "\n" } else { "" };
        format!("{}{body}{end}{}", dress.before, dress.after).replace('\n', dress.end)
    }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let letters = |bytes: fn(u32) -> [u8; 4]| text.chars().flat_map(|c| bytes(c as u32)).collect();
    match encoding {
        "utf-16le" => units(u16::to_le_bytes),
        "utf-16be" => units(u16::to_be_bytes),
        "utf-32le" => letters(u32::to_le_bytes),
        "utf-32be" => letters(u32::to_be_bytes),
        other => {
            let (bytes, _, lost) = Encoding::for_label(other.as_bytes()).unwrap().encode(text);
            assert!(!lost, "{encoding} lacks letters of the test");
            bytes.into_owned()
        }
    }
}

/// A text read as it is found, and read once more with what was found as flags.
fn tallied(bytes: &[u8], policy: &Policy, data: &Data) -> (String, Reading) {
    let (folder, path) = written(bytes);
    let mut policy = policy.clone();
    policy.data = data.clone();
    let tally = |policy: &Policy| {
        let inputs = Inputs::find(std::slice::from_ref(&path))
            .unwrap()
            .prepared(&policy.data);
        let inputs = inputs.unwrap_or_else(|problems| panic!("{problems:?}"));
        let tally = inputs
            .tally(policy, &())
            .unwrap_or_else(|problems| panic!("{problems:?}"));
        (tally.to_json(), inputs.all()[0].reading().unwrap().clone())
    };
    let (json, reading) = tally(&policy);
    policy.data = reading.data.clone();
    let (again, pinned) = tally(&policy);
    assert_eq!(again, json, "{:?}", reading.data);
    assert_eq!(pinned.data, reading.data);
    drop(folder);
    (json, reading)
}

fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn truth(script: &Script) -> String {
    tallied(script.text(PLAIN).as_bytes(), &script.policy(), &Data::default()).0
}

fn codes(reading: &Reading) -> Vec<&str> {
    reading.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn any_encoding_gives_the_same_bytes() {
    for script in SCRIPTS.iter().chain([&WESTERN]) {
        let expected = truth(script);
        for encoding in script.encodings {
            let bytes = encoded(&script.text(PLAIN), encoding);
            let (found, reading) = tallied(&bytes, &script.policy(), &Data::default());
            assert_eq!(found, expected, "{encoding}: {:?}", reading.notes);
            let is_plain = *encoding == "utf-8";
            assert_eq!(codes(&reading).is_empty(), is_plain, "{encoding}: {:?}", reading.notes);
            if !is_plain {
                let note = &reading.notes[0];
                let pin = format!("--encoding {}", reading.data.encoding.as_deref().unwrap());
                assert_eq!(
                    (note.code.as_str(), note.severity),
                    ("encoding-guessed", Severity::Warning)
                );
                assert!(note.help.as_deref().unwrap().contains(&pin), "{note:?}");
                assert!(
                    note.message.contains(script.names[0]) || note.message.contains(script.cities[3]),
                    "{note:?}"
                );
            }
            let declared = Data {
                encoding: Some((*encoding).to_owned()),
                ..Data::default()
            };
            let (found, reading) = tallied(&bytes, &script.policy(), &declared);
            assert_eq!(
                (found == expected, codes(&reading)),
                (true, vec![]),
                "{encoding}, declared"
            );
        }
    }
}

#[test]
fn marks_say_what_a_text_is() {
    let expected = truth(&WESTERN);
    for encoding in ["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be"] {
        let bytes = encoded(&format!("\u{feff}{}", WESTERN.text(PLAIN)), encoding);
        let (found, reading) = tallied(&bytes, &WESTERN.policy(), &Data::default());
        assert_eq!((found == expected, codes(&reading)), (true, vec![]), "{encoding}");
        let wrong = Data {
            encoding: Some("windows-1252".into()),
            ..Data::default()
        };
        let (found, reading) = tallied(&bytes, &WESTERN.policy(), &wrong);
        assert_eq!(
            (found == expected, codes(&reading)),
            (true, vec!["encoding-mark"]),
            "{encoding}"
        );
    }
}

#[test]
fn any_dialect_gives_the_same_bytes() {
    let expected = truth(&WESTERN);
    let mut dresses = Vec::new();
    for (delimiter, decimal) in [(',', '.'), (',', ','), (';', '.'), (';', ','), ('\t', ','), ('|', '.')] {
        for (end, quote_all, last_end) in [("\n", false, true), ("\r\n", true, false), ("\r", false, false)] {
            dresses.push(Dress {
                delimiter,
                decimal,
                end,
                quote_all,
                last_end,
                ..PLAIN
            });
        }
    }
    for dress in dresses {
        for encoding in ["utf-8", "windows-1252", "utf-16le"] {
            let bytes = encoded(&WESTERN.text(dress), encoding);
            let (found, reading) = tallied(&bytes, &WESTERN.policy(), &Data::default());
            assert_eq!(found, expected, "{:?} {encoding}", dress.delimiter);
            assert_eq!(reading.data.delimiter, Some(dress.delimiter));
        }
    }
}

#[test]
fn what_comes_before_and_after_is_no_part_of_the_table() {
    let expected = truth(&WESTERN);
    let semicolons = Dress {
        delimiter: ';',
        decimal: ',',
        ..PLAIN
    };
    for (before, header, after, rows) in [
        ("Bericht März 2026\n\n", 3, "\n60 Zeilen\n", Some(1)),
        (
            "Report, March\nExported on 1/2/2026;by us;;\n",
            3,
            "Total;;;60\n",
            Some(1),
        ),
        ("Bericht;;;\n;;;\n", 3, ";;;\n;;;\n", Some(2)),
        ("sep=;\n", 2, "", None),
        ("sep=;\nTitel\n", 3, "\x1a", None),
        ("\n\n", 3, "\n\nGenerated by A;;;\n", Some(1)),
        (
            "Von:;1.1.2026\nBis:;31.1.2026\n\n",
            4,
            "\nprinted by us\nnot for\nothers, ever\n",
            Some(3),
        ),
        ("Kunde, A & B\n\n\n", 4, "Gesamtsumme;;;\n\nStand: heute\n", Some(2)),
    ] {
        let dress = Dress {
            before,
            after,
            ..semicolons
        };
        for (encoding, end, quote_all) in [
            ("utf-8", "\n", false),
            ("windows-1252", "\r\n", true),
            ("utf-16be", "\r", false),
        ] {
            let text = WESTERN.text(Dress {
                end,
                quote_all,
                ..dress
            });
            let (found, reading) = tallied(&encoded(&text, encoding), &WESTERN.policy(), &Data::default());
            assert_eq!(found, expected, "{before:?} {after:?} {encoding}");
            assert_eq!(reading.data.header_row, Some(header), "{before:?}");
            assert_eq!(reading.data.footer_rows, rows, "{after:?}");
            let has = |code| codes(&reading).contains(&code);
            assert_eq!(has("rows-at-end-left-out"), rows.is_some(), "{after:?}");
            let is_blank = before.trim_matches(['\n', ';']).is_empty() || before == "sep=;\n";
            assert_eq!(
                has("lines-before-header"),
                !is_blank || before.contains(";;;"),
                "{before:?}"
            );
        }
    }
}

#[test]
fn an_empty_column_at_the_end_is_fine() {
    let dress = Dress {
        trailing: true,
        ..PLAIN
    };
    let (found, reading) = tallied(WESTERN.text(dress).as_bytes(), &WESTERN.policy(), &Data::default());
    assert_eq!(
        (found, codes(&reading)),
        (truth(&WESTERN), vec!["columns-without-names"])
    );
    assert!(
        reading.notes[0]
            .message
            .contains("column 5 has no name and is called `column 5`")
    );
}

#[test]
fn packed_texts_are_the_same_as_others() {
    let expected = truth(&WESTERN);
    let dress = Dress {
        before: "Titel\n",
        after: "\nTotal\n",
        ..PLAIN
    };
    for encoding in ["utf-8", "windows-1252", "utf-32be"] {
        let bytes = encoded(&WESTERN.text(dress), encoding);
        let packed = zstd::encode_all(bytes.as_slice(), 3).unwrap();
        let (found, reading) = tallied(&packed, &WESTERN.policy(), &Data::default());
        assert_eq!(
            (found == expected, reading.data.footer_rows),
            (true, Some(1)),
            "{encoding}"
        );
        assert_eq!(reading.packed, ["zstd"]);
    }
}

#[test]
fn a_long_text_in_other_letters_is_read_as_the_same_in_utf_8() {
    let mut text = WESTERN.text(PLAIN);
    let body = text[text.find('\n').unwrap() + 1..].to_owned();
    text.push_str(&body.repeat(1_000));
    let (expected, reading) = tallied(text.as_bytes(), &WESTERN.policy(), &Data::default());
    assert!(reading.notes.is_empty(), "{:?}", reading.notes);
    for encoding in ["windows-1252", "utf-16le"] {
        let (found, _) = tallied(&encoded(&text, encoding), &WESTERN.policy(), &Data::default());
        assert!(found == expected, "{encoding}");
    }
    // Strange letters only far behind the start.
    let plain = "a,sex,Strasse,hired\n".to_owned() + &"1,f,x,ja\n".repeat(300_000);
    let late = [plain.as_bytes(), b"1,m\xe4nnlich,x,ja\n"].concat();
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.prediction = Some("hired".into());
    let (found, reading) = tallied(&late, &policy, &Data::default());
    assert!(found.contains("männlich"));
    assert!(reading.notes[0].message.contains("`männlich`"), "{:?}", reading.notes);
}

/// What is said to a text that is refused.
fn refused(bytes: &[u8], data: &Data) -> (String, String) {
    let (_folder, path) = written(bytes);
    let mut policy = WESTERN.policy();
    policy.roles.protected = vec!["sex".into()];
    policy.data = data.clone();
    let problems = crate::tally(&[path], &policy, &()).unwrap_err();
    assert!(problems[0].message.contains("a.csv"), "{problems:?}");
    (problems[0].message.clone(), problems[0].help.clone())
}

#[test]
fn what_is_unclear_is_asked() {
    let none = Data::default();
    let encoding = |name: &str| Data {
        encoding: Some(name.into()),
        ..Data::default()
    };
    let header = |row| Data {
        header_row: Some(row),
        ..Data::default()
    };
    let footer = |rows| Data {
        footer_rows: Some(rows),
        ..Data::default()
    };
    let delimiter = |delimiter| Data {
        delimiter: Some(delimiter),
        ..Data::default()
    };
    for (bytes, data, words, help) in [
        (
            b"1,2\n3,4\n5,6\n".as_slice(),
            &none,
            "line 1 looks like a record",
            "`--header-row 0`",
        ),
        (
            b"f,yes,1\nm,no,2\nf,no,3\nm,yes,1\n",
            &none,
            "line 1 looks like a record",
            "--header-row 1",
        ),
        (
            b"T\n\nf,yes\nm,no\nf,no\nm,yes\n",
            &none,
            "line 3 looks like a record",
            "--header-row 3",
        ),
        (
            b"sex,hired\nf,no\nsex,hired\nm,no\n",
            &none,
            "line 3 is the same",
            "--header-row 1",
        ),
        (
            b"sex,hired\n1,f,yes\n2,m,no\n",
            &none,
            "line 1 has 2 fields",
            "--header-row 2",
        ),
        (
            b"sex,hired\nf,yes\nm\n",
            &none,
            "line 3: the record has 1 field",
            "--ragged fill",
        ),
        (
            b"sex,hired\nf,yes\nm,no,1\n",
            &none,
            "line 3: the record has 3 fields",
            "--ragged leave-out",
        ),
        (b"sex,hired\nf,yes\n", &header(7), "line 7", "`--header-row`"),
        (b"\nsex,hired\nf,yes\n", &header(1), "is blank", "`--header-row`"),
        (
            b"sex,hired\nf,a\nf,\x81\x20\n",
            &encoding("shift_jis"),
            "line 3: the bytes at offset 16",
            "without `--encoding Shift_JIS`",
        ),
        (
            b"\xff\xfes\0e\0x\0,\0h\0i\0r\0e\0d\0\n\0",
            &none,
            "has a header and no records",
            "export",
        ),
        (
            b"sex,hired\nf,yes\n",
            &footer(4),
            "`--footer-rows 4` leaves out more",
            "blank",
        ),
        (
            b"sex,hired\nf,yes\n",
            &delimiter('a'),
            "`a` cannot separate",
            "`--delimiter ';'`",
        ),
        (
            b"sex,hired\nf,a\n",
            &encoding("klingon"),
            "`klingon` is no encoding",
            "windows-1252",
        ),
    ] {
        let (message, said) = refused(bytes, data);
        assert!(message.contains(words), "{message}");
        assert!(said.contains(help), "{said}");
    }
}

#[test]
fn stray_bytes_are_noted_and_refused_where_they_matter() {
    let text = |sex: &[u8], other: &[u8]| {
        [
            b"sex,hired,Stra\xc3\x9fe\nf,yes,".as_slice(),
            other,
            b"\n",
            sex,
            b",no,x\n",
        ]
        .concat()
    };
    let mut policy = WESTERN.policy();
    policy.roles.protected = vec!["sex".into()];
    let (_, reading) = tallied(&text(b"m", b"J\xfc"), &policy, &Data::default());
    assert_eq!(codes(&reading), ["stray-bytes"]);
    assert!(reading.notes[0].message.contains("offset 25"), "{:?}", reading.notes);
    let (message, help) = refused(&text(b"m\xe4nnlich", b"x"), &Data::default());
    assert!(
        message.contains("line 3, column `sex`") && help.contains("--encoding windows-1252"),
        "{message} {help}"
    );
}

#[test]
fn without_a_header_columns_are_numbered() {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["column 1".into()];
    policy.roles.prediction = Some("column 2".into());
    let data = Data {
        header_row: Some(0),
        ..Data::default()
    };
    let named = tallied(b"column 1,column 2\nf,yes\nm,no\nf,no\n", &policy, &Data::default()).0;
    for text in [b"f,yes\nm,no\nf,no\n".as_slice(), b"sep=;\r\nf;yes\r\nm;no\r\nf;no\r\n"] {
        let (found, reading) = tallied(text, &policy, &data);
        assert_eq!((found == named, codes(&reading)), (true, vec!["columns-without-names"]));
    }
}

#[test]
fn ragged_records_become_what_was_asked_for() {
    let mut policy = WESTERN.policy();
    policy.roles.protected = vec!["sex".into()];
    let text = b"hired,x,sex\nyes,1,f\nno,2\nno,3,m,4,5\n\nyes,\"5\n\",f\nyes\n";
    let data = |ragged| Data {
        ragged: Some(ragged),
        footer_rows: Some(0),
        ..Data::default()
    };
    let (found, reading) = tallied(text, &policy, &data(Ragged::LeaveOut));
    assert_eq!(
        found,
        tallied(b"hired,sex\nyes,f\nyes,f\n", &policy, &Data::default()).0
    );
    let note = reading.notes.iter().find(|note| note.code == "ragged-records").unwrap();
    assert!(
        note.message.contains("3 records have more or fewer fields") && note.message.contains("line 3"),
        "{note:?}"
    );

    let (message, _) = refused(text, &data(Ragged::Fill));
    assert!(message.contains("line 4: the record has 5 fields"), "{message}");
    let (found, reading) = tallied(b"hired,x,sex\nyes,1,f\nno,2\nyes\n", &policy, &data(Ragged::Fill));
    assert_eq!(
        found,
        tallied(b"hired,sex\nyes,f\nno,\nyes,\n", &policy, &Data::default()).0
    );
    let note = reading.notes.iter().find(|note| note.code == "ragged-records").unwrap();
    assert!(note.message.contains("2 records have fewer fields"), "{note:?}");
}

#[test]
fn a_header_that_comes_again_is_left_out() {
    let expected = truth(&WESTERN);
    let text = WESTERN.text(PLAIN);
    let (header, records) = text.split_once('\n').unwrap();
    let half = records.match_indices('\n').nth(3).unwrap().0 + 1;
    let again = format!("{header}\n{}{header}\n{}", &records[..half], &records[half..]);
    let declared = Data {
        header_row: Some(1),
        ..Data::default()
    };
    let (found, reading) = tallied(again.as_bytes(), &WESTERN.policy(), &declared);
    assert_eq!(found, expected, "{:?}", reading.notes);
    assert!(reading.notes[0].message.contains("line 6"), "{:?}", reading.notes);

    // Far behind what is looked at first.
    let many = records.repeat(2_000);
    let (expected, _) = tallied(
        format!("{header}\n{many}{many}").as_bytes(),
        &WESTERN.policy(),
        &Data::default(),
    );
    let again = format!("{header}\n{many}{header}\n{many}");
    let (_, path) = &written(again.as_bytes());
    let mut policy = WESTERN.policy();
    let inputs = Inputs::find(std::slice::from_ref(path)).unwrap();
    let problems = inputs.prepared(&policy.data).unwrap().tally(&policy, &()).unwrap_err();
    let line = 2 + many.matches('\n').count();
    assert!(problems[0].message.contains(&format!("line {line}")), "{problems:?}");
    assert!(problems[0].help.contains("--ragged leave-out"), "{problems:?}");
    policy.data.ragged = Some(Ragged::LeaveOut);
    let (found, reading) = tallied(again.as_bytes(), &policy, &policy.data);
    assert_eq!(
        (found == expected, codes(&reading)),
        (true, vec!["repeated-headers-left-out"])
    );
}

#[test]
fn a_line_of_dashes_below_the_header_is_no_record() {
    let expected = truth(&WESTERN);
    let (header, records) = WESTERN
        .text(PLAIN)
        .split_once('\n')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let text = format!("{header}\n-----,---,------,-\n{records}");
    let (found, reading) = tallied(text.as_bytes(), &WESTERN.policy(), &Data::default());
    assert_eq!(
        (found == expected, codes(&reading)),
        (true, vec!["rule-below-header"]),
        "{:?}",
        reading.notes
    );
}

#[test]
fn an_encoding_that_was_said_and_is_hardly_so_is_doubted() {
    for said in ["windows-1252", "shift_jis"] {
        let declared = Data {
            encoding: Some(said.to_owned()),
            ..Data::default()
        };
        let (folder, path) = written(WESTERN.text(PLAIN).as_bytes());
        let inputs = Inputs::find(&[path]).unwrap();
        let Ok(inputs) = inputs.prepared(&declared) else {
            continue;
        };
        let reading = inputs.all()[0].reading().unwrap();
        assert_eq!(codes(reading), ["encoding-doubtful"], "{said}");
        drop(folder);
    }
}

#[test]
fn a_last_record_without_a_name_may_be_a_total() {
    for (first, expected) in [("", vec!["row-like-a-total"]), ("9", vec![])] {
        let records = "1,f,yes\n2,m,no\n".repeat(6);
        let text = format!("id,sex,hired\n{records}{first},f,yes\n");
        let (_folder, path) = written(text.as_bytes());
        let inputs = Inputs::find(&[path]).unwrap().prepared(&Data::default()).unwrap();
        assert_eq!(codes(inputs.all()[0].reading().unwrap()), expected);
    }
}

#[test]
fn a_total_among_records_is_counted_and_said() {
    let mut policy = WESTERN.policy();
    policy.roles.protected = vec!["sex".into()];
    let (_, reading) = tallied(
        b"sex,hired,n\nf,yes,3\nm,no,4\nTotal,both,7\n",
        &policy,
        &Data::default(),
    );
    assert_eq!(codes(&reading), ["row-like-a-total"]);
    assert!(reading.notes[0].help.as_deref().unwrap().contains("`--footer-rows 1`"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_is_read_the_same_with_what_was_found_as_flags(
        start in prop::sample::select(vec!["", "sex,hired\n", "\u{feff}sex;hired\r\n", "sep=|\nsex|hired\r", "T\n\nsex\thired\tn\n"]),
        lines in prop::collection::vec(prop::collection::vec(prop::sample::select(vec![
            "f", "m", "yes", "no", ",", ",", ";", "\t", "|", "\n", "\r\n", "\n\n", "\"", "é", "Total", " ", "1,5", "\x1a", "x y",
        ]), 0..9), 0..12),
        latin in any::<bool>(),
    ) {
        let text = start.to_owned() + &lines.iter().map(|line| line.concat() + "\n").collect::<String>();
        let bytes = if latin { encoded(&text.replace('\u{feff}', ""), "windows-1252") } else { text.into_bytes() };
        let (_folder, path) = written(&bytes);
        let mut policy = WESTERN.policy();
        policy.roles.protected = vec!["sex".into()];
        let found = crate::tally(std::slice::from_ref(&path), &policy, &());
        if let Ok(inputs) = Inputs::find(std::slice::from_ref(&path)).unwrap().prepared(&Data::default()) {
            policy.data = inputs.all()[0].reading().unwrap().data.clone();
            let pinned = crate::tally(std::slice::from_ref(&path), &policy, &());
            match (found, pinned) {
                (Ok(found), Ok(pinned)) => prop_assert_eq!(found.to_json(), pinned.to_json()),
                (Err(found), Err(pinned)) => prop_assert_eq!(found, pinned),
                (found, pinned) => prop_assert!(false, "{found:?} and {pinned:?}"),
            }
        } else {
            prop_assert!(found.is_err());
        }
    }
}
