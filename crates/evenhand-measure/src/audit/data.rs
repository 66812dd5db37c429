//! This module says what became of the rows: how many were read, counted, and left out, and why.

use super::model::{Data, Exclusion};
use super::read::Reading;
use crate::confusion::Confusion;
use crate::tally::{self, Found, Tally};

/// Rows in, counted and left out.
pub(super) fn data(tally: &Tally, whole: &Confusion, reading: &Reading<'_>) -> Data {
    let rows = whole.rows();
    let (excluded, mut partial) = if reading.prediction.is_some() {
        let (excluded, mut partial) = of_decisions(whole, reading);
        // They are decisions all the same.
        partial.extend(of_lists(tally).0);
        (excluded, partial)
    } else {
        of_lists(tally)
    };
    if reading.prediction.is_none() && reading.label.is_some() {
        let only = "the label is missing: counted only where no label is needed";
        partial.extend(exclusion("label-missing", only.to_owned(), whole.unknown.rows));
    }
    for measured in &tally.measured {
        let missing = measured.cells.cells().map(|(_, numbers)| numbers.missing).sum();
        let (column, word) = (&measured.column, measured.role.word());
        partial.extend(exclusion(
            "number-missing",
            format!("the {word} `{column}` is missing: they have no part in what is said of it"),
            missing,
        ));
    }
    for tally::Reading { column, found, rows } in &tally.readings {
        let (reason, what) = match found {
            Found::NotANumber => ("not-a-number", "is not a number (NaN) and was taken as missing"),
            Found::ZeroCount => ("zero-count", "is 0, so that the record stands for nobody"),
            Found::BarePercent => (
                "bare-percent",
                "is a percentage without a sign, as some of its figures are above 1",
            ),
            Found::ZeroWeight => ("zero-weight", "is 0, so that the row adds to no rate"),
        };
        partial.extend(exclusion(reason, format!("`{column}` {what}"), *rows));
    }
    let lost: u64 = excluded.iter().map(|exclusion| exclusion.rows).sum();
    Data {
        records_read: tally.records,
        rows_read: rows,
        rows_counted: rows.saturating_sub(lost),
        excluded,
        partial,
    }
}

fn exclusion(reason: &str, message: String, rows: u64) -> Option<Exclusion> {
    (rows > 0).then(|| Exclusion {
        reason: reason.to_owned(),
        message,
        rows,
    })
}

/// What is left out where decisions are counted, and what is counted in a part of the rates only.
fn of_decisions(whole: &Confusion, reading: &Reading<'_>) -> (Vec<Exclusion>, Vec<Exclusion>) {
    let labelled = reading.label.is_some();
    let (reason, message) = if labelled {
        ("nothing-known", "neither the decision nor the label is known")
    } else if reading.published.is_some() {
        ("rate-not-published", "no rate is published for their group")
    } else {
        ("decision-missing", "the decision is missing")
    };
    let excluded = exclusion(reason, message.to_owned(), whole.unknown.rows);
    let mut partial = Vec::new();
    if labelled {
        let both = |one: u64, other: u64| one.saturating_add(other);
        let unlabelled = both(whole.selected_unlabelled.rows, whole.rejected_unlabelled.rows);
        let unpredicted = both(whole.positive_unpredicted.rows, whole.negative_unpredicted.rows);
        let only = "the label is missing: counted only where no label is needed";
        partial.extend(exclusion("label-missing", only.to_owned(), unlabelled));
        let only = "the decision is missing: counted only in the base rate";
        partial.extend(exclusion("decision-missing", only.to_owned(), unpredicted));
    }
    (excluded.into_iter().collect(), partial)
}

/// What is left out of lists.
fn of_lists(tally: &Tally) -> (Vec<Exclusion>, Vec<Exclusion>) {
    let Some(lists) = &tally.lists else {
        return (Vec::new(), Vec::new());
    };
    let excluded = lists.left_out.iter().filter_map(|(reason, rows)| {
        let message = match reason.as_str() {
            "no-list" => "no column says which list they belong to",
            "no-item" => "the item is missing",
            "no-rank" => "the place in the list is missing, or no whole number from 1",
            "item-again" => "the item has a better place in the same list, which counts",
            other => other,
        };
        exclusion(reason, message.to_owned(), *rows)
    });
    (excluded.collect(), Vec::new())
}
