//! This module is what stands beside the verdict on adjusted gaps: the equation, the parts of a gap, and reservations.

use super::{CLEARLY, ControlView, Mean, NO_SHARE};
use crate::audit::measured::Context;
use crate::audit::model::{Group, GroupKind, NamedTest, Note, Series, Severity};
use crate::catalogue::methods::{
    ADJUSTED_GAP_CLASSIC, LEAVE_ONE_CONTROL_OUT, Method, OAXACA_BLINDER, OAXACA_GROUP, OAXACA_REFERENCE,
    OAXACA_THREE_FOLD, REGRESSION_COEFFICIENT,
};
use crate::inference::estimate::{Estimate, Scale};
use crate::problem::thousands;
use crate::regression::{Equation, Errors, Likeness, Parts, Rows, Term, decompose, proxies, three_fold};

/// Adds curves, tests and notes to a view.
pub(super) fn fill(
    view: &mut ControlView,
    context: Context<'_>,
    rows: &Rows,
    places: &[Option<usize>],
    (equation, errors): (&Result<Equation<'_>, String>, &Result<Errors<'_>, String>),
) {
    let confidence = context.policy.inference.confidence;
    let first = context.reading.sets.first().is_some_and(|set| {
        let attributes = &context.reading.attributes;
        set.iter().map(|&index| &attributes[index].column).eq(view.by.iter())
    });
    if first && rows.incomplete > 0 {
        view.notes.push(incomplete(rows, view.log));
    }
    if let Ok(equation) = equation {
        coefficients(view, rows, equation, errors, confidence);
        if first {
            view.notes.extend(dropped(equation, rows));
        }
        for (group, place) in places.iter().enumerate() {
            let reference = view.reference.filter(|reference| *reference != group);
            let (Some(reference), Some(place)) = (reference, *place) else {
                continue;
            };
            if view.named[group].kind != GroupKind::Judged {
                continue;
            }
            let Some(other) = places[reference] else { continue };
            let name = view.named[group].group.clone();
            let mut tests = vec![classic(
                view,
                equation,
                &name,
                (place, other, group, reference),
                confidence,
            )];
            tests.extend(parts(view, rows, equation, &name, (place, other)));
            tests.extend(without_each(view, rows, &name, (place, other, reference)));
            view.tests.extend(tests);
        }
    }
    if let Err(why) = errors {
        view.notes.push(unsure(rows, equation, &view.by.join(" + "), why));
    }
    let judged: Vec<usize> = places
        .iter()
        .zip(&view.named)
        .filter(|(_, named)| named.kind == GroupKind::Judged)
        .filter_map(|(place, _)| *place)
        .collect();
    view.notes.extend(stand_ins(view, rows, &judged));
}

/// What the numbers of the tests are measured in.
pub(super) fn unit(log: bool) -> &'static str {
    if log {
        "in natural logarithms of the amount"
    } else {
        "in the unit of the amount"
    }
}

/// An empty test of one group against the reference.
pub(super) fn test(view: &ControlView, method: &Method, group: &Group) -> NamedTest {
    NamedTest {
        id: method.id.to_owned(),
        criterion: None,
        rate: "adjusted-price-gap".to_owned(),
        complement: false,
        by: view.by.clone(),
        group: group.clone(),
        reference: view.reference.map(|reference| view.named[reference].group.clone()),
        within: view.within.clone(),
        pooled_over: Vec::new(),
        estimate: None,
        lower: None,
        upper: None,
        confidence: None,
        statistic: None,
        freedom: None,
        p: None,
        not_computed: None,
        note: None,
    }
}

/// The test with an estimate and the test of it being `nothing`.
fn estimated(test: NamedTest, estimate: &Estimate, nothing: f64, confidence: f64) -> NamedTest {
    let interval = estimate.interval(confidence);
    let p = estimate.one_sided(nothing);
    NamedTest {
        estimate: Some(estimate.point),
        lower: interval.map(|interval| interval.lower),
        upper: interval.map(|interval| interval.upper),
        confidence: interval.map(|_| confidence),
        statistic: estimate.distance(nothing),
        freedom: estimate.spread.as_ref().ok().map(|spread| spread.freedom as u64),
        p: p.map(|p| (2.0 * p.below.min(p.above)).min(1.0)),
        not_computed: estimate.spread.as_ref().err().cloned(),
        ..test
    }
}

