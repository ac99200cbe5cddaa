//! Programs that `cargo install` compiles from source.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{found, missing};
use crate::output::say;
use crate::process;
use crate::split::SPLITTER;
use crate::versions::{Version, locked_version, reported_version};
use crate::workspace::Workspace;

/// Trunk. 0.22 needs a newer Rust than the one this workspace is built with.
const TRUNK: Version = Version::new(0, 21, 14);

/// The driver for Firefox; see [`ensure_geckodriver`].
const GECKODRIVER: Version = Version::new(0, 37, 1);

/// cargo-deny, which reads `deny.toml`.
const DENY: Version = Version::new(0, 20, 2);

/// The package that contains the splitter.
const SPLITTER_PACKAGE: &str = "wasm_split_cli_support";

/// twiggy, which lists what is in a WebAssembly.
const TWIGGY: Version = Version::new(0, 8, 0);

/// Installs Trunk, which builds the console. Any later patch release will do as well.
pub(super) fn ensure_trunk(workspace: &Workspace) -> Result<()> {
    // Without the default features: these are the update check and another TLS library.
    let features = ["--no-default-features", "--features", "rustls"];
    ensure_program(workspace, "trunk", TRUNK, "builds the console", &features)
}

/// Installs wasm-bindgen, which connects WebAssembly and JavaScript. Its version must be exactly that of the library
/// that the console is compiled with: the format that the two share changes with every release.
pub(super) fn ensure_wasm_bindgen(workspace: &Workspace) -> Result<()> {
    let wanted = locked_version(&lock_file(workspace)?, "wasm-bindgen")?;

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
    locked_if_possible(|locked| {
        let mut cargo = workspace.cargo();
        cargo_install(cargo.args(["install", "wasm-bindgen-cli", "--version", &version]).args(locked))
    })?;
    for program in programs {
        verify(workspace, program, wanted)?;
    }
    Ok(())
}

/// Installs a package with the libraries that it was published with. If that is impossible, because its lock file names
/// some that the registry does not have (as with 0.2.130), then with their latest releases: these may need a newer Rust,
/// since `cargo install` does not heed `resolver.incompatible-rust-versions`.
fn locked_if_possible(install: impl Fn(Option<&str>) -> Result<()>) -> Result<()> {
    install(Some("--locked")).or_else(|error| {
        say(format_args!("{error:#}; trying with the latest releases of its libraries"));
        install(None)
    })
}

/// Installs the splitter, which takes the console's WebAssembly apart. Its version must be that of the library that
/// marks the split points: both are released together, and agree on the format of the marks.
pub(super) fn ensure_splitter(workspace: &Workspace) -> Result<()> {
    let wanted = locked_version(&lock_file(workspace)?, "wasm_split_helpers")?;
    if has_splitter(workspace, wanted)? {
        found(format!("{SPLITTER} {wanted}"));
        return Ok(());
    }
    missing(
        format!("{SPLITTER_PACKAGE} {wanted}"),
        "takes the console's WebAssembly apart; this compiles for a minute or two, once",
    );
    let version = wanted.to_string();
    cargo_install(workspace.cargo().args([
        "install",
        SPLITTER_PACKAGE,
        "--version",
        &version,
        "--locked",
        "--features",
        "build-binary",
    ]))
    .with_context(|| {
        format!("it has to be released together with wasm_split_helpers {wanted} of Cargo.lock")
    })?;
    if has_splitter(workspace, wanted)? { Ok(()) } else { bail!(not_on_path(SPLITTER, wanted)) }
}

/// Whether this version of the splitter is installed. The splitter does not print its version; Cargo knows which one it
/// has installed.
fn has_splitter(workspace: &Workspace, wanted: Version) -> Result<bool> {
    let installed = process::output(workspace.cargo().args(["install", "--list"]))?;
    Ok(version_in_list(&installed, SPLITTER_PACKAGE) == Some(wanted)
        && process::find_program(&[SPLITTER]).is_some())
}

