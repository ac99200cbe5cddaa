//! Chromium's headless shell, as packaged by Debian, in which the journeys run. It has the same engine, and uses a
//! third less processor time than the full browser in headless mode, which is the fallback.

use std::path::PathBuf;

use anyhow::Result;

use super::{apt, chromium, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

/// The variable that names it; any Chromium will do.
pub(crate) const VARIABLE: &str = "HEADLESS_SHELL";

fn find() -> Option<PathBuf> {
    process::find_named(VARIABLE, &["chromium-headless-shell", "chrome-headless-shell"])
}

/// Returns the shell, or Chromium, for commands that run after [`ensure`].
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
