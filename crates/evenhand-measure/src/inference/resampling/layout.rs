//! Which cells make up which group: worked out once, so that a replicate is one pass over flat tables.

/// Rows that a cell adds to a group each time it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The group, counted from 0.
    pub group: usize,
    /// What became of the rows, such as "selected and qualified"; counted from 0.
    pub outcome: usize,
    /// How many rows: 1 where a cell is drawn row by row, all that it has where it is drawn whole.
    pub rows: u64,
}

/// The groups and outcomes in which each cell counts. A cell may count in several groups (those of every attribute),
/// and a cluster that is drawn whole also in several outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    groups: usize,
    outcomes: usize,
    /// Where the parts of each cell end, in one list of them all.
    ends: Vec<usize>,
    /// Place in a table of groups by outcomes, and rows.
    parts: Vec<(usize, u64)>,
}

impl Layout {
    /// The layout of cells, given the parts of each. There are as many groups and outcomes as are named in any part.
    pub fn of<P: IntoIterator<Item = Part>>(cells: impl IntoIterator<Item = P>) -> Self {
        let mut ends = Vec::new();
        let mut all: Vec<Part> = Vec::new();
        for parts in cells {
            all.extend(parts);
            ends.push(all.len());
        }
        let outcomes = all.iter().map(|part| part.outcome + 1).max().unwrap_or(0);
        Self {
            groups: all.iter().map(|part| part.group + 1).max().unwrap_or(0),
            outcomes,
            ends,
            parts: all
                .iter()
                .map(|part| (part.group * outcomes + part.outcome, part.rows))
                .collect(),
        }
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.ends.len()
    }

    /// How many groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// How many outcomes.
    pub fn outcomes(&self) -> usize {
        self.outcomes
    }

    /// The length of a table: groups times outcomes.
    pub fn places(&self) -> usize {
        self.groups * self.outcomes
    }

    /// Whether no count can pass 2^64 when so many cells are drawn.
    pub fn holds(&self, draws: u64) -> bool {
        let most = self.parts.iter().map(|&(_, rows)| rows).max().unwrap_or(0);
        most.checked_mul(draws).is_some()
    }

    /// Rows by group and outcome, given how often each cell was drawn; `table` is overwritten, and groups follow each
    /// other in it. Counts are whole numbers: their sums do not depend on the order. Where more are drawn than the
    /// layout [`holds`](Self::holds), they wrap.
    pub fn count(&self, drawn: &[u64], table: &mut [u64]) {
        table.fill(0);
        let mut start = 0;
        for (&times, &end) in drawn.iter().zip(&self.ends) {
            if times > 0 {
                for &(place, rows) in self.parts.get(start..end).unwrap_or_default() {
                    if let Some(count) = table.get_mut(place) {
                        *count = count.wrapping_add(rows.wrapping_mul(times));
                    }
                }
            }
            start = end;
        }
    }
}

/// A share of a group's rows, such as the true positive rate: which outcomes are in its numerator and denominator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The outcomes that it counts.
    pub inside: Vec<usize>,
    /// The outcomes that it is a share of; those of `inside` are among them.
    pub all: Vec<usize>,
}

impl Share {
    /// The counts of the numerator and the denominator, given a group's rows by outcome.
    pub fn counts(&self, group: &[u64]) -> (u64, u64) {
        let sum = |outcomes: &[usize]| {
            let rows = outcomes.iter().filter_map(|&outcome| group.get(outcome));
            rows.fold(0_u64, |sum, &rows| sum.wrapping_add(rows))
        };
        (sum(&self.inside), sum(&self.all))
    }

    /// The share, 0 to 1, given a group's rows by outcome; `None` when the denominator has no row.
    pub fn of(&self, group: &[u64]) -> Option<f64> {
        let (inside, all) = self.counts(group);
        (all > 0).then(|| inside as f64 / all as f64)
    }
}
