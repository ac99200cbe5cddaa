//! `/tokens/new`: making a token, and handing over its secret.

use std::sync::Arc;

use leptos::{
    ev::SubmitEvent,
    html::{Input, Select},
    prelude::*,
};

use super::{
    Listing,
    back::BackToList,
    blocked,
    created_screen::CreatedScreen,
    kept_draft::{self, Work},
    list_place::ListPlace,
    look_up::look_up,
    model::{
        draft::{Draft, DraftErrors, LENGTH_MAX, LENGTH_MIN, name_remark},
        gate::Act,
        name::{isolated, shortened},
        unsaved::{self, Creation},
    },
    owner_field::OwnerField,
    subject,
    unsure::{Unsure, UnsureView},
};
use crate::{
    api::{CreateToken, CreatedToken, Error, ErrorKind, UserId},
    collection::creation::{Found, may_exist},
    failure,
    leaving::Leaving,
    session::{Session, permissions::Subject},
    ui::{
        ActivityLog, Button, ButtonStyle, LinkButton, Notice, NoticeView, NumberWithSlider, Outcome, Screen,
        Status, TextField, Tone, effect, focus_element, focus_input, spawn_in_scope,
    },
};

/// What was asked for and got.
type Created = Arc<CreatedToken>;

/// The form, and afterwards the new token. The new token's secret lives in this screen only: leaving it,
/// or signing in as somebody else, drops it.
#[component]
pub fn NewScreen() -> impl IntoView {
    let created = RwSignal::new(None::<Created>);
    move || match created.get() {
        None => view! { <Form created=created/> }.into_any(),
        Some(created) => view! { <CreatedScreen created=created/> }.into_any(),
    }
}

