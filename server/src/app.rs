//! The application: the state that all requests share, and the middleware layers that each request passes through.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, field, info, info_span};

use crate::client::ClientAddress;
use crate::config::Config;
use crate::db::Database;
use crate::error::ApiError;
use crate::password::Passwords;
use crate::static_files::StaticFiles;
use crate::throttle::Throttle;
use crate::{cors, headers, routes};

/// The state that all requests share. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// The fields of [`App`], which derefs to it.
pub struct Shared {
    /// The database.
    pub database: Database,
    /// The password verifier.
    pub passwords: Passwords,
    /// The counts of failed authentications.
    pub throttle: Throttle,
    /// The deployment's settings.
    pub config: Config,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Creates an application over an open database.
    ///
    /// # Errors
    /// Passwords cannot be hashed on this system.
    pub fn new(database: Database, config: Config) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Shared {
            database,
            passwords: Passwords::new()?,
            throttle: Throttle::new(config.auth_failures_per_minute),
            config,
        })))
    }

    /// Returns the router for everything that the server serves.
    pub fn router(self) -> Router {
        let config = self.config.clone();
        let data = routes::api()
            .route("/healthz", get(routes::health::check))
            .route("/readyz", get(routes::health::check))
            .layer(middleware::from_fn_with_state(config.limits.request_time, limit_time))
            .with_state(self);
        with_console(data, &config)
    }
}

/// Returns the router of the whole server: `data`, the console, and the layers around both.
pub(crate) fn with_console(data: Router, config: &Config) -> Router {
    // The layer added last is the outermost, so the responses to a panic or a timeout get the headers, too.
    let data =
        data.layer(CatchPanicLayer::custom(panicked)).layer(middleware::map_response(headers::for_data));
    let files = StaticFiles::new(config)
        .router()
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(config.limits.request_time, limit_time))
        .layer(middleware::map_response(headers::for_files));
    data.merge(files)
        .layer(middleware::from_fn_with_state(config.cors_origins.clone(), cors::apply))
        .layer(middleware::from_fn(log))
}

/// Ends a request that takes too long. Its open database transaction is rolled back, unless it was just being
/// committed: as with every 503, the outcome is unknown until the client looks.
async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    timeout(limit, next.run(request)).await.unwrap_or_else(|_| ApiError::Unavailable.into_response())
}

/// Logs a request by its route, never by its path: people paste secrets into the wrong place, and queries, headers and
/// bodies are private.
async fn log(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = known_method(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "file".to_owned(), |path| path.as_str().to_owned());
    let client = ClientAddress::of(request.extensions()).0;
    let span = info_span!("request", method, route, %client, user = field::Empty);
    async move {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let milliseconds = started.elapsed().as_millis() as u64;
        info!(status, milliseconds, "answered");
        response
    }
    .instrument(span)
    .await
}

/// Returns a method's name for the log. A client may send invented methods of any length and content.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    // The panic hook has already printed where it happened.
    ApiError::Internal.into_response()
}

/// Whether this URI belongs to the API, however it is spelt.
pub(crate) fn is_api(uri: &Uri) -> bool {
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy();
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
