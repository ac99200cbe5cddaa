//! The console's files.

use std::fs;
use std::path::Path;

use credmgr_server::config::{Config, ConsoleFiles};
use tempfile::TempDir;

use crate::support::{Answer, TestServer, Who, raw};

const PAGE: &str = "<!doctype html><title>Credential Manager</title>";
const SCRIPT: &str = "console-0123456789abcdef.js";
const WASM: &str = "console-0123456789abcdef_bg.wasm";

/// Returns a folder as trunk builds it, beside a file that must never be served.
fn console() -> TempDir {
    let folder = TempDir::new().unwrap();
    let dist = folder.path().join("dist");
    fs::create_dir_all(dist.join("snippets/library-0123456789abcdef")).unwrap();
    fs::create_dir(dist.join("assets")).unwrap();
    let write = |name: &str, content: &[u8]| fs::write(dist.join(name), content).unwrap();
    write("index.html", PAGE.as_bytes());
    write(SCRIPT, b"export {};");
    write(WASM, b"\0asm\x01\0\0\0");
    write(&format!("{WASM}.br"), b"brotli");
    write(&format!("{WASM}.gz"), b"gzip");
    write("style-0123456789abcdef.css", b":root {}");
    write("favicon.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    write("robots.txt", b"User-agent: *");
    write("snippets/library-0123456789abcdef/inline0.js", b"export {};");
    write(".env", b"PASSWORD=secret of the folder");
    fs::write(folder.path().join("outside.txt"), b"secret of the machine").unwrap();
    folder
}

async fn serve(folder: &Path, console_path: &str) -> TestServer {
    let console = ConsoleFiles::Folder(folder.join("dist"));
    let console_path = console_path.parse().unwrap();
    TestServer::with(Config { console, console_path, ..Config::default() }).await
}

async fn get(server: &TestServer, path: &str) -> Answer {
    server.request("GET", path).send().await
}

#[tokio::test]
async fn files_have_their_types_and_live_as_long_as_they_can() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    let forever = "public, max-age=31536000, immutable";
    for (path, content_type, caching) in [
        ("/", "text/html", "no-cache"),
        ("/index.html", "text/html", "no-cache"),
        (&format!("/{SCRIPT}"), "text/javascript", forever),
        (&format!("/{WASM}"), "application/wasm", forever),
        ("/style-0123456789abcdef.css", "text/css", forever),
        ("/favicon.svg", "image/svg+xml", "no-cache"),
        ("/robots.txt", "text/plain", "no-cache"),
        // Here the hash is the library's, not the file's.
        ("/snippets/library-0123456789abcdef/inline0.js", "text/javascript", "no-cache"),
    ] {
        let answer = get(&server, path).await.expect(200);
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
    }
}

/// A browser or a proxy that cached one of these would not ask for the file again for a year.
#[tokio::test]
async fn what_is_no_file_is_not_kept() {
    let folder = console();
    // Opening it fails for every user.
    let unreadable = "unreadable-0123456789abcdef.js";
    std::os::unix::fs::symlink(unreadable, folder.path().join("dist").join(unreadable)).unwrap();
    let server = serve(folder.path(), "/").await;
    let (script, unreadable) = (format!("/{SCRIPT}"), format!("/{unreadable}"));
    for (path, header, status, caching) in [
        (&script, ("if-match", "\"another\""), 412, "no-store"),
        (&unreadable, ("accept", "*/*"), 500, "no-store"),
        (
            &script,
            ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
            304,
            "public, max-age=31536000, immutable",
        ),
    ] {
        let answer = server.request("GET", path).header(header.0, header.1).send().await.expect(status);
        assert_eq!(answer.header("cache-control"), Some(caching), "{path} {header:?}");
    }
}

#[tokio::test]
async fn every_document_comes_with_the_protective_headers() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for path in ["/", "/tokens/5", "/missing.js", "/favicon.svg", "/tokens/5?q=1"] {
        let answer = get(&server, path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
        assert!(answer.header("permissions-policy").unwrap().contains("clipboard-write=(self)"));
    }
}

