//! Chromium and its driver: the machine's own, because builds for download are made for few systems
//! and cannot be had everywhere.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{apt, found, missing};
use crate::process;
use crate::versions::{Version, reported_version};
use crate::workspace::Workspace;

/// A browser and the WebDriver for it, of the same release.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// The environment variables win: the only way where the names differ, and on other systems.
pub(crate) fn find() -> Option<Browser> {
    let program = |variable: &str, names: &[&str]| {
        env::var_os(variable).map(PathBuf::from).or_else(|| process::find_program(names))
    };
    Some(Browser {
        chromium: program(
            "CHROMIUM",
            &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        )?,
        driver: program("CHROMEDRIVER", &["chromedriver"])?,
    })
}

/// For the commands that come after [`ensure`].
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
    let chromium = version(workspace, &browser.chromium)?;
    let driver = version(workspace, &browser.driver)?;
    if chromium.major != driver.major {
        bail!(
            "{} is of release {}, {} of release {}: chromedriver works with its own release only",
            browser.chromium.display(),
            chromium.major,
            browser.driver.display(),
            driver.major
        );
    }
    found(format!("Chromium {} with its driver", chromium.major));
    Ok(())
}

fn version(workspace: &Workspace, program: &PathBuf) -> Result<Version> {
    reported_version(&process::output(workspace.command(program).arg("--version"))?)
}
