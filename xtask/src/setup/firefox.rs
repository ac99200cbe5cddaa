//! Firefox: that of the machine, like Chromium. Its driver works with many releases of it, and so is a separate tool,
//! installed by `cargo_tools`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{apt, found, missing};
use crate::process;
use crate::versions::reported_release;
use crate::workspace::Workspace;

/// The first release with `dialog.requestClose()`, with which the tests simulate Escape.
const OLDEST: u32 = 139;

fn find() -> Option<PathBuf> {
    process::find_named("FIREFOX", &["firefox", "firefox-esr"])
}

/// Returns the path of Firefox, for commands that run after [`ensure`].
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
    if release < OLDEST {
        bail!(
            "{} is of release {release}, and the tests need {OLDEST} or newer: \
             name another one in the variable FIREFOX",
            firefox.display()
        );
    }
    found(format!("Firefox {release}"));
    Ok(())
}
