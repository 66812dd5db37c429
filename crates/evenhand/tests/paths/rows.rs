//! Random rows as they would stand in a spreadsheet, and what is asked of them.

use evenhand::{Policy, Threshold};
use evenhand_measure::policy::{Bins, Quantiles};
use proptest::prelude::*;

use super::Case;

/// `None` is an empty cell.
#[derive(Clone, Debug)]
pub struct Row {
    pub group: Option<String>,
    /// Often longer than what fits into a view.
    pub place: Option<String>,
    pub age: Option<i64>,
    pub hired: Option<bool>,
    pub score: Option<f64>,
    pub people: u32,
    pub weight: f64,
}

/// The columns, in their order.
pub const COLUMNS: [&str; 8] = ["group", "place", "age", "hired", "score", "people", "weight", "unused"];

impl Row {
    /// The cells as text, in the order of [`COLUMNS`].
    pub fn cells(&self) -> [Option<String>; 8] {
        [
            self.group.clone(),
            self.place.clone(),
            self.age.map(|age| age.to_string()),
            self.hired.map(|hired| hired.to_string()),
            self.score.map(|score| format!("{score:?}")),
            Some(self.people.to_string()),
            Some(format!("{:?}", self.weight)),
            Some("x".to_owned()),
        ]
    }
}

