//! Chromium and its driver: those of the machine, because builds for download exist for few systems and are not
//! available everywhere.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{apt, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

/// A browser and its WebDriver, of the same release.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

fn find() -> Option<Browser> {
    Some(Browser {
        chromium: process::find_named(
            "CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        )?,
        driver: process::find_named("CHROMEDRIVER", &["chromedriver"])?,
    })
}

/// Returns the browser, for commands that run after [`ensure`].
pub(crate) fn require() -> Result<Browser> {
    find().context("Chromium or chromedriver is missing: run `cargo xtask setup`")
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    if find().is_none() {
        missing("Chromium with chromedriver", "runs the browser tests");
        apt::install(workspace, &["chromium", "chromium-driver"])
            .context("or install them by hand and name them in the variables CHROMIUM and CHROMEDRIVER")?;
    }
    let browser = find().context(
        "neither PATH nor the variables CHROMIUM and CHROMEDRIVER lead to a Chromium and its driver",
    )?;
    let chromium = release(workspace, &browser.chromium)?;
    let driver = release(workspace, &browser.driver)?;
    if chromium != driver {
        bail!(
            "{} is of release {chromium}, {} of release {driver}: \
             chromedriver works with its own release only",
            browser.chromium.display(),
            browser.driver.display(),
        );
    }
    found(format!("Chromium {chromium} with its driver"));
    Ok(())
}

fn release(workspace: &Workspace, program: &PathBuf) -> Result<u32> {
    reported_release(&process::output(workspace.command(program).arg("--version"))?)
}
