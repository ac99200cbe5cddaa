//! The Credential Manager Console: a browser application for the API tokens of a Credential Manager
//! server.
//!
//! # The map
//!
//! | module | what it is |
//! |---|---|
//! | [`api`] | the REST contract: one method per operation, one failure type |
//! | [`collection`] | reading all tokens, and looking a name up among them |
//! | [`ui`] | widgets: field, dialog, secret, notice, … |
//! | [`session`] | who is signed in, until when, and what the server allows |
//! | [`tokens`] | the feature: a pure model beside its screens |
//! | [`failure`] | the one table from failures to words |
//! | [`routes`] | every address, typed |
//! | [`navigation`] | going to a [`routes::Route`] |
//! | [`leaving`] | asking before unsaved work is lost |
//! | [`shortcuts`] | the keys that do something, and the help on them |
//! | [`theme`] | light or dark |
//! | [`palette`] | the command menu: to a token by name, to screens, to what the console can do |
//! | [`parts`] | what is loaded before anybody needs it |
//! | `styleguide` | every widget in every state, in development builds |
//! | [`calendar`] | moments as numbers |
//! | [`config`] | what a deployment may set |
//! | [`json`] | reading what the console itself has kept |
//! | [`storage`] | short texts that the browser keeps |
//! | [`secret`] | the type for secrets |
//! | [`starting`] | what the page shows before the console is there |
//! | [`app`] | providers, router, frame |
//!
//! Which of them may know which, `xtask/src/house.rs` says and holds.
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

/// Puts the console into the page, in place of what was drawn meanwhile.
pub fn start() {
    starting::take_off();
    leptos::mount::mount_to_body(app::App);
}
