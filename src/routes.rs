//! Every address of the console, typed. No other module spells out a path.

use form_urlencoded::Serializer;

use crate::{
    api::{TokenId, parse_id},
    tokens::model::catalogue::query::Query,
};

/// A place in the console. The address is state: what is on the screen can be reloaded, shared and returned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/sign-in`, and where to go afterwards.
    SignIn {
        /// The place that was asked for; `None` for the list.
        next: Option<Box<Route>>,
    },
    /// `/tokens`, with what the list shows.
    Tokens(Query),
    /// `/tokens/new`.
    NewToken,
    /// `/tokens/{id}`.
    Token(TokenId),
    /// `/tokens/{id}/rotate`, with the ID of the token that is replaced.
    Rotate(TokenId),
}

/// The query parameter for where to go after signing in.
const NEXT: &str = "next";

impl Route {
    /// The whole list, where the console begins.
    pub const HOME: Self = Self::Tokens(Query::DEFAULT);

    /// Returns path and query below the console's base, beginning with a slash.
    pub fn path(&self) -> String {
        match self {
            Self::SignIn { next: None } => "/sign-in".into(),
            Self::SignIn { next: Some(next) } => {
                let query = Serializer::new(String::new()).append_pair(NEXT, &next.path()).finish();
                format!("/sign-in?{query}")
            }
            Self::Tokens(query) => {
                let query = Serializer::new(String::new()).extend_pairs(query.to_pairs()).finish();
                if query.is_empty() { "/tokens".into() } else { format!("/tokens?{query}") }
            }
            Self::NewToken => "/tokens/new".into(),
            Self::Token(id) => format!("/tokens/{id}"),
            Self::Rotate(id) => format!("/tokens/{id}/rotate"),
        }
    }

    /// Whether `other` is the same screen, perhaps with another query, so that going there loses nothing.
    pub fn is_screen_of(&self, other: &Self) -> bool {
        let screen = |route: &Self| route.path().split('?').next().map(str::to_owned);
        screen(self) == screen(other)
    }

    /// Parses path and query below the console's base; `None` for an address that is not the console's. Only known
    /// places can result, so an address in a query cannot send anyone elsewhere.
    pub fn parse(address: &str) -> Option<Self> {
        let (segments, query) = split(address)?;
        match segments.as_slice() {
            ["sign-in"] => {
                let next = form_urlencoded::parse(query.as_bytes())
                    .find(|(name, _)| name == NEXT)
                    .and_then(|(_, next)| Self::parse_place(&next));
                Some(Self::SignIn { next: next.map(Box::new) })
            }
            _ => Self::parse_place(address),
        }
    }

    /// Parses every address but `/sign-in`: after signing in, nobody wants to sign in again, and an address nested
    /// within itself must not cause a recursion.
    fn parse_place(address: &str) -> Option<Self> {
        let (segments, query) = split(address)?;
        match segments.as_slice() {
            [""] => Some(Self::HOME),
            ["tokens"] => Some(Self::Tokens(Query::from_pairs(form_urlencoded::parse(query.as_bytes())))),
            ["tokens", "new"] => Some(Self::NewToken),
            ["tokens", id] => parse_id(id).map(Self::Token),
            ["tokens", id, "rotate"] => parse_id(id).map(Self::Rotate),
            _ => None,
        }
    }
}

/// Splits an address into the segments of its path, and its query.
fn split(address: &str) -> Option<(Vec<&str>, &str)> {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    Some((path.strip_prefix('/')?.trim_end_matches('/').split('/').collect(), query))
}

