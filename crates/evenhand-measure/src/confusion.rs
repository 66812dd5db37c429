//! This module sorts the rows of one group by what was decided and what really happened.
//!
//! The cells have names and are never indexed: a confusion matrix that is indexed gets transposed.

use crate::catalogue::Cells;
use crate::exact_sum::ExactSum;
use crate::tally::Counts;

/// Whether the event happened, was decided, or is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The positive value.
    Positive,
    /// Any other value.
    Negative,
    /// Missing.
    Unknown,
}

/// The rows of a group by prediction and label, those with one of the two unknown kept apart.
///
/// A measure that needs no label counts unlabelled rows, and one that needs no prediction counts
/// unpredicted rows: a missing label does not make a decision unseen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Confusion {
    /// Predicted and labelled positive.
    pub true_positive: Mass,
    /// Predicted positive, labelled negative.
    pub false_positive: Mass,
    /// Predicted negative, labelled positive.
    pub false_negative: Mass,
    /// Predicted and labelled negative.
    pub true_negative: Mass,
    /// Predicted positive, label unknown.
    pub selected_unlabelled: Mass,
    /// Predicted negative, label unknown.
    pub rejected_unlabelled: Mass,
    /// Labelled positive, prediction unknown.
    pub positive_unpredicted: Mass,
    /// Labelled negative, prediction unknown.
    pub negative_unpredicted: Mass,
    /// Neither is known.
    pub unknown: Mass,
}

/// An amount of rows: how many, and for weighted data their weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mass {
    /// Rows.
    pub rows: u64,
    /// Sum of weights and of squared weights; zero when the data are not weighted.
    pub weight: ExactSum,
    /// Sum of squared weights.
    pub weight_squares: ExactSum,
}

impl Mass {
    /// Adds a cell of a tally.
    pub fn add(&mut self, counts: &Counts) {
        self.rows = self.rows.saturating_add(counts.n);
        if let Some(weights) = &counts.weights {
            self.weight.merge(&weights.sum);
            self.weight_squares.merge(&weights.squares);
        }
    }

    /// Adds another amount.
    pub fn merge(&mut self, other: &Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.weight.merge(&other.weight);
        self.weight_squares.merge(&other.weight_squares);
    }
}

impl Confusion {
    /// The four cells of rows whose label and prediction are both known; a handy form for tests and docs.
    ///
    /// ```
    /// use evenhand_measure::Confusion;
    /// let group = Confusion::of_counts(1369, 805, 532, 990);
    /// assert_eq!(group.rows(), 3696);
    /// ```
    #[must_use]
    pub fn of_counts(true_positive: u64, false_positive: u64, false_negative: u64, true_negative: u64) -> Self {
        let mass = |rows| Mass {
            rows,
            ..Mass::default()
        };
        Self {
            true_positive: mass(true_positive),
            false_positive: mass(false_positive),
            false_negative: mass(false_negative),
            true_negative: mass(true_negative),
            ..Self::default()
        }
    }

    /// Adds a tally's cell of this prediction and label.
    pub fn add(&mut self, prediction: Event, label: Event, counts: &Counts) {
        self.mass_mut(prediction, label).add(counts);
    }

    /// Adds another group's rows.
    pub fn merge(&mut self, other: &Self) {
        use Event::{Negative, Positive, Unknown};
        for prediction in [Positive, Negative, Unknown] {
            for label in [Positive, Negative, Unknown] {
                self.mass_mut(prediction, label).merge(other.mass(prediction, label));
            }
        }
    }

    /// The rows with this prediction and label.
    #[must_use]
    pub fn mass(&self, prediction: Event, label: Event) -> &Mass {
        use Event::{Negative, Positive, Unknown};
        match (prediction, label) {
            (Positive, Positive) => &self.true_positive,
            (Positive, Negative) => &self.false_positive,
            (Negative, Positive) => &self.false_negative,
            (Negative, Negative) => &self.true_negative,
            (Positive, Unknown) => &self.selected_unlabelled,
            (Negative, Unknown) => &self.rejected_unlabelled,
            (Unknown, Positive) => &self.positive_unpredicted,
            (Unknown, Negative) => &self.negative_unpredicted,
            (Unknown, Unknown) => &self.unknown,
        }
    }

    /// The rows with this prediction alone.
    #[must_use]
    pub fn only(&self, prediction: Event) -> Self {
        let mut part = Self::default();
        for label in [Event::Positive, Event::Negative, Event::Unknown] {
            part.mass_mut(prediction, label).merge(self.mass(prediction, label));
        }
        part
    }

    /// The same rows with every missing decision filled in by one and the same.
    #[must_use]
    pub fn decided(&self, decision: Event) -> Self {
        let mut filled = self.clone();
        for label in [Event::Positive, Event::Negative, Event::Unknown] {
            let undecided = std::mem::take(filled.mass_mut(Event::Unknown, label));
            filled.mass_mut(decision, label).merge(&undecided);
        }
        filled
    }

    /// The same rows, of which so many without a label were decided the other way.
    #[must_use]
    pub fn redecided(&self, from: Event, to: Event, rows: u64) -> Self {
        let mut changed = self.clone();
        let before = changed.mass_mut(from, Event::Unknown);
        let moved = rows.min(before.rows);
        before.rows -= moved;
        let after = changed.mass_mut(to, Event::Unknown);
        after.rows = after.rows.saturating_add(moved);
        changed
    }

    /// The same rows with every missing label filled in: one label for the selected, one for those turned away.
    #[must_use]
    pub fn labelled(&self, selected: Event, rejected: Event) -> Self {
        let mut filled = self.clone();
        for (prediction, label) in [(Event::Positive, selected), (Event::Negative, rejected)] {
            let unlabelled = std::mem::take(filled.mass_mut(prediction, Event::Unknown));
            filled.mass_mut(prediction, label).merge(&unlabelled);
        }
        filled
    }

