//! The console's files built into the program by the feature `embedded-console`.
//!
//! Does what tower-http's `ServeDir` does for a folder: content types by file extension, `ETag` and `If-None-Match`,
//! `HEAD`, and the precompressed variant (`.br`, `.gz`) for clients that accept it. Range requests are not supported;
//! nothing in the console makes one.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

/// All files of the folder that was given at build time.
#[derive(Embed)]
#[folder = "$CREDMGR_CONSOLE_DIR_FOUND"]
struct Files;

/// Returns the page that shows all screens.
pub(crate) fn index() -> Option<Cow<'static, [u8]>> {
    Files::get("index.html").map(|file| file.data)
}

/// Returns the response with the file of this name (decoded, without a leading slash); `None` if there is none.
pub(crate) fn serve(name: &str, request: &Request) -> Option<Response> {
    let plain = Files::get(name)?;
    let (file, encoding) = best(name, request.headers()).unwrap_or((plain, None));
    let content_type = mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream");
    let mut headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ]);
    headers.extend(encoding.map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    let etag = etag(&file);
    let unchanged = etag.as_ref().is_some_and(|etag| is_known(etag, request.headers()));
    headers.extend(etag.map(|etag| (header::ETAG, etag)));
    if unchanged {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::CONTENT_LENGTH, file.data.len().into());
    let body = if request.method() == Method::HEAD { Body::empty() } else { Body::from(bytes(file.data)) };
    Some((headers, body).into_response())
}

/// Returns the precompressed variant that the client prefers: brotli, if it prefers neither.
fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = Accepted::of(headers);
    let (brotli, gzip) = (accepted.quality("br"), accepted.quality("gzip"));
    let mut choices = [(brotli, "br", "br"), (gzip, "gzip", "gz")];
    if gzip > brotli {
        choices.reverse();
    }
    choices.into_iter().filter(|(quality, ..)| *quality > 0).find_map(|(_, encoding, extension)| {
        Files::get(&format!("{name}.{extension}")).map(|file| (file, Some(encoding)))
    })
}

/// The parsed `Accept-Encoding` header (RFC 9110, section 12.5.3).
struct Accepted(Vec<(String, u16)>);

impl Accepted {
    fn of(headers: &HeaderMap) -> Self {
        let items = headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','));
        Self(items.map(coding).collect())
    }

    /// Returns the quality of a coding in thousandths; 0 means not acceptable.
    fn quality(&self, coding: &str) -> u16 {
        let of = |wanted: &str| self.0.iter().find(|(name, _)| name == wanted).map(|(_, quality)| *quality);
        of(coding).or_else(|| of("*")).unwrap_or(0)
    }
}

/// Parses an item such as `gzip;q=0.5`. An invalid quality counts as 0.
fn coding(item: &str) -> (String, u16) {
    let (name, parameters) = item.split_once(';').unwrap_or((item, ""));
    let quality = match parameters.trim().split_once('=') {
        None => 1000,
        Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => thousandths(value.trim()),
        Some(_) => 0,
    };
    (name.trim().to_ascii_lowercase(), quality)
}

fn thousandths(quality: &str) -> u16 {
    match quality.parse::<f32>() {
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0).round() as u16,
        _ => 0,
    }
}

/// Returns an `ETag` made of the content, so that two programs with the same console send the same.
fn etag(file: &EmbeddedFile) -> Option<HeaderValue> {
    let hash: String = file.metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::try_from(format!("\"{hash}\"")).ok()
}

/// Whether the client already has this content. A proxy that compresses turns the tag into a weak one, `W/"…"`.
fn is_known(etag: &HeaderValue, headers: &HeaderMap) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = known.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag.as_bytes()
    })
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(accepted: &'static str, coding: &str) -> u16 {
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted))]);
        Accepted::of(&headers).quality(coding)
    }

    #[test]
    fn accepted_codings() {
        for (accepted, expected) in [
            ("gzip, deflate, br", 1000),
            ("BR", 1000),
            ("br;q=0.5", 500),
            ("br ; q=0.123", 123),
            ("br;q=0", 0),
            ("br;q=0.000, *", 0),
            ("*", 1000),
            ("*;q=0", 0),
            ("gzip", 0),
            ("", 0),
            ("br;q=2", 0),
            ("br;q=NaN", 0),
            ("br;level=1", 0),
            ("brotli", 0),
        ] {
            assert_eq!(quality(accepted, "br"), expected, "{accepted}");
        }
    }

    #[test]
    fn a_tag_is_known_in_every_form_that_clients_send() {
        let etag = HeaderValue::from_static("\"a\"");
        for (sent, known) in [
            ("\"a\"", true),
            ("W/\"a\"", true),
            ("\"b\", \"a\"", true),
            ("*", true),
            ("\"b\"", false),
            ("a", false),
        ] {
            let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(sent))]);
            assert_eq!(is_known(&etag, &headers), known, "{sent}");
        }
    }
}
