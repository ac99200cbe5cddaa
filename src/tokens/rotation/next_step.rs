//! What can be done with a rotation now: going on, going back, or leaving it as it is.

use leptos::prelude::*;

use super::{
    End,
    progress::Shown,
    questions::{DeleteQuestion, UndoQuestion},
    start::CarryOverChoice,
};
use crate::{
    navigation::Navigation,
    routes::Route,
    session::{Session, permissions::Subject},
    tokens::{
        cache::row_details::RowDetails,
        model::{
            gate::TokenAction,
            rotation::{Goal, Offer, Record, Seen, Standing, is_as_before, offers, words},
        },
        widgets::{badges::status_badge, blocked::blocked},
    },
    ui::{Button, ButtonStyle, Card, Time, When, effect, follow},
};

/// The question whose dialog is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Delete,
    Undo,
}

/// The old token as it is, and the buttons.
#[component]
pub(super) fn NextStep(
    /// The rotation.
    shown: Shown,
) -> impl IntoView {
    let Shown { rotations, old, running, .. } = shown;
    let session = Session::expect();
    let asking = RwSignal::new(None::<Question>);
    let is_busy = Signal::derive(move || running.with(Option::is_some));
    let goes_on = RwSignal::new(untrack(|| rotations.with_live(old, |live| live.goes_on)).unwrap_or(true));
    effect(move || {
        let goes_on = goes_on.get();
        rotations.update_live(old, |live| live.goes_on = goes_on);
    });
    let is_credential_token = Signal::derive(move || {
        let works = shown.with(|rotation| rotation.old().works()).unwrap_or(false);
        works && session.is_credential_token(old)
    });
    let edit_old = blocked(session, TokenAction::Edit, Subject::Token(old));
    let create = blocked(session, TokenAction::Create, Subject::Collection);
    let delete_old = blocked(session, TokenAction::Delete, Subject::Token(old));
    let blocked_by_hand_over = move || {
        shown
            .with(|rotation| {
                let Record { handed, verified, .. } = rotation.record();
                match (handed, verified) {
                    (true, true) => None,
                    (false, _) => Some("Copy or download the new token first.".to_owned()),
                    (true, false) => Some("Verify the new token first.".to_owned()),
                }
            })
            .flatten()
    };
    let blocked = move |offer: Offer| {
        Signal::derive(move || match offer {
            Offer::Go(Goal::Create) => edit_old.get().or_else(|| create.get()),
            Offer::Go(Goal::Disable) => edit_old.get().or_else(blocked_by_hand_over),
            Offer::Go(Goal::EnableOld | Goal::Undo) => edit_old.get(),
            Offer::Go(Goal::Delete) => delete_old.get(),
            _ => None,
        })
    };
    // What is shown may be older than a look that failed: the user is asked unless there is certainly nothing to undo.
    let has_nothing_to_undo = move || rotations.certain(old).is_some_and(|rotation| is_as_before(&rotation));
    let press = move |offer: Offer| match offer {
        Offer::Go(Goal::Delete) => asking.set(Some(Question::Delete)),
        Offer::Go(Goal::Undo) if !has_nothing_to_undo() => asking.set(Some(Question::Undo)),
        Offer::Go(goal) => rotations.go(old, goal),
        Offer::Keep => rotations.keep_old(old),
        Offer::Forget => rotations.end(old, End::Forgotten),
    };
    // During a run the previous offers stay, so that nothing moves.
    let offered = Memo::new(move |before: Option<&Vec<Offer>>| match before {
        before if is_busy.get() => before.cloned().unwrap_or_default(),
        _ => shown.with(offers).unwrap_or_default(),
    });
    let first = Memo::new(move |_| offered.with(|offered| offered.first().copied()));
    let button = move |offer: Offer| {
        let style = match offer {
            Offer::Go(Goal::Delete | Goal::Undo) => ButtonStyle::Danger,
            _ if untrack(|| first.get()) == Some(offer) => ButtonStyle::Primary,
            _ => ButtonStyle::Secondary,
        };
        view! {
            <Button
                label=words::offer(offer)
                style=style
                on_press=move |()| press(offer)
                blocked=blocked(offer)
                busy=is_busy
            />
        }
    };
    let close = move |()| asking.set(None);
    view! {
        <Card heading="The old token">
            <OldToken shown=shown/>
            <CarryOverChoice is_credential_token=is_credential_token goes_on=goes_on/>
            <div class="form-buttons">
                <For each=move || offered.get() key=|offer| words::offer(*offer) children=button/>
            </div>
            <Forget shown=shown/>
        </Card>
        {move || asking.get().map(|question| match question {
            Question::Delete => view! { <DeleteQuestion shown=shown on_close=close/> }.into_any(),
            Question::Undo => view! { <UndoQuestion shown=shown on_close=close/> }.into_any(),
        })}
    }
}

/// The facts that tell whether anything still needs the old token.
#[component]
fn OldToken(shown: Shown) -> impl IntoView {
    let Shown { rotations, old, running, .. } = shown;
    let navigation = Navigation::expect();
    let detail = RowDetails::expect().of(old);
    let is_gone = Memo::new(move |_| shown.with(|rotation| *rotation.old() == Seen::Gone) == Some(true));
    let is_looking = Signal::derive(move || running.get() == Some(Goal::Look));
    let facts = move || {
        follow(&detail);
        detail.with_untracked(|detail| detail.ready().cloned()).map(|token| {
            let (class, word) = status_badge(token.enabled);
            view! {
                <dl class="facts">
                    <div>
                        <dt>"Name"</dt>
                        <dd><a href=navigation.href(&Route::Token(old))>{token.name}</a></dd>
                    </div>
                    <div><dt>"ID"</dt><dd class="mono">{old}</dd></div>
                    <div><dt>"Status"</dt><dd><span class=class>{word}</span></dd></div>
                    <div>
                        <dt>"Last used"</dt>
                        <dd><Time value=token.last_used missing="Never" clock=true relative=true/></dd>
                    </div>
                </dl>
            }
        })
    };
    view! {
        {move || if is_gone.get() {
            view! { <p>"It is deleted."</p> }.into_any()
        } else {
            let facts = facts.clone();
            view! {
                <div>{facts}</div>
                <div>
                    <Button label="Check again" on_press=move |()| rotations.go(old, Goal::Look) busy=is_looking/>
                </div>
            }
            .into_any()
        }}
    }
}

/// The way out if the user has done the rest by hand.
#[component]
fn Forget(shown: Shown) -> impl IntoView {
    let Shown { rotations, old, standing, running, .. } = shown;
    let is_offered_above =
        move || matches!(standing.get(), Standing::Replaced | Standing::ReplacedDisabled | Standing::AllGone);
    let is_shown = Signal::derive(move || !is_offered_above() && running.with(Option::is_none));
    view! {
        <When is=is_shown>
            <details class="rotation-forget">
                <summary>"End it here"</summary>
                <p class="muted">
                    "The console forgets the rotation and changes nothing: both tokens stay as they are, \
                     with their current names."
                </p>
                <Button
                    label=words::offer(Offer::Forget)
                    style=ButtonStyle::Quiet
                    on_press=move |()| rotations.end(old, End::Forgotten)
                />
            </details>
        </When>
    }
}
