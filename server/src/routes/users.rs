//! `/users/`: the users, for callers who may see them.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ItemId, Page};
use crate::app::App;
use crate::auth::Caller;
use crate::db::users::{self, UserName};
use crate::error::{ApiError, ErrorBody};
use crate::fields::Fields;
use crate::permissions::Role;
use crate::timestamp::Timestamp;

/// A user in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct BaseUser {
    /// The user's ID.
    id: i64,
    /// The name to sign in with.
    username: String,
}

/// A user. An internal user looks like a read-only one here, as on the real server.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// The user's ID.
    id: i64,
    /// The name to sign in with.
    username: String,
    /// Whether the user may sign in.
    is_active: bool,
    /// Whether the user may do everything with their own tokens.
    is_regular_user: bool,
    /// Whether the user may also work with other users' tokens.
    is_admin: bool,
    /// Always empty on this server.
    #[schema(value_type = Object)]
    default_settings: serde_json::Map<String, serde_json::Value>,
    /// When the user was added.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// When the user was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated: Timestamp,
}

impl From<UserName> for BaseUser {
    fn from(UserName { id, username }: UserName) -> Self {
        Self { id, username }
    }
}

impl From<users::User> for User {
    fn from(user: users::User) -> Self {
        Self {
            id: user.id,
            username: user.username,
            is_active: user.is_active,
            is_regular_user: matches!(user.role, Role::Admin | Role::Regular),
            is_admin: user.role == Role::Admin,
            default_settings: serde_json::Map::new(),
            created: user.created,
            updated: user.updated,
        }
    }
}

/// Read the calling user
#[utoipa::path(
    get,
    operation_id = "read_me",
    path = "/users/me",
    tag = "users",
    responses((status = 200, description = "The caller", body = User)),
)]
pub(crate) async fn me(caller: Caller) -> Json<User> {
    Json(caller.0.into())
}

/// List users
///
/// By ID. Admins and internal users only.
#[utoipa::path(
    get,
    operation_id = "list_users",
    path = "/users/",
    tag = "users",
    params(
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 100, description = "How many; 20 if not given"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to skip; 0 if not given"),
    ),
    responses(
        (status = 200, description = "A page of users", body = [BaseUser]),
        (status = 403, description = "The caller is neither admin nor internal", body = ErrorBody),
        (status = 422, description = "A parameter is not valid", body = ErrorBody),
    ),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<BaseUser>>, ApiError> {
    if !caller.identity().may_see_users() {
        return Err(ApiError::Forbidden);
    }
    let mut fields = Fields::from_urlencoded(query.unwrap_or_default().as_bytes());
    let Page { limit, offset } = Page::from_fields(&mut fields);
    fields.finish()?;
    let users = app.database.users(limit, offset).await?;
    Ok(Json(users.into_iter().map(BaseUser::from).collect()))
}

/// Read a user
///
/// Every user may read themselves; others: admins and internal users only.
#[utoipa::path(
    get,
    operation_id = "read_user",
    path = "/users/{item_id}",
    tag = "users",
    params(("item_id" = i64, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User),
        (status = 403, description = "Another user, whether they exist or not", body = ErrorBody),
        (status = 404, description = "There is no such user", body = ErrorBody),
    ),
)]
pub(crate) async fn read(
    ItemId(id): ItemId,
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<User>, ApiError> {
    if id != caller.0.id && !caller.identity().may_see_users() {
        return Err(ApiError::Forbidden);
    }
    let user = app.database.user(id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(user.into()))
}
