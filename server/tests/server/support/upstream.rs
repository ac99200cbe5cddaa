//! A fake Credential Manager to forward to, which does what a test says and records what it receives; and a server that
//! forwards.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use credmgr_server::config::Config;
use credmgr_server::upstream::{Settings, Upstream};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::Answer;

/// A request as received.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The connection that it came on, counted from 1.
    pub connection: usize,
    /// The request line and the headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn request_line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap()
    }

    /// Returns the names of the headers, sorted.
    pub fn header_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.headers().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    /// Returns the values of a header, separated by commas.
    pub fn header(&self, wanted: &str) -> Option<String> {
        let values: Vec<_> =
            self.headers().filter(|(name, _)| *name == wanted).map(|(_, value)| value).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head.lines().skip(1).map_while(|line| line.split_once(": "))
    }
}

/// The upstream's reaction to a request.
pub enum Reply {
    /// Sends this and keeps the connection.
    Send(String),
    /// Sends this and closes the connection.
    SendAndClose(String),
    /// Sends this after a while.
    SendLater(Duration, String),
    /// Sends this and then nothing more.
    SendAndHang(String),
    /// Sends this, and then byte after byte, with this delay before each.
    Trickle(String, Duration),
    /// Sends nothing.
    Hang,
    /// Closes the connection without a response.
    Close,
}

impl Reply {
    /// Creates a response with these header lines and this body.
    pub fn new(status: &str, headers: &str, body: &str) -> Self {
        Self::Send(format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
    }

    pub fn json(body: &str) -> Self {
        Self::new("200 OK", "content-type: application/json\r\n", body)
    }
}

type Script = Arc<dyn Fn(&Seen) -> Reply + Send + Sync>;

/// A fake upstream; see the module.
#[derive(Clone)]
pub struct FakeUpstream {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl FakeUpstream {
    pub async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::with(None, Arc::new(script)).await
    }

    /// Starts a fake upstream that speaks TLS with a certificate of `authority`.
    pub async fn encrypted(authority: &Authority, host: &str) -> Self {
        let acceptor = authority.acceptor(host);
        Self::with(Some(acceptor), Arc::new(|_| Reply::json("[]"))).await
    }

    async fn with(tls: Option<TlsAcceptor>, script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let serving = upstream.clone();
        tokio::spawn(async move {
            for connection in 1.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (serving, script, tls) = (serving.clone(), Arc::clone(&script), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serving.converse(connection, stream, script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serving.converse(connection, stream, script).await;
                            }
                        }
                    }
                });
            }
        });
        upstream
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        connection: usize,
        mut stream: S,
        script: Script,
    ) {
        while let Some((head, body)) = read_request(&mut stream).await {
            let seen = Seen { connection, head, body };
            self.seen.lock().unwrap().push(seen.clone());
            let (text, then_close) = match script(&seen) {
                Reply::Send(text) => (text, false),
                Reply::SendAndClose(text) => (text, true),
                Reply::SendLater(time, text) => {
                    tokio::time::sleep(time).await;
                    (text, false)
                }
                Reply::SendAndHang(text) => {
                    let _ = stream.write_all(text.as_bytes()).await;
                    std::future::pending().await
                }
                Reply::Trickle(text, time) => {
                    let mut sent = stream.write_all(text.as_bytes()).await;
                    while sent.is_ok() {
                        tokio::time::sleep(time).await;
                        sent = stream.write_all(b"x").await;
                    }
                    return;
                }
                Reply::Hang => std::future::pending().await,
                Reply::Close => return,
            };
            if stream.write_all(text.as_bytes()).await.is_err() || then_close {
                return;
            }
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns all requests received so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns the only request received.
    #[track_caller]
    pub fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    /// Waits until a request arrives for which `wanted` returns `true`.
    pub async fn wait_for(&self, wanted: impl Fn(&Seen) -> bool) -> Seen {
        for _ in 0..1000 {
            if let Some(seen) = self.seen().into_iter().find(&wanted) {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no such request arrived: {:?}", self.seen());
    }
}

async fn read_request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}

/// A certificate authority.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// Returns the file with its own certificate, as administrators have it.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn acceptor(&self, host: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A server that forwards.
pub struct Forwarder {
    pub address: SocketAddr,
    client: Client,
}

impl Forwarder {
    pub async fn to(upstream: &FakeUpstream) -> Self {
        Self::with(settings(&upstream.url()), Config::default()).await
    }

    pub async fn with(settings: Settings, config: Config) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), settings, config).await
    }

    pub async fn on(listener: TcpListener, settings: Settings, config: Config) -> Self {
        let address = listener.local_addr().unwrap();
        let router = Upstream::new(settings, config.limits.clone()).unwrap().router(&config);
        let client = super::serve(listener, router, config);
        Self { address, client }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.request(method.parse::<Method>().unwrap(), url)
    }

    pub async fn send(&self, method: &str, path: &str) -> Answer {
        answer(self.request(method, path)).await.unwrap()
    }
}

/// Returns the whole response, if all of it arrives.
pub async fn answer(request: RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.bytes().await?.to_vec();
    Ok(Answer { status, headers, body })
}

pub fn settings(url: &str) -> Settings {
    Settings::new(url.parse().unwrap())
}
