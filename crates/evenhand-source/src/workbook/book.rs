//! This module opens a workbook of any of its formats.

use std::fmt::Display;
use std::io::Read as _;

use evenhand_measure::Problem;

use super::marks::Marks;
use super::ods::Ods;
use super::package::Package;
use super::sheet::Sheet;
use super::xls::Old;
use super::xlsx::{Binary, Plain};
use crate::input::Input;
use crate::parquet_file::silenced;

/// A bigger workbook is not opened; one with a million rows has about a tenth of it.
const LARGEST: u64 = 512 << 20;

/// A workbook that is open.
pub(super) trait Book {
    /// Its sheets that have cells, in its order.
    fn sheets(&self) -> Vec<Listed>;

    /// Reads the sheet of this number in that order.
    fn read(&mut self, index: usize) -> Result<Sheet, Trouble>;

    /// What the same sheet says about its rows and columns beside their values.
    fn marks(&mut self, index: usize) -> Result<Marks, Trouble>;
}

/// A sheet in the list of a workbook's sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) is_hidden: bool,
}

/// Why a workbook cannot be read, to follow its name.
#[derive(Debug)]
pub(super) struct Trouble {
    found: String,
    help: String,
}

impl Trouble {
    pub(super) fn new(found: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            help: help.into(),
        }
    }

    /// The workbook contradicts itself or its format.
    pub(super) fn broken(found: impl Display) -> Self {
        let found: String = found.to_string().chars().take(200).collect();
        Self::new(
            format!("is damaged or incomplete: {}", found.replace(char::is_control, " ")),
            "open it in Excel or LibreOffice and save it again, or save the sheet as \"CSV UTF-8\"",
        )
    }

    /// It is bigger than is read, or claims to be.
    pub(super) fn too_much(found: impl Display) -> Self {
        Self::new(
            format!("is not read: {found}"),
            "save the sheet as \"CSV UTF-8\", which may have any size",
        )
    }

    pub(super) fn protected() -> Self {
        Self::new(
            "is protected with a password",
            "open it and save it without a password, or save the sheet as \"CSV UTF-8\"",
        )
    }

    pub(super) fn at(self, name: &str) -> Problem {
        Problem::data(format!("{name} {}", self.found), self.help)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::new(format!("cannot be read: {error}"), "check the file and its disk")
    }
}

/// Opens the workbook, whatever its name says that it is.
pub(super) fn open(input: &Input) -> Result<Box<dyn Book>, Trouble> {
    let mut file = input.stored()?;
    let length = file.length()?;
    if length > LARGEST {
        return Err(Trouble::too_much("it has more than 512 MB"));
    }
    let mut start = [0; 2];
    file.read_exact(&mut start)
        .map_err(|_| Trouble::broken("it ends within its first bytes"))?;
    if start != *b"PK" {
        return Ok(Box::new(caught(|| Old::open(input))?));
    }
    let package = caught(|| Package::checked(input, length))?;
    Ok(if package.has("xl/workbook.bin") {
        Box::new(caught(|| Binary::open(&package))?)
    } else if package.has("content.xml") {
        Box::new(caught(|| Ods::open(&package))?)
    } else {
        Box::new(caught(|| Plain::open(&package))?)
    })
}

/// Runs what reads with the help of other people's code, which may panic on a damaged file.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    silenced(work).unwrap_or_else(|said| Err(Trouble::broken(said)))
}
