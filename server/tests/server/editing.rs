//! `PATCH` and `DELETE /api_tokens/{id}`.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Who};

async fn patch(server: &TestServer, patch: Value) -> Answer {
    server.api("PATCH /api_tokens/5").by(Who::Alice).json(&patch).send().await
}

async fn read(server: &TestServer) -> Value {
    server.api("GET /api_tokens/5").by(Who::Alice).send().await.expect(200).json()
}

fn replace(path: &str, value: impl Into<Value>) -> Value {
    json!({"op": "replace", "path": path, "value": value.into()})
}

fn test(path: &str, value: impl Into<Value>) -> Value {
    json!({"op": "test", "path": path, "value": value.into()})
}

#[tokio::test]
async fn name_and_enabled_change_together() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    let patched = patch(
        &server,
        json!([
            test("/name", "alice-token-01"),
            test("/enabled", true),
            replace("/name", "  neuer Name  "),
            replace("/enabled", false)
        ]),
    )
    .await
    .expect(200)
    .json();
    assert_eq!(patched["name"], "  neuer Name  ");
    assert_eq!(patched["enabled"], false);
    for unchanged in ["id", "token", "owner_id", "created", "last_used"] {
        assert_eq!(patched[unchanged], before[unchanged], "{unchanged}");
    }
    assert!(patched["updated"].as_str() > before["updated"].as_str());
    assert_eq!(read(&server).await, patched);
}

#[tokio::test]
async fn a_patch_that_changes_nothing_is_no_change() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    for nothing in [
        json!([test("/enabled", true)]),
        json!([replace("/name", "alice-token-01")]),
        json!([replace("/enabled", false), replace("/enabled", true)]),
    ] {
        assert_eq!(patch(&server, nothing).await.expect(200).json(), before);
    }
    assert_eq!(read(&server).await, before);
}

#[tokio::test]
async fn a_test_that_does_not_hold_undoes_everything() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    let wrong = [test("/name", "alice-token-02"), test("/name", ""), test("/enabled", false)];
    for wrong in wrong {
        for operations in
            [json!([wrong, replace("/name", "renamed")]), json!([replace("/name", "renamed"), wrong])]
        {
            let answer = patch(&server, operations).await.expect(409).json();
            assert_eq!(answer["status"], 409);
            assert!(answer["message"].is_string());
        }
    }
    assert_eq!(read(&server).await, before);
}

#[tokio::test]
async fn a_name_that_is_taken_undoes_everything() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    let operations = json!([replace("/enabled", false), replace("/name", "alice-token-02")]);
    let answer = patch(&server, operations).await.expect(409).json();
    assert_eq!(answer["status"], 409);
    assert_eq!(read(&server).await, before);
    // Names only have to be unique among the owner's tokens.
    patch(&server, json!([replace("/name", "bob-laptop")])).await.expect(200);
}

#[tokio::test]
async fn what_is_not_understood_is_422_with_messages_and_changes_nothing() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    let good = replace("/name", "renamed");
    let operations = [
        json!({"op": "add", "path": "/name", "value": "abc"}),
        json!({"op": "remove", "path": "/name"}),
        json!({"op": "move", "from": "/name", "path": "/enabled"}),
        json!({"op": "copy", "from": "/name", "path": "/enabled"}),
        json!({"op": "Replace", "path": "/name", "value": "abc"}),
        json!({"op": null, "path": "/name", "value": "abc"}),
        json!({"path": "/name", "value": "abc"}),
        json!({"op": "replace", "value": "abc"}),
        json!({"op": "replace", "path": "/name"}),
        replace("/token", "abcdefghijklmnop"),
        replace("/owner_id", 1),
        replace("/id", 1),
        replace("/last_used", Value::Null),
        replace("name", "abc"),
        replace("/name/", "abc"),
        replace("/Name", "abc"),
        replace("/name", "ab"),
        replace("/name", ""),
        replace("/name", "🗝🗝"),
        replace("/name", "a\0bc"),
        replace("/name", 123),
        replace("/name", Value::Null),
        replace("/name", json!(["abc"])),
        replace("/enabled", "true"),
        replace("/enabled", 1),
        replace("/enabled", Value::Null),
        test("/enabled", "true"),
        test("/name", true),
        test("/token", "abc"),
        json!("replace"),
        json!(null),
        json!([]),
    ];
    for operation in operations {
        let answer = patch(&server, json!([good, operation, good])).await;
        let messages = answer.messages();
        assert_eq!(messages.as_object().unwrap().keys().collect::<Vec<_>>(), ["1"], "{operation}");
        let of_fields = messages["1"].as_object().unwrap();
        assert!(!of_fields.is_empty() && of_fields.values().all(Value::is_array), "{messages}");
    }
    for whole in [json!([]), json!({}), replace("/name", "abc"), json!(null), json!("abc"), json!(5)] {
        let answer = patch(&server, whole.clone()).await;
        assert!(answer.messages()["_schema"].is_array(), "{whole}");
    }
    assert_eq!(read(&server).await, before);
}

