//! The URL of the upstream server, and which paths are forwarded.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use anyhow::{Context, bail, ensure};
use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery, Scheme};

use crate::routes::BASE;

/// The URL that `/api/v1` is under: an origin, possibly with a path, such as `https://tokens.example.org` or
/// `https://example.org/credentials`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamUrl {
    scheme: Scheme,
    authority: Authority,
    /// Without a trailing slash, so it is empty for an origin alone.
    path: String,
}

impl UpstreamUrl {
    /// Whether the connection is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Whether the server is on this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || address.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }

    /// Returns the upstream URI for a request's URI, character by character as it came; `None` if it is not below
    /// `/api/v1`.
    pub(super) fn with(&self, uri: &Uri) -> Option<Uri> {
        if !is_below_base(uri.path()) {
            return None;
        }
        self.build(uri.path_and_query()?.as_str())
    }

    /// Returns the upstream URI for a path of the API.
    pub(super) fn api(&self, path: &str) -> Option<Uri> {
        self.build(&format!("{BASE}{path}"))
    }

    fn build(&self, path_and_query: &str) -> Option<Uri> {
        let path_and_query: PathAndQuery = format!("{}{path_and_query}", self.path).parse().ok()?;
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path_and_query)
            .build()
            .ok()
    }
}

impl FromStr for UpstreamUrl {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts = text.parse::<Uri>().context("not an address")?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            bail!("the address looks like https://tokens.example.org");
        };
        ensure!(
            [Scheme::HTTPS, Scheme::HTTP].contains(&scheme),
            "the address begins with https:// or http://"
        );
        ensure!(
            !authority.as_str().contains('@'),
            "the address must have no credentials in it: everybody brings their own"
        );
        ensure!(!text.contains(['?', '#']), "the address ends with its path");
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path).trim_end_matches('/');
        ensure!(
            !path.ends_with(BASE),
            "give the address under which {BASE} lies: {scheme}://{authority}{}",
            path.trim_end_matches(BASE)
        );
        Ok(Self { path: path.to_owned(), scheme, authority })
    }
}

impl fmt::Display for UpstreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// The maximum number of times a path is decoded. No real server decodes more than a few times; and as each pass covers
/// the whole path, one that is encoded again and again would keep a processor busy.
const MOST_PASSES: usize = 8;

/// Whether a path is below `/api/v1`, and stays there for every reader: however often it is decoded, and whichever
/// characters count as slashes, no segment of it leads upwards.
fn is_below_base(path: &str) -> bool {
    let Some(rest) = path.strip_prefix(BASE).filter(|rest| rest.starts_with('/')) else {
        return false;
    };
    let mut decoded = rest.as_bytes().to_vec();
    for _ in 0..MOST_PASSES {
        // No name in the API begins with a dot, and some servers read `..;x` as `..`.
        let mut segments = decoded.split(|byte| matches!(byte, b'/' | b'\\'));
        if segments.any(|segment| segment.starts_with(b".")) || decoded.iter().any(u8::is_ascii_control) {
            return false;
        }
        let again: Vec<u8> = percent_encoding::percent_decode(&decoded).collect();
        // Decoding shortens the path until there is nothing left to decode.
        if again.len() == decoded.len() {
            return true;
        }
        decoded = again;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> UpstreamUrl {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_go_on_as_they_came() {
        for (upstream, here, there) in [
            ("https://a.example", "/api/v1/users/me", "https://a.example/api/v1/users/me"),
            ("https://a.example/", "/api/v1/", "https://a.example/api/v1/"),
            (
                "http://a.example:81/x/y/",
                "/api/v1/api_tokens/?limit=1&q=%2F..",
                "http://a.example:81/x/y/api/v1/api_tokens/?limit=1&q=%2F..",
            ),
            ("https://[::1]:8443", "/api/v1//users%2F5", "https://[::1]:8443/api/v1//users%2F5"),
            ("https://a.example", "http://b.example/api/v1/x", "https://a.example/api/v1/x"),
            ("https://a.example", "/api/v1/a%2eb%25", "https://a.example/api/v1/a%2eb%25"),
        ] {
            assert_eq!(url(upstream).with(&here.parse().unwrap()).unwrap().to_string(), there);
        }
    }

    #[test]
    fn no_address_leads_out_of_the_api() {
        for path in [
            "/",
            "/api/v1",
            "/api/v10/x",
            "/api/v2/x",
            "/api/V1/x",
            "//api/v1/x",
            "/api//v1/x",
            "/api%2Fv1/x",
            "/api/v1/..",
            "/api/v1/../admin",
            "/api/v1/x/../../../admin",
            "/api/v1/./x",
            "/api/v1/%2e%2e/admin",
            "/api/v1/.%2E/admin",
            "/api/v1/..%2fadmin",
            "/api/v1/..%5cadmin",
            "/api/v1/x%2f..%2f..%2fadmin",
            "/api/v1/%252e%252e/admin",
            "/api/v1/%25252e%25252e%25252fadmin",
            "/api/v1/..;/admin",
            "/api/v1/x%00",
            "/api/v1/x%0d%0aCookie:%20a",
        ] {
            assert_eq!(url("https://a.example").with(&path.parse().unwrap()), None, "{path}");
        }
    }

    /// Decoding such a path to its end would take seconds of processor time.
    #[test]
    fn an_address_that_is_encoded_again_and_again_is_refused() {
        let path = format!("/api/v1/%{}", "25".repeat(15_000));
        assert!(url("https://a.example").with(&path.parse().unwrap()).is_none());
        let often = "/api/v1/a%252525252525b";
        assert!(url("https://a.example").with(&often.parse().unwrap()).is_some());
    }

    #[test]
    fn addresses_that_cannot_be() {
        for text in [
            "",
            "tokens.example.org",
            "/path",
            "ftp://a.example",
            "unix:///socket",
            "https://user:password@a.example",
            "https://user@a.example",
            "https://a.example/?x",
            "https://a.example/#x",
            "https://a.example/api/v1",
            "https://a.example/x/api/v1/",
        ] {
            assert!(text.parse::<UpstreamUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn this_machine() {
        for (text, expected) in [
            ("http://localhost:8080", true),
            ("http://127.0.0.1", true),
            ("http://127.9.9.9/x", true),
            ("http://[::1]:1", true),
            ("http://10.0.0.1", false),
            ("http://localhost.example.org", false),
        ] {
            assert_eq!(url(text).is_loopback(), expected, "{text}");
        }
    }
}
