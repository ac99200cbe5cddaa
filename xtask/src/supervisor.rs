//! Programs that run until they are stopped.
//!
//! Each gets its own process group, so that a Ctrl-C in the terminal reaches only xtask, which then asks every group to
//! terminate and waits for it, so that nothing is left behind.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::process;

/// How long a program may take to terminate before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// The time within which another Ctrl-C counts as the same one.
const SAME_WISH: Duration = Duration::from_secs(1);

enum Event {
    Interrupted,
    Ended { group: i32, status: std::io::Result<ExitStatus> },
}

/// Starts programs, and stops all of them when one ends or when the user asks for it.
pub(crate) struct Supervisor {
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// The running process groups, with the names to show.
    running: BTreeMap<i32, String>,
}

impl Supervisor {
    /// Takes over Ctrl-C, termination and hang-up. Possible only once per process.
    pub(crate) fn new() -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let interrupted = sender.clone();
        ctrlc::set_handler(move || {
            // Fails only when nobody listens any more: then the program is already ending.
            let _ = interrupted.send(Event::Interrupted);
        })
        .context("cannot take over Ctrl-C")?;
        Ok(Self { sender, events, running: BTreeMap::new() })
    }

    /// Shows and starts a program. Returns its standard output if that was set to be piped.
    pub(crate) fn start(&mut self, command: &mut Command) -> Result<Option<std::process::ChildStdout>> {
        let shown = process::show(command);
        println!("$ {shown}");
        let mut child: Child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start `{shown}`"))?;
        let group = i32::try_from(child.id()).context("a process id beyond what signals take")?;
        let stdout = child.stdout.take();
        self.running.insert(group, shown);
        let sender = self.sender.clone();
        thread::spawn(move || {
            let status = child.wait();
            // As above: nobody listens any more once everything has ended.
            let _ = sender.send(Event::Ended { group, status });
        });
        Ok(stdout)
    }

    /// Waits for Ctrl-C, which counts as success, or for a program to end by itself, which counts as success only if
    /// its exit status does. Then stops all others.
    pub(crate) fn wait(mut self) -> Result<()> {
        let first = self.events.recv().context("nothing was started")?;
        let result = match first {
            Event::Interrupted => {
                println!("\nstopping");
                Ok(())
            }
            Event::Ended { group, status } => {
                let name = self.running.remove(&group).unwrap_or_default();
                match status {
                    Ok(status) if status.success() => {
                        println!("`{name}` has ended");
                        Ok(())
                    }
                    Ok(status) => Err(anyhow::anyhow!("`{name}` failed ({status})")),
                    Err(error) => Err(error).with_context(|| format!("waiting for `{name}`")),
                }
            }
        };
        // The first failure is the one to report: the others may be its consequences.
        let stopped = self.stop();
        result.and(stopped)
    }

    fn stop(&mut self) -> Result<()> {
        self.signal(Signal::SIGTERM);
        let asked = Instant::now();
        let deadline = asked + PATIENCE;
        while !self.running.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(Event::Ended { group, .. }) => {
                    self.running.remove(&group);
                }
                // The same request twice: some programs signal both xtask and its group.
                Ok(Event::Interrupted) if asked.elapsed() < SAME_WISH => {}
                // The user is in a hurry.
                Ok(Event::Interrupted) | Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => unreachable!("we hold a sender ourselves"),
            }
        }
        if !self.running.is_empty() {
            self.signal(Signal::SIGKILL);
            let names: Vec<&str> = self.running.values().map(String::as_str).collect();
            bail!("had to kill `{}`", names.join("`, `"));
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        for &group in self.running.keys() {
            // It is fine if a group has just ended by itself.
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }
}

impl Drop for Supervisor {
    /// For returning early with an error between two starts.
    fn drop(&mut self) {
        if !self.running.is_empty()
            && let Err(error) = self.stop()
        {
            eprintln!("error: {error:#}");
        }
    }
}
