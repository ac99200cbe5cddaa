//! The one place that talks to the network.

use std::{cell::Cell, rc::Rc, time::Duration};

use gloo_net::http::Response;
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReadableStream, ReadableStreamDefaultReader, ReferrerPolicy,
    RequestCache, RequestCredentials, RequestInit, RequestRedirect, ResponseType,
};

use super::{
    Credentials, Endpoint, Error, ErrorKind, Method,
    answer::{Answer, MAX_BODY, no_answer},
    blocked::Watch,
    credentials::hide,
    early::Early,
    request::Request,
};

/// The longest that an answer may take, however steadily it comes.
const LONGEST: Duration = Duration::from_secs(120);

/// A body up to this length, in bytes, is here at once or not at all. Of a longer one each piece shows that the line is
/// only slow.
const SMALL_BODY: usize = 64 * 1024;

/// Sends a request and reads the whole answer.
///
/// Dropping the future aborts the request, so a screen that goes away takes its requests along. The
/// time limit is for silence, in the body too: a server that stops in the middle of an answer is not waited for, a
/// line that is slow is, up to [`LONGEST`].
pub(super) async fn send(
    endpoint: &Endpoint,
    credentials: &Credentials,
    request: &Request,
) -> Result<Answer, Error> {
    // Not asked in order to give up: a server on this very machine answers without any network.
    let was_offline = is_offline();
    let watch = Watch::start(&endpoint.base);
    let (header, value) = credentials.header(&endpoint.token_header);
    let address = format!("{}{}", endpoint.base, request.address());
    let early = request.is_first_page().then(|| Early::take(&address, value.expose())).flatten();
    let controller = early.as_ref().map(|early| early.controller.clone());
    let mut flight = Flight::new(request.time_limit, controller.or_else(|| AbortController::new().ok()));
    let late = flight.late.clone();
    let failed = |name: Option<String>| {
        no_answer(request, network_failure(name.as_deref(), late.get(), request, was_offline))
    };

    let answer = match early {
        Some(early) => Ok(early.answer),
        None => fetch(&address, request, (header, value.expose()), flight.signal().as_ref()),
    };
    let response = match answer {
        Ok(answer) => JsFuture::from(answer).await,
        Err(thrown) => return Err(failed(thrown_name(&thrown))),
    };
    let response = match response {
        Ok(response) => Response::from(response.unchecked_into::<web_sys::Response>()),
        Err(thrown) => {
            let mut error = failed(thrown_name(&thrown));
            if error.kind == ErrorKind::Unreachable
                && let Some(watch) = watch
                && let Some(blocker) = watch.blocker().await
            {
                error.kind = ErrorKind::Blocked(blocker);
            }
            return Err(error);
        }
    };
    if let Some(watch) = watch {
        watch.answered();
    }
    if response.type_() == ResponseType::Opaqueredirect {
        return Ok(Answer::default());
    }
    let headers = response.headers();
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    // As long as it is announced to be, and not compressed as far as one can see: only of one's own origin one
    // can.
    let is_as_announced =
        response.type_() == ResponseType::Basic && headers.get("content-encoding").is_none();
    let mut body = match length {
        // In one go: piece by piece, each is a task of its own.
        Some(length) if is_as_announced && length <= SMALL_BODY => {
            Some(response.binary().await.map_err(|error| failed(error_name(&error)))?)
        }
        _ => read_body(response.body(), length, &mut flight)
            .await
            .map_err(|error| failed(thrown_name(&error)))?,
    };
    flight.has_ended = true;
    let status = response.status();
    // What it says of a failure is shown, and copied for others to read.
    if let Some(body) = body.as_mut().filter(|_| status >= 400) {
        hide(value.expose(), body);
    }
    // Each header is a way to the browser and back, and the answers that are many have neither of these.
    let is_said = |name| {
        let is_rare = request.method == Method::Options || !(200..=299).contains(&status);
        is_rare.then(|| headers.get(name)).flatten()
    };
    let retry_after = is_said("retry-after");
    // Only a time to wait is compared with it.
    let date = retry_after
        .is_some()
        .then(|| headers.get("date").unwrap_or_else(|| js_sys::Date::new_0().to_utc_string().into()));
    Ok(Answer {
        status,
        content_type: headers.get("content-type"),
        allow: is_said("allow"),
        retry_after,
        date,
        body,
    })
}

