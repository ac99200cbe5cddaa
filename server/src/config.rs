//! The validated settings of a deployment.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{bail, ensure};
use axum::http::{HeaderValue, Uri};
use ipnet::IpNet;

/// The settings that responses depend on.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The source of the console's files.
    pub console: ConsoleFiles,
    /// The path that the console is served under.
    pub console_path: ConsolePath,
    /// The origins whose scripts may call the API.
    pub cors_origins: Vec<HeaderValue>,
    /// Failed authentications allowed per minute from one address against one account; 0 means no limit.
    pub auth_failures_per_minute: u32,
    /// The proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// The limits for each request.
    pub limits: Limits,
}

/// The source of the console's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ConsoleFiles {
    /// No files: only the API is served.
    #[default]
    Absent,
    /// The files in this folder.
    Folder(PathBuf),
    /// The files built into the program.
    #[cfg(feature = "embedded-console")]
    Embedded,
}

/// Limits on what clients may use of the server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The time until a request is answered.
    pub request_time: Duration,
    /// The time for receiving a request's headers; also how long a kept-alive connection may be idle.
    pub header_time: Duration,
    /// The time for receiving a request's body.
    pub body_time: Duration,
    /// How long a client may read nothing of a response. The total time is not limited: a slow reader gets everything.
    pub write_time: Duration,
    /// The size of a request body. Everything that the API accepts is small, and it is stored and listed again.
    pub body_bytes: usize,
    /// The total size of a request's headers.
    pub header_bytes: usize,
    /// The number of concurrent connections, below the usual limit of 1024 open files.
    pub connections: usize,
    /// How long requests may continue after the server was asked to stop.
    pub drain_time: Duration,
}

impl Limits {
    /// The number of connections if each may need another one to the upstream server.
    pub const CONNECTIONS_WITH_UPSTREAM: usize = 450;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_time: Duration::from_secs(30),
            header_time: Duration::from_secs(30),
            body_time: Duration::from_secs(10),
            // A slow link with large buffers, such as a phone's, may accept nothing for a while.
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
    /// Returns the path, with a leading and a trailing slash.
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

/// Parses an origin in the form that browsers send: a scheme, a host and possibly a port.
///
/// # Errors
/// The text is not an origin but, for example, `*` or a URL with a path.
pub fn parse_origin(text: &str) -> anyhow::Result<HeaderValue> {
    let uri: Uri = text.parse()?;
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        bail!("an origin looks like https://console.example.org");
    };
    let origin = format!("{}://{authority}", uri.scheme_str().unwrap_or_default());
    // Origins are compared character by character, so one that no browser ever sends would silently not work.
    ensure!(
        text == origin && text == text.to_ascii_lowercase() && !authority.as_str().contains('@'),
        "an origin is a scheme, a host in lower case and perhaps a port, with nothing after it: {origin}"
    );
    let default_port = if uri.scheme_str() == Some("https") { ":443" } else { ":80" };
    if let Some(shorter) = origin.strip_suffix(default_port) {
        bail!("browsers leave the default port of an origin out: {shorter}");
    }
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
        for given in [
            "https://console.example.org",
            "http://localhost:8080",
            "http://[::1]:1",
            "http://a.example:443",
            "https://a.example:80",
            "https://a.example:8443",
            "http://[2001:db8::80]",
        ] {
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

    #[test]
    fn an_origin_with_the_default_port_is_named_without_it() {
        for (given, without) in [
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:80", "http://a.example"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            let error = parse_origin(given).unwrap_err().to_string();
            assert!(error.ends_with(&format!(": {without}")), "{given}: {error}");
        }
    }
}
