//! Programs that run until somebody stops them.
//!
//! Each gets a process group of its own, so that a Ctrl-C in the terminal reaches only us; we then
//! ask every group to terminate and wait for it, and nothing is left behind.

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

/// After this long without obeying, a program is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A second Ctrl-C within this time means no more than the first.
const SAME_WISH: Duration = Duration::from_secs(1);

enum Event {
    Interrupted,
    Ended { group: i32, status: std::io::Result<ExitStatus> },
}

/// Starts programs, and stops all of them when one ends or when we are told to.
pub(crate) struct Supervisor {
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// Process groups that run, with the names to show.
    running: BTreeMap<i32, String>,
}

impl Supervisor {
    /// Takes over Ctrl-C, termination and hang-up. Possible once in a process.
    pub(crate) fn new() -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let interrupted = sender.clone();
        ctrlc::set_handler(move || {
            // Fails only when nobody listens any more: then we are on our way out already.
            let _ = interrupted.send(Event::Interrupted);
        })
        .context("cannot take over Ctrl-C")?;
        Ok(Self { sender, events, running: BTreeMap::new() })
    }

    /// Shows and starts a program. Its standard output is handed out if it was set to be piped.
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
            // As above: nobody listens when everything has ended.
            let _ = sender.send(Event::Ended { group, status });
        });
        Ok(stdout)
    }

    /// Waits for Ctrl-C, which is a good end, or for a program to end by itself, which is good only
    /// if it says so. All the others are stopped then.
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
                // The same wish twice: some programs signal both us and our group.
                Ok(Event::Interrupted) if asked.elapsed() < SAME_WISH => {}
                // Somebody is in a hurry.
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
            // A group that has just ended by itself is what was wanted.
            let _ = killpg(Pid::from_raw(group), signal);
        }
    }
}

impl Drop for Supervisor {
    /// For the way out by an error between two starts.
    fn drop(&mut self) {
        if !self.running.is_empty()
            && let Err(error) = self.stop()
        {
            eprintln!("error: {error:#}");
        }
    }
}
