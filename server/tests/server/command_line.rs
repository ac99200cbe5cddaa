//! The program itself: its options, its messages, how it starts and stops, and its log.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::process::{Serving, program, run, serve, start};

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("database")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the message with which the program refused to do something.
#[track_caller]
fn refusal(output: &Output) -> String {
    assert!(!output.status.success(), "{}", stderr(output));
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    stderr(output)
}

async fn add_user(database: &Path, name: &str, role: &str, password: &str) -> Output {
    let database = database.to_str().unwrap();
    run(&["user", "add", name, "--role", role, "--database", database], password).await
}

async fn me(server: &Serving, username: &str, password: &str) -> (StatusCode, Value) {
    let request =
        Client::new().get(format!("{}/api/v1/users/me", server.url)).basic_auth(username, Some(password));
    let response = request.send().await.unwrap();
    (response.status(), serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

async fn signal(server: &Serving, name: &str) {
    let id = server.child.id().unwrap().to_string();
    let sent = tokio::process::Command::new("kill").args([&format!("-{name}"), &id]).status().await.unwrap();
    assert!(sent.success());
}

/// Waits until the program has ended, and returns the rest of its standard output.
async fn end(mut server: Serving) -> (bool, String) {
    let mut rest = String::new();
    server.stdout.read_to_string(&mut rest).await.unwrap();
    let status =
        timeout(Duration::from_secs(30), server.child.wait()).await.expect("it does not stop").unwrap();
    (status.success(), rest)
}

#[tokio::test]
async fn an_empty_database_asks_for_its_first_user() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let arguments = ["--listen", "127.0.0.1:0", "--database", path.to_str().unwrap()];
    let output = run(&arguments, "").await;
    let message = refusal(&output);
    assert_eq!(output.status.code(), Some(1), "another start is of use once there is a user");
    assert!(message.contains("credmgr-server user add NAME --role internal"), "{message}");
    assert!(message.contains("--demo"), "{message}");
}

#[tokio::test]
async fn users_are_added_from_standard_input_and_can_sign_in() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let people = [
        ("chief", "internal", "first-pass\n", "first-pass"),
        ("adm", "admin", "with spaces in it \r\n", "with spaces in it "),
        ("zoë", "regular", "pässwörd:with:colons\nsecond line", "pässwörd:with:colons"),
        ("reader", "read-only", "no line end", "no line end"),
    ];
    for (name, role, input, _) in people {
        let added = add_user(&path, name, role, input).await;
        assert!(added.status.success(), "{}", stderr(&added));
        assert!(added.stdout.is_empty());
    }
    let server = serve(&path, &[]).await;
    let flags = [(false, false), (true, true), (true, false), (false, false)];
    for ((name, _, _, password), (is_regular_user, is_admin)) in people.into_iter().zip(flags) {
        let (status, user) = me(&server, name, password).await;
        assert_eq!(status, 200, "{name}");
        assert_eq!(user["username"], name);
        assert_eq!(
            (&user["is_regular_user"], &user["is_admin"]),
            (&is_regular_user.into(), &is_admin.into())
        );
        assert_eq!(me(&server, name, "wrong-pass").await.0, 401);
    }
    // Adding users works while the server runs, too.
    assert!(add_user(&path, "late", "regular", "late-password").await.status.success());
    assert_eq!(me(&server, "late", "late-password").await.0, 200);
}

