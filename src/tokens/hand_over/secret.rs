//! Handing a secret over: copying it, saving it, and how it is used.

use leptos::prelude::*;

use super::snippets::SnippetsView;
use crate::{
    session::Session,
    tokens::model::{
        catalogue::fold::fold,
        snippets::{self, Filling},
    },
    ui::{
        Button, Later, Notice, ResultView, SecretField, SecretRequest, Tone, decomposed, download,
        spawn_in_scope,
    },
};

/// A token's secret, to be taken to where it is used.
#[component]
pub(in crate::tokens) fn HandOver(
    /// The token's name.
    #[prop(into)]
    name: Signal<String>,
    /// Gets the secret; called whenever it is needed.
    source: impl Fn() -> SecretRequest + Send + Sync + Clone + 'static,
    /// Why the secret is not available, if it is not.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
    /// Called whenever the secret was taken along: it is on the clipboard, all of the shown text was copied by hand, or
    /// the browser took the file. Showing it is not enough.
    #[prop(into)]
    on_handed: Callback<()>,
) -> impl IntoView {
    let session = Session::expect();
    let endpoint = session.endpoint();
    let origin = window().location().origin().unwrap_or_default();
    let api = snippets::absolute(&origin, &endpoint.base);
    let variable = Memo::new(move |_| name.with(|name| snippets::variable(&fold(name, decomposed))));
    let filling = Signal::derive(move || Filling {
        variable: variable.get(),
        header: endpoint.token_header.clone(),
        api: api.clone(),
    });
    view! {
        <SecretField
            label="Token"
            source=source.clone()
            conceal=Signal::derive(move || !session.is_active())
            on_copied=on_handed
            blocked=blocked
        />
        <Later>
            <SnippetsView filling=filling/>
            <EnvironmentFile variable=variable source=source.clone() blocked=blocked on_handed=on_handed/>
        </Later>
    }
}

/// The secret as a file, on request.
#[component]
fn EnvironmentFile(
    #[prop(into)] variable: Signal<String>,
    source: impl Fn() -> SecretRequest + Send + Sync + 'static,
    blocked: Signal<Option<String>>,
    on_handed: Callback<()>,
) -> impl IntoView {
    let source = StoredValue::new(source);
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Notice>);
    let save = move |()| {
        result.set(None);
        busy.set(true);
        let secret = source.with_value(|source| source());
        spawn_in_scope(async move {
            let secret = secret.await;
            busy.try_set(false);
            let secret = match secret {
                Ok(secret) => secret,
                Err(notice) => return result.set(Some(notice)),
            };
            let variable = variable.get_untracked();
            let name = snippets::file_name(&variable);
            let file = snippets::file(&variable, &secret);
            if download(&name, snippets::FILE_TYPE, file.expose()) {
                result.set(Some(Notice::new(Tone::Success, format!("Saved as {name}.")).with_text(
                    "Anyone who can read the file can use the token. Delete it when you no longer need it.",
                )));
                on_handed.run(());
            } else {
                result.set(Some(Notice::new(Tone::Failure, "The file could not be saved.")));
            }
        });
    };
    view! {
        <div class="environment-file">
            <Button label="Download .env" on_press=save busy=busy blocked=blocked/>
            <p class="field-hint">
                "A file that contains the secret as " <code class="mono">{move || format!("{}=…", variable.get())}</code>
                ". Keep it out of version control."
            </p>
        </div>
        <ResultView result=result/>
    }
}
