//! `evenhand list` and `evenhand explain`.

use evenhand::Problem;
use evenhand::measure::catalogue::find;
use evenhand::measure::listed;

use super::audit::{use_color, width};
use crate::exit::Status;
use crate::files::print;

pub fn list() -> Result<Status, Vec<Problem>> {
    print(&evenhand_report::list_text(width(), use_color())).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}

pub fn explain(id: &str) -> Result<Status, Vec<Problem>> {
    let entry = find(id).map_err(|near| {
        let help = match near.as_slice() {
            [] => "`evenhand list` names all of them".to_owned(),
            _ => format!("did you mean {}?", listed(&near, 3)),
        };
        vec![Problem::usage(
            format!("there is no rate, statistic or criterion `{id}`"),
            help,
        )]
    })?;
    print(&evenhand_report::explain_text(entry, width(), use_color())).map_err(|problem| vec![problem])?;
    Ok(Status::Passed)
}
