//! `cargo xtask dev`: the console with live reload, in front of the embedded server.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::demo;
use crate::cli::DEFAULT_PORT;
use crate::supervisor::Supervisor;
use crate::workspace::{Profile, Workspace};
use crate::{build, setup};

/// Installs, builds the server, and leaves the console to Trunk, which builds it at every change
/// and forwards API requests to the server (`Trunk.toml` says where it is).
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    setup::ensure(workspace, &setup::TO_BUILD)?;
    build::server(workspace, Profile::Release)?;

    let dist = workspace.dist_for_development();
    // The server wants a directory that exists, and starts before Trunk has made it.
    fs::create_dir_all(&dist).with_context(|| format!("cannot create {}", dist.display()))?;

    let mut supervisor = Supervisor::new()?;
    let address = demo::start(&mut supervisor, workspace, DEFAULT_PORT, &dist)?;
    println!("{}", demo::welcome(&address));
    println!("That is the API; for live reload open the address that trunk prints below.\n");
    supervisor.start(workspace.trunk()?.args(["serve", "--offline", "--dist"]).arg(&dist))?;
    supervisor.wait()?;
    Ok(ExitCode::SUCCESS)
}
