//! Tests of tallying CSV files, against a reading by the `csv` crate in one thread.

use std::collections::BTreeMap;
use std::path::PathBuf;

use evenhand_measure::Policy;
use evenhand_measure::tally::{Counts, Cube, Dimension, Level, Quantity, Tally, Weights};
use proptest::prelude::*;
use tempfile::TempDir;

use super::head::start;
use super::*;
use crate::kernel::Coded;
use crate::plan::{Purpose, Slot};

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["grüp".into(), "sex".into()];
    policy.roles.prediction = Some("hired".into());
    policy.values.missing = vec!["NA".into()];
    policy
}

/// One thread, the `csv` crate, a map of texts: slow and plain.
fn naive(text: &[u8], policy: &Policy) -> Tally {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let plan = Plan::from_policy(policy).unwrap();
    let mut reader = csv::Reader::from_reader(text);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let place = |slot: &Slot| header.iter().position(|name| *name == slot.column).unwrap();
    let mut dimensions = Vec::new();
    for slot in &plan.slots {
        if let Purpose::Key(axis, coding) = &slot.purpose {
            dimensions.push(Dimension::new(*axis, &slot.column, coding.clone()));
        }
    }
    let mut cells: BTreeMap<Vec<u32>, Counts> = BTreeMap::new();
    let mut records = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let mut key = Vec::new();
        let (mut n, mut weight) = (1, None);
        for slot in &plan.slots {
            let value = &record[place(slot)];
            match &slot.purpose {
                Purpose::Count => n = value.parse().unwrap(),
                Purpose::Weight => weight = Some(value.parse().unwrap()),
                Purpose::Sifted(_) | Purpose::Parted(..) | Purpose::Either(_) => {
                    unreachable!("no quantile is asked for here")
                }
                Purpose::Number(_) | Purpose::Id(_) => {}
                Purpose::Key(..) => {
                    let blank = value.trim().is_empty() || policy.values.missing.iter().any(|m| m == value.trim());
                    let level = if blank { Level::Missing } else { Level::of(value) };
                    let levels = &mut dimensions[key.len()].levels;
                    let known = levels.iter().position(|l| *l == level);
                    key.push(known.unwrap_or_else(|| {
                        levels.push(level);
                        levels.len() - 1
                    }) as u32);
                }
            }
        }
        let cell = cells.entry(key).or_default();
        cell.n += n;
        if let Some(weight) = weight {
            let weights = cell.weights.get_or_insert_with(|| Box::new(Weights::default()));
            (0..n).for_each(|_| weights.add(weight));
        }
        records += 1;
    }
    let mut tally = Tally::new(Cube::new(dimensions, cells).unwrap(), records);
    tally.missing.clone_from(&policy.values.missing);
    tally.missing.sort();
    let roles = [
        (Quantity::Count, &policy.roles.count),
        (Quantity::Weight, &policy.roles.weight),
    ];
    tally.quantities = roles
        .iter()
        .filter_map(|(quantity, column)| Some((*quantity, column.as_ref()?.clone())))
        .collect();
    tally
}

fn written(folder: &TempDir, name: &str, text: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn tallied(path: &Path, policy: &Policy, size: usize) -> Result<Partial, Problem> {
    let input = Input::named(path);
    tally_in_blocks(
        &input,
        &start(&input, None)?,
        &Plan::from_policy(policy).unwrap(),
        &(),
        size,
    )
}

fn in_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap()
        .install(work)
}

/// A field as some program could have written it.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["yes", "no", "Female", "Male", "", "NA", " ", "5\" pipe", "a,b", "\"", "two\nlines", "\r\n"])
            .prop_map(str::to_owned),
        1 => "[a-cäé中\", \r\n]{0,20}",
    ]
}

