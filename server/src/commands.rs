//! The program's commands: serve, manage users, back up, check health.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail, ensure};
use axum::Router;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use crate::app::App;
use crate::cli::{Cli, Command, Serve, UserCommand};
use crate::config::Config;
use crate::db::Database;
use crate::db::users::NewUser;
use crate::password::{self, Password};
use crate::permissions::Role;
use crate::timestamp::Timestamp;
use crate::upstream::{Upstream, UpstreamUrl};
use crate::{demo, health, listen, static_files};

/// The time within which a repeated stop signal counts as the same one: some programs signal both a process and its
/// group.
const SAME_WISH: Duration = Duration::from_secs(1);

/// Why a command failed, in words for the person at the terminal.
#[derive(Debug)]
pub enum Failure {
    /// The options are wrong, so another attempt with the same ones would fail as well.
    Options(anyhow::Error),
    /// Anything else.
    Other(anyhow::Error),
}

impl Failure {
    /// Returns the status of the program.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            // As for options that cannot be parsed.
            Self::Options(_) => ExitCode::from(2),
            Self::Other(_) => ExitCode::FAILURE,
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Options(error) | Self::Other(error)) = self;
        write!(f, "{error:#}")
    }
}

/// Runs the command that was given.
///
/// # Errors
/// Why the command failed.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    let database = &cli.database;
    let done = match cli.command {
        None => return serve(database, &cli.serve).await,
        Some(Command::Health { url }) => health::ask(url, cli.serve.listen).await,
        Some(_) if cli.serve.upstream.is_some() => {
            return Err(Failure::Options(anyhow!(
                "with --upstream there is no database here, so users and backups are the upstream's business"
            )));
        }
        Some(Command::User(command)) => match command {
            UserCommand::Add { name, role } => add_user(database, &name, role).await,
            UserCommand::Password { name } => change_password(database, &name).await,
            UserCommand::Deactivate { name } => set_active(database, &name, false).await,
            UserCommand::Activate { name } => set_active(database, &name, true).await,
        },
        Some(Command::Backup { file }) => back_up(database, &file).await,
    };
    Ok(done?)
}

async fn serve(path: &Path, options: &Serve) -> Result<(), Failure> {
    if options.demo {
        ensure_this_machine_only("--demo has users whose passwords everybody knows", options)?;
    }
    let config = options.config();
    static_files::check(&config.console, &config.console_path).map_err(Failure::Options)?;
    if let Some(settings) = options.upstream() {
        warn_of_plain_text(&settings.url);
        let upstream = Upstream::new(settings, config.limits.clone()).map_err(Failure::Options)?;
        return Ok(listen(options, upstream.router(&config), &config).await?);
    }
    let database = Database::open(path).await?;
    prepare(&database, path, options).await?;
    if database.is_demo().await.map_err(anyhow::Error::from)? {
        ensure_this_machine_only(
            "the database was filled by --demo with users whose passwords everybody knows",
            options,
        )?;
    }
    let router = App::new(database.clone(), config.clone())?.router();
    listen(options, router, &config).await?;
    database.close().await;
    Ok(())
}

/// Refuses to listen for other machines.
fn ensure_this_machine_only(reason: &str, options: &Serve) -> Result<(), Failure> {
    if options.listen.ip().is_loopback() {
        return Ok(());
    }
    let listen = options.listen;
    Err(Failure::Options(anyhow!("{reason}, so it is served on this machine only, not on {listen}")))
}

/// Warns if the upstream is reached in plain text. That is not refused, because something beside this server may
/// encrypt the traffic; but nobody should send passwords over a network in plain text without knowing it.
fn warn_of_plain_text(url: &UpstreamUrl) {
    if !url.is_encrypted() && !url.is_loopback() {
        warn!(
            "passwords and tokens are sent to {url} unencrypted, unless something in between encrypts them"
        );
    }
}

/// Serves until the process is asked to stop.
///
/// # Errors
/// The server cannot listen, or was asked to stop a second time before all requests were answered.
async fn listen(options: &Serve, router: Router, config: &Config) -> anyhow::Result<()> {
    // Before listening: as soon as the address is printed, a signal must shut the server down gracefully.
    let (mut stop, mut again) = (StopSignals::new()?, StopSignals::new()?);
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    announce(listener.local_addr()?)?;
    let again = async {
        again.next().await;
        let first = Instant::now();
        while first.elapsed() < SAME_WISH {
            again.next().await;
        }
    };
    tokio::select! {
        () = listen::serve(listener, router, config, stop.next()) => Ok(()),
        () = again => bail!("asked to stop a second time, so requests that were under way are cut off"),
    }
}

