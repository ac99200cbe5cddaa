//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;
use tracing::Level;

use crate::client::parse_proxy;
use crate::config::{Config, ConsoleFiles, ConsolePath, Limits, parse_origin};
use crate::permissions::Role;
use crate::upstream::{self, UpstreamUrl};

/// The version that `--version` prints.
const VERSION: &str = if cfg!(feature = "embedded-console") {
    concat!(env!("CARGO_PKG_VERSION"), ", with the console")
} else {
    concat!(env!("CARGO_PKG_VERSION"), ", without the console")
};

/// The Credential Manager Console's API server: a REST API for API tokens over SQLite, and the console itself.
#[derive(Debug, Parser)]
#[command(version = VERSION)]
pub struct Cli {
    /// The database file. Serving and `user add` create it if it does not exist.
    #[arg(
        long,
        env = "CREDMGR_DATABASE",
        global = true,
        default_value = "credmgr.sqlite3",
        value_name = "FILE"
    )]
    pub database: PathBuf,

    /// How much to log (to standard error).
    #[arg(long, env = "CREDMGR_LOG", global = true, default_value = "info", value_enum)]
    pub log: LogLevel,

    /// Options for serving.
    #[command(flatten)]
    pub serve: Serve,

    /// A command to run instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Parses the command line. If it is invalid, prints why and ends the process with status 2.
    pub fn read() -> Self {
        let cli = Self::parse();
        // Not declared as a conflict below, because clap would count CREDMGR_DEMO=false as an option that is given.
        if cli.serve.demo && cli.serve.upstream.is_some() {
            let reason = "--demo fills a database, and with --upstream there is none here";
            Self::command().error(ErrorKind::ArgumentConflict, reason).exit();
        }
        cli
    }
}

/// Options of the server.
#[derive(Args, Debug)]
pub struct Serve {
    /// The address and port to listen on, where `health` asks; port 0 picks a free one. The actual address is printed on
    /// standard output.
    // Global, because `health` asks at this address, too.
    #[arg(
        long,
        env = "CREDMGR_LISTEN",
        global = true,
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT"
    )]
    pub listen: SocketAddr,

    /// The folder with the console's files. Without it, the console built into the program is served; if there is none
    /// (see --version), only the API.
    #[arg(long, env = "CREDMGR_DIST", value_name = "DIR")]
    pub dist: Option<PathBuf>,

    /// Forward the API to the Credential Manager at this address (the URL that /api/v1 is under) instead of serving a
    /// database.
    #[arg(long, env = "CREDMGR_UPSTREAM", value_name = "URL",
          conflicts_with_all = ["database", "demo_tokens", "auth_failures_per_minute", "request_seconds"])]
    pub upstream: Option<UpstreamUrl>,

    /// A file with the certificate authorities (PEM) to check the upstream's certificate against, instead of Mozilla's
    /// list.
    #[arg(long, env = "CREDMGR_UPSTREAM_CA", value_name = "FILE", requires = "upstream")]
    pub upstream_ca: Option<PathBuf>,

    /// How long a request to the upstream may take.
    #[arg(long, env = "CREDMGR_UPSTREAM_TIMEOUT", default_value_t = 60, value_name = "SECONDS", requires = "upstream",
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub upstream_timeout: u64,

    /// The path to serve the console under; the console must have been built for the same path.
    #[arg(long, env = "CREDMGR_CONSOLE_PATH", default_value = "/", value_name = "PATH")]
    pub console_path: ConsolePath,

    /// Fill an empty database with demo users, whose passwords are public. Listens on this machine only.
    #[arg(long, env = "CREDMGR_DEMO")]
    pub demo: bool,

    /// Add this many made-up tokens to the demo data.
    #[arg(long, env = "CREDMGR_DEMO_TOKENS", default_value_t = 0, value_name = "N", requires = "demo",
          value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    pub demo_tokens: u32,

    /// An origin whose scripts may call the API. Can be given several times (in the variable: separated by commas).
    #[arg(long = "cors-origin", env = "CREDMGR_CORS_ORIGIN", value_name = "ORIGIN", value_delimiter = ',',
          value_parser = parse_origin)]
    pub cors_origins: Vec<HeaderValue>,

    /// Failed authentications allowed per minute from one address against one account (ten times as many from one
    /// address in total); 0 means no limit.
    #[arg(long, env = "CREDMGR_AUTH_FAILURES_PER_MINUTE", default_value_t = 30, value_name = "N")]
    pub auth_failures_per_minute: u32,

    /// The address of a reverse proxy whose X-Forwarded-For is trusted, or the network of several (10.0.0.0/8). Can be
    /// given several times (in the variable: separated by commas).
    #[arg(
        long = "trusted-proxy",
        env = "CREDMGR_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ',',
        value_parser = parse_proxy
    )]
    pub trusted_proxies: Vec<IpNet>,

    /// How long a request may take.
    #[arg(long, env = "CREDMGR_REQUEST_SECONDS", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub request_seconds: u64,

    /// How long requests in flight may continue after SIGTERM or Ctrl-C.
    #[arg(long, env = "CREDMGR_DRAIN_SECONDS", default_value_t = 10, value_name = "SECONDS")]
    pub drain_seconds: u64,
}

