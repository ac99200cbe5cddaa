//! A clipboard that works or refuses. The real one depends on the machine's windows.

use std::{cell::RefCell, rc::Rc};

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::fakes::{replace_clipboard, restore_clipboard};

/// Replaces the browser's clipboard until it is dropped.
pub struct Clipboard {
    text: Rc<RefCell<String>>,
    _write: Closure<dyn FnMut(String) -> Promise>,
}

impl Clipboard {
    pub fn working() -> Self {
        Self::new(true)
    }

    pub fn refusing() -> Self {
        Self::new(false)
    }

    fn new(works: bool) -> Self {
        let text = Rc::new(RefCell::new(String::new()));
        let slot = text.clone();
        let write = Closure::new(move |text| {
            if works {
                *slot.borrow_mut() = text;
                Promise::resolve(&JsValue::UNDEFINED)
            } else {
                Promise::reject(&JsValue::from_str("NotAllowedError"))
            }
        });
        replace_clipboard(write.as_ref().unchecked_ref());
        Self { text, _write: write }
    }

    pub fn text(&self) -> String {
        self.text.borrow().clone()
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        restore_clipboard();
    }
}
