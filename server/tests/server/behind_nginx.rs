//! Two instances behind nginx, with the shipped configuration (`deploy/nginx-two-instances.conf`).

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use credmgr_server::config::Limits;
use reqwest::{Client, StatusCode};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::support::ports::free_port;
use crate::support::process::{Serving, program, start};
use crate::support::upstream::{FakeUpstream, Reply, Seen};

const LIST: &str = "/api/v1/api_tokens/";

/// A running nginx, two instances, and their upstream. Each instance has its own path there, which shows which of them
/// sent a request.
struct Site {
    url: String,
    instances: BTreeMap<&'static str, Serving>,
    upstream: FakeUpstream,
    _nginx: Child,
    _folder: TempDir,
}

/// Returns the path of the instance that sent a request.
fn instance(seen: &Seen) -> String {
    seen.request_line().split('/').nth(1).unwrap().to_owned()
}

async fn start_instance(upstream: &FakeUpstream, name: &str, console: Option<&Path>) -> Serving {
    let url = format!("{}/{name}", upstream.url());
    let mut command =
        program(&["--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--upstream", &url]);
    // So that a request that is sent again, and hangs there as well, makes the test fail soon.
    command.args(["--upstream-timeout", "10"]);
    if let Some(console) = console {
        command.arg("--dist").arg(console);
    }
    start(command).await
}

impl Site {
    async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(script, [None, None]).await
    }

    /// Starts a site whose instances have these consoles.
    async fn with(
        script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
        consoles: [Option<&Path>; 2],
    ) -> Self {
        let upstream = FakeUpstream::start(script).await;
        let mut instances = BTreeMap::new();
        for (name, console) in ["one", "two"].into_iter().zip(consoles) {
            instances.insert(name, start_instance(&upstream, name, console).await);
        }
        let address = |name: &str| instances[name].url.strip_prefix("http://").unwrap().to_owned();
        let own = free_port().await;
        let folder = TempDir::new().unwrap();
        let configuration = configuration(folder.path(), own, &address("one"), &address("two"));
        let nginx = start_nginx(folder.path(), &configuration, own).await;
        Self { url: format!("http://{own}"), instances, upstream, _nginx: nginx, _folder: folder }
    }

    /// Ends an instance the way a crash would.
    async fn kill(&mut self, name: &str) {
        self.instances.get_mut(name).unwrap().child.kill().await.unwrap();
    }

    async fn get(&self) -> StatusCode {
        reqwest::get(format!("{}{LIST}", self.url)).await.unwrap().status()
    }
}

fn shipped() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nginx-two-instances.conf");
    fs::read_to_string(file).unwrap()
}

/// Returns the shipped configuration with other ports, wrapped into one that needs no privileges.
fn configuration(folder: &Path, own: SocketAddr, one: &str, two: &str) -> String {
    let mut site = shipped();
    for (written, here) in [
        ("\n  listen 80;", format!("\n  listen {own};")),
        ("server 127.0.0.1:8081 ", format!("server {one} ")),
        ("server 127.0.0.1:8082 ", format!("server {two} ")),
    ] {
        assert_eq!(site.matches(written).count(), 1, "{written}");
        site = site.replace(written, &here);
    }
    let folder = folder.display();
    // A single process, so that killing it leaves no workers behind, which would keep the output of the tests open.
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n\
         events {{}}\n\
         http {{\n\
         access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n\
         fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n\
         {site}\n\
         }}\n"
    )
}

