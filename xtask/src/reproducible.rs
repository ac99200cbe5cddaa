//! Makes the console the same, byte for byte, wherever it is compiled.
//!
//! The compiler writes source paths into the program, for panic messages: the path of the work tree, that of Cargo's
//! crates, and which registry they came from. These are replaced by names that are the same everywhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::output::say;
use crate::process;
use crate::workspace::{WASM_TARGET, Workspace};

/// The variable with compiler flags that Cargo adds to those of `.cargo/config.toml`.
pub(crate) const FLAGS_VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The path of the console's sources as it appears in the program.
const SOURCES: &str = "/console";
/// The path of the crates' sources as it appears in the program, each below it as `name-version`.
const CRATES: &str = "/crates";

/// Returns the compiler flags, in the format of [`FLAGS_VARIABLE`].
pub(crate) fn flags(workspace: &Workspace) -> Result<String> {
    let metadata = process::output(workspace.cargo().args([
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        WASM_TARGET,
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("reading the output of cargo metadata")?;
    let asked = |args: &[&str]| process::output(workspace.command("rustc").args(args));
    let library = Path::new(asked(&["--print", "sysroot"])?.trim()).join("lib/rustlib/src/rust");
    let version = asked(&["-vV"])?;
    let commit = commit(&version)?;

    let mut names = vec![(workspace.root().to_owned(), SOURCES.to_owned())];
    names.extend(folders_of_crates(&metadata)?.into_iter().map(|folder| (folder, CRATES.to_owned())));
    // The standard library comes precompiled with this name. Where its sources are installed, the compiler would use
    // their path for code of it that is compiled again.
    names.push((library, format!("/rustc/{commit}")));
    Ok(arguments(&names))
}

/// Returns the folders that contain the crates from registries.
fn folders_of_crates(metadata: &Value) -> Result<BTreeSet<PathBuf>> {
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    packages
        .iter()
        .filter(|package| !package["source"].is_null())
        .map(|package| {
            let manifest = package["manifest_path"].as_str().context("a package has no manifest")?;
            let folder = Path::new(manifest).ancestors().nth(2);
            folder.map(Path::to_owned).with_context(|| format!("{manifest} lies in no folder"))
        })
        .collect()
}

fn commit(version: &str) -> Result<&str> {
    version
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "))
        .context("rustc does not say from which commit it is")
}

/// Returns the flags that replace these paths. A path with a space cannot be expressed, because Cargo splits flags at
/// spaces; it then stays in the console.
fn arguments(names: &[(PathBuf, String)]) -> String {
    let mut flags = Vec::new();
    for (path, name) in names {
        match path.to_str() {
            Some(path) if !path.contains(char::is_whitespace) => {
                flags.push(format!("--remap-path-prefix={path}={name}"));
            }
            _ => {
                say(format_args!(
                    "note: {} stays in the WebAssembly, because there is a space in it",
                    path.display()
                ));
            }
        }
    }
    flags.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_registry_has_the_same_name() {
        let metadata = json!({ "packages": [
            { "source": null, "manifest_path": "/home/a/console/Cargo.toml" },
            { "source": "registry", "manifest_path": "/home/a/.cargo/registry/src/one/b-1.0.0/Cargo.toml" },
            { "source": "registry", "manifest_path": "/home/a/.cargo/registry/src/one/c-1.0.0/Cargo.toml" },
            { "source": "registry", "manifest_path": "/home/a/.cargo/registry/src/two/d-1.0.0/Cargo.toml" },
        ]});
        let folders = folders_of_crates(&metadata).unwrap();
        assert_eq!(
            folders,
            ["one", "two"].map(|name| PathBuf::from("/home/a/.cargo/registry/src").join(name)).into()
        );
        assert!(folders_of_crates(&json!({})).is_err());
    }

    #[test]
    fn paths_are_given_as_flags() {
        let names = [
            (PathBuf::from("/home/a"), SOURCES.to_owned()),
            (PathBuf::from("/home/my crates"), CRATES.to_owned()),
        ];
        assert_eq!(arguments(&names), "--remap-path-prefix=/home/a=/console");
    }

    #[test]
    fn the_compiler_says_its_commit() {
        assert_eq!(commit("rustc 1.95.0\ncommit-hash: abc\nhost: x\n").unwrap(), "abc");
        assert!(commit("rustc 1.95.0").is_err());
    }
}
