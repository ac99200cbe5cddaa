//! Sends requests to the API. Apart from the probe of `blocked`, this is the only place that uses the network.

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

/// The longest that a response may take, however steadily it arrives.
const LONGEST: Duration = Duration::from_secs(120);

/// A body up to this length, in bytes, arrives at once or not at all, so it is read in one go. Of a longer one, each
/// piece that arrives shows that the connection is only slow.
const SMALL_BODY: usize = 64 * 1024;

/// Sends a request and reads the whole response.
///
/// Dropping the future aborts the request, so a screen that goes away takes its requests along. The time limit is for
/// silence, also within the body: a server that stalls in the middle of a response times out, a slow connection does
/// not, up to [`LONGEST`].
pub(super) async fn send(
    endpoint: &Endpoint,
    credentials: &Credentials,
    request: &Request,
) -> Result<Answer, Error> {
    // This is no reason to give up: a server on this very machine responds without any network.
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
    // Whether the body is as long as announced, that is, not compressed. `Content-Encoding` is readable on the same
    // origin only.
    let is_as_announced =
        response.type_() == ResponseType::Basic && headers.get("content-encoding").is_none();
    let mut body = match length {
        // Read in one go: each piece would be a task of its own.
        Some(length) if is_as_announced && length <= SMALL_BODY => {
            Some(response.binary().await.map_err(|error| failed(error_name(&error)))?)
        }
        _ => read_body(response.body(), length, &mut flight)
            .await
            .map_err(|error| failed(thrown_name(&error)))?,
    };
    flight.has_ended = true;
    let status = response.status();
    // The error message is displayed, and may be copied for others to read.
    if let Some(body) = body.as_mut().filter(|_| status >= 400) {
        hide(value.expose(), body);
    }
    // Reading a header is a round trip to JavaScript, and the frequent responses (successful reads) have neither of
    // these.
    let is_said = |name| {
        let is_rare = request.method == Method::Options || !(200..=299).contains(&status);
        is_rare.then(|| headers.get(name)).flatten()
    };
    let retry_after = is_said("retry-after");
    // Only `Retry-After` is compared with the date.
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

/// Sends a request with the browser's own `fetch`.
///
/// The builder of gloo-net is not used: it first creates two `Request`s, only to find out the address, and a page of
/// the list has a hundred requests.
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
    // The server's own website sets a cookie that wins over Basic (API.md part 2).
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    // A followed redirection would send the token's header to wherever it points.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(signal);
    if let Some(body) = &request.body {
        headers.set("Content-Type", body.content_type())?;
        init.set_body_opt_str(Some(body.text()));
    }
    init.set_headers_headers(&headers);
    if request.outlives_page {
        // Neither gloo-net nor web-sys (0.3.107) has a setter for it.
        Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    }
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    Ok(window.fetch_with_str_and_init(address, &init))
}

/// Reads the body piece by piece and stops beyond [`MAX_BODY`], so that an endless response neither freezes the page
/// nor fills the memory, which WebAssembly never gives back. `None` if the body is longer than that; a body that is
/// announced to be longer is not read at all.
async fn read_body(
    stream: Option<ReadableStream>,
    announced: Option<usize>,
    flight: &mut Flight,
) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    let Some(stream) = stream else { return Ok(Some(body)) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    if announced.is_some_and(|length| length > MAX_BODY) {
        // The rest is not needed; whether cancelling works does not matter.
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
            // As above.
            let _ = reader.cancel();
            return Ok(None);
        }
        body.extend_from_slice(&bytes.to_vec());
        flight.goes_on();
    }
}

/// Returns what a rejected `fetch` means. The browser tells scripts little: a refused connection, CORS and the page's
/// own policy are all a `TypeError`; see [`Watch::blocker`].
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
        // A request that changes something may have arrived before the connection was lost.
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

/// A request in flight. Aborts it when its time is over, and when the future that owns it is dropped before the
/// response has arrived.
struct Flight {
    controller: Option<AbortController>,
    /// The limit that was exceeded, if any.
    late: Rc<Cell<Option<Duration>>>,
    has_ended: bool,
    /// The longest silence.
    limit: Duration,
    /// The start, in milliseconds since 1970.
    began: f64,
    /// The time-out; dropping it cancels it.
    _clock: Timeout,
}

impl Flight {
    fn new(limit: Duration, controller: Option<AbortController>) -> Self {
        let late = Rc::default();
        let clock = give_up_after(limit, limit, &controller, &late);
        Self { controller, late, has_ended: false, limit, began: js_sys::Date::now(), _clock: clock }
    }

    /// Restarts the time limit after a piece of the response has arrived, within [`LONGEST`] for the whole response.
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

/// Aborts the request after `time` and records `limit` as the limit that was exceeded.
fn give_up_after(
    time: Duration,
    limit: Duration,
    controller: &Option<AbortController>,
    late: &Rc<Cell<Option<Duration>>>,
) -> Timeout {
    let time = i32::try_from(time.as_millis()).unwrap_or(i32::MAX).unsigned_abs();
    let (controller, late) = (controller.clone(), late.clone());
    // `AbortSignal.timeout` and `AbortSignal.any` would create two more objects for each request.
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
