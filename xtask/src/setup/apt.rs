//! Installs packages of the operating system, where that is possible without asking anybody.

use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::unistd::Uid;

use crate::output::{self, say};
use crate::process;
use crate::versions::Version;
use crate::workspace::Workspace;

/// How long to wait for another apt-get, such as that of automatic updates.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long to wait before trying again.
const PAUSE: Duration = Duration::from_secs(5);

/// Installs packages with apt-get, as root or with a sudo that asks for no password.
pub(super) fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let by_hand = format!("install these packages by hand: {}", packages.join(" "));
    if process::find_program(&["apt-get"]).is_none() {
        bail!("there is no apt-get here; {by_hand} (they may be called differently on your system)");
    }
    let Some(as_root) = AsRoot::find(workspace) else {
        bail!("that takes root, or a sudo that asks for no password; {by_hand}");
    };
    // Without it, a fresh machine has no package lists, and old lists name versions that no longer exist.
    if let Err(error) = update(workspace, as_root) {
        // If one of the machine's other package sources is down, that need not matter for these packages.
        say(format_args!("{error:#}; trying with the lists that are there"));
    }
    process::run(
        as_root
            .command(workspace, "apt-get")
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            .args(["-o", &format!("DPkg::Lock::Timeout={}", PATIENCE.as_secs())])
            .args(packages),
    )
    .context(by_hand)
}

/// Returns the version of a package that would be installed, if apt-get knows the package.
pub(super) fn candidate(workspace: &Workspace, package: &str) -> Option<Version> {
    let look = || {
        let mut policy = workspace.command("env");
        candidate_in(&process::output(policy.args(["LC_ALL=C", "apt-cache", "policy", package])).ok()?)
    };
    look().or_else(|| {
        process::find_program(&["apt-get"])?;
        // The second look shows whether it helped.
        let _ = update(workspace, AsRoot::find(workspace)?);
        look()
    })
}

/// Parses the version in the output of `apt-cache policy`: `  Candidate: 18.20.4+dfsg-1~deb12u3`.
fn candidate_in(policy: &str) -> Option<Version> {
    let candidate = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    let (_, candidate) = candidate.split_once(':').unwrap_or(("", candidate));
    candidate.split('~').next()?.parse().ok()
}

/// Has apt-get update its package lists.
fn update(workspace: &Workspace, as_root: AsRoot) -> Result<()> {
    when_unlocked(PATIENCE, PAUSE, || {
        process::run(as_root.command(workspace, "apt-get").args(["update", "--quiet"]))
    })
}

/// Runs apt-get, and retries while another one holds the lock of the package lists, for which apt-get has no time-out.
fn when_unlocked(patience: Duration, pause: Duration, mut apt_get: impl FnMut() -> Result<()>) -> Result<()> {
    let started = Instant::now();
    let mut is_told = false;
    loop {
        let (result, printed) = output::keep(&mut apt_get)?;
        if result.is_err() && is_locked(&printed) && started.elapsed() < patience {
            if !is_told {
                say("another apt-get is at work; waiting for it");
                is_told = true;
            }
            sleep(pause);
        } else {
            say(printed.trim_end());
            return result;
        }
    }
}

/// Whether a lock is the reason why apt-get failed, according to its English message.
fn is_locked(printed: &str) -> bool {
    printed.contains("Could not get lock") || printed.contains("Unable to lock directory")
}

#[derive(Debug, Clone, Copy)]
enum AsRoot {
    Already,
    BySudo,
}

impl AsRoot {
    fn find(workspace: &Workspace) -> Option<Self> {
        if Uid::effective().is_root() {
            return Some(Self::Already);
        }
        let may = process::output(workspace.command("sudo").args(["-n", "true"])).is_ok();
        may.then_some(Self::BySudo)
    }

    fn command(self, workspace: &Workspace, program: &str) -> Command {
        let mut command = match self {
            Self::Already => workspace.command("env"),
            Self::BySudo => {
                let mut command = workspace.command("sudo");
                command.args(["-n", "env"]);
                command
            }
        };
        // Through `env`, because sudo drops the variables of its own environment.
        command.args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", program]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: &str =
        "echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 12 (apt-get)' >&2";

    /// Runs this script in place of apt-get; its variable `$n` is the number of earlier runs.
    fn tries(patience: Duration, script: &str) -> (Result<()>, u32, String) {
        let mut count = 0;
        let (result, printed) = output::keep(|| {
            when_unlocked(patience, Duration::ZERO, || {
                count += 1;
                process::run(Command::new("sh").args(["-c", script]).env("n", (count - 1).to_string()))
            })
        })
        .unwrap();
        (result, count, printed)
    }

    #[test]
    fn another_apt_get_is_waited_for() {
        let script = format!("[ $n -ge 3 ] || {{ {LOCKED}; exit 100; }}");
        let (result, count, printed) = tries(PATIENCE, &script);
        result.unwrap();
        assert_eq!((count, printed.matches("waiting for it").count()), (4, 1), "{printed}");
    }

    #[test]
    fn but_not_for_ever_and_for_nothing_else() {
        let (result, count, printed) = tries(Duration::ZERO, &format!("{LOCKED}; exit 100"));
        assert!(result.is_err() && printed.contains("process 12"), "{printed}");
        assert_eq!(count, 1);
        let (result, count, printed) =
            tries(PATIENCE, "echo 'E: The repository has no Release file.'; exit 100");
        assert!(result.is_err() && printed.contains("Release file"), "{printed}");
        assert_eq!(count, 1);
    }

    #[test]
    fn what_would_be_installed() {
        let policy = |version: &str| {
            format!("nodejs:\n  Installed: (none)\n  Candidate: {version}\n  Version table:\n")
        };
        for (version, expected) in [
            ("18.20.4+dfsg-1~deb12u3", Some(Version::new(18, 20, 4))),
            ("20.20.2-1nodesource1", Some(Version::new(20, 20, 2))),
            ("1:20.19.2~dfsg-1", Some(Version::new(20, 19, 2))),
            ("(none)", None),
        ] {
            assert_eq!(candidate_in(&policy(version)), expected, "{version}");
        }
        assert_eq!(candidate_in(""), None);
    }
}
