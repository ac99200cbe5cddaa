//! What to send: every operation of the contract as plain data.

use std::time::Duration;

use form_urlencoded::Serializer;

use super::{
    Method,
    patch::Operation,
    types::{CreateToken, TokenId, UserId},
};

/// The most rows that a server returns at once (API.md part 1).
pub const MAX_LIMIT: u32 = 100;

/// How long the console waits without receiving anything of a response. A read is either quick or broken; a write gets
/// more time, because giving up on it leaves its outcome unknown.
const READ_LIMIT: Duration = Duration::from_secs(20);
const WRITE_LIMIT: Duration = Duration::from_secs(40);

/// A request, without the server's address and without credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path, relative to the API's base. Never contains a secret.
    pub path: String,
    /// Names and values of the query. Never contain a secret.
    pub query: Vec<(&'static str, String)>,
    /// The body, if there is one.
    pub body: Option<Body>,
    /// How long to wait for the start of the response, and for each further piece of it.
    pub time_limit: Duration,
    /// Whether the request continues when the page goes away (`keepalive`).
    pub outlives_page: bool,
}

/// A body with its content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `application/x-www-form-urlencoded`, for creations: the server does not understand JSON there.
    Form(String),
    /// `application/json`: a list of JSON Patch operations.
    Json(String),
}

impl Body {
    /// Returns the `Content-Type`.
    pub const fn content_type(&self) -> &'static str {
        match self {
            Self::Form(_) => "application/x-www-form-urlencoded",
            Self::Json(_) => "application/json",
        }
    }

    /// Returns the content, which is text in both cases.
    pub fn text(&self) -> &str {
        match self {
            Self::Form(text) | Self::Json(text) => text,
        }
    }
}

impl Request {
    fn read(method: Method, path: String) -> Self {
        Self { method, path, query: Vec::new(), body: None, time_limit: READ_LIMIT, outlives_page: false }
    }

    fn write(method: Method, path: String, body: Option<Body>) -> Self {
        Self { method, path, query: Vec::new(), body, time_limit: WRITE_LIMIT, outlives_page: false }
    }

    fn page(path: &str, limit: u32, offset: u64) -> Self {
        let query = vec![("limit", limit.to_string()), ("offset", offset.to_string())];
        Self { query, ..Self::read(Method::Get, path.into()) }
    }

    /// Returns the same request, which continues when the page goes away.
    #[must_use]
    pub fn outliving_page(self) -> Self {
        Self { outlives_page: true, ..self }
    }

    /// Returns path and query as one text: the address relative to the API's base.
    pub fn address(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let query = Serializer::new(String::new()).extend_pairs(&self.query).finish();
        format!("{}?{query}", self.path)
    }

    /// `GET /api_tokens/`: a page of the list, optionally of one owner's tokens. `limit` is 1–[`MAX_LIMIT`], `offset`
    /// from 0.
    pub fn list_tokens(limit: u32, offset: u64, owner: Option<UserId>) -> Self {
        let mut request = Self::page("/api_tokens/", limit, offset);
        request.query.extend(owner.map(|owner| ("owner_id", owner.to_string())));
        request
    }

    /// Whether this is the first request of a visit to the list: the first page of all users' tokens.
    pub fn is_first_page(&self) -> bool {
        // Requests for single tokens are many and have no query: the check spares them the allocation of a request to
        // compare with.
        !self.query.is_empty() && *self == Self::list_tokens(MAX_LIMIT, 0, None)
    }

    /// Whether the request is about a single token, including one to be created.
    pub fn is_about_a_token(&self) -> bool {
        !self.method.is_safe() || self.path.strip_prefix("/api_tokens/").is_some_and(|id| !id.is_empty())
    }

    /// Returns the ID of the token that the request reads or changes.
    pub fn token_id(&self) -> Option<TokenId> {
        self.path.strip_prefix("/api_tokens/")?.parse().ok()
    }

    /// `POST /api_tokens/`, form-urlencoded, with unset fields left out.
    pub fn create_token(token: &CreateToken) -> Self {
        let mut form = Serializer::new(String::new());
        form.append_pair("name", &token.name);
        if let Some(owner) = token.owner_id {
            form.append_pair("owner_id", &owner.to_string());
        }
        if let Some(length) = token.length {
            form.append_pair("length", &length.to_string());
        }
        Self::write(Method::Post, "/api_tokens/".into(), Some(Body::Form(form.finish())))
    }

    /// `OPTIONS /api_tokens/`: what the signed-in user may do with the collection.
    pub fn collection_options() -> Self {
        Self::read(Method::Options, "/api_tokens/".into())
    }

    /// `GET /api_tokens/{id}`.
    pub fn read_token(id: TokenId) -> Self {
        Self::read(Method::Get, format!("/api_tokens/{id}"))
    }

    /// `PATCH /api_tokens/{id}` with a list of operations, all or nothing.
    pub fn change_token(id: TokenId, operations: &[Operation]) -> Self {
        // Serialising strings and booleans cannot fail. The unreachable fallback is an empty list, which servers ignore
        // or reject.
        let json = serde_json::to_string(operations).unwrap_or_else(|_| "[]".into());
        Self::write(Method::Patch, format!("/api_tokens/{id}"), Some(Body::Json(json)))
    }

