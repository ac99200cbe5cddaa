//! Name and "Enabled" of a token, and saving them.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{
    apply::own_end,
    called,
    known_tokens::KnownTokens,
    model::{
        draft::{name_error, name_remark},
        edit::{Kept, Values, Verdict, compare, name_messages, replaces_name},
        name::isolated,
        own::{disables, enabled_hint},
        unsaved,
    },
    read::read_and_learn,
    save::{Saved, save},
    subject,
};
use crate::{
    api::{Error, ErrorKind, Token},
    failure::{self, Act},
    leaving::Leaving,
    session::{End, Session, permissions::Subject},
    ui::{
        ActivityLog, Button, ButtonStyle, Notice, NoticeView, Outcome, Status, Switch, TextField, Tone,
        effect, focus_input, spawn_in_scope,
    },
};

/// The form. What was typed stays until the server has it.
#[component]
pub(super) fn TokenForm(
    /// The token as it was last seen on the server.
    seen: RwSignal<Token>,
    /// Why it cannot be changed, if it cannot.
    #[prop(into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let session = Session::expect();
    let status = Status::expect();
    let activity = ActivityLog::expect();
    let known = KnownTokens::expect();
    let (id, first) = seen.with_untracked(|token| (token.id, Values::of(token)));
    let name = RwSignal::new(first.name);
    let enabled = RwSignal::new(first.enabled);
    let complaint = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<Notice>);
    let conflict = RwSignal::new(None::<Token>);
    let conflict_title = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let name_input = NodeRef::<Input>::new();

    Leaving::expect().guard(Signal::derive(move || {
        let wanted = Values { name: name.get(), enabled: enabled.get() };
        unsaved::of_changes(&seen.with(Values::of), &wanted, busy.get())
    }));

    let complain = move |words: String| {
        complaint.set(Some(words));
        focus_input(name_input);
    };
    let wanted = move || Values { name: name.get_untracked(), enabled: enabled.get_untracked() };
    let learned = move |now: Token| {
        known.learned(&now);
        seen.set(now);
    };
    let done = move |before: Values, now: Token| {
        activity.add("Changed", subject(&now.name, id), Outcome::Done);
        status.show(saved_notice(&before, &now));
        let is_disabled = disables(&before, &Values::of(&now));
        let end = is_disabled.then(|| own_end(session, End::Disabled, id, &now.name)).flatten();
        known.changed(before.enabled, &now);
        seen.set(now);
        if let Some(end) = end {
            session.own_token_ended(end);
        }
    };
    let differs = move |kept: Kept, now: Token| {
        // Disabled by this console only if the status is what was kept.
        known.changed(kept == Kept::Status, &now);
        conflict_title.set(kept.words().to_owned());
        conflict.set(Some(now));
    };
    let refused = move |error: Error, looked: bool, operations: Vec<_>| {
        let outcome =
            if error.kind.leaves_outcome_unknown() && !looked { Outcome::Unknown } else { Outcome::Failed };
        activity.add("Tried to change", seen.with_untracked(|token| subject(&token.name, id)), outcome);
        session.learn(Subject::Token(id), &error);
        known.failed(id, &error);
        match &error.kind {
            ErrorKind::Invalid(messages) => {
                if let Some(words) = name_messages(&operations, messages) {
                    complain(words);
                }
            }
            ErrorKind::Conflict if replaces_name(&operations) => {
                complain("The owner already has a token of this name.".into());
            }
            _ => {}
        }
        let act = if replaces_name(&operations) { Act::SaveToken } else { Act::SaveStatus };
        let explain = if looked { failure::notice_after_look } else { failure::notice };
        failed.set(Some(explain(&error, act)));
    };

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || blocked.with_untracked(Option::is_some) {
            return;
        }
        let before = seen.with_untracked(Values::of);
        let wanted = wanted();
        failed.set(None);
        conflict.set(None);
        complaint.set(None);
        // What was saved before has nothing to do with what becomes of this.
        status.clear();
        session.renew_retries();
        if wanted.name != before.name
            && let Some(words) = name_error(&wanted.name)
        {
            return complain(words);
        }
        if wanted == before {
            status.show(Notice::new(Tone::Info, "Nothing to save: no value was changed."));
            return;
        }
        busy.set(true);
        spawn_in_scope(async move {
            let saved = save(session, id, &before, &wanted).await;
            busy.try_set(false);
            match saved {
                Saved::Done(now) => done(before, now),
                Saved::Conflict(now) => {
                    let kept = Kept::of(&before, &wanted, &Values::of(&now));
                    let (what, how) = match kept {
                        Kept::Nothing => ("Tried to change", Outcome::Failed),
                        _ => ("Changed in part", Outcome::Done),
                    };
                    activity.add(what, subject(&now.name, id), how);
                    differs(kept, now);
                }
                Saved::Ignored(now) => {
                    activity.add("Tried to change", subject(&now.name, id), Outcome::Failed);
                    learned(now);
                    failed.set(Some(
                        Notice::new(
                            Tone::Failure,
                            "The changes were not saved, although the server said nothing.",
                        )
                        .with_text(
                            "It answered with the old values. Try again, or tell whoever runs the server.",
                        ),
                    ));
                }
                Saved::Failed { error, looked, operations } => refused(error, looked, operations),
            }
        });
    };

    // In a scope of its own: the button that asks for it goes with the notice it stands in, maybe before the answer is
    // there, and would take the question along.
    let asked_again = RwSignal::new(0_u32);
    effect(move || {
        if asked_again.get() > 0 {
            spawn_in_scope(session.ask_token(id));
        }
    });
    // What is typed stays: if the server has something else than before, that is a conflict like any other.
    let look = move |()| {
        let before = seen.with_untracked(Values::of);
        let wanted = wanted();
        session.renew_retries();
        busy.set(true);
        asked_again.update(|times| *times += 1);
        spawn_in_scope(async move {
            let look = read_and_learn(session, known, id).await;
            busy.try_set(false);
            let now = match look {
                Ok(now) => now,
                Err(error) => return failed.set(Some(failure::notice(&error, Act::ReadToken))),
            };
            failed.set(None);
            complaint.set(None);
            match compare(&before, &wanted, &Values::of(&now)) {
                Verdict::Saved if wanted != before => done(before, now),
                Verdict::Conflict if wanted != before => {
                    differs(Kept::of(&before, &wanted, &Values::of(&now)), now);
                }
                _ => {
                    if wanted == before {
                        name.set(now.name.clone());
                        enabled.set(now.enabled);
                    }
                    learned(now);
                }
            }
        });
    };

    view! {
        <form class="form" on:submit=submit novalidate>
            <TextField
                label="Name"
                value=name
                hint=Signal::derive(move || name.with(|name| name_remark(name)))
                error=complaint
                read_only=Signal::derive(move || blocked.with(Option::is_some))
                node_ref=name_input
            />
            <Switch
                label="Enabled"
                value=enabled
                hint=Signal::derive(move || {
                    let wanted = Values { name: name.get(), enabled: enabled.get() };
                    Some(enabled_hint(session.is_own(id), &seen.with(Values::of), &wanted).to_owned())
                })
                blocked=blocked
            />
            {move || failed.get().map(|notice| {
                let reload = move || view! {
                    <Button
                        label="Load the token again"
                        style=ButtonStyle::Quiet
                        on_press=look
                        busy=busy
                    />
                };
                view! { <NoticeView notice=notice live=true actions=reload/> }
            })}
            {move || conflict.get().map(|theirs| {
                view! { <ConflictView
                    title=conflict_title.get_untracked()
                    theirs=theirs
                    seen=seen
                    name=name
                    enabled=enabled
                    conflict=conflict
                /> }
            })}
            <div class="form-buttons">
                <Button label="Save changes" style=ButtonStyle::Primary submit=true busy=busy blocked=blocked/>
            </div>
        </form>
    }
}

