//! Chromium without its windows, as Debian packages it: what the journeys run in. It has the same engine, and takes a
//! third less of the processors than the whole browser that draws nothing. Where there is none to be had, that one does.

use std::path::PathBuf;

use anyhow::Result;

use super::{apt, chromium, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

/// Names it; any Chromium will do.
pub(crate) const VARIABLE: &str = "HEADLESS_SHELL";

fn find() -> Option<PathBuf> {
    process::find_named(VARIABLE, &["chromium-headless-shell", "chrome-headless-shell"])
}

/// The shell, or Chromium. For the commands that come after [`ensure`].
pub(crate) fn require() -> Result<PathBuf> {
    match find() {
        Some(shell) => Ok(shell),
        None => Ok(chromium::require()?.chromium),
    }
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    if find().is_none() {
        missing("Chromium's headless shell", "runs the journeys");
        if let Err(error) = apt::install(workspace, &["chromium-headless-shell"]) {
            println!("the journeys run in Chromium itself, which takes longer: {error:#}");
        }
    }
    let shell = require()?;
    let release = reported_release(&process::output(workspace.command(&shell).arg("--version"))?)?;
    found(format!("{} of release {release} for the journeys", shell.display()));
    Ok(())
}
