//! This module is the curves of scores, and what a reader has to know of them.

use super::ScoreView;
use crate::audit::model::{Bound, Group, Note, Series, Severity};
use crate::inference::{Sample, wilson, z_for};
use crate::problem::thousands;
use crate::scores::calibration::{Bin, calibration};
use crate::scores::probability::outside;
use crate::scores::roc::{self, roc};
use crate::scores::sweep::{self, Compared, Cut, Range, Swept, ranges};
use crate::tally::written;

/// So many points of a curve are drawn.
const MOST_POINTS: usize = 200;

pub(super) fn series(view: &ScoreView) -> Vec<Series> {
    let mut all = Vec::new();
    if view.has_labels {
        all.extend(view.judged().filter_map(|(group, part)| {
            let curve = roc::thinned(&roc(&part.rows.labelled).ok()?, MOST_POINTS);
            let points = curve
                .iter()
                .map(|point| (point.false_positive_rate, Some(point.true_positive_rate)));
            Some(Series {
                measure: Some("auc".to_owned()),
                ..Series::new("roc", &view.by, group, points)
            })
        }));
        all.extend(view.judged().filter_map(|(group, part)| {
            let found = calibration(&part.rows.labelled, view.bins).ok()?;
            Some(of_bins(view, group, &found.bins))
        }));
    }
    all.extend(swept(view));
    all
}

fn of_bins(view: &ScoreView, group: &Group, bins: &[Bin]) -> Series {
    let z = z_for(view.confidence);
    let interval = |bin: &Bin| Sample::new(bin.positives as f64, bin.n as f64).map(|sample| wilson(sample, z));
    // Nobody knows how sure it is where rows repeat.
    let ends = |of: fn(crate::inference::Interval) -> f64| {
        let ends = bins.iter().map(|bin| interval(bin).map(of));
        if view.is_clustered { Vec::new() } else { ends.collect() }
    };
    Series {
        setting: Some(format!("{} bins of equal width", view.bins)),
        measure: Some("calibration-error".to_owned()),
        lower: ends(|interval| interval.lower),
        upper: ends(|interval| interval.upper),
        labels: bins
            .iter()
            .map(|bin| format!("{} to {}", written(bin.low), written(bin.high)))
            .collect(),
        n: bins.iter().map(|bin| bin.n).collect(),
        ..Series::new(
            "calibration",
            &view.by,
            group,
            bins.iter().map(|bin| (bin.mean_score, Some(bin.observed()))),
        )
    }
}

/// What every threshold makes of the judged groups.
fn cuts(view: &ScoreView) -> Vec<Cut> {
    let groups: Vec<Swept<'_>> = view
        .judged()
        .map(|(_, part)| Swept {
            all: &part.all,
            labelled: view.has_labels.then_some(&part.rows.labelled),
        })
        .collect();
    sweep::sweep(&groups)
}

fn swept(view: &ScoreView) -> Vec<Series> {
    let cuts = cuts(view);
    let drawn = sweep::thinned(&cuts, MOST_POINTS);
    if drawn.is_empty() {
        return Vec::new();
    }
    let series = |measure: &str, group: &Group, y: &dyn Fn(&Cut) -> Option<f64>| Series {
        measure: Some(measure.to_owned()),
        marked: view.threshold,
        ..Series::new(
            "threshold-sweep",
            &view.by,
            group,
            drawn.iter().map(|cut| (cut.threshold, y(cut))),
        )
    };
    let rates = || {
        RATES
            .iter()
            .filter(|(_, compared)| view.has_labels || !needs_labels(*compared))
    };
    let mut all = Vec::new();
    for (measure, compared) in rates() {
        for (index, (group, _)) in view.judged().enumerate() {
            all.push(series(measure, group, &|cut| cut.groups[index].share(*compared).rate()));
        }
    }
    if view.judged().count() < 2 {
        return all;
    }
    let everybody = Group::new();
    let [ratio, gap] = view.bounds;
    let compared = favourable(view);
    all.push(Series {
        bound: Some(Bound {
            at_least: Some(ratio),
            at_most: None,
        }),
        ..series("disparate-impact", &everybody, &|cut| cut.ratio(compared))
    });
    if view.has_labels {
        all.push(Series {
            bound: Some(Bound {
                at_least: None,
                at_most: Some(gap),
            }),
            ..series("equal-opportunity", &everybody, &|cut| cut.gap(Compared::TruePositives))
        });
    }
    all
}

/// The rates whose sweep is drawn.
const RATES: [(&str, Compared); 4] = [
    ("selection-rate", Compared::Selected),
    ("true-positive-rate", Compared::TruePositives),
    ("false-positive-rate", Compared::FalsePositives),
    ("positive-predictive-value", Compared::Precision),
];

