//! Search and filters of the list.

use leptos::{
    ev::KeyboardEvent,
    html::{Input, Select},
    prelude::*,
};
use web_sys::{Element, Event};

use super::query::ListQuery;
use crate::{
    api::UserId,
    session::Session,
    tokens::{
        cache::{owners::Owners, row_details::RowDetails},
        model::{
            catalogue::query::{Query, names},
            name::isolated,
            users::Directory,
        },
    },
    ui::{
        Button, ButtonStyle, Choice, EventPhase, InputKind, SelectField, TextField, When, effect,
        focus_input, follow, listen, unique_id,
    },
};

const STATUS: [(&str, &str); 3] = [("", "Any"), ("enabled", "Enabled"), ("disabled", "Disabled")];

const LAST_USED: [(&str, &str); 8] = [
    ("", "Any time"),
    ("never", "Never"),
    ("not-30", "Not for 30 days"),
    ("not-90", "Not for 90 days"),
    ("not-365", "Not for a year"),
    ("since-1", "In the last 24 hours"),
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
const ORDER: [(&str, &str); 12] = [
    ("", "By ID"),
    ("-id", "Highest ID first"),
    ("name", "By name"),
    ("-name", "By name, Z to A"),
    ("owner", "By owner"),
    ("-owner", "By owner, Z to A"),
    ("status", "Disabled first"),
    ("-status", "Enabled first"),
    ("used", "Longest unused first"),
    ("-used", "Last used first"),
    ("created", "Oldest first"),
    ("-created", "Newest first"),
];

/// The values of [`Query`] whose filters are folded on a phone.
const UNFOLDED: [&str; 4] = [names::OWNER, names::STATUS, names::LAST_USED, names::CREATED];

/// The search box and the filters, in one row.
#[component]
pub(super) fn Filters(
    /// The search box, for a caller that moves the focus.
    search_box: NodeRef<Input>,
) -> impl IntoView {
    let list = ListQuery::expect();
    let text = list.field_value(names::TEXT);
    let choices = |pairs: &'static [(&'static str, &'static str)]| {
        Signal::stored(pairs.iter().map(|(value, label)| choice(value, *label)).collect::<Vec<_>>())
    };
    // Not every browser clears a search field on Escape by itself.
    let keydown = move |event: KeyboardEvent| {
        let is_typing = search_box.get_untracked().is_some_and(|input| {
            document().active_element().as_ref() == Some(AsRef::<Element>::as_ref(&input))
        });
        if event.key() == "Escape" && is_typing && !untrack(|| text.with(String::is_empty)) {
            event.prevent_default();
            text.enter(String::new());
        }
    };
    // Only on a phone, where the filters would fill the first screen; elsewhere they are always shown
    // (style/screens/list.css).
    let is_open = RwSignal::new(false);
    let more_id = unique_id("filters");
    let on = move || list.with(|query| UNFOLDED.iter().filter(|name| !query.value(name).is_empty()).count());
    view! {
        <div
            class="filters"
            role="search"
            aria-label="Tokens"
            on:keydown=keydown
            on:focusout=move |_| list.typed()
        >
            <TextField label="Search tokens" value=text kind=InputKind::Search node_ref=search_box/>
            <button
                type="button"
                class="button filters-button"
                aria-expanded=move || is_open.get().to_string()
                aria-controls=more_id.clone()
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                {move || match on() {
                    0 => "Filters".to_owned(),
                    number => format!("Filters ({number} on)"),
                }}
            </button>
            <div id=more_id class="filters-more" class:is-open=is_open>
                <OwnerFilter/>
                <Filter label="Status" name=names::STATUS choices=choices(&STATUS)/>
                <Filter label="Last used" name=names::LAST_USED choices=choices(&LAST_USED)/>
                <Filter label="Created" name=names::CREATED choices=choices(&CREATED)/>
                <div class="order">
                    <Filter label="Order" name=names::SORT choices=choices(&ORDER)/>
                </div>
            </div>
        </div>
    }
}

/// The button that removes search and filters, while one is on. It is apart from them, in a place that is there anyway:
/// the rows below do not move when the user begins to type.
#[component]
pub(super) fn ClearFilters(
    /// Gets the focus, since the button disappears.
    search_box: NodeRef<Input>,
) -> impl IntoView {
    let list = ListQuery::expect();
    let clear = move |()| {
        list.go(untrack(|| list.with(Query::without_filters)));
        focus_input(search_box);
    };
    view! {
        <When is=Signal::derive(move || list.with(Query::filters))>
            <Button label="Clear filters" style=ButtonStyle::Quiet on_press=clear/>
        </When>
    }
}

