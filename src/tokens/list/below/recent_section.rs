//! The tokens that the user has disabled on this tab, below the list.

use leptos::prelude::*;

use crate::{
    part,
    tokens::{
        cache::recent::Recent,
        model::recent::RecentToken,
        widgets::token_lines::{TokenLine, TokenLines},
    },
    ui::{Button, ButtonStyle, When, count, focus_first_in},
};

/// How many are shown at first.
const FEW: usize = 8;

/// Links to the tokens that were disabled last; empty if there are none.
#[component]
pub(in crate::tokens::list) fn RecentSection() -> impl IntoView {
    let recent = Recent::expect();
    let is_any = Signal::derive(move || recent.with(|recent| !recent.entries().is_empty()));
    view! {
        <When is=is_any>{recently_disabled()}</When>
    }
}

part! {
    in more;
    fn recently_disabled() {
        view! { <Section/> }
    }
}

#[component]
fn Section() -> impl IntoView {
    let recent = Recent::expect();
    let all = RwSignal::new(false);
    let number = Memo::new(move |_| recent.with(|recent| recent.entries().len()));
    let line = |RecentToken { id, name }: &RecentToken| TokenLine {
        id: *id,
        name: name.clone(),
        ..TokenLine::default()
    };
    let lines = move || {
        let most = if all.get() { usize::MAX } else { FEW };
        recent.with(|recent| recent.entries().iter().take(most).map(line).collect())
    };
    view! {
        <section class="card stack aside" aria-labelledby="recent-heading">
            <div class="aside-head">
                <h2 id="recent-heading">"Recently disabled"</h2>
                <Button label="Clear this list" style=ButtonStyle::Quiet on_press=move |()| recent.clear()/>
            </div>
            <p class="muted">
                "Disabled by you on this tab. Some servers do not list disabled tokens."
            </p>
            <TokenLines lines=Signal::derive(lines) class="links recent"/>
            <When is=Signal::derive(move || { !all.get() && number.get() > FEW })>
                <Button
                    label=Signal::derive(move || format!("Show all {}", count(number.get())))
                    style=ButtonStyle::Quiet
                    on_press=move |()| {
                        all.set(true);
                        // In the next frame, when it is there.
                        request_animation_frame(|| focus_first_in(&format!(".recent > :nth-child({})", FEW + 1)));
                    }
                />
            </When>
        </section>
    }
}
