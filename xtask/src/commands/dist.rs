//! `cargo xtask dist`: makes the console ready for any static host.

use std::path::{self, Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::build;
use crate::cli::DistOptions;
use crate::dist;
use crate::plan::Plan;
use crate::setup::{self, NeedSteps};
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, options: &DistOptions) -> Result<ExitCode> {
    let out = folder(workspace, options.out.as_deref())?;
    // Now, and not only when the console has been built.
    dist::ensure_replaceable(&out)?;
    let mut plan = Plan::default();
    let prerequisites = NeedSteps::add(&mut plan, workspace, &setup::TO_BUILD).of(&setup::TO_BUILD);
    let console = plan.add("build: console", &prerequisites, || build::console(workspace));
    let dist = plan.add("dist", &[console], || dist::make(workspace, &options.deployment, &out));
    if options.check {
        plan.add("dist, built again", &[dist], || dist::again::check(workspace, &options.deployment, &out));
    }
    Ok(plan.run())
}

/// Returns the requested folder, relative to the directory in which the command was given: programs run in the work
/// tree.
fn folder(workspace: &Workspace, out: Option<&Path>) -> Result<PathBuf> {
    match out {
        Some(out) => path::absolute(out).with_context(|| format!("{} is no folder", out.display())),
        None => Ok(workspace.distribution()),
    }
}
