//! The Credential Manager Console: a browser application for the API tokens of a Credential Manager server.
//!
//! # The map
//!
//! | module | what it is |
//! |---|---|
//! | [`api`] | the REST contract: one method per operation, one error type |
//! | [`collection`] | reading all tokens, and looking up a name among them |
//! | [`ui`] | widgets: field, dialog, secret, notice, … |
//! | [`session`] | who is signed in, until when, and what the server allows |
//! | [`tokens`] | the feature: a pure model beside its screens |
//! | [`failure`] | failures in words |
//! | [`routes`] | every address, typed |
//! | [`navigation`] | going to a [`routes::Route`] |
//! | [`leaving`] | asking before unsaved work is lost |
//! | [`shortcuts`] | the keyboard shortcuts, and the help on them |
//! | [`theme`] | light or dark |
//! | [`palette`] | the command menu: tokens by name, screens, and the console's own commands |
//! | [`parts`] | which parts of the WebAssembly are loaded before they are needed |
//! | `styleguide` | every widget in every state, in development builds |
//! | [`calendar`] | calendar dates as numbers |
//! | [`config`] | what a deployment may configure |
//! | [`json`] | reading what the console itself has stored |
//! | [`storage`] | short texts in the browser's storage |
//! | [`secret`] | the type for secrets |
//! | [`starting`] | what the page shows before the console has started |
//! | [`app`] | providers, router, frame |
//!
//! `xtask/src/house.rs` defines and checks which modules may depend on which.
//!
//! Decisions are pure functions with native tests (`api::request`, `api::answer`, `session::permissions`,
//! `tokens::model`, `failure::explain`); components render state and send intentions.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod calendar;
pub mod collection;
pub mod config;
pub mod failure;
pub mod json;
pub mod leaving;
pub mod navigation;
pub mod palette;
pub mod parts;
pub mod routes;
pub mod secret;
pub mod session;
pub mod shortcuts;
pub mod starting;
pub mod storage;
#[cfg(debug_assertions)]
pub mod styleguide;
pub mod theme;
pub mod tokens;
pub mod ui;

/// Mounts the console into the page, in place of what was drawn in the meantime.
pub fn start() {
    starting::remove();
    leptos::mount::mount_to_body(app::App);
}
