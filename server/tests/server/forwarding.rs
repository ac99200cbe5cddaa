//! `--upstream`: what is forwarded, what is not, and how failures are reported.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use credmgr_server::config::{Config, ConsoleFiles};
use credmgr_server::upstream::Settings;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::ports::ClosedPort;
use crate::support::upstream::{Authority, FakeUpstream, Forwarder, Reply, answer, settings};
use crate::support::{Answer, raw};

const LIST: &str = "/api/v1/api_tokens/";

/// Checks that a response is this failure in the API's format, and reveals nothing about the upstream. Returns its
/// message.
#[track_caller]
fn is_failure(answer: &Answer, status: u16, upstream: &str) -> String {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
    let message = body["message"].as_str().unwrap().to_owned();
    for inside in [upstream, "127.0.0.1", "os error", "hyper", "rustls", "certificate"] {
        assert!(!message.contains(inside), "{message}");
    }
    message
}

#[tokio::test]
async fn requests_arrive_as_they_were_sent_and_answers_come_back() {
    let upstream = FakeUpstream::start(|seen| match seen.method() {
        "OPTIONS" => {
            Reply::Send("HTTP/1.1 204 No Content\r\nallow: DELETE, PATCH, OPTIONS, GET\r\n\r\n".into())
        }
        "DELETE" => Reply::Send("HTTP/1.1 204 No Content\r\n\r\n".into()),
        "HEAD" => Reply::Send("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n".into()),
        "PATCH" => Reply::new("500 Internal Server Error", "content-type: application/json\r\n", "null"),
        "POST" => Reply::new("409 CONFLICT", "content-type: application/json\r\n", r#"{"status": 409}"#),
        _ => Reply::json(r#"[{"id": 5, "name": "ä"}]"#),
    })
    .await;
    // Under a path of its own, as behind another reverse proxy.
    let server =
        Forwarder::with(settings(&format!("{}/credentials/", upstream.url())), Config::default()).await;
    let list = server.send("GET", "/api/v1/api_tokens/?limit=100&offset=0&q=%2F..").await.expect(200);
    assert_eq!(list.text(), r#"[{"id": 5, "name": "ä"}]"#);
    assert_eq!(list.header("content-type"), Some("application/json"));
    assert_eq!(list.header("content-length"), Some("25"));
    let options = server.send("OPTIONS", "/api/v1/api_tokens/5").await.expect(204);
    assert_eq!(options.allow(), ["DELETE", "GET", "OPTIONS", "PATCH"]);
    let create = server
        .request("POST", LIST)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=a+b&length=16");
    assert_eq!(answer(create).await.unwrap().expect(409).text(), r#"{"status": 409}"#);
    let change = server.request("PATCH", "/api/v1/api_tokens/5").body("[]");
    assert_eq!(answer(change).await.unwrap().expect(500).text(), "null");
    server.send("DELETE", "/api/v1/api_tokens/5").await.expect(204);
    let head = server.send("HEAD", "/api/v1/api_tokens/5").await.expect(200);
    assert_eq!(head.header("content-length"), None, "nobody has counted what GET would be sent");

    let seen = upstream.seen();
    let lines: Vec<_> = seen.iter().map(|seen| seen.request_line()).collect();
    assert_eq!(
        lines,
        [
            "GET /credentials/api/v1/api_tokens/?limit=100&offset=0&q=%2F.. HTTP/1.1",
            "OPTIONS /credentials/api/v1/api_tokens/5 HTTP/1.1",
            "POST /credentials/api/v1/api_tokens/ HTTP/1.1",
            "PATCH /credentials/api/v1/api_tokens/5 HTTP/1.1",
            "DELETE /credentials/api/v1/api_tokens/5 HTTP/1.1",
            "HEAD /credentials/api/v1/api_tokens/5 HTTP/1.1",
        ]
    );
    assert_eq!(seen[2].body, b"name=a+b&length=16");
    assert_eq!(seen[2].header("content-type").unwrap(), "application/x-www-form-urlencoded");
    assert_eq!(seen[2].header("content-length").unwrap(), "18");
    assert_eq!(seen[2].header("host").unwrap(), upstream.address.to_string());
}

#[tokio::test]
async fn only_the_headers_of_the_api_arrive() {
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let server = Forwarder::to(&upstream).await;
    let host = server.address;
    let request = server
        .request("GET", LIST)
        .header("accept", "application/json")
        .header("accept-language", "de")
        .header("authorization", "Basic YTpi")
        .header("x-api-token", "token")
        .header("x-api-key", "key")
        .header("x-request-id", "id")
        // From here on: headers that must not be forwarded.
        .header("cookie", "session=1")
        .header("accept-encoding", "br")
        .header("user-agent", "browser")
        .header("origin", "https://elsewhere.example")
        .header("referer", "https://elsewhere.example/")
        .header("forwarded", "for=203.0.113.5")
        .header("x-forwarded-for", "203.0.113.5")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-user", "root")
        .header("x-real-ip", "203.0.113.5")
        .header("x-original-url", "/admin")
        .header("x-http-method-override", "DELETE")
        .header("proxy-authorization", "Basic YTpi")
        .header("te", "trailers")
        .header("if-none-match", "\"a\"");
    answer(request).await.unwrap().expect(200);
    let seen = upstream.only();
    assert_eq!(
        seen.header_names(),
        [
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "host",
            "user-agent",
            "via",
            "x-api-key",
            "x-api-token",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-request-id",
        ]
    );
    for (name, value) in [
        ("accept", "application/json"),
        ("accept-language", "de"),
        ("authorization", "Basic YTpi"),
        ("x-api-token", "token"),
        ("x-api-key", "key"),
        ("x-request-id", "id"),
        ("accept-encoding", "identity"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", host.to_string().as_str()),
        ("x-forwarded-proto", "http"),
    ] {
        assert_eq!(seen.header(name).as_deref(), Some(value), "{name}");
    }
    assert!(seen.header("user-agent").unwrap().starts_with("credmgr-server/"));
}

#[tokio::test]
async fn two_tokens_stay_two() {
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let server = Forwarder::to(&upstream).await;
    let request = server.request("GET", LIST).header("x-api-token", "a").header("x-api-token", "b");
    answer(request).await.unwrap().expect(200);
    assert_eq!(upstream.only().header("x-api-token").as_deref(), Some("a, b"));
}

#[tokio::test]
async fn a_trusted_proxy_says_where_a_request_comes_from() {
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let config = Config { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Config::default() };
    let server = Forwarder::with(settings(&upstream.url()), config).await;
    let request = server
        .request("GET", LIST)
        .header("x-forwarded-for", "198.51.100.1, 203.0.113.5")
        .header("x-forwarded-host", "tokens.example.org")
        .header("x-forwarded-proto", "https");
    answer(request).await.unwrap().expect(200);
    let seen = upstream.only();
    assert_eq!(seen.header("x-forwarded-for").as_deref(), Some("203.0.113.5"));
    assert_eq!(seen.header("x-forwarded-host").as_deref(), Some("tokens.example.org"));
    assert_eq!(seen.header("x-forwarded-proto").as_deref(), Some("https"));
}

#[tokio::test]
async fn only_the_headers_of_the_api_come_back() {
    let upstream = FakeUpstream::start(|_| {
        Reply::new(
            "401 UNAUTHORIZED",
            "content-type: application/json\r\nallow: GET\r\nretry-after: 7\r\netag: \"e\"\r\n\
             date: Thu, 01 Jan 1970 00:00:00 GMT\r\nx-request-id: id\r\ncontent-language: de\r\n\
             set-cookie: session=1; Path=/\r\nset-cookie: other=2\r\nwww-authenticate: Basic realm=\"x\"\r\n\
             location: http://upstream.internal/\r\nserver: gunicorn\r\nx-powered-by: PHP\r\n\
             cache-control: public, max-age=60\r\nexpires: Thu, 01 Jan 2099 00:00:00 GMT\r\n\
             access-control-allow-origin: *\r\naccess-control-allow-credentials: true\r\n\
             clear-site-data: \"*\"\r\nrefresh: 0; url=http://evil.example/\r\nlink: </x>; rel=preload\r\n\
             service-worker-allowed: /\r\ncontent-disposition: attachment\r\nkeep-alive: timeout=5\r\n\
             connection: x-named\r\nx-named: 1\r\nproxy-authenticate: Basic\r\nupgrade: websocket\r\n\
             strict-transport-security: max-age=1\r\nvia: 1.1 inside\r\n",
            "{}",
        )
    })
    .await;
    let server = Forwarder::to(&upstream).await;
    let answer = server.send("GET", LIST).await.expect(401);
    let names: BTreeSet<_> = answer.headers.keys().map(|name| name.as_str()).collect();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        [
            "allow",
            "cache-control",
            "content-language",
            "content-length",
            "content-security-policy",
            "content-type",
            "date",
            "etag",
            "referrer-policy",
            "retry-after",
            "x-content-type-options",
            "x-request-id",
        ]
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.header("date"), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
}

#[tokio::test]
async fn a_header_that_the_upstream_keeps_for_its_connection_does_not_come_back() {
    let upstream = FakeUpstream::start(|_| {
        Reply::new("200 OK", "connection: Keep-Alive, X-Request-Id\r\nx-request-id: 1\r\nallow: GET\r\n", "")
    })
    .await;
    let answer = Forwarder::to(&upstream).await.send("GET", LIST).await.expect(200);
    assert_eq!(answer.header("x-request-id"), None);
    assert_eq!(answer.allow(), ["GET"]);
}

#[tokio::test]
async fn an_error_page_passes_but_is_no_page_of_the_console() {
    let page = "<script>alert(1)</script>";
    for status in ["404 NOT FOUND", "413 Too Large", "503 Service Unavailable"] {
        let upstream =
            FakeUpstream::start(move |_| Reply::new(status, "content-type: text/html\r\n", page)).await;
        let answer = Forwarder::to(&upstream).await.send("GET", "/api/v1/api_tokens/x").await;
        assert_eq!(answer.status, status[..3].parse::<u16>().unwrap());
        assert_eq!(answer.text(), page);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    }
}

#[tokio::test]
async fn an_upstream_that_is_down_is_502() {
    let port = ClosedPort::new();
    let closed = port.address();
    let server = Forwarder::with(settings(&format!("http://{closed}")), Config::default()).await;
    for method in ["GET", "OPTIONS", "POST", "PATCH", "DELETE"] {
        let answer = server.send(method, LIST).await;
        let message = is_failure(&answer, 502, &closed.port().to_string());
        assert_eq!(message, "The Credential Manager cannot be reached.");
    }
}

/// Starts a server that forwards to a TLS upstream at `localhost`, trusting `authority`.
async fn over_tls(upstream: &FakeUpstream, authority: Option<&Authority>) -> Forwarder {
    let url = format!("https://localhost:{}", upstream.address.port());
    let settings = Settings { certificate_authorities: authority.map(Authority::file), ..settings(&url) };
    Forwarder::with(settings, Config::default()).await
}

#[tokio::test]
async fn certificates_are_checked() {
    let (ours, other) = (Authority::new(), Authority::new());
    let right = FakeUpstream::encrypted(&ours, "localhost").await;
    let wrong_name = FakeUpstream::encrypted(&ours, "elsewhere.example").await;
    over_tls(&right, Some(&ours)).await.send("GET", LIST).await.expect(200);
    assert_eq!(right.seen().len(), 1);
    for (upstream, authority) in [(&right, Some(&other)), (&right, None), (&wrong_name, Some(&ours))] {
        let before = upstream.seen().len();
        let server = over_tls(upstream, authority).await;
        for method in ["GET", "POST"] {
            let message = is_failure(&server.send(method, LIST).await, 502, "localhost");
            assert_eq!(message, "The Credential Manager cannot be reached.");
        }
        assert_eq!(upstream.seen().len(), before, "nothing is sent to somebody else");
    }
}

#[tokio::test]
async fn an_upstream_that_speaks_no_tls_is_502() {
    let plain = FakeUpstream::start(|_| Reply::json("[]")).await;
    let server = over_tls(&plain, None).await;
    // The upstream takes the start of the TLS handshake for a request and waits for its end, which never comes; so the
    // failure is a time-out.
    let settings = Settings {
        time: Duration::from_millis(300),
        ..settings(&format!("https://localhost:{}", plain.address.port()))
    };
    let hasty = Forwarder::with(settings, Config::default()).await;
    is_failure(&hasty.send("GET", LIST).await, 504, "localhost");
    assert!(plain.seen().is_empty());
    drop(server);
    let refusing = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = refusing.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            drop(refusing.accept().await.unwrap());
        }
    });
    let url = format!("https://localhost:{}", address.port());
    let server = Forwarder::with(crate::support::upstream::settings(&url), Config::default()).await;
    is_failure(&server.send("GET", LIST).await, 502, "localhost");
}

/// The time for connecting includes the TLS handshake.
#[tokio::test]
async fn an_upstream_with_which_no_connection_is_made_is_504_before_the_time_of_a_request() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", silent.local_addr().unwrap().port());
    let server = Forwarder::with(settings(&url), Config::default()).await;
    let started = Instant::now();
    is_failure(&server.send("GET", LIST).await, 504, "localhost");
    let waited = started.elapsed();
    assert!(waited >= Duration::from_secs(5) && waited < Duration::from_secs(20), "{waited:?}");
}

#[tokio::test]
async fn an_upstream_that_hangs_is_504() {
    let upstream = FakeUpstream::start(|_| Reply::Hang).await;
    let time = Duration::from_millis(300);
    let server = Forwarder::with(Settings { time, ..settings(&upstream.url()) }, Config::default()).await;
    for method in ["GET", "POST"] {
        let started = Instant::now();
        let answer = server.send(method, LIST).await;
        let waited = started.elapsed();
        assert!(waited >= time && waited < time * 10, "{waited:?}");
        let message = is_failure(&answer, 504, &upstream.address.port().to_string());
        assert_eq!(message, "The Credential Manager did not answer in time.");
    }
    assert_eq!(upstream.seen().len(), 2, "nothing is sent again");
}

#[tokio::test]
async fn an_answer_that_stops_half_way_is_no_answer() {
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n[{\"id\": 1";
    let hanging = FakeUpstream::start(move |_| Reply::SendAndHang(half.into())).await;
    let closing = FakeUpstream::start(move |_| Reply::SendAndClose(half.into())).await;
    for upstream in [hanging, closing] {
        let settings = Settings { time: Duration::from_millis(500), ..settings(&upstream.url()) };
        let server = Forwarder::with(settings, Config::default()).await;
        let started = Instant::now();
        assert!(answer(server.request("GET", LIST)).await.is_err(), "a part is not taken for the whole");
        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}

/// The time limit is for the upstream; a slow reader is waited for.
#[tokio::test]
async fn a_client_that_reads_slowly_gets_all_of_an_answer() {
    const LENGTH: usize = 32 * 1024 * 1024;
    let upstream = FakeUpstream::start(|_| Reply::json(&"x".repeat(LENGTH))).await;
    let settings = Settings { time: Duration::from_secs(1), ..settings(&upstream.url()) };
    let server = Forwarder::with(settings, Config::default()).await;
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let request = format!("GET {LIST} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut piece = vec![0; 1024 * 1024];
    let mut length = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(100)).await;
        match stream.read_exact(&mut piece).await {
            Ok(read) => length += read,
            Err(_) => break,
        }
    }
    // Only whole mebibytes are counted; the response head adds less than one.
    assert_eq!(length, LENGTH);
}

#[tokio::test]
async fn an_answer_that_trickles_ends() {
    let upstream = FakeUpstream::start(|_| {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n";
        Reply::Trickle(head.into(), Duration::from_millis(20))
    })
    .await;
    let settings = Settings { time: Duration::from_millis(500), ..settings(&upstream.url()) };
    let server = Forwarder::with(settings, Config::default()).await;
    let started = Instant::now();
    assert!(answer(server.request("GET", LIST)).await.is_err());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_changes_something_is_sent_once_when_the_connection_closes() {
    // It keeps connections open as long as nothing is changed on them.
    let upstream = FakeUpstream::start(|seen| match seen.method() {
        "GET" => Reply::json("[]"),
        _ => Reply::Close,
    })
    .await;
    let server = Forwarder::to(&upstream).await;
    for method in ["POST", "PATCH", "DELETE"] {
        server.send("GET", LIST).await.expect(200);
        let answer = answer(server.request(method, LIST).body("name=once")).await.unwrap();
        let message = is_failure(&answer, 502, &upstream.address.port().to_string());
        assert_eq!(message, "The Credential Manager broke off without an answer.");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let seen = upstream.seen();
        let sent: Vec<_> = seen.iter().filter(|seen| seen.method() == method).collect();
        assert_eq!(sent.len(), 1, "{seen:?}");
        // Not on an idle connection: it may be closed at just that moment, and then nobody knows whether the request
        // arrived.
        assert!(seen.iter().all(|other| other.method() != "GET" || other.connection != sent[0].connection));
    }
    let reading: BTreeSet<_> =
        upstream.seen().iter().filter(|seen| seen.method() == "GET").map(|seen| seen.connection).collect();
    assert_eq!(reading.len(), 1, "what only reads shares a connection");
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_replaced() {
    let upstream =
        FakeUpstream::start(|_| Reply::SendAndClose("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]".into()))
            .await;
    let server = Forwarder::to(&upstream).await;
    for _ in 0..3 {
        server.send("GET", LIST).await.expect(200);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(upstream.seen().len(), 3);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    for status in ["301", "302", "303", "304", "307", "308"] {
        let elsewhere = FakeUpstream::start(|_| Reply::json("[]")).await;
        let location = format!("location: {}/login\r\nset-cookie: a=b\r\n", elsewhere.url());
        let upstream = FakeUpstream::start(move |_| {
            Reply::Send(format!("HTTP/1.1 {status} X\r\n{location}content-length: 0\r\n\r\n"))
        })
        .await;
        let server = Forwarder::to(&upstream).await;
        for method in ["GET", "OPTIONS", "POST"] {
            let answer = server.send(method, LIST).await;
            let message = is_failure(&answer, 502, &elsewhere.address.port().to_string());
            assert!(message.contains("redirect") && message.contains("sign-in page"), "{message}");
            assert_eq!(answer.header("location"), None);
            assert_eq!(answer.header("set-cookie"), None);
        }
        assert!(elsewhere.seen().is_empty());
    }
}

#[tokio::test]
async fn a_sign_in_page_is_no_answer() {
    for content_type in ["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"] {
        let upstream = FakeUpstream::start(move |_| {
            Reply::new("200 OK", &format!("content-type: {content_type}\r\n"), "<form>Password</form>")
        })
        .await;
        let server = Forwarder::to(&upstream).await;
        for method in ["GET", "OPTIONS", "POST", "DELETE"] {
            let answer = server.send(method, LIST).await;
            let message = is_failure(&answer, 502, &upstream.address.port().to_string());
            assert!(message.contains("web page"), "{message}");
        }
    }
    // Some frameworks label their empty responses like this.
    let flask =
        FakeUpstream::start(|_| Reply::new("200 OK", "allow: GET\r\ncontent-type: text/html\r\n", "")).await;
    assert_eq!(Forwarder::to(&flask).await.send("OPTIONS", LIST).await.expect(200).allow(), ["GET"]);
}

#[tokio::test]
async fn what_is_not_http_is_502() {
    for nonsense in [
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
        "HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
    ] {
        let upstream = FakeUpstream::start(move |_| Reply::SendAndClose(nonsense.into())).await;
        let answer = Forwarder::to(&upstream).await.send("GET", LIST).await;
        is_failure(&answer, 502, &upstream.address.port().to_string());
    }
}

#[tokio::test]
async fn an_answer_may_be_so_large() {
    let most = 1000;
    let send = |upstream: FakeUpstream| async move {
        let settings = Settings { answer_bytes: most, ..settings(&upstream.url()) };
        let server = Forwarder::with(settings, Config::default()).await;
        answer(server.request("GET", LIST)).await
    };
    let fits = FakeUpstream::start(|_| Reply::json(&"x".repeat(1000))).await;
    assert_eq!(send(fits).await.unwrap().expect(200).body.len(), 1000);
    let announced = FakeUpstream::start(|_| Reply::json(&"x".repeat(1001))).await;
    let port = announced.address.port().to_string();
    assert!(is_failure(&send(announced).await.unwrap(), 502, &port).contains("too large"));
    let in_chunks = FakeUpstream::start(|_| {
        let chunk = format!("64\r\n{}\r\n", "x".repeat(100)).repeat(11);
        Reply::Send(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}0\r\n\r\n"))
    })
    .await;
    assert!(send(in_chunks).await.is_err(), "a part is not taken for the whole");
}

/// The console asks for less of a list that it finds too long. From a 502 it could not tell that the list is.
#[tokio::test]
async fn the_console_itself_finds_an_answer_too_long() {
    let upstream = FakeUpstream::start(|_| Reply::json(&"x".repeat(5_000_000))).await;
    let server = Forwarder::to(&upstream).await;
    assert_eq!(server.send("GET", LIST).await.expect(200).body.len(), 5_000_000);
}

#[tokio::test]
async fn a_request_may_be_so_large() {
    let upstream = FakeUpstream::start(|_| Reply::json("{}")).await;
    let server = Forwarder::to(&upstream).await;
    let post = |size: usize| answer(server.request("POST", LIST).body("x".repeat(size)));
    is_failure(&post(64 * 1024 + 1).await.unwrap(), 413, &upstream.address.port().to_string());
    assert!(upstream.seen().is_empty());
    post(64 * 1024).await.unwrap().expect(200);
    assert_eq!(upstream.only().body.len(), 64 * 1024);
}

#[tokio::test]
async fn a_request_that_breaks_off_does_not_arrive() {
    let upstream = FakeUpstream::start(|_| Reply::json("{}")).await;
    let server = Forwarder::to(&upstream).await;
    let half = "POST /api/v1/api_tokens/ HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nname=half";
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    stream.write_all(half.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(stream);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(upstream.seen().is_empty());
}

#[tokio::test]
async fn only_the_methods_of_the_api_are_forwarded() {
    let upstream = FakeUpstream::start(|_| Reply::json("{}")).await;
    let server = Forwarder::to(&upstream).await;
    for method in ["PUT", "TRACE", "PROPFIND", "SECRET"] {
        let answer = server.send(method, LIST).await.expect(405);
        assert_eq!(answer.allow(), ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST"]);
    }
    assert!(upstream.seen().is_empty());
}

#[tokio::test]
async fn only_what_is_below_the_api_is_forwarded() {
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let server = Forwarder::to(&upstream).await;
    let get = async |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        raw::status(&raw::exchange(server.address, request.as_bytes()).await)
    };
    for path in [
        "/",
        "/admin",
        "/api",
        "/api/v1",
        "/api/v2/users",
        "/api/v10/users",
        "/API/v1/users",
        "//api/v1/users",
        "/api//v1/users",
        "/api%2fv1/users",
        "/api/v1/../../admin",
        "/api/v1/..%2f..%2fadmin",
        "/api/v1/%2e%2e/%2e%2e/admin",
        "/api/v1/%252e%252e/admin",
        "/api/v1/..;/admin",
        "/api/v1/..\\admin",
        "/api/v1/x%0d%0aHost:%20evil",
    ] {
        let status = get(path).await;
        assert!(matches!(status, Some(404 | 400)), "{path}: {status:?}");
    }
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
    let sent = ["/api/v1/x%2Fy", "/api/v1//users", "/api/v1/%C3%A4?a=b&&c=%", "/api/v1/a;b=c/d"];
    for path in sent {
        assert_eq!(get(path).await, Some(200), "{path}");
    }
    let lines: Vec<_> = upstream.seen().iter().map(|seen| seen.request_line().to_owned()).collect();
    assert_eq!(lines, sent.map(|path| format!("GET {path} HTTP/1.1")));
    // An absolute URI names a host, but the request does not go there.
    assert_eq!(get("http://evil.example/api/v1/users").await, Some(200));
    assert_eq!(upstream.seen().last().unwrap().request_line(), "GET /api/v1/users HTTP/1.1");
}

#[tokio::test]
async fn a_server_that_forwards_to_itself_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    let server = Forwarder::on(listener, settings(&own), Config::default()).await;
    let message = is_failure(&server.send("GET", LIST).await, 502, &own);
    assert!(message.contains("to itself"), "{message}");
    // Two servers in a chain are not a loop.
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let inner = Forwarder::to(&upstream).await;
    let outer = Forwarder::with(settings(&format!("http://{}", inner.address)), Config::default()).await;
    outer.send("GET", LIST).await.expect(200);
    assert_eq!(upstream.only().header("via").unwrap().split(", ").count(), 2);
}

#[tokio::test]
async fn the_process_is_alive_and_ready_when_the_upstream_is() {
    let closed = ClosedPort::new();
    let down = Forwarder::with(settings(&format!("http://{}", closed.address())), Config::default()).await;
    assert_eq!(down.send("GET", "/healthz").await.expect(200).json(), json!({"status": "ok"}));
    assert_eq!(
        down.send("GET", "/readyz").await.expect(503).json(),
        json!({"status": "the Credential Manager does not answer"})
    );
    for (reply, status) in [
        ("200 OK", 200),
        ("401 UNAUTHORIZED", 200),
        ("403 FORBIDDEN", 200),
        ("429 TOO MANY REQUESTS", 200),
        // Whatever is there has no API at this path, which every release of the API has.
        ("404 NOT FOUND", 503),
        ("405 METHOD NOT ALLOWED", 503),
        ("500 Internal Server Error", 503),
        ("302 Found", 503),
    ] {
        let upstream = FakeUpstream::start(move |_| Reply::new(reply, "", "{}")).await;
        let server = Forwarder::to(&upstream).await;
        for _ in 0..5 {
            server.send("GET", "/readyz").await.expect(status);
        }
        assert_eq!(
            upstream.only().request_line(),
            "GET /api/v1/api_tokens/?limit=1 HTTP/1.1",
            "it is asked once in a while"
        );
        server.send("GET", "/healthz").await.expect(200);
        assert_eq!(upstream.seen().len(), 1);
    }
}

#[tokio::test]
async fn readiness_is_asked_for_again() {
    let upstream = FakeUpstream::start(|seen| match seen.connection {
        1 => Reply::Close,
        _ => Reply::new("401 UNAUTHORIZED", "", "{}"),
    })
    .await;
    let server = Forwarder::to(&upstream).await;
    server.send("GET", "/readyz").await.expect(503);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    server.send("GET", "/readyz").await.expect(200);
}

#[tokio::test]
async fn readiness_is_not_asked_for_more_often_when_askers_give_up() {
    let upstream = FakeUpstream::start(|_| {
        let answer = "HTTP/1.1 401 UNAUTHORIZED\r\ncontent-length: 0\r\n\r\n";
        Reply::SendLater(Duration::from_millis(1000), answer.into())
    })
    .await;
    let server = Forwarder::to(&upstream).await;
    for _ in 0..5 {
        let hasty = server.request("GET", "/readyz").timeout(Duration::from_millis(100));
        assert!(answer(hasty).await.is_err());
    }
    server.send("GET", "/readyz").await.expect(200);
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn the_console_is_served_beside_it() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("index.html"), "the page").unwrap();
    let upstream =
        FakeUpstream::start(|_| Reply::new("200 OK", "access-control-allow-origin: *\r\n", "[]")).await;
    let config = Config {
        console: ConsoleFiles::Folder(folder.path().to_owned()),
        cors_origins: vec!["https://console.example.org".parse().unwrap()],
        ..Config::default()
    };
    let server = Forwarder::with(settings(&upstream.url()), config).await;
    let page = server.send("GET", "/tokens/5").await.expect(200);
    assert_eq!(page.text(), "the page");
    assert!(page.header("content-security-policy").unwrap().contains("wasm-unsafe-eval"));
    assert!(upstream.seen().is_empty());
    // Which other origins may call the API is this server's decision.
    for (origin, allowed) in [("https://console.example.org", true), ("https://evil.example", false)] {
        let answer = answer(server.request("GET", LIST).header("origin", origin)).await.unwrap().expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), allowed.then_some(origin));
    }
    let preflight = server
        .request("OPTIONS", LIST)
        .header("origin", "https://console.example.org")
        .header("access-control-request-method", "DELETE");
    let before = upstream.seen().len();
    answer(preflight).await.unwrap().expect(204);
    assert_eq!(upstream.seen().len(), before, "a preflight is answered here");
}
