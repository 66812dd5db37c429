//! This module makes the pictures of a report's pages, each a drawing of its own.

use evenhand_measure::audit::model::{Audit, Group, Series};

use super::{Fonts, Part, alone, boxed, forest, map, rates, series};
use crate::order::worse_off_first;
use crate::text::group_sets;

/// One picture of a report, with its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The drawing, as SVG with ids of its own. It has a view box and no size, so that it takes the width it is given.
    pub svg: String,
    /// What it is of.
    pub title: String,
    /// What it shows, for who cannot see it.
    pub description: String,
}

/// The pictures of one set of attributes: rates, then, of two attributes, maps, then disparities.
#[must_use]
pub fn drawings(audit: &Audit, by: &[String], within: &Group) -> Vec<Drawing> {
    drawings_with(audit, by, within, &Fonts::default())
}

/// The pictures of one set of attributes, as [`drawings`] makes them, with further fonts.
#[must_use]
pub fn drawings_with(audit: &Audit, by: &[String], within: &Group, fonts: &Fonts) -> Vec<Drawing> {
    let audit = &*worse_off_first(audit);
    let sets = group_sets(audit);
    // The place of the set keeps the ids of a document apart.
    let place = sets.iter().position(|set| set.by == by && set.within == within);
    let number = place.unwrap_or(sets.len()) + 1;
    let named = |name: &str, parts: Vec<Box<dyn Part>>| -> Vec<Drawing> {
        let drawn = (1..).zip(&parts);
        drawn
            .map(|(at, part)| alone(&format!("evenhand-{name}-{number}-{at}"), &**part, fonts))
            .collect()
    };
    let mut drawings = Vec::new();
    if let Some(set) = place.and_then(|place| sets.get(place)) {
        let panels = rates::of_set(audit, set, fonts);
        drawings.extend(named("rates", panels.into_iter().map(boxed).collect()));
        let maps = map::of_set(audit, set, fonts);
        drawings.extend(named("map", maps.into_iter().map(boxed).collect()));
    }
    let panels = forest::of_set(audit, by, within, fonts);
    drawings.extend(named("forest", panels.into_iter().map(boxed).collect()));
    drawings
}

/// The pictures of curves, bars and strips, each with the series that it draws.
#[must_use]
pub fn curve_drawings(audit: &Audit) -> Vec<(Drawing, Vec<&Series>)> {
    curve_drawings_with(audit, &Fonts::default())
}

/// The pictures of curves, bars and strips, as [`curve_drawings`] makes them, with further fonts.
#[must_use]
pub fn curve_drawings_with<'a>(audit: &'a Audit, fonts: &Fonts) -> Vec<(Drawing, Vec<&'a Series>)> {
    let parts = series::of_each(audit, None, fonts);
    let drawn = (1..).zip(parts);
    drawn
        .map(|(at, (part, series))| (alone(&format!("evenhand-curves-{at}"), &*part, fonts), series))
        .collect()
}
