//! The validation study of the verdict rule. `validation/run.sh` is the command; it calls this twice:
//!
//!     validation data DATA.json            # the data sets for the other tools
//!     validation report ANSWERS.json DOCS  # everything else, and the page

mod others;
mod page;
mod plot;
mod sections;
mod study;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use others::Answers;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["data", path] => write_data(Path::new(path)),
        ["report", answers, docs] => write_report(Path::new(answers), Path::new(docs)),
        _ => Err("usage: validation data DATA.json | validation report ANSWERS.json DOCS".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// A line for whoever waits.
fn tell(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn write_data(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut scenarios = sections::family::compared();
    scenarios.extend(sections::power::scenarios());
    fs::write(path, serde_json::to_string(&others::data(&scenarios))?)?;
    Ok(())
}

fn write_report(answers: &Path, docs: &Path) -> Result<(), Box<dyn Error>> {
    let answers = Answers::read(&fs::read_to_string(answers)?)?;
    let sections = sections::all(&answers)?;
    let folder = docs.join("validation");
    fs::create_dir_all(&folder)?;
    for (name, contents) in sections.iter().flat_map(|section| &section.files) {
        fs::write(folder.join(name), contents)?;
    }
    let software = format!("evenhand {}, {}", env!("CARGO_PKG_VERSION"), answers.software());
    fs::write(docs.join("validation.md"), page::page(&sections, &software))?;
    for limit in sections.iter().flat_map(|section| &section.limits) {
        let met = match limit.met {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "not required",
        };
        tell(&format!(
            "{met}: {}: {}, required {}",
            limit.what, limit.found, limit.required
        ));
    }
    Ok(())
}