#[tokio::test]
async fn answers_of_the_api_are_not_stored() {
    let server = TestServer::start().await;
    for request in [
        "GET /api/v1/api_tokens/5",
        "GET /api/v1/users/x",
        "GET /api/v2",
        "PUT /api/v1/users/",
        "GET /healthz",
    ] {
        let (method, path) = request.split_once(' ').unwrap();
        let answer = server.request(method, path).by(Who::Alice).send().await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{request}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{request}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{request}");
    }
}

#[tokio::test]
async fn screens_get_the_page_and_missing_files_do_not() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for screen in [
        "/sign-in",
        "/tokens",
        "/tokens/",
        "/tokens/5/rotate",
        "/tokens?owner=3&q=a.js",
        "/assets",
        "/assets/",
    ] {
        let answer = get(&server, screen).await.expect(200);
        assert_eq!(answer.text(), PAGE, "{screen}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{screen}");
    }
    let missing =
        ["/missing.js", "/tokens/missing.wasm", "/style.css", "/index.htm", "/favicon.ico", "/a.b/c.d"];
    for file in missing {
        let answer = get(&server, file).await.expect(404);
        assert!(!answer.text().contains("doctype"), "{file}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{file}");
    }
    let data = server.request("GET", "/tokens/5").header("accept", "application/json").send().await;
    assert_eq!(data.status, 404, "what a script fetches as data is not a screen");
    let browser =
        server.request("GET", "/tokens/5").header("accept", "text/html,application/xml;q=0.9").send().await;
    assert_eq!(browser.expect(200).text(), PAGE);
}

/// Longer than a file name can be, and longer than a path can be.
#[tokio::test]
async fn a_name_that_no_file_can_have_is_missing() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for length in [300, 5000] {
        get(&server, &format!("/{}.js", "n".repeat(length))).await.expect(404);
    }
}

#[tokio::test]
async fn addresses_of_the_api_never_get_the_page() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for path in
        ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/tokens", "/api/v1/api_tokens/x", "/api/v1//users"]
    {
        let answer = get(&server, path).await.expect(404);
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert!(answer.json()["message"].is_string());
    }
    for spelling in ["/%61pi/v1/users/me", "/api%2Fv1/users"] {
        let answer = get(&server, spelling).await.expect(404);
        assert!(!answer.text().contains("doctype"), "{spelling}");
    }
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = server.request(method, "/index.html").send().await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.allow(), ["GET", "HEAD"]);
    }
    let head = server.request("HEAD", "/").send().await.expect(200);
    assert_eq!(head.text(), "");
    assert_eq!(head.header("content-type"), Some("text/html"));
}

#[tokio::test]
async fn compressed_neighbours_are_sent_to_those_who_understand_them() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    let path = format!("/{WASM}");
    for (accepted, encoding, body) in [
        ("br, gzip", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("br;q=0, gzip", Some("gzip"), "gzip"),
        ("identity", None, "\0asm\x01\0\0\0"),
    ] {
        let answer =
            server.request("GET", &path).header("accept-encoding", accepted).send().await.expect(200);
        assert_eq!(answer.header("content-encoding"), encoding, "{accepted}");
        assert_eq!(answer.text(), body, "{accepted}");
        assert_eq!(answer.header("content-type"), Some("application/wasm"), "{accepted}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{accepted}");
        assert!(answer.header("cache-control").unwrap().contains("immutable"), "{accepted}");
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    let first = get(&server, "/").await.expect(200);
    let etag = first.header("etag").unwrap();
    let again = server.request("GET", "/tokens").header("if-none-match", etag).send().await.expect(304);
    assert_eq!(again.header("vary"), Some("accept-encoding"), "a cache keeps what it is told last");
}

/// Nothing in the console requests a part of a file. A client that does (`If-Range`) with the tag of another release
/// must not combine the two.
#[tokio::test]
async fn files_come_whole() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    let path = format!("/{SCRIPT}");
    for (range, condition) in [("bytes=0-3", None), ("bytes=1000-", None), ("bytes=4-", Some("\"another\""))]
    {
        let mut request = server.request("GET", &path).header("range", range);
        if let Some(tag) = condition {
            request = request.header("if-range", tag);
        }
        let answer = request.send().await.expect(200);
        assert_eq!(answer.text(), "export {};");
        assert_eq!(answer.header("accept-ranges"), None, "it does not offer what it does not do");
        assert_eq!(answer.header("content-range"), None);
    }
}

