//! Deleting a console session token when its session ends.
//!
//! The request is signed with the token itself and sent in the background: neither signing out nor locking waits for
//! it, and it goes on when the page is gone (`keepalive`). If the deletion fails, that is said at once where a user is
//! still there to read it, and the token's note stays, so that the token is offered for deletion after the next
//! sign-in.
//!
//! # When the page goes away
//!
//! A browser does not tell a reload from the closing of a tab. A session that is kept on the tab may be resumed, so its
//! token stays; if the tab was closed, the token is left behind and offered for deletion. A session that is not kept
//! ends with the page in both cases, so its token is deleted, unless the browser caches the page itself for going back
//! (`persisted`): then the session goes on there. If nobody goes back to that page, its token is left behind.

use leptos::{prelude::*, task::spawn_local};
use web_sys::{PageTransitionEvent, StorageEvent};

use super::{ConsoleTokens, Hold, Record, Undeleted, in_use, left_behind::NEXT_TIME, notes};
use crate::{
    api::{Client, Error, ErrorKind},
    failure::{self, FailedAction},
    session::{Session, staying},
    ui::{EventPhase, Notice, NoticeView, listen, timestamp},
};

/// How a session leaves its console session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Ending {
    /// The session is over in all tabs: the token is deleted.
    Over,
    /// The session is over in this tab. The token is deleted unless another tab works with it, such as a duplicate of
    /// this one.
    Here,
    /// The server no longer accepts the token. Whether it still exists is found out after the next sign-in.
    Lost,
    /// The token is gone, or its user has taken charge of it.
    NotOurs,
}

/// What the response to the deletion of the token means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum DeletionResult {
    /// The token no longer exists.
    Gone,
    /// The token is no longer accepted, so it was deleted or disabled by someone; the next sign-in finds out
    /// which.
    Unclear,
    /// The token still exists, or that is not known.
    Left(Error),
}

fn deletion_result(answer: Result<(), Error>) -> DeletionResult {
    match answer {
        Ok(()) => DeletionResult::Gone,
        Err(error) => match error.kind {
            ErrorKind::NotFound => DeletionResult::Gone,
            ErrorKind::NotSignedIn => DeletionResult::Unclear,
            _ => DeletionResult::Left(error),
        },
    }
}

impl Session {
    /// Ends the session's work with its console session token. Must be called before the credentials are forgotten.
    pub(in crate::session) fn end_console_token(&self, ending: Ending) {
        let Some(record) = self.console.current_record() else { return };
        self.console.current.try_set(None);
        let hold = self.console.hold.try_update_value(Option::take).flatten();
        let client = self.client.try_get_value().flatten();
        match ending {
            Ending::Lost => {}
            Ending::NotOurs => notes::forget(&record),
            Ending::Over => {
                if let Some(client) = client {
                    delete_token_of(*self, client, record, hold);
                }
            }
            Ending::Here => {
                let Some(client) = client else { return };
                let session = *self;
                spawn_local(async move {
                    // Released first: of two tabs that lock at the same time, one has to find that it is the last.
                    if let Some(hold) = hold {
                        hold.let_go().await;
                    }
                    if !in_use::without_a_tab(session, vec![record.clone()]).await.is_empty() {
                        delete(session.console, client, record).await;
                    }
                });
            }
        }
    }

    /// Ends the console session token with the page, as the module documentation says, and follows other tabs that have
    /// the same token, while the current reactive scope lives.
    pub(in crate::session) fn end_console_token_with_page(self) {
        listen(&window(), "pagehide", EventPhase::Bubble, move |event: PageTransitionEvent| {
            if !event.persisted() && !staying::is_kept(&self.deployment()) {
                self.end_console_token(Ending::Over);
            }
        });
        listen(&window(), "pageshow", EventPhase::Bubble, move |event: PageTransitionEvent| {
            if event.persisted() {
                // No message reached the page while it was cached.
                self.end_if_left_alone();
                // The browser releases a page's locks when it caches the page.
                self.console.hold_again();
            }
        });
        // The event fires in all tabs but the one that wrote. Another tab with the same token has deleted it, or its
        // user has renamed it there.
        listen(&window(), "storage", EventPhase::Bubble, move |event: StorageEvent| {
            let is_current =
                self.console.current_record().is_some_and(|record| event.key() == Some(record.key()));
            if is_current && event.new_value().is_none() {
                self.end_console_token(Ending::NotOurs);
                self.keep_without_session_token();
            }
        });
    }
}

/// Deletes a token in the background, with the credentials of `client`. The lock is held until the response, so that
/// nobody is asked about the token in the meantime.
pub(super) fn delete_token_of(session: Session, client: Client, record: Record, hold: Option<Hold>) {
    spawn_local(async move {
        delete(session.console, client, record).await;
        drop(hold);
    });
}

async fn delete(tokens: ConsoleTokens, client: Client, record: Record) {
    let Some(id) = record.id else { return };
    match deletion_result(client.delete_token_in_passing(id).await) {
        DeletionResult::Gone => notes::forget(&record),
        DeletionResult::Unclear => {}
        DeletionResult::Left(error) => {
            tokens.undeleted.try_set(Some(Undeleted { record, error }));
        }
    }
}

/// Says that a console session token was not deleted, until the user signs in and is asked about it. The region exists
/// from the start, like that of [`crate::ui::StatusRegion`].
#[component]
pub fn UndeletedNews() -> impl IntoView {
    let undeleted = Session::expect().console.undeleted;
    view! {
        <div role="alert">
            {move || undeleted.get().map(|one| {
                let notice = words(&one, &timestamp());
                view! { <NoticeView notice=notice on_dismiss=move |()| undeleted.set(None)/> }
            })}
        </div>
    }
}

fn words(undeleted: &Undeleted, at: &str) -> Notice {
    let Undeleted { record, error } = undeleted;
    let mut notice = failure::explain(error, FailedAction::DeleteToken, at);
    notice.text = format!("It was created for your session and is named “{}”. {NEXT_TIME}", record.name);
    notice.again_after = None;
    notice
}

#[cfg(test)]
mod tests {
    use super::{super::records::Owner, *};
    use crate::api::Method;

    fn error(kind: ErrorKind) -> Error {
        Error::new(kind, Method::Delete, "/api_tokens/7")
    }

    #[test]
    fn what_a_deletion_leaves() {
        assert_eq!(deletion_result(Ok(())), DeletionResult::Gone);
        assert_eq!(deletion_result(Err(error(ErrorKind::NotFound))), DeletionResult::Gone);
        // Another tab with the same token, or an administrator, was faster.
        assert_eq!(deletion_result(Err(error(ErrorKind::NotSignedIn))), DeletionResult::Unclear);
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(deletion_result(Err(lost.clone())), DeletionResult::Left(lost));
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(deletion_result(Err(refused.clone())), DeletionResult::Left(refused));
    }

    #[test]
    fn what_is_left_is_said_with_its_name_and_what_becomes_of_it() {
        let record = Record {
            owner: Owner { who: "user 3".into(), deployment: "a".into() },
            name: "console session 1".into(),
            id: Some(7),
            at: 1,
        };
        let notice = words(&Undeleted { record, error: error(ErrorKind::NotPermitted) }, "now");
        assert_eq!(notice.title, "The token was not deleted: you do not have permission.");
        assert_eq!(
            notice.text,
            "It was created for your session and is named “console session 1”. The console will offer to \
             delete it after your next sign-in."
        );
        assert!(!notice.details.is_empty());
    }
}
