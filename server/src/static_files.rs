//! The console: a folder of static files.
//!
//! An address that looks like a screen rather than a file (`/tokens/5`) gets `index.html`, whose script then shows that
//! screen. A file that is missing stays missing: with a page in place of a script, browsers report nonsense, and caches
//! keep it.

use std::path::PathBuf;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri, uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::app::{App, is_api};
use crate::config::{Config, ConsolePath};

const INDEX: &str = "/index.html";
/// For files whose name changes with their content: a year, the longest that means anything.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For all others: keep, but ask before use.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// The files of the console and where they are served.
#[derive(Clone)]
pub(crate) struct StaticFiles {
    folder: Option<PathBuf>,
    path: ConsolePath,
}

impl StaticFiles {
    pub(crate) fn new(config: &Config) -> Self {
        Self { folder: config.dist.clone(), path: config.console_path.clone() }
    }

    /// Answers every address that nothing else answers.
    pub(crate) fn router(self) -> Router<App> {
        let console = self.path.as_str().to_owned();
        let mut router = Router::new();
        if console != "/" {
            let without_slash = console.trim_end_matches('/').to_owned();
            let to_console = get(async move || Redirect::temporary(&console));
            router = router.route("/", to_console.clone()).route(&without_slash, to_console);
        }
        router.fallback_service(get(serve).with_state(self))
    }

    /// The file that `path` names, or the page if it names a screen; `None` if it is neither.
    fn resolve<'a>(&self, path: &'a str, request: &Request) -> Option<&'a str> {
        if is_api(request.uri()) {
            return None;
        }
        let path = path.strip_prefix(self.path.as_str().trim_end_matches('/'))?;
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let mut segments = decoded.strip_prefix('/')?.split('/');
        if segments.clone().any(|segment| segment.starts_with('.')) {
            // `..` would lead out of the folder; and what begins with a dot is not meant to be published.
            return None;
        }
        let is_screen = !segments.next_back().unwrap_or_default().contains('.');
        match is_screen {
            true if accepts_html(request) => Some(INDEX),
            true => None,
            false => Some(path),
        }
    }

    async fn serve_file(&self, file: &str, request: Request) -> Response {
        let Some(folder) = &self.folder else {
            return not_found();
        };
        let immutable = has_hash(file);
        let Some(request) = with_path(request, file) else {
            return not_found();
        };
        let files = ServeDir::new(folder)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let Ok(response) = files.oneshot(request).await;
        if response.status() == StatusCode::NOT_FOUND {
            return not_found();
        }
        let mut response = response.into_response();
        let caching = if immutable { FOREVER } else { REVALIDATE };
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
        response
    }
}

async fn serve(State(files): State<StaticFiles>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    match files.resolve(&path, &request) {
        Some(file) => files.serve_file(file, request).await,
        None => not_found(),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], "Not found\n").into_response()
}

/// Whether the request is one that a page can be shown for, as opposed to a script that fetches data.
fn accepts_html(request: &Request) -> bool {
    request.headers().get(header::ACCEPT).is_none_or(|accept| {
        let accept = accept.to_str().unwrap_or_default();
        accept.contains("text/html") || accept.contains("*/*")
    })
}

fn with_path(request: Request, path: &str) -> Option<Request> {
    let (mut parts, body) = request.into_parts();
    let mut uri = uri::Parts::default();
    uri.path_and_query = Some(path.parse().ok()?);
    parts.uri = Uri::from_parts(uri).ok()?;
    Some(Request::from_parts(parts, body))
}

/// Whether a name has a hash of the content in it, as trunk makes them: `console-0123456789abcdef_bg.wasm`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let hash = stem.rsplit_once('-').map(|(_, hash)| hash.as_bytes());
    hash.is_some_and(|hash| {
        hash.len() == 16 && hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_of_their_content() {
        for name in [
            "/console-0123456789abcdef.js",
            "/console-0123456789abcdef_bg.wasm",
            "/assets/style-fedcba9876543210.css",
        ] {
            assert!(has_hash(name), "{name}");
        }
        for name in [
            "/index.html",
            "/console.js",
            "/console-0123456789abcde.js",
            "/console-0123456789ABCDEF.js",
            "/snippets/library-0123456789abcdef/inline0.js",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
