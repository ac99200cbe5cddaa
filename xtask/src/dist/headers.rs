//! The headers that the console is served with: the single source for the configuration of every host.
//!
//! The embedded server sends the same headers from a list of its own (`server/src/headers.rs`). Tests keep the two in
//! step: native ones compare the texts, and `tests/e2e/hosts` what is actually received.

/// The name and the value of a header.
pub(crate) type Header = (&'static str, String);

/// The headers of every file and of every error about one. Most of them only affect documents, but then there is no
/// need to find out what is one.
pub(crate) const FOR_FILES: [(&str, &str); 5] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
    ),
    (
        "Permissions-Policy",
        "camera=(), clipboard-read=(), clipboard-write=(self), display-capture=(), geolocation=(), microphone=(), \
         payment=(), usb=()",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
];

/// Returns [`FOR_FILES`]; if the console's API is on another origin, the page may connect to that as well.
pub(crate) fn for_files(api_origin: Option<&str>) -> Vec<Header> {
    const CONNECT: &str = "connect-src 'self'";
    let value = |value: &str| match api_origin {
        Some(origin) => value.replace(CONNECT, &format!("{CONNECT} {origin}")),
        None => value.to_owned(),
    };
    FOR_FILES.iter().map(|(name, text)| (*name, value(text))).collect()
}

/// The headers of the API's answers, in place of what the API itself sends: they contain secrets, and if somebody opens the
/// address of one in the browser, it must not run as a page of the console.
pub(crate) const FOR_API: [(&str, &str); 4] = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox"),
    ("Cache-Control", NOT_AT_ALL),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
];

/// Headers of the API's responses that hosts drop, as the embedded server drops all that it does not name
/// (`server/src/upstream/headers.rs`): they affect more than the response. Cookies and stored data belong to the whole
/// origin, whose TLS policy is the host's; `WWW-Authenticate` makes browsers show their own password dialog, and
/// `Refresh` leads away from the page.
pub(crate) const NOT_FROM_API: [&str; 5] =
    ["Set-Cookie", "Clear-Site-Data", "Strict-Transport-Security", "WWW-Authenticate", "Refresh"];

/// Headers of requests that hosts do not pass on to the API, as the embedded server passes on only those that it names.
/// The API would prefer a website's cookie to the credentials of the request. The others say where a request comes
/// from, or what its address was, as a proxy does: the host's own word counts ([`super::hosts`]), not a client's.
pub(crate) const NOT_TO_API: [&str; 7] = [
    "Cookie",
    "Forwarded",
    "X-Real-IP",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "X-Script-Name",
    "X-Original-URL",
];

/// `Strict-Transport-Security` of a host that is never to be visited without TLS: for a year.
pub(crate) const TLS_ONLY: &str = "max-age=31536000";

/// `Cache-Control` of files whose name changes with their content: a year, the longest time that has any effect.
pub(crate) const FOREVER: &str = "public, max-age=31536000, immutable";
/// `Cache-Control` of all other files: cache, but revalidate before use.
pub(crate) const REVALIDATE: &str = "no-cache";
/// `Cache-Control` of errors about files: a file that is missing during an update exists afterwards.
pub(crate) const NOT_AT_ALL: &str = "no-store";

/// The pattern of Trunk's names for files with a hash of their content, as a regular expression that all hosts
/// understand: `console-0123456789abcdef_bg.wasm`.
pub(crate) const HASHED_NAME: &str = r"[^/]*-[0-9a-f]{16}(_bg)?\.[a-z]+";

/// Whether a name matches [`HASHED_NAME`].
pub(crate) fn has_hash(name: &str) -> bool {
    let Some((stem, end)) = name.split_once('.') else { return false };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let is_hash =
        |hash: &str| hash.len() == 16 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    !name.contains('/')
        && !end.is_empty()
        && end.bytes().all(|byte| byte.is_ascii_lowercase())
        && stem.rsplit_once('-').is_some_and(|(_, hash)| is_hash(hash))
}

