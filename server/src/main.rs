//! The program: reads the command line, sets up logging, does what it is told.

use std::process::ExitCode;

use credmgr_server::cli::Cli;
use credmgr_server::{commands, logging};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::read();
    logging::start(cli.log.into());
    match commands::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("credmgr-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
