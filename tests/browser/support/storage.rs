//! What the page has stored.

use leptos::prelude::window;
use web_sys::Storage;

/// The keys under which a tab stores its session, when the user was last active, what is typed for a new token, and the
/// tokens that were disabled last.
pub const SESSION_KEY: &str = "credmgr / /api/v1 session";
pub const ACTIVE_KEY: &str = "credmgr / /api/v1 active";
pub const DRAFT_KEY: &str = "credmgr / /api/v1 draft";
pub const DISABLED_KEY: &str = "credmgr / /api/v1 disabled";

/// Returns the storage of this tab.
pub fn tab_storage() -> Storage {
    window().session_storage().ok().flatten().expect("storage")
}

/// Returns the storage that all tabs share.
pub fn browser_storage() -> Storage {
    window().local_storage().ok().flatten().expect("storage")
}

/// Returns what this tab has stored under a key.
pub fn kept_on_tab(key: &str) -> Option<String> {
    tab_storage().get_item(key).expect("readable")
}

/// Returns what is stored for all tabs under a key.
pub fn kept_in_browser(key: &str) -> Option<String> {
    browser_storage().get_item(key).expect("readable")
}

/// Returns the session that this tab has stored.
pub fn kept_session() -> Option<String> {
    kept_on_tab(SESSION_KEY)
}
