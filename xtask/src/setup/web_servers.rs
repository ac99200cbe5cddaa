//! nginx, Caddy and Apache, with which the tests serve the console: those of the machine, like the browsers.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{apt, found, missing};
use crate::process;
use crate::workspace::Workspace;

/// A web server: its name, the variable that names its program, the names of its programs, and its Debian packages.
struct WebServer {
    name: &'static str,
    variable: &'static str,
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

const NGINX: WebServer = WebServer {
    name: "nginx",
    variable: "NGINX",
    programs: &["nginx"],
    packages: &["nginx", "libnginx-mod-http-brotli-static"],
};
const CADDY: WebServer =
    WebServer { name: "Caddy", variable: "CADDY", programs: &["caddy"], packages: &["caddy"] };
const APACHE: WebServer =
    WebServer { name: "Apache", variable: "APACHE", programs: &["apache2", "httpd"], packages: &["apache2"] };

impl WebServer {
    fn find(&self) -> Option<PathBuf> {
        // On the PATH of administrators only; but anybody can run a web server on a port of their own.
        let for_administrators = || {
            self.programs
                .iter()
                .map(|name| Path::new("/usr/sbin").join(name))
                .find(|program| program.is_file())
        };
        process::find_named(self.variable, self.programs).or_else(for_administrators)
    }

    fn require(&self) -> Result<PathBuf> {
        self.find().with_context(|| format!("{} is missing: run `cargo xtask setup`", self.name))
    }
}

/// Returns the programs by the variables in which the tests look for them, for commands that run after [`ensure`].
pub(crate) fn require() -> Result<Vec<(&'static str, PathBuf)>> {
    [NGINX, CADDY, APACHE].iter().map(|server| Ok((server.variable, server.require()?))).collect()
}

pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    let mut packages = Vec::new();
    for server in [NGINX, CADDY, APACHE] {
        if server.find().is_none() {
            missing(
                server.name,
                "the tests serve the console with it; they start one of their own, so its service can be turned off",
            );
            packages.extend(server.packages);
        }
    }
    if packages.is_empty() && !has_brotli(workspace)? {
        missing("nginx's module for brotli", "the console comes compressed by it");
        packages.extend(NGINX.packages);
    }
    if !packages.is_empty() {
        apt::install(workspace, &packages)
            .context("or install them by hand and name them in the variables NGINX, CADDY and APACHE")?;
    }
    require()?;
    found("nginx, Caddy and Apache");
    Ok(())
}

/// Asks nginx itself: the module may be built in, or loaded as Debian does.
fn has_brotli(workspace: &Workspace) -> Result<bool> {
    let folder = env::temp_dir().join(format!("xtask-nginx-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = folder.join("nginx.conf");
    let pid = folder.join("pid");
    let written = fs::write(
        &file,
        format!(
            "include /etc/nginx/modules-enabled/*.conf;\npid {};\nevents {{}}\nhttp {{\n  access_log off;\n  brotli_static on;\n}}\n",
            pid.display()
        ),
    );
    let accepted = written.is_ok()
        && process::output(
            workspace.command(NGINX.require()?).args(["-t", "-q", "-e", "stderr", "-c"]).arg(&file),
        )
        .is_ok();
    // Leftovers in the temporary directory are no failure.
    let _ = fs::remove_dir_all(&folder);
    Ok(accepted)
}