/// Returns the version of a package in the output of `cargo install --list`: `package v1.2.3:`, with its programs
/// below.
fn version_in_list(list: &str, package: &str) -> Option<Version> {
    list.lines().find_map(|line| {
        let version = line.strip_prefix(package)?.strip_prefix(" v")?;
        version.split([':', ' ']).next()?.parse().ok()
    })
}

/// Installs twiggy, which lists the functions of a WebAssembly. Any later patch release will do as well.
pub(super) fn ensure_twiggy(workspace: &Workspace) -> Result<()> {
    ensure_program(workspace, "twiggy", TWIGGY, "says which functions a WebAssembly has", &[])
}

fn lock_file(workspace: &Workspace) -> Result<String> {
    let file = workspace.root().join("Cargo.lock");
    fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
}

fn find_geckodriver() -> Option<PathBuf> {
    process::find_named("GECKODRIVER", &["geckodriver"])
}

/// Returns the path of geckodriver, for commands that run after [`ensure_geckodriver`].
pub(crate) fn require_geckodriver() -> Result<PathBuf> {
    find_geckodriver().context("geckodriver is missing: run `cargo xtask setup`")
}

/// Installs geckodriver, which drives Firefox, whatever its release. Any later geckodriver will do as well: its
/// protocol is a standard. The one named by the variable GECKODRIVER is used as it is.
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

/// Installs cargo-deny, which checks the crates of the lock file. Any later patch release will do as well; newer ones
/// may have another file format.
pub(super) fn ensure_deny(workspace: &Workspace) -> Result<()> {
    ensure_program(workspace, "cargo-deny", DENY, "looks after licences and sources of crates", &[])
}

/// Installs a program that has the same name as its package and may be of any later patch release.
fn ensure_program(
    workspace: &Workspace,
    program: &str,
    wanted: Version,
    purpose: &str,
    features: &[&str],
) -> Result<()> {
    let installed = installed_version(workspace, program)?;
    if let Some(installed) = installed.filter(|installed| wanted.is_satisfied_by(*installed)) {
        found(format!("{program} {installed}"));
        return Ok(());
    }
    missing(format!("{program} {wanted}"), &format!("{purpose}; this compiles for some minutes, once"));
    let version = wanted.to_string();
    let mut cargo = workspace.cargo();
    cargo_install(cargo.args(["install", program, "--version", &version, "--locked"]).args(features))?;
    verify(workspace, program, wanted)
}

/// Runs `cargo install` with little optimisation: tools that run for seconds are not worth a quarter of an hour of it.
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
    // If set, it makes some releases of trunk refuse to start.
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
        None => bail!(not_on_path(program, wanted)),
    }
}

fn not_on_path(program: &str, wanted: Version) -> String {
    format!(
        "{program} {wanted} is installed, but not on PATH: add Cargo's bin directory (usually ~/.cargo/bin) to it"
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn libraries_are_the_published_ones_if_possible() {
        for (possible, expected) in [(true, &[true][..]), (false, &[true, false])] {
            let tries = RefCell::new(Vec::new());
            locked_if_possible(|locked| {
                tries.borrow_mut().push(locked.is_some());
                if locked.is_some() && !possible { bail!("failed to select a version") } else { Ok(()) }
            })
            .unwrap();
            assert_eq!(*tries.borrow(), expected);
        }
        assert!(locked_if_possible(|_| bail!("the compiler is too old")).is_err());
    }

    #[test]
    fn cargo_lists_what_it_has_installed() {
        let list = "\
trunk v0.21.14:
    trunk
wasm_split_cli_support v0.2.3:
    wasm-split-cli
wasm_split_cli_support_more v0.9.0 (/a/path):
    more
local v1.2.3 (/a/path):
    local
";
        for (package, version) in [
            (SPLITTER_PACKAGE, Some(Version::new(0, 2, 3))),
            ("local", Some(Version::new(1, 2, 3))),
            ("wasm-split-cli", None),
            ("wasm_split", None),
        ] {
            assert_eq!(version_in_list(list, package), version, "{package}");
        }
    }
}
