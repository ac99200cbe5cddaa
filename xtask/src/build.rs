//! Building what people run: the console by Trunk, the server by Cargo.

use std::path::PathBuf;

use anyhow::Result;

use crate::fingerprint::{Fingerprint, Stamp};
use crate::process;
use crate::workspace::{Profile, SERVER_PACKAGE, Workspace};

/// Where a console is going to be served, which is compiled into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// At the root of its origin, as the embedded server does by default.
    Root,
    /// Below `/console/`, as behind somebody's reverse proxy.
    SubPath,
}

impl Base {
    fn dist(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Root => workspace.dist(),
            Self::SubPath => workspace.dist_under_sub_path(),
        }
    }

    fn trunk_args(self) -> &'static [&'static str] {
        match self {
            Self::Root => &[],
            Self::SubPath => &["--public-url", "/console/"],
        }
    }
}

/// What lies in the root of the workspace and is no part of the console. Everything else is taken
/// for a part of it, so that a new directory of the console needs no entry anywhere.
const NOT_THE_CONSOLE: [&str; 10] =
    [".ci", ".demo", ".git", "dist", "docs", "node_modules", "server", "target", "tests", "xtask"];

/// Builds the console as it is deployed, unless that is what is there already.
///
/// Trunk itself always builds: even with nothing to compile it takes the better part of a minute to
/// bind and optimise again.
pub(crate) fn console(workspace: &Workspace, base: Base) -> Result<()> {
    let dist = base.dist(workspace);
    let sources = Fingerprint::of_tree(workspace.root(), &NOT_THE_CONSOLE)?;
    let inputs = Fingerprint::of(&(sources, base.trunk_args()));
    let stamp_file = workspace.notes().join(match base {
        Base::Root => "dist.stamp",
        Base::SubPath => "dist-console.stamp",
    });

    let found = Stamp { inputs, outputs: Fingerprint::of_tree(&dist, &[])? };
    if Stamp::read(&stamp_file) == Some(found) {
        println!("the console in {} is up to date", dist.display());
        return Ok(());
    }

    // Offline, because all that Trunk could want from elsewhere is a tool that `setup` has
    // installed in the version that fits.
    process::run(
        workspace
            .trunk()?
            .args(["build", "--release", "--offline", "--dist"])
            .arg(&dist)
            .args(base.trunk_args()),
    )?;
    let made = Stamp { inputs, outputs: Fingerprint::of_tree(&dist, &[])? };
    made.write(&stamp_file)
}

/// Builds the server; Cargo knows when there is nothing to do.
pub(crate) fn server(workspace: &Workspace, profile: Profile) -> Result<()> {
    // The program for tests together with the server's own tests, not alone: those want more features
    // of some crates, and without them Cargo would compile all of these crates a second time.
    let how: &[&str] = match profile {
        Profile::Dev => &["test", "--no-run"],
        Profile::Release => &["build", "--release"],
    };
    process::run(workspace.cargo().args(how).args(["--package", SERVER_PACKAGE]))
}