#[tokio::test]
async fn a_patch_is_json_and_says_so() {
    let server = TestServer::start().await;
    let before = read(&server).await;
    let send = |content_type: &str, body: Vec<u8>| {
        server.api("PATCH /api_tokens/5").by(Who::Alice).body(content_type, body)
    };
    let body = json!([replace("/enabled", false)]).to_string().into_bytes();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", ""] {
        let answer = send(content_type, body.clone()).send().await;
        assert!(answer.messages()["_schema"].is_array(), "{content_type}");
    }
    let not_json: [&[u8]; 7] = [
        b"",
        b"[",
        b"name=abc",
        b"\xff\xfe",
        b"[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"\\ud800abc\"}]",
        b"[{\"op\":\"test\",\"path\":\"/enabled\",\"value\":true}] []",
        &b"[".repeat(10_000),
    ];
    for body in not_json {
        let answer = send("application/json", body.to_vec()).send().await;
        assert!(answer.messages()["_schema"].is_array());
    }
    assert_eq!(read(&server).await, before);
    for content_type in ["application/json; charset=utf-8", "application/json-patch+json"] {
        send(content_type, body.clone()).send().await.expect(200);
    }
}

#[tokio::test]
async fn rights_come_before_faults() {
    let server = TestServer::start().await;
    let nonsense = json!("nonsense");
    server.api("PATCH /api_tokens/50").by(Who::Alice).json(&nonsense).send().await.expect(403);
    server.api("PATCH /api_tokens/999").by(Who::Alice).json(&nonsense).send().await.expect(404);
    server.api("PATCH /api_tokens/5").json(&nonsense).send().await.expect(401);
}

#[tokio::test]
async fn concurrent_saves_with_tests_lose_nothing() {
    let server = TestServer::start().await;
    let saves = (0..20).map(|number| {
        let name = format!("renamed by {number}");
        patch(&server, json!([test("/name", "alice-token-01"), replace("/name", name)]))
    });
    let answers = futures_util::future::join_all(saves).await;
    let saved: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(saved.len(), 1);
    assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status)));
    assert_eq!(read(&server).await["name"], saved[0].json()["name"]);
}

#[tokio::test]
async fn a_deleted_token_is_gone() {
    let server = TestServer::start().await;
    let delete = async || server.api("DELETE /api_tokens/5").by(Who::Alice).send().await;
    assert_eq!(delete().await.expect(204).text(), "");
    let again = delete().await.expect(404).json();
    assert_eq!(again.as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    server.api("GET /api_tokens/5").by(Who::Alice).send().await.expect(404);
    server.api("OPTIONS /api_tokens/5").by(Who::Alice).send().await.expect(404);
    let list = server.api("GET /api_tokens/?limit=100").by(Who::Alice).send().await;
    assert!(!list.ids().contains(&5));
    // The name is free again.
    server.api("POST /api_tokens/").by(Who::Alice).form("name=alice-token-01").send().await.expect(200);
}

#[tokio::test]
async fn ids_that_are_no_integers_are_addresses_that_do_not_exist() {
    let server = TestServer::start().await;
    for id in ["abc", "-1", "+5", "5.0", "0x5", "5%20", "%FF", "9223372036854775808", "5/6", "%2e%2e", "٥"] {
        for method in ["GET", "PATCH", "DELETE", "OPTIONS"] {
            for collection in ["api_tokens", "users"] {
                if collection == "users" && method != "GET" {
                    continue;
                }
                let answer = server.api(&format!("{method} /{collection}/{id}")).by(Who::Root).send().await;
                assert_eq!(answer.status, 404, "{method} /{collection}/{id}");
                assert_eq!(answer.header("content-type"), Some("application/json"));
                assert_eq!(answer.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
            }
        }
    }
    server.api("GET /api_tokens/005").by(Who::Alice).send().await.expect(200);
}