#[tokio::test]
async fn users_are_changed_while_the_server_runs() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    assert!(add_user(&path, "chief", "internal", "first-password").await.status.success());
    assert!(add_user(&path, "zoë", "regular", "first-password").await.status.success());
    let server = serve(&path, &[]).await;
    let create = Client::new()
        .post(format!("{}/api/v1/api_tokens/", server.url))
        .basic_auth("zoë", Some("first-password"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=in+use");
    let token: Value = serde_json::from_slice(&create.send().await.unwrap().bytes().await.unwrap()).unwrap();
    let by_token = async || {
        let request = Client::new().get(format!("{}/api/v1/users/me", server.url));
        let token = token["token"].as_str().unwrap();
        request.header("x-api-token", token).send().await.unwrap().status()
    };
    let command = async |what: &str, name: &str, input: &str| {
        run(&["user", what, name, "--database", path.to_str().unwrap()], input).await
    };
    let done = async |what: &str, input: &str| {
        let output = command(what, "zoë", input).await;
        assert!(output.status.success() && output.stdout.is_empty(), "{}", stderr(&output));
    };

    done("password", "second-password\n").await;
    assert_eq!(me(&server, "zoë", "first-password").await.0, 401);
    let (status, user) = me(&server, "zoë", "second-password").await;
    assert_eq!(status, 200);
    assert!(user["updated"].as_str() > user["created"].as_str(), "{user}");
    assert_eq!(by_token().await, 200, "tokens are another matter");

    for _ in 0..2 {
        done("deactivate", "").await;
        assert_eq!(me(&server, "zoë", "second-password").await.0, 401);
        assert_eq!(by_token().await, 401);
    }
    done("activate", "").await;
    assert_eq!(me(&server, "zoë", "second-password").await.0, 200);
    assert_eq!(by_token().await, 200);
    assert_eq!(me(&server, "chief", "first-password").await.0, 200, "others are not affected");

    for (what, name, input, reason) in [
        ("password", "zoe", "third-password", "there is no user zoe"),
        ("password", "zoë", "short", "at least 8"),
        ("deactivate", "zoe", "", "there is no user zoe"),
        ("activate", "", "", "there is no user"),
    ] {
        let message = refusal(&command(what, name, input).await);
        assert!(message.contains(reason) && !message.contains("third-password"), "{message}");
    }
    assert_eq!(me(&server, "zoë", "second-password").await.0, 200);
    let elsewhere = folder.path().join("elsewhere");
    for what in ["password", "deactivate", "activate"] {
        let arguments = ["user", what, "zoë", "--database", elsewhere.to_str().unwrap()];
        assert!(refusal(&run(&arguments, "new-password").await).contains("there is no database"));
    }
    assert!(!elsewhere.exists());
}

#[tokio::test]
async fn users_that_cannot_be_added() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    assert!(add_user(&path, "alice", "regular", "good-password").await.status.success());
    for (name, role, password, reason) in [
        ("alice", "regular", "good-password", "already"),
        ("bob", "regular", "short", "at least 8"),
        ("bob", "regular", "", "at least 8"),
        ("bob", "regular", "good\u{7}password", "control characters"),
        ("b:b", "regular", "good-password", "colons"),
        ("b\nb", "regular", "good-password", "control characters"),
        ("", "regular", "good-password", "empty"),
        (" bob", "regular", "good-password", "space"),
        ("bob", "owner", "good-password", "possible values: internal, admin, regular, read-only"),
    ] {
        let message = refusal(&add_user(&path, name, role, password).await);
        assert!(message.contains(reason), "{name:?}, {role}: {message}");
        assert!(password.is_empty() || !message.contains(password), "{message}");
    }
}

