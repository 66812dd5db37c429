//! This module turns the series of an audit into the parts of a figure: bars, strips, estimates and charts.

use evenhand_measure::audit::model::{Audit, SERIES, Series, SeriesUnit};
use evenhand_measure::catalogue::Entry;
use evenhand_measure::inference::Comparison;

use super::axis::{Axis, Unit};
use super::canvas::{Ink, Shape};
use super::chart::{Backdrop, Chart, LINES, Line, Scales};
use super::panel::{Aside, Captions, Panel, Row, SCALE};
use super::picture::{Picture, TARGET, interval_at, left_out, numbers, pictures, value_text};
use super::strip::{Cells, Strip};
use super::{Fonts, Part, boxed};
use crate::numbers::count;
use crate::words;
use crate::words::curves::{shown, unit_of};

/// Rows of one picture of bars, of a strip or of estimates.
const ROWS_DRAWN: usize = 60;
/// Places of a strip.
const PLACES_DRAWN: usize = 100;

/// The parts of all kinds, or of the one that is wanted.
pub(super) fn parts(audit: &Audit, wanted: Option<&str>, fonts: &Fonts) -> Vec<Box<dyn Part>> {
    of_each(audit, wanted, fonts)
        .into_iter()
        .map(|(part, _)| part)
        .collect()
}

/// The parts of all kinds, or of the one that is wanted, each with the series that it draws.
pub(super) fn of_each<'a>(
    audit: &'a Audit,
    wanted: Option<&str>,
    fonts: &Fonts,
) -> Vec<(Box<dyn Part>, Vec<&'a Series>)> {
    let mut parts = Vec::new();
    for kind in SERIES {
        if kind.id == TARGET || wanted.is_some_and(|wanted| wanted != kind.id) {
            continue;
        }
        for picture in pictures(audit, kind) {
            let part = match kind.id {
                "exposure" => boxed(bars(&picture, fonts)),
                "rank-shares" => boxed(strip(&picture, fonts)),
                "coefficients" => boxed(estimates(&picture, fonts)),
                _ => boxed(chart(&picture, fonts)),
            };
            let drawn = picture.series.iter().chain(&picture.targets).copied().collect();
            parts.push((part, drawn));
        }
    }
    parts
}

/// One bar for each group, with its target as an upright line.
fn bars(picture: &Picture<'_>, fonts: &Fonts) -> Panel {
    // Each group is a series of its own, or each point of one series is a group.
    let points: Vec<(&Series, usize, String)> = picture
        .series
        .iter()
        .flat_map(|series| {
            (0..series.x.len()).map(|index| {
                let name = series.labels.get(index).filter(|_| series.group.is_empty());
                let name = name.map_or_else(|| picture.name(series), |label| words::name(label));
                (*series, index, name)
            })
        })
        .collect();
    let target_of = |series: &Series, index: usize| {
        let mut targets = picture.targets.iter().filter(|target| target.group == series.group);
        targets.next()?.y.get(index).copied().flatten()
    };
    let drawn = &points[..points.len().min(ROWS_DRAWN)];
    let values = drawn.iter().flat_map(|(series, index, _)| {
        let upper = interval_at(series, *index).map(|(_, upper)| upper);
        [
            series.y.get(*index).copied().flatten(),
            upper,
            target_of(series, *index),
        ]
    });
    let axis = Axis::shares(values.flatten(), SCALE);
    let rows = drawn.iter().map(|(series, index, name)| {
        let value = series.y.get(*index).copied().flatten();
        let target = target_of(series, *index);
        let numbers = numbers(series, *index);
        let aside = target.map_or_else(String::new, |target| {
            format!("target {}", shown(target, SeriesUnit::Share))
        });
        let mut row = Row::new(name, Shape::Square, Ink::BLUE, &numbers, Aside::Text(aside));
        row.point = value;
        row.bar = true;
        row.target = target;
        row.interval = interval_at(series, *index).map(|(lower, upper)| (lower, Some(upper)));
        row
    });
    let rows = rows.collect();
    let how = match picture.targets.first() {
        None => String::new(),
        Some(target) if target.setting == picture.first().setting => "Upright black line: the target.".to_owned(),
        Some(target) => match &target.setting {
            Some(setting) => format!("Upright black line: the target ({}).", words::long(setting)),
            None => "Upright black line: the target.".to_owned(),
        },
    };
    let named = points.iter().map(|(series, index, name)| {
        let target = target_of(series, *index).map_or_else(String::new, |target| {
            format!(" (target {})", shown(target, SeriesUnit::Share))
        });
        format!("{name} {}{target}", value_text(series, *index))
    });
    let captions = Captions {
        fonts,
        title: &picture.title(),
        subtitle: &picture.subtitle(&how),
        footer: &left_out(points.len() - drawn.len(), "group"),
        summary: picture.summary(named),
    };
    Panel::new(captions, axis, rows)
}

