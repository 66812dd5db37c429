//! This module makes gates of every kind: what fails, is open, waived, worse than before, or named to do harm.

use evenhand::measure::audit;
use evenhand::measure::audit::change::{RegressionRule, changes};
use evenhand::measure::gate::{Gate, gate};
use evenhand::measure::policy::parse;
use evenhand::measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};

/// A gate, and what it is called.
pub struct Made {
    pub name: &'static str,
    pub gate: Gate,
}

/// Groups of so many rows in the four cells: TP, FP, FN, TN.
type Groups<'a> = [(&'a str, [u64; 4])];

/// Names that are written to do harm in one format or another.
pub const HOSTILE: [&str; 14] = [
    "</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "::error file=x::boom",
    "##vso[task.complete]",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "nul\0byte\r\n::warning::new line",
    "\u{202e}drawkcab\u{2066}x\u{200b}",
    "a|b`c`*d*_e_[f](http://g)",
    "]]>\"'&amp;\u{ffff}\u{fffe}",
    "<!ENTITY x SYSTEM \"file:///etc/passwd\">&x;",
    "{0} {1} \\[x\\](1)",
    "名前 עברית العربية \u{1f600}",
    "#panic()",
    "%0A::stop-commands::x",
];

const FAIR: [(&str, [u64; 4]); 2] = [("Black", [900, 600, 600, 900]), ("White", [900, 600, 600, 900])];
const UNFAIR: [(&str, [u64; 4]); 2] = [("Black", [600, 400, 900, 1100]), ("White", [900, 600, 600, 900])];
const WORSE: [(&str, [u64; 4]); 2] = [("Black", [790, 530, 710, 970]), ("White", [900, 600, 600, 900])];
const FEW: [(&str, [u64; 4]); 2] = [("Black", [6, 4, 6, 4]), ("White", [7, 5, 5, 3])];
const ALONE: [(&str, [u64; 4]); 1] = [("White", [900, 600, 600, 900])];
const THREE: [(&str, [u64; 4]); 3] = [
    ("Asian", [900, 600, 600, 900]),
    ("Black", [900, 600, 600, 900]),
    ("White", [900, 600, 600, 900]),
];

const CHECK: &str = "[[check]]\ncriterion = \"disparate-impact\"\n";
const ODDS: &str = "[[check]]\ncriterion = \"equalized-odds\"\nlevel = \"error\"\n";
const WARN: &str = "[[check]]\ncriterion = \"statistical-parity\"\nlevel = \"warn\"\n";

fn waiver(column: &str, group: &str, more: &str) -> String {
    // A text of JSON is one of TOML as well.
    let text = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f");
    format!(
        "[[waiver]]\ncheck = \"disparate-impact\"\ngroup = {{ {} = {} }}\nreason = {}\nowner = {}\nexpires = 2026-12-31\n{more}",
        text(column),
        text(group),
        text(&format!("known: {}", HOSTILE[7])),
        text(HOSTILE[2]),
    )
}

fn tally(column: &str, groups: &Groups<'_>) -> Tally {
    let mut protected = Dimension::new(Axis::Protected, column, Coding::AsWritten);
    protected.levels = groups.iter().map(|(name, _)| Level::of(name)).collect();
    let answers = |axis, name| {
        let mut dimension = Dimension::new(axis, name, Coding::AsWritten);
        dimension.levels = vec![Level::of("yes"), Level::of("no")];
        dimension
    };
    let dimensions = vec![
        protected,
        answers(Axis::Label, "good"),
        answers(Axis::Prediction, "hired"),
    ];
    let cells = groups.iter().enumerate().flat_map(|(at, (_, [tp, fp, fn_, tn]))| {
        let cell = |label, prediction, rows: &u64| (vec![at as u32, label, prediction], Counts::of(*rows));
        [cell(0, 0, tp), cell(1, 0, fp), cell(0, 1, fn_), cell(1, 1, tn)]
    });
    let cube = Cube::new(dimensions, cells.collect::<Vec<_>>()).unwrap();
    Tally::new(cube, groups.iter().flat_map(|(_, cells)| cells).sum())
}

fn made(name: &'static str, policy: &str, before: Option<&Groups<'_>>, now: &Groups<'_>, today: &str) -> Made {
    made_of(name, "race", policy, before, now, today)
}

fn made_of(
    name: &'static str,
    column: &str,
    policy: &str,
    before: Option<&Groups<'_>>,
    now: &Groups<'_>,
    today: &str,
) -> Made {
    let policy = parse("evenhand.toml", policy).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    let now = tally(column, now);
    let rule = RegressionRule {
        tolerance: policy.baseline.tolerance,
        alpha: policy.baseline.alpha,
    };
    let changes = before.map(|before| changes(&tally(column, before), &now, &policy, &rule).unwrap());
    let gate = gate(audit(&now, &policy).unwrap(), changes, &policy, today.parse().ok());
    Made { name, gate }
}

/// A gate of every kind.
pub fn all() -> Vec<Made> {
    let waived = |more: &str| format!("{CHECK}{WARN}{}", waiver("race", "Black", more));
    let open = |word: &str| format!("{CHECK}on-inconclusive = \"{word}\"\n");
    vec![
        made("passes", CHECK, None, &FAIR, ""),
        made("fails", &format!("{CHECK}{WARN}{ODDS}"), None, &UNFAIR, ""),
        made("warns", WARN, None, &UNFAIR, ""),
        made("open", &format!("{CHECK}{WARN}"), None, &FEW, ""),
        made("open-allowed", &open("pass"), None, &FEW, ""),
        made("open-fails", &open("fail"), None, &FEW, ""),
        made("alone", CHECK, None, &ALONE, ""),
        made("waived", &waived(""), None, &UNFAIR, "2026-12-31"),
        made("waiver-expired", &waived(""), None, &UNFAIR, "2027-01-01"),
        made("waiver-unused", &waived(""), None, &FAIR, "2026-12-31"),
        made("worse", CHECK, Some(&FAIR), &WORSE, ""),
        made(
            "worse-waived",
            &waived("ceiling = 0.8\n"),
            Some(&FAIR),
            &WORSE,
            "2026-12-31",
        ),
        made("vanished", CHECK, Some(&THREE), &FAIR, ""),
        made("appeared", CHECK, Some(&FAIR), &THREE, ""),
        hostile(),
    ]
}

/// Groups, a column, and a waiver with names that are written to do harm.
fn hostile() -> Made {
    let long = "x".repeat(10_000);
    let groups: Vec<(&str, [u64; 4])> = HOSTILE
        .iter()
        .copied()
        .chain([long.as_str()])
        .enumerate()
        .map(|(at, name)| (name, [300 + 60 * at as u64, 200, 300, 900]))
        .collect();
    let column = HOSTILE.concat();
    let policy = format!("{CHECK}{WARN}{ODDS}{}", waiver(&column, HOSTILE[0], ""));
    let mut before = groups.clone();
    before[0].1 = [1000, 200, 300, 900];
    made_of("hostile", &column, &policy, Some(&before), &groups, "2026-12-31")
}
