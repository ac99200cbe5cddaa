//! `cargo xtask build`: builds the console as it is deployed.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::Plan;
use crate::setup::{self, NeedSteps};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let prerequisites = NeedSteps::add(&mut plan, workspace, &setup::TO_BUILD).of(&setup::TO_BUILD);
    plan.add("build: console", &prerequisites, || build::console(workspace));
    Ok(plan.run())
}
