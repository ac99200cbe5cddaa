//! `cargo xtask serve`: from a fresh clone to a console in the browser.

use std::process::ExitCode;

use anyhow::Result;

use super::demo;
use crate::supervisor::Supervisor;
use crate::workspace::{Profile, Workspace};
use crate::{build, setup};

/// Installs tools, builds, and starts the server; returns when it is stopped.
pub(crate) fn run(workspace: &Workspace, port: u16) -> Result<ExitCode> {
    setup::ensure(workspace, &setup::TO_BUILD)?;
    build::console(workspace)?;
    build::server(workspace, Profile::Release)?;

    let mut supervisor = Supervisor::new()?;
    let address = demo::start(&mut supervisor, workspace, port, Some(&workspace.dist()))?;
    println!("{}", demo::welcome(&format!("Credential Manager Console: {address}")));
    supervisor.wait()?;
    Ok(ExitCode::SUCCESS)
}
