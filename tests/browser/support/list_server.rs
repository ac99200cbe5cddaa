//! The list of a fake server, in whatever order and with whatever gaps a test wants, and the requests for it.

use std::{cell::RefCell, rc::Rc};

use super::{Gate, Reply, Sent, Server};

/// The tokens of a server, in its order. The test may change them while the console reads. Changes that the console
/// sends are not applied; for these, see [`super::Tokens`].
#[derive(Clone)]
pub struct ListServer(Rc<RefCell<Vec<(i64, String)>>>);

impl ListServer {
    pub fn of(rows: &[(i64, &str)]) -> Self {
        rows.iter().map(|(id, name)| (*id, (*name).to_owned())).collect()
    }

    /// Creates `token-1`, `token-2` and so on.
    pub fn many(count: i64) -> Self {
        (1..=count).map(|id| (id, format!("token-{id}"))).collect()
    }

    pub fn change(&self, change: impl FnOnce(&mut Vec<(i64, String)>)) {
        change(&mut self.0.borrow_mut());
    }

    fn page(&self, sent: &Sent) -> Reply {
        let number = |name: &str| parameter(sent, name).and_then(|text| text.parse::<usize>().ok());
        self.rows(number("offset").unwrap_or(0), number("limit").unwrap_or(100))
    }

    pub fn rows(&self, offset: usize, limit: usize) -> Reply {
        let rows = self.0.borrow();
        let rows = rows.iter().skip(offset).take(limit);
        let rows: Vec<_> = rows.map(|(id, name)| format!(r#"{{"id": {id}, "name": "{name}"}}"#)).collect();
        Reply::json(200, &format!("[{}]", rows.join(",")))
    }

    /// Tokens with odd IDs are enabled, and those with IDs divisible by three were never used. The greater the ID of
    /// another token, the earlier it was last used.
    pub fn detail(&self, id: i64) -> Reply {
        let rows = self.0.borrow();
        let Some((_, name)) = rows.iter().find(|row| row.0 == id) else { return Reply::json(404, "null") };
        Reply::json(200, &detail(id, name, id % 2 == 1))
    }

    pub fn answer(&self, sent: &Sent) -> Reply {
        match sent.method.as_str() {
            "OPTIONS" => Reply::empty(204).with("Allow", "GET, POST, PATCH, DELETE, OPTIONS"),
            _ if sent.is_list() => self.page(sent),
            _ => detail_id(sent).map_or_else(|| Reply::json(403, "{}"), |id| self.detail(id)),
        }
    }

    /// Answers all requests.
    pub fn serve(&self) -> impl Fn(&Sent) -> Reply + use<> {
        let tokens = self.clone();
        move |sent| tokens.answer(sent)
    }

    /// Answers all requests except those for pages from this offset on, which wait at the gate.
    pub fn serve_until(&self, offset: u64, gate: &Gate) -> impl Fn(&Sent) -> Reply + use<> {
        let (tokens, gate) = (self.clone(), gate.clone());
        move |sent| {
            if sent.is_list() && offset_of(sent) >= offset { gate.hold() } else { tokens.answer(sent) }
        }
    }

    /// Answers requests for the list, and no others.
    pub fn serve_list_only(&self) -> impl Fn(&Sent) -> Reply + use<> {
        let tokens = self.clone();
        move |sent| if sent.is_list() { tokens.page(sent) } else { Reply::Never }
    }

    /// Answers all requests except those for details, which wait at the gate.
    pub fn hold_details(&self, gate: &Gate) -> impl Fn(&Sent) -> Reply + use<> {
        let (tokens, gate) = (self.clone(), gate.clone());
        move |sent| if detail_id(sent).is_some() { gate.hold() } else { tokens.answer(sent) }
    }

    /// Answers all requests, but those for the details of one token in another way.
    pub fn serve_but<R: Fn() -> Reply>(&self, id: i64, reply: R) -> impl Fn(&Sent) -> Reply + use<R> {
        let tokens = self.clone();
        move |sent| if detail_id(sent) == Some(id) { reply() } else { tokens.answer(sent) }
    }

    /// Answers like a server that no longer answers requests for the list. Changes succeed, with fixed answers.
    pub fn serve_without_list(&self) -> impl Fn(&Sent) -> Reply + use<> {
        let tokens = self.clone();
        move |sent| match sent.method.as_str() {
            "GET" if sent.is_list() => Reply::Never,
            "POST" => Reply::json(201, &detail(51, "made-here", true)),
            "PATCH" => Reply::json(200, &detail(2, "renamed-here", false)),
            "DELETE" => Reply::empty(204),
            _ => tokens.answer(sent),
        }
    }
}

impl FromIterator<(i64, String)> for ListServer {
    fn from_iter<T: IntoIterator<Item = (i64, String)>>(rows: T) -> Self {
        Self(Rc::new(RefCell::new(rows.into_iter().collect())))
    }
}

/// Returns the details of a token as JSON.
pub fn detail(id: i64, name: &str, enabled: bool) -> String {
    let used =
        if id % 3 == 0 { "null".to_owned() } else { format!(r#""{}-01-01T00:00:00Z""#, 2020 - id % 1000) };
    format!(
        r#"{{"id": {id}, "name": "{name}", "owner_id": 3, "enabled": {enabled}, "token": "s3cret-{id}",
             "created": "2024-03-05T06:07:08Z", "updated": null, "last_used": {used}}}"#
    )
}

/// Returns the ID, if this requests the details of a row.
pub fn detail_id(sent: &Sent) -> Option<i64> {
    (sent.method == "GET").then(|| sent.path.strip_prefix("/api_tokens/")?.parse().ok()).flatten()
}

/// Returns how many requests for details arrived.
pub fn details_sent(server: &Server) -> usize {
    server.sent().iter().filter(|sent| detail_id(sent).is_some()).count()
}

/// Returns the value of a parameter of the query.
pub fn parameter(sent: &Sent, name: &str) -> Option<String> {
    let (_, query) = sent.path.split_once('?')?;
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    pair.map(str::to_owned)
}

pub fn offset_of(sent: &Sent) -> u64 {
    parameter(sent, "offset").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Returns the offsets of the requested pages.
pub fn offsets(server: &Server) -> Vec<u64> {
    server.sent().iter().filter(|sent| sent.is_list()).map(offset_of).collect()
}
