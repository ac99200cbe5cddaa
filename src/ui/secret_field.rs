//! A secret that stays hidden until somebody asks for it.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use leptos::{ev, html::Input, prelude::*, task::spawn_local_scoped_with_cancellation};

use super::{Button, CopyError, Notice, Status, Tone, copy_text, unique_id};
use crate::secret::Secret;

/// How long a secret stays visible. Long enough to type it over, short enough for a walk to the coffee
/// machine.
const VISIBLE_FOR: Duration = Duration::from_secs(60);

/// Gets the secret when it is asked for; the notice says why it could not be had.
pub type Shown = Pin<Box<dyn Future<Output = Result<Arc<Secret>, Notice>>>>;

/// A secret with "Show token"/"Hide token" and "Copy token".
///
/// The secret is in the page only while it is shown: as the `value` property of a read-only input, not
/// as text and not as an attribute. It hides itself after a minute, when the tab is hidden, and when
/// `conceal` becomes true. Copying works without showing.
#[component]
pub fn SecretField(
    /// The label of the field.
    label: &'static str,
    /// Called for every "Show token" and "Copy token".
    source: impl Fn() -> Shown + Send + Sync + 'static,
    /// Hides the secret, as when the session is locked.
    #[prop(optional, into)]
    conceal: Signal<bool>,
    /// Called when the secret is on the clipboard.
    #[prop(optional, into)]
    on_copied: Option<Callback<()>>,
    /// Why the secret cannot be had, if it cannot.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let id = unique_id("secret");
    let input = NodeRef::<Input>::new();
    let status = Status::expect();
    let source = StoredValue::new(source);
    let shown = RwSignal::new(None::<Arc<Secret>>);
    let fetching = RwSignal::new(false);
    let copying = RwSignal::new(false);
    let said = RwSignal::new("");

    let field = Field { input, shown, said, status, on_copied };
    Effect::new(move || {
        if conceal.get() {
            field.hide();
        }
    });
    let listener = window_event_listener(ev::visibilitychange, move |_| {
        if document().hidden() {
            field.hide();
        }
    });
    on_cleanup(move || listener.remove());

    let ask = move |busy: RwSignal<bool>, then: fn(Field, Arc<Secret>)| {
        said.set("");
        busy.set(true);
        let secret = source.with_value(|source| source());
        spawn_local_scoped_with_cancellation(async move {
            let result = secret.await;
            busy.try_set(false);
            match result {
                Ok(secret) => then(field, secret),
                Err(notice) => status.show(notice),
            }
        });
    };
    let toggle_show = move |()| {
        if shown.with_untracked(Option::is_some) {
            field.hide();
        } else {
            ask(fetching, Field::reveal);
        }
    };
    let toggle_label = Signal::derive(move || {
        let label = if shown.with(Option::is_some) { "Hide token" } else { "Show token" };
        label.to_owned()
    });
    let copy = move |()| ask(copying, Field::copy);

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
                    prop:value=move || shown.with(|s| s.as_ref().map(|s| s.expose().to_owned()).unwrap_or_default())
                />
                <Button label=toggle_label on_press=toggle_show busy=fetching blocked=blocked/>
                <Button label="Copy token" on_press=copy busy=copying blocked=blocked/>
            </div>
            <p class="field-hint" role="status">{move || said.get()}</p>
        </div>
    }
}

/// What the buttons and the answers act on.
#[derive(Clone, Copy)]
struct Field {
    input: NodeRef<Input>,
    shown: RwSignal<Option<Arc<Secret>>>,
    said: RwSignal<&'static str>,
    status: Status,
    on_copied: Option<Callback<()>>,
}

impl Field {
    fn hide(self) {
        self.shown.try_set(None);
    }

    /// Shows the secret, for a while.
    fn reveal(self, secret: Arc<Secret>) {
        self.shown.set(Some(secret.clone()));
        let still_this_one = move |shown: &Option<Arc<Secret>>| {
            // It may have been hidden and shown again in the meantime.
            shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &secret))
        };
        set_timeout(
            move || {
                if self.shown.try_with_untracked(still_this_one) == Some(true) {
                    self.hide();
                }
            },
            VISIBLE_FOR,
        );
    }

    /// Puts the secret on the clipboard; where there is none, shows it and selects it for Ctrl/⌘ C.
    fn copy(self, secret: Arc<Secret>) {
        spawn_local_scoped_with_cancellation(async move {
            match copy_text(secret.expose()).await {
                Ok(()) => {
                    self.said.set("Copied to the clipboard.");
                    if let Some(on_copied) = self.on_copied {
                        on_copied.run(());
                    }
                }
                Err(why) => self.copy_by_hand(secret, why),
            }
        });
    }

    fn copy_by_hand(self, secret: Arc<Secret>, why: CopyError) {
        let title = match why {
            CopyError::Insecure => "This page has no clipboard, because it was not loaded over https.",
            CopyError::Refused => "The browser did not let this page use the clipboard.",
        };
        self.status.show(
            Notice::new(Tone::Info, title)
                .with_text("The token is shown and selected: copy it with Ctrl C or ⌘ C."),
        );
        self.reveal(secret);
        request_animation_frame(move || {
            if let Some(input) = self.input.get_untracked() {
                super::focus_element(&input);
                input.select();
            }
        });
    }
}
