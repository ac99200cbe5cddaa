//! Node and the npm packages of the lock file.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{apt, found, missing};
use crate::fingerprint::Fingerprint;
use crate::process;
use crate::versions::{Version, reported_version};
use crate::workspace::Workspace;

/// The version that the strictest of the packages requires.
const OLDEST_NODE: Version = Version::new(20, 19, 0);

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
    if installed("node")?.is_none() || installed("npm")?.is_none() {
        if let Some(candidate) = apt::candidate(workspace, "nodejs").filter(|version| *version < OLDEST_NODE)
        {
            bail!("{}", too_old("the package manager would install", candidate));
        }
        missing("Node with npm", "runs the web tools");
        apt::install(workspace, &["nodejs", "npm"])?;
    }
    match (installed("node")?, installed("npm")?) {
        (Some(node), Some(_)) if node >= OLDEST_NODE => {
            found(format!("node {node}"));
            Ok(node)
        }
        (Some(node), Some(_)) => {
            bail!("{}", too_old("there is", node))
        }
        _ => bail!("node or npm is not on PATH: install Node {OLDEST_NODE} or newer"),
    }
}

fn too_old(what: &str, node: Version) -> String {
    format!(
        "{what} Node {node}, which is too old: install {OLDEST_NODE} or newer with its npm, such as from \
         https://nodejs.org, and put it first on PATH"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_which_node_it_takes() {
        let Version { major, minor, .. } = OLDEST_NODE;
        for (file, text) in [
            ("README.md", include_str!("../../../README.md")),
            ("CONTRIBUTING.md", include_str!("../../../CONTRIBUTING.md")),
            (".ci/run", include_str!("../../../.ci/run")),
            ("package.json", include_str!("../../../package.json")),
        ] {
            assert!(text.contains(&format!("{major}.{minor}")), "{file}");
        }
        assert!(too_old("there is", Version::new(18, 20, 4)).contains(&OLDEST_NODE.to_string()));
    }
}
