//! A recommender's lists, in any dress, give the tally of the same table with one row per entry, byte for byte.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use evenhand_measure::policy::{Data, Join};
use evenhand_measure::{Policy, Problem};
use evenhand_source::Inputs;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::TempDir;

const LISTS: u64 = 300;
const ITEMS: u64 = 40;
const LONGEST: usize = 6;

/// A list of a user: item, score and whether it was clicked.
struct List {
    user: String,
    entries: Vec<(String, f64, bool)>,
}

/// The same lists at every call. Some are empty, and some users and items are in no table.
fn lists() -> Vec<List> {
    let mut state = 17u64;
    let mut below = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    (0..LISTS)
        .map(|number| {
            let length = if number == 0 { 3 } else { below(LONGEST as u64 + 1) };
            let entry = |rank: u64, item: u64, clicked: u64| {
                (format!("item, no. {item}"), 1.0 / (rank + 1) as f64, clicked == 0)
            };
            List {
                user: format!("{:03}", number % 90),
                entries: (0..length).map(|rank| entry(rank, below(ITEMS), below(3))).collect(),
            }
        })
        .collect()
}

fn sex(user: &str) -> Option<&'static str> {
    let number: u64 = user.parse().unwrap();
    ["f", "m", "x", ""].get(number as usize % 5).copied()
}

fn region(item: &str) -> Option<&'static str> {
    let number: u64 = item.trim_start_matches("item, no. ").parse().unwrap();
    ["north", "south"].get(number as usize % 3).copied()
}

fn yes(clicked: bool) -> &'static str {
    if clicked { "yes" } else { "no" }
}

/// The truth, with one row per entry.
fn long() -> String {
    let mut text = "user_id,item,score,clicked,list,rank,user.sex,item.region\n".to_owned();
    for (list, List { user, entries }) in lists().into_iter().enumerate() {
        for (rank, (item, score, clicked)) in entries.into_iter().enumerate() {
            let (sex, region) = (sex(&user).unwrap_or_default(), region(&item).unwrap_or_default());
            let clicked = yes(clicked);
            let (list, rank) = (list + 1, rank + 1);
            writeln!(
                text,
                "{user},\"{item}\",{score:?},{clicked},{list},{rank},{sex},{region}"
            )
            .unwrap();
        }
    }
    text
}

/// A table with one list per record, whose cells `cell` writes.
fn in_cells(cell: impl Fn(&[String]) -> String) -> String {
    let mut text = "user_id,recommendedItems,score,clicked\n".to_owned();
    for List { user, entries } in lists() {
        let items: Vec<String> = entries.iter().map(|(item, ..)| item.clone()).collect();
        let scores: Vec<String> = entries.iter().map(|(_, score, _)| format!("{score:?}")).collect();
        let clicked: Vec<String> = entries.iter().map(|(.., clicked)| yes(*clicked).to_owned()).collect();
        let cells = [items, scores, clicked].map(|list| format!("\"{}\"", cell(&list).replace('"', "\"\"")));
        writeln!(text, "{user},{}", cells.join(",")).unwrap();
    }
    text
}

