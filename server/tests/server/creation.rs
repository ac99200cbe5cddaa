//! `POST /api_tokens/`.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer, Who};

async fn create(server: &TestServer, who: Who, form: &str) -> Answer {
    server.api("POST /api_tokens/").by(who).form(form).send().await
}

/// Returns a body of `multipart/form-data` with the boundary `b`.
fn multipart(fields: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().map(part).collect::<String>() + "--b--\r\n"
}

#[tokio::test]
async fn a_new_token_is_answered_in_full_and_works() {
    let server = TestServer::start().await;
    let answer = create(&server, Who::Alice, "name=laptop").await.expect(200);
    assert_eq!(answer.header("location"), None);
    let token = answer.json();
    let mut members: Vec<_> = token.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    let documented =
        ["created", "enabled", "id", "last_used", "name", "owner_id", "resource_type", "token", "updated"];
    assert_eq!(members, documented);
    assert_eq!(token["name"], "laptop");
    assert_eq!(token["owner_id"], 3);
    assert_eq!(token["enabled"], true);
    assert_eq!(token["last_used"], Value::Null);
    assert_eq!(token["resource_type"], "ApiToken");
    assert_eq!(token["created"], token["updated"]);
    let secret = token["token"].as_str().unwrap();
    assert_eq!(secret.len(), 32);

    let read = server.api(&format!("GET /api_tokens/{}", token["id"])).by(Who::Alice).send().await;
    assert_eq!(read.json(), token);
    let me = server.api("GET /users/me").header("x-api-token", secret).send().await.expect(200);
    assert_eq!(me.json()["username"], "alice");
}

#[tokio::test]
async fn times_are_written_as_documented() {
    let server = TestServer::start().await;
    let token = create(&server, Who::Alice, "name=laptop").await.json();
    let created = token["created"].as_str().unwrap();
    let (time, zone) = created.split_at(created.len() - "+00:00".len());
    assert_eq!(zone, "+00:00");
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, "000000"));
    assert_eq!(fraction.len(), 6, "{created}");
    assert_eq!(seconds.len(), "2020-04-06T13:00:00".len(), "{created}");
    let demo = server.api("GET /api_tokens/5").by(Who::Alice).send().await.json();
    assert_eq!(demo["created"].as_str().unwrap().len(), "2020-04-06T13:00:00+00:00".len());
}

#[tokio::test]
async fn lengths_from_16_to_128() {
    let server = TestServer::start().await;
    for length in [16, 17, 32, 127, 128] {
        let token =
            create(&server, Who::Alice, &format!("name=of+{length}&length={length}")).await.expect(200);
        assert_eq!(token.json()["token"].as_str().unwrap().len(), length);
        assert_eq!(token.json()["length"], Value::Null);
    }
    let range = "Must be greater than or equal to 16 and less than or equal to 128.";
    let not_integer = "Not a valid integer.";
    for (length, message) in [
        ("15", range),
        ("129", range),
        ("0", range),
        ("-32", range),
        ("", not_integer),
        ("32.0", not_integer),
        ("0x20", not_integer),
        ("99999999999999999999", not_integer),
    ] {
        let answer = create(&server, Who::Alice, &format!("name=bad&length={length}")).await;
        assert_eq!(answer.messages(), json!({"length": [message]}), "{length}");
    }
}

#[tokio::test]
async fn names_have_at_least_three_code_points_and_are_kept_as_they_are() {
    let server = TestServer::start().await;
    let names = [
        ("abc", "abc"),
        ("+++", "   "),
        ("+a+", " a "),
        ("%E2%9C%93%E2%9C%93%E2%9C%93", "✓✓✓"),
        ("%F0%9F%97%9D%F0%9F%97%9D%F0%9F%97%9D", "🗝🗝🗝"),
        ("e%CC%81e", "e\u{301}e"),
        ("%3Cscript%3E", "<script>"),
        ("a%0D%0Ab", "a\r\nb"),
        ("'%3B+DROP+TABLE+api_tokens%3B+--", "'; DROP TABLE api_tokens; --"),
        ("name%3Dx%26y", "name=x&y"),
    ];
    for (encoded, name) in names {
        let token = create(&server, Who::Alice, &format!("name={encoded}")).await.expect(200);
        assert_eq!(token.json()["name"], name);
    }
    let long = "n".repeat(60_000);
    let token = create(&server, Who::Alice, &format!("name={long}")).await.expect(200);
    assert_eq!(token.json()["name"], long);

    let short = "Shorter than minimum length 3.";
    for (form, message) in [
        ("name=ab", short),
        ("name=", short),
        ("name", short),
        ("name=%F0%9F%97%9D%F0%9F%97%9D", short),
        ("", "Missing data for required field."),
        ("Name=abc", "Missing data for required field."),
        ("name=abc%00def", "Null characters are not allowed."),
        ("name=%FF%FE%FD", "Not valid UTF-8."),
        ("name=%ED%A0%80abc", "Not valid UTF-8."),
        ("name=abc&name=abd", "Given more than once."),
    ] {
        let answer = create(&server, Who::Alice, form).await;
        assert_eq!(answer.messages(), json!({"name": [message]}), "{form}");
    }
}

