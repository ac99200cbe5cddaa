//! `/api_tokens/`: the collection of API tokens.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::api_token::ApiToken;
use super::{Page, allowed};
use crate::app::App;
use crate::auth::Caller;
use crate::body::Body;
use crate::db::tokens::{Refused, TokenName};
use crate::error::{ApiError, ErrorBody};
use crate::fields::Fields;
use crate::messages::Messages;
use crate::patch::check_name;
use crate::permissions::Identity;
use crate::secret::{self, Secret};

/// The methods of this resource.
pub const ALLOW: &str = "GET, POST, OPTIONS";

/// Returns the handlers of these methods.
pub fn methods() -> MethodRouter<App> {
    get(list).post(create).options(options)
}

/// A token in a list, without its secret and its owner.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaseApiToken {
    /// The token's ID.
    id: i64,
    /// Its name.
    name: String,
    /// Always `ApiToken`.
    resource_type: &'static str,
}

impl From<TokenName> for BaseApiToken {
    fn from(TokenName { id, name }: TokenName) -> Self {
        Self { id, name, resource_type: ApiToken::RESOURCE_TYPE }
    }
}

/// List API tokens
///
/// By ID. Admins and internal users get the tokens of all users, everybody else their own; disabled tokens are
/// included.
#[utoipa::path(
    get,
    operation_id = "list_api_tokens",
    path = "/api_tokens/",
    tag = "api_tokens",
    params(
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 100, description = "How many; 20 if not given"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to skip; 0 if not given"),
        ("owner_id" = Option<i64>, Query, description = "Only this user's; others than oneself: admins and internal users"),
    ),
    responses(
        (status = 200, description = "A page of tokens", body = [BaseApiToken]),
        (status = 403, description = "`owner_id` is another user", body = ErrorBody),
        (status = 422, description = "A parameter is not valid, or there is no such owner", body = ErrorBody),
    ),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<BaseApiToken>>, ApiError> {
    let mut fields = Fields::from_urlencoded(query.unwrap_or_default().as_bytes());
    let Page { limit, offset } = Page::from_fields(&mut fields);
    let owner_id = fields.integer("owner_id");
    fields.finish()?;
    let caller = caller.identity();
    ensure_may_name(caller, owner_id.unwrap_or(caller.id))?;
    let owner_id = if caller.may_list_others() {
        if let Some(id) = owner_id
            && app.database.user(id).await?.is_none()
        {
            return Err(Refused::NoSuchOwner.into());
        }
        owner_id
    } else {
        Some(caller.id)
    };
    let tokens = app.database.tokens(owner_id, limit, offset).await?;
    Ok(Json(tokens.into_iter().map(BaseApiToken::from).collect()))
}

/// Create an API token
#[utoipa::path(
    post,
    operation_id = "create_api_token",
    path = "/api_tokens/",
    tag = "api_tokens",
    request_body(content(
        (NewApiToken = "application/x-www-form-urlencoded"),
        (NewApiToken = "multipart/form-data"),
    )),
    responses(
        (status = 200, description = "The new token", body = ApiToken),
        (status = 403, description = "The owner is somebody for whom the caller may not create tokens", body = ErrorBody),
        (status = 408, description = "The body took too long to arrive", body = ErrorBody),
        (status = 409, description = "The owner has a token of this name", body = ErrorBody),
        (status = 413, description = "The body is too large", body = ErrorBody),
        (status = 422, description = "A field is not valid, or there is no such owner", body = ErrorBody),
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: Caller,
    body: Body,
) -> Result<Json<ApiToken>, ApiError> {
    let new = NewApiToken::from_body(body).await?;
    let caller = caller.identity();
    let owner_id = new.owner_id.unwrap_or(caller.id);
    ensure_may_name(caller, owner_id)?;
    let secret = Secret::generate(new.length).map_err(|error| {
        tracing::error!(%error, "the operating system has no randomness");
        ApiError::Internal
    })?;
    let created = app.database.create_token(caller, owner_id, &new.name, secret).await;
    match created {
        Ok(token) => {
            tracing::info!(token = token.id, owner = owner_id, "token created");
            Ok(Json(token.into()))
        }
        Err(Refused::NameTaken) => Err(ApiError::Conflict("Failed to create a new API Token.")),
        Err(Refused::NotPermitted) => Err(ApiError::ForbiddenForOthers),
        Err(refused) => Err(refused.into()),
    }
}

/// Refuses an owner that the caller may not name. To be called before checking whether that user exists, which the caller
/// must not learn.
fn ensure_may_name(caller: Identity, owner_id: i64) -> Result<(), ApiError> {
    if owner_id == caller.id || caller.may_list_others() { Ok(()) } else { Err(ApiError::ForbiddenForOthers) }
}

/// The methods that the caller may use on the collection
#[utoipa::path(
    options,
    operation_id = "options_of_api_tokens",
    path = "/api_tokens/",
    tag = "api_tokens",
    responses((
        status = 204,
        description = "Nothing but the header",
        headers(("Allow" = String, description = "The methods, separated by commas")),
    )),
)]
pub(crate) async fn options(_: Caller) -> Response {
    allowed(["GET", "POST"])
}

/// The form that a token is created from.
#[derive(Debug, ToSchema)]
pub struct NewApiToken {
    /// At least 3 characters; not trimmed; unique among the owner's tokens.
    #[schema(min_length = 3)]
    name: String,
    /// The token's owner; the caller if not given. Other users: admins (not for internal users) and internal users
    /// only.
    #[schema(nullable = false)]
    owner_id: Option<i64>,
    /// The length of the secret.
    #[schema(minimum = 16, maximum = 128, default = 32, required = false)]
    length: i64,
}

impl NewApiToken {
    async fn from_body(body: Body) -> Result<Self, Messages> {
        let mut fields = match body.essence().as_str() {
            "application/x-www-form-urlencoded" => Fields::from_urlencoded(&body.bytes),
            "multipart/form-data" => Fields::from_multipart(&body.content_type, body.bytes).await?,
            _ => return Err(Messages::of_whole("Not a form.")),
        };
        let name = fields.required("name", check_name);
        let owner_id = fields.integer("owner_id");
        let length = fields.integer_in("length", secret::LENGTHS).unwrap_or(secret::DEFAULT_LENGTH);
        fields.finish()?;
        Ok(Self { name, owner_id, length })
    }
}
