//! Tests of what paths lead to.

use tempfile::TempDir;

use super::*;

fn room(files: &[&str]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "sex,hired\nf,yes\n").unwrap();
    }
    folder
}

fn found(folder: &TempDir, given: &[&str]) -> Result<Vec<String>, Vec<Problem>> {
    let given: Vec<PathBuf> = given.iter().map(|path| folder.path().join(path)).collect();
    let within = |input: &Input| {
        let path = input.path().strip_prefix(folder.path()).unwrap();
        path.to_string_lossy().replace('\\', "/")
    };
    Ok(Inputs::find(&given)?.all().iter().map(within).collect())
}

#[test]
fn patterns_and_folders_lead_to_files_in_the_order_of_names() {
    let folder = room(&[
        "b.csv",
        "a.csv",
        "[x].csv",
        ".hidden.csv",
        "notes.txt",
        "data/y=2/part.CSV",
        "data/y=1/part.csv.gz",
        "data/y=1/_SUCCESS",
        "data/_temporary/part.csv",
        "data/.git/x.csv",
        "data/deep/er/x.parquet",
    ]);
    let found = |given: &[&str]| found(&folder, given).unwrap();
    assert_eq!(found(&["*.csv"]), ["[x].csv", "a.csv", "b.csv"]);
    assert_eq!(found(&["[x].csv"]), ["[x].csv"], "a file's name goes before a pattern");
    assert_eq!(found(&["[ab].csv"]), ["a.csv", "b.csv"]);
    assert_eq!(
        found(&["data/*=?/part.*"]),
        ["data/y=1/part.csv.gz", "data/y=2/part.CSV"]
    );
    let all = ["data/deep/er/x.parquet", "data/y=1/part.csv.gz", "data/y=2/part.CSV"];
    assert_eq!(found(&["data"]), all);
    assert_eq!(found(&["data/**/*.parquet"]), ["data/deep/er/x.parquet"]);
    assert_eq!(
        found(&["b.csv", "a.csv"]),
        ["b.csv", "a.csv"],
        "what is named keeps its order"
    );
}

#[test]
fn what_leads_nowhere_is_said_all_at_once() {
    let folder = room(&[
        "a.csv",
        "empty/notes.txt",
        "both/x.csv",
        "both/x.csv.gz",
        "mixed/x.csv",
        "mixed/y.tally.json",
    ]);
    let problems = found(
        &folder,
        &[
            "no.csv", "n*.csv", "empty", "both", "mixed", "a.csv", "*.csv", "[.csv", "em*",
        ],
    );
    let problems = problems.unwrap_err();
    let words = [
        "no.csv` does not exist",
        "no file matches the pattern",
        "has no file that ends in `.csv`",
        "has `x.csv` and `x.csv.gz`, so rows may count double",
        "has tables (`x.csv`) and tallies (`y.tally.json`)",
        "is no pattern",
        "matches folders only",
        "a.csv` is given twice",
    ];
    assert_eq!(problems.len(), words.len(), "{problems:#?}");
    for (problem, words) in problems.iter().zip(words) {
        assert!(problem.message.contains(words), "{problem}");
    }
    assert!(problems[2].help.contains("notes.txt"), "{}", problems[2]);
}

#[test]
fn names_tell_inputs_apart() {
    let folder = room(&["a/y=1/part.csv", "a/y=2/part.csv", "a/y=2/other.csv", "b/y=2/part.csv"]);
    let given = ["a", "b"].map(|name| folder.path().join(name));
    let inputs = Inputs::find(&given).unwrap();
    assert_eq!(
        inputs.names(),
        ["y=1/part.csv", "other.csv", "a/y=2/part.csv", "b/y=2/part.csv"]
    );
}

#[test]
fn a_dash_is_a_file_unless_it_was_written_on_a_command_line() {
    let problems = Inputs::find(&["-".into()]).unwrap_err();
    assert_eq!(problems.len(), 1);
    let problems = Inputs::from_arguments(&["-".into(), "-".into()]).unwrap_err();
    assert!(
        problems[0].message.contains("standard input is given twice"),
        "{problems:?}"
    );
}
