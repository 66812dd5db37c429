//! This module renders the history of a process: as text, as a report, as numbers and as a picture.
//!
//! What is held against a bound at level `error` comes first, and of those what has most evidence against it.

use csv::Writer;
use evenhand_measure::audit::model::{Bound, Group, Verdict};
use evenhand_measure::history::{Comparison, Course, Gate, Pair, Point, Side};
use evenhand_measure::policy::Level;

use crate::arrange::{Ink, Page, outcome_token};
use crate::document::{Banner, Block, Cell, Document, Figure, Place, Section, Table};
use crate::numbers::{count, difference, p_value, percent, points, ratio};
use crate::plot::{Fonts, TrendPoint, Unit, trend_with, trends_with};
use crate::safe::visible;
use crate::table_csv::{finish, guarded};
use crate::words;
use crate::words::history::{
    drift_sentence, evidence_lines, gate_sentence, gate_word, hidden, named, pair_title, rate_name, run_remark,
    shift_sentence, trend_sentence, valid_p,
};

#[cfg(test)]
mod tests;

/// Comparisons and runs of each that a terminal shows.
const ON_TERMINAL: (usize, usize) = (6, 12);
/// Comparisons and runs of each that a page shows.
const ON_PAGE: (usize, usize) = (40, 200);

const TITLE: &str = "History";

/// The history as text for a terminal.
#[must_use]
pub fn text(course: &Course, width: usize, color: bool) -> String {
    let mut page = Page::new(width, color);
    let word = gate_word(course.evidence.gate);
    let headline = format!("{word}: {}", gate_sentence(course));
    page.inked(
        &headline,
        word.len() + 1,
        Ink::of_verdict(verdict(course.evidence.gate)),
    );
    let runs = runs(course, ON_TERMINAL.1);
    print(&mut page, &runs);
    let shown = foremost(course);
    for comparison in shown.iter().take(ON_TERMINAL.0) {
        print(&mut page, &table(course, comparison, ON_TERMINAL.1));
        for line in lines(course, comparison) {
            page.paragraph(&line, 2, 2);
        }
    }
    if shown.len() > ON_TERMINAL.0 {
        page.blank();
        page.paragraph(&hidden(shown.len() - ON_TERMINAL.0), 0, 0);
    }
    for (title, lines) in [
        (moved_title(course), moved(course)),
        (Some(METHOD.to_owned()), evidence_lines(course)),
    ] {
        let Some(title) = title.filter(|_| !lines.is_empty()) else {
            continue;
        };
        page.heading(&title);
        for line in lines {
            page.paragraph(&line, 2, 2);
        }
    }
    page.finish()
}

fn print(page: &mut Page, table: &Table) {
    page.heading(&table.caption);
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.text.clone()).collect())
        .collect();
    page.table(&table.header, &rows, &table.right);
    for line in &table.legend {
        page.paragraph(line, 0, 0);
    }
}

const METHOD: &str = "How the evidence is made";

fn verdict(gate: Gate) -> Verdict {
    match gate {
        Gate::Alarm => Verdict::Fail,
        Gate::Quiet => Verdict::Pass,
        Gate::NotEnough => Verdict::Inconclusive,
    }
}

/// The history as a report, for Markdown and HTML.
#[must_use]
pub fn document(course: &Course) -> Document {
    let fonts = Fonts::default();
    let banner = Banner {
        word: gate_word(course.evidence.gate).to_owned(),
        sentence: words::capital(&gate_sentence(course)),
        beside: Vec::new(),
    };
    let mut sections = vec![
        Section::new(
            "verdict",
            "What the history shows",
            Place::Summary,
            vec![Block::Verdict(banner)],
        ),
        Section::new(
            "runs",
            "Runs",
            Place::Summary,
            vec![Block::Table(runs(course, ON_PAGE.1))],
        ),
    ];
    let shown = foremost(course);
    for (at, comparison) in shown.iter().take(ON_PAGE.0).enumerate() {
        let title = words::capital(&pair_title(&comparison.of));
        let drawing = trend_with(
            &format!("evenhand-trend-{}", at + 1),
            &title,
            unit(&comparison.of),
            &trend_points(course, comparison),
            &fonts,
        );
        let figure = Figure {
            svg: drawing.svg,
            title: drawing.title,
            description: drawing.description,
            table: None,
        };
        let mut blocks = vec![
            Block::Figure(figure),
            Block::Table(table(course, comparison, ON_PAGE.1)),
        ];
        blocks.extend(lines(course, comparison).into_iter().map(Block::Text));
        sections.push(Section::new(
            format!("comparison-{}", at + 1),
            title,
            Place::Page,
            blocks,
        ));
    }
    if shown.len() > ON_PAGE.0 {
        let more = Block::Text(hidden(shown.len() - ON_PAGE.0));
        sections.push(Section::new("more", "More comparisons", Place::Page, vec![more]));
    }
    if let Some(title) = moved_title(course).filter(|_| !moved(course).is_empty()) {
        sections.push(Section::new(
            "drift",
            title,
            Place::Page,
            vec![Block::List(moved(course))],
        ));
    }
    let method = vec![Block::List(evidence_lines(course))];
    sections.push(Section::new("method", METHOD, Place::Background, method));
    Document {
        title: TITLE.to_owned(),
        verdict: verdict(course.evidence.gate),
        cover: cover(course),
        confidentiality: None,
        sections,
    }
}

