//! What the tests are built on.

mod clipboard;
mod clock;
mod console;
pub mod console_token;
mod fakes;
mod files;
mod frames;
pub mod list_page;
mod list_server;
mod network;
mod other_tab;
pub mod rotation_page;
pub mod selection;
mod server;
pub mod session_page;
mod stage;
mod storage;
mod task;
mod tokens;

pub use clipboard::Clipboard;
pub use clock::Clock;
pub use console::{
    Console, back, remember_basic, remember_nameless, remember_password, remember_secret, remember_token,
};
pub use fakes::{
    FirstPage, LongBody, SlowBody, broken_body, hide_page, hold_key, hold_lock, opaque_redirect, press_chord,
    press_key, press_key_on, request_close, set_hidden, set_locks, show_page, stalled_body, tab_to,
};
pub use files::{File, Files};
pub use frames::{NoFrames, frames};
pub use list_server::{ListServer, detail, detail_id, details_sent, offset_of, offsets, parameter};
pub use network::Network;
pub use other_tab::{OtherTab, another_tab_writes};
pub use server::{ALICE, BOB, Gate, Reply, Sent, Server, never, nothing_found};
pub use session_page::mount_session;
pub use stage::{Stage, described, fire, focus, has_focus, press, submit, text_of, type_into, value_of};
pub use storage::{
    ACTIVE_KEY, DISABLED_KEY, DRAFT_KEY, SESSION_KEY, browser_storage, kept_in_browser, kept_on_tab,
    kept_session, tab_storage,
};
pub use task::{Task, settle, until, wait_for_messages};
pub use tokens::{TOKEN, Tokens};
