//! A server for each test, users to act as, and responses that are checked against the API's description.

pub mod description;
pub mod ports;
pub mod process;
pub mod raw;
pub mod upstream;

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use credmgr_server::app::App;
use credmgr_server::config::Config;
use credmgr_server::db::Database;
use credmgr_server::permissions::{Identity, Operation, Role};
use credmgr_server::secret::Secret;
use credmgr_server::timestamp::Timestamp;
use credmgr_server::{demo, listen};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// A demo user, or an anonymous caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Root,
    Admin,
    Alice,
    Bob,
    Carol,
    Dave,
    Nobody,
}

impl Who {
    pub const SIGNED_IN: [Self; 5] = [Self::Root, Self::Admin, Self::Alice, Self::Bob, Self::Carol];

    pub fn id(self) -> i64 {
        match self {
            Self::Root => 1,
            Self::Admin => 2,
            Self::Alice => 3,
            Self::Bob => 4,
            Self::Carol => 5,
            Self::Dave => 6,
            Self::Nobody => panic!("nobody has no id"),
        }
    }

    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    pub fn password(self) -> String {
        format!("{}-pass", self.name())
    }
}

/// Serves on this listener for as long as the test runs; the returned client follows no redirects.
fn serve(listener: TcpListener, router: Router, config: Config) -> Client {
    tokio::spawn(async move { listen::serve(listener, router, &config, std::future::pending()).await });
    Client::builder()
        .timeout(Duration::from_secs(60))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A running server. It stops when the test ends, together with the test's runtime.
pub struct TestServer {
    pub address: SocketAddr,
    pub database: Database,
    secrets: Vec<Secret>,
    client: Client,
    folder: Arc<TempDir>,
}

/// The internal user, who may do everything; for preparing data directly in the database.
const ROOT: Identity = Identity { id: 1, role: Role::Internal };

impl TestServer {
    pub async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("database");
        fs::write(&path, DEMONSTRATION.as_slice()).unwrap();
        let database = Database::open(&path).await.unwrap();
        let mut secrets = Vec::new();
        for owner in 1..=6 {
            let secret = Secret::generate(32).unwrap();
            let name = format!("token of the tests for user {owner}");
            database.create_token(ROOT, owner, &name, secret.clone()).await.unwrap();
            secrets.push(secret);
        }
        Self::over(database, config, secrets, Arc::new(folder)).await
    }

    /// Starts another server over the same database.
    pub async fn beside(&self) -> Self {
        let database = Database::open(&self.folder.path().join("database")).await.unwrap();
        Self::over(database, Config::default(), self.secrets.clone(), Arc::clone(&self.folder)).await
    }

    async fn over(database: Database, config: Config, secrets: Vec<Secret>, folder: Arc<TempDir>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = App::new(database.clone(), config.clone()).unwrap().router();
        let client = serve(listener, router, config);
        Self { address, database, secrets, client, folder }
    }

    /// Returns the token with which `who` authenticates. Dave has one as well; it is his account that is inactive.
    pub fn token_of(&self, who: Who) -> &str {
        self.secrets[usize::try_from(who.id()).unwrap() - 1].expose()
    }

    /// Creates a token of `owner` and returns its ID.
    pub async fn new_token(&self, owner: Who, name: &str) -> i64 {
        let secret = Secret::generate(32).unwrap();
        self.database.create_token(ROOT, owner.id(), name, secret).await.unwrap().id
    }

    /// Returns the secret of any token.
    pub async fn secret(&self, id: i64) -> String {
        let token = self.database.token(id, ROOT, Operation::Read).await.unwrap();
        token.secret.expose().to_owned()
    }

    /// Opens a connection to the database, as another process would.
    pub async fn connect(&self) -> SqliteConnection {
        let path = self.folder.path().join("database");
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await.unwrap()
    }

    /// Sets the last use of a token, which the API cannot do.
    pub async fn set_last_used(&self, id: i64, time: Timestamp) {
        let mut connection = self.connect().await;
        let changed = sqlx::query("UPDATE api_tokens SET last_used = ? WHERE id = ?")
            .bind(time)
            .bind(id)
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected(), 1);
        connection.close().await.unwrap();
    }

    /// Begins a request to the API, such as `GET /api_tokens/5`.
    pub fn api(&self, request: &str) -> Request<'_> {
        let (method, path) = request.split_once(' ').unwrap();
        self.request(method, &format!("/api/v1{path}"))
    }

    /// Begins a request to any path of the server.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        let url = format!("http://{}{path}", self.address);
        let builder = self.client.request(method.parse::<Method>().unwrap(), url);
        Request { server: self, builder, method: method.to_owned(), path: path.to_owned() }
    }
}

