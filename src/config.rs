//! What a deployment may configure, in meta tags of `index.html` and without a rebuild.
//!
//! | meta name | content | default |
//! |---|---|---|
//! | `credmgr:api-base` | path on this origin, or an http(s) URL | `/api/v1` |
//! | `credmgr:token-header` | name of the header that carries a token | `X-API-TOKEN` |
//! | `credmgr:idle-minutes` | minutes without activity until the console locks, `0` for never | `15` |
//! | `credmgr:stay-signed-in` | `yes` or `no`: whether "Stay signed in on this tab" is offered | `yes` |
//!
//! An invalid value is reported on the page instead of being replaced silently: a console that guesses where to send
//! tokens is worse than one that does not start.

use std::{fmt, time::Duration};

/// The settings of this deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The API's base without a trailing slash.
    pub api_base: String,
    /// The header that carries a token; releases before April 2020 expect `X-API-KEY`.
    pub token_header: String,
    /// The time without activity after which the console locks; `None` for never.
    pub idle_limit: Option<Duration>,
    /// Whether "Stay signed in on this tab" is offered.
    pub offer_stay_signed_in: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            api_base: "/api/v1".into(),
            token_header: "X-API-TOKEN".into(),
            idle_limit: Some(Duration::from_secs(15 * 60)),
            offer_stay_signed_in: true,
        }
    }
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The meta tag's name.
    pub name: &'static str,
    /// The tag's content.
    pub value: String,
    /// What the content may be.
    pub expected: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is “{}”; expected {}.", self.name, self.value, self.expected)
    }
}

const API_BASE: &str = "credmgr:api-base";
const TOKEN_HEADER: &str = "credmgr:token-header";
const IDLE_MINUTES: &str = "credmgr:idle-minutes";
const STAY_SIGNED_IN: &str = "credmgr:stay-signed-in";

/// One day: more would be a mistake, and browsers' timers can count it.
const MAX_IDLE_MINUTES: u64 = 24 * 60;

impl Config {
    /// Reads the settings through `lookup`, which returns a meta tag's content by its name. A missing or empty tag
    /// means the default.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<ConfigError>> {
        let mut config = Self::default();
        let mut errors = Vec::new();
        let mut setting =
            |name: &'static str, expected: &'static str, set: &mut dyn FnMut(&str) -> Option<()>| {
                let Some(value) = lookup(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty()) else {
                    return;
                };
                if set(&value).is_none() {
                    errors.push(ConfigError { name, value, expected });
                }
            };
        setting(
            API_BASE,
            "a path such as /api/v1, or an http(s) URL without user, query or fragment",
            &mut |v| {
                config.api_base = api_base(v)?;
                Some(())
            },
        );
        setting(TOKEN_HEADER, "the name of a header that a page may send, such as X-API-TOKEN", &mut |v| {
            config.token_header = header_name(v)?;
            Some(())
        });
        setting(IDLE_MINUTES, "whole minutes from 0 (never) to 1440", &mut |v| {
            let minutes: u64 = v.parse().ok().filter(|m| *m <= MAX_IDLE_MINUTES)?;
            config.idle_limit = (minutes > 0).then(|| Duration::from_secs(minutes * 60));
            Some(())
        });
        setting(STAY_SIGNED_IN, "yes or no", &mut |v| {
            config.offer_stay_signed_in = match v {
                "yes" => true,
                "no" => false,
                _ => return None,
            };
            Some(())
        });
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }
}

/// Validates the API's base: a path on this origin or an http(s) URL, without characters that would change its meaning
/// once a path is appended. Removes trailing slashes. `//host` is another origin in disguise, so it is rejected.
fn api_base(value: &str) -> Option<String> {
    let rest = match value.split_once("://") {
        Some(("http" | "https", rest)) if !rest.is_empty() && !rest.starts_with('/') => rest,
        None if value.starts_with('/') && !value.starts_with("//") => value,
        _ => return None,
    };
    let plain =
        rest.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '\\' | '"' | '<' | '>'));
    plain.then(|| value.trim_end_matches('/').to_owned())
}

/// Validates a header name by RFC 9110. Rejects headers that carry something else or that browsers do not let a page
/// set: with them a token would be sent nowhere, or to the wrong reader.
fn header_name(value: &str) -> Option<String> {
    const TAKEN: [&str; 12] = [
        "authorization",
        "accept",
        "content-type",
        "content-length",
        "host",
        "cookie",
        "origin",
        "referer",
        "connection",
        "te",
        "upgrade",
        "via",
    ];
    let lower = value.to_ascii_lowercase();
    let allowed = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
        && !TAKEN.contains(&lower.as_str())
        && !lower.starts_with("sec-")
        && !lower.starts_with("proxy-");
    allowed.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Vec<ConfigError>> {
        Config::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn nothing_set_means_the_documented_defaults() {
        let config = read(&[]).unwrap();
        assert_eq!(config, Config::default());
        assert_eq!((config.api_base.as_str(), config.token_header.as_str()), ("/api/v1", "X-API-TOKEN"));
        assert_eq!(read(&[(API_BASE, "  ")]).unwrap(), config);
    }

    #[test]
    fn everything_can_be_set() {
        let config = read(&[
            (API_BASE, "https://tokens.example.org:8443/api/v1/"),
            (TOKEN_HEADER, "X-API-KEY"),
            (IDLE_MINUTES, "5"),
            (STAY_SIGNED_IN, "no"),
        ]);
        assert_eq!(
            config,
            Ok(Config {
                api_base: "https://tokens.example.org:8443/api/v1".into(),
                token_header: "X-API-KEY".into(),
                idle_limit: Some(Duration::from_secs(300)),
                offer_stay_signed_in: false,
            })
        );
        assert_eq!(read(&[(IDLE_MINUTES, "0")]).unwrap().idle_limit, None);
        assert_eq!(read(&[(API_BASE, "/")]).unwrap().api_base, "");
    }

    #[test]
    fn wrong_values_are_all_named() {
        let errors = read(&[
            (API_BASE, "ftp://x"),
            (TOKEN_HEADER, "X API"),
            (IDLE_MINUTES, "-1"),
            (STAY_SIGNED_IN, "true"),
        ])
        .unwrap_err();
        let names: Vec<_> = errors.iter().map(|e| e.name).collect();
        assert_eq!(names, [API_BASE, TOKEN_HEADER, IDLE_MINUTES, STAY_SIGNED_IN]);
        assert!(errors[0].to_string().contains("ftp://x"));
    }

    #[test]
    fn bases_that_would_send_a_token_astray() {
        for base in [
            "//evil.example",
            "api/v1",
            "javascript:alert(1)",
            "https://a@b/",
            "/api?x=",
            "/a#b",
            "https:///x",
            "http://",
        ] {
            assert!(read(&[(API_BASE, base)]).is_err(), "{base}");
        }
        for header in ["Authorization", "Cookie", "Sec-Fetch", "proxy-x", "X:Y", "Ü"] {
            assert!(read(&[(TOKEN_HEADER, header)]).is_err(), "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_content_is_read_or_refused(value in ".*") {
            for name in [API_BASE, TOKEN_HEADER, IDLE_MINUTES, STAY_SIGNED_IN] {
                if let Ok(config) = read(&[(name, &value)]) {
                    prop_assert!(!config.api_base.ends_with('/'));
                    prop_assert!(config.token_header.is_ascii());
                }
            }
        }
    }
}
