//! This module says what of a file's columns people should look at, with the flags that settle it.

use evenhand::Policy;
use evenhand::source::{Alike, Profile, Strength, Suspicion, alike, shell_word};
use evenhand_report::numbers::count;

/// A sentence, and the flags that belong to it.
pub struct Doubt {
    pub sentence: String,
    pub flags: String,
}

/// What is worth a look, column by column.
pub fn of(profile: &Profile, policy: &Policy) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for column in &profile.columns {
        // Names and texts of people are alike by chance.
        let is_group = column.distinct.len() <= 50 && !column.overflowed;
        let groups = if is_group { alike(column) } else { Vec::new() };
        doubts.extend(groups.iter().map(spellings));
        let is_used = policy.roles.protected.contains(&column.name);
        for suspicion in column.suspicions() {
            // That a column numbers people is plain to see.
            if matches!(suspicion, Suspicion::Id) && !is_used {
                continue;
            }
            doubts.push(Doubt {
                sentence: format!("{}: {}", column.name, suspicion.sentence()),
                flags: match &suspicion {
                    Suspicion::LooksMissing(values) => {
                        let flags = values.iter().map(|(text, _)| format!("--missing {}", shell_word(text)));
                        flags.collect::<Vec<_>>().join(" ")
                    }
                    _ => String::new(),
                },
            });
        }
    }
    doubts
}

fn spellings(alike: &Alike) -> Doubt {
    let value = |(text, times): &(String, u64)| format!("`{text}` ({})", count(*times));
    let others: Vec<String> = alike.others.iter().map(value).collect();
    let (look, mean) = match (alike.strength, others.len()) {
        (Strength::Perhaps, 1) => ("looks a little like", "it means"),
        (Strength::Perhaps, _) => ("look a little like", "they mean"),
        (_, 1) => ("looks like", "it means"),
        (..) => ("look like", "they mean"),
    };
    let how = if alike.flags().is_empty() {
        format!(
            "; if {mean} the same, say so under [values.map] in a policy: {}",
            alike.lines().join(", ")
        )
    } else {
        format!("; if {mean} the same, say")
    };
    Doubt {
        sentence: format!(
            "{}: {} {look} {}{how}",
            alike.column,
            others.join(", "),
            value(&alike.keep)
        ),
        flags: alike.flags().join(" "),
    }
}