fn cover(course: &Course) -> Vec<(String, String)> {
    let mut cover = vec![("Runs".to_owned(), count(course.runs.len() as u64))];
    for (what, run) in [("First", course.runs.first()), ("Last", course.runs.last())] {
        cover.extend(run.map(|run| (what.to_owned(), named(run))));
    }
    cover
}

/// The trends as one picture.
#[must_use]
pub fn svg(course: &Course) -> String {
    let of: Vec<(String, Unit, Vec<TrendPoint>)> = foremost(course)
        .into_iter()
        .take(ON_PAGE.0)
        .map(|comparison| {
            let title = words::capital(&pair_title(&comparison.of));
            (title, unit(&comparison.of), trend_points(course, comparison))
        })
        .collect();
    trends_with("evenhand-trends", TITLE, &of, &Fonts::default())
}

/// The numbers, one row for each comparison in each run.
///
/// # Errors
/// When the table cannot be written, which memory alone can cause.
pub fn csv(course: &Course) -> Result<Vec<u8>, csv::Error> {
    let mut out = Writer::from_writer(Vec::new());
    out.write_record([
        "run",
        "name",
        "as_of",
        "verdict",
        "evidence",
        "criterion",
        "rate",
        "event",
        "complement",
        "comparison",
        "by",
        "group",
        "reference",
        "within",
        "pooled_over",
        "group_numerator",
        "group_denominator",
        "reference_numerator",
        "reference_denominator",
        "point",
        "lower",
        "upper",
        "at_least",
        "at_most",
        "outcome",
        "level",
        "always_valid_p",
    ])?;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for (at, run) in course.runs.iter().enumerate() {
        for comparison in &course.comparisons {
            let Some(Point { pair, p }) = comparison.points.get(at).and_then(Option::as_ref) else {
                continue;
            };
            let side = |index: usize| pair.counts.map(|counts| counts[index]);
            let [a, b] = [side(0), side(1)];
            out.write_record([
                (at + 1).to_string(),
                guarded(&run.name),
                guarded(run.as_of.as_deref().unwrap_or_default()),
                guarded(&run.verdict),
                run.unused.map_or("new", |unused| unused.word()).to_owned(),
                guarded(&pair.criterion),
                guarded(&pair.rate),
                guarded(pair.event.as_deref().unwrap_or_default()),
                pair.complement.to_string(),
                guarded(&pair.comparison),
                guarded(&pair.by.join(" and ")),
                guarded(&whole(&pair.group)),
                guarded(&pair.reference.as_ref().map(whole).unwrap_or_default()),
                guarded(&whole(&pair.within)),
                guarded(&pair.pooled_over.join(" and ")),
                number(a.map(|side| side.numerator)),
                number(a.map(|side| side.denominator)),
                number(b.map(|side| side.numerator)),
                number(b.map(|side| side.denominator)),
                number(pair.point),
                number(pair.lower),
                number(pair.upper),
                number(pair.at_least),
                number(pair.at_most),
                guarded(&pair.outcome),
                match pair.level {
                    Level::Error => "error",
                    Level::Warn | Level::Off => "warn",
                }
                .to_owned(),
                number(*p),
            ])?;
        }
    }
    finish(out)
}

fn whole(group: &Group) -> String {
    let each = group.iter().map(|(column, value)| match value {
        Some(value) => format!("{}={}", visible(column), visible(value)),
        None => visible(column),
    });
    each.collect::<Vec<_>>().join(" and ")
}

/// Level `error` first, then by evidence; else in the order in which they came.
fn foremost(course: &Course) -> Vec<&Comparison> {
    let mut all: Vec<&Comparison> = course.comparisons.iter().collect();
    all.sort_by(|a, b| {
        let p = |comparison: &Comparison| comparison.p.unwrap_or(1.0);
        a.of.level.cmp(&b.of.level).then(p(a).total_cmp(&p(b)))
    });
    all
}

