//! This module says what comparisons within strata leave out.

use crate::policy::Level;
use crate::problem::thousands;

use super::super::groups::Partition;
use super::super::model::{GroupKind, Note, Severity};
use super::super::{Run, strata, warning};

/// Not every pair of groups was compared within strata and pooled.
pub(super) fn too_many_pairs(run: &Run<'_>) -> Option<Note> {
    let judged = |partition: &Partition| {
        let kinds = partition.groups.iter().map(|of| of.kind);
        kinds.filter(|kind| *kind == GroupKind::Judged).count()
    };
    let sets = run.split.partitions.iter().zip(&run.split.strata);
    let large: Vec<String> = sets
        .filter(|(partition, strata)| !strata::every_pair(judged(partition), strata.len()))
        .map(|(partition, _)| partition.by.join("+"))
        .collect();
    (!large.is_empty()).then(|| Note {
        code: "pooled-against-highest".to_owned(),
        severity: Severity::Info,
        message: format!(
            "pooled over the strata, each group of `{}` was compared with the one that has the highest rate only: there are too \
             many pairs",
            large.join("`, `")
        ),
        help: Some("name a reference, or fewer strata, to choose what is compared".to_owned()),
    })
}

/// Rows without a stratum are in no comparison within strata.
pub(super) fn missing_strata(run: &Run<'_>) -> Option<Note> {
    let unknown = |key: &[u32]| {
        run.reading
            .strata
            .iter()
            .any(|of| of.by_level[key[of.position] as usize].is_none())
    };
    let cells = run.reading.cube.cells();
    let rows: u64 = cells.filter(|(key, _)| unknown(key)).map(|(_, counts)| counts.n).sum();
    let columns: Vec<&str> = run
        .reading
        .strata
        .iter()
        .map(|stratum| stratum.column.as_str())
        .collect();
    (rows > 0).then(|| {
        warning(
            "stratum-missing",
            format!(
                "{} of {} rows have no `{}`: they are in no comparison within it",
                thousands(rows),
                thousands(run.split.overall.whole.rows()),
                columns.join("`, `")
            ),
            "find out what the missing values are, or report comparisons within strata with this reservation",
        )
    })
}

/// Strata are looked at, and do not decide unless a policy says so.
pub(super) fn strata_beside(run: &Run<'_>) -> Option<Note> {
    let judged_within = run
        .checks
        .iter()
        .any(|check| check.criterion.per_stratum && check.level == Level::Error);
    (!run.reading.strata.is_empty() && !judged_within).then(|| Note {
        code: "strata-beside".to_owned(),
        severity: Severity::Info,
        message: "the verdict is about all strata together; comparisons within each stratum stand beside it".to_owned(),
        help: Some("to judge within strata, declare conditional-statistical-parity in a policy".to_owned()),
    })
}
