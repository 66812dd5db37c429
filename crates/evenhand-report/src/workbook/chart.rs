//! This module draws native charts of the values in a table: a bar for each group, and its interval.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartErrorBars, ChartErrorBarsType, ChartFont, ChartLine, ChartRange,
    ChartSolidFill, Color, ObjectMovement, XlsxError,
};

use super::cell::fitted_to;
use super::names;
use super::page::Page;
use super::values::Row;
use crate::words;

/// Groups of a chart. More of them nobody can tell apart.
pub(super) const MOST_GROUPS: usize = 40;

/// Groups that the words beside a chart name.
const TOLD: usize = 12;
/// Pixels: of a row of the sheet, of a chart's width, of what a chart has besides bars, and of a bar.
const ROW: u32 = 20;
const WIDTH: u32 = 680;
const REST: u32 = 110;
const BAR: u32 = 26;

/// What a chart is drawn of: rows of a table that follow each other.
pub(super) struct Bars<'a> {
    pub(super) rows: Vec<&'a Row<'a>>,
    /// The row of the sheet that the first stands in.
    pub(super) first: u32,
    /// Groups that have no value, and so no bar.
    pub(super) without: usize,
}

/// Where the columns stand that a chart is drawn of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) measure: u16,
    pub(super) group: u16,
    pub(super) value: u16,
    /// How far the interval reaches down and, in the next column, up.
    pub(super) lengths: u16,
    /// Where the charts are put.
    pub(super) charts: u16,
}

/// Draws the charts one below the other from a row on; the row after the last is returned.
pub(super) fn draw(
    page: &mut Page<'_>,
    bars: &[Bars<'_>],
    columns: Columns,
    top: u32,
    confidence: Option<&str>,
) -> Result<u32, XlsxError> {
    let mut row = top;
    for bars in bars {
        let height = REST + BAR * u32::try_from(bars.rows.len()).unwrap_or(u32::MAX);
        let chart = chart(&page.name, bars, columns, height, confidence);
        page.sheet.insert_chart(row, columns.charts, &chart)?;
        row += height / ROW + 2;
    }
    Ok(row)
}

fn chart(sheet: &str, bars: &Bars<'_>, columns: Columns, height: u32, confidence: Option<&str>) -> Chart {
    let last = bars.first + u32::try_from(bars.rows.len()).unwrap_or(u32::MAX).saturating_sub(1);
    let range = |column: u16| (sheet, bars.first, column, last, column);
    let mut chart = Chart::new_bar();
    let series = chart
        .add_series()
        .set_categories(range(columns.group))
        .set_values(range(columns.value))
        .set_format(ChartSolidFill::new().set_color(Color::RGB(0x0056_B4E9)))
        .set_gap(60);
    if bars.rows.iter().any(|row| row.interval().0.is_some()) {
        let of = |column: u16| ChartRange::new_from_range(sheet, bars.first, column, last, column);
        let lengths = ChartErrorBarsType::Custom(of(columns.lengths + 1), of(columns.lengths));
        let mut error_bars = ChartErrorBars::new();
        error_bars
            .set_type(lengths)
            .set_format(ChartLine::new().set_color(Color::RGB(0x0022_2222)).set_width(1.25));
        series.set_x_error_bars(&error_bars);
    }
    // The words stand in cells, because a text could itself be read as the name of a cell.
    chart.title().set_name((sheet, bars.first, columns.measure));
    chart.title().set_font(ChartFont::new().set_bold().set_size(12));
    chart.legend().set_hidden();
    // The first group on top, as in the table; the scale stays at the bottom.
    chart.y_axis().set_reverse().set_label_interval(1);
    chart
        .x_axis()
        .set_label_position(ChartAxisLabelPosition::High)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0x00D9_D9D9)));
    let (least, most) = scale(bars);
    chart.x_axis().set_min(least).set_max(most);
    if let Some(row) = bars.rows.first()
        && words::written::unit_of(row.key).is_in_percent()
    {
        chart.x_axis().set_num_format("0%");
    }
    chart.set_width(WIDTH).set_height(height);
    chart.set_alt_text(fitted_to(&described(bars, confidence), MOST_OF_A_DESCRIPTION));
    // Filtering the table must not squeeze the picture.
    chart.set_object_movement(ObjectMovement::DontMoveOrSizeWithCells);
    chart
}

/// What a program keeps of the description of a chart; a longer one is left out whole.
const MOST_OF_A_DESCRIPTION: usize = 255;

/// The ends of the scale. Bars begin at nothing, or they would show more of a difference than there is; programs that
/// choose the ends themselves also cut the intervals off.
fn scale(bars: &Bars<'_>) -> (f64, f64) {
    let ends = bars.rows.iter().flat_map(|row| {
        let (lower, upper) = row.interval();
        [lower, row.value.point(), upper]
    });
    let (least, most) = ends.flatten().fold((0.0, 0.0), |(least, most): (f64, f64), end| {
        (least.min(end), most.max(end))
    });
    // Room to the next round step of a tenth of its size.
    let round = |end: f64| {
        let step = 10_f64.powf(end.abs().log10().floor()).max(1e-9);
        (end / step).abs().ceil() * step * end.signum()
    };
    let outer = |end: f64| if end == 0.0 { 0.0 } else { round(end) };
    match (outer(least), outer(most)) {
        (0.0, 0.0) => (0.0, 1.0),
        ends => ends,
    }
}

/// What the chart shows, for who cannot see it.
fn described(bars: &Bars<'_>, confidence: Option<&str>) -> String {
    let Some(first) = bars.rows.first() else {
        return String::new();
    };
    let name = words::capital(&words::entry_name(first.key));
    let told = bars.rows.iter().take(TOLD).map(|row| {
        let group = words::name(&names::group(&row.group.by, &row.group.group, row.group.kind));
        format!("{group} {}", words::measured_value(row.key, row.value))
    });
    let told: Vec<String> = told.collect();
    let more = match bars.rows.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(
            "; and {}, which the table has",
            words::plural(more as u64, "more group")
        ),
    };
    let without = match bars.without {
        0 => String::new(),
        without => format!(
            " {} no value and no bar.",
            match without {
                1 => "1 group has".to_owned(),
                more => format!("{more} groups have"),
            }
        ),
    };
    let interval = confidence.map_or_else(String::new, |level| format!(", each with its {level} interval"));
    format!(
        "{name}: a bar for each group{interval}. {}{more}.{without}",
        told.join("; ")
    )
}
