//! Short texts in the browser's storage.
//!
//! A browser may forbid storage, and it may be full. Then nothing is kept, and the user is told the consequences where
//! something would be kept.

use leptos::prelude::window;

/// A storage of the console's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// `sessionStorage`: for one tab, until it is closed.
    Session,
    /// `localStorage`: for all tabs, until it is cleared.
    Local,
}

/// The browser does not let the page read the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

impl Storage {
    fn open(self) -> Option<web_sys::Storage> {
        match self {
            Self::Session => window().session_storage(),
            Self::Local => window().local_storage(),
        }
        .ok()
        .flatten()
    }

    /// Returns the text stored under a key. `None` also if the storage cannot be read.
    pub fn get(self, key: &str) -> Option<String> {
        self.look_up(key).ok().flatten()
    }

    /// Returns the text stored under a key, for callers that have to tell an empty storage from one that cannot be
    /// read.
    pub fn look_up(self, key: &str) -> Result<Option<String>, Unreadable> {
        self.open().and_then(|storage| storage.get_item(key).ok()).ok_or(Unreadable)
    }

    /// Stores a text under a key, replacing the previous one. Returns whether that worked.
    pub fn set(self, key: &str, text: &str) -> bool {
        self.open().is_some_and(|storage| storage.set_item(key, text).is_ok())
    }

    /// Removes the text stored under a key. Returns whether that worked.
    pub fn remove(self, key: &str) -> bool {
        self.open().is_some_and(|storage| storage.remove_item(key).is_ok())
    }

    /// Returns all keys, in no particular order.
    pub fn keys(self) -> Vec<String> {
        let Some(storage) = self.open() else { return Vec::new() };
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|index| storage.key(index).ok().flatten()).collect()
    }
}
