//! Reads the body of a response.

use gloo_net::http::Response;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ResponseType};

use super::{flight::Flight, thrown_name};
use crate::api::answer::MAX_BODY;

/// A body up to this length, in bytes, arrives at once or not at all, so it is read in one go. Of a longer one, each
/// piece that arrives shows that the connection is only slow.
const SMALL_BODY: usize = 64 * 1024;

/// Reads the body, and returns `None` if it is longer than [`MAX_BODY`]. A failure is the name of the browser's error.
pub(super) async fn read(
    response: &Response,
    flight: &mut Flight,
) -> Result<Option<Vec<u8>>, Option<String>> {
    let headers = response.headers();
    let length = headers.get("content-length").and_then(|length| length.parse().ok());
    // Whether the body is as long as announced, that is, not compressed. `Content-Encoding` is readable on the same
    // origin only.
    let is_as_announced =
        response.type_() == ResponseType::Basic && headers.get("content-encoding").is_none();
    match length {
        // Read in one go: each piece would be a task of its own.
        Some(length) if is_as_announced && length <= SMALL_BODY => {
            response.binary().await.map(Some).map_err(|error| error_name(&error))
        }
        _ => read_pieces(response.body(), length, flight).await.map_err(|thrown| thrown_name(&thrown)),
    }
}

/// Reads the body piece by piece and stops beyond [`MAX_BODY`], so that an endless response neither freezes the page
/// nor fills the memory, which WebAssembly never gives back. `None` if the body is longer than that; a body that is
/// announced to be longer is not read at all.
async fn read_pieces(
    stream: Option<ReadableStream>,
    announced: Option<usize>,
    flight: &mut Flight,
) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    let Some(stream) = stream else { return Ok(Some(body)) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    if announced.is_some_and(|length| length > MAX_BODY) {
        // The rest is not needed; whether cancelling works does not matter.
        let _ = reader.cancel();
        return Ok(None);
    }
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(Some(body));
        }
        let bytes: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
        if body.len() + bytes.length() as usize > MAX_BODY {
            // As above.
            let _ = reader.cancel();
            return Ok(None);
        }
        body.extend_from_slice(&bytes.to_vec());
        flight.goes_on();
    }
}

fn error_name(error: &gloo_net::Error) -> Option<String> {
    match error {
        gloo_net::Error::JsError(error) => Some(error.name.clone()),
        _ => None,
    }
}
