//! The question before something is done to many tokens: to which ones, and why not to the others.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{Bulk, asking::Intent};
use crate::{
    api::TokenId,
    session::WaitLine,
    tokens::{
        list::selection::ListSelection,
        model::{
            bulk::{BulkAct, plan::Plan, words},
            name::subject,
        },
    },
    ui::{
        Button, ButtonStyle, Dialog, DialogKind, InputKind, ProgressLine, TextField, When, count, focus_input,
    },
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
    let selection = ListSelection::expect();
    let title = move || {
        bulk.with_intent(|intent| match intent {
            Some(Intent { plan: Some(plan), .. }) => words::headline(plan, &called, count),
            Some(Intent { ids, .. }) => words::question(act, ids, &called, count),
            None => String::new(),
        })
    };
    let asking =
        untrack(|| words::asking(bulk.with_intent(|intent| intent.map_or(0, |intent| intent.ids.len()))));
    let plan = move || bulk.with_intent(|intent| intent?.plan.clone());
    let included = Memo::new(move |_| plan().map(|plan| plan.included.len()));
    let can_start = Memo::new(move |_| included.get().is_some_and(|included| included > 0));
    let asks_for_count = Memo::new(move |_| included.get().is_some_and(|n| act.asks_for_count(n)));
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let input = NodeRef::<Input>::new();
    let start = move || {
        let Some(included) = included.get_untracked() else { return };
        if act.asks_for_count(included) && typed.with_untracked(|typed| typed.trim() != included.to_string())
        {
            error.set(Some(format!("Type {included}, the number of tokens that will be deleted.")));
            focus_input(input);
            return;
        }
        selection.clear();
        bulk.start();
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        start();
    };
    view! {
        <Dialog
            kind=DialogKind::Alert
            title=Signal::derive(title)
            on_close=move |()| bulk.give_up()
        >
            // There before its content, so that screen readers read out what is found.
            <div class="dialog-words" role="status">
                {move || match plan() {
                    None => view! { <Asking words=asking.0/> }.into_any(),
                    Some(plan) => view! { <PlanWords plan=plan/> }.into_any(),
                }}
            </div>
            // The wait line of the page is behind the dialog, out of reach.
            <WaitLine/>
            <When is=asks_for_count>
                <form class="form" on:submit=submit novalidate>
                    <TextField
                        label="How many tokens will be deleted?"
                        value=typed
                        kind=InputKind::Number
                        hint=Signal::derive(move || {
                            included.get().map(|n| format!("Type {n} to confirm."))
                        })
                        error=error
                        node_ref=input
                    />
                </form>
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
                    <Button label=asking.1 on_press=move |()| bulk.skip_asking()/>
                </When>
                <When is=can_start>
                    <Button
                        label=Signal::derive(move || {
                            format!("{} {}", act.verb(), words::tokens(included.get().unwrap_or_default(), count))
                        })
                        style=if act == BulkAct::Delete { ButtonStyle::Danger } else { ButtonStyle::Primary }
                        on_press=move |()| start()
                    />
                </When>
            </div>
        </Dialog>
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

/// Returns what the question calls a token.
fn called(id: TokenId) -> String {
    subject(&Bulk::expect().name(id), id)
}
