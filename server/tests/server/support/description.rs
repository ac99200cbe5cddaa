//! Checks responses against `GET /api/v1/openapi.json`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, Mutex};

use credmgr_server::openapi;
use jsonschema::Validator;
use serde_json::{Value, json};

use super::Answer;

/// The parsed document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(openapi::json()).unwrap());

/// Returns the document's path template for the path of a request, if there is one.
fn template(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("/api/v1")?.split('?').next()?.trim_end_matches('/');
    let is_id = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    match path.rsplit_once('/')? {
        ("", "api_tokens") => Some("/api_tokens/"),
        ("", "users") => Some("/users/"),
        ("/users", "me") => Some("/users/me"),
        ("/users", id) if is_id(id) => Some("/users/{item_id}"),
        ("/api_tokens", id) if is_id(id) => Some("/api_tokens/{item_id}"),
        _ => None,
    }
}

/// Checks that the document has this response to this request: its status code, its body, and that there is none where
/// the document has none.
#[track_caller]
pub fn check(method: &str, path: &str, answer: &Answer) {
    let Some(template) = template(path) else { return };
    // Requests with too large headers never reach the API, and neither do browsers' preflight requests.
    if answer.status == 431 || answer.headers.contains_key("access-control-allow-methods") {
        return;
    }
    let item = DOCUMENT["paths"][template].as_object().unwrap();
    let Some((_, operation)) = item.iter().find(|(name, _)| name.to_uppercase() == method) else {
        assert_eq!(answer.status, 405, "{method} {path} is not described, but answered {}", answer.text());
        return;
    };
    let Some(response) = operation["responses"].get(answer.status.to_string()) else {
        panic!("{method} {template} answered {}, which is not described: {}", answer.status, answer.text());
    };
    if let Some(media) = response["content"].get("application/json") {
        assert_eq!(answer.header("content-type"), Some("application/json"), "{method} {path}");
        if let Err(error) = validate(&media["schema"], &answer.json()) {
            panic!("{method} {path} answered what is not described: {error}: {}", answer.text());
        }
    } else {
        assert_eq!(answer.text(), "", "{method} {path} has a body that is not described");
    }
    for header in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.headers.contains_key(header), "{method} {path} has no {header}");
    }
}

/// Checks a value against a schema of the document.
pub fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Validator>>> = LazyLock::new(Mutex::default);
    let mut validators = VALIDATORS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let validator = validators.entry(schema.to_string()).or_insert_with(|| {
        // Schemas refer to each other by their place in the document.
        let mut root = schema.clone();
        root["components"] = DOCUMENT["components"].clone();
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        jsonschema::validator_for(&root).unwrap()
    });
    validator.validate(value).map_err(|error| error.to_string())
}

/// Returns every operation of the document with its status codes, such as `GET /users/me` with `200`, `401`, ...
pub fn operations() -> BTreeMap<String, Vec<u16>> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys();
            let statuses = statuses.map(|status| status.parse().unwrap()).collect();
            (format!("{} {path}", method.to_uppercase()), statuses)
        })
    });
    operations.collect()
}
