//! This module is a table of a report.

use evenhand_measure::audit::model::Outcome;

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns.
    pub header: Vec<String>,
    /// Which columns hold numbers; a column that is not named holds text.
    pub right: Vec<bool>,
    /// The rows; the first cell says what a row is of.
    pub rows: Vec<Vec<Cell>>,
    /// What the columns mean.
    pub legend: Vec<String>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// An outcome, which a format may mark with a shape and a colour beside the word.
    pub outcome: Option<Outcome>,
    /// How strongly it is shaded, from 0 to 1, where the table is a map.
    pub shade: Option<f64>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl Table {
    /// A table of texts.
    pub(crate) fn new(caption: impl Into<String>, header: Vec<String>, right: &[bool], rows: Vec<Vec<String>>) -> Self {
        let cells = |row: Vec<String>| row.into_iter().map(Cell::from).collect();
        Self::of_cells(caption, header, right, rows.into_iter().map(cells).collect())
    }

    /// A table of cells that hold more than text.
    pub(crate) fn of_cells(
        caption: impl Into<String>,
        header: Vec<String>,
        right: &[bool],
        rows: Vec<Vec<Cell>>,
    ) -> Self {
        Self {
            caption: caption.into(),
            header,
            right: right.to_vec(),
            rows,
            legend: Vec::new(),
        }
    }

    pub(crate) fn with_legend(mut self, legend: impl IntoIterator<Item = String>) -> Self {
        self.legend.extend(legend.into_iter().filter(|line| !line.is_empty()));
        self
    }

    /// Whether a column holds numbers.
    #[must_use]
    pub fn is_right(&self, column: usize) -> bool {
        self.right.get(column).copied().unwrap_or(false)
    }
}
