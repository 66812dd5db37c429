//! `evenhand completions` and `evenhand man`: what a shell and `man` know of the command, written from its arguments, so
//! that neither can say what the command does not.

use std::fs::create_dir_all;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use evenhand::Problem;

use crate::args::Cli;
use crate::exit::Status;
use crate::files::{print, shown, write};

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Result<Status, Vec<Problem>> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "evenhand", &mut script);
    // Generated from strings.
    print(&String::from_utf8_lossy(&script)).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

/// Prints the page of the command, or writes a page per command into a folder.
pub fn man(folder: Option<&Path>) -> Result<Status, Vec<Problem>> {
    // `help` has nothing to say that the pages do not.
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(folder) = folder else {
        let page = page(&command).map_err(|problem| vec![problem])?;
        print(&String::from_utf8_lossy(&page.bytes)).map_err(|problem| vec![problem])?;
        return Ok(Status::Passed);
    };
    let mut pages = Vec::new();
    collect(&command, &mut pages).map_err(|problem| vec![problem])?;
    create_dir_all(folder).map_err(|error| {
        vec![Problem::usage(
            format!("the folder {} cannot be made: {error}", shown(folder)),
            "name a folder that can be written to",
        )]
    })?;
    let files: Vec<(PathBuf, Vec<u8>)> = pages
        .into_iter()
        .map(|Page { name, bytes }| (folder.join(name), bytes))
        .collect();
    let files: Vec<(&Path, Vec<u8>)> = files
        .iter()
        .map(|(path, bytes)| (path.as_path(), bytes.clone()))
        .collect();
    write(&files)?;
    Ok(Status::Passed)
}

struct Page {
    name: String,
    bytes: Vec<u8>,
}

fn collect(command: &clap::Command, pages: &mut Vec<Page>) -> Result<(), Problem> {
    pages.push(page(command)?);
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        collect(below, pages)?;
    }
    Ok(())
}

fn page(command: &clap::Command) -> Result<Page, Problem> {
    // All pages are of one program; a page that bears no date is the same whenever it is made.
    let page = Man::new(command.clone())
        .source(concat!("evenhand ", env!("CARGO_PKG_VERSION")))
        .manual("evenhand");
    let mut bytes = Vec::new();
    page.render(&mut bytes).map_err(|error| {
        Problem::usage(
            format!("the page of `{}` cannot be written: {error}", command.get_name()),
            "read `evenhand help` instead",
        )
    })?;
    Ok(Page {
        name: page.get_filename(),
        bytes: plain(&String::from_utf8_lossy(&bytes)).into_bytes(),
    })
}

/// The same in ASCII: not every `man` finds out that a page is UTF-8.
fn plain(page: &str) -> String {
    page.chars()
        .map(|letter| match letter {
            _ if letter.is_ascii() => letter.to_string(),
            _ => format!("\\[u{:04X}]", u32::from(letter)),
        })
        .collect()
}
