//! The program with `--upstream`: its options, its shutdown, its log, and `credmgr-server health`.

use std::fs;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use reqwest::Client;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::support::ports::ClosedPort;
use crate::support::process::{Serving, program, run, start};
use crate::support::upstream::{FakeUpstream, Reply};

/// Starts the program in front of an upstream.
async fn serve(upstream: &FakeUpstream, arguments: &[&str]) -> Serving {
    let mut command = program(&["--listen", "127.0.0.1:0", "--upstream", &upstream.url()]);
    command.args(arguments).stderr(Stdio::piped());
    start(command).await
}

async fn terminate(server: &Serving) {
    let id = server.child.id().unwrap().to_string();
    let sent = tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.unwrap();
    assert!(sent.success());
}

#[track_caller]
fn refusal(output: &Output) -> String {
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn it_needs_no_database() {
    let folder = TempDir::new().unwrap();
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let mut command = program(&["--listen", "127.0.0.1:0"]);
    command.current_dir(folder.path()).env("CREDMGR_UPSTREAM", upstream.url());
    let server = start(command).await;
    let answer = reqwest::get(format!("{}/api/v1/api_tokens/", server.url)).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it creates no file");
    // An option that is off is no conflict.
    let mut command = program(&["--listen", "127.0.0.1:0"]);
    command.env("CREDMGR_UPSTREAM", upstream.url()).env("CREDMGR_DEMO", "false");
    start(command).await;
}

#[tokio::test]
async fn options_that_contradict_it_are_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "no certificate").unwrap();
    let file = file.to_str().unwrap();
    let upstream = ["--upstream", "http://127.0.0.1:1"];
    for (arguments, reason) in [
        (vec!["--database", file], "--database"),
        (vec!["--demo"], "--demo fills a database"),
        (vec!["--demo", "--demo-tokens", "5"], "--demo"),
        (vec!["--auth-failures-per-minute", "5"], "--auth-failures-per-minute"),
        (vec!["--request-seconds", "5"], "--request-seconds"),
        (vec!["--upstream-timeout", "0"], "--upstream-timeout"),
        (vec!["--upstream-ca", file], "no certificate in"),
        (vec!["--upstream-ca", "/missing"], "cannot read certificates"),
        (vec!["user", "add", "alice", "--role", "regular"], "no database"),
        (vec!["backup", "copy"], "no database"),
    ] {
        let all: Vec<_> = upstream.into_iter().chain(arguments.iter().copied()).collect();
        let output = run(&all, "").await;
        let message = refusal(&output);
        assert!(message.contains(reason), "{arguments:?}: {message}");
        // What is wrong with options is not right at the next start.
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    for (url, reason) in [
        ("tokens.example.org", "https://"),
        ("https://user:password@tokens.example.org", "no credentials"),
        ("https://tokens.example.org/api/v1/", "under which /api/v1 lies: https://tokens.example.org"),
    ] {
        let message = refusal(&run(&["--upstream", url], "").await);
        assert!(message.contains(reason), "{url}: {message}");
    }
    for option in ["--upstream-ca", "--upstream-timeout"] {
        let message = refusal(&run(&[option, "5"], "").await);
        assert!(message.contains("--upstream <URL>"), "{message}");
    }
}

