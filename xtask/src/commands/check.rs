//! `cargo xtask check`: everything that can be checked without running the console.

use std::process::ExitCode;

use anyhow::Result;

use crate::build;
use crate::plan::{Lane, Plan};
use crate::process;
use crate::setup::{Need, NeedSteps};
use crate::split;
use crate::workspace::{CONSOLE_PACKAGE, WASM_TARGET, Workspace};

/// The lanes for Cargo and for Node, which keeps one processor busy.
const CARGO_LANE: Lane = Lane("cargo");
const NODE_LANE: Lane = Lane("node");

pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode> {
    let mut plan = Plan::default();
    let needs =
        NeedSteps::add(&mut plan, workspace, &[Need::RustComponents, Need::WasmTarget, Need::WebPackages]);
    let rust = needs.of(&[Need::RustComponents]);
    let rust_for_wasm = needs.of(&[Need::RustComponents, Need::WasmTarget]);
    let web = needs.of(&[Need::WebPackages]);

    plan.add_in(CARGO_LANE, "rustfmt", &rust, || {
        process::run(workspace.cargo().args(["fmt", "--all", "--check"]))
    });
    // An argument to clippy turns warnings into errors, not RUSTFLAGS, which would recompile all dependencies.
    plan.add_in(CARGO_LANE, "clippy", &rust, || {
        let mut cargo = workspace.cargo();
        cargo.args(["clippy", "--workspace", "--all-targets"]);
        build::with_console_inside(&mut cargo);
        process::run(cargo.args(["--", "-D", "warnings"]))
    });
    // Without the library's unit tests: these are for the host, like the crates they use.
    plan.add_in(CARGO_LANE, "clippy for WebAssembly", &rust_for_wasm, || {
        process::run(
            workspace
                .cargo_for_console()
                .args(["clippy", "--package", CONSOLE_PACKAGE, "--target", WASM_TARGET])
                .args(["--lib", "--bins", "--test", "*", "--", "-D", "warnings"]),
        )
    });
    // A release is compiled differently from what is tested and developed with.
    plan.add_in(CARGO_LANE, "clippy for a release", &rust_for_wasm, || {
        process::run(
            workspace
                .cargo_for_console()
                .args(["clippy", "--package", CONSOLE_PACKAGE, "--target", WASM_TARGET, "--lib", "--bins"])
                .args(["--features", split::FEATURE, "--", "-D", "warnings"]),
        )
    });
    // Includes private items: most of the documentation is there, and its links break just as easily.
    plan.add_in(CARGO_LANE, "rustdoc", &[], || {
        let mut cargo = workspace.cargo();
        cargo.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
        build::with_console_inside(&mut cargo);
        process::run(cargo.env("RUSTDOCFLAGS", "-D warnings"))
    });
    plan.add_in(NODE_LANE, "format of web files and documents", &web, || {
        process::run(workspace.web_tool("prettier").args(["--check", "."]))
    });
    plan.add_in(NODE_LANE, "types of scripts and browser tests", &web, || {
        for project in ["tests/e2e", "tests/bench", "web", "xtask/web"] {
            process::run(workspace.web_tool("tsc").args(["--project", project]))?;
        }
        Ok(())
    });
    plan.add_in(NODE_LANE, "lints of scripts and browser tests", &web, || {
        let folders = ["tests/e2e", "tests/bench", "web", "style", "xtask/web"];
        process::run(workspace.web_tool("eslint").args(["--max-warnings", "0"]).args(folders))
    });
    plan.add_in(NODE_LANE, "links in documents", &web, || {
        process::run(workspace.web_tool("remark").args(["--frail", "--quiet", "--no-stdout", "."]))
    });
    Ok(plan.run())
}
