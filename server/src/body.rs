//! Request bodies, read whole, with a size limit and a time limit.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::app::App;
use crate::config::Limits;
use crate::error::ApiError;
use crate::messages::Messages;

/// A request body and its content type.
#[derive(Debug)]
pub struct Body {
    /// The value of `Content-Type`; empty if there is none.
    pub content_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl Body {
    /// Returns the content type without its parameters, in lower case.
    pub fn essence(&self) -> String {
        let essence = self.content_type.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }
}

impl FromRequest<App> for Body {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        Self::read(request, &app.config.limits).await
    }
}

impl Body {
    /// Reads the body of `request`.
    ///
    /// # Errors
    /// The body is too large, takes too long, or breaks off.
    pub async fn read(request: Request, limits: &Limits) -> Result<Self, ApiError> {
        let content_type = content_type(request.headers());
        let body = Limited::new(request.into_body(), limits.body_bytes);
        let collected = timeout(limits.body_time, body.collect()).await.map_err(|_| ApiError::BodyTimeout)?;
        match collected {
            Ok(collected) => Ok(Self { content_type, bytes: collected.to_bytes() }),
            Err(error) if error.is::<LengthLimitError>() => Err(ApiError::TooLarge),
            // The connection broke (then nobody reads this response), or the chunked encoding is invalid.
            Err(_) => Err(Messages::of_whole("The body could not be read.").into()),
        }
    }
}

fn content_type(headers: &HeaderMap) -> String {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
