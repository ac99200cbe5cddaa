//! `cargo xtask bench`: measurements in a real browser, with everything optimised. Not part of the tests: figures from
//! a machine that does something else at the same time are worthless.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::cli::Bench;
use crate::dist::{self, Deployment};
use crate::plan::Plan;
use crate::process;
use crate::setup::{self, Need, NeedSteps, chromium};
use crate::workspace::{Profile, Workspace};

pub(crate) fn run(workspace: &Workspace, bench: Bench) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let mut needed = setup::TO_BUILD.to_vec();
    needed.push(Need::Chromium);
    let prerequisites = NeedSteps::add(&mut plan, workspace, &needed).of(&needed);
    let console = plan.add("build: console", &prerequisites, || build::console(workspace));
    // Compressed, as it is deployed.
    let console = plan
        .add("dist", &[console], || dist::make(workspace, &Deployment::default(), &workspace.distribution()));
    let server = plan.add("build: server", &[], || build::server(workspace, Profile::Release));

    let mut built = prerequisites;
    built.extend([console, server]);
    plan.add(bench.name(), &built, move || {
        let browser = chromium::require()?;
        process::run(
            workspace
                .web_tool("playwright")
                .args(["test", "--config", "tests/bench/playwright.config.ts"])
                // Playwright matches this against the full path.
                .arg(format!("/{}.bench", bench.name()))
                .env("CHROMIUM", browser.chromium)
                .env("CREDMGR_SERVER", workspace.server_program(Profile::Release))
                .env("CREDMGR_DIST", workspace.distribution().join(dist::CONSOLE)),
        )
    });
    Ok(plan.run())
}
