//! Tests of reading files of any kind into one tally.

use evenhand_measure::Fault;
use evenhand_measure::tally::Axis;
use tempfile::TempDir;

use super::*;

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.prediction = Some("hired".into());
    policy
}

fn files(texts: &[(&str, &[u8])]) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let paths = texts
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    (folder, paths)
}

fn problems_of(texts: &[(&str, &[u8])], policy: &Policy) -> Vec<Problem> {
    let (_folder, paths) = files(texts);
    tally(&paths, policy, &()).unwrap_err()
}

#[test]
fn files_tallies_and_orders_of_columns_merge() {
    let (folder, mut paths) = files(&[("a.csv", b"sex,hired\nf,yes\nm,no\n"), ("b.csv", b"hired;sex\nyes;f\n")]);
    let whole = tally(&paths, &policy(), &()).unwrap();
    assert_eq!((whole.rows(), whole.records), (3, 3));
    let saved = folder.path().join("b.tally.json");
    std::fs::write(&saved, tally(&paths[1..], &policy(), &()).unwrap().to_json()).unwrap();
    paths[1] = saved.clone();
    assert_eq!(tally(&paths, &policy(), &()).unwrap().to_json(), whole.to_json());
    assert_eq!(
        tally(&[saved], &Policy::default(), &()).unwrap().rows(),
        1,
        "a tally needs no roles"
    );
}

#[test]
fn all_wrong_columns_are_reported_at_once() {
    let mut policy = policy();
    policy.roles.protected = vec!["gendr".into(), "age".into()];
    policy.roles.strata = vec!["shop".into()];
    let problems = problems_of(&[("a.csv", b"gender,hired,shop,shop\nf,yes,1,1\n")], &policy);
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.fault == Fault::Usage));
    assert!(problems[0].message.contains("no column `gendr` (protected)"));
    assert_eq!(problems[0].help, "did you mean `gender`?");
    assert!(problems[1].help.contains("its columns are `gender`, `hired`"));
    assert!(problems[2].message.contains("has 2 columns called `shop` (strata)"));
}

#[test]
fn a_group_called_as_its_column_does_not_make_other_columns_matter() {
    let mut policy = policy();
    policy.data.encoding = Some("utf-8".into());
    let whole = |other: &[u8]| [b"sex,hired,note\nsex,yes,".as_slice(), other, b"\nf,no,x\n"].concat();
    let folder = TempDir::new().unwrap();
    let tally = |bytes: Vec<u8>| {
        let path = folder.path().join("a.csv");
        std::fs::write(&path, bytes).unwrap();
        super::tally(&[path], &policy, &()).unwrap().to_json()
    };
    assert_eq!(tally(whole(b"\x02B\xf2")), tally(whole(b"plain")));
}

#[test]
fn inputs_that_cannot_be_read_are_data_problems() {
    let policy = policy();
    for (name, text, words) in [
        ("empty.csv", b"".as_slice(), "is empty"),
        ("blank.csv", b"\n\n", "is empty"),
        ("header.csv", b"sex,hired\n", "has a header and no records"),
        ("header2.csv", b"sex,hired", "has a header and no records"),
        ("book.xlsx", b"PK\x03\x04........", "is damaged"),
        (
            "utf16.csv",
            b"\xff\xfes\0e\0x\0,\0h\0i\0r\0e\0d\0\n\0",
            "has a header and no records",
        ),
        ("nul.csv", b"sex,hired\nf,\0\n", "zero byte at offset 12"),
        ("x.json", b"{\"a\":1", "the JSON ends in the middle"),
        ("x.csv.gz", b"\x1f\x8b\x08\0", "gzip"),
        ("x.tally.json", b"{}", "not a tally"),
        ("y.tally.json", b"\xff", "not text"),
    ] {
        let problems = problems_of(&[(name, text)], &policy);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].message.contains(words) && problems[0].message.contains(name),
            "{problems:?}"
        );
        assert_eq!(problems[0].fault, Fault::Data);
        assert!(!problems[0].help.is_empty());
    }
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("no.csv");
    let problems = tally(&[missing, folder.path().to_owned()], &policy, &()).unwrap_err();
    assert!(problems[0].message.contains("does not exist"));
    assert!(problems[1].message.contains("the folder"), "{problems:?}");
    assert_eq!(tally(&[], &policy, &()).unwrap_err()[0].fault, Fault::Usage);
}

