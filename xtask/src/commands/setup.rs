//! `cargo xtask setup`: installs what all commands need, and does nothing else.

use std::process::ExitCode;

use anyhow::Result;

use crate::plan::Plan;
use crate::setup::{self, NeedSteps};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut plan = Plan::default();
    NeedSteps::add(&mut plan, workspace, &setup::ALL);
    Ok(plan.run())
}
