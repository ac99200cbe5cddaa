//! Chromium without its windows, as Debian packages it: what the journeys run in. It has the same engine, and takes a
//! third less of the processors than the whole browser that draws nothing.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

/// Names it; any Chromium will do.
pub(crate) const VARIABLE: &str = "HEADLESS_SHELL";

fn find() -> Option<PathBuf> {
    process::find_named(VARIABLE, &["chromium-headless-shell", "chrome-headless-shell"])
}

/// For the commands that come after [`ensure`].
pub(crate) fn require() -> Result<PathBuf> {
    find().context("Chromium's headless shell is missing: run `cargo xtask setup`")
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    if find().is_none() {
        missing("Chromium's headless shell", "runs the journeys");
        apt::install(workspace, &["chromium-headless-shell"]).with_context(|| {
            format!("or name any Chromium in the variable {VARIABLE}: the journeys take longer with it")
        })?;
    }
    let shell = find().with_context(|| {
        format!("neither PATH nor the variable {VARIABLE} leads to a headless shell of Chromium")
    })?;
    let release = reported_release(&process::output(workspace.command(&shell).arg("--version"))?)?;
    found(format!("Chromium's headless shell {release}"));
    Ok(())
}
