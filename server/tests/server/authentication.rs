//! Authentication, by each of the supported ways.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use credmgr_server::db::users::NewUser;
use credmgr_server::password::{Password, hash};
use credmgr_server::permissions::Role;
use credmgr_server::timestamp::Timestamp;
use serde_json::json;

use crate::support::{TestServer, Who};

/// Returns the name of the user that the server recognises.
async fn whoami(request: crate::support::Request<'_>) -> String {
    let answer = request.send().await.expect(200);
    answer.json()["username"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tokens_come_in_either_header() {
    let server = TestServer::start().await;
    let token = server.token_of(Who::Alice);
    for header in ["X-API-TOKEN", "x-api-token", "X-API-KEY"] {
        assert_eq!(whoami(server.api("GET /users/me").header(header, token)).await, "alice");
    }
}

#[tokio::test]
async fn basic_takes_any_case_of_its_name_and_colons_in_the_password() {
    let server = TestServer::start().await;
    for scheme in ["Basic", "basic", "BASIC", "Basic "] {
        let authorization = format!("{scheme} {}", STANDARD.encode("alice:alice-pass"));
        assert_eq!(
            whoami(server.api("GET /users/me").header("authorization", &authorization)).await,
            "alice"
        );
    }
    // If the server split at the last colon, this would be the user "alice:alice-pass".
    let answer = server.api("GET /users/me").basic("alice", "alice-pass:").send().await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn credentials_that_are_no_good() {
    let server = TestServer::start().await;
    let basic = |text: &[u8]| format!("Basic {}", STANDARD.encode(text));
    let token = server.token_of(Who::Alice).to_owned();
    let authorizations = [
        basic(b"alice:wrong-pass"),
        basic(b"nobody-of-this-name:alice-pass"),
        basic(b"Alice:alice-pass"),
        basic(b"alice"),
        basic(b":"),
        basic(b""),
        basic(b"alice:\xff\xfe"),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic !!!".to_owned(),
        format!("Bearer {token}"),
        String::new(),
    ];
    for authorization in authorizations {
        let answer = server.api("GET /users/me").header("authorization", &authorization).send().await;
        assert_eq!(answer.status, 401, "{authorization}");
        assert_eq!(answer.header("www-authenticate"), None);
    }
    let almost = token[..token.len() - 1].to_owned();
    let longer = format!("{token}x");
    let other_case: String = token
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    for token in ["", "no-such-token", "ü", &almost, &longer, &other_case] {
        let answer = server.api("GET /users/me").header("x-api-token", token).send().await;
        assert_eq!(answer.status, 401, "{token}");
    }
}

#[tokio::test]
async fn a_token_decides_alone() {
    let server = TestServer::start().await;
    let bad_token = server.api("GET /users/me").basic("alice", "alice-pass").header("x-api-token", "bad");
    bad_token.send().await.expect(401);
    let bad_old_token = server.api("GET /users/me").basic("alice", "alice-pass").header("x-api-key", "bad");
    bad_old_token.send().await.expect(401);
    let both = server.api("GET /users/me").basic("alice", "alice-pass").by(Who::Bob);
    assert_eq!(whoami(both).await, "bob");
    let bad_basic = server.api("GET /users/me").basic("alice", "wrong-pass").by(Who::Bob);
    assert_eq!(whoami(bad_basic).await, "bob");
}

#[tokio::test]
async fn two_claims_are_none() {
    let server = TestServer::start().await;
    let two_tokens =
        server.api("GET /users/me").by(Who::Alice).header("x-api-key", server.token_of(Who::Bob));
    two_tokens.send().await.expect(401);
    let same_token =
        server.api("GET /users/me").by(Who::Alice).header("x-api-key", server.token_of(Who::Alice));
    assert_eq!(whoami(same_token).await, "alice");
    let two_users = server.api("GET /users/me").basic("alice", "alice-pass").basic("bob", "bob-pass");
    two_users.send().await.expect(401);
}

#[tokio::test]
async fn a_disabled_or_deleted_token_is_worth_nothing() {
    let server = TestServer::start().await;
    let id = server.new_token(Who::Alice, "short-lived").await;
    let secret = server.secret(id).await;
    let me = || server.api("GET /users/me").header("x-api-token", &secret);
    me().send().await.expect(200);
    let set_enabled = |enabled: bool| {
        let patch = json!([{"op": "replace", "path": "/enabled", "value": enabled}]);
        server.api(&format!("PATCH /api_tokens/{id}")).by(Who::Alice).json(&patch)
    };
    set_enabled(false).send().await.expect(200);
    me().send().await.expect(401);
    set_enabled(true).send().await.expect(200);
    me().send().await.expect(200);
    server.api(&format!("DELETE /api_tokens/{id}")).by(Who::Alice).send().await.expect(204);
    me().send().await.expect(401);
}

#[tokio::test]
async fn the_disabled_token_of_the_demonstration() {
    let server = TestServer::start().await;
    let secret = server.secret(51).await;
    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(401);
}

/// Guards against the usual mistake: looking up the user, and responding at once if there is none.
#[tokio::test]
async fn an_unknown_name_takes_as_long_to_refuse_as_a_wrong_password() {
    let server = TestServer::start().await;
    // Not the demo users, whose passwords and names are no secret. An inactive user's password is verified all the
    // same.
    let password_hash = hash(&Password::presented("kept-to-themselves".to_owned())).unwrap();
    for (username, is_active) in [("erin", true), ("frank", false)] {
        let user = NewUser {
            username,
            password_hash: &password_hash,
            role: Role::Regular,
            is_active,
            now: Timestamp::now(),
        };
        server.database.add_user(user).await.unwrap().expect("a new name");
    }
    let usernames = ["erin", "frank", "nobody-of-this-name"];
    let mut fastest = [Duration::MAX; 3];
    // In turns, so that other load on the machine slows down all of them. A busy machine needs more turns until each
    // was undisturbed once; a name that is refused without hashing stays fastest however many there are.
    for turn in 0..60 {
        for (username, fastest) in usernames.iter().zip(&mut fastest) {
            let started = Instant::now();
            server.api("GET /users/me").basic(username, "wrong-pass").send().await.expect(401);
            *fastest = started.elapsed().min(*fastest);
        }
        if turn >= 9 && are_alike(&fastest) {
            break;
        }
    }
    assert!(are_alike(&fastest), "{usernames:?} took {fastest:?}");
}

fn are_alike(times: &[Duration; 3]) -> bool {
    times.iter().max() < times.iter().min().map(|shortest| *shortest * 2).as_ref()
}

/// For example, because the clock was ahead for a while.
#[tokio::test]
async fn a_use_that_lies_ahead_is_corrected_by_the_next() {
    let server = TestServer::start().await;
    let id = server.new_token(Who::Alice, "in use").await;
    let secret = server.secret(id).await;
    let last_used = async || {
        let token = server.api(&format!("GET /api_tokens/{id}")).by(Who::Alice).send().await.expect(200);
        token.json()["last_used"].as_str().unwrap().to_owned()
    };
    let in_a_year = Timestamp::now().plus(Duration::from_secs(365 * 24 * 3600));
    server.set_last_used(id, in_a_year).await;
    let wrong = last_used().await;
    let before = Timestamp::now().to_string();
    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    let right = last_used().await;
    assert!(right >= before && right < wrong, "{right} is not now, but {wrong} was wrong");

    // One that is barely ahead may be of a request that came at the same time.
    let soon = Timestamp::now().plus(Duration::from_secs(30));
    server.set_last_used(id, soon).await;
    let kept = last_used().await;
    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    assert_eq!(last_used().await, kept);
}

#[tokio::test]
async fn the_use_of_a_token_is_noted_once_a_minute_and_changes_nothing_else() {
    let server = TestServer::start().await;
    let id = server.new_token(Who::Alice, "in use").await;
    let secret = server.secret(id).await;
    let read =
        async || server.api(&format!("GET /api_tokens/{id}")).by(Who::Alice).send().await.expect(200).json();
    let unused = read().await;
    assert_eq!(unused["last_used"], json!(null));

    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    let used = read().await;
    assert!(used["last_used"].as_str() > unused["created"].as_str(), "{used}");
    assert_eq!(used["updated"], unused["updated"]);

    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    assert_eq!(read().await["last_used"], used["last_used"], "the second use is within the same minute");

    server.set_last_used(id, Timestamp::now().minus(Duration::from_secs(61))).await;
    let minute_ago = read().await;
    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    let used_again = read().await;
    assert!(used_again["last_used"].as_str() > minute_ago["last_used"].as_str());
    assert_eq!(used_again["updated"], unused["updated"]);

    // A request that the token authenticates counts as a use even if it is refused; a request that it does not
    // authenticate does not.
    server.set_last_used(id, Timestamp::now().minus(Duration::from_secs(3600))).await;
    let hour_ago = read().await;
    server.api("GET /users/me").header("x-api-token", "no-such-token").send().await.expect(401);
    server.api("GET /users/me").basic("alice", "alice-pass").send().await.expect(200);
    assert_eq!(read().await["last_used"], hour_ago["last_used"]);
    server.api("GET /users/").header("x-api-token", &secret).send().await.expect(403);
    assert!(read().await["last_used"].as_str() > hour_ago["last_used"].as_str());
}