/// Sends a request.
///
/// By the browser's own `fetch` and with what it is to be sent with: the builder of gloo-net makes two `Request`s of that
/// first, only to find out the address, and a page of the list has a hundred requests.
fn fetch(
    address: &str,
    request: &Request,
    (header, value): (&str, &str),
    signal: Option<&AbortSignal>,
) -> Result<Promise, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    headers.set(header, value)?;
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    // The server's own site sets a cookie that wins over Basic (API.md part 2).
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    // Following one would send the token's header to wherever it points.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(signal);
    if let Some(body) = &request.body {
        headers.set("Content-Type", body.content_type())?;
        init.set_body_opt_str(Some(body.text()));
    }
    init.set_headers_headers(&headers);
    if request.outlives_page {
        // Neither gloo-net nor web-sys (0.3.107) has a name for it.
        Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    Ok(window.fetch_with_str_and_init(address, &init))
}

/// Reads the body piece by piece and stops past [`MAX_BODY`], so that an endless answer neither freezes the
/// page nor fills the memory, which WebAssembly never gives back. `None` if it is longer than that; one that
/// is announced to be is not read at all.
async fn read_body(
    stream: Option<ReadableStream>,
    announced: Option<usize>,
    flight: &mut Flight,
) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    let Some(stream) = stream else { return Ok(Some(body)) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    if announced.is_some_and(|length| length > MAX_BODY) {
        // Nobody waits for it; whether cancelling it works does not matter.
        let _ = reader.cancel();
        return Ok(None);
    }
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(Some(body));
        }
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
        if body.len() + bytes.length() as usize > MAX_BODY {
            // Nor for the rest.
            let _ = reader.cancel();
            return Ok(None);
        }
        body.extend_from_slice(&bytes.to_vec());
        flight.goes_on();
    }
}

/// What a rejected `fetch` means. The browser tells scripts little: a refused connection, CORS and the
/// page's own policy are all a `TypeError`; see [`Watch::blocker`].
fn network_failure(
    name: Option<&str>,
    late: Option<Duration>,
    request: &Request,
    was_offline: bool,
) -> ErrorKind {
    if let Some(limit) = late {
        ErrorKind::TimedOut(limit)
    } else if name == Some("AbortError") {
        ErrorKind::Cancelled
    } else if is_offline() && (was_offline || request.method.is_safe()) {
        // A request that changes something may have arrived before the network went.
        ErrorKind::Offline
    } else {
        ErrorKind::Unreachable
    }
}

fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

fn error_name(error: &gloo_net::Error) -> Option<String> {
    match error {
        gloo_net::Error::JsError(error) => Some(error.name.clone()),
        _ => None,
    }
}

fn thrown_name(thrown: &JsValue) -> Option<String> {
    Reflect::get(thrown, &"name".into()).ok()?.as_string()
}

/// A request that is under way: ends it when its time is over, and when the future that owns it is dropped before
/// the answer is there.
struct Flight {
    controller: Option<AbortController>,
    /// The limit that was passed, if one was.
    late: Rc<Cell<Option<Duration>>>,
    has_ended: bool,
    /// How long nothing may come.
    limit: Duration,
    /// In milliseconds since 1970.
    began: f64,
    /// Dropping it stops the clock.
    _clock: Timeout,
}

impl Flight {
    fn new(limit: Duration, controller: Option<AbortController>) -> Self {
        let late = Rc::default();
        let clock = give_up_after(limit, limit, &controller, &late);
        Self { controller, late, has_ended: false, limit, began: js_sys::Date::now(), _clock: clock }
    }

    /// A piece of the answer has come: the next one has as much time, unless all of it takes too long.
    fn goes_on(&mut self) {
        let gone = Duration::try_from_secs_f64((js_sys::Date::now() - self.began) / 1000.0);
        let left = LONGEST.saturating_sub(gone.unwrap_or_default());
        let limit = if left < self.limit { LONGEST } else { self.limit };
        self._clock = give_up_after(left.min(self.limit), limit, &self.controller, &self.late);
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }
}

/// Gives up after a time, because of a limit.
fn give_up_after(
    time: Duration,
    limit: Duration,
    controller: &Option<AbortController>,
    late: &Rc<Cell<Option<Duration>>>,
) -> Timeout {
    let time = i32::try_from(time.as_millis()).unwrap_or(i32::MAX).unsigned_abs();
    let (controller, late) = (controller.clone(), late.clone());
    // Not `AbortSignal.timeout` and `AbortSignal.any`: two objects more for each request.
    Timeout::new(time, move || {
        late.set(Some(limit));
        if let Some(controller) = &controller {
            controller.abort();
        }
    })
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(controller) = self.controller.as_ref().filter(|_| !self.has_ended) {
            controller.abort();
        }
    }
}