#[tokio::test]
async fn a_name_is_unique_among_its_owners_tokens_only() {
    let server = TestServer::start().await;
    create(&server, Who::Alice, "name=laptop").await.expect(200);
    let again = create(&server, Who::Alice, "name=laptop").await.expect(409);
    assert_eq!(again.json(), json!({"status": 409, "message": "Failed to create a new API Token."}));
    create(&server, Who::Bob, "name=laptop").await.expect(200);
    create(&server, Who::Admin, "name=laptop&owner_id=4").await.expect(409);
    create(&server, Who::Alice, "name=Laptop").await.expect(200);
    create(&server, Who::Alice, "name=laptop+").await.expect(200);
    create(&server, Who::Alice, "name=alice-token-01").await.expect(409);
}

#[tokio::test]
async fn of_twenty_creations_at_once_one_gets_the_name() {
    let server = TestServer::start().await;
    let mut statuses = Vec::new();
    let creations = (0..20).map(|_| create(&server, Who::Alice, "name=contested"));
    for answer in futures_util::future::join_all(creations).await {
        statuses.push(answer.status);
    }
    statuses.sort_unstable();
    let expected: Vec<_> = [200].into_iter().chain([409; 19]).collect();
    assert_eq!(statuses, expected);
}

/// As when `user add` or a second server uses the same file. Without a lock from the start, transactions that read
/// before they write would fail here, because what they read is no longer current.
#[tokio::test]
async fn processes_that_share_the_database_wait_for_each_other() {
    let first = TestServer::start().await;
    let second = first.beside().await;
    let creations = (0..100).map(|number| {
        let server = if number % 2 == 0 { &first } else { &second };
        let form = format!("name=shared+{number}");
        async move { create(server, Who::Alice, &form).await.status }
    });
    let statuses = futures_util::future::join_all(creations).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
}

#[tokio::test]
async fn for_whom_who_may_create() {
    let server = TestServer::start().await;
    let owners = [Who::Root, Who::Admin, Who::Alice, Who::Bob, Who::Carol, Who::Dave];
    for caller in Who::SIGNED_IN {
        for owner in owners {
            let allowed = match caller {
                Who::Root => true,
                // With a token of an internal user, an admin would effectively be one.
                Who::Admin => owner != Who::Root,
                _ => owner == caller,
            };
            let form = format!("name=by+{caller:?}&owner_id={}", owner.id());
            let answer = create(&server, caller, &form).await;
            assert_eq!(answer.status, if allowed { 200 } else { 403 }, "{caller:?} for {owner:?}");
            if allowed {
                assert_eq!(answer.json()["owner_id"], owner.id());
            } else {
                assert_eq!(answer.json()["status"], 403);
            }
        }
    }
    for caller in [Who::Root, Who::Admin] {
        let answer = create(&server, caller, "name=abc&owner_id=999").await;
        assert_eq!(answer.messages(), json!({"owner_id": ["There is no such user."]}));
    }
    for caller in [Who::Alice, Who::Carol] {
        create(&server, caller, "name=abc&owner_id=999").await.expect(403);
    }
    for owner in ["", "me", "1.0", "+"] {
        let answer = create(&server, Who::Admin, &format!("name=abc&owner_id={owner}")).await;
        assert_eq!(answer.messages(), json!({"owner_id": ["Not a valid integer."]}), "{owner}");
    }
}

#[tokio::test]
async fn forms_may_be_multipart() {
    let server = TestServer::start().await;
    let post = |body: String| {
        server.api("POST /api_tokens/").by(Who::Admin).body("multipart/form-data; boundary=b", body)
    };
    let fields = [("name", " päd & co "), ("length", "64"), ("owner_id", "4")];
    let token = post(multipart(&fields)).send().await.expect(200).json();
    assert_eq!(token["name"], " päd & co ");
    assert_eq!(token["owner_id"], 4);
    assert_eq!(token["token"].as_str().unwrap().len(), 64);

    let twice = post(multipart(&[("name", "abc"), ("name", "abd")])).send().await;
    assert_eq!(twice.messages(), json!({"name": ["Given more than once."]}));
    let short = post(multipart(&[("name", "ab"), ("owner_id", "")])).send().await;
    assert_eq!(short.messages().as_object().unwrap().keys().collect::<Vec<_>>(), ["name", "owner_id"]);
    let half =
        post("--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nabc".to_owned()).send().await;
    assert!(half.messages()["_schema"].is_array());
}

#[tokio::test]
async fn other_bodies_are_not_understood() {
    let server = TestServer::start().await;
    let post = || server.api("POST /api_tokens/").by(Who::Alice);
    let bodies = [
        ("application/json", r#"{"name": "laptop"}"#),
        ("text/plain", "name=laptop"),
        ("application/octet-stream", "name=laptop"),
        ("", "name=laptop"),
        ("multipart/form-data", "--b--\r\n"),
    ];
    for (content_type, body) in bodies {
        let answer = post().body(content_type, body).send().await;
        assert!(answer.messages()["_schema"].is_array(), "{content_type}: {}", answer.text());
    }
    assert!(post().send().await.messages()["_schema"].is_array(), "no body at all");
    let list = server.api("GET /api_tokens/?limit=100").by(Who::Alice).send().await;
    assert!(!list.text().contains("laptop"));
    let parameters =
        post().body("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "name=laptop").send().await;
    assert_eq!(parameters.expect(200).json()["name"], "laptop");
}

#[tokio::test]
async fn ids_are_never_given_out_twice() {
    let server = TestServer::start().await;
    let first = create(&server, Who::Alice, "name=first").await.json()["id"].as_i64().unwrap();
    server.api(&format!("DELETE /api_tokens/{first}")).by(Who::Alice).send().await.expect(204);
    let second = create(&server, Who::Alice, "name=second").await.json()["id"].as_i64().unwrap();
    assert!(second > first, "{second} after {first}");
}
