//! Enabling or disabling the token of a row, and the notice about it.

use leptos::task::spawn_local;

use crate::{
    api::{Error, TokenId},
    failure,
    session::Session,
    tokens::{
        cache::known_tokens::KnownTokens,
        model::{
            bulk::{
                BulkAct,
                outcome::{Failure, Outcome},
            },
            name::subject,
        },
        requests::apply::{apply, deed},
    },
    ui::{ActivityLog, Notice, Status, Tone},
};

/// Changes the tokens of rows. A change goes on when its row is no longer shown. A handle.
#[derive(Clone, Copy)]
pub(super) struct RowChange {
    session: Session,
    status: Status,
    activity: ActivityLog,
    known: KnownTokens,
}

impl RowChange {
    pub(super) fn new() -> Self {
        Self {
            session: Session::expect(),
            status: Status::expect(),
            activity: ActivityLog::expect(),
            known: KnownTokens::expect(),
        }
    }

    /// Starts a change; `ended` is called when there is a response, whatever it is.
    pub(super) fn start(self, act: BulkAct, id: TokenId, name: String, ended: impl Fn() + 'static) {
        self.session.renew_retries();
        spawn_local(async move {
            let is_same = self.session.same_user();
            let before = self.known.details.enabled(id);
            let applied = apply(self.session, act, id, &name, before).await;
            ended();
            // It was not done by the user who is signed in now.
            if !is_same() {
                return;
            }
            self.known.applied(id, &applied);
            let subject = subject(&name, id);
            let (words, how) = deed(act, &applied.outcome);
            self.activity.add(words, subject.clone(), how);
            if let Some(notice) = notice(act, applied.outcome, &subject) {
                self.status.show_in_place(notice);
            }
        });
    }
}

/// Returns the notice about an outcome; `None` if nothing was begun.
fn notice(act: BulkAct, outcome: Outcome, subject: &str) -> Option<Notice> {
    let failed = |error: &Error, explain: fn(&Error, failure::FailedAction) -> Notice| {
        let notice = explain(error, act.failed_act());
        Notice { title: format!("{subject}: {}", notice.title), ..notice }
    };
    Some(match outcome {
        Outcome::Done if act == BulkAct::Disable => {
            Notice::new(Tone::Success, format!("Disabled {subject}.")).with_text("See “Recently disabled”.")
        }
        Outcome::Done => Notice::new(Tone::Success, format!("{} {subject}.", act.done())),
        Outcome::AlreadySo => Notice::new(Tone::Info, format!("{subject} was already {}.", act.participle())),
        Outcome::Failed(Failure::Ignored) => Notice::new(
            Tone::Failure,
            format!(
                "{subject} was not {}: the server reported success but changed nothing.",
                act.participle()
            ),
        )
        .with_text("It returned the old value. Try again, or tell the server's operator."),
        Outcome::Refused(error) | Outcome::Failed(Failure::Error(error)) => {
            failed(&error, failure::notice_after_look)
        }
        Outcome::Unknown(error) => failed(&error, failure::notice),
        Outcome::Cancelled => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_nothing_is_not_a_success() {
        let tone = |outcome| notice(BulkAct::Enable, outcome, "ci (ID 5)").map(|notice| notice.tone);
        assert_eq!(tone(Outcome::Done), Some(Tone::Success));
        assert_eq!(tone(Outcome::AlreadySo), Some(Tone::Info));
        assert_eq!(tone(Outcome::Failed(Failure::Ignored)), Some(Tone::Failure));
        assert_eq!(tone(Outcome::Cancelled), None);
    }

    #[test]
    fn whoever_disables_a_token_hears_where_to_find_it() {
        let disabled = notice(BulkAct::Disable, Outcome::Done, "ci (ID 5)").expect("it was done");
        assert_eq!(disabled.title, "Disabled ci (ID 5).");
        assert!(disabled.text.contains("Recently disabled"));
    }
}
