//! Deleting a session's token when the session ends.
//!
//! With the token's own credentials, and beside everything else: neither signing out nor locking waits for it, and
//! the request goes on when the page is gone (`keepalive`). What cannot be deleted is said at once where there
//! is still somebody to read it, and its note stays, so that it is offered for deletion after the next sign-in.
//!
//! # When the page goes away
//!
//! A browser does not tell a reload from the end of a tab. A session that is kept on the tab may be taken up again,
//! so its token stays; if the tab was closed, it is left behind, and offered for deletion. A session that is not
//! kept ends with the page in both cases, so its token is deleted, unless the browser keeps the page itself for the
//! way back (`persisted`): then the session goes on there. A page that is never come back to leaves its token behind.

use leptos::{prelude::*, task::spawn_local};
use web_sys::{PageTransitionEvent, StorageEvent};

use super::{ConsoleTokens, Hold, Record, Undeleted, left_behind::NEXT_TIME, living, notes};
use crate::{
    api::{Client, Error, ErrorKind},
    failure::{self, Act},
    session::{Session, staying},
    ui::{Notice, NoticeView, Turn, listen, timestamp},
};

/// How a session leaves its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Ending {
    /// The session is over, in all tabs.
    Over,
    /// The session is over in this tab; one that it was duplicated into may work on with the token.
    Here,
    /// The server accepts the token no longer: whether it is still there is found out after the next sign-in.
    Lost,
    /// The token is gone, or its user has taken it for something else.
    NotOurs,
}

/// What the answer to the deletion of a session's token says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Farewell {
    /// There is no such token any more.
    Gone,
    /// The token is accepted no longer, so it was deleted or disabled by somebody; the next sign-in finds out.
    Unclear,
    /// It is still there, or nobody knows.
    Left(Error),
}

fn farewell(answer: Result<(), Error>) -> Farewell {
    match answer {
        Ok(()) => Farewell::Gone,
        Err(error) => match error.kind {
            ErrorKind::NotFound => Farewell::Gone,
            ErrorKind::NotSignedIn => Farewell::Unclear,
            _ => Farewell::Left(error),
        },
    }
}

impl Session {
    /// The session works with its token no longer. Has to come before its credentials are forgotten.
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
                    // First: of two tabs that lock at once, one has to find that it is the last.
                    if let Some(hold) = hold {
                        hold.let_go().await;
                    }
                    if !living::without_a_tab(session, vec![record.clone()]).await.is_empty() {
                        delete(session.console, client, record).await;
                    }
                });
            }
        }
    }

    /// Ends the session's token with the page, as the module says, and follows other tabs that have the same; as
    /// long as the reactive scope lives that this is called in.
    pub(in crate::session) fn end_console_token_with_page(self) {
        listen(&window(), "pagehide", Turn::Usual, move |event: PageTransitionEvent| {
            if !event.persisted() && !staying::is_kept() {
                self.end_console_token(Ending::Over);
            }
        });
        listen(&window(), "pageshow", Turn::Usual, move |event: PageTransitionEvent| {
            if event.persisted() {
                // Nobody could tell it anything meanwhile.
                self.end_if_left_alone();
                // Locks do not outlast the time that the browser kept the page aside.
                self.console.hold_again();
            }
        });
        // Told in other tabs than the one that wrote: one with the same token has deleted it, or its user gave it
        // another name there.
        listen(&window(), "storage", Turn::Usual, move |event: StorageEvent| {
            let is_own = self.console.current_record().is_some_and(|own| event.key() == Some(own.key()));
            if is_own && event.new_value().is_none() {
                self.end_console_token(Ending::NotOurs);
                self.keep_again();
            }
        });
    }
}

/// Deletes a token with these credentials, beside whatever comes next. Until it is known what came of it, it is
/// held, so that nobody is asked about it.
pub(super) fn delete_token_of(session: Session, client: Client, record: Record, hold: Option<Hold>) {
    spawn_local(async move {
        delete(session.console, client, record).await;
        drop(hold);
    });
}

async fn delete(tokens: ConsoleTokens, client: Client, record: Record) {
    let Some(id) = record.id else { return };
    match farewell(client.delete_token_in_passing(id).await) {
        Farewell::Gone => notes::forget(&record),
        Farewell::Unclear => {}
        Farewell::Left(error) => {
            tokens.undeleted.try_set(Some(Undeleted { record, error }));
        }
    }
}

/// Says that a session's token was not deleted, until somebody signs in and is asked about it. The region exists
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
    let mut notice = failure::explain(error, Act::DeleteToken, at);
    notice.text = format!("It was made for your session and is called “{}”. {NEXT_TIME}", record.name);
    notice.again_after = None;
    notice
}

#[cfg(test)]
mod tests {
    use super::{super::records::Owner, *};
    use crate::api::Method;

    fn error(kind: ErrorKind) -> Error {
        Error { kind, method: Method::Delete, path: "/api_tokens/7".into(), status: None, message: None }
    }

    #[test]
    fn what_a_farewell_leaves() {
        assert_eq!(farewell(Ok(())), Farewell::Gone);
        assert_eq!(farewell(Err(error(ErrorKind::NotFound))), Farewell::Gone);
        // Another tab with the same token was faster, or an administrator.
        assert_eq!(farewell(Err(error(ErrorKind::NotSignedIn))), Farewell::Unclear);
        let lost = error(ErrorKind::Unreachable);
        assert_eq!(farewell(Err(lost.clone())), Farewell::Left(lost));
        let refused = error(ErrorKind::NotPermitted);
        assert_eq!(farewell(Err(refused.clone())), Farewell::Left(refused));
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
        assert_eq!(notice.title, "The token was not deleted: you do not have the permission.");
        assert_eq!(
            notice.text,
            "It was made for your session and is called “console session 1”. After your next sign-in you are \
             asked whether to delete it."
        );
        assert!(!notice.details.is_empty());
    }
}
