//! One of these commands beside the steps of another one: what keeps one processor busy takes no time of its own then.

use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// A command that runs. What it prints is kept, and shown when it is waited for.
pub(crate) struct Beside {
    shown: String,
    child: Child,
    log: PathBuf,
}

impl Beside {
    /// Starts `cargo xtask` with these arguments. It stays in our process group, so a Ctrl-C ends both.
    pub(crate) fn start(workspace: &Workspace, arguments: &[&str]) -> Result<Self> {
        let name = arguments.join("-");
        let shown = format!("cargo xtask {}", arguments.join(" "));
        println!("$ {shown} &");
        let log = workspace.notes().join(format!("beside-{name}.log"));
        fs::create_dir_all(workspace.notes()).context("a folder for what commands print")?;
        let output = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        let errors = output.try_clone().context("one file for both outputs")?;
        let us = env::current_exe().context("where this program is")?;
        let child = workspace
            .command(us)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("cannot start `{shown}`"))?;
        Ok(Self { shown, child, log })
    }

    /// Waits for its end and shows what it has printed. A failure of it is one.
    pub(crate) fn finish(mut self) -> Result<()> {
        let status = self.child.wait().with_context(|| format!("waiting for `{}`", self.shown))?;
        let printed = fs::read(&self.log).with_context(|| format!("cannot read {}", self.log.display()))?;
        println!("{}", String::from_utf8_lossy(&printed).trim_end());
        if !status.success() {
            bail!("`{}` failed ({status})", self.shown);
        }
        Ok(())
    }
}
