//! `/tokens/new`: creating is not repeatable.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::support::{
    Clipboard, Clock, Console, Gate, Reply, Sent, Server, described, focus, has_focus, nothing_found, press,
    remember_nameless, remember_token, settle, submit, text_of, type_into, until, value_of,
};

const CREATED: &str =
    r#"{"id": 51, "name": "ci-token", "owner_id": 3, "enabled": true, "token": "s3cret-s3cret-16"}"#;
const POST: &str = "POST /api_tokens/";
const LOOK: &str = "GET /api_tokens/?limit=100&offset=0&owner_id=3";
const LOOK_AT_ALL: &str = "GET /api_tokens/?limit=100&offset=0";

/// Alice's server. The test decides the responses to the creation and to the look-up of a name.
fn answers(create: fn() -> Reply, look: fn() -> Reply) -> impl Fn(&Sent) -> Reply {
    move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) => create(),
        ("OPTIONS", _) => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
        (_, path) if path.starts_with("/users/") => Reply::json(403, "{}"),
        _ => look(),
    }
}

fn found() -> Reply {
    Reply::json(200, r#"[{"id": 50, "name": "other"}, {"id": 51, "name": "ci-token"}]"#)
}

/// Opens the form and types a name.
async fn form(name: &str) -> Console {
    remember_token();
    form_of_whoever_is_remembered(name).await
}

async fn form_of_whoever_is_remembered(name: &str) -> Console {
    let console = Console::open("/tokens/new").await;
    console.shows_form().await;
    type_into(&console.stage.control("Name"), name);
    console
}

fn create(console: &Console) {
    press(&console.stage.button("Create token"));
}

/// Waits for the only creation, and returns its form.
async fn form_sent(server: &Server) -> String {
    until("it was sent", || server.count(POST) == 1).await;
    let sent = server.sent();
    sent.iter().find(|sent| sent.method == "POST").expect("it was sent").body.clone()
}

#[wasm_bindgen_test]
async fn a_new_token_is_handed_over_hidden() {
    let server = Server::start(answers(|| Reply::json(201, CREATED), nothing_found));
    let console = form("ci-token").await;
    create(&console);
    console.says("Token created").await;
    let secret: HtmlElement = console.stage.control("Token");
    assert_eq!(value_of(&secret), "");
    assert!(!console.stage.html().contains("s3cret"), "{}", console.stage.html());
    let before = server.sent().len();
    press(&console.stage.button("Show token"));
    until("the secret is shown", || value_of(&secret) == "s3cret-s3cret-16").await;
    assert_eq!(server.sent().len(), before, "the secret was there already");
}

/// The name is what the user comes to type. A screen reader announces the form together with the field.
#[wasm_bindgen_test]
async fn whoever_comes_to_the_form_types_the_name() {
    let _server = Server::start(answers(|| Reply::Never, nothing_found));
    let console = Console::signed_in("/tokens/new").await;
    let name = || console.stage.find_control::<HtmlElement>("Name");
    until("the name has the focus", || name().is_some_and(|name| has_focus(&name))).await;
    let form = name().and_then(|name| name.closest("form").ok().flatten()).expect("a form");
    assert_eq!(form.get_attribute("aria-label").as_deref(), Some("New token"));
}

#[wasm_bindgen_test]
async fn unset_fields_are_not_sent() {
    let server = Server::start(answers(|| Reply::Never, nothing_found));
    let console = form("ci-token").await;
    create(&console);
    assert_eq!(form_sent(&server).await, "name=ci-token&length=32");
}

#[wasm_bindgen_test]
async fn an_impatient_person_creates_once() {
    let server = Server::start(answers(|| Reply::Never, nothing_found));
    let console = form("ci-token").await;
    create(&console);
    create(&console);
    submit(&console.stage.control("Name"));
    settle().await;
    create(&console);
    settle().await;
    assert_eq!(server.count(POST), 1);
}

#[wasm_bindgen_test]
async fn a_name_that_is_too_short_is_not_sent() {
    let server = Server::start(answers(|| Reply::json(201, CREATED), nothing_found));
    let console = form("ci").await;
    create(&console);
    settle().await;
    let name: HtmlElement = console.stage.control("Name");
    assert!(described(&name).starts_with("Use at least 3 characters."), "{}", described(&name));
    assert!(has_focus(&name));
    assert_eq!(server.count(POST), 0);
}

#[wasm_bindgen_test]
async fn the_servers_complaints_reach_their_fields() {
    const INVALID: &str =
        r#"{"code": 422, "messages": {"name": ["Not this one."], "length": ["Too long."]}}"#;
    let _server = Server::start(answers(|| Reply::json(422, INVALID), nothing_found));
    let console = form("ci-token").await;
    create(&console);
    let (name, length): (HtmlElement, HtmlElement) =
        (console.stage.control("Name"), console.stage.control("Length"));
    until("the name is complained about", || described(&name).starts_with("Not this one.")).await;
    assert!(described(&length).starts_with("Too long."), "{}", described(&length));
    // The focus is on the first wrong field, and nothing typed is lost.
    assert!(has_focus(&name));
    assert_eq!(value_of(&name), "ci-token");
}

#[wasm_bindgen_test]
async fn a_creation_whose_answer_got_lost_is_found() {
    let server = Server::start(answers(|| Reply::NetworkError, found));
    let console = form("ci-token").await;
    create(&console);
    console.says("was created (ID 51)").await;
    assert_eq!(console.stage.link("Open the token").get_attribute("href").as_deref(), Some("/tokens/51"));
    assert_eq!((server.count(POST), server.count(LOOK)), (1, 1));
}

#[wasm_bindgen_test]
async fn a_creation_that_did_not_happen_may_be_tried_again() {
    let server = Server::start(answers(|| Reply::NetworkError, nothing_found));
    let console = form("ci-token").await;
    create(&console);
    console.says("was not created").await;
    settle().await;
    create(&console);
    until("it was sent again", || server.count(POST) == 2).await;
}

/// Another press might create a second token.
#[wasm_bindgen_test]
async fn nothing_is_created_while_the_last_creation_is_in_doubt() {
    let server = Server::start(answers(|| Reply::NetworkError, || Reply::NetworkError));
    let console = form("ci-token").await;
    create(&console);
    console.says("The token may have been created").await;
    settle().await;
    create(&console);
    submit(&console.stage.control("Name"));
    settle().await;
    assert_eq!(server.count(POST), 1);
    let button = console.stage.button("Create token");
    assert_eq!(described(&button), "First check whether the token was created.");
}

#[wasm_bindgen_test]
async fn a_doubt_can_be_settled() {
    let server = Server::start(answers(|| Reply::NetworkError, || Reply::NetworkError));
    let console = form("ci-token").await;
    create(&console);
    console.says("The token may have been created").await;
    settle().await;
    server.now(answers(|| Reply::NetworkError, found));
    let region = console.stage.get("form > .result[role=status]");
    press(&console.stage.button("Check again"));
    // It is read out, since its region was there before.
    until("it was created", || text_of(&region).contains("was created (ID 51)")).await;
    assert_eq!(server.count(POST), 1);
}

/// If the server does not say who the user is, the name is looked up among all tokens that the user may see.
#[wasm_bindgen_test]
async fn without_a_user_a_creation_that_did_not_happen_may_be_tried_again() {
    let server = Server::start(answers(|| Reply::NetworkError, nothing_found));
    remember_nameless();
    let console = form_of_whoever_is_remembered("ci-token").await;
    create(&console);
    console.says("was not created").await;
    settle().await;
    assert_eq!(server.count(LOOK_AT_ALL), 1);
    create(&console);
    until("it was sent again", || server.count(POST) == 2).await;
}

#[wasm_bindgen_test]
async fn without_a_user_what_is_found_may_be_anybodys() {
    let server = Server::start(answers(|| Reply::NetworkError, || Reply::NetworkError));
    remember_nameless();
    let console = form_of_whoever_is_remembered("ci-token").await;
    create(&console);
    console.says("The token may have been created").await;
    settle().await;
    server.now(answers(|| Reply::json(409, "{}"), found));
    press(&console.stage.button("Check again"));
    console.says("There is a token named “ci-token” (ID 51). It may be the one you created.").await;
    assert_eq!(console.stage.link("Open the token").get_attribute("href").as_deref(), Some("/tokens/51"));
    // The server knows, and never has two tokens of the same name and owner.
    settle().await;
    create(&console);
    console.says("There is a token named “ci-token”.").await;
    assert!(console.stage.says("It may also be another owner's"));
    let name: HtmlElement = console.stage.control("Name");
    assert!(described(&name).starts_with("This name is taken"), "{}", described(&name));
}

/// Browsers repeat a POST by themselves when a kept-alive connection breaks, so the user's own creation may cause a
/// 409.
#[wasm_bindgen_test]
async fn a_name_that_is_taken_leads_to_whoever_has_it() {
    let _server = Server::start(answers(|| Reply::json(409, "{}"), found));
    let console = form("ci-token").await;
    create(&console);
    console.says("There is a token named “ci-token”.").await;
    let name: HtmlElement = console.stage.control("Name");
    assert!(described(&name).starts_with("This name is taken"), "{}", described(&name));
    assert_eq!(console.stage.link("Open the token").get_attribute("href").as_deref(), Some("/tokens/51"));
    assert!(console.stage.says("1 action since this page was loaded"), "a refused creation is one, too");
}

/// The reason of the last failure does not apply to a request that was not even sent.
#[wasm_bindgen_test]
async fn a_failure_is_not_told_beside_what_is_wrong_with_the_next_try() {
    let _server = Server::start(answers(|| Reply::json(413, "{}"), nothing_found));
    let console = form("ci-token").await;
    create(&console);
    console.says("The token was not created: the request is too large for the server.").await;
    settle().await;
    type_into(&console.stage.control("Name"), "ci");
    create(&console);
    console.says("Use at least 3 characters.").await;
    assert!(!console.stage.says("The token was not created"));
}

/// A refusal corrects a permission that could not be read, as on another origin.
#[wasm_bindgen_test]
async fn a_refusal_blocks_the_button_and_says_why() {
    let _server = Server::start(|sent| match sent.method.as_str() {
        "OPTIONS" => Reply::empty(204),
        _ => Reply::json(403, "{}"),
    });
    let console = form("ci-token").await;
    assert_eq!(described(&console.stage.button("Create token")), "");
    create(&console);
    let reason = "The server does not allow you to create tokens.";
    until("it is blocked", || described(&console.stage.button("Create token")) == reason).await;
    assert_eq!(value_of(&console.stage.control("Name")), "ci-token");
}

/// `OPTIONS` has the last word: one refusal, whatever its reason, does not block creating for the whole session.
#[wasm_bindgen_test]
async fn after_a_refusal_what_is_allowed_is_asked_again() {
    let server = Server::start(answers(|| Reply::json(403, "{}"), nothing_found));
    let console = form("ci-token").await;
    create(&console);
    console.says("The token was not created").await;
    until("it is asked again", || server.count("OPTIONS /api_tokens/") == 2).await;
    settle().await;
    assert_eq!(described(&console.stage.button("Create token")), "");
    create(&console);
    until("it was sent again", || server.count(POST) == 2).await;
}

/// An admin may not create tokens for root. That does not affect tokens for the admin.
#[wasm_bindgen_test]
async fn an_owner_that_is_refused_blocks_nothing_else() {
    let server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) if sent.body.contains("owner_id=1&") => {
            Reply::json(403, r#"{"status": 403, "message": "Not for other users."}"#)
        }
        ("POST", _) => Reply::json(201, CREATED),
        (_, path) if path.starts_with("/users/") => Reply::json(200, r#"[{"id": 1, "username": "root"}]"#),
        // The permission cannot be read, so that a learned refusal stays.
        ("OPTIONS", _) => Reply::empty(204),
        _ => nothing_found(),
    });
    let console = form("ci-token").await;
    let owner: HtmlElement = console.stage.control("Owner");
    until("root can be chosen", || text_of(&owner).contains("root (ID 1)")).await;
    type_into(&owner, "1");
    create(&console);
    let words =
        "You are not allowed to create tokens for this owner. The server says: “Not for other users.”";
    until("the owner is complained about", || described(&owner).starts_with(words)).await;
    assert!(has_focus(&owner));
    settle().await;
    assert_eq!(described(&console.stage.button("Create token")), "");
    assert_eq!(server.count("OPTIONS /api_tokens/"), 1);
    type_into(&owner, "");
    create(&console);
    console.says("Token created").await;
}

