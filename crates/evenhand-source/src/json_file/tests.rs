//! Tests of JSON in all its shapes, and of what is none.

use std::io::Write as _;

use evenhand_measure::Fault;
use evenhand_measure::policy::Data;

use crate::dressed::{assert_same, policy, prepared, refused, survives, table, tally};

const LINES: &str = r#"{"sex":"f","hired":true,"score":0.9,"n":1,"region":"north, upper"}
{"sex":"m","hired":false,"score":0.25,"n":2,"region":"south"}

{"sex":"f","hired":false,"score":null,"n":3,"region":""}
{"sex":null,"hired":true,"score":1.0,"n":4,"region":"s\u00fcd"}
{"sex":"m","hired":true,"score":1e-07,"n":5,"region":"say \"no\""}
"#;

fn listed() -> String {
    let records: Vec<&str> = LINES.lines().filter(|line| !line.is_empty()).collect();
    format!("[{}]", records.join(",\n "))
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn data(records: &str) -> Data {
    Data {
        records: Some(records.to_owned()),
        ..Data::default()
    }
}

#[test]
fn the_same_table_gives_the_same_tally() {
    let list = listed();
    let wide = |text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        let letters = text.encode_utf16().flat_map(bytes);
        [mark, &letters.collect::<Vec<u8>>()].concat()
    };
    for (name, bytes) in [
        ("lines.jsonl", LINES.as_bytes().to_vec()),
        ("lines.txt", LINES.replace('\n', "\r\n").into_bytes()),
        ("marked.json", [b"\xef\xbb\xbf", LINES.as_bytes()].concat()),
        ("absent.jsonl", LINES.replace("\"score\":null,", "").replace("\"sex\":null,", "").into_bytes()),
        ("nan.jsonl", LINES.replace("null,\"n\"", "NaN,\"n\"").into_bytes()),
        ("list.json", list.clone().into_bytes()),
        ("within.json", format!("{{\"ok\":true,\"data\":{{\"n\":5,\"items\":{list}}}}}").into_bytes()),
        ("lines.jsonl.gz", gzipped(LINES.as_bytes())),
        ("list.json.zst", zstd::encode_all(list.as_bytes(), 3).unwrap()),
        ("wide.json", wide(&list, b"\xff\xfe", u16::to_le_bytes)),
        ("wide.jsonl", wide(LINES, b"\xfe\xff", u16::to_be_bytes)),
        (
            "lists.json",
            br#"[["sex","hired","score","n","region"],["f",true,0.9,1,"north, upper"],["m",false,0.25,2,"south"],
            ["f",false,null,3,null],[null,true,1.0,4,"s\u00fcd"],["m",true,1e-7,5,"say \"no\""]]"#
                .to_vec(),
        ),
        (
            "split.json",
            br#"{"columns":["sex","hired","score","n","region"],"index":[0,1,2,3,4],"data":[["f",true,0.9,1,"north, upper"],
            ["m",false,0.25,2,"south"],["f",false,null,3,null],[null,true,1.0,4,"s\u00fcd"],
            ["m",true,1e-7,5,"say \"no\""]]}"#
                .to_vec(),
        ),
        (
            "columns.json",
            br#"{"sex":["f","m","f",null,"m"],"hired":[true,false,false,true,true],"score":[0.9,0.25,NaN,1.0,1e-7],
            "n":[1,2,3,4,5],"region":["north, upper","south","","s\u00fcd","say \"no\""]}"#
                .to_vec(),
        ),
        (
            "numbered.json",
            br#"{"sex":{"0":"f","1":"m","2":"f","3":null,"4":"m"},"hired":{"0":true,"1":false,"2":false,"3":true,"4":true},
            "score":{"0":0.9,"1":0.25,"2":null,"3":1.0,"4":1e-7},"n":{"0":1,"1":2,"2":3,"3":4,"4":5},
            "region":{"0":"north, upper","1":"south","2":"","3":"s\u00fcd","4":"say \"no\""}}"#
                .to_vec(),
        ),
        (
            "index.json",
            LINES
                .lines()
                .filter(|line| !line.is_empty())
                .enumerate()
                .map(|(index, line)| format!("{}\"{index}\":{line}", if index == 0 { "{" } else { "," }))
                .chain(["}".to_owned()])
                .collect::<String>()
                .into_bytes(),
        ),
    ] {
        assert_same(name, &bytes);
    }
}

