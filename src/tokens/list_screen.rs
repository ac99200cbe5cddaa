//! `/tokens`: the list.

use std::{ops::Range, time::Duration};

use leptos::{
    html::{Input, Tbody},
    leptos_dom::helpers::TimeoutHandle,
    prelude::*,
};

use super::{
    Owners, RowDetails, blocked,
    bulk::Bulk,
    bulk_bar::BulkBar,
    bulk_question::BulkQuestion,
    bulk_results::BulkResults,
    details_cost::DetailsCost,
    export_view::ExportView,
    find_unlisted::FindUnlisted,
    list_filters::{ClearFilters, Filters},
    list_pager::Pager,
    list_place::ListPlace,
    list_query::ListQuery,
    list_selection::ListSelection,
    list_state::ReadingLine,
    list_steps::in_steps,
    list_table::{LoadingTable, TokenTable},
    listing::{Listing, Reading},
    model::{
        catalogue::{
            query::Query,
            rows::Catalogue,
            view::{Known, Shown, View},
        },
        gate::Act,
        selection::Selection,
    },
    open_by_id::OpenById,
    recently_disabled::RecentSection,
};
use crate::{
    api::TokenId,
    failure,
    leaving::Leaving,
    navigation::Navigation,
    part,
    routes::Route,
    session::{Session, permissions::Subject},
    ui::{
        Button, ButtonStyle, LinkButton, NoticeView, Screen, When, decomposed, effect, focus_input, follow,
        on_shortcut, spawn_in_scope,
    },
};

/// Details of rows are asked for when rows have been on the screen this long: not for those that one types
/// or turns past.
const SETTLE: Duration = Duration::from_millis(120);

/// So long the list is read before any details are: together they take longer, and whoever searches wants the
/// list. Most lists are whole long before.
const LIST_FIRST: Duration = Duration::from_millis(1_500);

/// All tokens that one may see: found, filtered, sorted and paged by the console itself.
#[component]
pub fn ListScreen(
    /// The token whose screen one comes from.
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
    // After the rows: what the first row needs is one request.
    let has_begun = Memo::new(move |_| listing.with_reading(|reading| *reading != Reading::Beginning));
    effect(move || {
        if has_begun.get() {
            spawn_in_scope(session.ask_collection());
        }
    });
    let owners = Owners::expect();
    let shown = shown(list, listing, details, owners);
    let refresh = move |()| {
        details.outdate();
        owners.ensure_after_failure();
        listing.refresh();
    };
    on_shortcut('/', move || {
        focus_input(search_box);
    });
    let blocked = blocked(session, Act::Create, Subject::Collection);
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
            <List shown=shown refresh=refresh came_from=came_from/>
            <RecentSection/>
            <Show when=move || has_begun.get()>
                <FindUnlisted/>
                <ExportView shown=shown/>
            </Show>
        </Screen>
    }
}

/// What the query shows of the rows; again whenever one of them changes.
fn shown(list: ListQuery, listing: Listing, details: RowDetails, owners: Owners) -> Memo<Shown> {
    let view = StoredValue::new(View::default());
    Memo::new(move |_| {
        let query = list.get();
        // Without need, details that arrive change nothing.
        if query.needs_all_details() {
            follow(&details.revision());
        }
        let facts_revision = details.revision().get_untracked();
        let owner_name = move |owner| owners.name(owner);
        let has_names = owners.are_known();
        let evaluate = |view: &mut View| {
            listing.with(|catalogue| {
                details.with_facts(|facts| {
                    let known = Known {
                        facts: &|id| facts.get(&id).copied(),
                        refused: &|id| details.are_refused(id),
                        facts_revision,
                        owner_name: &owner_name,
                        has_names,
                        now: js_sys::Date::now() as i64,
                        platform: &decomposed,
                    };
                    view.show(catalogue, &query, known)
                })
            })
        };
        view.try_update_value(evaluate).unwrap_or_default()
    })
}

