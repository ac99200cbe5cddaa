//! `cargo xtask screens`: takes screenshots of every screen in every state, for people to look at. Not part of the
//! tests: they measure what can be measured of a layout, and screenshots take minutes.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::Plan;
use crate::process;
use crate::setup::{self, Need, NeedSteps, chromium};
use crate::workspace::{Profile, Workspace};

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let mut needed = setup::TO_BUILD.to_vec();
    needed.push(Need::Chromium);
    let prerequisites = NeedSteps::add(&mut plan, workspace, &needed).of(&needed);
    let console = plan.add("build: console", &prerequisites, || build::console(workspace));
    let server = plan.add("build: server", &[], || build::server(workspace, Profile::Dev));

    let mut built = prerequisites;
    built.extend([console, server]);
    plan.add("pictures", &built, move || {
        let browser = chromium::require()?;
        process::run(
            workspace
                .web_tool("playwright")
                .args(["test", "--config", "tests/e2e/screens/playwright.config.ts"])
                .env("CHROMIUM", browser.chromium)
                .env("CREDMGR_SERVER", workspace.server_program(Profile::Dev))
                .env("CREDMGR_DIST", workspace.dist()),
        )
    });
    Ok(plan.run())
}
