//! wasm-opt, from the npm package binaryen, which processes every WebAssembly of the console, and the order of
//! functions (docs/decisions/0007-order-of-functions.md).

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// The WebAssembly features that the compiler uses beyond the first version.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Optimises for size, and then puts the functions into the order in which they compress best (`xtask/web/order.mjs`).
/// Function names and everything else that is not needed at run time are removed.
pub(super) fn run(workspace: &Workspace, input: &Path, output: &Path) -> Result<()> {
    process::run(&mut command(workspace, input, output))?;
    let named = output.with_extension("named.wasm");
    process::run(workspace.command("node").arg("xtask/web/order.mjs").args([output, &named]))?;
    process::run(command(workspace, &named, output).arg("--reorder-functions-by-name"))
}

/// Does the same but keeps function names, which makes the rest a little larger as well: of functions that differ only
/// by name, not all are merged.
pub(crate) fn run_keeping_names(workspace: &Workspace, input: &Path, output: &Path) -> Result<()> {
    process::run(command(workspace, input, output).arg("--debuginfo"))
}

fn command(workspace: &Workspace, input: &Path, output: &Path) -> Command {
    let mut command = workspace.web_tool("wasm-opt");
    // The last two options remove sections about how it was built.
    command
        .arg("-Oz")
        // The linker places the stack in low memory, and nothing reaches the stack's last bytes.
        .arg("--low-memory-unused")
        .args(FEATURES)
        .args(["--strip-producers", "--strip-target-features"])
        .arg("--output")
        .arg(output)
        .arg(input);
    command
}
