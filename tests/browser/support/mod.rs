//! What the tests are built on.

mod clipboard;
mod clock;
mod console;
mod fakes;
mod files;
mod frames;
pub mod list_page;
mod list_server;
mod network;
mod other_tab;
mod server;
mod stage;
mod task;
mod tokens;

pub use clipboard::Clipboard;
pub use clock::Clock;
pub use console::{
    Console, back, kept_on_tab, remember_basic, remember_nameless, remember_password, remember_secret,
    remember_token,
};
pub use fakes::{
    FirstPage, LongBody, SlowBody, broken_body, hide_page, hold_key, hold_lock, opaque_redirect, press_chord,
    press_key, press_key_on, request_close, set_hidden, set_locks, show_page, stalled_body, tab_to,
};
pub use files::{File, Files};
pub use frames::{NoFrames, frames};
pub use list_server::{ListServer, detail, detail_id, details_sent, offset_of, offsets, parameter};
pub use network::Network;
pub use other_tab::OtherTab;
pub use server::{Gate, Reply, Sent, Server, never};
pub use stage::{Stage, described, focus, has_focus, press, submit, text_of, type_into, value_of};
pub use task::{Task, settle, until};
pub use tokens::Tokens;
