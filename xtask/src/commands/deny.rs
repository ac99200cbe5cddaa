//! `cargo xtask deny`: checks whether the crates may be used, according to `deny.toml`.
//!
//! Not part of `check`: its program compiles for minutes, and what it checks changes only with the lock file.

use std::process::ExitCode;

use anyhow::Result;

use crate::plan::Plan;
use crate::process;
use crate::setup::{Need, NeedSteps};
use crate::workspace::Workspace;

/// The checks that need nothing but the lock file and the sources of the crates.
const WITHOUT_NETWORK: [&str; 3] = ["bans", "licenses", "sources"];

/// With `advisories`, checks for known vulnerabilities as well: the list of these is downloaded, and the result for the
/// same lock file changes from day to day.
pub(crate) fn run(workspace: &Workspace, advisories: bool) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let needs = [Need::Crates, Need::CargoDeny];
    let prerequisites = NeedSteps::add(&mut plan, workspace, &needs).of(&needs);
    plan.add(WITHOUT_NETWORK.join(", "), &prerequisites, || {
        process::run(
            workspace
                .cargo()
                .args(["deny", "--offline", "--workspace", "--all-features", "check"])
                .args(WITHOUT_NETWORK),
        )
    });
    if advisories {
        plan.add("advisories", &prerequisites, || {
            process::run(workspace.cargo().args([
                "deny",
                "--workspace",
                "--all-features",
                "check",
                "advisories",
            ]))
        });
    }
    Ok(plan.run())
}
