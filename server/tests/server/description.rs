//! `GET /api/v1/openapi.json` describes exactly what the server does.
//!
//! Every response in all of these tests is also checked against it; see `support::description`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use credmgr_server::config::{Config, Limits};
use serde_json::json;

use crate::support::description::{DOCUMENT, operations, validate};
use crate::support::{Request, TestServer, Who, raw};

/// Returns the path of an operation, with IDs filled in: one of alice's tokens or her own user.
fn path(operation: &str) -> String {
    let id = if operation.contains("users") { "3" } else { "5" };
    operation.replace("{item_id}", id)
}

/// Returns a request that succeeds if alice (for `/users/`: an admin) sends it.
fn valid<'a>(server: &'a TestServer, operation: &str) -> Request<'a> {
    let request = server.api(&path(operation));
    match operation.split_once(' ').unwrap().0 {
        "POST" => request.form("name=described"),
        "PATCH" => request.json(&json!([{"op": "replace", "path": "/name", "value": "described"}])),
        _ => request,
    }
}

fn may(operation: &str) -> Who {
    if operation == "GET /users/" { Who::Admin } else { Who::Alice }
}

/// The status codes seen, by operation.
#[derive(Default)]
struct Seen(BTreeMap<String, BTreeSet<u16>>);

impl Seen {
    async fn send(&mut self, operation: &str, request: Request<'_>, status: u16) {
        let answer = request.send().await;
        assert_eq!(answer.status, status, "{operation}: {}", answer.text());
        self.0.entry(operation.to_owned()).or_default().insert(status);
    }
}

fn config(limits: Limits) -> Config {
    Config { limits, ..Config::default() }
}

/// Provokes the status codes that every operation can have.
async fn provoke_common_statuses(seen: &mut Seen) {
    for operation in operations().keys() {
        let server = TestServer::with(Config { auth_failures_per_minute: 1, ..Config::default() }).await;
        let success =
            if operation.starts_with("OPTIONS") || operation.starts_with("DELETE") { 204 } else { 200 };
        seen.send(operation, valid(&server, operation).by(may(operation)), success).await;
        let guess = || valid(&server, operation).header("x-api-token", "guess");
        seen.send(operation, guess(), 401).await;
        seen.send(operation, guess(), 429).await;
        server.database.clone().close().await;
        seen.send(operation, valid(&server, operation).by(may(operation)), 500).await;

        let limits = Limits { request_time: Duration::from_millis(1), ..Limits::default() };
        let server = TestServer::with(config(limits)).await;
        // The first use of a token is recorded in the database, which waits a moment for other writers.
        let mut other = server.connect().await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        seen.send(operation, valid(&server, operation).by(may(operation)), 503).await;
    }
}

/// Provokes the status codes that only some operations can have.
async fn provoke_special_statuses(seen: &mut Seen) {
    let server = TestServer::start().await;
    let patch = json!([{"op": "test", "path": "/name", "value": "something else"}]);
    let (list, create, users) = ("GET /api_tokens/", "POST /api_tokens/", "GET /users/");
    let by_alice = |request: &str| server.api(request).by(Who::Alice);

    seen.send(list, by_alice("GET /api_tokens/?owner_id=4"), 403).await;
    seen.send(list, by_alice("GET /api_tokens/?limit=0"), 422).await;
    seen.send(create, by_alice(create).form("name=abc&owner_id=4"), 403).await;
    seen.send(create, by_alice(create).form("name=alice-token-01"), 409).await;
    seen.send(create, by_alice(create).form("name=ab"), 422).await;
    seen.send(create, by_alice(create).form(&"x".repeat(100_000)), 413).await;
    for method in ["GET", "PATCH", "DELETE", "OPTIONS"] {
        let one = format!("{method} /api_tokens/{{item_id}}");
        if method != "OPTIONS" {
            seen.send(&one, by_alice(&format!("{method} /api_tokens/50")), 403).await;
        }
        seen.send(&one, by_alice(&format!("{method} /api_tokens/999")), 404).await;
    }
    let change = "PATCH /api_tokens/{item_id}";
    seen.send(change, by_alice("PATCH /api_tokens/5").json(&patch), 409).await;
    seen.send(change, by_alice("PATCH /api_tokens/5").json(&json!({})), 422).await;
    seen.send(change, by_alice("PATCH /api_tokens/5").json(&json!("x".repeat(100_000))), 413).await;
    seen.send(users, by_alice(users), 403).await;
    seen.send(users, server.api("GET /users/?limit=0").by(Who::Admin), 422).await;
    seen.send("GET /users/{item_id}", by_alice("GET /users/4"), 403).await;
    seen.send("GET /users/{item_id}", server.api("GET /users/999").by(Who::Admin), 404).await;
}

