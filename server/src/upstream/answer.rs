//! The upstream's response: whether it can be the API's, and its body within its limits.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use hyper::body::{Body as _, Bytes, Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};
use tracing::warn;

use super::headers;
use crate::error::ApiError;

/// The policy for the error page of an intermediate proxy, which is passed on as it is. If a user opens its URL in the
/// browser, it must not run as a page of the console.
const NOT_A_PAGE: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// Returns the response for the client.
///
/// # Errors
/// The response cannot be the API's, or it is too large.
pub(super) fn pass_on(
    method: &Method,
    answer: hyper::Response<Incoming>,
    deadline: Instant,
    most_bytes: u64,
) -> Result<Response<Body>, ApiError> {
    check(method, &answer)?;
    let (parts, body) = answer.into_parts();
    if body.size_hint().lower() > most_bytes {
        warn!("the upstream server's answer is too large");
        return Err(ApiError::Upstream("The answer of the Credential Manager is too large."));
    }
    let time_left = deadline.saturating_duration_since(Instant::now());
    let is_head = method == Method::HEAD;
    let body = Limited { body, bytes_left: most_bytes, time_left, waiting: None, is_head };
    let mut response = Response::new(Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers::for_client(&parts.headers);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, NOT_A_PAGE);
    Ok(response)
}

/// Checks whether a response can be the API's: the API never redirects, and none of its successes is a web page. Both
/// come from intermediaries that want people to sign in.
///
/// # Errors
/// It cannot be the API's.
pub(super) fn check(method: &Method, answer: &hyper::Response<Incoming>) -> Result<(), ApiError> {
    let status = answer.status();
    if status.is_redirection() {
        warn!(status = status.as_u16(), "the upstream server answers with a redirect");
        return Err(ApiError::Upstream(
            "Instead of an answer of the Credential Manager there was a redirect, such as to a sign-in page.",
        ));
    }
    if status.is_informational() || status.as_u16() >= 600 {
        warn!(status = status.as_u16(), "the upstream server's status makes no sense here");
        return Err(ApiError::Upstream("The answer of the Credential Manager cannot be understood."));
    }
    // An empty response may claim to be a page: some frameworks do so for OPTIONS.
    let empty = method == Method::HEAD || status == StatusCode::NO_CONTENT || answer.body().is_end_stream();
    if status.is_success() && !empty && is_page(answer.headers()) {
        warn!("the upstream server answers with a web page");
        return Err(ApiError::Upstream(
            "Instead of an answer of the Credential Manager there was a web page, such as for signing in.",
        ));
    }
    Ok(())
}

fn is_page(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    ["text/html", "application/xhtml+xml"].iter().any(|page| essence.trim().eq_ignore_ascii_case(page))
}

/// A body that is passed on as it arrives. When it exceeds its size or its time, the connection is broken off, so that
/// nobody takes a part for the whole. The time counts waiting for the upstream server, not for the client to read.
struct Limited {
    body: Incoming,
    bytes_left: u64,
    time_left: Duration,
    /// When the current wait for more data began, and its deadline; `None` while not waiting.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
    is_head: bool,
}

impl hyper::body::Body for Limited {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Self { body, bytes_left, time_left, waiting, .. } = &mut *self;
        let Poll::Ready(frame) = Pin::new(body).poll_frame(cx) else {
            let (_, end) = waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(*time_left))));
            ready!(end.as_mut().poll(cx));
            return broken("it takes too long");
        };
        if let Some((since, _)) = waiting.take() {
            *time_left = time_left.saturating_sub(since.elapsed());
        }
        let data = match frame {
            None => return Poll::Ready(None),
            Some(Err(error)) => {
                warn!(%error, "the upstream server's answer breaks off");
                return Poll::Ready(Some(Err(error.into())));
            }
            // The API has no use for trailers.
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => data,
                Err(_) => return Poll::Ready(None),
            },
        };
        match bytes_left.checked_sub(data.len() as u64) {
            Some(left) => *bytes_left = left,
            None => return broken("it is too large"),
        }
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // No body follows a HEAD, and the length for GET is not known here. `Content-Length` is derived from this.
        if self.is_head { SizeHint::default() } else { self.body.size_hint() }
    }
}

fn broken<T>(why: &'static str) -> Poll<Option<Result<T, axum::BoxError>>> {
    warn!(why, "the upstream server's answer is broken off");
    Poll::Ready(Some(Err(why.into())))
}
