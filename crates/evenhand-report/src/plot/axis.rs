//! This module is the scale of a panel or a chart.

use evenhand_measure::audit::model::Bound;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use crate::numbers::{change, grouped, percent, plain_points, points, ratio, significant};

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Shares, shown in percent.
    Percent,
    /// Ratios.
    Ratio,
    /// Differences of shares, shown in percentage points.
    Points,
    /// Relative changes, shown in percent with their sign.
    Change,
    /// Other numbers.
    Number,
}

impl Unit {
    /// A number for people, with digits enough to tell it from the bound.
    pub(super) fn text(self, value: f64, bound: &Bound) -> String {
        match self {
            Self::Percent => percent(value),
            Self::Ratio => ratio(value, bound),
            Self::Points => points(value, bound),
            Self::Change => change(value),
            Self::Number => significant(value),
        }
    }
}

/// A linear scale from a range of values to pixels.
pub(super) struct Axis {
    unit: Unit,
    range: (f64, f64),
    pixels: (i32, i32),
    scale: RangedCoordf64,
}

impl Axis {
    pub(super) fn new(unit: Unit, range: (f64, f64), pixels: (i32, i32)) -> Self {
        Self {
            unit,
            range,
            pixels,
            scale: RangedCoordf64::from(range.0..range.1),
        }
    }

    /// A scale for shares: from 0 to a round number above the largest.
    pub(super) fn shares(values: impl Iterator<Item = f64>, pixels: (i32, i32)) -> Self {
        let largest = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        let steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8];
        let top = steps.into_iter().find(|step| largest <= *step).unwrap_or(1.0);
        Self::new(Unit::Percent, (0.0, top), pixels)
    }

    /// A scale for disparities: wide enough for the bound and, up to a limit, for the intervals.
    pub(super) fn disparities(
        unit: Unit,
        values: impl Iterator<Item = f64>,
        bound: &Bound,
        pixels: (i32, i32),
    ) -> Self {
        let values = values
            .chain(bound.at_least)
            .chain(bound.at_most)
            .filter(|value| value.is_finite());
        let range = match unit {
            // Where five per cent matter, a scale from 0 on would squeeze all of it into its end.
            Unit::Ratio if bound.at_least.is_some_and(|least| least >= 0.9) => {
                let (low, high) = values.fold((1.0_f64, 1.0_f64), |(low, high), value| {
                    (low.min(value), high.max(value))
                });
                let room = (high - low).max(0.05) / 10.0;
                ((low - room).max(0.0), high.min(2.5) + room)
            }
            // Beyond 2.5 an arrow says that the interval goes on; a linear scale would squeeze the rest.
            Unit::Ratio | Unit::Percent | Unit::Change | Unit::Number => {
                (0.0, values.fold(1.25, f64::max).min(2.5) + 0.05)
            }
            Unit::Points => {
                let reach = values.fold(0.15, |reach: f64, value| reach.max(value.abs())).min(1.0) * 1.05;
                (-reach, reach)
            }
        };
        Self::new(unit, range, pixels)
    }

    /// A scale for numbers of any size: around all of them, with some room, and around 0 where that is `anchored`.
    pub(super) fn numbers(unit: Unit, values: impl Iterator<Item = f64>, anchored: bool, pixels: (i32, i32)) -> Self {
        let values = values.filter(|value| value.is_finite()).chain(anchored.then_some(0.0));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        if low > high {
            return Self::new(unit, (0.0, 1.0), pixels);
        }
        let room = match high - low {
            // One value alone: a scale around it that shows its size.
            0.0 => high.abs().max(1.0) / 2.0,
            span => span * 0.05,
        };
        let low = if anchored && low == 0.0 && high > 0.0 {
            0.0
        } else {
            low - room
        };
        let high = if anchored && high == 0.0 && low < 0.0 {
            0.0
        } else {
            high + room
        };
        Self::new(unit, (low, high), pixels)
    }

    pub(super) fn pixels(&self) -> (i32, i32) {
        self.pixels
    }

    /// Where a value is drawn, held within the axis.
    pub(super) fn at(&self, value: f64) -> i32 {
        self.scale.map(&value.clamp(self.range.0, self.range.1), self.pixels)
    }

    /// Whether a value lies off the axis on the left or the right.
    pub(super) fn off(&self, value: f64) -> (bool, bool) {
        (value < self.range.0, value > self.range.1)
    }

    /// The labelled values.
    pub(super) fn ticks(&self) -> Vec<(i32, String)> {
        let values = self.scale.key_points(6);
        let step = values
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        let label = |value: f64| match self.unit {
            Unit::Number => spaced(value, step),
            Unit::Percent => format!("{}%", plain_points(value)),
            Unit::Ratio => format!("{value:.2}"),
            Unit::Points | Unit::Change => {
                let percent = if self.unit == Unit::Change { "%" } else { "" };
                match plain_points(value) {
                    zero if zero == "-0" || zero == "0" => format!("0{percent}"),
                    text if value > 0.0 => format!("+{text}{percent}"),
                    text => format!("{text}{percent}"),
                }
            }
        };
        let mut ticks: Vec<(i32, String)> = values.into_iter().map(|value| (self.at(value), label(value))).collect();
        ticks.dedup();
        ticks
    }
}

/// A number with as many decimals as tell it from its neighbours `step` away.
fn spaced(value: f64, step: f64) -> String {
    let decimals = match step {
        step if !step.is_finite() || step >= 1.0 => 0,
        step => (-step.log10() - 1e-9).ceil().clamp(0.0, 8.0) as usize,
    };
    let text = format!("{value:.decimals$}");
    let is_zero = text.trim_start_matches('-').bytes().all(|b| b == b'0' || b == b'.');
    match (is_zero, value.abs() >= 1e6) {
        (true, _) => "0".to_owned(),
        (false, true) => significant(value),
        (false, false) => grouped(&text),
    }
}
