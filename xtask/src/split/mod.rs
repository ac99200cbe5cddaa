//! The console in several WebAssemblies: one for the start of a visit, and parts that are loaded when they are needed.
//!
//! The console's macro `part!` defines what belongs to a part (`src/ui/part.rs`). Trunk builds everything as one;
//! afterwards, here, the splitter takes it apart, wasm-bindgen and wasm-opt process the pieces, what nobody reads is
//! removed in between (`xtask/web/prune.mjs`), and the scripts that load them become one file:
//!
//! - [`files`] names the files by their content;
//! - [`loader`] writes these names into the scripts;
//! - [`optimiser`] runs wasm-opt, and places similar functions next to each other.
//!
//! docs/decisions/0004-parts.md says why.

mod files;
mod loader;
pub(crate) mod optimiser;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::dist::page::{self, Loaded};
use crate::fingerprint::Fingerprint;
use crate::process;
use crate::workspace::Workspace;
use files::{Names, STEM, put};

/// The feature with which the console is compiled so that it can be split.
pub(crate) const FEATURE: &str = "split";

/// The compiler flag by which the linker emits relocations, which tell the splitter what uses what.
pub(crate) const FLAG: &str = "-Clink-args=--emit-relocs";

/// The splitter's program.
pub(crate) const SPLITTER: &str = "wasm-split-cli";

/// The splitter's name for the script that loads the parts; the glue imports it by this name.
const LOADER: &str = "__wasm_split.js";

/// Returns a fingerprint of what is done to the console here: of these files, and of the scripts that they run.
pub(crate) fn fingerprint(workspace: &Workspace) -> Result<Fingerprint> {
    let here = Fingerprint::of_tree(&workspace.root().join("xtask/src/split"), &[])?;
    let scripts = Fingerprint::of_tree(&workspace.root().join("xtask/web"), &[])?;
    Ok(Fingerprint::of(&(here, scripts)))
}

/// The pieces, before wasm-opt.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// The main WebAssembly, without what nobody reads.
    pub(crate) main: PathBuf,
    /// The WebAssemblies of the parts, in the order of the script that loads them.
    pub(crate) parts: Vec<(String, PathBuf)>,
}

impl Pieces {
    /// Returns the pieces of the most recently built console.
    pub(crate) fn of(workspace: &Workspace) -> Result<Self> {
        let folders = Folders::of(workspace);
        let script = read(&folders.split.join(LOADER))?;
        let parts = loader::parts(&script)?
            .into_iter()
            .map(|part| (part.to_owned(), folders.split.join(part).with_extension("wasm")))
            .collect();
        Ok(Self { main: folders.pruned, parts })
    }
}

/// The folders and files for intermediate results.
struct Folders {
    all: PathBuf,
    /// The output of the splitter.
    split: PathBuf,
    /// The output of wasm-bindgen.
    bound: PathBuf,
    /// The main WebAssembly after pruning, and the names of its imports and exports.
    pruned: PathBuf,
    names: PathBuf,
    /// The generated files, before they get their final names.
    made: PathBuf,
}

impl Folders {
    fn of(workspace: &Workspace) -> Self {
        let all = workspace.pieces();
        let [split, bound, made] = ["split", "bound", "made"].map(|name| all.join(name));
        let (pruned, names) = (bound.join("pruned.wasm"), bound.join("names.json"));
        Self { all, split, bound, pruned, names, made }
    }

