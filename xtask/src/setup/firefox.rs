//! Firefox: the machine's own, like Chromium. Its driver works with many releases of it, and so is a tool of
//! its own: `cargo_tools` installs that.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

fn find() -> Option<PathBuf> {
    process::find_named("FIREFOX", &["firefox", "firefox-esr"])
}

/// For the commands that come after [`ensure`].
pub(crate) fn require() -> Result<PathBuf> {
    find().context("Firefox is missing: run `cargo xtask setup`")
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    if find().is_none() {
        missing("Firefox", "runs the browser tests");
        apt::install(workspace, &["firefox-esr"])
            .context("or install it by hand and name it in the variable FIREFOX")?;
    }
    let firefox = find().context("neither PATH nor the variable FIREFOX leads to a Firefox")?;
    let release = reported_release(&process::output(workspace.command(&firefox).arg("--version"))?)?;
    found(format!("Firefox {release}"));
    Ok(())
}
