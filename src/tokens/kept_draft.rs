//! A draft survives a reload of the tab, in `sessionStorage`: what was typed for a new token, and whether it was
//! sent. Never a secret, and never longer than the form or the tab.

use form_urlencoded::{Serializer, parse};
use leptos::prelude::*;

use super::model::draft::Draft;
use crate::{
    session::{Identity, Session},
    storage::Storage,
    ui::effect_with_last,
};

/// Where nothing can be kept, a reload costs what was typed.
const STORAGE: Storage = Storage::Session;

/// The one key under which a draft is kept.
const KEY: &str = "credmgr.draft";

/// Who may see a draft again.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    who: String,
    /// A tab may have been at another console of the same origin meanwhile.
    deployment: String,
}

/// What somebody had done when the tab was reloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// What was typed.
    pub(super) typed: Draft,
    /// What was sent to the server, as long as nobody knows what came of it.
    pub(super) sent: Option<Draft>,
}

/// What is kept, in the form of a query.
fn write(owner: &Owner, work: &Work) -> String {
    let mut text = Serializer::new(String::new());
    text.append_pair("who", &owner.who).append_pair("deployment", &owner.deployment);
    let sent = work.sent.iter().map(|draft| ("sent", draft));
    for (part, draft) in std::iter::once(("typed", &work.typed)).chain(sent) {
        text.append_pair(&format!("{part}-name"), &draft.name)
            .append_pair(&format!("{part}-owner"), &draft.owner)
            .append_pair(&format!("{part}-length"), &draft.length);
    }
    text.finish()
}

/// What is not as we wrote it, or somebody else's, is nothing.
fn read(text: &str, owner: &Owner) -> Option<Work> {
    let value =
        |name: &str| parse(text.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let draft = |part: &str| {
        Some(Draft {
            name: value(&format!("{part}-name"))?,
            owner: value(&format!("{part}-owner"))?,
            length: value(&format!("{part}-length"))?,
        })
    };
    let found = Owner { who: value("who")?, deployment: value("deployment")? };
    (found == *owner).then(|| draft("typed").map(|typed| Work { typed, sent: draft("sent") })).flatten()
}

/// Whoever is signed in, if that is certain enough to show them a draft again.
fn owner(session: Session) -> Option<Owner> {
    let who = session.identity().with_untracked(|identity| identity.as_ref().and_then(Identity::certain))?;
    Some(Owner { who, deployment: session.deployment() })
}

/// Takes the place of what was kept before. An empty form keeps nothing.
pub(super) fn keep(session: Session, work: Work) {
    if work == Work::default() {
        return clear();
    }
    if let Some(owner) = owner(session) {
        STORAGE.set(KEY, &write(&owner, &work));
    }
}

/// What this user had typed here before the tab was reloaded.
pub(super) fn load(session: Session) -> Option<Work> {
    read(&STORAGE.get(KEY)?, &owner(session)?)
}

pub(super) fn clear() {
    STORAGE.remove(KEY);
}

/// Forgets a draft when its user signs out, or when somebody else signs in after a reload.
pub fn forget_drafts_of_others() {
    let session = Session::expect();
    effect_with_last(move |before: Option<bool>| {
        let is_somebody = session.identity().with(Option::is_some);
        let left = before.unwrap_or_else(|| session.has_left()) && !is_somebody;
        if left || (is_somebody && load(session).is_none()) {
            clear();
        }
        is_somebody
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owner(who: &str, deployment: &str) -> Owner {
        Owner { who: who.into(), deployment: deployment.into() }
    }

    fn draft() -> impl Strategy<Value = Draft> {
        (".*", ".*", ".*").prop_map(|(name, owner, length)| Draft { name, owner, length })
    }

    #[test]
    fn nonsense_is_passed_over() {
        for text in ["", "null", "&&", "who=a&deployment=b", "who=a&deployment=b&typed-name=c"] {
            assert_eq!(read(text, &owner("a", "b")), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn its_owner_finds_it_again_and_nobody_else(typed in draft(), sent in proptest::option::of(draft())) {
            let work = Work { typed, sent };
            let text = write(&owner("user 3", "a"), &work);
            prop_assert_eq!(read(&text, &owner("user 4", "a")), None);
            prop_assert_eq!(read(&text, &owner("user 3", "b")), None);
            prop_assert_eq!(read(&text, &owner("user 3", "a")), Some(work));
        }

        #[test]
        fn any_text_is_read(text in ".*") {
            let _ = read(&text, &owner("a", "b"));
        }
    }
}
