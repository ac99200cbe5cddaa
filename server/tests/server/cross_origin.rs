//! Requests from scripts of other origins.

use credmgr_server::config::Config;

use crate::support::{Request, TestServer, Who};

const LISTED: &str = "https://console.example.org";
const OTHER: &str = "https://evil.example.org";

async fn server() -> TestServer {
    let cors_origins = vec![LISTED.parse().unwrap(), "http://localhost:3000".parse().unwrap()];
    TestServer::with(Config { cors_origins, ..Config::default() }).await
}

fn preflight<'a>(server: &'a TestServer, path: &str, origin: &str) -> Request<'a> {
    server
        .api(&format!("OPTIONS {path}"))
        .header("origin", origin)
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "x-api-token,content-type")
}

#[tokio::test]
async fn nothing_is_allowed_by_default() {
    let server = TestServer::start().await;
    preflight(&server, "/api_tokens/5", LISTED).send().await.expect(401);
    let answer =
        server.api("GET /api_tokens/").by(Who::Alice).header("origin", LISTED).send().await.expect(200);
    let cross_origin: Vec<_> =
        answer.headers.keys().filter(|name| name.as_str().starts_with("access-control-")).collect();
    assert!(cross_origin.is_empty(), "{cross_origin:?}");
}

#[tokio::test]
async fn a_listed_origin_may_do_and_read_everything() {
    let server = server().await;
    for origin in [LISTED, "http://localhost:3000"] {
        let answer = preflight(&server, "/api_tokens/5", origin).send().await.expect(204);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        let methods = answer.header("access-control-allow-methods").unwrap();
        for method in ["GET", "POST", "PATCH", "DELETE", "OPTIONS"] {
            assert!(methods.split(", ").any(|allowed| allowed == method), "{method}");
        }
        let headers = answer.header("access-control-allow-headers").unwrap();
        for header in ["authorization", "content-type", "x-api-token", "x-api-key"] {
            assert!(headers.split(", ").any(|allowed| allowed == header), "{header}");
        }
        assert_eq!(answer.header("access-control-allow-credentials"), None, "there are no cookies to send");

        let list =
            server.api("GET /api_tokens/").by(Who::Alice).header("origin", origin).send().await.expect(200);
        assert_eq!(list.header("access-control-allow-origin"), Some(origin));
        assert_eq!(list.header("vary"), Some("origin"));
    }
}

#[tokio::test]
async fn options_is_an_operation_and_its_allow_is_readable() {
    let server = server().await;
    let options = server.api("OPTIONS /api_tokens/5").by(Who::Alice).header("origin", LISTED).send().await;
    let options = options.expect(204);
    assert_eq!(options.allow(), ["DELETE", "GET", "OPTIONS", "PATCH"]);
    let exposed = options.header("access-control-expose-headers").unwrap();
    assert!(exposed.split(", ").any(|name| name == "allow"), "{exposed}");
    assert!(exposed.split(", ").any(|name| name == "retry-after"), "{exposed}");
    assert_eq!(options.header("access-control-allow-origin"), Some(LISTED));
}

#[tokio::test]
async fn failures_are_readable_too() {
    let server = server().await;
    for (request, status) in [
        ("GET /api_tokens/", 401),
        ("GET /no-such-address", 404),
        ("GET /api_tokens/x", 404),
        ("PUT /api_tokens/", 405),
    ] {
        let answer = server.api(request).header("origin", LISTED).send().await.expect(status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(LISTED), "{request}");
    }
}

#[tokio::test]
async fn other_origins_get_nothing() {
    let server = server().await;
    let lookalikes = [OTHER, "null", "https://console.example.org.evil.org", "http://console.example.org"];
    for origin in lookalikes {
        let refused = preflight(&server, "/api_tokens/5", origin).send().await.expect(401);
        assert_eq!(refused.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(refused.header("access-control-allow-methods"), None, "{origin}");
        let list = server.api("GET /api_tokens/").by(Who::Alice).header("origin", origin).send().await;
        assert_eq!(list.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(list.header("vary"), Some("origin"), "a cache must not mix them up");
    }
    let same_origin = server.api("GET /api_tokens/").by(Who::Alice).send().await.expect(200);
    assert_eq!(same_origin.header("access-control-allow-origin"), None);
}
