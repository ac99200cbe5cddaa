//! The browser's storage.

use credmgr_console::storage::Storage;
use wasm_bindgen_test::wasm_bindgen_test;

const KEY: &str = "test.storage";

#[wasm_bindgen_test]
fn what_is_kept_is_found_again_in_its_own_storage_only() {
    for (here, elsewhere) in [(Storage::Session, Storage::Local), (Storage::Local, Storage::Session)] {
        assert!(here.set(KEY, "first"));
        assert!(here.set(KEY, "Ångström"));
        assert_eq!(here.get(KEY).as_deref(), Some("Ångström"));
        assert!(here.keys().iter().any(|key| key == KEY));
        assert_eq!(elsewhere.get(KEY), None);
        assert!(here.remove(KEY));
        assert_eq!(here.look_up(KEY), Ok(None));
        assert!(!here.keys().iter().any(|key| key == KEY));
    }
}

#[wasm_bindgen_test]
fn a_full_storage_says_so_and_keeps_what_it_has() {
    assert!(Storage::Session.set(KEY, "small"));
    // Browsers have room for 5 million characters.
    assert!(!Storage::Session.set(KEY, &"x".repeat(6_000_000)));
    assert_eq!(Storage::Session.get(KEY).as_deref(), Some("small"));
    assert!(Storage::Session.remove(KEY));
}
