//! Programs that are compiled from source by `cargo install`.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{found, missing};
use crate::process;
use crate::versions::{Version, locked_version, reported_version};
use crate::workspace::Workspace;

/// 0.22 needs a newer Rust than the one this workspace is built with.
const TRUNK: Version = Version::new(0, 21, 14);

/// Drives Firefox; see [`ensure_geckodriver`].
const GECKODRIVER: Version = Version::new(0, 37, 1);

/// Reads `deny.toml`.
const DENY: Version = Version::new(0, 20, 2);

/// Builds the console. Any later patch release will do as well.
pub(super) fn ensure_trunk(workspace: &Workspace) -> Result<()> {
    let installed = installed_version(workspace, "trunk")?;
    if let Some(installed) = installed.filter(|installed| TRUNK.is_satisfied_by(*installed)) {
        found(format!("trunk {installed}"));
        return Ok(());
    }
    missing(format!("trunk {TRUNK}"), "builds the console; this compiles for some minutes, once");
    let version = TRUNK.to_string();
    // Without the default features: those are the update check and another TLS library.
    cargo_install(workspace.cargo().args([
        "install",
        "trunk",
        "--version",
        &version,
        "--locked",
        "--no-default-features",
        "--features",
        "rustls",
    ]))?;
    verify(workspace, "trunk", TRUNK)
}

/// Joins WebAssembly and JavaScript. It has to be exactly the version of the library that the
/// console is compiled with: the two speak a format that changes with every release.
pub(super) fn ensure_wasm_bindgen(workspace: &Workspace) -> Result<()> {
    let lock_file = workspace.root().join("Cargo.lock");
    let lock_file =
        fs::read_to_string(&lock_file).with_context(|| format!("cannot read {}", lock_file.display()))?;
    let wanted = locked_version(&lock_file, "wasm-bindgen")?;

    let programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
    let mut all_there = true;
    for program in programs {
        all_there &= installed_version(workspace, program)? == Some(wanted);
    }
    if all_there {
        found(format!("wasm-bindgen {wanted}"));
        return Ok(());
    }
    missing(
        format!("wasm-bindgen-cli {wanted}"),
        "joins the console's WebAssembly and JavaScript, and runs its browser tests; \
         this compiles for some minutes, once",
    );
    let version = wanted.to_string();
    // Not `--locked`: the lock file that it is published with does not fit its own manifest.
    cargo_install(workspace.cargo().args(["install", "wasm-bindgen-cli", "--version", &version]))?;
    for program in programs {
        verify(workspace, program, wanted)?;
    }
    Ok(())
}

fn find_geckodriver() -> Option<PathBuf> {
    process::find_named("GECKODRIVER", &["geckodriver"])
}

/// For the commands that come after [`ensure_geckodriver`].
pub(crate) fn require_geckodriver() -> Result<PathBuf> {
    find_geckodriver().context("geckodriver is missing: run `cargo xtask setup`")
}

/// Drives Firefox, whatever its release. Any later geckodriver will do as well: what it and its clients speak
/// is a standard. The one that the variable GECKODRIVER names is taken as it is.
pub(super) fn ensure_geckodriver(workspace: &Workspace) -> Result<()> {
    if let Some(named) = env::var_os("GECKODRIVER") {
        let version = installed_version(workspace, &named)?
            .with_context(|| format!("GECKODRIVER names {}, which does not exist", named.display()))?;
        found(format!("geckodriver {version}"));
        return Ok(());
    }
    let installed = installed_version(workspace, "geckodriver")?;
    if let Some(installed) = installed.filter(|installed| *installed >= GECKODRIVER) {
        found(format!("geckodriver {installed}"));
        return Ok(());
    }
    missing(
        format!("geckodriver {GECKODRIVER}"),
        "drives Firefox in the browser tests; this compiles for some minutes, once",
    );
    let version = GECKODRIVER.to_string();
    cargo_install(workspace.cargo().args(["install", "geckodriver", "--version", &version, "--locked"]))
        .context("or install it by hand and name it in the variable GECKODRIVER")?;
    verify(workspace, "geckodriver", GECKODRIVER)
}

/// Judges the crates of the lock file. Any later one will do as well; the file of a newer release may differ.
pub(super) fn ensure_deny(workspace: &Workspace) -> Result<()> {
    let installed = installed_version(workspace, "cargo-deny")?;
    if let Some(installed) = installed.filter(|installed| DENY.is_satisfied_by(*installed)) {
        found(format!("cargo-deny {installed}"));
        return Ok(());
    }
    missing(
        format!("cargo-deny {DENY}"),
        "looks after licences and sources of crates; this compiles for some minutes, once",
    );
    let version = DENY.to_string();
    cargo_install(workspace.cargo().args(["install", "cargo-deny", "--version", &version, "--locked"]))?;
    verify(workspace, "cargo-deny", DENY)
}

/// Tools that run for seconds are not worth a quarter of an hour of optimisation.
fn cargo_install(command: &mut Command) -> Result<()> {
    process::run(
        command
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    )
}

fn installed_version(workspace: &Workspace, program: impl AsRef<OsStr>) -> Result<Option<Version>> {
    let mut command = workspace.command(program);
    // Set, it makes some releases of trunk refuse to start.
    command.env_remove("NO_COLOR").arg("--version");
    process::try_output(&mut command)?.map(|output| reported_version(&output)).transpose()
}

fn verify(workspace: &Workspace, program: &str, wanted: Version) -> Result<()> {
    match installed_version(workspace, program)? {
        Some(installed) if installed == wanted => Ok(()),
        Some(other) => bail!(
            "{program} {wanted} is installed, but PATH leads to {other}: \
             put Cargo's bin directory first, or remove the other one"
        ),
        None => bail!(
            "{program} {wanted} is installed, but not on PATH: \
             add Cargo's bin directory (usually ~/.cargo/bin) to it"
        ),
    }
}
