//! How a token is used, to be copied.

use leptos::prelude::*;

use crate::{
    tokens::model::snippets::{Filling, Snippet},
    ui::{Button, ButtonStyle, copy_text, unique_id},
};

/// The snippets. Opening one closes the one before; none contains the secret.
#[component]
pub(super) fn SnippetsView(
    /// The values that they are filled with.
    filling: Signal<Filling>,
) -> impl IntoView {
    let group = unique_id("snippets");
    let heading = unique_id("snippets-heading");
    let said = RwSignal::new(String::new());
    let copy = move |snippet: Snippet| {
        let text = filling.with_untracked(|filling| snippet.text(filling));
        said.set(String::new());
        leptos::task::spawn_local(async move {
            let title = snippet.title();
            said.try_set(match copy_text(&text).await {
                Ok(()) => format!("{title}: copied."),
                Err(_) => {
                    format!("{title}: this page cannot use the clipboard. Select the text and copy it.")
                }
            });
        });
    };
    let one = |snippet: Snippet| {
        let label = format!("Copy {}", snippet.title());
        view! {
            <details class="snippet" name=group.clone()>
                <summary>{snippet.title()}</summary>
                <div class="snippet-body">
                    <pre class="mono"><code>{move || filling.with(|filling| snippet.text(filling))}</code></pre>
                    <div class="snippet-foot">
                        <p class="field-hint">{snippet.hint()}</p>
                        <Button label=label style=ButtonStyle::Quiet on_press=move |()| copy(snippet)/>
                    </div>
                </div>
            </details>
        }
    };
    view! {
        <section class="snippets" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>"Use it with"</h2>
            <p class="field-hint">
                "Each reads the variable " <code class="mono">{move || filling.with(|filling| filling.variable.clone())}</code>
                "; none contains the secret."
            </p>
            <div class="snippet-list">{Snippet::ALL.map(one).collect_view()}</div>
            <p class="field-hint" role="status">{said}</p>
        </section>
    }
}
