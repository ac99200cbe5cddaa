//! Limits on what one client may use of the server: size, time, connections.

use std::time::{Duration, Instant};

use credmgr_server::config::{Config, ConsoleFiles, Limits};
use serde_json::json;
use sqlx::Connection;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{TestServer, Who, raw};

async fn server(limits: Limits) -> TestServer {
    TestServer::with(Config { limits, ..Config::default() }).await
}

#[tokio::test]
async fn a_body_may_have_64_kib() {
    let server = TestServer::start().await;
    let post = |size: usize| {
        let form = format!("name={}", "n".repeat(size - "name=".len()));
        server.api("POST /api_tokens/").by(Who::Alice).form(&form)
    };
    post(64 * 1024).send().await.expect(200);
    for size in [64 * 1024 + 1, 5_000_000] {
        let answer = post(size).send().await.expect(413);
        assert_eq!(answer.json(), json!({"status": 413, "message": "The request body is too large."}));
    }
    let patch = json!([{"op": "replace", "path": "/name", "value": "n".repeat(70_000)}]);
    server.api("PATCH /api_tokens/5").by(Who::Alice).json(&patch).send().await.expect(413);
}

#[tokio::test]
async fn a_body_that_does_not_tell_its_size_is_limited_too() {
    let server = TestServer::start().await;
    let mut request = format!(
        "POST /api/v1/api_tokens/ HTTP/1.1\r\nhost: test\r\nx-api-token: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n",
        server.token_of(Who::Alice)
    );
    for _ in 0..100 {
        request += &format!("400\r\n{}\r\n", "n".repeat(0x400));
    }
    request += "0\r\n\r\n";
    let answer = raw::exchange(server.address, request.as_bytes()).await;
    assert_eq!(raw::status(&answer), Some(413), "{answer}");
}

#[tokio::test]
async fn headers_may_have_32_kib() {
    let server = TestServer::start().await;
    let get = |size: usize| server.api("GET /users/me").by(Who::Alice).header("x-padding", &"x".repeat(size));
    get(30_000).send().await.expect(200);
    get(40_000).send().await.expect(431);
    let many: String = (0..500).map(|number| format!("x-{number}: y\r\n")).collect();
    let request = format!("GET /healthz HTTP/1.1\r\nhost: test\r\n{many}\r\n");
    assert_eq!(raw::status(&raw::exchange(server.address, request.as_bytes()).await), Some(431));
    let long_path = format!("GET /{} HTTP/1.1\r\nhost: test\r\n\r\n", "x".repeat(100_000));
    let status = raw::status(&raw::exchange(server.address, long_path.as_bytes()).await).unwrap();
    assert!((400..500).contains(&status), "{status}");
}

/// Returns how long the server takes to give up on a client.
async fn patience(server: &TestServer, sends: &[u8]) -> Duration {
    let started = Instant::now();
    raw::exchange(server.address, sends).await;
    started.elapsed()
}

#[tokio::test]
async fn a_client_that_sends_no_or_half_a_head_is_dropped() {
    let time = Duration::from_millis(300);
    let server = server(Limits { header_time: time, ..Limits::default() }).await;
    let nothing: &[u8] = b"";
    let half = b"GET /healthz HTTP/1.1\r\nhost: te";
    let kept_alive = b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n";
    for sent in [nothing, half, kept_alive] {
        let waited = patience(&server, sent).await;
        assert!(waited >= time && waited < time * 10, "{waited:?}");
    }
}

