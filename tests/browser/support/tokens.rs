//! Tokens that can be changed and deleted, for a [`super::Server`].

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{Reply, Sent};

/// The tokens of a fake server, by id: name, and whether they are enabled.
#[derive(Clone, Default)]
pub struct Tokens(Rc<RefCell<BTreeMap<i64, (String, bool)>>>);

impl Tokens {
    /// So many enabled tokens, from 1 on.
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

    /// The ids of those that are enabled.
    pub fn enabled(&self) -> Vec<i64> {
        self.0.borrow().iter().filter(|(_, (_, enabled))| *enabled).map(|(id, _)| *id).collect()
    }

    /// What a server with these tokens answers. The secret of token `id` is `secret-id`. Disabled tokens are
    /// listed, too.
    pub fn answer(&self, sent: &Sent) -> Reply {
        let id = sent.path.strip_prefix("/api_tokens/").and_then(|id| id.parse::<i64>().ok());
        match (sent.method.as_str(), id) {
            ("OPTIONS", None) => Reply::empty(204).with("Allow", "GET, POST, OPTIONS"),
            ("OPTIONS", Some(_)) => Reply::empty(204).with("Allow", "GET, PATCH, DELETE, OPTIONS"),
            (_, Some(id)) if !self.is_there(id) => {
                Reply::json(404, r#"{"code": 404, "message": "Not Found"}"#)
            }
            ("DELETE", Some(id)) => {
                self.remove(id);
                Reply::empty(204)
            }
            ("PATCH", Some(id)) => {
                if let Some((_, enabled)) = self.0.borrow_mut().get_mut(&id) {
                    let sets = |value: bool| {
                        sent.body.contains(&format!(r#""replace","path":"/enabled","value":{value}"#))
                    };
                    *enabled = sets(true) || (*enabled && !sets(false));
                }
                self.one(id)
            }
            (_, Some(id)) => self.one(id),
            _ if sent.path.starts_with("/api_tokens/?") => self.page(&sent.path),
            _ => Reply::json(403, "{}"),
        }
    }

    fn one(&self, id: i64) -> Reply {
        let all = self.0.borrow();
        let (name, enabled) = &all[&id];
        Reply::json(
            200,
            &format!(
                r#"{{"id": {id}, "name": "{name}", "owner_id": 3, "enabled": {enabled}, "token": "secret-{id}",
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
