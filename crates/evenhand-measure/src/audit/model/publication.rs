//! This module is what a rule asks to be published: tables of counts, rates and impact ratios, without a pass mark.

use schemars::JsonSchema;
use serde::Serialize;

use super::Group;

/// What a preset's rule asks to be published.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Publication {
    /// The preset's id; `null` when a policy of its own asks for the tables.
    pub preset: Option<String>,
    /// What it is, with its legal name.
    pub title: Option<String>,
    /// The day of the sources that it follows.
    pub as_of: Option<String>,
    /// The texts that it follows.
    pub sources: Vec<String>,
    /// `selection` or `scoring`.
    pub kind: String,
    /// Whether those without the event count as selected, because the event is bad for the person.
    pub complement: bool,
    /// Rows of the data.
    pub rows: u64,
    /// One table for each set of attributes.
    pub tables: Vec<ImpactTable>,
    /// What the reader has to know of how it was computed.
    pub notes: Vec<String>,
}

/// Counts, rates and impact ratios of one set of attributes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ImpactTable {
    /// The attributes.
    pub by: Vec<String>,
    /// Rows in the categories of the table.
    pub known: u64,
    /// Rows whose category is not known; they are in no calculation of this table.
    pub unknown: u64,
    /// The category with the highest rate, by which the others' rates are divided.
    pub highest: Option<Group>,
    /// The categories by name.
    pub rows: Vec<ImpactRow>,
}

/// One category.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ImpactRow {
    /// The category.
    pub group: Group,
    /// Its people.
    pub applicants: u64,
    /// Those selected, or with a score above the median; where the event is bad, those without it.
    pub selected: u64,
    /// Their share; `null` when nobody is in the category.
    pub rate: Option<f64>,
    /// The rate divided by the highest one, 1 for the highest; `null` when it is excluded or cannot be computed.
    pub impact_ratio: Option<f64>,
    /// Its share of all rows of the table.
    pub share: f64,
    /// Why it has no impact ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}