fn needs_labels(compared: Compared) -> bool {
    !matches!(compared, Compared::Selected | Compared::Spared)
}

fn favourable(view: &ScoreView) -> Compared {
    if view.adverse {
        Compared::Spared
    } else {
        Compared::Selected
    }
}

pub(super) fn notes(view: &ScoreView) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |code: &str, severity, message: String, help: Option<&str>| {
        notes.push(Note {
            code: code.to_owned(),
            severity,
            message,
            help: help.map(str::to_owned),
        });
    };
    let column = &view.column;
    let all = &view.everybody.all;
    if all.missing > 0 {
        let message = format!(
            "{} rows have no score in `{column}`, and are in no measure of scores",
            thousands(all.missing)
        );
        say("scores-missing", Severity::Warning, message, None);
    }
    if view.is_weighted {
        let message = format!("measures of `{column}` count every row once: the weights are not in them");
        say("scores-unweighted", Severity::Warning, message, None);
    }
    if view.has_labels {
        let beyond = outside(all);
        if beyond > 0 {
            let message = format!(
                "{} scores of `{column}` are not within 0 and 1, so they are not taken for probabilities: there is no calibration, \
                 Brier score or log-loss",
                thousands(beyond)
            );
            say(
                "scores-no-probabilities",
                Severity::Info,
                message,
                Some("how well they rank is looked at all the same"),
            );
        }
        notes.extend(open_area(view));
    }
    let cuts = cuts(view);
    if view.judged().count() > 1 && !cuts.is_empty() {
        let [ratio, gap] = view.bounds;
        let what = if view.adverse {
            "share below the threshold"
        } else {
            "selection rate"
        };
        notes.push(swept_note(
            view,
            &format!("the lowest {what} is at least {} of the highest", written(ratio)),
            &cuts,
            &|cut| cut.is_within(favourable(view), ratio),
        ));
        if view.has_labels {
            notes.push(swept_note(
                view,
                &format!("true positive rates are within {} of one another", written(gap)),
                &cuts,
                &|cut| cut.is_apart_by(Compared::TruePositives, gap),
            ));
        }
    }
    notes
}

/// How far numbers that fall together leave open what the area is.
fn open_area(view: &ScoreView) -> Option<Note> {
    let labelled = &view.everybody.rows.labelled;
    let area = crate::scores::auc::auc(&labelled.positives, &labelled.negatives).ok()?;
    (!area.is_exact()).then(|| Note {
        code: "scores-fall-together".to_owned(),
        severity: Severity::Info,
        message: format!(
            "`{}` has so many different scores that some are counted together: the AUC of everybody is between {:.6} and {:.6}",
            view.column, area.lowest, area.highest
        ),
        help: Some("to keep every different score, read the rows with --exact; it takes memory for each".to_owned()),
    })
}

/// A threshold to six digits: no list of ranges is clearer for more.
fn short(threshold: f64) -> String {
    let rounded: f64 = format!("{threshold:.5e}").parse().unwrap_or(threshold);
    written(rounded)
}

fn swept_note(view: &ScoreView, what: &str, cuts: &[Cut], holds: &dyn Fn(&Cut) -> Option<bool>) -> Note {
    /// More ranges than this are not listed.
    const MOST: usize = 3;
    let found = ranges(cuts, holds);
    let text = |range: &Range| match range.from == range.to {
        true => short(range.from),
        false => format!("{} to {}", short(range.from), short(range.to)),
    };
    let listed: Vec<String> = found.iter().take(MOST).map(text).collect();
    let more = match found.len().saturating_sub(MOST) {
        0 => String::new(),
        1 => " and one more range".to_owned(),
        more => format!(" and {more} more ranges"),
    };
    let by = view.by.join(" x ");
    let mut message = match listed.as_slice() {
        [] => format!("by `{by}`, {what} at no threshold of `{}`", view.column),
        _ => format!(
            "by `{by}`, {what} at these thresholds of `{}` and no others: {}{more}",
            view.column,
            listed.join(", ")
        ),
    };
    if let Some(threshold) = view.threshold {
        // A threshold between two scores selects whom the higher one does.
        let in_use = cuts.iter().find(|cut| cut.threshold >= threshold).and_then(holds);
        let (place, answer) = (
            written(threshold),
            in_use.map(|holds| if holds { "is one" } else { "is none" }),
        );
        if let Some(answer) = answer {
            message.push_str(&format!("; the threshold in use, {place}, {answer} of them"));
        }
    }
    Note {
        code: "threshold-sweep".to_owned(),
        severity: Severity::Info,
        message,
        help: Some("these are bare rates, which chance moves: --threshold NUMBER judges one threshold".to_owned()),
    }
}
