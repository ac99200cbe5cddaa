//! Every body of API.md part 2, every status code, and the promise that no response makes the decoding panic.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::api::{CreateToken, Misunderstanding};

fn answer(status: u16, content_type: &str, body: &str) -> Answer {
    Answer { status, content_type: Some(content_type.into()), body: Some(body.into()), ..Answer::default() }
}

fn ok(body: &str) -> Answer {
    answer(200, "application/json", body)
}

fn read() -> Request {
    Request::read_token(5)
}

fn kind<T>(result: Result<T, Error>) -> ErrorKind {
    match result {
        Ok(_) => panic!("a failure was expected"),
        Err(error) => error.kind,
    }
}

const FULL: &str = r#"{"id": 5, "name": "alice-token-01", "token": "S3cret_.-~", "owner_id": 3, "enabled": true,
    "created": "2020-04-06T13:00:00+00:00", "updated": "2020-04-06T13:00:00.123456+00:00", "last_used": null}"#;

#[test]
fn a_list_of_old_and_new_releases() {
    let request = Request::list_tokens(20, 0, None);
    let rows = token_list(
        &request,
        &ok(r#"[{"id": 5, "name": "a"}, {"id": 6, "name": "b", "resource_type": "ApiToken"}]"#),
    );
    let row = |id, name: &str| TokenSummary { id, name: name.into() };
    assert_eq!(rows, Ok(vec![row(5, "a"), row(6, "b")]));
    assert_eq!(token_list(&request, &ok("[]")), Ok(vec![]));
}

#[test]
fn a_token_without_its_secret() {
    let token = token(&read(), &ok(FULL)).unwrap();
    assert_eq!((token.id, token.owner_id, token.enabled), (5, 3, true));
    assert_eq!(token.last_used, None);
    assert_eq!(token.updated.as_deref(), Some("2020-04-06T13:00:00.123456+00:00"));
    assert!(!format!("{token:?}").contains("S3cret"));
}

#[test]
fn a_creation_keeps_the_secret_but_does_not_print_it() {
    let created = created(&Request::read_token(5), &ok(FULL)).unwrap();
    assert_eq!(created.secret.expose(), "S3cret_.-~");
    assert!(!format!("{created:?}").contains("S3cret"));
    assert_eq!(secret(&read(), &ok(FULL)).unwrap().expose(), "S3cret_.-~");
}

#[test]
fn who_am_i() {
    let body = r#"{"id": 3, "username": "alice", "is_active": true, "is_regular_user": true, "is_admin": false,
        "default_settings": {}, "created": "2020-04-06T13:00:00+00:00", "updated": "2020-04-06T13:00:00+00:00"}"#;
    assert_eq!(user(&Request::current_user(), &ok(body)), Ok(User { id: 3, username: "alice".into() }));
}

#[test]
fn what_is_allowed_or_cannot_be_read() {
    let request = Request::token_options(5);
    let mut options = Answer { status: 204, ..Answer::default() };
    assert_eq!(allowed(&request, &options), Ok(None));
    options.allow = Some(String::new());
    assert_eq!(allowed(&request, &options), Ok(Some(MethodSet::EMPTY)));
    options.allow = Some("DELETE, PATCH, OPTIONS, GET".into());
    assert!(allowed(&request, &options).unwrap().unwrap().contains(Method::Delete));
}

