//! `evenhand schema`

use evenhand::Problem;
use evenhand::measure::{audit, policy};

use crate::args::SchemaOf;
use crate::exit::Status;
use crate::files::print;

pub fn run(format: SchemaOf) -> Result<Status, Vec<Problem>> {
    let text = match format {
        SchemaOf::Audit => audit::schema(),
        SchemaOf::Policy => policy::schema(),
    };
    print(&text).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}
