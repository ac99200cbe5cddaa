//! `/healthz` and `/readyz`: whether the server can do its work, for supervisors and load balancers. With a database,
//! the two are the same.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;

/// Answers 200 if the database works, otherwise 503.
pub(crate) async fn check(State(app): State<App>) -> Response {
    match app.database.check().await {
        Ok(()) => Json(json!({"status": "ok"})).into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let body = Json(json!({"status": "the database does not answer"}));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}