async fn start_nginx(folder: &Path, configuration: &str, own: SocketAddr) -> Child {
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration).unwrap();
    // Debian installs it in /usr/sbin, which is not in every user's PATH.
    let path = format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default());
    let mut nginx = Command::new(std::env::var_os("NGINX").unwrap_or_else(|| "nginx".into()))
        .env("PATH", path)
        .arg("-e")
        .arg(folder.join("errors"))
        .arg("-c")
        .arg(&file)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs nginx (`cargo xtask setup` installs it): {error}"));
    for _ in 0..500 {
        if TcpStream::connect(own).await.is_ok() {
            return nginx;
        }
        if let Some(status) = nginx.try_wait().unwrap() {
            panic!(
                "nginx ended with {status}: {}",
                fs::read_to_string(folder.join("errors")).unwrap_or_default()
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nginx does not start");
}

#[test]
fn idle_connections_are_closed_by_nginx_before_an_instance_does() {
    let shipped = shipped();
    let seconds =
        shipped.lines().find_map(|line| line.trim().strip_prefix("keepalive_timeout ")?.strip_suffix("s;"));
    let idle = Duration::from_secs(seconds.expect("the connections have a time limit").parse().unwrap());
    assert!(idle + Duration::from_secs(5) <= Limits::default().header_time, "{idle:?}");
}

#[test]
fn without_tls_there_is_nothing_but_the_way_to_it() {
    let shipped = shipped();
    let (_, end) = shipped.rsplit_once("\n\n").unwrap();
    let lines: Vec<_> = end.lines().skip(1).map(|line| line.strip_prefix("# ").unwrap()).collect();
    assert_eq!(
        lines,
        [
            "server {",
            "  listen 80;",
            "  server_name console.example.org;",
            "  return 301 https://$server_name$request_uri;",
            "}"
        ]
    );
    let (before, _) = shipped.split_once("\n  # listen 443 ssl;\n").unwrap();
    assert!(before.rsplit_once("\n\n").unwrap().1.contains("In place of `listen 80`, not beside it"));
    let hsts = "# add_header Strict-Transport-Security \"max-age=31536000\" always;";
    assert_eq!(shipped.matches(hsts).count(), 2, "of the server, and where another header is added");
}

#[tokio::test]
async fn a_file_that_is_missing_is_missing_also_while_one_instance_is_down() {
    let console = TempDir::new().unwrap();
    fs::write(console.path().join("index.html"), "the page").unwrap();
    let [name, ..] = names("a");
    fs::write(console.path().join(&name), "the file").unwrap();
    let mut site = Site::with(|_| Reply::json("[]"), [Some(console.path()), Some(console.path())]).await;
    let get = async |site: &Site, path: &str| {
        let answer = reqwest::get(format!("{}/{path}", site.url)).await.unwrap();
        (answer.status().as_u16(), answer.headers().get("cache-control").cloned())
    };
    let missing = "style-0123456789abcdef.css";
    for name in ["one", "two"] {
        for _ in 0..4 {
            let (status, cached) = get(&site, missing).await;
            assert_eq!((status, cached.unwrap().to_str().unwrap()), (404, "no-store"), "before {name}");
        }
        site.kill(name).await;
        let there = if name == "one" { (200, 404) } else { (502, 502) };
        for _ in 0..6 {
            assert_eq!((get(&site, &names("a")[0]).await.0, get(&site, missing).await.0), there);
        }
    }
    assert!(site.upstream.seen().is_empty());
}

#[tokio::test]
async fn one_instance_goes_on_when_the_other_is_gone() {
    let mut site = Site::start(|seen| match seen.method() {
        "OPTIONS" => Reply::Send("HTTP/1.1 204 No Content\r\nallow: GET, POST\r\n\r\n".into()),
        _ => Reply::json("[]"),
    })
    .await;
    for _ in 0..10 {
        assert_eq!(site.get().await, 200);
    }
    let served: BTreeMap<String, ()> = site.upstream.seen().iter().map(|seen| (instance(seen), ())).collect();
    assert_eq!(served.len(), 2, "both take part");
    let options = Client::new().request(reqwest::Method::OPTIONS, format!("{}{LIST}", site.url));
    assert_eq!(options.send().await.unwrap().headers()["allow"], "GET, POST");

    site.kill("one").await;
    for _ in 0..10 {
        assert_eq!(site.get().await, 200);
        let post = Client::new().post(format!("{}{LIST}", site.url)).body("name=a");
        assert_eq!(post.send().await.unwrap().status(), 200, "what did not arrive may go elsewhere");
    }
    let seen = site.upstream.seen();
    assert_eq!(seen.iter().filter(|seen| seen.method() == "POST").count(), 10);
    assert!(seen[11..].iter().all(|seen| instance(seen) == "two"));
    site.kill("two").await;
    assert_eq!(site.get().await, 502, "and without any there is no answer");
}

#[tokio::test]
async fn what_may_have_arrived_is_not_sent_again() {
    for method in ["POST", "PATCH", "DELETE"] {
        let mut site = Site::start(|seen| match seen.method() {
            "GET" => Reply::json("[]"),
            _ => Reply::Hang,
        })
        .await;
        let request =
            Client::new().request(method.parse().unwrap(), format!("{}{LIST}", site.url)).body("name=once");
        let waiting = tokio::spawn(request.send());
        let sent = site.upstream.wait_for(|seen| seen.method() == method).await;
        site.kill(&instance(&sent)).await;
        assert_eq!(waiting.await.unwrap().unwrap().status(), 502, "{method}");
        for _ in 0..4 {
            assert_eq!(site.get().await, 200, "{method}");
        }
        let seen = site.upstream.seen();
        assert_eq!(seen.iter().filter(|seen| seen.method() == method).count(), 1, "{seen:?}");
    }
}

/// Methods that nginx treats specially are forwarded unchanged.
#[tokio::test]
async fn deletions_arrive() {
    let site = Site::start(|_| Reply::Send("HTTP/1.1 204 No Content\r\n\r\n".into())).await;
    let delete = Client::new()
        .delete(format!("{}{LIST}5?a=%2F", site.url))
        .header("host", "console.example.org")
        .header("x-api-token", "once")
        .header("x-forwarded-for", "203.0.113.5");
    assert_eq!(delete.send().await.unwrap().status(), 204);
    let seen = site.upstream.only();
    assert_eq!(seen.method(), "DELETE");
    assert!(seen.request_line().contains("/api_tokens/5?a=%2F "), "{}", seen.request_line());
    assert_eq!(seen.header("x-api-token").as_deref(), Some("once"));
    assert_eq!(seen.header("x-forwarded-for").as_deref(), Some("127.0.0.1"));
    assert_eq!(seen.header("x-forwarded-host").as_deref(), Some("console.example.org"));
}

#[tokio::test]
async fn a_deletion_that_met_a_dead_instance_works_the_next_time() {
    let mut site = Site::start(|_| Reply::json("{}")).await;
    site.kill("one").await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let delete = Client::new().delete(format!("{}{LIST}5", site.url));
        statuses.push(delete.send().await.unwrap().status().as_u16());
    }
    statuses.sort_unstable();
    assert!(statuses[5] == 200 || statuses[..5] == [200; 5] && statuses[5] == 502, "{statuses:?}");
}

#[tokio::test]
async fn the_upstream_learns_who_asks() {
    let site = Site::start(|_| Reply::json("[]")).await;
    let request = Client::new()
        .get(format!("{}{LIST}", site.url))
        .header("host", "console.example.org")
        .header("x-forwarded-for", "203.0.113.5")
        .header("x-forwarded-proto", "https");
    assert_eq!(request.send().await.unwrap().status(), 200);
    let seen = site.upstream.only();
    assert_eq!(
        seen.header("x-forwarded-for").as_deref(),
        Some("127.0.0.1"),
        "nginx's word, not the client's"
    );
    assert_eq!(seen.header("x-forwarded-proto").as_deref(), Some("http"));
    assert_eq!(seen.header("x-forwarded-host").as_deref(), Some("console.example.org"));
}

/// Returns the names of a console's files as a build names them, with this digit as their hashes.
fn names(digit: &str) -> [String; 5] {
    let hash = digit.repeat(16);
    [
        format!("credmgr-console-{hash}_bg.wasm"),
        format!("credmgr-console-{hash}.js"),
        format!("credmgr-console-shared-1-{hash}.wasm"),
        format!("head-{hash}.js"),
        format!("style-{hash}.css"),
    ]
}

#[tokio::test]
async fn while_one_instance_is_renewed_every_page_gets_its_files() {
    let consoles = ["a", "b"].map(|digit| {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("index.html"), digit).unwrap();
        for name in names(digit) {
            fs::write(folder.path().join(name), digit).unwrap();
        }
        folder
    });
    let not_there = "/api/v1/looks-like-a-file-0123456789abcdef.js";
    let script = |_: &Seen| Reply::new("404 NOT FOUND", "content-type: application/json\r\n", "{}");
    let site = Site::with(script, [Some(consoles[0].path()), Some(consoles[1].path())]).await;
    let get = async |path: &str| {
        let answer = reqwest::get(format!("{}{path}", site.url)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    for digit in ["a", "b"] {
        for name in names(digit) {
            for _ in 0..3 {
                assert_eq!(get(&format!("/{name}")).await, (200, digit.to_owned()), "{name}");
            }
        }
    }
    assert_eq!(get("/style-0123456789abcdef.css").await.0, 404, "what no instance has is missing");
    assert!(site.upstream.seen().is_empty());
    assert_eq!(get(not_there).await.0, 404);
    site.upstream.only();
}
