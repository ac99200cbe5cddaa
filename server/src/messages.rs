//! What is wrong with a request, by field: the `messages` of a 422.

use std::collections::BTreeMap;

use serde::Serialize;

/// The key for what is wrong with the whole rather than with one field.
const WHOLE: &str = "_schema";

/// Sentences by field.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Messages(BTreeMap<String, Entry>);

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Entry {
    Sentences(Vec<String>),
    Nested(Messages),
}

impl Messages {
    /// Creates messages with one sentence about the whole.
    pub fn of_whole(sentence: &str) -> Self {
        Self::of(WHOLE, sentence)
    }

    /// Creates messages with one sentence about a field.
    pub fn of(field: &str, sentence: &str) -> Self {
        let mut messages = Self::default();
        messages.add(field, sentence);
        messages
    }

    /// Adds a sentence about a field.
    pub fn add(&mut self, field: &str, sentence: &str) {
        let entry = self.0.entry(field.to_owned()).or_insert_with(|| Entry::Sentences(Vec::new()));
        if let Entry::Sentences(sentences) = entry {
            sentences.push(sentence.to_owned());
        }
    }

    /// Adds the messages about one element of a list.
    pub fn nest(&mut self, index: usize, messages: Messages) {
        self.0.insert(index.to_string(), Entry::Nested(messages));
    }

    /// Returns the value of `result`; if it is an error, adds its sentence and returns `None`.
    pub fn keep<T>(&mut self, field: &str, result: Result<T, &str>) -> Option<T> {
        result.map_err(|sentence| self.add(field, sentence)).ok()
    }

    /// Whether there is a message about a field.
    pub fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// Fails if there are any messages.
    ///
    /// # Errors
    /// These messages.
    pub fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}
