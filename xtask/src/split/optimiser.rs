//! wasm-opt, of the npm package binaryen, as every WebAssembly of the console passes through it, and the order of functions
//! (docs/decisions/0007-order-of-functions.md).

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// What the compiler uses of WebAssembly, beyond its first version.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For size, and then once more with the functions in the order in which they compress best (`xtask/web/order.mjs`). Names
/// of functions and all else that is not needed to run are left out.
pub(super) fn run(workspace: &Workspace, input: &Path, output: &Path) -> Result<()> {
    process::run(&mut command(workspace, input, output))?;
    let named = output.with_extension("named.wasm");
    process::run(workspace.command("node").arg("xtask/web/order.mjs").args([output, &named]))?;
    process::run(command(workspace, &named, output).arg("--reorder-functions-by-name"))
}

/// The same with the names of functions, which makes it a little larger by the rest as well: of functions that differ by
/// name only, not all become one.
pub(crate) fn run_keeping_names(workspace: &Workspace, input: &Path, output: &Path) -> Result<()> {
    process::run(command(workspace, input, output).arg("--debuginfo"))
}

fn command(workspace: &Workspace, input: &Path, output: &Path) -> Command {
    let mut command = workspace.web_tool("wasm-opt");
    // The last two are sections that tell of how it was made.
    command
        .arg("-Oz")
        // The linker puts the stack there, whose last bytes nothing reaches.
        .arg("--low-memory-unused")
        .args(FEATURES)
        .args(["--strip-producers", "--strip-target-features"])
        .arg("--output")
        .arg(output)
        .arg(input);
    command
}
