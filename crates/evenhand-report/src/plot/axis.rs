//! This module is the horizontal scale of a panel.

use evenhand_measure::audit::model::Bound;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use crate::numbers::plain_points;

/// What the numbers of an axis are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Shares, shown in percent.
    Percent,
    /// Ratios.
    Ratio,
    /// Differences of shares, shown in percentage points.
    Points,
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
            // Beyond 2.5 an arrow says that the interval goes on; a linear scale would squeeze the rest.
            Unit::Ratio | Unit::Percent => (0.0, values.fold(1.25, f64::max).min(2.5) + 0.05),
            Unit::Points => {
                let reach = values.fold(0.15, |reach: f64, value| reach.max(value.abs())).min(1.0) * 1.05;
                (-reach, reach)
            }
        };
        Self::new(unit, range, pixels)
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
        let label = |value: f64| match self.unit {
            Unit::Percent => format!("{}%", plain_points(value)),
            Unit::Ratio => format!("{value:.2}"),
            Unit::Points => match plain_points(value) {
                zero if zero == "-0" || zero == "0" => "0".to_owned(),
                text if value > 0.0 => format!("+{text}"),
                text => text,
            },
        };
        let mut ticks: Vec<(i32, String)> = self
            .scale
            .key_points(6)
            .into_iter()
            .map(|value| (self.at(value), label(value)))
            .collect();
        ticks.dedup();
        ticks
    }
}
