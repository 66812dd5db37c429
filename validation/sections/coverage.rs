//! A, second half: how often the default intervals hold the truth.

use std::fmt::Write;

use evenhand::measure::inference::Comparison;

use crate::page::{Limit, Section, share, table};
use crate::plot::{Chart, Mark, Row};
use crate::study::coverage::{TwoRates, one_rate, two_rates};
use crate::study::question::{PERCENTS, SIZES};
use crate::study::size::pairs;

/// The required mean.
const REQUIRED: f64 = 0.945;

/// Coverages of one kind of interval, in classes of group size.
struct Kind {
    name: &'static str,
    /// (the class, coverage, where).
    cells: Vec<(usize, f64, String)>,
}

impl Kind {
    fn summary(&self, class: Option<usize>) -> Option<(usize, Mark)> {
        let there = self
            .cells
            .iter()
            .filter(|cell| class.is_none_or(|class| cell.0 == class));
        let values: Vec<f64> = there.map(|cell| cell.1).collect();
        let count = values.len();
        (count > 0).then(|| {
            let mark = Mark {
                low: values.iter().copied().fold(1.0, f64::min),
                at: values.iter().sum::<f64>() / count as f64,
                high: values.iter().copied().fold(0.0, f64::max),
            };
            (count, mark)
        })
    }

    /// The cells that cover least.
    fn worst(&self, most: usize) -> Vec<&(usize, f64, String)> {
        let mut cells: Vec<_> = self.cells.iter().collect();
        cells.sort_by(|left, right| left.1.total_cmp(&right.1));
        cells.truncate(most);
        cells
    }
}

pub fn section() -> Section {
    let kinds = kinds();
    let limits = kinds.iter().map(|kind| {
        let (_, mark) = kind.summary(None).unwrap_or((0, Mark::point(0.0)));
        Limit {
            what: format!("mean coverage of the 95 % interval of {}", kind.name),
            required: format!("at least {REQUIRED}"),
            found: format!("{}, least {}", share(mark.at), share(mark.low)),
            met: Some(mark.at >= REQUIRED),
        }
    });
    Section {
        title: "A, continued. How often do the intervals hold the truth?",
        text: text(&kinds),
        limits: limits.collect(),
        files: vec![("coverage.svg", chart(&kinds).svg())],
    }
}

fn kinds() -> [Kind; 3] {
    let sweep: Vec<usize> = (PERCENTS[0]..=PERCENTS[PERCENTS.len() - 1]).collect();
    let wilson = one_rate(&SIZES, &sweep).into_iter().map(|cell| {
        (
            cell.trials,
            cell.coverage,
            format!("{} people, rate {} %", cell.trials, cell.percent),
        )
    });
    let two = |comparison| -> Vec<(usize, f64, String)> {
        let place = |cell: &TwoRates| {
            format!(
                "{} against {} people, rates {} % and {} %",
                cell.group, cell.reference, cell.percents.0, cell.percents.1
            )
        };
        two_rates(comparison, &pairs(&SIZES), &PERCENTS)
            .iter()
            .map(|cell| (cell.group.min(cell.reference), cell.coverage, place(cell)))
            .collect()
    };
    [
        Kind {
            name: "a rate (Wilson)",
            cells: wilson.collect(),
        },
        Kind {
            name: "a difference (Miettinen-Nurminen)",
            cells: two(Comparison::Difference),
        },
        Kind {
            name: "a ratio (Miettinen-Nurminen)",
            cells: two(Comparison::Ratio),
        },
    ]
}

fn text(kinds: &[Kind]) -> String {
    let mut out = String::from(
        "**Asked.** In what share of samples does the printed 95 % interval hold the true value? Wilson's interval of one \
         rate at 5 % to 50 % in steps of 1 %; the intervals of a difference and of a ratio for all pairs of group sizes \
         and all pairs of rates from 5 % to 50 % in steps of 5 %, equal and unequal. By enumeration, as above.\n\n\
         ![Coverage of the three default intervals by group size](validation/coverage.svg)\n\n",
    );
    let mut rows = Vec::new();
    for kind in kinds {
        for class in SIZES.iter().map(|size| Some(*size)).chain([None]) {
            if let Some((count, mark)) = kind.summary(class) {
                rows.push(vec![
                    kind.name.to_owned(),
                    class.map_or("all".to_owned(), |size| size.to_string()),
                    count.to_string(),
                    share(mark.low),
                    share(mark.at),
                    share(mark.high),
                ]);
            }
        }
    }
    let head = [
        "interval of",
        "people in the smaller group",
        "cells",
        "least",
        "mean",
        "most",
    ];
    let _ = write!(out, "{}\nWhere each covers least:\n\n", table(&head, 1, &rows));
    let worst: Vec<Vec<String>> = kinds
        .iter()
        .flat_map(|kind| kind.worst(5).into_iter().map(|cell| (kind.name, cell)))
        .map(|(name, cell)| vec![name.to_owned(), cell.2.clone(), share(cell.1)])
        .collect();
    out.push_str(&table(&["interval of", "where", "coverage"], 2, &worst));
    out.push_str(
        "\n**What it says.** On average the intervals hold the truth as often as they claim; for single rates and sizes \
         they are above or below it, as any interval of counts is that does not use random numbers.\n\n\
         **Limits.** One interval at a time: the chance that several intervals of a page all hold their truths is lower (section E). \
         Where nobody is selected in either group the interval of a ratio is everything, and counts as holding it. The \
         data are independent rows; weights and clusters are not covered here.\n",
    );
    out
}

fn chart(kinds: &[Kind]) -> Chart {
    let rows = SIZES.iter().map(|size| Row {
        label: format!("smaller group of {size}"),
        marks: kinds
            .iter()
            .map(|kind| kind.summary(Some(*size)).map(|(_, mark)| mark))
            .collect(),
    });
    Chart {
        title: "How often the default 95 % intervals hold the truth".to_owned(),
        description:
            "For six sizes of the smaller group: the least, mean and largest coverage of the intervals of a rate, \
                      of a difference and of a ratio. The table below the picture has the numbers."
                .to_owned(),
        series: kinds.iter().map(|kind| kind.name).collect(),
        range: (0.9, 1.0),
        ticks: (0..=5)
            .map(|step| (0.9 + 0.02 * f64::from(step), format!("{} %", 90 + 2 * step)))
            .collect(),
        lines: vec![(0.95, "95 %")],
        rows: rows.collect(),
    }
}
