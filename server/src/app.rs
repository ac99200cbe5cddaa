//! The application: what all requests share, and the layers that each passes through.

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

/// What all requests share. Cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`], which derefs to it.
pub struct Shared {
    /// The data.
    pub database: Database,
    /// The verifier of passwords.
    pub passwords: Passwords,
    /// The count of failed authentications.
    pub throttle: Throttle,
    /// What the deployment set.
    pub config: Config,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// An application over an open database.
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

    /// Everything that the server answers.
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

/// The whole server: `data`, the console beside it, and the layers around both.
pub(crate) fn with_console(data: Router, config: &Config) -> Router {
    // The layer added last is the outermost: what a panic or a time limit answers gets the headers, too.
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

/// Ends a request that takes too long. What it had begun in the database is rolled back, unless it was being committed
/// at this moment: as with every answer of this kind, the outcome is unknown until one looks.
async fn limit_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    timeout(limit, next.run(request)).await.unwrap_or_else(|_| ApiError::Unavailable.into_response())
}

/// Logs a request by its route. Never by its address: people paste secrets into the wrong place, and what is in a
/// query, a header or a body is nobody's business.
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

/// The name of a method for the log. A client may invent methods of any length and content.
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
    // The panic hook has printed where it happened.
    ApiError::Internal.into_response()
}

/// Whether this address belongs to the API, however it is spelt.
pub(crate) fn is_api(uri: &Uri) -> bool {
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy();
    path.strip_prefix("/api").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
