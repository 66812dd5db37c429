//! `evenhand list` and `evenhand explain`.

use evenhand::Problem;
use evenhand::measure::catalogue::{Entry, closest, entries, find};
use evenhand::measure::listed;
use evenhand::measure::policy::{find_preset, presets};
use evenhand_report::{explain_preset_text, explain_text, list_text};

use super::audit::{use_color, width};
use crate::exit::Status;
use crate::files::print;

pub fn list() -> Result<Status, Vec<Problem>> {
    print(&list_text(width(), use_color())).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

pub fn explain(id: &str) -> Result<Status, Vec<Problem>> {
    let (width, color) = (width(), use_color());
    // Several entries, and a preset beside them, may share a name; whoever asks by it is told of all of them.
    let measures = called(id);
    let preset = find_preset(id).ok();
    if measures.is_empty() && preset.is_none() {
        let near = find(id).err().unwrap_or_default();
        let ids = presets().iter().map(|preset| preset.id.as_str());
        return Err(vec![unknown(id, &closest(id, near.into_iter().chain(ids)))]);
    }
    let several = match measures.len() + usize::from(preset.is_some()) {
        1 => None,
        n => Some(format!("{n} entries are called `{}`.\n", id.trim())),
    };
    let measures = measures.into_iter().map(|entry| explain_text(entry, width, color));
    let preset = preset.map(|preset| explain_preset_text(preset, width, color));
    let parts: Vec<String> = several.into_iter().chain(measures).chain(preset).collect();
    print(&parts.join("\n")).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

/// Every entry with this id or alias, written as loosely as [`find`] takes it.
fn called(name: &str) -> Vec<Entry> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    entries()
        .filter(|entry| entry.id() == wanted || entry.aliases().contains(&wanted.as_str()))
        .collect()
}

fn unknown(id: &str, near: &[&str]) -> Problem {
    let help = match near {
        [] => "`evenhand list` names all of them".to_owned(),
        _ => format!("did you mean {}?", listed(near, 3)),
    };
    Problem::usage(
        format!("there is no rate, statistic, criterion, method or preset `{id}`"),
        help,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_name_finds_all_that_have_it() {
        let ids = |name: &str| called(name).iter().map(|entry| entry.id()).collect::<Vec<_>>();
        assert_eq!(
            ids(" Miettinen_Nurminen "),
            [
                "miettinen-nurminen-difference",
                "miettinen-nurminen-ratio",
                "miettinen-nurminen-odds-ratio"
            ]
        );
        assert_eq!(ids("wilson"), ["wilson"]);
        assert!(ids("no-such-thing").is_empty());
    }
}
