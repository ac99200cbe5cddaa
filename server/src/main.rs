//! The program: parses the command line, sets up logging, runs the command.

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
            eprintln!("credmgr-server: {error}");
            error.exit_code()
        }
    }
}
