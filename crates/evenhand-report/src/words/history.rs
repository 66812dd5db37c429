//! This module says what a history shows.

use evenhand_measure::audit::model::Group;
use evenhand_measure::history::{Comparison, Course, Drift, Evidence, Gate, Pair, Run, Shift, Trend, Unused};

use super::{attributes, capital, entry_name, group_name, name, plural, within};
use crate::numbers::{count, one_decimal, p_value, percent, plain_ratio};

/// The word of what the evidence says.
pub(crate) fn gate_word(gate: Gate) -> &'static str {
    match gate {
        Gate::Alarm => "ALARM",
        Gate::Quiet => "NO ALARM",
        Gate::NotEnough => "NOT ENOUGH",
    }
}

/// What the evidence against all bounds says, without the word.
pub(crate) fn gate_sentence(course: &Course) -> String {
    let Evidence {
        alpha,
        log_e,
        gate,
        runs,
        comparisons,
        ..
    } = course.evidence;
    let held = format!(
        "the evidence against the bounds is {} (an e-value of {} alarms), over {} with new rows and {}",
        e_value(log_e),
        plain_ratio((100.0 / alpha).round() / 100.0),
        plural(runs as u64, "run"),
        plural(comparisons as u64, "comparison")
    );
    match (gate, course.evidence.alarmed_at) {
        (Gate::Alarm, at) => {
            let run = at
                .and_then(|at| course.runs.get(at))
                .map_or_else(String::new, |run| format!(" with {}", named(run)));
            format!(
                "not every bound is kept: this was shown{run}. While all are kept, so much evidence ever comes together in at \
                 most {} of histories, however often one looks.",
                percent(alpha)
            )
        }
        (Gate::Quiet, _) => format!("{held}. That no bound is shown to be broken does not show that all are kept."),
        (Gate::NotEnough, _) if comparisons == 0 => {
            "there is nothing to bet on: no run with new rows compares shares of rows at level `error`.".to_owned()
        }
        (Gate::NotEnough, _) => format!("{held}. Even the clearest breach could not have been shown with these rows."),
    }
}

/// What the reader has to know of how the evidence was made.
pub(crate) fn evidence_lines(course: &Course) -> Vec<String> {
    let mut lines = vec![
        "Each run adds the rows of either group to an e-process against the bound, so that looking at every commit does not \
         raise the share of false alarms. All comparisons of level `error` share one purse in equal parts."
            .to_owned(),
        "That holds if each run brings rows of other people or decisions than the runs before. Runs on one and the same test \
         set repeat one sample: compare those with a baseline."
            .to_owned(),
    ];
    let unused = |unused: Unused| course.runs.iter().filter(|run| run.unused == Some(unused)).count() as u64;
    let told = [
        (Unused::SameTally, "had a tally that was counted before"),
        (
            Unused::SameRows,
            "had as many rows in each group as an earlier one, so that its rows were taken for the same",
        ),
        (Unused::Incomplete, "had too many comparisons to list them all"),
    ];
    for (why, what) in told {
        match unused(why) {
            0 => {}
            runs => lines.push(format!("{} {what}: no new evidence.", capital(&plural(runs, "run")))),
        }
    }
    if let Some(start) = course
        .runs
        .get(course.evidence.since)
        .filter(|_| course.evidence.since > 0)
    {
        lines.push(format!(
            "The evidence starts anew with {}, as was asked there.",
            named(start)
        ));
    }
    lines
}

fn e_value(log_e: f64) -> String {
    match log_e {
        log if log < 1e-3_f64.ln() => "less than 0.001".to_owned(),
        log if log < 10.0 => format!("{:.3}", log.exp()),
        log => format!("about 10^{:.0}", (log / std::f64::consts::LN_10).floor()),
    }
}

/// What a run is called.
pub(crate) fn named(run: &Run) -> String {
    name(&run.name)
}

/// A comparison: `disparate impact: F against M`.
pub(crate) fn pair_title(pair: &Pair) -> String {
    let group = |group: &Group| group_name(&pair.by, group);
    let against = pair
        .reference
        .as_ref()
        .map_or_else(String::new, |reference| format!(" against {}", group(reference)));
    let inside = within(&pair.within).map_or_else(String::new, |stratum| format!(" within {stratum}"));
    let pooled = match pair.pooled_over.as_slice() {
        [] => String::new(),
        columns => format!(", like with like by {}", attributes(columns)),
    };
    let event = pair
        .event
        .as_deref()
        .map_or_else(String::new, |event| format!(" of {}", name(event)));
    format!(
        "{}{event}: {}{against}{inside}{pooled}",
        entry_name(&pair.criterion),
        group(&pair.group)
    )
}