/// The coefficients, as a curve and as tests.
fn coefficients(
    view: &mut ControlView,
    rows: &Rows,
    equation: &Equation<'_>,
    errors: &Result<Errors<'_>, String>,
    confidence: f64,
) {
    let found: Vec<(Term, Estimate)> = equation
        .coefficients()
        .into_iter()
        .filter(|(term, _)| *term != Term::Constant)
        .map(|(term, point)| {
            let se = errors.as_ref().map_err(String::clone).and_then(|errors| {
                let se = errors.of_term(term)?;
                Ok((se, errors.freedom))
            });
            (term, view.estimate(point, Scale::Linear, 1.0, se))
        })
        .collect();
    let share = equation.explained_share().map_or_else(String::new, |share| {
        format!("; the equation explains {share:.4} of the variance (R squared)")
    });
    for (term, estimate) in &found {
        let what = match term {
            Term::Group(_) => continue,
            Term::Word { control, .. } => {
                let (column, _) = &rows.words[*control];
                format!("`{}` against the most frequent `{column}`", rows.name(*term))
            }
            _ => format!("one unit more of `{}`", rows.name(*term)),
        };
        let test = NamedTest {
            reference: None,
            note: Some(format!("{what}, {}; {}{share}", unit(view.log), view.method)),
            ..test(view, &REGRESSION_COEFFICIENT, &Group::new())
        };
        view.tests.push(estimated(test, estimate, 0.0, confidence));
    }
    let ends = |end: fn(crate::inference::Interval) -> f64| {
        found
            .iter()
            .map(|(_, estimate)| estimate.interval(confidence).map(end))
            .collect()
    };
    let points = found
        .iter()
        .enumerate()
        .map(|(place, (_, estimate))| (place as f64 + 1.0, Some(estimate.point)));
    let series = Series {
        measure: Some("adjusted-price-gap".to_owned()),
        labels: found.iter().map(|(term, _)| rows.name(*term)).collect(),
        lower: ends(|interval| interval.lower),
        upper: ends(|interval| interval.upper),
        y_label: format!("coefficient, {}", unit(view.log)),
        ..Series::new("coefficients", &view.by, &Group::new(), points)
    };
    view.series.push(series);
}

/// The adjusted gap with classic errors: for comparison, never for a verdict.
fn classic(
    view: &ControlView,
    equation: &Equation<'_>,
    name: &Group,
    (place, other, group, reference): (usize, usize, usize, usize),
    confidence: f64,
) -> NamedTest {
    let test = NamedTest {
        note: Some("as if all rows varied alike and were independent; not judged".to_owned()),
        ..test(view, &ADJUSTED_GAP_CLASSIC, name)
    };
    let found = || -> Result<Estimate, String> {
        let errors = equation.classic()?;
        let se = errors.of_gap(place, other)?;
        let of_verdict = view.ratio(group, reference)?;
        let unit = if view.log {
            1.0
        } else {
            view.means[reference].ok_or("the reference has no mean")?.mean
        };
        let scale = of_verdict.scale;
        Ok(Estimate::new(
            of_verdict.point,
            scale,
            se / unit,
            errors.freedom,
            errors.kind.word(),
        ))
    };
    match found() {
        Ok(estimate) => estimated(test, &estimate, 1.0, confidence),
        Err(why) => NamedTest {
            not_computed: Some(why),
            ..test
        },
    }
}

/// The parts of a gap, by every convention.
fn parts(
    view: &ControlView,
    rows: &Rows,
    equation: &Equation<'_>,
    name: &Group,
    (place, other): (usize, usize),
) -> Vec<NamedTest> {
    let said = |method: &Method, parts: Result<Parts, String>| match parts {
        Ok(parts) => {
            let by_control: Vec<String> = parts
                .by_control
                .iter()
                .map(|part| format!("`{}` {:.6}", part.control, part.explained))
                .collect();
            NamedTest {
                estimate: Some(parts.explained),
                note: Some(format!(
                    "{}; of a gap of {:.6} it leaves {:.6}; by control: {}",
                    unit(view.log),
                    parts.gap,
                    parts.unexplained,
                    by_control.join(", ")
                )),
                ..test(view, method, name)
            }
        }
        Err(why) => NamedTest {
            not_computed: Some(why),
            ..test(view, method, name)
        },
    };
    let within = |group: usize| decompose(&rows.explain_within(group)?, place, other);
    let three = match three_fold(rows, place, other) {
        Ok(parts) => NamedTest {
            estimate: Some(parts.coefficients),
            note: Some(format!(
                "{}; endowments {:.6}, coefficients {:.6}, interaction {:.6}",
                unit(view.log),
                parts.endowments,
                parts.coefficients,
                parts.interaction
            )),
            ..test(view, &OAXACA_THREE_FOLD, name)
        },
        Err(why) => NamedTest {
            not_computed: Some(why),
            ..test(view, &OAXACA_THREE_FOLD, name)
        },
    };
    vec![
        said(&OAXACA_BLINDER, decompose(equation, place, other)),
        said(&OAXACA_REFERENCE, within(other)),
        said(&OAXACA_GROUP, within(place)),
        three,
    ]
}

