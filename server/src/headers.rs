//! The response headers meant for browsers.

use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::Response;

/// What a page of the console may do: load its own files, run its own WebAssembly, connect to its own server.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/// The browser features that the console uses: only writing to the clipboard, to copy a token.
const PERMISSIONS_POLICY: &str = "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), \
     geolocation=(), microphone=(), payment=(), usb=()";

type Header = (HeaderName, HeaderValue);

const NOSNIFF: Header = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
const NO_REFERRER: Header = (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
const NO_STORE: Header = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));

/// Adds the headers for responses of the API, which contain secrets.
pub(crate) async fn for_data(mut response: Response) -> Response {
    response.headers_mut().extend([NO_STORE, NOSNIFF, NO_REFERRER].map(optional));
    response
}

/// Adds the headers for files, including errors about files.
pub(crate) async fn for_files(mut response: Response) -> Response {
    let only_for_documents = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
        (HeaderName::from_static("permissions-policy"), HeaderValue::from_static(PERMISSIONS_POLICY)),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ];
    // Browsers ignore them on anything but documents, so there is no need to find out what is one.
    let headers = response.headers_mut();
    headers.extend(only_for_documents.map(optional));
    headers.extend([NOSNIFF, NO_REFERRER].map(optional));
    response
}

fn optional((name, value): Header) -> (Option<HeaderName>, HeaderValue) {
    (Some(name), value)
}
