//! Secrets pasted into the search: somebody found one in a log and wants to know whose it is.

/// The length of the shortest secret that the API creates (API.md part 1).
const SHORTEST: usize = 16;

/// How many letters or digits the words and numbers inside a name have on average, at least. Those of a secret have two.
const NAME_PART: usize = 3;

/// Whether a part of the text looks like a token's secret: long enough, only of its alphabet (API.md part 2), with
/// capitals, small letters and digits, and changing between these more often than a name does. What surrounds it in a
/// log or a command, such as quotes or a header's name, does not matter. Seven in a thousand secrets of 32 characters do
/// not look like one.
pub fn is_like_a_secret(text: &str) -> bool {
    let is_of_alphabet = |c: char| c.is_ascii_alphanumeric() || "_.-~".contains(c);
    text.split(|c| !is_of_alphabet(c)).any(|word| {
        let count = |of_kind: fn(&u8) -> bool| word.bytes().filter(of_kind).count();
        word.len() >= SHORTEST
            && count(u8::is_ascii_uppercase) > 0
            && count(u8::is_ascii_lowercase) > 0
            && count(u8::is_ascii_digit) > 0
            && count(u8::is_ascii_alphanumeric) < NAME_PART * parts(word.as_bytes())
    })
}

/// Counts the words and numbers that a text is made of: `GitHubActions-2024` has four, `AWSKey` two.
fn parts(text: &[u8]) -> usize {
    let begins = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| text.get(before)).copied().unwrap_or_default();
        let ends_capitals = || text.get(index + 1).is_some_and(u8::is_ascii_lowercase);
        match text.get(index) {
            Some(b'0'..=b'9') => !before.is_ascii_digit(),
            Some(b'a'..=b'z') => !before.is_ascii_alphabetic(),
            Some(b'A'..=b'Z') => !before.is_ascii_uppercase() || ends_capitals(),
            _ => false,
        }
    };
    (0..text.len()).filter(|index| begins(*index)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_looks() {
        for secret in [
            "b7Qx~Zp0-1.kW_aa",
            "R3dRbnVYHjE0sQyq1XcT8oWm5uKzLg2f",
            "token: R3dRbnVYHjE0sQyq1XcT8oWm",
            "'R3dRbnVYHjE0sQyq1XcT8oWm'",
            r#"{"token":"R3dRbnVYHjE0sQyq1XcT8oWm","id":7}"#,
            "X-API-TOKEN:R3dRbnVYHjE0sQyq1XcT8oWm",
            "https://x.example/?token=R3dRbnVYHjE0sQyq1XcT8oWm&a=b",
            "curl -H 'X-API-TOKEN: R3dRbnVYHjE0sQyq1XcT8oWm' https://x.example",
            "R3dRbnVYHjE0sQy+1XcT8oWm5uKzLg2f",
        ] {
            assert!(is_like_a_secret(secret), "{secret}");
        }
    }

    #[test]
    fn parts_are_words_and_numbers() {
        for (text, number) in
            [("GitHubActions-2024", 4), ("AWSKey", 2), ("v1.5", 3), ("aB", 2), ("A", 1), ("-~", 0), ("", 0)]
        {
            assert_eq!(parts(text.as_bytes()), number, "{text}");
        }
    }

    /// Of the secrets that the API creates unless another length is asked for.
    #[test]
    fn nearly_all_secrets_are_known() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
        let mut seed = 1_u64;
        let mut letter = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(ALPHABET[(seed >> 33) as usize % ALPHABET.len()])
        };
        let secrets = (0..10_000).map(|_| (0..32).map(|_| letter()).collect::<String>());
        let missed = secrets.filter(|secret| !is_like_a_secret(secret)).count();
        assert!(missed < 100, "{missed}");
    }

    #[test]
    fn names_are_none() {
        for name in [
            "",
            "alice-token-01",
            "production-deploy-2026",
            "Production-Deploy-Key",
            "Jenkins-Agent-01",
            "GitHubActions-2024",
            "Production-Deploy-2026",
            "AWSDeployKeyProd2",
            "MyApp_CI_Token_2023",
            "Terraform-v1.5-Prod",
            "ci 2026-11-27 Nightly",
            "R3dRbnVYHjE0sQy",
            "Production-Deploy-Key/GitHubActions-2024",
            "ünïcödé-Name-with-2-words",
        ] {
            assert!(!is_like_a_secret(name), "{name}");
        }
    }
}