/// Makes sure that there is a user who can sign in.
async fn prepare(database: &Database, path: &Path, options: &Serve) -> anyhow::Result<()> {
    if database.has_no_users().await? {
        ensure!(
            options.demo,
            "the database has no users yet; add the first one with\n    \
             credmgr-server user add NAME --role internal --database {}\n\
             or look around with --demo",
            path.display()
        );
        if demo::fill(database, options.demo_tokens).await? {
            info!("filled the empty database with the demonstration");
        }
    } else if options.demo_tokens > 0 {
        warn!("the database is not empty, so --demo-tokens adds nothing");
    }
    Ok(())
}

/// Prints the address. This is the only line on standard output; people and programs that start the server read it.
fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "listening on http://{address}")?;
    stdout.flush()?;
    Ok(())
}

/// Stop signals: SIGTERM and Ctrl-C. Every instance receives each of them.
struct StopSignals {
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    interrupt: Signal,
}

impl StopSignals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Completes at the next stop signal.
    async fn next(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        // If Ctrl-C cannot be handled, it ends the process by itself.
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

async fn add_user(path: &Path, name: &str, role: Role) -> anyhow::Result<()> {
    check_username(name)?;
    let password = Password::chosen(read_password()?)?;
    let password_hash = password::hash(&password)?;
    let database = Database::open(path).await?;
    let user = NewUser {
        username: name,
        password_hash: &password_hash,
        role,
        is_active: true,
        now: Timestamp::now(),
    };
    let added = database.add_user(user).await?;
    database.close().await;
    match added {
        Some(id) => eprintln!("added user {name} with id {id}"),
        None => bail!("there is a user {name} already"),
    }
    Ok(())
}

async fn change_password(path: &Path, name: &str) -> anyhow::Result<()> {
    let database = Database::open_existing(path).await?;
    // Before anybody types a password for nothing.
    let found = database.user_and_hash(name).await?;
    ensure!(found.is_some(), "there is no user {name}");
    let password = Password::chosen(read_password()?)?;
    let changed = database.set_password(name, &password::hash(&password)?, Timestamp::now()).await?;
    database.close().await;
    ensure!(changed, "there is no user {name}");
    eprintln!("changed the password of {name}; their tokens are as they were");
    Ok(())
}

async fn set_active(path: &Path, name: &str, is_active: bool) -> anyhow::Result<()> {
    let database = Database::open_existing(path).await?;
    let changed = database.set_active(name, is_active, Timestamp::now()).await?;
    database.close().await;
    ensure!(changed, "there is no user {name}");
    let (done, can) = if is_active { ("activated", "can") } else { ("deactivated", "can no longer") };
    eprintln!("{done} {name}, whose password and enabled tokens {can} be used");
    Ok(())
}

fn check_username(name: &str) -> anyhow::Result<()> {
    ensure!(!name.trim().is_empty(), "the name is empty");
    ensure!(name == name.trim(), "the name begins or ends with a space");
    // RFC 7617: in HTTP Basic the username ends at the first colon.
    ensure!(
        !name.contains(|c: char| c == ':' || c.is_control()),
        "the name must not contain colons or control characters"
    );
    Ok(())
}

/// Prompts for a new password twice; if standard input is not a terminal, reads its first line.
fn read_password() -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().read_line(&mut line).context("cannot read the password from standard input")?;
        let line = line.strip_suffix('\n').unwrap_or(&line);
        return Ok(line.strip_suffix('\r').unwrap_or(line).to_owned());
    }
    let password = rpassword::prompt_password("Password: ")?;
    let again = rpassword::prompt_password("The same again: ")?;
    ensure!(password == again, "the passwords differ");
    Ok(password)
}

async fn back_up(path: &Path, target: &Path) -> anyhow::Result<()> {
    let database = Database::open_existing(path).await?;
    let result = database.back_up(target).await;
    database.close().await;
    result?;
    eprintln!("copied {} to {}", path.display(), target.display());
    Ok(())
}