/// The content types of the console's files, by file extension.
pub(crate) const TYPES: [(&str, &str); 5] = [
    ("html", "text/html"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("svg", "image/svg+xml"),
    ("wasm", "application/wasm"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const OF_THE_SERVER: &str = include_str!("../../../server/src/headers.rs");
    const UPSTREAM_OF_THE_SERVER: &str = include_str!("../../../server/src/upstream/answer.rs");
    const HEADERS_FROM_UPSTREAM: &str = include_str!("../../../server/src/upstream/headers.rs");
    const FILES_OF_THE_SERVER: &str = include_str!("../../../server/src/static_files.rs");

    /// Joins the continued lines of string literals in Rust source.
    fn joined(source: &str) -> String {
        let mut lines = source.split("\\\n");
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |joined, line| joined + line.trim_start())
    }

    #[test]
    fn the_embedded_server_sends_the_same() {
        let server = joined(OF_THE_SERVER);
        for (name, value) in FOR_FILES {
            assert!(server.contains(&format!("\"{value}\"")), "the server's {name} is not {value}");
        }
        // And no others: every header of a file is made from one of these texts.
        let begin = server.find("fn for_files").unwrap();
        let of_files = &server[begin..begin + server[begin..].find("\n}").unwrap()];
        let inline = of_files.matches("HeaderValue::").count();
        let shared = of_files.matches("NOSNIFF").count() + of_files.matches("NO_REFERRER").count();
        assert_eq!(inline + shared, FOR_FILES.len(), "{of_files}");
    }

    #[test]
    fn the_embedded_server_sends_the_same_with_data() {
        let (server, upstream) = (joined(OF_THE_SERVER), joined(UPSTREAM_OF_THE_SERVER));
        for (name, value) in FOR_API {
            let source = if name == "Content-Security-Policy" { &upstream } else { &server };
            assert!(source.contains(&format!("\"{value}\"")), "the server's {name} is not {value}");
        }
        // And no others.
        assert!(server.contains("extend([NO_STORE, NOSNIFF, NO_REFERRER]"), "{server}");
    }

    #[test]
    fn the_embedded_server_caches_the_same() {
        for value in [FOREVER, REVALIDATE, NOT_AT_ALL] {
            assert!(FILES_OF_THE_SERVER.contains(&format!("\"{value}\"")), "{value}");
        }
    }

    #[test]
    fn names_with_a_hash_of_their_content() {
        for name in ["console-0123456789abcdef.js", "a-b-0123456789abcdef_bg.wasm", "-fedcba9876543210.css"] {
            assert!(has_hash(name), "{name}");
        }
        for name in [
            "index.html",
            "console-0123456789abcde.js",
            "console-0123456789ABCDEF.js",
            "console-0123456789abcdef.js.br",
            "snippets/a-0123456789abcdef.js",
            "console-0123456789abcdef",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }

    #[test]
    fn the_embedded_server_drops_the_same() {
        let (_, passing) = HEADERS_FROM_UPSTREAM.split_once("OF_ANSWERS: [HeaderName;").unwrap();
        let (passing, _) = passing.split_once("];").unwrap();
        for name in NOT_FROM_API {
            let constant = name.to_uppercase().replace('-', "_");
            assert!(!passing.contains(&constant), "{name} passes the embedded server");
        }
        let (_, passing) = HEADERS_FROM_UPSTREAM.split_once("OF_REQUESTS: [HeaderName;").unwrap();
        let (passing, _) = passing.split_once("];").unwrap();
        for name in NOT_TO_API {
            let constant = name.to_uppercase().replace('-', "_");
            let is_named = passing.contains(&constant) || passing.contains(&name.to_lowercase());
            assert!(!is_named, "{name} passes the embedded server");
        }
    }

    #[test]
    fn no_value_has_to_be_escaped() {
        for (name, value) in FOR_FILES.into_iter().chain(FOR_API) {
            assert!(!value.contains(['"', '\\', '$', '%', '\n', '{', '}']), "{name}: {value}");
        }
    }
}
