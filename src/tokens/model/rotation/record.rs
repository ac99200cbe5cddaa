//! What is kept of a rotation: ids, names, and how far it is. Never a secret.

use serde::{Deserialize, Serialize};

use crate::{
    api::{Token, TokenId, UserId},
    json,
};

/// A rotation, as far as the server cannot tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The token that is replaced.
    pub old: TokenId,
    /// Whose it is, and whose the new one will be.
    pub owner: UserId,
    /// The proper name, which the new token gets.
    pub name: String,
    /// The name that the old one gets.
    pub parked: String,
    /// The old one is disabled first, because somebody has it who should not.
    #[serde(default)]
    pub urgent: bool,
    /// The new token, as soon as it is known.
    #[serde(default)]
    pub new: Option<TokenId>,
    /// A creation was sent and it is not known what came of it.
    #[serde(default)]
    pub sent: bool,
    /// Somebody has taken the new secret along.
    #[serde(default)]
    pub handed: bool,
    /// The server has accepted the new secret.
    #[serde(default)]
    pub verified: bool,
    /// It is being taken back.
    #[serde(default)]
    pub undoing: bool,
}

impl Record {
    /// A rotation that begins. `date` is today's, such as `2026-11-24`. A token that is disabled already cannot be
    /// kept working meanwhile, so its rotation is urgent in any case.
    pub fn new(old: &Token, date: &str, urgent: bool) -> Self {
        Self {
            old: old.id,
            owner: old.owner_id,
            name: old.name.clone(),
            parked: format!("{} (rotated {date})", old.name),
            urgent: urgent || !old.enabled,
            new: None,
            sent: false,
            handed: false,
            verified: false,
            undoing: false,
        }
    }

    /// Whether a token is one of the two.
    pub fn concerns(&self, id: TokenId) -> bool {
        self.old == id || self.new == Some(id)
    }

    /// The name for the old token when so many others were taken.
    pub(super) fn parked_name(&self, taken: u32) -> String {
        if taken == 0 { self.parked.clone() } else { format!("{} {}", self.parked, taken + 1) }
    }
}

/// The rotations that one user has begun and not ended, the latest last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Records {
    /// A text that only this user has.
    user: String,
    records: Vec<Record>,
}

impl Records {
    /// None.
    pub fn new(user: &str) -> Self {
        Self { user: user.into(), records: Vec::new() }
    }

    /// What was kept as text. Another user's, or what is not as [`Records::write`] wrote it, is passed over.
    pub fn read(text: &str, user: &str) -> Self {
        let kept = json::read::<Self>(text).filter(|kept| kept.user == user);
        let mut read = Self::new(user);
        for record in kept.into_iter().flat_map(|kept| kept.records) {
            read.put(record);
        }
        read
    }

    /// The text to keep; nothing if there is none.
    pub fn write(&self) -> Option<String> {
        if self.records.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// All of them.
    pub fn all(&self) -> &[Record] {
        &self.records
    }

    /// The rotation that a token belongs to.
    pub fn of(&self, id: TokenId) -> Option<&Record> {
        self.records.iter().find(|record| record.concerns(id))
    }

    /// Takes the place of what was known of the rotation of the same old token.
    pub fn put(&mut self, record: Record) {
        match self.records.iter_mut().find(|known| known.old == record.old) {
            Some(known) => *known = record,
            None => self.records.push(record),
        }
    }

    /// The rotation of an old token has ended.
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
        assert!(!record.urgent && Record::new(&token(5, false), "2026-11-24", false).urgent);
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
