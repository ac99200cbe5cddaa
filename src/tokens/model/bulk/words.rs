//! A bulk act in words: the question, the result of each token, and the numbers.

use super::{
    BulkAct,
    outcome::{Failure, Outcome},
    plan::{Exclusion, Plan},
    run::Summary,
};
use crate::{
    api::{Error, TokenId},
    failure,
    leaving::Loss,
    tokens::model::selection::Counts,
};

/// A function that writes a number in the user's language.
pub type Count = fn(usize) -> String;

/// A function that returns what a sentence calls a token.
pub type Called<'a> = &'a dyn Fn(TokenId) -> String;

impl BulkAct {
    /// Returns the label of the button.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::Disable => "Disable",
            Self::Delete => "Delete",
        }
    }

    /// Returns the past tense, for the beginning of a sentence.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Enable => "Enabled",
            Self::Disable => "Disabled",
            Self::Delete => "Deleted",
        }
    }

    /// Returns the phrase for an attempt, for the beginning of a sentence.
    pub const fn tried(self) -> &'static str {
        match self {
            Self::Enable => "Tried to enable",
            Self::Disable => "Tried to disable",
            Self::Delete => "Tried to delete",
        }
    }

    /// Returns the present participle, for the beginning of a sentence.
    pub const fn doing(self) -> &'static str {
        match self {
            Self::Enable => "Enabling",
            Self::Disable => "Disabling",
            Self::Delete => "Deleting",
        }
    }

    /// Returns the past participle, for use within a sentence.
    pub const fn participle(self) -> &'static str {
        match self {
            Self::Enable => "enabled",
            Self::Disable => "disabled",
            Self::Delete => "deleted",
        }
    }

    /// Returns what the act means for those who use the tokens. `included` is the number of tokens.
    pub const fn consequence(self, included: usize) -> &'static str {
        match (self, included) {
            (Self::Enable, 1) => "The server accepts it again at once.",
            (Self::Enable, _) => "The server accepts them again at once.",
            (Self::Disable, 1) => {
                "Whatever uses it stops working at once, until it is enabled again. Some servers do not \
                 list disabled tokens. The latest are kept under “Recently disabled” on this tab."
            }
            (Self::Disable, _) => {
                "Whatever uses them stops working at once, until they are enabled again. Some servers do \
                 not list disabled tokens. The latest are kept under “Recently disabled” on this tab."
            }
            (Self::Delete, 1) => {
                "Whatever uses it stops working at once. This cannot be undone. To test whether it is still \
                 needed, disable it instead."
            }
            (Self::Delete, _) => {
                "Whatever uses them stops working at once. This cannot be undone. To test whether they are \
                 still needed, disable them instead."
            }
        }
    }

    /// Returns the act that its failures are reported for.
    pub const fn failed_act(self) -> failure::FailedAction {
        match self {
            Self::Enable | Self::Disable => failure::FailedAction::SaveStatus,
            Self::Delete => failure::FailedAction::DeleteToken,
        }
    }

    /// Whether the user has to type the number of tokens to confirm, as for deleting more than one.
    pub const fn asks_for_count(self, included: usize) -> bool {
        matches!(self, Self::Delete) && included > 1
    }
}

/// Returns the number with the word "token" or "tokens".
pub fn tokens(number: usize, count: Count) -> String {
    if number == 1 { "1 token".into() } else { format!("{} tokens", count(number)) }
}

/// Returns how many tokens are selected, and how many of them the filters hide.
pub fn selected(counts: Counts, count: Count) -> String {
    let all = count(counts.shown + counts.hidden);
    match counts.hidden {
        0 => format!("{all} selected"),
        1 if counts.shown == 0 => "1 selected, hidden by search or filters".to_owned(),
        hidden => format!("{all} selected, {} of them hidden by search or filters", count(hidden)),
    }
}

/// Returns the label of the button that selects all rows of the list, or all that the search and the filters leave.
pub fn select_all(rows: usize, filters: bool, count: Count) -> String {
    let match_ = if filters { " that match" } else { "" };
    format!("Select all {}{match_}", count(rows))
}