impl Serve {
    /// Returns the configuration that responses depend on.
    pub fn config(&self) -> Config {
        Config {
            console: self.console(),
            console_path: self.console_path.clone(),
            cors_origins: self.cors_origins.clone(),
            auth_failures_per_minute: self.auth_failures_per_minute,
            trusted_proxies: self.trusted_proxies.clone(),
            limits: Limits {
                request_time: Duration::from_secs(self.request_seconds),
                drain_time: Duration::from_secs(self.drain_seconds),
                connections: if self.upstream.is_some() {
                    Limits::CONNECTIONS_WITH_UPSTREAM
                } else {
                    Limits::default().connections
                },
                ..Limits::default()
            },
        }
    }

    /// Returns the settings of the upstream server; `None` if the API is not forwarded.
    pub fn upstream(&self) -> Option<upstream::Settings> {
        let url = self.upstream.clone()?;
        Some(upstream::Settings {
            certificate_authorities: self.upstream_ca.clone(),
            time: Duration::from_secs(self.upstream_timeout),
            ..upstream::Settings::new(url)
        })
    }

    fn console(&self) -> ConsoleFiles {
        match &self.dist {
            Some(folder) => ConsoleFiles::Folder(folder.clone()),
            #[cfg(feature = "embedded-console")]
            None => ConsoleFiles::Embedded,
            #[cfg(not(feature = "embedded-console"))]
            None => ConsoleFiles::Absent,
        }
    }
}

/// The commands besides serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Manage users.
    #[command(subcommand)]
    User(UserCommand),
    /// Copy the database to a new file. Works while the server runs.
    Backup {
        /// The file to create.
        file: PathBuf,
    },
    /// Ask a running server whether it is healthy; fails if it is not. Meant for container health checks, which then
    /// need no other program.
    Health {
        /// The URL to ask; by default /healthz at the address of --listen.
        #[arg(long, value_name = "URL")]
        url: Option<Uri>,
    },
}

/// The commands for users.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user. The password is prompted for, or read from standard input if that is not a terminal.
    Add {
        /// The name to sign in with.
        name: String,
        /// What the user may do.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// Change a user's password. The new one is read as for a new user.
    Password {
        /// The user's name.
        name: String,
    },
    /// Keep a user out: neither the password nor the tokens can be used any more, and nothing is deleted.
    Deactivate {
        /// The user's name.
        name: String,
    },
    /// Let a user who was deactivated in again, also with the tokens.
    Activate {
        /// The user's name.
        name: String,
    },
}

/// The log level.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LogLevel {
    /// Only what needs attention now.
    Error,
    /// Also what may need attention.
    Warn,
    /// Also every request.
    Info,
    /// Also what happens to connections.
    Debug,
}

impl From<LogLevel> for Level {
    fn from(level: LogLevel) -> Self {
        match level {
            LogLevel::Error => Self::ERROR,
            LogLevel::Warn => Self::WARN,
            LogLevel::Info => Self::INFO,
            LogLevel::Debug => Self::DEBUG,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mapped form is what a listener on `[::]` sees; the canonical form is what is compared.
    #[test]
    fn a_proxy_is_the_same_however_its_address_is_written() {
        let proxies = "--trusted-proxy=::ffff:192.0.2.1,::ffff:10.0.0.0/104";
        let arguments = ["credmgr-server", proxies, "--trusted-proxy", "::1"];
        let config = Cli::parse_from(arguments).serve.config();
        let expected: [IpNet; 3] = ["192.0.2.1/32", "10.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap());
        assert_eq!(config.trusted_proxies, expected);
    }
}
