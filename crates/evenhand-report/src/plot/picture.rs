//! This module is what one picture of curves, bars or cells shows: which series, under which words.

use std::cmp::Reverse;

use evenhand_measure::audit::model::{Audit, Group, Outcome, Series, SeriesKind};

use crate::numbers::count;
use crate::text::interval_confidence;
use crate::words;
use crate::words::curves::{interval, series_name, series_setting, series_title, shown, unit_of};

/// Groups that the description for screen readers names.
const NAMED: usize = 8;

/// One picture: the series that are drawn together, with those of a target beside them.
pub(super) struct Picture<'a> {
    pub(super) audit: &'a Audit,
    pub(super) kind: &'static SeriesKind,
    pub(super) series: Vec<&'a Series>,
    pub(super) targets: Vec<&'a Series>,
}

/// What is drawn across the bars of another kind.
pub(super) const TARGET: &str = "exposure-target";

/// The series of a kind by what is drawn together.
pub(super) fn pictures<'a>(audit: &'a Audit, kind: &'static SeriesKind) -> Vec<Picture<'a>> {
    let mut pictures: Vec<Picture<'a>> = Vec::new();
    let together = |a: &Series, b: &Series| {
        (&a.setting, &a.measure, &a.by, &a.within) == (&b.setting, &b.measure, &b.by, &b.within)
    };
    for series in audit.series.iter().filter(|series| series.id == kind.id) {
        match pictures.iter_mut().find(|picture| together(picture.series[0], series)) {
            Some(picture) => picture.series.push(series),
            None => pictures.push(Picture {
                audit,
                kind,
                series: vec![series],
                targets: Vec::new(),
            }),
        }
    }
    for picture in &mut pictures {
        let first = picture.series[0];
        let targets = audit
            .series
            .iter()
            .filter(|series| series.id == TARGET && kind.id == "exposure");
        picture.targets = targets
            .filter(|series| (&series.by, &series.within) == (&first.by, &first.within))
            .collect();
    }
    pictures
}

impl<'a> Picture<'a> {
    pub(super) fn first(&self) -> &'a Series {
        self.series[0]
    }

    pub(super) fn title(&self) -> String {
        series_title(self.first())
    }

    /// What is drawn, under which setting, and what lines and intervals are.
    pub(super) fn subtitle(&self, how: &str) -> String {
        let first = self.first();
        let mut parts = vec![self.kind.doc.to_owned()];
        if !how.is_empty() {
            parts.push(how.to_owned());
        }
        parts.extend(series_setting(first));
        if let Some(reference) = &first.reference
            && self.series.iter().all(|series| series.reference == first.reference)
        {
            parts.push(format!(
                "The reference is {}.",
                words::group_phrase(&first.by, reference)
            ));
        }
        let has_intervals = self
            .series
            .iter()
            .any(|series| series.lower.iter().any(Option::is_some));
        if let Some(confidence) = interval_confidence(self.audit).filter(|_| has_intervals) {
            parts.push(format!("Thin lines: {confidence} intervals."));
        }
        parts.join(" ")
    }

    /// How many rows are of a group.
    fn size(&self, group: &Group) -> u64 {
        let first = self.first();
        let rates = self.audit.rates.iter();
        let mut of_group = rates.filter(|r| r.by == first.by && r.group == *group && r.within == first.within);
        of_group.next().map_or(0, |rates| rates.n)
    }

    fn fails(&self, group: &Group) -> bool {
        let by = &self.first().by;
        let mut findings = self.audit.findings.iter();
        findings.any(|f| f.outcome == Outcome::Fail && f.by == *by && f.group == *group)
    }

    /// At most `most` series, those of groups that fail first and then of the largest, in their own order; and the rest.
    pub(super) fn foremost(&self, most: usize) -> (Vec<&'a Series>, Vec<&'a Series>) {
        let mut order: Vec<usize> = (0..self.series.len()).collect();
        order.sort_by_key(|&index| {
            let group = &self.series[index].group;
            (!self.fails(group), Reverse(self.size(group)))
        });
        let kept = &order[..order.len().min(most)];
        let (mut shown, mut hidden) = (Vec::new(), Vec::new());
        for (index, series) in self.series.iter().enumerate() {
            let side = if kept.contains(&index) { &mut shown } else { &mut hidden };
            side.push(*series);
        }
        (shown, hidden)
    }

    pub(super) fn name(&self, series: &Series) -> String {
        let common = self
            .series
            .iter()
            .all(|other| other.reference == self.first().reference);
        series_name(series, common)
    }

    pub(super) fn summary(&self, named: impl Iterator<Item = String>) -> String {
        let mut named: Vec<String> = named.collect();
        let more = if named.len() > NAMED { " and more" } else { "" };
        named.truncate(NAMED);
        format!("{}: {}{more}.", self.title(), named.join(", "))
    }
}

/// How much is not drawn.
pub(super) fn left_out(hidden: usize, thing: &str) -> String {
    match hidden {
        0 => String::new(),
        1 => format!("1 more {thing} is not drawn; the table of the curves has it."),
        _ => format!(
            "{} more {thing}s are not drawn; the table of the curves has them.",
            count(hidden as u64)
        ),
    }
}

/// The interval of a point, where it has both ends.
pub(super) fn interval_at(series: &Series, index: usize) -> Option<(f64, f64)> {
    let end = |ends: &[Option<f64>]| ends.get(index).copied().flatten();
    end(&series.lower).zip(end(&series.upper))
}

/// A value of a series, or that there is none.
pub(super) fn value_text(series: &Series, index: usize) -> String {
    let value = series.y.get(index).copied().flatten();
    value.map_or_else(|| "no value".to_owned(), |value| shown(value, unit_of(series)))
}

/// A value of a series with its interval.
pub(super) fn numbers(series: &Series, index: usize) -> String {
    let value = value_text(series, index);
    match interval_at(series, index) {
        Some(ends) => format!("{value} ({})", interval(ends, unit_of(series))),
        None => value,
    }
}