/// A field in the form that it has in a file.
fn in_quotes(value: &str, always: bool) -> String {
    // A quote that does not come first needs no quotes around it.
    let needs = value.is_empty() || value.starts_with(['"', ' ']) || value.contains([',', '\n', '\r']);
    if always || needs {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

#[derive(Clone, Debug)]
struct File {
    records: Vec<Vec<u8>>,
    mark: bool,
    open_end: bool,
}

impl File {
    fn text(&self, records: &[&Vec<u8>]) -> Vec<u8> {
        let mut text = if self.mark {
            b"\xef\xbb\xbf".to_vec()
        } else {
            Vec::new()
        };
        text.extend_from_slice("hired,grüp,other,\"sex\"\r\n".as_bytes());
        for record in records {
            text.extend_from_slice(record);
        }
        if self.open_end && !records.is_empty() {
            while text.ends_with(b"\n") || text.ends_with(b"\r") {
                text.pop();
            }
        }
        text
    }
}

fn files() -> impl Strategy<Value = File> {
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
    let record = (prop::collection::vec((field(), any::<bool>()), 4), end).prop_map(|(fields, end)| {
        let fields: Vec<String> = fields.iter().map(|(value, always)| in_quotes(value, *always)).collect();
        format!("{}{end}", fields.join(",")).into_bytes()
    });
    (prop::collection::vec(record, 0..40), any::<bool>(), any::<bool>()).prop_map(|(records, mark, open_end)| File {
        records,
        mark,
        open_end,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_block_size_and_any_number_of_threads_give_the_naive_bytes(
        file in files(), size in 1usize..=64, threads in 1usize..=4,
    ) {
        let folder = TempDir::new().unwrap();
        let text = file.text(&file.records.iter().collect::<Vec<_>>());
        let path = written(&folder, "a.csv", &text);
        let expected = naive(&text, &policy());
        let found = in_threads(threads, || tallied(&path, &policy(), size)).unwrap();
        prop_assert_eq!(found.rows, file.records.len() as u64);
        prop_assert_eq!(found.tally.to_json(), expected.to_json());
    }

    #[test]
    fn parts_in_any_order_merge_to_the_bytes_of_the_whole(
        file in files(), cuts in prop::collection::vec(0usize..4, 40), order in Just([0usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let folder = TempDir::new().unwrap();
        let whole = file.text(&file.records.iter().collect::<Vec<_>>());
        let mut merged: Option<Partial> = None;
        for part in order {
            let records: Vec<&Vec<u8>> =
                file.records.iter().zip(&cuts).filter(|(_, cut)| **cut == part).map(|(record, _)| record).collect();
            let path = written(&folder, &format!("{part}.csv"), &file.text(&records));
            let tally = tallied(&path, &policy(), 50).unwrap();
            merged = Some(match merged {
                None => tally,
                Some(merged) => merged.merge(&tally).unwrap(),
            });
        }
        prop_assert_eq!(merged.unwrap().tally.to_json(), naive(&whole, &policy()).to_json());
    }

    #[test]
    fn counts_and_weights_are_exact_in_any_order(
        rows in prop::collection::vec((0u8..3, any::<bool>(), 1u64..5, 1e-6f64..1e6), 1..60),
        size in 1usize..=200, threads in 1usize..=4,
    ) {
        let mut policy = Policy::default();
        policy.roles.protected = vec!["g".into()];
        policy.roles.prediction = Some("p".into());
        policy.roles.weight = Some("w".into());
        policy.roles.count = Some("n".into());
        let lines = |rows: &mut dyn Iterator<Item = &(u8, bool, u64, f64)>| {
            rows.fold("g,p,n,w\n".to_owned(), |text, (g, p, n, w)| text + &format!("g{g},{p},{n},{w:?}\n"))
        };
        let folder = TempDir::new().unwrap();
        let forward = written(&folder, "f.csv", lines(&mut rows.iter()).as_bytes());
        let backward = written(&folder, "b.csv", lines(&mut rows.iter().rev()).as_bytes());
        let expected = naive(lines(&mut rows.iter()).as_bytes(), &policy).to_json();
        for path in [forward, backward] {
            let found = in_threads(threads, || tallied(&path, &policy, size)).unwrap();
            prop_assert_eq!(found.rows, rows.iter().map(|row| row.2).sum::<u64>());
            prop_assert_eq!(found.tally.to_json(), expected.clone());
        }
    }
}

#[test]
fn the_first_problem_is_found_with_its_line_by_any_number_of_threads() {
    let mut policy = policy();
    policy.roles.count = Some("n".into());
    let folder = TempDir::new().unwrap();
    let good = "yes,\"a\r\nb\",f,3\r\n".repeat(50);
    let header = "hired,grüp,sex,n\r\n";
    for (bad, words) in [
        ("no,a,f,-3\n", "line 102, column `n`: the count `-3` is negative"),
        (
            "no,a,f,1,2\n",
            "line 102: the record has 5 fields, and the header has 4",
        ),
        ("no,f,2.5\n", "line 102: the record has 3 fields, and the header has 4"),
        (
            "no,a,f,x,2\n",
            "line 102: the record has 5 fields, and the header has 4",
        ),
        ("\nno,a,\"f\n\",\"x\"\n", "line 103, column `n`: `x` is not a number"),
        (
            "no,a,f,18446744073709551615\n",
            "line 102, column `n`: the counts add up to more than 2^64",
        ),
        ("no,a,\"f,3\n", "line 102: a quote is opened and never closed"),
    ] {
        let text = format!(
            "{header}{good}{bad}{}",
            if bad.contains("\"f,") { "" } else { "no,a,f,-9\n" }
        );
        let path = written(&folder, "bad.csv", text.as_bytes());
        for (threads, size) in [(1, 1 << 20), (2, 16), (4, 100), (3, 1)] {
            let problem = in_threads(threads, || tallied(&path, &policy, size)).unwrap_err();
            assert!(
                problem.message.starts_with(&shown(&path)) && problem.message.ends_with(words)
                    || problem.message.contains(words),
                "{problem}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_found_with_their_line() {
    let folder = TempDir::new().unwrap();
    let mut text = "hired,grüp,other,sex\nyes,a,Jos\u{e9},f\n".as_bytes().to_vec();
    text.extend_from_slice(b"no,b,Jos\xe9,f\nno,Jos\xe9,,f\n");
    let path = written(&folder, "latin.csv", &text);
    let problem = tallied(&path, &policy(), 1 << 20).unwrap_err();
    assert!(
        problem.message.contains("line 4, column `grüp`") && problem.message.contains("not UTF-8"),
        "{problem}"
    );
    assert!(problem.help.contains("CSV UTF-8"));
}

#[test]
fn a_score_as_prediction_is_refused_where_it_passes_the_limit() {
    let folder = TempDir::new().unwrap();
    let text = (0..5_000).fold("hired,grüp,sex\n".to_owned(), |text, n| text + &format!("0.{n},a,f\n"));
    let path = written(&folder, "score.csv", text.as_bytes());
    for threads in [1, 4] {
        let problem = in_threads(threads, || tallied(&path, &policy(), 300)).unwrap_err();
        assert!(problem.message.contains("line 1002, column `hired`"), "{problem}");
    }
}

#[test]
fn a_column_in_two_roles_is_read_into_both() {
    let folder = TempDir::new().unwrap();
    let mut policy = policy();
    policy.roles.cluster = Some("sex".into());
    let path = written(&folder, "a.csv", "hired,grüp,sex\nyes,a,f\nno,b,m\n".as_bytes());
    let tally = tallied(&path, &policy, 7).unwrap().tally;
    assert_eq!(tally.decisions.dimensions().len(), 4);
    let slot = &Plan::from_policy(&policy).unwrap().slots[3];
    let Coded::Code(code) = crate::Coder::new(slot, &crate::Texts::default()).text(b"f").unwrap() else {
        panic!()
    };
    let bucket = (code - 1).to_string();
    assert!(tally.decisions.dimensions()[3].levels.contains(&Level::of(&bucket)));
}

#[test]
fn too_wide_a_table_is_refused_with_its_line() {
    let folder = TempDir::new().unwrap();
    let mut policy = Policy::default();
    policy.roles.protected = (0..13).map(|column| format!("p{column}")).collect();
    policy.roles.prediction = Some("hired".into());
    let header = policy.roles.protected.join(",") + ",hired\n";
    // Keys need more than 128 bits when all but one of fourteen columns pass 512 values.
    let text = (0..1_000).fold(header, |text, row| text + &format!("L{row},").repeat(13) + "yes\n");
    let path = written(&folder, "wide.csv", text.as_bytes());
    let problem = in_threads(2, || tallied(&path, &policy, 4_000)).unwrap_err();
    assert!(
        problem.message.contains("line 513, column") && problem.message.contains("counted together"),
        "{problem}"
    );
}
