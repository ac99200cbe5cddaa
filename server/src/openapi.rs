//! The description of the API: `GET /api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{self, Content, Header, Object, Ref, RefOr, ResponseBuilder, Type};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::error::ErrorBody;
use crate::routes::{api_token, api_tokens, users};

/// One JSON Patch operation. Other members are ignored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `patch` takes apart by itself, to tell faults by field")]
pub(crate) struct PatchOperation {
    op: PatchOp,
    path: PatchPath,
    /// A string (at least 3 characters to replace) for `/name`, a boolean for `/enabled`.
    #[schema(value_type = Value)]
    value: Value,
}

#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "see PatchOperation")]
enum PatchOp {
    Replace,
    Test,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "see PatchOperation")]
enum PatchPath {
    #[schema(rename = "/name")]
    Name,
    #[schema(rename = "/enabled")]
    Enabled,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Credential Manager API tokens", description = "Named secrets that a user sends in place of a \
        username and a password."),
    servers((url = "/api/v1")),
    paths(
        api_tokens::list, api_tokens::create, api_tokens::options,
        api_token::read, api_token::change, api_token::delete, api_token::options,
        users::me, users::list, users::read,
    ),
    components(schemas(ErrorBody)),
    modifiers(&NoLicense, &Authentication, &CommonFailures),
)]
struct Api;

/// An empty license: the macro takes the license from the package, which has none, and a license without a name is
/// invalid.
struct NoLicense;

impl Modify for NoLicense {
    fn modify(&self, api: &mut openapi::OpenApi) {
        api.info.license = None;
    }
}

/// The ways to authenticate. Each of them alone suffices for every operation.
struct Authentication;

impl Modify for Authentication {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        let header = |name: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
        let schemes = [
            ("token", header("X-API-TOKEN")),
            ("token_of_old_clients", header("X-API-KEY")),
            ("basic", SecurityScheme::Http(basic)),
        ];
        let none: [&str; 0] = [];
        api.security = Some(schemes.iter().map(|(name, _)| SecurityRequirement::new(*name, none)).collect());
        let components = api.components.get_or_insert_default();
        for (name, scheme) in schemes {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// The failures that every operation can end with.
struct CommonFailures;

impl Modify for CommonFailures {
    fn modify(&self, api: &mut openapi::OpenApi) {
        for operation in api.paths.paths.values_mut().flat_map(operations_mut) {
            for (status, description, retry_after) in [
                ("401", "Not signed in, not active, or bad credentials", false),
                ("429", "Too many failed authentications", true),
                ("500", "The server is at fault", false),
                ("503", "The server is too busy", true),
            ] {
                let body = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ErrorBody"))));
                let mut response =
                    ResponseBuilder::new().description(description).content("application/json", body);
                if retry_after {
                    let mut seconds = Header::new(Object::with_type(Type::Integer));
                    seconds.description = Some("For how many seconds to wait".to_owned());
                    response = response.header("Retry-After", seconds);
                }
                let response = response.build();
                operation.responses.responses.insert(status.to_owned(), RefOr::T(response));
            }
        }
    }
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete, &mut item.options]
        .into_iter()
        .flatten()
}

/// Returns the description as JSON.
pub fn json() -> &'static str {
    static DOCUMENT: LazyLock<String> =
        LazyLock::new(|| Api::openapi().to_json().expect("the description is made of strings and numbers"));
    &DOCUMENT
}

/// Serves the description. It contains no secrets, so it requires no credentials.
pub(crate) async fn document() -> Response {
    let content_type = header::HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, content_type)], json()).into_response()
}
