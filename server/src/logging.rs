//! Logs, on the standard error.
//!
//! Only this crate's own events are shown below the level of warnings: what libraries say about connections and
//! statements can have credentials in it, and no setting should be able to turn that on.

use std::io::{self, IsTerminal};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging events of this level and worse.
pub fn start(level: Level) {
    let filter =
        Targets::new().with_default(level.min(Level::WARN)).with_target(env!("CARGO_CRATE_NAME"), level);
    let lines =
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    tracing_subscriber::registry().with(filter).with(lines).init();
}
