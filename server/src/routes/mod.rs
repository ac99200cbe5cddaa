//! The API's paths and their handlers.

pub mod api_token;
pub mod api_tokens;
pub mod health;
pub mod users;

use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};

use crate::app::App;
use crate::error::ApiError;
use crate::fields::Fields;
use crate::openapi;

/// The path that the API is under.
pub const BASE: &str = "/api/v1";

/// Returns the router of the whole API.
pub fn api() -> Router<App> {
    let mut router = Router::new();
    let resources: [(&str, &'static str, MethodRouter<App>); 6] = [
        ("/api_tokens", api_tokens::ALLOW, api_tokens::methods()),
        ("/api_tokens/{item_id}", api_token::ALLOW, api_token::methods()),
        ("/users", "GET", get(users::list)),
        ("/users/me", "GET", get(users::me)),
        ("/users/{item_id}", "GET", get(users::read)),
        ("/openapi.json", "GET", get(openapi::document)),
    ];
    for (path, allow, methods) in resources {
        let not_allowed = async move || ApiError::MethodNotAllowed(allow);
        // The API has no HEAD, which axum would otherwise add to every GET.
        let methods = methods.head(not_allowed).fallback(not_allowed);
        router =
            router.route(&format!("{BASE}{path}"), methods.clone()).route(&format!("{BASE}{path}/"), methods);
    }
    let not_found = async || ApiError::NotFound;
    for elsewhere in ["/api", "/api/", "/api/{*rest}"] {
        router = router.route(elsewhere, any(not_found));
    }
    router
}

/// An ID in a path. A path with anything but digits there does not exist.
#[derive(Clone, Copy, Debug)]
pub struct ItemId(pub i64);

impl FromRequestParts<App> for ItemId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Path(id) =
            Path::<String>::from_request_parts(parts, app).await.map_err(|_| ApiError::NotFound)?;
        if !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ApiError::NotFound);
        }
        id.parse().map(Self).map_err(|_| ApiError::NotFound)
    }
}

/// The requested page of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) limit: i64,
    pub(crate) offset: i64,
}

impl Page {
    /// Reads `limit` and `offset`. Problems with them are reported when `fields` finishes.
    pub(crate) fn from_fields(fields: &mut Fields) -> Self {
        Self {
            limit: fields.integer_in("limit", 1..=100).unwrap_or(20),
            offset: fields.integer_in("offset", 0..=i64::MAX).unwrap_or(0),
        }
    }
}

/// Returns the response to `OPTIONS`: nothing but the allowed methods.
fn allowed<'a>(methods: impl IntoIterator<Item = &'a str>) -> Response {
    let methods: Vec<_> = methods.into_iter().chain(["OPTIONS"]).collect();
    let allow = HeaderValue::try_from(methods.join(", ")).expect("methods are letters");
    (StatusCode::NO_CONTENT, [(header::ALLOW, allow)]).into_response()
}