/// A table with one column per place.
fn wide() -> String {
    let places = 1..=LONGEST;
    let columns = |name: &str| {
        places
            .clone()
            .map(|place| format!("{name}_{place}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let mut text = format!(
        "{},user_id,{},{}\n",
        columns("rec"),
        columns("score"),
        columns("clicked")
    );
    for List { user, entries } in lists() {
        let column = |cell: &dyn Fn(&(String, f64, bool)) -> String| {
            let cells = (0..LONGEST).map(|place| entries.get(place).map(cell).unwrap_or_default());
            cells.collect::<Vec<_>>().join(",")
        };
        let items = column(&|(item, ..)| format!("\"{item}\""));
        let scores = column(&|(_, score, _)| format!("{score:?}"));
        let clicked = column(&|(.., clicked)| yes(*clicked).to_owned());
        writeln!(text, "{items},{user},{scores},{clicked}").unwrap();
    }
    text
}

/// A Parquet file with lists of its own.
fn parquet() -> Vec<u8> {
    let list = |name: &str, kind: &str| {
        format!("OPTIONAL GROUP {name} (LIST) {{ REPEATED GROUP list {{ OPTIONAL {kind}; }} }}")
    };
    let schema = format!(
        "message rows {{ REQUIRED BYTE_ARRAY user_id (UTF8); {} {} {} }}",
        list("recommendedItems", "BYTE_ARRAY element (UTF8)"),
        list("score", "DOUBLE element"),
        list("clicked", "BYTE_ARRAY element (UTF8)"),
    );
    let schema = Arc::new(parse_message_type(&schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_data_page_row_count_limit(70).build());
    let mut file = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut file, schema, properties).unwrap();
    for part in lists().chunks(110) {
        let mut levels: (Vec<i16>, Vec<i16>) = Default::default();
        for List { entries, .. } in part {
            // A list without entries is empty, or missing.
            let empty = entries
                .is_empty()
                .then_some((i16::from(levels.0.len().is_multiple_of(2)), 0));
            let filled = (0..entries.len()).map(|rank| (3, i16::from(rank > 0)));
            levels.extend(empty.into_iter().chain(filled));
        }
        let entries = || part.iter().flat_map(|list| &list.entries);
        let texts = |texts: Vec<&str>| texts.into_iter().map(ByteArray::from).collect::<Vec<_>>();
        let users = texts(part.iter().map(|list| list.user.as_str()).collect());
        let items = texts(entries().map(|(item, ..)| item.as_str()).collect());
        let clicked = texts(entries().map(|(.., clicked)| yes(*clicked)).collect());
        let scores: Vec<f64> = entries().map(|(_, score, _)| *score).collect();
        let (def, rep) = (Some(levels.0.as_slice()), Some(levels.1.as_slice()));
        let mut group = writer.next_row_group().unwrap();
        for number in 0..4 {
            let mut column = group.next_column().unwrap().unwrap();
            match number {
                0 => column.typed::<ByteArrayType>().write_batch(&users, None, None),
                1 => column.typed::<ByteArrayType>().write_batch(&items, def, rep),
                2 => column.typed::<DoubleType>().write_batch(&scores, def, rep),
                _ => column.typed::<ByteArrayType>().write_batch(&clicked, def, rep),
            }
            .unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    file
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn users() -> String {
    let users = (0..90u64).map(|number| format!("{number:03}"));
    let known = users.filter_map(|user| Some(format!("{},{user}\n", sex(&user)?)));
    "sex,user_id\n".to_owned() + &known.collect::<String>()
}

fn items() -> String {
    let items = (0..ITEMS).map(|number| format!("item, no. {number}"));
    let known = items.filter_map(|item| Some(format!("\"{item}\";{}\n", region(&item)?)));
    "item_id;region\n".to_owned() + &known.collect::<String>()
}

/// Users and items, and a file of this name.
fn room(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("users.csv"), users()).unwrap();
    fs::write(folder.path().join("items.csv.gz"), gzip(&items())).unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("clicked".to_owned());
    policy.roles.protected = ["user.sex", "item.region"].map(String::from).to_vec();
    policy.roles.strata = ["rank", "score"].map(String::from).to_vec();
    policy.roles.cluster = Some("list".to_owned());
    policy
}

fn data(folder: &TempDir, explode: &[&str]) -> Data {
    let join = |file: &str, on: &str, key: Option<&str>, side: &str| Join {
        file: folder.path().join(file).display().to_string().into(),
        on: on.to_owned(),
        key: key.map(str::to_owned),
        side: Some(side.to_owned()),
    };
    Data {
        explode: explode.iter().map(|name| (*name).to_owned()).collect(),
        joins: vec![
            join("users.csv", "user_id", None, "user"),
            join("items.csv.gz", "item", Some("item_id"), "item"),
        ],
        ..Data::default()
    }
}

/// The tally of a file, as bytes, and the codes of the notes on how it was read.
fn tally(path: &PathBuf, policy: &Policy) -> Result<(String, Vec<String>), Vec<Problem>> {
    let inputs = Inputs::find(std::slice::from_ref(path))?.prepared(&policy.data)?;
    let notes = inputs.all()[0]
        .reading()
        .map(|reading| reading.notes.clone())
        .unwrap_or_default();
    let tally = inputs.tally(policy, &())?;
    Ok((tally.to_json(), notes.into_iter().map(|note| note.code).collect()))
}

#[test]
fn lists_in_any_dress_give_the_tally_of_their_entries() {
    let (_folder, path) = room("long.csv", long().as_bytes());
    let (truth, _) = tally(&path, &policy()).unwrap();
    let json = |list: &[String]| {
        let entry = |text: &String| match text.parse::<f64>() {
            Ok(_) => text.clone(),
            Err(_) => serde_json::to_string(text).unwrap(),
        };
        format!("[{}]", list.iter().map(entry).collect::<Vec<_>>().join(","))
    };
    let python = |list: &[String]| match list {
        [] => "None".to_owned(),
        list => format!("['{}']", list.join("', '")),
    };
    let braces = |list: &[String]| format!("{{\"{}\"}}", list.join("\",\"")).replace("{\"\"}", "{}");
    let in_lists = ["recommendedItems", "score", "clicked"];
    let in_columns = ["rec_*", "score_*", "clicked_*"];
    let dresses: [(&str, Vec<u8>, &[&str]); 8] = [
        ("json.csv", in_cells(json).into_bytes(), &in_lists),
        ("json.csv.gz", gzip(&in_cells(json)), &in_lists),
        ("python.csv", in_cells(python).into_bytes(), &in_lists),
        ("braces.csv", in_cells(braces).into_bytes(), &in_lists),
        ("bars.csv", in_cells(|list| list.join("|")).into_bytes(), &in_lists),
        (
            "semicolons.csv",
            in_cells(|list| list.join(" ; ")).into_bytes(),
            &in_lists,
        ),
        ("wide.csv", wide().into_bytes(), &in_columns),
        ("lists.parquet", parquet(), &in_lists),
    ];
    for (name, bytes, explode) in dresses {
        let (folder, path) = room(name, &bytes);
        let policy = Policy {
            data: data(&folder, explode),
            ..policy()
        };
        let (found, notes) = tally(&path, &policy).unwrap();
        assert!(found == truth, "{name}");
        for code in ["lists-taken-apart", "lists-without-entries", "unmatched-keys"] {
            assert!(notes.iter().any(|note| note == code), "{name}: {notes:?}");
        }
    }
}

#[test]
fn a_table_of_rows_can_be_joined_as_well() {
    let (_folder, path) = room("long.csv", long().as_bytes());
    let (truth, _) = tally(&path, &policy()).unwrap();
    let bare: String = long()
        .lines()
        .map(|line| line.rsplitn(3, ',').last().unwrap().to_owned() + "\n")
        .collect();
    let (folder, path) = room("bare.csv", bare.as_bytes());
    let policy = Policy {
        data: data(&folder, &[]),
        ..policy()
    };
    assert!(tally(&path, &policy).unwrap().0 == truth);
}

#[test]
fn what_was_found_out_reads_it_the_same_way() {
    let (folder, path) = room("bars.csv", in_cells(|list| list.join("|")).as_bytes());
    let mut policy = Policy {
        data: data(&folder, &["recommendedItems", "score", "clicked"]),
        ..policy()
    };
    let inputs = Inputs::find(std::slice::from_ref(&path))
        .unwrap()
        .prepared(&policy.data)
        .unwrap();
    let found = inputs.all()[0].reading().unwrap().data.clone();
    assert_eq!(found.separator.as_deref(), Some("|"));
    let first = tally(&path, &policy).unwrap().0;
    policy.data = found;
    assert!(tally(&path, &policy).unwrap().0 == first);
}

#[test]
fn a_value_that_cannot_be_used_is_named_with_its_line() {
    let text = "user_id,items,w\nu1,a|b,1|1\nu2,c|d,1|x\n";
    let (folder, path) = room("bars.csv", text.as_bytes());
    let mut policy = Policy {
        data: Data {
            joins: Vec::new(),
            ..data(&folder, &["items", "w"])
        },
        ..Policy::default()
    };
    policy.roles.prediction = Some("item".to_owned());
    policy.roles.protected = vec!["user_id".to_owned()];
    policy.roles.weight = Some("w".to_owned());
    let problem = tally(&path, &policy).unwrap_err().remove(0);
    assert!(
        problem
            .message
            .contains("bars.csv`, line 3, column `w`: `x` is not a number"),
        "{problem}"
    );
}
