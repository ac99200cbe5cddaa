//! The path on its host that the console is going to be served under.

use std::str::FromStr;

use anyhow::{Error, Result, ensure};

/// The first segments of paths that the embedded server has for itself.
const OF_THE_SERVER: [&str; 3] = ["api", "healthz", "readyz"];

/// A path such as `/` or `/console/`: any that the embedded server's `--console-path` accepts, none of which needs
/// quoting in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicPath(String);

impl PublicPath {
    /// Returns the path with a leading and a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path without the trailing slash; empty for the root.
    pub(crate) fn without_slash(&self) -> &str {
        self.0.trim_end_matches('/')
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0 == "/"
    }
}

impl Default for PublicPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl FromStr for PublicPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let inner = text.trim_matches('/');
        if inner.is_empty() {
            return Ok(Self::default());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        ensure!(
            inner.split('/').all(|segment| !segment.is_empty() && segment.chars().all(plain)),
            "'{text}' cannot be the console's path: it is one like /console/, of letters, digits, - and _ between \
             slashes, without the host"
        );
        let first = inner.split('/').next().unwrap_or_default();
        ensure!(
            !OF_THE_SERVER.contains(&first),
            "'{text}' cannot be the console's path: /{first} is the server's own"
        );
        Ok(Self(format!("/{inner}/")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_slashes_around_it() {
        for (given, path) in [
            ("/", "/"),
            ("", "/"),
            ("console", "/console/"),
            ("/console", "/console/"),
            ("/a/b_c-1/", "/a/b_c-1/"),
        ] {
            assert_eq!(given.parse::<PublicPath>().unwrap().as_str(), path, "{given:?}");
        }
    }

    #[test]
    fn what_would_need_quotes_is_refused() {
        for given in ["https://example.org/", "/a b/", "/a//b/", "/../", "/ä/", "/a;b/", "/$x/"] {
            assert!(given.parse::<PublicPath>().is_err(), "{given:?}");
        }
    }

    #[test]
    fn what_the_server_has_for_itself_is_refused() {
        for given in ["/api/", "api", "/api/console/", "/healthz/", "/readyz/"] {
            let error = given.parse::<PublicPath>().unwrap_err().to_string();
            assert!(error.contains("the server's own"), "{given}: {error}");
        }
        for given in ["/apis/", "/console/api/"] {
            assert!(given.parse::<PublicPath>().is_ok(), "{given}");
        }
    }

    /// The server has the same check of its own.
    #[test]
    fn the_server_accepts_the_same() {
        let server = include_str!("../../../server/src/config.rs");
        assert!(server.contains(&format!("!{OF_THE_SERVER:?}.contains(")), "{OF_THE_SERVER:?}");
        let own = include_str!("public_path.rs");
        for begin in ["let plain = ", "inner.split('/').all("] {
            let line = own.lines().map(str::trim).find(|line| line.starts_with(begin)).unwrap();
            assert!(server.lines().any(|other| other.trim() == line), "{line}");
        }
    }
}