#[tokio::test]
async fn the_demonstration_refuses_every_address_but_this_machines() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let path = path.to_str().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = run(&["--demo", "--listen", address, "--database", path], "").await;
        assert!(refusal(&output).contains("this machine only"), "{}", stderr(&output));
        assert_eq!(output.status.code(), Some(2));
    }
    assert!(!Path::new(path).exists(), "it refuses before it does anything");
    // A database that was filled by --demo is as dangerous without the option.
    let mut server = serve(Path::new(path), &["--demo"]).await;
    server.child.kill().await.unwrap();
    let output = run(&["--listen", "0.0.0.0:0", "--database", path], "").await;
    assert!(refusal(&output).contains("this machine only"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
    serve(Path::new(path), &[]).await;
}

#[tokio::test]
async fn the_demonstration_is_the_documented_one_and_outlives_restarts() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let server = serve(&path, &["--demo"]).await;
    for (id, name) in (1..).zip(["root", "admin", "alice", "bob", "carol"]) {
        let (status, user) = me(&server, name, &format!("{name}-pass")).await;
        assert_eq!((status.as_u16(), &user["id"]), (200, &id.into()), "{name}");
    }
    assert_eq!(me(&server, "dave", "dave-pass").await.0, 401);

    let api = async |server: &Serving, path: &str| -> Value {
        let request =
            Client::new().get(format!("{}/api/v1{path}", server.url)).basic_auth("root", Some("root-pass"));
        let response = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
    };
    let list = api(&server, "/api_tokens/?limit=100").await;
    let alice = (1..=45).map(|number| format!("alice-token-{number:02}"));
    let names: Vec<_> = ["root-deploy", "admin-ci", "admin-backup", "admin-monitor"]
        .map(str::to_owned)
        .into_iter()
        .chain(alice)
        .chain(["bob-laptop".to_owned(), "bob-old".to_owned()])
        .collect();
    let listed = list.as_array().unwrap();
    assert_eq!(listed.iter().map(|item| item["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    assert_eq!(
        listed.iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>(),
        (1..=51).collect::<Vec<_>>()
    );

    let mut tokens = Vec::new();
    for id in 1..=51 {
        tokens.push(api(&server, &format!("/api_tokens/{id}")).await);
    }
    let owner = |id| match id {
        1 => 1,
        2..=4 => 2,
        5..=49 => 3,
        _ => 4,
    };
    for (id, token) in (1..).zip(&tokens) {
        assert_eq!(token["owner_id"], owner(id), "{id}");
        assert_eq!(token["enabled"], id != 51, "{id}");
        assert!(
            token["last_used"].is_null() || token["last_used"].as_str() > token["created"].as_str(),
            "{token}"
        );
    }
    let unused = tokens.iter().filter(|token| token["last_used"].is_null()).count();
    assert!((5..20).contains(&unused), "{unused} never used");
    let years: std::collections::BTreeSet<_> =
        tokens.iter().map(|token| token["created"].as_str().unwrap()[..4].to_owned()).collect();
    assert!(years.len() >= 3, "{years:?}");

    signal(&server, "TERM").await;
    end(server).await;
    let again = serve(&path, &["--demo", "--demo-tokens", "5"]).await;
    assert_eq!(api(&again, "/api_tokens/?limit=100").await, list);
    assert_eq!(api(&again, "/api_tokens/5").await["token"], tokens[4]["token"]);
}

#[tokio::test]
async fn made_up_tokens_come_after_the_documented_ones_and_are_the_same_each_time() {
    let mut lists = Vec::new();
    for _ in 0..2 {
        let folder = TempDir::new().unwrap();
        let server = serve(&database(&folder), &["--demo", "--demo-tokens", "49"]).await;
        let url = format!("{}/api/v1/api_tokens/?limit=100", server.url);
        let response = Client::new().get(url).basic_auth("root", Some("root-pass")).send().await.unwrap();
        lists.push(serde_json::from_slice::<Value>(&response.bytes().await.unwrap()).unwrap());
    }
    assert_eq!(lists[0].as_array().unwrap().len(), 100);
    assert_eq!(lists[0], lists[1]);
    assert_eq!(lists[0][51]["id"], 52);
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let without = refusal(&run(&["--demo-tokens", "5", "--database", path.to_str().unwrap()], "").await);
    assert!(without.contains("--demo"), "{without}");
}

#[tokio::test]
async fn every_option_has_a_variable() {
    let help = run(&["--help"], "").await;
    let help = String::from_utf8(help.stdout).unwrap();
    let options: Vec<_> = help
        .split_whitespace()
        .filter(|word| word.starts_with("--") && !["--help", "--version"].contains(word))
        .filter(|word| help.contains(&format!("{word} <")) || *word == "--demo")
        .map(|option| option.trim_start_matches("--").replace('-', "_").to_uppercase())
        .collect();
    assert!(options.len() >= 11, "{options:?}");
    for option in options {
        assert!(help.contains(&format!("[env: CREDMGR_{option}=")), "{option}: {help}");
    }

    let folder = TempDir::new().unwrap();
    let dist = folder.path().join("dist");
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("index.html"), "the page").unwrap();
    let mut command = program(&[]);
    command
        .env("CREDMGR_LISTEN", "[::1]:0")
        .env("CREDMGR_DATABASE", database(&folder))
        .env("CREDMGR_DIST", &dist)
        .env("CREDMGR_DEMO", "true")
        .env("CREDMGR_DEMO_TOKENS", "7")
        .env("CREDMGR_CONSOLE_PATH", "/console/")
        .env("CREDMGR_CORS_ORIGIN", "https://a.example.org,https://b.example.org")
        .env("CREDMGR_AUTH_FAILURES_PER_MINUTE", "1")
        .env("CREDMGR_LOG", "error");
    let server = start(command).await;
    assert!(server.url.starts_with("http://[::1]:"), "{}", server.url);
    let page = reqwest::get(format!("{}/console/tokens", server.url)).await.unwrap();
    assert_eq!(page.text().await.unwrap(), "the page");
    for origin in ["https://a.example.org", "https://b.example.org"] {
        let request = Client::new().get(format!("{}/api/v1/users/me", server.url)).header("origin", origin);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["access-control-allow-origin"], origin);
    }
    assert_eq!(me(&server, "alice", "wrong-pass").await.0, 401);
    assert_eq!(me(&server, "alice", "alice-pass").await.0, 429);
    let newest = Client::new()
        .get(format!("{}/api/v1/api_tokens/58", server.url))
        .basic_auth("root", Some("root-pass"));
    assert_eq!(newest.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn options_that_make_no_sense_are_refused() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let empty = folder.path().to_str().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("index.html"), r#"<base href="/console/">"#).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    for (arguments, reason) in [
        (vec!["--listen", "localhost"], "--listen"),
        (vec!["--cors-origin", "*"], "--cors-origin"),
        (vec!["--trusted-proxy", "proxy.example.org"], "a network such as 10.0.0.0/8"),
        (vec!["--console-path", "/api/"], "/api, /healthz and /readyz"),
        (vec!["--demo-tokens", "1000001", "--demo"], "--demo-tokens"),
        (vec!["--request-seconds", "0"], "--request-seconds"),
        (vec!["--dist", empty, "--demo"], "no index.html"),
        (vec!["--dist", elsewhere, "--demo"], "built for /console/, so it cannot be served under /;"),
        (vec!["serve"], "serve"),
    ] {
        let all: Vec<_> = arguments.iter().copied().chain(["--database", path.to_str().unwrap()]).collect();
        let output = run(&all, "").await;
        let message = refusal(&output);
        assert!(message.contains(reason), "{arguments:?}: {message}");
        // What is wrong with options is not right at the next start.
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let directory = refusal(&run(&["--demo", "--database", empty], "").await);
    assert!(directory.contains("cannot open the database"), "{directory}");
    fs::write(&path, "this is no database, but a text that is long enough to look at".repeat(100)).unwrap();
    let text = refusal(&run(&["--demo", "--database", path.to_str().unwrap()], "").await);
    assert!(text.contains("cannot open the database"), "{text}");
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let folder = TempDir::new().unwrap();
    let server = serve(&database(&folder), &["--demo"]).await;
    let taken = server.url.strip_prefix("http://").unwrap();
    let other = folder.path().join("other");
    let message =
        refusal(&run(&["--demo", "--listen", taken, "--database", other.to_str().unwrap()], "").await);
    assert!(message.contains("cannot listen on"), "{message}");
}

#[tokio::test]
async fn signals_end_it_after_the_requests_that_are_under_way() {
    for name in ["TERM", "INT"] {
        let folder = TempDir::new().unwrap();
        let server = serve(&database(&folder), &["--demo"]).await;
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        let mut slow = TcpStream::connect(&address).await.unwrap();
        let head = "POST /api/v1/api_tokens/ HTTP/1.1\r\nhost: test\r\ncontent-length: 9\r\n\
                    authorization: Basic YWxpY2U6YWxpY2UtcGFzcw==\r\n\
                    content-type: application/x-www-form-urlencoded\r\n\r\n";
        slow.write_all(head.as_bytes()).await.unwrap();
        let idle = TcpStream::connect(&address).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        signal(&server, name).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(TcpStream::connect(&address).await.is_err(), "it takes no more connections");
        slow.write_all(b"name=slow").await.unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let (success, rest) = end(server).await;
        assert!(success, "SIG{name}");
        assert_eq!(rest, "", "nothing else is on standard output");
        drop(idle);
    }
}

#[tokio::test]
async fn the_database_is_its_owners_business() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("new folder/database");
    let _server = serve(&path, &["--demo"]).await;
    let files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn logs_tell_what_happened_but_no_credential_secret_query_or_body() {
    let folder = TempDir::new().unwrap();
    let path = database(&folder);
    let mut command = program(&["--listen", "127.0.0.1:0", "--database", path.to_str().unwrap(), "--demo"]);
    command.args(["--log", "debug"]).env("RUST_LOG", "trace").stderr(Stdio::piped());
    let mut server = start(command).await;
    let client = Client::new();
    let url = |path: &str| format!("{}{path}", server.url);
    let created = client
        .post(url("/api/v1/api_tokens/?query-secret=1"))
        .basic_auth("alice", Some("alice-pass"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=body-secret")
        .send()
        .await
        .unwrap();
    let created: Value = serde_json::from_slice(&created.bytes().await.unwrap()).unwrap();
    let secret = created["token"].as_str().unwrap();
    let get = |path: &str| client.get(url(path));
    for request in [
        get("/api/v1/users/me").header("x-api-token", secret),
        get("/api/v1/users/me").header("x-api-token", "bad-token-secret"),
        get("/api/v1/users/me").header("x-api-key", "bad-key-secret"),
        get("/api/v1/users/me").basic_auth("name-secret", Some("password-secret")),
        get("/api/v1/users/me").header("authorization", "Bearer bearer-secret"),
        get("/api/v1/users/me").header("cookie", "cookie-secret=1"),
        get("/api/v1/path-secret"),
        get("/path-secret?query-secret"),
        get("/api/v1/api_tokens/?limit=limit-secret").header("x-api-token", secret),
        client
            .patch(url("/api/v1/api_tokens/5"))
            .header("x-api-token", secret)
            .header("content-type", "application/json")
            .body(r#"[{"op": "patch-secret"}]"#),
        client.request("METHODSECRET".parse().unwrap(), url("/api/v1/users/me")),
    ] {
        request.send().await.unwrap();
    }
    signal(&server, "TERM").await;
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert!(end(server).await.0);

    for expected in
        ["method=\"POST\"", "route=\"/api/v1/api_tokens/\"", "user=3", "status=200", "token=52", "status=401"]
    {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    // What libraries log can contain anything, so it is dropped at every level.
    assert!(!log.contains("sqlx") && !log.contains("hyper"), "{log}");
    let encoded = "YWxpY2U6YWxpY2UtcGFzcw";
    for hidden in [secret, "alice-pass", encoded, "-secret", "METHODSECRET", "argon2", "Basic"] {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
}
