//! Installing packages of the system, where that is possible without asking anybody.

use std::process::Command;

use anyhow::{Context, Result, bail};
use nix::unistd::Uid;

use crate::process;
use crate::workspace::Workspace;

/// Installs with apt-get, as root or by a sudo that asks for no password.
pub(super) fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let by_hand = format!("install these packages by hand: {}", packages.join(" "));
    if process::find_program(&["apt-get"]).is_none() {
        bail!("there is no apt-get here; {by_hand} (they may be called differently on your system)");
    }
    let as_root = if Uid::effective().is_root() {
        AsRoot::Already
    } else if process::output(workspace.command("sudo").args(["-n", "true"])).is_ok() {
        AsRoot::BySudo
    } else {
        bail!("that takes root, or a sudo that asks for no password; {by_hand}");
    };

    let apt_get = || as_root.command(workspace, "apt-get");
    // Without it, a fresh machine has no list of packages, and an old list names versions that
    // are gone.
    process::run(apt_get().args(["update", "--quiet"])).context(by_hand.clone())?;
    process::run(
        apt_get()
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            // Wait for another apt-get, such as the one of automatic updates.
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(packages),
    )
    .context(by_hand)
}

#[derive(Debug, Clone, Copy)]
enum AsRoot {
    Already,
    BySudo,
}

impl AsRoot {
    fn command(self, workspace: &Workspace, program: &str) -> Command {
        let mut command = match self {
            Self::Already => workspace.command("env"),
            Self::BySudo => {
                let mut command = workspace.command("sudo");
                command.args(["-n", "env"]);
                command
            }
        };
        // By `env`, because sudo drops variables that are set for it.
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    }
}
