//! Builds what users run: the console with Trunk and [`crate::split`], the server with Cargo.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::dist::page;
use crate::fingerprint::{Fingerprint, Stamp};
use crate::output::say;
use crate::process;
use crate::reproducible;
use crate::split;
use crate::workspace::{Profile, SERVER_PACKAGE, Workspace};

/// The entries of the workspace's root that are not part of the console. Everything else counts as part of it, so that
/// a new directory of the console needs no entry anywhere.
const NOT_THE_CONSOLE: [&str; 10] =
    [".ci", ".demo", ".git", "dist", "docs", "node_modules", "server", "target", "tests", "xtask"];

/// Returns the paths of these entries, and that of Cargo's output, which may be another one below the root.
fn not_the_console(workspace: &Workspace) -> Vec<PathBuf> {
    let mut paths: Vec<_> = NOT_THE_CONSOLE.iter().map(|name| workspace.root().join(name)).collect();
    paths.push(workspace.target().to_owned());
    paths
}

/// Builds the console as it is deployed, unless it is up to date.
///
/// Trunk itself always builds: even with nothing to compile it takes most of a minute to run wasm-bindgen and optimise
/// again.
pub(crate) fn console(workspace: &Workspace) -> Result<()> {
    let dist = workspace.dist();
    let flags = format!("{} {}", reproducible::flags(workspace)?, split::FLAG);
    let sources = Fingerprint::of_tree(workspace.root(), &not_the_console(workspace))?;
    let inputs = Fingerprint::of(&(sources, &flags, split::fingerprint(workspace)?, page::REVISION));
    let stamp_file = workspace.notes().join("dist.stamp");

    let found = Stamp { inputs, outputs: Fingerprint::of_tree(&dist, &[])? };
    if Stamp::read(&stamp_file) == Some(found) {
        say(format_args!("the console in {} is up to date", dist.display()));
        return Ok(());
    }

    // Offline, because all that Trunk could download is a tool that `setup` has installed in the matching version.
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
        // The program for tests is built together with the server's own tests: they enable more features of some
        // crates, and built alone, Cargo would compile all of these crates a second time.
        Profile::Dev => process::run(tested_server(workspace).arg("--no-run")),
        Profile::Release => {
            process::run(workspace.cargo().args(["build", "--release", "--package", SERVER_PACKAGE]))
        }
    }
}

/// Returns `cargo test` for the server with a console built in: the one in its tests. Serving from a folder is tested
/// all the same, because a named folder takes precedence.
pub(crate) fn tested_server(workspace: &Workspace) -> Command {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--package", SERVER_PACKAGE]);
    with_console_inside(&mut cargo);
    cargo
}

/// Has Cargo build the server with a console built in, the one in its tests.
pub(crate) fn with_console_inside(cargo: &mut Command) {
    cargo
        .args(["--features", "credmgr-server/embedded-console"])
        .env("CREDMGR_CONSOLE_DIR", "server/tests/console");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn what_cargo_writes_is_not_the_console() {
        let tree = Scratch::new("build-target");
        let workspace = Workspace::with_target(tree.path().to_owned(), tree.path().join("build/output"));
        let fingerprint = || Fingerprint::of_tree(tree.path(), &not_the_console(&workspace)).unwrap();
        tree.write("src/main.rs", "");
        let before = fingerprint();
        // Of an earlier build without the setting.
        tree.write("target/debug/console", "");
        tree.write("build/output/debug/console", "");
        assert_eq!(before, fingerprint());
        tree.write("build/more.rs", "");
        assert_ne!(before, fingerprint());
    }
}