/// A row of cells for each group, one for each place.
fn strip(picture: &Picture<'_>, fonts: &Fonts) -> Strip {
    let (drawn, hidden) = picture.foremost(ROWS_DRAWN);
    let longest = drawn.iter().copied().max_by_key(|series| series.x.len());
    let longest = longest.unwrap_or_else(|| picture.first());
    let places = longest.x.len().min(PLACES_DRAWN);
    let columns = (0..places).map(|index| match longest.labels.get(index) {
        Some(label) => words::name(label),
        None => shown(longest.x.get(index).copied().unwrap_or_default(), SeriesUnit::Number),
    });
    let rows = drawn.iter().map(|series| Cells {
        name: picture.name(series),
        shares: (0..places)
            .map(|index| series.y.get(index).copied().flatten())
            .collect(),
    });
    let named = drawn
        .iter()
        .map(|series| format!("{} {} at the first place", picture.name(series), value_text(series, 0)));
    let mut footer = left_out(hidden.len(), "group");
    if longest.x.len() > places {
        footer.push_str(&format!(
            " The first {places} of {} places are drawn.",
            count(longest.x.len() as u64)
        ));
    }
    let captions = Captions {
        fonts,
        title: &picture.title(),
        subtitle: &picture.subtitle("Darker cells: a larger share. Numbers: percent."),
        footer: footer.trim(),
        summary: picture.summary(named),
    };
    Strip::new(captions, columns.collect(), &longest.x_label, rows.collect())
}

/// A row for each term of a model.
fn estimates(picture: &Picture<'_>, fonts: &Fonts) -> Panel {
    let unit = axis_unit(unit_of(picture.first()));
    let terms: Vec<(&Series, usize)> = picture
        .series
        .iter()
        .flat_map(|series| (0..series.x.len()).map(|index| (*series, index)))
        .collect();
    let drawn = &terms[..terms.len().min(ROWS_DRAWN)];
    let ends = drawn.iter().flat_map(|(series, index)| {
        let (lower, upper) = interval_at(series, *index).unzip();
        [lower, upper, series.y.get(*index).copied().flatten()]
    });
    let axis = Axis::numbers(unit, ends.flatten(), true, SCALE);
    let label = |series: &Series, index: usize| match series.labels.get(index) {
        Some(label) => words::name(label),
        None => picture.name(series),
    };
    let rows = drawn.iter().map(|(series, index)| {
        let mut row = Row::new(
            &label(series, *index),
            Shape::Disc,
            Ink::BLUE,
            &numbers(series, *index),
            Aside::Text(String::new()),
        );
        row.point = series.y.get(*index).copied().flatten();
        row.interval = interval_at(series, *index).map(|(lower, upper)| (lower, Some(upper)));
        row
    });
    let rows = rows.collect();
    let named = terms
        .iter()
        .map(|(series, index)| format!("{} {}", label(series, *index), numbers(series, *index)));
    let how = match picture.first().y_label.as_str() {
        usual if usual == picture.kind.y_label => String::new(),
        label => format!("{}.", words::capital(&words::long(label))),
    };
    let captions = Captions {
        fonts,
        title: &picture.title(),
        subtitle: &picture.subtitle(&how),
        footer: &left_out(terms.len() - drawn.len(), "term"),
        summary: picture.summary(named),
    };
    Panel::new(captions, axis, rows).with_bound(None, 0.0)
}

fn axis_unit(unit: SeriesUnit) -> Unit {
    match unit {
        SeriesUnit::Number => Unit::Number,
        SeriesUnit::Share => Unit::Percent,
        SeriesUnit::Points => Unit::Points,
        SeriesUnit::Change => Unit::Change,
    }
}

/// What the vertical axis of a sweep is: the rate, or how far apart the groups are in what the criterion compares.
fn swept(measure: &str) -> String {
    let comparison = match words::entry(measure) {
        Some(Entry::Criterion(criterion)) => Some(criterion.comparison),
        _ => None,
    };
    match comparison {
        Some(Comparison::Ratio) => "lowest group divided by the highest".to_owned(),
        Some(Comparison::Difference) => "points between the highest and the lowest group".to_owned(),
        None => words::entry_name(measure),
    }
}

