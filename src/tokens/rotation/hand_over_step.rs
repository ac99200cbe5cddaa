//! The new token: taking it to where it is used, and verifying it.

use leptos::prelude::*;

use super::progress::Shown;
use crate::{
    api::TokenId,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    session::{Session, permissions::Subject},
    tokens::{
        hand_over::{secret::HandOver, verify::VerifyToken},
        model::{
            gate::TokenAction,
            rotation::{Record, words},
            unsaved,
        },
        requests::read::secret_to_show,
        widgets::blocked::blocked,
    },
    ui::{Button, Card, When},
};

/// The hand-over. The user is asked before leaving with a new secret that was not handed over.
#[component]
pub(super) fn HandOverStep(
    /// The rotation.
    shown: Shown,
    /// The new token.
    new: TokenId,
    /// Its present name.
    name: String,
) -> impl IntoView {
    let Shown { rotations, old, .. } = shown;
    let session = Session::expect();
    let navigation = Navigation::expect();
    let is_done = move |done: fn(&Record) -> bool| {
        Memo::new(move |_| shown.with(|rotation| done(rotation.record())) == Some(true))
    };
    let (handed, verified) = (is_done(|record| record.handed), is_done(|record| record.verified));
    let source = move || {
        Box::pin(async move {
            if let Some(secret) = rotations.fresh(new) {
                return Ok(secret);
            }
            secret_to_show(session, new).await
        }) as _
    };
    let not_allowed = blocked(session, TokenAction::Reveal, Subject::Token(new));
    let is_fresh = rotations.fresh(new).is_some();
    let blocked = Signal::derive(move || not_allowed.get().filter(|_| !is_fresh));
    let loss = name.clone();
    Leaving::expect()
        .guard(Signal::derive(move || (is_fresh && !handed.get()).then(|| unsaved::of_secret(&loss))));
    view! {
        <Card heading="The new token">
            <dl class="facts">
                <div>
                    <dt>"Name"</dt>
                    <dd><a href=navigation.href(&Route::Token(new))>{name.clone()}</a></dd>
                </div>
                <div><dt>"ID"</dt><dd class="mono">{new}</dd></div>
            </dl>
            <p class="hand-over-hint" role="status">
                {move || words::hand_over(handed.get(), verified.get(), shown.standing.get())}
            </p>
            <HandOver
                name=name.clone()
                source=source
                blocked=blocked
                on_handed=move |()| rotations.hand_over(old)
            />
            <VerifyToken
                id=new
                name=name
                source=source
                enabled=Signal::stored(Some(true))
                on_verified=move |_| rotations.verified(old)
                blocked=blocked
            />
            <When is=Signal::derive(move || !handed.get())>
                <Button label="I have it already" on_press=move |()| rotations.hand_over(old)/>
            </When>
        </Card>
    }
}
