//! How a request is authenticated.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::secret::Secret;

/// Exactly one kind of credentials. The server answers 401 to a bad token even next to good Basic credentials (API.md
/// part 2), so a type that could hold both would be a trap.
#[derive(Debug)]
pub enum Credentials {
    /// An API token, sent in the header that the deployment names (`X-API-TOKEN` by default).
    Token(Secret),
    /// A username and a password, sent as HTTP Basic.
    Basic {
        /// The username.
        username: String,
        /// The password.
        password: Secret,
    },
}

/// Why an input cannot be used as credentials. Checked before anything is sent, since a header with such a value cannot
/// be built at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsError {
    /// The token field is empty.
    TokenMissing,
    /// The token has a character that is not allowed in a header (a space, a line break, an umlaut).
    TokenCharacter,
    /// The username field is empty.
    UsernameMissing,
    /// The username has a colon: HTTP Basic separates username and password by the first colon (RFC 7617).
    UsernameColon,
    /// The password field is empty.
    PasswordMissing,
    /// Username or password has a control character, which RFC 7617 forbids.
    ControlCharacter,
}

impl Credentials {
    /// Creates credentials from a token as typed or pasted. Surrounding white space is dropped: it is easily copied
    /// along with a line, and no token has any.
    pub fn token(typed: &str) -> Result<Self, CredentialsError> {
        let token = typed.trim();
        if token.is_empty() {
            return Err(CredentialsError::TokenMissing);
        }
        // The documented alphabet is `A–Z a–z 0–9 _ . - ~`; any printable ASCII is accepted, since a server may use
        // another alphabet. The browser would reject the rest.
        if !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CredentialsError::TokenCharacter);
        }
        Ok(Self::Token(Secret::new(token.to_owned())))
    }

    /// Creates credentials from a username and a password as typed. Nothing is trimmed: a password may begin with a
    /// space.
    pub fn basic(username: &str, password: &str) -> Result<Self, CredentialsError> {
        if username.is_empty() {
            return Err(CredentialsError::UsernameMissing);
        }
        if username.contains(':') {
            return Err(CredentialsError::UsernameColon);
        }
        if password.is_empty() {
            return Err(CredentialsError::PasswordMissing);
        }
        if username.chars().chain(password.chars()).any(char::is_control) {
            return Err(CredentialsError::ControlCharacter);
        }
        Ok(Self::Basic { username: username.to_owned(), password: Secret::new(password.to_owned()) })
    }

    /// Returns the name and the value of the one header that carries the credentials. `token_header` is the name
    /// configured by the deployment. Username and password are encoded as UTF-8 before base64, as RFC 7617 recommends.
    pub fn header<'a>(&self, token_header: &'a str) -> (&'a str, Secret) {
        match self {
            Self::Token(token) => (token_header, token.duplicate()),
            Self::Basic { username, password } => {
                let pair = Secret::new(format!("{username}:{}", password.expose()));
                ("Authorization", Secret::new(format!("Basic {}", STANDARD.encode(pair.expose()))))
            }
        }
    }

    /// Whether every request costs the server a password hash (0.4–0.5 s of processor time, API.md part 2).
    pub const fn is_costly(&self) -> bool {
        matches!(self, Self::Basic { .. })
    }
}

/// Overwrites every occurrence of the secret in `text` with asterisks. `sent` is the value of the header that carried
/// the secret: a server, or a firewall in front of it, may echo what it rejects.
pub(super) fn hide(sent: &str, text: &mut [u8]) {
    let secret = sent.trim_start_matches("Basic ").as_bytes();
    for at in 0..text.len() {
        if let Some(part) = text.get_mut(at..at + secret.len())
            && part == secret
        {
            part.fill(b'*');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_into_the_configured_header() {
        let credentials = Credentials::token("  a.B-c_9~ \n").unwrap();
        let (name, value) = credentials.header("X-API-KEY");
        assert_eq!((name, value.expose()), ("X-API-KEY", "a.B-c_9~"));
    }

    #[test]
    fn what_a_text_repeats_of_them_is_hidden() {
        let hidden = |credentials: &Credentials, text: &str| {
            let mut text = text.as_bytes().to_vec();
            hide(credentials.header("X").1.expose(), &mut text);
            String::from_utf8(text).unwrap()
        };
        let token = Credentials::token("a_-.~").unwrap();
        assert_eq!(hidden(&token, r#"{"message": "No token: a_-.~"}"#), r#"{"message": "No token: *****"}"#);
        assert_eq!(hidden(&token, "a_-.~a_-.~a_-."), "**********a_-.");
        assert_eq!(hidden(&token, ""), "");
        let basic = Credentials::basic("alice", "päss word").unwrap();
        // printf 'alice:päss word' | base64
        let repeats = "Basic YWxpY2U6cMOkc3Mgd29yZA== of alice";
        assert_eq!(hidden(&basic, repeats), "Basic ************************ of alice");
    }

    #[test]
    fn a_password_is_utf8_before_base64() {
        let credentials = Credentials::basic("jürgen", "pä$$ wörd€").unwrap();
        let (name, value) = credentials.header("X-API-TOKEN");
        assert_eq!(name, "Authorization");
        // printf 'jürgen:pä$$ wörd€' | base64
        assert_eq!(value.expose(), "Basic asO8cmdlbjpww6QkJCB3w7ZyZOKCrA==");
    }

    #[test]
    fn what_cannot_be_a_header_is_refused_before_sending() {
        use CredentialsError::*;
        let error = |result: Result<Credentials, _>| result.err();
        assert_eq!(error(Credentials::token(" \t")), Some(TokenMissing));
        assert_eq!(error(Credentials::token("abc def")), Some(TokenCharacter));
        assert_eq!(error(Credentials::token("abc\ndef")), Some(TokenCharacter));
        assert_eq!(error(Credentials::token("tökén")), Some(TokenCharacter));
        assert_eq!(error(Credentials::basic("", "x")), Some(UsernameMissing));
        assert_eq!(error(Credentials::basic("a:b", "x")), Some(UsernameColon));
        assert_eq!(error(Credentials::basic("a", "")), Some(PasswordMissing));
        assert_eq!(error(Credentials::basic("a", "x\u{7}")), Some(ControlCharacter));
        assert!(Credentials::basic("a", " x ").is_ok());
    }

    #[test]
    fn debug_output_has_no_secret() {
        let token = Credentials::token("SECRET-1").unwrap();
        let basic = Credentials::basic("alice", "SECRET-2").unwrap();
        let text = format!("{token:?} {basic:?} {:?}", basic.header("X").1);
        assert!(!text.contains("SECRET"), "{text}");
    }
}