    fn empty(&self) -> Result<()> {
        if self.all.exists() {
            fs::remove_dir_all(&self.all).with_context(|| format!("cannot remove {}", self.all.display()))?;
        }
        for folder in [&self.split, &self.bound, &self.made] {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(())
    }
}

/// Replaces what Trunk has written to `dist` (one WebAssembly with its glue) by the same console in several.
pub(crate) fn console(workspace: &Workspace, dist: &Path) -> Result<()> {
    let folders = Folders::of(workspace);
    folders.empty()?;
    take_apart(workspace, &folders)?;
    let pieces = Pieces::of(workspace)?;
    nothing_is_left_over(&folders.split, &pieces)?;

    let index = dist.join(page::INDEX);
    let mut html = read(&index)?;
    let of_trunk = page::start_files(&html).with_context(|| format!("in {}", index.display()))?;

    let optimised = folders.made.join("optimised.wasm");
    optimiser::run(workspace, &pieces.main, &optimised)?;
    let main = put(&optimised, dist, STEM, "_bg.wasm")?;
    let imported = process::output(workspace.command("node").arg("xtask/web/imports.mjs").arg(&optimised))?;
    let mut names = Names::default();
    let mut parts = Vec::new();
    for (part, path) in &pieces.parts {
        optimiser::run(workspace, path, &optimised)?;
        parts.push((part.as_str(), put(&optimised, dist, &names.next(part), ".wasm")?));
    }

    // The glue contains the parts' names and hashes, so it gets its own name after them.
    let glue = format!("{STEM}.js");
    let script = loader::with_files(&read(&folders.split.join(LOADER))?, &parts)?;
    write(&folders.made.join(LOADER), &script)?;
    let bound = loader::with_main(&read(&folders.bound.join(&glue))?, STEM, &main)?;
    write(&folders.made.join(&glue), &loader::with_names(&bound, &read(&folders.names)?, &imported)?)?;
    let bundled = folders.made.join("bundled.js");
    bundle(workspace, &folders.made.join(&glue), &bundled)?;
    loader::check_bundled(&read(&bundled)?, parts.iter().map(|(_, file)| file).chain([&main]))?;
    let glue = put(&bundled, dist, STEM, ".js")?;

    let mut made = vec![(of_trunk.glue, glue), (of_trunk.wasm, main)];
    // Trunk does not minify modules, and does not support all of the language.
    for script in of_trunk.scripts {
        bundle(workspace, &dist.join(&script), &bundled)?;
        let (before, _) = script.rsplit_once('-').with_context(|| format!("there is no hash in {script}"))?;
        let minified = put(&bundled, dist, before, ".js")?;
        made.push((script, minified));
    }

    for (name, new) in made {
        let path = dist.join(&name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        html = page::exchanged(&html, &Loaded { name, integrity: page::integrity(&content) }, &new)?;
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    write(&index, &html)
}

/// Splits the WebAssembly that Cargo has built; the main one gets its glue and loses what nobody reads.
fn take_apart(workspace: &Workspace, folders: &Folders) -> Result<()> {
    process::run(
        workspace
            .command(SPLITTER)
            .args(["--out-name", STEM])
            .arg(workspace.console_wasm())
            .arg(&folders.split),
    )?;
    process::run(
        workspace
            .command("wasm-bindgen")
            // The parts use the function table, which the linker exports.
            .args(["--target", "web", "--keep-lld-exports", "--no-typescript", "--out-name", STEM])
            .arg("--out-dir")
            .arg(&folders.bound)
            .arg(folders.split.join(STEM).with_extension("wasm")),
    )?;
    process::run(
        workspace
            .command("node")
            .arg("xtask/web/prune.mjs")
            .arg(folders.bound.join(format!("{STEM}_bg.wasm")))
            .args([&folders.pruned, &folders.names])
            .args([&folders.bound.join(STEM).with_extension("js"), &folders.split.join(LOADER)]),
    )
}

/// Checks that every WebAssembly is loaded by a script: otherwise, its code would be missing from the console.
fn nothing_is_left_over(folder: &Path, pieces: &Pieces) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", folder.display()))?.path();
        let is_known = path.file_stem().is_some_and(|stem| stem == STEM)
            || pieces.parts.iter().any(|(_, part)| *part == path);
        let is_wasm = path.extension().is_some_and(|extension| extension == "wasm");
        ensure!(!is_wasm || is_known, "no script loads {}", path.display());
    }
    Ok(())
}

fn bundle(workspace: &Workspace, module: &Path, file: &Path) -> Result<()> {
    process::run(workspace.command("node").arg("xtask/web/bundle.mjs").arg(module).arg(file))
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, content: &str) -> Result<()> {
    fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_piece_that_nobody_loads_is_an_error() {
        let scratch = Scratch::new("split-pieces");
        for name in ["credmgr-console.wasm", "split_token.wasm", "__wasm_split.js"] {
            scratch.write(name, "");
        }
        let folder = scratch.path();
        let pieces = Pieces {
            main: folder.join("credmgr-console.wasm"),
            parts: vec![("split_token".to_owned(), folder.join("split_token.wasm"))],
        };
        nothing_is_left_over(folder, &pieces).unwrap();
        scratch.write("chunk_4.wasm", "");
        let error = nothing_is_left_over(folder, &pieces).unwrap_err().to_string();
        assert!(error.contains("chunk_4.wasm"), "{error}");
    }
}
