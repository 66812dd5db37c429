//! This module says what is odd about a column, so that people look at it before they trust what comes of it.

use evenhand_measure::listed;

use super::ColumnProfile;
use crate::alike::is_total;
use crate::kernel::shown;
use crate::naming::words;

/// Something odd about a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It has this value in every record.
    Constant(String),
    /// It has the same values as this earlier column.
    SameAs(String),
    /// It has another value in every record, so it numbers people or events.
    Id,
    /// Some values stand for all groups together, with the number of their records.
    Totals(Vec<(String, u64)>),
    /// Some values look like missing ones, with the number of their records.
    LooksMissing(Vec<(String, u64)>),
}

impl Suspicion {
    /// It as a sentence without the name of the column, in lower case and without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Constant(value) => format!("every record has {}", shown(value)),
            Self::SameAs(other) => format!("the same values as {}", shown(other)),
            Self::Id => "another value in every record: a number or name of each".to_owned(),
            Self::Totals(values) => format!("{} may sum up other rows", some(values)),
            Self::LooksMissing(values) => {
                let codes = if has_na(values) {
                    "; `NA` may also be a code, as of Namibia or North America"
                } else {
                    ""
                };
                format!("{} may mean that the value is missing{codes}", some(values))
            }
        }
    }
}

/// Whether `NA` is among values that look missing: it is a code of places as well.
pub(crate) fn has_na(values: &[(String, u64)]) -> bool {
    values.iter().any(|(text, _)| text.trim() == "NA")
}

fn some(values: &[(String, u64)]) -> String {
    let texts: Vec<String> = values.iter().map(|(text, _)| text.chars().take(40).collect()).collect();
    listed(&texts, 4)
}

impl ColumnProfile {
    /// What is odd about it.
    #[must_use]
    pub fn suspicions(&self) -> Vec<Suspicion> {
        let mut found = Vec::new();
        match self.distinct.as_slice() {
            [(only, times)] if *times == self.seen && *times > 1 && !self.from_folder => {
                found.push(Suspicion::Constant(only.clone()));
            }
            _ => {}
        }
        found.extend(self.same_as.clone().map(Suspicion::SameAs));
        if self.is_id() {
            found.push(Suspicion::Id);
        }
        let totals = self.totals();
        if !totals.is_empty() {
            found.push(Suspicion::Totals(totals));
        }
        if !self.looks_missing.is_empty() {
            found.push(Suspicion::LooksMissing(self.looks_missing.clone()));
        }
        found
    }

    /// Values beside others that stand for all groups together.
    pub(crate) fn totals(&self) -> Vec<(String, u64)> {
        let totals = self.distinct.iter().filter(|(text, _)| is_total(text));
        let totals: Vec<(String, u64)> = totals.cloned().collect();
        if totals.len() < self.distinct.len() {
            totals
        } else {
            Vec::new()
        }
    }

    /// Whether each record has its own value: then records are people or events, not groups.
    #[must_use]
    pub fn is_id(&self) -> bool {
        // A table of groups may have a column that never repeats, such as the only group column, but it is short.
        const MOST_RECORDS: u64 = 50;
        let is_unique = self.missing == 0 && !self.repeats && self.seen > 0;
        let is_called_id = || words(&self.name).iter().any(|word| word == "id");
        is_unique && (self.seen > MOST_RECORDS || is_called_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_columns_are_pointed_out() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = "id,sex,gender,year,region,n\n1,F,F,2026,NA,3\n2,M,M,2026,NA,4\n3,Total,Total,2026,EU,7\n";
        std::fs::write(file.path(), text).unwrap();
        let profile = crate::profile(file.path()).unwrap();
        let found: Vec<Vec<Suspicion>> = profile.columns.iter().map(ColumnProfile::suspicions).collect();
        let total = Suspicion::Totals(vec![("Total".to_owned(), 1)]);
        assert_eq!(found[0], [Suspicion::Id]);
        assert_eq!(found[1], std::slice::from_ref(&total));
        assert_eq!(found[2], [Suspicion::SameAs("sex".to_owned()), total]);
        assert_eq!(found[3], [Suspicion::Constant("2026".to_owned())]);
        let missing = Suspicion::LooksMissing(vec![("NA".to_owned(), 2)]);
        assert!(missing.sentence().contains("Namibia"));
        assert_eq!(found[4], [missing]);
        assert_eq!(found[5], []);
    }
}
