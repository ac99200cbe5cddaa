//! Keeps a draft over a reload of the tab, in `sessionStorage`: what was typed for a new token, and whether it was
//! sent. Never a secret, and never longer than the form or the tab.

use form_urlencoded::{Serializer, parse};
use leptos::prelude::*;

use crate::{session::Session, storage::Storage, tokens::model::draft::Draft, ui::effect_with_last};

/// If storage is unavailable, a reload loses what was typed.
const STORAGE: Storage = Storage::Session;

/// What a draft is kept as on the tab.
const KEPT_AS: &str = "draft";

/// The state of the form when the tab was reloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// What was typed.
    pub(super) typed: Draft,
    /// What was sent to the server, as long as its outcome is unknown.
    pub(super) sent: Option<Draft>,
}

/// Encodes the work as a query string, with the [`Session::storage_owner`] who may read it again.
fn write(storage_owner: &str, work: &Work) -> String {
    let mut text = Serializer::new(String::new());
    text.append_pair("keeper", storage_owner);
    let sent = work.sent.iter().map(|draft| ("sent", draft));
    for (part, draft) in std::iter::once(("typed", &work.typed)).chain(sent) {
        text.append_pair(&format!("{part}-name"), &draft.name)
            .append_pair(&format!("{part}-owner"), &draft.owner)
            .append_pair(&format!("{part}-length"), &draft.length);
    }
    text.finish()
}

/// Returns `None` for text of another form, or of another user.
fn read(text: &str, storage_owner: &str) -> Option<Work> {
    let value =
        |name: &str| parse(text.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let draft = |part: &str| {
        Some(Draft {
            name: value(&format!("{part}-name"))?,
            owner: value(&format!("{part}-owner"))?,
            length: value(&format!("{part}-length"))?,
        })
    };
    (value("keeper")? == storage_owner)
        .then(|| draft("typed").map(|typed| Work { typed, sent: draft("sent") }))
        .flatten()
}

/// Replaces what was kept before. An empty form keeps nothing.
pub(super) fn keep(session: Session, work: Work) {
    if work == Work::default() {
        return clear(session);
    }
    if let Some(storage_owner) = untrack(|| session.storage_owner()) {
        STORAGE.set(&session.tab_key(KEPT_AS), &write(&storage_owner, &work));
    }
}

/// Returns what this user had typed here before the tab was reloaded.
pub(super) fn load(session: Session) -> Option<Work> {
    read(&STORAGE.get(&session.tab_key(KEPT_AS))?, &untrack(|| session.storage_owner())?)
}

pub(super) fn clear(session: Session) {
    STORAGE.remove(&session.tab_key(KEPT_AS));
}

/// Forgets a draft when its user signs out, or when another user signs in after a reload.
pub fn forget_drafts_of_others() {
    let session = Session::expect();
    effect_with_last(move |before: Option<bool>| {
        let is_somebody = session.identity().with(Option::is_some);
        if session.has_left(before, is_somebody) || (is_somebody && load(session).is_none()) {
            clear(session);
        }
        is_somebody
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft() -> impl Strategy<Value = Draft> {
        (".*", ".*", ".*").prop_map(|(name, owner, length)| Draft { name, owner, length })
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in ["", "null", "&&", "keeper=a", "keeper=a&typed-name=b"] {
            assert_eq!(read(text, "a"), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn its_owner_finds_it_again_and_nobody_else(typed in draft(), sent in proptest::option::of(draft())) {
            let work = Work { typed, sent };
            let text = write("user 3 at a", &work);
            prop_assert_eq!(read(&text, "user 4 at a"), None);
            prop_assert_eq!(read(&text, "user 3 at b"), None);
            prop_assert_eq!(read(&text, "user 3 at a"), Some(work));
        }

        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = read(&text, "a");
        }
    }
}
