//! `/api_tokens/{item_id}`: one API token.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ItemId, allowed};
use crate::app::App;
use crate::auth::Caller;
use crate::body::Body;
use crate::db::tokens::Token;
use crate::error::{ApiError, ErrorBody};
use crate::messages::Messages;
use crate::openapi::PatchOperation;
use crate::patch::Patch;
use crate::permissions::Operation;
use crate::secret::Secret;
use crate::timestamp::Timestamp;

/// The methods of this resource.
pub const ALLOW: &str = "GET, PATCH, DELETE, OPTIONS";

/// Returns the handlers of these methods.
pub fn methods() -> MethodRouter<App> {
    get(read).patch(change).delete(delete).options(options)
}

/// A token with everything about it, its secret included.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiToken {
    /// The token's ID.
    id: i64,
    /// Its name, unique among its owner's tokens.
    name: String,
    /// The secret, to be sent as `X-API-TOKEN`.
    token: Secret,
    /// The ID of the user as whom requests with the token act.
    owner_id: i64,
    /// Whether it can be used.
    enabled: bool,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// When its name or its enabled state last changed.
    #[schema(value_type = String, format = DateTime)]
    updated: Timestamp,
    /// When it last authenticated a request, to the minute; null if never.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    last_used: Option<Timestamp>,
    /// Always `ApiToken`.
    resource_type: &'static str,
}

impl ApiToken {
    /// The `resource_type` of tokens, in lists and by themselves.
    pub(crate) const RESOURCE_TYPE: &'static str = "ApiToken";
}

impl From<Token> for ApiToken {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            token: token.secret,
            owner_id: token.owner_id,
            enabled: token.enabled,
            created: token.created,
            updated: token.updated,
            last_used: token.last_used,
            resource_type: Self::RESOURCE_TYPE,
        }
    }
}

/// Read an API token
#[utoipa::path(
    get,
    operation_id = "read_api_token",
    path = "/api_tokens/{item_id}",
    tag = "api_tokens",
    params(("item_id" = i64, Path, description = "The token's id")),
    responses(
        (status = 200, description = "The token, secret included", body = ApiToken),
        (status = 403, description = "Neither one's own nor within one's rights", body = ErrorBody),
        (status = 404, description = "There is no such token", body = ErrorBody),
    ),
)]
pub(crate) async fn read(
    ItemId(id): ItemId,
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ApiToken>, ApiError> {
    let token = app.database.token(id, caller.identity(), Operation::Read).await?;
    Ok(Json(token.into()))
}

/// Change an API token
///
/// With a list of JSON Patch operations: `replace` and `test` on `/name` and `/enabled`. Either all of them are applied
/// or none.
#[utoipa::path(
    patch,
    operation_id = "change_api_token",
    path = "/api_tokens/{item_id}",
    tag = "api_tokens",
    params(("item_id" = i64, Path, description = "The token's id")),
    request_body(content(
        (Vec<PatchOperation> = "application/json"),
        (Vec<PatchOperation> = "application/json-patch+json"),
    )),
    responses(
        (status = 200, description = "The token as it is now", body = ApiToken),
        (status = 403, description = "Neither one's own nor within one's rights", body = ErrorBody),
        (status = 404, description = "There is no such token", body = ErrorBody),
        (status = 408, description = "The body took too long to arrive", body = ErrorBody),
        (status = 409, description = "A `test` does not hold, or the owner has a token of this name", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 422, description = "Not a list of operations that are understood", body = ErrorBody),
    ),
)]
pub(crate) async fn change(
    ItemId(id): ItemId,
    State(app): State<App>,
    caller: Caller,
    body: Body,
) -> Result<Json<ApiToken>, ApiError> {
    // A caller who may not change the token gets that answer, whatever the body. The change itself checks again.
    app.database.token(id, caller.identity(), Operation::Change).await?;
    let essence = body.essence();
    if essence != "application/json" && essence != "application/json-patch+json" {
        return Err(Messages::of_whole("Not JSON.").into());
    }
    let patch = Patch::parse(&body.bytes)?;
    let token = app.database.change_token(id, caller.identity(), &patch).await?;
    tracing::info!(token = id, "token changed");
    Ok(Json(token.into()))
}

/// Delete an API token
#[utoipa::path(
    delete,
    operation_id = "delete_api_token",
    path = "/api_tokens/{item_id}",
    tag = "api_tokens",
    params(("item_id" = i64, Path, description = "The token's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 403, description = "Neither one's own nor within one's rights", body = ErrorBody),
        (status = 404, description = "There is no such token", body = ErrorBody),
    ),
)]
pub(crate) async fn delete(
    ItemId(id): ItemId,
    State(app): State<App>,
    caller: Caller,
) -> Result<StatusCode, ApiError> {
    app.database.delete_token(id, caller.identity()).await?;
    tracing::info!(token = id, "token deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// The methods that the caller may use on an API token
#[utoipa::path(
    options,
    operation_id = "options_of_api_token",
    path = "/api_tokens/{item_id}",
    tag = "api_tokens",
    params(("item_id" = i64, Path, description = "The token's id")),
    responses(
        (
            status = 204,
            description = "Nothing but the header",
            headers(("Allow" = String, description = "The methods, separated by commas")),
        ),
        (status = 404, description = "There is no such token", body = ErrorBody),
    ),
)]
pub(crate) async fn options(
    ItemId(id): ItemId,
    State(app): State<App>,
    caller: Caller,
) -> Result<Response, ApiError> {
    let operations = app.database.token_operations(id, caller.identity()).await?.ok_or(ApiError::NotFound)?;
    Ok(allowed(operations.into_iter().map(Operation::method)))
}
