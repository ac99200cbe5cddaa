//! A type for secrets, so that the compiler, not discipline, keeps them out of logs and pages.

use std::fmt;

use zeroize::Zeroizing;

/// A token's secret, a password, or anything else that must not be revealed by accident.
///
/// - `Debug` prints `[redacted]`; there is no `Display`, no `Serialize` and no `Clone`.
/// - The text leaves only through [`Secret::expose`], so `grep expose` lists every place that handles it.
/// - The memory is overwritten on drop.
///
/// What cannot be promised in a browser: the bytes also pass through JavaScript strings (the response, an input's
/// value, a header), which the engine frees when it likes and never overwrites, and a `String` that grew may have left
/// a copy behind. Redaction is a guarantee, wiping is best effort.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes ownership of the text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text itself. Only for sending it, copying it, or showing it to a user who asked for it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns a second copy: a visible act instead of an accidental `clone`.
    pub fn duplicate(&self) -> Self {
        Self::new(self.expose().to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        let secret = Secret::new("hunter2-hunter2".into());
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "[redacted] Some([redacted])");
        assert_eq!(secret.expose(), "hunter2-hunter2");
    }
}
