//! Building what people run: the console by Trunk and [`crate::split`], the server by Cargo.

use std::process::Command;

use anyhow::Result;

use crate::dist::page;
use crate::fingerprint::{Fingerprint, Stamp};
use crate::output::say;
use crate::process;
use crate::reproducible;
use crate::split;
use crate::workspace::{Profile, SERVER_PACKAGE, Workspace};

/// What lies in the root of the workspace and is no part of the console. Everything else is taken
/// for a part of it, so that a new directory of the console needs no entry anywhere.
const NOT_THE_CONSOLE: [&str; 10] =
    [".ci", ".demo", ".git", "dist", "docs", "node_modules", "server", "target", "tests", "xtask"];

/// Builds the console as it is deployed, unless that is what is there already.
///
/// Trunk itself always builds: even with nothing to compile it takes the better part of a minute to
/// bind and optimise again.
pub(crate) fn console(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    let flags = format!("{} {}", reproducible::flags(workspace)?, split::FLAG);
    let sources = Fingerprint::of_tree(workspace.root(), &NOT_THE_CONSOLE)?;
    let inputs = Fingerprint::of(&(sources, &flags, split::fingerprint(workspace)?, page::REVISION));
    let stamp_file = workspace.notes().join("dist.stamp");

    let found = Stamp { inputs, outputs: Fingerprint::of_tree(&dist, &[])? };
    if Stamp::read(&stamp_file) == Some(found) {
        say(format_args!("the console in {} is up to date", dist.display()));
        return Ok(());
    }

    // Offline, because all that Trunk could want from elsewhere is a tool that `setup` has
    // installed in the version that fits.
    process::run(
        workspace
            .trunk()
            .args(["build", "--release", "--offline", "--features", split::FEATURE, "--dist"])
            .arg(&dist)
            .env(reproducible::FLAGS_VARIABLE, flags),
    )?;
    split::console(workspace, &dist)?;
    page::seal_folder(&dist)?;
    let made = Stamp { inputs, outputs: Fingerprint::of_tree(&dist, &[])? };
    made.write(&stamp_file)
}

/// Builds the server; Cargo knows when there is nothing to do.
pub(crate) fn server(workspace: &Workspace, profile: Profile) -> Result<()> {
    match profile {
        // The program for tests together with the server's own tests, not alone: those want more features
        // of some crates, and without them Cargo would compile all of these crates a second time.
        Profile::Dev => process::run(tested_server(workspace).arg("--no-run")),
        Profile::Release => {
            process::run(workspace.cargo().args(["build", "--release", "--package", SERVER_PACKAGE]))
        }
    }
}

/// `cargo test` for the server, with a console inside: the one in its tests. What is served from a folder is tested all
/// the same, as a folder that is named wins.
pub(crate) fn tested_server(workspace: &Workspace) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--package", SERVER_PACKAGE]);
    with_console_inside(&mut cargo);
    cargo
}

/// Has Cargo take the server as it is with a console inside, the one in its tests.
pub(crate) fn with_console_inside(cargo: &mut Command) {
    cargo
        .args(["--features", "credmgr-server/embedded-console"])
        .env("CREDMGR_CONSOLE_DIR", "server/tests/console");
}
