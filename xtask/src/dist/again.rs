//! Reproducibility check: builds the distribution again, from a copy of the sources in another folder, compiling
//! everything from scratch, and compares the bytes.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{Deployment, checksums, create_folder_of, make};
use crate::workspace::Workspace;
use crate::{build, process};

/// Makes a second distribution and compares it with the one in `first`.
pub(crate) fn check(workspace: &Workspace, deployment: &Deployment, first: &Path) -> Result<()> {
    let copy = Copy::of(workspace)?;
    let second = copy.0.join("distribution");
    let elsewhere = Workspace::at(copy.0.join("sources"));
    build::console(&elsewhere)?;
    make(&elsewhere, deployment, &second)?;

    let differences = differences(&checksums::list(first)?, &checksums::list(&second)?);
    if !differences.is_empty() {
        // For inspection.
        let kept = copy.keep();
        bail!("not the same as in {}:\n  {}", kept.display(), differences.join("\n  "));
    }
    println!("built again in another folder, every file has the same bytes");
    Ok(())
}

/// A folder with a copy of the sources, outside the workspace because Cargo reads the configuration of all parent
/// folders. Removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn of(workspace: &Workspace) -> Result<Self> {
        let copy = Self(env::temp_dir().join(format!("console-built-again-{}", std::process::id())));
        let sources = copy.0.join("sources");
        // All files that exist and are not ignored, committed or not.
        let names = process::output(workspace.command("git").args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let from = workspace.root().join(name);
            // A file that is deleted, but not yet in a commit.
            if !from.is_file() {
                continue;
            }
            let to = sources.join(name);
            create_folder_of(&to)?;
            fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        symlink(workspace.root().join("node_modules"), sources.join("node_modules"))
            .context("cannot link the npm packages")?;
        Ok(copy)
    }

    fn keep(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // Leftovers in the temporary directory are no failure.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns what differs between two lists.
fn differences(first: &str, second: &str) -> Vec<String> {
    let read = |list: &str| -> BTreeMap<String, String> {
        list.lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(sum, name)| (name.to_owned(), sum.to_owned()))
            .collect()
    };
    let (first, second) = (read(first), read(second));
    let names: std::collections::BTreeSet<_> = first.keys().chain(second.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| match (first.get(name), second.get(name)) {
            (Some(one), Some(other)) if one == other => None,
            (Some(_), Some(_)) => Some(format!("{name} has other bytes")),
            (Some(_), None) => Some(format!("{name} is not there the second time")),
            (None, _) => Some(format!("{name} is there the second time only")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_named() {
        let first = "aa  same\nbb  changed\ncc  gone\n";
        let second = "aa  same\nb0  changed\ndd  new\n";
        assert_eq!(
            differences(first, second),
            [
                "changed has other bytes",
                "gone is not there the second time",
                "new is there the second time only"
            ]
        );
        assert!(differences(first, first).is_empty());
    }
}
