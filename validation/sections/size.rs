//! A, first half: how often each one-sided test is wrong on its bound.

use std::fmt::Write;

use super::rules::{self, ONE_SIDED, Rule, TWO_SIDED};
use crate::page::{Section, share, table};
use crate::plot::{Chart, Row};
use crate::study::question::{ALPHA, PERCENTS, QUESTIONS, SIZES};
use crate::study::size::{Cell, cells, pairs};

/// Smallest expected counts, in classes: each from the last one's end up to its own.
const CLASSES: [(f64, &str); 7] = [
    (1.0, "under 1"),
    (2.0, "1 to 2"),
    (5.0, "2 to 5"),
    (10.0, "5 to 10"),
    (20.0, "10 to 20"),
    (50.0, "20 to 50"),
    (f64::INFINITY, "50 or more"),
];

/// The ends of a class.
fn range(class: usize) -> (f64, f64) {
    let low = if class == 0 { 0.0 } else { CLASSES[class - 1].0 };
    (low, CLASSES[class].0)
}

pub fn section() -> Section {
    let sweep: Vec<usize> = (PERCENTS[0]..=PERCENTS[PERCENTS.len() - 1]).collect();
    let cells = cells(&pairs(&SIZES), &sweep);
    Section {
        title: "A. How often is one question answered wrongly?",
        text: text(&cells),
        limits: rules::limits(&cells),
        files: vec![
            (
                "size.svg",
                chart(&cells, &ONE_SIDED, "a question about one bound").svg(),
            ),
            (
                "size-two-bounds.svg",
                chart(&cells, &TWO_SIDED, "a criterion with two bounds").svg(),
            ),
            ("size-above-nominal.csv", above(&cells)),
        ],
    }
}

const ASKED: &str = "**Asked.** Two groups lie exactly on a bound, and a test of level 0.025 is put to them. How often does it say that \
     they lie beyond it (*breach*)? How often that they lie within it (*compliance*)? Either is wrong. Both questions \
     are asked of the four default bounds (ratios 0.8 and 1.25, differences -0.1 and +0.1) and of plain equality. \
     Groups of 20, 50, 100, 200, 500 and 1,000 people meet each other. Reference rates go from 5 % to 50 % in steps of \
     1 %. Every possible table is counted with its probability, so these numbers have no simulation error.\n\n\
     The score test alone decides nothing where counts are small. If it expects fewer than 5 in some cell of the observed \
     table, an exact unconditional test has to agree, for a *fail* and for a *pass*. Rules with that consent are what \
     verdicts rest on. The score test alone is listed to show what the consent is for.\n\n\
     A difference has two bounds, and so has a ratio to a group that was named. Such a criterion fails if one bound is \
     breached at half the level. It passes only if compliance is shown at both.\n\n\
     **The grid of the limits.** The limits above are stated for reference rates in steps of 5 %. Sizes go up and down \
     between those rates. So the table of limits also gives the largest size at every whole percent, and says where that \
     is above the limit.\n\n";

const SAYS: &str = "**What it says.** The size of a test of counts goes up and down around its level as rates and group sizes change. \
     Many cells lie a little above 0.025, and as many below. It strays furthest where group sizes differ much and expected \
     counts are small. There the score test alone is wrong up to some twice as often as its level says. A fail or pass with the \
     exact test's consent is not.\n\n\
     The four-fifths criterion asks in both directions of each pair. Two groups pass only if their ratio is shown to be at \
     least 0.8 and at most 1.25, which is the compliance with two bounds.\n\n\
     **Limits.** One question of two groups, without the adjustment for many (that is section B). \"Expected count\" here \
     means under the true rates; a verdict knows only those estimated from its table, so the consent is sometimes asked \
     in cells of 5 or more too. Tables less likely than 1e-10 count as decided wrongly unlooked, which adds less than a \
     millionth. Rates between whole percents were not tried.\n";

fn text(cells: &[Cell]) -> String {
    let mut out = format!(
        "{ASKED}![Sizes with one bound by smallest expected count](validation/size.svg)\n\n\
         ![Sizes with two bounds by smallest expected count](validation/size-two-bounds.svg)\n\n\
         At every whole percent:\n\n"
    );
    let mut rows = Vec::new();
    for rule in rules::rules() {
        for (class, (_, name)) in CLASSES.iter().enumerate() {
            if let Some((count, mark)) = rule.summary(cells, range(class)) {
                let mut row = vec![rule.name.to_owned(), (*name).to_owned(), count.to_string()];
                row.extend([mark.low, mark.at, mark.high].map(share));
                rows.push(row);
            }
        }
    }
    let head = ["rule", "smallest expected count", "cells", "least", "mean", "most"];
    let _ = writeln!(out, "{}", table(&head, 2, &rows));
    out.push_str(&matrices(cells));
    let _ = write!(
        out,
        "{}\n{}The cells in which each rule is wrong most often, at every whole percent:\n\n{}",
        past(cells),
        actual(cells),
        worst_table(cells)
    );
    let listed = cells.iter().filter(|cell| rules::required(cell));
    let above = listed.flat_map(sizes_above).count();
    let _ = write!(
        out,
        "\nEvery size above 0.025 at reference rates in steps of 5 % is listed in \
         [size-above-nominal.csv](validation/size-above-nominal.csv): {} sizes.\n\n{SAYS}",
        evenhand::measure::thousands(above as u64)
    );
    out
}

