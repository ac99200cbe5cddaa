//! Staying signed in on a tab: `sessionStorage`, and only if the user asked for it. Never `localStorage`, never a
//! cookie: what is stored here ends with the tab.

use serde::{Deserialize, Serialize};

use super::{console_token::ConsoleToken, deployment::tab_key};
use crate::{
    api::{Credentials, User},
    json,
    secret::Secret,
    storage::Storage,
};

/// If nothing can be stored, the session lives in memory only.
const STORAGE: Storage = Storage::Session;

/// The only key under which anything secret is stored, for each deployment its own (`web/first_page.js` reads it as
/// well): a session belongs to one server, and must not be sent to that of another console on the same origin.
fn key(deployment: &str) -> String {
    tab_key(deployment, "session")
}

/// A session that a tab has kept.
pub(super) struct Kept {
    pub(super) credentials: Credentials,
    /// The signed-in user, if the server had said.
    pub(super) user: Option<User>,
    /// The console session token, if the credentials are one.
    pub(super) console: Option<ConsoleToken>,
}

/// What is stored: of the credential fields, those that the kind has. Flat, because serde reads the contents of a
/// nested enum through a copy of everything, secrets too, that nobody wipes. Borrowed for writing, so that no further
/// copy is made.
#[derive(Serialize, Deserialize)]
struct Stored<Text, Hidden, Who, Console> {
    kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Hidden>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<Hidden>,
    user: Option<Who>,
    #[serde(skip_serializing_if = "Option::is_none")]
    console: Option<Console>,
}

type Written<'a> = Stored<&'a str, &'a str, &'a User, &'a ConsoleToken>;
type Found = Stored<String, Secret, User, ConsoleToken>;

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Token,
    Basic,
}

fn write(credentials: &Credentials, user: Option<&User>, console: Option<&ConsoleToken>) -> Option<Secret> {
    let (kind, token, username, password) = match credentials {
        Credentials::Token(token) => (Kind::Token, Some(token.expose()), None, None),
        Credentials::Basic { username, password } => {
            (Kind::Basic, None, Some(username.as_str()), Some(password.expose()))
        }
    };
    let written = Written { kind, token, username, password, user, console };
    serde_json::to_string(&written).ok().map(Secret::new)
}

/// Reads a stored session. Anything not written by `write` is ignored; the user then signs in again. The checks of
/// typed credentials apply here too, since a value that cannot be sent in a header must not get in this way either.
fn read(text: &str) -> Option<Kept> {
    let found: Found = json::read(text)?;
    let credentials = match found.kind {
        Kind::Token => Credentials::token(found.token?.expose()),
        Kind::Basic => Credentials::basic(&found.username?, found.password?.expose()),
    };
    Some(Kept { credentials: credentials.ok()?, user: found.user, console: found.console })
}

pub(super) fn save(
    deployment: &str,
    credentials: &Credentials,
    user: Option<&User>,
    console: Option<&ConsoleToken>,
) {
    if let Some(text) = write(credentials, user, console) {
        STORAGE.set(&key(deployment), text.expose());
    }
}

pub(super) fn load(deployment: &str) -> Option<Kept> {
    read(STORAGE.get(&key(deployment)).map(Secret::new)?.expose())
}

/// Whether a session of this deployment is kept on this tab.
pub(super) fn is_kept(deployment: &str) -> bool {
    STORAGE.get(&key(deployment)).map(Secret::new).is_some()
}

pub(super) fn clear(deployment: &str) {
    STORAGE.remove(&key(deployment));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::console_token::records::{Owner, Record};

    fn header(credentials: &Credentials) -> String {
        credentials.header("X").1.expose().to_owned()
    }

    #[test]
    fn both_kinds_survive() {
        let user = User { id: 3, username: "alice".into() };
        for credentials in
            [Credentials::token("abc_-.~").unwrap(), Credentials::basic("jürgen", "p\"ä ").unwrap()]
        {
            let text = write(&credentials, Some(&user), None).unwrap();
            let kept = read(text.expose()).unwrap();
            assert_eq!(header(&kept.credentials), header(&credentials));
            assert_eq!((kept.user.as_ref(), kept.console), (Some(&user), None));
        }
        let text = write(&Credentials::token("abc").unwrap(), None, None).unwrap();
        assert_eq!(text.expose(), r#"{"kind":"token","token":"abc","user":null}"#);
    }

    #[test]
    fn a_token_that_was_made_for_the_session_is_known_as_such_after_a_reload() {
        let owner = Owner { who: "name alice".into(), deployment: "a".into() };
        let record = Record { owner, name: "console session 1".into(), id: Some(7), at: 5 };
        let token = ConsoleToken { record, username: "alice".into() };
        let text = write(&Credentials::token("abc").unwrap(), None, Some(&token)).unwrap();
        assert_eq!(read(text.expose()).unwrap().console, Some(token));
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in
            ["", "null", "{}", r#"{"kind":"token"}"#, r#"{"kind":"token","token":"a\nb","user":null}"#]
        {
            assert!(read(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = read(&text);
        }
    }
}