/// The gap without each control in turn.
fn without_each(
    view: &ControlView,
    rows: &Rows,
    name: &Group,
    (place, other, reference): (usize, usize, usize),
) -> Vec<NamedTest> {
    let controls: Vec<String> = rows.controls().map(str::to_owned).collect();
    controls
        .iter()
        .map(|control| {
            let test = NamedTest {
                note: Some(format!("without `{control}`")),
                ..test(view, &LEAVE_ONE_CONTROL_OUT, name)
            };
            let gap = rows
                .explain_without(&[control])
                .and_then(|equation| equation.gap(place, other));
            let ratio = gap.and_then(|gap| match view.means[reference] {
                _ if view.log => Ok(gap.exp()),
                Some(Mean { mean, se }) if mean > 0.0 && mean > CLEARLY * se => Ok(1.0 + gap / mean),
                _ => Err(NO_SHARE.to_owned()),
            });
            match ratio {
                Ok(ratio) => NamedTest {
                    estimate: Some(ratio),
                    ..test
                },
                Err(why) => NamedTest {
                    not_computed: Some(why),
                    ..test
                },
            }
        })
        .collect()
}

fn incomplete(rows: &Rows, log: bool) -> Note {
    let of_logs = if log {
        ", or have one of 0 or less, which has no logarithm"
    } else {
        ""
    };
    Note {
        code: "controls-incomplete".to_owned(),
        severity: Severity::Warning,
        message: format!(
            "{} of {} rows lack an amount or a control{of_logs}; adjusted gaps are of the others",
            thousands(rows.incomplete),
            thousands(rows.n.saturating_add(rows.incomplete))
        ),
        help: Some("find out why they are missing: if more are in one group, the gap may be another".to_owned()),
    }
}

/// Why nobody knows how sure adjusted gaps are, and what to do about it.
fn unsure(rows: &Rows, equation: &Result<Equation<'_>, String>, by: &str, why: &str) -> Note {
    const BESIDE: &str = "errors that take all rows to vary alike stand among the tests and are not judged";
    let (message, help) = match equation {
        Err(_) => (
            format!("there are no adjusted gaps of {by}: {why}"),
            "declare fewer controls, or put their values together".to_owned(),
        ),
        Ok(equation) => {
            let help = if equation.classic().is_err() {
                "find out whether a control is made from the amount".to_owned()
            } else if rows.has_buckets {
                format!("get rows of more units that repeat; {BESIDE}")
            } else {
                format!(
                    "audit the rows themselves, not tallies that were merged, or name who repeats with --cluster; {BESIDE}"
                )
            };
            (
                format!("how sure the adjusted gaps of {by} are is not known: {why}"),
                help,
            )
        }
    };
    Note {
        code: "no-robust-errors".to_owned(),
        severity: Severity::Error,
        message,
        help: Some(help),
    }
}

/// Controls that say nothing of their own.
fn dropped(equation: &Equation<'_>, rows: &Rows) -> Vec<Note> {
    let one_word = rows.words.iter().filter(|(_, levels)| levels.len() == 1);
    let one_word = one_word.map(|(column, _)| Note {
        code: "control-left-out".to_owned(),
        severity: Severity::Info,
        message: format!("the control `{column}` is the same in every row, and was left out"),
        help: None,
    });
    let notes = equation.dropped().into_iter().map(|dropped| Note {
        code: "control-left-out".to_owned(),
        severity: Severity::Info,
        message: if dropped.given_by.is_empty() {
            format!(
                "the control `{}` is the same in every row, and was left out",
                dropped.name
            )
        } else {
            let given: Vec<String> = dropped.given_by.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "the control `{}` follows from {} before it, and was left out",
                dropped.name,
                given.join(", ")
            )
        },
        help: None,
    });
    notes.chain(one_word).collect()
}

/// Controls that stand in for a group.
fn stand_ins(view: &ControlView, rows: &Rows, judged: &[usize]) -> Vec<Note> {
    let strong = proxies(rows, judged)
        .into_iter()
        .filter(crate::regression::Proxy::is_strong);
    let notes = strong.map(|proxy| {
        let how = match proxy.likeness {
            Likeness::Auc { group, auc } => format!(
                "it tells {} from the others with an AUC of about {auc:.2} (from its means and variances, as if normal)",
                rows.name(Term::Group(group))
            ),
            Likeness::CramersV(v) => {
                format!("Cramer's V with {} is {v:.2} (bias-corrected)", view.by.join(" + "))
            }
        };
        Note {
            code: "control-is-proxy".to_owned(),
            severity: Severity::Warning,
            message: format!("the control `{}` is itself a stand-in for the group: {how}", proxy.control),
            help: Some(
                "what it explains may be the unfair treatment itself; look at the gap without it, and say why it is a \
                 legitimate reason"
                    .to_owned(),
            ),
        }
    });
    notes.collect()
}
