//! The destination of a step's output: the terminal, or, for one of several steps that run in parallel, a file that is
//! shown when the step is over.
//!
//! The destination is per thread: each step that runs beside others has its own thread.

use std::cell::RefCell;
use std::env;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};

thread_local! {
    /// The file that this thread prints to; `None` for the terminal.
    static KEPT: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Prints a line.
///
/// # Panics
/// If the line cannot be written, like `println!`.
pub(crate) fn say(line: impl Display) {
    KEPT.with_borrow_mut(|kept| match kept {
        Some(file) => writeln!(file, "{line}").expect("what a step prints can be kept"),
        None => println!("{line}"),
    });
}

/// Redirects a program's output to where this thread prints.
pub(crate) fn redirect(command: &mut Command) -> Result<()> {
    KEPT.with_borrow(|kept| {
        if let Some(file) = kept {
            let copy = || file.try_clone().context("cannot keep what a program prints");
            command.stdout(copy()?).stderr(copy()?);
        }
        Ok(())
    })
}

/// Runs `work` on this thread, and returns its result together with what it printed.
///
/// Uses a file, not a pipe: a program that outlives the one that started it would keep the pipe open for ever.
pub(crate) fn keep<T>(work: impl FnOnce() -> T) -> Result<(T, String)> {
    let file = temporary().context("cannot keep what a step prints")?;
    let mut written = file.try_clone().context("cannot read what a step prints")?;
    let before = KEPT.replace(Some(file));
    let result = work();
    KEPT.replace(before);
    let mut text = Vec::new();
    written
        .rewind()
        .and_then(|()| written.read_to_end(&mut text))
        .context("cannot read what a step printed")?;
    Ok((result, String::from_utf8_lossy(&text).into_owned()))
}

/// Creates a file without a name.
fn temporary() -> io::Result<File> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = env::temp_dir().join(format!("xtask-output-{}-{number}", process::id()));
    let file = File::options().read(true).append(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{run, run_and_read};

    #[test]
    fn lines_and_programs_are_kept_in_their_order() {
        let (result, printed) = keep(|| {
            say("first");
            run(Command::new("sh").args(["-c", "echo out; echo err >&2"]))?;
            run_and_read(Command::new("sh").args(["-c", "echo read"]))
        })
        .unwrap();
        assert_eq!(result.unwrap(), "read\n");
        assert_eq!(printed, "first\n$ sh -c echo out; echo err >&2\nout\nerr\n$ sh -c echo read\nread\n");
    }

    #[test]
    fn what_one_keeps_is_not_anothers() {
        let ((_, inner), outer) = keep(|| {
            say("outside");
            keep(|| say("inside")).unwrap()
        })
        .unwrap();
        assert_eq!((inner.as_str(), outer.as_str()), ("inside\n", "outside\n"));
    }

    #[test]
    fn a_program_that_stays_is_not_waited_for() {
        let (result, printed) = keep(|| run(Command::new("sh").args(["-c", "sleep 60 & echo $!"]))).unwrap();
        result.unwrap();
        let pid = printed.lines().last().unwrap();
        assert!(Command::new("kill").arg(pid).status().unwrap().success(), "it had ended: {printed}");
    }
}
