//! Logging to standard error.
//!
//! Below the level of warnings, only this crate's own events are shown: what libraries log about connections and
//! statements can contain credentials, and no setting should be able to turn that on.

use std::io::{self, IsTerminal};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging events of this level and more severe ones.
pub fn start(level: Level) {
    let filter =
        Targets::new().with_default(level.min(Level::WARN)).with_target(env!("CARGO_CRATE_NAME"), level);
    let lines =
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    tracing_subscriber::registry().with(filter).with(lines).init();
}
