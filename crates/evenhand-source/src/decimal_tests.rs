//! Tests of what separates fractions: texts follow the setting, and numbers that are stored as numbers do not.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use evenhand_measure::policy::{Bins, Decimal, Join, Threshold};
use evenhand_measure::{Policy, Problem};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::TempDir;

use crate::{Inputs, guess, questions};

/// Scores are texts with a comma in all other dresses, and weights are stored as numbers.
const CSV: &str = "sex,hired,score,weight\nf,yes,0.75,1.234\nm,no,0.25,0.5\nf,no,0.1,2.0\nm,yes,0.9,1.5\n";

const SEX: [&str; 4] = ["f", "m", "f", "m"];
const HIRED: [&str; 4] = ["yes", "no", "no", "yes"];
const SCORES: [&str; 4] = ["0,75", "0,25", "0,1", "0,9"];
const WEIGHTS: [f64; 4] = [1.234, 0.5, 2.0, 1.5];

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.label = Some("hired".into());
    policy.roles.score = Some("score".into());
    policy.roles.threshold = Some(Threshold::AtLeast(0.5));
    policy.roles.weight = Some("weight".into());
    policy
}

/// The median of what is stored as numbers, in bins of what is text.
fn settled() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into(), "score".into()];
    policy.roles.score = Some("weight".into());
    policy.roles.threshold = Some(Threshold::Median);
    policy.bins.insert("score".into(), Bins::Edges(vec![0.5]));
    policy
}