pub fn row() -> impl Strategy<Value = Row> {
    // Blank and declared missing texts, quotes, delimiters, line ends, letters of other scripts, and what some program
    // takes for a number, a null or a formula. No zero bytes: a CSV file with them is taken for no text at all.
    let odd = [
        "",
        " ",
        "\t",
        "NA",
        " NA ",
        "NaN",
        "null",
        "00501",
        "5\" pipe",
        "\"",
        "a,b;c",
        "two\nlines",
        "\r\n",
    ];
    let odder = [
        "\u{feff}mark",
        "é",
        "e\u{301}",
        "中文字",
        "\u{a0}",
        "=1+1",
        "#N/A",
        "-",
        "true",
        "12 bytes long",
    ];
    let text = prop_oneof![
        3 => prop::sample::select(vec!["A", "B"]).prop_map(str::to_owned),
        2 => prop::sample::select([odd.as_slice(), &odder].concat()).prop_map(str::to_owned),
        1 => "[ABé中\", ;\r\n'x]{0,4}",
    ];
    let place = prop_oneof![
        2 => prop::sample::select(vec!["Winston-Salem, North Carolina", "Winston-Salem, South Carolina", "exactly12byt",
            "exactly13byte", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"]).prop_map(str::to_owned),
        1 => "[a-cß\"\n]{10,18}",
    ];
    let score = prop_oneof![
        4 => -5.0f64..5.0,
        4 => prop::sample::select(vec![0.0, -0.0, -4.0, 0.5, 0.1 + 0.2, 1.0, 1e100, 5e-324, f64::NAN]),
    ];
    (
        prop::option::weighted(0.9, text),
        prop::option::weighted(0.9, place),
        prop::option::weighted(0.9, 18i64..90),
        prop::option::weighted(0.9, any::<bool>()),
        prop::option::weighted(0.9, score),
        0u32..5,
        prop_oneof![Just(0.0), Just(1.0), 0.001f64..1_000.0],
    )
        .prop_map(|(group, place, age, hired, score, people, weight)| Row {
            group,
            place,
            age,
            hired,
            score,
            people,
            weight,
        })
}

/// What is asked of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sort {
    /// Decisions as written, by group and place.
    Plain,
    /// Decisions by a threshold, ages in bins; the records are counts of people.
    Counted,
    /// Weighted people in clusters.
    Weighted,
    /// Decisions by the median of their score.
    Median,
    /// Ages and scores in groups of equal size; the records are counts of people.
    Parted,
    /// Scores by outcome, of people in clusters.
    Scored,
    /// Amounts beside true ones, of people in clusters; the records are counts of people.
    Priced,
    /// Decisions of two models on the same rows, as they are written.
    Compared,
    /// Scores of two models on the same rows, by one threshold.
    Rescored,
    /// Lists by age, of places that clicks say were wanted.
    Listed,
}

pub fn policy(sort: Sort) -> Policy {
    let mut policy = Policy::default();
    let roles = &mut policy.roles;
    policy.values.missing = ["NA", "-", "-4", "20"].map(str::to_owned).to_vec();
    roles.protected = ["group", "place"].map(str::to_owned).to_vec();
    match sort {
        Sort::Plain => roles.prediction = Some("hired".to_owned()),
        Sort::Counted => {
            roles.protected.push("age".to_owned());
            policy.bins.insert("age".to_owned(), vec![30.0, 50.0].into());
            roles.label = Some("hired".to_owned());
            roles.score = Some("score".to_owned());
            roles.threshold = Some(0.5.into());
            roles.count = Some("people".to_owned());
        }
        Sort::Weighted => {
            roles.strata = vec!["age".to_owned()];
            roles.prediction = Some("hired".to_owned());
            roles.count = Some("people".to_owned());
            roles.weight = Some("weight".to_owned());
            roles.cluster = Some("place".to_owned());
        }
        Sort::Median => {
            roles.score = Some("score".to_owned());
            roles.threshold = Some(Threshold::Median);
            roles.label = Some("hired".to_owned());
        }
        Sort::Scored => {
            roles.score = Some("score".to_owned());
            roles.label = Some("hired".to_owned());
            roles.cluster = Some("place".to_owned());
        }
        Sort::Priced => {
            roles.amount = Some("score".to_owned());
            roles.true_amount = Some("age".to_owned());
            roles.user = Some("place".to_owned());
            roles.count = Some("people".to_owned());
        }
        Sort::Compared => {
            roles.prediction = Some("hired".to_owned());
            roles.compared = Some("age".to_owned());
            roles.count = Some("people".to_owned());
            roles.cluster = Some("place".to_owned());
        }
        Sort::Rescored => {
            roles.score = Some("score".to_owned());
            roles.threshold = Some(0.5.into());
            roles.compared = Some("age".to_owned());
            roles.label = Some("hired".to_owned());
        }
        Sort::Listed => {
            roles.list = Some("age".to_owned());
            roles.item = Some("place".to_owned());
            roles.rank = Some("people".to_owned());
            roles.relevance = Some("hired".to_owned());
            roles.protected = vec!["place".to_owned()];
            roles.item_side = vec!["place".to_owned()];
            // A place of nobody is none.
            policy.values.missing.push("0".to_owned());
        }
        Sort::Parted => {
            roles.protected = vec!["age".to_owned()];
            roles.strata = vec!["score".to_owned()];
            roles.prediction = Some("hired".to_owned());
            roles.count = Some("people".to_owned());
            policy
                .bins
                .insert("age".to_owned(), Bins::Quantiles(Quantiles::Quartiles));
            policy
                .bins
                .insert("score".to_owned(), Bins::Quantiles(Quantiles::Halves));
        }
    }
    policy
}

pub fn case() -> impl Strategy<Value = Case> {
    let rows = prop_oneof![
        1 => prop::collection::vec(row(), 0..3),
        4 => prop::collection::vec(row(), 1..80),
    ];
    let sort = prop::sample::select(vec![
        Sort::Plain,
        Sort::Counted,
        Sort::Weighted,
        Sort::Median,
        Sort::Parted,
        Sort::Scored,
        Sort::Priced,
        Sort::Compared,
        Sort::Rescored,
        Sort::Listed,
    ]);
    (rows, prop::collection::vec(0usize..80, 0..4), 0usize..1 << 20, sort).prop_map(|(rows, cuts, choice, sort)| Case {
        rows,
        cuts,
        choice,
        sort,
    })
}
