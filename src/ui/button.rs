//! Buttons, and links that look like one.

use leptos::{ev::MouseEvent, html, prelude::*};

use super::{focus::hand_focus_on, unique_id};

/// How prominent a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonStyle {
    /// The main action of a form or screen; only one each.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// A destructive action.
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
/// A blocked or busy button keeps its place and the focus (`aria-disabled`, not `disabled`) and does nothing when
/// pressed. The reason is shown beside it and is its description for screen readers. A button that is removed hands the
/// focus on.
#[component]
pub fn Button(
    /// The label. It stays the same while the button is busy.
    #[prop(into)]
    label: Signal<String>,
    /// Called on a press, unless busy or blocked.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The style.
    #[prop(optional)]
    style: ButtonStyle,
    /// `type="submit"` instead of `button`. The form has to check for itself whether it is blocked: Enter in a field
    /// submits without pressing the button.
    #[prop(optional)]
    submit: bool,
    /// Why the button cannot be pressed, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether the action is still in progress.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether the button takes the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
    /// The element, for callers that move the focus.
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

/// A link that looks like a button. A blocked one keeps its place and its name but leads nowhere.
#[component]
pub fn LinkButton(
    /// The link's text.
    label: &'static str,
    /// The target address.
    #[prop(into)]
    href: Signal<String>,
    /// The style.
    #[prop(optional)]
    style: ButtonStyle,
    /// Why the link cannot be followed, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Whether the reason is for screen readers only, because it is visible elsewhere.
    #[prop(optional)]
    terse: bool,
) -> impl IntoView {
    let reason_id = StoredValue::new(unique_id("reason"));
    let reason_class = if terse { "visually-hidden" } else { "reason" };
    let is_blocked = move || blocked.with(Option::is_some);
    view! {
        <span class="button-with-reason">
            // Without `href` it is no link to the browser, hence the role. It stays in the tab order, where its reason
            // is announced.
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
