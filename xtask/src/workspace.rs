//! Where things are, and how the programs that live in the workspace are called.

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
/// What the console is compiled to.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Set by whoever has flags of their own for what they compile. Cargo then takes those in place of the flags of
/// `.cargo/config.toml` and of [`reproducible`](crate::reproducible), without which the console cannot be taken apart and
/// is another one.
const FLAGS_IN_PLACE_OF_OURS: [&str; 2] = ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"];

/// How the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// With checks for overflows and the like; what the server's own tests are compiled with.
    Dev,
    /// As it is deployed.
    Release,
}

/// The work tree that these commands act on.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks Cargo, so that `CARGO_TARGET_DIR` and configuration files are followed.
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

    /// Another work tree, with its own folder for what Cargo makes.
    pub(crate) fn at(root: PathBuf) -> Self {
        let target = root.join("target");
        Self { root, target }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The files of the console, as they are deployed.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The WebAssembly that Cargo makes of the console for a release, before anything else is done to it.
    pub(crate) fn console_wasm(&self) -> PathBuf {
        self.target.join(WASM_TARGET).join("wasm-release").join(CONSOLE_PACKAGE).with_extension("wasm")
    }

    /// What that is taken apart into.
    pub(crate) fn pieces(&self) -> PathBuf {
        self.notes().join("pieces")
    }

    /// The console with all that a host needs, where nobody names another folder.
    pub(crate) fn distribution(&self) -> PathBuf {
        self.target.join("release-dist")
    }

    /// The same for each path that the tests serve it at.
    pub(crate) fn distributions_for_tests(&self) -> PathBuf {
        self.target.join("test-dist")
    }

    /// The console as `trunk serve` builds it: unoptimised, so never in [`Self::dist`].
    pub(crate) fn dist_for_development(&self) -> PathBuf {
        self.target.join("dist-dev")
    }

    /// The database of `serve` and `dev`. It outlives restarts and `cargo clean`.
    pub(crate) fn demo_database(&self) -> PathBuf {
        self.root.join(".demo").join("credmgr.sqlite")
    }

    /// The program that Cargo makes of the server.
    pub(crate) fn server_program(&self, profile: Profile) -> PathBuf {
        let directory = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(directory).join(SERVER_PACKAGE)
    }

    /// Where these commands keep what they remember.
    pub(crate) fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Cargo, in the root of the workspace.
    pub(crate) fn cargo(&self) -> Command {
        self.command(cargo_program())
    }

    /// Cargo for what is compiled to WebAssembly: with our flags, whatever the environment has.
    pub(crate) fn cargo_for_console(&self) -> Command {
        let mut command = self.cargo();
        without_other_flags(&mut command);
        command
    }

    /// Trunk.
    pub(crate) fn trunk(&self) -> Command {
        let mut command = self.command("trunk");
        without_other_flags(&mut command);
        // What Cargo finds out by itself, unless this is not the work tree that it was started in.
        command.env("CARGO_TARGET_DIR", &self.target);
        // Trunk takes the variable for a flag of its own and refuses the usual value, 1.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    /// A program of an installed npm package.
    pub(crate) fn web_tool(&self, name: &str) -> Command {
        self.command(self.root.join("node_modules").join(".bin").join(name))
    }

    /// Any other program, in the root of the workspace.
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

/// The Cargo that runs us, so that its toolchain builds everything.
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
