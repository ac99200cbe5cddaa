//! Running programs: each is shown first, and an error says which one failed.

use std::env;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::output::{redirect, say};

/// Shows and runs a program, whose output is printed; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    say(format_args!("$ {shown}"));
    redirect(command)?;
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Like [`run`], and also returns what was written to standard output.
pub(crate) fn run_and_read(command: &mut Command) -> Result<String> {
    let shown = show(command);
    say(format_args!("$ {shown}"));
    redirect(command)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let mut read = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.with_context(|| format!("reading what `{shown}` prints"))?;
            let line = String::from_utf8_lossy(&line);
            say(&line);
            read.push_str(&line);
            read.push('\n');
        }
    }
    let status = child.wait().with_context(|| format!("waiting for `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(read)
}

/// Runs a program silently and returns what it wrote to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    match try_output(command)? {
        Some(text) => Ok(text),
        None => bail!("`{}` is not installed", show(command)),
    }
}

/// Like [`output`], but `None` if the program does not exist.
pub(crate) fn try_output(command: &mut Command) -> Result<Option<String>> {
    let shown = show(command);
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot start `{shown}`")),
    };
    if !output.status.success() {
        bail!("`{shown}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("`{shown}` printed something that is not UTF-8"))?;
    Ok(Some(text))
}

/// Returns the program named by an environment variable, or the first of these on `PATH`. The variable takes
/// precedence: it is the only way on systems where the names differ.
pub(crate) fn find_named(variable: &str, names: &[&str]) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).or_else(|| find_program(names))
}

/// Returns the first of these programs that is on `PATH`.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let directories: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)))
        .find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

/// Returns the command as one would type it: program and arguments, without directory and environment.
pub(crate) fn show(command: &Command) -> String {
    let program = Path::new(command.get_program());
    // The full path of Cargo or of an npm tool is noise.
    let program = program.file_name().unwrap_or(program.as_os_str());
    let mut shown = program.to_string_lossy().into_owned();
    for argument in command.get_args() {
        shown.push(' ');
        shown.push_str(&argument.to_string_lossy());
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_one_would_type() {
        let mut command = Command::new("/some/where/cargo");
        command.args(["build", "--release"]);
        assert_eq!(show(&command), "cargo build --release");
    }

    #[test]
    fn a_failure_names_the_program_and_its_words() {
        let error = output(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        let error = error.to_string();
        assert!(error.contains("exit 3") && error.contains("why"), "{error}");
    }

    #[test]
    fn what_is_read_is_what_was_printed() {
        let read = run_and_read(Command::new("sh").args(["-c", "echo one; echo two"])).unwrap();
        assert_eq!(read, "one\ntwo\n");
        assert!(run_and_read(Command::new("sh").args(["-c", "echo one; exit 3"])).is_err());
    }

    #[test]
    fn a_missing_program_is_no_failure_when_asked_for() {
        let missing = &mut Command::new("no-program-has-this-name");
        assert!(try_output(missing).unwrap().is_none());
        assert!(output(missing).is_err());
        assert!(run(missing).is_err());
        assert!(find_program(&["no-program-has-this-name"]).is_none());
    }

    #[test]
    fn finds_the_first_program_that_exists() {
        let found = find_program(&["no-program-has-this-name", "sh"]).unwrap();
        assert!(found.ends_with("sh"));
    }
}