#[component]
fn Form(created: RwSignal<Option<Created>>) -> impl IntoView {
    let session = Session::expect();
    let activity = ActivityLog::expect();
    let listing = Listing::expect();
    let status = Status::expect();
    let before = kept_draft::load(session);
    let restored = RwSignal::new(before.as_ref().is_some_and(|before| before.typed != Draft::default()));
    let Work { typed: begin, sent: sent_before } = before.unwrap_or_default();
    let name = RwSignal::new(begin.name);
    let owner = RwSignal::new(begin.owner);
    let length = RwSignal::new(begin.length);
    // As long as nobody knows what came of it.
    let sent = RwSignal::new(sent_before.clone());
    let errors = RwSignal::new(DraftErrors::default());
    let failed = RwSignal::new(None::<Notice>);
    let unsure = RwSignal::new(None::<Unsure>);
    let busy = RwSignal::new(false);
    let (name_input, owner_input, length_input) =
        (NodeRef::<Input>::new(), NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let owner_select = NodeRef::<Select>::new();
    spawn_in_scope(session.ask_collection());
    let blocked = blocked(session, Act::Create, Subject::Collection);

    let typed = move || Draft { name: name.get(), owner: owner.get(), length: length.get() };
    effect(move || kept_draft::keep(session, Work { typed: typed(), sent: sent.get() }));
    // A reload of the tab asks nobody; whatever else takes the form away was meant to.
    on_cleanup(kept_draft::clear);
    Leaving::expect().guard(Signal::derive(move || {
        unsure.with(|unsure| {
            let creation = match unsure {
                _ if busy.get() => Creation::UnderWay,
                Some(unsure) => unsure.creation(),
                None => Creation::Open,
            };
            unsaved::of_draft(&typed(), creation)
        })
    }));

    let focus_first = move |errors: &DraftErrors| {
        if errors.name.is_some() {
            focus_input(name_input);
        } else if errors.owner_id.is_some() {
            // A field or a list, as far as it is known who the users are.
            if let Some(select) = owner_select.get_untracked() {
                focus_element(&select);
            } else {
                focus_input(owner_input);
            }
        } else if errors.length.is_some() {
            focus_input(length_input);
        }
    };
    let complain = move |found: DraftErrors| {
        focus_first(&found);
        errors.set(found);
    };

    let answered = move |asked: CreateToken, answer: Result<CreatedToken, Error>| async move {
        match answer {
            Ok(token) => {
                activity.add("Created", subject(&token.token.name, token.token.id), Outcome::Done);
                status.clear();
                created.try_set(Some(Arc::new(token)));
            }
            Err(error) if may_exist(&error.kind) => {
                listing.doubt();
                // No second request before this is known.
                let whose = owner_of(session, &asked);
                let found = look_up(session, &asked.name, whose).await;
                if found != Found::CannotTell || error.kind == ErrorKind::Conflict {
                    sent.set(None);
                }
                let how = match error.kind {
                    ErrorKind::Conflict => Outcome::Failed,
                    _ => outcome_of(found, whose),
                };
                activity.add("Tried to create", isolated(&asked.name), how);
                match (&error.kind, found) {
                    // The certain case: the server refused, and there is no such token of one's own doing.
                    (ErrorKind::Conflict, Found::Yes(id)) => {
                        complain(DraftErrors {
                            name: Some("This name is taken: an owner's tokens have different names.".into()),
                            ..DraftErrors::default()
                        });
                        unsure.set(Some(Unsure::taken(id, whose, asked)));
                    }
                    (ErrorKind::Conflict, _) => {
                        failed.set(Some(failure::notice(&error, failure::Act::CreateToken)));
                        complain(DraftErrors {
                            name: Some("This name is taken.".into()),
                            ..DraftErrors::default()
                        });
                    }
                    (_, found) => {
                        unsure.set(Some(Unsure::after(error, found, whose, asked)));
                    }
                }
            }
            Err(error) => {
                sent.set(None);
                activity.add("Tried to create", isolated(&asked.name), Outcome::Failed);
                let refused_owner = session.learn_creation(&asked, &error);
                match &error.kind {
                    _ if refused_owner.is_some() => {
                        complain(DraftErrors { owner_id: refused_owner, ..DraftErrors::default() });
                    }
                    ErrorKind::Invalid(messages) => {
                        let of = |field: &str| {
                            let found: Vec<_> = messages.of(field).collect();
                            (!found.is_empty()).then(|| found.join(" "))
                        };
                        complain(DraftErrors {
                            name: of("name"),
                            owner_id: of("owner_id"),
                            length: of("length"),
                        });
                    }
                    _ => errors.set(DraftErrors::default()),
                }
                failed.set(Some(failure::notice(&error, failure::Act::CreateToken)));
            }
        }
    };

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        // One request per press, whatever is clicked meanwhile; none while an earlier one is in doubt.
        if busy.get_untracked() || blocked.with_untracked(Option::is_some) {
            return;
        }
        if unsure.with_untracked(|unsure| unsure.as_ref().is_some_and(Unsure::forbids_another_try)) {
            return;
        }
        let draft = untrack(typed);
        let asked = match draft.check() {
            Ok(asked) => asked,
            Err(found) => return complain(found),
        };
        errors.set(DraftErrors::default());
        failed.set(None);
        unsure.set(None);
        status.clear();
        session.renew_retries();
        sent.set(Some(draft));
        busy.set(true);
        spawn_in_scope(async move {
            let answer = session.create_token(&asked).await;
            answered(asked, answer).await;
            busy.try_set(false);
        });
    };
    let find_out = move |asked: CreateToken, error: Error| {
        session.renew_retries();
        busy.set(true);
        spawn_in_scope(async move {
            let whose = owner_of(session, &asked);
            let found = look_up(session, &asked.name, whose).await;
            busy.try_set(false);
            if found != Found::CannotTell {
                sent.try_set(None);
            }
            unsure.try_set(Some(Unsure::after(error, found, whose, asked)));
        });
    };
    if let Some(asked) = sent_before.and_then(|draft| draft.check().ok()) {
        busy.set(true);
        status.progress(format!("Finding out whether “{}” was created", shortened(&asked.name)));
        spawn_in_scope(async move {
            let whose = owner_of(session, &asked);
            let found = look_up(session, &asked.name, whose).await;
            status.done();
            activity.add("Tried to create", isolated(&asked.name), outcome_of(found, whose));
            busy.try_set(false);
            if found != Found::CannotTell {
                sent.try_set(None);
            }
            unsure.try_set(Some(Unsure::after_reload(found, whose, asked)));
        });
    }
    let clear = move |()| {
        let Draft { name: no_name, owner: no_owner, length: usual } = Draft::default();
        name.set(no_name);
        owner.set(no_owner);
        length.set(usual);
        errors.set(DraftErrors::default());
        restored.set(false);
        focus_input(name_input);
    };

    let error_of = move |field: fn(&DraftErrors) -> &Option<String>| {
        Signal::derive(move || errors.with(|errors| field(errors).clone()))
    };
    let stop = Signal::derive(move || {
        blocked.get().or_else(|| {
            let doubt = unsure.with(|unsure| unsure.as_ref().is_some_and(Unsure::forbids_another_try));
            doubt.then(|| "Find out first whether the token was created.".to_owned())
        })
    });
    view! {
        <Screen heading="New token" above=move || view! { <BackToList/> }>
            {move || restored.get().then(|| {
                let notice = Notice::new(Tone::Info, "Your draft was restored.");
                let actions = move || view! { <Button label="Clear" on_press=clear/> };
                view! { <NoticeView notice=notice live=true actions=actions/> }
            })}
            <form class="form card" on:submit=submit novalidate>
                <TextField
                    label="Name"
                    value=name
                    hint=Signal::derive(move || {
                        name.with(|name| name_remark(name))
                            .or_else(|| Some("What uses it, and where. At least 3 characters.".to_owned()))
                    })
                    error=error_of(|errors| &errors.name)
                    node_ref=name_input
                />
                <OwnerField
                    value=owner
                    error=error_of(|errors| &errors.owner_id)
                    select_ref=owner_select
                    input_ref=owner_input
                />
                <NumberWithSlider
                    label="Length"
                    value=length
                    min=LENGTH_MIN
                    max=LENGTH_MAX
                    hint=format!("Characters of the secret, {LENGTH_MIN} to {LENGTH_MAX}.")
                    error=error_of(|errors| &errors.length)
                    node_ref=length_input
                />
                {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
                {move || unsure.get().map(|unsure| view! { <UnsureView unsure=unsure on_find_out=find_out busy=busy/> })}
                <div class="form-buttons">
                    <Button label="Create token" style=ButtonStyle::Primary submit=true busy=busy blocked=stop/>
                    <LinkButton label="Cancel" href=ListPlace::expect().href()/>
                </div>
            </form>
        </Screen>
    }
}

/// What the activity list says of a creation that had to be looked for.
const fn outcome_of(found: Found, whose: Option<UserId>) -> Outcome {
    match found {
        Found::Yes(_) if whose.is_some() => Outcome::Done,
        Found::No => Outcome::Failed,
        Found::Yes(_) | Found::CannotTell => Outcome::Unknown,
    }
}

/// Whose token it would be. Not known where the server does not say who one is: then it is looked for among all that
/// one may see.
fn owner_of(session: Session, asked: &CreateToken) -> Option<UserId> {
    asked.owner_id.or_else(|| untrack(|| session.user_id()))
}