#[test]
fn objects_within_objects_have_dotted_names() {
    let nested = r#"{"user":{"sex":"f","home":{"zip":"00501"}},"hired":"yes"}
{"user":null,"hired":"no","why":[]}
{"user":{"home":{"zip":"10001"},"sex":"m"},"hired":"yes"}
"#;
    let (text, notes) = table("nested.jsonl", nested.as_bytes(), &Data::default());
    assert_eq!(
        text,
        "user.sex,user.home.zip,hired,why\nf,00501,yes,\n,,no,[]\nm,10001,yes,\n"
    );
    assert_eq!(notes, ["absent-names"]);
    let mut policy = policy();
    policy.roles = evenhand_measure::Policy::default().roles;
    policy.roles.protected = vec!["user.sex".into()];
    policy.roles.prediction = Some("hired".into());
    let flat = "hired,user.sex\nyes,f\nno,\nyes,m\n";
    assert_eq!(
        tally(&[("nested.jsonl", nested.as_bytes())], &policy),
        tally(&[("flat.csv", flat.as_bytes())], &policy)
    );
}

#[test]
fn recommendations_in_batches_come_out_ready_to_be_taken_apart() {
    let line = r#"{"input":{"userId":"105"},"output":{"recommendedItems":["106","10\"7"],"scores":[0.9,8e-1, 1]},"error":null}"#;
    let expected = "input.userId,output.recommendedItems,output.scores,error\n\
        105,\"[\"\"106\"\",\"\"10\\\"\"7\"\"]\",\"[0.9,0.8,1]\",\n";
    let (text, notes) = table("one.json.out", line.as_bytes(), &Data::default());
    assert_eq!((text.as_str(), notes), (expected, vec!["one-record".to_owned()]));
    let two = format!("{line}\n{}", line.replace("null", "\"no such user\""));
    let (text, notes) = table("two.json.out", two.as_bytes(), &Data::default());
    assert!(
        text.starts_with(expected) && text.ends_with("\",no such user\n"),
        "{text}"
    );
    assert!(notes.is_empty());
}

#[test]
fn numbers_keep_what_they_are() {
    let text = r#"[{"id":12345678901234567890123,"a":-0,"b":1e3,"c":0.10,"d":1e999,"e":-Infinity,"f":[1.50,NaN,{"x":Infinity}]}]"#;
    let (text, notes) = table("numbers.json", text.as_bytes(), &Data::default());
    assert_eq!(
        text,
        "id,a,b,c,d,e,f\n12345678901234567890123,0,1000.0,0.1,1e999,-inf,\"[1.5,null,{\"\"x\"\":\"\"inf\"\"}]\"\n"
    );
    assert_eq!(notes, ["not-a-number"]);
}

#[test]
fn several_lists_are_a_question_whose_flags_answer_it() {
    let text = br#"{"meta":{"fields":[{"name":"sex"}]},"data":[{"sex":"f"},{"sex":"m"}],"total":2}"#;
    let problem = refused("two.json", text, &Data::default());
    assert!(
        problem
            .message
            .contains("`meta.fields` (1 entries), `data` (2 entries)"),
        "{problem}"
    );
    assert_eq!(problem.help, "say which: `--records meta.fields`, `--records data`");
    let (table_of, notes) = table("two.json", text, &data("data"));
    assert_eq!(table_of, "sex\nf\nm\n");
    assert_eq!(notes, ["beside-records"]);
    assert_eq!(table("two.json", text, &data("meta.fields")).0, "name\nsex\n");
    let problem = refused("two.json", text, &data("dat"));
    assert_eq!(problem.fault, Fault::Usage);
    assert!(problem.help.contains("--records data"), "{problem}");
    assert_eq!(
        refused("l.jsonl", b"{\"a\":1}\n{\"a\":2}", &data("a")).fault,
        Fault::Usage
    );
    assert_eq!(refused("l.json", b"[{\"a\":1}]", &data("a")).fault, Fault::Usage);
}

