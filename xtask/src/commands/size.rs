//! `cargo xtask size`: checks the size of a first visit, and of the console's parts, file by file, against the budget.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::Plan;
use crate::setup::{self, Need, NeedSteps};
use crate::size;
use crate::workspace::Workspace;

/// With `crates`, prints the size of each crate as well: for that, every WebAssembly is optimised once more.
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