/// Returns the question while the permissions are not known yet. It names a single token, whose row may be hidden.
pub fn question(act: BulkAct, selected: &[TokenId], called: Called, count: Count) -> String {
    let what = match selected {
        [only] => called(*only),
        more => tokens(more.len(), count),
    };
    format!("{} {what}?", act.verb())
}

/// Returns the question once the plan is known.
pub fn headline(plan: &Plan, called: Called, count: Count) -> String {
    let participle = plan.act.participle();
    match (&*plan.included, &*plan.excluded) {
        ([], [(only, _)]) => format!("{} cannot be {participle}.", called(*only)),
        ([], _) => format!("None of these tokens can be {participle}."),
        (included, []) => question(plan.act, included, called, count),
        (included, excluded) => {
            let all = tokens(included.len() + excluded.len(), count);
            format!("{} {} of {all}?", plan.act.verb(), count(included.len()))
        }
    }
}

/// Names the token if only one of several is included.
pub fn only(plan: &Plan, called: Called) -> Option<String> {
    match &*plan.included {
        [only] if !plan.excluded.is_empty() => {
            Some(format!("Only {} will be {}.", called(*only), plan.act.participle()))
        }
        _ => None,
    }
}

/// Returns the sentence shown while the permissions are requested, and the label of the button that skips this.
pub const fn asking(selected: usize) -> (&'static str, &'static str) {
    let sentence = match selected {
        1 => "Checking what you are allowed to do with it.",
        _ => "Checking what you are allowed to do with them.",
    };
    (sentence, "Skip the check")
}

/// Returns the sentence for when the credential token may be among the included ones.
pub const fn may_be_credential_token(included: usize) -> &'static str {
    match included {
        1 => "You may be signed in with this token.",
        _ => "You may be signed in with one of these tokens.",
    }
}

/// Returns the tokens that are left out, grouped by reason, with a sentence for each reason.
pub fn left_out(plan: &Plan, count: Count) -> Vec<(String, Vec<TokenId>)> {
    let mut groups = Vec::new();
    for exclusion in [Exclusion::ThisSession, Exclusion::NotPermitted] {
        let ids: Vec<_> =
            plan.excluded.iter().filter(|(_, why)| *why == exclusion).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            continue;
        }
        let are = if ids.len() == 1 { "is" } else { "are" };
        let why = match exclusion {
            Exclusion::ThisSession => "you are signed in with it".to_owned(),
            Exclusion::NotPermitted => {
                let them = if ids.len() == 1 { "it" } else { "them" };
                let verb = plan.act.verb().to_lowercase();
                format!("the server does not allow you to {verb} {them}")
            }
        };
        groups.push((format!("{} {are} left out: {why}.", tokens(ids.len(), count)), ids));
    }
    groups
}

/// Returns a sentence about the included tokens whose permission is not known; `None` if there are none.
pub fn unknown(plan: &Plan, count: Count) -> Option<String> {
    (plan.unknown > 0 && !plan.included.is_empty()).then(|| {
        let of = if plan.unknown == plan.included.len() {
            "It is unclear".to_owned()
        } else {
            format!("For {} of them it is unclear", count(plan.unknown))
        };
        let they_are = if plan.unknown == 1 { "It is" } else { "They are" };
        format!("{of} whether the server allows this. {they_are} tried anyway.")
    })
}

fn why(error: &Error, act: BulkAct) -> String {
    failure::why(error, act.failed_act())
}

/// Returns the result of one token.
pub fn result(act: BulkAct, outcome: &Outcome) -> String {
    let (done, participle) = (act.done(), act.participle());
    match outcome {
        Outcome::Done => format!("{done}."),
        Outcome::AlreadySo => format!("Already {participle}."),
        Outcome::Refused(error) | Outcome::Failed(Failure::Error(error)) => {
            format!("Not {participle}: {}.", why(error, act))
        }
        Outcome::Failed(Failure::Ignored) => {
            format!("Not {participle}: the server reported success but changed nothing.")
        }
        Outcome::Unknown(error) => {
            format!("May have been {participle}: {}.", why(error, act))
        }
        Outcome::Cancelled => "Not started.".into(),
    }
}