fn runs(course: &Course, most: usize) -> Table {
    let skipped = course.runs.len().saturating_sub(most);
    let rows = course.runs.iter().skip(skipped).map(|run| {
        vec![
            named(run),
            run.as_of.as_deref().map(words::name).unwrap_or_default(),
            words::name(&run.verdict),
            run_remark(run),
        ]
    });
    let header = ["Run", "Day", "Verdict", "Evidence"].map(str::to_owned).to_vec();
    Table::new("Runs", header, &[], rows.collect()).with_legend(earlier(skipped))
}

fn earlier(skipped: usize) -> Option<String> {
    (skipped > 0).then(|| format!("Not shown: {}.", words::plural(skipped as u64, "earlier run")))
}

fn table(course: &Course, comparison: &Comparison, most: usize) -> Table {
    let of = &comparison.of;
    let skipped = course.runs.len().saturating_sub(most);
    let name = |group: &Group| words::group_name(&of.by, group);
    let rate = |side: Option<Side>| side.map_or_else(|| "–".to_owned(), |side| percent(side.rate()));
    let rows = course.runs.iter().zip(&comparison.points).skip(skipped);
    let rows = rows.filter_map(|(run, point)| {
        let Point { pair, p } = point.as_ref()?;
        let mut cells: Vec<Cell> = [
            outcome_token(pair.outcome()),
            named(run),
            rate(pair.counts.map(|counts| counts[0])),
            rate(pair.counts.map(|counts| counts[1])),
            pair.point.map_or_else(|| "–".to_owned(), |value| number(pair, value)),
            interval(pair),
            p.map_or_else(|| "–".to_owned(), p_value),
        ]
        .map(Cell::from)
        .to_vec();
        if let Some(first) = cells.first_mut() {
            first.outcome = Some(pair.outcome());
        }
        Some(cells)
    });
    let header = vec![
        "Outcome".to_owned(),
        "Run".to_owned(),
        name(&of.group),
        of.reference.as_ref().map(name).unwrap_or_default(),
        words::capital(&of.comparison),
        "Interval".to_owned(),
        "p, any time".to_owned(),
    ];
    let right = [false, false, true, true, true, true, true];
    let what = format!(
        "The {} of both; allowed: {}.",
        rate_name(&of.rate, of.complement),
        words::allowed(&of.bound(), &of.comparison)
    );
    Table::of_cells(words::capital(&pair_title(of)), header, &right, rows.collect())
        .with_legend([what])
        .with_legend(earlier(skipped))
}

fn is_plain(pair: &Pair) -> bool {
    pair.counts.is_none() && pair.pooled_over.is_empty()
}

fn number(pair: &Pair, value: f64) -> String {
    let bound: Bound = pair.bound();
    match pair.comparison.as_str() {
        "ratio" => ratio(value, &bound),
        _ if is_plain(pair) => difference(value, &bound),
        _ => format!("{} points", points(value, &bound)),
    }
}

/// The interval, without the unit that stands beside the point.
fn interval(pair: &Pair) -> String {
    let bare = |value: f64| number(pair, value).trim_end_matches(" points").to_owned();
    match (pair.lower, pair.upper) {
        (None, _) => "–".to_owned(),
        (Some(lower), Some(upper)) => format!("{} to {}", bare(lower), bare(upper)),
        (Some(lower), None) => format!("{} or more", bare(lower)),
    }
}

fn lines(course: &Course, comparison: &Comparison) -> Vec<String> {
    let trend = comparison.trend.as_ref();
    trend
        .map(|trend| trend_sentence(comparison, trend, &course.runs))
        .into_iter()
        .chain(valid_p(comparison))
        .collect()
}

fn moved_title(course: &Course) -> Option<String> {
    let (first, last) = course.between?;
    Some(format!(
        "What changed from {} to {}",
        named(course.runs.get(first)?),
        named(course.runs.get(last)?)
    ))
}

fn moved(course: &Course) -> Vec<String> {
    let drifts = course.drifts.iter().map(drift_sentence);
    drifts
        .chain(course.shifts.iter().map(shift_sentence))
        .take(ON_PAGE.0)
        .collect()
}

fn unit(pair: &Pair) -> Unit {
    match pair.comparison.as_str() {
        "ratio" => Unit::Ratio,
        _ if is_plain(pair) => Unit::Number,
        _ => Unit::Points,
    }
}

fn trend_points(course: &Course, comparison: &Comparison) -> Vec<TrendPoint> {
    let each = course.runs.iter().zip(&comparison.points);
    each.map(|(run, point)| {
        let pair = point.as_ref().map(|point| &point.pair);
        TrendPoint {
            label: run.name.clone(),
            value: pair.and_then(|pair| pair.point),
            lower: pair.and_then(|pair| pair.lower),
            upper: pair.and_then(|pair| pair.upper),
            bound: pair.map(Pair::bound),
        }
    })
    .collect()
}