/// Returns the directory of a base URI's path, without a trailing slash: what the router calls its base. `/console/`
/// gives `/console`, `/` gives the empty string.
pub fn base_path(base_uri_path: &str) -> String {
    let directory = base_uri_path.rfind('/').map_or("", |end| &base_uri_path[..end]);
    directory.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tokens::model::catalogue::query::tests::any_query;

    #[test]
    fn every_address_of_the_design() {
        assert_eq!(Route::SignIn { next: None }.path(), "/sign-in");
        assert_eq!(Route::HOME.path(), "/tokens");
        assert_eq!(Route::Tokens(Query::DEFAULT.at_page(3)).path(), "/tokens?page=3");
        let search = Query { text: "a&b=ü c".into(), owner: Some(3), ..Query::DEFAULT };
        assert_eq!(Route::Tokens(search).path(), "/tokens?q=a%26b%3D%C3%BC+c&owner=3");
        assert_eq!(Route::NewToken.path(), "/tokens/new");
        assert_eq!(Route::Token(51).path(), "/tokens/51");
        assert_eq!(Route::Rotate(51).path(), "/tokens/51/rotate");
        assert_eq!(Route::parse("/"), Some(Route::HOME));
    }

    #[test]
    fn another_query_is_the_same_screen() {
        let search = Route::Tokens(Query { text: "ci".into(), ..Query::DEFAULT });
        assert!(Route::HOME.is_screen_of(&search) && search.is_screen_of(&Route::HOME));
        assert!(Route::Token(5).is_screen_of(&Route::Token(5)));
        for other in [Route::NewToken, Route::Token(5), Route::Rotate(5), Route::SignIn { next: None }] {
            assert!(!search.is_screen_of(&other), "{other:?}");
        }
        assert!(!Route::Token(5).is_screen_of(&Route::Token(6)));
        assert!(!Route::Token(5).is_screen_of(&Route::Rotate(5)));
    }

    #[test]
    fn slashes_fragments_and_unknown_queries_do_not_matter() {
        assert_eq!(Route::parse("/tokens/"), Some(Route::HOME));
        assert_eq!(Route::parse("/tokens/7/?utm=1#x"), Some(Route::Token(7)));
        assert_eq!(Route::parse("/tokens?page=zero"), Some(Route::HOME));
        assert_eq!(Route::parse("/tokens?page=0"), Some(Route::HOME));
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for address in [
            "",
            "tokens",
            "/tokens/abc",
            "/tokens/-1",
            "/tokens/+1",
            "/tokens/1/x",
            "/users",
            "//evil.example",
            "/tokens/99999999999999999999",
        ] {
            assert_eq!(Route::parse(address), None, "{address}");
        }
    }

    #[test]
    fn sign_in_leads_to_known_places_only() {
        let next = |address: &str| match Route::parse(address) {
            Some(Route::SignIn { next }) => next.map(|n| *n),
            other => panic!("{other:?}"),
        };
        assert_eq!(next("/sign-in?next=%2Ftokens%2F5"), Some(Route::Token(5)));
        assert_eq!(next("/sign-in?next=https%3A%2F%2Fevil.example"), None);
        assert_eq!(next("/sign-in?next=%2F%2Fevil.example"), None);
        assert_eq!(next("/sign-in?next=%2Fsign-in"), None);
        // Nested deeply enough to overflow the stack if it were followed.
        assert_eq!(next(&"/sign-in?next=".repeat(200_000)), None);
    }

    #[test]
    fn the_base_is_a_directory() {
        assert_eq!(base_path("/"), "");
        assert_eq!(base_path("/console/"), "/console");
        assert_eq!(base_path("/a/b/index.html"), "/a/b");
        assert_eq!(base_path(""), "");
    }

    fn place() -> impl Strategy<Value = Route> {
        prop_oneof![
            any_query().prop_map(Route::Tokens),
            Just(Route::NewToken),
            (0i64..).prop_map(Route::Token),
            (0i64..).prop_map(Route::Rotate),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(route in place()) {
            prop_assert_eq!(Route::parse(&route.path()), Some(route.clone()));
            let sign_in = Route::SignIn { next: Some(Box::new(route)) };
            prop_assert_eq!(Route::parse(&sign_in.path()), Some(sign_in.clone()));
        }

        #[test]
        fn any_address_is_read(address in ".*") {
            let _ = Route::parse(&address);
        }
    }
}
