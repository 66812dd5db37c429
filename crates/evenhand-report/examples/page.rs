//! Writes the page of a tally and times it: `page OUT.html [FILE.tally.json]`.
//!
//! Without a file it is of 14 groups, whose 182 pairs are compared by six criteria: 1,092 comparisons. It prints one line of
//! JSON: the fastest of five runs, in milliseconds, of the report before any format (with its pictures) and of the page.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};
use evenhand_measure::{Policy, audit};
use evenhand_report::document::{Letterhead, document};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("name the page to write")?;
    let tally = match arguments.next() {
        Some(path) => Tally::from_json(&std::fs::read_to_string(path)?)?,
        None => many(14)?,
    };
    let audit = audit(&tally, &Policy::default()).map_err(|problems| format!("{problems:?}"))?;
    let own = Letterhead::default();
    let mut best = [f64::INFINITY; 2];
    let mut page = String::new();
    for _ in 0..5 {
        let start = Instant::now();
        let report = document(&audit, &own);
        let built = Instant::now();
        page = evenhand_report::html(&report, &own, &audit);
        let milliseconds = |from: Instant, to: Instant| (to - from).as_secs_f64() * 1e3;
        best[0] = best[0].min(milliseconds(start, built));
        best[1] = best[1].min(milliseconds(built, Instant::now()));
    }
    std::fs::write(out, &page)?;
    println!(
        "{{\"findings\": {}, \"bytes\": {}, \"report_ms\": {:.1}, \"page_ms\": {:.1}}}",
        audit.findings.len(),
        page.len(),
        best[0],
        best[1]
    );
    Ok(())
}

/// A tally of so many groups whose sizes and rates follow from their numbers.
fn many(groups: u32) -> Result<Tally, Box<dyn Error>> {
    let axes = [
        (Axis::Protected, "group", groups),
        (Axis::Label, "label", 2),
        (Axis::Prediction, "prediction", 2),
    ];
    let dimensions = axes.map(|(axis, column, size)| {
        let mut dimension = Dimension::new(axis, column, Coding::AsWritten);
        dimension.levels = match axis {
            Axis::Protected => (0..size).map(|level| Level::of(&format!("group {level:02}"))).collect(),
            _ => vec![Level::of("no"), Level::of("yes")],
        };
        dimension
    });
    let cells = (0..groups * 4).map(|cell| {
        let key = vec![cell / 4, cell % 2, cell / 2 % 2];
        (key, Counts::of(u64::from(40 + cell * 7_919 % 401)))
    });
    let cells: Vec<_> = cells.collect();
    let rows = (0..groups * 4).map(|cell| u64::from(40 + cell * 7_919 % 401)).sum();
    Ok(Tally::new(Cube::new(dimensions.to_vec(), cells)?, rows))
}
