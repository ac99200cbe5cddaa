//! `credmgr-server health`: checks whether a running server is healthy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::http::Uri;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::time::timeout;

/// How long the server may take to answer.
const TIME: Duration = Duration::from_secs(5);

/// Sends a request to `url`, or to `/healthz` of the server that listens on `listen`.
///
/// # Errors
/// The server does not answer, or not with 200.
pub async fn ask(url: Option<Uri>, listen: SocketAddr) -> anyhow::Result<()> {
    let url = match url {
        Some(url) => url,
        None => default_url(listen)?,
    };
    ensure!(url.scheme_str() == Some("http"), "the server speaks http://, so ask for that: {url}");
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let answer = timeout(TIME, client.get(url.clone()))
        .await
        .with_context(|| format!("{url} does not answer in time"))?
        .with_context(|| format!("{url} does not answer"))?;
    ensure!(answer.status() == 200, "{url} answers {}", answer.status());
    Ok(())
}

/// Returns the default URL. A server that listens on all addresses of a machine is asked at the loopback address.
fn default_url(listen: SocketAddr) -> anyhow::Result<Uri> {
    ensure!(listen.port() != 0, "which port? Give --url");
    let own = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    Ok(format!("http://{}/healthz", SocketAddr::new(own, listen.port())).parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_whoever_listens() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080/healthz"),
            ("0.0.0.0:80", "http://127.0.0.1:80/healthz"),
            ("[::]:8080", "http://[::1]:8080/healthz"),
            ("192.0.2.1:1", "http://192.0.2.1:1/healthz"),
        ] {
            assert_eq!(default_url(listen.parse().unwrap()).unwrap().to_string(), url);
        }
        assert!(default_url("127.0.0.1:0".parse().unwrap()).is_err());
    }
}
