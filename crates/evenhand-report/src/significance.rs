//! This module lays out named tests and practical significance, one part for each set of attributes. They stand beside
//! the verdict.

use evenhand_measure::audit::model::{Audit, Group, NamedTest, Practical};

use crate::numbers::{confidence, count, one_decimal, p_value, significant};
use crate::words;

/// The title over all of it.
pub(crate) const TITLE: &str = "Statistical tests and practical significance";

/// What it is, and what it is not.
pub(crate) const ABOUT: &str = "These stand beside the verdict and never decide it.";

/// What is known of one set of attributes.
pub(crate) struct Beside<'a> {
    by: &'a [String],
    tests: Vec<&'a NamedTest>,
    practical: Vec<&'a Practical>,
    /// Whether the event is bad for the person.
    adverse: bool,
}

/// One entry per set of attributes, in the audit's order.
pub(crate) fn sets(audit: &Audit) -> Vec<Beside<'_>> {
    let mut sets: Vec<Beside<'_>> = Vec::new();
    let bys = audit.tests.iter().map(|test| test.by.as_slice());
    for by in bys.chain(audit.practical.iter().map(|practical| practical.by.as_slice())) {
        if !sets.iter().any(|set| set.by == by) {
            sets.push(Beside {
                by,
                tests: audit.tests.iter().filter(|test| test.by == by).collect(),
                practical: audit.practical.iter().filter(|practical| practical.by == by).collect(),
                adverse: audit.roles.adverse == Some(true),
            });
        }
    }
    sets
}

