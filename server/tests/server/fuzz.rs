//! Thousands of random requests: none makes the server answer 5xx, none gets another user's data.
//!
//! `CREDMGR_FUZZ_REQUESTS=100000` sets their number.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::raw::Connection;
use crate::support::{TestServer, Who};

/// A name that is taken once the first request has used it.
const TAKEN: &str = "taken";

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=b";
const JSON: &str = "application/json";

#[derive(Debug, Clone)]
struct Made {
    method: String,
    path: Vec<u8>,
    who: Who,
    headers: Vec<u8>,
    body: Vec<u8>,
}

/// Text that is percent-encoded, half percent-encoded, or not at all.
fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => "[a-z0-9 +%&=;/?.~_-]{0,12}".prop_map(String::into_bytes),
        2 => proptest::collection::vec(any::<u8>(), 0..8)
            .prop_map(|bytes| bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<String>().into_bytes()),
        1 => any::<i64>().prop_map(|number| number.to_string().into_bytes()),
    ]
}

fn number() -> impl Strategy<Value = String> {
    // The demo tokens, those that the requests themselves create, and rarely any number. Not 52 to 60, which include
    // the tokens that the tests sign in with.
    prop_oneof![12 => 0..=51i64, 12 => 61..=500i64, 1 => any::<i64>()].prop_map(|number| number.to_string())
}

/// `name=value&…` with known and unknown names.
fn pairs() -> impl Strategy<Value = Vec<u8>> {
    let names = ["name", "name", "name", "owner_id", "length", "limit", "offset", "x"];
    let value = prop_oneof![number().prop_map(String::into_bytes), text(), Just(TAKEN.as_bytes().to_vec())];
    let pair =
        (select(names.to_vec()), value).prop_map(|(name, value)| [name.as_bytes(), b"=", &value].concat());
    proptest::collection::vec(pair, 0..4).prop_map(|pairs| pairs.join(&b"&"[..]))
}

/// A method and a path: mostly of an existing operation, so that the request gets past the router.
fn target() -> impl Strategy<Value = (String, Vec<u8>)> {
    let methods = |of: &[&str]| select(of.iter().map(|method| (*method).to_owned()).collect::<Vec<_>>());
    let any_method = prop_oneof![
        9 => methods(&["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD", "PUT"]),
        1 => "[A-Z]{1,12}",
    ];
    let tokens = Just(b"/api/v1/api_tokens/".to_vec());
    let token = || number().prop_map(|id| format!("/api/v1/api_tokens/{id}").into_bytes());
    let user = prop_oneof![number(), Just(String::new()), Just("me".to_owned())]
        .prop_map(|id| format!("/api/v1/users/{id}").into_bytes());
    let any_path = (select(vec!["/api/v1/api_tokens", "/api/v1/users", "/api/v1", "/api", ""]), text())
        .prop_map(|(collection, rest)| [collection.as_bytes(), b"/", &rest].concat());
    let target = prop_oneof![
        20 => (methods(&["GET", "POST", "POST", "OPTIONS"]), tokens),
        30 => (methods(&["GET", "PATCH", "PATCH", "PATCH", "OPTIONS"]), token()),
        // Rarely, or there would soon be no tokens left.
        1 => (methods(&["DELETE"]), token()),
        5 => (methods(&["GET"]), user),
        10 => (any_method, any_path),
    ];
    let query = prop_oneof![
        2 => Just(vec![]),
        1 => pairs().prop_map(|pairs| [b"?".as_slice(), &pairs].concat()),
    ];
    (target, query).prop_map(|((method, path), query)| {
        // Bytes that would end the request line are tested elsewhere; see `hostile`.
        (method, [path, query].concat().into_iter().filter(u8::is_ascii_graphic).collect())
    })
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-z]{0,5}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

fn patch() -> impl Strategy<Value = Value> {
    let op = select(&["replace", "replace", "test", "add", "remove", ""]);
    let path = select(&["/name", "/enabled", "/token", "/owner_id", "name", ""]);
    let value = prop_oneof![
        any::<bool>().prop_map(Value::from),
        "[a-zä-ü🗝]{0,5}".prop_map(Value::from),
        Just(json!(TAKEN)),
        json_value(),
    ];
    let operation =
        (op, path, value).prop_map(|(op, path, value)| json!({"op": op, "path": path, "value": value}));
    let operation = prop_oneof![6 => operation, 1 => json_value()];
    prop_oneof![6 => proptest::collection::vec(operation, 0..4).prop_map(Value::from), 1 => json_value()]
}

/// A form, in either encoding.
fn form() -> impl Strategy<Value = (String, Vec<u8>)> {
    let part = (select(&["name", "owner_id", "length"]), text()).prop_map(|(name, value)| {
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        [head.as_bytes(), &value, b"\r\n--b--\r\n"].concat()
    });
    prop_oneof![
        pairs().prop_map(|body| (FORM.to_owned(), body)),
        part.prop_map(|body| (MULTIPART.to_owned(), body))
    ]
}

