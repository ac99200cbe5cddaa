//! The clock that all tabs share.

use js_sys::Date;

/// Returns the wall-clock time in milliseconds since 1970.
pub(super) fn now() -> u64 {
    Date::now() as u64
}