#[test]
fn files_with_other_columns_are_refused() {
    let problems = problems_of(
        &[("a.csv", b"sex,hired\nf,yes\n"), ("b.csv", b"sex,hired,age\nf,yes,3\n")],
        &policy(),
    );
    assert!(
        problems[0].message.contains("a.csv` has no column `age`, which"),
        "{problems:?}"
    );
    assert_eq!(problems[0].fault, Fault::Data);
}

#[test]
fn tallies_in_other_roles_do_not_merge() {
    let (folder, paths) = files(&[("a.csv", b"sex,hired\nf,yes\n")]);
    let saved = folder.path().join("x.tally.json");
    std::fs::write(&saved, tally(&paths, &policy(), &()).unwrap().to_json()).unwrap();
    let mut other = policy();
    other.roles.protected = Vec::new();
    let problems = tally(&[paths[0].clone(), saved], &other, &()).unwrap_err();
    assert!(problems[0].message.contains("different columns"), "{problems:?}");
}

#[test]
fn ages_need_bins_and_zero_counts_are_nobody() {
    let text = (18..90).fold("sex,hired\n".to_owned(), |text, age| text + &format!("{age},yes\n"));
    let problems = problems_of(&[("a.csv", text.as_bytes())], &policy());
    assert!(
        problems[0].message.contains("column `sex`") && problems[0].help.contains("--bins 'sex="),
        "{problems:?}"
    );
    let mut counted = policy();
    counted.roles.count = Some("n".into());
    let problems = problems_of(&[("a.csv", b"sex,hired,n\nf,yes,0\n")], &counted);
    assert!(problems[0].message.contains("every count is 0"));
}

#[test]
fn progress_hears_of_every_byte() {
    use std::sync::atomic::{AtomicU64, Ordering};
    #[derive(Default)]
    struct Meter(AtomicU64, AtomicU64);
    impl Progress for Meter {
        fn total(&self, bytes: u64) {
            self.0.fetch_add(bytes, Ordering::Relaxed);
        }
        fn advance(&self, bytes: u64) {
            self.1.fetch_add(bytes, Ordering::Relaxed);
        }
    }
    let packed = zstd::encode_all(b"sex,hired\nm,no\n".as_slice(), 3).unwrap();
    let (_folder, paths) = files(&[
        ("a.csv", b"\xef\xbb\xbfsex,hired\nf,yes\n"),
        ("b.csv", b"sex,hired\nm,no"),
        ("c.csv.zst", &packed),
    ]);
    let meter = Meter::default();
    tally(&paths, &policy(), &meter).unwrap();
    // What is packed and small was unpacked before.
    assert_eq!((meter.0.into_inner(), meter.1.into_inner()), (33 + 15, 33 + 15));
}

#[test]
fn fixtures_add_up_under_the_roles_that_are_guessed() {
    for (name, records, rows, selected) in [
        ("berkeley.csv", 24, 4_526, ("Admitted", 1_755)),
        ("compas.csv", 391, 6_172, ("yes", 2_751)),
        ("dcwp-example-2.csv", 183, 183, ("yes", 91)),
        ("vendor-export.csv", 4_200, 4_200, ("Yes", 1_749)),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
        let mut policy = Policy::default();
        crate::guess(&crate::profile(&path).unwrap(), &mut policy);
        let tally = tally(&[path], &policy, &()).unwrap();
        assert_eq!((tally.records, tally.rows()), (records, rows), "{name}");
        let decided = tally.decisions.positions(Axis::Prediction).next().unwrap();
        let decided = tally
            .decisions
            .slice(decided, &evenhand_measure::tally::Level::of(selected.0));
        assert_eq!(decided.total().n, selected.1, "{name}");
    }
}
