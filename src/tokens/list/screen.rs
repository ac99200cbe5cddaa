//! `/tokens`: the list.

use leptos::{html::Input, prelude::*};

use super::{
    below::{
        export::ExportView, find_unlisted::FindUnlisted, open_by_id::OpenById, recent_section::RecentSection,
    },
    details::cost::DetailsCost,
    filters::{ClearFilters, Filters},
    frame::ListFrame,
    query::ListQuery,
    reading_line::ReadingLine,
};
use crate::{
    api::TokenId,
    leaving::Leaving,
    navigation::Navigation,
    routes::Route,
    session::{Session, permissions::Subject},
    tokens::{
        cache::{
            listing::{Listing, Reading},
            owners::Owners,
            row_details::RowDetails,
        },
        model::{
            catalogue::view::{Known, QueryResult, View},
            gate::TokenAction,
        },
        widgets::blocked::blocked,
    },
    ui::{
        Button, ButtonStyle, LinkButton, Screen, decomposed, effect, focus_input, follow, on_shortcut,
        spawn_in_scope,
    },
};

/// All tokens that the user may see: searched, filtered, sorted and paged by the console itself.
#[component]
pub fn ListScreen(
    /// The token whose screen the user comes from.
    came_from: Option<TokenId>,
) -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let details = RowDetails::expect();
    let listing = Listing::expect();
    let list = ListQuery::provide();
    let leaving = Leaving::expect();
    let search_box = NodeRef::<Input>::new();
    listing.attend(Memo::new(move |_| list.with(|query| query.owner)));
    // After the first rows, which are to need one request only.
    let has_begun = Memo::new(move |_| listing.with_reading(|reading| *reading != Reading::Beginning));
    // What was begun there goes on when the list of another owner is read.
    let has_ever_begun = Memo::new(move |before: Option<&bool>| before == Some(&true) || has_begun.get());
    effect(move || {
        if has_begun.get() {
            spawn_in_scope(session.ask_collection());
        }
    });
    let owners = Owners::expect();
    let shown = shown(list, listing, details, owners);
    let refresh = move |()| {
        details.outdate();
        owners.refresh();
        session.renew_permissions();
        listing.refresh();
    };
    on_shortcut('/', move || {
        focus_input(search_box);
    });
    let blocked = blocked(session, TokenAction::Create, Subject::Collection);
    on_shortcut('n', move || {
        if blocked.with_untracked(Option::is_none) {
            leaving.before(move || navigation.go(&Route::NewToken));
        }
    });
    view! {
        <Screen
            heading="API tokens"
            actions=move || {
                view! {
                    <div class="actions">
                        <Button label="Refresh" on_press=refresh busy=Signal::derive(move || listing.is_busy())/>
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
            <div class="list-tools">
                <Filters search_box=search_box/>
                <OpenById/>
            </div>
            <ReadingLine>
                <ClearFilters search_box=search_box/>
            </ReadingLine>
            <DetailsCost/>
            <ListFrame shown=shown refresh=refresh came_from=came_from/>
            <RecentSection/>
            <Show when=move || has_ever_begun.get()>
                <FindUnlisted/>
                <ExportView shown=shown/>
            </Show>
        </Screen>
    }
}

/// Returns the rows that the query shows, again whenever one of them changes.
fn shown(list: ListQuery, listing: Listing, details: RowDetails, owners: Owners) -> Memo<QueryResult> {
    let view = StoredValue::new(View::default());
    Memo::new(move |_| {
        let query = list.get();
        // If the query needs no details, those that arrive change nothing.
        if query.needs_all_details() {
            follow(&details.revision());
        }
        let facts_revision = details.revision().get_untracked();
        let owner_name = move |owner| owners.name(owner);
        let names_revision = owners.revision();
        let now = js_sys::Date::now();
        let evaluate = |view: &mut View| {
            listing.with(|catalogue| {
                details.with_facts(|facts| {
                    let known = Known {
                        facts,
                        refused: &|id| details.are_refused(id, now),
                        facts_revision,
                        owner_name: &owner_name,
                        names_revision,
                        now: now as i64,
                        platform: &decomposed,
                    };
                    view.show(catalogue, &query, known)
                })
            })
        };
        view.try_update_value(evaluate).unwrap_or_default()
    })
}
