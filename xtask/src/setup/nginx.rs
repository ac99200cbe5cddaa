//! nginx, which the tests of the server put in front of it.

use std::path::Path;

use anyhow::{Result, ensure};

use super::{apt, found, missing};
use crate::process;
use crate::workspace::Workspace;

/// Where Debian has it, which is not in everybody's `PATH`. The tests look there, too.
const ELSEWHERE: [&str; 2] = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"];

fn is_there() -> bool {
    process::find_program(&["nginx"]).is_some() || ELSEWHERE.iter().any(|file| Path::new(file).is_file())
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    if !is_there() {
        missing("nginx", "the server is tested behind it");
        apt::install(workspace, &["nginx-light"])?;
    }
    ensure!(is_there(), "nginx is neither in PATH nor in /usr/sbin");
    found("nginx");
    Ok(())
}
