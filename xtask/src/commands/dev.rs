//! `cargo xtask dev`: the console with live reload, in front of the embedded server.

use std::process::ExitCode;

use anyhow::Result;

use super::demo;
use crate::cli::DEFAULT_PORT;
use crate::supervisor::Supervisor;
use crate::workspace::{Profile, Workspace};
use crate::{build, setup};

/// Installs tools, builds the server, and leaves the console to Trunk, which rebuilds it at every change and forwards
/// API requests to the server (whose address is in `Trunk.toml`).
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    setup::ensure(workspace, &setup::TO_BUILD)?;
    build::server(workspace, Profile::Release)?;

    let mut supervisor = Supervisor::new()?;
    let address = demo::start(&mut supervisor, workspace, DEFAULT_PORT, None)?;
    println!(
        "{}",
        demo::welcome(&format!(
            "The API is at {address}; the console, with live reload, at the address that trunk prints below; there, \
             /styleguide has every widget."
        ))
    );
    supervisor.start(
        workspace.trunk().args(["serve", "--offline", "--dist"]).arg(workspace.dist_for_development()),
    )?;
    supervisor.wait()?;
    Ok(ExitCode::SUCCESS)
}
