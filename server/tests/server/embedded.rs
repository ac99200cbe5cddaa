//! The console built into the program. The tests expect the console of `tests/console` there, a stand-in whose files
//! only say what they are:
//!
//! ```text
//! CREDMGR_CONSOLE_DIR=server/tests/console cargo test -p credmgr-server --features embedded-console
//! ```

use std::fs;
use std::path::Path;

use credmgr_server::config::{Config, ConsoleFiles};
use tempfile::TempDir;

use crate::support::process::{program, run, start};
use crate::support::{Answer, TestServer, Who, raw};

const SCRIPT: &str = "/console-0123456789abcdef.js";
const WASM: &str = "/console-0123456789abcdef_bg.wasm";
const FOREVER: &str = "public, max-age=31536000, immutable";

fn file(path: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/console");
    fs::read(folder.join(path.trim_start_matches('/'))).unwrap()
}

async fn serve() -> TestServer {
    TestServer::with(Config { console: ConsoleFiles::Embedded, ..Config::default() }).await
}

async fn get(server: &TestServer, path: &str, accepted: &str) -> Answer {
    server.request("GET", path).header("accept-encoding", accepted).send().await
}

#[tokio::test]
async fn files_have_their_types_and_live_as_long_as_they_can() {
    let server = serve().await;
    for (path, name, content_type, caching) in [
        ("/", "index.html", "text/html", "no-cache"),
        ("/index.html", "index.html", "text/html", "no-cache"),
        ("/tokens/5/rotate?q=1", "index.html", "text/html", "no-cache"),
        (SCRIPT, SCRIPT, "text/javascript", FOREVER),
        (WASM, WASM, "application/wasm", FOREVER),
        ("/assets/style-0123456789abcdef.css", "assets/style-0123456789abcdef.css", "text/css", FOREVER),
        ("/%72obots.txt", "robots.txt", "text/plain", "no-cache"),
    ] {
        let answer = get(&server, path, "identity").await.expect(200);
        assert_eq!(answer.body, file(name), "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(answer.header("content-encoding"), None, "{path}");
        assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    for path in ["/missing.js", "/assets/missing.css", "/console-0123456789abcdef_bg.wasm/x.js", "/api/x.js"]
    {
        let answer = get(&server, path, "br").await.expect(404);
        assert!(!answer.text().contains("doctype"), "{path}");
    }
    server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
}

#[tokio::test]
async fn compressed_neighbours_are_sent_to_those_who_understand_them() {
    let server = serve().await;
    for (path, accepted, encoding, name) in [
        (WASM, "gzip, deflate, br, zstd", Some("br"), format!("{WASM}.br")),
        (WASM, "br;q=0.5, gzip;q=0.5", Some("br"), format!("{WASM}.br")),
        (WASM, "br;q=0.5, gzip", Some("gzip"), format!("{WASM}.gz")),
        (WASM, "br;q=0, gzip", Some("gzip"), format!("{WASM}.gz")),
        (WASM, "*", Some("br"), format!("{WASM}.br")),
        (WASM, "br;q=0, gzip;q=0", None, WASM.to_owned()),
        (WASM, "*;q=0", None, WASM.to_owned()),
        (WASM, "", None, WASM.to_owned()),
        (SCRIPT, "br, gzip", Some("gzip"), format!("{SCRIPT}.gz")),
        (SCRIPT, "br", None, SCRIPT.to_owned()),
    ] {
        let answer = get(&server, path, accepted).await.expect(200);
        assert_eq!(answer.header("content-encoding"), encoding, "{path} {accepted}");
        assert_eq!(answer.body, file(&name), "{path} {accepted}");
        let content_type = if path == WASM { "application/wasm" } else { "text/javascript" };
        assert_eq!(answer.header("content-type"), Some(content_type), "{path} {accepted}");
        assert_eq!(answer.header("cache-control"), Some(FOREVER), "{path} {accepted}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path} {accepted}");
        let head = server.request("HEAD", path).header("accept-encoding", accepted).send().await.expect(200);
        assert_eq!(head.body, b"");
        let without_date = |answer: &Answer| {
            let mut headers = answer.headers.clone();
            headers.remove("date");
            headers
        };
        assert_eq!(without_date(&head), without_date(&answer), "HEAD says what GET says: {path} {accepted}");
        assert_eq!(head.header("content-length"), Some(answer.body.len().to_string().as_str()));
    }
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let server = serve().await;
    for path in ["/", WASM] {
        let known = |accepted: &'static str, etag: String| {
            server.request("GET", path).header("accept-encoding", accepted).header("if-none-match", &etag)
        };
        let first = get(&server, path, "identity").await.expect(200);
        let etag = first.header("etag").unwrap().to_owned();
        let again = known("identity", etag.clone()).send().await.expect(304);
        assert_eq!(again.body, b"");
        assert_eq!(again.header("etag"), Some(etag.as_str()));
        assert_eq!(again.header("cache-control"), first.header("cache-control"));
        known("identity", format!("W/{etag}")).send().await.expect(304);
        known("identity", "\"other\"".to_owned()).send().await.expect(200);
    }
    let [plain, brotli] = [get(&server, WASM, "").await, get(&server, WASM, "br").await];
    assert_ne!(plain.header("etag"), brotli.header("etag"), "they are not the same bytes");
}

#[tokio::test]
async fn no_path_leads_elsewhere() {
    let server = serve().await;
    for path in
        ["/../Cargo.toml", "/..%2fserver/main.rs", "//etc/passwd", "/.env", "/assets/../.env", "/%ff.js"]
    {
        let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
        let answer = raw::exchange(server.address, request.as_bytes()).await;
        assert!(
            matches!(raw::status(&answer), Some(404 | 400)) || answer.contains("doctype"),
            "{path}: {answer}"
        );
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        server.request(method, "/index.html").send().await.expect(405);
    }
    for compressed in [format!("{WASM}.br"), format!("{WASM}.gz")] {
        get(&server, &compressed, "identity").await.expect(404);
    }
}

#[tokio::test]
async fn a_folder_that_is_given_wins() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("index.html"), "from the folder").unwrap();
    let dist = folder.path().to_str().unwrap().to_owned();
    for (arguments, expected) in [
        (vec![], String::from_utf8(file("index.html")).unwrap()),
        (vec!["--dist", &dist], "from the folder".to_owned()),
    ] {
        let mut command = program(&["--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1"]);
        command.args(arguments);
        let server = start(command).await;
        let page = reqwest::get(&server.url).await.unwrap();
        assert_eq!(page.text().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn another_path_than_the_one_it_was_built_for_is_refused() {
    let refused =
        run(&["--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1", "--console-path", "/x"], "")
            .await;
    assert!(!refused.status.success());
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("the console was built for /, so it cannot be served under /x/"), "{message}");
}

#[tokio::test]
async fn the_version_says_that_it_is_there() {
    let version = run(&["--version"], "").await;
    assert!(String::from_utf8_lossy(&version.stdout).contains("with the console"));
}
