//! Copying, whatever the browser allows.

use std::sync::Arc;

use credmgr_console::{
    secret::Secret,
    ui::{CopyError, clear_clipboard, copy_text, copy_when_there, has_clipboard},
};
use futures_channel::oneshot;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Clipboard, Task, settle};

fn secret() -> Arc<Secret> {
    Arc::new(Secret::new("s3cr3t".to_owned()))
}

#[wasm_bindgen_test]
async fn a_text_is_copied_and_cleared() {
    let clipboard = Clipboard::working();
    // The tests run on the local host, which browsers trust.
    assert!(has_clipboard());
    assert_eq!(copy_text("some text").await, Ok(()));
    assert_eq!(clipboard.text(), "some text");
    assert_eq!(clear_clipboard().await, Ok(()));
    assert_eq!(clipboard.text(), "");
}

#[wasm_bindgen_test]
async fn a_refusal_is_no_success() {
    let clipboard = Clipboard::refusing();
    assert_eq!(copy_text("some text").await, Err(CopyError::Refused));
    assert_eq!(clear_clipboard().await, Err(CopyError::Refused));
    assert_eq!(clipboard.text(), "");
}

#[wasm_bindgen_test]
async fn what_comes_later_is_copied_when_it_is_there() {
    let clipboard = Clipboard::working();
    let (answer, arrives) = oneshot::channel();
    let task = Task::start(copy_when_there(async { arrives.await.expect("the test answers") }));
    settle().await;
    assert!(!task.is_done());
    answer.send(Ok::<_, ()>(secret())).expect("it waits");
    let (copied, outcome) = task.result().await.expect("it was had");
    assert_eq!((copied.expose(), outcome), ("s3cr3t", Ok(())));
    assert_eq!(clipboard.text(), "s3cr3t");
}

#[wasm_bindgen_test]
async fn a_secret_that_cannot_be_copied_is_still_handed_back() {
    let _clipboard = Clipboard::refusing();
    let (copied, outcome) = copy_when_there(async { Ok::<_, ()>(secret()) }).await.expect("it was had");
    assert_eq!((copied.expose(), outcome), ("s3cr3t", Err(CopyError::Refused)));
}

#[wasm_bindgen_test]
async fn what_cannot_be_had_is_not_copied() {
    let clipboard = Clipboard::working();
    copy_text("before").await.expect("it works");
    let failed = copy_when_there(async { Err::<Arc<Secret>, _>("offline") }).await;
    assert_eq!(failed.err(), Some("offline"));
    settle().await;
    assert_eq!(clipboard.text(), "before");
}
