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
