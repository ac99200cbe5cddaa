//! The stored part of a rotation: IDs, names, and its progress. Never a secret.

use serde::{Deserialize, Serialize};

use crate::{
    api::{Token, TokenId, UserId},
    json,
    tokens::model::edit::Values,
};

const fn yes() -> bool {
    true
}

/// The part of a rotation that the server cannot tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The token that is replaced.
    pub old: TokenId,
    /// The owner of the old token, who will own the new one too.
    pub owner: UserId,
    /// The proper name, which the new token gets.
    pub name: String,
    /// The name that the old token gets.
    pub parked: String,
    /// Whether the old token was enabled before the rotation. Records of earlier releases do not say so.
    #[serde(default = "yes")]
    pub was_enabled: bool,
    /// Whether the user chose to disable the old token first, because its secret has leaked; see
    /// [`Record::is_urgent`].
    #[serde(default)]
    pub urgent: bool,
    /// Whether a request was sent that changes something. Until then the old token is as it was before the rotation.
    #[serde(default = "yes")]
    pub begun: bool,
    /// The new token, as soon as its ID is known.
    #[serde(default)]
    pub new: Option<TokenId>,
    /// Whether a creation was sent whose outcome is not known.
    #[serde(default)]
    pub sent: bool,
    /// Whether the user has copied or downloaded the new secret.
    #[serde(default)]
    pub handed: bool,
    /// Whether the server has accepted the new secret.
    #[serde(default)]
    pub verified: bool,
    /// Whether the rotation is being undone.
    #[serde(default)]
    pub undoing: bool,
}

impl Record {
    /// Creates the record of a rotation that begins. `date` is today's date, such as `2026-11-24`.
    pub fn new(old: &Token, date: &str, urgent: bool) -> Self {
        Self {
            old: old.id,
            owner: old.owner_id,
            name: old.name.clone(),
            parked: format!("{} (rotated {date})", old.name),
            was_enabled: old.enabled,
            urgent,
            begun: false,
            new: None,
            sent: false,
            handed: false,
            verified: false,
            undoing: false,
        }
    }

    /// Takes the values that the old token has now. Does nothing once the rotation has changed something.
    ///
    /// The record was made from the token as the page had loaded it, which may be a while ago. Under an obsolete name
    /// the new token would not be found by those who use it, and undoing would revert what somebody else did.
    pub(super) fn take_present(&mut self, now: &Values) {
        if self.begun {
            return;
        }
        if let Some(addition) = self.parked.strip_prefix(&self.name) {
            self.parked = format!("{}{addition}", now.name);
            self.name.clone_from(&now.name);
        }
        self.was_enabled = now.enabled;
    }

    /// Whether the old token is disabled before the new one is in place. A token that was disabled already cannot be
    /// kept working meanwhile, so its rotation is always urgent.
    pub const fn is_urgent(&self) -> bool {
        self.urgent || !self.was_enabled
    }

    /// Whether a token is the old or the new one.
    pub fn concerns(&self, id: TokenId) -> bool {
        self.old == id || self.new == Some(id)
    }

    /// Returns the name for the old token after `taken` such names turned out to be taken.
    pub(super) fn parked_name(&self, taken: u32) -> String {
        if taken == 0 { self.parked.clone() } else { format!("{} {}", self.parked, taken + 1) }
    }

    /// Whether a name is one that the rotation gives this token, or that the old one had before.
    pub(super) fn gives_name(&self, id: TokenId, name: &str) -> bool {
        let is_parked = || {
            let number = name.strip_prefix(&self.parked)?;
            Some(number.is_empty() || number.strip_prefix(' ')?.bytes().all(|digit| digit.is_ascii_digit()))
        };
        name == self.name || (id == self.old && is_parked() == Some(true))
    }
}

/// The unfinished rotations of one user, the latest last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// A text that is unique to this user.
    user: String,
    records: Vec<Record>,
}

impl Records {
    /// Creates an empty list.
    pub fn new(user: &str) -> Self {
        Self { user: user.into(), records: Vec::new() }
    }

    /// Reads the stored text. A text of another user, or one that [`Records::write`] did not write, is ignored.
    pub fn read(text: &str, user: &str) -> Self {
        let kept = json::read::<Self>(text).filter(|kept| kept.user == user);
        let mut read = Self::new(user);
        for record in kept.into_iter().flat_map(|kept| kept.records) {
            read.put(record);
        }
        read
    }

