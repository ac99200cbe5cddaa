//! Short texts that the browser keeps for the console.
//!
//! A browser may forbid storage, and it may be full. Then nothing is kept, and what that costs is said where something
//! would be.

use leptos::prelude::window;

/// A storage of the console's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// `sessionStorage`: of one tab, until it is closed.
    Session,
    /// `localStorage`: of all tabs, until somebody clears it.
    Local,
}

/// The browser lets nobody read the storage.
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

    /// What is kept under a key.
    pub fn get(self, key: &str) -> Option<String> {
        self.look_up(key).ok().flatten()
    }

    /// The same for whoever has to tell a storage that has nothing from one that cannot be read.
    pub fn look_up(self, key: &str) -> Result<Option<String>, Unreadable> {
        self.open().and_then(|storage| storage.get_item(key).ok()).ok_or(Unreadable)
    }

    /// Keeps a text, in place of what was kept under its key. Answers whether that worked.
    pub fn set(self, key: &str, text: &str) -> bool {
        self.open().is_some_and(|storage| storage.set_item(key, text).is_ok())
    }

    /// Forgets what is kept under a key. Answers whether that worked.
    pub fn remove(self, key: &str) -> bool {
        self.open().is_some_and(|storage| storage.remove_item(key).is_ok())
    }

    /// All keys, in no order.
    pub fn keys(self) -> Vec<String> {
        let Some(storage) = self.open() else { return Vec::new() };
        let count = storage.length().unwrap_or_default();
        (0..count).filter_map(|index| storage.key(index).ok().flatten()).collect()
    }
}
