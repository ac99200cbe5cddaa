//! `--upstream`: the API of an existing Credential Manager, in place of a database.
//!
//! The console and the API then share one origin, so that the console can read `Allow`. Requests below `/api/v1` are
//! forwarded, and nothing else. In both directions only headers that the API has a use for pass (`headers`): no
//! cookies, which would win over the credentials that the console sends. A response that cannot be the API's
//! (`answer`), such as a redirect to a sign-in page, becomes a 502 in the API's own format. Requests that change
//! something are sent once (`connections`).

mod answer;
mod connections;
mod headers;
mod ready;
mod url;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Json, Router};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};
use tracing::warn;

use self::connections::Connections;
use self::ready::Readiness;
pub use self::url::UpstreamUrl;
use crate::app::with_console;
use crate::body::Body;
use crate::config::{Config, Limits};
use crate::error::ApiError;
use crate::routes::BASE;

/// The settings for the upstream server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server's URL.
    pub url: UpstreamUrl,
    /// A file with the certificate authorities to trust (PEM), instead of Mozilla's list.
    pub certificate_authorities: Option<PathBuf>,
    /// How long a request to it may take, until the last byte of the response; not counting the time the client takes
    /// to read it.
    pub time: Duration,
    /// The maximum size of a response. Nothing of a response is kept, so only an endless one has to be cut off. The
    /// console itself reads no more than 4 MiB, and asks for less of the list if that is longer; to the console, a
    /// response that is cut off here looks like any other failure.
    pub answer_bytes: u64,
}

impl Settings {
    /// Returns the default settings for a server at `url`.
    pub fn new(url: UpstreamUrl) -> Self {
        Self {
            url,
            certificate_authorities: None,
            time: Duration::from_secs(60),
            answer_bytes: 1024 * 1024 * 1024,
        }
    }
}

/// An upstream server whose API is forwarded. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Upstream(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    limits: Limits,
    connections: Connections,
    /// This process's entry in `Via`, to detect a request that comes back to it.
    via: HeaderValue,
    readiness: Readiness,
}

/// The methods of the API; others are refused here.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE, Method::OPTIONS];
const ALLOW: &str = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

impl Upstream {
    /// Creates an upstream server without connecting to it.
    ///
    /// # Errors
    /// The file of certificate authorities cannot be read or contains none, or the operating system has no randomness.
    pub fn new(settings: Settings, limits: Limits) -> anyhow::Result<Self> {
        let connections = Connections::new(&settings)?;
        let via = headers::via()?;
        Ok(Self(Arc::new(Shared { settings, limits, connections, via, readiness: Readiness::default() })))
    }

    /// Returns the router for everything that this server serves: the API, health checks, and the console.
    pub fn router(self, config: &Config) -> Router {
        let not_found = async || ApiError::NotFound;
        let mut data = Router::new()
            .route(&format!("{BASE}/{{*rest}}"), any(forward))
            .route("/healthz", get(alive))
            .route("/readyz", get(ready::check));
        for elsewhere in ["/api", "/api/", "/api/{*rest}"] {
            data = data.route(elsewhere, any(not_found));
        }
        with_console(data.with_state(self), config)
    }

    /// Sends a request and waits for the head of the response.
    async fn send(
        &self,
        request: hyper::Request<Full<hyper::body::Bytes>>,
        deadline: Instant,
    ) -> Result<hyper::Response<hyper::body::Incoming>, ApiError> {
        match timeout_at(deadline, self.0.connections.send(request)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failure)) => {
                warn!(cause = %failure.cause, "the upstream server gives no answer");
                Err(failure.error)
            }
            Err(_) => {
                warn!("the upstream server does not answer in time");
                Err(ApiError::UpstreamTimeout)
            }
        }
    }
}

/// Forwards a request, and returns its response.
async fn forward(State(upstream): State<Upstream>, request: Request) -> Result<Response, ApiError> {
    let Shared { settings, limits, via, .. } = &*upstream.0;
    if !METHODS.contains(request.method()) {
        return Err(ApiError::MethodNotAllowed(ALLOW));
    }
    if headers::has_been_here(request.headers(), via) {
        warn!("the upstream server sends requests back to this one");
        return Err(ApiError::Upstream("The server is set up to forward requests to itself."));
    }
    let uri = settings.url.with(request.uri()).ok_or(ApiError::NotFound)?;
    let method = request.method().clone();
    let headers = headers::for_upstream(&request, via);
    // Read whole before anything is sent: if the client breaks off, the upstream gets no partial request.
    let body = Body::read(request, limits).await?;

    let deadline = Instant::now() + settings.time;
    let answer = upstream.send(outgoing(method.clone(), uri, headers, body), deadline).await?;
    answer::pass_on(&method, answer, deadline, settings.answer_bytes)
}

fn outgoing(
    method: Method,
    uri: axum::http::Uri,
    headers: HeaderMap,
    body: Body,
) -> hyper::Request<Full<hyper::body::Bytes>> {
    let mut request = hyper::Request::new(Full::new(body.bytes));
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    request
}

/// Answers that this process is alive, regardless of the upstream server: restarting this one would not help that one.
async fn alive() -> Json<Value> {
    Json(json!({"status": "ok"}))
}