/// The rows, or why there are none.
#[component]
fn List(
    shown: Memo<Shown>,
    /// Reads everything again.
    #[prop(into)]
    refresh: Callback<()>,
    /// The token whose screen one comes from.
    came_from: Option<TokenId>,
) -> impl IntoView {
    let listing = Listing::expect();
    let list = ListQuery::expect();
    let kind = Memo::new(move |_| {
        let is_empty = listing.with(|catalogue| catalogue.is_empty());
        listing.with_reading(|reading| match reading {
            Reading::Failed(error) if is_empty => {
                Kind::Failed(failure::notice(error, failure::Act::ListTokens))
            }
            _ if !is_empty && shown.with(|shown| shown.ids.is_empty()) => Kind::NothingFound,
            _ if !is_empty => Kind::Rows,
            Reading::Over(_) if list.with(Query::filters) => Kind::NothingFound,
            Reading::Over(_) => Kind::Empty,
            _ => Kind::Loading,
        })
    });
    let on_page = Memo::new(move |_| shown.with(|shown| shown.on_page().to_vec()));
    let page_box = NodeRef::<Input>::new();
    let body = NodeRef::<Tbody>::new();
    let place = ListPlace::expect();
    let (rows, in_window) = in_steps(on_page, body, place.go_back(came_from, list, body).map(|rows| 0..rows));
    place.keep(list, body);
    let is_there =
        Memo::new(move |_| on_page.with(|on_page| rows.with(|rows| on_page.is_empty() || rows == on_page)));
    read_details(on_page, in_window);
    let clear = move |()| list.go(untrack(|| list.with(Query::without_filters)));
    let (bulk, selection) = (Bulk::expect(), ListSelection::expect());
    let has_dock =
        Signal::derive(move || !selection.with(Selection::is_empty) || bulk.with_run(|run| run.is_some()));
    let is_asked = Signal::derive(move || bulk.with_intent(|intent| intent.is_some()));
    view! {
        <div class="list-frame">
        <div class="list" aria-busy=move || (kind.get() == Kind::Loading).then_some("true")>
            {move || match kind.get() {
                Kind::Loading => view! { <LoadingTable/> }.into_any(),
                Kind::Failed(notice) => {
                    let retry = move || view! { <Button label="Try again" on_press=refresh/> };
                    view! { <NoticeView notice=notice live=true actions=retry/> }.into_any()
                }
                Kind::Rows => view! { <TokenTable shown=shown rows=rows body=body page_box=page_box/> }.into_any(),
                Kind::NothingFound => view! {
                    <div class="empty">
                        // The pages below say it, too, where there are any: their words are read, being in a place that
                        // was there before.
                        <p class="empty-title" role=move || listing.with(Catalogue::is_empty).then_some("status")>{move || {
                            let is_open = shown.with(|shown| shown.counts.undecided + shown.counts.unclear > 0);
                            let is_partial = listing.with_reading(|reading| !matches!(reading, Reading::Over(_)));
                            match (is_open, is_partial) {
                                (true, _) => "No token whose details are known matches.",
                                (false, true) => "No token that was read so far matches.",
                                (false, false) => "No token matches.",
                            }
                        }}</p>
                        <p>"Some servers do not list disabled tokens; open those by their ID."</p>
                        <Button label="Show all tokens" on_press=clear/>
                    </div>
                }
                .into_any(),
                Kind::Empty => view! { <Empty/> }.into_any(),
            }}
        </div>
        // Stays in place while pages come and go, so that the focus stays on "Next page".
        <Show when=move || listing.with(|catalogue| !catalogue.is_empty())>
            <Pager shown=shown is_there=is_there/>
        </Show>
        // At the bottom of the window as long as the list is in it, so no row moves when it comes.
        <div class="dock">
            <When is=has_dock>{dock(shown, page_box)}</When>
        </div>
        </div>
        <When is=is_asked>{bulk_question()}</When>
    }
}

part! {
    in more;
    fn dock(shown: Memo<Shown>, page_box: NodeRef<Input>) {
        view! {
            <BulkResults page_box=page_box/>
            <BulkBar shown=shown page_box=page_box/>
        }
    }
}

part! {
    in more;
    fn bulk_question() {
        view! { <BulkQuestion/> }
    }
}

#[derive(Clone, PartialEq)]
enum Kind {
    Loading,
    Failed(crate::ui::Notice),
    Rows,
    NothingFound,
    Empty,
}

/// Whether details of rows may be asked for: the list was read, or had its time.
fn list_came_first() -> Memo<bool> {
    let listing = Listing::expect();
    let reading = Memo::new(move |_| {
        listing.with_reading(|reading| match reading {
            Reading::Beginning => None,
            reading => Some(*reading == Reading::GoingOn),
        })
    });
    let had_its_time = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    effect(move || {
        if reading.get().is_some() && timer.with_value(Option::is_none) {
            let end = move || {
                had_its_time.try_set(true);
            };
            timer.set_value(set_timeout_with_handle(end, LIST_FIRST).ok());
        }
    });
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    Memo::new(move |_| reading.get() == Some(false) || had_its_time.get())
}

/// Reads the details of the rows on the page, once the page has settled; of those that are in the window first.
fn read_details(on_page: Memo<Vec<TokenId>>, in_window: StoredValue<Range<usize>>) {
    let details = RowDetails::expect();
    let owners = Owners::expect();
    let settled = RwSignal::new(Vec::<TokenId>::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    effect(move || {
        let ids = on_page.get();
        stop();
        let settle = move || {
            settled.try_set(ids);
        };
        timer.set_value(set_timeout_with_handle(settle, SETTLE).ok());
    });
    on_cleanup(stop);
    // What is outdated is asked for again.
    let outdated = details.outdated();
    let may_begin = list_came_first();
    effect(move || {
        follow(&outdated);
        let ids = settled.get();
        if !may_begin.get() {
            return;
        }
        owners.ensure_when_others_appear(ids.iter().map(|id| details.of(*id)).collect());
        details.read(ids, in_window);
    });
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">"There are no tokens yet."</p>
            <p>
                "An API token lets a program act for a user without knowing the password. \
                 Some servers do not list disabled tokens; open those by their ID."
            </p>
        </div>
    }
}
