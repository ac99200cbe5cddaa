//! `/readyz`: whether the upstream server answers.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::Full;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::warn;

use super::{Upstream, answer};

/// How long the server may take to answer.
const TIME: Duration = Duration::from_secs(5);
/// How long a result is reused. Anybody may ask, and must not be able to make this server ask as often.
const HOLDS: Duration = Duration::from_secs(2);
/// A request that costs the server nothing: without credentials the response is 401. This path exists in every release
/// of the API, so that a 404 means that the API is not there.
const QUESTION: &str = "/api_tokens/?limit=1";

/// The last result, and when it was found. Requests in the meantime wait for the same result.
#[derive(Debug, Default)]
pub(super) struct Readiness(Arc<Mutex<Option<(Instant, bool)>>>);

/// Answers 200 if the upstream server responds as the API does, otherwise 503.
pub(super) async fn check(State(upstream): State<Upstream>) -> Response {
    // In a task of its own: if a client gives up waiting, the check continues, so that the next client need not start
    // another.
    let asking = tokio::spawn(async move {
        let mut last = Arc::clone(&upstream.0.readiness.0).lock_owned().await;
        match *last {
            Some((at, ready)) if at.elapsed() < HOLDS => ready,
            _ => {
                let ready = answers(&upstream).await;
                *last = Some((Instant::now(), ready));
                ready
            }
        }
    });
    let ready = asking.await.unwrap_or(false);
    if ready {
        return Json(json!({"status": "ok"})).into_response();
    }
    let body = Json(json!({"status": "the Credential Manager does not answer"}));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

async fn answers(upstream: &Upstream) -> bool {
    let Some(uri) = upstream.0.settings.url.api(QUESTION) else {
        return false;
    };
    let mut request = hyper::Request::new(Full::default());
    *request.uri_mut() = uri;
    *request.headers_mut() = HeaderMap::from_iter([super::headers::product()]);
    let deadline = Instant::now() + TIME.min(upstream.0.settings.time);
    match upstream.send(request, deadline).await {
        Ok(found) => answer::check(&Method::GET, &found).is_ok() && is_of_api(found.status()),
        Err(_) => false,
    }
}

/// Whether the API may respond like this to somebody without credentials, or to somebody who asks too often.
fn is_of_api(status: StatusCode) -> bool {
    let expected = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS];
    let is_of_api = status.is_success() || expected.contains(&status);
    if !is_of_api {
        warn!(
            status = status.as_u16(),
            "the upstream server does not answer as the API does; unless it is down, the address given with \
             --upstream may be wrong"
        );
    }
    is_of_api
}
