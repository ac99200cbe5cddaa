//! A rotation that has begun: its state, which steps are done, and what can be done now.

use leptos::{html::P, prelude::*};

use super::{Rotations, finished::Finished, hand_over_step::HandOverStep, next_step::NextStep, run::Stop};
use crate::{
    api::TokenId,
    navigation::Navigation,
    routes::Route,
    session::Session,
    tokens::{
        model::{
            name::called,
            rotation::{Goal, Record, Rotation, Standing, Step, StepState, Stuck, steps, words},
        },
        widgets::back::BackToList,
    },
    ui::{
        Button, LinkButton, Notice, NoticeView, ResultView, Screen, Tone, When, effect, effect_with_last,
        focus_if_lost, spawn_in_scope,
    },
};

/// The rotation of an old token.
#[component]
pub(super) fn Progress(
    /// The token that is replaced.
    old: TokenId,
) -> impl IntoView {
    let rotations = Rotations::expect();
    let session = Session::expect();
    let is_known = untrack(|| rotations.with_live(old, |live| live.run.is_some() || live.end.is_some()));
    if is_known != Some(true) {
        rotations.go(old, Goal::Look);
    }
    on_cleanup(move || rotations.look_away(old));
    spawn_in_scope(session.ask_token_once(old));
    spawn_in_scope(session.ask_collection());

    // Until something was changed, the name may turn out to be another.
    let name = Memo::new(move |_| {
        rotations.with_live(old, |live| live.rotation.record().name.clone()).unwrap_or_default()
    });
    let heading = Signal::derive(move || format!("Rotate {}", called(&name.get(), old)));
    let end = Memo::new(move |_| rotations.with_live(old, |live| live.end).flatten());
    let result = RwSignal::new(None);
    view! {
        <Screen heading=heading above=move || view! { <BackToList/> }>
            <ResultView result=result/>
            {move || match end.get() {
                Some(end) => view! { <Finished old=old end=end result=result/> }.into_any(),
                None => view! { <GoingOn old=old/> }.into_any(),
            }}
        </Screen>
    }
}

/// What the parts of the screen look at. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) rotations: Rotations,
    pub(super) old: TokenId,
    /// The goal of the run that is going on.
    pub(super) running: Memo<Option<Goal>>,
    pub(super) standing: Memo<Standing>,
    pub(super) new: Memo<Option<TokenId>>,
}

impl Shown {
    fn new(rotations: Rotations, old: TokenId) -> Self {
        let of = move |look: fn(&Rotation) -> Option<TokenId>| {
            Memo::new(move |_| rotations.with_live(old, |live| look(&live.shown)).flatten())
        };
        Self {
            rotations,
            old,
            running: Memo::new(move |_| {
                rotations.with_live(old, |live| live.run.as_ref().map(|run| run.goal)).flatten()
            }),
            standing: Memo::new(move |_| {
                rotations.with_live(old, |live| live.shown.standing()).unwrap_or(Standing::Unread)
            }),
            new: of(|rotation| rotation.record().new),
        }
    }

    /// Calls `look` with the rotation as of the last look at both tokens. Tracked.
    pub(super) fn with<T>(self, look: impl FnOnce(&Rotation) -> T) -> Option<T> {
        self.rotations.with_live(self.old, |live| look(&live.shown))
    }
}

#[component]
fn GoingOn(old: TokenId) -> impl IntoView {
    let rotations = Rotations::expect();
    let session = Session::expect();
    let shown = Shown::new(rotations, old);
    let said = NodeRef::<P>::new();
    effect(move || {
        if let Some(new) = shown.new.get() {
            spawn_in_scope(session.ask_token_once(new));
        }
    });
    // The button that was pressed may be gone.
    effect_with_last(move |was_running: Option<bool>| {
        let is_running = shown.running.with(Option::is_some);
        if was_running == Some(true) && !is_running {
            focus_if_lost(said);
        }
        is_running
    });
    let standing = Memo::new(move |_| shown.with(words::standing).unwrap_or_default());
    let doing = Memo::new(move |_| {
        let doing = |live: &super::Live| {
            let ask = live.run.as_ref()?.ask.as_ref()?;
            Some(words::doing(ask, live.rotation.record()))
        };
        rotations.with_live(old, doing).flatten()
    });
    let stop = Memo::new(move |_| rotations.with_live(old, |live| live.stop.clone()).flatten());
    let hands_over = hand_over_of(shown);
    let is_lost_by_reload = Signal::derive(move || !rotations.is_kept.get());
    view! {
        <div class="card stack">
            <p class="standing" role="status" tabindex="-1" node_ref=said>{move || standing.get()}</p>
            <Steps shown=shown/>
            <p class="progress" role="status">{move || doing.get().map(|doing| format!("{doing}…"))}</p>
            {move || stop.get().map(|stop| view! { <Stopped shown=shown stop=stop/> })}
            <When is=is_lost_by_reload>
                <NoticeView notice=Notice::new(Tone::Info, "This rotation is lost if you reload the page.")
                    .with_text(NOT_KEPT)/>
            </When>
        </div>
        {move || hands_over.get().map(|(new, name)| view! { <HandOverStep shown=shown new=new name=name/> })}
        <NextStep shown=shown/>
    }
}