#[test]
fn how_it_was_read_is_a_setting() {
    let folder = tempfile::TempDir::new().unwrap();
    let bytes = br#"{"page":1,"result":{"rows":[{"a":"b"}]}}"#;
    let inputs = prepared(&folder, "x.json", bytes, &Data::default()).unwrap();
    let reading = inputs.all()[0].reading().unwrap();
    assert_eq!(reading.data.records.as_deref(), Some("result.rows"));
    let again = prepared(&folder, "x.json", bytes, &reading.data).unwrap();
    assert_eq!(again.all()[0].reading().unwrap(), reading);
    let inputs = prepared(
        &folder,
        "y.jsonl.gz",
        &gzipped(b"{\"a\":1}\n{\"a\":2}\n"),
        &Data::default(),
    )
    .unwrap();
    let reading = inputs.all()[0].reading().unwrap();
    assert_eq!(
        (reading.format.name(), reading.packed.as_slice()),
        ("JSON lines", ["gzip".to_owned()].as_slice())
    );
}

#[test]
fn problems_of_values_name_their_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("x.jsonl");
    std::fs::write(&path, LINES.replace("\"n\":4", "\"n\":-4")).unwrap();
    let problems = crate::tally(&[path], &policy(), &()).unwrap_err();
    assert!(problems[0].message.contains("line 5"), "{problems:?}");
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    let deep = format!("[{{\"a\":{}", "[".repeat(200_000));
    let nested = format!("{{\"a\":{}", "{\"a\":".repeat(500));
    for (text, words) in [
        ("{\"a\":1}\n{\"a\":1,}", "line 2, byte 8"),
        ("{\"a\":1}\n{\"a\":1", "ends in the middle"),
        ("[{\"a\":1},{\"a\":2}", "ends in the middle"),
        ("[{\"a\":1}]\n[{\"a\":2}]", "follows after the list"),
        ("[{\"a\":1},{\"b\":2,\"b\":3}]", "has `b` twice"),
        ("[{\"a\":{\"b\":2},\"a\":{\"c\":3}}]", "has `a` twice"),
        ("[{\"a.b\":1,\"a\":{\"b\":2}}]", "has `a.b` twice"),
        ("[{\"a\":1},3]", "no record"),
        ("[{\"a\":1},[3]]", "no record"),
        ("{\"a\":1}\n[3]", "no record"),
        ("[[1,2],[3,4]]", "names of the columns"),
        ("[[\"a\",\"b\"],[3]]", "entry 2 has 1 values"),
        ("[[\"a\",\"b\"]]", "a header and no records"),
        ("[]", "no records"),
        ("[{},{}]", "records are empty"),
        ("{}", "records are empty"),
        ("{\n\"a\":1}", "over several lines"),
        (
            "{\"x\":{\"a\":1,\"b\":2},\"y\":{\"a\":1,\"b\":2},\"z\":{\"a\":1,\"b\":2}}",
            "rows or columns",
        ),
        ("{\"a\":[1,2],\"a\":[1,2]}", "twice"),
        ("{\"a\":01}", "a number that is not"),
        ("{\"a\":1.}", "a number that is not"),
        ("{\"a\":--1}", "a number that is not"),
        ("{\"a\":nul}", "none of true"),
        ("{a:1}", "double quotes"),
        ("{\"a\" 1}", "no colon"),
        ("{\"a\":1 \"b\":2}", "no comma"),
        ("{\"a\":\"\\ud800\"}", "half a letter"),
        ("{\"a\":\"\\ud800\\u0041\"}", "half a letter"),
        ("{\"a\":\"\\u0000\"}", "zero character"),
        ("{\"a\":\"\\x\"}", "backslash"),
        ("{\"a\":\"tab\there\"}", "control character"),
        (&deep, "deep in each other"),
        (&nested, "deep in each other"),
    ] {
        let problem = refused("x.json", text.as_bytes(), &Data::default());
        assert!(problem.message.contains(words), "{words}: {problem}");
    }
    let problem = refused("x.json", b"{\"a\":\"caf\xe9\"}", &Data::default());
    assert!(problem.help.contains("--encoding windows-1252"), "{problem}");
    let data = Data {
        encoding: Some("windows-1252".to_owned()),
        ..Data::default()
    };
    assert_eq!(table("x.json", b"[{\"a\":\"caf\xe9\"}]", &data).0, "a\ncafé\n");
}

#[test]
fn letters_of_two_bytes_need_no_mark() {
    let text = "[{\"a\":\"café\"}]";
    for units in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(units).collect();
        assert_eq!(table("x.json", &bytes, &Data::default()).0, "a\ncafé\n");
    }
}

