//! This module says which groups of equal size were made of a column, so that they can be used again.

use crate::policy::{Bins, Quantiles};
use crate::tally::{Axis, Coding, Dimension, written};

use super::{Note, Run, Severity};

/// A note for each column whose quantiles are asked for.
pub(super) fn quantiles(run: &Run<'_>) -> Vec<Note> {
    let dimensions = run.reading.cube.dimensions().iter();
    let groups = dimensions.filter(|dimension| matches!(dimension.role, Axis::Protected | Axis::Strata));
    let mut notes: Vec<Note> = groups
        .filter_map(
            |dimension| match (run.policy.bins.get(&dimension.column), &dimension.coding) {
                (Some(Bins::Quantiles(quantiles)), Coding::Bins(edges)) => Some(note(dimension, *quantiles, edges)),
                _ => None,
            },
        )
        .collect();
    // A column may be protected and a stratum.
    notes.dedup();
    notes
}

fn note(dimension: &Dimension, quantiles: Quantiles, edges: &[f64]) -> Note {
    let column = &dimension.column;
    let edges_written: Vec<String> = edges.iter().map(|edge| written(*edge)).collect();
    let help = format!(
        "to judge other data by the same groups, say --bins '{column}={}'",
        edges_written.join(",")
    );
    let (found, wanted) = (edges.len() + 1, quantiles.groups());
    let (severity, message) = if found < wanted {
        (
            Severity::Warning,
            format!(
                "the {quantiles} of `{column}` are {found} groups and not {wanted}, because many rows have the same \
                 number: their edges are {}",
                edges_written.join(", ")
            ),
        )
    } else {
        (
            Severity::Info,
            format!(
                "the edges of the {quantiles} of `{column}` over all rows are {}",
                edges_written.join(", ")
            ),
        )
    };
    Note {
        code: "quantile-bins".to_owned(),
        severity,
        message,
        help: Some(help),
    }
}

#[cfg(test)]
mod tests {
    use crate::tally::{Counts, Cube, Level, Tally};
    use crate::{Policy, audit};

    use super::*;

    fn notes(quantiles: Quantiles, edges: &[f64]) -> Vec<Note> {
        let mut age = Dimension::new(Axis::Protected, "age", Coding::Bins(edges.to_vec()));
        age.levels = (0..=edges.len())
            .map(|bin| Level::of(&crate::tally::bin_name(edges, bin)))
            .collect();
        let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
        hired.levels = ["0", "1"].map(Level::of).to_vec();
        let cells =
            (0..=edges.len() as u32).flat_map(|bin| [(vec![bin, 0], Counts::of(40)), (vec![bin, 1], Counts::of(60))]);
        let cube = Cube::new(vec![age, hired], cells.collect::<Vec<_>>()).unwrap();
        let rows = 100 * (edges.len() as u64 + 1);
        let mut policy = Policy::default();
        policy.bins.insert("age".to_owned(), Bins::Quantiles(quantiles));
        let audit = audit(&Tally::new(cube, rows), &policy).unwrap();
        audit
            .notes
            .into_iter()
            .filter(|note| note.code == "quantile-bins")
            .collect()
    }

    #[test]
    fn edges_are_said_with_a_flag_that_uses_them_again() {
        let [note] = notes(Quantiles::Terciles, &[30.0, 45.5]).try_into().unwrap();
        assert_eq!(
            note.message,
            "the edges of the terciles of `age` over all rows are 30, 45.5"
        );
        assert_eq!(
            note.help.as_deref(),
            Some("to judge other data by the same groups, say --bins 'age=30,45.5'")
        );
        assert_eq!(note.severity, Severity::Info);
    }

    #[test]
    fn groups_that_could_not_be_cut_apart_are_said() {
        let [note] = notes(Quantiles::Deciles, &[1.0]).try_into().unwrap();
        assert!(
            note.message
                .starts_with("the deciles of `age` are 2 groups and not 10, because"),
            "{note:?}"
        );
        assert_eq!(note.severity, Severity::Warning);
    }
}