/// Returns the new token while it is being handed over. Once the old token is disabled and the new one is handed over
/// and verified, its secret is on its own page only; but what is on the screen does not vanish when the token is
/// verified.
fn hand_over_of(shown: Shown) -> Memo<Option<(TokenId, String)>> {
    let with_standing = Memo::new(move |before: Option<&(Standing, Option<TokenId>)>| {
        let is_in_place = shown.with(|rotation| rotation.record().handed && rotation.record().verified);
        let standing = shown.standing.get();
        let was_shown = before.is_some_and(|(before, new)| *before == standing && new.is_some());
        let is_shown = match standing {
            Standing::Both => true,
            Standing::OnlyNew => was_shown || is_in_place != Some(true),
            _ => false,
        };
        (standing, shown.new.get().filter(|_| is_shown))
    });
    Memo::new(move |_| {
        let new = with_standing.get().1?;
        Some((new, shown.with(|rotation| rotation.name_of(new).to_owned())?))
    })
}

const NOT_KEPT: &str = "The browser does not store data for this page, or the server does not say who you \
                        are. You would have to finish by hand, on the pages of the two tokens.";

/// The five steps. A step that is not done has only its number: what is next is said below.
#[component]
fn Steps(shown: Shown) -> impl IntoView {
    let steps = Memo::new(move |_| shown.with(|rotation| (steps(rotation), rotation.record().clone())));
    let line = |(step, state): (Step, StepState), record: &Record| {
        let (class, word, current) = match state {
            StepState::Done => ("rotation-step is-done", Some("Done"), None),
            StepState::Now => ("rotation-step is-now", None, Some("step")),
            StepState::Ahead => ("rotation-step", None, None),
        };
        view! {
            <li class=class aria-current=current>
                {words::step(step, record)}
                {word.map(|word| view! { " " <span class="step-word">{word}</span> })}
            </li>
        }
    };
    view! {
        <ol class="rotation-steps" aria-label="Steps">
            {move || steps.get().map(|(steps, record)| {
                steps.map(|step| line(step, &record)).into_iter().collect_view()
            })}
        </ol>
    }
}

/// Why the run has stopped, and what can be done about it.
#[component]
fn Stopped(shown: Shown, stop: Stop) -> impl IntoView {
    let Shown { rotations, old, .. } = shown;
    let navigation = Navigation::expect();
    let notice = untrack(|| shown.with(|rotation| stop.notice(rotation.record())));
    let goal = stop.goal;
    let (id, renamed) = match stop.why {
        Stuck::NameTaken(id) => (Some(id), None),
        Stuck::Renamed(id, name) => (Some(id), Some((id, name))),
        _ => (None, None),
    };
    let may_be_another = renamed.is_some() && id != Some(old);
    let say = move |id, is_right| match renamed.clone() {
        Some(renamed) => rotations.resolve(old, goal, renamed, is_right),
        None => rotations.adopt(old, id),
    };
    let actions = move || {
        let (say, say_another) = (say.clone(), say.clone());
        view! {
            <Button label="Try again" on_press=move |()| rotations.go(old, goal)/>
            {id.map(|id| view! {
                <Button
                    label=if id == old { "It is the old one: continue" } else { "It is the new one: continue" }
                    on_press=move |()| say(id, true)
                />
                {may_be_another.then(|| view! {
                    <Button label="It is another token" on_press=move |()| say_another(id, false)/>
                })}
                <LinkButton label="Open its page" href=navigation.href(&Route::Token(id))/>
            })}
        }
    };
    notice.map(|notice| view! { <NoticeView notice=notice live=true actions=actions/> })
}
