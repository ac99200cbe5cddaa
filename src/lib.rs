//! The Credential Manager Console: a browser application for the API tokens of a Credential Manager
//! server.
//!
//! # The map
//!
//! | module | what it is | knows |
//! |---|---|---|
//! | [`api`] | the REST contract: one method per operation, one failure type | HTTP |
//! | [`ui`] | widgets: field, dialog, secret, notice, … | the browser |
//! | [`session`] | who is signed in, until when, and what the server allows | `api`, `ui`, `leaving`; `tokens::model::creation`: looking a name up |
//! | [`tokens`] | the feature: a pure model beside its screens | `api`, `ui`, `session`, `leaving` |
//! | [`failure`] | the one table from failures to words | `api`, `ui` |
//! | [`routes`] | every address, typed | `tokens::model`: what a list's address asks for |
//! | [`navigation`] | going to a [`routes::Route`] | `routes` |
//! | [`leaving`] | asking before unsaved work is lost | `navigation`, `ui` |
//! | [`shortcuts`] | the keys that do something, and the help on them | `ui` |
//! | [`theme`] | light or dark | `storage`, `ui` |
//! | [`palette`] | the command menu: to a token by name, to screens, to what the console can do | `tokens`, `session`, `leaving`, `theme`, `shortcuts`, `ui` |
//! | [`parts`] | what is loaded before anybody needs it | `ui` |
//! | `styleguide` | every widget in every state, in development builds | `ui`, `secret` |
//! | [`config`] | what a deployment may set | – |
//! | [`json`] | reading what the console itself has kept | – |
//! | [`storage`] | short texts that the browser keeps | – |
//! | [`secret`] | the type for secrets | – |
//! | [`starting`] | what the page shows before the console is there | – |
//! | [`app`] | providers, router, frame | all of them |
//!
//! Decisions are pure functions with native tests (`api::request`, `api::answer`, `session::permissions`,
//! `tokens::model`, `failure`); components render state and send intentions.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
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
