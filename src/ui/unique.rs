//! IDs that connect a control with its label and description.

use std::sync::atomic::{AtomicU32, Ordering};

/// Returns an ID that no other element of this page has: `prefix-1`, `prefix-2`, …
pub fn unique_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