/// What was saved, and for a token that was just disabled where to find it again.
fn saved_notice(before: &Values, now: &Token) -> Notice {
    let id = now.id;
    let name = called(&now.name, id);
    match (before.enabled, now.enabled) {
        (true, false) => {
            Notice::new(Tone::Success, format!("Saved: {name} is disabled.")).with_text(format!(
                "Some servers do not list disabled tokens. You can always open this one by its ID, {id}.",
            ))
        }
        (false, true) => Notice::new(Tone::Success, format!("Saved: {name} is enabled.")),
        _ => Notice::new(Tone::Success, format!("Saved {name}.")),
    }
}

/// Mine or theirs, per field. Choosing puts the value into the form; saving then starts from what the
/// server has now.
#[component]
fn ConflictView(
    title: String,
    theirs: Token,
    seen: RwSignal<Token>,
    name: RwSignal<String>,
    enabled: RwSignal<bool>,
    conflict: RwSignal<Option<Token>>,
) -> impl IntoView {
    let their_values = Values::of(&theirs);
    let (their_name, their_enabled) = (their_values.name.clone(), their_values.enabled);
    let mine = Values { name: name.get_untracked(), enabled: enabled.get_untracked() };
    let word = |enabled: bool| if enabled { "enabled" } else { "disabled" };
    let theirs = StoredValue::new(theirs);
    // Whichever is chosen, the next save is compared with what the server has now.
    let rebase = move || {
        seen.set(theirs.get_value());
        conflict.set(None);
    };
    let take_theirs = {
        let their_name = their_name.clone();
        move |()| {
            name.set(their_name.clone());
            enabled.set(their_enabled);
            rebase();
        }
    };
    let name_differs = mine.name != their_values.name;
    let enabled_differs = mine.enabled != their_enabled;
    let names = (isolated(&their_name), isolated(&mine.name));
    view! {
        <div class="notice notice-failure" role="alert">
            <div class="notice-words">
                <p class="notice-title">{title}</p>
                <ul>
                    {name_differs.then(|| view! { <li>{format!("Name: the server has “{}”, you have “{}”.", names.0, names.1)}</li> })}
                    {enabled_differs.then(|| view! {
                        <li>{format!("The server has it {}, you have it {}.", word(their_enabled), word(mine.enabled))}</li>
                    })}
                </ul>
                <div class="form-buttons">
                    <Button label="Keep mine, to save it" on_press=move |()| rebase()/>
                    <Button label="Take theirs" on_press=take_theirs/>
                    {(name_differs && enabled_differs).then(|| {
                        let their_name = their_name.clone();
                        let only_name = move |()| {
                            name.set(their_name.clone());
                            rebase();
                        };
                        let only_enabled = move |()| {
                            enabled.set(their_enabled);
                            rebase();
                        };
                        view! {
                            <Button label="Take their name only" on_press=only_name/>
                            <Button label="Take their status only" on_press=only_enabled/>
                        }
                    })}
                </div>
            </div>
        </div>
    }
}
