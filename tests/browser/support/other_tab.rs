//! Another tab, simulated by a channel of the test.

use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use credmgr_console::session::tabs::channel_name;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

use super::until;

/// Another tab of this console, or of a console for another server, until it is dropped.
pub struct OtherTab {
    channel: BroadcastChannel,
    heard: Rc<RefCell<Vec<String>>>,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl OtherTab {
    pub fn open() -> Self {
        Self::with_api("/api/v1")
    }

    pub fn with_api(api: &str) -> Self {
        let channel = BroadcastChannel::new(&channel_name("", api)).expect("a browser with channels");
        let heard = Rc::new(RefCell::new(Vec::new()));
        let list = heard.clone();
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            list.borrow_mut().push(event.data().as_string().unwrap_or_default());
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { channel, heard, _listener: listener }
    }

    pub fn tells(&self, message: &str) {
        self.channel.post_message(&JsValue::from_str(message)).expect("an open channel");
    }

    /// Tells the tabs that it has locked, as after a quarter of an hour without activity.
    pub fn locks(&self) {
        self.tells(&format!("locked {}", js_sys::Date::now()));
    }

    /// Returns all messages that it has received so far.
    pub fn messages(&self) -> Ref<'_, Vec<String>> {
        self.heard.borrow()
    }

    pub fn heard(&self, what: &str) -> usize {
        self.messages().iter().filter(|message| message.starts_with(what)).count()
    }

    pub async fn hears(&self, what: &str) {
        until(what, || self.heard(what) > 0).await;
    }
}

impl Drop for OtherTab {
    fn drop(&mut self) {
        self.channel.close();
    }
}