/// A line for each group.
fn chart(picture: &Picture<'_>, fonts: &Fonts) -> Chart {
    let first = picture.first();
    let (drawn, hidden) = picture.foremost(LINES);
    let line = |series: &Series| Line {
        name: picture.name(series),
        aside: aside(picture, series),
        points: (0..series.x.len())
            .map(|index| {
                let y = series.y.get(index).copied().flatten();
                (series.x[index], y, interval_at(series, index))
            })
            .collect(),
    };
    let is_plane = matches!(picture.kind.id, "roc" | "popularity");
    let is_calibration = picture.kind.id == "calibration";
    let xs = || picture.series.iter().flat_map(|series| series.x.iter().copied());
    let ys = || {
        let ends = |series: &&'_ Series| {
            let ends = [&series.y, &series.lower, &series.upper].into_iter().flatten();
            ends.copied().flatten().collect::<Vec<f64>>()
        };
        picture.series.iter().flat_map(ends)
    };
    // Shares of one plane are read against its diagonal, so that both scales must be whole.
    let whole = is_plane || (is_calibration && xs().all(|x| (0.0..=1.0).contains(&x)));
    let (x_unit, y_unit) = (axis_unit(first.x_unit), axis_unit(unit_of(first)));
    let bounds = first.bound.map(|bound| (bound.at_least, bound.at_most));
    let x = |pixels| match whole {
        true => Axis::new(x_unit, (0.0, 1.0), pixels),
        false => Axis::numbers(x_unit, xs(), false, pixels),
    };
    let y = |pixels| match (whole, unit_of(first)) {
        (true, _) => Axis::new(y_unit, (0.0, 1.0), pixels),
        (false, SeriesUnit::Share) => Axis::shares(ys(), pixels),
        (false, _) => {
            let edges = bounds.iter().flat_map(|(low, high)| [*low, *high]).flatten();
            let is_gap = picture.kind.id == "quantile-gaps";
            Axis::numbers(y_unit, ys().chain(edges), is_gap, pixels)
        }
    };
    let (low, high) = xs().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    let guides = match picture.kind.id {
        _ if whole => vec![((0.0, 0.0), (1.0, 1.0))],
        "quantile-gaps" if low <= high => vec![((low, 0.0), (high, 0.0))],
        _ => Vec::new(),
    };
    let backdrop = Backdrop {
        faint: hidden.iter().map(|series| line(series).points).collect(),
        guides,
        allowed: bounds
            .filter(|(low, high)| low.is_some() || high.is_some())
            .map(|(low, high)| (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY))),
        marked: first
            .marked
            .map(|at| (at, format!("in use: {}", shown(at, first.x_unit)))),
    };
    // What is on the axis is the rate or criterion itself, where nothing else is said.
    let y_label = match &first.measure {
        Some(measure) if picture.kind.id == "threshold-sweep" && first.y_label == picture.kind.y_label => {
            swept(measure)
        }
        _ if picture.kind.id == "quantile-gaps" && unit_of(first) == SeriesUnit::Number => {
            let amount = picture
                .audit
                .policy
                .pointer("/roles/amount")
                .and_then(|amount| amount.as_str());
            let unit = amount.map_or_else(String::new, |amount| {
                format!(", in the unit of {}", words::name(amount))
            });
            format!("{}{unit}", first.y_label)
        }
        _ => first.y_label.clone(),
    };
    let scales = Scales {
        x: &x,
        y: &y,
        x_label: &first.x_label,
        y_label: &y_label,
        size: if whole { (430, 430) } else { (520, 320) },
    };
    let shaded = if backdrop.allowed.is_some() {
        "Shaded: allowed."
    } else {
        ""
    };
    let footer = match hidden.len() {
        0 => String::new(),
        1 => "Thin grey line: 1 more group; the table of the curves has it.".to_owned(),
        more => format!(
            "Thin grey lines: {} more groups; the table of the curves has them.",
            count(more as u64)
        ),
    };
    let named = drawn.iter().map(|series| match aside(picture, series) {
        aside if aside.is_empty() => picture.name(series),
        aside => format!("{} ({aside})", picture.name(series)),
    });
    let captions = Captions {
        fonts,
        title: &picture.title(),
        subtitle: &picture.subtitle(shaded),
        footer: &footer,
        summary: picture.summary(named),
    };
    let lines = drawn.iter().map(|series| line(series)).collect();
    Chart::new(captions, &scales, lines, backdrop)
}

/// The number that goes with a line: what the audit has of the group that sums the line up.
fn aside(picture: &Picture<'_>, series: &Series) -> String {
    let id = match picture.kind.id {
        "roc" => "auc",
        "calibration" => "calibration-error",
        "popularity" => "gini",
        _ => return String::new(),
    };
    let mut rates = picture.audit.rates.iter();
    let of_group = rates.find(|r| r.by == series.by && r.group == series.group && r.within == series.within);
    let value = of_group.and_then(|rates| rates.values.get(id));
    value.map_or_else(String::new, |value| {
        format!("{} {}", words::entry_name(id), words::measured_value(id, value))
    })
}