fn put(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn with_comma(mut policy: Policy) -> Policy {
    policy.data.decimal = Some(Decimal::Comma);
    policy
}

fn tally(paths: &[PathBuf], policy: &Policy) -> Result<String, Problem> {
    crate::tally(paths, policy, &())
        .map(|tally| tally.to_json())
        .map_err(|mut problems| problems.remove(0))
}

/// The tally of what is plain text with points.
fn expected(text: &str, policy: &Policy) -> String {
    let folder = TempDir::new().unwrap();
    tally(&[put(&folder, "table.csv", text)], policy).unwrap()
}

/// The policy with what is guessed of the file.
fn guessed(path: &Path, mut policy: Policy) -> Policy {
    let inputs = Inputs::find(&[path.to_owned()])
        .unwrap()
        .prepared(&policy.data)
        .unwrap();
    let profile = inputs.profile().unwrap();
    guess(&profile, &mut policy);
    assert!(questions(&profile, &policy).is_empty());
    policy
}

/// Whether the comma is given or found out, the file has the tally of the plain table, with a table joined or not.
#[track_caller]
fn assert_same(path: &Path) {
    let folder = TempDir::new().unwrap();
    let join = Join {
        file: put(&folder, "more.csv", "key,more\nf,1\nm,2\n")
            .display()
            .to_string()
            .into(),
        on: "sex".into(),
        key: Some("key".into()),
        side: None,
    };
    let paths = [path.to_owned()];
    for joins in [Vec::new(), vec![join]] {
        let joined = |mut policy: Policy| {
            policy.data.joins.clone_from(&joins);
            policy
        };
        let clean = expected(CSV, &policy());
        assert_eq!(tally(&paths, &with_comma(joined(policy()))).unwrap(), clean);
        let found = guessed(path, joined(policy()));
        assert_eq!(found.data.decimal, Some(Decimal::Comma), "{joins:?}");
        assert_eq!(tally(&paths, &found).unwrap(), clean);
        let policy = with_comma(joined(settled()));
        assert_eq!(tally(&paths, &policy).unwrap(), expected(CSV, &settled()));
    }
}

fn workbook(cells: &[[Result<f64, &str>; 4]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["sex", "hired", "score", "weight"]) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, cells) in (1..).zip(cells) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Ok(number) => sheet.write(row, column, *number).unwrap(),
                Err(text) => sheet.write(row, column, *text).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn cells() -> Vec<[Result<f64, &'static str>; 4]> {
    (0..4)
        .map(|row| [Err(SEX[row]), Err(HIRED[row]), Err(SCORES[row]), Ok(WEIGHTS[row])])
        .collect()
}

fn json(row: usize) -> String {
    let (sex, hired, score, weight) = (SEX[row], HIRED[row], SCORES[row], WEIGHTS[row]);
    format!("{{\"sex\": \"{sex}\", \"hired\": \"{hired}\", \"score\": \"{score}\", \"weight\": {weight}}}\n")
}

/// A Parquet file whose weights are doubles, or decimals with three places.
fn parquet(is_decimal: bool) -> Vec<u8> {
    let weight = if is_decimal {
        "INT32 weight (DECIMAL(9,3))"
    } else {
        "DOUBLE weight"
    };
    let texts = "REQUIRED BYTE_ARRAY sex (UTF8); REQUIRED BYTE_ARRAY hired (UTF8); REQUIRED BYTE_ARRAY score (UTF8);";
    let schema = parse_message_type(&format!("message rows {{ {texts} REQUIRED {weight}; }}")).unwrap();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for texts in [SEX, HIRED, SCORES] {
        let mut column = group.next_column().unwrap().unwrap();
        let values = texts.map(ByteArray::from);
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, None, None)
            .unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    if is_decimal {
        let values = WEIGHTS.map(|weight| (weight * 1_000.0) as i32);
        column.typed::<Int32Type>().write_batch(&values, None, None).unwrap();
    } else {
        column.typed::<DoubleType>().write_batch(&WEIGHTS, None, None).unwrap();
    }
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn numbers_of_workbooks_have_no_comma() {
    let folder = TempDir::new().unwrap();
    assert_same(&put(&folder, "a.xlsx", workbook(&cells())));
}

#[test]
fn numbers_of_json_have_no_comma() {
    let folder = TempDir::new().unwrap();
    let lines: String = (0..4).map(json).collect();
    assert_same(&put(&folder, "a.jsonl", lines));
    let listed: Vec<String> = (0..4).map(json).collect();
    assert_same(&put(&folder, "a.json", format!("[{}]", listed.join(","))));
    let lists: Vec<String> = (0..4)
        .map(|row| format!("[{:?},{:?},{:?},{}]", SEX[row], HIRED[row], SCORES[row], WEIGHTS[row]))
        .collect();
    let lists = format!("[[\"sex\",\"hired\",\"score\",\"weight\"],{}]", lists.join(","));
    assert_same(&put(&folder, "b.json", lists));
    let columns = format!("{{\"sex\": {SEX:?}, \"hired\": {HIRED:?}, \"score\": {SCORES:?}, \"weight\": {WEIGHTS:?}}}");
    assert_same(&put(&folder, "c.json", columns));
}

#[test]
fn numbers_of_arrow_have_no_comma() {
    use arrow_array::{ArrayRef, Decimal128Array, Float64Array, RecordBatch, StringArray};
    let folder = TempDir::new().unwrap();
    let text = |texts: [&str; 4]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let places = WEIGHTS.map(|weight| (weight * 1_000.0) as i128).to_vec();
    let places = Decimal128Array::from(places).with_precision_and_scale(9, 3).unwrap();
    let weights: [ArrayRef; 2] = [Arc::new(Float64Array::from(WEIGHTS.to_vec())), Arc::new(places)];
    for (kind, weight) in weights.into_iter().enumerate() {
        let columns = [
            ("sex", text(SEX)),
            ("hired", text(HIRED)),
            ("score", text(SCORES)),
            ("weight", weight),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        assert_same(&put(&folder, &format!("{kind}.arrow"), writer.into_inner().unwrap()));
    }
}

#[cfg(feature = "sqlite")]
fn database(folder: &TempDir, rows: &str) -> PathBuf {
    let path = folder.path().join("a.db");
    let statements = format!("CREATE TABLE people (sex, hired, score, weight); INSERT INTO people VALUES {rows};");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch(&statements)
        .unwrap();
    path
}

#[cfg(feature = "sqlite")]
#[test]
fn numbers_of_databases_have_no_comma() {
    let folder = TempDir::new().unwrap();
    let row = |row: usize| format!("('{}','{}','{}',{:?})", SEX[row], HIRED[row], SCORES[row], WEIGHTS[row]);
    let rows: Vec<String> = (0..4).map(row).collect();
    assert_same(&database(&folder, &rows.join(",")));
    // Each value of a database has its own kind, so here a text among numbers is clear.
    let folder = TempDir::new().unwrap();
    let path = database(&folder, &rows.join(",").replace("0.5)", "'0,5')"));
    assert_eq!(tally(&[path], &with_comma(policy())).unwrap(), expected(CSV, &policy()));
}

#[test]
fn numbers_of_parquet_have_no_comma() {
    let folder = TempDir::new().unwrap();
    for is_decimal in [false, true] {
        assert_same(&put(&folder, "a.parquet", parquet(is_decimal)));
    }
}

#[test]
fn stored_numbers_raise_no_question_of_commas() {
    let folder = TempDir::new().unwrap();
    let mut policy = policy();
    policy.roles.score = None;
    policy.roles.threshold = None;
    policy.roles.prediction = Some("hired".into());
    policy.roles.label = None;
    let lines =
        "{\"sex\": \"f\", \"hired\": 1, \"weight\": 1.234}\n{\"sex\": \"m\", \"hired\": 0, \"weight\": 2.345}\n";
    let path = put(&folder, "a.jsonl", lines);
    assert_eq!(guessed(&path, policy.clone()).data.decimal, None);
    // The same as texts of a comma file could be thousands, and count as such.
    let found = crate::profile(&path).unwrap();
    let weight = found.meant(&with_comma(policy)).column("weight").cloned().unwrap();
    assert_eq!(
        (weight.ambiguous, weight.min, weight.max),
        (0, Some(1.234), Some(2.345))
    );
}

#[test]
fn each_input_has_its_own_numbers() {
    let folder = TempDir::new().unwrap();
    let lines: String = (0..4).map(json).collect();
    let text = "sex;hired;score;weight\nf;yes;0,75;1,234\nm;no;0,25;0,5\n";
    let paths = [
        put(&folder, "a.jsonl", lines),
        put(&folder, "b.csv", text),
        put(&folder, "c.xlsx", workbook(&cells())),
        put(&folder, "d.parquet", parquet(true)),
    ];
    let rows: Vec<&str> = CSV.lines().skip(1).collect();
    let all = [CSV.lines().next().unwrap()].into_iter().chain(rows.iter().copied());
    let all = all
        .chain(rows[..2].iter().copied())
        .chain(rows.iter().copied())
        .chain(rows.iter().copied());
    let all: String = all.map(|line| format!("{line}\n")).collect();
    assert_eq!(tally(&paths, &with_comma(policy())).unwrap(), expected(&all, &policy()));
}

#[test]
fn a_column_of_numbers_and_texts_with_commas_is_refused() {
    let folder = TempDir::new().unwrap();
    let mut cells = cells();
    for (row, score) in [0.75, 0.25, 0.1, 0.9].into_iter().enumerate() {
        cells[row][2] = Ok(score);
    }
    cells[1][3] = Err("0,5");
    let path = put(&folder, "a.xlsx", workbook(&cells));
    for policy in [policy(), with_comma(policy())] {
        let problem = tally(std::slice::from_ref(&path), &policy).unwrap_err();
        assert!(
            problem.message.contains("row 3, column `weight`")
                && problem.message.contains("`0,5`")
                && problem.message.contains("mixes numbers and texts with a comma"),
            "{problem}"
        );
        assert!(problem.help.contains("as numbers"), "{problem}");
    }
}

#[test]
fn numbers_in_lists_are_plain_and_texts_in_lists_are_not() {
    let folder = TempDir::new().unwrap();
    let mut policy = Policy::default();
    policy.roles.protected = vec!["item".into()];
    policy.roles.score = Some("score".into());
    policy.roles.threshold = Some(Threshold::AtLeast(0.5));
    policy.roles.weight = Some("weight".into());
    let clean = expected("item,score,weight\na,0.75,1.234\nb,0.1,2.5\na,0.9,3.0\n", &policy);
    let named = |score: &str, weight: &str| {
        let named = clean.replace(":\"score\"", &format!(":\"{score}\""));
        named.replace(":\"weight\"", &format!(":\"{weight}\""))
    };
    let mut policy = with_comma(policy);
    policy.data.explode = ["items", "score", "weight"].map(String::from).to_vec();
    let list = "{\"items\": [\"a\", \"b\"], \"score\": [\"0,75\", \"0,1\"], \"weight\": [1.234, 2.5]}\n\
        {\"items\": [\"a\"], \"score\": [\"0,9\"], \"weight\": [3.0]}\n";
    assert_eq!(tally(&[put(&folder, "a.jsonl", list)], &policy).unwrap(), clean);
    let text = "items;score;weight\n['a', 'b'];['0,75', '0,1'];[1.234, np.float64(2.5)]\n['a'];['0,9'];[3.0]\n";
    assert_eq!(tally(&[put(&folder, "a.csv", text)], &policy).unwrap(), clean);
    policy.data.explode = ["recs.items", "recs.score", "recs.weight"].map(String::from).to_vec();
    (policy.roles.score, policy.roles.weight) = (Some("recs.score".into()), Some("recs.weight".into()));
    let objects = "{\"recs\": [{\"items\": \"a\", \"score\": \"0,75\", \"weight\": 1.234}, \
        {\"items\": \"b\", \"score\": \"0,1\", \"weight\": 2.5}]}\n\
        {\"recs\": [{\"items\": \"a\", \"score\": \"0,9\", \"weight\": 3.0}]}\n";
    let found = tally(&[put(&folder, "b.jsonl", objects)], &policy).unwrap();
    assert_eq!(found, named("recs.score", "recs.weight"));
    // One column per place.
    policy.data.explode = ["i_*", "s_*", "w_*"].map(String::from).to_vec();
    (policy.roles.score, policy.roles.weight) = (Some("s".into()), Some("w".into()));
    let wide = "{\"i_1\": \"a\", \"s_1\": \"0,75\", \"w_1\": 1.234, \"i_2\": \"b\", \"s_2\": \"0,1\", \"w_2\": 2.5}\n\
        {\"i_1\": \"a\", \"s_1\": \"0,9\", \"w_1\": 3.0, \"i_2\": null, \"s_2\": null, \"w_2\": null}\n";
    let found = tally(&[put(&folder, "c.jsonl", wide)], &policy).unwrap();
    assert_eq!(found, named("s", "w"));
}

#[test]
fn numbers_that_are_joined_are_plain() {
    let folder = TempDir::new().unwrap();
    let text = "id;sex;hired;score\n1;f;yes;0,75\n2;m;no;0,25\n3;f;no;0,1\n4;m;yes;0,9\n";
    let path = put(&folder, "a.csv", text);
    let weights: String = (0..4)
        .map(|row| format!("{{\"id\": {}, \"weight\": {:?}}}\n", row + 1, WEIGHTS[row]))
        .collect();
    let mut policy = with_comma(policy());
    policy.roles.weight = Some("user.weight".into());
    policy.data.joins = vec![Join {
        file: put(&folder, "weights.jsonl", weights).display().to_string().into(),
        on: "id".into(),
        key: None,
        side: Some("user".into()),
    }];
    let mut clean = self::policy();
    clean.roles.weight = Some("user.weight".into());
    let clean = expected(&CSV.replace("weight", "user.weight"), &clean);
    assert_eq!(tally(&[path], &policy).unwrap(), clean);
}

#[test]
fn published_rates_that_are_numbers_are_plain() {
    let folder = TempDir::new().unwrap();
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.count = Some("n".into());
    policy.roles.rate = Some("rate".into());
    let clean = expected("sex,n,rate\nf,1200,0.125\nm,800,0.25\n", &policy);
    let lines =
        "{\"sex\": \"f\", \"n\": \"1.200\", \"rate\": 0.125}\n{\"sex\": \"m\", \"n\": \"800\", \"rate\": 0.25}\n";
    let paths = [put(&folder, "a.jsonl", lines)];
    assert_eq!(tally(&paths, &with_comma(policy.clone())).unwrap(), clean);
    let lines =
        "{\"sex\": \"f\", \"n\": 1200.0, \"rate\": \"0,125\"}\n{\"sex\": \"m\", \"n\": 800.0, \"rate\": \"0,25\"}\n";
    let paths = [put(&folder, "a.jsonl", lines)];
    assert_eq!(tally(&paths, &with_comma(policy.clone())).unwrap(), clean);
    #[cfg(feature = "sqlite")]
    {
        let path = folder.path().join("a.db");
        let statements =
            "CREATE TABLE t (sex, n, rate); INSERT INTO t VALUES ('f', '1.200', 0.125), ('m', 800.0, 0.25);";
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(statements)
            .unwrap();
        assert_eq!(tally(&[path], &with_comma(policy)).unwrap(), clean);
    }
}
