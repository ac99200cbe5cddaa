//! The console ready for any static host: `cargo xtask dist`.
//!
//! - [`page`] is what becomes of `index.html`: hashes of what it loads, and where it is served; [`tags`] reads it;
//! - [`headers`] and [`hosts`] are the configuration of web servers;
//! - [`sbom`] and [`checksums`] say what it consists of;
//! - [`again`] makes it a second time elsewhere and compares.

pub(crate) mod again;
mod checksums;
pub(crate) mod headers;
mod hosts;
pub(crate) mod page;
pub(crate) mod public_path;
mod sbom;
mod tags;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::output::say;
use crate::process;
use crate::workspace::Workspace;
use page::Setting;
use public_path::PublicPath;

/// The folder to serve, within the distribution.
pub(crate) const CONSOLE: &str = "console";

/// What services without a fallback answer an unknown address with: the page, which then says that nothing is there.
const NOT_FOUND: &str = "404.html";

/// For whom it is made.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// Where it is going to be served.
    pub(crate) path: PublicPath,
    /// What is to be other than the default.
    pub(crate) settings: Vec<Setting>,
}

/// Makes the distribution of the console that was built last. What was there of an earlier one is removed.
pub(crate) fn make(workspace: &Workspace, deployment: &Deployment, out: &Path) -> Result<()> {
    let path = &deployment.path;
    empty(out)?;
    let console = out.join(CONSOLE);
    copy(&workspace.dist(), &console)?;

    let page = console.join(page::INDEX);
    let html = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let mut html = page::under(&html, path).with_context(|| format!("in {}", page.display()))?;
    for setting in &deployment.settings {
        html = page::set(&html, setting)?;
    }
    write(&page, &html)?;
    write(&console.join(NOT_FOUND), &html)?;

    // By Node, which has both codings built in and is there anyway.
    process::run(workspace.command("node").arg("xtask/web/compress.mjs").arg(&console))?;

    for file in hosts::all(path, &checksums::files(&console)?) {
        write(&out.join(file.path), &file.content)?;
    }
    write(&out.join(sbom::FILE), &sbom::make(workspace)?)?;
    checksums::write(out)?;
    say(format_args!("the console for {} is in {}", path.as_str(), out.display()));
    Ok(())
}

/// Removes an earlier distribution; refuses to remove anything else.
fn empty(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    let mut entries = fs::read_dir(out).with_context(|| format!("cannot list {}", out.display()))?;
    if entries.next().is_none() {
        return Ok(());
    }
    ensure!(
        out.join(checksums::FILE).is_file(),
        "{} has files in it that are not of an earlier distribution: remove them, or name another folder with --out",
        out.display()
    );
    fs::remove_dir_all(out).with_context(|| format!("cannot remove {}", out.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let names = checksums::files(from)?;
    if names.is_empty() {
        bail!("there is no console in {}", from.display());
    }
    for name in names {
        let target = to.join(&name);
        create_folder_of(&target)?;
        fs::copy(from.join(&name), &target).with_context(|| format!("cannot write {}", target.display()))?;
    }
    Ok(())
}

fn write(file: &Path, content: &str) -> Result<()> {
    create_folder_of(file)?;
    fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))
}

fn create_folder_of(file: &Path) -> Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn only_a_distribution_is_removed() {
        let scratch = Scratch::new("dist-empty");
        empty(scratch.path()).unwrap();
        empty(&scratch.path().join("absent")).unwrap();

        scratch.write("thesis.txt", "years of work");
        assert!(empty(scratch.path()).unwrap_err().to_string().contains("--out"));
        assert!(scratch.path().join("thesis.txt").exists());

        scratch.write(checksums::FILE, "");
        empty(scratch.path()).unwrap();
        assert!(!scratch.path().exists());
    }
}
