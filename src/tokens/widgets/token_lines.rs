//! A list of tokens outside the table: a link for each, and perhaps some words about it.

use leptos::prelude::*;

use crate::{api::TokenId, navigation::Navigation, routes::Route, tokens::model::name::shown};

/// One token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::tokens) struct TokenLine {
    pub(in crate::tokens) id: TokenId,
    pub(in crate::tokens) name: String,
    /// What there is to say about it; may be empty.
    pub(in crate::tokens) words: String,
    /// Whether the words are bad news.
    pub(in crate::tokens) is_bad: bool,
    /// Whether it is gone, so that there is no link to it.
    pub(in crate::tokens) is_gone: bool,
}

/// The lines, in their order.
#[component]
pub(in crate::tokens) fn TokenLines(lines: Signal<Vec<TokenLine>>, class: &'static str) -> impl IntoView {
    view! {
        <ul class=class>
            <For each=move || lines.get() key=|line| line.clone() let:line>
                <Line line=line/>
            </For>
        </ul>
    }
}

#[component]
fn Line(line: TokenLine) -> impl IntoView {
    let TokenLine { id, name, words, is_bad, is_gone } = line;
    let href = (!is_gone).then(|| Navigation::expect().href(&Route::Token(id)));
    let class = if is_bad { "outcome outcome-bad" } else { "outcome" };
    view! {
        <li>
            // Without `href` it is no link.
            <span><a href=href>{shown(&name)}</a> " " <span class="muted mono">{id}</span></span>
            <span class=class>{words}</span>
        </li>
    }
}
