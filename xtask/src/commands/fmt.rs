//! `cargo xtask fmt`: applies the formatting that `check` expects.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::setup::{self, Need};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    setup::ensure(workspace, &[Need::RustComponents, Need::WebPackages])?;
    process::run(workspace.cargo().args(["fmt", "--all"]))?;
    process::run(workspace.web_tool("prettier").args(["--write", "--log-level", "warn", "."]))?;
    Ok(ExitCode::SUCCESS)
}