#[test]
fn an_encoding_that_is_said_is_of_use() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("x.json");
    std::fs::write(&path, b"[{\"a\":\"caf\xe9\"}]").unwrap();
    let data = Data {
        encoding: Some("windows-1252".to_owned()),
        ..Data::default()
    };
    let inputs = crate::input::Inputs::find(&[path]).unwrap().prepared(&data);
    assert!(inputs.is_ok(), "{inputs:?}");
}

#[test]
fn ragged_lists_are_filled_or_left_out_when_that_is_asked_for() {
    let text = br#"[["a","b"],["1"],["2","3"],["4","5","6"]]"#;
    let data = Data {
        ragged: Some(evenhand_measure::policy::Ragged::LeaveOut),
        ..Data::default()
    };
    let (left, notes) = table("x.json", text, &data);
    assert_eq!(
        (left.as_str(), notes),
        ("a,b\n2,3\n", vec!["ragged-records".to_owned()])
    );
    let data = Data {
        ragged: Some(evenhand_measure::policy::Ragged::Fill),
        ..Data::default()
    };
    assert_eq!(
        table("x.json", br#"[["a","b"],["1"],["2","3"]]"#, &data).0,
        "a,b\n1,\n2,3\n"
    );
    assert!(refused("x.json", text, &data).message.contains("entry 4 has 3 values"));
}

#[test]
fn what_is_huge_is_refused_soon() {
    let begun = std::time::Instant::now();
    let names: String = (0..1 << 20).map(|n| format!("\"k{n}\":1,")).collect();
    let problem = refused(
        "keys.jsonl",
        format!("{{{names}\"end\":1}}\n{{}}").as_bytes(),
        &Data::default(),
    );
    assert!(problem.message.contains("10,000 different names"), "{problem}");
    let text = "x".repeat(20 << 20);
    for huge in [
        format!("[{{\"a\":\"{text}\"}}]"),
        format!("[{{\"a\":[\"{}\",\"{}\"]}}]", &text[..9 << 20], &text[..9 << 20]),
        format!("[{{\"a\":{}}}]", "1".repeat(20 << 20)),
        format!("{{\"{text}\":1}}"),
    ] {
        let problem = refused("huge.json", huge.as_bytes(), &Data::default());
        assert!(problem.message.contains("longer than 16 MB"), "{problem}");
    }
    let lists: String = (0..2_000).map(|n| format!("\"k{n}\":[1],")).collect();
    let problem = refused("lists.json", format!("{{{lists}\"a\":1}}").as_bytes(), &Data::default());
    assert!(problem.message.contains("more than 1000 lists"), "{problem}");
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

#[test]
fn damage_is_refused_or_counted() {
    let (read, refused) = survives("x.jsonl", LINES.as_bytes(), 600);
    assert!(read > 20 && refused > 200, "{read} {refused}");
    let (read, refused) = survives("x.json", listed().as_bytes(), 600);
    assert!(read > 20 && refused > 200, "{read} {refused}");
}

#[test]
fn what_serde_reads_is_read_and_the_rest_is_not() {
    let mut state = 7u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let parts = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"b\"",
        "1",
        "-2.5e3",
        "true",
        "null",
        " ",
        "\n",
        "\"\\u00e9\"",
        "0",
        "\\",
        "e",
    ];
    let (mut good, mut bad) = (0, 0);
    for _ in 0..30_000 {
        let length = 1 + next(9);
        let text: String = (0..length).map(|_| parts[next(parts.len() as u64) as usize]).collect();
        let expected = match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => true,
            // What is too large for a number is its text here, so reading goes on.
            Err(error) if error.to_string().contains("out of range") => continue,
            Err(_) => false,
        };
        assert_eq!(is_read(&text), expected, "{text}");
        if expected { good += 1 } else { bad += 1 }
    }
    assert!(good > 500 && bad > 1_000, "{good} {bad}");
}

/// Whether the text is one JSON document.
fn is_read(text: &str) -> bool {
    let mut keeper = crate::input::Keeper::default();
    keeper.write_all(text.as_bytes()).unwrap();
    let input = crate::input::Input::named(std::path::Path::new("x.json")).member("x", keeper.finish());
    let mut tokens = super::Tokens::new(&input, input.stored().unwrap());
    let whole = tokens.next().and_then(|token| match token {
        super::Token::End => Err(tokens.broken("nothing")),
        token => tokens.skip(token),
    });
    whole.is_ok() && matches!(tokens.next(), Ok(super::Token::End))
}