/// A request under construction.
pub struct Request<'a> {
    server: &'a TestServer,
    builder: RequestBuilder,
    method: String,
    path: String,
}

impl Request<'_> {
    fn map(mut self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        self.builder = change(self.builder);
        self
    }

    /// Authenticates with a token.
    pub fn by(self, who: Who) -> Self {
        if who == Who::Nobody {
            return self;
        }
        let token = self.server.token_of(who).to_owned();
        self.header("x-api-token", &token)
    }

    /// Authenticates with HTTP Basic.
    pub fn basic(self, username: &str, password: &str) -> Self {
        self.map(|builder| builder.basic_auth(username, Some(password)))
    }

    pub fn header(self, name: &str, value: &str) -> Self {
        self.map(|builder| builder.header(name, value))
    }

    /// Adds a body of `application/x-www-form-urlencoded`, already encoded.
    pub fn form(self, encoded: &str) -> Self {
        self.body("application/x-www-form-urlencoded", encoded.to_owned())
    }

    pub fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    pub fn body(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.map(|builder| builder.header("content-type", content_type).body(body))
    }

    /// Sends the request. If the API describes the operation, checks the response against the description.
    pub async fn send(self) -> Answer {
        let response = self.builder.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.bytes().await.unwrap().to_vec();
        let answer = Answer { status, headers, body };
        description::check(&self.method, &self.path, &answer);
        answer
    }
}

/// A response of the server.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the response itself, after checking its status code.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// Returns the value of a header that occurs at most once.
    #[track_caller]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?;
        assert_eq!(values.next(), None, "{name} is there twice");
        Some(first.to_str().unwrap())
    }

    /// Returns the methods in `Allow`, sorted.
    #[track_caller]
    pub fn allow(&self) -> Vec<&str> {
        let allow = self.header("allow").expect("there is no Allow");
        let mut methods: Vec<_> = allow.split(',').map(str::trim).collect();
        methods.sort_unstable();
        methods
    }

    /// Returns the `messages` of a 422.
    #[track_caller]
    pub fn messages(&self) -> Value {
        assert_eq!(self.status, 422, "{}", self.text());
        self.json()["messages"].clone()
    }

    /// Returns the IDs in a list.
    #[track_caller]
    pub fn ids(&self) -> Vec<i64> {
        assert_eq!(self.status, 200, "{}", self.text());
        let items = self.json();
        items.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
    }
}

/// The file of a database with the demo data. Filled only once, because hashing the passwords takes a while.
static DEMONSTRATION: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let fill = async {
        let folder = TempDir::new().unwrap();
        let database = Database::open(&folder.path().join("database")).await.unwrap();
        demo::fill(&database, 0).await.unwrap();
        let copy = folder.path().join("copy");
        database.back_up(&copy).await.unwrap();
        database.close().await;
        fs::read(copy).unwrap()
    };
    // In a thread of its own: the first caller is already inside a runtime.
    let filled = std::thread::spawn(|| tokio::runtime::Runtime::new().unwrap().block_on(fill));
    filled.join().unwrap()
});