#[tokio::test]
async fn a_request_that_is_under_way_is_answered_before_it_ends() {
    let upstream = FakeUpstream::start(|_| {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nslow";
        Reply::SendLater(Duration::from_millis(1500), answer.into())
    })
    .await;
    let mut server = serve(&upstream, &[]).await;
    let url = format!("{}/api/v1/api_tokens/", server.url);
    let slow = tokio::spawn(async move { Client::new().post(url).body("name=slow").send().await });
    upstream.wait_for(|seen| seen.method() == "POST").await;
    terminate(&server).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let address = server.url.strip_prefix("http://").unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "it takes no more connections");
    let answer = slow.await.unwrap().unwrap();
    assert_eq!(answer.text().await.unwrap(), "slow");
    assert!(server.child.wait().await.unwrap().success());
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_it_for_ever() {
    let upstream = FakeUpstream::start(|_| Reply::Hang).await;
    let mut server = serve(&upstream, &["--drain-seconds", "1"]).await;
    let url = format!("{}/api/v1/api_tokens/", server.url);
    let hanging = tokio::spawn(async move { reqwest::get(url).await });
    upstream.wait_for(|_| true).await;
    let started = Instant::now();
    terminate(&server).await;
    assert!(server.child.wait().await.unwrap().success());
    let took = started.elapsed();
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(8), "{took:?}");
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn whoever_asks_twice_does_not_wait_for_requests() {
    let upstream = FakeUpstream::start(|_| Reply::Hang).await;
    let mut server = serve(&upstream, &["--drain-seconds", "60"]).await;
    let url = format!("{}/api/v1/api_tokens/", server.url);
    let hanging = tokio::spawn(async move { reqwest::get(url).await });
    upstream.wait_for(|_| true).await;
    for _ in 0..2 {
        terminate(&server).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(server.child.try_wait().unwrap().is_none(), "both were one wish");
    let started = Instant::now();
    terminate(&server).await;
    let status = timeout(Duration::from_secs(30), server.child.wait()).await.expect("it goes on").unwrap();
    assert_eq!(status.code(), Some(1), "it says that it did not end in order");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn the_log_says_what_failed_and_nothing_secret() {
    let upstream = FakeUpstream::start(|seen| match seen.method() {
        "GET" => Reply::Close,
        "OPTIONS" => Reply::new(
            "302 Found",
            "location: http://location-secret/\r\nset-cookie: a=cookie-secret\r\n",
            "",
        ),
        _ => Reply::new("200 OK", "content-type: text/html\r\n", "answer-secret"),
    })
    .await;
    let mut server = serve(&upstream, &["--log", "debug"]).await;
    let client = Client::new();
    for method in ["GET", "OPTIONS", "POST"] {
        let url = format!("{}/api/v1/path-secret?query-secret=1", server.url);
        let request = client
            .request(method.parse().unwrap(), url)
            .basic_auth("name-secret", Some("password-secret"))
            .header("x-api-token", "token-secret")
            .header("cookie", "cookie-secret=1")
            .body("body-secret");
        assert_eq!(request.send().await.unwrap().status(), 502);
    }
    terminate(&server).await;
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    for expected in ["gives no answer", "cause=", "a redirect", "a web page", "status=502", "method=\"POST\""]
    {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    assert!(!log.contains("-secret"), "{log}");
    assert!(!log.contains("unencrypted"), "on one's own machine that is no news: {log}");
}

#[tokio::test]
async fn plain_text_over_a_network_is_warned_of() {
    for (url, warned) in [
        ("http://tokens.example.org", true),
        ("http://192.0.2.1:8080/x", true),
        ("https://tokens.example.org", false),
        ("http://localhost:1", false),
    ] {
        let mut command = program(&["--listen", "127.0.0.1:0", "--upstream", url]);
        command.stderr(Stdio::piped());
        let mut server = start(command).await;
        terminate(&server).await;
        let mut log = String::new();
        server.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert_eq!(log.contains("unencrypted"), warned, "{url}: {log}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_understood_is_warned_of_once() {
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    let mut server = serve(&upstream, &["--trusted-proxy", "10.0.0.0/8,127.0.0.0/8"]).await;
    for entry in ["203.0.113.5:4711", "entry-secret", "entry-secret"] {
        let request = Client::new().get(format!("{}/api/v1/users/me", server.url));
        assert_eq!(request.header("x-forwarded-for", entry).send().await.unwrap().status(), 200);
    }
    terminate(&server).await;
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert_eq!(log.matches("is no address").count(), 1, "{log}");
    assert!(log.contains("proxy=127.0.0.1") && !log.contains("entry-secret"), "{log}");
    assert!(log.contains("client=203.0.113.5") && log.contains("client=127.0.0.1"), "{log}");
}

#[tokio::test]
async fn a_console_that_requests_the_api_elsewhere_is_warned_of() {
    let folder = TempDir::new().unwrap();
    let upstream = FakeUpstream::start(|_| Reply::json("[]")).await;
    for (base, warned) in [("/api/v1", false), ("/api/v2", true), ("https://api.example.org/api/v1", true)] {
        let page = format!("<base href=/><meta content=\"{base}\" name=credmgr:api-base>");
        fs::write(folder.path().join("index.html"), page).unwrap();
        let mut server = serve(&upstream, &["--dist", folder.path().to_str().unwrap()]).await;
        terminate(&server).await;
        let mut log = String::new();
        server.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        let warning = format!("requests the API at {base}, but this server has it at /api/v1");
        assert_eq!(log.contains(&warning), warned, "{log}");
    }
}

#[tokio::test]
async fn health_is_asked_for_without_another_program() {
    let upstream = FakeUpstream::start(|_| Reply::new("500 X", "", "")).await;
    let server = serve(&upstream, &[]).await;
    let address = server.url.strip_prefix("http://").unwrap();
    let by_url = run(&["health", "--url", &format!("{}/healthz", server.url)], "").await;
    assert!(by_url.status.success(), "{by_url:?}");
    let by_address = run(&["health", "--listen", address], "").await;
    assert!(by_address.status.success(), "{by_address:?}");
    // In a container, the server's environment variables are set as well.
    let mut command = program(&["health"]);
    command.env("CREDMGR_LISTEN", address).env("CREDMGR_UPSTREAM", upstream.url());
    assert!(command.status().await.unwrap().success());
    let port = address.rsplit(':').next().unwrap();
    let mut command = program(&["health"]);
    command.env("CREDMGR_LISTEN", format!("0.0.0.0:{port}"));
    assert!(command.status().await.unwrap().success());

    let not_ready = run(&["health", "--url", &format!("{}/readyz", server.url)], "").await;
    assert!(refusal(&not_ready).contains("503"));
    let closed = ClosedPort::new();
    let refused = run(&["--listen", &closed.address().to_string(), "health"], "").await;
    assert!(refusal(&refused).contains("does not answer"));
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/healthz", silent.local_addr().unwrap());
    assert!(refusal(&run(&["health", "--url", &url], "").await).contains("in time"));
    assert!(refusal(&run(&["health", "--url", "https://localhost/healthz"], "").await).contains("http://"));
    assert!(refusal(&run(&["--listen", "127.0.0.1:0", "health"], "").await).contains("--url"));
}
