//! A field for a secret that stays hidden until the user asks for it. Its texts speak of a token, the only secret that
//! the console shows.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use js_sys::Date;
use leptos::{ev, html::Input, prelude::*};
use web_sys::Event;

use super::{
    Button, CopyError, EventPhase, Notice, Status, Tone, When, clear_clipboard, copy_when_there,
    effect::effect, has_clipboard, listen, spawn::spawn_in_scope, timer::Timer, unique_id,
};
use crate::secret::Secret;

/// How long a secret stays visible since it was shown or the field was used: short enough to be hidden again soon if
/// the user walks away.
const VISIBLE_FOR: Duration = Duration::from_secs(60);
/// How long use of the field keeps a secret visible, in milliseconds: long enough to retype it, at any speed.
const VISIBLE_AT_MOST: f64 = 600_000.0;

const SHOWN: &str = "Shown for a minute, longer while you use the field.";
const HIDDEN: &str = "Hidden again.";

const COPIED: &str =
    "Copied to the clipboard. “Clear clipboard” empties it, even if it contains something else by then.";
const COPIED_BY_HAND: &str = "Copied to the clipboard.";
const CLEARED: &str =
    "The clipboard is now empty. If this device keeps a clipboard history, the token may still be there.";
const NOT_SHOWN: &str = "Not shown: when the token arrived, this page was hidden or locked.";
const NOT_CLEARED: &str =
    "The browser did not let this page clear the clipboard. Copy something else instead.";

/// A request for a secret, as a future; the notice says why it could not be read.
pub type SecretRequest = Pin<Box<dyn Future<Output = Result<Arc<Secret>, Notice>>>>;

/// A secret with "Show token"/"Hide token" and "Copy token".
///
/// The secret is in the page only while it is shown: as the `value` property of a read-only input, not as text and not
/// as an attribute. It is hidden after a minute without use of the field, when the tab is hidden, and when `conceal`
/// becomes true; one that arrives only then is not shown. Copying works without showing; afterwards there is "Clear
/// clipboard".
#[component]
pub fn SecretField(
    /// The label of the field.
    label: &'static str,
    /// Called for every "Show token" and "Copy token".
    source: impl Fn() -> SecretRequest + Send + Sync + 'static,
    /// Hides the secret, for instance when the session is locked.
    #[prop(optional, into)]
    conceal: Signal<bool>,
    /// Called when the secret is on the clipboard: by "Copy token", or because the whole shown text was copied by hand.
    #[prop(optional, into)]
    on_copied: Option<Callback<()>>,
    /// Why the secret cannot be read, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let field = Field::new(Callback::new(move |()| source()), conceal, on_copied);
    view! { <SecretLine label=label field=field blocked=blocked/> }
}

/// The field with its buttons. Compiled once, whatever the source of the secret.
#[component]
fn SecretLine(label: &'static str, field: Field, blocked: Signal<Option<String>>) -> impl IntoView {
    let id = unique_id("secret");
    let said_id = format!("{id}-said");
    let Field { input, shown, fetching, copying, clearing, said, was_copied, .. } = field;
    let toggle_label = Signal::derive(move || {
        let label = if shown.with(Option::is_some) { "Hide token" } else { "Show token" };
        label.to_owned()
    });
    view! {
        <div class="field secret">
            <label for=id.clone()>{label}</label>
            <div class="secret-line">
                <input
                    node_ref=input
                    id=id
                    class="input mono"
                    type="text"
                    readonly
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="Hidden"
                    aria-describedby=said_id.clone()
                    prop:value=move || shown.with(|s| s.as_ref().map(|s| s.expose().to_owned()).unwrap_or_default())
                    on:copy=move |_| field.copied_by_hand()
                />
                <Button label=toggle_label on_press=move |()| field.toggle() busy=fetching blocked=blocked/>
                <Button label="Copy token" on_press=move |()| field.copy() busy=copying blocked=blocked/>
                <When is=was_copied>
                    <Button label="Clear clipboard" on_press=move |()| field.clear_clipboard() busy=clearing/>
                </When>
            </div>
            <p class="field-hint" role="status" id=said_id>{move || said.get()}</p>
        </div>
    }
}

/// The state that buttons and responses act on. A handle.
#[derive(Clone, Copy)]
struct Field {
    source: Callback<(), SecretRequest>,
    input: NodeRef<Input>,
    shown: RwSignal<Option<Arc<Secret>>>,
    /// Hides the secret again.
    hiding: Timer,
    /// When it is hidden even though the field is used, in milliseconds since 1970.
    until: StoredValue<f64>,
    fetching: RwSignal<bool>,
    copying: RwSignal<bool>,
    clearing: RwSignal<bool>,
    conceal: Signal<bool>,
    said: RwSignal<&'static str>,
    status: Status,
    was_copied: RwSignal<bool>,
    on_copied: Option<Callback<()>>,
}