    fn mass_mut(&mut self, prediction: Event, label: Event) -> &mut Mass {
        use Event::{Negative, Positive, Unknown};
        match (prediction, label) {
            (Positive, Positive) => &mut self.true_positive,
            (Positive, Negative) => &mut self.false_positive,
            (Negative, Positive) => &mut self.false_negative,
            (Negative, Negative) => &mut self.true_negative,
            (Positive, Unknown) => &mut self.selected_unlabelled,
            (Negative, Unknown) => &mut self.rejected_unlabelled,
            (Unknown, Positive) => &mut self.positive_unpredicted,
            (Unknown, Negative) => &mut self.negative_unpredicted,
            (Unknown, Unknown) => &mut self.unknown,
        }
    }

    /// Whether labels are known mostly of the selected: of those turned away nobody has a label, or so clearly fewer have
    /// (less than half the share, by three standard errors) that the few, which somebody must have chosen, do not stand
    /// for the rest.
    #[must_use]
    pub fn has_selective_labels(&self) -> bool {
        let rows = |a: &Mass, b: &Mass| a.rows as f64 + b.rows as f64;
        let selected = rows(&self.true_positive, &self.false_positive);
        let rejected = rows(&self.false_negative, &self.true_negative);
        let all_selected = selected + self.selected_unlabelled.rows as f64;
        let all_rejected = rejected + self.rejected_unlabelled.rows as f64;
        if selected == 0.0 || rejected == all_rejected {
            return false;
        }
        let (of_selected, of_rejected) = (selected / all_selected, rejected / all_rejected);
        let together = (selected + rejected) / (all_selected + all_rejected);
        let error = (together * (1.0 - together) * (1.0 / all_selected + 1.0 / all_rejected)).sqrt();
        rejected == 0.0 || (2.0 * of_rejected < of_selected && of_selected - of_rejected > 3.0 * error)
    }

    /// All rows, known or not.
    #[must_use]
    pub fn rows(&self) -> u64 {
        let mut all = Mass::default();
        for cell in self.all() {
            all.rows = all.rows.saturating_add(cell.rows);
        }
        all.rows
    }

    /// The rows in a set of cells, as a measure with these needs sees them: one that does not need the label
    /// counts unlabelled rows too, one that does not need the prediction counts unpredicted ones.
    #[must_use]
    pub fn select(&self, cells: Cells, needs: Needs) -> Mass {
        let mut sum = Mass::default();
        let named = [
            (Cells::TP, &self.true_positive),
            (Cells::FP, &self.false_positive),
            (Cells::FN, &self.false_negative),
            (Cells::TN, &self.true_negative),
        ];
        for (cell, mass) in named {
            if cells.contains(cell) {
                sum.merge(mass);
            }
        }
        if !needs.label {
            if cells.contains(Cells::TP) {
                sum.merge(&self.selected_unlabelled);
            }
            if cells.contains(Cells::FN) {
                sum.merge(&self.rejected_unlabelled);
            }
        }
        if !needs.prediction {
            if cells.contains(Cells::TP) {
                sum.merge(&self.positive_unpredicted);
            }
            if cells.contains(Cells::TN) {
                sum.merge(&self.negative_unpredicted);
            }
        }
        sum
    }

    fn all(&self) -> [&Mass; 9] {
        [
            &self.true_positive,
            &self.false_positive,
            &self.false_negative,
            &self.true_negative,
            &self.selected_unlabelled,
            &self.rejected_unlabelled,
            &self.positive_unpredicted,
            &self.negative_unpredicted,
            &self.unknown,
        ]
    }
}

/// The cell that a row with this prediction and label counts in, for a measure with these needs: that of
/// [`Confusion::select`], one row at a time.
#[must_use]
pub fn cell(prediction: Event, label: Event, needs: Needs) -> Option<Cells> {
    use Event::{Negative, Positive, Unknown};
    match (prediction, label) {
        (Positive, Positive) => Some(Cells::TP),
        (Positive, Negative) => Some(Cells::FP),
        (Negative, Positive) => Some(Cells::FN),
        (Negative, Negative) => Some(Cells::TN),
        (Positive, Unknown) if !needs.label => Some(Cells::TP),
        (Negative, Unknown) if !needs.label => Some(Cells::FN),
        (Unknown, Positive) if !needs.prediction => Some(Cells::TP),
        (Unknown, Negative) if !needs.prediction => Some(Cells::TN),
        _ => None,
    }
}

/// Which of the two outcomes a measure has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What really happened.
    pub label: bool,
    /// What was decided.
    pub prediction: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_counts_where_all_rows_do() {
        let events = [Event::Positive, Event::Negative, Event::Unknown];
        let all = [Cells::TP, Cells::FP, Cells::FN, Cells::TN];
        for (label, prediction) in [(false, false), (false, true), (true, false), (true, true)] {
            let needs = Needs { label, prediction };
            for (decided, happened) in events.iter().flat_map(|one| events.map(|other| (*one, other))) {
                let mut confusion = Confusion::default();
                confusion.add(decided, happened, &Counts::of(1));
                let counted: Vec<Cells> = all
                    .into_iter()
                    .filter(|cells| confusion.select(*cells, needs).rows == 1)
                    .collect();
                let expected: Vec<Cells> = cell(decided, happened, needs).into_iter().collect();
                assert_eq!(counted, expected, "{needs:?} {decided:?} {happened:?}");
            }
        }
    }
}
