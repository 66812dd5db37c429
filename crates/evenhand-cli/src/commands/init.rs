//! `evenhand init`: a policy that says how a file is read and what its columns were taken for.

use std::path::Path;

use evenhand::Problem;

use crate::args::Layout;
use crate::exit::Status;

pub fn run(file: &Path, out: &Path, layout: &Layout) -> Result<Status, Vec<Problem>> {
    let _ = (out, layout);
    Err(vec![Problem::usage(
        format!("`{}`: not written yet", file.display()),
        "use `evenhand inspect`",
    )])
}