impl Field {
    fn new(
        source: Callback<(), SecretRequest>,
        conceal: Signal<bool>,
        on_copied: Option<Callback<()>>,
    ) -> Self {
        let field = Self {
            source,
            input: NodeRef::new(),
            shown: RwSignal::new(None),
            hiding: Timer::new(),
            until: StoredValue::new(0.0),
            fetching: RwSignal::new(false),
            copying: RwSignal::new(false),
            clearing: RwSignal::new(false),
            conceal,
            said: RwSignal::new(""),
            status: Status::expect(),
            was_copied: RwSignal::new(false),
            on_copied,
        };
        effect(move || {
            if conceal.get() {
                field.hide();
            }
        });
        effect(move || {
            if let Some(input) = field.input.get() {
                for event in ["focus", "keydown", "select"] {
                    listen(&input, event, EventPhase::Bubble, move |_: Event| field.used());
                }
            }
        });
        let listener = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                field.hide();
            }
        });
        on_cleanup(move || listener.remove());
        field
    }

    fn toggle(self) {
        if !self.is_shown() {
            return self.show();
        }
        let said = self.said.get_untracked();
        self.hide();
        // The user knows.
        self.said.set(if said == SHOWN { "" } else { said });
    }

    fn is_shown(self) -> bool {
        self.shown.try_with_untracked(Option::is_some) == Some(true)
    }

    fn hide(self) {
        if self.is_shown() {
            self.shown.set(None);
            self.said.set(HIDDEN);
        }
    }

    /// Notes that the user is in the field, perhaps reading it with a braille display or a magnifier.
    fn used(self) {
        let left = self.until.get_value() - Date::now();
        if self.is_shown() && left > 0.0 {
            let left = Duration::from_millis(left as u64);
            self.hiding.set(VISIBLE_FOR.min(left), move || self.hide());
        }
    }

    fn show(self) {
        self.said.set("");
        self.fetching.set(true);
        let secret = self.source.run(());
        spawn_in_scope(async move {
            let result = secret.await;
            self.fetching.try_set(false);
            match result {
                Ok(secret) => {
                    self.reveal(secret);
                }
                Err(notice) => self.status.show(notice),
            }
        });
    }

    fn copy(self) {
        self.said.set("");
        self.copying.set(true);
        let copy = copy_when_there(self.source.run(()));
        spawn_in_scope(async move {
            let result = copy.await;
            self.copying.try_set(false);
            match result {
                Ok((_, Ok(()))) => self.copied(),
                Ok((secret, Err(why))) => self.copy_by_hand(secret, why),
                Err(notice) => self.status.show(notice),
            }
        });
    }

    fn clear_clipboard(self) {
        self.said.set("");
        self.clearing.set(true);
        spawn_in_scope(async move {
            let cleared = clear_clipboard().await;
            self.clearing.try_set(false);
            self.said.try_set(if cleared.is_ok() { CLEARED } else { NOT_CLEARED });
        });
    }

    /// Handles the user copying the selected text.
    fn copied_by_hand(self) {
        if self.is_all_selected() {
            self.copied();
        }
    }

    /// Shows the secret for a while. Returns `false` if it must not be seen: it may have taken long to arrive.
    fn reveal(self, secret: Arc<Secret>) -> bool {
        if document().hidden() || self.conceal.try_get_untracked() != Some(false) {
            self.said.try_set(NOT_SHOWN);
            return false;
        }
        self.shown.set(Some(secret));
        self.said.set(SHOWN);
        self.until.set_value(Date::now() + VISIBLE_AT_MOST);
        self.used();
        true
    }

    /// Notes that the secret is on the clipboard.
    fn copied(self) {
        // On plain http the user can copy by hand what the page cannot clear.
        let clears = has_clipboard();
        self.was_copied.set(clears);
        self.said.set(if clears { COPIED } else { COPIED_BY_HAND });
        if let Some(on_copied) = self.on_copied {
            on_copied.run(());
        }
    }

    /// Whether the whole secret is selected, so that copying by hand copies all of it.
    fn is_all_selected(self) -> bool {
        let Some(input) = self.input.get_untracked() else { return false };
        let end = u32::try_from(input.value().encode_utf16().count()).ok();
        end != Some(0)
            && input.selection_start().ok().flatten() == Some(0)
            && input.selection_end().ok().flatten() == end
    }

    /// Without access to the clipboard: shows the secret and selects it for Ctrl/⌘ C.
    fn copy_by_hand(self, secret: Arc<Secret>, why: CopyError) {
        let title = match why {
            CopyError::Insecure => {
                "This page cannot use the clipboard, because it was not loaded over https."
            }
            CopyError::Refused => "The browser did not let this page use the clipboard.",
        };
        if !self.reveal(secret) {
            return self
                .status
                .show(Notice::new(Tone::Info, title).with_text("Copy it again while this page is visible."));
        }
        self.status.show(
            Notice::new(Tone::Info, title)
                .with_text("The token is shown and selected: copy it with Ctrl C or ⌘ C."),
        );
        request_animation_frame(move || {
            if let Some(input) = self.input.get_untracked() {
                super::focus_element(&input);
                input.select();
            }
        });
    }
}
