//! Cross-origin requests: refused by default, allowed for the origins that the deployment lists.
//!
//! tower-http's layer is not used, because it treats every `OPTIONS` request as a preflight; here `OPTIONS` is also an
//! operation of the API.

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::is_api;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, DELETE, OPTIONS");
const REQUEST_HEADERS: HeaderValue =
    HeaderValue::from_static("authorization, content-type, x-api-token, x-api-key");
/// `Allow` tells a client what it may do, `Retry-After` when to come back.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("allow, retry-after");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Answers preflights and adds CORS headers to responses for listed origins. Credentials are never allowed: the API
/// uses no cookies.
pub(crate) async fn apply(
    State(allowed_origins): State<Vec<HeaderValue>>,
    request: Request,
    next: Next,
) -> Response {
    if allowed_origins.is_empty() || !is_api(request.uri()) {
        return next.run(request).await;
    }
    let origin =
        request.headers().get(header::ORIGIN).filter(|origin| allowed_origins.contains(*origin)).cloned();
    let preflight = is_preflight(&request);
    let mut response = match (&origin, preflight) {
        (Some(_), true) => preflight_answer(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    // A cache must not serve the response for one origin to another, nor the one for no origin.
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight_answer() -> Response {
    let headers = HeaderMap::from_iter([
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ]);
    (StatusCode::NO_CONTENT, headers).into_response()
}
