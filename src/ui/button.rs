//! Buttons, and links that look like one.

use leptos::{ev::MouseEvent, html, prelude::*};

use super::{focus::hand_focus_on, unique_id};

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonStyle {
    /// The one main act of a form or screen.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Destroys something.
    Danger,
    /// A button within text or a row, without a frame.
    Quiet,
}

impl ButtonStyle {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Secondary => "button",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A button that can be busy, or blocked for a reason.
///
/// A blocked or busy button keeps its place and the focus (`aria-disabled`, not `disabled`) and does
/// nothing when pressed. The reason stands beside it for everyone and describes it for screen readers. One that goes
/// hands the focus on.
#[component]
pub fn Button(
    /// What it does, in words. They stay the same while it is busy.
    #[prop(into)]
    label: Signal<String>,
    /// Called on a press, unless busy or blocked.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// Look.
    #[prop(optional)]
    style: ButtonStyle,
    /// `type="submit"` instead of `button`. A submitting form has to check for itself whether it is
    /// blocked: Enter in a field submits without any press.
    #[prop(optional)]
    submit: bool,
    /// Why it cannot be pressed, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether what it started is still going on.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Takes the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// The element, for a caller that moves the focus.
    #[prop(optional)]
    node_ref: NodeRef<html::Button>,
) -> impl IntoView {
    let reason_id = StoredValue::new(unique_id("reason"));
    let idle = move || !busy.get() && blocked.with(Option::is_none);
    on_cleanup(move || {
        if let Some(Some(button)) = node_ref.try_get_untracked() {
            hand_focus_on(&button);
        }
    });
    let press = move |event: MouseEvent| {
        if !idle() {
            event.prevent_default();
            event.stop_propagation();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    view! {
        <span class="button-with-reason">
            <button
                node_ref=node_ref
                type=if submit { "submit" } else { "button" }
                class=style.class()
                autofocus=autofocus
                aria-disabled=move || (!idle()).then_some("true")
                aria-busy=move || busy.get().then_some("true")
                aria-describedby=move || blocked.with(|b| b.is_some().then(|| reason_id.get_value()))
                on:click=press
            >
                {move || label.get()}
            </button>
            {move || {
                blocked
                    .get()
                    .map(|reason| view! { <span class="reason" id=reason_id.get_value()>{reason}</span> })
            }}
        </span>
    }
}

/// A link that looks like a button. Blocked, it keeps its place and its name but leads nowhere.
#[component]
pub fn LinkButton(
    /// The link's words.
    label: &'static str,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Look.
    #[prop(optional)]
    style: ButtonStyle,
    /// Why it cannot be followed, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// The reason is for screen readers only, where everyone else can see it anyway.
    #[prop(optional)]
    terse: bool,
) -> impl IntoView {
    let reason_id = StoredValue::new(unique_id("reason"));
    let reason_class = if terse { "visually-hidden" } else { "reason" };
    let is_blocked = move || blocked.with(Option::is_some);
    view! {
        <span class="button-with-reason">
            // Without an address it is no link for the browser, so its role is said; it stays in the
            // order of Tab, where its reason can be heard.
            <a
                class=style.class()
                href=move || (!is_blocked()).then(|| href.get())
                role=move || is_blocked().then_some("link")
                tabindex=move || is_blocked().then_some("0")
                aria-disabled=move || is_blocked().then_some("true")
                aria-describedby=move || is_blocked().then(|| reason_id.get_value())
            >
                {label}
            </a>
            {move || {
                blocked
                    .get()
                    .map(|reason| view! { <span class=reason_class id=reason_id.get_value()>{reason}</span> })
            }}
        </span>
    }
}
