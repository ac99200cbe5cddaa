//! Text, numbers and IDs.

use std::collections::HashSet;

use credmgr_console::ui::{count, decomposed, unique_id};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn letters_and_their_marks_are_taken_apart() {
    assert_eq!(decomposed("Ångström"), "a\u{30a}ngstro\u{308}m");
    // However it was typed.
    assert_eq!(decomposed("e\u{301}"), decomposed("É"));
    assert_eq!(decomposed(""), "");
}

#[wasm_bindgen_test]
fn large_numbers_are_grouped_as_the_reader_has_it() {
    let language = js_sys::Reflect::get(&leptos::prelude::window().navigator(), &"language".into());
    let language = language.expect("an object").as_string().unwrap_or_default();
    assert!(language.starts_with("en"), "these tests are for a browser in English, not in {language}");
    assert_eq!(count(0), "0");
    assert_eq!(count(999), "999");
    assert_eq!(count(4_312), "4,312");
    assert_eq!(count(1_000_000), "1,000,000");
}

#[wasm_bindgen_test]
fn no_two_ids_are_the_same() {
    let ids: HashSet<_> = (0..100).map(|number| unique_id(["hint", "error"][number % 2])).collect();
    assert_eq!(ids.len(), 100);
    assert!(ids.iter().all(|id| id.starts_with("hint-") || id.starts_with("error-")));
}
