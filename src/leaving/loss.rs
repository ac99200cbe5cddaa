//! What would be lost by leaving, in words.

/// What would be lost by leaving now, as the question says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The question, such as "Leave without saving?".
    pub question: &'static str,
    /// What would be lost, in a sentence.
    pub sentence: String,
}

impl Loss {
    /// Something typed or changed would be lost.
    pub fn of_unsaved(sentence: impl Into<String>) -> Self {
        Self { question: "Leave without saving?", sentence: sentence.into() }
    }

    /// What is under way goes on, and its result would not be heard.
    pub fn of_result(sentence: impl Into<String>) -> Self {
        Self { question: "Leave without the result?", sentence: sentence.into() }
    }
}