/// Any bytes, with any content type.
fn wild_body() -> impl Strategy<Value = (String, Vec<u8>)> {
    let content_type = prop_oneof![
        select(&[FORM, MULTIPART, JSON, "multipart/form-data", ""]).prop_map(str::to_owned),
        "[ -~]{0,30}"
    ];
    (content_type, proptest::collection::vec(any::<u8>(), 0..200))
}

/// Headers that a request does not need.
fn more_headers() -> impl Strategy<Value = String> {
    let names = [
        "authorization",
        "x-api-key",
        "origin",
        "access-control-request-method",
        "accept",
        "accept-encoding",
        "range",
        "if-none-match",
        "if-modified-since",
        "x-forwarded-for",
        "cookie",
        "expect-nothing",
    ];
    let value = prop_oneof![
        "[ -~]{0,40}",
        Just("Basic YWxpY2U6".to_owned()),
        Just("bytes=0-0,5-,-3".to_owned()),
        Just("gzip, br;q=0.5, *;q=0".to_owned()),
    ];
    let header = (select(names.to_vec()), value).prop_map(|(name, value)| format!("{name}: {value}\r\n"));
    prop_oneof![2 => Just(String::new()), 1 => proptest::collection::vec(header, 1..3).prop_map(|all| all.concat())]
}

fn made() -> impl Strategy<Value = Made> {
    let who = prop_oneof![
        6 => Just(Who::Alice), 3 => Just(Who::Admin), 2 => Just(Who::Carol), 1 => Just(Who::Nobody), 1 => Just(Who::Dave)
    ];
    let patch = patch().prop_map(|body| (JSON.to_owned(), body.to_string().into_bytes()));
    let bodies = (form(), patch, wild_body(), proptest::bool::weighted(0.2));
    (target(), who, more_headers(), bodies).prop_map(
        |((method, path), who, headers, (form, patch, wild, is_wild))| {
            let (content_type, body) = match method.as_str() {
                _ if is_wild => wild,
                "PATCH" => patch,
                _ => form,
            };
            let length = body.len();
            let headers =
                format!("content-type: {content_type}\r\ncontent-length: {length}\r\n{headers}").into_bytes();
            Made { method, path, who, headers, body }
        },
    )
}

/// What a response must never contain, by caller.
struct Forbidden {
    secrets: BTreeMap<i64, String>,
}

impl Forbidden {
    fn check(&self, who: Who, answer: &[u8]) -> Result<(), String> {
        let answer = String::from_utf8_lossy(answer);
        let sees = |owner: i64| match who {
            Who::Admin => owner != Who::Root.id(),
            Who::Nobody | Who::Dave => false,
            _ => owner == who.id(),
        };
        for (owner, secret) in &self.secrets {
            if !sees(*owner) && answer.contains(secret) {
                return Err(format!("{who:?} got a secret of user {owner}"));
            }
        }
        let owner =
            answer.split("\"owner_id\":").nth(1).and_then(|rest| rest.split(',').next()?.parse().ok());
        match owner {
            Some(owner) if !sees(owner) => Err(format!("{who:?} got a token of user {owner}")),
            _ => Ok(()),
        }
    }
}

#[test]
fn no_request_gets_a_5xx_or_anybody_elses_data() {
    let requests = std::env::var("CREDMGR_FUZZ_REQUESTS").map_or(4000, |requests| requests.parse().unwrap());
    let runtime = Runtime::new().unwrap();
    let config = credmgr_server::config::Config { auth_failures_per_minute: 0, ..Default::default() };
    let server = runtime.block_on(TestServer::with(config));
    let forbidden = Forbidden {
        secrets: runtime.block_on(async {
            let mut secrets = BTreeMap::new();
            for (id, owner) in [(1, Who::Root), (2, Who::Admin), (50, Who::Bob)] {
                secrets.insert(owner.id(), server.secret(id).await);
            }
            secrets
        }),
    };
    let connection = Mutex::new(Connection::new(server.address));
    let statuses = Arc::new(Mutex::new(BTreeMap::<u16, u32>::new()));

    let config = Config { cases: requests, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&made(), |made| {
        let token = match made.who {
            Who::Nobody => String::new(),
            who => format!("x-api-token: {}\r\n", server.token_of(who)),
        };
        let line = [made.method.as_bytes(), b" ", &made.path, b" HTTP/1.1\r\nhost: test\r\n"].concat();
        let bytes = [&line, token.as_bytes(), &made.headers, b"\r\n", &made.body].concat();
        let answer = runtime
            .block_on(connection.lock().unwrap().send(&made.method, &bytes))
            .map_err(|error| TestCaseError::fail(format!("no answer: {error}")))?;
        *statuses.lock().unwrap().entry(answer.status).or_default() += 1;
        prop_assert!(answer.status < 500, "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
        forbidden.check(made.who, &answer.body).map_err(TestCaseError::fail)
    });
    let statuses = statuses.lock().unwrap();
    println!("{requests} requests, answered by status: {statuses:?}");
    result.unwrap();
    // The requests are only worth something if they get far enough.
    for status in [200, 204, 401, 403, 404, 405, 409, 422] {
        assert!(statuses.contains_key(&status), "no request was answered {status}");
    }
    runtime.block_on(async { server.request("GET", "/healthz").send().await.expect(200) });
}