/// Returns a summary of the run in a sentence or two.
pub fn summary(act: BulkAct, summary: &Summary, total: usize, count: Count) -> String {
    let already = format!("already {}", act.participle());
    let parts: Vec<_> = [
        (summary.already_so, already.as_str()),
        (summary.refused, "refused by the server"),
        (summary.failed, "failed"),
        (summary.unknown, "unclear"),
        (summary.cancelled, "not started"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", count(number)))
    .collect();
    let done = match summary.done {
        all if all == total => String::new(),
        some => format!("{} of ", count(some)),
    };
    let begin = format!("{} {done}{}.", act.done(), tokens(total, count));
    if parts.is_empty() { begin } else { format!("{begin} {}.", parts.join(", ")) }
}

/// Returns the label of the button that retries what was not done.
pub fn again(summary: &Summary, count: Count) -> String {
    let is_begun = summary.done + summary.already_so + summary.refused > 0;
    match summary.retryable() {
        _ if summary.cancelled == 0 || !is_begun => "Try again".into(),
        1 => "Continue with the other one".into(),
        more => format!("Continue with the other {}", count(more)),
    }
}

/// Returns what leaving the list during a run would lose. `left` is the number of tokens without a result.
pub fn leaving(act: BulkAct, left: usize, count: Count) -> Loss {
    let are = if left == 1 { "is" } else { "are" };
    Loss {
        question: "Leave before it is done?",
        sentence: format!(
            "{} {are} not {} yet. If you leave now, no more are started.",
            tokens(left, count),
            act.participle()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{ErrorKind, Method};

    fn count(number: usize) -> String {
        number.to_string()
    }

    fn called(id: TokenId) -> String {
        format!("ci (ID {id})")
    }

    fn plan(included: usize, excluded: &[(TokenId, Exclusion)], unknown: usize) -> Plan {
        let included = (1..).take(included).collect();
        Plan { act: BulkAct::Delete, included, unknown, excluded: excluded.to_vec() }
    }

    #[test]
    fn what_is_hidden_is_said() {
        let words = |shown, hidden| selected(Counts { shown, hidden }, |n| n.to_string());
        assert_eq!(words(3, 0), "3 selected");
        assert_eq!(words(0, 1), "1 selected, hidden by search or filters");
        assert_eq!(words(3, 2), "5 selected, 2 of them hidden by search or filters");
        assert_eq!(select_all(300, false, |n| n.to_string()), "Select all 300");
        assert_eq!(select_all(30, true, |n| n.to_string()), "Select all 30 that match");
    }

    #[test]
    fn the_question_has_the_numbers() {
        let some = [(8, Exclusion::NotPermitted), (9, Exclusion::ThisSession)];
        assert_eq!(question(BulkAct::Disable, &[3, 4], &called, count), "Disable 2 tokens?");
        assert_eq!(headline(&plan(7, &some, 0), &called, count), "Delete 7 of 9 tokens?");
        assert_eq!(headline(&plan(7, &[], 0), &called, count), "Delete 7 tokens?");
        assert_eq!(headline(&plan(0, &some, 0), &called, count), "None of these tokens can be deleted.");
        assert_eq!(only(&plan(7, &some, 0), &called), None);
    }

    /// A filter may hide the row of the selected token.
    #[test]
    fn a_single_token_is_named() {
        let some = [(8, Exclusion::NotPermitted)];
        assert_eq!(question(BulkAct::Disable, &[3], &called, count), "Disable ci (ID 3)?");
        assert_eq!(headline(&plan(1, &[], 0), &called, count), "Delete ci (ID 1)?");
        assert_eq!(headline(&plan(0, &some, 0), &called, count), "ci (ID 8) cannot be deleted.");
        assert_eq!(headline(&plan(1, &some, 0), &called, count), "Delete 1 of 2 tokens?");
        assert_eq!(only(&plan(1, &some, 0), &called).as_deref(), Some("Only ci (ID 1) will be deleted."));
        assert_eq!(only(&plan(1, &[], 0), &called), None);
    }

    #[test]
    fn one_token_is_no_them() {
        let plural = ["them", "they", "these", "They", "all"];
        let one = |words: &str| words.split([' ', ',', ':', '.']).all(|word| !plural.contains(&word));
        for act in [BulkAct::Enable, BulkAct::Disable, BulkAct::Delete] {
            assert!(one(act.consequence(1)) && !one(act.consequence(2)), "{act:?}");
        }
        let ((asks, skip), (ask_all, _)) = (asking(1), asking(2));
        assert!([asks, skip, may_be_credential_token(1)].into_iter().all(one));
        assert!(![ask_all, may_be_credential_token(2)].into_iter().any(one));
        assert!(unknown(&plan(1, &[], 1), count).is_some_and(|words| one(&words)));
    }

    #[test]
    fn reasons_are_said_once_for_all_that_have_them() {
        let left = [(7, Exclusion::NotPermitted), (8, Exclusion::NotPermitted), (9, Exclusion::ThisSession)];
        let groups = left_out(&plan(1, &left, 0), count);
        assert_eq!(
            groups,
            [
                ("1 token is left out: you are signed in with it.".to_owned(), vec![9]),
                (
                    "2 tokens are left out: the server does not allow you to delete them.".to_owned(),
                    vec![7, 8]
                ),
            ]
        );
    }

    #[test]
    fn what_is_not_known_is_tried() {
        assert_eq!(unknown(&plan(3, &[], 0), count), None);
        assert!(unknown(&plan(3, &[], 3), count).is_some_and(|words| words.starts_with("It is unclear")));
        assert!(unknown(&plan(3, &[], 2), count).is_some_and(|words| words.starts_with("For 2 of them")));
    }

    #[test]
    fn only_deleting_several_asks_for_the_count() {
        assert!(BulkAct::Delete.asks_for_count(2));
        assert!(!BulkAct::Delete.asks_for_count(1) && !BulkAct::Disable.asks_for_count(60));
    }

    #[test]
    fn results_say_what_happened_and_why() {
        let error = Error {
            kind: ErrorKind::NotPermitted,
            method: Method::Patch,
            path: String::new(),
            status: None,
            message: None,
        };
        let disable = |outcome| result(BulkAct::Disable, &outcome);
        assert_eq!(disable(Outcome::Done), "Disabled.");
        assert_eq!(disable(Outcome::Refused(error.clone())), "Not disabled: you do not have permission.");
        assert!(disable(Outcome::Failed(Failure::Ignored)).contains("changed nothing"));
        assert!(disable(Outcome::Unknown(error)).starts_with("May have been disabled"));
        assert_eq!(disable(Outcome::Cancelled), "Not started.");
    }

    #[test]
    fn a_run_is_summed_up() {
        let all = Summary { done: 60, ..Summary::default() };
        assert_eq!(summary(BulkAct::Disable, &all, 60, count), "Disabled 60 tokens.");
        let some = Summary { done: 50, already_so: 3, failed: 5, cancelled: 2, ..Summary::default() };
        assert_eq!(
            summary(BulkAct::Disable, &some, 60, count),
            "Disabled 50 of 60 tokens. 3 already disabled, 5 failed, 2 not started."
        );
        assert_eq!(again(&some, count), "Continue with the other 7");
        assert_eq!(again(&Summary { cancelled: 1, ..all }, count), "Continue with the other one");
        assert_eq!(again(&Summary { cancelled: 0, ..some }, count), "Try again");
        assert_eq!(again(&Summary { cancelled: 2, ..Summary::default() }, count), "Try again");
        assert!(leaving(BulkAct::Delete, 1, count).sentence.starts_with("1 token is not deleted yet."));
    }
}
