//! Before a rotation: what will happen, and in which order.

use leptos::prelude::*;

use super::Rotations;
use crate::{
    api::{Token, TokenId},
    navigation::Navigation,
    routes::Route,
    session::{Session, permissions::Subject},
    tokens::{
        model::{
            gate::TokenAction,
            name::called,
            rotation::{Record, Step, words},
        },
        widgets::{back::BackToToken, blocked::blocked},
    },
    ui::{
        Button, ButtonStyle, Checkbox, LinkButton, Notice, NoticeView, RadioGroup, Screen, Tone, When,
        spawn_in_scope, today,
    },
};

/// Returns why a token cannot be rotated, in words; `None` if it can, as far as the server has said. Going on with a
/// rotation is never blocked.
pub(in crate::tokens) fn rotation_blocked(id: TokenId, name: Signal<String>) -> Signal<Option<String>> {
    let session = Session::expect();
    let rotations = Rotations::expect();
    spawn_in_scope(session.ask_collection());
    let edit = blocked(session, TokenAction::Edit, Subject::Token(id));
    let create = blocked(session, TokenAction::Create, Subject::Collection);
    Signal::derive(move || {
        if rotations.concerns(id) {
            return None;
        }
        edit.get().or_else(|| create.get()).or_else(|| name.with(|name| words::unfit_name(name)))
    })
}

/// The choice between the planned and the urgent order, and the button that begins.
#[component]
pub(super) fn Start(
    /// The token that is to be replaced.
    token: Token,
) -> impl IntoView {
    let rotations = Rotations::expect();
    let session = Session::expect();
    let navigation = Navigation::expect();
    let id = token.id;
    let name = called(&token.name, id);
    let is_disabled = !token.enabled;
    let urgent = RwSignal::new(false);
    let goes_on = RwSignal::new(true);
    let record = StoredValue::new(Record::new(&token, &today(), false));
    let is_credential_token = Signal::derive(move || session.is_credential_token(id));
    let not_allowed = rotation_blocked(id, Signal::stored(token.name.clone()));
    let order = vec![
        (false, "Planned: the old token works until the new one is in place"),
        (true, "Leaked: disable the old one first"),
    ];
    let steps = move || {
        let record = Record { urgent: urgent.get(), ..record.get_value() };
        Step::in_order(record.is_urgent())
            .map(|step| view! { <li>{words::step(step, &record)}</li> })
            .into_iter()
            .collect_view()
    };
    let begin = move |()| rotations.begin(&token, urgent.get_untracked(), goes_on.get_untracked());
    let (back, title) = (name.clone(), format!("Rotate {name}"));
    view! {
        <Screen heading=title above=move || view! { <BackToToken id=id name=back.clone()/> }>
            <div class="card stack">
                <p>
                    "Replaces this token with a new one that has the same name and a new secret. Nothing is \
                     deleted without your confirmation, and you can undo everything until the old token is \
                     deleted."
                </p>
                {if is_disabled {
                    let notice = Notice::new(Tone::Info, "This token is already disabled.")
                        .with_text("Whatever uses it does not work until the new one is in place.");
                    view! { <NoticeView notice=notice/> }.into_any()
                } else {
                    view! { <RadioGroup label="Order" value=urgent options=order.clone()/> }.into_any()
                }}
                <ol class="rotation-plan">{steps}</ol>
                <When is=Signal::derive(move || urgent.get() && !is_disabled)>
                    <p>
                        <strong>"Whatever uses the token is refused"</strong>
                        " from the first step until the new one is in place."
                    </p>
                </When>
                <CarryOverChoice is_credential_token=is_credential_token goes_on=goes_on/>
                <div class="form-buttons">
                    <Button
                        label="Begin rotation"
                        style=ButtonStyle::Primary
                        on_press=begin
                        blocked=not_allowed
                    />
                    <LinkButton label="Cancel" href=navigation.href(&Route::Token(id))/>
                </div>
            </div>
        </Screen>
    }
}

/// The choice whether the session goes on with the new token, shown if it is signed in with the old one.
#[component]
pub(super) fn CarryOverChoice(
    /// Whether it is signed in with the old token.
    is_credential_token: Signal<bool>,
    /// The choice.
    goes_on: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <When is=is_credential_token>
            <div class="own-choice">
                <p><strong>{move || words::credential_token_warning(goes_on.get())}</strong></p>
                <Checkbox label="Continue this session with the new token" value=goes_on/>
            </div>
        </When>
    }
}
