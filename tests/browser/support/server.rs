//! A server that answers as the test wants, in place of the network.

use std::{
    cell::{Cell, Ref, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use futures_channel::oneshot;
use js_sys::{Promise, TypeError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{ReadableStream, Request, Response, ResponseInit};

use super::{
    fakes::{replace_fetch, restore_fetch, whole_body},
    until,
};

/// The base path of the API in the console's default configuration.
const BASE: &str = "/api/v1";

/// The users of the tests, as `/users/me` describes them.
pub const ALICE: &str = r#"{"id": 3, "username": "alice"}"#;
pub const BOB: &str = r#"{"id": 4, "username": "bob"}"#;

/// A request as it left the page.
pub struct Sent {
    pub method: String,
    /// The path and query below the API's base.
    pub path: String,
    pub body: String,
    /// The request itself, for everything else.
    pub request: Request,
}

impl Sent {
    /// Creates a request of the test, which was never sent.
    pub fn get(path: &str) -> Self {
        let request = Request::new_with_str("/").expect("a request");
        Self { method: "GET".into(), path: path.into(), body: String::new(), request }
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).expect("a valid name")
    }

    /// Whether this requests a page of the list.
    pub fn is_list(&self) -> bool {
        self.method == "GET" && self.path.starts_with("/api_tokens/?")
    }

    /// Whether the request was aborted, so that nobody waits for the response any more.
    pub fn is_aborted(&self) -> bool {
        self.request.signal().aborted()
    }
}

/// The reply to a request.
pub enum Reply {
    Response(Response),
    /// What `fetch` reports if there is no response, whatever the reason.
    NetworkError,
    /// Neither a response nor a failure.
    Never,
    /// The response comes when a [`Gate`] releases it.
    Held(oneshot::Receiver<Reply>),
}

impl Reply {
    pub fn json(status: u16, body: &str) -> Self {
        Self::body(status, &whole_body(body)).with("Content-Type", "application/json")
    }

    pub fn empty(status: u16) -> Self {
        let response = Response::new_with_opt_str_and_init(None, &init(status));
        Self::Response(response.expect("a valid answer"))
    }

    pub fn stream(body: &ReadableStream) -> Self {
        Self::body(200, body)
    }

    fn body(status: u16, body: &ReadableStream) -> Self {
        let response = Response::new_with_opt_readable_stream_and_init(Some(body), &init(status));
        Self::Response(response.expect("a valid answer"))
    }

    pub fn not_signed_in() -> Self {
        Self::json(401, r#"{"code": 401, "message": "Unauthorized"}"#)
    }

    pub fn with(self, header: &str, value: &str) -> Self {
        if let Self::Response(response) = &self {
            response.headers().set(header, value).expect("a valid header");
        }
        self
    }
}

/// Returns [`Reply::Never`], where a function is needed.
pub fn never() -> Reply {
    Reply::Never
}

/// Returns a list without entries, where a function is needed.
pub fn nothing_found() -> Reply {
    Reply::json(200, "[]")
}

fn init(status: u16) -> ResponseInit {
    let init = ResponseInit::new();
    init.set_status(status);
    init
}

/// Holds responses until the test releases them.
#[derive(Clone, Default)]
pub struct Gate(Rc<RefCell<VecDeque<oneshot::Sender<Reply>>>>);

impl Gate {
    pub fn hold(&self) -> Reply {
        let (sender, receiver) = oneshot::channel();
        self.0.borrow_mut().push_back(sender);
        Reply::Held(receiver)
    }

    /// Answers the request that has waited longest. Browsers differ in when a request arrives here, so one that is in
    /// flight is waited for.
    pub async fn release(&self, reply: Reply) {
        until("a request waits at the gate", || !self.0.borrow().is_empty()).await;
        let sender = self.0.borrow_mut().pop_front().expect("a request waits");
        assert!(sender.send(reply).is_ok(), "nobody waits for this answer any more");
    }
}

type Answer = Rc<RefCell<Box<dyn Fn(&Sent) -> Reply>>>;
type Requests = Rc<RefCell<Vec<Sent>>>;

/// Replaces the network until it is dropped.
pub struct Server {
    sent: Requests,
    answer: Answer,
    _fetch: Closure<dyn FnMut(Request) -> Promise>,
}

impl Server {
    pub fn start(answer: impl Fn(&Sent) -> Reply + 'static) -> Self {
        let sent = Requests::default();
        let answer: Answer = Rc::new(RefCell::new(Box::new(answer)));
        let (log, answers) = (sent.clone(), answer.clone());
        let fetch =
            Closure::new(move |request| future_to_promise(respond(request, log.clone(), answers.clone())));
        replace_fetch(&fetch);
        Self { sent, answer, _fetch: fetch }
    }

    /// Answers in another way from now on.
    pub fn now(&self, answer: impl Fn(&Sent) -> Reply + 'static) {
        *self.answer.borrow_mut() = Box::new(answer);
    }

    /// Returns the requests so far, in order.
    pub fn sent(&self) -> Ref<'_, Vec<Sent>> {
        self.sent.borrow()
    }

    /// Returns the requests so far in short, such as `GET /users/me`.
    pub fn lines(&self) -> Vec<String> {
        self.sent().iter().map(|sent| format!("{} {}", sent.method, sent.path)).collect()
    }

    /// Returns how many requests like this one arrived.
    pub fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|sent| *sent == line).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        restore_fetch();
    }
}

thread_local! {
    /// The number of requests that the console has sent and that have not arrived yet.
    static ARRIVING: Cell<usize> = const { Cell::new(0) };
    /// Resolves when the request that was sent last has arrived.
    static LAST: RefCell<Option<oneshot::Receiver<()>>> = const { RefCell::new(None) };
}

/// Whether a request was sent that is not logged yet.
pub(super) fn is_one_arriving() -> bool {
    ARRIVING.get() > 0
}

/// Reads the body, if the method has one. Requests arrive in the order in which they were sent: Firefox reads a body in
/// another thread, even an empty one, and one that is read later would overtake it.
async fn arrive(request: &Request) -> Result<String, JsValue> {
    let (arrived, next) = oneshot::channel();
    let last = LAST.replace(Some(next));
    ARRIVING.set(ARRIVING.get() + 1);
    let body = body_of(request).await;
    if let Some(last) = last {
        // The channel ends with the future of the request before this one.
        let _ = last.await;
    }
    ARRIVING.set(ARRIVING.get() - 1);
    drop(arrived);
    body
}

async fn body_of(request: &Request) -> Result<String, JsValue> {
    if !matches!(request.method().as_str(), "POST" | "PATCH") {
        return Ok(String::new());
    }
    let text = JsFuture::from(request.text().expect("a body that nobody has read")).await?;
    Ok(text.as_string().unwrap_or_default())
}

async fn respond(request: Request, log: Requests, answer: Answer) -> Result<JsValue, JsValue> {
    let body = arrive(&request).await?;
    let url = web_sys::Url::new(&request.url())?;
    let address = format!("{}{}", url.pathname(), url.search());
    let path = address.strip_prefix(BASE).unwrap_or(&address).to_owned();
    let sent = Sent { method: request.method(), path, body, request };
    let mut reply = (answer.borrow())(&sent);
    log.borrow_mut().push(sent);
    loop {
        reply = match reply {
            Reply::Response(response) => return Ok(response.into()),
            Reply::NetworkError => return Err(TypeError::new("Failed to fetch").into()),
            Reply::Never => std::future::pending().await,
            // A gate that is gone never opens.
            Reply::Held(receiver) => receiver.await.unwrap_or(Reply::Never),
        }
    }
}