fn choice(value: &str, label: impl Into<String>) -> Choice {
    Choice { value: value.into(), label: label.into() }
}

/// Words a value from the address that is none of the choices.
fn in_words(value: &str) -> String {
    let days = |prefix| value.strip_prefix(prefix).filter(|days| days.bytes().all(|b| b.is_ascii_digit()));
    match (days("not-"), days("since-"), days("before-"), days("")) {
        (Some("1"), ..) => "Not for a day".to_owned(),
        (_, Some("1"), ..) => "In the last 24 hours".to_owned(),
        (_, _, Some("1"), _) => "More than a day ago".to_owned(),
        (Some(days), ..) => format!("Not for {days} days"),
        (_, Some(days), ..) => format!("In the last {days} days"),
        (_, _, Some(days), _) => format!("More than {days} days ago"),
        (.., Some(id)) => format!("ID {id}"),
        _ => value.to_owned(),
    }
}

/// One filter: a choice whose value is the one in the address.
#[component]
fn Filter(
    label: &'static str,
    name: &'static str,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    /// The element, for a caller that listens to it.
    #[prop(optional)]
    node_ref: NodeRef<Select>,
) -> impl IntoView {
    let value = ListQuery::expect().field_value(name);
    // A value from the address that is not among the choices is added to them.
    let choices = Signal::derive(move || {
        let mut choices = choices.get();
        let asked = value.get();
        if choices.iter().all(|choice| choice.value != asked) {
            choices.push(choice(&asked, in_words(&asked)));
        }
        choices
    });
    view! { <SelectField label=label value=value choices=choices node_ref=node_ref/> }
}

/// Offers the users by name where they may be listed, otherwise the owners of the tokens whose details are known; and
/// always the signed-in user. The users are read when the field gets the focus or is pressed: on a page of the user's
/// own rows nothing else needs them.
#[component]
fn OwnerFilter() -> impl IntoView {
    let session = Session::expect();
    let owners = Owners::expect();
    let details = RowDetails::expect();
    let choices = Signal::derive(move || {
        let own = session.user_id();
        let mut choices = vec![choice("", "Anybody")];
        if let Some(own) = own {
            choices.push(choice(&own.to_string(), format!("{} (you)", isolated(&owners.label(own)))));
        }
        let mut offer = |id: UserId, name: String| {
            if Some(id) != own {
                choices.push(choice(&id.to_string(), name));
            }
        };
        owners.directory().with(|directory| match directory {
            Directory::Known(users) => users.iter().for_each(|user| offer(user.id, user.username.clone())),
            _ => {
                follow(&details.revision());
                details.owners().into_iter().for_each(|id| offer(id, owners.label(id)));
            }
        });
        choices
    });
    let select = NodeRef::<Select>::new();
    effect(move || {
        if let Some(select) = select.get() {
            for event in ["focus", "pointerdown"] {
                listen(&select, event, EventPhase::Bubble, move |_: Event| owners.ensure());
            }
        }
    });
    view! { <Filter label="Owner" name=names::OWNER choices=choices node_ref=select/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::model::catalogue::query::Column;

    #[test]
    fn every_order_that_the_headers_offer_is_among_the_choices() {
        for column in Column::ALL {
            for sign in ["", "-"] {
                let asked = format!("{sign}{}", column.as_str());
                let value = Query::from_pairs([(names::SORT, &asked)]).value(names::SORT);
                assert!(ORDER.iter().any(|(choice, _)| *choice == value), "{asked}");
            }
        }
    }

    #[test]
    fn what_is_no_choice_is_worded() {
        assert_eq!(in_words("not-7"), "Not for 7 days");
        assert_eq!(in_words("since-90"), "In the last 90 days");
        assert_eq!(in_words("before-30"), "More than 30 days ago");
        assert_eq!(in_words("not-1"), "Not for a day");
        assert_eq!(in_words("since-1"), "In the last 24 hours");
        assert_eq!(in_words("before-1"), "More than a day ago");
        assert_eq!(in_words("4711"), "ID 4711");
    }
}
