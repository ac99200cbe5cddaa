//! Makes the console ready for any static host: `cargo xtask dist`.
//!
//! - [`page`] adapts `index.html`: the hashes of what it loads, and the path it is served at; [`tags`] parses it;
//! - [`headers`] and [`hosts`] are the configuration of web servers;
//! - [`sbom`] and [`checksums`] list what it consists of;
//! - [`again`] makes it a second time elsewhere and compares.

pub(crate) mod again;
mod checksums;
pub(crate) mod headers;
mod hosts;
pub(crate) mod page;
pub(crate) mod public_path;
mod sbom;
mod tags;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::output::say;
use crate::process;
use crate::workspace::Workspace;
use page::Setting;
use public_path::PublicPath;

/// The folder to serve, within the distribution.
pub(crate) const CONSOLE: &str = "console";

/// The files that every distribution contains, whatever its deployment.
const ALWAYS_THERE: [&str; 3] = ["console/index.html", "hosts/nginx.conf", sbom::FILE];

/// The file that services without a fallback send for an unknown path: the page, which then says that nothing is there.
const NOT_FOUND: &str = "404.html";

/// The deployment that a distribution is made for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// The path that it is going to be served under.
    pub(crate) path: PublicPath,
    /// The settings that differ from the default.
    pub(crate) settings: Vec<Setting>,
}

/// Makes the distribution of the most recently built console, in place of an earlier one.
pub(crate) fn make(workspace: &Workspace, deployment: &Deployment, out: &Path) -> Result<()> {
    replace(out, |folder| fill(workspace, deployment, folder))?;
    say(format_args!("the console for {} is in {}", deployment.path.as_str(), out.display()));
    Ok(())
}

fn fill(workspace: &Workspace, deployment: &Deployment, out: &Path) -> Result<()> {
    let path = &deployment.path;
    let api = page::api(&deployment.settings, path)?;
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

    // With Node, which has both codings built in and is needed anyway.
    process::run(workspace.command("node").arg("xtask/web/compress.mjs").arg(&console))?;

    for file in hosts::all(path, &checksums::files(&console)?, api) {
        write(&out.join(file.path), &file.content)?;
    }
    write(&out.join(sbom::FILE), &sbom::make(workspace)?)?;
    checksums::write(out)
}

/// Replaces an earlier distribution by the one that `fill` makes. The new one is made beside it: a failure or an
/// interruption leaves the earlier one unchanged, and nothing that has to be removed by hand before the next run.
fn replace(out: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    ensure_replaceable(out)?;
    // The target of a link, not the link itself.
    let out = &fs::canonicalize(out).unwrap_or_else(|_| out.to_owned());
    let (unfinished, former) = (beside(out, "unfinished")?, beside(out, "former")?);
    remove(&unfinished)?;
    remove(&former)?;
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    fill(&unfinished)?;
    if out.exists() {
        fs::rename(out, &former).with_context(|| format!("cannot move {}", out.display()))?;
    }
    fs::rename(&unfinished, out).with_context(|| format!("cannot write {}", out.display()))?;
    remove(&former)
}

/// Returns a hidden folder beside another one.
fn beside(folder: &Path, what: &str) -> Result<PathBuf> {
    let name = folder.file_name().with_context(|| format!("{} has no name", folder.display()))?;
    Ok(folder.with_file_name(format!(".{}.{what}-dist", name.display())))
}

fn remove(folder: &Path) -> Result<()> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display())),
        false => Ok(()),
    }
}

/// Refuses a folder that is neither empty nor certainly an earlier distribution: its contents would be lost.
pub(crate) fn ensure_replaceable(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    let mut entries = fs::read_dir(out).with_context(|| format!("cannot list {}", out.display()))?;
    if entries.next().is_none() {
        return Ok(());
    }
    let refusal =
        || format!("{} is not empty: remove what is in it, or name another folder with --out", out.display());
    let list = out.join(checksums::FILE);
    ensure!(list.is_file(), "{}; it is no earlier distribution", refusal());
    let list = fs::read_to_string(&list).with_context(refusal)?;
    let listed: BTreeSet<_> = checksums::names(&list).collect();
    for name in ALWAYS_THERE {
        ensure!(listed.contains(name), "{}; an earlier distribution would have {name}", refusal());
    }
    for name in checksums::files(out)? {
        let is_of_it = name == checksums::FILE || listed.contains(name.as_str());
        ensure!(is_of_it, "{}; {name} is not of an earlier distribution", refusal());
    }
    Ok(())
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

    /// Writes just enough of a distribution for it to be recognised.
    fn distribution(folder: &Path) -> Result<()> {
        for name in ALWAYS_THERE {
            write(&folder.join(name), "")?;
        }
        checksums::write(folder)
    }

    #[test]
    fn only_a_distribution_is_replaced() {
        let scratch = Scratch::new("dist-replaceable");
        let out = scratch.path().join("out");
        let refused = || ensure_replaceable(&out).unwrap_err().to_string();
        ensure_replaceable(&out).unwrap();
        fs::create_dir(&out).unwrap();
        ensure_replaceable(&out).unwrap();

        scratch.write("out/thesis.txt", "years of work");
        assert!(refused().contains("--out"));
        // As they are published beside downloads.
        checksums::write(&out).unwrap();
        assert!(refused().contains("index.html"), "{}", refused());

        fs::remove_dir_all(&out).unwrap();
        distribution(&out).unwrap();
        ensure_replaceable(&out).unwrap();
        fs::remove_file(out.join("hosts/nginx.conf")).unwrap();
        ensure_replaceable(&out).unwrap();
        scratch.write("out/hosts/my-nginx.conf", "an evening of work");
        assert!(refused().contains("my-nginx.conf"), "{}", refused());
        assert!(replace(&out, distribution).is_err());
        assert!(out.join("hosts/my-nginx.conf").exists());
    }

    #[test]
    fn what_fails_half_way_changes_nothing_and_is_no_hindrance() {
        let scratch = Scratch::new("dist-replace");
        let out = scratch.path().join("out");
        let half = |folder: &Path| {
            write(&folder.join("console/half.js"), "")?;
            bail!("it is interrupted")
        };
        assert!(replace(&out, half).is_err());
        assert!(!out.exists());
        replace(&out, distribution).unwrap();
        let first = checksums::files(&out).unwrap();

        assert!(replace(&out, half).is_err());
        assert_eq!(checksums::files(&out).unwrap(), first);
        // An interruption between the two renames.
        fs::rename(&out, beside(&out, "former").unwrap()).unwrap();
        replace(&out, distribution).unwrap();
        assert_eq!(checksums::files(&out).unwrap(), first);
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_link_leads_to_what_is_replaced() {
        let scratch = Scratch::new("dist-link");
        let (target, link) = (scratch.path().join("target"), scratch.path().join("link"));
        distribution(&target).unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        replace(&link, |folder| write(&folder.join("new"), "")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(checksums::files(&target).unwrap(), ["new"]);
    }
}
