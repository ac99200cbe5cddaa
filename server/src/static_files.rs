//! The console: static files, in a folder or built into the program.
//!
//! A path that looks like a screen rather than a file (`/tokens/5`) gets `index.html`, whose script then shows that
//! screen. A missing file stays a 404: given a page in place of a script, browsers report misleading errors, and caches
//! keep it.

use std::borrow::Cow;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, ensure};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri, uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tower_http::services::ServeDir;
use tracing::{error, warn};

use crate::app::is_api;
use crate::config::{Config, ConsoleFiles, ConsolePath};
#[cfg(feature = "embedded-console")]
use crate::embedded;
use crate::routes::BASE;

const INDEX: &str = "/index.html";
/// The extensions of precompressed variants.
const COMPRESSED: [&str; 2] = [".br", ".gz"];
/// For files whose name changes with their content: a year, the longest time that has any effect.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For all other files: cache, but revalidate before use.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// For responses without a file.
const NOT_AT_ALL: HeaderValue = HeaderValue::from_static("no-store");

/// The files of the console, and the path that they are served under.
#[derive(Clone)]
pub(crate) struct StaticFiles {
    files: ConsoleFiles,
    path: ConsolePath,
}

impl StaticFiles {
    pub(crate) fn new(config: &Config) -> Self {
        Self { files: config.console.clone(), path: config.console_path.clone() }
    }

    /// Serves every path that nothing else serves.
    pub(crate) fn router(self) -> Router {
        let console = self.path.as_str().to_owned();
        let mut router = Router::new();
        if console != "/" {
            let without_slash = console.trim_end_matches('/').to_owned();
            let to_console = get(async move || Redirect::temporary(&console));
            router = router.route("/", to_console.clone()).route(&without_slash, to_console);
        }
        router.fallback_service(get(serve).with_state(self))
    }

    /// Returns the file that `path` names, or the page if it names a screen; `None` if it is neither.
    fn resolve<'a>(&self, path: &'a str, request: &Request) -> Option<&'a str> {
        if is_api(request.uri()) {
            return None;
        }
        let path = path.strip_prefix(self.path.as_str().trim_end_matches('/'))?;
        let decoded = percent_decode_str(path).decode_utf8().ok()?;
        let mut segments = decoded.strip_prefix('/')?.split('/');
        if segments.clone().any(|segment| segment.starts_with('.')) {
            // `..` would lead out of the folder, and files that begin with a dot are not meant to be published.
            return None;
        }
        let last = segments.next_back().unwrap_or_default();
        if COMPRESSED.iter().any(|extension| last.ends_with(extension)) {
            // Clients ask for the uncompressed file; under its own name a variant would not have the right content
            // type.
            return None;
        }
        let is_screen = !last.contains('.');
        match is_screen {
            true if accepts_html(request) => Some(INDEX),
            true => None,
            false => Some(path),
        }
    }

    async fn serve_file(&self, file: &str, request: Request) -> Response {
        let response = match &self.files {
            ConsoleFiles::Absent => None,
            ConsoleFiles::Folder(folder) => from_folder(folder, file, request).await,
            #[cfg(feature = "embedded-console")]
            ConsoleFiles::Embedded => from_program(file, &request),
        };
        let Some(mut response) = response else {
            return not_found();
        };
        let caching = match response.status() {
            StatusCode::OK | StatusCode::NOT_MODIFIED => {
                if has_hash(file) {
                    FOREVER
                } else {
                    REVALIDATE
                }
            }
            // Cached for a year, a failure would outlive its cause.
            _ => NOT_AT_ALL,
        };
        response.headers_mut().insert(header::CACHE_CONTROL, caching);
        response
    }
}

async fn from_folder(folder: &Path, file: &str, mut request: Request) -> Option<Response> {
    // Files are sent whole, like those built into the program: `ServeDir` supports ranges but not `If-Range`, so a
    // client could combine parts of two releases.
    request.headers_mut().remove(header::RANGE);
    let mut files =
        ServeDir::new(folder).append_index_html_on_directories(false).precompressed_br().precompressed_gzip();
    // Not `oneshot`, which hides the reason for a failure.
    match files.try_call(with_path(request, file)?).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => None,
        Ok(response) => {
            let mut response = response.into_response();
            response.headers_mut().remove(header::ACCEPT_RANGES);
            // A 304 needs `Vary` as well, but `ServeDir` does not send it.
            response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            Some(response)
        }
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound
                    | ErrorKind::PermissionDenied
                    | ErrorKind::NotADirectory
                    // Longer than any file name can be.
                    | ErrorKind::InvalidFilename
            ) =>
        {
            None
        }
        Err(error) => {
            // Without the file's name, which comes from the path: people paste secrets into the wrong place.
            error!(%error, "cannot read a file of the console");
            Some((StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error\n").into_response())
        }
    }
}

