//! Requests that no well-behaved client sends.

use std::time::Duration;

use credmgr_server::config::{Config, Limits};
use serde_json::json;

use crate::support::{TestServer, Who, raw};

/// Returns one of alice's requests, byte by byte.
fn request(server: &TestServer, line: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let token = server.token_of(Who::Alice);
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nhost: test\r\nx-api-token: {token}\r\nconnection: close\r\n\
         content-length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

async fn is_well(server: &TestServer) {
    server.request("GET", "/healthz").send().await.expect(200);
    server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
}

#[tokio::test]
async fn bytes_that_are_no_request_are_refused_by_a_server_that_goes_on() {
    // Some of them look like the beginning of a request, and the server waits for the rest.
    let limits = Limits { header_time: Duration::from_millis(500), ..Limits::default() };
    let server = TestServer::with(Config { limits, ..Config::default() }).await;
    let valid = b"GET /healthz HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
    assert_eq!(raw::status(&raw::exchange(server.address, valid).await), Some(200));
    let get = |rest: &str| format!("GET /api/v1/users/me {rest}").into_bytes();
    let requests: Vec<Vec<u8>> = vec![
        b"\r\n\r\n\r\n\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET / HTTP/9.9\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\n: empty\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nx: a\0b\r\n\r\n".to_vec(),
        b"GET \xff\xfe HTTP/1.1\r\n\r\n".to_vec(),
        b"GET /\xff\xfe HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n".to_vec(),
        b"\xff\xfe\xfd\xfc / HTTP/1.1\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS handshake".to_vec(),
        get("HTTP/1.1\r\nhost: test\r\ncontent-length: -1\r\n\r\n"),
        get("HTTP/1.1\r\nhost: test\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"),
        get("HTTP/1.1\r\nhost: test\r\ncontent-length: 99999999999999999999\r\n\r\n"),
        get("HTTP/1.1\r\nhost: test\r\ntransfer-encoding: gzip\r\n\r\n"),
        get("HTTP/1.1\r\nhost: test\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"),
        vec![0; 100_000],
        vec![b'A'; 1_000_000],
    ];
    for request in requests {
        let answer = raw::exchange(server.address, &request).await;
        if let Some(status) = raw::status(&answer) {
            assert!((400..500).contains(&status), "{:?}: {answer}", String::from_utf8_lossy(&request));
        }
        is_well(&server).await;
    }
}

#[tokio::test]
async fn smuggled_requests_are_not_answered() {
    let server = TestServer::start().await;
    let inner = request(&server, "DELETE /api/v1/api_tokens/5", "", b"");
    for headers in [
        "transfer-encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: chunked, identity\r\n",
    ] {
        let body = [b"0\r\n\r\n".as_slice(), &inner].concat();
        let outer = request(&server, "POST /api/v1/api_tokens/", headers, &body);
        raw::exchange(server.address, &outer).await;
        server.api("GET /api_tokens/5").by(Who::Alice).send().await.expect(200);
    }
}

#[tokio::test]
async fn bodies_of_bad_utf8_or_broken_structure_are_422() {
    let server = TestServer::start().await;
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let multipart = "content-type: multipart/form-data; boundary=b\r\n";
    let json = "content-type: application/json\r\n";
    let deep = "[".repeat(60_000);
    let wide = format!("[{}0]", "0,".repeat(30_000));
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("POST /api/v1/api_tokens/", form, b"name=\xff\xfe\xfd".to_vec()),
        ("POST /api/v1/api_tokens/", form, b"name=%c3%28abc".to_vec()),
        ("POST /api/v1/api_tokens/", form, b"name=abc%00".to_vec()),
        ("POST /api/v1/api_tokens/", form, b"=&=&==&%&%%%".to_vec()),
        ("POST /api/v1/api_tokens/", multipart, b"--b\r\n\r\n\r\n--b--".to_vec()),
        (
            "POST /api/v1/api_tokens/",
            multipart,
            b"--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\xff\xfe\xfd\r\n--b--\r\n".to_vec(),
        ),
        (
            "POST /api/v1/api_tokens/",
            multipart,
            b"--b\r\nContent-Disposition: \xff\r\n\r\nx\r\n--b--\r\n".to_vec(),
        ),
        ("POST /api/v1/api_tokens/", "content-type: multipart/form-data; boundary=\r\n", b"--\r\n".to_vec()),
        ("POST /api/v1/api_tokens/", "content-type: \u{ff}\r\n", b"name=abc".to_vec()),
        ("PATCH /api/v1/api_tokens/5", json, b"\xff\xfe".to_vec()),
        ("PATCH /api/v1/api_tokens/5", json, deep.into_bytes()),
        ("PATCH /api/v1/api_tokens/5", json, wide.into_bytes()),
        (
            "PATCH /api/v1/api_tokens/5",
            json,
            b"[{\"op\":\"test\",\"path\":\"/name\",\"value\":1e400}]".to_vec(),
        ),
        ("GET /api/v1/api_tokens/?limit=%ff", "", vec![]),
        ("GET /api/v1/api_tokens/?limit=1;offset=2", "", vec![]),
    ];
    for (line, headers, body) in cases {
        let answer = raw::exchange(server.address, &request(&server, line, headers, &body)).await;
        assert_eq!(
            raw::status(&answer),
            Some(422),
            "{line} {headers}{}: {answer}",
            String::from_utf8_lossy(&body)
        );
    }
    is_well(&server).await;
}

