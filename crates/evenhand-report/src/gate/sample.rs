//! This module builds the gates of the tests, from counts, by the engine itself.

use evenhand_measure::audit::change::{RegressionRule, changes};
use evenhand_measure::gate::{Gate, gate};
use evenhand_measure::policy::parse;
use evenhand_measure::tally::{Axis, Coding, Counts, Cube, Dimension, Level, Tally};

/// A group: its name, and of so many rows so many selected.
pub(super) type Row<'a> = (&'a str, u64, u64);

pub(super) const FAIR: [Row<'static>; 3] = [("Asian", 1500, 3000), ("Black", 1490, 3000), ("White", 1510, 3000)];
pub(super) const WORSE: [Row<'static>; 3] = [("Asian", 1480, 3000), ("Black", 1000, 3000), ("White", 1510, 3000)];
pub(super) const FEW: [Row<'static>; 2] = [("Black", 10, 20), ("White", 12, 20)];

pub(super) const CHECK: &str = "[[check]]\ncriterion = \"disparate-impact\"\n";
pub(super) const PARITY: &str = "[[check]]\ncriterion = \"statistical-parity\"\nlevel = \"warn\"\n";
const WAIVER: &str = "[[waiver]]\ncheck = \"four-fifths\"\ngroup = { race = \"Black\" }\n\
                      reason = \"known since the spring; a new test is on its way\"\nowner = \"Ann\"\n";

/// Selections by race.
fn tally(groups: &[Row<'_>]) -> Tally {
    let mut race = Dimension::new(Axis::Protected, "race", Coding::AsWritten);
    race.levels = groups.iter().map(|(name, _, _)| Level::of(name)).collect();
    let mut hired = Dimension::new(Axis::Prediction, "hired", Coding::AsWritten);
    hired.levels = vec![Level::of("yes"), Level::of("no")];
    let cells = groups.iter().enumerate().flat_map(|(index, &(_, selected, rows))| {
        [
            (vec![index as u32, 0], Counts::of(selected)),
            (vec![index as u32, 1], Counts::of(rows - selected)),
        ]
    });
    let cube = Cube::new(vec![race, hired], cells.collect::<Vec<_>>()).unwrap();
    Tally::new(cube, groups.iter().map(|(_, _, rows)| rows).sum())
}

/// The answer to a policy, with what came before where there is something.
pub(super) fn answer(policy: &str, before: Option<&[Row<'_>]>, now: &[Row<'_>]) -> Gate {
    let policy = parse("evenhand.toml", policy).unwrap();
    let now = tally(now);
    let audit = evenhand_measure::audit(&now, &policy).unwrap();
    let rule = RegressionRule {
        tolerance: policy.baseline.tolerance,
        alpha: policy.baseline.alpha,
    };
    let changes = before.map(|before| changes(&tally(before), &now, &policy, &rule).unwrap());
    gate(audit, changes, &policy, "2026-11-22".parse().ok())
}

pub(super) fn passing() -> Gate {
    answer(&format!("{CHECK}{PARITY}"), Some(&FAIR), &FAIR)
}

pub(super) fn failing() -> Gate {
    answer(&format!("{CHECK}{PARITY}"), Some(&FAIR), &WORSE)
}

/// What failed is waived, except that it has grown; one waiver has expired.
pub(super) fn waived() -> Gate {
    let old = WAIVER.replace("Black", "Asian");
    answer(
        &format!("{CHECK}{PARITY}{WAIVER}expires = \"2026-12-31\"\n{old}expires = \"2026-01-31\"\n"),
        Some(&FAIR),
        &WORSE,
    )
}

pub(super) fn open() -> Gate {
    answer(CHECK, Some(&FEW), &FEW)
}

pub(super) fn not_judged() -> Gate {
    answer(CHECK, None, &FEW[..1])
}

/// Groups by all the hostile names there are, each failing against the next, before and now.
pub(super) fn hostile() -> Gate {
    let long = "y".repeat(10_000);
    let names: Vec<&str> = crate::sample::HOSTILE.into_iter().chain([long.as_str()]).collect();
    let groups = |slope: u64| -> Vec<Row<'_>> {
        let each = names.iter().enumerate();
        each.map(|(index, name)| (*name, 400 + slope * index as u64, 2000))
            .collect()
    };
    let quoted: Vec<String> = crate::sample::HOSTILE
        .iter()
        .map(|name| format!("{:?}", name).replace("\\'", "'").replace("\\0", "\\u0000"))
        .map(|name| escaped(&name))
        .collect();
    let waivers: Vec<String> = quoted
        .iter()
        .map(|name| {
            format!(
                "[[waiver]]\ncheck = \"four-fifths\"\ngroup = {{ race = {name} }}\nreason = {name}\nowner = {name}\n\
                 expires = \"2026-12-31\"\nceiling = 0.6\n"
            )
        })
        .collect();
    answer(
        &format!("{CHECK}{PARITY}{}", waivers.concat()),
        Some(&groups(0)),
        &groups(60),
    )
}

/// Rust's `\u{1b}` as TOML has it: `\u001b`.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("\\u{") {
        let end = at + rest[at..].find('}').unwrap();
        out.push_str(&rest[..at]);
        out.push_str(&format!("\\u{:0>4}", &rest[at + 3..end]));
        rest = &rest[end + 1..];
    }
    out + rest
}

/// Twenty groups, of which each is compared with each.
pub(super) fn many() -> Gate {
    let names: Vec<String> = (0..20).map(|index| format!("Group {index:02}")).collect();
    let groups = |slope: u64| -> Vec<Row<'_>> {
        let each = names.iter().enumerate();
        each.map(|(index, name)| (name.as_str(), 600 + slope * index as u64, 3000))
            .collect()
    };
    answer(&format!("{CHECK}{PARITY}"), Some(&groups(0)), &groups(40))
}

/// Every sample, for what holds of all.
pub(super) fn all() -> Vec<Gate> {
    vec![passing(), failing(), waived(), open(), not_judged(), hostile(), many()]
}
