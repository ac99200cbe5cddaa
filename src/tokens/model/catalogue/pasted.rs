//! Secrets where names are looked for: somebody found one in a log and wants to know whose it is.

/// The shortest secret that the API makes (API.md part 1).
const SHORTEST: usize = 16;

/// Whether a word of this looks like a token's secret: long enough, of its alphabet only (API.md part 2), with capitals, small
/// letters and digits among them. Of those with 32 characters one in two hundred does not; a name is hardly ever like it.
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
