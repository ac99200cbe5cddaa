//! `cargo xtask size`: what a first visit transfers, file by file, against the budget.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::Plan;
use crate::setup::{self, NeedSteps};
use crate::size;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let prerequisites = NeedSteps::add(&mut plan, workspace, &setup::TO_BUILD).of(&setup::TO_BUILD);
    let console = plan.add("build: console", &prerequisites, || build::console(workspace));
    plan.add("size", &[console], || size::check(workspace));
    Ok(plan.run())
}
