//! Another tab, simulated by a channel of the test.

use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use credmgr_console::session::deployment_name;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent, StorageEvent, StorageEventInit, window};

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
        let channel = BroadcastChannel::new(&deployment_name("", api)).expect("a browser with channels");
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

/// Fires the event by which a tab learns that another one has written this key of the shared storage.
pub fn another_tab_writes(key: &str) {
    let init = StorageEventInit::new();
    init.set_key(Some(key));
    let event = StorageEvent::new_with_event_init_dict("storage", &init).expect("an event");
    window().expect("a window").dispatch_event(&event).expect("an event of this page");
}

impl Drop for OtherTab {
    fn drop(&mut self) {
        self.channel.close();
    }
}