/// The rate that is compared.
pub(crate) fn rate_name(rate: &str, complement: bool) -> String {
    let rate = entry_name(rate);
    if complement { format!("1 - {rate}") } else { rate }
}

/// Whether a gap moves.
pub(crate) fn trend_sentence(comparison: &Comparison, trend: &Trend, runs: &[Run]) -> String {
    let points = |value: f64| format!("{} points", one_decimal(value * 100.0));
    let moved = match trend.p {
        p if p < 0.05 => format!("moves by {} from run to run", points(trend.slope)),
        _ => "shows no trend that chance would not show as well".to_owned(),
    };
    let chart = trend.monitor.as_ref().map_or_else(String::new, |monitor| {
        let first = |at: Option<usize>| {
            at.and_then(|at| comparison.used.get(at))
                .and_then(|at| runs.get(*at))
                .map(named)
        };
        match (first(monitor.cusum_at), first(monitor.average_at)) {
            (None, None) => " The control charts stay within their limits.".to_owned(),
            (Some(sum), None) => format!(" The cumulative sum leaves its limits at {sum}."),
            (None, Some(mean)) => format!(" The moving average leaves its limits at {mean}."),
            (Some(sum), Some(mean)) => {
                format!(
                    " The control charts leave their limits: the cumulative sum at {sum}, the moving average at {mean}."
                )
            }
        }
    });
    format!(
        "The gap of the {} ({} on average over {}) {moved} (slope {:.5}, standard error {:.5}, z {:.3}, p {}; homogeneity: Q \
         {:.3}, p {}).{chart}",
        rate_name(&comparison.of.rate, comparison.of.complement),
        points(trend.pooled),
        plural(trend.runs as u64, "run"),
        trend.slope,
        trend.slope_error,
        trend.z,
        p_value(trend.p),
        trend.q,
        p_value(trend.q_p),
    )
}

/// The always-valid p-value of a comparison.
pub(crate) fn valid_p(comparison: &Comparison) -> Option<String> {
    let p = comparison.p?;
    Some(format!(
        "Against what is allowed, p {} at any time (the smallest 1/E so far; it may be looked at after every run).",
        p_value(p)
    ))
}

/// What became of everybody's rate.
pub(crate) fn drift_sentence(drift: &Drift) -> String {
    let points = |value: f64| format!("{} points", one_decimal(value * 100.0));
    let event = drift
        .event
        .as_deref()
        .map_or_else(String::new, |event| format!(" of {}", name(event)));
    let left_out = match drift.left_out.len() {
        0 => String::new(),
        groups => format!(
            " Left out, as only one of the runs has them: {}.",
            plural(groups as u64, "group")
        ),
    };
    format!(
        "By {}: {} of the mix of groups moved. The {}{event} of all went from {} to {}: {} because groups are decided \
         otherwise (p {}), {} because the mix is another (p {}).{left_out}",
        attributes(&drift.by),
        percent(drift.moved),
        rate_name(&drift.rate, drift.complement),
        percent(drift.before),
        percent(drift.now),
        points(drift.rates.point),
        p_of(drift.rates.p()),
        points(drift.mix.point),
        p_of(drift.mix.p()),
    )
}

fn p_of(p: Option<f64>) -> String {
    p.map_or_else(|| "–".to_owned(), p_value)
}

/// What became of a gap with strata.
pub(crate) fn shift_sentence(shift: &Shift) -> String {
    let points = |value: f64| format!("{} points", one_decimal(value * 100.0));
    let over: Vec<String> = shift.of.within.keys().cloned().collect();
    let pair = Pair {
        within: Group::new(),
        ..shift.of.clone()
    };
    let [gap, rates, mix] = [0, 1, 2].map(|at| shift.now[at] - shift.before[at]);
    format!(
        "{}, over {}: the gap went from {} to {}, by {}; {} of it within {}, {} because groups are spread over it otherwise.",
        capital(&pair_title(&pair)),
        attributes(&over),
        points(shift.before[0]),
        points(shift.now[0]),
        points(gap),
        points(rates),
        attributes(&over),
        points(mix),
    )
}

/// What a run's line says beside its name.
pub(crate) fn run_remark(run: &Run) -> String {
    let mut said: Vec<&str> = Vec::new();
    match run.unused {
        Some(Unused::SameTally) => said.push("the same tally again"),
        Some(Unused::SameRows) => said.push("the same rows"),
        Some(Unused::Incomplete) => said.push("too many comparisons"),
        None => {}
    }
    if run.restart {
        said.push("evidence starts anew");
    }
    said.join(", ")
}

/// How many comparisons are not shown.
pub(crate) fn hidden(comparisons: usize) -> String {
    format!(
        "… and {} more comparisons; `--out trend.csv` has all of them.",
        count(comparisons as u64)
    )
}
