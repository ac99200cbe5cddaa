//! What would be lost by leaving, in words.

/// What would be lost by leaving now, as stated in the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The question, such as "Leave without saving?".
    pub question: &'static str,
    /// What would be lost, as a sentence.
    pub sentence: String,
}

impl Loss {
    /// Creates the loss of something typed or changed.
    pub fn of_unsaved(sentence: impl Into<String>) -> Self {
        Self { question: "Leave without saving?", sentence: sentence.into() }
    }

    /// Creates the loss of a result: what is in progress continues, but the user would not learn its result.
    pub fn of_result(sentence: impl Into<String>) -> Self {
        Self { question: "Leave without knowing the result?", sentence: sentence.into() }
    }
}