/// The form appears at once, the users when they have arrived.
#[wasm_bindgen_test]
async fn owners_can_be_chosen_where_users_may_be_listed() {
    let gate = Gate::default();
    let hold = gate.clone();
    let server = Server::start(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) => Reply::Never,
        (_, "/users/?limit=100&offset=0") => hold.hold(),
        _ => Reply::empty(204),
    });
    let console = form("ci-token").await;
    gate.release(Reply::json(200, r#"[{"id": 3, "username": "alice"}, {"id": 4, "username": "bob"}]"#)).await;
    let owner: HtmlElement = console.stage.control("Owner");
    until("bob can be chosen", || owner.text_content().unwrap_or_default().contains("bob (ID 4)")).await;
    type_into(&owner, "4");
    create(&console);
    assert_eq!(form_sent(&server).await, "name=ci-token&owner_id=4&length=32");
}

#[wasm_bindgen_test]
async fn whoever_may_not_list_users_may_still_create_for_others() {
    let server = Server::start(answers(|| Reply::Never, nothing_found));
    let console = form("ci-token").await;
    let is_input = || console.stage.find_control::<web_sys::HtmlInputElement>("Owner").is_some();
    until("the owner is typed", is_input).await;
    let owner: HtmlElement = console.stage.control("Owner");
    assert!(described(&owner).ends_with("You are not allowed to list users."), "{}", described(&owner));
    type_into(&owner, "4");
    create(&console);
    assert_eq!(form_sent(&server).await, "name=ci-token&owner_id=4&length=32");
}

/// The choice comes first, so it may have the focus when the text field replaces it, which then takes the focus over.
#[wasm_bindgen_test]
async fn the_focus_stays_at_the_owner() {
    let gate = Gate::default();
    let hold = gate.clone();
    let _server = Server::start(move |sent| match sent.path.as_str() {
        path if path.starts_with("/users/") => hold.hold(),
        _ => answers(|| Reply::Never, nothing_found)(sent),
    });
    let console = form("ci-token").await;
    focus(&console.stage.control("Owner"));
    gate.release(Reply::json(403, "{}")).await;
    let typed = || console.stage.find_control::<web_sys::HtmlInputElement>("Owner");
    until("the focus is where it is typed", || typed().is_some_and(|input| has_focus(&input))).await;
}

/// Their names are still used: the list shows them.
#[wasm_bindgen_test]
async fn with_too_many_users_an_owner_has_a_number() {
    let _server = Server::start(|sent| {
        let offset = sent.path.strip_prefix("/users/?limit=100&offset=").map(|at| at.parse::<i64>());
        match (sent.method.as_str(), offset) {
            (_, Some(Ok(offset))) => {
                let users =
                    (offset..offset + 100).map(|id| format!(r#"{{"id": {id}, "username": "user-{id}"}}"#));
                Reply::json(200, &format!("[{}]", users.collect::<Vec<_>>().join(",")))
            }
            ("OPTIONS", _) => Reply::empty(204),
            _ => nothing_found(),
        }
    });
    let console = form("ci-token").await;
    let words = "There are too many users to list";
    until("the owner is typed", || console.stage.says(words)).await;
    assert!(console.stage.find_control::<web_sys::HtmlInputElement>("Owner").is_some());
}

#[wasm_bindgen_test]
async fn without_a_list_of_users_an_owner_has_a_number() {
    let server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", _) => Reply::Never,
        (_, path) if path.starts_with("/users/") => Reply::json(404, "null"),
        _ => Reply::empty(204),
    });
    let console = form("ci-token").await;
    let is_input = || console.stage.find_control::<web_sys::HtmlInputElement>("Owner").is_some();
    until("the owner is typed", is_input).await;
    type_into(&console.stage.control("Owner"), " 4 ");
    create(&console);
    assert_eq!(form_sent(&server).await, "name=ci-token&owner_id=4&length=32");
}

/// A failure is not a result: the next form asks again.
#[wasm_bindgen_test]
async fn users_that_could_not_be_loaded_are_asked_for_again() {
    let server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, path) if path.starts_with("/users/") => Reply::json(400, "{}"),
        ("GET", _) => Reply::json(200, "[]"),
        _ => Reply::empty(204),
    });
    let console = form("ci-token").await;
    let typed = || console.stage.find_control::<web_sys::HtmlInputElement>("Owner");
    until("the owner is typed", || typed().is_some()).await;
    let words = described(&typed().expect("it is there"));
    assert!(words.ends_with("The server's users could not be loaded."), "{words}");
    server.now(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, path) if path.starts_with("/users/") => Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#),
        ("GET", _) => Reply::json(200, "[]"),
        _ => Reply::empty(204),
    });
    type_into(&console.stage.control("Name"), "");
    press(&console.stage.link("API tokens"));
    until("the list", || console.address() == "/tokens").await;
    press(&console.stage.link("New token"));
    let choices = || console.stage.find_control::<HtmlElement>("Owner").map(|owner| text_of(&owner));
    until("bob can be chosen", || choices().is_some_and(|words| words.contains("bob (ID 4)"))).await;
}

