//! `evenhand-report` renders an [`Audit`](evenhand_measure::Audit) for people and machines.
//!
//! Every renderer is a pure function: the same audit gives the same bytes. None computes a number; what is printed
//! is in the audit, rounded. Text from outside is escaped by [`safe`], sentences come from [`words`].

mod against;
mod arrange;
#[cfg(feature = "pdf")]
mod bundled;
mod catalog;
pub mod document;
pub mod gate;
pub mod history;
mod html;
mod json;
mod markdown;
mod measures;
mod model_card;
pub mod numbers;
pub mod order;
#[cfg(feature = "pdf")]
mod pdf;
mod plain;
pub mod plot;
mod policy_lines;
mod policy_reference;
mod publication;
pub mod safe;
#[cfg(test)]
mod sample;
mod significance;
mod table_csv;
mod text;
pub mod words;
mod workbook;

pub use self::catalog::{explain_preset_text, explain_text, list_text};
pub use self::html::{html, html_of};
pub use self::json::json;
pub use self::markdown::{markdown, markdown_of};
pub use self::measures::measures_markdown;
pub use self::model_card::model_card;
#[cfg(feature = "pdf")]
pub use self::pdf::{PdfError, pdf};
pub use self::plain::plain;
pub use self::policy_lines::policy_lines;
pub use self::policy_reference::policy_markdown;
pub use self::table_csv::{findings_csv, publication_csv, rates_csv, series_csv, tests_csv};
pub use self::text::{Section, TextOptions, text};
pub use self::workbook::workbook;