#[test]
fn every_error_of_the_contract() {
    let cases = [
        (401, r#"{"status": 401, "message": "No."}"#, ErrorKind::NotSignedIn),
        (403, r#"{"status": 403, "message": "You don't have the permission."}"#, ErrorKind::NotPermitted),
        (404, r#"{"message": "Not here."}"#, ErrorKind::NotFound),
        (
            405,
            r#"{"message": "The method is not allowed for the requested URL."}"#,
            ErrorKind::MethodNotAllowed(None),
        ),
        (409, r#"{"status": 409, "message": "Failed to create a new API Token."}"#, ErrorKind::Conflict),
        (500, r#"{"message": "Internal Server Error"}"#, ErrorKind::Server(None)),
    ];
    for (status, body, expected) in cases {
        let error = token(&read(), &answer(status, "application/json", body)).unwrap_err();
        assert_eq!(error.kind, expected, "{status}");
        assert_eq!(error.status, Some(status));
        assert!(error.message.is_some_and(|m| body.contains(&m)), "{status}");
        assert_eq!((error.method, error.path.as_str()), (Method::Get, "/api_tokens/5"));
    }
}

#[test]
fn a_405_says_what_is_allowed() {
    let mut refused = answer(405, "application/json", "{}");
    refused.allow = Some("GET".into());
    assert_eq!(kind(nothing(&read(), &refused)), ErrorKind::MethodNotAllowed(Some(MethodSet::parse("GET"))));
    let error = nothing(&Request::delete_token(5), &refused).unwrap_err();
    assert_eq!(refused_method(&error), Some(Method::Delete));
}

#[test]
fn a_422_reaches_its_fields() {
    let body = r#"{"status": 422, "message": "Invalid.", "messages": {"name": ["Too short."], "length": ["Too long."]}}"#;
    let ErrorKind::Invalid(messages) = kind(token(&read(), &answer(422, "application/json", body))) else {
        panic!("422 is Invalid");
    };
    assert_eq!(messages.of("name").collect::<Vec<_>>(), ["Too short."]);
    // A 422 without any details is still a 422.
    assert_eq!(
        kind(token(&read(), &answer(422, "text/plain", "no"))),
        ErrorKind::Invalid(FieldMessages::default())
    );
}

#[test]
fn proxies_answer_in_html() {
    let page = "<!DOCTYPE html><title>Bad Gateway</title>";
    for status in [502, 503, 504] {
        assert_eq!(kind(token(&read(), &answer(status, "text/html", page))), ErrorKind::Server(None));
    }
    assert_eq!(kind(token(&read(), &answer(413, "text/html", page))), ErrorKind::TooLarge);
}

/// A proxy that has lost its route to the API also answers 404, while all tokens are still there.
#[test]
fn only_the_api_says_that_a_token_is_not_there() {
    use Misunderstanding::*;
    let page = "<html><head><title>404 Not Found</title></head></html>";
    let of_a_proxy = [
        ("text/html", page, WebPage),
        // The real server's 404 for an ID that is not an integer; the console never asks for one.
        ("text/html", "<!doctype html><title>404 Not Found</title>", WebPage),
        ("text/plain; charset=utf-8", "404 page not found\n", NotJson),
        ("text/plain", "404", Shape),
        ("application/json", r#"{"message": "Not f"#, NotJson),
        ("", "", Empty),
    ];
    for status in [404, 410] {
        for (content_type, body, why) in of_a_proxy {
            let unclear = answer(status, content_type, body);
            let expected = ErrorKind::NotUnderstood(why);
            assert_eq!(kind(token(&read(), &unclear)), expected, "{body}");
            assert_eq!(kind(deleted(&Request::delete_token(5), &unclear)), expected, "{body}");
            assert_eq!(kind(allowed(&Request::token_options(5), &unclear)), expected, "{body}");
            assert!(expected.leaves_outcome_unknown());
        }
        for body in [r#"{"message": "Not here."}"#, "{}", "null"] {
            let gone = deleted(&Request::delete_token(5), &answer(status, "application/json", body));
            assert_eq!(kind(gone), ErrorKind::NotFound, "{body}");
        }
        // A server may lack these, so it does not matter who says so.
        let missing = answer(status, "text/html", page);
        assert_eq!(kind(user(&Request::current_user(), &missing)), ErrorKind::NotFound);
        assert_eq!(kind(user(&Request::read_user(5), &missing)), ErrorKind::NotFound);
        assert_eq!(kind(user_list(&Request::list_users(20, 0), &missing)), ErrorKind::NotFound);
        assert_eq!(kind(token_list(&Request::list_tokens(20, 0, None), &missing)), ErrorKind::NotFound);
        assert_eq!(kind(allowed(&Request::collection_options(), &missing)), ErrorKind::NotFound);
    }
}

#[test]
fn waiting_times_are_read_and_bounded() {
    let after = |value: &str| {
        let mut busy = answer(429, "text/html", "");
        busy.retry_after = Some(value.into());
        kind(nothing(&read(), &busy))
    };
    assert_eq!(after(" 7 "), ErrorKind::TooManyRequests(Some(Duration::from_secs(7))));
    assert_eq!(after("99999999999"), ErrorKind::TooManyRequests(Some(Duration::from_secs(3600))));
    assert_eq!(
        after("Wed, 21 Oct 2015 07:28:00 GMT"),
        ErrorKind::TooManyRequests(None),
        "nobody knows when it is"
    );
    assert_eq!(after("-1"), ErrorKind::TooManyRequests(None));
}

#[test]
fn a_date_to_wait_for_is_counted_from_the_date_of_the_answer() {
    let after = |date: &str, until: &str| {
        let mut busy = answer(503, "text/html", "");
        busy.date = Some(date.into());
        busy.retry_after = Some(until.into());
        kind(nothing(&read(), &busy)).retry_after().map(|wait| wait.as_secs())
    };
    let date = "Wed, 21 Oct 2015 07:28:00 GMT";
    assert_eq!(after(date, "Wed, 21 Oct 2015 07:28:30 GMT"), Some(30));
    assert_eq!(after(date, "Wed, 21 Oct 2015 09:28:30 GMT"), Some(3600));
    assert_eq!(after(date, "Wed, 21 Oct 2015 07:27:00 GMT"), Some(0));
    assert_eq!(after(date, "tomorrow"), None);
    assert_eq!(after("today", date), None);
}

#[test]
fn success_that_is_none() {
    use Misunderstanding::*;
    let why = |answer: Answer| match kind(token(&read(), &answer)) {
        ErrorKind::NotUnderstood(why) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(why(ok("")), Empty);
    assert_eq!(why(ok(" null ")), Empty);
    assert_eq!(why(ok(r#"{"id": 5, "na"#)), NotJson);
    assert_eq!(why(ok(r#"{"id": "five"}"#)), Shape);
    assert_eq!(why(ok("[]")), Shape);
    assert_eq!(why(answer(200, "text/html; charset=utf-8", "<p>Please sign in")), WebPage);
    assert_eq!(why(answer(200, "application/json", "\n<!doctype HTML><form>")), WebPage);
    assert_eq!(why(Answer { body: None, ..ok("") }), TooLong);
    assert_eq!(
        kind(nothing(&read(), &answer(200, "text/html", "<p>Please sign in"))),
        ErrorKind::NotUnderstood(WebPage)
    );
    // A wrong content type alone is no reason to reject a correct body.
    assert!(token(&read(), &answer(200, "text/plain", FULL)).is_ok());
}

#[test]
fn only_204_is_a_deletion() {
    let request = Request::delete_token(5);
    assert_eq!(deleted(&request, &Answer { status: 204, ..Answer::default() }), Ok(()));
    for body in ["", "null", "{}", "<html>"] {
        let unclear = deleted(&request, &ok(body)).unwrap_err();
        assert!(unclear.kind.leaves_outcome_unknown(), "{body}");
    }
    assert_eq!(kind(deleted(&request, &answer(403, "application/json", "{}"))), ErrorKind::NotPermitted);
}

#[test]
fn redirections_are_not_followed() {
    assert_eq!(kind(token(&read(), &Answer::default())), ErrorKind::Redirected);
    assert_eq!(kind(token(&read(), &answer(302, "text/html", ""))), ErrorKind::Redirected);
    assert_eq!(
        kind(token(&read(), &answer(700, "", ""))),
        ErrorKind::NotUnderstood(Misunderstanding::Status)
    );
}

/// The request was not carried out, so nothing has to be looked up.
#[test]
fn a_status_of_the_client_s_fault_is_a_refusal() {
    assert_eq!(
        kind(token(&read(), &answer(408, "", ""))),
        ErrorKind::Server(None),
        "it is not the console that waited"
    );
    for status in [402, 406, 411, 415, 418, 428, 451, 499] {
        assert_eq!(kind(token(&read(), &answer(status, "text/html", "<html>"))), ErrorKind::Refused);
    }
}

/// A cache or proxy has confused two responses. What is shown, saved and deleted next would be the other token.
#[test]
fn a_response_about_another_token_is_not_the_answer() {
    let wrong = ErrorKind::NotUnderstood(Misunderstanding::Shape);
    for request in [Request::read_token(6), Request::change_token(6, &[])] {
        assert_eq!(kind(token(&request, &ok(FULL))), wrong);
        assert_eq!(kind(secret(&request, &ok(FULL))), wrong);
        assert!(wrong.leaves_outcome_unknown());
    }
}

/// It would be copied and stored in place of one that works.
#[test]
fn a_secret_that_no_request_can_carry_is_none() {
    let wanted = CreateToken { name: "ci".into(), owner_id: None, length: None };
    for text in ["", " ", "two words", "two\\nlines"] {
        let body = ok(&FULL.replace("S3cret_.-~", text));
        let error = kind(created(&Request::create_token(&wanted), &body));
        assert_eq!(error, ErrorKind::NotUnderstood(Misunderstanding::Shape), "{text:?}");
    }
}

#[test]
fn hostile_ids_and_names() {
    let body = |id: &str| ok(&FULL.replace("\"id\": 5", &format!("\"id\": {id}")));
    let large = Request::read_token(9_007_199_254_740_993);
    assert_eq!(token(&large, &body("9007199254740993")).unwrap().id, 9_007_199_254_740_993);
    assert!(token(&read(), &body("99999999999999999999")).is_err());
    assert!(token(&read(), &body("1.5")).is_err());
    let nested = "[".repeat(100_000);
    assert!(token_list(&read(), &ok(&nested)).is_err());
}

/// Generates bodies close to the contract: valid JSON of arbitrary shape that contains the contract's words.
fn near_json() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "id", "name", "token", "owner_id", "enabled", "messages", "message", "0", "path",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".*".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
    .prop_map(|value| value.to_string())
}

proptest! {
    /// DESIGN.md section 5: no panics, whatever the server answers.
    #[test]
    fn nothing_panics_the_decoding(
        status in any::<u16>(),
        content_type in proptest::option::of(".*"),
        allow in proptest::option::of(".*"),
        retry_after in proptest::option::of(".*"),
        date in proptest::option::of(".*"),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..400),
            ".*".prop_map(String::into_bytes),
            near_json().prop_map(String::into_bytes),
        ],
    ) {
        let answer = Answer { status, content_type, allow, retry_after, date, body: Some(body) };
        let request = read();
        let success = (200..=299).contains(&status);
        prop_assert!(token_list(&request, &answer).is_err() || success);
        prop_assert!(token(&request, &answer).is_err() || success);
        prop_assert!(created(&request, &answer).is_err() || success);
        prop_assert!(user(&request, &answer).is_err() || success);
        prop_assert!(user_list(&request, &answer).is_err() || success);
        prop_assert!(nothing(&request, &answer).is_err() || success);
        prop_assert!(allowed(&request, &answer).is_err() || success);
    }

    /// An error never carries a body that might contain a secret: only `message`, shortened.
    #[test]
    fn failures_do_not_carry_secrets(status in 200u16..600, rest in ".*") {
        let body = format!(r#"{{"token": "TOP-SECRET-VALUE", "name": {rest:?}"#);
        for truncated in [&body[..], &body[..30]] {
            if let Err(error) = token(&read(), &answer(status, "application/json", truncated)) {
                let printed = format!("{error:?}");
                prop_assert!(!printed.contains("TOP-SECRET"), "{}", printed);
            }
        }
    }
}

#[test]
fn the_credential_token_is_known_by_its_secret() {
    let answer =
        |body: &str| Answer { status: 200, body: Some(body.as_bytes().to_vec()), ..Answer::default() };
    let full = answer(r#"{"id": 5, "name": "ci", "owner_id": 3, "enabled": true, "token": "s3cret"}"#);
    let own = Credentials::token("s3cret").unwrap();
    assert!(is_about_credential_token(&full, &own));
    assert!(!is_about_credential_token(&full, &Credentials::token("s3cre").unwrap()));
    assert!(!is_about_credential_token(&full, &Credentials::basic("alice", "s3cret").unwrap()));
    // Not every server sends the secret.
    assert!(!is_about_credential_token(&answer(r#"{"id": 5, "name": "ci"}"#), &own));
    assert!(!is_about_credential_token(&answer("null"), &own));
}