/// Provokes the status code for a body that does not arrive.
async fn provoke_408(seen: &mut Seen) {
    let limits = Limits { body_time: Duration::from_millis(100), ..Limits::default() };
    let server = TestServer::with(config(limits)).await;
    for operation in ["POST /api_tokens/", "PATCH /api_tokens/{item_id}"] {
        let (method, path) =
            path(operation).split_once(' ').map(|(m, p)| (m.to_owned(), p.to_owned())).unwrap();
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nhost: test\r\nx-api-token: {}\r\ncontent-length: 10\r\n\r\nname=",
            server.token_of(Who::Alice)
        );
        let answer = raw::exchange(server.address, head.as_bytes()).await;
        assert_eq!(raw::status(&answer), Some(408), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        validate(&json!({"$ref": "#/components/schemas/ErrorBody"}), &serde_json::from_str(body).unwrap())
            .unwrap();
        seen.0.entry(operation.to_owned()).or_default().insert(408);
    }
}

#[tokio::test]
async fn every_described_status_occurs() {
    let mut seen = Seen::default();
    provoke_common_statuses(&mut seen).await;
    provoke_special_statuses(&mut seen).await;
    provoke_408(&mut seen).await;
    let seen: BTreeMap<String, Vec<u16>> =
        seen.0.into_iter().map(|(operation, statuses)| (operation, statuses.into_iter().collect())).collect();
    assert_eq!(seen, operations());
}

#[tokio::test]
async fn described_methods_are_the_allowed_ones_and_others_are_405() {
    let server = TestServer::start().await;
    let mut described: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations().keys() {
        let (method, path) = operation.split_once(' ').unwrap();
        described.entry(path.to_owned()).or_default().insert(method.to_owned());
        let answer = server.api(&self::path(operation)).send().await;
        assert_eq!(answer.status, 401, "{operation} is described");
    }
    described.insert("/openapi.json".to_owned(), ["GET".to_owned()].into());
    for (path, methods) in described {
        let path = self::path(&path);
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"]
        {
            if methods.contains(method) {
                continue;
            }
            let answer = server.api(&format!("{method} {path}")).by(Who::Root).send().await;
            assert_eq!(answer.status, 405, "{method} {path}");
            assert_eq!(answer.allow(), methods.iter().collect::<Vec<_>>(), "{method} {path}");
            if method != "HEAD" {
                let message = "The method is not allowed for the requested URL.";
                assert_eq!(answer.json(), json!({"message": message}), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn the_document_is_served_to_everybody_and_holds_together() {
    let server = TestServer::start().await;
    let served = server.api("GET /openapi.json").send().await.expect(200);
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert_eq!(served.json(), *DOCUMENT);
    assert_eq!(DOCUMENT["openapi"], "3.1.0");

    let mut ids = BTreeSet::new();
    for item in DOCUMENT["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id), "{id} is there twice");
        }
    }
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    let text = DOCUMENT.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is not described");
    }
}

/// Checks that the validation on which all other tests rely can fail.
#[test]
fn the_schemas_refuse_what_they_should() {
    let token = json!({"$ref": "#/components/schemas/ApiToken"});
    let good = json!({
        "id": 1, "name": "abc", "token": "abcdefghijklmnop", "owner_id": 1, "enabled": true,
        "created": "2020-04-06T13:00:00+00:00", "updated": "2020-04-06T13:00:00+00:00", "last_used": null,
        "resource_type": "ApiToken",
    });
    assert_eq!(validate(&token, &good), Ok(()));
    for (member, bad) in
        [("id", json!("1")), ("token", json!("short")), ("last_used", json!(5)), ("name", json!(null))]
    {
        let mut changed = good.clone();
        changed[member] = bad;
        assert!(validate(&token, &changed).is_err(), "{member}");
        changed.as_object_mut().unwrap().remove(member);
        assert!(validate(&token, &changed).is_err(), "no {member}");
    }
    let error = json!({"$ref": "#/components/schemas/ErrorBody"});
    assert!(validate(&error, &json!({"status": 401})).is_err());
}
