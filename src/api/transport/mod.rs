//! Sends requests to the API. Apart from the probe of `blocked`, this is the only place that uses the network.

mod body;
mod flight;

use std::time::Duration;

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit,
    RequestRedirect, ResponseType,
};

use self::flight::Flight;
use super::{
    Credentials, Endpoint, Error, ErrorKind, Method,
    answer::{Answer, no_answer},
    blocked::Watch,
    credentials::hide,
    early::Early,
    request::Request,
};

/// Sends a request and reads the whole response.
///
/// Dropping the future aborts the request, so a screen that goes away takes its requests along. The time limit is for
/// silence, also within the body: a server that stalls in the middle of a response times out, a slow connection does
/// not, up to two minutes in all.
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

    let promise = match early {
        Some(early) => Ok(early.answer),
        None => fetch(&address, request, (header, value.expose()), flight.signal().as_ref()),
    };
    let promise = promise.map_err(|thrown| failed(thrown_name(&thrown)))?;
    let response = match JsFuture::from(promise).await {
        Ok(response) => Response::from(response.unchecked_into::<web_sys::Response>()),
        Err(thrown) => return Err(with_blocker(failed(thrown_name(&thrown)), watch).await),
    };
    if let Some(watch) = watch {
        watch.answered();
    }
    if response.type_() == ResponseType::Opaqueredirect {
        return Ok(Answer::default());
    }
    let mut body = body::read(&response, &mut flight).await.map_err(failed)?;
    flight.has_ended = true;
    // The error message is displayed, and may be copied for others to read.
    if let Some(body) = body.as_mut().filter(|_| response.status() >= 400) {
        hide(value.expose(), body);
    }
    Ok(answer(request, &response, body))
}

/// Adds to the failure of a request whether it was the browser that blocked it.
async fn with_blocker(mut error: Error, watch: Option<Watch>) -> Error {
    if error.kind == ErrorKind::Unreachable
        && let Some(watch) = watch
        && let Some(blocker) = watch.blocker().await
    {
        error.kind = ErrorKind::Blocked(blocker);
    }
    error
}

/// Collects the parts of a response that the contract knows.
fn answer(request: &Request, response: &Response, body: Option<Vec<u8>>) -> Answer {
    let (status, headers) = (response.status(), response.headers());
    // Reading a header is a round trip to JavaScript, and the frequent responses (successful reads) have neither of
    // these.
    let is_rare = request.method == Method::Options || !(200..=299).contains(&status);
    let rare = |name| is_rare.then(|| headers.get(name)).flatten();
    let retry_after = rare("retry-after");
    // Only `Retry-After` is compared with the date.
    let date = retry_after
        .is_some()
        .then(|| headers.get("date").unwrap_or_else(|| js_sys::Date::new_0().to_utc_string().into()));
    Answer {
        status,
        content_type: headers.get("content-type"),
        allow: rare("allow"),
        retry_after,
        date,
        body,
    }
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

fn thrown_name(thrown: &JsValue) -> Option<String> {
    Reflect::get(thrown, &"name".into()).ok()?.as_string()
}
