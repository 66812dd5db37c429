//! This module lays out what a rule asks to be published: tables of counts, rates and impact ratios, then their
//! sources.

use evenhand_measure::audit::model::{EventColumn, ImpactRow, ImpactTable, Publication, RolesRead};

use crate::numbers::{count, percent_posted, ratio_posted};
use crate::words;

/// A table ready for print.
pub(crate) struct Posted {
    pub(crate) title: String,
    /// The title where it is plain that the table is for publication.
    pub(crate) caption: String,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// How many people are in none of its figures.
    pub(crate) unknown: String,
}

const HIGHEST: &str = "highest rate";

impl Posted {
    /// The table with narrower columns, because a terminal has less room than a page; what they say no more comes back
    /// as lines to print below it.
    pub(crate) fn narrowed(&mut self) -> Vec<String> {
        self.header.truncate(RIGHT.len() - 1);
        self.header[3] = "Rate".to_owned();
        let (mut highest, mut reasons) = (Vec::new(), Vec::new());
        for row in &mut self.rows {
            let remark = row.pop().unwrap_or_default();
            let name = row.first().map_or("", String::as_str);
            match remark.as_str() {
                "" => {}
                HIGHEST => highest.push(name),
                reason => reasons.push(format!("– {name}: {reason}")),
            }
        }
        let by =
            (!highest.is_empty()).then(|| format!("Highest rate, by which each is divided: {}.", highest.join("; ")));
        by.into_iter().chain(reasons).collect()
    }
}

/// Which columns hold numbers.
pub(crate) const RIGHT: [bool; 6] = [false, true, true, true, true, false];

/// What is counted and what it is a rate of, as headings say it.
struct Counted {
    people: String,
    rate: String,
    /// The rates in the title.
    rates: String,
}

/// Where the event is bad for the person, those without it are counted, and nobody may take them for the others.
fn counted(publication: &Publication, roles: &RolesRead) -> Counted {
    let (people, rate, rates) = match (publication.kind == "scoring", publication.complement) {
        (true, false) => (
            "Above the median".to_owned(),
            "Scoring rate",
            "scoring rates".to_owned(),
        ),
        (false, false) => ("Selected".to_owned(), "Selection rate", "selection rates".to_owned()),
        (true, true) => {
            let rates = "rates of those not above the median".to_owned();
            ("Not above the median".to_owned(), "Rate", rates)
        }
        (false, true) => {
            let without = without(roles.prediction.as_ref());
            (words::capital(&without), "Rate", format!("rates {without}"))
        }
    };
    Counted {
        people,
        rate: rate.to_owned(),
        rates,
    }
}

/// Who does not have the event: `without high_risk = "yes"`.
fn without(prediction: Option<&EventColumn>) -> String {
    match prediction {
        Some(EventColumn {
            column,
            rule: Some(rule),
            ..
        }) => format!("without {} {}", words::name(column), words::name(rule)),
        Some(EventColumn { column, positive, .. }) => {
            format!("without {} = \"{}\"", words::name(column), words::name(positive))
        }
        None => "without the event".to_owned(),
    }
}

/// One table for each set of attributes, the categories by name.
pub(crate) fn tables(publication: &Publication, roles: &RolesRead) -> Vec<Posted> {
    let Counted { people, rate, rates } = counted(publication, roles);
    let posted = |table: &ImpactTable| {
        let names: Vec<String> = table.by.iter().map(|column| words::name(column)).collect();
        let mut header = vec![names.join(" / ")];
        header.extend(["Applicants", &people, &rate, "Impact ratio", "Remark"].map(str::to_owned));
        let shows = format!("{rates} and impact ratios by {}", words::attributes(&table.by));
        Posted {
            title: format!("For publication: {shows}"),
            caption: words::capital(&shows),
            header,
            rows: table.rows.iter().map(|row| cells(table, row)).collect(),
            unknown: unknown(table),
        }
    };
    publication.tables.iter().map(posted).collect()
}

fn cells(table: &ImpactTable, row: &ImpactRow) -> Vec<String> {
    let none = || "–".to_owned();
    let remark = match &row.why {
        Some(why) => words::long(why),
        None if is_highest(table, row) => HIGHEST.to_owned(),
        None => String::new(),
    };
    vec![
        words::group_name(&table.by, &row.group),
        count(row.applicants),
        count(row.selected),
        row.rate.map_or_else(none, percent_posted),
        row.impact_ratio.map_or_else(none, ratio_posted),
        remark,
    ]
}

/// Whether the other categories' rates are divided by this one's, or by one that equals it.
pub(crate) fn is_highest(table: &ImpactTable, row: &ImpactRow) -> bool {
    table.highest.as_ref() == Some(&row.group) || row.impact_ratio == Some(1.0)
}

