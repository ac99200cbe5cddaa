//! `/tokens`: the list.

use leptos::prelude::*;

use super::{
    Owners, RowDetails, blocked,
    list_table::{LoadingTable, TokenTable},
    model::{
        gate::Act,
        page::{ASK_FOR, Page, offset},
    },
    open_by_id::OpenById,
};
use crate::{
    api::Error,
    failure,
    navigation::Navigation,
    routes::Route,
    session::{Session, permissions::Subject},
    ui::{Button, ButtonStyle, LinkButton, Load, NoticeView, Screen, load::load},
};

/// The list of tokens, a page at a time, by the server's own limit and offset.
#[component]
pub fn ListScreen() -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let details = RowDetails::expect();
    let page = Memo::new(move |before: Option<&u32>| match navigation.current().get() {
        Some(Route::Tokens { page }) => page,
        // Another screen is on its way; this one does not jump to the first page meanwhile.
        _ => before.copied().unwrap_or(1),
    });
    let again = RwSignal::new(0_u32);
    let rows = load(move || {
        again.track();
        let page = page.get();
        async move {
            let answer = session
                .run(|client| async move { client.list_tokens(ASK_FOR, offset(page), None).await })
                .await?;
            // After the rows: what the first row needs is one request.
            leptos::task::spawn_local(session.ask_collection());
            Ok::<_, Error>((page, Page::new(answer)))
        }
    });
    let refresh = move |()| {
        details.forget_all();
        session.renew_retries();
        again.update(|n| *n += 1);
    };
    let blocked = blocked(session, Act::Create, Subject::Collection);
    let has_pages = Memo::new(move |_| {
        rows.value.with(|rows| match rows {
            Load::Loading => false,
            Load::Ready((page, rows)) => *page > 1 || !rows.rows.is_empty(),
            Load::Failed(_) => true,
        })
    });
    view! {
        <Screen
            heading="API tokens"
            actions=move || {
                view! {
                    <div class="actions">
                        <Button label="Refresh" on_press=refresh busy=rows.busy/>
                        <LinkButton
                            label="New token"
                            style=ButtonStyle::Primary
                            href=navigation.href(&Route::NewToken)
                            blocked=blocked
                        />
                    </div>
                }
            }
        >
            <OpenById/>
            <div class="list" aria-busy=move || rows.busy.get().then_some("true")>
                {move || rows.value.with(|rows| match rows {
                    Load::Loading => view! { <LoadingTable/> }.into_any(),
                    Load::Failed(error) => {
                        let notice = failure::notice(error, failure::Act::ListTokens);
                        let retry = move || view! { <Button label="Try again" on_press=refresh/> };
                        view! { <NoticeView notice=notice live=true actions=retry/> }.into_any()
                    }
                    Load::Ready((page, rows)) if rows.rows.is_empty() => view! { <Empty page=*page/> }.into_any(),
                    Load::Ready((_, rows)) => view! { <Rows rows=rows.clone()/> }.into_any(),
                })}
            </div>
            // Stays in place while pages come and go, so that the focus stays on "Next page".
            <Show when=move || has_pages.get()>
                <Pager asked=page rows=rows.value/>
            </Show>
        </Screen>
    }
}

#[component]
fn Rows(rows: Page) -> impl IntoView {
    let details = RowDetails::expect();
    let owners = Owners::expect();
    details.read(rows.rows.iter().map(|row| row.id));
    owners.ensure_when_others_appear(rows.rows.iter().map(|row| details.of(row.id)).collect());
    view! { <TokenTable rows=rows.rows/> }
}

#[component]
fn Pager(
    /// The page that the address asks for.
    asked: Memo<u32>,
    /// The page that is shown, and its rows.
    rows: RwSignal<Load<(u32, Page), Error>>,
) -> impl IntoView {
    let navigation = Navigation::expect();
    let href = move |page: u32| navigation.href(&Route::Tokens { page });
    let first = move || (asked.get() <= 1).then(|| "This is the first page.".to_owned());
    let last = move || {
        rows.with(|rows| match rows {
            Load::Ready((_, page)) if page.has_next => None,
            Load::Ready(_) => Some("This is the last page.".to_owned()),
            Load::Loading | Load::Failed(_) => Some("This page is not loaded.".to_owned()),
        })
    };
    let position = move || {
        rows.with(|rows| match rows {
            Load::Ready((page, rows)) if !rows.rows.is_empty() => {
                let before = offset(*page);
                format!("Page {page}: tokens {} to {}", before + 1, before + rows.rows.len() as u64)
            }
            _ => String::new(),
        })
    };
    view! {
        <nav class="pager" aria-label="Pages">
            <p class="pager-where" role="status">{position}</p>
            <LinkButton
                label="Previous page"
                href=Signal::derive(move || href(asked.get().saturating_sub(1).max(1)))
                blocked=Signal::derive(first)
                terse=true
            />
            <LinkButton
                label="Next page"
                href=Signal::derive(move || href(asked.get().saturating_add(1)))
                blocked=Signal::derive(last)
                terse=true
            />
        </nav>
    }
}

#[component]
fn Empty(page: u32) -> impl IntoView {
    let navigation = Navigation::expect();
    if page > 1 {
        return view! {
            <div class="empty">
                <p class="empty-title">{format!("There is nothing on page {page}.")}</p>
                <p>"The list may have become shorter."</p>
                <LinkButton label="Go to the first page" href=navigation.href(&Route::HOME)/>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <p class="empty-title">"There are no tokens yet."</p>
            <p>
                "An API token lets a program act for a user without knowing the password. \
                 Some servers do not list disabled tokens; open those by their ID."
            </p>
        </div>
    }
    .into_any()
}
