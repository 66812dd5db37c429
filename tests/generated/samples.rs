//! This module makes the sample reports: every format that one command writes, for every kind of data.

use std::collections::BTreeSet;
use std::path::Path;

use crate::{assert_fresh, check, evenhand, index, root};

/// A sample report.
pub struct Sample {
    /// The folder.
    pub name: &'static str,
    /// What it is of, as a title.
    pub title: &'static str,
    /// The fixture.
    pub fixture: &'static str,
    /// The flags after it.
    pub flags: &'static [&'static str],
    /// The status of the command.
    pub status: i32,
    /// What the data are, and what there is to be seen.
    pub about: &'static str,
    /// Files beside those that every report has.
    pub more: &'static [File],
}

/// A file that `--out` writes.
#[derive(Clone, Copy)]
pub struct File {
    /// Its name.
    pub name: &'static str,
    /// What is before the path in `--out`, where the ending alone does not say it.
    pub kind: Option<&'static str>,
    /// What the index calls it.
    pub called: &'static str,
}

const fn file(name: &'static str, called: &'static str) -> File {
    File {
        name,
        kind: None,
        called,
    }
}

const fn kind(kind: &'static str, name: &'static str, called: &'static str) -> File {
    File {
        name,
        kind: Some(kind),
        called,
    }
}

/// What every report has.
pub const FILES: [File; 12] = [
    file("report.html", "HTML"),
    file("report.pdf", "PDF"),
    file("report.xlsx", "Excel"),
    file("report.md", "Markdown"),
    file("report.txt", "text"),
    file("audit.json", "JSON"),
    kind("csv", "rates.csv", "rates"),
    kind("findings", "findings.csv", "findings"),
    kind("tests", "tests.csv", "tests"),
    kind("card", "model-card.json", "model card"),
    file("overview.svg", "SVG"),
    file("overview.png", "PNG"),
];

/// The curves of lists, amounts and scores, as a picture and as numbers.
const CURVES: [File; 2] = [
    kind("curves", "curves.svg", "curves alone"),
    kind("series", "curves.csv", "curves as numbers"),
];

/// What an employer in New York has to publish.
const NOTICE: [File; 5] = [
    kind("notice", "notice.html", "notice to be posted, HTML"),
    kind("notice", "notice.pdf", "the same, PDF"),
    kind("notice", "notice.md", "the same, Markdown"),
    kind("publication", "publication.csv", "its tables"),
    kind("series", "curves.csv", "curves as numbers"),
];

pub const SAMPLES: [Sample; 9] = [
    Sample {
        name: "vendor-export",
        title: "A vendor's recommendations, straight from the export",
        fixture: "vendor-export",
        flags: &[],
        status: 1,
        about: "4,200 customers, with blanks, codes and a group of three people, and no flags at all: the columns are guessed, and \
                the report says how. Two biases are planted: one ethnicity is recommended far less, and women who would have \
                bought are recommended less than men who would have.",
        more: &[],
    },
    Sample {
        name: "letterhead",
        title: "The same as a consultant would hand it over",
        fixture: "vendor-export",
        flags: &["--policy", "fixtures/letterhead/evenhand.toml", "--as-of", "2026-01-31"],
        status: 1,
        about: "Client, auditor, logo, colour, report number, confidentiality line, statements of engagement and independence, and \
                a section in the auditor's own words, all from [`[report]` in a policy](../fixtures/letterhead/evenhand.toml). The \
                names are made up.",
        more: &[],
    },
    Sample {
        name: "compas",
        title: "Risk scores of defendants",
        fixture: "compas",
        flags: &["--adverse", "--simultaneous"],
        status: 1,
        about: "ProPublica's COMPAS table, from counts alone. `--adverse` says that \"high risk\" is bad for the person, and every \
                sentence keeps to it.",
        more: &[],
    },
    Sample {
        name: "compas-scores",
        title: "The scores themselves",
        fixture: "compas",
        flags: &[
            "--score",
            "decile_score",
            "--label",
            "two_year_recid",
            "--positive-label",
            "1",
            "--count",
            "n",
            "--protected",
            "race",
        ],
        status: 4,
        about: "From 1 to 10, and not what was made of them: how well they tell people apart in each group, and whether a score \
                means the same in each.",
        more: &CURVES,
    },
    Sample {
        name: "berkeley",
        title: "A paradox",
        fixture: "berkeley",
        flags: &["--strata", "department"],
        status: 1,
        about: "Admissions to Berkeley in 1973: women are admitted less overall, and not within departments. The report shows both.",
        more: &[],
    },
    Sample {
        name: "dcwp-example-2",
        title: "Too few people for an answer",
        fixture: "dcwp-example-2",
        flags: &[],
        status: 4,
        about: "The second worked example of New York's rule on hiring tools: 183 people, 168 of known category. A bare four-fifths \
                rule would call most of it biased; the report says how many people would settle it.",
        more: &[],
    },
    Sample {
        name: "ll144",
        title: "What a New York employer has to publish",
        fixture: "dcwp-example-2",
        flags: &[
            "--preset",
            "ll144",
            "--score",
            "score",
            "--threshold",
            "median",
            "--as-of",
            "2026-01-31",
        ],
        status: 4,
        about: "The same people by Local Law 144 itself: the tables that must be posted, as a page of their own, and no pass mark, \
                because the law has none.",
        more: &NOTICE,
    },
    Sample {
        name: "vendor-lists",
        title: "Lists of recommended products",
        fixture: "vendor-lists",
        flags: &[],
        status: 1,
        about: "Ten products a list, made up. Two biases are planted: items of sellers from the Highlands stand further down, and \
                customers of 60 and over are shown less of what they want.",
        more: &CURVES,
    },
    Sample {
        name: "prices",
        title: "Prices that were quoted",
        fixture: "prices",
        flags: &[
            "--amount",
            "price",
            "--protected",
            "zip_income,age_band",
            "--cluster",
            "customer",
            "--controls",
            "base_cost,distance_km,category,loyalty",
        ],
        status: 1,
        about: "Made up. Poorer zip codes cost more to deliver to; beyond what cost, distance, category and loyalty explain, a \
                surcharge for them is planted.",
        more: &CURVES,
    },
];

