//! Secrets pasted into the search: somebody found one in a log and wants to know whose it is.

/// The length of the shortest secret that the API creates (API.md part 1).
const SHORTEST: usize = 16;

/// Whether a word of the text looks like a token's secret: long enough, only of its alphabet (API.md part 2), and
/// with capitals, small letters and digits. One in two hundred secrets of 32 characters lacks one of these; a name
/// hardly ever has them all.
pub fn is_like_a_secret(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let has = |of_kind: fn(&u8) -> bool| word.as_bytes().iter().any(of_kind);
        word.len() >= SHORTEST
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte))
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_looks() {
        for secret in
            ["b7Qx~Zp0-1.kW_aa", "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f", "token: R3dRbnVYHjE0sQyq1XcT8oWm"]
        {
            assert!(is_like_a_secret(secret), "{secret}");
        }
    }

    #[test]
    fn names_are_none() {
        for name in [
            "",
            "alice-token-01",
            "production-deploy-2026",
            "Production-Deploy-Key",
            "ci 2026-11-27 Nightly",
            "R3dRbnVYHjE0sQy",
            "R3dRbnVYHjE0sQy+1XcT8oWm5uKzLg2f",
            "ünïcödé-Name-with-2-words",
        ] {
            assert!(!is_like_a_secret(name), "{name}");
        }
    }
}
