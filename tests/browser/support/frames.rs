//! Animation frames of the browser.

use wasm_bindgen_futures::JsFuture;

use super::fakes::{HeldFrames, frames_pass};

/// Waits until the browser has delivered what it delivers with a frame, such as scroll events.
pub async fn frames() {
    JsFuture::from(frames_pass()).await.expect("frames do not fail");
}

/// Holds back the page's callbacks for the next frames until it is dropped.
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
