//! Finds the tools that a command needs, and installs the missing ones.
//!
//! Each need is checked first, which takes a fraction of a second if it is met. If it is not, what is installed, and
//! what for, is printed before it happens; if installing is impossible, the error says what to do by hand.

mod apt;
pub(crate) mod cargo_tools;
pub(crate) mod chromium;
pub(crate) mod firefox;
pub(crate) mod headless_shell;
mod rust;
mod web;
pub(crate) mod web_servers;

use anyhow::{Result, bail};

use crate::plan::{Plan, StepId};
use crate::workspace::Workspace;

/// A tool that has to be installed on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// rustfmt and clippy.
    RustComponents,
    /// The compiler's libraries for WebAssembly.
    WasmTarget,
    /// The sources of all dependencies: Trunk runs Cargo offline.
    Crates,
    /// Trunk, which builds the console.
    Trunk,
    /// wasm-bindgen in the version of the lock file, with its test runner.
    WasmBindgen,
    /// wasm-split-cli in the version of the lock file.
    Splitter,
    /// Node and the npm packages of the lock file: wasm-opt, esbuild, Playwright, Prettier and so on.
    WebPackages,
    /// Chromium and the driver that belongs to it.
    Chromium,
    /// Chromium's headless shell.
    HeadlessShell,
    /// Firefox.
    Firefox,
    /// The driver for Firefox.
    Geckodriver,
    /// nginx, with whatever modules.
    Nginx,
    /// nginx with its module for brotli, Caddy and Apache.
    WebServers,
    /// cargo-deny.
    CargoDeny,
    /// twiggy.
    Twiggy,
}

/// Everything needed to build the console.
pub(crate) const TO_BUILD: [Need; 6] =
    [Need::WasmTarget, Need::Crates, Need::Trunk, Need::WasmBindgen, Need::Splitter, Need::WebPackages];

/// Everything that any command needs, except what only `deny` and `size --crates` need, which compiles for minutes.
pub(crate) const ALL: [Need; 12] = [
    Need::RustComponents,
    Need::WasmTarget,
    Need::Crates,
    Need::Trunk,
    Need::WasmBindgen,
    Need::Splitter,
    Need::WebPackages,
    Need::Chromium,
    Need::HeadlessShell,
    Need::Firefox,
    Need::Geckodriver,
    Need::WebServers,
];

impl Need {
    fn name(self) -> &'static str {
        match self {
            Self::RustComponents => "rustfmt and clippy",
            Self::WasmTarget => "WebAssembly target",
            Self::Crates => "crates",
            Self::Trunk => "trunk",
            Self::WasmBindgen => "wasm-bindgen",
            Self::Splitter => "wasm-split-cli",
            Self::WebPackages => "npm packages",
            Self::Chromium => "Chromium",
            Self::HeadlessShell => "headless shell",
            Self::Firefox => "Firefox",
            Self::Geckodriver => "geckodriver",
            Self::Nginx => "nginx",
            Self::WebServers => "web servers",
            Self::CargoDeny => "cargo-deny",
            Self::Twiggy => "twiggy",
        }
    }

    fn ensure(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::RustComponents => rust::ensure_components(workspace),
            Self::WasmTarget => rust::ensure_wasm_target(workspace),
            Self::Crates => rust::ensure_crates(workspace),
            Self::Trunk => cargo_tools::ensure_trunk(workspace),
            Self::WasmBindgen => cargo_tools::ensure_wasm_bindgen(workspace),
            Self::Splitter => cargo_tools::ensure_splitter(workspace),
            Self::WebPackages => web::ensure(workspace),
            Self::Chromium => chromium::ensure(workspace),
            Self::HeadlessShell => headless_shell::ensure(workspace),
            Self::Firefox => firefox::ensure(workspace),
            Self::Geckodriver => cargo_tools::ensure_geckodriver(workspace),
            Self::Nginx => web_servers::ensure_nginx(workspace),
            Self::WebServers => web_servers::ensure(workspace),
            Self::CargoDeny => cargo_tools::ensure_deny(workspace),
            Self::Twiggy => cargo_tools::ensure_twiggy(workspace),
        }
    }
}

/// Meets all of the needs, or fails naming every one that cannot be met.
pub(crate) fn ensure(workspace: &Workspace, needs: &[Need]) -> Result<()> {
    let mut unmet = Vec::new();
    for need in needs {
        if let Err(error) = need.ensure(workspace) {
            unmet.push(format!("{}: {error:#}", need.name()));
        }
    }
    if !unmet.is_empty() {
        bail!("this machine lacks\n  {}", unmet.join("\n  "));
    }
    Ok(())
}

/// Needs as steps of a plan, so that only what depends on an unmet one fails.
pub(crate) struct NeedSteps(Vec<(Need, StepId)>);

impl NeedSteps {
    pub(crate) fn add<'a>(plan: &mut Plan<'a>, workspace: &'a Workspace, needs: &[Need]) -> Self {
        let mut steps: Vec<(Need, StepId)> = Vec::new();
        for &need in needs {
            if steps.iter().all(|(added, _)| *added != need) {
                let name = format!("set-up: {}", need.name());
                let step = plan.add(name, &[], move || need.ensure(workspace));
                steps.push((need, step));
            }
        }
        Self(steps)
    }

    /// Returns the steps that meet these needs.
    ///
    /// # Panics
    /// If one of them was not added: a step would run without what it needs.
    pub(crate) fn of(&self, needs: &[Need]) -> Vec<StepId> {
        needs
            .iter()
            .map(|need| {
                let step = self.0.iter().find(|(added, _)| added == need);
                step.unwrap_or_else(|| panic!("{need:?} was not added to the plan")).1
            })
            .collect()
    }
}

fn found(what: impl std::fmt::Display) {
    println!("found    {what}");
}

fn missing(what: impl std::fmt::Display, purpose: &str) {
    println!("missing  {what} ({purpose}); installing it");
}
