//! `GET /api_tokens/`: pages, owners, order.

use serde_json::json;

use crate::support::{TestServer, Who};

#[tokio::test]
async fn items_have_an_id_a_name_and_a_type_and_nothing_else() {
    let server = TestServer::start().await;
    let list = server.api("GET /api_tokens/?limit=2").by(Who::Alice).send().await.expect(200);
    assert_eq!(
        list.json(),
        json!([
            {"id": 5, "name": "alice-token-01", "resource_type": "ApiToken"},
            {"id": 6, "name": "alice-token-02", "resource_type": "ApiToken"},
        ])
    );
}

#[tokio::test]
async fn pages_follow_each_other_by_id() {
    let server = TestServer::start().await;
    let page = async |query: &str| {
        let answer = server.api(&format!("GET /api_tokens/{query}")).by(Who::Alice).send().await;
        answer.ids()
    };
    // Alice has the tokens 5 to 49, and the one she signs in with.
    let all: Vec<i64> = (5..=49).chain([54]).collect();
    assert_eq!(page("").await, all[..20], "20 if nothing is said");
    assert_eq!(page("?limit=1").await, all[..1]);
    assert_eq!(page("?limit=100").await, all);
    assert_eq!(page("?limit=20&offset=20").await, all[20..40]);
    assert_eq!(page("?offset=40&limit=20").await, all[40..]);
    assert_eq!(page("?offset=46").await, [0; 0], "past the end");
    assert_eq!(page("?offset=9223372036854775807").await, [0; 0]);
    assert_eq!(page("?limit=%31%30").await, all[..10], "percent-encoded digits");
    assert_eq!(page("?limit=1&colour=red&colour=blue").await, all[..1], "unknown parameters");
}

#[tokio::test]
async fn writing_to_a_token_does_not_move_it() {
    let server = TestServer::start().await;
    let ids = async || server.api("GET /api_tokens/?limit=100").by(Who::Alice).send().await.ids();
    let before = ids().await;
    let secret = server.secret(7).await;
    server.api("GET /users/me").header("x-api-token", &secret).send().await.expect(200);
    let rename = json!([{"op": "replace", "path": "/name", "value": "zzz"}]);
    server.api("PATCH /api_tokens/5").by(Who::Alice).json(&rename).send().await.expect(200);
    assert_eq!(ids().await, before);
}

#[tokio::test]
async fn parameters_that_are_not_valid_are_told_by_name() {
    let server = TestServer::start().await;
    let limits = "Must be greater than or equal to 1 and less than or equal to 100.";
    let not_integer = "Not a valid integer.";
    for (query, field, message) in [
        ("limit=0", "limit", limits),
        ("limit=101", "limit", limits),
        ("limit=-1", "limit", limits),
        ("limit=", "limit", not_integer),
        ("limit=ten", "limit", not_integer),
        ("limit=1.0", "limit", not_integer),
        ("limit=9223372036854775808", "limit", not_integer),
        ("limit=1&limit=2", "limit", "Given more than once."),
        ("limit=%FF", "limit", "Not valid UTF-8."),
        ("offset=-1", "offset", "Must be greater than or equal to 0."),
        ("offset=x", "offset", not_integer),
        ("owner_id=", "owner_id", not_integer),
        ("owner_id=alice", "owner_id", not_integer),
    ] {
        for who in [Who::Admin, Who::Alice] {
            let answer = server.api(&format!("GET /api_tokens/?{query}")).by(who).send().await;
            assert_eq!(answer.messages(), json!({ field: [message] }), "{query}");
            assert_eq!(answer.json()["status"], 422);
        }
    }
    let several = server.api("GET /api_tokens/?limit=0&offset=-1&owner_id=x").by(Who::Admin).send().await;
    assert_eq!(several.messages().as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn regular_and_read_only_users_list_their_own() {
    let server = TestServer::start().await;
    assert_eq!(
        server.api("GET /api_tokens/").by(Who::Bob).send().await.ids(),
        [50, 51, 55],
        "disabled ones too"
    );
    assert_eq!(server.api("GET /api_tokens/?owner_id=4").by(Who::Bob).send().await.ids(), [50, 51, 55]);
    assert_eq!(server.api("GET /api_tokens/").by(Who::Carol).send().await.ids(), [56]);
    for who in [Who::Alice, Who::Carol] {
        // Another regular user, an internal user, a user who does not exist: no difference, or callers could find out
        // who exists.
        for owner in [4, 1, 999] {
            let answer =
                server.api(&format!("GET /api_tokens/?owner_id={owner}")).by(who).send().await.expect(403);
            assert_eq!(answer.json()["status"], 403);
        }
    }
}

#[tokio::test]
async fn admins_and_internal_users_list_everybodys_or_one_owners() {
    let server = TestServer::start().await;
    for who in [Who::Root, Who::Admin] {
        let all = server.api("GET /api_tokens/?limit=100").by(who).send().await.ids();
        assert_eq!(all, (1..=57).collect::<Vec<_>>());
        for (owner, ids) in [(1, vec![1, 52]), (2, vec![2, 3, 4, 53]), (4, vec![50, 51, 55]), (6, vec![57])] {
            let answer = server.api(&format!("GET /api_tokens/?owner_id={owner}")).by(who).send().await;
            assert_eq!(answer.ids(), ids, "{who:?}, owner {owner}");
        }
        for owner in ["999", "0", "-1"] {
            let answer = server.api(&format!("GET /api_tokens/?owner_id={owner}")).by(who).send().await;
            assert_eq!(answer.messages(), json!({"owner_id": ["There is no such user."]}));
        }
    }
}

#[tokio::test]
async fn a_slash_at_the_end_does_not_matter_and_is_never_redirected() {
    let server = TestServer::start().await;
    for path in ["/api_tokens", "/api_tokens/", "/api_tokens?limit=1", "/api_tokens/5", "/api_tokens/5/"] {
        server.api(&format!("GET {path}")).by(Who::Alice).send().await.expect(200);
    }
    for path in ["/users", "/users/", "/users/me", "/users/me/", "/users/3", "/users/3/"] {
        server.api(&format!("GET {path}")).by(Who::Admin).send().await.expect(200);
    }
    for path in ["/openapi.json", "/openapi.json/"] {
        server.api(&format!("GET {path}")).send().await.expect(200);
    }
    server.api("POST /api_tokens").by(Who::Alice).form("name=without").send().await.expect(200);
}
