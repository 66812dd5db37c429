//! This module says what stands beside the figures that a rule asks to be published.

use evenhand_measure::audit::model::{Audit, Publication};
use evenhand_measure::policy::DataKind;

use super::{attributes, event, long, no_event, rows};
use crate::numbers::count;

/// What a page says that nobody told the program.
pub(crate) const NOT_STATED: &str = "not stated";

/// What the page is.
pub(crate) fn intro(publication: &Publication, tool: Option<&str>) -> String {
    let tool = tool.map_or_else(|| "the tool".to_owned(), long);
    let shows = match (publication.kind.as_str(), publication.complement) {
        ("scoring", false) => "how often people of each category got a score above the median",
        ("scoring", true) => "how often people of each category got a score that is not above the median",
        (_, false) => "how often people of each category were selected",
        (_, true) => "how often people of each category were spared the decision",
    };
    format!(
        "This is the summary of the most recent bias audit of {tool}. It shows {shows}, and how that compares with the \
         category for which it is most often so."
    )
}

/// Where the data come from.
pub(crate) fn data_kind(kind: DataKind) -> &'static str {
    match kind {
        DataKind::Historical => "historical data: from the use of the tool to assess people",
        DataKind::Test => "test data: not from the use of the tool to assess people",
    }
}

/// Whom the rates count.
pub(crate) fn counted(publication: &Publication, audit: &Audit) -> Option<String> {
    let prediction = audit.roles.prediction.as_ref()?;
    Some(if publication.complement {
        no_event(prediction)
    } else {
        event(prediction)
    })
}

/// How many people are in no rate, by table: `15 by sex, 0 by sex and race`.
pub(crate) fn unknown(publication: &Publication) -> String {
    let tables = publication.tables.iter();
    let parts: Vec<String> = tables
        .map(|table| format!("{} by {}", count(table.unknown), attributes(&table.by)))
        .collect();
    parts.join(", ")
}

/// Rows that count nowhere, and why; `None` when there are none.
pub(crate) fn left_out(audit: &Audit) -> Option<String> {
    let excluded = audit.data.excluded.iter().filter(|exclusion| exclusion.rows > 0);
    let parts: Vec<String> = excluded
        .map(|exclusion| format!("{}: {}", rows(exclusion.rows), long(&exclusion.message)))
        .collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What the columns mean.
pub(crate) fn meanings(publication: &Publication, counted: Option<&str>) -> Vec<String> {
    let whom = counted.map_or_else(String::new, |counted| format!(" ({counted})"));
    let rate = match (publication.kind.as_str(), publication.complement) {
        ("scoring", false) => {
            "Scoring rate: of the people in a category, the share with a score above the median of all people assessed. \
             A score equal to the median is not above it."
                .to_owned()
        }
        ("scoring", true) => {
            "Rate: of the people in a category, the share whose score is not above the median of all people assessed. A \
             high score is bad for the person, so those without one are counted."
                .to_owned()
        }
        (_, false) => format!("Selection rate: of the people in a category, the share that was selected{whom}."),
        (_, true) => format!(
            "Rate: of the people in a category, the share that was spared the decision{whom}. The decision is bad for \
             the person, so those without it are counted."
        ),
    };
    vec![
        rate,
        "Impact ratio: the rate of a category divided by the highest rate in the same table. The category with the \
         highest rate has 1.00."
            .to_owned(),
        "Rates and ratios are computed from the counts of people and rounded for print only.".to_owned(),
        "Somebody whose category is not known is in no rate of that table. Who is known by one attribute only counts in \
         that attribute's table, and as unknown where attributes are combined."
            .to_owned(),
    ]
}

/// Why categories have no impact ratio, where some were left out for being small.
pub(crate) fn justification(audit: &Audit) -> Option<String> {
    let of = |key: &str| audit.policy.pointer(&format!("/publication/{key}"));
    of("exclude-below")?;
    let why = of("justification").and_then(serde_json::Value::as_str);
    Some(format!(
        "Why small categories were left out of the impact ratios: {}",
        why.map_or_else(|| NOT_STATED.to_owned(), long)
    ))
}
