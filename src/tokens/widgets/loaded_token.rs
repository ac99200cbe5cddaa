//! The token that a screen is about, and what is shown until it is read.

use leptos::prelude::*;

use crate::{
    api::{ErrorKind, Token, TokenId},
    failure,
    session::Session,
    tokens::{
        cache::{known_tokens::KnownTokens, list_place::ListPlace},
        requests::read::read_and_learn,
    },
    ui::{Button, LinkButton, Load, NoticeView, Screen, load::load, next_task, spawn_in_scope},
};

/// Reads a token and asks what may be done with it, then shows the screen made of it. Until then, and if the token
/// cannot be read, a screen that says so.
#[component]
pub(in crate::tokens) fn LoadedToken(
    /// The token's ID.
    id: TokenId,
    /// The heading until the token is there.
    heading: String,
    /// What is above the heading until the token is there.
    #[prop(into)]
    above: ViewFn,
    /// The screen with the token.
    ready: impl Fn(Token) -> AnyView + Send + 'static,
) -> impl IntoView {
    let session = Session::expect();
    let to_list = ListPlace::expect().href();
    let known = KnownTokens::expect();
    let again = RwSignal::new(0_u32);
    let token = load(move || {
        again.track();
        async move {
            next_task().await;
            // Asked every time: the permissions may have changed as well, and a refusal may have been a mishap.
            spawn_in_scope(session.ask_token(id));
            read_and_learn(session, known, id).await
        }
    });
    let try_again = move |()| {
        session.renew_retries();
        again.update(|n| *n += 1);
    };
    move || {
        let above = above.clone();
        token.with(|token| match token {
            Load::Loading => view! {
                <Screen heading=heading.clone() above=above>
                    <p role="status">"Loading the token"</p>
                    <div class="card stack to-come" aria-hidden="true">
                        <span class="skeleton skeleton-wide"></span>
                        <span class="skeleton skeleton-wide"></span>
                        <span class="skeleton skeleton-wide"></span>
                    </div>
                </Screen>
            }
            .into_any(),
            Load::Ready(token) => ready(token.clone()),
            Load::Failed(error) => {
                let heading = match error.kind {
                    ErrorKind::NotFound => "Token not found".to_owned(),
                    ErrorKind::NotPermitted => "No access to this token".to_owned(),
                    _ => heading.clone(),
                };
                let notice = failure::notice(error, failure::FailedAction::ReadToken);
                let to_list = to_list.clone();
                let actions = move || {
                    view! {
                        <Button label="Try again" on_press=try_again/>
                        <LinkButton label="Go to the list" href=to_list.clone()/>
                    }
                };
                view! {
                    <Screen heading=heading above=above>
                        <NoticeView notice=notice live=true actions=actions/>
                    </Screen>
                }
                .into_any()
            }
        })
    }
}
