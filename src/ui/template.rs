//! Pieces of the page that are made many times.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

/// An element that the browser has parsed once and clones: much faster than putting it together anew.
#[derive(Debug)]
pub struct Template(Option<Element>);

impl Template {
    /// The only element of `html`. That is the program's own text: what anybody wrote is set in the clone, as
    /// text.
    pub fn new(html: &'static str) -> Self {
        let template = document().create_element("template").ok();
        let template = template.and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok());
        Self(template.and_then(|template| {
            template.set_inner_html(html);
            template.content().first_element_child()
        }))
    }

    /// A clone of it; `None` in a browser that knows no templates.
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
    // Fails only where the parent may not have children.
    parent.append_child(&child).ok()?;
    Some(child)
}

/// Appends a text, where the parent may have children.
pub fn append_text(parent: &Element, text: &str) {
    let _ = parent.append_child(&document().create_text_node(text));
}

/// Sets an attribute. Fails only for what is no name of one.
pub fn set_attribute(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Says of an element that something in it is still going on, or not any more.
pub fn set_busy(element: &Element, is_busy: bool) {
    // The name is that of an attribute.
    let _ = if is_busy {
        element.set_attribute("aria-busy", "true")
    } else {
        element.remove_attribute("aria-busy")
    };
}
