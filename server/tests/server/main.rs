//! Tests of the server over real HTTP: each starts its own server, on a free port, over its own copy of the demo data.

mod authentication;
mod backup;
mod behind_nginx;
mod collection;
mod command_line;
mod crash;
mod creation;
mod cross_origin;
mod description;
mod editing;
#[cfg(feature = "embedded-console")]
mod embedded;
mod files;
mod forwarding;
mod fuzz;
mod hostile;
mod limits;
mod load;
mod permissions;
mod support;
mod throttling;
mod upstream_program;
mod users;
