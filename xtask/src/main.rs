//! Every developer command of this workspace: `cargo xtask <command>`.
//!
//! The map:
//!
//! - [`cli`] turns arguments into a [`cli::Command`];
//! - [`setup`] finds the tools that a command needs and installs the missing ones;
//! - [`versions`] determines which version of a tool is wanted, and which is installed;
//! - [`build`] builds the console and the server, and knows when there is nothing to build;
//! - [`fingerprint`] decides by content whether something has to be rebuilt;
//! - [`split`] turns the console that Trunk has built into several WebAssemblies;
//! - [`reproducible`] makes the console compile to the same bytes everywhere;
//! - [`dist`] turns it into what a static host needs;
//! - [`size`] prints how much a visit transfers, and checks it against the budget;
//! - [`commands`] contains the commands themselves;
//! - [`plan`] runs named steps that may depend on each other, some in parallel, and summarises them;
//! - [`supervisor`] runs long-lived programs and stops them on Ctrl-C;
//! - [`process`], [`output`] and [`workspace`] are the basis: running a program, where its output goes, where things
//!   are.
//!
//! Two rules. Something missing is installed, or is a failure with instructions on what to do, never a silent skip. And
//! every program is printed before it runs, so that nothing happens unseen.
//!
//! For Unix only (process groups, signals).

mod build;
mod cli;
mod commands;
mod dist;
mod fingerprint;
#[cfg(test)]
mod house;
mod output;
mod plan;
mod process;
mod reproducible;
#[cfg(test)]
mod scratch;
mod setup;
mod size;
mod split;
mod supervisor;
mod versions;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::Command;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let command = match cli::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("error: {error:#}\n\n{}", cli::USAGE);
            return Ok(ExitCode::from(2));
        }
    };
    if command == Command::Help {
        println!("{}", cli::USAGE);
        return Ok(ExitCode::SUCCESS);
    }

    let workspace = Workspace::locate()?;
    match command {
        Command::Help => Ok(ExitCode::SUCCESS),
        Command::Serve { port } => commands::serve::run(&workspace, port),
        Command::Dev => commands::dev::run(&workspace),
        Command::Build => commands::build::run(&workspace),
        Command::Dist(options) => commands::dist::run(&workspace, &options),
        Command::Test(selection) => commands::test::run(&workspace, &selection),
        Command::Bench(bench) => commands::bench::run(&workspace, bench),
        Command::Screens => commands::screens::run(&workspace),
        Command::Check => commands::check::run(&workspace),
        Command::Deny { advisories } => commands::deny::run(&workspace, advisories),
        Command::Fmt => commands::fmt::run(&workspace),
        Command::Setup => commands::setup::run(&workspace),
        Command::Size { crates } => commands::size::run(&workspace, crates),
    }
}
