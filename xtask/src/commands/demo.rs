//! The embedded server with demo data.

use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::supervisor::Supervisor;
use crate::workspace::{Profile, Workspace};

/// The users who can sign in to a server with demo data; part of what the server promises.
const USERS: [(&str, &str, &str); 6] = [
    ("root", "root-pass", "internal: everything, everybody's tokens"),
    ("admin", "admin-pass", "admin: everything but internal users' tokens"),
    ("alice", "alice-pass", "regular: her own tokens"),
    ("bob", "bob-pass", "regular: his own tokens"),
    ("carol", "carol-pass", "read-only: her own tokens, without deleting them"),
    ("dave", "dave-pass", "inactive: cannot sign in"),
];

/// The text that the server prints before its address, once it accepts connections.
const LISTENING: &str = "listening on ";

/// Starts the server, with the console of `dist` or without one, and returns its address once it accepts connections.
pub(super) fn start(
    supervisor: &mut Supervisor,
    workspace: &Workspace,
    port: u16,
    dist: Option<&Path>,
) -> Result<String> {
    let database = workspace.demo_database();
    let directory = database.parent().context("the database has no directory to be in")?;
    fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;

    let mut command = workspace.command(workspace.server_program(Profile::Release));
    command.args(["--demo", "--listen", &format!("127.0.0.1:{port}"), "--database"]).arg(&database);
    if let Some(dist) = dist {
        command.arg("--dist").arg(dist);
    }
    let output = supervisor
        .start(command.stdout(Stdio::piped()))?
        .context("the server's output is not ours to read")?;

    let mut lines = BufReader::new(output).lines();
    for line in lines.by_ref() {
        let line = line.context("reading what the server prints")?;
        if let Some(address) = line.strip_prefix(LISTENING) {
            let address = address.trim().to_owned();
            // Keeps reading, or the server would block on a full pipe.
            thread::spawn(move || {
                for line in lines.map_while(Result::ok) {
                    println!("{line}");
                }
            });
            return Ok(address);
        }
        println!("{line}");
    }
    bail!("the server ended before it was listening; it says why above");
}

/// Returns what users need to know now: where to go, in the caller's words, and which users can sign in there.
pub(super) fn welcome(where_to_go: &str) -> String {
    let mut text = format!("\n{where_to_go}\n\n");
    writeln!(text, "  {:8} {:12} may do", "user", "password").expect(STRING_WRITE);
    for (user, password, role) in USERS {
        writeln!(text, "  {user:8} {password:12} {role}").expect(STRING_WRITE);
    }
    text.push_str("\nCtrl-C stops it. The data is kept in .demo; delete that to start afresh.\n");
    text
}

const STRING_WRITE: &str = "writing to a string cannot fail";