fn unknown(table: &ImpactTable) -> String {
    let names: Vec<String> = table.by.iter().map(|column| words::name(column)).collect();
    let what = names.join(" or ");
    match table.unknown {
        0 => format!("Left out of this table: nobody; no {what} is unknown."),
        1 => format!("Left out of this table: 1 person whose {what} is not known."),
        people => format!(
            "Left out of this table: {} people whose {what} is not known.",
            count(people)
        ),
    }
}

/// What the tables are, what they follow, and what the reader has to know.
pub(crate) fn about(publication: &Publication, roles: &RolesRead) -> Vec<String> {
    let rows = words::rows(publication.rows);
    let dated = match publication.as_of.as_deref().unwrap_or_default() {
        "" => String::new(),
        day => format!(", as of {}", words::name(day)),
    };
    let title = match (&publication.title, &publication.preset) {
        (Some(title), Some(preset)) => format!("{} (preset {}{dated})", words::long(title), words::name(preset)),
        (Some(title), None) => format!("{}{dated}", words::long(title)),
        (None, Some(preset)) => format!("The tables that preset {} asks for{dated}", words::name(preset)),
        (None, None) => format!("The tables that the policy asks for{dated}"),
    };
    let mut lines = vec![format!("{title}, from {rows}")];
    if publication.complement {
        let whom = match (publication.kind.as_str(), &roles.prediction) {
            ("scoring", _) | (_, None) => String::new(),
            (_, Some(prediction)) => format!(" ({})", words::no_event(prediction)),
        };
        lines.push(format!(
            "The event is bad for the person, so the people counted are those without it{whom}"
        ));
    }
    lines.extend(
        publication
            .sources
            .iter()
            .map(|source| format!("Source: {}", words::long(source))),
    );
    lines.extend(publication.notes.iter().map(|note| words::long(note)));
    lines
}

/// The title over [`about`].
pub(crate) const ABOUT: &str = "About the tables for publication";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_figure_that_is_asked_for_is_there() {
        let publication = sample::publication();
        let roles = RolesRead::default();
        let tables = tables(&publication, &roles);
        assert_eq!(
            tables[0].title,
            "For publication: selection rates and impact ratios by sex"
        );
        assert_eq!(tables[0].rows[0], ["Female", "76", "34", "44.7%", "0.82", ""]);
        assert_eq!(tables[0].rows[1], ["Male", "92", "50", "54.3%", "1.00", "highest rate"]);
        assert_eq!(
            tables[0].unknown,
            "Left out of this table: 15 people whose sex is not known."
        );
        let both = &tables[1];
        assert_eq!(both.header[0], "sex / race");
        assert_eq!(both.rows[0][0], "Female / Asian");
        assert_eq!(both.rows[1][3..5], ["–", "–"]);
        assert!(both.rows[1][5].contains("nobody is in the category"));
        assert!(both.rows[2][5].contains("under 2 %") && both.rows[2][4] == "–");
        assert_eq!(
            both.unknown,
            "Left out of this table: nobody; no sex or race is unknown."
        );
        let mut narrow = self::tables(&publication, &roles).remove(1);
        assert_eq!(
            narrow.narrowed(),
            [
                "Highest rate, by which each is divided: Female / Asian; Male / White.",
                "– Female / White: not computable: nobody is in the category",
                "– Male / Asian: left out of the impact ratios: 1.79 % of the people in this table, under 2 %",
            ]
        );
        assert_eq!(narrow.header[1..], ["Applicants", "Selected", "Rate", "Impact ratio"]);
        assert!(narrow.rows.iter().all(|row| row.len() == 5));
        // Two categories may share the highest rate.
        assert_eq!(both.rows.iter().filter(|row| row[5] == "highest rate").count(), 2);
        assert_eq!(about(&publication, &roles).len(), 3);
    }

    #[test]
    fn scores_have_a_rate_of_their_own() {
        let publication = Publication {
            kind: "scoring".to_owned(),
            ..sample::publication()
        };
        assert_eq!(
            tables(&publication, &RolesRead::default())[0].header[1..4],
            ["Applicants", "Above the median", "Scoring rate"]
        );
    }

    #[test]
    fn those_without_a_bad_event_are_never_called_selected() {
        let roles = crate::sample::failing().audit().roles;
        let mut publication = Publication {
            complement: true,
            preset: None,
            title: None,
            as_of: None,
            sources: vec![],
            ..sample::publication()
        };
        let shown = tables(&publication, &roles);
        assert_eq!(shown[0].header[1..4], ["Applicants", "Without hired = \"yes\"", "Rate"]);
        assert_eq!(
            shown[0].title,
            "For publication: rates without hired = \"yes\" and impact ratios by sex"
        );
        assert_eq!(
            about(&publication, &roles)[..2],
            [
                "The tables that the policy asks for, from 183 rows",
                "The event is bad for the person, so the people counted are those without it (hired is not \"yes\")"
            ]
        );
        publication.kind = "scoring".to_owned();
        assert_eq!(tables(&publication, &roles)[0].header[2], "Not above the median");
    }
}
