//! The permission table of the contract: what each caller may do with each token, according to `OPTIONS` and in fact.

use serde_json::json;

use crate::support::{Request, TestServer, Who};

const EVERYTHING: &str = "DELETE GET PATCH";
const NOTHING: &str = "";

/// For each caller: what they may do with their own tokens, another regular user's, and an internal user's.
const TABLE: [(Who, &str, &str, &str); 5] = [
    (Who::Root, EVERYTHING, EVERYTHING, EVERYTHING),
    (Who::Admin, EVERYTHING, EVERYTHING, NOTHING),
    (Who::Alice, EVERYTHING, NOTHING, NOTHING),
    (Who::Bob, EVERYTHING, NOTHING, NOTHING),
    (Who::Carol, "GET PATCH", NOTHING, NOTHING),
];

/// The ways to authenticate, which must not make a difference.
#[derive(Clone, Copy, Debug)]
enum How {
    Token,
    Basic,
}

fn signed_in<'a>(request: Request<'a>, who: Who, how: How) -> Request<'a> {
    match how {
        How::Token => request.by(who),
        How::Basic => request.basic(&who.name(), &who.password()),
    }
}

/// Returns a regular user other than `caller`.
fn another_regular_user(caller: Who) -> Who {
    if caller == Who::Bob { Who::Alice } else { Who::Bob }
}

/// Checks one cell of the table: `caller` may do exactly `allowed` with a token of `owner`.
async fn check_cell(server: &TestServer, caller: Who, owner: Who, how: How, allowed: &str) {
    let cell = format!("{caller:?} and a token of {owner:?}, by {how:?}");
    let id = server.new_token(owner, &cell).await;
    let request = |method: &str| signed_in(server.api(&format!("{method} /api_tokens/{id}")), caller, how);

    let options = request("OPTIONS").send().await.expect(204);
    let methods: Vec<_> = options.allow().into_iter().filter(|method| *method != "OPTIONS").collect();
    assert_eq!(methods.join(" "), allowed, "{cell}: Allow");

    let expected = |method: &str, success| if allowed.contains(method) { success } else { 403 };
    let change = json!([{"op": "replace", "path": "/enabled", "value": false}]);
    let get = request("GET").send().await;
    assert_eq!(get.status, expected("GET", 200), "{cell}: GET");
    let patch = request("PATCH").json(&change).send().await;
    assert_eq!(patch.status, expected("PATCH", 200), "{cell}: PATCH");
    let delete = request("DELETE").send().await;
    assert_eq!(delete.status, expected("DELETE", 204), "{cell}: DELETE");

    // The responses match what really happened.
    let read = server.api(&format!("GET /api_tokens/{id}")).by(Who::Root).send().await;
    assert_eq!(read.status, if allowed.contains("DELETE") { 404 } else { 200 }, "{cell}");
    if read.status == 200 {
        assert_eq!(read.json()["enabled"], !allowed.contains("PATCH"), "{cell}");
    }
    let secret = read.json()["token"].clone();
    for refused in [get, patch, delete].iter().filter(|answer| answer.status == 403) {
        assert_eq!(
            refused.json(),
            json!({"status": 403, "message": "You don't have the permission to access the requested resource."})
        );
        assert!(!refused.text().contains(secret.as_str().unwrap_or("there is no secret")));
    }
}

#[tokio::test]
async fn every_cell_of_the_table() {
    let server = TestServer::start().await;
    for how in [How::Token, How::Basic] {
        for (caller, own, regular, internal) in TABLE {
            check_cell(&server, caller, caller, how, own).await;
            check_cell(&server, caller, another_regular_user(caller), how, regular).await;
            check_cell(&server, caller, Who::Root, how, internal).await;
            for method in ["OPTIONS", "GET", "PATCH", "DELETE"] {
                let request = server.api(&format!("{method} /api_tokens/999999"));
                let answer = signed_in(request, caller, how).send().await;
                assert_eq!(answer.status, 404, "{caller:?}, {method}, no such id");
                assert_eq!(answer.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
            }
        }
    }
}

#[tokio::test]
async fn read_only_and_inactive_owners_are_like_regular_ones_to_admins() {
    let server = TestServer::start().await;
    for owner in [Who::Carol, Who::Dave] {
        check_cell(&server, Who::Root, owner, How::Token, EVERYTHING).await;
        check_cell(&server, Who::Admin, owner, How::Token, EVERYTHING).await;
        check_cell(&server, Who::Alice, owner, How::Token, NOTHING).await;
    }
    check_cell(&server, Who::Alice, Who::Admin, How::Token, NOTHING).await;
    check_cell(&server, Who::Carol, Who::Admin, How::Token, NOTHING).await;
}

#[tokio::test]
async fn everybody_who_is_signed_in_may_list_and_create() {
    let server = TestServer::start().await;
    for caller in Who::SIGNED_IN {
        let options = server.api("OPTIONS /api_tokens/").by(caller).send().await.expect(204);
        assert_eq!(options.allow(), ["GET", "OPTIONS", "POST"], "{caller:?}");
        server.api("GET /api_tokens/").by(caller).send().await.expect(200);
        server.api("POST /api_tokens/").by(caller).form("name=mine").send().await.expect(200);
    }
}

#[tokio::test]
async fn without_valid_credentials_everything_is_401() {
    let server = TestServer::start().await;
    let own = server.new_token(Who::Dave, "of an inactive user").await;
    let change = json!([{"op": "replace", "path": "/enabled", "value": false}]);
    let operations = [
        ("/api_tokens/".to_owned(), &["OPTIONS", "GET", "POST"][..]),
        (format!("/api_tokens/{own}"), &["OPTIONS", "GET", "PATCH", "DELETE"]),
        ("/api_tokens/1".to_owned(), &["OPTIONS", "GET", "PATCH", "DELETE"]),
        ("/api_tokens/999".to_owned(), &["OPTIONS", "GET", "PATCH", "DELETE"]),
        ("/users/".to_owned(), &["GET"]),
        ("/users/me".to_owned(), &["GET"]),
        ("/users/3".to_owned(), &["GET"]),
    ];
    for (path, methods) in operations {
        for &method in methods {
            let request = || {
                let request = server.api(&format!("{method} {path}"));
                match method {
                    "POST" => request.form("name=mine"),
                    "PATCH" => request.json(&change),
                    _ => request,
                }
            };
            for (who, request) in [
                ("nobody", request()),
                ("inactive, token", request().by(Who::Dave)),
                ("inactive, Basic", request().basic("dave", "dave-pass")),
                ("bad token", request().header("x-api-token", "no-such-token")),
            ] {
                let answer = request.send().await;
                assert_eq!(answer.status, 401, "{who}: {method} {path}");
                assert_eq!(answer.json()["status"], 401);
                assert!(answer.json()["message"].is_string());
                assert_eq!(answer.header("www-authenticate"), None);
            }
        }
    }
    let kept = server.api(&format!("GET /api_tokens/{own}")).by(Who::Root).send().await.expect(200);
    assert_eq!(kept.json()["enabled"], true);
}