impl Beside<'_> {
    pub(crate) fn title(&self) -> String {
        match self.by.is_empty() {
            true => TITLE.to_owned(),
            false => format!("{TITLE} by {}", words::attributes(self.by)),
        }
    }

    /// Whether every rate of the practical table is one of favourable decisions, so that its words may say so.
    fn speaks_of_favourable(&self) -> bool {
        let is_favourable = |of: &&Practical| of.complement || (of.rate == "selection-rate" && !self.adverse);
        self.practical.iter().all(is_favourable)
    }

    /// What the columns of the table of practical significance are.
    pub(crate) fn practical_about(&self) -> &'static str {
        match self.speaks_of_favourable() {
            true => PRACTICAL_ABOUT,
            false => PRACTICAL_ABOUT_RATES,
        }
    }

    /// What the columns of [`practical_in_short`] are.
    pub(crate) fn short_about(&self) -> &'static str {
        match self.speaks_of_favourable() {
            true => SHORT_ABOUT,
            false => SHORT_ABOUT_RATES,
        }
    }

    /// What turns the meaning of some rows round: to be short of what is bad harms nobody.
    pub(crate) fn harm_about(&self) -> Option<&'static str> {
        let is_of_harm = |of: &&Practical| !of.complement;
        (self.adverse && self.practical.iter().any(is_of_harm)).then_some(HARM_ABOUT)
    }

    /// Whether more than one rate is compared, so that each row has to say which.
    fn several_rates(&self) -> bool {
        let tests = self.tests.iter().map(|test| (&test.rate, test.complement));
        let practical = self.practical.iter().map(|of| (&of.rate, of.complement));
        let mut rates = tests.chain(practical);
        let first = rates.next();
        rates.any(|rate| Some(rate) != first)
    }

    fn groups(&self, rate: &str, complement: bool, group: &Group, reference: Option<&Group>) -> String {
        let rate = match (self.several_rates(), complement) {
            (false, _) => String::new(),
            (true, true) => "favourable share: ".to_owned(),
            (true, false) => format!("{}: ", words::entry_name(rate)),
        };
        let groups = match reference {
            Some(reference) => format!(
                "{} against {}",
                words::group_name(self.by, group),
                words::group_name(self.by, reference)
            ),
            None if group.is_empty() => "all groups".to_owned(),
            None => words::group_name(self.by, group),
        };
        format!("{rate}{groups}")
    }

    fn compared(&self, test: &NamedTest) -> String {
        let mut text = self.groups(&test.rate, test.complement, &test.group, test.reference.as_ref());
        if let Some(stratum) = words::within(&test.within) {
            text.push_str(&format!(", within {stratum}"));
        }
        if !test.pooled_over.is_empty() {
            text.push_str(&format!(", pooled over {}", words::attributes(&test.pooled_over)));
        }
        text
    }

    /// The tests, with what there is to say of each in the last column.
    pub(crate) fn test_rows(&self) -> Vec<Vec<String>> {
        let row = |test: &&NamedTest| {
            let not_computed = test.not_computed.as_deref();
            let not_computed = not_computed.map(|why| format!("no result: {}", words::long(why)));
            let remarks: Vec<String> = not_computed
                .into_iter()
                .chain(test.note.as_deref().map(words::long))
                .collect();
            vec![
                words::entry_name(&test.id),
                self.compared(test),
                self.estimate(test),
                statistic(test),
                test.p.map(p_value).unwrap_or_default(),
                remarks.join("; "),
            ]
        };
        self.tests.iter().map(row).collect()
    }

    fn estimate(&self, test: &NamedTest) -> String {
        let Some(estimate) = test.estimate else {
            return String::new();
        };
        let in_points = words::is_in_points(test);
        let text = |value: f64| {
            if in_points {
                words::plain_difference(value)
            } else {
                significant(value)
            }
        };
        let unit = if in_points { " points" } else { "" };
        let interval = match (test.lower.map(text), test.upper.map(text)) {
            (Some(lower), Some(upper)) => format!("{lower} to {upper}"),
            (Some(lower), None) => format!("{lower} or more"),
            (None, Some(upper)) => format!("{upper} or less"),
            (None, None) => return format!("{}{unit}", text(estimate)),
        };
        let level = match test.confidence {
            Some(level) if self.confidence().is_none() => format!("{} ", confidence(level)),
            _ => String::new(),
        };
        format!("{}{unit} ({level}{interval})", text(estimate))
    }

    /// The confidence of the estimates' intervals, where it is the same for all of them.
    fn confidence(&self) -> Option<f64> {
        let mut levels = self.tests.iter().filter_map(|test| test.confidence);
        let first = levels.next()?;
        levels.all(|level| level == first).then_some(first)
    }

    /// What the columns of the table of tests are.
    pub(crate) fn tests_about(&self) -> String {
        let mut about =
            "df: degrees of freedom. p: of equality, two-sided, not adjusted for the number of tests.".to_owned();
        if let Some(level) = self.confidence() {
            about.push_str(&format!(" In parentheses: {} interval.", confidence(level)));
        }
        about
    }

    /// What differences mean in people, and effect sizes.
    pub(crate) fn practical_rows(&self) -> Vec<Vec<String>> {
        let moves = |moves: Option<u64>| moves.map_or_else(|| "out of reach".to_owned(), count);
        let row = |of: &&Practical| {
            vec![
                self.groups(&of.rate, of.complement, &of.group, Some(&of.reference)),
                one_decimal(of.shortfall_of_reference_rate),
                one_decimal(of.shortfall_of_pooled_rate),
                moves(of.moves_to_four_fifths),
                moves(of.moves_to_parity),
                if of.one_person_flips { "yes" } else { "no" }.to_owned(),
                format!("{} ({})", significant(of.cohens_h), words::name(&of.cohens_h_words)),
                of.phi.map_or_else(|| "–".to_owned(), significant),
            ]
        };
        self.practical.iter().map(row).collect()
    }
}

/// The header of the table of tests.
pub(crate) fn test_header() -> Vec<String> {
    ["Test", "Compared", "Estimate", "Statistic", "p", "Remark"]
        .map(str::to_owned)
        .to_vec()
}

/// Which columns of that table hold numbers.
pub(crate) const TESTS_RIGHT: [bool; 6] = [false, false, true, true, true, false];

