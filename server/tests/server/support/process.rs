//! The real program, as a process.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Returns a command for the program, without the environment variables that would change what it does.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credmgr-server"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CREDMGR_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs the program to its end with this input.
pub async fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = program(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that rejects its arguments may exit before it reads anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
    timeout(Duration::from_secs(30), child.wait_with_output()).await.expect("the program hangs").unwrap()
}

/// A running server program.
pub struct Serving {
    pub child: Child,
    /// The URL, such as `http://127.0.0.1:40123`.
    pub url: String,
    /// The rest of its standard output.
    pub stdout: BufReader<tokio::process::ChildStdout>,
}

/// Starts the program on a free port, and waits until it announces its address.
pub async fn serve(database: &Path, arguments: &[&str]) -> Serving {
    let mut command = program(&["--listen", "127.0.0.1:0", "--database", database.to_str().unwrap()]);
    command.args(arguments);
    start(command).await
}

/// Starts a server program, and waits until it announces its address.
pub async fn start(mut command: Command) -> Serving {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    timeout(Duration::from_secs(60), stdout.read_line(&mut line)).await.expect("it does not start").unwrap();
    let url = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line:?}")).trim_end().to_owned();
    Serving { child, url, stdout }
}