/// Somebody may have been added meanwhile.
#[wasm_bindgen_test]
async fn users_that_were_read_a_while_ago_are_read_again() {
    const USERS: &str = "GET /users/?limit=100&offset=0";
    let clock = Clock::stopped();
    let server = Server::start(|sent| match (sent.method.as_str(), sent.path.as_str()) {
        (_, path) if path.starts_with("/users/") => Reply::json(200, r#"[{"id": 4, "username": "bob"}]"#),
        ("GET", _) => Reply::json(200, "[]"),
        _ => Reply::empty(204),
    });
    let console = Console::signed_in("/tokens/new").await;
    let choices = || console.stage.find_control::<HtmlElement>("Owner").map(|owner| text_of(&owner));
    let offers = |name: &str| choices().is_some_and(|words| words.contains(name));
    until("bob can be chosen", || offers("bob (ID 4)")).await;
    for (seconds, requests) in [(50, 1), (11, 2)] {
        settle().await;
        press(&console.stage.link("API tokens"));
        until("the list", || console.address() == "/tokens").await;
        clock.advance(Duration::from_secs(seconds));
        let gate = Gate::default();
        let hold = gate.clone();
        server.now(move |sent| match (sent.method.as_str(), sent.path.as_str()) {
            (_, path) if path.starts_with("/users/") => hold.hold(),
            ("GET", _) => Reply::json(200, "[]"),
            _ => Reply::empty(204),
        });
        press(&console.stage.link("New token"));
        until("bob can be chosen", || offers("bob (ID 4)")).await;
        settle().await;
        assert_eq!(server.count(USERS), requests, "after {seconds} s more");
        if requests == 2 {
            gate.release(Reply::json(200, r#"[{"id": 5, "username": "carol"}]"#)).await;
            until("carol can be chosen", || offers("carol (ID 5)")).await;
        }
    }
}

async fn created() -> (Server, Console) {
    let server = Server::start(answers(|| Reply::json(201, CREATED), nothing_found));
    let console = form("ci-token").await;
    create(&console);
    console.says("Token created").await;
    (server, console)
}

#[wasm_bindgen_test]
async fn leaving_without_the_secret_asks() {
    let (_server, console) = created().await;
    // A secret that was shown is not yet copied or downloaded.
    press(&console.stage.button("Show token"));
    until("the secret is shown", || !value_of(&console.stage.control::<HtmlElement>("Token")).is_empty())
        .await;
    press(&console.stage.button("Done"));
    until("the question", || console.stage.says("Leave without the secret?")).await;
    assert!(console.stage.says("You can see it again on"));
    press(&console.stage.button("Leave"));
    until("the list", || console.address() == "/tokens").await;
}

#[wasm_bindgen_test]
async fn snippets_name_a_variable_and_the_deployment() {
    let (_server, console) = created().await;
    press(&console.stage.button("Show token"));
    until("the secret is shown", || !value_of(&console.stage.control::<HtmlElement>("Token")).is_empty())
        .await;
    until("the snippets", || console.stage.all("pre").len() == 5).await;
    let snippets: Vec<_> = console.stage.all("pre").iter().filter_map(|pre| pre.text_content()).collect();
    assert_eq!(snippets[0], "X-API-TOKEN: ${CI_TOKEN}");
    assert!(snippets[1].contains("/api/v1/api_tokens/") && snippets[1].contains("http"), "{}", snippets[1]);
    for snippet in snippets {
        assert!(snippet.contains("CI_TOKEN") && !snippet.contains("s3cret"), "{snippet}");
    }
    let clipboard = Clipboard::working();
    press(&console.stage.button("Copy HTTP header"));
    console.says("HTTP header: copied.").await;
    assert_eq!(clipboard.text(), "X-API-TOKEN: ${CI_TOKEN}");
    // A snippet does not contain the secret.
    press(&console.stage.button("Done"));
    until("the question", || console.stage.says("Leave without the secret?")).await;
}
