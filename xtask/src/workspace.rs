//! The paths of the workspace, and commands for the programs that are run in it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The Cargo package of the console.
pub(crate) const CONSOLE_PACKAGE: &str = "credmgr-console";
/// The Cargo package of the embedded server, and the name of its program.
pub(crate) const SERVER_PACKAGE: &str = "credmgr-server";
/// The target that the console is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The variables with users' own compiler flags. If they are set, Cargo ignores the flags of `.cargo/config.toml` and
/// of [`reproducible`](crate::reproducible), without which the console cannot be split and has different bytes.
const FLAGS_IN_PLACE_OF_OURS: [&str; 2] = ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"];

/// The profile with which the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// With overflow checks and the like; the profile of the server's own tests.
    Dev,
    /// The profile for deployment.
    Release,
}

/// The work tree that these commands act on.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Locates the workspace by asking Cargo, so that `CARGO_TARGET_DIR` and configuration files are respected.
    pub(crate) fn locate() -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let metadata = process::output(
            Command::new(cargo_program())
                .args(["metadata", "--no-deps", "--format-version", "1"])
                .current_dir(here),
        )?;
        let metadata: serde_json::Value =
            serde_json::from_str(&metadata).context("reading the output of cargo metadata")?;
        let directory = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata names no {key}"))
        };
        Ok(Self { root: directory("workspace_root")?, target: directory("target_directory")? })
    }

    /// Returns another work tree, with its own target directory.
    pub(crate) fn at(root: PathBuf) -> Self {
        let target = root.join("target");
        Self { root, target }
    }

    /// Returns a work tree with another target directory, as `CARGO_TARGET_DIR` sets it.
    #[cfg(test)]
    pub(crate) fn with_target(root: PathBuf, target: PathBuf) -> Self {
        Self { root, target }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of Cargo's output.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Returns the folder of the console's files, as they are deployed.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Returns the WebAssembly that Cargo builds from the console for a release, before any further processing.
    pub(crate) fn console_wasm(&self) -> PathBuf {
        self.target.join(WASM_TARGET).join("wasm-release").join(CONSOLE_PACKAGE).with_extension("wasm")
    }

    /// Returns the folder for the pieces that it is taken apart into.
    pub(crate) fn pieces(&self) -> PathBuf {
        self.notes().join("pieces")
    }

    /// Returns the default folder for the console with everything that a host needs.
    pub(crate) fn distribution(&self) -> PathBuf {
        self.target.join("release-dist")
    }

    /// Returns the folder for the distributions that the tests serve, one for each path.
    pub(crate) fn distributions_for_tests(&self) -> PathBuf {
        self.target.join("test-dist")
    }

    /// Returns the folder of the console as `trunk serve` builds it: unoptimised, so never [`Self::dist`].
    pub(crate) fn dist_for_development(&self) -> PathBuf {
        self.target.join("dist-dev")
    }

    /// Returns the database of `serve` and `dev`. It survives restarts and `cargo clean`.
    pub(crate) fn demo_database(&self) -> PathBuf {
        self.root.join(".demo").join("credmgr.sqlite")
    }

    /// Returns the path of the server's program.
    pub(crate) fn server_program(&self, profile: Profile) -> PathBuf {
        let directory = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(directory).join(SERVER_PACKAGE)
    }

    /// Returns the folder in which these commands keep their state.
    pub(crate) fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Returns a command for Cargo, in the root of the workspace.
    pub(crate) fn cargo(&self) -> Command {
        self.command(cargo_program())
    }

    /// Returns a command for Cargo to compile for WebAssembly: with the workspace's own flags, whatever the environment
    /// sets.
    pub(crate) fn cargo_for_console(&self) -> Command {
        let mut command = self.cargo();
        without_other_flags(&mut command);
        command
    }

    /// Returns a command for Trunk.
    pub(crate) fn trunk(&self) -> Command {
        let mut command = self.command("trunk");
        without_other_flags(&mut command);
        // Cargo finds this by itself, unless this is not the work tree that it was started in.
        command.env("CARGO_TARGET_DIR", &self.target);
        // Trunk parses the variable as a flag of its own and rejects the usual value, 1.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    /// Returns a command for a program of an installed npm package.
    pub(crate) fn web_tool(&self, name: &str) -> Command {
        self.command(self.root.join("node_modules").join(".bin").join(name))
    }

    /// Returns a command for any other program, in the root of the workspace.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}

fn without_other_flags(command: &mut Command) {
    for variable in FLAGS_IN_PLACE_OF_OURS {
        command.env_remove(variable);
    }
}

/// Returns the Cargo that runs xtask, so that its toolchain builds everything.
fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_environment_do_not_replace_those_of_the_console() {
        let workspace = Workspace::at(PathBuf::from("/nowhere"));
        for command in [workspace.trunk(), workspace.cargo_for_console()] {
            for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
                let is_removed = command.get_envs().any(|(name, value)| name == variable && value.is_none());
                assert!(is_removed, "{variable} for {command:?}");
            }
        }
        assert_eq!(workspace.cargo().get_envs().count(), 0, "the server may have others");
    }
}
