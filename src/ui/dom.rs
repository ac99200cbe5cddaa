//! Changing the document directly, where elements are not views.

use leptos::prelude::*;
use web_sys::Element;

/// Appends an element with a text in it, and returns it.
pub fn append(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let child = document().create_element(tag).ok()?;
    if !class.is_empty() {
        child.set_class_name(class);
    }
    child.set_text_content(Some(text));
    // Fails only if the parent may not have children.
    parent.append_child(&child).ok()?;
    Some(child)
}

/// Appends a text. A no-op if the parent may not have children.
pub fn append_text(parent: &Element, text: &str) {
    let _ = parent.append_child(&document().create_text_node(text));
}

/// Sets an attribute. A no-op if its name is invalid.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Marks an element as busy, or as no longer busy.
pub fn set_busy(element: &Element, is_busy: bool) {
    // Cannot fail: the attribute's name is valid.
    let _ = if is_busy {
        element.set_attribute("aria-busy", "true")
    } else {
        element.remove_attribute("aria-busy")
    };
}
