//! Elements that are created many times.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

/// An element that the browser has parsed once and clones: much faster than building it anew.
#[derive(Debug)]
pub struct Template(Option<Element>);

impl Template {
    /// Parses `html`, which must have a single root element and be the program's own text. Text from elsewhere is set
    /// in the clone, as text.
    pub fn new(html: &'static str) -> Self {
        let template = document().create_element("template").ok();
        let template = template.and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok());
        Self(template.and_then(|template| {
            template.set_inner_html(html);
            template.content().first_element_child()
        }))
    }

    /// Returns a clone; `None` in a browser without templates.
    pub fn stamp(&self) -> Option<HtmlElement> {
        self.0.as_ref()?.clone_node_with_deep(true).ok()?.dyn_into().ok()
    }
}

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