#[cfg(feature = "embedded-console")]
fn from_program(file: &str, request: &Request) -> Option<Response> {
    let name = percent_decode_str(file.trim_start_matches('/')).decode_utf8().ok()?;
    embedded::serve(&name, request)
}

/// Checks that the console is there, and that it was built to be served under `path`: its page and its script contain
/// that path, so under another one it would show nothing. Warns if it requests the API elsewhere.
///
/// # Errors
/// What is wrong, for the person at the terminal.
pub(crate) fn check(files: &ConsoleFiles, path: &ConsolePath) -> anyhow::Result<()> {
    let page: Cow<'_, [u8]> = match files {
        ConsoleFiles::Absent => return Ok(()),
        ConsoleFiles::Folder(folder) => {
            let file = folder.join("index.html");
            ensure!(file.is_file(), "there is no index.html in {}", folder.display());
            fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.into()
        }
        #[cfg(feature = "embedded-console")]
        ConsoleFiles::Embedded => embedded::index().context("there is no console in this program")?,
    };
    let page = String::from_utf8_lossy(&page);
    if let Some(elsewhere) = api_elsewhere(&page) {
        // Not refused: something in front of this server may forward requests from there.
        warn!(
            "the console requests the API at {elsewhere}, but this server has it at {BASE}; unless something in front \
             of it forwards the requests, nobody can sign in: set credmgr:api-base to {BASE} in the console's page"
        );
    }
    // A page that names no path works under any.
    if let Some(built_for) = base(&page) {
        ensure!(
            built_for == path.as_str(),
            "the console was built for {built_for}, so it cannot be served under {}; start the server with \
             --console-path {built_for}, or build the console with --public-url {}",
            path.as_str(),
            path.as_str()
        );
    }
    Ok(())
}

/// Returns the value of `<base href="…">` in a page written by trunk.
fn base(page: &str) -> Option<&str> {
    let (_, tag) = page.split_once("<base")?;
    let (tag, _) = tag.split_once('>')?;
    attribute(tag, "href")
}

/// Returns where the page's setting says that the API is, if that is not where this server has it.
fn api_elsewhere(page: &str) -> Option<&str> {
    let mut tags = page.split("<meta").skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag);
    let tag = tags.find(|tag| attribute(tag, "name") == Some("credmgr:api-base"))?;
    let base = attribute(tag, "content")?.trim();
    let is_here = base.is_empty() || base.trim_end_matches('/') == BASE;
    (!is_here).then_some(base)
}

/// Returns the value of an attribute in a tag written by trunk, with or without quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!("{name}="))?;
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    match quote {
        Some(quote) => value[1..].split(quote).next(),
        None => value.split_ascii_whitespace().next(),
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
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, NOT_AT_ALL)], "Not found\n").into_response()
}

/// Whether the request accepts a page, as opposed to a script that fetches data.
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

/// Whether a name contains a hash of the content, as trunk generates them: `console-0123456789abcdef_bg.wasm`.
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
    fn the_path_that_a_console_was_built_for() {
        for (page, expected) in [
            (r#"<head><base href="/console/" /><link href="/x">"#, Some("/console/")),
            ("<base href='/a/b/'>", Some("/a/b/")),
            ("<base href=/console/>", Some("/console/")),
            ("<base href=/ target=_top>", Some("/")),
            ("<!doctype html><title>without</title><a href=/x>", None),
            ("<base target=_top><a href=/x>", None),
            ("<base", None),
        ] {
            assert_eq!(base(page), expected, "{page}");
        }
    }

    #[test]
    fn where_the_api_of_a_console_is() {
        for (page, expected) in [
            (r#"<meta name="credmgr:api-base" content="/api/v1" />"#, None),
            ("<meta content=/api/v1 name=credmgr:api-base>", None),
            ("<meta content=\"/api/v1/\" name=credmgr:api-base>", None),
            ("<meta charset=utf-8><meta content=\"\" name=credmgr:api-base>", None),
            ("<meta charset=utf-8><title>without</title>", None),
            (
                "<meta content=/x name=viewport><meta content=\"/api/v2\" name=credmgr:api-base>",
                Some("/api/v2"),
            ),
            (
                r#"<meta name="credmgr:api-base" content="https://api.example.org/api/v1">"#,
                Some("https://api.example.org/api/v1"),
            ),
        ] {
            assert_eq!(api_elsewhere(page), expected, "{page}");
        }
    }

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
