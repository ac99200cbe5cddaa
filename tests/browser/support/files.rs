//! Downloads, caught before they reach the disk.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlAnchorElement;

use super::fakes::read_blob;

/// Catches clicks on links until it is dropped.
pub struct Files {
    links: Rc<RefCell<Vec<HtmlAnchorElement>>>,
    prototype: Object,
    _closure: Closure<dyn FnMut(HtmlAnchorElement)>,
}

/// A file that was caught.
pub struct File {
    pub name: String,
    pub type_: String,
    pub text: String,
}

impl Files {
    pub fn catch() -> Self {
        let links = Rc::new(RefCell::new(Vec::new()));
        let slot = links.clone();
        let closure = Closure::new(move |link: HtmlAnchorElement| slot.borrow_mut().push(link));
        let link = document().create_element("a").expect("an element");
        let prototype = Object::get_prototype_of(&link);
        let caught = Function::new_with_args("caught", "return function () { caught(this); }");
        let caught = caught.call1(&JsValue::NULL, closure.as_ref()).expect("a function");
        Reflect::set(&prototype, &"click".into(), &caught).expect("it can be replaced");
        Self { links, prototype, _closure: closure }
    }

    /// Returns the last file.
    pub async fn last(&self) -> File {
        let link = self.link();
        let read = self.read().await.expect("it is still there");
        let part = |name: &str| Reflect::get(&read, &name.into()).ok().and_then(|part| part.as_string());
        File {
            name: link.download(),
            type_: part("type").expect("a type"),
            text: part("text").expect("a text"),
        }
    }

    /// Whether the browser still keeps the last file for the page.
    pub async fn is_last_there(&self) -> bool {
        self.read().await.is_ok()
    }

    fn link(&self) -> HtmlAnchorElement {
        self.links.borrow().last().cloned().expect("a file")
    }

    async fn read(&self) -> Result<JsValue, JsValue> {
        let promise: Promise = read_blob(&self.link().href());
        JsFuture::from(promise).await
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // The original is inherited.
        let _ = Reflect::delete_property(&self.prototype, &"click".into());
    }
}
