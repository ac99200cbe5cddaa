//! The one failure type of requests, and the API's response to each failure.

use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::tokens::Refused;
use crate::messages::Messages;

/// Why a request failed.
#[derive(Debug)]
pub enum ApiError {
    /// No credentials, or none that are valid.
    NotSignedIn,
    /// The caller may not do this.
    Forbidden,
    /// The caller may not do this for another user.
    ForbiddenForOthers,
    /// There is nothing at this path.
    NotFound,
    /// The path exists, but not with this method; with the allowed methods.
    MethodNotAllowed(&'static str),
    /// The client took too long to send its body.
    BodyTimeout,
    /// A name is taken, or a `test` operation failed.
    Conflict(&'static str),
    /// The body is larger than the server takes.
    TooLarge,
    /// The request was understood, but something in it is invalid.
    Invalid(Messages),
    /// Too many failed authentications; with the time to wait.
    TooManyFailures(Duration),
    /// The server is at fault.
    Internal,
    /// The server is too busy.
    Unavailable,
    /// The upstream server sent no response that can be the API's; with a sentence for the user.
    Upstream(&'static str),
    /// The upstream server took too long.
    UpstreamTimeout,
}

/// The body of every failure. A 404 and a 405 have no `status`, as on the real server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The HTTP status code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status: Option<u16>,
    /// A sentence for the user.
    message: &'static str,
    /// What is wrong, by field (422 only): sentences, or for a JSON Patch such an object for each operation, by its
    /// index. `_schema` stands for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    messages: Option<Messages>,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::ForbiddenForOthers => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyFailures(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Upstream(_) => StatusCode::BAD_GATEWAY,
            Self::UpstreamTimeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::NotSignedIn => {
                "The server could not verify that you are authorized to access the URL requested."
            }
            Self::Forbidden => "You don't have the permission to access the requested resource.",
            Self::ForbiddenForOthers => "You don't have the permission to do this for other users.",
            Self::NotFound => "The requested URL was not found on the server.",
            Self::MethodNotAllowed(_) => "The method is not allowed for the requested URL.",
            Self::BodyTimeout => "The request body took too long to arrive.",
            Self::Conflict(message) | Self::Upstream(message) => message,
            Self::TooLarge => "The request body is too large.",
            Self::Invalid(_) => {
                "The request was well-formed but was unable to be followed due to semantic errors."
            }
            Self::TooManyFailures(_) => "Too many failed attempts to sign in. Try again later.",
            Self::Internal => "Internal Server Error",
            Self::Unavailable => "The server is too busy. Try again later.",
            Self::UpstreamTimeout => "The Credential Manager did not answer in time.",
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let message = self.message();
        let says_status = !matches!(self, Self::NotFound | Self::MethodNotAllowed(_) | Self::Internal);
        let header = match &self {
            Self::MethodNotAllowed(allow) => Some((header::ALLOW, HeaderValue::from_static(allow))),
            Self::TooManyFailures(wait) => {
                // Rounded up: a client that comes back early is refused again.
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Some((header::RETRY_AFTER, seconds.into()))
            }
            Self::Unavailable => Some((header::RETRY_AFTER, HeaderValue::from_static("5"))),
            _ => None,
        };
        let body = ErrorBody {
            status: says_status.then(|| status.as_u16()),
            message,
            messages: match self {
                Self::Invalid(messages) => Some(messages),
                _ => None,
            },
        };
        let mut response = (status, Json(body)).into_response();
        response.headers_mut().extend(header);
        response
    }
}

impl From<Messages> for ApiError {
    fn from(messages: Messages) -> Self {
        Self::Invalid(messages)
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        if is_busy(&error) {
            tracing::warn!(%error, "the database is busy");
            Self::Unavailable
        } else {
            // SQLite's messages name tables and columns, never values.
            tracing::error!(%error, "the database fails");
            Self::Internal
        }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchToken => Self::NotFound,
            Refused::NotPermitted => Self::Forbidden,
            Refused::NoSuchOwner => Messages::of("owner_id", "There is no such user.").into(),
            Refused::NameTaken => Self::Conflict("The owner has an API Token of this name already."),
            Refused::TestFailed => Self::Conflict("The API Token has changed: a test does not hold."),
            Refused::Database(error) => error.into(),
        }
    }
}

/// Whether trying again later may help: all connections are in use, or another process holds the lock.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    /// SQLITE_BUSY and SQLITE_LOCKED. The higher bits of an extended code distinguish variants of them.
    const BUSY: [i32; 2] = [5, 6];
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(error) => error
            .code()
            .and_then(|code| code.parse::<i32>().ok())
            .is_some_and(|code| BUSY.contains(&(code & 0xff))),
        _ => false,
    }
}
