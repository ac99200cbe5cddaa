//! Which headers are forwarded, and which are added.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::uri::Authority;

use crate::auth::TOKEN_HEADERS;
use crate::client::{ClientAddress, PeerIsTrusted};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The request headers that are forwarded: what the client wants, what it sends, and its credentials. No cookies: on a
/// real server a website's session cookie wins over the credentials.
const OF_REQUESTS: [HeaderName; 7] = [
    header::ACCEPT,
    header::ACCEPT_LANGUAGE,
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    HeaderName::from_static(TOKEN_HEADERS[0]),
    HeaderName::from_static(TOKEN_HEADERS[1]),
    X_REQUEST_ID,
];

/// The response headers that are forwarded. Not `WWW-Authenticate`, which makes browsers show their own password
/// dialog; not `Location`, which the API has no use for and which would name the server; nothing that affects the
/// browser's whole origin, such as `Set-Cookie`, `Clear-Site-Data` or `Access-Control-…`.
const OF_ANSWERS: [HeaderName; 8] = [
    header::ALLOW,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_TYPE,
    header::DATE,
    header::ETAG,
    header::RETRY_AFTER,
    X_REQUEST_ID,
];

/// The `User-Agent` of this server.
const PRODUCT: HeaderValue = HeaderValue::from_static(concat!("credmgr-server/", env!("CARGO_PKG_VERSION")));
/// Compression is left to whatever is nearer to the browser.
const UNCOMPRESSED: HeaderValue = HeaderValue::from_static("identity");

/// Returns the `User-Agent` header.
pub(super) fn product() -> (HeaderName, HeaderValue) {
    (header::USER_AGENT, PRODUCT)
}

/// Returns the headers of the forwarded request.
pub(super) fn for_upstream(request: &Request, via: &HeaderValue) -> HeaderMap {
    let mut headers = passing(request.headers(), &OF_REQUESTS);
    headers.insert(header::USER_AGENT, PRODUCT);
    headers.insert(header::ACCEPT_ENCODING, UNCOMPRESSED);
    // RFC 9110, section 7.6.3: existing entries stay, this server is appended.
    for before in request.headers().get_all(header::VIA) {
        headers.append(header::VIA, before.clone());
    }
    headers.append(header::VIA, via.clone());
    let client = Client::of(request);
    headers.insert(X_FORWARDED_PROTO, client.scheme);
    headers.extend(client.host.map(|host| (X_FORWARDED_HOST, host)));
    // One verified address, instead of the received header and the addresses of the deployment's own proxies: so the
    // upstream server has to trust only one proxy, this one.
    headers.extend(HeaderValue::try_from(client.address.to_string()).map(|value| (X_FORWARDED_FOR, value)));
    headers
}

/// Returns the headers of the response for the client.
pub(super) fn for_client(answer: &HeaderMap) -> HeaderMap {
    passing(answer, &OF_ANSWERS)
}

/// Returns the headers of these names, without those that `Connection` declares to be for one connection only (RFC
/// 9110, section 7.6.1). The other hop-by-hop headers are not on any list.
fn passing(headers: &HeaderMap, names: &[HeaderName]) -> HeaderMap {
    let for_this_connection: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let mut passing = HeaderMap::new();
    for name in names.iter().filter(|name| !for_this_connection.iter().any(|own| own == name.as_str())) {
        for value in headers.get_all(name) {
            passing.append(name, value.clone());
        }
    }
    passing
}

/// How the client reached this server.
struct Client {
    address: IpAddr,
    scheme: HeaderValue,
    host: Option<HeaderValue>,
}

impl Client {
    /// Reads what a trusted proxy says about the client, otherwise what the request itself says. This server itself
    /// speaks plain HTTP.
    fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        let trusted = extensions.get().is_some_and(|PeerIsTrusted(trusted)| *trusted);
        let forwarded = |name: &HeaderName| request.headers().get(name).filter(|_| trusted);
        let scheme = forwarded(&X_FORWARDED_PROTO).filter(|scheme| *scheme == "https");
        let host = forwarded(&X_FORWARDED_HOST).or_else(|| request.headers().get(header::HOST));
        Self {
            address: ClientAddress::of(extensions).0,
            scheme: scheme.cloned().unwrap_or(HeaderValue::from_static("http")),
            host: host.filter(|host| Authority::try_from(host.as_bytes()).is_ok()).cloned(),
        }
    }
}

/// Returns this process's entry in `Via`.
///
/// # Errors
/// The operating system has no randomness.
pub(super) fn via() -> anyhow::Result<HeaderValue> {
    let number = getrandom::u64().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(HeaderValue::try_from(format!("1.1 credmgr-server-{number:016x}"))?)
}

/// Whether a request has passed through this process before: it would loop for ever.
pub(super) fn has_been_here(headers: &HeaderMap, via: &HeaderValue) -> bool {
    let own = via.to_str().unwrap_or_default();
    let hops = headers.get_all(header::VIA).iter();
    hops.flat_map(|value| value.to_str().unwrap_or_default().split(',')).any(|hop| hop.trim() == own)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::body::Body;

    use super::*;

    fn request(headers: &[(&'static str, &'static str)], trusted: bool) -> HeaderMap {
        let mut request = Request::new(Body::empty());
        for (name, value) in headers {
            request.headers_mut().append(*name, HeaderValue::from_static(value));
        }
        request.extensions_mut().insert(ClientAddress(Ipv4Addr::new(192, 0, 2, 1).into()));
        request.extensions_mut().insert(PeerIsTrusted(trusted));
        for_upstream(&request, &HeaderValue::from_static("1.1 me"))
    }

    #[test]
    fn what_a_client_says_about_its_way_is_believed_if_it_is_a_trusted_proxy() {
        let sent = [
            ("host", "here.example"),
            ("x-forwarded-for", "203.0.113.5"),
            ("x-forwarded-host", "there.example"),
            ("x-forwarded-proto", "https"),
        ];
        for (trusted, host, scheme) in [(true, "there.example", "https"), (false, "here.example", "http")] {
            let headers = request(&sent, trusted);
            assert_eq!(headers[X_FORWARDED_HOST], host);
            assert_eq!(headers[X_FORWARDED_PROTO], scheme);
            assert_eq!(headers[X_FORWARDED_FOR], "192.0.2.1");
        }
    }

    #[test]
    fn nonsense_about_the_way_is_not_passed_on() {
        let headers = request(&[("host", "a b/c"), ("x-forwarded-proto", "gopher")], true);
        assert_eq!(headers.get(X_FORWARDED_HOST), None);
        assert_eq!(headers[X_FORWARDED_PROTO], "http");
    }

    #[test]
    fn headers_for_one_connection_stay_there() {
        let headers = request(
            &[
                ("connection", "close, X-Api-Token"),
                ("x-api-token", "t"),
                ("accept", "a"),
                ("te", "trailers"),
            ],
            false,
        );
        assert_eq!(headers.get("x-api-token"), None);
        assert_eq!(headers.get("te"), None);
        assert_eq!(headers["accept"], "a");
    }

    #[test]
    fn a_request_is_recognised_among_other_hops() {
        let via = HeaderValue::from_static("1.1 me");
        for (sent, expected) in
            [("1.1 me", true), ("1.1 other, 1.1 me", true), ("1.1 metoo", false), ("1.0 other", false)]
        {
            let headers = HeaderMap::from_iter([(header::VIA, HeaderValue::from_static(sent))]);
            assert_eq!(has_been_here(&headers, &via), expected, "{sent}");
        }
    }
}
