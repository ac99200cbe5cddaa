//! Tokens that can be changed and deleted, for a [`super::Server`].

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use serde_json::Value;

use super::{Reply, Sent};

/// Alice's token 7, on servers that have no other.
pub const TOKEN: &str = r#"{"id": 7, "name": "ci", "owner_id": 3, "enabled": true, "token": "s3cret"}"#;

fn conflict() -> Reply {
    Reply::json(409, r#"{"code": 409, "message": "Conflict"}"#)
}

/// The tokens of a fake server by ID: the name, and whether the token is enabled.
#[derive(Clone, Default)]
pub struct Tokens(Rc<RefCell<BTreeMap<i64, (String, bool)>>>);

impl Tokens {
    /// Creates this many enabled tokens, from ID 1.
    pub fn new(count: i64) -> Self {
        let tokens = Self::default();
        tokens.0.borrow_mut().extend((1..=count).map(|id| (id, (format!("token-{id}"), true))));
        tokens
    }

    pub fn disable(&self, id: i64) {
        if let Some((_, enabled)) = self.0.borrow_mut().get_mut(&id) {
            *enabled = false;
        }
    }

    pub fn remove(&self, id: i64) {
        self.0.borrow_mut().remove(&id);
    }

    pub fn is_there(&self, id: i64) -> bool {
        self.0.borrow().contains_key(&id)
    }

    /// Returns the IDs of the enabled tokens.
    pub fn enabled(&self) -> Vec<i64> {
        self.0.borrow().iter().filter(|(_, (_, enabled))| *enabled).map(|(id, _)| *id).collect()
    }

    /// Returns the name of a token, if it exists.
    pub fn name(&self, id: i64) -> Option<String> {
        self.0.borrow().get(&id).map(|(name, _)| name.clone())
    }

    pub fn rename(&self, id: i64, name: &str) {
        if let Some((before, _)) = self.0.borrow_mut().get_mut(&id) {
            name.clone_into(before);
        }
    }

    /// Answers as a server with these tokens. The secret of token `id` is `s3cret-id`; it is refused while the token
    /// is disabled or gone, and every other secret is accepted. Disabled tokens are listed, too. All tokens belong to
    /// one owner, so their names are unique.
    pub fn answer(&self, sent: &Sent) -> Reply {
        let id = sent.path.strip_prefix("/api_tokens/").and_then(|id| id.parse::<i64>().ok());
        let used = sent.header("X-API-TOKEN").and_then(|it| it.strip_prefix("s3cret-")?.parse::<i64>().ok());
        if used.is_some_and(|used| !self.enabled().contains(&used)) {
            return Reply::not_signed_in();
        }
        match (sent.method.as_str(), id) {
            ("OPTIONS", None) => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
            ("OPTIONS", Some(_)) => Reply::empty(204).with("Allow", "GET, PATCH, DELETE, OPTIONS"),
            ("POST", None) => self.create(&sent.body),
            (_, Some(id)) if !self.is_there(id) => {
                Reply::json(404, r#"{"code": 404, "message": "Not Found"}"#)
            }
            ("DELETE", Some(id)) => {
                self.remove(id);
                Reply::empty(204)
            }
            ("PATCH", Some(id)) => self.change(id, &sent.body),
            (_, Some(id)) => self.one(id),
            _ if sent.path.starts_with("/api_tokens/?") => self.page(&sent.path),
            _ => Reply::json(403, "{}"),
        }
    }

    /// Answers as a server with these tokens, in place of [`Tokens::answer`] where a function is needed.
    pub fn serve(&self) -> impl Fn(&Sent) -> Reply + use<> {
        let tokens = self.clone();
        move |sent| tokens.answer(sent)
    }

    fn is_taken(&self, name: &str, by: Option<i64>) -> bool {
        self.0.borrow().iter().any(|(id, (other, _))| other == name && Some(*id) != by)
    }

    fn create(&self, body: &str) -> Reply {
        let mut fields = form_urlencoded::parse(body.as_bytes());
        let (_, name) = fields.find(|(field, _)| field == "name").expect("a name");
        if self.is_taken(&name, None) {
            return conflict();
        }
        // As in a table that never reuses an ID.
        let id = 100 + self.0.borrow().keys().last().copied().unwrap_or_default();
        self.0.borrow_mut().insert(id, (name.into_owned(), true));
        self.one(id)
    }

    /// Applies `replace` and `test` operations only.
    fn change(&self, id: i64, body: &str) -> Reply {
        let operations: Vec<Value> = serde_json::from_str(body).expect("JSON");
        let (mut name, mut enabled) = self.0.borrow()[&id].clone();
        for operation in operations {
            let (is_test, value) = (operation["op"] == "test", &operation["value"]);
            let path = operation["path"].as_str().expect("a path");
            let now: Value = if path == "/name" { name.as_str().into() } else { enabled.into() };
            match path {
                _ if is_test && now != *value => return Reply::json(500, "null"),
                _ if is_test => {}
                "/name" => value.as_str().expect("a name").clone_into(&mut name),
                _ => enabled = value.as_bool().expect("a flag"),
            }
        }
        if self.is_taken(&name, Some(id)) {
            return conflict();
        }
        self.0.borrow_mut().insert(id, (name, enabled));
        self.one(id)
    }

    fn one(&self, id: i64) -> Reply {
        let all = self.0.borrow();
        let (name, enabled) = &all[&id];
        Reply::json(
            200,
            &format!(
                r#"{{"id": {id}, "name": "{name}", "owner_id": 3, "enabled": {enabled}, "token": "s3cret-{id}",
                     "created": "2024-03-05T06:07:08Z", "updated": null, "last_used": null}}"#
            ),
        )
    }

    fn page(&self, path: &str) -> Reply {
        let number = |name: &str| -> usize {
            let value = path.split(['?', '&']).find_map(|part| part.strip_prefix(name));
            value.and_then(|value| value.parse().ok()).expect("a number")
        };
        let all = self.0.borrow();
        let rows = all.iter().skip(number("offset=")).take(number("limit="));
        let rows: Vec<_> =
            rows.map(|(id, (name, _))| format!(r#"{{"id": {id}, "name": "{name}"}}"#)).collect();
        Reply::json(200, &format!("[{}]", rows.join(",")))
    }
}
