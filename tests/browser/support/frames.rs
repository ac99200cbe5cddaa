//! The frames that the browser paints.

use wasm_bindgen_futures::JsFuture;

use super::fakes::{HeldFrames, frames_pass};

/// Waits until the browser has told what it tells with a frame, such as that the page was scrolled.
pub async fn frames() {
    JsFuture::from(frames_pass()).await.expect("frames do not fail");
}

/// What the page wants to do with the next frames waits until this is dropped.
pub struct NoFrames(HeldFrames);

impl NoFrames {
    pub fn begin() -> Self {
        Self(HeldFrames::new())
    }
}

impl Drop for NoFrames {
    fn drop(&mut self) {
        self.0.release();
    }
}
