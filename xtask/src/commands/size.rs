//! `cargo xtask size`: what a first visit transfers, and what the parts of the console are, file by file, against the
//! budget.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::Plan;
use crate::setup::{self, Need, NeedSteps};
use crate::size;
use crate::workspace::Workspace;

/// With `crates`, how large each crate is as well: every WebAssembly is optimised once more for that.
pub(crate) fn run(workspace: &Workspace, crates: bool) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let prerequisites = NeedSteps::add(&mut plan, workspace, &setup::TO_BUILD).of(&setup::TO_BUILD);
    let console = plan.add("build: console", &prerequisites, || build::console(workspace));
    plan.add("size", &[console], || size::check(workspace));
    if crates {
        let mut needs = NeedSteps::add(&mut plan, workspace, &[Need::Twiggy]).of(&[Need::Twiggy]);
        needs.push(console);
        plan.add("size of crates", &needs, || size::crates::print(workspace));
    }
    Ok(plan.run())
}
