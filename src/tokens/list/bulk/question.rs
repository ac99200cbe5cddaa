//! The question before something is done to many tokens: to which ones, and why not to the others.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    Bulk,
    confirming::{Confirming, called},
};
use crate::{
    api::TokenId,
    session::WaitLine,
    tokens::model::bulk::{BulkAct, plan::Plan, words},
    ui::{Button, ButtonStyle, Dialog, DialogKind, InputKind, ProgressLine, TextField, When, count},
};

/// How many names are listed before the rest is only counted.
const FEW: usize = 5;

/// The question, while an act is waiting for confirmation.
#[component]
pub(in crate::tokens::list) fn BulkQuestion() -> impl IntoView {
    let bulk = Bulk::expect();
    let act = Memo::new(move |_| bulk.with_intent(|intent| intent.map(|intent| intent.act)));
    // Without the list, the question is not on the screen.
    on_cleanup(move || bulk.give_up());
    move || act.get().map(|act| view! { <Question act=act/> })
}

#[component]
fn Question(act: BulkAct) -> impl IntoView {
    let bulk = Bulk::expect();
    let confirming = Confirming::begin(act);
    let Confirming { included, .. } = confirming;
    let (asking, skip) = words::asking(confirming.selected());
    let start_label =
        move || format!("{} {}", act.verb(), words::tokens(included.get().unwrap_or_default(), count));
    let style = if act == BulkAct::Delete { ButtonStyle::Danger } else { ButtonStyle::Primary };
    view! {
        <Dialog
            kind=DialogKind::Alert
            title=Signal::derive(move || confirming.title())
            on_close=move |()| bulk.give_up()
        >
            // There before its content, so that screen readers read out what is found.
            <div class="dialog-words" role="status">
                {move || match confirming.plan() {
                    None => view! { <Asking words=asking/> }.into_any(),
                    Some(plan) => view! { <PlanWords plan=plan/> }.into_any(),
                }}
            </div>
            // The wait line of the page is behind the dialog, out of reach.
            <WaitLine/>
            <When is=Signal::derive(move || confirming.asks_for_count())>
                <HowMany confirming=confirming/>
            </When>
            <div class="dialog-buttons">
                <Button
                    label=Signal::derive(move || {
                        if included.get() == Some(0) { "Close" } else { "Cancel" }.to_owned()
                    })
                    on_press=move |()| bulk.give_up()
                    autofocus=true
                />
                <When is=Signal::derive(move || included.get().is_none())>
                    <Button label=skip on_press=move |()| bulk.skip_asking()/>
                </When>
                <When is=Signal::derive(move || confirming.can_start())>
                    <Button
                        label=Signal::derive(start_label)
                        style=style
                        on_press=move |()| confirming.start()
                    />
                </When>
            </div>
        </Dialog>
    }
}

/// The field that makes the user count before much is deleted.
#[component]
fn HowMany(confirming: Confirming) -> impl IntoView {
    let Confirming { included, typed, error, input, .. } = confirming;
    let hint = move || included.get().map(|n| format!("Type {n} to confirm."));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        confirming.start();
    };
    view! {
        <form class="form" on:submit=submit novalidate>
            <TextField
                label="How many tokens will be deleted?"
                value=typed
                kind=InputKind::Number
                hint=Signal::derive(hint)
                error=error
                node_ref=input
            />
        </form>
    }
}

/// The progress of asking what is allowed.
#[component]
fn Asking(words: &'static str) -> impl IntoView {
    let bulk = Bulk::expect();
    let total = untrack(|| bulk.asking().total);
    let answered = move || bulk.asking().answered;
    view! {
        <p>{words}</p>
        <ProgressLine done=Signal::derive(answered) total=total/>
    }
}

/// Says what will be done, and what will not.
#[component]
fn PlanWords(plan: Plan) -> impl IntoView {
    let included = plan.included.len();
    let only = words::only(&plan, &called).map(|words| view! { <p>{words}</p> });
    let names = move |ids: &[TokenId]| Bulk::expect().names(ids, FEW);
    // Their rows may be out of sight: on other pages, or hidden by a filter.
    let which = (included > 1).then(|| view! { <p class="muted">{names(&plan.included)}</p> });
    let consequence = (included > 0).then(|| view! { <p>{plan.act.consequence(included)}</p> });
    let unknown = words::unknown(&plan, count).map(|words| view! { <p>{words}</p> });
    let left_out: Vec<_> = words::left_out(&plan, count)
        .into_iter()
        .map(|(reason, ids)| {
            view! {
                <li>{reason} " " <span class="muted">{names(&ids)}</span></li>
            }
        })
        .collect();
    let left_out = (!left_out.is_empty()).then(|| view! { <ul class="reasons">{left_out}</ul> });
    let may_have_credential_token =
        plan.act != BulkAct::Enable && Bulk::expect().may_have_credential_token(&plan.included);
    let may_have_credential_token =
        may_have_credential_token.then(|| view! { <p>{words::may_be_credential_token(included)}</p> });
    view! { {only} {which} {consequence} {unknown} {left_out} {may_have_credential_token} }
}
