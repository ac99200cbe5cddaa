//! Templates for elements that are created many times.

use credmgr_console::ui::{Template, append, append_text, set_attribute, set_busy};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::text_of;

#[wasm_bindgen_test]
fn clones_are_complete_and_keep_apart() {
    // Any other way of parsing would discard a row outside a table.
    let template = Template::new("<tr><td class=\"name\"></td><td>x</td></tr>");
    let (first, second) = (template.stamp().expect("a clone"), template.stamp().expect("a clone"));
    assert_eq!(first.outer_html(), "<tr><td class=\"name\"></td><td>x</td></tr>");
    append_text(&first.first_element_child().expect("a cell"), "changed");
    assert_eq!(text_of(&first), "changedx");
    assert_eq!(text_of(&second), "x");
    assert_eq!(template.stamp().map(|third| text_of(&third)).as_deref(), Some("x"));
}

/// The names of tokens are untrusted text.
#[wasm_bindgen_test]
fn what_is_written_is_text_and_never_markup() {
    let place = Template::new("<p></p>").stamp().expect("a clone");
    let span = append(&place, "span", "name", "<b>bold</b>").expect("an element");
    append_text(&place, "<i>");
    assert_eq!(span.class_name(), "name");
    assert_eq!(text_of(&place), "<b>bold</b><i>");
    assert!(place.query_selector("b, i").expect("a valid selector").is_none());
    let plain = append(&place, "span", "", "").expect("an element");
    assert!(!plain.has_attribute("class"));
}

#[wasm_bindgen_test]
fn attributes_are_set() {
    let place = Template::new("<p></p>").stamp().expect("a clone");
    set_attribute(&place, "aria-label", "\"><script>");
    assert_eq!(place.get_attribute("aria-label").as_deref(), Some("\"><script>"));
    assert!(place.first_element_child().is_none());
}

#[wasm_bindgen_test]
fn what_is_busy_says_so_until_it_is_not() {
    let place = Template::new("<p></p>").stamp().expect("a clone");
    set_busy(&place, true);
    assert_eq!(place.get_attribute("aria-busy").as_deref(), Some("true"));
    set_busy(&place, false);
    assert!(!place.has_attribute("aria-busy"));
}