/// The largest size over all rates for each pair of sizes, of the questions of the four-fifths bound.
fn matrices(cells: &[Cell]) -> String {
    let mut out = String::new();
    for rule in &ONE_SIDED {
        let _ = write!(
            out,
            "Largest size at any reference rate, ratio 0.8, {}; rows are the group, columns the reference:\n\n",
            rule.name
        );
        let mut head = vec!["people".to_owned()];
        head.extend(SIZES.iter().map(ToString::to_string));
        let rows: Vec<Vec<String>> = SIZES
            .iter()
            .map(|&group| {
                let mut row = vec![group.to_string()];
                row.extend(SIZES.iter().map(|&reference| {
                    let there = |cell: &Cell| {
                        cell.question().name == QUESTIONS[0].name && cell.group == group && cell.reference == reference
                    };
                    let worst = rule.worst(cells, there, 1);
                    worst.first().map_or("-".to_owned(), |(size, _)| share(*size))
                }));
                row
            })
            .collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let _ = writeln!(out, "{}", table(&head, 1, &rows));
    }
    out
}

/// Every size past the limit of its class, at every whole percent.
fn past(cells: &[Cell]) -> String {
    let of_rule = |rule: &'static Rule| {
        // No verdict rests on compliance alone where counts are small; it is held to the same number here.
        let limit = |cell: &Cell| rule.limit(cell.small()).unwrap_or(0.05);
        let past = rule.worst(cells, |_| true, usize::MAX).into_iter();
        past.filter(move |(size, cell)| *size > limit(cell))
            .map(|(size, cell)| described(rule, size, cell))
    };
    let past: Vec<Vec<String>> = rules::rules().flat_map(of_rule).collect();
    let of = rules::rules()
        .map(|rule| cells.iter().filter_map(rule.size).count())
        .sum::<usize>();
    format!(
        "At every whole percent {} of {} sizes are above 0.035 (all expected counts 5 or more), 0.05 (elsewhere, score test \
         alone) or 0.03 (elsewhere, with the exact test's consent):\n\n{}",
        past.len(),
        evenhand::measure::thousands(of as u64),
        table(&HEAD, 3, &past)
    )
}

/// The rules that verdicts rest on, where no expected count is small.
fn actual(cells: &[Cell]) -> String {
    let largest = |rule: &Rule, coarse: bool| {
        let there = |cell: &Cell| !cell.small() && (!coarse || rules::required(cell));
        let worst = rule.worst(cells, there, 1);
        worst.first().map_or("-".to_owned(), |(size, cell)| {
            let place = format!(
                "{}, {} against {}, {} %",
                cell.question().name,
                cell.group,
                cell.reference,
                cell.percent
            );
            format!("{} ({place})", share(*size))
        })
    };
    let of = |rule: &Rule| vec![rule.name.to_owned(), largest(rule, true), largest(rule, false)];
    let rows: Vec<Vec<String>> = rules::rules().map(of).collect();
    format!(
        "The largest size where all expected counts are 5 or more. The exact test is asked there too when the counts \
         estimated from the table are small, so a fail or pass may be rarer than the score test's answer:\n\n{}\n",
        table(&["rule", "rates in steps of 5 %", "every whole percent"], 3, &rows)
    )
}

const HEAD: [&str; 6] = [
    "rule",
    "bound",
    "people",
    "reference rate",
    "smallest expected count",
    "size",
];

fn described(rule: &Rule, size: f64, cell: &Cell) -> Vec<String> {
    vec![
        rule.name.to_owned(),
        cell.question().name.to_owned(),
        format!("{} against {}", cell.group, cell.reference),
        format!("{} %", cell.percent),
        format!("{:.2}", cell.expected),
        share(size),
    ]
}

fn worst_table(cells: &[Cell]) -> String {
    let mut rows = Vec::new();
    for rule in rules::rules() {
        for small in [false, true] {
            let worst = rule.worst(cells, |cell| cell.small() == small, 3);
            rows.extend(worst.into_iter().map(|(size, cell)| described(rule, size, cell)));
        }
    }
    table(&HEAD, 3, &rows)
}

/// The sizes of a cell that are above the level, with the rule's name.
fn sizes_above(cell: &Cell) -> impl Iterator<Item = (&'static str, f64)> {
    rules::rules().filter_map(|rule| Some((rule.id, (rule.size)(cell).filter(|size| *size > ALPHA)?)))
}

fn above(cells: &[Cell]) -> String {
    let mut out = String::from("rule,bound,group_people,reference_people,reference_rate,smallest_expected,size\n");
    for cell in cells.iter().filter(|cell| rules::required(cell)) {
        for (rule, size) in sizes_above(cell) {
            let _ = writeln!(
                out,
                "{rule},{},{},{},{:.2},{:.2},{size:.6}",
                cell.question().name,
                cell.group,
                cell.reference,
                cell.percent as f64 / 100.0,
                cell.expected
            );
        }
    }
    out
}

fn chart(cells: &[Cell], rules: &'static [Rule], of: &str) -> Chart {
    let rows = CLASSES.iter().enumerate().map(|(class, (_, name))| Row {
        label: format!("smallest expected count {name}"),
        marks: rules
            .iter()
            .map(|rule| rule.summary(cells, range(class)).map(|(_, mark)| mark))
            .collect(),
    });
    Chart {
        title: format!("How often {of} is answered wrongly on its bound, at level 0.025"),
        description:
            "For seven classes of the smallest expected count: the least, mean and largest probability that the \
                      score test finds a breach, that it finds compliance, and that a comparison fails or passes with \
                      the exact test's consent. The table below the pictures has the numbers."
                .to_owned(),
        series: rules.iter().map(|rule| rule.name).collect(),
        range: (0.0, 0.06),
        ticks: (0..=6)
            .map(|step| (f64::from(step) / 100.0, format!("{:.2}", f64::from(step) / 100.0)))
            .collect(),
        lines: vec![(0.025, "0.025"), (0.03, "0.03"), (0.035, "0.035"), (0.05, "0.05")],
        rows: rows.collect(),
    }
}
