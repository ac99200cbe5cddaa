//! What a deployment can set, checked.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{bail, ensure};
use axum::http::{HeaderValue, Uri};

/// Everything that the answers depend on.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Where the console's files are.
    pub console: ConsoleFiles,
    /// Where the console is served.
    pub console_path: ConsolePath,
    /// The origins that scripts may call the API from.
    pub cors_origins: Vec<HeaderValue>,
    /// Failed authentications per minute from one address against one account; 0 is no limit.
    pub auth_failures_per_minute: u32,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// What one request may take.
    pub limits: Limits,
}

/// Where the console's files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsoleFiles {
    /// Nowhere: only the API is served.
    #[default]
    Absent,
    /// In this folder.
    Folder(PathBuf),
    /// Inside the program.
    #[cfg(feature = "embedded-console")]
    Embedded,
}

/// What one request may take of the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Until the answer.
    pub request_time: Duration,
    /// Until the headers are there; also how long a kept-alive connection may be silent.
    pub header_time: Duration,
    /// Until the body is there.
    pub body_time: Duration,
    /// How long a client may take nothing of an answer. The time as such is not limited: whoever reads slowly gets it.
    pub write_time: Duration,
    /// The size of a body. Everything that the API takes is small, and what it takes it stores and lists again.
    pub body_bytes: usize,
    /// The size of all headers together.
    pub header_bytes: usize,
    /// The number of connections at the same time, below the usual limit of 1024 open files.
    pub connections: usize,
    /// How long requests may go on after the server was asked to stop.
    pub drain_time: Duration,
}

impl Limits {
    /// The number of connections if each may need another one to the server behind.
    pub const CONNECTIONS_WITH_UPSTREAM: usize = 450;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_time: Duration::from_secs(30),
            header_time: Duration::from_secs(30),
            body_time: Duration::from_secs(10),
            // A slow link with much in its buffers, such as that of a phone, may take nothing for a while.
            write_time: Duration::from_secs(60),
            body_bytes: 64 * 1024,
            header_bytes: 32 * 1024,
            connections: 800,
            drain_time: Duration::from_secs(10),
        }
    }
}

/// The path that the console is served under, such as `/` or `/console/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsolePath(String);

impl ConsolePath {
    /// The path, with a slash at its beginning and at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ConsolePath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for ConsolePath {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let inner = text.trim_matches('/');
        if inner.is_empty() {
            return Ok(Self::default());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        ensure!(
            inner.split('/').all(|segment| !segment.is_empty() && segment.chars().all(plain)),
            "the path may have letters, digits, - and _ between its slashes"
        );
        ensure!(
            !["api", "healthz", "readyz"].contains(&inner.split('/').next().unwrap_or_default()),
            "/api, /healthz and /readyz are the server's own"
        );
        Ok(Self(format!("/{inner}/")))
    }
}

/// Reads an origin as browsers send it: scheme, host and perhaps a port.
///
/// # Errors
/// It is something else, such as `*` or an address with a path.
pub fn parse_origin(text: &str) -> anyhow::Result<HeaderValue> {
    let uri: Uri = text.parse()?;
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        bail!("an origin looks like https://console.example.org");
    };
    let origin = format!("{}://{authority}", uri.scheme_str().unwrap_or_default());
    // What a browser sends is compared letter by letter, so something that it never sends would silently not work.
    ensure!(
        text == origin && text == text.to_ascii_lowercase() && !authority.as_str().contains('@'),
        "an origin is a scheme, a host in lower case and perhaps a port, with nothing after it: {origin}"
    );
    Ok(HeaderValue::try_from(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn console_paths_have_slashes_around_them() {
        for (given, path) in [
            ("/", "/"),
            ("", "/"),
            ("/console/", "/console/"),
            ("console", "/console/"),
            ("/a/b-c_9", "/a/b-c_9/"),
        ] {
            assert_eq!(given.parse::<ConsolePath>().unwrap().as_str(), path);
        }
    }

    #[test]
    fn console_paths_that_cannot_be() {
        for given in ["/api", "/api/console/", "/healthz/", "/readyz", "/a//b", "/../x", "/a b", "/ä", "/{x}"]
        {
            assert!(given.parse::<ConsolePath>().is_err(), "{given}");
        }
    }

    #[test]
    fn origins() {
        for given in ["https://console.example.org", "http://localhost:8080", "http://[::1]:1"] {
            assert_eq!(parse_origin(given).unwrap(), given);
        }
        for given in [
            "*",
            "null",
            "console.example.org",
            "https://console.example.org/",
            "https://Console.example.org",
            "https://user@console.example.org",
            "ftp://console.example.org",
            "",
        ] {
            assert!(parse_origin(given).is_err(), "{given}");
        }
    }
}
