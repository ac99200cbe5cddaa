//! The parts of the Rust toolchain, and the sources of the dependencies.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{found, missing};
use crate::process;
use crate::workspace::{WASM_TARGET, Workspace};

/// Installs rustfmt and clippy for the toolchain that builds the workspace.
pub(super) fn ensure_components(workspace: &Workspace) -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let has_component = |workspace: &Workspace| {
            process::output(workspace.cargo().args([subcommand, "--version"])).is_ok()
        };
        if has_component(workspace) {
            found(component);
            continue;
        }
        missing(component, "a part of the Rust toolchain that checks sources");
        rustup(workspace, &["component", "add", component])?;
        if !has_component(workspace) {
            bail!("`cargo {subcommand}` does not work although rustup installed {component}");
        }
    }
    Ok(())
}

/// Installs the standard library for the browser.
pub(super) fn ensure_wasm_target(workspace: &Workspace) -> Result<()> {
    if has_wasm_target(workspace)? {
        found(WASM_TARGET);
        return Ok(());
    }
    missing(WASM_TARGET, "the Rust libraries that the console is compiled with");
    rustup(workspace, &["target", "add", WASM_TARGET])?;
    if !has_wasm_target(workspace)? {
        bail!("rustc does not find the libraries for {WASM_TARGET} although rustup installed them");
    }
    Ok(())
}

/// Asks the compiler, not rustup: a distribution's Rust has no rustup, but may have the target.
fn has_wasm_target(workspace: &Workspace) -> Result<bool> {
    let libraries = process::output(workspace.command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]))?;
    Ok(Path::new(libraries.trim()).is_dir())
}

/// Downloads the crates that Cargo does not have yet.
pub(super) fn ensure_crates(workspace: &Workspace) -> Result<()> {
    process::run(workspace.cargo().args(["fetch", "--quiet", "--locked"]))
}

fn rustup(workspace: &Workspace, args: &[&str]) -> Result<()> {
    let command: &mut Command = &mut workspace.command("rustup");
    process::run(command.args(args)).with_context(|| {
        format!(
            "install it by hand: `rustup {}`, or with the package manager that your Rust comes from",
            args.join(" ")
        )
    })
}
