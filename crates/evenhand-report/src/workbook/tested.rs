//! This module is the sheets that stand beside the verdict: named tests, differences in people, other assumptions.

use evenhand_measure::audit::model::{Audit, Group, NamedTest, Practical};
use rust_xlsxwriter::XlsxError;

use super::cell::{Cell, Form};
use super::names;
use super::page::Page;
use super::values::table_of;
use crate::significance;
use crate::words;

pub(super) const TESTS: [f64; 15] = [
    36.0, 24.0, 16.0, 22.0, 22.0, 18.0, 18.0, 11.0, 11.0, 11.0, 11.0, 11.0, 9.0, 10.0, 60.0,
];
pub(super) const PRACTICAL: [f64; 12] = [24.0, 16.0, 22.0, 22.0, 13.0, 13.0, 13.0, 13.0, 12.0, 11.0, 12.0, 11.0];
pub(super) const SENSITIVITY: [f64; 4] = [34.0, 90.0, 22.0, 12.0];

pub(super) fn write_tests(mut page: Page<'_>, audit: &Audit, most: usize) -> Result<(), XlsxError> {
    page.title("Tests")?;
    page.note(significance::ABOUT)?;
    page.note("p: of equality, two-sided, not adjusted for the number of tests.")?;
    page.left_out(most, audit.tests.len())?;
    let header = [
        "Test",
        "Rate",
        "By",
        "Group",
        "Reference",
        "Within",
        "Pooled over",
        "Estimate",
        "Lower",
        "Upper",
        "Confidence",
        "Statistic",
        "Degrees of freedom",
        "p",
        "Remark",
    ];
    let rows = audit.tests.iter().take(most).map(test).collect();
    page.main_table(&table_of(&header, rows), 1)?;
    Ok(())
}

fn test(test: &NamedTest) -> Vec<Cell> {
    let number = |value: Option<f64>| value.map_or(Cell::Empty, |value| Cell::Number(value, Form::of_number(value)));
    let group = |group: Option<&Group>| match group.filter(|group| !group.is_empty()) {
        Some(group) => Cell::text(names::values(&test.by, group)),
        None => Cell::text("all groups"),
    };
    let not_computed = test
        .not_computed
        .as_deref()
        .map(|why| format!("no result: {}", words::long(why)));
    let remarks: Vec<String> = not_computed
        .into_iter()
        .chain(test.note.as_deref().map(words::long))
        .collect();
    vec![
        Cell::Prose(words::entry_name(&test.id)),
        Cell::Prose(rate(&test.rate, test.complement)),
        Cell::text(names::attributes(&test.by)),
        group(Some(&test.group)),
        test.reference
            .as_ref()
            .map_or(Cell::Empty, |reference| group(Some(reference))),
        Cell::text(names::within(&test.within)),
        match test.pooled_over.is_empty() {
            true => Cell::Empty,
            false => Cell::text(names::attributes(&test.pooled_over)),
        },
        number(test.estimate),
        number(test.lower),
        match (test.lower, test.upper) {
            (Some(_), None) => Cell::Why("no limit".to_owned()),
            (_, upper) => number(upper),
        },
        test.confidence.map_or(Cell::Empty, Cell::share),
        number(test.statistic),
        test.freedom.map_or(Cell::Empty, Cell::count),
        Cell::probability(test.p),
        Cell::Prose(remarks.join("; ")),
    ]
}

/// The rate that is compared; where the event is bad, of those without it.
fn rate(id: &str, complement: bool) -> String {
    match complement {
        true => "favourable share".to_owned(),
        false => words::entry_name(id),
    }
}

pub(super) fn write_practical(mut page: Page<'_>, audit: &Audit, most: usize) -> Result<(), XlsxError> {
    page.title("What the differences mean in people")?;
    for set in significance::sets(audit)
        .iter()
        .filter(|set| !set.practical_rows().is_empty())
        .take(1)
    {
        page.note(set.practical_about())?;
        if let Some(about) = set.harm_about() {
            page.note(about)?;
        }
    }
    page.left_out(most, audit.practical.len())?;
    let mut header = vec![
        "Rate".to_owned(),
        "By".to_owned(),
        "Group".to_owned(),
        "Reference".to_owned(),
    ];
    header.extend(significance::practical_header().into_iter().skip(1));
    header.insert(header.len() - 1, "In words".to_owned());
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = audit.practical.iter().take(most).map(practical).collect();
    page.main_table(&table_of(&header, rows), 0)?;
    Ok(())
}

fn practical(of: &Practical) -> Vec<Cell> {
    let moves = |moves: Option<u64>| moves.map_or(Cell::Why("none would do".to_owned()), Cell::count);
    vec![
        Cell::Prose(rate(&of.rate, of.complement)),
        Cell::text(names::attributes(&of.by)),
        Cell::text(names::values(&of.by, &of.group)),
        Cell::text(names::values(&of.by, &of.reference)),
        Cell::Number(of.shortfall_of_reference_rate, Form::Decimal(1)),
        Cell::Number(of.shortfall_of_pooled_rate, Form::Decimal(1)),
        moves(of.moves_to_four_fifths),
        moves(of.moves_to_parity),
        Cell::text(if of.one_person_flips { "yes" } else { "no" }),
        Cell::Number(of.cohens_h, Form::of_number(of.cohens_h)),
        Cell::Prose(words::name(&of.cohens_h_words)),
        of.phi.map_or(Cell::Why("no value".to_owned()), |phi| {
            Cell::Number(phi, Form::of_number(phi))
        }),
    ]
}

pub(super) fn write_sensitivity(mut page: Page<'_>, audit: &Audit, most: usize) -> Result<(), XlsxError> {
    page.title("What would change the verdict")?;
    if let Some(changes) = words::what_would_change(audit, 0) {
        page.note(&changes.lead)?;
    }
    page.left_out(most, audit.sensitivity.len())?;
    let header = words::sensitivity_header();
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = audit.sensitivity.iter().take(most).map(|sensitivity| {
        words::sensitivity_row(sensitivity)
            .into_iter()
            .map(Cell::Prose)
            .collect()
    });
    page.main_table(&table_of(&header, rows.collect()), 0)?;
    Ok(())
}
