//! Tasks that run beside the test, and waiting for them.

use std::{cell::RefCell, future::Future, rc::Rc};

use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{fakes::pause, server::is_one_arriving};

/// Runs everything that is ready to run: effects, responses of the fake server, and what follows from them. For what
/// must *not* happen; for what must, [`until`] has a better message when it fails.
pub async fn settle() {
    loop {
        // Twice: what the first turn of the event loop started may itself take one.
        for _ in 0..2 {
            JsFuture::from(pause(0)).await.expect("a timer does not fail");
        }
        if !is_one_arriving() {
            return;
        }
    }
}

/// Waits longer than messages between tabs take, and longer than what follows from them.
pub async fn wait_for_messages() {
    for _ in 0..5 {
        settle().await;
    }
}

/// Waits until a condition holds: ten seconds and more, since a machine that compiles beside the tests is slow.
pub async fn until(what: &str, is_true: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if is_true() {
            return;
        }
        JsFuture::from(pause(5)).await.expect("a timer does not fail");
    }
    panic!("still not so: {what}; the page says “{}”", page_text());
}

/// Returns the text of the first stage in the page.
pub(super) fn page_text() -> String {
    let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
    body.and_then(|body| body.query_selector(".stage").ok().flatten())
        .and_then(|stage| stage.text_content())
        .unwrap_or_default()
}

/// A future that runs beside the test.
pub struct Task<T>(Rc<RefCell<Option<T>>>);

impl<T: 'static> Task<T> {
    pub fn start(future: impl Future<Output = T> + 'static) -> Self {
        let result = Rc::new(RefCell::new(None));
        let slot = result.clone();
        spawn_local(async move {
            let value = future.await;
            *slot.borrow_mut() = Some(value);
        });
        Self(result)
    }

    pub fn is_done(&self) -> bool {
        self.0.borrow().is_some()
    }

    pub async fn result(self) -> T {
        until("the task has ended", || self.is_done()).await;
        self.0.borrow_mut().take().expect("it has ended")
    }
}
