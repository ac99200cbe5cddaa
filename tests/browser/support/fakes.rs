//! Bindings of `fakes.js`, which says what each is for.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, HtmlDialogElement, HtmlElement, ReadableStream, Request, Response};

#[wasm_bindgen(module = "/tests/browser/support/fakes.js")]
extern "C" {
    pub fn pause(milliseconds: u32) -> Promise;
    #[wasm_bindgen(js_name = roomForAddresses)]
    pub fn room_for_addresses() -> Promise;

    #[wasm_bindgen(js_name = replaceFetch)]
    pub fn replace_fetch(answer: &Closure<dyn FnMut(Request) -> Promise>);
    #[wasm_bindgen(js_name = restoreFetch)]
    pub fn restore_fetch();

    #[wasm_bindgen(js_name = opaqueRedirect)]
    pub fn opaque_redirect() -> Response;
    #[wasm_bindgen(js_name = wholeBody)]
    pub fn whole_body(text: &str) -> ReadableStream;
    #[wasm_bindgen(js_name = brokenBody)]
    pub fn broken_body(text: &str) -> ReadableStream;
    #[wasm_bindgen(js_name = stalledBody)]
    pub fn stalled_body(text: &str, signal: &AbortSignal) -> ReadableStream;

    #[derive(Clone)]
    pub type SlowBody;
    #[wasm_bindgen(constructor)]
    pub fn new(signal: &AbortSignal) -> SlowBody;
    #[wasm_bindgen(method, getter)]
    pub fn stream(this: &SlowBody) -> ReadableStream;
    #[wasm_bindgen(method)]
    pub fn send(this: &SlowBody, text: &str);
    #[wasm_bindgen(method)]
    pub fn end(this: &SlowBody);

    #[derive(Clone)]
    pub type LongBody;
    #[wasm_bindgen(constructor)]
    pub fn new(pieces: u32, piece_length: u32) -> LongBody;
    #[wasm_bindgen(method, getter)]
    pub fn stream(this: &LongBody) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    pub fn sent(this: &LongBody) -> u32;
    #[wasm_bindgen(method, getter)]
    pub fn cancelled(this: &LongBody) -> bool;

    pub type FirstPage;
    #[wasm_bindgen(static_method_of = FirstPage)]
    pub fn left(address: &str, token: &str) -> FirstPage;
    #[wasm_bindgen(method)]
    pub fn answer(this: &FirstPage, body: &str);
    #[wasm_bindgen(method)]
    pub fn fail(this: &FirstPage);
    #[wasm_bindgen(method, js_name = isGivenUp)]
    pub fn is_given_up(this: &FirstPage) -> bool;

    #[wasm_bindgen(js_name = Clock)]
    pub type JsClock;
    #[wasm_bindgen(constructor, js_class = "Clock")]
    pub fn new() -> JsClock;
    #[wasm_bindgen(method, js_class = "Clock")]
    pub fn advance(this: &JsClock, milliseconds: f64);
    #[wasm_bindgen(method, js_class = "Clock")]
    pub fn sleep(this: &JsClock, milliseconds: f64);
    #[wasm_bindgen(method, js_class = "Clock")]
    pub fn restore(this: &JsClock);

    #[wasm_bindgen(js_name = framesPass)]
    pub fn frames_pass() -> Promise;
    pub type HeldFrames;
    #[wasm_bindgen(constructor)]
    pub fn new() -> HeldFrames;
    #[wasm_bindgen(method)]
    pub fn release(this: &HeldFrames);

    #[wasm_bindgen(js_name = pressKey)]
    pub fn press_key(key: &str) -> bool;
    #[wasm_bindgen(js_name = tabTo)]
    pub fn tab_to(element: &HtmlElement);
    #[wasm_bindgen(js_name = holdKey)]
    pub fn hold_key(key: &str) -> bool;
    #[wasm_bindgen(js_name = pressChord)]
    pub fn press_chord(key: &str) -> bool;
    #[wasm_bindgen(js_name = pressKeyOn)]
    pub fn press_key_on(element: &HtmlElement, key: &str) -> bool;
    #[wasm_bindgen(js_name = requestClose)]
    pub fn request_close(dialog: &HtmlDialogElement);
    #[wasm_bindgen(js_name = setHidden)]
    pub fn set_hidden(hidden: bool);
    #[wasm_bindgen(js_name = setOnline)]
    pub fn set_online(online: bool);

    #[wasm_bindgen(js_name = holdLock)]
    pub fn hold_lock(name: &str) -> Promise;
    #[wasm_bindgen(js_name = setLocks)]
    pub fn set_locks(there: bool);
    #[wasm_bindgen(js_name = hidePage)]
    pub fn hide_page(persisted: bool);
    #[wasm_bindgen(js_name = showPage)]
    pub fn show_page(persisted: bool);

    #[wasm_bindgen(js_name = replaceClipboard)]
    pub fn replace_clipboard(write: &Function);
    #[wasm_bindgen(js_name = restoreClipboard)]
    pub fn restore_clipboard();

    #[wasm_bindgen(js_name = readBlob)]
    pub fn read_blob(url: &str) -> Promise;
}