impl Sample {
    /// All its files, in the order of the index.
    pub fn files(&self) -> impl Iterator<Item = &'static File> {
        FILES.iter().chain(self.more)
    }
}

/// Whether this build can make the file.
fn is_made(file: &File) -> bool {
    cfg!(feature = "pdf") || !file.name.ends_with(".pdf")
}

/// Writes what the command writes now into `folder`.
fn make(sample: &Sample, folder: &Path) {
    let outputs: Vec<String> = sample
        .files()
        .filter(|file| is_made(file))
        .map(|file| {
            let kind = file.kind.map(|kind| format!("{kind}=")).unwrap_or_default();
            format!("--out={kind}{}", folder.join(file.name).display())
        })
        .collect();
    let input = format!("fixtures/{}.csv", sample.fixture);
    let mut arguments = vec!["audit", &input, "--quiet"];
    arguments.extend(sample.flags);
    arguments.extend(outputs.iter().map(String::as_str));
    let output = evenhand(&arguments);
    assert_eq!(output.status.code(), Some(sample.status), "{}: {output:?}", sample.name);
}

#[test]
fn reports_are_up_to_date() {
    let reports = root().join("reports");
    let mut stale = Vec::new();
    let mut verdicts = Vec::new();
    for sample in &SAMPLES {
        let folder = tempfile::tempdir().unwrap();
        make(sample, folder.path());
        for file in sample.files().filter(|file| is_made(file)) {
            let written = std::fs::read(folder.path().join(file.name)).unwrap();
            stale.extend(check(&reports.join(sample.name).join(file.name), &written));
        }
        let text = std::fs::read_to_string(folder.path().join("report.txt")).unwrap();
        let verdict = text.split_once("\nVerdict\n=======\n").unwrap().1;
        let mut said = verdict.split("\n\n").map(|text| text.replace('\n', " "));
        let mut first = said.next().unwrap();
        // What turns the picture round is a part of it; its first sentence tells it.
        if let Some(careful) = said.find(|text| text.starts_with("Careful: ")) {
            first.push_str(&format!(" {}.", careful.split(". ").next().unwrap()));
        }
        verdicts.push(first);
    }
    stale.extend(check(&reports.join("README.md"), index::index(&verdicts).as_bytes()));
    assert_fresh(stale);
}

/// A file that is made no longer would go on being shown.
#[test]
fn reports_hold_nothing_else() {
    let reports = root().join("reports");
    let listed = |folder: &Path| -> BTreeSet<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    let mut folders: BTreeSet<String> = SAMPLES.iter().map(|sample| sample.name.to_owned()).collect();
    folders.extend(["README.md".to_owned(), index::PICTURES.to_owned()]);
    assert_eq!(listed(&reports), folders);
    for sample in &SAMPLES {
        let files: BTreeSet<String> = sample.files().map(|file| file.name.to_owned()).collect();
        assert_eq!(listed(&reports.join(sample.name)), files, "{}", sample.name);
    }
    let pictures: BTreeSet<String> = index::pictures().collect();
    assert_eq!(listed(&reports.join(index::PICTURES)), pictures);
}