#[tokio::test]
async fn sql_is_text() {
    let server = TestServer::start().await;
    let before = server.api("GET /api_tokens/?limit=100").by(Who::Root).send().await.ids();
    let injections = [
        "1 OR 1=1",
        "1; DROP TABLE api_tokens",
        "' OR ''='",
        "1 UNION SELECT secret FROM api_tokens",
        "1--",
        "\"",
        "%",
    ];
    for injection in injections {
        let encoded: String = injection.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for query in ["limit", "offset", "owner_id"] {
            server.api(&format!("GET /api_tokens/?{query}={encoded}")).by(Who::Root).send().await.expect(422);
        }
        for method in ["GET", "DELETE", "OPTIONS"] {
            server.api(&format!("{method} /api_tokens/{encoded}")).by(Who::Root).send().await.expect(404);
        }
        server.api("GET /users/me").basic(injection, injection).send().await.expect(401);
        server.api("GET /users/me").header("x-api-token", injection).send().await.expect(401);
        // As a name it is perfectly valid.
        let name = format!("{injection} as a name");
        let patch = json!([{"op": "replace", "path": "/name", "value": name}]);
        let patched = server.api("PATCH /api_tokens/5").by(Who::Alice).json(&patch).send().await.expect(200);
        assert_eq!(patched.json()["name"], name);
    }
    assert_eq!(server.api("GET /api_tokens/?limit=100").by(Who::Root).send().await.ids(), before);
}

#[tokio::test]
async fn nothing_that_is_sent_becomes_a_header_of_an_answer() {
    let server = TestServer::start().await;
    let injection = "abc%0d%0aset-cookie:%20session=1";
    let form = format!("name={injection}");
    let created = server.api("POST /api_tokens/").by(Who::Alice).form(&form).send().await.expect(200);
    assert_eq!(created.json()["name"], "abc\r\nset-cookie: session=1");
    for path in ["/", "/api/v1/api_tokens/", "/api/v1/users/", "/api/v1/api_tokens/?limit="] {
        let answer = server.request("GET", &format!("{path}{injection}")).by(Who::Alice).send().await;
        assert_eq!(answer.header("set-cookie"), None, "{path}");
    }
    assert_eq!(created.header("set-cookie"), None);
}

/// Host headers and absolute URIs change neither the response nor where a redirect leads.
#[tokio::test]
async fn foreign_hosts_lead_nowhere() {
    let config = Config { console_path: "/console/".parse().unwrap(), ..Config::default() };
    let server = TestServer::with(config).await;
    for line in
        ["GET / HTTP/1.1\r\nhost: evil.example.org", "GET http://evil.example.org/ HTTP/1.1\r\nhost: test"]
    {
        let answer =
            raw::exchange(server.address, format!("{line}\r\nconnection: close\r\n\r\n").as_bytes()).await;
        assert_eq!(raw::status(&answer), Some(307), "{answer}");
        assert!(answer.contains("location: /console/\r\n"), "{answer}");
        assert!(!answer.contains("evil"), "{answer}");
    }
    for path in ["//evil.example.org", "//evil.example.org/..", "/\\evil.example.org"] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        let answer = raw::exchange(server.address, request.as_bytes()).await;
        assert!(raw::status(&answer).is_some_and(|status| (400..500).contains(&status)), "{answer}");
        assert!(!answer.contains("location:"), "{answer}");
    }
}
