//! Connections to the upstream server.
//!
//! Certificates are always checked; there is no way to switch that off. A request that changes something is sent once:
//! it gets a connection of its own, which cannot have been closed while idle, and hyper is told not to retry. For
//! requests that only read, connections are kept, and hyper may retry if one turns out to be closed.

use std::error::Error;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::BoxError;
use axum::http::{Method, Uri};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio::time::timeout;
use tower::Service;

use super::Settings;
use crate::error::ApiError;

/// How long connecting may take, from looking up the name to the end of the TLS handshake.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// How long an idle connection is kept.
const IDLE_TIME: Duration = Duration::from_secs(30);
/// How many idle connections are kept. More are opened when they are needed.
const IDLE_CONNECTIONS: usize = 32;

type HttpClient = Client<InTime<HttpsConnector<HttpConnector>>, Full<Bytes>>;

/// HTTP clients for the upstream server.
#[derive(Clone, Debug)]
pub(super) struct Connections {
    /// For requests that only read: connections are kept.
    kept: HttpClient,
    /// For requests that change something: each gets a new connection.
    fresh: HttpClient,
}

/// Why there is no response.
pub(super) struct Failure {
    /// The error for the client.
    pub(super) error: ApiError,
    /// The cause for the log. hyper's and rustls's errors contain no headers and no URLs.
    pub(super) cause: String,
}

impl Connections {
    /// Creates the clients.
    ///
    /// # Errors
    /// The file of certificate authorities cannot be read, or contains none.
    pub(super) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let roots = roots(settings.certificate_authorities.as_deref())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Divided among the addresses of the name, so that one that does not respond does not use up all of it.
        tcp.set_connect_timeout(Some(CONNECT_TIME));
        let schemes = HttpsConnectorBuilder::new().with_tls_config(tls);
        let protocols =
            if settings.url.is_encrypted() { schemes.https_only() } else { schemes.https_or_http() };
        let connector = InTime(protocols.enable_http1().wrap_connector(tcp));
        let client = |idle_connections: usize, again: bool| {
            Client::builder(TokioExecutor::new())
                .retry_canceled_requests(again)
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE_TIME)
                .pool_max_idle_per_host(idle_connections)
                .build(connector.clone())
        };
        Ok(Self { kept: client(IDLE_CONNECTIONS, true), fresh: client(0, false) })
    }

    /// Sends a request and waits for the head of the response.
    pub(super) async fn send(
        &self,
        request: hyper::Request<Full<Bytes>>,
    ) -> Result<hyper::Response<Incoming>, Failure> {
        let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        let client = if only_reads { &self.kept } else { &self.fresh };
        client.request(request).await.map_err(|error| Failure {
            error: if is_timeout(&error) {
                ApiError::UpstreamTimeout
            } else if error.is_connect() {
                ApiError::Upstream("The Credential Manager cannot be reached.")
            } else {
                ApiError::Upstream("The Credential Manager broke off without an answer.")
            },
            cause: causes(&error),
        })
    }
}

/// A connector that gives up after [`CONNECT_TIME`], whatever it is waiting for.
#[derive(Clone, Debug)]
struct InTime<C>(C);

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri, Error = BoxError>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connected = timeout(CONNECT_TIME, self.0.call(uri));
        Box::pin(async move {
            connected.await.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
        })
    }
}

fn roots(file: Option<&Path>) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let reading = || format!("cannot read certificates from {}", file.display());
    for certificate in CertificateDer::pem_file_iter(file).with_context(reading)? {
        roots.add(certificate.with_context(reading)?).with_context(reading)?;
    }
    ensure!(!roots.is_empty(), "there is no certificate in {}", file.display());
    Ok(roots)
}

/// Returns an error and its chain of sources.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    chain(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::TimedOut)
}

fn causes(error: &(dyn Error + 'static)) -> String {
    let causes: Vec<_> = chain(error).map(ToString::to_string).collect();
    causes.join(": ")
}
