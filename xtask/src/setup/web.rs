//! Node and the npm packages of the lock file.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{apt, found, missing};
use crate::fingerprint::Fingerprint;
use crate::process;
use crate::versions::{Version, reported_version};
use crate::workspace::Workspace;

/// The releases of Node that the strictest of the packages support: of each line from this version on; and every line after
/// the last one.
const NODE: [Version; 3] = [Version::new(20, 19, 0), Version::new(22, 13, 0), Version::new(24, 0, 0)];

fn is_supported(node: Version) -> bool {
    NODE.iter().any(|from| from.is_satisfied_by(node)) || node >= NODE[NODE.len() - 1]
}

/// Installs Playwright, Prettier, wasm-opt, esbuild and the other tools that are npm packages.
pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    let node = ensure_node(workspace)?;
    let lock_file = workspace.root().join("package-lock.json");
    let lock_file = fs::read(&lock_file).with_context(|| format!("cannot read {}", lock_file.display()))?;
    let wanted = format!("{:?}\n", Fingerprint::of(&(lock_file, node.to_string())));

    let note = note(workspace);
    if fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        found("npm packages of package-lock.json");
        return Ok(());
    }
    missing(
        "npm packages of package-lock.json",
        "wasm-opt, bundler, Playwright, formatter, link checker, in node_modules",
    );
    process::run(
        workspace
            .command("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            // The browser is that of the machine: see `setup::chromium`.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))
}

/// Returns the file that records the installation: inside `node_modules`, so that it is removed together with it.
fn note(workspace: &Workspace) -> PathBuf {
    workspace.root().join("node_modules").join(".xtask-installed")
}

fn ensure_node(workspace: &Workspace) -> Result<Version> {
    let installed = |program: &str| -> Result<Option<Version>> {
        process::try_output(workspace.command(program).arg("--version"))?
            .map(|output| reported_version(&output))
            .transpose()
    };
    install_missing(installed, |package| {
        if package == "nodejs"
            && let Some(candidate) = apt::candidate(workspace, package).filter(|node| !is_supported(*node))
        {
            bail!("{}", unsupported("the package manager would install", candidate));
        }
        missing(package, "runs the web tools");
        apt::install(workspace, &[package])
    })?;
    match (installed("node")?, installed("npm")?) {
        (Some(node), Some(_)) if is_supported(node) => {
            found(format!("node {node}"));
            Ok(node)
        }
        (Some(node), Some(_)) => {
            bail!("{}", unsupported("there is", node))
        }
        _ => bail!("node or npm is not on PATH: install {}", releases()),
    }
}

/// Installs Node and npm where they are missing, one after the other: there are packages of Node that contain npm, and
/// conflict with the package of that name.
fn install_missing(
    installed: impl Fn(&str) -> Result<Option<Version>>,
    install: impl Fn(&str) -> Result<()>,
) -> Result<()> {
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if installed(program)?.is_none() {
            install(package)?;
        }
    }
    Ok(())
}

fn unsupported(what: &str, node: Version) -> String {
    format!(
        "{what} Node {node}, which the web tools do not support: install {} with its npm, such as from \
         https://nodejs.org, and put it first on PATH",
        releases()
    )
}

/// Returns the releases of [`NODE`] in words.
fn releases() -> String {
    let [first, second, last] = NODE.map(|from| (from.major, from.minor));
    format!(
        "Node {} from {}.{} on, {} from {}.{} on, or {} or newer",
        first.0, first.0, first.1, second.0, second.0, second.1, last.0
    )
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn people_are_told_which_node_it_takes() {
        let [first, second, last] = NODE;
        for (file, text) in [
            ("README.md", include_str!("../../../README.md")),
            ("CONTRIBUTING.md", include_str!("../../../CONTRIBUTING.md")),
            (".ci/run", include_str!("../../../.ci/run")),
        ] {
            let words = format!(
                "{}.{}, {}.{} or {}",
                first.major, first.minor, second.major, second.minor, last.major
            );
            assert!(text.contains(&words), "{file}: {words}");
        }
        let range = format!("\"^{first} || ^{second} || >={}\"", last.major);
        assert!(include_str!("../../../package.json").contains(&range), "{range}");
        // Of this package, and of the strictest others.
        assert!(include_str!("../../../package-lock.json").matches(&range).count() > 1, "{range}");
        for words in [unsupported("there is", Version::new(18, 20, 4)), releases()] {
            assert!(words.contains("20 from 20.19 on, 22 from 22.13 on, or 24 or newer"), "{words}");
        }
    }

    #[test]
    fn lines_that_the_packages_leave_out_are_not_supported() {
        for (node, expected) in [
            (Version::new(18, 20, 4), false),
            (Version::new(20, 18, 3), false),
            (Version::new(20, 19, 0), true),
            (Version::new(20, 20, 2), true),
            (Version::new(21, 7, 3), false),
            (Version::new(22, 12, 0), false),
            (Version::new(22, 13, 0), true),
            (Version::new(23, 11, 1), false),
            (Version::new(24, 0, 0), true),
            (Version::new(26, 1, 0), true),
        ] {
            assert_eq!(is_supported(node), expected, "{node}");
        }
    }

    /// Debian's Node comes without npm. That of NodeSource contains it, and cannot be installed together with Debian's.
    #[test]
    fn npm_is_installed_only_where_node_comes_without_it() {
        for (there, of_nodejs, expected) in [
            (&[][..], &["node"][..], &["nodejs", "npm"][..]),
            (&[], &["node", "npm"], &["nodejs"]),
            (&["node"], &[], &["npm"]),
            (&["node", "npm"], &[], &[]),
        ] {
            let programs = RefCell::new(there.to_vec());
            let packages = RefCell::new(Vec::new());
            let installed =
                |program: &str| Ok(programs.borrow().contains(&program).then_some(Version::new(20, 19, 0)));
            let install = |package: &str| {
                packages.borrow_mut().push(package.to_owned());
                programs.borrow_mut().extend(if package == "nodejs" { of_nodejs } else { &["npm"] });
                Ok(())
            };
            install_missing(installed, install).unwrap();
            assert_eq!(*packages.borrow(), expected, "{there:?}");
        }
    }
}