/// The header of the table of practical significance.
pub(crate) fn practical_header() -> Vec<String> {
    [
        "Compared",
        "Short of the reference's rate",
        "Short of the common rate",
        "Moved to reach 4/5",
        "Moved to be equal",
        "One would turn it",
        "Cohen's h",
        "Phi",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Which columns of that table hold numbers.
pub(crate) const PRACTICAL_RIGHT: [bool; 8] = [false, true, true, true, true, false, true, true];

const PRACTICAL_ABOUT: &str = "Short: how many more of the group would have the favourable decision at the \
    reference's rate, or at the rate of both together. Moved: how many of these decisions would have to go to the group \
    instead of the reference for a ratio of four fifths, or for equal rates. One would turn it: whether a single one would \
    turn the difference round.";

const PRACTICAL_ABOUT_RATES: &str = "Short: how many more of the group would be counted in the rate if it were the \
    reference's, or that of both together. Moved: how many of those counted in the reference's rate would have to be \
    counted in the group's instead for a ratio of four fifths, or for equal rates. One would turn it: whether a single one \
    would turn the difference round.";

const SHORT_ABOUT: &str = "Short: how many more of the group would have the favourable decision at the reference's rate. \
    To 4/5, to equal: how many of these decisions would have to go to the group instead of the reference for a ratio of \
    four fifths, or for equal rates.";

const SHORT_ABOUT_RATES: &str = "Short: how many more of the group would be counted in the rate if it were the \
    reference's. To 4/5, to equal: how many of those counted in the reference's rate would have to be counted in the \
    group's instead for a ratio of four fifths, or for equal rates.";

const HARM_ABOUT: &str = "The event is bad for the person: in rows of a rate of it, such as the true positive rate, to be short \
    of it is no harm, and the group with more of it is the one that is struck more often.";

/// Which columns of that table hold numbers.
pub(crate) const SHORT_RIGHT: [bool; 6] = [false, true, true, true, true, true];

/// The table of practical significance for a terminal, which has no room for all of it.
pub(crate) fn practical_in_short(rows: &[Vec<String>]) -> (Vec<String>, Vec<Vec<String>>) {
    const KEPT: [usize; 6] = [0, 1, 3, 4, 6, 7];
    let header = ["Compared", "Short", "To 4/5", "To equal", "Cohen's h", "Phi"].map(str::to_owned);
    let kept = |row: &Vec<String>| KEPT.iter().filter_map(|at| row.get(*at).cloned()).collect();
    (header.to_vec(), rows.iter().map(kept).collect())
}

/// Takes the last column out of the table of tests, as lines to print below it.
pub(crate) fn remarks_below(rows: &mut [Vec<String>]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        if let Some(remark) = row.pop().filter(|remark| !remark.is_empty()) {
            lines.push(format!("○ {}: {remark}", row[..2].join(", ")));
        }
    }
    lines
}

fn statistic(test: &NamedTest) -> String {
    match (test.statistic.map(significant), test.freedom) {
        (Some(statistic), Some(freedom)) => format!("{statistic} ({} df)", count(freedom)),
        (Some(statistic), None) => statistic,
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn every_test_has_its_row() {
        let audit = sample::beside();
        let sets = sets(&audit);
        assert_eq!(sets.len(), 1);
        let rows = sets[0].test_rows();
        assert_eq!(rows.len(), audit.tests.len());
        assert_eq!(
            rows[0],
            [
                "Fisher's exact test, two-sided",
                "Black against White",
                "",
                "",
                "< 0.0001",
                ""
            ]
        );
        assert_eq!(rows[1][3], "94.6 (1 df)");
        assert_eq!(rows[2][2], "0.429 (0.362 to 0.507)");
        assert_eq!(rows[3][1], "Black against White, pooled over department");
        assert!(rows[4][5].starts_with("no result: ") && rows[4][1] == "all groups, within department \"A\"");
        let practical = sets[0].practical_rows();
        assert_eq!(
            practical[0][..5],
            ["Black against White", "200.0", "123.1", "78", "124"]
        );
        assert_eq!(practical[0][6], "-0.412 (small)");
    }

    #[test]
    fn rates_are_named_where_there_are_several() {
        let mut audit = sample::beside();
        assert!(sets(&audit)[0].practical_about().contains("favourable"));
        audit.practical[0].rate = "true-positive-rate".to_owned();
        assert_eq!(sets(&audit)[0].harm_about(), None);
        audit.roles.adverse = Some(true);
        assert_eq!(sets(&audit)[0].harm_about(), Some(HARM_ABOUT));
        for practical in &mut audit.practical {
            practical.complement = true;
        }
        assert_eq!(sets(&audit)[0].harm_about(), None, "shares of what is good");
        audit.roles.adverse = Some(false);
        audit.practical[0].complement = false;
        let all = sets(&audit);
        assert!(!all[0].practical_about().contains("favourable") && !all[0].short_about().contains("favourable"));
        audit.practical.clear();
        audit.tests[0].rate = "true-positive-rate".to_owned();
        let rows = sets(&audit)[0].test_rows();
        assert_eq!(rows[0][1], "true positive rate: Black against White");
        assert_eq!(rows[1][1], "selection rate: Black against White");
    }
}