#[tokio::test]
async fn a_client_that_sends_one_byte_at_a_time_is_dropped_all_the_same() {
    let time = Duration::from_millis(300);
    let server = server(Limits { header_time: time, ..Limits::default() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let drip = async {
        for byte in b"GET /healthz HTTP/1.1\r\nhost: test\r\n".iter().cycle() {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(time * 10, drip).await.expect("the server goes on listening to it");
}

/// The size of a file that does not fit into any buffer of the operating system.
const LARGE: usize = 32 * 1024 * 1024;

/// Requests that file, and waits for `before_each` before each of the first mebibytes of the response. Returns how many
/// bytes arrived.
async fn read_slowly(write_time: Duration, before_each: Duration, pieces_that_wait: usize) -> usize {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("index.html"), "").unwrap();
    std::fs::write(folder.path().join("large.bin"), vec![0; LARGE]).unwrap();
    let console = ConsoleFiles::Folder(folder.path().to_owned());
    let limits = Limits { write_time, ..Limits::default() };
    let server = TestServer::with(Config { console, limits, ..Config::default() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /large.bin HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut piece = vec![0; 1024 * 1024];
    let mut length = 0;
    for number in 0.. {
        if number < pieces_that_wait {
            tokio::time::sleep(before_each).await;
        }
        match stream.read_exact(&mut piece).await {
            Ok(read) => length += read,
            Err(_) => break,
        }
    }
    length
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_dropped() {
    let time = Duration::from_millis(300);
    assert!(read_slowly(time, time * 3, 1).await < LARGE);
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_all_of_its_answer() {
    let time = Duration::from_millis(1500);
    // Only whole mebibytes are counted; the response head adds less than one.
    assert_eq!(read_slowly(time, time / 15, usize::MAX).await, LARGE);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_408() {
    let server = server(Limits { body_time: Duration::from_millis(200), ..Limits::default() }).await;
    let request = format!(
        "POST /api/v1/api_tokens/ HTTP/1.1\r\nhost: test\r\nx-api-token: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\nname=abc",
        server.token_of(Who::Alice)
    );
    let answer = raw::exchange(server.address, request.as_bytes()).await;
    assert_eq!(raw::status(&answer), Some(408), "{answer}");
    assert!(
        answer.ends_with(r#"{"status":408,"message":"The request body took too long to arrive."}"#),
        "{answer}"
    );
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_503_and_leaves_nothing_behind() {
    let limits = Limits { request_time: Duration::from_millis(300), ..Limits::default() };
    let server = server(limits).await;
    // Another process that is in the middle of a long write.
    let mut other = server.connect().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let started = Instant::now();
    let answer =
        server.api("POST /api_tokens/").by(Who::Alice).form("name=too+late").send().await.expect(503);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(answer.json()["status"], 503);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    other.close().await.unwrap();
    let list = server.api("GET /api_tokens/?limit=100").by(Who::Alice).send().await.expect(200);
    assert!(!list.text().contains("too late"));
    server.api("POST /api_tokens/").by(Who::Alice).form("name=too+late").send().await.expect(200);
}

#[tokio::test]
async fn reading_waits_for_nobody_who_writes() {
    let server = TestServer::start().await;
    let read = || server.api("GET /api_tokens/5").by(Who::Alice);
    read().send().await.expect(200); // the use is now recorded for this minute
    let mut other = server.connect().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let started = Instant::now();
    read().send().await.expect(200);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    // A first use cannot be recorded now; that is no reason to refuse the request.
    server.api("GET /users/me").by(Who::Bob).send().await.expect(200);
    other.close().await.unwrap();
}

#[tokio::test]
async fn that_the_use_of_tokens_cannot_be_noted_delays_nobody_for_long() {
    let server = TestServer::start().await;
    let mut other = server.connect().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let started = Instant::now();
    for who in Who::SIGNED_IN {
        server.api("GET /users/me").by(who).send().await.expect(200);
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    other.close().await.unwrap();
}

#[tokio::test]
async fn silent_clients_do_not_keep_others_out_for_long() {
    let limits = Limits { connections: 10, header_time: Duration::from_millis(500), ..Limits::default() };
    let server = server(limits).await;
    let mut silent = Vec::new();
    for _ in 0..30 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let started = Instant::now();
    server.request("GET", "/healthz").send().await.expect(200);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let mut rest = Vec::new();
    let first_is_closed = timeout(Duration::from_secs(5), silent[0].read_to_end(&mut rest)).await;
    assert!(first_is_closed.is_ok());
}

#[tokio::test]
async fn idle_clients_make_room_at_once() {
    let server = server(Limits { connections: 10, ..Limits::default() }).await;
    let mut kept_alive = raw::Connection::new(server.address);
    let request = b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n";
    let mut idle = Vec::new();
    for _ in 0..30 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: te").await.unwrap();
        idle.push(stream);
        let started = Instant::now();
        // A connection that was closed in the meantime is replaced.
        assert_eq!(kept_alive.send("GET", request).await.unwrap().status, 200);
        server.request("GET", "/healthz").send().await.expect(200);
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), idle[0].read_to_end(&mut rest)).await.expect("it is closed").unwrap();
    assert!(rest.is_empty());
}

#[tokio::test]
async fn no_request_ends_to_make_room() {
    let limits = Limits { connections: 3, body_time: Duration::from_secs(3), ..Limits::default() };
    let server = server(limits).await;
    let head = format!(
        "POST /api/v1/api_tokens/ HTTP/1.1\r\nhost: test\r\nx-api-token: {}\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\n",
        server.token_of(Who::Alice)
    );
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for _ in 0..20 {
        let silent = TcpStream::connect(server.address).await.unwrap();
        // Not on a kept connection, which may just be making room for that one.
        server.request("GET", "/healthz").header("connection", "close").send().await.expect(200);
        drop(silent);
    }
    for (mut stream, (body, status)) in slow.into_iter().zip([("name=slow", 200), ("name=slow", 409)]) {
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(raw::status(&answer), Some(status), "{answer}");
    }
}