    /// Returns the text to store; `None` if there is no rotation.
    pub fn write(&self) -> Option<String> {
        if self.records.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Returns the rotation that a token belongs to.
    pub fn of(&self, id: TokenId) -> Option<&Record> {
        self.records.iter().find(|record| record.concerns(id))
    }

    /// Adds a record, or replaces the one of the same old token.
    pub fn put(&mut self, record: Record) {
        match self.records.iter_mut().find(|known| known.old == record.old) {
            Some(known) => *known = record,
            None => self.records.push(record),
        }
    }

    /// Removes the rotation of an old token, which has ended.
    pub fn remove(&mut self, old: TokenId) {
        self.records.retain(|record| record.old != old);
    }
}

#[cfg(test)]
mod record_tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tokens::model::rotation::sample;

    fn token(id: TokenId, enabled: bool) -> Token {
        Token { id, enabled, ..sample() }
    }

    #[test]
    fn names_for_the_old_token() {
        let record = Record::new(&token(5, true), "2026-11-24", false);
        assert_eq!(record.parked_name(0), "ci (rotated 2026-11-24)");
        assert_eq!(record.parked_name(1), "ci (rotated 2026-11-24) 2");
        assert!(!record.is_urgent() && Record::new(&token(5, false), "2026-11-24", false).is_urgent());
    }

    #[test]
    fn names_that_the_rotation_gives() {
        let record = Record::new(&token(5, true), "2026-11-24", false);
        for name in ["ci", "ci (rotated 2026-11-24)", "ci (rotated 2026-11-24) 12"] {
            assert!(record.gives_name(5, name), "{name}");
            assert_eq!(record.gives_name(60, name), name == "ci", "{name}");
        }
        for name in [
            "",
            "cd",
            "ci (rotated 2026-11-25)",
            "ci (rotated 2026-11-24) of Bob",
            "ci (rotated 2026-11-24)2",
        ] {
            assert!(!record.gives_name(5, name), "{name}");
        }
    }

    #[test]
    fn until_something_is_changed_the_token_is_taken_as_it_is() {
        let mut record = Record::new(&token(5, true), "2026-11-24", false);
        record.take_present(&Values { name: "cd".into(), enabled: false });
        assert_eq!((record.name.as_str(), record.parked.as_str()), ("cd", "cd (rotated 2026-11-24)"));
        assert!(!record.was_enabled && record.is_urgent() && !record.urgent);
        record.take_present(&Values { name: "cd".into(), enabled: true });
        assert!(record.was_enabled && !record.is_urgent(), "the order that was chosen");
        record.begun = true;
        let before = record.clone();
        record.take_present(&Values { name: "other".into(), enabled: false });
        assert_eq!(record, before);
    }

    /// Every rotation of an earlier release counts as begun, with a token that was enabled.
    #[test]
    fn records_of_earlier_releases_are_read() {
        let text = r#"{"user":"user 3","records":[{"old":5,"owner":3,"name":"ci","parked":"ci (rotated)","urgent":true}]}"#;
        let records = Records::read(text, "user 3");
        let record = records.of(5).expect("a record");
        assert!(record.was_enabled && record.begun && record.is_urgent());
    }

    #[test]
    fn a_rotation_is_found_by_both_its_tokens() {
        let mut records = Records::new("user 3");
        records.put(Record { new: Some(60), ..Record::new(&token(5, true), "2026-11-24", false) });
        assert!(records.of(5).is_some() && records.of(60).is_some() && records.of(6).is_none());
        records.remove(5);
        assert_eq!(records.write(), None);
    }

    #[test]
    fn nonsense_and_what_is_somebody_elses_is_passed_over() {
        let mut records = Records::new("user 3");
        records.put(Record::new(&token(5, true), "2026-11-24", false));
        let text = records.write().unwrap();
        assert_eq!(Records::read(&text, "user 3"), records);
        for text in [text.as_str(), "", "null", "{}", r#"{"user":"user 4","records":[{"old":"x"}]}"#] {
            assert_eq!(Records::read(text, "user 4"), Records::new("user 4"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".*") {
            Records::read(&text, "a");
        }
    }
}
