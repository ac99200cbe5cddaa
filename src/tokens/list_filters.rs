//! Search and filters of the list.

use leptos::{ev::KeyboardEvent, html::Input, prelude::*};
use web_sys::Element;

use super::{
    Owners,
    list_query::ListQuery,
    model::{
        catalogue::query::{Query, names},
        users::Directory,
    },
};
use crate::{
    session::Session,
    ui::{Button, ButtonStyle, Choice, InputKind, SelectField, TextField},
};

const STATUS: [(&str, &str); 3] = [("", "Any"), ("enabled", "Enabled"), ("disabled", "Disabled")];

const LAST_USED: [(&str, &str); 8] = [
    ("", "Any time"),
    ("never", "Never"),
    ("not-30", "Not for 30 days"),
    ("not-90", "Not for 90 days"),
    ("not-365", "Not for a year"),
    ("since-1", "Since yesterday"),
    ("since-7", "In the last 7 days"),
    ("since-30", "In the last 30 days"),
];

const CREATED: [(&str, &str); 6] = [
    ("", "Any time"),
    ("since-7", "In the last 7 days"),
    ("since-30", "In the last 30 days"),
    ("since-365", "In the last year"),
    ("before-90", "More than 90 days ago"),
    ("before-365", "More than a year ago"),
];

/// For small screens, where the table has no headers to press.
const ORDER: [(&str, &str); 8] = [
    ("", "By ID"),
    ("-id", "Newest first"),
    ("name", "By name"),
    ("owner", "By owner"),
    ("status", "Disabled first"),
    ("used", "Longest unused first"),
    ("-used", "Last used first"),
    ("created", "Oldest first"),
];

/// Searchbox and filters, in one row.
#[component]
pub(super) fn Filters(
    /// The searchbox, for a caller that moves the focus.
    search_box: NodeRef<Input>,
) -> impl IntoView {
    let list = ListQuery::expect();
    let text = RwSignal::new(untrack(|| list.with(|query| query.text.clone())));
    // From the address to the box: back, forward, a link.
    Effect::new(move || {
        let asked = list.with(|query| query.text.clone());
        if text.with_untracked(|typed| *typed != asked) {
            text.set(asked);
        }
    });
    Effect::new(move || {
        let typed = text.get();
        let query = untrack(|| list.get());
        if typed != query.text {
            list.typing(query.with_value(names::TEXT, &typed));
        }
    });
    let choices = |pairs: &'static [(&'static str, &'static str)]| {
        Signal::stored(pairs.iter().map(|(value, label)| choice(value, *label)).collect::<Vec<_>>())
    };
    let clear = move |()| list.go(untrack(|| list.with(Query::without_filters)));
    // Not every browser empties a field for searching by itself.
    let keydown = move |event: KeyboardEvent| {
        let is_typing = search_box.get_untracked().is_some_and(|input| {
            document().active_element().as_ref() == Some(AsRef::<Element>::as_ref(&input))
        });
        if event.key() == "Escape" && is_typing && !text.with_untracked(String::is_empty) {
            event.prevent_default();
            text.set(String::new());
        }
    };
    view! {
        <div
            class="filters"
            role="search"
            aria-label="Tokens"
            on:keydown=keydown
            on:focusout=move |_| list.typed()
        >
            <TextField label="Search tokens" value=text kind=InputKind::Search node_ref=search_box/>
            <OwnerFilter/>
            <Filter label="Status" name=names::STATUS choices=choices(&STATUS)/>
            <Filter label="Last used" name=names::LAST_USED choices=choices(&LAST_USED)/>
            <Filter label="Created" name=names::CREATED choices=choices(&CREATED)/>
            <div class="order">
                <Filter label="Order" name=names::SORT choices=choices(&ORDER)/>
            </div>
            <Show when=move || list.with(Query::filters)>
                <Button label="Clear filters" style=ButtonStyle::Quiet on_press=clear/>
            </Show>
        </div>
    }
}

fn choice(value: &str, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into() }
}

/// One filter: a choice whose value is the one in the address.
#[component]
fn Filter(
    label: &'static str,
    name: &'static str,
    #[prop(into)] choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let list = ListQuery::expect();
    let value = RwSignal::new(untrack(|| list.with(|query| query.value(name))));
    Effect::new(move || {
        let asked = list.with(|query| query.value(name));
        if value.with_untracked(|chosen| *chosen != asked) {
            value.set(asked);
        }
    });
    Effect::new(move || {
        let chosen = value.get();
        let query = untrack(|| list.get());
        if chosen != query.value(name) {
            list.go(query.with_value(name, &chosen));
        }
    });
    // An address may ask for what is not among the choices; then that is one, too.
    let choices = Signal::derive(move || {
        let mut choices = choices.get();
        let asked = value.get();
        if choices.iter().all(|choice| choice.value != asked) {
            choices.push(choice(&asked, asked.as_str()));
        }
        choices
    });
    view! { <SelectField label=label value=value choices=choices/> }
}

/// By name where users may be listed, and "mine" for everybody.
#[component]
fn OwnerFilter() -> impl IntoView {
    let session = Session::expect();
    let owners = Owners::expect();
    let choices = Signal::derive(move || {
        let own = session.user_id();
        let mut choices = vec![choice("", "Anybody")];
        if let Some(own) = own {
            choices.push(choice(&own.to_string(), format!("{} (you)", owners.label(own))));
        }
        owners.directory().with(|directory| {
            if let Directory::Known(users) = directory {
                let others = users.iter().filter(|user| Some(user.id) != own);
                choices.extend(others.map(|user| choice(&user.id.to_string(), user.username.as_str())));
            }
        });
        choices
    });
    view! { <Filter label="Owner" name=names::OWNER choices=choices/> }
}
