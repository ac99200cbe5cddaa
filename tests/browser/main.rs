//! Component tests: the console's own code in a real browser, against a network and a clock that the tests control.
//!
//! They cover what needs a DOM but no server: widgets, what goes over the wire, the state of the session, and
//! failures that a real server cannot be made to produce. Journeys of users through the whole product are in
//! `tests/e2e`; pure decisions have native tests beside them.
#![cfg(target_arch = "wasm32")]

mod below_list;
mod bulk;
mod bulk_selection;
mod bulk_sessions;
mod console_token;
mod console_token_left_behind;
mod create_token;
mod credential_token;
mod drafts;
mod idle;
mod leaving;
mod list_changes;
mod list_details;
mod list_filters;
mod list_keys;
mod list_order;
mod list_owners;
mod list_permissions;
mod list_reading;
mod list_refresh;
mod list_search;
mod memory;
mod one_token;
mod palette;
mod rate_limit;
mod retries;
mod rotation;
mod rotation_failures;
mod rotation_names;
mod rotation_tabs;
mod rotation_undo;
mod row_menu;
mod session;
mod session_pauses;
mod shortcuts;
mod sign_in;
mod storage;
mod styleguide;
mod support;
mod tabs;
mod theme;
mod transport;
mod ui_clipboard;
mod ui_controls;
mod ui_dialog;
mod ui_download;
mod ui_effect;
mod ui_focus;
mod ui_follow;
mod ui_keys;
mod ui_load;
mod ui_menu;
mod ui_notices;
mod ui_part;
mod ui_progress;
mod ui_screen;
mod ui_secret;
mod ui_template;
mod ui_text;
mod ui_time;
mod ui_view_transition;
mod verify_token;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
