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

const NGINX: WebServer =
    WebServer { name: "nginx", variable: "NGINX", programs: &["nginx"], packages: &["nginx"] };
const CADDY: WebServer =
    WebServer { name: "Caddy", variable: "CADDY", programs: &["caddy"], packages: &["caddy"] };
const APACHE: WebServer =
    WebServer { name: "Apache", variable: "APACHE", programs: &["apache2", "httpd"], packages: &["apache2"] };

/// The Debian package of nginx's module for files that are compressed beforehand.
const BROTLI: &str = "libnginx-mod-http-brotli-static";

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

/// Installs the web servers that the console is served with.
pub(super) fn ensure(workspace: &Workspace) -> Result<()> {
    install_missing(workspace, &[NGINX, CADDY, APACHE])?;
    ensure_brotli(|| check_brotli(workspace), || install_brotli(workspace))?;
    found("nginx, Caddy and Apache");
    Ok(())
}

/// Installs nginx, which the tests of the server need; with whatever modules.
pub(super) fn ensure_nginx(workspace: &Workspace) -> Result<()> {
    install_missing(workspace, &[NGINX])?;
    found("nginx");
    Ok(())
}

fn install_missing(workspace: &Workspace, servers: &[WebServer]) -> Result<()> {
    let mut packages = Vec::new();
    for server in servers.iter().filter(|server| server.find().is_none()) {
        missing(
            server.name,
            "the tests serve the console with it; they start one of their own, so its service can be turned off",
        );
        packages.extend(server.packages);
    }
    if !packages.is_empty() {
        apt::install(workspace, &packages)
            .context("or install them by hand and name them in the variables NGINX, CADDY and APACHE")?;
    }
    servers.iter().try_for_each(|server| server.require().map(drop))
}

/// Installs the module for brotli if the check fails, and checks again: it may not belong to the nginx that was found.
fn ensure_brotli(check: impl Fn() -> Result<()>, install: impl FnOnce() -> Result<()>) -> Result<()> {
    const BY_HAND: &str = "or name an nginx that knows `brotli_static` in the variable NGINX";
    if check().is_ok() {
        return Ok(());
    }
    missing("nginx's module for brotli", "the console comes compressed by it");
    install().context(BY_HAND)?;
    check().context(BY_HAND)
}

fn install_brotli(workspace: &Workspace) -> Result<()> {
    apt::install(workspace, &[BROTLI])
}

/// Has nginx itself say whether it has the module: it may be built in, or loaded as Debian does. The tests load it in the
/// same way.
fn check_brotli(workspace: &Workspace) -> Result<()> {
    let folder = env::temp_dir().join(format!("xtask-nginx-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let file = folder.join("nginx.conf");
    let pid = folder.join("pid");
    let configuration = format!(
        "include /etc/nginx/modules-enabled/*.conf;\npid {};\nevents {{}}\nhttp {{\n  access_log off;\n  brotli_static on;\n}}\n",
        pid.display()
    );
    let accepted = NGINX.require().and_then(|nginx| {
        fs::write(&file, configuration).with_context(|| format!("cannot write {}", file.display()))?;
        process::output(workspace.command(nginx).args(["-t", "-q", "-e", "stderr", "-c"]).arg(&file))
    });
    // Leftovers in the temporary directory are no failure.
    let _ = fs::remove_dir_all(&folder);
    accepted.map(drop)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use anyhow::bail;

    use super::*;

    #[test]
    fn the_module_for_brotli_is_installed_once_and_looked_at_again() {
        for (there, helps, expected, installations) in
            [(true, false, true, 0), (false, true, true, 1), (false, false, false, 1)]
        {
            let (is_there, count) = (Cell::new(there), Cell::new(0));
            let check = || if is_there.get() { Ok(()) } else { bail!("unknown directive \"brotli_static\"") };
            let install = || {
                count.set(count.get() + 1);
                is_there.set(helps);
                Ok(())
            };
            let result = ensure_brotli(check, install);
            assert_eq!((result.is_ok(), count.get()), (expected, installations));
            if let Err(error) = result {
                let error = format!("{error:#}");
                assert!(error.contains("NGINX") && error.contains("unknown directive"), "{error}");
            }
        }
    }
}