    /// `DELETE /api_tokens/{id}`.
    pub fn delete_token(id: TokenId) -> Self {
        Self::write(Method::Delete, format!("/api_tokens/{id}"), None)
    }

    /// `OPTIONS /api_tokens/{id}`: what the signed-in user may do with this token.
    pub fn token_options(id: TokenId) -> Self {
        Self::read(Method::Options, format!("/api_tokens/{id}"))
    }

    /// `GET /users/me`: the signed-in user. Optional in the contract.
    pub fn current_user() -> Self {
        Self::read(Method::Get, "/users/me".into())
    }

    /// `GET /users/`: a page of users, for admins. Optional in the contract.
    pub fn list_users(limit: u32, offset: u64) -> Self {
        Self::page("/users/", limit, offset)
    }

    /// `GET /users/{id}`. Optional in the contract.
    pub fn read_user(id: UserId) -> Self {
        Self::read(Method::Get, format!("/users/{id}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::patch::Field, *};

    #[test]
    fn the_first_page_is_that_of_everybody() {
        assert!(Request::list_tokens(MAX_LIMIT, 0, None).is_first_page());
        for other in [
            Request::list_tokens(MAX_LIMIT, 0, Some(3)),
            Request::list_tokens(MAX_LIMIT, 99, None),
            Request::list_tokens(25, 0, None),
            Request::collection_options(),
            Request::read_token(1),
        ] {
            assert!(!other.is_first_page(), "{other:?}");
        }
    }

    #[test]
    fn what_is_about_one_token() {
        let create = CreateToken { name: "ci".into(), owner_id: None, length: None };
        for one in [
            Request::read_token(5),
            Request::token_options(5),
            Request::change_token(5, &[]),
            Request::delete_token(5),
            Request::create_token(&create),
        ] {
            assert!(one.is_about_a_token(), "{one:?}");
        }
        for other in [
            Request::list_tokens(MAX_LIMIT, 0, None),
            Request::collection_options(),
            Request::current_user(),
            Request::list_users(MAX_LIMIT, 0),
            Request::read_user(5),
        ] {
            assert!(!other.is_about_a_token(), "{other:?}");
        }
    }

    fn form(token: &CreateToken) -> String {
        match Request::create_token(token).body {
            Some(Body::Form(form)) => form,
            other => panic!("creation is a form, not {other:?}"),
        }
    }

    #[test]
    fn unset_fields_are_left_out() {
        let mut token = CreateToken { name: "ci".into(), owner_id: None, length: None };
        assert_eq!(form(&token), "name=ci");
        token.length = Some(64);
        assert_eq!(form(&token), "name=ci&length=64");
        token.owner_id = Some(3);
        assert_eq!(form(&token), "name=ci&owner_id=3&length=64");
    }

    #[test]
    fn a_name_may_contain_anything() {
        let token = CreateToken { name: "a&owner_id=1 +ü\0%".into(), owner_id: None, length: None };
        assert_eq!(form(&token), "name=a%26owner_id%3D1+%2B%C3%BC%00%25");
    }

    #[test]
    fn paths_follow_the_contract() {
        assert_eq!(Request::list_tokens(100, 200, None).address(), "/api_tokens/?limit=100&offset=200");
        assert_eq!(
            Request::list_tokens(1, 0, Some(-4)).address(),
            "/api_tokens/?limit=1&offset=0&owner_id=-4"
        );
        assert_eq!(Request::read_token(7).path, "/api_tokens/7");
        assert_eq!(Request::delete_token(7).method, Method::Delete);
        assert_eq!(Request::token_options(7).method, Method::Options);
        assert_eq!(Request::collection_options().path, "/api_tokens/");
        assert_eq!(Request::current_user().path, "/users/me");
        assert_eq!(Request::list_users(100, 0).address(), "/users/?limit=100&offset=0");
        assert_eq!(Request::read_user(2).path, "/users/2");
    }

    #[test]
    fn an_edit_is_json_patch() {
        let operations = [Operation::Replace(Field::Name("new".into()))];
        let request = Request::change_token(5, &operations);
        assert_eq!((request.method, request.path.as_str()), (Method::Patch, "/api_tokens/5"));
        let body = request.body.unwrap();
        assert_eq!(body.content_type(), "application/json");
        assert_eq!(body.text(), r#"[{"op":"replace","path":"/name","value":"new"}]"#);
    }

    #[test]
    fn every_request_has_a_time_limit() {
        assert!(!Request::list_tokens(1, 0, None).time_limit.is_zero());
        assert!(Request::delete_token(1).time_limit > Request::read_token(1).time_limit);
    }

    proptest! {
        #[test]
        fn the_form_says_exactly_what_was_asked(
            name in ".*",
            owner_id in proptest::option::of(any::<i64>()),
            length in proptest::option::of(any::<u32>()),
        ) {
            let form = form(&CreateToken { name: name.clone(), owner_id, length });
            let mut expected = vec![("name".to_owned(), name)];
            expected.extend(owner_id.map(|id| ("owner_id".to_owned(), id.to_string())));
            expected.extend(length.map(|n| ("length".to_owned(), n.to_string())));
            let read: Vec<(String, String)> =
                form_urlencoded::parse(form.as_bytes()).map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