#[tokio::test]
async fn under_a_path_of_its_own() {
    let folder = console();
    let server = serve(folder.path(), "/console/").await;
    for path in ["/", "/console"] {
        let answer = get(&server, path).await.expect(307);
        assert_eq!(answer.header("location"), Some("/console/"), "{path}");
    }
    for screen in ["/console/", "/console/tokens/5"] {
        assert_eq!(get(&server, screen).await.expect(200).text(), PAGE, "{screen}");
    }
    get(&server, &format!("/console/{SCRIPT}")).await.expect(200);
    get(&server, "/console/missing.js").await.expect(404);
    for outside in ["/tokens", "/consoles/tokens", &format!("/{SCRIPT}")] {
        get(&server, outside).await.expect(404);
    }
    server.api("GET /users/me").by(Who::Alice).send().await.expect(200);
    get(&server, "/healthz").await.expect(200);
}

#[tokio::test]
async fn without_a_folder_there_is_only_the_api() {
    let server = TestServer::start().await;
    for path in ["/", "/index.html", "/tokens"] {
        get(&server, path).await.expect(404);
    }
    get(&server, "/healthz").await.expect(200);
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let folder = console();
    for console_path in ["/", "/console/"] {
        let server = serve(folder.path(), console_path).await;
        for path in [
            "../outside.txt",
            "%2e%2e/outside.txt",
            "..%2foutside.txt",
            "%2e%2e%2foutside.txt",
            "assets/../../outside.txt",
            "assets/%2e%2e/%2e%2e/outside.txt",
            "..%5coutside.txt",
            "..\\outside.txt",
            ".%00./outside.txt",
            "outside.txt%00.js",
            "%252e%252e/outside.txt",
            "/outside.txt",
            "//etc/passwd",
            "etc/passwd",
            ".env",
            "assets/../.env",
            "%2eenv",
            "%ff%fe.js",
        ] {
            // Byte by byte, because clients normalise such paths before they send them.
            let request =
                format!("GET {console_path}{path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n");
            let answer = raw::exchange(server.address, request.as_bytes()).await;
            assert!(!answer.contains("secret of"), "{path}: {answer}");
            assert!(!answer.contains("root:"), "{path}: {answer}");
            let status = raw::status(&answer).unwrap();
            assert!(status == 404 || status == 400 || answer.contains(PAGE), "{path}: {answer}");
            assert!(status < 500, "{path}");
        }
    }
}

#[tokio::test]
async fn compressed_neighbours_have_no_address_of_their_own() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    for extension in ["br", "gz"] {
        get(&server, &format!("/{WASM}.{extension}")).await.expect(404);
    }
}

#[tokio::test]
async fn what_head_says_is_what_get_says() {
    let folder = console();
    let server = serve(folder.path(), "/").await;
    let path = format!("/{WASM}");
    let [get, head] =
        ["GET", "HEAD"].map(|method| server.request(method, &path).header("accept-encoding", "br"));
    let (get, head) = (get.send().await.expect(200), head.send().await.expect(200));
    assert_eq!(head.text(), "");
    for name in ["content-type", "content-encoding", "content-length", "vary", "cache-control", "etag"] {
        assert!(get.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}
