//! `cargo xtask deny`: whether the crates are ones that may be used, by `deny.toml`.
//!
//! Not a part of `check`: its program compiles for minutes, and what it looks at changes with the lock file only.

use std::process::ExitCode;

use anyhow::Result;

use crate::plan::Plan;
use crate::process;
use crate::setup::{Need, NeedSteps};
use crate::workspace::Workspace;

/// What the lock file and the sources of the crates tell.
const WITHOUT_NETWORK: [&str; 3] = ["bans", "licenses", "sources"];

/// With `advisories`, known vulnerabilities as well: their list is downloaded, and what it says of the same lock file
/// changes by the day.
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
